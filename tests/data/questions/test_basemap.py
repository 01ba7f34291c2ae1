import gzip

import pandas as pd
import pyogrio
import pytest
import shapely
from pmtiles.reader import MemorySource, Reader, all_tiles
from sqlalchemy import text

from data.basemaps import Basemap, bake
from data.cities import settle_city
from data.errors import NotFoundError
from data.grids import GridHead, load_grid
from data.queries.basemap import (
    MAX_ZOOM,
    basemap_features,
    basemap_state,
    basemap_tile,
    zoom_of_cells,
)
from data.scope import WHOLE_CITY, Scope

pytestmark = pytest.mark.db

X14, Y14 = 8328, 8191
"""The tile of zoom 14 that holds most of the town."""


def boundaries(town, *names, grid="districts"):
    """Add districts of two cells of the town each, side by side."""
    boxes = [shapely.box(3 + 0.02 * n, 0, 3.02 + 0.02 * n, 0.02) for n in range(len(names))]
    codes = [f"{grid}-{name}" for name in names]
    cells = pd.DataFrame({"external_code": codes, "name": names, "geom": boxes})
    load_grid(town.session, GridHead(grid, grid, "administrative"), cells, source="t")
    settle_city(town.session)


def street(name, road_class, *points, code=None):
    row = {"name": name, "road_class": road_class, "geom": shapely.LineString(points)}
    return row | ({} if code is None else {"external_code": code})


@pytest.fixture
def features(town, tmp_path):
    """Return a function to the features of the tile over the town, read by GDAL."""

    def read(z=14, scope=WHOLE_CITY):
        x, y = X14 >> 14 - z, Y14 >> 14 - z
        path = tmp_path / "tile.mvt"
        path.write_bytes(basemap_tile(town.session, scope, z, x, y))
        if not path.stat().st_size:
            return pd.DataFrame({"kind": [], "rank": [], "name": []})
        return pyogrio.read_dataframe(path, layer="basemap")

    return read


def of_kind(found, kind):
    return found[found["kind"] == kind]


def test_streets_of_one_name_are_one_line(town, features):
    town.add(
        "segments",
        street("Ring", "primary", (3, 0.005), (3.005, 0.005)),
        street("Ring", "primary", (3.005, 0.005), (3.01, 0.005)),
        street("Lane", "residential", (3.002, 0), (3.002, 0.01)),
    )
    roads = of_kind(features(), "road")
    assert dict(zip(roads["name"], roads["rank"], strict=True)) == {"Ring": 2, "Lane": 4}
    assert roads.loc[roads["name"] == "Ring", "geometry"].iloc[0].geom_type == "LineString"


def test_from_afar_only_the_streets_that_carry_most_are_drawn(town, features):
    town.add(
        "segments",
        street("快速", "快速路", (3, 0.005), (3.01, 0.005)),
        street("支", "支路", (3.002, 0), (3.002, 0.01)),
        street("不详", None, (3.004, 0), (3.004, 0.01)),
    )
    ranks = {z: of_kind(features(z), "road")["rank"].tolist() for z in (5, 6, 10, 11, 12)}
    assert ranks == {5: [], 6: [1], 10: [1], 11: [1, 3], 12: [1, 3, 4]}
    assert "name" not in features(12)


def test_an_edge_that_two_districts_share_is_drawn_once(town, features):
    boundaries(town, "East", "West")
    line = of_kind(features(), "boundary").geometry.iloc[0]
    assert shapely.length(line) == pytest.approx(shapely.length(shapely.unary_union(line)))


def test_finer_boundaries_come_nearer(town, features):
    boundaries(town, "Town")
    boundaries(town, "East", "West", grid="wards")
    names = {z: set(of_kind(features(z), "place")["name"]) for z in (9, 13)}
    assert names == {9: {"Town"}, 13: {"Town", "East", "West"}}
    levels = of_kind(features(13), "place").set_index("name")["rank"]
    assert (levels["Town"], levels["West"]) == (1, 2)


def test_cells_are_apart_from_the_zoom_where_each_is_so_wide(town):
    assert zoom_of_cells(town.session, 4, 16) == 0  # nothing is stored
    town.grid(2, 2)
    settle_city(town.session)
    # A cell has 0.011 degrees with the margin, 1,224 m; a pixel has 78,272 m / 2 ** zoom.
    assert [zoom_of_cells(town.session, 4, px) for px in (16, 17, 33)] == [10, 11, 12]
    assert zoom_of_cells(town.session, 10**9, 16) == MAX_ZOOM


def test_squares_are_no_boundaries(town, features):
    town.grid(2)
    settle_city(town.session)
    assert features().empty


