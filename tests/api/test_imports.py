"""Ledgers in over HTTP: sent, previewed, checked, imported by a worker."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import URL, Engine, text

from api.app import create_app
from api.schemas import ImportErrors, ImportList, ImportPreview, ImportState, WaitingRows
from api.settings import Settings
from data.cities import create_city
from data.engine import transaction
from data.importers.uploads import carry_out
from data.jobs import work

pytestmark = pytest.mark.db

PATH = "/api/v1/imports"
UNITS = "编号,单位名称,风险等级,lon,lat\nu1,东风饭店,重大,113.6,34.7\nu2,Mill,低,,\n"
BAD = UNITS + "u3,Inn,seven,113.6,34.7\n"

Send = Callable[..., Response]


@pytest.fixture
def client(clean_url: URL, clean_engine: Engine) -> Iterator[TestClient]:
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    settings = Settings(database_url=clean_url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def send(client: TestClient) -> Send:
    def send(content: str, name: str = "units.csv", **fields: str) -> Response:
        files = {"file": (name, content.encode())}
        return client.post(PATH, data={"kind": "units"} | fields, files=files)

    return send


@pytest.fixture
def drain(clean_engine: Engine, apart: Callable[..., object]) -> Callable[[], object]:
    """Do all jobs that wait."""
    task = partial(carry_out, clean_engine)
    return lambda: apart(lambda: work(clean_engine, task, wait=False))


@pytest.fixture
def bring(client: TestClient, send: Send, drain: Callable[[], object]) -> Callable[..., Any]:
    """Send a file, let it be worked on and return its state."""

    def bring(content: str, act: str = "import", **wish: bool) -> dict[str, Any]:
        number = send(content).json()["id"]
        body = {"json": wish} if act == "import" else {}
        assert client.post(f"{PATH}/{number}/{act}", **body).status_code == 202
        drain()
        state: dict[str, Any] = client.get(f"{PATH}/{number}").json()
        return state

    return bring


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_stated_totals_are_compared(
    client: TestClient, send: Send, drain: Callable[[], None]
) -> None:
    number = send(UNITS, stated_totals="3=1+2").json()["id"]  # type: ignore[arg-type]
    client.post(f"{PATH}/{number}/check")
    drain()
    told = client.get(f"{PATH}/{number}").json()["report"]["warnings"]
    assert "stated_total_differs" in [one["code"] for one in told]
    answer = client.patch(f"{PATH}/{number}", json={"stated_totals": ["2"], "precedence": ["a"]})
    assert answer.status_code == 200
    client.post(f"{PATH}/{number}/check")
    drain()
    told = client.get(f"{PATH}/{number}").json()["report"]["warnings"]
    assert "stated_total_differs" not in [one["code"] for one in told]


def test_a_file_is_previewed_before_anything_is_stored(send: Send, clean_engine: Engine) -> None:
    answer = send(UNITS)
    seen = ImportPreview.model_validate_json(answer.content)
    assert (answer.status_code, seen.state, seen.n_rows) == (201, "previewed", 2)
    assert [column["field"] for column in seen.columns] == ["code", "name", "risk", "lon", "lat"]
    assert seen.rows[1] == ["u2", "Mill", "低", None, None]
    assert rows(clean_engine, "SELECT * FROM unit") == []


def test_a_file_that_cannot_be_read_is_refused_and_on_record(
    client: TestClient, send: Send
) -> None:
    answer = send("x", name="units.exe")
    assert (answer.status_code, answer.headers["content-type"]) == (
        422,
        "application/problem+json",
    )
    (item,) = client.get(PATH).json()["items"]
    assert (item["state"], "ending" in item["report"]["message"]) == ("refused", True)


def test_a_check_counts_and_stores_nothing(
    client: TestClient, bring: Callable[..., Any], clean_engine: Engine
) -> None:
    state = bring(BAD, "check")
    report = state["report"]
    assert (state["state"], report["rows"], report["new"], report["refused"]) == (
        "checked",
        3,
        2,
        1,
    )
    assert rows(clean_engine, "SELECT * FROM unit") == []
    found = ImportErrors.model_validate_json(client.get(f"{PATH}/{state['id']}/errors").content)
    assert [(one.row, one.field, one.value) for one in found.items] == [(4, "risk", "seven")]


def test_an_import_is_all_or_nothing(bring: Callable[..., Any], clean_engine: Engine) -> None:
    assert bring(BAD)["state"] == "refused"
    assert rows(clean_engine, "SELECT * FROM unit") == []


def test_the_good_rows_alone_are_imported_when_asked(
    bring: Callable[..., Any], clean_engine: Engine
) -> None:
    state = bring(BAD, accept_good=True)
    ImportState.model_validate(state)
    assert (state["state"], state["report"]["new"], state["report"]["refused"]) == (
        "imported",
        2,
        1,
    )
    assert rows(clean_engine, "SELECT row, state, texts->>'风险等级' FROM import_row") == [
        (4, "waiting", "seven")
    ]


def test_a_waiting_row_is_corrected_or_given_up(
    client: TestClient, bring: Callable[..., Any], clean_engine: Engine
) -> None:
    state = bring(BAD + "u4,Barn,nine,,\n", accept_good=True)
    path = f"{PATH}/{state['id']}/rows"
    listed = WaitingRows.model_validate_json(client.get(path).content)
    assert [row.row for row in listed.items] == [4, 5]
    answer = client.post(f"{path}/4/correct", json={"texts": {"风险等级": "低"}})
    assert answer.json() == {"row": 4, "imported": True, "errors": []}
    assert client.post(f"{path}/5/discard", json={"reason": "twice"}).status_code == 200
    assert client.get(path).json()["items"] == []
    assert rows(clean_engine, "SELECT count(*) FROM unit") == [(3,)]


def test_the_file_comes_back_as_a_marked_workbook(
    client: TestClient, bring: Callable[..., Any]
) -> None:
    answer = client.get(f"{PATH}/{bring(BAD)['id']}/marked.xlsx")
    texts = [
        str(cell.value)
        for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows()
        for cell in row
    ]
    assert "seven" in texts
    assert "filename*=UTF-8''units_" in answer.headers["content-disposition"]


def test_the_same_file_sent_twice_is_a_duplicate(bring: Callable[..., Any]) -> None:
    first, again = bring(UNITS), bring(UNITS)
    assert (first["state"], again["state"]) == ("imported", "refused")
    assert again["duplicate_of"] == first["id"]


def test_an_import_is_undone(
    client: TestClient, bring: Callable[..., Any], clean_engine: Engine
) -> None:
    number = bring(UNITS)["id"]
    answer = client.post(f"{PATH}/{number}/undo")
    assert (answer.json()["state"], answer.json()["removed"]) == ("undone", 2)
    assert rows(clean_engine, "SELECT * FROM unit") == []
    assert client.post(f"{PATH}/{number}/undo").status_code == 409


def test_another_mapping_may_be_asked_for(client: TestClient, send: Send) -> None:
    number = send("No.,Who\nu1,a\n").json()["id"]
    changed = client.patch(f"{PATH}/{number}", json={"mapping": {"code": "No.", "name": "Who"}})
    assert [column["field"] for column in changed.json()["columns"]] == ["code", "name"]


def test_a_batch_under_way_is_not_ordered_again(client: TestClient, send: Send) -> None:
    number = send(UNITS).json()["id"]
    answers = [client.post(f"{PATH}/{number}/check").status_code for _ in range(2)]
    assert answers == [202, 409]


def test_imports_are_listed_page_by_page(client: TestClient, send: Send) -> None:
    numbers = [send(UNITS).json()["id"] for _ in range(3)]
    first = ImportList.model_validate_json(client.get(PATH, params={"limit": 2}).content)
    assert first.next is not None
    second = client.get(first.next).json()
    assert [one.id for one in first.items] + [one["id"] for one in second["items"]] == numbers[::-1]


def test_progress_can_be_followed(bring: Callable[..., Any]) -> None:
    assert bring(UNITS)["progress"] == {"step": "write", "done": 3, "total": 4}


def test_jobs_move_no_revision(bring: Callable[..., Any], clean_engine: Engine) -> None:
    bring(UNITS, "check")
    assert rows(clean_engine, "SELECT sum(value) FROM revision") == [(0,)]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
    ],
)
def test_another_page_may_not_write(client: TestClient, headers: dict[str, str]) -> None:
    files = {"file": ("units.csv", UNITS.encode())}
    answer = client.post(PATH, data={"kind": "units"}, files=files, headers=headers)
    assert answer.status_code == 403


def test_our_own_page_may_write(client: TestClient) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1"}
    files = {"file": ("units.csv", UNITS.encode())}
    answer = client.post(PATH, data={"kind": "units"}, files=files, headers=headers)
    assert answer.status_code == 201


def test_json_must_say_that_it_is_json(client: TestClient, send: Send) -> None:
    number = send(UNITS).json()["id"]
    plain = {"Content-Type": "text/plain"}
    answer = client.post(f"{PATH}/{number}/import", content=b'{"accept_good":true}', headers=plain)
    assert answer.status_code == 422


@pytest.mark.parametrize("path", [f"{PATH}/9", f"{PATH}/9/errors"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_body_too_large_is_refused(client: TestClient) -> None:
    told = client.post(f"{PATH}/1/import", content=b" " * 1_100_000)
    counted = client.post(
        f"{PATH}/1/import",
        content=(b" " * 100_000 for _ in range(12)),
        headers={"Content-Type": "application/json"},
    )
    assert [told.status_code, counted.status_code] == [413, 413]
    assert counted.headers["content-type"] == "application/problem+json"
