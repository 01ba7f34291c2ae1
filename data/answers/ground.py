"""What every answer stands on, read first."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from data.answers.questions import Question
from data.cities import the_city
from data.models import City
from data.queries.places import resolve_period, revisions
from geo.crs import metric_srid_for, to_metric
from geo.periods import Period


@dataclass(frozen=True, eq=False)
class Ground:
    """The city, the resolved period and the revisions of one question."""

    city: City
    period: Period
    revisions: Mapping[str, int]


def ground_of(session: Session, question: Question) -> Ground:
    """Read what `question` stands on: a few rows, whatever the size of the city."""
    return Ground(
        city=the_city(session),
        period=resolve_period(session, question.as_of, question.window_days),
        revisions=revisions(session, question.subjects),
    )


def to_planar(shapes: NDArray[np.object_], metric_srid: int | None) -> NDArray[np.object_]:
    """Return `shapes` in the city's metres; before it has any, in those of their own middle."""
    if not len(shapes):
        return shapes
    west, south, east, north = shapely.total_bounds(shapes)
    return to_metric(shapes, metric_srid or metric_srid_for((west + east) / 2, (south + north) / 2))
