"""Bulletins and lists: gathered by data, worded and laid out by maps, the same for every door."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from data.answers.bulletins import BulletinQuestion, bulletin
from data.answers.four_lists import ListsQuestion, four_lists
from data.publishing import published
from data.scope import Scope
from maps.documents import FORMATS
from maps.documents.bulletins import compose_bulletin
from maps.documents.imprint import Imprint
from maps.documents.lists import compose_lists
from maps.sheets.errors import TableLimitError
from maps.words import Language

Ending = Literal["xlsx", "docx", "html"]

MAX_PRINTED = 2_000
"""Items of a list that is printed; a workbook holds more."""


@dataclass(frozen=True)
class Wish:
    """How a document is wanted: its format, its language, and the office that issues it."""

    ending: str
    language: Language
    office: str = ""


def write_bulletin(session: Session, scope: Scope, question: BulletinQuestion, wish: Wish) -> bytes:
    """Return a bulletin that is not issued yet, with the figures of now."""
    facts = bulletin(session, scope, question)
    document = compose_bulletin(facts, Imprint(office=wish.office), wish.language)
    return FORMATS[wish.ending].write(document)


def write_lists(session: Session, scope: Scope, question: ListsQuestion, wish: Wish) -> bytes:
    """Return the four lists.

    Raises
    ------
    TableLimitError
        When there are more items than a text document is read with.
    """
    facts = four_lists(session, scope, question)
    if wish.ending != ".xlsx" and len(facts["hazards"]) > MAX_PRINTED:
        told = f"{len(facts['hazards'])} items; {wish.ending} takes {MAX_PRINTED}: take .xlsx"
        raise TableLimitError(told)
    document = compose_lists(facts, Imprint(office=wish.office), wish.language)
    return FORMATS[wish.ending].write(document)


def write_published(session: Session, kind: str, number: int, wish: Wish) -> bytes:
    """Return a bulletin as it was drafted or issued, with its frozen figures."""
    told = published(session, kind, number)
    is_issued = told["state"] == "issued"
    imprint = Imprint(
        office=told["office"],
        number=number if is_issued else None,
        drafted_by=told["drafted_by"] or "",
        checked_by=told["checked_by"] or "",
        signed_by=told["signed_by"] or "",
        issued_on=told["issued_on"],
        corrects=told["corrects"],
    )
    document = compose_bulletin(told["facts"], imprint, wish.language)
    return FORMATS[wish.ending].write(document)
