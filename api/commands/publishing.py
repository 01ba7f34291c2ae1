"""guatu publication: bulletins that are issued, and frozen with their figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from api.commands.documents import (
    CellsOption,
    FileOption,
    KindArgument,
    OfficeOption,
    wish_of,
    write_document,
)
from api.commands.options import AsOfOption, KnownAtOption, LanguageOption, settings_of
from api.commands.terminal import say, show_rows
from api.documents import write_published
from api.store import connected, open_store
from data.answers.bulletins import BulletinQuestion
from data.engine import snapshot, transaction
from data.publishing import Draft, Step, advance, comes_out_again, draft, publications

app = typer.Typer(
    no_args_is_help=True, help="Bulletins that are issued, frozen with their figures."
)

ACTOR = "command line"
NumberArgument = Annotated[int, typer.Argument(min=1, help="Its number.")]
ByOption = Annotated[str, typer.Option("--by", help="Who does it, by name.")]


@app.command("draft")
def draft_one(
    context: typer.Context,
    kind: KindArgument,
    by: ByOption,
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    grid: CellsOption = None,
    office: OfficeOption = "",
    corrects: Annotated[
        int | None, typer.Option(min=1, help="Number of the issue put right.")
    ] = None,
) -> None:
    """Freeze the figures of a bulletin under the next number."""
    wanted = Draft(BulletinQuestion(kind, as_of, known_at, grid), by, office, corrects)
    with _writing(context) as session:
        number = draft(session, wanted, ACTOR).number
    say(f"{kind} {number} is drafted")


@app.command("check")
def check(context: typer.Context, kind: KindArgument, number: NumberArgument, by: ByOption) -> None:
    """Check a draft: by somebody else than who drafted it."""
    _advance(context, kind, number, "check", by)


@app.command("sign")
def sign(context: typer.Context, kind: KindArgument, number: NumberArgument, by: ByOption) -> None:
    """Sign what was checked."""
    _advance(context, kind, number, "sign", by)


@app.command("issue")
def issue(context: typer.Context, kind: KindArgument, number: NumberArgument, by: ByOption) -> None:
    """Issue what was signed; from then on nothing of it changes."""
    _advance(context, kind, number, "issue", by)


@app.command("list")
def show(context: typer.Context) -> None:
    """Show every bulletin that was drafted, the newest first."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        show_rows("publications", publications(session))


@app.command("write")
def write_one(
    context: typer.Context,
    kind: KindArgument,
    number: NumberArgument,
    out: FileOption,
    *,
    lang: LanguageOption = None,
) -> None:
    """Write a bulletin with its frozen figures, number, day and names."""
    wish = wish_of(context, out, lang)
    write_document(context, out, lambda session: write_published(session, kind, number, wish))


@app.command("verify")
def verify(context: typer.Context, kind: KindArgument, number: NumberArgument) -> None:
    """Tell whether its figures still come out of the rows as they were known."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        same = comes_out_again(session, kind, number)
    say(f"{kind} {number}: {'the same figures come out' if same else 'other figures come out'}")
    if not same:
        raise typer.Exit(1)


def _advance(context: typer.Context, kind: str, number: int, step: Step, by: str) -> None:
    with _writing(context) as session:
        state = advance(session, kind, number, step, by, ACTOR)
    say(f"{kind} {number} is {state}")


@contextmanager
def _writing(context: typer.Context) -> Iterator[Session]:
    with connected(open_store(settings_of(context))) as engine, transaction(engine) as session:
        yield session
