"""Ledgers of rectification against what was done about its items."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import shapely
from sqlalchemy import Engine, select

from data.engine import transaction
from data.errors import ImportRejectedError
from data.importers import ImportOptions, import_file
from data.loading import load
from data.models import Rectification
from data.workflow import Brought, Seen, act
from maps.words import reason

pytestmark = pytest.mark.db

LEDGER = "整改编号,路段编号,发现时间,状态,整改期限\n{}\n"
FIRST = "r1,s1,2019-08-01,已发现,2019-08-20"
OPTIONS = ImportOptions(source="t")


@pytest.fixture
def bring(city: Engine, tmp_path: Path):
    """Import the rows of a ledger; the first item of it is registered by an action."""
    file = tmp_path / "ledger.csv"

    def bring(*rows):
        file.write_text(LEDGER.format("\n".join(rows)), encoding="utf-8")
        return import_file(city, "rectifications", file, OPTIONS)

    line = shapely.LineString([(113.6, 34.7), (113.61, 34.7)])
    with transaction(city, moves=("streetlights",)) as session:
        segments = pd.DataFrame({"external_code": ["s1", "s2"], "geom": [line, line]})
        load(session, "segments", segments, source="t")
    bring(FIRST, "r2,s2,2019-08-01,已发现,")
    with transaction(city) as session:
        number = session.scalars(select(Rectification.id).order_by(Rectification.id)).first()
        act(session, number, "register", Seen("found"), Brought(), "test")
    return bring


@pytest.mark.parametrize("state", ["已销号", "已发现", ""])
def test_no_ledger_moves_the_state_of_an_item_that_was_acted_upon(bring, state):
    with pytest.raises(ImportRejectedError) as caught:
        bring(f"r1,s1,2019-08-01,{state},2019-08-20")
    told = [(e.row, e.field) for e in caught.value.report.errors if "acted upon" in e.reason]
    assert told == [(2, "state")]


def test_a_ledger_that_leaves_the_state_corrects_the_rest(bring, city):
    report = bring(FIRST.replace("已发现", "已登记").replace("08-20", "08-25"))
    assert (report.changed, report.refused) == (1, 0)
    with transaction(city) as session:
        due = session.scalar(select(Rectification.due_on).order_by(Rectification.id).limit(1))
    assert due == date(2019, 8, 25)


def test_an_item_that_nobody_acted_upon_follows_its_ledger(bring):
    assert bring("r2,s2,2019-08-01,整改中,").changed == 1


def test_the_reason_is_told_in_chinese(bring):
    with pytest.raises(ImportRejectedError) as caught:
        bring(FIRST)
    assert "状态只能通过办理操作改变" in reason(caught.value.report.errors[0].reason, "zh")
