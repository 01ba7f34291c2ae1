"""Options that several commands share, and the settings they run with."""

from datetime import date
from typing import Annotated

import typer

from api.asking import read_as_of
from api.settings import Settings
from maps.words import Language


def _day(value: str) -> date:
    try:
        found: date = read_as_of(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return found


def day_of(value: str) -> date:
    """Return the day that an option names."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter("not a day (2019-08-31)") from error


AsOfOption = Annotated[
    date | None,
    typer.Option("--as-of", parser=_day, metavar="DAY", help="Day or moment; default the city's."),
]
KnownAtOption = Annotated[
    date | None,
    typer.Option("--known-at", parser=_day, metavar="DAY", help="As it was known by then."),
]
WindowOption = Annotated[
    int, typer.Option("--window", min=1, max=36_500, help="Days counted before --as-of.")
]
LanguageOption = Annotated[Language | None, typer.Option("--lang", help="Language of words.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def settings_of(context: typer.Context) -> Settings:
    """Return the settings the command runs with."""
    settings: Settings = context.obj
    return settings
