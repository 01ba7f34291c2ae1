from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from data.cities import create_city
from data.engine import transaction
from data.errors import ImportRejectedError
from data.grids import GridHead, load_grid
from data.loading import LoadCounts, load
from data.placing import place, placement_counts
from geo.errors import MissingColumnError, WrongValueError

pytestmark = pytest.mark.db

DAY = pd.Timestamp("2019-05-31", tz="UTC")
M = 1 / 111_320
"""About one metre, in degrees at the equator."""


@pytest.fixture
def city(session: Session) -> Session:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", metric_srid=32631)
    return session


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{"external_code": str(i)} | row for i, row in enumerate(rows)])


def units(*places: tuple[float, float] | None) -> pd.DataFrame:
    return frame(
        *(
            {"name": f"unit {i}", "geom": shapely.Point(xy) if xy else None}
            for i, xy in enumerate(places)
        )
    )


def all_rows(session: Session, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(text(statement))]


def two_cells(session: Session) -> None:
    cells = pd.DataFrame(
        {
            "external_code": ["b", "a"],
            "geom": [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
        }
    )
    load_grid(session, GridHead("g", "Grid", "management"), cells, source="t")


@pytest.mark.parametrize(
    ("kind", "row", "statement", "usual"),
    [
        ("units", {"name": "x", "status": None}, "SELECT status FROM unit", "active"),
        ("lamps", {"status": None}, "SELECT status FROM lamp", "in_service"),
        ("hazards", {"found_at": DAY, "count": None}, "SELECT count FROM hazard", 1),
    ],
)
def test_a_blank_where_the_store_must_have_a_value_is_the_usual_one(
    city: Session, kind: str, row: dict[str, Any], statement: str, usual: Any
) -> None:
    load(city, kind, frame(row), source="t")
    assert all_rows(city, statement) == [(usual,)]


def test_rows_are_new_then_the_same(city: Session) -> None:
    first = load(city, "units", units((0.5, 0.5), None), source="t")
    again = load(city, "units", units((0.5, 0.5), None), source="t")
    assert first == LoadCounts(2, new=2, changed=0, same=0, duplicate=0, without_position=1)
    assert again == LoadCounts(2, new=0, changed=0, same=2, duplicate=0, without_position=1)


def test_a_row_that_differs_is_changed(city: Session) -> None:
    load(city, "units", units((0.5, 0.5), (0.6, 0.5)), source="t")
    counts = load(city, "units", units((0.5, 0.5), (0.6, 0.7)), source="t")
    assert (counts.new, counts.changed, counts.same) == (0, 1, 1)
    assert all_rows(city, "SELECT ST_Y(geom) FROM unit ORDER BY id") == [(0.5,), (0.7,)]


def test_of_a_repeated_code_the_first_row_is_kept(city: Session) -> None:
    rows = units((0.5, 0.5), (0.6, 0.5)).assign(external_code="same")
    counts = load(city, "units", rows, source="t")
    assert (counts.rows, counts.new, counts.duplicate) == (2, 1, 1)
    assert all_rows(city, "SELECT name FROM unit") == [("unit 0",)]


def test_the_same_code_of_another_source_is_another_row(city: Session) -> None:
    load(city, "units", units((0.5, 0.5)), source="one")
    assert load(city, "units", units((0.5, 0.5)), source="two").new == 1


def test_a_column_that_is_absent_leaves_what_is_stored(city: Session) -> None:
    load(city, "units", units((0.5, 0.5)).assign(sector="food"), source="t")
    load(city, "units", units((0.6, 0.5)), source="t")
    assert all_rows(city, "SELECT sector, ST_X(geom) FROM unit") == [("food", 0.6)]


def test_a_missing_code_is_refused(city: Session) -> None:
    rows = units((0.5, 0.5)).assign(external_code=None)
    with pytest.raises(ImportRejectedError, match="external_code is missing"):
        load(city, "units", rows, source="t")


def test_a_frame_without_codes_is_refused(city: Session) -> None:
    with pytest.raises(MissingColumnError, match="external_code"):
        load(city, "units", pd.DataFrame({"name": ["x"]}), source="t")


def test_codes_become_references(city: Session) -> None:
    load(city, "units", units((0.5, 0.5), (0.6, 0.6)), source="t")
    visits = frame({"unit_code": "1", "inspected_at": pd.Timestamp("2020-01-01", tz="UTC")})
    load(city, "inspections", visits, source="t")
    assert all_rows(city, "SELECT name FROM unit JOIN inspection ON unit_id = unit.id") == [
        ("unit 1",)
    ]


def test_rows_are_the_same_where_all_are_new_and_beside_others(city: Session) -> None:
    load(city, "units", units((0.5, 0.5), (0.6, 0.6)), source="t")
    visits = pd.DataFrame(
        {
            "external_code": ["v10", "v9", "甲", "v1"],
            "unit_code": ["1", "0", "1", "0"],
            "inspected_at": [DAY, DAY + pd.Timedelta(minutes=1), DAY, DAY],
            "has_time": [False, True, False, None],
            "team_size": [2, None, 3, 4],
            "countersigned": [True, None, False, None],
            "team": ["张三、李四", None, "", "'x"],
        }
    )
    load(city, "inspections", visits, source="new")
    load(city, "inspections", visits.tail(1).assign(external_code="v0"), source="known")
    load(city, "inspections", visits, source="known")
    told = """
        SELECT external_code, unit_id, inspected_at, has_time, team_size, countersigned, team
        FROM inspection WHERE source = '{}' AND external_code <> 'v0' ORDER BY id
    """
    stored = all_rows(city, told.format("new"))
    assert [row[0] for row in stored] == ["v1", "v10", "v9", "甲"]
    assert stored == all_rows(city, told.format("known"))


def test_a_code_means_the_same_source_before_others(city: Session) -> None:
    for source in ("other", "t"):
        load(city, "units", units((0.5, 0.5)).assign(name=source), source=source)
    visits = frame({"unit_code": "0", "inspected_at": pd.Timestamp("2020-01-01", tz="UTC")})
    load(city, "inspections", visits, source="t")
    load(city, "inspections", visits, source="t")
    assert all_rows(city, "SELECT name FROM unit JOIN inspection ON unit_id = unit.id") == [("t",)]


@pytest.mark.parametrize("sources", [(), ("one", "two")], ids=["unknown", "ambiguous"])
def test_a_code_that_means_no_one_row_is_refused(city: Session, sources: tuple[str, ...]) -> None:
    for source in sources:
        load(city, "units", units((0.5, 0.5)), source=source)
    visits = frame({"unit_code": "0", "inspected_at": pd.Timestamp("2020-01-01", tz="UTC")})
    with pytest.raises(ImportRejectedError, match="1 rows name something"):
        load(city, "inspections", visits, source="t")


def test_a_moment_without_a_time_zone_is_refused(city: Session) -> None:
    rows = frame({"found_at": pd.Timestamp("2020-01-01")})
    with pytest.raises(WrongValueError, match=r"row 0, field found_at: .*no time zone"):
        load(city, "hazards", rows, source="t")


def test_points_get_the_lowest_code_that_has_them(city: Session) -> None:
    two_cells(city)
    load(city, "units", units((0.5, 0.5), (1, 0.5), (1.5, 0.5), (3, 3), None), source="t")
    placed = "SELECT u.external_code, c.code FROM placement p JOIN unit u ON u.id = unit_id"
    assert all_rows(city, placed + " LEFT JOIN cell c ON c.id = cell_id ORDER BY 1") == [
        ("0", "b"),
        ("1", "a"),
        ("2", "a"),
        ("3", None),
    ]
    assert placement_counts(city)["g"]["units"] == {
        "placed": 3,
        "outside": 1,
        "without_position": 1,
    }


def test_sql_places_single_points_like_the_bulk(city: Session) -> None:
    two_cells(city)
    edges = [(0, 0), (0.5, 0), (1, 0), (1, 0.5), (1, 1), (2, 1), (0.3, 1), (2.0000001, 1)]
    load(city, "units", units(*edges), source="t")
    single = "SELECT guatu_place(u.geom, p.grid_id), p.cell_id FROM placement p JOIN unit u"
    pairs = all_rows(city, single + " ON u.id = p.unit_id")
    assert len(pairs) == len(edges)
    assert all(alone == bulk for alone, bulk in pairs)


def test_a_grid_that_comes_later_places_what_is_there(city: Session) -> None:
    load(city, "units", units((0.5, 0.5)), source="t")
    two_cells(city)
    assert placement_counts(city)["g"]["units"]["placed"] == 1


def test_a_unit_that_moves_is_placed_anew(city: Session) -> None:
    two_cells(city)
    load(city, "units", units((0.5, 0.5)), source="t")
    load(city, "units", units((1.5, 0.5)), source="t")
    placed = "SELECT code FROM cell JOIN placement ON cell_id = cell.id"
    assert all_rows(city, placed) == [("a",)]


def test_a_unit_that_loses_its_position_loses_its_cell(city: Session) -> None:
    two_cells(city)
    load(city, "units", units((0.5, 0.5)), source="t")
    load(city, "units", units(None), source="t")
    assert placement_counts(city)["g"]["units"] == {
        "placed": 0,
        "outside": 0,
        "without_position": 1,
    }


def test_an_override_outlives_a_new_grid(city: Session) -> None:
    two_cells(city)
    load(city, "units", units((0.5, 0.5)), source="t")
    override = "UPDATE placement SET override_reason = 'moved', override_cell_id = c.id FROM cell c"
    city.execute(text(override + " WHERE c.code = 'a'"))
    place(city, which="all")
    placed = "SELECT code FROM cell JOIN placement ON cell_id = cell.id"
    assert all_rows(city, placed) == [("a",)]


def test_a_cell_that_the_grid_no_longer_has_is_removed(city: Session) -> None:
    two_cells(city)
    load(city, "units", units((0.5, 0.5), (1.5, 0.5)), source="t")
    one = pd.DataFrame({"external_code": ["a"], "geom": [shapely.box(1, 0, 2, 1)]})
    counts = load_grid(city, GridHead("g", "Grid", "management"), one, source="t")
    assert (counts.same, counts.removed) == (1, 1)
    assert placement_counts(city)["g"]["cells"] == 1
    assert placement_counts(city)["g"]["units"]["outside"] == 1


def test_a_cell_without_a_polygon_is_refused(city: Session) -> None:
    cells = pd.DataFrame({"external_code": ["a"], "geom": [shapely.Point(1, 1)]})
    with pytest.raises(ImportRejectedError, match="cell a"):
        load_grid(city, GridHead("g", "Grid", "management"), cells, source="t")


def test_a_large_load_refreshes_the_statistics(city: Session) -> None:
    load(city, "units", units(*[(0.5, 0.5)] * 1000), source="t")
    statistics = "SELECT n_distinct FROM pg_stats WHERE tablename = 'unit' AND attname = 'geom'"
    assert len(all_rows(city, statistics)) == 1


def test_a_column_that_the_kind_does_not_have_is_refused(city: Session) -> None:
    with pytest.raises(WrongValueError, match="units have no column riks"):
        load(city, "units", units((0.5, 0.5)).assign(riks="major"), source="t")


def test_a_hazard_without_a_position_lies_where_its_unit_lies(city: Session) -> None:
    two_cells(city)
    load(city, "units", units((0.5, 0.5), None), source="t")
    found = {"found_at": pd.Timestamp("2020-01-01", tz="UTC")}
    hazards = frame(
        {"unit_code": "0", "geom": None} | found,
        {"unit_code": "0", "geom": shapely.Point(1.5, 0.5)} | found,
        {"unit_code": "1", "geom": None} | found,
        {"unit_code": None, "geom": None} | found,
    )
    counts = load(city, "hazards", hazards, source="t")
    assert (counts.new, counts.without_position) == (4, 2)
    assert all_rows(city, "SELECT ST_X(geom) FROM hazard ORDER BY external_code") == [
        (0.5,),
        (1.5,),
        (None,),
        (None,),
    ]


def test_positions_that_are_not_given_stay_and_are_counted(city: Session) -> None:
    load(city, "units", units((0.5, 0.5), None), source="t")
    counts = load(city, "units", units(None, None).drop(columns="geom"), source="t")
    assert (counts.same, counts.without_position) == (2, 1)


FOUND = {"found_at": pd.Timestamp("2020-01-01", tz="UTC"), "unit_code": "0"}


def test_a_hazard_goes_where_its_unit_goes(city: Session) -> None:
    two_cells(city)
    load(city, "units", units(None), source="t")
    load(city, "hazards", frame(FOUND, FOUND | {"geom": shapely.Point(0.5, 0.5)}), source="t")
    load(city, "units", units((1.5, 0.5)), source="t")
    placed = "SELECT ST_X(h.geom), c.code FROM hazard h JOIN placement p ON p.hazard_id = h.id"
    assert all_rows(city, f"{placed} JOIN cell c ON c.id = p.cell_id ORDER BY h.external_code") == [
        (1.5, "a"),
        (0.5, "b"),
    ]


def test_a_ledger_without_positions_leaves_those_of_hazards(city: Session) -> None:
    load(city, "units", units((0.5, 0.5)), source="t")
    load(city, "hazards", frame(FOUND | {"geom": shapely.Point(0.2, 0.2)}), source="t")
    counts = load(city, "hazards", frame(FOUND, FOUND), source="t")
    assert (counts.same, counts.new) == (1, 1)
    assert all_rows(city, "SELECT ST_X(geom) FROM hazard ORDER BY external_code") == [
        (0.2,),
        (0.5,),
    ]


def test_a_grid_with_another_name_is_written(city: Session) -> None:
    cells = pd.DataFrame({"external_code": ["a"], "geom": [shapely.box(0, 0, 1, 1)]})
    named = [
        load_grid(city, GridHead("g", name, "square"), cells, source="t").wrote
        for name in ("G", "G", "Districts")
    ]
    assert named == [True, False, True]


def test_units_and_cells_loaded_at_once_find_each_other(clean_engine: Engine) -> None:
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai", metric_srid=32631)
    with transaction(clean_engine) as session, ThreadPoolExecutor(1) as pool:
        load(session, "units", units((0.5, 0.5)), source="t")
        other = pool.submit(_load_cells, clean_engine)
        wait([other], timeout=0.3)
        session.commit()
        other.result()
    with Session(clean_engine) as session:
        assert all_rows(session, "SELECT count(cell_id) FROM placement") == [(1,)]


def _load_cells(engine: Engine) -> None:
    with transaction(engine) as session:
        two_cells(session)
