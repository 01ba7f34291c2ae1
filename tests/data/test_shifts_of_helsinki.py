"""How surely a shift is found in the ledgers of the sample city, and how surely none is doubted.

GCJ-02 shifts only in China: the map of Helsinki is laid over Zhengzhou, metre for metre.
"""

from collections.abc import Mapping

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from data.samples import helsinki
from geo.crs import to_metric
from geo.datum import from_wgs84
from geo.nearest import Tracks
from geo.shift import Verdict, beside_streets, readings, streets_of

Metres = NDArray[np.float64]

TO_METRES = Transformer.from_crs(4326, 4547, always_xy=True)
CENTER = np.array(TO_METRES.transform(113.62, 34.75))
KINDS = ("units", "hazards", "lamps", "outages")
N_BATCHES = 25
"""Of each kind, so that one of a hundred may stay unknown."""


@pytest.fixture(scope="module")
def ledgers() -> Mapping[str, NDArray[np.object_]]:
    city = helsinki.read()
    shapes = {one.kind: one.rows["geom"].dropna() for one in city.ledgers if "geom" in one.rows}
    metric = {
        kind: to_metric(np.asarray(found, dtype=object), city.metric_srid)
        for kind, found in shapes.items()
    }
    middle = shapely.get_coordinates(metric["segments"]).mean(axis=0)
    return {
        kind: shapely.transform(found, lambda places: places - middle + CENTER)
        for kind, found in metric.items()
    }


def batches(places: Metres) -> list[Metres]:
    """Return parts of a ledger, of 30 places to nearly all."""
    rng = np.random.default_rng(60)
    sizes = np.exp(rng.uniform(np.log(30), np.log(len(places)), N_BATCHES)).astype(int)
    return [places[rng.choice(len(places), size, replace=False)] for size in sizes]


def verdict_of(places: Metres, truth: str, streets: Tracks | None) -> Verdict:
    lon, lat = TO_METRES.transform(*places.T, direction="INVERSE")
    found = readings(*from_wgs84(lon, lat, truth), "wgs84")
    read = {name: np.column_stack(TO_METRES.transform(*pair)) for name, pair in found.items()}
    return beside_streets(read, "wgs84", streets)


def test_of_100_good_batches_none_is_doubted_and_of_100_shifted_ones_99_are_named(
    ledgers: Mapping[str, NDArray[np.object_]],
) -> None:
    good: list[str] = []
    named: list[str | None] = []
    for kind in KINDS:
        others = [ledgers[other] for other in ledgers if other != kind]
        streets = streets_of(np.concatenate(others))
        for places in batches(shapely.get_coordinates(ledgers[kind])):
            good.append(verdict_of(places, "wgs84", streets).answer)
            named.append(verdict_of(places, "gcj02", streets).datum)
    assert len(good) == 100
    assert good.count("shifted") == 0
    assert named.count("gcj02") >= 99
