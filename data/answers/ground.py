"""What every answer stands on, read first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.answers.questions import Question
from data.clock import by_the_clock
from data.known import know_as_at
from data.models import City
from data.queries.places import city_state, known_moment, no_grid, resolve_period
from geo.crs import metric_srid_for, to_metric
from geo.errors import WrongValueError
from geo.periods import Period


@dataclass(frozen=True, eq=False)
class Ground:
    """The city, the resolved period and the revisions of one question, and when it was known.

    `grids` are the ids of the city's grids by code.
    """

    city: City
    period: Period
    revisions: Mapping[str, int]
    grids: Mapping[str, int]
    known_at: datetime | None = None

    def grid_id(self, code: str) -> int:
        """Return the id of the grid with that code.

        Raises
        ------
        NotFoundError
            When there is none.
        """
        if code not in self.grids:
            raise no_grid(code)
        return self.grids[code]


def ground_of(session: Session, question: Question) -> Ground:
    """Read what `question` stands on: a few rows, whatever the size of the city.

    From here on the transaction reads the ledgers as they were known when the question says.

    Raises
    ------
    WrongValueError
        When that is not over yet: more may become known until then.
    """
    city, counters, grids = city_state(session, question.subjects)
    known_at = known_moment(question.known_at, city.timezone)
    if known_at is not None:
        _require_past(session, known_at)
        know_as_at(session, known_at)
    return Ground(
        city=city,
        period=resolve_period(session, question.as_of, question.window_days),
        revisions=counters,
        grids=grids,
        known_at=known_at,
    )


def _require_past(session: Session, known_at: datetime) -> None:
    now = session.execute(select(by_the_clock(func.clock_timestamp()))).scalar_one()
    if known_at > now:
        raise WrongValueError(
            "known_at: is not over yet, and more may become known; what is known now is told"
            " without it"
        )


def to_planar(shapes: NDArray[np.object_], metric_srid: int | None) -> NDArray[np.object_]:
    """Return `shapes` in the city's metres; before it has any, in those of their own middle."""
    if not len(shapes):
        return shapes
    west, south, east, north = shapely.total_bounds(shapes)
    return to_metric(shapes, metric_srid or metric_srid_for((west + east) / 2, (south + north) / 2))
