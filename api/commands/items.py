"""guatu item: work items, what is done about them, and who did it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from api.acting import brought_by, moment_of, writing
from api.asking import ItemsAsked
from api.commands.options import (
    AsOfOption,
    JsonOption,
    KnownAtOption,
    LanguageOption,
    day_of,
    settings_of,
)
from api.commands.terminal import say, show_facts, show_rows, write
from api.errors import UnreadableFileError
from api.item_schemas import ActGiven, ColumnsGiven, FoundGiven, RecordGiven
from api.presenting import dump_json
from api.store import anchors_folder, connected, open_store
from data.answers.item_lists import item_list, item_rows
from data.engine import snapshot
from data.errors import ActRefusedError, NotFoundError
from data.queries.item_records import item_record, items_on
from data.scope import WHOLE_CITY
from data.workflow import ACTIONS, Acted, Seen, act, find
from data.workflow.acting import looked_at
from geo.errors import WrongValueError
from maps.words import Language, reason

app = typer.Typer(no_args_is_help=True, help="Work items: list, show, find, act.")

ACTOR = "command line"
Model = TypeVar("Model", bound=BaseModel)
SHOWN = ("id", "code", "about", "thing_code", "thing_name", "state", "due_on", "owner_name")
About = Literal["hazard", "segment"]
ByOption = Annotated[str, typer.Option("--by", help="Who did it, by name.")]
OnOption = Annotated[
    date | None,
    typer.Option("--on", parser=day_of, metavar="DAY", help="The day it was done; default now."),
]
Text = Annotated[str | None, typer.Option()]


@app.command("list")
def list_items(
    context: typer.Context,
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    about: Annotated[About | None, typer.Option(help="Only on these.")] = None,
    figure: Annotated[
        str | None, typer.Option(help="Only those behind a figure, such as overdue or open.")
    ] = None,
    state: Text = None,
    owner: Text = None,
    helper: Text = None,
    grid: Annotated[str | None, typer.Option(help="Whose cells --cell names.")] = None,
    cell: Text = None,
    as_json: JsonOption = False,
) -> None:
    """Show work items as they stood at the end of a day."""
    given = {"as_of": as_of, "known_at": known_at, "about": about, "figure": figure, "grid": grid}
    given |= {"state": state, "owner": owner, "helper": helper, "cell": cell}
    asked = _checked(ItemsAsked, given)
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        found = item_list(session, WHOLE_CITY, asked.question(), asked.figure, asked.chosen)
    rows = item_rows(found)
    if as_json:
        write(dump_json({"items": rows}), None)
    else:
        told = [{name: row[name] for name in (*SHOWN, "days_left")} for row in rows]
        show_rows(f"{len(rows)} items", told, all_in="--json")


@app.command()
def show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(min=1, help="Its id, as `item list` has it.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Show one item as it stands, what may be done next and what that needs."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        told = item_record(session, WHOLE_CITY, number)
    if as_json:
        write(dump_json(told), None)
        return
    show_facts({name: value for name, value in told.items() if not isinstance(value, list | dict)})
    show_rows(
        "steps",
        [
            {
                "action": step["action"],
                "leads_to": step["leads_to"],
                "needs": ", ".join(step["needs"]),
                "blocked": "; ".join(f"{one['field']} {one['reason']}" for one in step["blocked"]),
            }
            for step in told["steps"]
        ],
    )


@app.command("find")
def find_one(
    context: typer.Context,
    about: Annotated[About, typer.Argument(help="What is to be fixed.")],
    code: Annotated[str, typer.Argument(help="Its code in the ledger.")],
    by: ByOption,
    *,
    on: OnOption = None,
    thing: Annotated[
        int | None, typer.Option("--id", help="Its id, where several sources have the code.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a hazard or a segment somebody's work."""
    with _writing(context) as session:
        number = _thing(session, about, code, thing)
        given = _checked(FoundGiven, {"about": about, "thing": number, "by": by, "on": on})
        item, acted = find(session, about, number, by, moment_of(session, given), ACTOR)
    _tell({item: acted}, as_json=as_json)


