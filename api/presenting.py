"""Answers as people and programs take them away: with words, as JSON, GeoJSON, CSV or XLSX."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import shapely
import xlsxwriter
from pandas import DataFrame
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from data.answers import Answer, row_geometries
from data.answers.answer import records
from data.answers.consistency import Consistency
from data.answers.shapes import Shapes
from data.scope import Scope
from maps import words
from maps.words import Language

COORDINATE_DECIMALS = 7
COLUMN_DECIMALS = 6
SHAPE_DECIMALS = 6
SHEET_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
# Spreadsheets take a cell for a formula by its first character, also after blanks.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BLANKS = " \t\r\n　\x00"


@dataclass(frozen=True)
class Presented:
    """One answer in one language, ready to be written down."""

    answer: Answer
    body: dict[str, Any]
    session: Session
    scope: Scope

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The cells or segments, as plain values."""
        rows: list[dict[str, Any]] = self.body[self.answer.rows_name]
        return rows


def present(session: Session, scope: Scope, answer: Answer, language: Language) -> Presented:
    """Add the definition and the text of each decision, in `language`."""
    body = answer.as_dict()
    decisions = [
        {**decision, "text": words.decision(decision["code"], decision["values"], language)}
        for decision in body["decisions"]
    ]
    about = {"as_of": body["as_of"], "window_days": answer.window_days, **answer.parameters}
    definition = words.definition(answer.subject, language, about)
    return Presented(
        answer, {**body, "definition": definition, "decisions": decisions}, session, scope
    )


def checks_in_words(found: Consistency, language: Language) -> dict[str, Any]:
    """Return the checks with a sentence each."""
    body = found.as_dict()
    for one in body["checks"]:
        one["text"] = words.text(f"check.{one['code']}", language, **one["values"])
    return body


def to_json(shown: Presented) -> bytes:
    """Return one JSON object; a figure that is unknown is null."""
    return dump_json(shown.body)


def to_columns(shown: Presented) -> bytes:
    """Return the object with one list for each column of its rows: a third of the size.

    Figures are rounded to `COLUMN_DECIMALS`.
    """
    names = map(str, shown.answer.rows.columns)
    columns = {name: [_short(row[name]) for row in shown.rows] for name in names}
    return dump_json({**shown.body, shown.answer.rows_name: columns})


def _short(value: object) -> object:
    return round(value, COLUMN_DECIMALS) if isinstance(value, float) else value


def to_geojson(shown: Presented) -> bytes:
    """Return a FeatureCollection in degrees; what is not a row stands beside the features."""
    about = {key: value for key, value in shown.body.items() if key != shown.answer.rows_name}
    return dump_json({"type": "FeatureCollection", **about, "features": list(features_of(shown))})


def features_of(shown: Presented) -> Iterator[dict[str, Any]]:
    """Yield each row with its shape, in degrees."""
    shapes = row_geometries(shown.session, shown.scope, shown.answer)
    # By position: where two sources share a code, both rows stay.
    for row, shape in zip(shown.rows, shapes, strict=True):
        geometry = None if shape is None else _rounded(shape)
        yield {"type": "Feature", "id": row["code"], "geometry": geometry, "properties": row}


def features_of_shapes(shapes: Shapes) -> list[dict[str, Any]]:
    """Return what lies on the map beside the rows as features, in degrees."""
    figures = records(shapes.rows.drop(columns="geometry"))
    places = np.array(shapes.rows["geometry"], dtype=object)
    rounded = shapely.transform(places, lambda xy: xy.round(SHAPE_DECIMALS))
    return [
        {"type": "Feature", "geometry": json.loads(text), "properties": row}
        for row, text in zip(figures, shapely.to_geojson(rounded), strict=True)
    ]


def _rounded(shape: BaseGeometry) -> Any:
    rounded = shapely.transform(shape, lambda xy: xy.round(COORDINATE_DECIMALS))
    return json.loads(shapely.to_geojson(rounded))


def to_csv(shown: Presented) -> bytes:
    """Return the rows as a table that spreadsheets open without running a formula."""
    return csv_of(shown.rows, list(shown.answer.rows.columns))


def csv_of(rows: Sequence[Mapping[str, Any]], columns: list[str]) -> bytes:
    """Return rows as a table that spreadsheets open without running a formula."""
    frame = DataFrame(rows, columns=columns, dtype=object)
    text: str = frame.map(_inert).to_csv(index=False)
    # The mark at the start tells spreadsheets that the Chinese in it is UTF-8.
    return text.encode("utf-8-sig")


def to_xlsx(shown: Presented) -> bytes:
    """Return a workbook: one sheet of rows, one of what they mean."""
    about = {**shown.body["totals"], **shown.body["parameters"]}
    notes = [("definition", shown.body["definition"]), ("as_of", shown.body["as_of"])]
    notes += [*about.items(), *(("decision", d["text"]) for d in shown.body["decisions"])]
    names = [str(name) for name in shown.answer.rows.columns]
    table = [names, *([row[name] for name in names] for row in shown.rows)]
    file = BytesIO()
    with xlsxwriter.Workbook(file, SHEET_OPTIONS) as book:
        _fill(book.add_worksheet(shown.answer.rows_name), table)
        _fill(book.add_worksheet("about"), notes)
    return file.getvalue()


@dataclass(frozen=True)
class Format:
    """One way to write an answer down."""

    media_type: str
    write: Callable[[Presented], bytes]


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json", to_json),
    "columns": Format("application/vnd.guatu.columns+json", to_columns),
    "geojson": Format("application/geo+json", to_geojson),
    "csv": Format("text/csv; charset=utf-8", to_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
}


def dump_json(body: Any) -> bytes:
    """Return `body` as compact JSON; a number that JSON cannot say is a fault of ours."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A lone surrogate cannot be in PostgreSQL's text, so nothing is lost here.
    return text.encode()


def _inert(value: object) -> object:
    if isinstance(value, str) and value.lstrip(BLANKS).startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _fill(sheet: Any, table: Any) -> None:
    for number, row in enumerate(table):
        for column, value in enumerate(row):
            _write(sheet, number, column, value)


def _write(sheet: Any, row: int, column: int, value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        sheet.write_string(row, column, str(value))
    else:
        sheet.write_number(row, column, value)
