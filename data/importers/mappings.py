"""What headings of a source were said to mean, kept for its next ledger."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.models import SavedMapping


def saved_mapping(session: Session, kind: str, source: str) -> dict[str, str | None]:
    """Return what headings of `kind` from `source` mean: heading → field, None for no field."""
    wanted = (SavedMapping.kind == kind, SavedMapping.source == source)
    rows = session.execute(select(SavedMapping.heading, SavedMapping.field).where(*wanted)).all()
    return {row.heading: row.field for row in rows}


def save_mapping(
    session: Session, kind: str, source: str, headings: Mapping[str, str | None]
) -> None:
    """Keep what each heading means (None: no field); headings not named keep what they meant."""
    if not headings:
        return
    key = {"kind": kind, "source": source}
    rows = [{**key, "heading": heading, "field": field} for heading, field in headings.items()]
    statement = insert(SavedMapping).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "source", "heading"],
            set_={"field": statement.excluded.field},
        )
    )
