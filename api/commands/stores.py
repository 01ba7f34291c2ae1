"""guatu db: the private cluster and the schema."""

from dataclasses import asdict

import typer

from api.commands.options import JsonOption, settings_of
from api.commands.terminal import say, show_facts, write
from api.presenting import dump_json
from api.store import open_store, private_cluster, started_cluster

app = typer.Typer(no_args_is_help=True, help="The store: start, stop, status, upgrade, url.")


@app.command()
def start(context: typer.Context) -> None:
    """Start the private cluster, made at the first start."""
    started_cluster(settings_of(context))
    say("the private cluster is running")


@app.command()
def stop(context: typer.Context) -> None:
    """Stop the private cluster."""
    private_cluster(settings_of(context)).stop()
    say("the private cluster is stopped")


@app.command()
def status(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Say whether the private cluster runs, and where."""
    found = asdict(private_cluster(settings_of(context)).status())
    if as_json:
        write(
            dump_json(
                {**found, "home": str(found["home"]), "socket_dir": str(found["socket_dir"])}
            ),
            None,
        )
    else:
        show_facts(found)


@app.command()
def upgrade(context: typer.Context) -> None:
    """Bring the store to the newest schema."""
    open_store(settings_of(context))
    say("the store is at the newest schema")


@app.command()
def url(context: typer.Context) -> None:
    """Print the SQLAlchemy URL of the store."""
    typer.echo(open_store(settings_of(context)).url)
