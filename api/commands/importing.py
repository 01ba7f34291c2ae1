"""guatu import: ledgers into the store, all of a file or nothing."""

import json
from dataclasses import asdict, dataclass
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


KindArgument = Annotated[Kind, typer.Argument(help="What the rows are; undo takes a batch back.")]
FileArgument = Annotated[
    Path,
    typer.Argument(help="A workbook, CSV, GeoJSON …; for osm an .osm.pbf; for undo a batch."),
]
SourceOption = Annotated[str | None, typer.Option(help="Whose ledger it is.")]
DatumOption = Annotated[
    str | None,
    typer.Option(help="gcj02, bd09, wgs84, cgcs2000 or EPSG:n; default what the file says."),
]
GridOption = Annotated[str | None, typer.Option(help="Code of the grid (grids only).")]
GridNameOption = Annotated[str | None, typer.Option(help="Its name (grids only).")]
GridKindOption = Annotated[
    Literal["administrative", "management"], typer.Option(help="What it is (grids only).")
]
PrecedenceOption = Annotated[
    str | None, typer.Option(help="Cells that keep overlaps, first to last: A,B (grids only).")
]
MappingOption = Annotated[
    Path | None,
    typer.Option("--map", help="JSON object: field → heading in the file, or null."),
]
SheetOption = Annotated[str | None, typer.Option(help="Sheet or layer of the file.")]
HeadingRowOption = Annotated[
    int | None, typer.Option(min=1, help="Row of the headings, where it is not found.")
]
YearOption = Annotated[
    int | None, typer.Option(min=1800, max=2199, help="Of dates that have none.")
]
StatedTotalOption = Annotated[
    list[str] | None, typer.Option(help="Compared with the rows: 396=57+339, count:396.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Check and count only.")]
AcceptGoodOption = Annotated[
    bool, typer.Option("--accept-good", help="Import good rows, keep the others to correct.")
]
MarkedOption = Annotated[
    Path | None, typer.Option("--report", help="Your workbook, refused cells marked.")
]


def import_ledger(
    context: typer.Context,
    kind: KindArgument,
    file: FileArgument,
    *,
    source: SourceOption = None,
    datum: DatumOption = None,
    grid: GridOption = None,
    grid_name: GridNameOption = None,
    grid_kind: GridKindOption = "administrative",
    mapping: MappingOption = None,
    sheet: SheetOption = None,
    heading_row: HeadingRowOption = None,
    year: YearOption = None,
    stated_total: StatedTotalOption = None,
    precedence: PrecedenceOption = None,
    dry_run: DryRunOption = False,
    accept_good: AcceptGoodOption = False,
    marked: MarkedOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a ledger in: all of it, or nothing when one of its rows is refused."""
    if kind == "undo":
        _undo(settings_of(context), file, as_json=as_json)
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
    asked = _Asked(kind, file, options, settings_of(context))
    _tell(_bring(asked, marked, as_json=as_json).as_dict(), as_json=as_json)


@dataclass(frozen=True)
class _Asked:
    """A file to be brought in, and how."""

    kind: Kind
    file: Path
    options: ImportOptions
    settings: Settings


def _bring(asked: _Asked, marked: Path | None, *, as_json: bool) -> ImportReport:
    """Import, and say what is wrong with the rows where some are refused."""
    with connected(_store(asked.settings)) as engine:
        _say_founding(engine, asked.settings)
        try:
            report = _import(engine, asked)
        except ImportRejectedError as error:
            _mark(marked, asked, error.report)
            _tell_refusal(error, as_json=as_json)
            raise
        _mark(marked, asked, report)
    return report


def _import(engine: Engine, asked: _Asked) -> ImportReport:
    founding = _founding(asked.settings)
    with progress() as begin:

        def step(name: str) -> None:
            begin(f"{asked.file.name}: {name}")

        begin(asked.file.name)
        if asked.kind == "osm":
            return import_osm(engine, asked.file, asked.options, founding)
        return import_file(engine, asked.kind, asked.file, asked.options, step, founding)


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


def _mark(out: Path | None, asked: _Asked, report: ImportReport | None) -> None:
    """Give the file back with what is wrong in it marked, where that was asked for."""
    if out is None or report is None or not report.errors:
        return
    errors = [asdict(error) for error in report.errors]
    name, content = shown_name(asked.file.name), read_bytes(asked.file)
    upload = Upload(asked.kind, name, content, asked.options)
    write(mark_upload(upload, errors, asked.settings.language), out)
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


def _read_mapping(file: Path) -> dict[str, str | None]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFileError(f"{file}: not a JSON object of field and heading") from error
    if not isinstance(found, dict) or not all(
        isinstance(one, str | None) for one in found.values()
    ):
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
