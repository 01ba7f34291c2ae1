"""The items behind a figure, as rows."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame
from sqlalchemy.orm import Session

from data.answers.answer import records
from data.answers.ground import ground_of
from data.answers.questions import RectificationQuestion
from data.answers.rectifications import items_behind, items_of
from data.scope import Scope
from data.workflow.deadlines import ends_at

_DAYS = ("found_on", "closed_on", "due_on")


def item_list(
    session: Session,
    scope: Scope,
    question: RectificationQuestion,
    figure: str | None = None,
    chosen: Mapping[str, str] | None = None,
) -> DataFrame:
    """Return the items that `figure` counts and whose columns are as `chosen`, by id.

    Columns are those of `data.queries.rectifications.work_items`, and ``is_overdue``,
    ``days_left`` (negative once it is overdue; missing when it is ended or has no limit) and
    ``ends_at``, the first moment that is too late.
    """
    period = ground_of(session, question).period
    items = items_of(session, scope, question, period)
    overdue = items_behind(items, "overdue", period).index
    is_open = items.index.isin(items_behind(items, "open", period).index)
    left = (items["due_on"] - pd.Timestamp(period.day)).dt.days.astype("Int64")
    items = items.assign(
        is_overdue=items.index.isin(overdue),
        days_left=left.where(is_open),
        ends_at=items["due_on"].map(
            lambda day: ends_at(day.date(), period.timezone).isoformat(), na_action="ignore"
        ),
    )
    if figure is not None:
        items = items_behind(items, figure, period)
    for name, value in (chosen or {}).items():
        items = items[items[name] == value]
    return items


def item_rows(items: DataFrame) -> list[dict[str, Any]]:
    """Return items as plain values, days as 2019-08-31."""
    days = {name: items[name].dt.strftime("%Y-%m-%d") for name in _DAYS}
    named = items.assign(**days).drop(columns=["thing", "cell"])
    return records(named.reset_index())
