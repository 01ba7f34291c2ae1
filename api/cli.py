"""The command line: ``guatu``."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.commands import (
    answers,
    auditing,
    basemap,
    checking,
    cities,
    deadlines,
    demo,
    documents,
    draws,
    exporting,
    grids,
    handovers,
    health,
    importing,
    items,
    pages,
    posters,
    publishing,
    serving,
    stores,
    submissions,
    unplaced,
    working,
)
from api.commands.terminal import say
from api.settings import Settings
from geo.errors import GuatuError


class Commands(TyperGroup):
    """Commands whose refusals are one clear line, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what Guatu refuses on purpose ends with exit code 1."""
        try:
            return super().invoke(ctx)
        except GuatuError as error:
            say(f"guatu: {error}")
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Hang the map of a city safety campaign on the wall, and keep it true.",
)


@app.callback()
def choose(
    context: typer.Context,
    city: Annotated[
        str | None, typer.Option(help="Which city of the private cluster; default the last loaded.")
    ] = None,
) -> None:
    """Read the environment once, for whichever command follows."""
    settings = Settings()
    context.obj = settings if city is None else settings.model_copy(update={"city": city})


for command in (
    cities.init,
    demo.demo,
    serving.serve,
    working.worker,
    health.doctor,
    answers.coverage,
    answers.hotspots,
    answers.outages,
    answers.rectifications,
    checking.check,
    handovers.handovers,
    documents.bulletin,
    documents.lists,
    exporting.export,
    exporting.template,
    exporting.form,
    health.bench,
):
    app.command()(command)
app.command("import")(importing.import_ledger)
app.command("map")(pages.draw)
app.command()(posters.poster)
app.command()(basemap.basemap)
app.add_typer(grids.app, name="grid")
app.add_typer(unplaced.app, name="unplaced")
app.add_typer(stores.app, name="db")
app.add_typer(publishing.app, name="publication")
app.add_typer(auditing.app, name="audit")
app.add_typer(items.app, name="item")
app.add_typer(deadlines.app, name="deadline")
app.add_typer(submissions.app, name="submission")
app.add_typer(draws.app, name="draw")


def main() -> None:
    """Run the command line."""
    app()
