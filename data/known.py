"""Read the ledgers as they were known at another moment (当时口径)."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def know_as_at(session: Session, moment: datetime) -> None:
    """Let the rest of the transaction read every ledger as it was known at `moment`.

    Rows recorded later are not there, rows changed or withdrawn later are there as they stood; what
    was changed since lies in the cell it lay in then, of the grids of now, and along the street it
    lay along then. Rectifications are asked for as they were known
    (`data.queries.rectifications`), and are not among the views.
    """
    session.execute(
        text("""
            SELECT set_config('search_path', 'known, public', true),
                set_config('guatu.known_at', :moment, true)
        """),
        {"moment": moment.isoformat()},
    )
