"""What was published in 2019, beside what comes out of the rows by the queries of any city.

A report that says "more than 4,000" or "nearly 50,000" is met by every number that may be called
so; the bounds are those of the words. What no report gives is NULL, not 0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from data.answers import OutageQuestion, RectificationQuestion, outages, rectifications
from data.answers.answer import Answer
from data.queries.drives import drive_visits
from data.queries.hazards import ChosenHazards, hazards_by_cell
from data.queries.places import grid_id
from data.queries.rectifications import work_items
from data.queries.reported import sanctions
from data.samples.zhengzhou import names
from data.samples.zhengzhou.plan import (
    CAMPAIGN_BEGINS,
    FIRST_PHASE_ENDS,
    LAST_DAY,
    MID_AUTUMN,
    MID_AUTUMN_SOURCE,
    NATIONAL_DAY,
    NATIONAL_DAY_SOURCE,
    SURVEY_ENDS,
    TIMEZONE,
)
from data.scope import WHOLE_CITY
from geo.periods import Period

FEATURE = "newspaper features of about the end of August 2019 (the days are assumed)"
REPORT = "report of 20 November 2019"
GRID = "districts"


@dataclass(frozen=True)
class Published:
    """A figure as it was printed: `least` to `most`, or NULL where a report is silent.

    Attributes
    ----------
    count
        From the rows to the figure.
    """

    name: str
    as_of: date
    source: str
    count: Callable[["Rows"], int]
    least: int | None
    most: int | None = None

    def beside(self, rows: "Rows") -> dict[str, Any]:
        """Return the figure, what the rows say, and how far that is from what may be meant."""
        counted = self.count(rows)
        return {
            "name": self.name,
            "as_of": self.as_of.isoformat(),
            "published": self.least,
            "at_most": self.most,
            "rows": counted,
            "difference": self._difference(counted),
            "source": self.source,
        }

    def _difference(self, counted: int) -> int | None:
        if self.least is None:
            return None
        most = self.least if self.most is None else self.most
        return counted - min(max(counted, self.least), most)


class Rows:
    """The rows of the city, asked as any city's are."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def found(self) -> Answer:
        """The streets when the survey had found what was dark."""
        return outages(self.session, WHOLE_CITY, OutageQuestion(as_of=SURVEY_ENDS))

    @cached_property
    def relit(self) -> Answer:
        """The streets at the end of August."""
        return outages(self.session, WHOLE_CITY, OutageQuestion(as_of=FIRST_PHASE_ENDS))

    @cached_property
    def works(self) -> Mapping[str, Any]:
        """What had become of the work on streets at the end of August."""
        question = RectificationQuestion(as_of=FIRST_PHASE_ENDS, about="segment")
        return rectifications(self.session, WHOLE_CITY, question).totals

    @cached_property
    def items(self) -> pd.DataFrame:
        """The work items at the end of August."""
        period = _until(FIRST_PHASE_ENDS)
        return work_items(self.session, WHOLE_CITY, period, grid=grid_id(self.session, GRID))

    def sanctions(self, period: Period) -> Mapping[str, Any]:
        """Return the sanctions of the window by kind, and the sum of the fines."""
        return sanctions(self.session, WHOLE_CITY, period) or {}

    def hazards(self, period: Period, level: str, source: str | None = None) -> pd.Series:
        """Return what the window found, `n`, and what of all is open at its end, `n_open`."""
        grid = grid_id(self.session, GRID)
        return hazards_by_cell(self.session, grid, period, ChosenHazards(level, source))[
            ["n", "n_open"]
        ].sum()


def compare(session: Session) -> list[dict[str, Any]]:
    """Return every published figure beside the rows."""
    rows = Rows(session)
    return [figure.beside(rows) for figure in FIGURES]


def _until(day: date, first: date = CAMPAIGN_BEGINS) -> Period:
    return Period(day, (day - first).days + 1, TIMEZONE)


def _scattered(answer: Answer) -> int:
    """Return how many lamps are out along streets that are not dark."""
    return int(answer.rows.loc[answer.rows["status"] != "dark", "n_out"].sum())


def _of_cause(cause: str) -> Callable[[Rows], int]:
    return lambda rows: int((rows.items["cause"] == cause).sum())


def _handed_in_batches(rows: Rows) -> pd.DataFrame:
    """Return the hazards that were handed over in batches."""
    is_batched = (rows.items["about"] == "hazard") & rows.items["handover_batch"].notna()
    return rows.items[is_batched]


def _visits(period: Period, of: str, **chosen: str) -> Callable[[Rows], int]:
    return lambda rows: int(getattr(drive_visits(rows.session, period, **chosen), of))


def _found(period: Period, level: str, source: str | None = None) -> Callable[[Rows], int]:
    return lambda rows: int(rows.hazards(period, level, source)["n"])


def _fixed(period: Period, level: str, source: str) -> Callable[[Rows], int]:
    def count(rows: Rows) -> int:
        counted = rows.hazards(period, level, source)
        return int(counted["n"] - counted["n_open"])

    return count


def _issued(period: Period, what: str) -> Callable[[Rows], int]:
    return lambda rows: int(Decimal(rows.sanctions(period)[what] or 0))


