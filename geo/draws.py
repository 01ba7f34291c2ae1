"""Draws that anybody can repeat from their seed: a share of each stratum, units with inspectors.

The order of a draw is that of SHA-256 over the seed and the code, which needs no generator of
numbers and no order of rows to be the same everywhere and for ever.
"""

from collections.abc import Iterable
from hashlib import sha256
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import WrongValueError


def draw_order(codes: Iterable[str], seed: int) -> list[str]:
    """Return the distinct codes in the order in which `seed` draws them."""
    return sorted(set(codes), key=lambda code: sha256(f"{seed}:{code}".encode()).digest())


def draw_share(codes: pd.Series, strata: pd.Series, share: float, seed: int) -> NDArray[np.bool_]:
    """Tell which codes are drawn: of each stratum the first ceil(share × n) in the order of `seed`.

    Parameters
    ----------
    codes
        Distinct within a stratum.
    strata
        The stratum of each code, on the same index; a missing one is a stratum too.
    share
        Above 0, at most 1: of each stratum at least one is drawn.

    Raises
    ------
    WrongValueError
        When the share is none.
    """
    if not 0 < share <= 1:
        raise WrongValueError(f"share: {share}; it must be above 0 and at most 1")
    is_drawn = np.zeros(len(codes), dtype=bool)
    stratum_of, _ = pd.factorize(strata, use_na_sentinel=False)
    for stratum in range(stratum_of.max(initial=-1) + 1):
        rows = np.flatnonzero(stratum_of == stratum)
        own = codes.iloc[rows]
        is_drawn[rows] = own.isin(draw_order(own, seed)[: ceil(round(share * len(own), 9))])
    return is_drawn


def draw_teams(
    units: Iterable[str], inspectors: Iterable[str], n_units: int, team_size: int, seed: int
) -> list[tuple[str, tuple[str, ...]]]:
    """Return drawn units, each with a drawn team (双随机).

    Every inspector is in as many teams as any other, or in one more.

    Raises
    ------
    WrongValueError
        When there are too few units or inspectors.
    """
    chosen, persons = draw_order(units, seed)[:n_units], draw_order(inspectors, seed)
    if n_units < 1 or len(chosen) < n_units:
        raise WrongValueError(f"units: {n_units}; there are {len(chosen)} to draw from")
    if team_size < 1 or len(persons) < team_size:
        raise WrongValueError(f"team: {team_size}; there are {len(persons)} inspectors")
    return [
        (
            unit,
            tuple(persons[(turn * team_size + seat) % len(persons)] for seat in range(team_size)),
        )
        for turn, unit in enumerate(chosen)
    ]
