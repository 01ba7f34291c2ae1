"""What a poster shows, read from the store: the answer that the API gives, and its shapes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.declaring import Wish, best_grid, question_of
from api.presenting import present
from data.answers import Answer, Question, resolve_period, row_geometries
from data.answers.ground import to_planar
from data.cities import the_city
from data.queries.deadlines import Thing, campaign_end, item_due, open_items
from data.queries.places import grids
from data.queries.streetlights import segment_lines, segments
from data.scope import Scope
from geo.periods import Period
from maps import words
from maps.layers import Subject
from maps.posters.paper import Paper
from maps.posters.poster import Deadline, Imprint, Poster

Compute = Callable[[Session, Scope, Question], Answer]

WORK: Mapping[Subject, Thing] = {"hazards": "hazards", "streetlights": "segments"}
"""Subject -> what its work items are on; nobody rectifies a missing inspection."""


@dataclass(frozen=True)
class PosterWish:
    """What is asked of a poster, beside what is asked of a page.

    Attributes
    ----------
    due_on
        A deadline that is in no ledger.
    """

    subject: Subject
    page: Wish
    paper: Paper = field(default_factory=Paper)
    imprint: Imprint = field(default_factory=Imprint)
    due_on: date | None = None


def read_poster(session: Session, scope: Scope, wish: PosterWish, compute: Compute) -> Poster:
    """Return the poster of what `scope` shows, with the figures that `compute` gives."""
    city = the_city(session)
    page = replace(wish.page, grid=wish.page.grid or best_grid(grids(session, scope)))
    period = resolve_period(session, page.as_of, page.window_days)
    answer = compute(session, scope, question_of(wish.subject, page))
    shapes = row_geometries(session, scope, answer).to_numpy()
    streets = _streets(session, scope, period) if answer.rows_name == "cells" else shapes[:0]
    # Together, so that all of it is in one CRS even before the city has its own.
    planar = to_planar(np.concatenate([shapes, streets]), city.metric_srid)
    return Poster(
        subject=wish.subject,
        language=page.language,
        city=city.name,
        place=None,
        simulated=city.simulated,
        attribution=city.attribution,
        answer=present(session, scope, answer, page.language).body,
        shapes=planar[: len(shapes)],
        deadline=_deadline(session, scope, wish, period),
        imprint=wish.imprint,
        paper=wish.paper,
        streets=planar[len(shapes) :],
    )


def _streets(session: Session, scope: Scope, period: Period) -> NDArray[np.object_]:
    known = segments(session, scope, None, period)
    return segment_lines(session, scope, known.index)


def _deadline(session: Session, scope: Scope, wish: PosterWish, period: Period) -> Deadline:
    """Return the deadline that was asked for, or a campaign's, or that of the work items."""
    thing = WORK.get(wish.subject)
    items = None if thing is None else open_items(session, scope, thing, period)
    due = campaign_end(session, period.day)
    if due is None and thing is not None:
        due = item_due(session, scope, thing, period)
    day = wish.due_on or (None if due is None else due.day)
    own = wish.due_on is None and due is not None and due.campaign is None
    occasion = words.text("poster.next_item", wish.page.language) if own else None
    return Deadline(
        due_on=day,
        occasion=occasion if wish.due_on or due is None or own else due.campaign,
        days_left=None if day is None else (day - period.day).days,
        n_open=None if items is None else items.n_open,
        n_overdue=None if items is None else items.n_overdue,
    )
