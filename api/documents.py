"""Bulletins and lists: gathered by data, worded and laid out by maps, the same for every door."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from data.answers.bulletins import BulletinQuestion, bulletin
from data.scope import Scope
from maps.documents import FORMATS
from maps.documents.bulletins import compose_bulletin
from maps.documents.imprint import Imprint
from maps.words import Language

Ending = Literal["xlsx", "docx", "html"]


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
