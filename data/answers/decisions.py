"""The decision log: every choice that may stand behind a figure, with the values its words need.

The words are kept elsewhere, in every language of the pages, under these codes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data.queries.places import LedgerDays
from geo.periods import Period


@dataclass(frozen=True)
class Decision:
    """One choice behind a figure: a code that words are kept for, and its values."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


_BY_RISK = ("major", "larger", "general", "low")

DECISIONS: Mapping[str, tuple[str, ...]] = {
    # Any question: when it was known, the days asked for and the days the ledger has.
    "known_at": ("moment",),
    "cells_of_now": (),
    "window_before_data": ("first_day",),
    "day_after_data": ("data_until",),
    # Coverage.
    "coverage_intervals": _BY_RISK,
    "coverage_weights": _BY_RISK,
    "no_inspections": (),
    "units_without_registration": ("n",),
    "units_without_risk": ("n",),
    "units_closed_undated": ("n",),
    "cells_without_units": ("n",),
    # Hotspots.
    "value_count": (),
    "value_per_unit": (),
    "value_per_100_visits": (),
    "value_eb": (),
    "only_level": ("level",),
    "only_source": ("source",),
    "only_sector": ("sector",),
    "only_state": ("state",),
    "gi_star": ("n",),
    "local_moran": ("permutations", "seed"),
    "emerging": ("n", "days", "first_day", "share"),
    "too_few_days": ("n", "needed"),
    "moran_clusters": ("share",),
    "no_hazards": (),
    "too_few_cells": ("n", "needed"),
    "constant_values": (),
    "cells_without_value": ("n",),
    "cells_without_neighbors": ("n",),
    "hazards_without_visit": ("n",),
    "hazards_closing_unknown": ("n",),
    # Outages.
    "only_status": ("status",),
    "only_work": ("work",),
    "only_owner": ("owner",),
    "lamp_stretches": ("max_gap_m", "dark_threshold"),
    "no_lamps": (),
    "no_outages": (),
    "segments_not_surveyed": ("n",),
    "lamps_off_segments": ("n",),
    "outages_off_segments": ("n",),
    "outages_without_lamp": ("n",),
    "no_rectifications": (),
    "exempt_segments": ("n",),
    # Rectifications.
    "ranked_from": ("n",),
    "no_work_items": (),
    "exempt_items": ("n",),
    "transferred_items": ("n",),
    "items_without_limit": ("n",),
    "items_without_owner": ("n",),
    "items_without_helper": ("n",),
    "items_without_cell": ("n",),
}


def about_days(period: Period, days: LedgerDays) -> Iterator[Decision]:
    """Say where the asked days reach beyond the ledger's."""
    if days.first is not None and period.start.date() < days.first:
        yield Decision("window_before_data", {"first_day": days.first.isoformat()})
    if days.last is not None and period.day > days.last:
        yield Decision("day_after_data", {"data_until": days.last.isoformat()})


def about_knowledge(known_at: date | None, grid: str | None) -> Iterator[Decision]:
    """Say that only what was known at another moment counts, in the cells there are now."""
    if known_at is None:
        return
    yield Decision("known_at", {"moment": known_at.isoformat()})
    if grid is not None:
        yield Decision("cells_of_now")


def counted(counts: Mapping[str, int]) -> Iterator[Decision]:
    """Say what was met at least once."""
    for code, n in counts.items():
        if n > 0:
            yield Decision(code, {"n": n})
