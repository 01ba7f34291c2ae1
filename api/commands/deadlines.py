"""guatu deadline: how many days there are to fix something, by its level and kind."""

from typing import Annotated, Literal

import typer

from api.commands.options import AsOfOption, JsonOption, settings_of
from api.commands.terminal import say, show_rows, write
from api.presenting import dump_json
from api.store import connected, open_store
from data.answers import resolve_period
from data.engine import snapshot, transaction
from data.workflow.rules import Rule, Ruled, adopt_proposed, set_rule, told_rules

app = typer.Typer(no_args_is_help=True, help="Days there are to fix something, by level and kind.")

ACTOR = "command line"
ByOption = Annotated[str, typer.Option("--by", help="Who says so, by name.")]


@app.command("list")
def list_rules(
    context: typer.Context, as_of: AsOfOption = None, *, as_json: JsonOption = False
) -> None:
    """Show the rules that hold, and what is proposed where there is none."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        ends = None if as_of is None else resolve_period(session, as_of, 1).end
        told = told_rules(session, ends)
    if as_json:
        write(dump_json({"rules": told}), None)
    else:
        show_rows("guatu deadline", told)


@app.command("set")
def set_one(
    context: typer.Context,
    about: Annotated[Literal["hazard", "segment"], typer.Argument(help="What it is about.")],
    by: ByOption,
    *,
    days: Annotated[
        int | None, typer.Option(min=0, help="Days; without it the rule is taken back.")
    ] = None,
    level: Annotated[
        Literal["general", "larger", "major"] | None, typer.Option(help="Only this level.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only this category of hazards, or cause of segments.")
    ] = None,
) -> None:
    """Set how many days there are from now on; what was found before keeps its day."""
    rule = Rule(Ruled(about, level, kind), days, by)
    with connected(open_store(settings_of(context))) as engine, transaction(engine) as session:
        set_rule(session, rule, ACTOR)
    say(f"{about} {level or ''} {kind or ''}: {'no rule' if days is None else f'{days} days'}")


@app.command("adopt")
def adopt(context: typer.Context, by: ByOption) -> None:
    """Let what is proposed hold where the city has no rule."""
    with connected(open_store(settings_of(context))) as engine, transaction(engine) as session:
        n_adopted = adopt_proposed(session, by, ACTOR)
    say(f"{n_adopted} rules hold now")
