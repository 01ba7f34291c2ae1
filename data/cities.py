"""The one city of a store."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from geoalchemy2.shape import to_shape
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.engine import wait_for_loads
from data.errors import NoCityError, OtherCityError
from data.models import City
from geo.crs import metric_srid_for
from geo.errors import WrongValueError

_EXTENT = text("""
    SELECT ST_AsBinary(ST_Extent(box)) FROM (
        SELECT ST_Extent(geom)::geometry AS box FROM cell
        UNION ALL SELECT ST_Extent(geom)::geometry FROM segment
        UNION ALL SELECT ST_Extent(geom)::geometry FROM unit
        UNION ALL SELECT ST_Extent(geom)::geometry FROM hazard
        UNION ALL SELECT ST_Extent(geom)::geometry FROM lamp
        UNION ALL SELECT ST_Extent(geom)::geometry FROM outage
    ) AS boxes
""")

NO_CITY = "the store holds no city yet; make one with `guatu init` or `guatu demo`"
_HELD = "guatu_city"


@dataclass(frozen=True)
class Founding:
    """The city that the first ledger makes where there is none yet."""

    code: str
    timezone: str


def has_city(session: Session) -> bool:
    """Tell whether the store holds a city."""
    return session.get(City, 1) is not None


def found_city(session: Session, founding: Founding | None) -> None:
    """Make the city where there is none, in the transaction of what needs it."""
    if founding is not None and not has_city(session):
        create_city(session, founding.code, name=founding.code, timezone=founding.timezone)


def create_city(  # noqa: PLR0913 - the columns of the one row, each by its name
    session: Session,
    code: str,
    *,
    name: str,
    timezone: str,
    metric_srid: int | None = None,
    simulated: bool = False,
    attribution: str | None = None,
    default_as_of: date | None = None,
) -> City:
    """Make the store's city, or return it when it is there under the same code.

    Raises
    ------
    OtherCityError
        When the store holds a city of another code.
    WrongValueError
        When `timezone` is not an IANA name.
    """
    _check_timezone(timezone)
    wait_for_loads(session)
    here = session.get(City, 1)
    if here is not None and here.code != code:
        raise OtherCityError(f"the store holds {here.code} ({here.name}), not {code}")
    if here is not None:
        return here
    city = City(
        id=1,
        code=code,
        name=name,
        timezone=timezone,
        metric_srid=metric_srid,
        simulated=simulated,
        attribution=attribution,
        default_as_of=default_as_of,
    )
    session.add(city)
    session.flush()
    return city


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise WrongValueError(f"timezone: {name!r} is not an IANA name") from error


def the_city(session: Session) -> City:
    """Return the store's city.

    Raises
    ------
    NoCityError
        When there is none yet.
    """
    city = session.get(City, 1)
    if city is None:
        raise NoCityError(NO_CITY)
    # Held by the session, whose map of objects is weak: asked again, nothing is read.
    session.info[_HELD] = city
    return city


def settle_city(session: Session) -> City:
    """Let the city's bounds follow what is stored, and choose its metric CRS if it has none."""
    city = the_city(session)
    session.flush()
    extent = session.scalar(_EXTENT)
    if extent is not None:
        box = shapely.from_wkb(extent)
        _choose_metric_srid(city, np.asarray([box]))
        # A single point has an extent without area, which no map can show.
        city.bounds = f"SRID=4326;{shapely.box(*box.buffer(1e-3).bounds).wkt}"  # type: ignore[assignment]  # EWKT is taken, WKBElement comes back
        session.flush()
        session.expire(city, ["bounds"])
    return city


def bounds_of(city: City) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of all that is stored; ``None`` while nothing is."""
    if city.bounds is None:
        return None
    west, south, east, north = to_shape(city.bounds).bounds
    return west, south, east, north


def metric_srid(session: Session, geometries: NDArray[np.object_]) -> int:
    """Return the city's metric CRS, chosen now from the middle of `geometries` if it has none."""
    city = the_city(session)
    _choose_metric_srid(city, geometries)
    if city.metric_srid is None:
        raise NoCityError(f"{city.name} has no metric CRS and nothing with a position to choose by")
    return city.metric_srid


def _choose_metric_srid(city: City, geometries: NDArray[np.object_]) -> None:
    west, south, east, north = shapely.total_bounds(geometries)
    if city.metric_srid is None and np.isfinite(west):
        city.metric_srid = metric_srid_for((west + east) / 2, (south + north) / 2)
