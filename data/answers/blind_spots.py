"""Where nobody has been near: what of each cell is far from every visit."""

import numpy as np
import shapely
from pandas import DataFrame, Series
from sqlalchemy.orm import Session

from data.answers.ground import ground_of
from data.answers.questions import CoverageQuestion
from data.answers.shapes import Shapes
from data.queries.inspections import days_known, visited_places
from data.queries.places import cell_polygons, cells_of
from data.scope import Scope
from geo.coverage import BLIND_M, blind_spots
from geo.crs import to_degrees, to_metric

_SMOOTH_M = 5.0
_ALL = 1 - 1e-9


def blind_areas(session: Session, scope: Scope, question: CoverageQuestion) -> Shapes:
    """Return what of each cell lies farther than `BLIND_M` from every visit in the window.

    Kinds: ``whole`` cells, and ``part`` of one. Figures: ``code`` and ``name`` of the cell,
    ``blind_m2`` and ``blind_share`` of its area.
    """
    ground = ground_of(session, question)
    period, srid = ground.period, ground.city.metric_srid
    cells = cells_of(session, scope, ground.grid_id(question.grid), period.day)
    visits = days_known(session, period.timezone).visits
    known = visits.first is not None and srid is not None
    rows = DataFrame({"kind": [], "geometry": []})
    if known and srid is not None:
        polygons = to_metric(cell_polygons(session, scope, cells.index), srid)
        visited = visited_places(session, period)
        spots = np.asarray(shapely.points(visited["lon"], visited["lat"]), dtype=object)
        x_m, y_m = shapely.get_coordinates(to_metric(np.atleast_1d(spots), srid)).T
        blind = cells.join(blind_spots(Series(polygons, index=cells.index), x_m, y_m, BLIND_M))
        rows = blind[blind["blind_m2"] > 0]
        left = shapely.simplify(rows["geometry"].to_numpy(dtype=object), _SMOOTH_M)
        kind = np.where(rows["blind_share"] >= _ALL, "whole", "part")
        rows = rows.assign(kind=kind, geometry=to_degrees(left, srid))
    return Shapes(
        as_of=period.as_of,
        revision=sum(ground.revisions.values()),
        simulated=ground.city.simulated,
        parameters={
            "distance_m": BLIND_M,
            "window_days": period.window_days,
            "n": len(cells),
            "n_in": len(rows),
            "area_km2": float(rows["blind_m2"].sum()) / 1e6 if len(rows) else 0.0,
        },
        rows=rows,
        counts={name: int((rows["kind"] == name).sum()) for name in ("whole", "part")}
        if known
        else None,
    )
