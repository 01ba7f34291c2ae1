"""Every error class with the HTTP status it answers with, as problem+json (RFC 9457)."""

import logging
import re
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, cast, get_args
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.errors import (
    ActRefusedError,
    ClusterError,
    DependentRowsError,
    ExportRefusedError,
    ImportRejectedError,
    NoCityError,
    NotFoundError,
    OtherCityError,
    OvertakenError,
    SampleMissingError,
    SchemaRevisionError,
    StillWrittenError,
    StoreError,
    UnreadableAnchorsError,
    WrongStateError,
)
from geo.errors import (
    GuatuError,
    MissingColumnError,
    WrongCrsError,
    WrongGeometryError,
    WrongValueError,
)
from maps.assets import MissingAssetError
from maps.posters import DrawingBusyError
from maps.sheets.errors import TableLimitError, UnusableFormError
from maps.words import Language, UnknownWordError, reason

log = logging.getLogger("guatu")

MAX_ERRORS = 20
MAX_DETAIL = 500


class UndeclaredPolicyError(GuatuError):
    """A route does not say who may read it."""


class ForeignPageError(GuatuError):
    """A page of another host asked for something to be written."""


class OpenHostError(GuatuError):
    """The server was asked to listen beyond this machine before accounts exist."""


class PortTakenError(GuatuError):
    """Another program listens on the port."""


class UnreadableFileError(GuatuError):
    """A file named on the command line cannot be read or written."""


class FileTooLargeError(GuatuError):
    """A file would be too large to be opened well."""


STATUS: dict[type[GuatuError], int] = {
    GuatuError: 400,
    ForeignPageError: 403,
    NotFoundError: 404,
    DependentRowsError: 409,
    OtherCityError: 409,
    OvertakenError: 409,
    StillWrittenError: 409,
    ExportRefusedError: 422,
    FileTooLargeError: 422,
    WrongStateError: 409,
    ActRefusedError: 422,
    ImportRejectedError: 422,
    MissingColumnError: 422,
    SampleMissingError: 422,
    TableLimitError: 422,
    UnreadableFileError: 422,
    UnusableFormError: 422,
    WrongCrsError: 422,
    WrongGeometryError: 422,
    WrongValueError: 422,
    MissingAssetError: 500,
    OpenHostError: 500,
    PortTakenError: 500,
    UndeclaredPolicyError: 500,
    UnreadableAnchorsError: 500,
    UnknownWordError: 500,
    ClusterError: 503,
    DrawingBusyError: 503,
    NoCityError: 503,
    SchemaRevisionError: 503,
    StoreError: 503,
}
"""One line for each class; a class of one's own takes the line of its nearest parent."""


class ProblemResponse(JSONResponse):
    """An answer that says what went wrong."""

    media_type = "application/problem+json"


def status_of(error: GuatuError) -> int:
    """Return the HTTP status of `error`, from its own line or that of its nearest parent."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(status: int, name: str, detail: str, **more: Any) -> ProblemResponse:
    """Return a problem document whose type is the stable `name`."""
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    body = {
        "type": f"urn:guatu:problem:{name}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail[:MAX_DETAIL],
        **more,
    }
    return ProblemResponse(body, status, headers)


class LastResort:
    """Answer with an id where nothing else answers, and log what happened once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a failure after the answer has begun can only be passed up."""
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await _failed(error)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Answer every failure of `app` with a problem document."""
    app.add_exception_handler(GuatuError, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _http)
    for kind in (OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(kind, _no_store)
    app.add_middleware(LastResort)


def _name(error: Exception) -> str:
    words = re.findall(r"[A-Z][a-z]*", type(error).__name__.removesuffix("Error"))
    return "-".join(words).lower()


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, GuatuError):
        return _failed(error)
    status = status_of(error)
    if isinstance(error, ImportRejectedError):
        return problem(status, _name(error), str(error), **_told(error))
    if isinstance(error, ActRefusedError):
        language = _language(request)
        told = [asdict(one) | {"text": reason(one.reason, language)} for one in error.refusals]
        return problem(status, _name(error), str(error), errors=told)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, NoCityError):
        return problem(status, _name(error), str(error))
    return _failed(error) if status == HTTPStatus.INTERNAL_SERVER_ERROR else _unavailable(error)


def _language(request: Request) -> Language:
    """Return the language that the reader asks for, or else that of the house."""
    asked = request.query_params.get("lang")
    house: Language = request.app.state.language
    return cast("Language", asked) if asked in get_args(Language) else house


def _told(error: ImportRejectedError) -> dict[str, Any]:
    """Return the report of a refused file, with its first errors only."""
    if error.report is None:
        return {}
    told = error.report.as_dict()
    return {"report": {**told, "errors": told["errors"][:MAX_ERRORS]}}


def _not_understood(_request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    # What was sent is not sent back: 60 MB of nonsense would come home as 180 MB.
    told = [{"loc": [*map(str, e["loc"])], "message": e["msg"]} for e in found[:MAX_ERRORS]]
    return problem(422, "not-understood", f"{len(found)} parameters are wrong.", errors=told)


def _http(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return _failed(error)
    answer = problem(error.status_code, "http", str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def _no_store(_request: Request, error: Exception) -> Response:
    return _unavailable(error)


def _unavailable(error: Exception) -> Response:
    number = _log(error)
    return problem(503, "unavailable", "The store cannot answer right now.", id=number)


def _failed(error: Exception) -> Response:
    number = _log(error)
    return problem(500, "failed", "Something went wrong; the log has it by this id.", id=number)


def _log(error: Exception) -> str:
    number = uuid4().hex[:12]
    log.error("%s: %s", number, type(error).__name__, exc_info=error)
    return number
