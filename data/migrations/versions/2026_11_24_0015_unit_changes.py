"""A log of which units changed, for what is kept of them in a process."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE unit_change (
    id bigint GENERATED ALWAYS AS IDENTITY,
    written_by bigint NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint,
    noted_at timestamptz NOT NULL DEFAULT now(),
    unit_ids integer[],
    CONSTRAINT pk_unit_change PRIMARY KEY (id)
);
CREATE INDEX ix_unit_change_written_by ON unit_change (written_by);
CREATE INDEX ix_unit_change_noted_at ON unit_change (noted_at)
"""

# A statement is noted once, whatever the number of its rows.
NOTE = """
CREATE FUNCTION guatu_note_units() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE ids integer[];
BEGIN
    EXECUTE format(
        'SELECT array_agg(%1$I) FROM (SELECT %1$I FROM changed WHERE %1$I IS NOT NULL LIMIT 1001)'
        ' AS few', TG_ARGV[0]
    ) INTO ids;
    IF ids IS NOT NULL THEN
        INSERT INTO unit_change (unit_ids) VALUES (CASE WHEN cardinality(ids) <= 1000 THEN ids END);
        DELETE FROM unit_change WHERE noted_at < now() - interval '1 day';
    END IF;
    RETURN NULL;
END
$$
"""

COLUMNS = {"unit": "id", "inspection": "unit_id", "placement": "unit_id"}
STATEMENTS = {
    "inserted": ("INSERT", "NEW"),
    "deleted": ("DELETE", "OLD"),
    "updated": ("UPDATE", "NEW"),
    "was": ("UPDATE", "OLD"),  # a visit may go over to another unit
}


def upgrade() -> None:
    op.execute(TABLE)
    op.create_index("ix_unit_registered_on", "unit", ["registered_on"])
    op.execute(NOTE)
    for table, column in COLUMNS.items():
        for name, (statement, version) in STATEMENTS.items():
            op.execute(
                f"CREATE TRIGGER note_units_{name} AFTER {statement} ON {table}"
                f" REFERENCING {version} TABLE AS changed"
                f" FOR EACH STATEMENT EXECUTE FUNCTION guatu_note_units('{column}')"
            )


def downgrade() -> None:
    for table in COLUMNS:
        for name in STATEMENTS:
            op.execute(f"DROP TRIGGER note_units_{name} ON {table}")
    op.execute("DROP FUNCTION guatu_note_units")
    op.drop_index("ix_unit_registered_on", "unit")
    op.drop_table("unit_change")