@app.command("act")
def act_on(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help=f"One of {', '.join(ACTIONS)}.")],
    numbers: Annotated[list[int], typer.Argument(min=1, help="Ids of the items.")],
    *,
    by: Annotated[str | None, typer.Option("--by", help="Who did it, by name.")] = None,
    on: OnOption = None,
    why: Annotated[str | None, typer.Option("--reason", help="Why.")] = None,
    evidence: Annotated[
        list[Path] | None,
        typer.Option(help="A file that shows it; its hash is kept, not the file."),
    ] = None,
    note: Annotated[
        list[str] | None, typer.Option(help="What each file shows, or all of them.")
    ] = None,
    told: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="What is brought along, as due_on=…"),
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="Only if they are all still in this state.")
    ] = None,
    version: Annotated[
        int | None, typer.Option(help="Only if it is still at this version; for one item.")
    ] = None,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take an action on items: on all of them, or on none and nothing is written."""
    if version is not None and len(set(numbers)) > 1:
        raise typer.BadParameter("--version is for one item")
    given: dict[str, Any] = {"by": by, "on": on, "reason": why, "version": version}
    given |= {"evidence": _shown(evidence or [], note or [])} | _parted(told or [])
    done: dict[int, Acted] = {}
    with _writing(context) as session, _refusals_in(lang or settings_of(context).language):
        # In one order: who acts on the same items at once waits and does not block.
        for number in sorted(set(numbers)):
            now = state or looked_at(session, number).item.state
            asked = _checked(ActGiven, {**given, "state": now})
            seen = Seen(asked.state, asked.version)
            done[number] = act(session, number, action, seen, brought_by(session, asked), ACTOR)
    _tell(done, as_json=as_json)


def _thing(session: Session, about: str, code: str, wanted: int | None) -> int:
    """Return the id of the hazard or segment of that code."""
    ids: list[int] = [one["thing"] for one in items_on(session, WHOLE_CITY, about, code)]
    chosen = ids if wanted is None else [one for one in ids if one == wanted]
    if not chosen:
        raise NotFoundError(f"{about} {code!r}: there is none of that code")
    if len(chosen) > 1:
        raise WrongValueError(f"{about} {code!r}: several have it; --id is one of {ids}")
    return chosen[0]


def _shown(files: list[Path], notes: list[str]) -> list[dict[str, str]]:
    """Return files as evidence: name, hash and what each shows."""
    each = notes * len(files) if len(notes) == 1 else notes
    if len(each) != len(files):
        raise typer.BadParameter("--note: one for each file of --evidence, or one for all")
    return [
        {"file_name": file.name, "sha256": _hash(file), "note": one}
        for file, one in zip(files, each, strict=True)
    ]


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFileError(f"{path} cannot be read: {error.strerror}") from error


def _parted(told: list[str]) -> dict[str, dict[str, str]]:
    """Return ``NAME=VALUE`` by what it goes into: the item, or a record of its own."""
    parts: dict[str, dict[str, str]] = {"columns": {}, "more": {}}
    known = {"columns": ColumnsGiven.model_fields, "more": RecordGiven.model_fields}
    for one in told:
        name, _, value = one.partition("=")
        part = next((part for part, names in known.items() if name in names), None)
        if part is None:
            names = ", ".join([*ColumnsGiven.model_fields, *RecordGiven.model_fields])
            raise typer.BadParameter(f"--set {one!r}: NAME is one of {names}")
        parts[part][name] = value
    return parts


def _checked(model: type[Model], given: dict[str, Any]) -> Model:
    """Return what is given as the API would take it.

    Raises
    ------
    WrongValueError
        When the API would refuse it; names every field that is wrong.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise WrongValueError("; ".join(wrong)) from error


@contextmanager
def _writing(context: typer.Context) -> Iterator[Session]:
    settings = settings_of(context)
    with (
        connected(open_store(settings)) as engine,
        writing(engine, anchors_folder(settings)) as session,
    ):
        yield session


@contextmanager
def _refusals_in(language: Language) -> Iterator[None]:
    """Say what a guard refuses by field, in the language of the house."""
    try:
        yield
    except ActRefusedError as error:
        for one in error.refusals:
            say(f"{one.field}: {reason(one.reason, language)}")
        raise


def _tell(done: dict[int, Acted], *, as_json: bool) -> None:
    if as_json:
        items = [{"id": number, **asdict(acted)} for number, acted in done.items()]
        write(dump_json({"items": items}), None)
        return
    for number, acted in done.items():
        say(f"item {number} is {acted.state} at version {acted.version}, event {acted.event}")
