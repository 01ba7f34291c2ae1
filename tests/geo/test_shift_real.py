"""How surely a shift is found, and how surely none is where none is: batches of real ledgers.

Neither city lies in China, where GCJ-02 shifts: its map is laid over Zhengzhou, metre for metre.
"""

import gzip
import io
import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from geo.crs import to_metric
from geo.datum import from_wgs84
from geo.shift import beside_streets, readings, streets_of

pytestmark = pytest.mark.real_data

METRES = Transformer.from_crs(4326, 4547, always_xy=True)
CENTER = np.array(METRES.transform(113.62, 34.75))
CHICAGO, CAMBRIDGE = 26971, 26986
LEDGERS = [
    ("chicago/units.csv.gz", ["chicago/streetlight_outages.csv.gz"]),
    (
        "chicago/hazard_reports.csv.gz",
        ["chicago/streetlight_outages.csv.gz", "chicago/units.csv.gz"],
    ),
    ("chicago/streetlight_outages.csv.gz", ["chicago/hazard_reports.csv.gz"]),
    ("cambridge_ma/streetlights.geojson", []),
    ("cambridge_ma/hydrants.geojson", []),
]
STREETS = {"chicago": "road_segments.geojson", "cambridge_ma": "road_centerlines.geojson"}
N_BATCHES = 200
SURE = 60
"""With fewer places than these the answer is often that nothing can be told."""

FOUND = {"gcj02": (0.99, 1), "bd09": (0.98, 2)}
"""The share of batches that is found at least; every one or every second of them is tried."""


@cache
def degrees(file):
    """Return the shapes of a file as it has them."""
    if file.suffix == ".gz":
        rows = pd.read_csv(io.BytesIO(gzip.decompress(file.read_bytes())), low_memory=False)
        places = rows[["longitude", "latitude"]].dropna().to_numpy(float)
        return shapely.points(places)
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    return np.array([shapely.geometry.shape(one["geometry"]) for one in features], dtype=object)


def laid_over_zhengzhou(folder, name):
    city = name.split("/")[0]
    srid = CHICAGO if city == "chicago" else CAMBRIDGE
    middle = shapely.get_coordinates(to_metric(degrees(folder / city / STREETS[city]), srid)).mean(
        0
    )
    shapes = to_metric(degrees(folder / name), srid)
    return shapely.transform(shapes, lambda places: places - middle + CENTER)


def batch_of(places, rng):
    """Return 30 to 5,000 places, of the whole city or of one neighborhood."""
    n_places = int(np.exp(rng.uniform(np.log(30), np.log(min(5000, len(places))))))
    if rng.random() < 0.5:
        return places[rng.choice(len(places), n_places, replace=False)]
    n_near = min(len(places), int(n_places * rng.uniform(1, 4)))
    away = np.hypot(*(places - places[rng.integers(len(places))]).T)
    near = np.argpartition(away, n_near - 1)[:n_near]
    return places[rng.choice(near, n_places, replace=False)]


def verdict_of(places, truth, streets):
    lon, lat = METRES.transform(*places.T, direction="INVERSE")
    read = readings(*from_wgs84(lon, lat, truth), "wgs84")
    metres = {name: np.column_stack(METRES.transform(*pair)) for name, pair in read.items()}
    return beside_streets(metres, "wgs84", streets)


@pytest.mark.parametrize(("name", "others"), LEDGERS)
def test_no_good_batch_is_doubted_and_shifted_ones_are_found(real_data, name, others):
    city = name.split("/")[0]
    files = [f"{city}/{STREETS[city]}", *others]
    shapes = [laid_over_zhengzhou(real_data, file) for file in files]
    streets = streets_of(np.concatenate(shapes))
    places = shapely.get_coordinates(laid_over_zhengzhou(real_data, name))
    rng = np.random.default_rng(2019)
    batches = [batch_of(places, rng) for _ in range(N_BATCHES)]
    good = [verdict_of(one, "wgs84", streets).answer for one in batches]
    assert good.count("shifted") == 0
    for datum, (share, step) in FOUND.items():
        told = [verdict_of(one, datum, streets) for one in batches[::step]]
        assert "fits" not in [one.answer for one in told]
        sure = [one.answer == "shifted" for one in told if one.n_places >= SURE]
        named = [one.datum == datum for one in told if one.answer == "shifted"]
        assert np.mean(sure) >= share
        assert np.mean(named) >= 0.98
