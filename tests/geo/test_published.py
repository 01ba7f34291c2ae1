"""Statistics against published numbers, on the data that the libpysal package carries.

The numbers are those of PySAL's esda (BSD-3-Clause), commit
11450be3e1860c87f109661ef7964331b68a5f99: docstrings of esda/getisord.py and esda/moran.py and
esda/tests/test_moran.py. The ten points are those of de Smith, Goodchild and Longley, Geospatial
Analysis.
"""

from pathlib import Path

import libpysal
import numpy as np
import pandas as pd
import pyogrio
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import cdist

from geo.hotspots import general_g, gi_star
from geo.moran import local_moran, morans_i, morans_i_of_rates

EXAMPLES = Path(libpysal.__file__).parent / "examples"

SIX_POINTS = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
SIX_VALUES = [2, 3, 3.2, 5, 8, 7]
SIX_Z = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]


def read_neighbors(path, ids):
    """Read a GAL file: a heading, then two lines a cell, its id and the ids of its neighbors."""
    lines = path.read_text().splitlines()[1:]
    rows = {
        line.split()[0]: near.split() for line, near in zip(lines[::2], lines[1::2], strict=True)
    }
    order = {str(name): at for at, name in enumerate(ids)}
    links = [(order[one], order[other]) for one, near in rows.items() for other in near]
    return csr_array((np.ones(len(links)), np.transpose(links)), shape=(len(order),) * 2)


def within_fifteen_units():
    distance = cdist(SIX_POINTS, SIX_POINTS)
    return csr_array(((distance > 0) & (distance <= 15)).astype(float))


def test_gi_star_of_six_points_within_fifteen_units():
    z = gi_star(SIX_VALUES, within_fifteen_units())["gi_z"]
    np.testing.assert_allclose(z, SIX_Z, atol=1e-8)


def test_general_g_of_six_points_within_fifteen_units():
    found = general_g(SIX_VALUES, within_fifteen_units())
    assert found.general_g == pytest.approx(0.55709779, abs=5e-9)
    assert found.p / 2 == pytest.approx(0.172936, abs=5e-7)


def test_morans_i_of_homicide_rates_round_st_louis():
    homicides = pd.read_csv(EXAMPLES / "stl" / "stl_hom.csv")
    near = read_neighbors(EXAMPLES / "stl" / "stl.gal", range(1, 79))
    found = morans_i(homicides["HR8893"], near)
    assert found.morans_i == pytest.approx(0.2436558262177166, abs=1e-12)
    assert found.p_norm / 2 == pytest.approx(0.00013573931385468807, rel=1e-9)


def test_morans_i_of_sudden_infant_deaths_in_north_carolina():
    table = pyogrio.read_dataframe(EXAMPLES / "sids2" / "sids2.shp", read_geometry=False)
    near = read_neighbors(EXAMPLES / "sids2" / "sids2.gal", table["FIPSNO"].astype(int))
    found = morans_i(table["SIDR74"], near)
    assert found.morans_i == pytest.approx(0.24772519320480135, abs=1e-12)
    assert found.p_norm / 2 == pytest.approx(5.791653907449845e-05, rel=1e-9)


def test_morans_i_of_infant_deaths_per_birth_in_units_of_their_deviation():
    table = pyogrio.read_dataframe(EXAMPLES / "sids2" / "sids2.shp", read_geometry=False)
    near = read_neighbors(EXAMPLES / "sids2" / "sids2.gal", table["FIPSNO"].astype(int))
    found = morans_i_of_rates(table["SID79"], table["BIR79"], near)
    assert found.morans_i == pytest.approx(0.16622343552567395, abs=1e-12)
    assert found.p_norm / 2 == pytest.approx(0.004191499504892171, rel=1e-9)


def test_quadrants_of_the_ten_points_of_de_smith():
    table = pd.read_csv(EXAMPLES / "desmith" / "desmith.txt", skiprows=1)
    near = read_neighbors(EXAMPLES / "desmith" / "desmith.gal", table["id"])
    found = local_moran(table["z"], near, permutations=0)["quadrant"]
    assert found.tolist() == ["HL", "HL", "HL", "LH", "LL", "LL", "HH", "HL", "LL", "LL"]


def test_variances_of_i_on_a_lattice_of_three_by_three():
    y, x = np.divmod(np.arange(9), 3)
    rook = abs(y[:, None] - y) + abs(x[:, None] - x) == 1
    found = morans_i(np.arange(1, 10), csr_array(rook.astype(float)), row_standardised=False)
    assert found.variance_rand == pytest.approx(0.0596875)
    assert found.variance_norm == pytest.approx(0.053125)
