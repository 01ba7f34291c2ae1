"""The queue of rows that wait for a place: offers by name, and places that people give."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, text
from sqlalchemy.orm import Session

from data.cities import create_city
from data.engine import make_engine, transaction
from data.errors import NotFoundError
from data.importers import ImportOptions, import_file
from data.locating import Spot, count_unplaced, offers, place_row, unplaced
from data.scope import WHOLE_CITY, Scope
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

UNITS = (
    "code,name,address,lon,lat\n"
    "u1,郑州市第一面粉厂,建设路12号,113.61,34.71\n"
    "u2,中原商场,中原路3号,113.62,34.72\n"
    "u3,无址单位,,,\n"
)
ROADS = (
    "code,name,geometry\n"
    's1,建设路,"LINESTRING (113.60 34.71, 113.62 34.71)"\n'
    's2,建设路,"LINESTRING (113.62 34.71, 113.63 34.71)"\n'
)
CELL = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"c1",\
"name":"c1"},"geometry":{"type":"Polygon","coordinates":[[[113.6,34.7],[113.7,34.7],\
[113.7,34.8],[113.6,34.8],[113.6,34.7]]]}}]}'
HAZARDS = (
    "code,place,unit_code,found_at,level,lon,lat\n"
    "h1,第一面粉厂门口,,2019-05-08,general,,\n"
    "h2,建设路西段路北,,2019-05-08,general,,\n"
    "h3,,u3,2019-05-08,general,,\n"
    "h4,x,,2019-05-08,general,113.64,34.74\n"
)

CloneOf = Callable[[str, Callable[[URL], None]], AbstractContextManager[URL]]
Store = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def city(clone_of: CloneOf, tmp_path: Path) -> Iterator[Engine]:
    """Bring in the ledgers once a run; each test places rows in a store of its own."""

    def fill(empty: URL) -> None:
        engine = make_engine(empty)
        with transaction(engine) as session:
            create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        for kind, name, content in (
            ("grids", "grids.geojson", CELL),
            ("units", "units.csv", UNITS),
            ("segments", "roads.csv", ROADS),
            ("hazards", "hazards.csv", HAZARDS),
        ):
            (tmp_path / name).write_text(content, encoding="utf-8")
            import_file(engine, kind, tmp_path / name, ImportOptions(datum="wgs84", grid="g"))
        engine.dispose()

    with clone_of("locating", fill) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def store(city: Engine) -> Store:
    def read(statement: str) -> list[tuple[Any, ...]]:
        with city.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    return read


def id_of(store: Store, code: str) -> int:
    every = "SELECT external_code, id FROM hazard UNION ALL SELECT external_code, id FROM unit"
    return dict(store(every))[code]


def test_what_has_no_place_waits_but_a_hazard_whose_unit_waits_in_its_stead(city: Engine) -> None:
    with Session(city) as session:
        waiting = unplaced(session, WHOLE_CITY, "hazards")
        counts = count_unplaced(session, WHOLE_CITY)
    assert [(row["code"], row["said"]) for row in waiting] == [
        ("h1", "第一面粉厂门口"),
        ("h2", "建设路西段路北"),
    ]
    assert counts == {"units": 1, "hazards": 2, "boxes": 0, "lamps": 0, "outages": 0}


def test_pages_of_the_queue_follow_each_other(city: Engine) -> None:
    with Session(city) as session:
        first = unplaced(session, WHOLE_CITY, "hazards", limit=1)
        second = unplaced(session, WHOLE_CITY, "hazards", limit=1, after=first[0]["id"])
    assert [row["code"] for row in first + second] == ["h1", "h2"]


def test_who_sees_some_cells_only_sees_nothing_that_lies_in_none(city: Engine) -> None:
    with Session(city) as session:
        some = Scope(frozenset({1}))
        assert unplaced(session, some, "hazards") == []
        assert set(count_unplaced(session, some).values()) == {0}


def test_the_unit_whose_name_is_most_alike_is_offered_first(city: Engine, store: Store) -> None:
    with Session(city) as session:
        best = offers(session, WHOLE_CITY, "hazards", id_of(store, "h1"))[0]
    assert (best.thing, best.code, best.name) == ("unit", "u1", "郑州市第一面粉厂")
    assert (best.lon, best.lat) == (113.61, 34.71)
    assert 0.6 <= best.likeness < 1


def test_a_road_is_offered_at_the_middle_of_its_longest_segment(city: Engine, store: Store) -> None:
    with Session(city) as session:
        found = offers(session, WHOLE_CITY, "hazards", id_of(store, "h2"))
    road = next(one for one in found if one.thing == "road")
    assert (road.code, road.name, round(road.lon, 6)) == ("s1", "建设路", 113.61)


def test_a_lamp_is_offered_where_its_code_is_among_the_words(
    city: Engine, store: Store, tmp_path: Path
) -> None:
    lamps = "code,lon,lat\nJS-12,113.6,34.7\nJS-13,113.6,34.7\n"
    (tmp_path / "lamps.csv").write_text(lamps, encoding="utf-8")
    import_file(city, "lamps", tmp_path / "lamps.csv", ImportOptions(datum="wgs84"))
    outages = "code,place,started_at\no1,JS-13号灯杆,2019-05-08\n"
    (tmp_path / "outages.csv").write_text(outages, encoding="utf-8")
    import_file(city, "outages", tmp_path / "outages.csv", ImportOptions())
    ((number,),) = store("SELECT id FROM outage")
    with Session(city) as session:
        found = offers(session, WHOLE_CITY, "outages", number)
    assert [(one.thing, one.code) for one in found] == [("lamp", "JS-13")]


def test_of_a_row_that_is_not_there_nothing_is_offered(city: Engine) -> None:
    with (
        Session(city) as session,
        pytest.raises(NotFoundError, match="no row 999 of hazards waits"),
    ):
        offers(session, WHOLE_CITY, "hazards", 999)


def test_a_placed_row_lies_in_its_cell_and_waits_no_more(city: Engine, store: Store) -> None:
    number = id_of(store, "h1")
    place_row(city, "hazards", number, Spot(113.65, 34.75), "Li")
    placed = "SELECT ST_X(h.geom), located_by, c.code FROM hazard h JOIN placement p ON"
    placed += " p.hazard_id = h.id JOIN cell c ON c.id = p.cell_id WHERE h.external_code = 'h1'"
    assert store(placed) == [(113.65, "person", "c1")]
    with Session(city) as session:
        assert [row["code"] for row in unplaced(session, WHOLE_CITY, "hazards")] == ["h2"]
    told = "SELECT actor, subject_id, after->>'x' FROM event WHERE action = 'place'"
    assert store(told) == [("Li", number, "113.65")]


def test_a_place_moves_the_revision_of_its_ledger(city: Engine, store: Store) -> None:
    revision = "SELECT value FROM revision WHERE subject = 'ledgers'"
    ((before,),) = store(revision)
    place_row(city, "hazards", id_of(store, "h1"), Spot(113.65, 34.75), "Li")
    assert store(revision) == [(before + 1,)]


def test_the_hazards_of_a_unit_come_after_it_to_its_place(city: Engine, store: Store) -> None:
    place_row(city, "units", id_of(store, "u3"), Spot(113.66, 34.76), "Li")
    assert store("SELECT ST_X(geom) FROM hazard WHERE external_code = 'h3'") == [(113.66,)]


def test_a_place_from_amap_is_brought_to_wgs84(city: Engine, store: Store) -> None:
    place_row(city, "hazards", id_of(store, "h1"), Spot(113.65, 34.75, "高德"), "Li")
    ((lon, datum, given),) = store(
        "SELECT ST_X(geom), datum, original_x FROM hazard WHERE external_code = 'h1'"
    )
    assert (datum, given) == ("gcj02", 113.65)
    assert 0.005 < 113.65 - lon < 0.007


def test_a_place_may_be_given_anew(city: Engine, store: Store) -> None:
    number = id_of(store, "h1")
    place_row(city, "hazards", number, Spot(113.65, 34.75), "Li")
    place_row(city, "hazards", number, Spot(113.67, 34.75), "Li")
    assert store("SELECT ST_X(geom) FROM hazard WHERE external_code = 'h1'") == [(113.67,)]


@pytest.mark.parametrize("code", ["h3", "h4"])
def test_what_lies_somewhere_by_its_ledger_is_not_moved(
    city: Engine, store: Store, code: str
) -> None:
    with pytest.raises(NotFoundError, match="waits for a place"):
        place_row(city, "hazards", id_of(store, code), Spot(113.65, 34.75), "Li")


@pytest.mark.parametrize(
    ("spot", "reason"),
    [
        (Spot(34.71, 113.62), "swapped"),
        (Spot(float("nan"), 34.7), "one coordinate is missing"),
        (Spot(float("nan"), float("nan")), "is no place"),
        (Spot(461000.0, 3845000.0), "is in metres"),
        (Spot(113.6, 34.7, "mars"), "names no datum"),
    ],
)
def test_what_is_no_place_is_refused(city: Engine, store: Store, spot: Spot, reason: str) -> None:
    with pytest.raises(WrongValueError, match=reason):
        place_row(city, "hazards", id_of(store, "h1"), spot, "Li")
    assert store("SELECT geom FROM hazard WHERE external_code = 'h1'") == [(None,)]


def test_a_lamp_that_is_placed_is_snapped_to_the_road_of_its_name(
    city: Engine, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "lamps.csv").write_text("code,road_name\nl1,建设路\n", encoding="utf-8")
    import_file(city, "lamps", tmp_path / "lamps.csv", ImportOptions())
    ((number,),) = store("SELECT id FROM lamp")
    place_row(city, "lamps", number, Spot(113.61, 34.7101), "Li")
    assert store("SELECT s.external_code FROM lamp JOIN segment s ON s.id = segment_id") == [
        ("s1",)
    ]
