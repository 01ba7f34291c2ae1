import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.nearest import distances_m, tracks_of


@given(seed=st.integers(0, 10_000), n_lines=st.integers(1, 40), most_m=st.floats(1, 200))
def test_a_distance_is_shapelys_and_infinite_beyond_the_limit(seed, n_lines, most_m):
    rng = np.random.default_rng(seed)
    lines = shapely.linestrings(rng.uniform(0, 1000, (n_lines, 3, 2)))
    spots = rng.uniform(0, 1000, (3, 2))
    shapes = np.concatenate([lines, shapely.linestrings(np.stack([spots, spots], axis=1))])
    places = rng.uniform(-300, 1300, (50, 2))
    found = distances_m(tracks_of(shapes, most_m), places, most_m)
    exact = shapely.distance(shapely.points(places)[:, None], shapes).min(axis=1)
    sure = np.abs(exact - most_m) > 1e-6
    np.testing.assert_allclose(
        found[sure], np.where(exact <= most_m, exact, np.inf)[sure], atol=1e-9
    )


def test_what_lies_on_a_line_is_not_away():
    line = np.array([shapely.LineString([(0, 0), (100, 50)])])
    on_it = np.array([[0.0, 0.0], [50.0, 25.0], [100.0, 50.0], [100.0, 60.0]])
    np.testing.assert_allclose(distances_m(tracks_of(line, 20), on_it, 20), [0, 0, 0, 10])
