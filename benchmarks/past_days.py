"""The figures of work on a past day, beside computing how every item stood from all of its events.

The campaign of Zhengzhou, 2019. We undo what was done later; the others begin with each item as it
was first written and do to it what its events tell until then. All of them count by owner with the
same function, and must come to the same figures. What DuckDB needs to have every event in memory is
in its cold time only. The whole answer, with its ranking, is timed besides.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import cycle
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Engine, text

from benchmarks.measuring import Contender, Row, measure
from benchmarks.store import store, store_url
from data.answers import RectificationQuestion, rectifications
from data.answers.rectifications import COUNTS, figures_of, items_of
from data.engine import snapshot
from data.samples import load_sample
from data.scope import WHOLE_CITY
from geo.periods import Period

NAME = "past_days"
ZONE = "Asia/Shanghai"
DAYS = (date(2019, 8, 20), date(2019, 7, 25), date(2019, 9, 30))
"""Asked in turn; the answers are compared of the first."""

FIRST_VERSIONS = """
    SELECT DISTINCT ON (id) id, found_at::timestamptz AS found_at, state, due_on::text AS due_on
    FROM (
        SELECT row_id AS id, recorded_at, data ->> 'found_at' AS found_at,
            data ->> 'state' AS state, data ->> 'due_on' AS due_on
        FROM row_history WHERE table_name = 'rectification'
        UNION ALL
        SELECT id, recorded_at, found_at::text, state, due_on::text FROM rectification
    ) AS version ORDER BY id, recorded_at
"""
EVENTS = "SELECT id, subject_id, after FROM event WHERE subject = 'rectification' ORDER BY id"

TOLD = (
    "state",
    "due_on",
    "closed_at",
    "lead_party",
    "exempt_confirmed_by_city",
    "exempt_confirmed_by_builder",
)
"""What events tell that the figures need; the last that names one has the say, also by NULL."""

_LAST = ", ".join(
    f"(array_agg(after ->> '{name}' ORDER BY id DESC) FILTER (WHERE after ? '{name}'))[1]"
    f" AS {name}, bool_or(after ? '{name}') AS has_{name}"
    for name in TOLD
)
BY_POSTGRES = f"""
    WITH first AS ({FIRST_VERSIONS}),
    told AS (
        SELECT subject_id AS id, {_LAST} FROM event
        WHERE subject = 'rectification' AND (after ->> 'at')::timestamptz < :ends
        GROUP BY subject_id
    )
    SELECT first.found_at, coalesce(told.state, first.state) AS state,
        CASE WHEN told.has_due_on THEN told.due_on ELSE first.due_on END AS due_on,
        told.closed_at::timestamptz AS closed_at, told.lead_party,
        told.exempt_confirmed_by_city, told.exempt_confirmed_by_builder
    FROM first LEFT JOIN told ON told.id = first.id WHERE first.found_at < :ends
"""
_LATEST = ", ".join(
    f"arg_max(coalesce({name}, ''), id) FILTER (WHERE has_{name}) AS {name}" for name in TOLD
)
BY_DUCKDB = f"""
    WITH told AS (
        SELECT item, {_LATEST} FROM event WHERE done_at < $ends GROUP BY item
    )
    SELECT first.found_at, coalesce(told.state, first.state) AS state,
        nullif(coalesce(told.due_on, first.due_on), '') AS due_on,
        nullif(told.closed_at, '') AS closed_at, nullif(told.lead_party, '') AS lead_party,
        nullif(told.exempt_confirmed_by_city, '') AS exempt_confirmed_by_city,
        nullif(told.exempt_confirmed_by_builder, '') AS exempt_confirmed_by_builder
    FROM first LEFT JOIN told ON told.item = first.id WHERE first.found_at < $ends
