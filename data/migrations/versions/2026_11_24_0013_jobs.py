"""The queue of jobs, in a schema of its own, as procrastinate 3.10 wants it."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

GRANTS = """
GRANT USAGE ON SCHEMA procrastinate TO guatu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO guatu_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA procrastinate TO guatu_app
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("CREATE SCHEMA procrastinate")
    # The statements name no schema, and the path is what it was when the transaction ends.
    connection.exec_driver_sql("SET LOCAL search_path TO procrastinate, public")
    # A percent sign would be taken for a parameter.
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    connection.exec_driver_sql("SET LOCAL search_path TO DEFAULT")
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("DROP SCHEMA procrastinate CASCADE")