_AUGUST, _OCTOBER = _until(FIRST_PHASE_ENDS), _until(LAST_DAY)
_MOON, _WEEK = _until(MID_AUTUMN[1], MID_AUTUMN[0]), _until(NATIONAL_DAY[1], NATIONAL_DAY[0])
_MOON_SOURCE, _WEEK_SOURCE = MID_AUTUMN_SOURCE, NATIONAL_DAY_SOURCE


def _streets() -> list[Published]:
    def of(name: str, day: date, count: Callable[[Rows], int], *bounds: int) -> Published:
        return Published(name, day, FEATURE, count, *bounds)

    survey, end = SURVEY_ENDS, FIRST_PHASE_ENDS
    return [
        of("lamps surveyed", survey, lambda rows: rows.found.totals["n_lamps"], 49_000, 49_999),
        of("dark segments", survey, lambda rows: rows.found.totals["by_status"]["dark"], 396),
        of("scattered lamps out", survey, lambda rows: _scattered(rows.found), 4_001, 4_999),
        of("never handed over", end, _of_cause("never_handed_over"), 281, 295),
        of("under construction", end, _of_cause("under_construction"), 101, 115),
        of("exempt segments", end, lambda rows: rows.works["n_exempt"], 57),
        of("segments to be relit", end, lambda rows: rows.works["n_found"], 339),
        of("segments relit", end, lambda rows: rows.works["n_closed"], 339),
        of(
            *("scattered lamps repaired", end),
            lambda rows: _scattered(rows.found) - _scattered(rows.relit),
            *(4_001, 4_999),
        ),
        of("roads without lamps", end, lambda rows: rows.relit.totals["by_status"]["no_lamp"], 2),
    ]


def _august() -> list[Published]:
    def of(name: str, count: Callable[[Rows], int], published: int | None) -> Published:
        return Published(name, FIRST_PHASE_ENDS, FEATURE, count, published)

    return [
        of("visits", _visits(_AUGUST, "n_visits"), 29_939),
        of("general hazards", _found(_AUGUST, "general"), 43_578),
        of("major hazards", _found(_AUGUST, "major"), None),
        of("suspended units", _issued(_AUGUST, "suspension"), 189),
        of("fines in yuan", _issued(_AUGUST, "fine_yuan"), 3_864_900),
        of("orders", _issued(_AUGUST, "order"), 1_165),
        of("exposed units", _issued(_AUGUST, "exposure"), 121),
        of(
            "hand-over batches",
            lambda rows: _handed_in_batches(rows)["handover_batch"].nunique(),
            2,
        ),
        of(
            "districts of these batches",
            lambda rows: _handed_in_batches(rows)["owner"].nunique(),
            5,
        ),
    ]


def _holidays() -> list[Published]:
    def of(name: str, day: date, count: Callable[[Rows], int], published: int) -> Published:
        return Published(name, day, REPORT, count, published)

    moon, week = MID_AUTUMN[1], NATIONAL_DAY[1]
    of_moon, of_week = {"source": _MOON_SOURCE}, {"source": _WEEK_SOURCE}
    led = _visits(_WEEK, "n_visits", manner=names.LED)
    return [
        of("Mid-Autumn teams", moon, _visits(_MOON, "n_teams", **of_moon), 245),
        of("Mid-Autumn people", moon, _visits(_MOON, "n_people", **of_moon), 778),
        of("Mid-Autumn units", moon, _visits(_MOON, "n_units", **of_moon), 861),
        of("Mid-Autumn hazards", moon, _found(_MOON, "general", _MOON_SOURCE), 711),
        of("Mid-Autumn hazards fixed", moon, _fixed(_MOON, "general", _MOON_SOURCE), 705),
        of("National Day teams", week, _visits(_WEEK, "n_teams", **of_week), 428),
        of("National Day people", week, _visits(_WEEK, "n_people", **of_week), 2_836),
        of("National Day units", week, _visits(_WEEK, "n_units", **of_week), 6_892),
        of("National Day general hazards", week, _found(_WEEK, "general", _WEEK_SOURCE), 15_782),
        of("National Day general fixed", week, _fixed(_WEEK, "general", _WEEK_SOURCE), 15_506),
        of("National Day major hazards", week, _found(_WEEK, "major", _WEEK_SOURCE), 3),
        of("National Day major fixed", week, _fixed(_WEEK, "major", _WEEK_SOURCE), 3),
        of("National Day interviews", week, _issued(_WEEK, "interview"), 4),
        of("National Day fines in yuan", week, _issued(_WEEK, "fine_yuan"), 65_600),
        of("National Day orders", week, _issued(_WEEK, "order"), 96),
        of("National Day visits of leaders", week, led, 29),
    ]


def _october() -> list[Published]:
    def of(name: str, count: Callable[[Rows], int], published: int | None) -> Published:
        return Published(name, LAST_DAY, REPORT, count, published)

    return [
        of("visits", _visits(_OCTOBER, "n_visits"), 122_302),
        of("general hazards", _found(_OCTOBER, "general"), 126_113),
        of("major hazards", _found(_OCTOBER, "major"), 160),
        of("suspended units", _issued(_OCTOBER, "suspension"), 297),
        of("orders", _issued(_OCTOBER, "order"), 1_919),
        of("fines in yuan", _issued(_OCTOBER, "fine_yuan"), None),
        of("exposed units", _issued(_OCTOBER, "exposure"), None),
    ]


FIGURES: tuple[Published, ...] = (*_streets(), *_august(), *_holidays(), *_october())
"""Every figure the reports print, in the order of their days."""
