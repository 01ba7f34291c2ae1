"""Far tiles of hazards that are kept are those that the store would sum."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely

from data.answers.hazard_sums import KeptHazards, read_hazards
from data.queries.places import resolve_period
from data.queries.tiles import TileRequest, tile
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
EDGES = [(180, 0), (-180, 85), (0, 89.9), (0, -90), (-0.0, 0), (3.0, 85.06), (179.9999999, -85.05)]
CHOICES = {
    "level": [None, None, None, "general", "major"],
    "source": [None, None, None, "t", "nobody"],
    "sector": [None, None, None, "餐饮", "none"],
    "state": [None, None, "open", "closed", "unknown"],
}


@pytest.fixture
def many(town):
    """Hazards of every kind around the town and at the ends of the world."""
    rng = np.random.default_rng(7)
    sectors = [{"name": "u", "sector": sector} for sector in ("餐饮", "教育", None)]
    town.add("units", *sectors)
    for source in ("t", "u"):  # the units are of the first
        spots = [*EDGES, *rng.normal((3, 0.01), 0.3, (150, 2))]
        town.add("hazards", *(hazard(rng, spot) for spot in spots), source=source)
    return town


def hazard(rng, spot):
    found = datetime(2019, 8, 1, tzinfo=UTC) + timedelta(hours=int(rng.integers(0, 1000)))
    known = bool(rng.random() < 0.8)
    closed = found + timedelta(days=int(rng.integers(0, 30))) if rng.random() < 0.5 else None
    return {
        "geom": shapely.Point(spot),
        "unit_code": rng.choice(["0", "1", "2", None]),
        "level": rng.choice(["general", "larger", "major", None]),
        "found_at": found,
        "closing_known": known,
        "closed_at": closed if known else None,
        "count": int(rng.integers(1, 5)),
    }


def requests(seed, n):
    """Return tiles around the town and of the whole world, each of some of the hazards."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        z = int(rng.integers(0, 13))
        x, y = (int(2**z * (0.5 + share)) for share in (3 / 360, -0.01 / 360))
        wanted = {name: words[rng.integers(len(words))] for name, words in CHOICES.items()}
        day = DAY - timedelta(days=int(rng.integers(0, 40)))
        days = int(rng.choice([7, 30, 365]))
        yield TileRequest("hazards", z, x, y, as_of=day, window_days=days, **wanted)


def test_what_is_kept_sums_up_to_what_the_store_sums(many):
    kept = read_hazards(many.session)
    n_features = 0
    for request in requests(seed=1, n=150):
        period = resolve_period(many.session, request.as_of, request.window_days)
        summed = tile(many.session, WHOLE_CITY, request, period)
        assert kept.tile(many.session, request, period) == summed
        n_features += len(summed) > 0
    assert n_features > 30


def test_every_hazard_that_the_map_of_the_world_shows_is_kept(many):
    whole = TileRequest("hazards", 0, 0, 0, as_of=DAY, window_days=3650)
    period = resolve_period(many.session, DAY, 3650)
    assert len(read_hazards(many.session).columns["place"]) == 2 * (150 + len(EDGES) - 4)
    assert tile(many.session, WHOLE_CITY, whole, period) != b""


def test_hazards_are_read_again_only_when_the_store_stands_otherwise(engine):
    kept = KeptHazards(engine)
    first = kept.hazards("one")
    assert kept.hazards("one") is first
    assert kept.hazards("two") is not first
