"""The head of a sheet: what it is, where and when, and how many days are left."""

from collections.abc import Iterator

from maps.posters.fonts import width_mm
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import ALARM, HAIR, INK, PAPER, QUIET, Sheet, Style

TITLE_SIZES = (30, 27, 24, 21, 18)
SUBTITLE = Style(13, 400, QUIET)
TAG = Style(10, 700)
NUMBER = Style(48, 700)
SMALL = Style(10, 400, QUIET)

SOON_DAYS = 7
TAG_HEIGHT_MM = 6.4
GAP_MM = 4.0


def draw_title(sheet: Sheet, box: Box, poster: Poster) -> None:
    """Write the title with its tags, and below it the place, the day and the window."""
    tags = list(_tags(poster))
    room = box.width - sum(_tag_width(text) + GAP_MM for text, _ in tags) - GAP_MM
    fits = (size for size in TITLE_SIZES if width_mm(poster.title, size, 700) <= room)
    style = Style(next(fits, TITLE_SIZES[-1]), 700)
    left = sheet.text((box.left, box.top + 12.5), poster.title, style, most_mm=room).right + GAP_MM
    for text, color in tags:
        left = _tag(sheet, (left, box.top + 4.6), text, color) + GAP_MM
    window = poster.word("ui.days", n=poster.answer["window_days"])
    when = f"{poster.word('ui.as_of_day', day=poster.day)} · {window}"
    wide = width_mm(sheet.read(when), SUBTITLE.size)
    where = Style(SUBTITLE.size, 700, INK)
    at = (box.left, box.top + 21)
    end = sheet.text(at, poster.where, where, most_mm=box.width - wide - 8).right
    sheet.text((end + 4, at[1]), when, SUBTITLE)


def _tags(poster: Poster) -> Iterator[tuple[str, str]]:
    """Yield what must be known of the sheet at a glance, and its color."""
    if poster.simulated:
        yield poster.word("ui.simulated"), ALARM
    if poster.imprint.approval is None:
        yield poster.word("poster.internal"), INK


def _tag_width(text: str) -> float:
    return width_mm(text, TAG.size, TAG.weight) + 4.4


def _tag(sheet: Sheet, at: tuple[float, float], text: str, color: str) -> float:
    """Write a word in a frame and return where the frame ends."""
    wide = _tag_width(text)
    frame = Box(at[0], at[1], at[0] + wide, at[1] + TAG_HEIGHT_MM)
    sheet.area(frame, color=PAPER, edge=color)
    sheet.text((at[0] + wide / 2, at[1] + 4.5), text, Style(10, 700, color), align="center")
    return frame.right


def draw_deadline(sheet: Sheet, box: Box, poster: Poster) -> None:
    """Write the days to the deadline large, and beside them what is due and what is late."""
    sheet.rule((box.left, box.top), (box.left, box.bottom), color=HAIR)
    left = box.left + 5
    due = poster.deadline
    if due.due_on is None or due.days_left is None:
        sheet.text((left, box.top + 13), poster.word("poster.no_deadline"), Style(20, 700, QUIET))
        sheet.text((left, box.top + 20), poster.word("poster.no_deadline_note"), SMALL)
        return
    color = INK if due.days_left > SOON_DAYS else ALARM
    number = Style(NUMBER.size, 700, color)
    sheet.text((left, box.top + 4.2), _lead(poster, due.days_left), Style(11, 700, color))
    end = sheet.text((left, box.top + 23), f"{abs(due.days_left):,}", number).right
    unit = sheet.text((end + 1.5, box.top + 23), poster.word("poster.days"), Style(15, 700, color))
    _beside(sheet, Box(unit.right + 5, box.top, box.right, box.bottom), poster)


def _lead(poster: Poster, days_left: int) -> str:
    if days_left < 0:
        return poster.word("poster.days_over")
    return poster.word("poster.days_left" if days_left else "poster.due_today")


def _beside(sheet: Sheet, box: Box, poster: Poster) -> None:
    """Write the due day, its occasion, and the open work items in lines."""
    due = poster.deadline
    lines = [(f"{due.due_on}", Style(11, 700)), (due.occasion or "", SMALL)]
    if due.n_open is not None:
        overdue = due.n_overdue or 0
        late = Style(10, 700, ALARM if overdue else QUIET)
        lines.append((poster.word("poster.open", n=f"{due.n_open:,}"), SMALL))
        lines.append((poster.word("poster.overdue", n=f"{overdue:,}"), late))
    written = [(text, style) for text, style in lines if text]
    for number, (text, style) in enumerate(written):
        baseline = box.bottom - 1.2 - 5.4 * (len(written) - 1 - number)
        sheet.text((box.left, baseline), text, style, most_mm=box.width)
