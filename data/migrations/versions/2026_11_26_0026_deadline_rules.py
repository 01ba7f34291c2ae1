"""How long who has to fix what: rules that are only ever added, so that each moment has its own."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadline_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "about IN ('hazard', 'segment')", name=op.f("ck_deadline_rule_about_known")
        ),
        sa.CheckConstraint(
            "level IN ('general', 'larger', 'major')", name=op.f("ck_deadline_rule_level_known")
        ),
        sa.CheckConstraint(
            "level IS NULL OR about = 'hazard'", name=op.f("ck_deadline_rule_level_of_hazards")
        ),
        sa.CheckConstraint("days BETWEEN 0 AND 3660", name=op.f("ck_deadline_rule_days_range")),
        sa.CheckConstraint("said_by <> ''", name=op.f("ck_deadline_rule_said_by_named")),
        sa.PrimaryKeyConstraint("id", name="pk_deadline_rule"),
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON deadline_rule FROM guatu_app")


def downgrade() -> None:
    op.drop_table("deadline_rule")
