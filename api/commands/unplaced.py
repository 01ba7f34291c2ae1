"""guatu unplaced: rows that wait for a place, what may be meant, and the place a person gives."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from api.commands.options import JsonOption, settings_of
from api.commands.terminal import say, show_facts, show_rows, write
from api.presenting import dump_json
from api.schemas import PointKind
from api.store import connected, open_store
from data import locating
from data.engine import snapshot
from data.importers import ImportOptions
from data.locating import Spot
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

PAGE = 1_000

app = typer.Typer(no_args_is_help=True, help="Rows without a place: list, look around, place.")

KindArgument = Annotated[PointKind, typer.Argument(help="Which ledger.", show_default=False)]
CodeArgument = Annotated[str, typer.Argument(help="Code of the row.", show_default=False)]
SourceOption = Annotated[str | None, typer.Option(help="Of which source, where several have it.")]


def _spot(value: str) -> Spot:
    try:
        x, y = map(float, value.split(","))
    except ValueError as error:
        raise typer.BadParameter("not LON,LAT (113.625,34.746)") from error
    return Spot(x, y)


AtOption = Annotated[
    Spot | None,
    typer.Option("--at", parser=_spot, metavar="LON,LAT", help="Degrees, or metres east, north."),
]


@app.command("list")
def list_rows(
    context: typer.Context,
    kind: Annotated[PointKind | None, typer.Argument(help="Default: how many of each.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List the rows of a kind that wait for a place, with the words that may name it."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        counts = locating.count_unplaced(session, WHOLE_CITY)
        found: list[dict[str, Any]] = []
        while kind and (
            page := locating.unplaced(
                session, WHOLE_CITY, kind, PAGE, found[-1]["id"] if found else 0
            )
        ):
            found += page
    if as_json:
        write(dump_json({"kind": kind, "items": found} if kind else counts), None)
    elif kind:
        rows = [{name: row[name] for name in ("source", "code", "said")} for row in found]
        show_rows(f"{kind}: {len(found)} rows wait for a place", rows)
    else:
        show_facts(counts)


@app.command()
def offers(
    context: typer.Context,
    kind: KindArgument,
    code: CodeArgument,
    source: SourceOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List what has a name most like the words of a row, and where it lies."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        number = locating.waiting(session, kind, code, source)
        found = locating.offers(session, WHOLE_CITY, kind, number)
    if as_json:
        write(dump_json({"kind": kind, "code": code, "items": list(map(asdict, found))}), None)
        return
    rows = [
        {
            "offer": at,
            "thing": one.thing,
            "code": one.code,
            "name": one.name,
            "likeness": one.likeness,
            "at": f"{one.lon:.6f},{one.lat:.6f}",
        }
        for at, one in enumerate(found, start=1)
    ]
    show_rows(f"{kind} {code}: {len(rows)} offers", rows)


@app.command()
def place(
    context: typer.Context,
    kind: KindArgument,
    code: CodeArgument,
    at: AtOption = None,
    offer: Annotated[int | None, typer.Option(min=1, help="Where that offer lies.")] = None,
    datum: Annotated[str, typer.Option(help="Datum of --at, as in an import.")] = "wgs84",
    source: SourceOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Give a row a place: a spot, or that of an offer; what follows from it is done at once."""
    if (at is None) == (offer is None):
        raise typer.BadParameter("give either --at or --offer")
    with connected(open_store(settings_of(context))) as engine:
        with snapshot(engine) as session:
            number = locating.waiting(session, kind, code, source)
            found = [] if at else locating.offers(session, WHOLE_CITY, kind, number)
        spot = Spot(at.x, at.y, datum) if at else _of_offer(found, offer or 0)
        locating.place_row(engine, kind, number, spot, ImportOptions().actor)
    if as_json:
        write(dump_json({"kind": kind, "code": code, **asdict(spot)}), None)
    else:
        say(f"{kind} {code} lies at {spot.x:.6f},{spot.y:.6f} ({spot.datum})")


def _of_offer(found: list[locating.Offer], offer: int) -> Spot:
    if offer > len(found):
        raise WrongValueError(f"offer {offer}: there are {len(found)}")
    return Spot(found[offer - 1].lon, found[offer - 1].lat)
