"""The answers of many days, packed into a text that a page in a file can unpack by itself."""

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

LEVEL = 6


def pack_days(answers: Sequence[Mapping[str, Any]], rows_name: str) -> str:
    """Return the answers in base64 of gzip of JSON, which every browser has the means to read.

    The rows are turned: each has its figures with one value where it is the same on all days, and
    a list of values, one a day, where it is not. A row is missing on days on which `there` is
    false.

    Parameters
    ----------
    answers
        One object a day, in order; each row of `rows_name` has a ``code``.
    """
    packed = {
        "days": [answer["as_of"] for answer in answers],
        "rows_name": rows_name,
        "rows": _turned([answer[rows_name] for answer in answers]),
        "bodies": [
            {key: value for key, value in answer.items() if key != rows_name} for answer in answers
        ],
    }
    plain = json.dumps(packed, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return b64encode(gzip.compress(plain.encode(), LEVEL, mtime=0)).decode()


def _turned(days: Sequence[Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return every row that any day has, the figures of all days in it."""
    by_code = [_by_code(rows) for rows in days]
    fields = list(next((row for rows in days for row in rows), {}))
    codes = dict.fromkeys(code for rows in by_code for code in rows)
    return [_series([rows.get(code) for rows in by_code], fields) for code in codes]


def _by_code(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """Return the rows by code; where two sources share a code, both stay, in their order."""
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for row in rows:
        number = 0
        while (row["code"], number) in found:
            number += 1
        found[row["code"], number] = row
    return found


def _series(rows: Sequence[Mapping[str, Any] | None], fields: Sequence[str]) -> dict[str, Any]:
    columns = {field: [row and row[field] for row in rows] for field in fields}
    columns["there"] = [row is not None for row in rows]
    return {field: _short(values) for field, values in columns.items()}


def _short(values: list[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values) else values
