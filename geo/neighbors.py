"""Which cells are neighbors, as a sparse matrix."""

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from geo.errors import WrongValueError
from geo.frames import POLYGONS, require_geometries


def neighbors(polygons_m: ArrayLike, tolerance_m: float = 1.0) -> csr_array:
    """Return which polygons share at least a point, or come within `tolerance_m` of each other.

    Parameters
    ----------
    polygons_m
        Cells in planar metres; empty and missing ones have no neighbors.
    tolerance_m
        Width of the cracks between cells that were drawn apart; 0 for none.

    Returns
    -------
    csr_array
        Square, symmetric, 1.0 where two cells are neighbors, nothing on the diagonal.
    """
    if not tolerance_m >= 0:
        raise WrongValueError(f"tolerance_m: {tolerance_m}; it must not be below 0")
    cells = require_geometries(polygons_m, *POLYGONS)
    one, other = shapely.STRtree(cells).query(cells, predicate="dwithin", distance=tolerance_m)
    apart = one != other
    links = (np.ones(np.count_nonzero(apart)), (one[apart], other[apart]))
    return csr_array(links, shape=(len(cells), len(cells)))


def require_weights(neighbors: csr_array, n: int) -> csr_array:
    """Return `neighbors` as weights of `n` cells, or raise WrongValueError saying what is wrong.

    The result is of floats, without stored zeros; it may share its memory with `neighbors`.
    """
    if neighbors.shape != (n, n):
        raise WrongValueError(f"neighbors: shape {neighbors.shape} for {n} values")
    weights: csr_array = csr_array(neighbors).astype(np.float64, copy=False)
    if not weights.data.all():
        weights = weights.copy()
        weights.eliminate_zeros()
    if weights.diagonal().any():
        raise WrongValueError("neighbors: a cell is not its own neighbor, the diagonal must be 0")
    return weights


def weight_sums(weights: csr_array) -> tuple[float, float, float]:
    """Return what moments of global statistics need of the weights: S0, S1 and S2.

    S0 = sum_ij w_ij, S1 = sum_ij (w_ij + w_ji)^2 / 2, S2 = sum_i (sum_j w_ij + sum_j w_ji)^2.
    """
    s1 = float((weights + weights.T).power(2).sum()) / 2
    s2 = float(((weights.sum(axis=1) + weights.sum(axis=0)) ** 2).sum())
    return float(weights.sum()), s1, s2
