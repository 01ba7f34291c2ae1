"""The tables and the map of a bulletin."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from maps import words
from maps.documents.cell_map import CLASSES, MapCell, draw_cells
from maps.documents.document import Column, Figure, Kind, Swatch, Table, Value
from maps.words import Language

Facts = Mapping[str, Any]

_MAP_MM = 118
_FIGURES: tuple[tuple[str, float, Kind], ...] = (
    ("n_found", 10, "count"),
    ("n_closed", 10, "count"),
    ("completion", 12, "share"),
    ("n_overdue", 8, "count"),
    ("on_time", 12, "share"),
    ("n_exempt", 8, "count"),
    ("movement", 8, "text"),
)
_LOW: tuple[str, float, Kind] = ("low", 13, "share")


def owners_table(facts: Facts, number: int, language: Language) -> Table:
    """Return the ranking of the leading parties."""
    left = next((d for d in facts["decisions"] if d["code"] == "items_without_owner"), None)
    unowned = "" if left is None else _say("unowned", language, n=left["values"]["n"])
    columns = (_column(language, "rank", 10), _column(language, "owner", 21))
    rows = tuple((_rank(row, language), row["name"]) for row in facts["owners"])
    return Table(
        caption=_caption("table", number, _say("table.owners", language), language),
        columns=(*columns, *_figure_columns(language)),
        rows=_with_figures(rows, facts["owners"]),
        sheet=_say("sheet.owners", language),
        remark=unowned,
    )


def cells_table(facts: Facts, number: int, language: Language) -> Table:
    """Return the ranking of the cells, each with its number on the map."""
    cells, outside = facts["cells"], facts["outside"]
    columns = (
        _column(language, "place", 8, "count"),
        _column(language, "rank", 10),
        _column(language, "cell", 16),
    )
    rows = tuple(
        (place, _rank(row, language), row["name"]) for place, row in enumerate(cells, start=1)
    )
    title = _say("table.cells", language, grid=facts["grid"]["name"])
    return Table(
        caption=_caption("table", number, title, language),
        columns=(*columns, *_figure_columns(language)),
        rows=_with_figures(rows, cells),
        sheet=_say("sheet.cells", language),
        remark=_say("outside", language, n=outside) if outside else "",
    )


def late_table(facts: Facts, number: int, language: Language) -> Table:
    """Return the items that are open past their limit, the latest first."""
    columns = (
        _column(language, "place", 7, "count"),
        _column(language, "code", 10),
        _column(language, "thing", 20),
        _column(language, "owner", 14),
        _column(language, "person", 8),
        _column(language, "due_on", 16, "day"),
        _column(language, "days_late", 9, "count"),
        _column(language, "state", 11),
    )
    rows = tuple(
        (
            place,
            row["code"],
            row["thing_name"] or row["thing_code"],
            row["owner_name"],
            row["person"],
            date.fromisoformat(row["due_on"]),
            -row["days_left"],
            words.text(f"item.{row['state']}", language),
        )
        for place, row in enumerate(facts["late"], start=1)
    )
    title = _say("table.late", language)
    caption = _caption("table", number, title, language)
    return Table(caption, columns, rows, sheet=_say("sheet.late", language))


def cell_map(facts: Facts, table: int, language: Language) -> Figure:
    """Return the map of all cells by completion; those in the table have their number in it."""
    places = {row["code"]: place for place, row in enumerate(facts["cells"], start=1)}
    shares = {row["code"]: row["completion"] for row in facts["cells"]}
    drawn = [
        MapCell(
            tuple(tuple((x, y) for x, y in ring) for ring in one["rings"]),
            shares.get(one["code"]),
            str(places.get(one["code"], "")),
        )
        for one in facts["outlines"]
    ]
    legend = tuple(
        Swatch(one.color, _say(f"class.{one.key}", language), one.hatched) for one in CLASSES
    )
    title = _say("map", language, table=table)
    return Figure(_caption("figure", 1, title, language), draw_cells(drawn), _MAP_MM, legend)


def _say(key: str, language: Language, **values: Any) -> str:
    return words.text(f"bulletin.{key}", language, **values)


def _caption(kind: str, number: int, title: str, language: Language) -> str:
    return _say(kind, language, number=number, title=title)


def _column(language: Language, key: str, width: float, kind: Kind = "text") -> Column:
    return Column(_say(key, language), width, kind)


def _figure_columns(language: Language) -> tuple[Column, ...]:
    return tuple(_column(language, *figure) for figure in (*_FIGURES, _LOW))


def _with_figures(
    heads: Sequence[tuple[Value, ...]], rows: Sequence[Facts]
) -> tuple[tuple[Value, ...], ...]:
    return tuple((*head, *_figures(row)) for head, row in zip(heads, rows, strict=True))


def _figures(row: Facts) -> tuple[Value, ...]:
    said = {**row, "movement": _movement(row["movement"]), "low": row["completion_low"]}
    return tuple(said[name] for name, _, _ in (*_FIGURES, _LOW))


def _rank(row: Facts, language: Language) -> str:
    return _say("unranked", language) if row["rank"] is None else str(row["rank"])


def _movement(places: int | None) -> str | None:
    """Return the places gained or lost.

    >>> [_movement(places) for places in (2, -1, 0, None)]
    ['↑2', '↓1', '→', None]
    """
    if places is None:
        return None
    if not places:
        return "→"
    return f"{'↑' if places > 0 else '↓'}{abs(places)}"
