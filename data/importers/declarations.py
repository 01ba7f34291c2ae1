"""What a ledger says of the cells its rows belong to (属地)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.declaring import save_declared
from data.importers.ledger import Ledger
from data.importers.report import Remark
from data.importers.upload import Upload
from data.models import Cell, Grid

_MOST_WORDS, _MOST_ROWS = 10, 5
# The grids whose cells people know by name.
_DRAWN = ("administrative", "management")
_OFFICES = re.compile(
    r"(?:街道办事处|街道办|办事处|街道|社区居委会|社区居民委员会|居委会|社区|镇)$"
)
_BLANKS = re.compile(r"\s+")


def declare(session: Session, upload: Upload, ledger: Ledger, good: pd.DataFrame) -> bool:
    """Keep the declared cells of the rows that were written; remark words that name no cell.

    Returns whether anything changed.
    """
    if ledger.declared is None:
        return False
    kept = ~good["external_code"].duplicated().to_numpy()
    words = ledger.declared[ledger.rows.index.isin(good.index)][kept]
    chosen, unknown = _chosen(_cells_by_word(session), good["external_code"][kept], words)
    if unknown:
        ledger.remarks.append(_unknown(unknown))
    return save_declared(session, upload.kind, upload.options.source, chosen) > 0


def _chosen(
    cells: Mapping[str, Mapping[int, int]], codes: pd.Series, words: pd.DataFrame
) -> tuple[dict[tuple[str, int], int], dict[str, list[int]]]:
    """Return the cell of each thing in each grid, and the words that name none with their rows.

    The columns of `words` are the coarsest first: the finest decides in a grid that has both.
    """
    named: dict[str, Mapping[int, int]] = {}
    unknown: dict[str, list[int]] = defaultdict(list)
    chosen: dict[tuple[str, int], int] = {}
    for heading in words:
        for (row, word), code in zip(words[heading].items(), codes, strict=True):
            if not isinstance(word, str) or not isinstance(code, str):
                continue
            if word not in named:
                named[word] = cells.get(_plain(word)) or cells.get(_bare(word)) or {}
            if not named[word]:
                unknown[word].append(int(str(row)))
            chosen.update({(code, grid): cell for grid, cell in named[word].items()})
    return chosen, dict(unknown)


def _cells_by_word(session: Session) -> dict[str, dict[int, int]]:
    """Return the cell of each grid that a word means: exact words go before those cut short.

    A word is the code or the name of a cell, width, case, blanks and the kind of office
    (街道办事处, 街道, 镇, 社区) aside; where several cells of a grid fit, none does.
    """
    rows = session.execute(
        select(Cell.id, Cell.grid_id, Cell.code, Cell.name)
        .join(Grid, Grid.id == Cell.grid_id)
        .where(Grid.kind.in_(_DRAWN))
    ).all()
    whole: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    short: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for word in (_plain(row.code), _plain(row.name)):
            whole[word][row.grid_id].add(row.id)
        short[_bare(row.name)][row.grid_id].add(row.id)
    return _sure(short) | _sure(whole)


def _sure(words: Mapping[str, Mapping[int, set[int]]]) -> dict[str, dict[int, int]]:
    return {
        word: {grid: next(iter(cells)) for grid, cells in grids.items() if len(cells) == 1}
        for word, grids in words.items()
        if word
    }


def _plain(word: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", word)).casefold()


def _bare(word: str) -> str:
    """Return a word without the kind of office at its end, when something is left."""
    plain = _plain(word)
    return _OFFICES.sub("", plain) or plain


def _unknown(words: Mapping[str, list[int]]) -> Remark:
    told = [f"{word:.40} (rows {_listed(rows)})" for word, rows in words.items()]
    more = f", and {len(told) - _MOST_WORDS} more words" if len(told) > _MOST_WORDS else ""
    shown = ", ".join(told[:_MOST_WORDS])
    message = f"no grid has the cell that rows say they belong to: {shown}{more}"
    return Remark("declared_unknown", message)


def _listed(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:_MOST_ROWS]))
    return f"{shown}, …" if len(rows) > _MOST_ROWS else shown
