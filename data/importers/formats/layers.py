"""What the formats of features share: choosing a layer, rows that carry a shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.errors import ImportRejectedError
from data.importers.formats.cells import exact_text, texts_of
from data.importers.formats.rows import Texts
from data.importers.formats.table import MAX_CELLS, MAX_HEADINGS, Table
from data.importers.formats.wkb import read_shapes


def chosen(names: Sequence[str], asked: str | None) -> str:
    """Return the layer to read: the one that was asked for, or the only one.

    Raises
    ------
    ImportRejectedError
        Naming those there are.
    """
    listed = f"{', '.join(names):.500}"
    if not names:
        raise ImportRejectedError("the file has no layer of features")
    if asked is None and len(names) > 1:
        raise ImportRejectedError(f"the file has several layers, name one of them: {listed}")
    if asked is not None and asked not in names:
        raise ImportRejectedError(f"there is no layer {asked:.80}, but {listed}")
    return names[0] if asked is None else asked


def check_size(n_rows: int, n_columns: int) -> None:
    """Refuse more columns or cells than can be taken.

    Raises
    ------
    ImportRejectedError
        Saying which there are too many of.
    """
    if n_columns > MAX_HEADINGS:
        raise ImportRejectedError(f"{n_columns} columns, more than {MAX_HEADINGS}")
    if n_rows * max(n_columns, 1) > MAX_CELLS:
        raise ImportRejectedError(f"more than {MAX_CELLS:,} cells: send it in parts")


def features_table(
    columns: Mapping[str, Sequence[Any]], geometries: Sequence[bytes | None]
) -> Table:
    """Return the table of features; rows are counted from 1, those without a fit shape refused."""
    numbers = list(range(1, len(geometries) + 1))
    shapes, errors = read_shapes(numbers, geometries)
    texts: dict[str, Texts] = {name: texts_of(cells, exact_text) for name, cells in columns.items()}
    refused = {error.row for error in errors}
    if refused:
        kept = [number - 1 for number in numbers if number not in refused]
        numbers = [at + 1 for at in kept]
        shapes = [shapes[at] for at in kept]
        texts = {name: [column[at] for at in kept] for name, column in texts.items()}
    return Table(numbers, texts, shapes, errors=errors)