def test_a_reader_sees_only_the_streets_and_boundaries_in_scope(town, features):
    boundaries(town, "East", "West")
    town.add("segments", street("Ring", None, (3.001, 0.005), (3.005, 0.005)))
    assert set(features(scope=town.scope("districts-East"))["kind"]) == {
        "road",
        "boundary",
        "place",
    }
    west = features(12, scope=town.scope("districts-West"))
    assert west["name"].dropna().tolist() == ["West"]
    assert features(scope=Scope(frozenset())).empty


def test_the_whole_basemap_is_features_with_or_without_streets(town):
    boundaries(town, "East")
    town.add("segments", street("Ring", None, (3.001, 0.005), (3.005, 0.005)))
    kinds = [one["properties"]["kind"] for one in basemap_features(town.session, streets=True)]
    assert kinds == ["boundary", "place", "road"]
    *_, road = basemap_features(town.session, streets=True)
    assert road["geometry"]["coordinates"] == [[3.001, 0.005], [3.005, 0.005]]
    others = basemap_features(town.session, streets=False)
    assert [one["properties"]["kind"] for one in others] == ["boundary", "place"]


def test_its_state_moves_with_streets_and_boundaries_only(town):
    boundaries(town, "East")
    town.add("segments", street("Ring", None, (3, 0.005), (3.01, 0.005)))
    states = [basemap_state(town.session)]
    town.add("lamps", {"geom": town.at(0)})
    town.add("outages", {"lamp_code": "0", "started_at": town.day("2019-08-20")})
    assert basemap_state(town.session) == states[0]
    for change in (
        "UPDATE segment SET name = 'Other ring'",
        "UPDATE segment SET road_class = 'primary'",
        "UPDATE cell SET name = 'Oriental'",
        "UPDATE cell SET valid_to = '2020-01-01'",
        "DELETE FROM segment",
    ):
        town.session.execute(text(change))
        states.append(basemap_state(town.session))
    assert len(set(states)) == len(states)


@pytest.fixture
def baked(town, tmp_path):
    boundaries(town, "East", "West")
    town.add("segments", street("Ring", "primary", (3.001, 0.005), (3.035, 0.005)))
    file = tmp_path / "town.pmtiles"
    bake(town.session, file, lambda _: None)
    return file


def test_the_file_holds_the_tiles_that_are_drawn(town, baked):
    content = MemorySource(baked.read_bytes())
    found = {place: gzip.decompress(tile) for place, tile in all_tiles(content)}
    drawn = {(z, x, y): basemap_tile(town.session, WHOLE_CITY, z, x, y) for z, x, y in found}
    assert found == drawn
    assert {z for z, _, _ in found} == set(range(15))
    assert Reader(content).metadata()["name"] == "Town"


def marked(baked, town, monkeypatch):
    """Return what a basemap answers with when tiles that are drawn say so."""
    monkeypatch.setattr("data.basemaps.basemap_tile", lambda *_: b"drawn")
    return Basemap(baked).tile(town.session, WHOLE_CITY, 14, X14, Y14)


def test_the_file_is_read_while_it_is_true(town, baked, monkeypatch):
    live = basemap_tile(town.session, WHOLE_CITY, 14, X14, Y14)
    assert marked(baked, town, monkeypatch) == live


def test_a_file_that_a_new_street_made_untrue_is_not_read(town, baked, monkeypatch):
    town.session.execute(text("UPDATE segment SET name = 'Other ring'"))
    assert marked(baked, town, monkeypatch) == b"drawn"


@pytest.mark.parametrize("kept", [0, 100, -40], ids=["empty", "head", "cut off"])
def test_a_file_that_is_not_whole_is_not_read(town, baked, monkeypatch, kept):
    baked.write_bytes(baked.read_bytes()[:kept])
    assert marked(baked, town, monkeypatch) == b"drawn"


def test_a_reader_of_a_part_does_not_get_the_file_of_the_whole(town, baked, monkeypatch):
    monkeypatch.setattr("data.basemaps.basemap_tile", lambda *_: b"drawn")
    tile = Basemap(baked).tile(town.session, town.scope("districts-East"), 14, X14, Y14)
    assert tile == b"drawn"


def test_a_file_that_is_replaced_is_read_anew(town, baked):
    basemap = Basemap(baked)
    before = basemap.tile(town.session, WHOLE_CITY, 14, X14, Y14)
    town.session.execute(text("UPDATE segment SET name = 'Other ring'"))
    town.session.execute(text("UPDATE revision SET value = value + 1"))
    bake(town.session, baked, lambda _: None)
    after = basemap.tile(town.session, WHOLE_CITY, 14, X14, Y14)
    assert before != after == basemap_tile(town.session, WHOLE_CITY, 14, X14, Y14)


def test_an_empty_store_has_no_basemap_to_bake(town, tmp_path):
    with pytest.raises(NotFoundError, match="nothing yet"):
        bake(town.session, tmp_path / "x.pmtiles", lambda _: None)
    assert list(tmp_path.iterdir()) == []
