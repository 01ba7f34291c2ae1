"""Totals that a sheet or a person states, beside what the rows add up to.

A total like 280余 is a bound: it agrees with every number above 280.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data.importers.counts import LONGEST, read_count
from data.importers.files import Table, TotalRow
from data.importers.headings import folded, is_serial, unit_of
from data.importers.report import Remark

_DECIMAL = re.compile(r"[¥￥]?([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(元|万元)?")
_STATED = re.compile(r"(?:(?P<what>.*?)[=＝:：])?(?P<parts>[^=＝:：]*)")
_LABEL = re.compile(r"(?P<of>.*?)(?:[合小总共]\s*计|(?:sub-?)?total)", re.IGNORECASE)
_OF_ALL = re.compile(r"(?:全|总|各|grand).{0,3}|", re.IGNORECASE)
_ROWS = {folded(one) for one in ("", "合计", "总计", "共计", "总数", "行数", "rows", "total")}
_NOT_ADDED = {"code", "lon", "lat", "phone", "credit_code", "unit_code", "lamp_code", "box_code"}


@dataclass(frozen=True)
class Amount:
    """A number between two bounds; exact where they are equal."""

    low: Decimal
    high: Decimal
    stated: Decimal

    @classmethod
    def of(cls, text: str, usual: int = 1) -> "Amount":
        """Read a number of money or things; money that names no unit is in `usual` yuan.

        Raises
        ------
        ValueError
            When it is none.
        """
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        if len(plain) <= LONGEST and (found := _DECIMAL.fullmatch(plain)):
            times = {None: usual, "元": 1, "万元": 10_000}[found[2]]
            value = Decimal(found[1].replace(",", "")) * times
            return cls(value, value, value)
        count = read_count(text)
        value, infinite = Decimal(count.value), Decimal(math.inf)
        low = value if count.bound in ("exact", "at least") else -infinite
        return cls(low, value if count.bound in ("exact", "at most") else infinite, value)

    @classmethod
    def sum(cls, amounts: Iterable["Amount"]) -> "Amount":
        """Return what amounts add up to; of bounds, the bound."""
        zero = Decimal(0)
        total = cls(zero, zero, zero)
        for one in amounts:
            total = cls(total.low + one.low, total.high + one.high, total.stated + one.stated)
        return total

    def agrees_with(self, other: "Amount") -> bool:
        """Tell whether both may be the same number."""
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        """Write a bound as one: ≥ 281."""
        shown = f"{self.stated:f}"
        if self.low == self.high:
            return shown
        if self.low.is_finite():
            return f"≥ {shown}"
        return f"≤ {shown}" if self.high.is_finite() else f"about {shown}"


def check_totals(
    table: Table, meaning: Mapping[str, str | None], stated: Sequence[str], n_split: int
) -> list[Remark]:
    """Compare the totals in a table, and those `stated`, with its rows.

    Parameters
    ----------
    table
        As it was read, no cell of it split.
    meaning
        The field that each heading means.
    stated
        Like '396', '396=57+339', '合计:396' or '隐患数量=1,234'.
    n_split
        How many rows there are once cells that list several things are split.
    """
    remarks = [one for total in table.totals for one in _check_row(table, meaning, total)]
    for text in stated:
        remarks += _check_stated(text, table, meaning, n_split)
    return remarks


def _check_row(table: Table, meaning: Mapping[str, str | None], total: TotalRow) -> list[Remark]:
    """Compare a row of totals with the rows it adds up: all, or those since the one before."""
    first, last = 0, max(table.numbers, default=0)
    if _is_of_a_part(total):
        first = max((one.row for one in table.totals if one.row < total.row), default=0)
        last = total.row
    remarks = []
    for heading, text in total.texts.items():
        amount = None if meaning.get(heading) in _NOT_ADDED else _amount(text, heading)
        column = zip(table.numbers, table.columns.get(heading, ()), strict=False)
        cells = [cell for row, cell in column if cell is not None and first < row <= last]
        if amount is not None:
            where = f"row {total.row}, {heading}"
            remarks.append(_remark(where, amount, _found(heading, cells)))
    return remarks


def _is_of_a_part(total: TotalRow) -> bool:
    """Tell whether a row is 小计 or 金水区合计, not 合计 or 全市合计."""
    labels = [label for text in total.texts.values() if (label := _LABEL.match(text.strip()))]
    return any(
        "小" in label[0] or "sub" in label[0].lower() or not _OF_ALL.fullmatch(label["of"])
        for label in labels
    )


def _check_stated(
    text: str, table: Table, meaning: Mapping[str, str | None], n_split: int
) -> list[Remark]:
    said = _STATED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    parts = [_amount(part) for part in said["parts"].split("+")] if said else []
    amounts = [part for part in parts if part is not None]
    if said is None or len(amounts) < max(len(parts), 1):
        return [_unclear(text, "is not a total like 396=57+339 or 合计:396")]
    what, total = (said["what"] or "").strip(), Amount.sum(amounts)
    remarks = []
    if (whole := _amount(what)) is not None:
        remarks.append(_remark(f"{text}, parts", whole, {"sum of the parts": total}))
        what, total = "", whole
    found = _all(table, meaning, n_split) if folded(what) in _ROWS else _of(what, table, meaning)
    return [*remarks, _remark(text, total, found) if found else _unclear(text, "names no column")]


def _all(table: Table, meaning: Mapping[str, str | None], n_split: int) -> dict[str, "Amount"]:
    """Return what a total of the whole ledger may mean."""
    found = {"rows": Amount.of(str(len(table.numbers)))}
    if n_split != len(table.numbers):
        found["rows with lists split"] = Amount.of(str(n_split))
    for heading, name in meaning.items():
        if name == "count":
            found |= _found(heading, [cell for cell in table.columns[heading] if cell])
    return found


def _of(what: str, table: Table, meaning: Mapping[str, str | None]) -> dict[str, "Amount"]:
    for heading, name in meaning.items():
        if folded(what) in (folded(heading), name):
            return _found(heading, [cell for cell in table.columns[heading] if cell])
    return {}


def _found(heading: str, cells: Sequence[str]) -> dict[str, Amount]:
    """Return the sum of a column of numbers; of any other, how many cells are filled."""
    amounts = [_amount(cell, heading) for cell in cells]
    known = [amount for amount in amounts if amount is not None]
    if is_serial(heading) or not known or len(known) < len(cells):
        return {f"filled cells of {heading}": Amount.of(str(len(cells)))}
    return {f"sum of {heading}": Amount.sum(known)}


def _amount(text: str, heading: str = "") -> Amount | None:
    try:
        return Amount.of(text, 10_000 if unit_of(heading) == "万元" else 1)
    except ValueError:
        return None


def _remark(where: str, stated: Amount, found: Mapping[str, Amount]) -> Remark:
    """Return that a total agrees with one of the numbers it may mean, or by how much it differs."""
    for what, amount in found.items():
        if stated.agrees_with(amount):
            return Remark("stated_total_agrees", f"{where}: stated {stated}, {what} {amount}")
    shown = "; ".join(
        f"{what} {amount}, difference {stated.stated - amount.stated:f}"
        for what, amount in found.items()
    )
    return Remark("stated_total_differs", f"{where}: stated {stated}, {shown}")


def _unclear(text: str, reason: str) -> Remark:
    return Remark("stated_total_unclear", f"{text}: {reason}")
