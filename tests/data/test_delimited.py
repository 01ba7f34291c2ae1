"""Text without quotes is read at once, and no otherwise than row by row."""

import sys
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import ImportRejectedError
from data.importers.files.trust import decoded
from data.importers.formats import delimited, unquoted
from data.importers.formats.answers import encoded
from data.importers.formats.delimited import read_delimited
from data.importers.formats.table import Asked, Table

BLANKS = ("", " ", "\u3000", "\xa0", "\x1c", "\u2003\t")
WORDS = ("a", " b ", "007", "1e5", "NULL", "\u3005", "é", "张、李", "合计", "会计所", "total")
UNUSUAL = ("'=1+1", "it's", '"q"', "x\ry", "a\0")
CELLS = st.sampled_from((*BLANKS, *WORDS, *UNUSUAL))
ROWS = st.lists(st.lists(CELLS, min_size=0, max_size=4), max_size=6)


def answer_of(content: bytes, asked: Asked = Asked()) -> Table | str:  # noqa: B008 - frozen
    """Return what is understood of the answer of the process that reads a file."""
    try:
        parts = encoded(read_delimited(content, ".csv", asked))
        return decoded(memoryview(b"".join(bytes(part) for part in parts)))
    except ImportRejectedError as error:
        return str(error)


def row_by_row(content: bytes, asked: Asked = Asked()) -> Table | str:  # noqa: B008 - frozen
    with patch.object(delimited, "is_plain", return_value=False):
        return answer_of(content, asked)


def is_read_at_once(text: str) -> bool:
    table = read_delimited(text.encode(), ".csv", Asked())
    return isinstance(next(iter(table.columns.values())), pa.Array)


@given(
    rows=ROWS,
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    tail=st.sampled_from(["", "\n", "\n\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    row=st.sampled_from([None, None, 1, 2, 40]),
)
def test_a_file_is_read_at_once_as_it_is_row_by_row(
    rows: list[list[str]], end: str, tail: str, encoding: str, row: int | None
) -> None:
    lines = [["编号", "名称", "地址"], *(one for one in rows if one != [""])]
    text = end.join(",".join(cells) for cells in lines) + tail
    asked = Asked(heading_row=row, known=frozenset({"编号", "名称"}))
    content = text.encode(encoding)
    assert answer_of(content, asked) == row_by_row(content, asked)


@pytest.mark.parametrize("above", ["", "台账\n", "台账,2019\n\n", ",,\n填表,,\n"])
def test_headings_below_titles_are_found_where_they_are_row_by_row(above: str) -> None:
    content = f"{above}编号,名称,地址\nu1,甲,路\nu2,乙,\n".encode()
    asked = Asked(known=frozenset({"编号", "名称", "地址"}))
    assert answer_of(content, asked) == row_by_row(content, asked)


def test_rows_of_the_width_of_the_headings_are_read_at_once() -> None:
    assert is_read_at_once("code,name\nu1,it's here\nu2,\n")


@pytest.mark.parametrize(
    "below",
    [
        'u1,"a"\n',
        "u1,a\n\nu2,b\n",
        "u1\n",
        "u1,a,b\n",
        "合计,3\n",
        "u1,'=1\n",
        "'-1,a\n",
        ",\n",
        "",
    ],
)
def test_what_must_be_looked_at_is_read_row_by_row(below: str) -> None:
    assert not is_read_at_once(f"code,name\n{below}")


def test_too_many_cells_are_refused_as_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (delimited, unquoted):
        monkeypatch.setattr(module, "MAX_CELLS", 3)
    assert answer_of(b"a,b\n1,2\n3,4\n") == "more than 3 cells: send it in parts"


def test_a_line_longer_than_a_block_is_read_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unquoted, "_BLOCK_BYTES", 16)
    assert not is_read_at_once(f"code,name\nu1,{'a' * 100}\nu2,b\n")


def test_every_white_space_may_begin_a_blank_cell() -> None:
    begins: Any = unquoted._MAY_BEGIN_BLANKS
    spaces = [chr(at) for at in range(sys.maxunicode + 1) if chr(at).isspace()]
    assert begins[np.array([space.encode()[0] for space in spaces])].all()
