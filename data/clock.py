"""What time it is when something is written; a simulated city may be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, text
from sqlalchemy.orm import Session


def tell_time(session: Session, moment: datetime) -> None:
    """Let the rest of the transaction be recorded at `moment`, in a simulated city only.

    A city that is not simulated goes by the clock of the database, whatever it is told.
    """
    statement = text("""
        SELECT set_config('guatu.told_time', :told, true), set_config('guatu.recorded_at', '', true)
    """)
    session.execute(statement, {"told": moment.isoformat()})


def by_the_clock(actual: ColumnElement[Any]) -> ColumnElement[datetime]:
    """Return the time that was told, else `actual`, one of the database's own clocks."""
    return func.guatu_clock(actual)
