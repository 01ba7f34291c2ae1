"""Rows without coordinates: where what they name lies, or where people have placed them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data.importers import ImportOptions, import_file
from data.importers.report import ImportReport

pytestmark = pytest.mark.db

UNITS = (
    "code,name,address,credit_code,lon,lat\n"
    "u1,Mill,1 Dock Road,A1,113.61,34.71\n"
    "u2,Shop,2 Dock Road,A2,113.62,34.72\n"
    "u3,Shop,3 Dock Road,A3,113.63,34.73\n"
)
HAZARDS = "code,place,found_at,level\nh1,{},2019-05-08,general\n"
PLACED = "SELECT ST_X(geom), located_by FROM {} WHERE external_code = '{}'"

Import = Callable[..., ImportReport]


@pytest.fixture
def bring(city: Engine, tmp_path: Path) -> Import:
    """Return a function that imports the text of a ledger."""

    def bring(kind: str, content: str, **options: Any) -> ImportReport:
        path = tmp_path / f"{kind}.csv"
        path.write_text(content, encoding="utf-8")
        return import_file(city, kind, path, ImportOptions(datum="wgs84", **options))

    return bring


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def told(report: ImportReport) -> dict[str, str]:
    return {remark.code: remark.message for remark in report.warnings}


def put(engine: Engine, code: str, lon: float) -> None:
    """Place a hazard as a person would."""
    statement = """
        UPDATE hazard SET geom = ST_SetSRID(ST_MakePoint(:lon, 34.7), 4326), original_x = :lon,
            original_y = 34.7, located_by = 'person' WHERE external_code = :code
    """
    with engine.begin() as connection:
        connection.execute(text(statement), {"code": code, "lon": lon})


@pytest.mark.parametrize("place", ["Mill", "1 Dock Road"])
def test_a_hazard_lies_where_the_only_unit_of_that_name_or_address_lies(
    city: Engine, bring: Import, place: str
) -> None:
    bring("units", UNITS)
    report = bring("hazards", HAZARDS.format(place))
    assert rows(city, PLACED.format("hazard", "h1")) == [(113.61, "name")]
    assert report.without_position == 0
    assert told(report)["placed_by_name"].startswith("row 2: without coordinates")


@pytest.mark.parametrize("place", ["Shop", "Mil", "9 Dock Road"])
def test_what_is_alike_or_has_two_places_is_not_guessed(
    city: Engine, bring: Import, place: str
) -> None:
    bring("units", UNITS)
    report = bring("hazards", HAZARDS.format(place))
    assert rows(city, PLACED.format("hazard", "h1")) == [(None, None)]
    assert report.without_position == 1
    assert "placed_by_name" not in told(report)


def test_the_same_file_again_changes_nothing(bring: Import) -> None:
    bring("units", UNITS)
    bring("hazards", HAZARDS.format("Mill"))
    assert bring("hazards", HAZARDS.format("Mill") + "h2,Mill,2019-05-09,general\n").same == 1


def test_a_named_row_follows_what_it_names(city: Engine, bring: Import) -> None:
    bring("units", UNITS)
    bring("hazards", HAZARDS.format("Mill"))
    bring("units", UNITS.replace("113.61", "113.65"))
    assert bring("hazards", HAZARDS.format("Mill")).changed == 1
    assert rows(city, PLACED.format("hazard", "h1")) == [(113.65, "name")]


def test_a_hazard_of_a_unit_lies_at_the_unit_whatever_its_place_is_called(
    city: Engine, bring: Import
) -> None:
    bring("units", UNITS)
    ledger = "code,place,unit_code,found_at,level\nh1,Mill,u2,2019-05-08,general\n"
    bring("hazards", ledger)
    assert rows(city, PLACED.format("hazard", "h1")) == [(113.62, None)]


def test_a_unit_of_another_ledger_is_known_by_its_credit_code(city: Engine, bring: Import) -> None:
    bring("units", UNITS)
    bring("units", "code,name,credit_code\nx1,The Old Mill,A1\n", source="tax")
    assert rows(city, PLACED.format("unit", "x1")) == [(113.61, "name")]


def test_a_place_that_a_person_gave_outlives_the_next_import(city: Engine, bring: Import) -> None:
    ledger = "code,place,found_at,level,lon,lat\nh1,Nowhere,2019-05-08,{},,\n"
    bring("hazards", ledger.format("general"))
    put(city, "h1", 113.66)
    report = bring("hazards", ledger.format("major"))
    assert (report.changed, report.without_position) == (1, 0)
    assert rows(city, PLACED.format("hazard", "h1")) == [(113.66, "person")]
    assert told(report)["kept_places"].startswith("1 rows without coordinates stay")


def test_coordinates_of_the_ledger_go_before_a_place_that_a_person_gave(
    city: Engine, bring: Import
) -> None:
    bring("hazards", HAZARDS.format("Nowhere"))
    put(city, "h1", 113.66)
    ledger = "code,place,found_at,level,lon,lat\nh1,Nowhere,2019-05-08,general,113.67,34.7\n"
    bring("hazards", ledger)
    assert rows(city, PLACED.format("hazard", "h1")) == [(113.67, None)]


def test_a_file_without_coordinates_leaves_those_that_are_stored(
    city: Engine, bring: Import
) -> None:
    bring("units", UNITS)
    assert bring("units", "code,name\nu1,New Mill\n").changed == 1
    assert rows(city, PLACED.format("unit", "u1")) == [(113.61, None)]


def test_a_branch_is_not_taken_for_the_unit_of_its_ledger_that_is_called_alike(
    city: Engine, bring: Import
) -> None:
    bring("units", UNITS)
    bring("units", "code,name\nu4,Mill\n")
    assert rows(city, PLACED.format("unit", "u4")) == [(None, None)]


def test_a_name_whose_second_bearer_has_no_place_is_not_sure(city: Engine, bring: Import) -> None:
    bring("units", UNITS + "u4,Mill,,,,\n")
    bring("hazards", HAZARDS.format("Mill"))
    assert rows(city, PLACED.format("hazard", "h1")) == [(None, None)]


def test_a_name_that_is_another_one_s_address_is_not_sure(city: Engine, bring: Import) -> None:
    bring("units", UNITS + "u4,Inn,Mill,A4,113.64,34.74\n")
    bring("hazards", HAZARDS.format("Mill"))
    assert rows(city, PLACED.format("hazard", "h1")) == [(None, None)]


def test_a_unit_named_in_another_ledger_follows_it(city: Engine, bring: Import) -> None:
    ledger = "code,name,credit_code\nx1,The Old Mill,A1\n"
    bring("units", UNITS)
    bring("units", ledger, source="tax")
    bring("units", UNITS.replace("113.61", "113.65"))
    assert bring("units", ledger, source="tax").changed == 1
    assert rows(city, PLACED.format("unit", "x1")) == [(113.65, "name")]


def test_of_a_refused_row_no_place_is_told(bring: Import) -> None:
    bring("units", UNITS)
    ledger = "code,place,found_at,level\nh1,Mill,2019-05-08,huge\nh2,Mill,2019-05-08,general\n"
    report = bring("hazards", ledger, accept_good=True)
    assert told(report)["placed_by_name"].startswith("row 3: ")


def test_hazards_of_one_cell_are_placed_each(city: Engine, bring: Import) -> None:
    bring("units", UNITS)
    cell = '"1. no exit sign\n2. no extinguisher"'
    bring("hazards", f"place,found_at,level,description\nMill,2019-05-08,general,{cell}\n")
    assert rows(city, "SELECT ST_X(geom), located_by FROM hazard") == [(113.61, "name")] * 2
