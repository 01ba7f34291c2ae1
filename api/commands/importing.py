"""guatu import: ledgers into the store, all of a file or nothing."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from sqlalchemy import Engine

from api.commands.cities import DEFAULT_TIMEZONE, OWN_CITY
from api.commands.options import JsonOption, settings_of
from api.commands.terminal import progress, say, show_facts, write
from api.errors import UnreadableFileError
from api.marking import mark_upload
from api.presenting import dump_json
from api.settings import Settings
from api.store import Store, connected, make_store, open_store
from data.cities import Founding, has_city
from data.engine import snapshot
from data.errors import ImportRejectedError, NoCityError
from data.importers import ImportOptions, ImportReport, import_file
from data.importers.files import read_bytes
from data.importers.osm import import_osm
from data.importers.undoing import undo_batch
from data.importers.upload import Upload, shown_name

Kind = Literal[
    "grids",
    "units",
    "inspections",
    "hazards",
    "segments",
    "handovers",
    "lamps",
    "boxes",
    "outages",
    "rectifications",
    "osm",
    "undo",
]
MAX_TOLD = 20


def import_ledger(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="What the rows are; undo takes a batch back.")],
    file: Annotated[
        Path,
        typer.Argument(help="A workbook, CSV, GeoJSON …; for osm an .osm.pbf; for undo a batch."),
    ],
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
    sheet: Annotated[str | None, typer.Option(help="Sheet or layer of the file.")] = None,
    heading_row: Annotated[
        int | None, typer.Option(min=1, help="Row of the headings, where it is not found.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(min=1800, max=2199, help="Of dates that have none.")
    ] = None,
    stated_total: Annotated[
        list[str] | None, typer.Option(help="Compared with the rows: 396=57+339, count:396.")
    ] = None,
    precedence: Annotated[
        str | None, typer.Option(help="Cells that keep overlaps, first to last: A,B (grids only).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count only.")] = False,
    accept_good: Annotated[
        bool, typer.Option("--accept-good", help="Import good rows, keep the others to correct.")
    ] = False,
    marked: Annotated[
        Path | None, typer.Option("--report", help="Your workbook, refused cells marked.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a ledger in: all of it, or nothing when one of its rows is refused."""
    settings = settings_of(context)
    if kind == "undo":
        _undo(settings, file, as_json=as_json)
        return
    options = ImportOptions(
        source=source or ("osm" if kind == "osm" else "ledger"),
        datum=datum,
        grid=grid,
        grid_name=grid_name,
        grid_kind=grid_kind,
        mapping=None if mapping is None else _read_mapping(mapping),
        sheet=sheet,
        heading_row=heading_row,
        year=year,
        stated_totals=tuple(stated_total or ()),
        precedence=tuple(code.strip() for code in (precedence or "").split(",") if code.strip()),
        dry_run=dry_run,
        accept_good=accept_good,
    )
    with connected(_store(settings)) as engine:
        _say_founding(engine, settings)
        try:
            report = _import(engine, kind, file, options, settings)
        except ImportRejectedError as error:
            _mark(marked, file, kind, options, error.report, settings)
            _tell_refusal(error, as_json=as_json)
            raise
        _mark(marked, file, kind, options, report, settings)
    _tell(report.as_dict(), as_json=as_json)


def _import(
    engine: Engine, kind: Kind, file: Path, options: ImportOptions, settings: Settings
) -> ImportReport:
    with progress() as begin:

        def step(name: str) -> None:
            begin(f"{file.name}: {name}")

        begin(file.name)
        if kind == "osm":
            return import_osm(engine, file, options, _founding(settings))
        return import_file(engine, kind, file, options, step, _founding(settings))


def _undo(settings: Settings, batch: Path, *, as_json: bool) -> None:
    """Take a batch back; its number stands where a file would."""
    if not str(batch).isdecimal() or int(str(batch)) >= 2**31:
        raise typer.BadParameter(f"{batch} is not the number of a batch")
    with connected(open_store(settings)) as engine, progress() as begin:
        begin(f"undo {batch}")
        undone = undo_batch(engine, int(str(batch)), ImportOptions().actor)
    told = {"batch": int(str(batch)), **asdict(undone)}
    if as_json:
        write(dump_json(told), None)
    else:
        show_facts(told)


def _mark(
    out: Path | None,
    file: Path,
    kind: Kind,
    options: ImportOptions,
    report: ImportReport | None,
    settings: Settings,
) -> None:
    """Give the file back with what is wrong in it marked, where that was asked for."""
    if out is None or report is None or not report.errors:
        return
    errors = [asdict(error) for error in report.errors]
    upload = Upload(kind, shown_name(file.name), read_bytes(file), options)
    write(mark_upload(upload, errors, settings.language), out)
    say(f"{out}: {len({error['row'] for error in errors})} rows are marked")


def _founding(settings: Settings) -> Founding:
    return Founding(settings.city or OWN_CITY, DEFAULT_TIMEZONE)


def _say_founding(engine: Engine, settings: Settings) -> None:
    with snapshot(engine) as session:
        if not has_city(session):
            founding = _founding(settings)
            say(f"the store is empty: a city {founding.code!r} in {founding.timezone} begins it")


def _store(settings: Settings) -> Store:
    try:
        return open_store(settings)
    except NoCityError:
        return make_store(settings, settings.city or OWN_CITY)


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
