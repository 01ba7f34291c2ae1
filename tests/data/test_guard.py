"""The process that reads files: what it may do, and what becomes of its answers."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely

from data.errors import ImportRejectedError
from data.importers.files import Photo, Table, TotalRow, guard, read_table, trust
from data.importers.formats.answers import encoded, refusal
from data.importers.formats.child import answer
from data.importers.formats.question import Question
from data.importers.formats.table import ANYTHING, Asked
from data.importers.report import Remark, RowError

TAKEN_OVER = """
import os, socket, time
from data.errors import ImportRejectedError
from data.importers.formats import child
from data.importers.formats.limits import Limits

child.Limits.of = lambda n_bytes: Limits(1, 2, 2**30, 2**20)
child.READERS["hostile"] = ("taken_over", "read")

def read(content, ending, asked):
    exec(content)

if __name__ == "__main__":
    child.main()
"""
"""A child whose files are programs: what a file could do that took it over."""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return what the child says when a program runs in it."""
    (tmp_path / "taken_over.py").write_text(TAKEN_OVER)
    path = f"{tmp_path}:{guard._ENVIRONMENT['PYTHONPATH']}"
    monkeypatch.setattr(guard, "_ENVIRONMENT", guard._ENVIRONMENT | {"PYTHONPATH": path})
    monkeypatch.setattr(guard, "_PROGRAM", "taken_over")
    monkeypatch.setattr(guard.Limits, "of", classmethod(lambda cls, _: cls(1, 4, 2**30, 2**20)))

    def run(program: str) -> str:
        content = program.encode()
        with pytest.raises(ImportRejectedError) as caught:
            guard.read_guarded(Question("hostile", "", ANYTHING, len(content)), content)
        return str(caught.value)

    return run


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("os.kill(os.getpid(), 11)", "breaks what reads it"),
        ("os._exit(0)", "breaks what reads it"),
        ("1 / 0", "breaks what reads it"),
        ("while True: pass", "takes longer than 1 s"),
        ("time.sleep(60)", "takes longer than 1 s"),
        ("b'x' * 2**31", "needs too much memory"),
        ("os.write(1, b'x' * 2**22); os.write(1, b'x')", "more than can be taken at once"),
    ],
)
def test_a_file_that_breaks_its_reader_is_refused(run: Any, program: str, reason: str) -> None:
    assert reason in run(program)


