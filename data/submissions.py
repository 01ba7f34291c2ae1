"""Reports that parties send in for a period: 已报, 零报告; who sent none is not there."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.engine import must_move, wait_for_loads
from data.errors import NotFoundError
from data.models import Event, Party, Submission
from data.references import party_ids
from data.upserts import Saved, table_of, upsert
from data.workflow.items import is_blank
from geo.errors import WrongValueError

KEY = ("party_id", "subject", "period_start", "submitted_at")


@dataclass(frozen=True)
class Report:
    """What a party says of a period, of which both days count.

    `party` is its code; `is_zero` says that there was nothing, which is not silence.
    """

    party: str
    subject: str
    first_day: date
    last_day: date
    is_zero: bool
    said_by: str


def load_submissions(session: Session, rows: pd.DataFrame) -> Saved:
    """Write reports: `party` and columns of the table; a party not known yet is made."""
    wait_for_loads(session)
    linked = rows.assign(party_id=party_ids(session, rows["party"]))
    return upsert(session, table_of(Submission), linked, KEY)


def take_report(session: Session, report: Report, actor: str) -> Submission:
    """Write down that a party reports now; what it said before of the same period is kept.

    Raises
    ------
    NotFoundError
        When there is no party of that code.
    WrongValueError
        When the period ends before it begins, or nobody says who took the report.
    """
    _refuse(report)
    party = session.scalar(select(Party.id).where(Party.code == report.party))
    if party is None:
        raise NotFoundError(f"party {report.party!r}: there is none of that code")
    days = {"period_start": report.first_day, "period_end": report.last_day}
    told = {
        "subject": report.subject,
        "state": "zero_report" if report.is_zero else "reported",
    }
    row = Submission(party_id=party, **days, **told)
    session.add(row)
    session.flush()
    written = {name: day.isoformat() for name, day in days.items()}
    session.add(
        Event(
            actor=actor,
            action="report",
            subject="submission",
            subject_id=row.id,
            after={**told, **written, "party": report.party, "by": report.said_by},
        )
    )
    session.flush()
    must_move(session, "rectifications")
    return row


def _refuse(report: Report) -> None:
    if is_blank(report.said_by):
        raise WrongValueError("by: nobody is named")
    if report.last_day < report.first_day:
        raise WrongValueError(f"to: {report.last_day}; it must not be before {report.first_day}")
