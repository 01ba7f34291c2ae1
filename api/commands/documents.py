"""guatu bulletin and lists: what an office hands out."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy.orm import Session

from api.commands.options import AsOfOption, KnownAtOption, LanguageOption, settings_of
from api.commands.terminal import say, write
from api.documents import Wish, write_bulletin, write_lists
from api.errors import UnreadableFileError
from api.store import connected, open_store
from data.answers.bulletins import BulletinQuestion
from data.answers.four_lists import ListsQuestion
from data.engine import snapshot
from data.scope import WHOLE_CITY
from maps.documents import FORMATS
from maps.words import Language

Kind = Literal["daily", "ranking", "weekly", "monthly"]
FileOption = Annotated[
    Path, typer.Option("-o", "--out", help=f"The file to write: {', '.join(FORMATS)}.")
]
KindArgument = Annotated[Kind, typer.Argument(help="Of the day, three days, the week, the month.")]
CellsOption = Annotated[
    str | None, typer.Option("--grid", help="Whose cells are told; default districts.")
]
OfficeOption = Annotated[str, typer.Option(help="The issuing office; default the city's.")]


def bulletin(
    context: typer.Context,
    kind: KindArgument,
    out: FileOption,
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    grid: CellsOption = None,
    office: OfficeOption = "",
    lang: LanguageOption = None,
) -> None:
    """Write a bulletin: figures, ranking, map and definitions, to be printed on A4."""
    question = BulletinQuestion(kind, as_of, known_at, grid)
    wish = wish_of(context, out, lang, office)
    write_document(
        context, out, lambda session: write_bulletin(session, WHOLE_CITY, question, wish)
    )


def lists(
    context: typer.Context,
    out: FileOption,
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    office: OfficeOption = "",
    lang: LanguageOption = None,
) -> None:
    """Write the four lists: hazards, hand-over and supervision, leaders, acceptance and closing."""
    question = ListsQuestion(as_of, known_at)
    wish = wish_of(context, out, lang, office)
    write_document(context, out, lambda session: write_lists(session, WHOLE_CITY, question, wish))


def wish_of(context: typer.Context, out: Path, lang: Language | None, office: str = "") -> Wish:
    """Return how a document is wanted; its format is the ending of the file."""
    ending = out.suffix.lower()
    if ending not in FORMATS:
        raise UnreadableFileError(f"{out}: the ending is none of {', '.join(FORMATS)}")
    return Wish(ending, lang or settings_of(context).language, office)


def write_document(context: typer.Context, out: Path, make: Callable[[Session], bytes]) -> None:
    """Write what `make` makes of one state of the store."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        content = make(session)
    write(content, out)
    say(f"{out} is written")
