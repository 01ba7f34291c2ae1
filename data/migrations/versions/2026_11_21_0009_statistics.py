"""Let the service refresh the planner's statistics of what it loaded."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Only the owner may analyze. Without it, queries right after a large load are planned for empty
# tables until autovacuum comes by.
ANALYZE = """
CREATE FUNCTION guatu_analyze(loaded regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ BEGIN EXECUTE format('ANALYZE %s', loaded); END $$;
REVOKE ALL ON FUNCTION guatu_analyze FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guatu_analyze TO guatu_app
"""


def upgrade() -> None:
    op.execute(ANALYZE)


def downgrade() -> None:
    op.execute("DROP FUNCTION guatu_analyze")
