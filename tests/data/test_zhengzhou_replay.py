"""Any past day of the campaign, as it was known then, against a plain replay of what was written.

Nothing here asks the queries of the service: events and versions of rows are read as they are, and
what was recorded later than a day is left away, as if it had never been fed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, Text, cast, literal, select, text, union_all
from sqlalchemy.orm import Session

from data.answers import (
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    RectificationQuestion,
    answer,
)
from data.models import Hazard, Inspection, Outage, RowHistory
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2019, 6, 21), date(2019, 10, 31)
WINDOW = 30
GRID = "districts"


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)


@dataclass
class Diary:
    """Every work item as it was first written, and every event, in the order of writing."""

    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)

    def told(self, day: date) -> list[dict[str, Any]]:
        """The items as a clerk knew them when the day was over."""
        ends = end_of(day)
        known = {
            number: dict(item)
            for number, item in self.items.items()
            if item["found_at"] < ends and item["recorded_at"] < ends
        }
        for event in self.events:
            done = datetime.fromisoformat(event.after["at"])
            if event.subject_id in known and done < ends and event.happened_at < ends:
                known[event.subject_id] |= event.after
        return list(known.values())


@pytest.fixture(scope="module")
def zhengzhou(sample_store):
    return sample_store("zhengzhou")


@pytest.fixture(scope="module")
def diary(zhengzhou):
    events = text("SELECT * FROM event WHERE subject = 'rectification' ORDER BY id")
    rows = text("""
        SELECT DISTINCT ON (id) id, recorded_at, item ->> 'found_at' AS found_at,
            item ->> 'due_on' AS due_on, item ->> 'state' AS state,
            item ->> 'exempt_confirmed_by_city' AS exempt_confirmed_by_city
        FROM (
            SELECT row_id AS id, recorded_at, data AS item
            FROM row_history WHERE table_name = 'rectification'
            UNION ALL SELECT id, recorded_at, to_jsonb(now_kept) FROM rectification AS now_kept
        ) AS version ORDER BY id, recorded_at
    """)
    with Session(zhengzhou) as session:
        items = {
            row.id: {**row._asdict(), "found_at": datetime.fromisoformat(row.found_at)}
            for row in session.execute(rows)
        }
        return Diary(items, list(session.execute(events)))


@pytest.fixture(scope="module")
def days():
    numbers = np.random.default_rng(2019).choice((LAST - FIRST).days, 30, replace=False)
    return [FIRST + timedelta(days=int(number)) for number in sorted(numbers)]


@pytest.fixture(scope="module")
def some_days(days):
    return days[4::9]


def ask(engine, question):
    """Ask in a transaction of its own: what is known is set for the whole of one."""
    with Session(engine) as session:
        return answer(session, WHOLE_CITY, question)


def versions(engine: Engine, model: type[Any], *columns: str) -> pd.DataFrame:
    """Every version of every row, with when it was recorded and replaced."""
    replaced = select(
        RowHistory.recorded_at,
        RowHistory.replaced_at,
        *(RowHistory.data[name].astext.label(name) for name in columns),
    ).where(RowHistory.table_name == model.__tablename__)
    stored = select(
        model.recorded_at,
        literal(datetime(2900, 1, 1, tzinfo=ZONE)),
        *(cast(getattr(model, name), Text) for name in columns),
    )
    with Session(engine) as session:
        found = session.execute(union_all(replaced, stored)).all()
    table = pd.DataFrame(found, columns=["recorded_at", "replaced_at", *columns])
    moments = [name for name in table if name.endswith("_at")]
    return table.assign(
        **{name: pd.to_datetime(table[name], utc=True, format="ISO8601") for name in moments}
    )


def known_on(table: pd.DataFrame, day: date) -> pd.DataFrame:
    ends = pd.Timestamp(end_of(day))
    return table[(table["recorded_at"] < ends) & (table["replaced_at"] >= ends)]


def test_work_of_thirty_days_is_what_the_events_until_then_tell(zhengzhou, diary, days):
    for day in days:
        told = diary.told(day)
        exempt = [
            one for one in told if one["exempt_confirmed_by_city"] and one["state"] == "exempt"
        ]
        closed = [one for one in told if one["state"] == "closed"]
        timed = [one for one in closed if one["due_on"]]
        in_time = [one for one in timed if closed_on(one) <= one["due_on"]]
        ended = ("closed", "exempt", "transferred")
        late = [
            one
            for one in told
            if one["state"] not in ended and one["due_on"] and one["due_on"] < day.isoformat()
        ]
        found = ask(zhengzhou, RectificationQuestion(as_of=day, known_at=day))
        rates = {
            rate["name"]: (rate["numerator"], rate["denominator"]) for rate in found.extra["rates"]
        }
        assert rates["completion"] == (len(closed), len(told) - len(exempt)), day
        assert rates["on_time"] == (len(in_time), len(timed) + len(late)), day
        states = pd.Series([one["state"] for one in told]).value_counts()
        assert {k: n for k, n in found.totals["by_state"].items() if n} == states.to_dict(), day


def closed_on(item: dict[str, Any]) -> str:
    return datetime.fromisoformat(item["closed_at"]).astimezone(ZONE).date().isoformat()


def test_visits_of_a_day_are_those_recorded_until_then(zhengzhou, some_days):
    visits = versions(zhengzhou, Inspection, "inspected_at", "unit_id")
    for day in some_days:
        known = known_on(visits, day)
        ends = pd.Timestamp(end_of(day))
        counted = known[
            known["inspected_at"].between(ends - pd.Timedelta(days=WINDOW), ends, "left")
        ]
        found = ask(zhengzhou, CoverageQuestion(GRID, day, WINDOW, known_at=day)).totals
        # Before the first visit is recorded nothing is known of any.
        expected = len(counted) if len(known) else None
        assert found["n_visits"] == expected, day
        if expected is not None:
            assert found["n_inspected"] == counted["unit_id"].nunique(), day


def test_hazards_of_a_day_are_those_recorded_until_then(zhengzhou, some_days):
    hazards = versions(zhengzhou, Hazard, "found_at", "closed_at", "count")
    for day in some_days:
        ends = pd.Timestamp(end_of(day))
        known = known_on(hazards, day)
        known = known[known["found_at"] < ends]
        open_ = known[~(known["closed_at"] < ends)]
        found = ask(zhengzhou, HotspotQuestion(GRID, day, WINDOW, known_at=day)).totals
        since = known["found_at"] >= ends - pd.Timedelta(days=WINDOW)
        assert (found["n_hazards"] or 0) == known.loc[since, "count"].astype(int).sum(), day
        assert (found["n_open"] or 0) == open_["count"].astype(int).sum(), day


def test_lamps_out_on_a_day_are_those_recorded_until_then(zhengzhou, some_days):
    outages = versions(zhengzhou, Outage, "started_at", "ended_at", "lamp_id")
    for day in some_days:
        ends = pd.Timestamp(end_of(day))
        known = known_on(outages, day)
        out = known[(known["started_at"] < ends) & ~(known["ended_at"] < ends)]
        found = ask(zhengzhou, OutageQuestion(GRID, day, WINDOW, known_at=day)).totals
        assert found["n_out"] == out["lamp_id"].nunique(), day
