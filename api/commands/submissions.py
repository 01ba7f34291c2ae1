"""guatu submission: who reported for a period, who reported zero, and who did not."""

from datetime import date
from typing import Annotated

import typer

from api.commands.options import AsOfOption, JsonOption, KnownAtOption, day_of, settings_of
from api.commands.terminal import say, show_rows, write
from api.presenting import dump_json
from api.store import connected, open_store
from data.answers import resolve_period
from data.cities import the_city
from data.engine import snapshot, transaction
from data.queries.places import known_moment
from data.queries.reported import submissions
from data.submissions import Report, take_report

app = typer.Typer(
    no_args_is_help=True, help="Who reported for a period, who reported zero, and who did not."
)

ACTOR = "command line"


@app.command("list")
def list_submissions(
    context: typer.Context,
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who reported for a day: 已报, 零报告, 未报. Who never reported at all is not asked."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        period = resolve_period(session, as_of, window_days=1)
        known = known_moment(known_at, the_city(session).timezone)
        found = submissions(session, period, known) or {}
    if as_json:
        write(dump_json({"as_of": period.day.isoformat(), **found}), None)
        return
    rows = [{"party": name, "state": state} for state, names in found.items() for name in names]
    show_rows(f"{period.day}: {len(rows)} parties", rows, all_in="--json")


@app.command("report")
def report(
    context: typer.Context,
    party: Annotated[str, typer.Argument(help="Code of the party that reports.")],
    by: Annotated[str, typer.Option("--by", help="Who took the report, by name.")],
    *,
    first_day: Annotated[
        date | None,
        typer.Option(
            "--on", parser=day_of, metavar="DAY", help="The day reported on; default the city's."
        ),
    ] = None,
    last_day: Annotated[
        date | None,
        typer.Option("--to", parser=day_of, metavar="DAY", help="The last day, of several."),
    ] = None,
    subject: Annotated[str, typer.Option(help="What is reported.")] = "hazards",
    zero: Annotated[bool, typer.Option("--zero", help="Nothing was found.")] = False,
) -> None:
    """Take a report, which counts from now on: days that are over stay without it.

    What was reported of the same period before is kept.
    """
    with connected(open_store(settings_of(context))) as engine, transaction(engine) as session:
        period = resolve_period(session, first_day, window_days=1)
        first, last = period.day, last_day or period.day
        told = Report(party, subject, first, last, is_zero=zero, said_by=by)
        taken = take_report(session, told, ACTOR)
        state, since = taken.state, taken.submitted_at.astimezone(period.zone)
    say(f"{party}, {first} to {last}, {subject}: {state}, since {since:%Y-%m-%d %H:%M}")
