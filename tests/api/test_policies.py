import pytest
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient

from api.deps import Reads
from api.errors import UndeclaredPolicyError
from api.policies import ANYONE, Reader, check_policies


def test_a_route_without_policy_stops_the_start() -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/leak")
    def leak() -> str:
        return "everything"

    with pytest.raises(UndeclaredPolicyError, match="/leak"):
        check_policies(app.routes)


def test_a_route_that_writes_with_the_policy_of_reading_stops_the_start() -> None:
    app = FastAPI(openapi_url=None)

    @app.post("/erase")
    def erase(_scope: Reader) -> str:
        return "everything"

    with pytest.raises(UndeclaredPolicyError, match="/erase"):
        check_policies(app.routes)


def test_a_route_without_policy_is_found_inside_an_included_router() -> None:
    router = APIRouter(prefix="/inner")

    @router.get("/leak")
    def leak() -> str:
        return "everything"

    app = FastAPI(openapi_url=None)
    app.include_router(router)
    with pytest.raises(UndeclaredPolicyError, match="/inner/leak"):
        check_policies(app.routes)


def test_an_unknown_mount_stops_the_start() -> None:
    app = FastAPI(openapi_url=None)
    app.mount("/files", StaticFiles(directory="/"))
    with pytest.raises(UndeclaredPolicyError, match="/files"):
        check_policies(app.routes)


def test_a_policy_may_be_declared_directly_or_through_what_the_route_depends_on() -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/direct")
    def direct(reader: Reader) -> str:
        return reader.key

    @app.get("/through")
    def through(reads: Reads) -> str:
        return reads.scope.key

    @app.get("/open", dependencies=[ANYONE])
    def open_to_all() -> str:
        return "ok"

    check_policies(app.routes)
    assert TestClient(app).get("/direct").json() == "city"
