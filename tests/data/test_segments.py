from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import select, table, text
from sqlalchemy.orm import Session

from data.cities import create_city, the_city
from data.errors import ImportRejectedError
from data.grids import GridHead, load_grid
from data.loading import load
from data.placing import placement_counts

pytestmark = pytest.mark.db

M = 1 / 111_320
"""About one metre, in degrees at the equator."""


@pytest.fixture
def city(session: Session) -> Session:
    create_city(session, "test", name="Test", timezone="UTC")
    return session


def segments(*lines: str, **columns: Any) -> pd.DataFrame:
    codes = [f"s{i}" for i in range(len(lines))]
    return pd.DataFrame({"external_code": codes, "geom": shapely.from_wkt(list(lines)), **columns})


def stored(session: Session, columns: str, table_name: str) -> list[tuple[Any, ...]]:
    rows = select(text(columns)).select_from(table(table_name)).order_by(text("external_code"))
    return [tuple(row) for row in session.execute(rows)]


STREET = "LINESTRING (0 0, 0.01 0)"
MEETING = "MULTILINESTRING ((0 0, 0.01 0), (0.01 0, 0.02 0))"
APART = "MULTILINESTRING ((0 0, 0.01 0), (0.02 0, 0.03 0))"


def test_the_first_segments_choose_the_metric_crs(city: Session) -> None:
    load(city, "segments", segments("LINESTRING (113.6 34.7, 113.61 34.7)"), source="t")
    assert the_city(city).metric_srid == 4547


def test_length_is_in_metres(city: Session) -> None:
    load(city, "segments", segments(STREET), source="t")
    assert stored(city, "length_m", "segment")[0][0] == pytest.approx(1113, rel=2e-3)


def test_parts_that_meet_become_one_segment(city: Session) -> None:
    load(city, "segments", segments(MEETING), source="t")
    assert stored(city, "external_code, ST_NPoints(geom)", "segment") == [("s0", 3)]


def test_parts_that_do_not_meet_get_suffixed_codes(city: Session) -> None:
    counts = load(city, "segments", segments(APART, STREET), source="t")
    assert (counts.rows, counts.new) == (2, 2)
    assert stored(city, "external_code, ledger_code", "segment") == [
        ("s0-1", "s0"),
        ("s0-2", "s0"),
        ("s1", "s1"),
    ]


@pytest.mark.parametrize(("before", "after"), [(APART, STREET), (STREET, APART), (APART, MEETING)])
def test_parts_of_before_go_when_a_row_changes(city: Session, before: str, after: str) -> None:
    load(city, "segments", segments(before), source="t")
    counts = load(city, "segments", segments(after), source="t")
    assert (counts.new, counts.changed, counts.same) == (0, 1, 0)
    expected = 2 if after == APART else 1
    assert len(stored(city, "id", "segment")) == expected


def test_the_same_segments_again_are_the_same(city: Session) -> None:
    load(city, "segments", segments(APART, STREET), source="t")
    counts = load(city, "segments", segments(APART, STREET), source="t")
    assert (counts.new, counts.changed, counts.same) == (0, 0, 2)


def test_the_planner_knows_how_many_ledger_rows_come(city: Session) -> None:
    """It took 50,000 for 200, and four minutes to look for the parts of each by itself."""
    load(city, "segments", segments(STREET, "LINESTRING (0 1, 0.01 1)"), source="t")
    known = text(
        "SELECT n_distinct FROM pg_stats WHERE (tablename, attname) = ('staged', 'ledger_code')"
    )
    assert city.scalar(known) == -1  # each row another one


def test_work_goes_on_when_a_segment_gets_other_parts(city: Session) -> None:
    load(city, "segments", segments(STREET), source="t")
    work = pd.DataFrame(
        {
            "external_code": ["w"],
            "segment_code": ["s0"],
            "found_at": pd.Timestamp("2020-01-01", tz="UTC"),
            "lead_party": ["Roads"],
            "money_yuan": ["12.30"],
        }
    )
    load(city, "rectifications", work, source="t")
    load(city, "segments", segments(APART), source="t")
    statement = (
        "SELECT s.external_code, p.name, money_yuan::text FROM rectification AS r"
        " JOIN segment AS s ON s.id = r.segment_id JOIN party AS p ON p.id = lead_party_id"
    )
    rows = city.execute(text(statement)).all()
    assert [tuple(row) for row in rows] == [("s0-1", "Roads", "12.30")]


@pytest.mark.parametrize("line", ["LINESTRING (0 0, 0 0)", "LINESTRING EMPTY"])
def test_a_line_without_length_is_refused(city: Session, line: str) -> None:
    with pytest.raises(ImportRejectedError, match="segment s1"):
        load(city, "segments", segments(STREET, line), source="t")


