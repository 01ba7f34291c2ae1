"""Orders, fines, suspensions, exposures and interviews, each for a hazard the city had found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.samples.zhengzhou import names
from data.samples.zhengzhou.plan import (
    CAMPAIGN_BEGINS,
    FIRST_PHASE_ENDS,
    LAST_DAY,
    NATIONAL_DAY,
    codes,
)

STEP_YUAN = 100


@dataclass(frozen=True)
class Wave:
    """So many sanctions of a kind on so many units, in some days; fines add up to `yuan`."""

    kind: str
    n: int
    first: date
    last: date
    yuan: int | None = None


BEFORE, AFTER = date(2019, 9, 30), date(2019, 10, 8)
SEPTEMBER = date(2019, 9, 1)
WAVES: Sequence[Wave] = (
    Wave("suspension", 189, CAMPAIGN_BEGINS, FIRST_PHASE_ENDS),
    Wave("suspension", 108, SEPTEMBER, LAST_DAY),
    Wave("order", 1_165, CAMPAIGN_BEGINS, FIRST_PHASE_ENDS),
    Wave("order", 508, SEPTEMBER, BEFORE),
    Wave("order", 96, *NATIONAL_DAY),
    Wave("order", 150, AFTER, LAST_DAY),
    Wave("fine", 231, CAMPAIGN_BEGINS, FIRST_PHASE_ENDS, 3_864_900),
    Wave("fine", 64, SEPTEMBER, BEFORE, 903_000),
    Wave("fine", 9, *NATIONAL_DAY, 65_600),
    Wave("exposure", 121, CAMPAIGN_BEGINS, FIRST_PHASE_ENDS),
    Wave("exposure", 40, SEPTEMBER, BEFORE),
    Wave("interview", 4, *NATIONAL_DAY),
)


def sanctions(rng: np.random.Generator, found: pd.DataFrame) -> pd.DataFrame:
    """Draw units among those where officials found something on that day.

    `found` has `unit_code`, `found_at` and `origin`; no unit is met by one kind twice.
    """
    official = found[found["origin"] == "government"]
    official = official.assign(day=official["found_at"].dt.date).iloc[
        rng.permutation(len(official))
    ]
    met: dict[str, list[str]] = {}
    drawn = []
    for wave in WAVES:
        fits = official["day"].between(wave.first, wave.last)
        fresh = fits & ~official["unit_code"].isin(met.get(wave.kind, []))
        rows = official[fresh].drop_duplicates("unit_code").head(wave.n)
        met.setdefault(wave.kind, []).extend(rows["unit_code"])
        drawn.append(_rows(rng, wave, rows))
        official = official.drop(rows.index)
    table = pd.concat(drawn).sort_values(["issued_on", "kind", "unit_code"], ignore_index=True)
    number = table.groupby("kind").cumcount() + 1
    papers = [
        names.document(names.DOCUMENTS[kind], n)
        for kind, n in zip(table["kind"], number, strict=True)
    ]
    return table.assign(external_code=codes("Z", len(table), 4), document_number=papers)


def _rows(rng: np.random.Generator, wave: Wave, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_code": rows["unit_code"],
            "kind": wave.kind,
            "issued_on": rows["day"],
            "fine_yuan": None if wave.yuan is None else _amounts(rng, wave.n, wave.yuan),
            "recorded_at": rows["recorded_at"],
        }
    )


def _amounts(rng: np.random.Generator, n: int, yuan: int) -> list[str]:
    """Split an amount into `n` fines, each of at least one step."""
    steps = yuan // STEP_YUAN
    cuts = np.sort(rng.choice(np.arange(1, steps), n - 1, replace=False))
    parts = np.diff(cuts, prepend=0, append=steps)
    return [str(STEP_YUAN * part) for part in parts]
