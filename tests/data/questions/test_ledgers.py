import json
from datetime import date

import pytest
import shapely
from sqlalchemy import update

from data.errors import NotFoundError
from data.models import Unit
from data.queries import ledgers
from data.queries.ledgers import LedgerFilter
from data.queries.places import grids
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
EVERY_LEDGER = ("units", "inspections", "hazards", "segments", "lamps", "cells")


@pytest.fixture
def full(town):
    """One row of everything in the first of two cells."""
    town.grid(2)
    line = shapely.LineString([town.at(-0.3), town.at(0.3)])
    day = town.day("2019-08-20", 18, 30)
    town.add("units", {"name": "Bakery", "geom": town.at(0)})
    town.add("inspections", {"unit_code": "0", "inspected_at": day, "has_time": True})
    town.add("hazards", {"geom": town.at(0), "found_at": town.day("2019-08-20"), "unit_code": "0"})
    town.add("segments", {"name": "Road", "geom": line})
    town.add("lamps", {"geom": town.at(0)})
    town.add("outages", {"lamp_code": "0", "started_at": day})
    return town


def read(town, ledger, scope=WHOLE_CITY, **wanted):
    return getattr(ledgers, ledger)(town.session, scope, LedgerFilter(**wanted))


@pytest.mark.parametrize("ledger", EVERY_LEDGER)
def test_rows_are_json_with_their_shape(full, ledger):
    row = read(full, ledger, grid="g")[0]
    assert json.loads(json.dumps(row)) == row
    assert json.loads(row["geometry"])["type"] in {"Point", "LineString", "MultiPolygon"}


@pytest.mark.parametrize("ledger", EVERY_LEDGER)
def test_a_cell_holds_its_own_rows_only(full, ledger):
    assert len(read(full, ledger, grid="g", cell="0-0")) == 1
    assert len(read(full, ledger, grid="g", cell="0-1")) == (ledger == "cells")


@pytest.mark.parametrize("ledger", EVERY_LEDGER)
def test_a_reader_sees_rows_in_scope_only(full, ledger):
    assert len(read(full, ledger, scope=full.scope("0-0"), grid="g")) == 1
    assert len(read(full, ledger, scope=full.scope("0-1"), grid="g")) == (ledger == "cells")


@pytest.mark.parametrize("ledger", EVERY_LEDGER)
def test_a_box_holds_what_touches_it(full, ledger):
    assert len(read(full, ledger, grid="g", bbox=(3.0, 0.0, 3.006, 0.009))) == 1
    assert read(full, ledger, grid="g", bbox=(3.05, 0.0, 3.06, 0.01)) == []


def test_pages_follow_each_other_without_gap_or_repetition(town):
    town.add("units", *({"name": f"u{n}"} for n in range(5)))
    names, after = [], None
    while page := read(town, "units", limit=2, after=after):
        names += [row["name"] for row in page]
        after = page[-1]["id"]
    assert names == ["u0", "u1", "u2", "u3", "u4"]


def test_a_row_names_its_cell_or_none(full):
    full.add("units", {"external_code": "far", "name": "far", "geom": full.at(9)}, source="more")
    assert [row["cell"] for row in read(full, "units", grid="g")] == ["0-0", None]
    assert "cell" not in read(full, "units")[0]


def test_on_a_day_units_are_those_active_then(full):
    dates = {"registered_on": date(2019, 1, 1), "closed_on": date(2019, 8, 31)}
    full.session.execute(update(Unit).values(**dates))
    assert read(full, "units", as_of=date(2018, 12, 31)) == []
    assert len(read(full, "units", as_of=date(2019, 8, 30))) == 1
    assert read(full, "units", as_of=DAY) == []


def test_on_a_day_visits_and_hazards_are_those_until_its_end(full):
    for ledger in ("inspections", "hazards"):
        assert read(full, ledger, as_of=date(2019, 8, 19)) == []
        assert len(read(full, ledger, as_of=date(2019, 8, 20))) == 1


def test_a_moment_is_shown_by_the_citys_clock_and_only_where_it_is_known(full):
    assert read(full, "inspections")[0]["inspected_at"] == "2019-08-20T18:30:00+08:00"
    hazard = read(full, "hazards")[0]
    assert (hazard["found_on"], hazard["found_at"]) == ("2019-08-20", None)


def test_a_hazard_without_closing_dates_is_neither_open_nor_closed(town):
    found = {"found_at": town.day("2019-08-20")}
    closed = {"closed_at": town.day("2019-08-30")}
    town.add("hazards", found, found | closed)
    town.add("hazards", found | {"closing_known": False}, source="silent")
    days = (date(2019, 8, 29), DAY)
    seen = [[row["is_open"] for row in read(town, "hazards", as_of=day)] for day in days]
    assert seen == [[True, True, None], [True, False, None]]


def test_a_lamp_is_out_on_the_days_of_its_outage(full):
    assert read(full, "lamps", as_of=date(2019, 8, 19))[0]["is_out"] is False
    assert read(full, "lamps", as_of=DAY)[0]["is_out"] is True


def test_persons_are_not_shown(full):
    assert not {"phone", "legal_person"} & set(read(full, "units")[0])


def test_grids_say_how_many_cells_a_reader_sees(full):
    assert [(grid["code"], grid["n_cells"]) for grid in grids(full.session, WHOLE_CITY)] == [
        ("g", 2)
    ]
    assert grids(full.session, full.scope("0-1"))[0]["n_cells"] == 1


def test_cells_are_those_in_force_on_the_day(full):
    full.grid(1, code="other")
    assert len(read(full, "cells", grid="g", as_of=DAY)) == 2


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 1001}, {"cell": "0-0"}])
def test_a_filter_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(WrongValueError, match=next(iter(wrong))):
        LedgerFilter(**wrong)


def test_cells_need_a_grid_that_is_there(full):
    with pytest.raises(WrongValueError, match="grid"):
        read(full, "cells")
    with pytest.raises(NotFoundError, match="nowhere"):
        read(full, "units", grid="nowhere")
