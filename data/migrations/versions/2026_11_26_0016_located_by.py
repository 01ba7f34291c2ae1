"""Where a position is from that the ledger has none of."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("unit", "hazard", "power_box", "lamp", "outage")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"""
            ALTER TABLE {table} ADD COLUMN located_by text,
                ADD CONSTRAINT ck_{table}_located_by_known
                    CHECK (located_by IN ('name', 'person'))
        """)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN located_by")
