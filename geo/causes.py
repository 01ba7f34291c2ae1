"""Why many lamps are out at once: the power box they hang on, or else their street."""

import pandas as pd

from geo.frames import require

MIN_LAMPS = 3
"""An incident has at least so many lamps out (our default)."""

SHARE = 0.6
"""And at least this share of all lamps of the box or street (our default)."""


def root_causes(
    lamps: pd.DataFrame, min_lamps: int = MIN_LAMPS, share: float = SHARE
) -> pd.DataFrame:
    """Return the power boxes, and streets without known boxes, that are the likely causes.

    A box is an incident when at least `min_lamps` of its lamps and at least the share `share` of
    them are out; so is a street, of its lamps whose box is not known.

    Parameters
    ----------
    lamps
        `power_box` (missing: not known), `is_out`, `segment` (missing or -1: none), and optionally
        `street`, the name of the road (missing or blank: none).

    Returns
    -------
    DataFrame
        Most lamps out first: `power_box` (missing for a street), `street` (missing for a box),
        `n_lamps`, `n_out`, and `segments`, those with such a lamp out, in ascending order.
    """
    require(lamps, "power_box", "is_out", "segment")
    by = ["power_box", "street"]
    street = lamps.get("street", pd.Series(None, index=lamps.index, dtype=object))
    unfed = lamps["power_box"].isna() & (street != "")
    told = lamps.assign(street=street.where(unfed), is_out=lamps["is_out"].astype(bool))
    told = told[told[by].notna().any(axis=1)]
    causes = told.groupby(by, dropna=False)["is_out"].agg(n_lamps="size", n_out="sum")
    enough = (causes["n_out"] >= min_lamps) & (causes["n_out"] >= share * causes["n_lamps"])
    incidents = causes[enough].sort_values("n_out", ascending=False, kind="stable").reset_index()
    out = told[told["is_out"] & told["segment"].notna() & (told["segment"] != -1)]
    pairs = out.drop_duplicates([*by, "segment"]).sort_values("segment")
    darkened = pairs.groupby(by, dropna=False)["segment"].agg(tuple).rename("segments")
    found: pd.DataFrame = incidents.merge(darkened.reset_index(), on=by, how="left")
    found["segments"] = [s if isinstance(s, tuple) else () for s in found["segments"]]
    return found
