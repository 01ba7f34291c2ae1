from datetime import date

import pyogrio
import pytest
import shapely

from data.answers import CoverageQuestion, coverage
from data.errors import NotFoundError
from data.queries.places import resolve_period
from data.queries.tiles import LAYERS, TileRequest, tile, tile_bounds
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
CLOSE = 13


def tile_at(z, point):
    """Return the x and y of the tile that holds a point."""
    for x in range(2**z * 183 // 360 - 1, 2**z * 184 // 360 + 2):
        for y in range(2**z // 2 - 3, 2**z // 2 + 1):
            west, south, east, north = tile_bounds(z, x, y)
            if west <= point.x < east and south < point.y <= north:
                return x, y
    raise AssertionError(point)


def drawn(session, request, scope=WHOLE_CITY):
    period = resolve_period(session, request.as_of, request.window_days)
    return tile(session, scope, request, period)


@pytest.fixture
def encoded(town):
    """Return a function to the bytes of the tile over the middle of the town's first cell."""

    def encode(layer, z=CLOSE, scope=WHOLE_CITY, **wanted):
        x, y = tile_at(z, town.at(0))
        wanted = {"grid": "g", "as_of": DAY, "window_days": 30} | wanted
        return drawn(town.session, TileRequest(layer, z, x, y, **wanted), scope)

    return encode


@pytest.fixture
def features(encoded, tmp_path):
    """Return a function to the features of a tile, read by GDAL."""

    def read(layer, **wanted):
        path = tmp_path / "tile.mvt"
        path.write_bytes(encoded(layer, **wanted))
        return pyogrio.read_dataframe(path, layer=layer)

    return read


@pytest.fixture
def full(town):
    town.grid(2)
    day = town.day("2019-08-20")
    town.add("units", {"name": "Bakery", "geom": town.at(0), "risk": "major"})
    town.add("hazards", {"geom": town.at(0), "found_at": day, "level": "major", "count": 3})
    town.add("segments", {"geom": shapely.LineString([town.at(-0.3), town.at(0.3)])})
    town.add("boxes", {"geom": town.at(0)})
    town.add("lamps", {"geom": town.at(0), "box_code": "0"})
    town.add(
        "outages", {"lamp_code": "0", "started_at": day}, {"geom": town.at(0), "started_at": day}
    )
    return town


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_has_the_fields_it_declares(features, layer):
    found = features(layer)
    assert len(found) == (2 if layer == "cells" else 1)
    assert set(found.columns) - {"mvt_id", "geometry"} <= set(LAYERS[layer].fields)
    assert found["code"].iloc[0] in {"0", "1", "0-0"}


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("layer", LAYERS)
def test_the_same_tile_is_the_same_bytes(encoded, layer):
    assert encoded(layer) == encoded(layer) != b""


@pytest.mark.parametrize("layer", LAYERS)
def test_a_reader_sees_only_what_lies_in_scope(full, features, encoded, layer):
    assert len(features(layer, scope=full.scope("0-0"))) == 1
    elsewhere = full.scope("0-1")
    assert layer == "cells" or encoded(layer, scope=elsewhere) == b""


def test_an_empty_place_has_no_bytes(full):
    request = TileRequest("hazards", 10, 0, 0, as_of=DAY)
    assert drawn(full.session, request) == b""


def test_cells_of_a_grid_that_is_not_there_are_not_found(full):
    request = TileRequest("cells", 13, 0, 0, grid="x", as_of=DAY)
    with pytest.raises(NotFoundError, match="'x'"):
        drawn(full.session, request)


@pytest.mark.usefixtures("full")
def test_hazards_are_sums_from_afar_and_themselves_from_near(features):
    far, near = features("hazards", z=CLOSE - 1), features("hazards", z=CLOSE)
    assert (far["n"].tolist(), far["n_major"].tolist()) == ([3], [3])
    assert (near["count"].tolist(), near["found_on"].tolist()) == ([3], ["2019-08-20"])


def test_visits_and_outages_tell_their_days(full, features):
    full.add("inspections", {"unit_code": "0", "inspected_at": full.day("2019-08-19")})
    assert features("units")["last_visit"].tolist() == ["2019-08-19"]
    assert features("outages")["started_on"].tolist() == ["2019-08-20"]


def test_a_sum_lies_where_its_hazards_lie(full, features):
    west, south, east, north = tile_bounds(12, *tile_at(12, full.at(0)))
    spot = features("hazards", z=12).geometry.iloc[0]
    assert west + spot.x / 4096 * (east - west) == pytest.approx(full.at(0).x, abs=1e-4)
    assert south + spot.y / 4096 * (north - south) == pytest.approx(full.at(0).y, abs=1e-4)


def test_children_sum_up_to_their_parent(town, features, tmp_path):
    spots = [(column, row) for column in (-1, -0.5, 0, 0.25) for row in (-1, -0.5, 0, 0.7)]
    day = town.day("2019-08-20")
    town.add("hazards", *({"geom": town.at(*spot), "found_at": day} for spot in spots))
    parent = features("hazards", z=10)["n"].sum()
    x, y = tile_at(10, town.at(0))
    total = 0
    for child in ((2 * x + right, 2 * y + down) for right in (0, 1) for down in (0, 1)):
        data = drawn(town.session, TileRequest("hazards", 11, *child, as_of=DAY))
        path = tmp_path / "child.mvt"
        path.write_bytes(data)
        total += pyogrio.read_dataframe(path, layer="hazards")["n"].sum() if data else 0
    assert total == parent


@pytest.mark.usefixtures("full")
def test_levels_sources_and_days_choose_hazards(encoded):
    assert encoded("hazards", level="general") == b""
    assert encoded("hazards", source="other") == b""
    assert encoded("hazards", as_of=date(2019, 8, 19)) == b""
    assert encoded("hazards", as_of=date(2019, 9, 20)) == b""


@pytest.mark.usefixtures("full")
def test_a_lamp_is_out_on_the_days_of_its_outage(features):
    assert features("lamps")["is_out"].tolist() == [True]
    assert features("lamps", as_of=date(2019, 8, 19))["is_out"].tolist() == [False]


def test_a_box_is_the_cause_while_most_of_its_lamps_are_out(town, features):
    town.grid(2)
    day, next_day = town.day("2019-08-20"), town.day("2019-08-25")
    town.add("boxes", {"geom": town.at(0)})
    town.add("lamps", *({"geom": town.at(0), "box_code": "0"} for _ in range(5)))
    lit_again = {"lamp_code": "2", "started_at": day, "ended_at": next_day}
    town.add("outages", *({"lamp_code": lamp, "started_at": day} for lamp in "01"), lit_again)
    then, now = features("boxes", as_of=date(2019, 8, 22)), features("boxes")
    assert (then["n_out"].iloc[0], then["n_lamps"].iloc[0]) == (3, 5)
    assert then["is_cause"].tolist() == [True]
    assert (now["n_out"].iloc[0], now["is_cause"].iloc[0]) == (2, False)


def test_the_state_of_units_is_the_one_that_coverage_counts(town, features):
    town.grid(2)
    risks = ["major", "major", "major", None]
    town.add("units", *({"name": "u", "geom": town.at(0), "risk": risk} for risk in risks))
    days = {"0": "2019-08-01", "1": "2019-07-31", "3": "2018-08-30"}
    town.add(
        "inspections", *({"unit_code": u, "inspected_at": town.day(d)} for u, d in days.items())
    )
    states = features("units")["state"].tolist()
    totals = coverage(town.session, WHOLE_CITY, CoverageQuestion("g", as_of=DAY)).totals
    assert states == ["in_time", "overdue", "never", "overdue"]
    assert states.count("never") == totals["n_never"]
    assert states.count("overdue") == totals["n_overdue"]


@pytest.mark.usefixtures("full")
def test_without_any_inspection_the_state_of_units_is_unknown(features):
    assert features("units").reindex(columns=["state"])["state"].isna().all()


@pytest.mark.usefixtures("full")
def test_below_its_zoom_a_layer_shows_nothing(encoded):
    assert encoded("units", z=CLOSE - 1) == b""


@pytest.mark.parametrize("z", [0, 5, 20])
def test_the_bounds_of_all_tiles_of_a_zoom_are_the_world(z):
    last = 2**z - 1
    west, _, _, north = tile_bounds(z, 0, 0)
    _, south, east, _ = tile_bounds(z, last, last)
    assert (west, east) == (-180, 180)
    assert north == pytest.approx(85.0511287798)
    assert south == pytest.approx(-85.0511287798)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (("rivers", 1, 0, 0), NotFoundError),
        (("units", 21, 0, 0), WrongValueError),
        (("units", 1, 2, 0), WrongValueError),
        (("units", 1, 0, -1), WrongValueError),
        (("cells", 1, 0, 0), WrongValueError),
    ],
)
def test_a_tile_that_is_not_there_is_refused(wrong, error):
    with pytest.raises(error):
        TileRequest(*wrong)
