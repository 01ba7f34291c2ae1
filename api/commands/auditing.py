"""guatu audit: whether the chain of events is whole."""

from dataclasses import asdict

import typer

from api.commands.options import JsonOption, settings_of
from api.commands.terminal import say, show_rows, write
from api.presenting import dump_json
from api.store import anchors_folder, connected, open_store
from data.auditing import Anchors, verify
from data.engine import snapshot

app = typer.Typer(no_args_is_help=True, help="The chain of events: verify, anchor.")


@app.command("verify")
def verify_chain(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Find what was edited, removed, put elsewhere or cut off; end with 1 when anything was."""
    settings = settings_of(context)
    with connected(open_store(settings)) as engine:
        # Read first: what is anchored from now on is in the snapshot or not looked for.
        with snapshot(engine) as session:
            anchors = Anchors(anchors_folder(settings), session)
            known = anchors.read()
        with snapshot(engine) as session:
            found = verify(session, known)
            if found.is_whole:
                anchors.add(session)
    if as_json:
        write(dump_json({**asdict(found), "is_whole": found.is_whole}), None)
    else:
        show_rows(
            f"{found.n_events} events, {found.n_anchors} anchors,"
            f" {'whole' if found.is_whole else 'NOT whole'}",
            [asdict(fault) for fault in found.faults],
        )
    if not found.is_whole:
        raise typer.Exit(1)


@app.command()
def anchor(context: typer.Context) -> None:
    """Write the last event and its hash into a file outside the database."""
    settings = settings_of(context)
    with connected(open_store(settings)) as engine, snapshot(engine) as session:
        added = Anchors(anchors_folder(settings), session).add(session)
    say("nothing to anchor" if added is None else f"anchored event {added.event}")
