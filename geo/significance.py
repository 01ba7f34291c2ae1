"""How small p must be, so that among many tests few discoveries are false."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def fdr_limits(p: NDArray[np.float64], alphas: Sequence[float]) -> list[float]:
    """Return up to which p each share of false discoveries holds; -1 where it holds for none.

    The step-up procedure of Benjamini, Y. and Hochberg, Y. (1995), JRSS B 57, 289-300: the
    greatest of n ordered p_(k) with p_(k) n / k <= alpha.

    Parameters
    ----------
    p
        Between 0 and 1; NaN is no test.
    alphas
        Expected shares of false ones among the tests whose p is at or below the limit.
    """
    ordered = np.sort(p[~np.isnan(p)])
    corrected = ordered * (len(ordered) / np.arange(1, len(ordered) + 1))
    holding = (np.flatnonzero(corrected <= alpha) for alpha in alphas)
    return [float(ordered[at[-1]]) if at.size else -1.0 for at in holding]
