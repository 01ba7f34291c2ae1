"""Run the migrations on the connection that `data.engine.upgrade` hands over.

From the command line (``alembic -x url=postgresql+psycopg://… revision --autogenerate``) the
database is the one of the ``url`` argument.
"""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection

from data.engine import make_engine
from data.models import Base


def migrate(connection: Connection) -> None:
    """Run the asked migrations inside the connection's transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with make_engine(context.get_x_argument(as_dictionary=True)["url"], role=None).begin() as own:
        migrate(own)
