"""guatu draw: closed work to be looked at again, and units with teams, by chance and repeatable."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import AsOfOption, JsonOption, settings_of
from api.commands.terminal import show_rows, write
from api.errors import UnreadableFileError
from api.presenting import dump_json
from api.store import connected, open_store
from data.answers import RectificationQuestion
from data.answers.draws import Drawn, draw_rechecks, draw_visits
from data.engine import snapshot
from data.scope import WHOLE_CITY

app = typer.Typer(no_args_is_help=True, help="By chance, repeatable from the seed.")

SeedOption = Annotated[int, typer.Option(help="The same seed draws the same.", show_default=False)]
COLUMNS = ("code", "source", "cell_code", "thing_code", "thing_name", "owner_name", "closed_on")


@app.command()
def rechecks(
    context: typer.Context,
    seed: SeedOption,
    share: Annotated[float, typer.Option(help="Of each cell's closed items.")] = 0.05,
    grid: Annotated[str | None, typer.Option(help="Whose cells each give a share.")] = None,
    as_of: AsOfOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Draw closed work items to be inspected again."""
    question = RectificationQuestion(grid=grid, as_of=as_of)
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        drawn = draw_rechecks(session, WHOLE_CITY, question, share, seed)
    _show(drawn, "closed items", COLUMNS, as_json=as_json)


@app.command()
def visits(
    context: typer.Context,
    seed: SeedOption,
    inspectors: Annotated[Path, typer.Option(help="A file with one inspector a line.")],
    units: Annotated[int, typer.Option(help="How many units.")] = 20,
    team: Annotated[int, typer.Option(help="How many inspectors a unit.")] = 2,
    *,
    as_json: JsonOption = False,
) -> None:
    """Draw units to be inspected, and a team for each."""
    try:
        lines = inspectors.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{inspectors}: {error}") from error
    persons = [line.strip() for line in lines if line.strip()]
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        drawn = draw_visits(session, WHOLE_CITY, persons, units, team, seed)
    _show(drawn, "units", ("code", "source", "name", "team"), as_json=as_json)


def _show(drawn: Drawn, what: str, columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        write(dump_json({"seed": drawn.seed, "n_all": drawn.n_all, "items": drawn.rows}), None)
        return
    rows = [{name: row[name] for name in columns} for row in drawn.rows]
    show_rows(f"{len(rows)} of {drawn.n_all} {what}, seed {drawn.seed}", rows)
