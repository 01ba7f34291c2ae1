"""What every answer is made of, and how it becomes plain JSON values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pandas import DataFrame, Series

from data.answers.decisions import Decision

Subject = Literal["coverage", "hotspots", "outages", "rectifications"]


@dataclass(frozen=True, eq=False)
class Answer:
    """The figures of one question at one day, with what they depend on. Never changed once made.

    Attributes
    ----------
    revisions
        The counters of the subjects the figures depend on, read in the same snapshot.
    outside
        What the rows do not show: ``outside`` every cell (or far from every segment), or
        ``without_position``. Unknown (``None``) to a reader who may not see the whole city.
    data_until
        Local day of the last event in the ledger, whatever the day asked for.
    rows
        One row per cell or segment; the index is its id in the store.
    extra
        Further keys of the object, beside the rows.
    drawn
        What is drawn beside the rows, by name; no part of the object.
    """

    subject: Subject
    grid: str | None
    as_of: date
    window_days: int
    revisions: Mapping[str, int]
    parameters: Mapping[str, Any]
    decisions: tuple[Decision, ...]
    totals: Mapping[str, Any]
    outside: Mapping[str, int | None]
    data_until: date | None
    simulated: bool
    rows: DataFrame
    extra: Mapping[str, Any] = field(default_factory=dict)
    drawn: Mapping[str, DataFrame] = field(default_factory=dict)

    @property
    def revision(self) -> int:
        """One number that moves whenever a write may have changed the figures."""
        return sum(self.revisions.values())

    @property
    def rows_name(self) -> str:
        """What the rows are."""
        if self.subject == "rectifications" and self.parameters["by"] != "cell":
            return "parties"
        return "segments" if self.subject == "outages" else "cells"

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values, without the words of any language; unknown is ``None``."""
        return {
            "grid": self.grid,
            "as_of": self.as_of.isoformat(),
            "window_days": self.window_days,
            "revision": self.revision,
            "revisions": dict(self.revisions),
            "parameters": dict(self.parameters),
            "decisions": [{"code": d.code, "values": dict(d.values)} for d in self.decisions],
            "totals": dict(self.totals),
            "outside": dict(self.outside),
            "data_until": None if self.data_until is None else self.data_until.isoformat(),
            "simulated": self.simulated,
            self.rows_name: records(self.rows),
            **self.extra,
        }


def records(frame: DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of Python values, missing ones as ``None``."""
    columns = [_plain(frame[name]) for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(column: "Series[Any]") -> list[Any]:
    return column.astype(object).where(column.notna(), None).tolist()
