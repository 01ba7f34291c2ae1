"""guatu import: ledgers into the store, all of a file or nothing."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from sqlalchemy import Engine

from api.commands.cities import DEFAULT_TIMEZONE, OWN_CITY
from api.commands.options import JsonOption, settings_of
from api.commands.terminal import progress, say, show_facts, write
from api.errors import UnreadableFileError
from api.presenting import dump_json
from api.settings import Settings
from api.store import Store, connected, make_store, open_store
from data.cities import create_city, the_city
from data.engine import transaction
from data.errors import ImportRejectedError, NoCityError
from data.importers import ImportOptions, ImportReport, import_file
from data.importers.osm import import_osm

Kind = Literal[
    "grids",
    "units",
    "inspections",
    "hazards",
    "segments",
    "lamps",
    "boxes",
    "outages",
    "rectifications",
    "osm",
]
MAX_TOLD = 20


def import_ledger(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="What the rows are.")],
    file: Annotated[Path, typer.Argument(help="CSV, GeoJSON or, for osm, an .osm.pbf extract.")],
    *,
    source: Annotated[str | None, typer.Option(help="Whose ledger it is.")] = None,
    datum: Annotated[
        str | None,
        typer.Option(help="gcj02, bd09, wgs84, cgcs2000 or EPSG:n; default what the file says."),
    ] = None,
    grid: Annotated[str | None, typer.Option(help="Code of the grid (grids only).")] = None,
    grid_name: Annotated[str | None, typer.Option(help="Its name (grids only).")] = None,
    grid_kind: Annotated[
        Literal["administrative", "management"], typer.Option(help="What it is (grids only).")
    ] = "administrative",
    mapping: Annotated[
        Path | None, typer.Option("--map", help="JSON object: field → heading in the file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring a ledger in. Nothing of a file is kept when one of its rows is refused."""
    options = ImportOptions(
        source=source or ("osm" if kind == "osm" else "ledger"),
        datum=datum,
        grid=grid,
        grid_name=grid_name,
        grid_kind=grid_kind,
        mapping=None if mapping is None else _read_mapping(mapping),
        dry_run=dry_run,
    )
    settings = settings_of(context)
    with connected(_store(settings)) as engine:
        _ensure_city(engine, settings)
        report = _import(engine, kind, file, options, as_json=as_json)
    _tell(report.as_dict(), as_json=as_json)


def _import(
    engine: Engine, kind: Kind, file: Path, options: ImportOptions, *, as_json: bool
) -> ImportReport:
    try:
        with progress() as step:
            step(f"reading {file.name}")
            if kind == "osm":
                return import_osm(engine, file, options)
            return import_file(engine, kind, file, options)
    except ImportRejectedError as error:
        _tell_refusal(error, as_json=as_json)
        raise


def _store(settings: Settings) -> Store:
    try:
        return open_store(settings)
    except NoCityError:
        return make_store(settings, settings.city or OWN_CITY)


def _ensure_city(engine: Engine, settings: Settings) -> None:
    with transaction(engine) as session:
        try:
            the_city(session)
        except NoCityError:
            code = settings.city or OWN_CITY
            create_city(session, code, name=code, timezone=DEFAULT_TIMEZONE)
            say(f"the store is empty: a city {code!r} in {DEFAULT_TIMEZONE} is made")


def _read_mapping(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFileError(f"{file}: not a JSON object of field and heading") from error
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise UnreadableFileError(f"{file}: not a JSON object of field and heading")
    return found


def _tell_refusal(error: ImportRejectedError, *, as_json: bool) -> None:
    if error.report is None:
        return
    if as_json:
        write(dump_json(error.report.as_dict()), None)
        return
    for found in error.report.errors[:MAX_TOLD]:
        where = f"row {found.row}" if found.field is None else f"row {found.row}, {found.field}"
        say(f"{where}: {found.reason}")


def _tell(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        write(dump_json(report), None)
        return
    show_facts({name: value for name, value in report.items() if not isinstance(value, list)})
    for warning in report["warnings"]:
        say(f"warning: {warning['message']}")
