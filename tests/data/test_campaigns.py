"""Campaigns in bulk, and the two of the simulated city."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.campaigns import load_campaigns
from data.models import Campaign, Party
from data.queries.deadlines import campaign_end
from data.samples.zhengzhou import names
from data.samples.zhengzhou.campaigns import campaigns

pytestmark = pytest.mark.db


def test_a_campaign_comes_with_its_days_and_who_leads_it(session: Session) -> None:
    rows = pd.DataFrame({"code": ["c"], "name": ["C"], "deadline_days": [15], "lead_party": ["A"]})
    assert load_campaigns(session, rows).new == 1
    assert not load_campaigns(session, rows)
    leads = select(Campaign.deadline_days, Party.code).join(Party)
    assert session.execute(leads).all() == [(15, "A")]


@pytest.mark.parametrize(
    ("day", "end", "name"),
    [
        (date(2019, 8, 20), date(2019, 8, 31), names.LIGHTING_CAMPAIGN),
        (date(2019, 9, 1), date(2019, 10, 31), names.CAMPAIGN),
    ],
)
def test_the_countdown_is_to_the_campaign_that_ends_next(
    session: Session, day: date, end: date, name: str
) -> None:
    load_campaigns(session, campaigns())
    due = campaign_end(session, day)
    assert due is not None
    assert (due.day, due.campaign) == (end, name)
