"""guatu init: an own city in an empty store."""

from typing import Annotated

import typer

from api.commands.options import settings_of
from api.commands.terminal import say
from api.store import make_store
from data.cities import create_city
from data.engine import make_engine, transaction

OWN_CITY = "city"
"""Code of the city of people who give none."""
DEFAULT_TIMEZONE = "Asia/Shanghai"


def init(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="Name of the city, as maps show it.")],
    timezone: Annotated[str, typer.Option(help="IANA name.")] = DEFAULT_TIMEZONE,
    metric_srid: Annotated[int | None, typer.Option(help="EPSG code; default by place.")] = None,
) -> None:
    """Make an empty store for a city of one's own."""
    settings = settings_of(context)
    code = settings.city or OWN_CITY
    engine = make_engine(make_store(settings, code).url)
    with transaction(engine) as session:
        create_city(session, code, name=name, timezone=timezone, metric_srid=metric_srid)
    engine.dispose()
    say(f"{name} is ready: guatu import KIND FILE brings its ledgers in")
