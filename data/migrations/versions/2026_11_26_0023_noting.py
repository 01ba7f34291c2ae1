"""Note the units that changed with statements that are planned once, and an update once."""

from types import ModuleType

from alembic import context, op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# A statement is noted once, whatever the number of its rows; a visit may go over to another unit.
NOTE = """
CREATE FUNCTION guatu_note_{name}() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    ids integer[];
    n bigint;
BEGIN
    SELECT array_agg(DISTINCT id), count(*) INTO ids, n FROM (
        SELECT id FROM ({versions}) AS version WHERE id IS NOT NULL LIMIT {most} + 1
    ) AS few;
    IF n > 0 THEN
        INSERT INTO unit_change (unit_ids) VALUES (CASE WHEN n <= {most} THEN ids END);
        DELETE FROM unit_change WHERE noted_at < now() - interval '1 day';
    END IF;
    RETURN NULL;
END
$$
"""
ONE = "SELECT {column} AS id FROM changed"
BOTH = "SELECT {column} AS id FROM changed UNION ALL SELECT {column} FROM former"

COLUMNS = {"unit": "id", "inspection": "unit_id", "placement": "unit_id"}
STATEMENTS = {
    "INSERT": ("NEW TABLE AS changed", ONE, 1000),
    "DELETE": ("OLD TABLE AS changed", ONE, 1000),
    "UPDATE": ("NEW TABLE AS changed OLD TABLE AS former", BOTH, 2000),
}


def _former() -> ModuleType:
    """Return the migration that made what this one replaces."""
    return context.script.get_revision("0015").module


def upgrade() -> None:
    for table in COLUMNS:
        for name in _former().STATEMENTS:
            op.execute(f"DROP TRIGGER note_units_{name} ON {table}")
    op.execute("DROP FUNCTION guatu_note_units")
    for table, column in COLUMNS.items():
        for statement, (tables, versions, most) in STATEMENTS.items():
            name = f"{table}_{statement.lower()}"
            op.execute(NOTE.format(name=name, versions=versions.format(column=column), most=most))
            op.execute(
                f"CREATE TRIGGER note_{name} AFTER {statement} ON {table} REFERENCING {tables}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION guatu_note_{name}()"
            )


def downgrade() -> None:
    for table in COLUMNS:
        for statement in STATEMENTS:
            op.execute(f"DROP TRIGGER note_{table}_{statement.lower()} ON {table}")
            op.execute(f"DROP FUNCTION guatu_note_{table}_{statement.lower()}")
    op.execute(_former().NOTE)
    for table, column in COLUMNS.items():
        for name, (statement, version) in _former().STATEMENTS.items():
            op.execute(
                f"CREATE TRIGGER note_units_{name} AFTER {statement} ON {table}"
                f" REFERENCING {version} TABLE AS changed"
                f" FOR EACH STATEMENT EXECUTE FUNCTION guatu_note_units('{column}')"
            )
