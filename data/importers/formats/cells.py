"""The text of a cell, as the program that wrote it shows it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from data.importers.formats.rows import Texts, without_blanks

_NEVER_NOISE = 16


def texts_of(cells: Sequence[Any], number: Callable[[float], str] | None = None) -> Texts:
    """Return the texts of a column of cells, None where there is nothing but white space.

    Numbers with a fraction are shown by `number`, by default as a spreadsheet shows them.
    """
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return without_blanks(cells)
    if kinds <= {date, datetime, str}:
        # Of days there are few: each is written once.
        written = {cell: _TEXT_OF[type(cell)](cell) for cell in set(cells)}
        return without_blanks([written[cell] for cell in cells])
    text_of = _TEXT_OF if number is None else {**_TEXT_OF, float: number}
    return without_blanks([text_of.get(type(cell), str)(cell) for cell in cells])


def exact_text(value: float) -> str:
    """Return a number with all its digits, as geographic formats mean them.

    >>> exact_text(38.0), exact_text(113.61705115346038)
    ('38', '113.61705115346038')
    """
    return repr(value).removesuffix(".0")


def number_text(value: float) -> str:
    """Return a number without the noise of binary fractions, and with all its other digits.

    >>> number_text(38.0), number_text(0.1 + 0.2), number_text(113.62550690257391)
    ('38', '0.3', '113.62550690257391')
    """
    exact = repr(value)
    if exact.endswith(".0"):
        return exact[:-2]
    if len(exact) <= _NEVER_NOISE:
        return exact
    rounded = f"{value:.15g}"
    # Fifteen digits that end in many zeros were meant; others may be the end of a coordinate.
    return rounded if len(rounded) < len(exact) - 2 else exact


def _moment_text(value: datetime) -> str:
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def _time_text(value: time) -> str:
    return value.isoformat("seconds" if value.second else "minutes")


def _duration_text(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


_TEXT_OF: dict[type, Callable[[Any], str]] = {
    str: lambda text: text,
    float: number_text,
    int: str,
    bool: lambda flag: "TRUE" if flag else "FALSE",
    date: date.isoformat,
    datetime: _moment_text,
    time: _time_text,
    timedelta: _duration_text,
    type(None): lambda _: "",
}
