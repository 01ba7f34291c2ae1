"""Run the migrations on the connection that `data.engine.upgrade` hands over.

From the command line (``alembic -x url=postgresql+psycopg://… revision --autogenerate``) the
database is the one of the ``url`` argument.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, text

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
    with context.begin_transaction(), _without_views(connection):
        context.run_migrations()


@contextmanager
def _without_views(connection: Connection) -> Iterator[None]:
    """Take away the views of what was known while tables change under them, if any will."""
    newest = context.script.get_heads()
    pending = {*context.get_context().get_current_heads()} != {*newest}
    if pending and _makes_views(connection):
        connection.execute(text("DROP SCHEMA IF EXISTS known CASCADE"))
    yield
    if pending and _makes_views(connection):
        connection.execute(text("SELECT guatu_make_known_views()"))


def _makes_views(connection: Connection) -> bool:
    named = text("SELECT to_regproc('guatu_make_known_views') IS NOT NULL")
    return bool(connection.scalar(named))


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with make_engine(context.get_x_argument(as_dictionary=True)["url"], role=None).begin() as own:
        migrate(own)