def test_a_reader_reaches_no_network(run: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        port = listening.getsockname()[1]
        run(f"socket.create_connection(('127.0.0.1', {port}), 1)")
        with pytest.raises(TimeoutError):
            listening.accept()


def test_a_reader_knows_nothing_of_its_parent(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_DATABASE_URL", "postgresql://u:canary@h/d")
    told = run("raise ImportRejectedError(' '.join(map(str, os.environ.items())))")
    assert "PYTHONPATH" in told
    assert "canary" not in told


def test_a_reader_opens_no_more_than_it_needs(run: Any) -> None:
    assert "breaks" in run("held = [open('/dev/null') for _ in range(100)]")


def test_the_program_of_a_reader_knows_no_database() -> None:
    program = "import sys, data.importers.formats.child; print('\\n'.join(sys.modules))"
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(ended.stdout.split())
    assert "data.importers.formats.answers" in loaded
    assert loaded & {"sqlalchemy", "psycopg", "pandas", "pydantic", "fastapi"} == set()


def table() -> Table:
    return Table(
        numbers=[3, 5],
        columns={"编号": ["u1", None], "名称": ["x", "\0"]},
        shapes=[shapely.Point(113, 34), None],
        crs="EPSG:4490",
        errors=[RowError(4, "geometry", None, "is cut short")],
        sheet="一",
        sheets=("一", "二"),
        heading_row=2,
        places={"编号": 0, "名称": 1},
        title=("台账",),
        totals=[TotalRow(6, {"编号": "合计"})],
        photos=[Photo(3, "row-3-1.jpg", b"\xff\xd8\xff picture")],
        date_1904=True,
        remarks=[Remark("code", "message")],
    )


def given(parts: Any) -> memoryview:
    return memoryview(b"".join(map(bytes, parts)))


def test_a_table_comes_back_as_it_was() -> None:
    whole = table()
    assert trust.decoded(given(encoded(whole))) == whole


def test_equal_texts_and_blanks_come_back_where_they_were() -> None:
    texts = ["甲", None, "甲", "乙", "甲", None, "甲"]
    whole = Table([*range(2, 9)], {"equal": texts, "other": [*"abcdefg"], "blank": [None] * 7})
    assert trust.decoded(given(encoded(whole))) == whole


def test_a_table_of_text_has_no_shapes() -> None:
    assert trust.decoded(given(encoded(Table([2], {"a": ["x"]})))) == Table([2], {"a": ["x"]})


def test_half_a_character_refuses_its_row() -> None:
    told = trust.decoded(given(encoded(Table([2, 3], {"a": ["x", "y\ud800"]}))))
    assert told.columns == {"a": ["x", None]}
    assert told.errors == [RowError(3, "a", "y\ufffd", "holds half a character")]


@pytest.mark.parametrize("heading", ["a\0", "\ud800", "x" * 1_001])
def test_a_heading_that_cannot_be_kept_refuses_the_file(heading: str) -> None:
    with pytest.raises(ImportRejectedError, match="heading"):
        list(encoded(Table([2], {heading: ["x"]})))


def test_a_refusal_comes_back_as_one() -> None:
    with pytest.raises(ImportRejectedError, match="no heading"):
        trust.decoded(given(refusal("no heading")))


def test_what_no_store_keeps_is_marked_wherever_the_file_says_it() -> None:
    told = trust.decoded(given(encoded(Table(crs="EPSG\0", title=("a\ud800",)))))
    assert (told.crs, told.title) == ("EPSG\ufffd", ("a\ufffd",))


def framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "little") + part for part in parts)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x80\x04",
        framed(b"cos\nsystem\n(S'id'\ntR."),
        framed(b'{"headings": 5}'),
        framed(b'{"headings": ["a"]}', b"no stream"),
        framed(b'{"headings": ["a"]}'),
        (2**63).to_bytes(8, "little"),
    ],
)
def test_what_is_no_answer_is_refused(said: bytes) -> None:
    with pytest.raises(ImportRejectedError, match="breaks what reads it"):
        trust.decoded(memoryview(said))


def test_an_answer_cannot_name_a_photo() -> None:
    whole = table()
    whole.photos = [Photo(3, "../../evil.py", b"\xff\xd8\xff")]
    assert [p.name for p in trust.decoded(given(encoded(whole))).photos] == ["row-3-1.jpg"]
    whole.photos = [Photo(3, "evil.jpg", b"#!/bin/sh")]
    with pytest.raises(ImportRejectedError, match="breaks what reads it"):
        trust.decoded(given(encoded(whole)))


def test_an_answer_with_nested_collections_does_not_reach_the_geometry_library() -> None:
    nested = b"\x01\x07\x00\x00\x00\x01\x00\x00\x00" * 100_000
    with pytest.raises(ValueError, match="is none of Point"):
        trust.from_flat_wkb([nested])


def test_the_child_answers_with_the_table_or_the_reason() -> None:
    content = b"code,name\nu1,x\n"
    question = Question("delimited", ".csv", Asked(heading_row=1), len(content))
    assert Question.of_line(question.as_line()) == question
    assert trust.decoded(given(answer(question, content))).columns["name"] == ["x"]
    with pytest.raises(ImportRejectedError, match="no heading"):
        trust.decoded(given(answer(question, b"\n")))


def test_a_deeply_nested_document_is_refused_by_its_reason() -> None:
    nested = json.dumps({"type": "FeatureCollection", "features": []})[:-2] + "[" * 10**6
    with pytest.raises(ImportRejectedError, match="not JSON"):
        read_table("a.geojson", nested.encode())
