"""The foot of a sheet: what the figures mean, until when the data goes, who answers for it."""

from collections.abc import Iterator

from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import HAIR, QUIET, Sheet, Style

SMALL = Style(8, 400, QUIET)
STRONG = Style(8.5, 700, QUIET)


def draw_footer(sheet: Sheet, box: Box, poster: Poster) -> None:
    """Write the definition of the figures, and below it the imprint."""
    sheet.rule((box.left, box.top), (box.right, box.top), color=HAIR)
    sheet.text((box.left, box.top + 4.6), poster.answer["definition"], SMALL, most_mm=box.width)
    right = box.right
    for text in _imprint(poster):
        right = sheet.text((right, box.bottom), text, STRONG, align="right").left - 6
    parts = "   ".join(_stamps(poster))
    sheet.text((box.left, box.bottom), parts, SMALL, most_mm=right - box.left)


def _imprint(poster: Poster) -> Iterator[str]:
    """Yield what stands at the right, from the right."""
    if poster.n_sheets > 1:
        yield poster.word("poster.sheet", n=poster.sheet, of=poster.n_sheets)
    approval = poster.imprint.approval
    if approval is None:
        yield poster.word("poster.internal_note")
    else:
        yield poster.word("poster.approval", number=approval)
    office = poster.imprint.office
    if office is None:
        yield poster.word("poster.office_blank")
    else:
        yield poster.word("poster.office", name=office)


def _stamps(poster: Poster) -> Iterator[str]:
    """Yield what stands at the left: the data behind the sheet."""
    if poster.answer["data_until"] is not None:
        yield poster.word("ui.data_until", day=poster.answer["data_until"])
    yield poster.word("ui.revision", n=poster.answer["revision"])
    if poster.simulated:
        yield poster.word("ui.simulated_note")
    if poster.attribution:
        yield poster.attribution
