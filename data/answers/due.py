"""By when the work is due: the end of a campaign, or else the days of the open items."""

from datetime import date

import pandas as pd
from pandas import DataFrame
from sqlalchemy.orm import Session

from data.answers.questions import RectificationQuestion
from data.answers.rectifications import is_open, items_of
from data.queries.deadlines import DueDay, campaign_end
from data.queries.places import resolve_period
from data.scope import Scope


def due_day(session: Session, scope: Scope, question: RectificationQuestion) -> DueDay | None:
    """Return the deadline that the items of `question` work towards; ``None``: none is on record.

    A campaign's end goes before the days of the items, and of those the next before those over.
    """
    period = resolve_period(session, question.as_of, question.window_days)
    found = campaign_end(session, period.day)
    return found or _item_due(items_of(session, scope, question, period), period.day)


def _item_due(items: DataFrame, day: date) -> DueDay | None:
    due = items.loc[is_open(items), "due_on"].dropna()
    if due.empty:
        return None
    to_come = due[due >= pd.Timestamp(day)]
    return DueDay((due.max() if to_come.empty else to_come.min()).date())
