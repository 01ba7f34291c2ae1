"""The shapes of an answer's rows, read only when somebody draws them."""

from typing import Any

from pandas import Series
from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.queries.places import cell_polygons
from data.queries.streetlights import segment_lines
from data.scope import Scope


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
