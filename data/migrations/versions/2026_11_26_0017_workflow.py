"""What the workflow of rectification keeps: evidence, who re-checked, how often reopened."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE rectification
    ADD COLUMN exempt_reason text,
    ADD COLUMN origin text,
    ADD COLUMN escalation text,
    ADD COLUMN reported_fixed_by text,
    ADD COLUMN rechecked_by text,
    ADD COLUMN recheck_verified boolean,
    ADD COLUMN state_at timestamptz,
    ADD COLUMN n_reopened integer NOT NULL DEFAULT 0,
    ADD COLUMN version integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT ck_rectification_origin_known
        CHECK (origin IN ('enterprise', 'expert', 'government', 'resident')),
    ADD CONSTRAINT ck_rectification_escalation_known
        CHECK (escalation IN ('bulletin', 'interview', 'supervision'))
"""
ADDED = (
    "exempt_reason",
    "origin",
    "escalation",
    "reported_fixed_by",
    "rechecked_by",
    "recheck_verified",
    "state_at",
    "n_reopened",
    "version",
)

# Whoever writes the row, an import too, what others saw of it is no longer the newest. A row that
# comes back from the history may be older than the counters.
COUNT_WRITES = """
CREATE FUNCTION guatu_count_rectification() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    NEW.n_reopened := coalesce(NEW.n_reopened, 0);
    NEW.version := CASE TG_OP WHEN 'UPDATE' THEN OLD.version + 1 ELSE coalesce(NEW.version, 0) END;
    RETURN NEW;
END
$$;
CREATE TRIGGER count_writes BEFORE INSERT OR UPDATE ON rectification
    FOR EACH ROW EXECUTE FUNCTION guatu_count_rectification()
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(COUNT_WRITES)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rectification_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_evidence_sha256_whole")),
        sa.CheckConstraint("file_name <> '' AND note <> ''", name=op.f("ck_evidence_told")),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectification.id"],
            name="fk_evidence_rectification_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_rectification_id_round", "evidence", ["rectification_id", "round"])
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON evidence FROM guatu_app")
    op.add_column("sanction", sa.Column("rectification_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        "fk_sanction_rectification_id",
        "sanction",
        "rectification",
        ["rectification_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("ix_sanction_rectification_id", "sanction", ["rectification_id"])
    op.create_index("ix_event_subject_subject_id", "event", ["subject", "subject_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_event_subject_subject_id", "event")
    op.drop_column("sanction", "rectification_id")
    op.drop_table("evidence")
    op.execute("DROP TRIGGER count_writes ON rectification")
    op.execute("DROP FUNCTION guatu_count_rectification")
    for column in ADDED:
        op.drop_column("rectification", column)
