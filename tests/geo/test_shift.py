import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geo.datum import from_wgs84, to_wgs84
from geo.shift import Verdict, beside_known, beside_streets, inside, readings, streets_of

ZHENGZHOU = (113.62, 34.75)
METRES = Transformer.from_crs(4326, 4547, always_xy=True)
CENTER = np.array(METRES.transform(*ZHENGZHOU))
CITY = np.array([shapely.box(*(CENTER - 4000), *(CENTER + 4000))])


@pytest.fixture(scope="module")
def streets():
    """Streets of a town 8 km wide, at uneven distances, from edge to edge."""
    rng = np.random.default_rng(7)
    across = np.cumsum(rng.uniform(90, 400, 40)) - 4000
    across = across[across < 4000]
    lines = [shapely.LineString([(at, -4000), (at + 60, 4000)]) for at in across]
    lines += [shapely.LineString([(-4000, at), (4000, at - 60)]) for at in across]
    return shapely.transform(np.array(lines), lambda places: places + CENTER)


def along(streets, n_places, away_m, seed):
    """Return places beside streets, as far off on average as `away_m`."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(streets, n_places)
    spots = shapely.line_interpolate_point(chosen, rng.uniform(0, 1, n_places), normalized=True)
    return shapely.get_coordinates(spots) + rng.normal(0, away_m, (n_places, 2))


def read(metres, truth, given):
    """Return how places that lie at `metres`, written in `truth`, are read when called `given`."""
    lon, lat = METRES.transform(*metres.T, direction="INVERSE")
    found = readings(*from_wgs84(lon, lat, truth), given)
    return {name: np.column_stack(METRES.transform(*pair)) for name, pair in found.items()}


def verdict_of(metres, truth, given, streets):
    return beside_streets(read(metres, truth, given), given, streets_of(streets))


@pytest.mark.parametrize(
    ("truth", "given"),
    [
        ("gcj02", "wgs84"),
        ("bd09", "wgs84"),
        ("wgs84", "gcj02"),
        ("bd09", "gcj02"),
        ("gcj02", "bd09"),
    ],
)
@pytest.mark.parametrize("away_m", [3, 15])
def test_a_batch_in_another_datum_is_named(streets, truth, given, away_m):
    found = verdict_of(along(streets, 400, away_m, 1), truth, given, streets)
    assert (found.answer, found.datum, found.n_places) == ("shifted", truth, 400)
    assert found.share < found.share_if


def test_it_is_told_how_far_and_where_to_the_places_are_off(streets):
    found = verdict_of(along(streets, 400, 5, 2), "gcj02", "wgs84", streets)
    assert 500 < found.distance_m < 600
    assert found.direction == "east-south-east"


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_a_good_batch_fits(streets, datum):
    assert verdict_of(along(streets, 400, 10, 3), datum, datum, streets).answer == "fits"


def test_of_100_good_batches_none_is_doubted_and_of_100_shifted_ones_99_are_found(streets):
    rng = np.random.default_rng(11)
    sizes = np.exp(rng.uniform(np.log(30), np.log(500), 100)).astype(int)
    batches = [along(streets, n, rng.uniform(2, 15), seed) for seed, n in enumerate(sizes)]
    good = [verdict_of(one, "wgs84", "wgs84", streets).answer for one in batches]
    moved = [verdict_of(one, "gcj02", "wgs84", streets).datum for one in batches]
    assert "shifted" not in good
    assert moved.count("gcj02") >= 99


def test_places_that_lie_anywhere_say_nothing(streets):
    anywhere = np.random.default_rng(5).uniform(CENTER - 3000, CENTER + 3000, (400, 2))
    assert verdict_of(anywhere, "wgs84", "wgs84", streets).answer == "unknown"


def test_a_few_places_say_nothing(streets):
    assert verdict_of(along(streets, 29, 1, 6), "gcj02", "wgs84", streets).answer == "unknown"


def test_a_place_that_repeats_speaks_once(streets):
    again = np.repeat(along(streets, 10, 1, 6), 100, axis=0)
    found = verdict_of(again, "gcj02", "wgs84", streets)
    assert (found.answer, found.n_places) == ("unknown", 10)


def test_without_streets_nothing_is_said(streets):
    found = verdict_of(along(streets, 400, 1, 6), "gcj02", "wgs84", np.array([], dtype=object))
    assert found.answer == "unknown"


def test_known_points_serve_as_streets(streets):
    known = along(streets, 3000, 3, 8)
    batch = known[:300] + np.random.default_rng(9).normal(0, 3, (300, 2))
    found = verdict_of(batch, "gcj02", "wgs84", shapely.points(known))
    assert (found.answer, found.datum) == ("shifted", "gcj02")


def test_missing_places_are_passed_over_and_many_are_sampled(streets):
    places = along(streets, 3000, 3, 10)
    spots = read(places, "gcj02", "wgs84")
    spots["wgs84"][::2] = np.nan
    assert beside_streets(spots, "wgs84", streets_of(streets)).n_places == 1500
    assert verdict_of(places, "gcj02", "wgs84", streets).n_places == 2000


def test_outside_china_gcj02_is_no_other_reading():
    lon, lat = np.array([24.94]), np.array([60.17])
    assert list(readings(lon, lat, "wgs84")) == ["wgs84", "bd09"]
    assert list(readings(*ZHENGZHOU, "gcj02")) == ["gcj02", "wgs84", "bd09"]


def test_a_reading_is_the_conversion_from_its_datum():
    np.testing.assert_array_equal(
        readings(*ZHENGZHOU, "wgs84")["bd09"], to_wgs84(*ZHENGZHOU, "bd09")
    )


def test_the_same_things_elsewhere_name_the_datum(streets):
    known = along(streets, 5, 10, 12)
    found = beside_known(read(known, "gcj02", "wgs84"), "wgs84", known)
    assert (found.answer, found.datum, found.direction) == ("shifted", "gcj02", "east-south-east")


def test_the_same_things_where_they_were_fit(streets):
    known = along(streets, 50, 10, 12)
    moved = known + np.random.default_rng(1).normal(0, 20, known.shape)
    assert beside_known(read(moved, "wgs84", "wgs84"), "wgs84", known).answer == "fits"


def test_a_shift_of_no_known_datum_is_told_without_a_name(streets):
    known = along(streets, 50, 10, 12)
    found = beside_known(read(known + np.array([0, 150]), "wgs84", "wgs84"), "wgs84", known)
    assert (found.answer, found.datum, found.direction) == ("shifted", None, "north")
    assert found.distance_m == pytest.approx(150, abs=0.1)


@pytest.mark.parametrize("away_m", [300, 3000])
def test_things_that_moved_each_its_own_way_say_nothing(streets, away_m):
    known = along(streets, 50, 10, 12)
    turns = np.random.default_rng(2).uniform(0, 2 * np.pi, 50)
    moved = known + away_m * np.column_stack([np.sin(turns), np.cos(turns)])
    assert beside_known(read(moved, "wgs84", "wgs84"), "wgs84", known).answer == "unknown"


def test_four_known_things_say_nothing(streets):
    known = along(streets, 5, 10, 12)
    known[0] = np.nan
    assert beside_known(read(known, "gcj02", "wgs84"), "wgs84", known) == Verdict("unknown", 4)


def test_places_beyond_the_border_of_the_city_name_the_datum():
    rng = np.random.default_rng(13)
    places = CENTER + rng.uniform((3000, -3900), (3990, 3900), (200, 2))
    found = inside(read(places, "gcj02", "wgs84"), "wgs84", CITY)
    assert (found.answer, found.datum) == ("shifted", "gcj02")
    assert found.share < found.share_if


def test_places_all_inside_say_nothing():
    places = np.random.default_rng(14).uniform(CENTER - 3000, CENTER + 3000, (200, 2))
    assert inside(read(places, "wgs84", "wgs84"), "wgs84", CITY).answer == "unknown"
    assert inside(read(places, "wgs84", "wgs84"), "wgs84", CITY[:0]).answer == "unknown"
