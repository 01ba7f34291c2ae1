"""Thirty bad requests that bring a file: each is answered with a problem, and nothing is kept."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL, Engine, text

from api.app import create_app
from api.settings import Settings
from data.cities import create_city
from data.engine import transaction

pytestmark = pytest.mark.db

PATH = "/api/v1/imports"
FORM = "multipart/form-data; boundary=x"
KIND = b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nunits\r\n'
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
UNITS = b"code,name\nu1,x\n"


def part(name: bytes = b"a.csv", content: bytes = UNITS, end: bytes = b"--x--\r\n") -> bytes:
    """Return the file of a form, and its end."""
    return HEAD + name + b'"\r\n\r\n' + content + b"\r\n" + end


def field(name: str, value: str) -> bytes:
    """Return another field of a form."""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value.encode() + b"\r\n"


REQUESTS: dict[str, tuple[str, bytes]] = {
    "nothing at all": (FORM, b""),
    "no form": ("application/json", json.dumps({"kind": "units", "file": "x"}).encode()),
    "no kind of content": ("", part()),
    "no boundary": ("multipart/form-data", KIND + part()),
    "another boundary": ("multipart/form-data; boundary=y", KIND + part()),
    "a boundary too long": (f"multipart/form-data; boundary={'x' * 5_000}", KIND + part()),
    "no end": (FORM, KIND + HEAD),
    "noise": (FORM, bytes(range(256)) * 40),
    "a part without a head": (FORM, b"--x\r\n\r\n\r\n" + KIND + part()),
    "a head without an end": (FORM, b"--x\r\nContent-Disposition: form-data" + b";a" * 9_000),
    "no kind": (FORM, part()),
    "an unknown kind": (FORM, field("kind", "users") + part()),
    "a kind of canaries": (FORM, field("kind", "'; DROP TABLE unit; --") + part()),
    "no file": (FORM, KIND + b"--x--\r\n"),
    "a file that is a field": (FORM, KIND + field("file", "code") + b"--x--\r\n"),
    "a thousand fields": (FORM, b"".join(field(f"a{n}", "") for n in range(2_000)) + part()),
    "a thousand files": (FORM, KIND + part(end=b"") * 2_000 + b"--x--\r\n"),
    "a field of megabytes": (FORM, field("kind", "u" * 3 * 2**20) + part()),
    "no ending": (FORM, KIND + part(b"ledger")),
    "another ending": (FORM, KIND + part(b"a.kml", b"<kml/>")),
    "a name that climbs": (FORM, KIND + part(b"../../../etc/passwd")),
    "a name of a device": (FORM, KIND + part(b"/dev/zero")),
    "a name with a line": (FORM, KIND + part(b"a\r\nX-Evil: 1")),
    "an empty file": (FORM, KIND + part(content=b"")),
    "a file in disguise": (FORM, KIND + part(b"a.xlsx", b"<OGRVRTDataSource/>")),
    "a workbook of noise": (FORM, KIND + part(b"a.xlsx", b"PK\x03\x04" + b"\xff" * 900)),
    "a row that is no number": (FORM, KIND + field("heading_row", "1e99") + part()),
    "a row that is not there": (FORM, KIND + field("heading_row", "99") + part()),
    "a mapping that is none": (FORM, KIND + field("mapping", "[" * 100_000) + part()),
    "a source without end": (FORM, KIND + field("source", "x" * 5_000) + part()),
}


@pytest.fixture
def client(clean_url: URL, clean_engine: Engine) -> Iterator[TestClient]:
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    settings = Settings(database_url=clean_url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def test_every_bad_request_is_answered_with_a_problem(client: TestClient, clean_engine: Engine):
    answers = {
        name: client.post(PATH, content=body, headers={"Content-Type": kind} if kind else {})
        for name, (kind, body) in REQUESTS.items()
    }
    assert len(answers) == 30
    told = {name: (answer.status_code, answer.text[:200]) for name, answer in answers.items()}
    assert {name: each for name, each in told.items() if not 400 <= each[0] < 500} == {}
    kinds = {name: answer.headers["content-type"] for name, answer in answers.items()}
    assert {name: kind for name, kind in kinds.items() if "problem+json" not in kind} == {}
    assert {name for name, answer in answers.items() if len(answer.content) > 8_000} == set()
    with clean_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM unit")) == 0
    assert client.post(PATH, content=KIND + part(), headers={"Content-Type": FORM}).is_success
