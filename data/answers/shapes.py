"""The shapes of an answer's rows, read only when somebody draws them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from pandas import DataFrame, Series
from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.answers.ground import to_planar
from data.cities import the_city
from data.queries.places import cell_polygons
from data.queries.streetlights import segment_lines
from data.scope import Scope
from geo.crs import to_degrees
from geo.linref import cut


def row_geometries(session: Session, scope: Scope, answer: Answer) -> "Series[Any]":
    """Return the polygon or line of each row, in degrees, in the order of the rows.

    The index is the rows' codes; where two sources share a code of segments, it repeats. A party
    has no shape.
    """
    if answer.rows_name == "parties":
        shapeless = [None] * len(answer.rows)
        return Series(shapeless, index=answer.rows["code"], dtype=object, name="geometry")
    read = segment_lines if answer.subject == "outages" else cell_polygons
    shapes = read(session, scope, answer.rows.index)
    return Series(shapes, index=answer.rows["code"].to_numpy(), dtype=object, name="geometry")


LEAST_LAMPS = 2
"""A single lamp out is a point on the map, no run."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """What lies on the map on a day beside the rows of an answer.

    Attributes
    ----------
    parameters
        What the sentence that defines the shapes names.
    rows
        One a shape: its figures, and its `geometry` in degrees; `kind` is what it is counted under.
    counts
        How many shapes there are of each kind; ``None`` while nobody can know of any.
    """

    as_of: date
    revision: int
    simulated: bool
    parameters: Mapping[str, Any]
    rows: DataFrame
    counts: Mapping[str, int] | None


def dark_run_lines(session: Session, scope: Scope, answer: Answer) -> Shapes:
    """Return the dark runs of an answer about outages as lines.

    Of at least `LEAST_LAMPS` lamps, and those of the longest dark walk (kind ``walk``, the others
    ``run``) however short. Figures: ``code`` and ``name`` of the segment, ``from_m``, ``to_m``,
    ``length_m`` and ``n_lamps``.
    """
    runs, srid = answer.drawn.get("dark_runs"), the_city(session).metric_srid
    about: dict[str, Any] = {
        "as_of": answer.as_of,
        "revision": answer.revision,
        "simulated": answer.simulated,
        "parameters": {**answer.parameters, "least_lamps": LEAST_LAMPS},
    }
    if runs is None or srid is None:
        return Shapes(**about, rows=DataFrame({"geometry": []}), counts=None)
    shown = runs[(runs["length_m"] > 0) & (runs["in_walk"] | (runs["n_lamps"] >= LEAST_LAMPS))]
    segments = shown["segment"].unique()
    lines = Series(to_planar(segment_lines(session, scope, segments), srid), index=segments)
    measures = zip(shown["segment"], shown["from_m"], shown["to_m"], strict=True)
    stretches = [cut(lines[segment], from_m, to_m) for segment, from_m, to_m in measures]
    named = shown.join(answer.rows[["code", "name"]], on="segment")
    figures = named[["code", "name", "from_m", "to_m", "length_m", "n_lamps"]]
    kind = np.where(shown["in_walk"], "walk", "run")
    geometry = to_degrees(np.array(stretches, dtype=object), srid)
    return Shapes(
        **about,
        rows=figures.assign(kind=kind, geometry=geometry),
        counts={name: int((kind == name).sum()) for name in ("walk", "run")},
    )
