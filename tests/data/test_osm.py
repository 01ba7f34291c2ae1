from pathlib import Path

import pytest
import shapely

from data.errors import ImportRejectedError
from data.importers.osm_extract import OsmExtract, read_osm
from data.importers.osm_tags import is_street, sector_of

# OPL, the line format of libosmium: one thing a line, T tags, x lon, y lat, N node refs.
GRID = """
n1 x24.940 y60.170
n2 x24.941 y60.170
n3 x24.942 y60.170
n4 x24.943 y60.170
n5 x24.941 y60.171
n6 x24.942 y60.171
"""


@pytest.fixture
def extract(tmp_path: Path):
    def read(*lines: str) -> OsmExtract:
        path = tmp_path / "town.osm.opl"
        # libosmium wants nodes, then ways, then relations.
        things = sorted((GRID.strip() + "\n" + "\n".join(lines)).splitlines(), key=_order)
        path.write_text("\n".join(things) + "\n", "utf-8")
        return read_osm(path)

    return read


def _order(line: str) -> tuple[int, int]:
    return "nwr".index(line[0]), int(line[1:].split()[0])


def test_a_street_is_cut_where_another_street_meets_it(extract):
    segments = extract(
        "w10 Thighway=residential,name=Main Nn1,n2,n3,n4",
        "w11 Thighway=residential,name=Side Nn2,n5",
    ).segments
    assert segments["external_code"].tolist() == ["w10-001", "w10-002", "w11-001"]
    assert segments["to_name"].tolist()[0] == "Side"


def test_two_ways_are_one_segment_where_nothing_else_meets_them(extract):
    segments = extract(
        "w10 Thighway=residential,name=Main Nn1,n2",
        "w11 Thighway=residential,name=Main Nn2,n3,n4",
    ).segments
    assert segments["external_code"].tolist() == ["w10-001"]
    assert segments["geom"][0].equals(
        shapely.LineString([(24.94, 60.17), (24.941, 60.17), (24.942, 60.17), (24.943, 60.17)])
    )


def test_two_ways_stay_two_segments_where_the_lighting_changes(extract):
    segments = extract(
        "w10 Thighway=residential,name=Main,lit=yes Nn1,n2",
        "w11 Thighway=residential,name=Main,lit=no Nn2,n3",
    ).segments
    assert segments["declared_lit"].tolist() == ["yes", "no"]


def test_a_path_without_a_name_does_not_cut_a_road(extract):
    segments = extract(
        "w10 Thighway=residential,name=Main Nn1,n2,n3",
        "w11 Thighway=footway,lit=yes Nn2,n5",
    ).segments
    assert segments["external_code"].tolist() == ["w10-001", "w11-001"]


def test_a_path_without_a_name_ends_at_the_road_it_crosses(extract):
    segments = extract(
        "w10 Thighway=residential,name=Main Nn1,n2,n3",
        "w11 Thighway=footway,lit=yes Nn5,n2,n6",
    ).segments
    assert segments["external_code"].tolist() == ["w10-001", "w11-001", "w11-002"]


def test_a_ring_road_stays_one_segment(extract):
    segments = extract("w10 Thighway=residential Nn2,n3,n6,n5,n2").segments
    assert segments["geom"][0].is_closed


def test_a_street_is_cut_where_the_extract_ends(extract):
    segments = extract("w10 Thighway=residential,name=Main Nn1,n2,n99,n3,n4").segments
    assert [len(line.coords) for line in segments["geom"]] == [2, 2]


def test_nodes_on_one_spot_make_no_street_between_them(extract):
    segments = extract(
        "n7 x24.940 y60.170",
        "w10 Thighway=residential Nn1,n7",
        "w11 Thighway=residential Nn2,n2,n3",
    ).segments
    assert segments["external_code"].tolist() == ["w11-001"]


def test_a_street_that_meets_itself_without_a_common_node_is_kept_in_parts(extract):
    segments = extract(
        "n7 x24.941 y60.170",
        "w10 Thighway=residential Nn1,n2",
        "w11 Thighway=residential Nn2,n5,n6,n7",
        "w12 Thighway=residential Nn7,n3",
    ).segments
    assert segments["external_code"].tolist() == ["w10-001"]
    assert shapely.get_num_geometries(segments["geom"][0]) > 1


def test_a_thing_without_a_place_is_left_out(extract):
    assert extract("n7 Tshop=bakery").units.empty


def test_a_lamp_is_a_lamp(extract):
    lamps = extract("n7 Thighway=street_lamp x24.9405 y60.1701").lamps
    assert lamps["external_code"].tolist() == ["n7"]


def test_a_shop_drawn_as_a_building_lies_inside_its_walls(extract):
    units = extract("w10 Tbuilding=retail,shop=bakery,name=Leipä Nn2,n3,n6,n5,n2").units
    assert units["name"].tolist() == ["Leipä"]
    assert units["sector"].tolist() == ["shop=bakery"]
    assert shapely.box(24.941, 60.17, 24.942, 60.171).contains(units["geom"][0])


def test_premises_without_a_name_are_called_what_they_are(extract):
    units = extract("n7 Tamenity=cafe x24.9405 y60.1701").units
    assert units["name"].tolist() == ["amenity=cafe n7"]


def test_a_boundary_with_its_whole_ring_is_a_boundary(extract):
    boundaries = extract(
        "w10 T Nn2,n3,n6",
        "w11 T Nn6,n5,n2",
        "r1 Ttype=boundary,boundary=administrative,admin_level=10,name=Kluuvi Mw10@outer,w11@outer",
    ).boundaries
    assert boundaries[["level", "external_code", "name"]].to_numpy().tolist() == [
        ["10", "r1", "Kluuvi"]
    ]


def test_a_boundary_that_leaves_the_extract_is_no_boundary(extract):
    boundaries = extract(
        "w10 T Nn2,n3,n6",
        "r1 Ttype=boundary,boundary=administrative,admin_level=10,name=Kluuvi Mw10@outer,w11@outer",
    ).boundaries
    assert boundaries.empty


def test_an_extract_without_streets_is_empty_not_an_error(extract):
    assert extract().segments.empty


@pytest.mark.parametrize("content", [b"", b"not a map", b"\x00\x00\x00\x0d\x0a\x09OSMHeader"])
def test_a_file_that_is_no_extract_is_refused(tmp_path, content):
    path = tmp_path / "broken.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(ImportRejectedError, match=r"broken\.osm\.pbf"):
        read_osm(path)


def test_coordinates_off_the_earth_are_refused(tmp_path):
    path = tmp_path / "moon.osm.opl"
    path.write_text("n1 Tshop=bakery x500 y100\n", "utf-8")
    with pytest.raises(ImportRejectedError, match="moon"):
        read_osm(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ImportRejectedError, match=r"nowhere\.osm\.pbf"):
        read_osm(tmp_path / "nowhere.osm.pbf")


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway", "footway": "sidewalk", "lit": "yes"},
        {"highway": "service", "service": "driveway", "lit": "yes"},
        {"highway": "footway"},
        {"highway": "pedestrian", "area": "yes"},
        {"railway": "tram"},
    ],
)
def test_sidewalks_driveways_squares_and_plain_paths_are_no_streets(tags):
    assert not is_street(tags)


def test_an_empty_shop_is_no_premises():
    assert sector_of({"shop": "vacant"}) is None
    assert sector_of({"shop": "vacant", "office": "lawyer"}) == "office=lawyer"
    assert sector_of({"amenity": "bench"}) is None
