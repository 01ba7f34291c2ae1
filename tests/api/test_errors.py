from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import FastAPI, Query
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

import api.errors
from api.errors import MAX_ERRORS, STATUS, problem, status_of
from data.errors import NotFoundError, StoreError
from geo.errors import GuatuError, WrongValueError
from maps.words import UnknownWordError


def family(error: type[GuatuError]) -> set[type[GuatuError]]:
    return {error}.union(*(family(child) for child in error.__subclasses__()))


def client_that_fails_with(error: Exception) -> TestClient:
    app = FastAPI()

    @app.get("/")
    def fail() -> None:
        raise error

    api.errors.install(app)
    return TestClient(app)


def test_every_error_of_the_family_has_its_own_line_in_the_table() -> None:
    ours = {error for error in family(GuatuError) if not error.__module__.startswith("test")}
    assert ours == set(STATUS)


def test_a_child_takes_the_line_of_its_nearest_parent() -> None:
    class NoSuchLampError(NotFoundError):
        pass

    assert status_of(NoSuchLampError()) == STATUS[NotFoundError]


def test_a_refusal_is_a_problem_document_that_says_why() -> None:
    answer = client_that_fails_with(WrongValueError("window: 0 days")).get("/")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "window: 0 days"
    assert answer.json()["type"] == "urn:guatu:problem:wrong-value"


def test_a_very_long_reason_is_cut() -> None:
    answer = client_that_fails_with(WrongValueError("x" * 10_000)).get("/")
    assert len(answer.json()["detail"]) == 500


@pytest.mark.parametrize(
    "error", [KeyError("secret"), RuntimeError("secret"), UnknownWordError("secret")]
)
def test_an_unknown_failure_is_answered_with_an_id_and_logged_with_its_text(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client_that_fails_with(error).get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["id"] in caplog.text
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    "error", [StoreError("/secret/path"), OperationalError("SELECT 1", {}, Exception("secret"))]
)
def test_a_store_that_cannot_be_used_is_503_without_its_text(error: Exception) -> None:
    answer = client_that_fails_with(error).get("/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert "secret" not in answer.text


def test_wrong_parameters_are_named_but_not_sent_back() -> None:
    app = FastAPI()

    @app.get("/")
    def many(n: Annotated[list[int], Query()]) -> list[int]:
        return n

    api.errors.install(app)
    answer = TestClient(app).get("/", params={"n": ["sent-by-reader"] * 50})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == MAX_ERRORS
    assert "sent-by-reader" not in answer.text


def test_an_unknown_address_is_a_problem_document_too() -> None:
    app = FastAPI()
    api.errors.install(app)
    answer = TestClient(app).get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_problem_is_never_stored() -> None:
    assert problem(404, "not-found", "no such cell").headers["cache-control"] == "no-store"


def test_a_failure_after_the_answer_has_begun_is_passed_up() -> None:
    app = FastAPI()

    @app.get("/")
    def begin() -> StreamingResponse:
        def body() -> Iterator[bytes]:
            yield b"half"
            raise KeyError("late")

        return StreamingResponse(body())

    api.errors.install(app)
    with pytest.raises(KeyError, match="late"):
        TestClient(app).get("/")
