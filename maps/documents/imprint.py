"""Who issues a document, under which number, and who has drafted, checked and signed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from maps import words
from maps.documents.document import Masthead
from maps.words import Language


@dataclass(frozen=True)
class Imprint:
    """What stands around the text; a draft has neither number nor day of issue.

    Attributes
    ----------
    office
        The issuing office; '' for the safety committee's office of the city.
    corrects
        The number of the issue that this one corrects.
    """

    office: str = ""
    number: int | None = None
    drafted_by: str = ""
    checked_by: str = ""
    signed_by: str = ""
    issued_on: date | None = None
    corrects: int | None = None


def office_of(imprint: Imprint, city: str, language: Language) -> str:
    """Return the name of the issuing office."""
    return imprint.office or words.text("bulletin.office", language, city=city)


def masthead(imprint: Imprint, facts: Mapping[str, Any], language: Language) -> Masthead:
    """Return the head of a bulletin."""
    number = words.text("bulletin.draft", language)
    if imprint.number is not None:
        number = words.text("bulletin.number", language, number=imprint.number)
    return Masthead(
        name=words.text(f"bulletin.name.{facts['kind']}", language),
        number=number,
        office=office_of(imprint, facts["city"], language),
        day=day_text(imprint.issued_on or date.fromisoformat(facts["day"]), language),
    )


def colophon(imprint: Imprint, city: str, language: Language) -> tuple[tuple[str, str], ...]:
    """Return the last lines: who had it in hand, and who issued it when."""
    drafted, checked, signed = (
        words.text(f"bulletin.{step}", language, name=name or "　　　　")
        for step, name in (
            ("drafted", imprint.drafted_by),
            ("checked", imprint.checked_by),
            ("signed", imprint.signed_by),
        )
    )
    issued = words.text("bulletin.not_issued", language)
    if imprint.issued_on is not None:
        day = day_text(imprint.issued_on, language)
        issued = words.text("bulletin.issued", language, day=day)
    return ((f"{drafted}　{checked}", signed), (office_of(imprint, city, language), issued))


def mark(language: Language, *, simulated: bool) -> str:
    """Return what stands on top of every page."""
    return words.text("bulletin.simulated" if simulated else "bulletin.internal", language)


def day_text(day: date, language: Language) -> str:
    """Return a day as such documents write it."""
    parts = {"year": day.year, "month": day.month, "day": day.day}
    return words.text("bulletin.day", language, **parts)


def moment_text(said: str, language: Language) -> str:
    """Return a day, which ends at 24:00, or a moment, as such documents write it."""
    moment = datetime.fromisoformat(said)
    day = day_text(moment.date(), language)
    if "T" not in said:
        return words.text("bulletin.end_of_day", language, day=day)
    clock = {"hour": moment.hour, "minute": moment.minute}
    return words.text("bulletin.moment", language, day=day, **clock)


def made_at(cut_off: str) -> datetime:
    """Return the cut-off as a moment without a zone's name: a day means its end."""
    moment = datetime.fromisoformat(cut_off)
    if "T" not in cut_off:
        moment = datetime.combine(moment.date() + timedelta(days=1), time.min)
    return moment.replace(tzinfo=UTC)
