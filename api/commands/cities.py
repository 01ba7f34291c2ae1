"""guatu init: an own city in an empty store."""

from datetime import date
from typing import Annotated

import numpy as np
import typer

from api.commands.options import settings_of
from api.commands.terminal import say
from api.store import connected, make_store
from data.cities import create_city
from data.engine import transaction
from data.errors import OtherCityError
from geo.crs import to_metric
from geo.periods import Period

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
    _refuse_unknown(timezone, metric_srid)
    with connected(make_store(settings, code)) as engine, transaction(engine) as session:
        city = create_city(session, code, name=name, timezone=timezone, metric_srid=metric_srid)
        if (city.name, city.timezone) != (name, timezone):
            raise OtherCityError(f"the store holds {city.name} in {city.timezone} already")
    say(f"{name} is ready: guatu import KIND FILE brings its ledgers in")


def _refuse_unknown(timezone: str, metric_srid: int | None) -> None:
    """Refuse what every later question would fail by: a zone or a CRS that does not exist."""
    Period(date(2000, 1, 1), 1, timezone)
    if metric_srid is not None:
        to_metric(np.array([], dtype=object), metric_srid)
