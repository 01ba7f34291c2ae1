"""PostGIS, the application role and what it may do with every later table."""

from alembic import op
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.errors import StoreError

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Another database of the same server may create the role at the same moment.
CREATE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guatu_app') THEN
        CREATE ROLE guatu_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""

# One URL carries both roles, so whoever migrates must be able to act as the application.
JOIN_ROLE = """
DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'guatu_app', 'MEMBER') THEN
        GRANT guatu_app TO CURRENT_USER;
    END IF;
END $$
"""

LIMIT_ROLE = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO guatu_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO guatu_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO guatu_app;
GRANT SELECT ON alembic_version TO guatu_app
"""

ALLOW_STAGING = """
DO $$ BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO guatu_app', current_database());
END $$
"""


def run_with_rights(statement: str, by_hand: str) -> None:
    try:
        op.execute(statement)
    except ProgrammingError as error:
        raise StoreError(
            f"the database user may not do this; let an administrator run: {by_hand}"
        ) from error


def upgrade() -> None:
    has_postgis = text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis')")
    if not op.get_bind().scalar(has_postgis):
        run_with_rights("CREATE EXTENSION postgis", "CREATE EXTENSION postgis;")
    run_with_rights(CREATE_ROLE, "CREATE ROLE guatu_app NOLOGIN;")
    run_with_rights(JOIN_ROLE, "GRANT guatu_app TO the user of GUATU_DATABASE_URL;")
    op.execute(LIMIT_ROLE)
    op.execute(ALLOW_STAGING)


def downgrade() -> None:
    op.execute("""
        REVOKE SELECT ON alembic_version FROM guatu_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM guatu_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM guatu_app;
        REVOKE USAGE ON SCHEMA public FROM guatu_app
    """)
