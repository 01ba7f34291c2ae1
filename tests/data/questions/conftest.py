"""A town drawn by hand: cells of a hundredth of a degree from (3, 0) on, days in Shanghai."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.cities import create_city
from data.grids import GridHead, load_grid
from data.loading import load
from data.models import Cell
from data.scope import Scope

SIDE = 0.01


class Town:
    """Short ways to fill a store."""

    def __init__(self, session: Session) -> None:
        self.session = session
        create_city(session, "town", name="Town", timezone="Asia/Shanghai", metric_srid=32631)

    def grid(self, n_columns: int, n_rows: int = 1, code: str = "g") -> None:
        places = [(row, column) for row in range(n_rows) for column in range(n_columns)]
        cells = pd.DataFrame(
            {
                "external_code": [f"{row}-{column}" for row, column in places],
                "geom": [
                    shapely.box(x, y, x + SIDE, y + SIDE)
                    for x, y in ((3 + column * SIDE, row * SIDE) for row, column in places)
                ],
            }
        )
        load_grid(self.session, GridHead(code, "Grid", "square"), cells, source="t")

    def add(self, kind: str, *rows: dict[str, Any], source: str = "t") -> None:
        frame = pd.DataFrame([{"external_code": str(n)} | row for n, row in enumerate(rows)])
        load(self.session, kind, frame, source=source)

    def scope(self, *codes: str) -> Scope:
        ids = self.session.scalars(select(Cell.id).where(Cell.code.in_(codes)))
        return Scope(frozenset(ids))

    @staticmethod
    def at(column: float, row: float = 0) -> shapely.Point:
        """The middle of a cell."""
        return shapely.Point(3 + (column + 0.5) * SIDE, (row + 0.5) * SIDE)

    @staticmethod
    def day(text: str, hour: int = 0, minute: int = 0) -> datetime:
        """A moment by the town's clock."""
        midnight = datetime.combine(date.fromisoformat(text), datetime.min.time())
        return midnight.replace(hour=hour, minute=minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def town(session):
    return Town(session)


@pytest.fixture
def make_town():
    """Fill a store through a session of one's own."""
    return Town
