"""guatu export, template and form: ledgers out of the store, and blank ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api.blanks import fill, template_of
from api.commands.options import AsOfOption, LanguageOption, settings_of
from api.commands.terminal import progress, say, write
from api.errors import UnreadableFileError
from api.exporting import FILE_FORMATS, LedgerKind, export_ledger
from api.store import connected, open_store
from data.engine import snapshot
from data.exporters import ExportWish
from data.importers.files import read_bytes
from data.scope import WHOLE_CITY
from geo.errors import GuatuError

KindArgument = Annotated[LedgerKind, typer.Argument(help="Which ledger.")]
PersonalOption = Annotated[
    bool, typer.Option("--personal", help="Phones and legal persons unmasked.")
]
SourceOption = Annotated[str | None, typer.Option(help="Only the ledger of this source.")]


def export(
    context: typer.Context,
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(help=f"Ends in {', '.join(FILE_FORMATS)} (Shapefile).")],
    *,
    as_of: AsOfOption = None,
    lang: LanguageOption = None,
    source: SourceOption = None,
    grid: Annotated[str | None, typer.Option(help="Code of the grid (grids only).")] = None,
    personal: PersonalOption = False,
) -> None:
    """Write a ledger to a file that `guatu import` takes back without a change."""
    if file.suffix.lower() not in FILE_FORMATS:
        known = ", ".join(FILE_FORMATS)
        raise UnreadableFileError(f"{file}: the ending is none of {known}")
    settings = settings_of(context)
    wish = ExportWish(kind, lang or settings.language, as_of, source, grid, personal)
    with (
        connected(open_store(settings)) as engine,
        snapshot(engine) as session,
        progress() as step,
        _writing(file),
    ):
        step(f"writing {file.name}")
        n_rows = export_ledger(session, WHOLE_CITY, wish, file)
    say(f"{file}: {n_rows} rows")


def template(
    context: typer.Context,
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(help="The workbook to write.")],
    *,
    lang: LanguageOption = None,
) -> None:
    """Write a blank ledger to be filled in: headings, words to choose from, explanations."""
    write(template_of(kind, lang or settings_of(context).language), file)
    say(f"{file} is written")


def form(
    context: typer.Context,
    kind: KindArgument,
    blank: Annotated[Path, typer.Argument(help="The blank form, an .xlsx workbook.")],
    out: Annotated[Path, typer.Argument(help="The filled form to write.")],
    *,
    as_of: AsOfOption = None,
    lang: LanguageOption = None,
    source: SourceOption = None,
    personal: PersonalOption = False,
) -> None:
    """Fill in a superior's blank form by its own headings."""
    settings = settings_of(context)
    content = read_bytes(blank)
    wish = ExportWish(kind, lang or settings.language, as_of, source, personal=personal)
    with connected(open_store(settings)) as engine, snapshot(engine) as session:
        filled = fill(session, WHOLE_CITY, wish, blank.name, content)
    write(filled.content, out)
    say(f"{out}: {filled.n_rows} rows")
    if filled.blank:
        say(f"left blank, not understood: {', '.join(filled.blank)}")


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Leave no half of a file behind, and say why it cannot be written."""
    try:
        yield
    except OSError as error:
        raise UnreadableFileError(f"{file}: {error.strerror}") from error
    except GuatuError:
        file.unlink(missing_ok=True)
        raise
