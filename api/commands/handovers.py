"""guatu handovers: which streets were built, handed over and accepted, and the evidence."""

from typing import Annotated, Literal

import typer

from api.commands.options import AsOfOption, JsonOption, KnownAtOption, settings_of
from api.commands.terminal import show_facts, show_rows, write
from api.presenting import dump_json
from api.store import connected, open_store
from data.answers.handovers import handovers as register
from data.engine import snapshot
from data.scope import WHOLE_CITY

COLUMNS = ("code", "name", "standing", "built_on", "handed_over_on", "accepted_on", "evidence_file")


def handovers(
    context: typer.Context,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    standing: Annotated[
        Literal["unbuilt", "never_handed_over", "handed_over", "accepted"] | None,
        typer.Option(help="Only segments that stand so."),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say which segments were built, handed over and accepted, and who can show it."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        told = register(session, WHOLE_CITY, as_of, known_at, standing).as_dict()
    if as_json:
        write(dump_json(told), None)
        return
    rows = [{name: row[name] for name in COLUMNS} for row in told["segments"]]
    show_rows("Hand-over register", rows)
    show_facts({**told["totals"], "as_of": told["as_of"]})