def test_a_part_may_not_take_another_rows_code(city: Session) -> None:
    rows = segments(APART, STREET).assign(external_code=["s", "s-1"])
    with pytest.raises(ImportRejectedError, match="segment s-1"):
        load(city, "segments", rows, source="t")


def test_a_later_row_may_not_take_a_part_away(city: Session) -> None:
    load(city, "segments", segments(APART).assign(external_code="s"), source="t")
    with pytest.raises(ImportRejectedError, match="s-1 is the code of a part of segment s"):
        load(city, "segments", segments(STREET).assign(external_code="s-1"), source="t")


def test_a_segment_lies_where_most_of_it_lies_and_rows_are_counted(city: Session) -> None:
    cells = pd.DataFrame(
        {
            "external_code": ["a", "b"],
            "geom": [shapely.box(0, -M, 0.004, M), shapely.box(0.004, -M, 0.01, M)],
        }
    )
    load_grid(city, GridHead("g", "Grid", "square"), cells, source="t")
    load(city, "segments", segments(STREET, APART, "LINESTRING (5 5, 6 6)"), source="t")
    placed = "SELECT code, share FROM placement JOIN cell ON cell.id = cell_id ORDER BY segment_id"
    (code, share), _ = city.execute(text(placed)).all()
    assert (code, round(share, 3)) == ("b", 0.6)
    assert placement_counts(city)["g"]["segments"] == {
        "placed": 2,
        "outside": 1,
        "without_position": 0,
    }


def lamps(*places: tuple[float, float]) -> pd.DataFrame:
    codes = [f"l{i}" for i in range(len(places))]
    return pd.DataFrame({"external_code": codes, "geom": list(shapely.points(places))})


def test_a_lamp_is_snapped_to_its_segment(city: Session) -> None:
    load(city, "segments", segments(STREET), source="t")
    load(city, "lamps", lamps((0.001, 5 * M), (0.001, -500 * M)), source="t")
    near, far = stored(city, "measure_m, offset_m, side, segment_id IS NULL", "lamp")
    assert near[:2] == pytest.approx((111.3, 5), rel=1e-2)
    assert near[2:] == ("left", False)
    assert far == (None, None, None, True)


def test_the_road_name_goes_before_distance(city: Session) -> None:
    roads = segments(STREET, f"LINESTRING (0 {10 * M}, 0.01 {10 * M})", name=["High", "Low"])
    load(city, "segments", roads, source="t")
    load(city, "lamps", lamps((0.001, M)).assign(road_name="Low"), source="t")
    on = "SELECT name FROM segment JOIN lamp ON segment_id = segment.id"
    assert city.scalars(text(on)).all() == ["Low"]


def test_segments_that_come_later_snap_the_lamps(city: Session) -> None:
    load(city, "lamps", lamps((0.001, 5 * M)), source="t")
    load(city, "segments", segments(STREET), source="t")
    assert stored(city, "segment_id IS NOT NULL", "lamp") == [(True,)]


def test_an_outage_without_a_lamp_is_snapped_itself(city: Session) -> None:
    load(city, "segments", segments(STREET), source="t")
    load(city, "lamps", lamps((0.001, 5 * M)), source="t")
    outages = pd.DataFrame(
        {
            "external_code": ["o0", "o1"],
            "lamp_code": ["l0", None],
            "started_at": pd.Timestamp("2020-01-01", tz="UTC"),
            "geom": list(shapely.points([(0.002, 0), (0.002, 0)])),
        }
    )
    load(city, "outages", outages, source="t")
    assert stored(city, "lamp_id IS NULL, segment_id IS NULL", "outage") == [
        (False, True),
        (True, False),
    ]


def test_a_lamp_names_its_box(city: Session) -> None:
    load(city, "boxes", lamps((0.001, 0)).assign(external_code="b1"), source="t")
    load(city, "lamps", lamps((0.001, 0)).assign(box_code="b1"), source="t")
    assert stored(city, "power_box_id IS NULL", "lamp") == [(False,)]


def test_a_segment_may_be_named_by_the_code_of_its_row(city: Session) -> None:
    load(city, "segments", segments(APART), source="t")
    work = pd.DataFrame(
        {
            "external_code": ["w0", "w1"],
            "segment_code": ["s0", "s0-2"],
            "found_at": pd.Timestamp("2020-01-01", tz="UTC"),
        }
    )
    load(city, "rectifications", work, source="t")
    on = "SELECT s.external_code FROM rectification r JOIN segment s ON s.id = r.segment_id"
    assert city.scalars(text(on + " ORDER BY r.id")).all() == ["s0-1", "s0-2"]
