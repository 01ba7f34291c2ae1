from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select

from data.cities import create_city
from data.errors import ImportRejectedError
from data.models import Sanction, Unit
from data.queries.drives import drive_visits
from data.queries.reported import sanctions
from data.sanctions import load_sanctions
from data.scope import WHOLE_CITY
from geo.periods import Period

pytestmark = pytest.mark.db

AUGUST = Period(date(2019, 8, 31), 31, "Asia/Shanghai")


@pytest.fixture
def mill(session):
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    session.add(Unit(source="t", external_code="u", name="Mill"))
    session.flush()
    return session


def fines(*days, unit="u"):
    return pd.DataFrame(
        {
            "external_code": [f"z{number}" for number in range(len(days))],
            "unit_code": unit,
            "kind": "fine",
            "fine_yuan": "2000.10",
            "issued_on": days,
        }
    )


def test_fines_of_the_window_are_added_up_to_the_cent(mill):
    days = [date(2019, 7, 31), date(2019, 8, 1), date(2019, 8, 31), date(2019, 9, 1)]
    assert load_sanctions(mill, fines(*days), source="t").new == 4
    found = sanctions(mill, WHOLE_CITY, AUGUST)
    assert (found["fine"], found["fine_yuan"]) == (2, "4000.20")


def test_sanctions_loaded_again_are_the_same(mill):
    rows = fines(date(2019, 8, 1))
    load_sanctions(mill, rows, source="t")
    again = load_sanctions(mill, rows, source="t")
    assert (again.same, again.wrote) == (1, False)


def test_a_sanction_on_a_unit_that_is_not_there_is_refused(mill):
    with pytest.raises(ImportRejectedError, match="sanction z0: there is no unit v"):
        load_sanctions(mill, fines(date(2019, 8, 1), unit="v"), source="t")
    assert mill.scalars(select(Sanction)).all() == []


def test_a_drive_without_visits_had_no_teams(mill):
    assert drive_visits(mill, AUGUST) == (0, 0, 0, 0)
