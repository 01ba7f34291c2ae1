"""Ledgers as files, blank templates, and the forms of superiors filled in."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Asked, Word
from api.blanks import fill, template_of
from api.deps import Reads, house_language
from api.exporting import FILE_FORMATS, Ending, LedgerKind, export_ledger
from api.policies import ANYONE, Writer
from api.schemas import PROBLEMS, WRITING_PROBLEMS
from data.exporters import ExportWish
from maps.sheets.errors import UnusableFormError
from maps.words import Language

router = APIRouter(prefix="/api/v1", tags=["files"], responses=PROBLEMS)


WORKBOOK = FILE_FORMATS[".xlsx"].media_type
NOT_KEPT = {"Cache-Control": "no-store"}
MAX_FORM_BYTES = 20 * 2**20
MAX_HEADER = 4_000


class TemplateAsked(BaseModel):
    """In which language a blank ledger is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Language | None = None


class ExportAsked(Asked):
    """What leaves the store; phones and legal persons are masked unless `personal` is asked for."""

    source: Word | None = None
    grid: Annotated[Word | None, Field(description="Code of the grid, for grids only.")] = None
    lang: Language | None = None
    personal: bool = False

    def wish(self, kind: str, house: Language) -> ExportWish:
        """Return what is asked of the ledger of `kind`."""
        language = self.lang or house
        return ExportWish(kind, language, self.as_of, self.source, self.grid, self.personal)


def workspace() -> Iterator[Path]:
    """Give a folder that stays until the answer is sent."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


Workspace = Annotated[Path, Depends(workspace)]


@router.get(
    "/exports/{kind}.{ending}",
    response_class=FileResponse,
    responses={200: {"content": {form.media_type: {} for form in FILE_FORMATS.values()}}},
)
def export(
    reading: Reads,
    kind: LedgerKind,
    ending: Ending,
    asked: Annotated[ExportAsked, Query()],
    folder: Workspace,
) -> FileResponse:
    """Return a whole ledger as a file that can be imported again without a change."""
    path = folder / f"{kind}.{ending}"
    export_ledger(reading.session, reading.scope, asked.wish(kind, reading.house), path)
    media_type = FILE_FORMATS[path.suffix].media_type
    return FileResponse(path, media_type=media_type, filename=path.name, headers=NOT_KEPT)


@router.get(
    "/templates/{kind}.xlsx",
    response_class=Response,
    responses={200: {"content": {WORKBOOK: {}}}},
    dependencies=[ANYONE],
)
def template(
    kind: LedgerKind,
    house: Annotated[Language, Depends(house_language)],
    asked: Annotated[TemplateAsked, Query()],
) -> Response:
    """Return a blank ledger to be filled in, with words to choose from and explanations."""
    headers = {"Content-Disposition": f'attachment; filename="{kind}-template.xlsx"'}
    content = template_of(kind, asked.lang or house)
    return Response(content, media_type=WORKBOOK, headers=headers)


@router.post(
    "/forms",
    response_class=Response,
    responses={**WRITING_PROBLEMS, 200: {"content": {WORKBOOK: {}}}},
)
def form(
    reading: Reads,
    _actor: Writer,
    file: UploadFile,
    kind: Annotated[LedgerKind, Form()],
    asked: Annotated[ExportAsked, Query()],
) -> Response:
    """Return a superior's blank form filled in by its own headings.

    The header `Guatu-Blank-Headings` names the columns that stayed blank, percent-encoded and
    parted by commas.
    """
    content = file.file.read(MAX_FORM_BYTES + 1)
    if len(content) > MAX_FORM_BYTES:
        raise UnusableFormError(f"a form may have {MAX_FORM_BYTES >> 20} MB")
    wish = asked.wish(kind, reading.house)
    filled = fill(reading.session, reading.scope, wish, file.filename or "", content)
    told = {"Guatu-Blank-Headings": ",".join(map(quote, filled.blank))[:MAX_HEADER]}
    named = {"Content-Disposition": f'attachment; filename="{kind}-form.xlsx"'}
    return Response(filled.content, media_type=WORKBOOK, headers=NOT_KEPT | told | named)
