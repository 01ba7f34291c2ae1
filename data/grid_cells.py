"""The cells of a grid with the index for points, kept in the process while they are the same."""

from collections import OrderedDict
from collections.abc import Hashable
from functools import cached_property
from threading import Lock

import numpy as np
import shapely
from sqlalchemy import BigInteger, LargeBinary, Text, cast, column, func, select
from sqlalchemy.orm import Session

from data.models import Cell
from data.queries.reading import read_rows
from geo.placement import Placer

_MOST_KEPT = 8
_TRANSACTIONS = 2**32
"""Rows name their transaction by its number modulo this."""

_KEPT: OrderedDict[Hashable, "GridCells"] = OrderedDict()
_LOCK = Lock()


class GridCells:
    """The cells of one grid in the order of their codes."""

    def __init__(self, session: Session, grid_id: int) -> None:
        shape = func.ST_AsBinary(Cell.geom, type_=LargeBinary).label("wkb")
        ours = select(Cell.id, shape).where(Cell.grid_id == grid_id).order_by(Cell.code)
        rows = read_rows(session, ours)
        self.grid_id = grid_id
        self.ids = rows["id"].to_numpy(dtype=np.int64)
        self.polygons = shapely.from_wkb(rows["wkb"].to_numpy(dtype=object))

    @cached_property
    def placer(self) -> Placer:
        """The index for points, built when there is one to place."""
        return Placer(self.polygons)


def cells_of_grid(session: Session, grid_id: int) -> GridCells:
    """Return the cells of a grid as this transaction sees them, read only where they changed."""
    state = _state(session, grid_id)
    key = (session.get_bind().engine.url, grid_id, state)
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    found = GridCells(session, grid_id)
    if state is not None:
        with _LOCK:
            _KEPT[key] = found
            while len(_KEPT) > _MOST_KEPT:
                _KEPT.popitem(last=False)
    return found


def _state(session: Session, grid_id: int) -> Hashable:
    """Return what no write to the cells leaves as it was; None where this transaction wrote some.

    Every version of a row names the transaction that wrote it: a new or changed cell raises the
    highest such number, a removed one lowers their count.
    """
    writer = cast(cast(column("xmin"), Text), BigInteger)
    ours = cast(cast(func.pg_current_xact_id(), Text), BigInteger) % _TRANSACTIONS
    last = func.max(writer)
    state = select(last < ours, last, func.count(), func.sum(Cell.id))
    settled, *numbers = session.execute(state.where(Cell.grid_id == grid_id)).one()
    return tuple(numbers) if settled else None