"""


class Asked:
    """A store, and the days it is asked for in turn."""

    def __init__(self) -> None:
        self.engine: Engine = store(NAME)
        self._days = cycle(DAYS)

    def period(self) -> Period:
        """Return the next day."""
        return Period(next(self._days), 3, ZONE)

    def read(self, statement: str, **values: Any) -> pd.DataFrame:
        """Return the rows of a statement."""
        with self.engine.connect() as connection:
            return pd.read_sql(text(statement), connection, params=values)


class InDuckdb(Asked):
    """The same, with every event in the memory of DuckDB."""

    def __init__(self) -> None:
        super().__init__()
        events = self.read(EVENTS)
        told = {name: [after.get(name) for after in events["after"]] for name in TOLD}
        has = {f"has_{name}": [name in after for after in events["after"]] for name in TOLD}
        at = pd.to_datetime([after["at"] for after in events["after"]], utc=True, format="ISO8601")
        self.memory = duckdb.connect()
        event = pd.DataFrame({"id": events["id"], "item": events["subject_id"], "done_at": at})
        self.memory.register("event_frame", event.assign(**told, **has))
        self.memory.register("first_frame", self.read(FIRST_VERSIONS))
        types = ", ".join(f"{name}::varchar AS {name}, has_{name}" for name in TOLD)
        self.memory.execute(
            f"CREATE TABLE event AS SELECT id, item, done_at, {types} FROM event_frame"
        )
        self.memory.execute("CREATE TABLE first AS SELECT * FROM first_frame")


def by_undoing(asked: Asked) -> pd.DataFrame:
    period = asked.period()
    with snapshot(asked.engine) as session:
        items = items_of(session, WHOLE_CITY, RectificationQuestion(as_of=period.day), period)
    return figures_of(items, "owner", period)[[*COUNTS]].sort_index()


def whole_answer(asked: Asked) -> pd.DataFrame:
    """Rank the owners as well, by what they have done now and three days before."""
    question = RectificationQuestion(as_of=asked.period().day)
    with snapshot(asked.engine) as session:
        return rectifications(session, WHOLE_CITY, question).rows[[*COUNTS]]


def by_replaying(asked: Asked) -> pd.DataFrame:
    """Do everything to each item again, in plain Python."""
    period = asked.period()
    first = asked.read(FIRST_VERSIONS).to_dict("records")
    items = {row["id"]: row for row in first if row["found_at"] < period.end}
    for event in asked.read(EVENTS).itertuples():
        if event.subject_id in items and _moment(event.after["at"]) < period.end:
            items[event.subject_id] |= {
                name: event.after[name] for name in TOLD if name in event.after
            }
    return _figures(pd.DataFrame(items.values()), period)


def by_postgres(asked: Asked) -> pd.DataFrame:
    period = asked.period()
    return _figures(asked.read(BY_POSTGRES, ends=period.end), period)


def by_duckdb(asked: InDuckdb) -> pd.DataFrame:
    period = asked.period()
    return _figures(asked.memory.execute(BY_DUCKDB, {"ends": period.end}).df(), period)


def _figures(items: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return what each owner has done, from how every item stood."""
    items = items.reindex(columns=["found_at", *TOLD])
    closed_at = pd.to_datetime(items["closed_at"], utc=True, format="ISO8601")
    is_closed = items["state"] == "closed"
    confirmed = [items[f"exempt_confirmed_by_{side}"].fillna("") != "" for side in _SIDES]
    stood = pd.DataFrame(
        {
            "owner": items["lead_party"],
            "state": items["state"],
            "found_on": _local_days(pd.to_datetime(items["found_at"], utc=True)),
            "closed_on": _local_days(closed_at.where(is_closed)),
            "due_on": pd.to_datetime(items["due_on"]),
            "is_exempt": confirmed[0] & confirmed[1],
        }
    )
    return figures_of(stood, "owner", period)[[*COUNTS]].sort_index()


_SIDES = ("city", "builder")


def _local_days(moments: "pd.Series[Any]") -> "pd.Series[Any]":
    return moments.dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _numbers(figures: pd.DataFrame) -> NDArray[np.float64]:
    return figures.to_numpy(dtype=float)


WAYS: Mapping[str, tuple[Callable[[], Any], Callable[[Any], pd.DataFrame]]] = {
    "guatu_rectifications_at": (Asked, by_undoing),
    "DuckDB, events in memory": (InDuckdb, by_duckdb),
    "PostgreSQL, all events": (Asked, by_postgres),
    "Python, all events": (Asked, by_replaying),
}


def run() -> list[Row]:
    store_url(NAME)
    load_sample(store(NAME), "zhengzhou")
    contenders = [
        Contender(name, prepare, use, answer=_numbers) for name, (prepare, use) in WAYS.items()
    ]
    n_events = int(Asked().read("SELECT count(*) AS n FROM event").iloc[0, 0])
    answer = Contender("data.answers", Asked, whole_answer, answer=_numbers)
    return [
        *measure(f"figures of a past day, {n_events:,} events", contenders),
        *measure(f"answer about a past day, {n_events:,} events", [answer]),
    ]
