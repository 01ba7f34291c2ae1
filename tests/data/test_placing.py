"""The cell of a point by SQL, one write at a time, beside the cell that the bulk path finds."""

import numpy as np
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.cities import create_city
from data.grids import GridHead, load_grid
from geo.placement import NOWHERE, Placer
from tests.polygons import CORNER, irregular_cells, planted, with_dirt

ONE_BY_ONE = text("""
    SELECT coalesce((SELECT code FROM cell WHERE id = guatu_place(place, grid.id)), '')
    FROM grid,
        unnest(CAST(:x AS float8[]), CAST(:y AS float8[])) WITH ORDINALITY AS given (x, y, n),
        ST_SetSRID(ST_MakePoint(x, y), 4326) AS place
    ORDER BY n
""")


def test_single_writes_agree_with_the_bulk_on_ten_thousand_planted_points(session: Session) -> None:
    rng = np.random.default_rng(1000)
    polygons = np.array([cell for cell in with_dirt(irregular_cells(1000, rng)) if cell], object)
    codes = [f"{n:04}" for n in range(len(polygons))]
    create_city(session, "t", name="t", timezone="Asia/Shanghai")
    cells = pd.DataFrame({"external_code": codes, "geom": polygons})
    load_grid(session, GridHead("g", "g", "management"), cells, source="t")
    points = np.vstack([planted(polygons, 10_000, rng), rng.random((2000, 2)) + CORNER])
    x, y = points.T.tolist()
    found = session.scalars(ONE_BY_ONE, {"x": x, "y": y}).all()
    placed = Placer(polygons).place(x, y)
    assert list(found) == ["" if cell == NOWHERE else codes[cell] for cell in placed]
