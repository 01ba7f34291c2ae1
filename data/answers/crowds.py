"""Where hazards crowd: clusters of points, and units where the same thing comes back."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import DataFrame, Series
from sqlalchemy.orm import Session

from data.answers.ground import Ground, ground_of
from data.answers.questions import HotspotQuestion
from data.answers.shapes import Shapes
from data.queries.hazards import days_of_hazards, hazard_places, hazards_of_units
from data.queries.places import unit_places
from data.scope import Scope
from geo.clusters import NOISE, density_clusters, repeat_sites
from geo.crs import to_degrees, to_metric

RADIUS_M, MIN_POINTS = 100.0, 10
"""What makes a crowd (our defaults)."""

MIN_TIMES = 3
"""From how many days on a place is one where a hazard comes back (our default)."""

SITE_KINDS = ("open", "closed", "unknown")
_SAME_PLACE_M = 5.0
_SMOOTH_M = 3.0


def hazard_clusters(session: Session, scope: Scope, question: HotspotQuestion) -> Shapes:
    """Return the outlines of the density clusters of the hazards found in the window.

    An outline holds what is within half the radius of a hazard of its cluster. Figures: ``n`` and
    ``n_major`` as reported, ``n_points`` of the ledger.
    """
    ground = ground_of(session, question)
    found = hazard_places(session, scope, ground.period, question.hazards)
    srid = ground.city.metric_srid
    known = days_of_hazards(session, ground.period.timezone, question.source).first is not None
    if srid is None or not known:
        none = DataFrame({"kind": [], "geometry": []})
        return _shapes(ground, {"n_in": 0, "n": 0}, none, {})
    spots = np.atleast_1d(np.asarray(shapely.points(found["lon"], found["lat"]), dtype=object))
    places = shapely.get_coordinates(to_metric(spots, srid))
    cluster = density_clusters(places[:, 0], places[:, 1], RADIUS_M, MIN_POINTS)
    clustered = found.assign(cluster=cluster.to_numpy(), n_points=1)
    inside = clustered[clustered["cluster"] != NOISE]
    rows = inside.groupby("cluster")[["n", "n_major", "n_points"]].sum()
    outlines = _outlines(places, cluster, rows.index.to_numpy())
    rows = rows.assign(kind="cluster", geometry=to_degrees(outlines, srid))
    return _shapes(ground, {"n_in": len(inside), "n": len(found)}, rows, {"cluster": len(rows)})


def _outlines(
    places: NDArray[np.float64], cluster: "Series[Any]", numbers: NDArray[np.int64]
) -> NDArray[np.object_]:
    rounded = (places / _SAME_PLACE_M).round() * _SAME_PLACE_M
    of_cluster = cluster.to_numpy()
    spots = [np.unique(rounded[of_cluster == number], axis=0) for number in numbers]
    crowds = np.array([shapely.multipoints(spot) for spot in spots], dtype=object)
    around = shapely.buffer(crowds, RADIUS_M / 2, quad_segs=4)
    outlines: NDArray[np.object_] = shapely.simplify(around, _SMOOTH_M)
    return outlines


def returning_sites(session: Session, scope: Scope, question: HotspotQuestion) -> Shapes:
    """Return the units where one category was found on `MIN_TIMES` days of the window or more.

    Kinds: ``open`` while one of the hazards is, ``closed``, or ``unknown`` where a source keeps no
    closing dates. Figures: ``code`` and ``name`` of the unit, ``category``, ``n_times``,
    ``n_returned`` and ``last_on``.
    """
    ground = ground_of(session, question)
    found = hazards_of_units(session, scope, ground.period, question.hazards)
    known = days_of_hazards(session, ground.period.timezone, question.source).first is not None
    sites = repeat_sites(found, ground.period.day, min_times=MIN_TIMES)
    doubtful = found[~found["closing_known"].astype(bool)]
    doubts = set(zip(doubtful["unit"], doubtful["category"], strict=True))
    kind = np.where(sites["is_open"], "open", "closed").astype(object)
    site = zip(sites["unit"], sites["category"], strict=True)
    kind[np.array([one in doubts for one in site], dtype=bool)] = "unknown"
    located = sites.assign(kind=kind).join(unit_places(session, sites["unit"].unique()), on="unit")
    rows = located[located["geometry"].notna()]
    figures = ["code", "name", "category", "n_times", "n_returned", "kind", "geometry"]
    last_on = rows["last_on"].dt.strftime("%Y-%m-%d")
    about = {"n": len(sites), "n_in": len(rows)}
    counts = {name: int((rows["kind"] == name).sum()) for name in SITE_KINDS} if known else {}
    return _shapes(ground, about, rows[figures].assign(last_on=last_on), counts)


def _shapes(
    ground: Ground, about: dict[str, int], rows: DataFrame, counts: dict[str, int]
) -> Shapes:
    return Shapes(
        as_of=ground.period.as_of,
        revision=sum(ground.revisions.values()),
        simulated=ground.city.simulated,
        parameters={
            "radius_m": RADIUS_M,
            "min_points": MIN_POINTS,
            "min_times": MIN_TIMES,
            "window_days": ground.period.window_days,
            **about,
        },
        rows=rows,
        counts=counts or None,
    )
