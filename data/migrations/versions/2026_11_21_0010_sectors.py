"""Sectors are words of any length, which no B-tree takes."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_unit_sector", "unit")


def downgrade() -> None:
    op.create_index("ix_unit_sector", "unit", ["sector"])
