"""The hand-over register of the streets: which were built and accepted, and which never came over.

Days and evidence are assumed; which streets were never handed over follows from why they are dark.
"""

from datetime import date
from hashlib import sha256

import numpy as np
import pandas as pd

from data.samples.zhengzhou import names
from data.samples.zhengzhou.plan import since_the_first_day
from data.samples.zhengzhou.relighting import Street
from data.samples.zhengzhou.streets import Streets

OLDEST, NEWEST = date(2009, 1, 1), date(2018, 10, 1)
"""Streets of "nearly ten years" were never handed over; those that were are as old."""

COMPLETION = (date(2020, 1, 1), date(2020, 12, 31))
"""When the works that are not finished are to be (assumed)."""

MOST_DAYS_TO_HAND_OVER, MOST_DAYS_TO_ACCEPT = 120, 60


def handovers(rng: np.random.Generator, laid: Streets, dark: list[Street]) -> pd.DataFrame:
    """Return the register: one row a street, with evidence where nothing was handed over."""
    codes = laid.segments["external_code"].to_numpy()
    fate = pd.Series(_standings(dark), dtype=object).reindex(codes).fillna("accepted").to_numpy()
    built_on = np.where(
        fate == "unbuilt",
        _days(rng, *COMPLETION, len(codes)),
        _days(rng, OLDEST, NEWEST, len(codes)),
    )
    handed_over_on = built_on + rng.integers(1, MOST_DAYS_TO_HAND_OVER + 1, len(codes))
    accepted_on = handed_over_on + rng.integers(1, MOST_DAYS_TO_ACCEPT + 1, len(codes))
    came_over = fate == "accepted"
    days = {"handed_over_on": handed_over_on, "accepted_on": accepted_on}
    return pd.DataFrame(
        {
            "external_code": [f"H-{code}" for code in codes],
            "segment_code": codes,
            "built_on": _dates(built_on),
            **{name: _dates(of).where(came_over, None) for name, of in days.items()},
            "handed_by": names.BUILDING_BUREAU,
            "received_by": names.LIGHTING_OFFICE,
            **_evidence(codes, fate),
            "recorded_at": since_the_first_day(len(codes)),
        }
    )


def _standings(dark: list[Street]) -> dict[str, str]:
    """Return what the register says of streets that never came over."""
    foreign = {one.code: "never_handed_over" for one in dark if one.cause == "never_handed_over"}
    return foreign | {one.code: "unbuilt" for one in dark if one.relit is None}


def _evidence(codes: np.ndarray, fate: np.ndarray) -> dict[str, list[str | None]]:
    shown = [
        None if word == "accepted" else f"{code}-{word}.pdf"
        for code, word in zip(codes, fate, strict=True)
    ]
    return {
        "evidence_file": shown,
        "evidence_sha256": [
            None if name is None else sha256(name.encode()).hexdigest() for name in shown
        ],
        "evidence_note": [names.NOT_HANDED_OVER.get(word) for word in fate],
    }


def _days(rng: np.random.Generator, first: date, last: date, n: int) -> np.ndarray:
    start = np.datetime64(first, "D")
    return start + rng.integers(0, (last - first).days + 1, n)


def _dates(days: np.ndarray) -> pd.Series:
    return pd.Series(days.astype(object), dtype=object)
