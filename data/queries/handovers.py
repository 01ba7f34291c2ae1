"""The hand-over register: how far each segment has come into the care of the city."""

from pandas import DataFrame
from sqlalchemy import ColumnElement, case, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from data.models import Handover, Placement, Segment
from data.queries.places import seen
from data.queries.reading import read_rows
from data.scope import Scope
from geo.periods import Period


def standing(period: Period) -> ColumnElement[str]:
    """Return how far a row of the register had come by the end of the period.

    A street that is not known to be unbuilt and was not handed over by then never was.
    """
    return case(
        (Handover.accepted_on <= period.day, "accepted"),
        (Handover.handed_over_on <= period.day, "handed_over"),
        (Handover.built_on > period.day, "unbuilt"),
        else_="never_handed_over",
    )


def register(session: Session, scope: Scope, period: Period) -> DataFrame:
    """Return what the register says of each visible segment, by segment.

    Columns: ``code``, ``name``, ``standing`` (one of `data.models.streetlights.STANDINGS`),
    ``built_on``, ``handed_over_on``, ``accepted_on``, ``handed_by``, ``received_by``,
    ``evidence_file``, ``evidence_sha256``, ``evidence_note`` and ``record``, the code of the row.
    Of several rows on one segment the one that was recorded last counts.
    """
    statement = (
        select(
            Handover.segment_id.label("segment"),
            Segment.external_code.label("code"),
            Segment.name,
            standing(period).label("standing"),
            Handover.built_on,
            Handover.handed_over_on,
            Handover.accepted_on,
            Handover.handed_by,
            Handover.received_by,
            Handover.evidence_file,
            Handover.evidence_sha256,
            Handover.evidence_note,
            Handover.external_code.label("record"),
        )
        .join(Segment, Segment.id == Handover.segment_id)
        .ext(distinct_on(Handover.segment_id))
        .order_by(Handover.segment_id, Handover.recorded_at.desc(), Handover.id.desc())
    )
    rows = read_rows(session, seen(statement, scope, Placement.segment_id, Segment.id))
    return rows.set_index("segment")
