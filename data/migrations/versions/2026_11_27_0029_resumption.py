"""Work is resumed after its sanction, and sanctions may be asked for as they were known."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MAKE_VIEWS = """
CREATE OR REPLACE FUNCTION guatu_make_known_views() RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    ledger text;
BEGIN
    DROP SCHEMA IF EXISTS known CASCADE;
    CREATE SCHEMA known;
    GRANT USAGE ON SCHEMA known TO guatu_app;
    FOREACH ledger IN ARRAY ARRAY[{ledgers}] LOOP
        EXECUTE guatu_known_ledger(ledger);
    END LOOP;
    EXECUTE guatu_known_placement();
    GRANT SELECT ON ALL TABLES IN SCHEMA known TO guatu_app;
END
$$
"""
LEDGERS = "'unit', 'inspection', 'hazard', 'power_box', 'segment', 'lamp', 'outage', 'handover'"


def upgrade() -> None:
    op.create_check_constraint(
        op.f("ck_sanction_resumed_later"), "sanction", "resumed_on >= issued_on"
    )
    op.execute(MAKE_VIEWS.format(ledgers=f"{LEDGERS}, 'sanction'"))
    op.execute("SELECT guatu_make_known_views()")


def downgrade() -> None:
    op.execute(MAKE_VIEWS.format(ledgers=LEDGERS))
    op.execute("SELECT guatu_make_known_views()")
    op.drop_constraint(op.f("ck_sanction_resumed_later"), "sanction")
