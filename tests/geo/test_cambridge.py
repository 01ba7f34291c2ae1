"""Lamps of a real city onto its real streets: Cambridge, Massachusetts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import STRtree

from geo.crs import to_metric
from geo.linref import snap

pytestmark = pytest.mark.real_data

METRIC_SRID = 26986
TOLERANCE_M = 30.0


def plain(names: pd.Series) -> pd.Series:
    return names.fillna("").str.strip().str.upper()


@pytest.fixture(scope="module")
def lamps(real_data: Path) -> pd.DataFrame:
    read = pyogrio.read_dataframe(real_data / "cambridge_ma" / "streetlights.geojson")
    places = to_metric(read.geometry.to_numpy(), METRIC_SRID)
    return pd.DataFrame({"name": plain(read["StreetName"]), "geom": places})


@pytest.fixture(scope="module")
def streets(real_data: Path) -> pd.DataFrame:
    read = pyogrio.read_dataframe(real_data / "cambridge_ma" / "road_centerlines.geojson")
    parts = read.explode(ignore_index=True)
    lines = to_metric(parts.geometry.to_numpy(), METRIC_SRID)
    return pd.DataFrame({"name": plain(parts["Street_Name"]), "geom": lines})


@pytest.fixture(scope="module")
def named(lamps: pd.DataFrame, streets: pd.DataFrame) -> pd.DataFrame:
    """The lamps whose street is among the streets."""
    return lamps[(lamps["name"] != "") & lamps["name"].isin(streets["name"])]


def test_the_nearest_street_is_the_lamps_own_for_at_least_93_of_100(named, streets):
    found = snap(named["geom"], streets["geom"], 1000.0)["segment"]
    own = streets["name"].to_numpy()[found] == named["name"].to_numpy()
    assert len(named) > 5_800
    assert 0.93 <= own.mean() < 1


def test_with_its_name_every_lamp_goes_to_its_street_where_that_is_within_the_tolerance(
    named, streets
):
    found = snap(
        named["geom"],
        streets["geom"],
        TOLERANCE_M,
        point_names=named["name"],
        line_names=streets["name"],
    )
    for name, lamps in named.groupby("name"):
        same = STRtree(streets["geom"][streets["name"] == name].to_numpy())
        lamp, distance = same.query_nearest(
            lamps["geom"].to_numpy(), all_matches=False, return_distance=True
        )
        near = lamps.index[lamp[0][distance <= TOLERANCE_M]]
        assert (streets["name"].to_numpy()[found.loc[near, "segment"]] == name).all()
        offsets = found.loc[near, "offset_m"]
        np.testing.assert_allclose(offsets, distance[distance <= TOLERANCE_M], atol=1e-6)


def test_a_lamp_stands_as_far_along_its_street_as_shapely_says(named, streets):
    found = snap(named["geom"], streets["geom"], TOLERANCE_M)
    snapped = found[found["segment"] >= 0]
    lines = streets["geom"].to_numpy()[snapped["segment"]]
    points = named.loc[snapped.index, "geom"].to_numpy()
    feet = shapely.line_interpolate_point(lines, snapped["measure_m"].to_numpy())
    np.testing.assert_allclose(shapely.distance(feet, points), snapped["offset_m"], atol=1e-6)
