"""Ledgers in: a file is sent and previewed, checked, imported, corrected, taken back."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy import Engine

from api.caching import uncached
from api.deps import Reads
from api.marking import mark_upload
from api.paging import LARGEST_ID, After, Limit, Number, page_of
from api.policies import Writer
from api.presenting import FORMATS
from api.schemas import (
    IMPORT_PROBLEMS,
    DiscardReason,
    ImportChanges,
    ImportErrors,
    ImportList,
    ImportOrdered,
    ImportPreview,
    ImportState,
    ImportUndone,
    ImportWish,
    RowCorrected,
    RowTexts,
    UploadAsked,
    WaitingRows,
)
from data.importers import ImportOptions
from data.importers.batches import find_batch, list_batches, upload_of
from data.importers.importing import STEPS
from data.importers.kept_rows import list_errors
from data.importers.previewing import Preview
from data.importers.undoing import undo_batch
from data.importers.upload import Upload, shown_name
from data.importers.uploads import ask_again, order, receive
from data.importers.waiting import correct_row, discard_row, waiting_rows
from data.models import ImportBatch
from maps.words import Language, text

Before = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]

MAX_MARKED = 200_000

router = APIRouter(prefix="/api/v1/imports", tags=["imports"], responses=IMPORT_PROBLEMS)


@router.post("", status_code=201, response_model=ImportPreview)
def upload(
    request: Request,
    actor: Writer,
    asked: Annotated[UploadAsked, Form(media_type="multipart/form-data")],
) -> Response:
    """Keep a file and return what it seems to hold; nothing of it is stored yet."""
    chosen = asked.model_dump(exclude={"file", "kind"}, exclude_none=True)
    name = shown_name(asked.file.filename or "")
    options = ImportOptions(**chosen, actor=actor)
    sent = Upload(asked.kind, name, asked.file.file.read(), options)
    batch, seen = receive(_engine(request), sent)
    return uncached(_previewed(batch, sent, seen), 201)


@router.get("", response_model=ImportList)
def imports(reading: Reads, limit: Limit = 100, before: Before = None) -> Response:
    """Return the latest imports first."""
    found = [_state(batch) for batch in list_batches(reading.session, limit, before)]
    return uncached(page_of(reading.request, found, limit, "before"))


@router.get("/{number}", response_model=ImportState)
def status(reading: Reads, number: Number) -> Response:
    """Return how far an import is, and what became of it."""
    return uncached(_state(find_batch(reading.session, number)))


@router.patch("/{number}", response_model=ImportPreview)
def change(request: Request, actor: Writer, number: Number, changes: ImportChanges) -> Response:
    """Ask for a kept file in another way: another sheet, mapping, datum or source."""
    asked = changes.model_dump(exclude_unset=True)
    if asked:
        asked["actor"] = actor
    sent, seen = ask_again(_engine(request), number, asked)
    return uncached(_previewed(number, sent, seen))


@router.post("/{number}/check", status_code=202, response_model=ImportOrdered)
def check(request: Request, _actor: Writer, number: Number) -> Response:
    """Let a worker find out what an import would do; nothing is stored."""
    job = order(_engine(request), number, "check")
    return uncached({"id": number, "state": "checking", "job": job}, 202)


@router.post("/{number}/import", status_code=202, response_model=ImportOrdered)
def start(request: Request, _actor: Writer, number: Number, wish: ImportWish) -> Response:
    """Let a worker import the file: all of it, or its good rows."""
    job = order(_engine(request), number, "import", accept_good=wish.accept_good)
    return uncached({"id": number, "state": "importing", "job": job}, 202)


@router.post("/{number}/undo", response_model=ImportUndone)
def undo(request: Request, actor: Writer, number: Number) -> Response:
    """Take an import back: what was new goes, what was changed becomes what it was."""
    undone = undo_batch(_engine(request), number, actor)
    return uncached({"id": number, "state": "undone", **asdict(undone)})


@router.get("/{number}/errors", response_model=ImportErrors)
def errors(reading: Reads, number: Number, limit: Limit = 100, after: After = 0) -> Response:
    """Return what is wrong with rows of the file, one field of one row each."""
    find_batch(reading.session, number)
    found = list_errors(reading.session, number, limit, after)
    return uncached(page_of(reading.request, found, limit))


@router.get("/{number}/rows", response_model=WaitingRows)
def waiting(reading: Reads, number: Number, limit: Limit = 100, after: After = 0) -> Response:
    """Return the rows that wait to be corrected, each with its texts and what is wrong."""
    find_batch(reading.session, number)
    found = waiting_rows(reading.session, number, limit, after)
    rows = [{"id": row["row"], **row} for row in found]
    return uncached(page_of(reading.request, rows, limit))


@router.post("/{number}/rows/{row}/correct", response_model=RowCorrected)
def correct(
    request: Request, actor: Writer, number: Number, row: Number, texts: RowTexts
) -> Response:
    """Give a waiting row other texts; what is not named stays. A good one is imported."""
    done = correct_row(_engine(request), number, row, texts.texts, actor)
    wrong = [asdict(error) for error in done.errors]
    return uncached({"row": row, "imported": done.imported, "errors": wrong})


@router.post("/{number}/rows/{row}/discard", response_model=RowCorrected)
def discard(
    request: Request, actor: Writer, number: Number, row: Number, why: DiscardReason
) -> Response:
    """Give a waiting row up, with the reason."""
    discard_row(_engine(request), number, row, why.reason, actor)
    return uncached({"row": row, "imported": False, "errors": []})


@router.get("/{number}/marked.xlsx", response_class=Response)
def marked(reading: Reads, number: Number, lang: Language | None = None) -> Response:
    """Return the file as a workbook with what is wrong in it marked."""
    upload = upload_of(reading.session, number)
    wrong = list_errors(reading.session, number, MAX_MARKED)
    language = lang or reading.house
    content = mark_upload(upload, wrong, language)
    name = quote(f"{PurePath(upload.name).stem}_{text('sheet.checked', language)}.xlsx")
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename=\"marked.xlsx\"; filename*=UTF-8''{name}",
    }
    return Response(content, headers=headers, media_type=FORMATS["xlsx"].media_type)


def _engine(request: Request) -> Engine:
    """Return connections whose statements may take as long as they need."""
    engine: Engine = request.app.state.patient_engine
    return engine


def _previewed(number: int, sent: Upload, seen: Preview) -> Mapping[str, Any]:
    return {
        "id": number,
        "kind": sent.kind,
        "state": "previewed",
        "file_name": sent.name,
        "source": sent.options.source,
        "datum": sent.options.datum,
        **seen.as_dict(),
    }


def _state(batch: ImportBatch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "kind": batch.kind,
        "state": batch.state,
        "file_name": batch.file_name,
        "source": batch.source,
        "datum": batch.options.get("datum"),
        "actor": batch.actor,
        "received_at": batch.received_at.isoformat(),
        "imported_at": None if batch.imported_at is None else batch.imported_at.isoformat(),
        "duplicate_of": batch.duplicate_of,
        "progress": {"step": None, "done": 0, "total": len(STEPS), **batch.progress},
        "report": batch.report,
    }
