"""Which streets are dark: runs of lamps out, status of segments, walks, density and rates."""

from collections.abc import Hashable, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.errors import WrongValueError
from geo.frames import require, require_positive
from geo.linref import order_along

MAX_GAP_M = 120.0
"""Lamps farther apart than this leave an unserved stretch between them (our default)."""

DARK_THRESHOLD = 0.8
"""A segment is dark when at least this share of its lamps is out (our default)."""

_SAME_LENGTH = 1e-9


@dataclass(frozen=True)
class Rate:
    """A share that can be recomputed by hand: `value` is None when the denominator is 0."""

    name: str
    numerator: int
    denominator: int
    excluded: int
    value: float | None


@dataclass(frozen=True)
class DarkWalk:
    """The longest dark walk: its dark metres, its segments and rows of runs in walking order."""

    length_m: float
    segments: tuple[Hashable, ...]
    runs: tuple[Hashable, ...]


def served_stretches(
    lamps: pd.DataFrame, segments: pd.DataFrame | pd.Series, max_gap_m: float = MAX_GAP_M
) -> pd.DataFrame:
    """Return the stretch of its segment that each lamp serves.

    A lamp serves half-way to its neighbors on the segment, both sides of the street merged; the
    first from the segment's start, the last to its end; at most `max_gap_m` / 2 each way. What no
    lamp serves is unserved.

    Parameters
    ----------
    lamps
        `segment`, `measure_m` and `is_out`; lamps whose segment or measure is missing, or whose
        segment is -1, stand nowhere and are left out. A measure past an end means the end. Where
        measures are equal, `code`, if there is one, decides the order, else the order of rows.
    segments
        Lengths in metres by segment: a Series, or a frame with a column `length_m`.
    max_gap_m
        Above 0; infinity for no limit.

    Returns
    -------
    DataFrame
        One row a lamp, ordered along each segment: `segment`, `is_out`, `from_m`, `to_m`, and
        `continues`: the lamp before it, on the same segment, is at most `max_gap_m` away.
    """
    require(lamps, "segment", "measure_m", "is_out")
    require_positive(max_gap_m=max_gap_m)
    numbers, names, at_m, is_out = _in_order(lamps)
    length_m = _lengths(segments).reindex(names).to_numpy()
    if np.isnan(length_m).any():
        raise WrongValueError(f"segment {names[np.isnan(length_m)][0]} is not known")
    length_m = length_m[numbers]
    at_m = np.clip(at_m, 0, length_m)
    begins = np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]
    ends = np.append(begins[1:], True)[: len(numbers)]
    before, after = np.roll(at_m, 1), np.roll(at_m, -1)
    start = np.maximum(np.where(begins, 0.0, (before + at_m) / 2), at_m - max_gap_m / 2)
    end = np.minimum(np.where(ends, length_m, (at_m + after) / 2), at_m + max_gap_m / 2)
    return pd.DataFrame(
        {
            "segment": names.take(numbers),
            "is_out": is_out,
            "from_m": start,
            "to_m": end,
            "continues": ~begins & (at_m - before <= max_gap_m),
        }
    )


def dark_runs(
    lamps: pd.DataFrame, segments: pd.DataFrame | pd.Series, max_gap_m: float = MAX_GAP_M
) -> pd.DataFrame:
    """Return the maximal sequences of consecutive lamps out; a gap over `max_gap_m` ends one.

    Parameters are those of `served_stretches`.

    Returns
    -------
    DataFrame
        In order of segment and measure: `segment`, `from_m`, `to_m`, `length_m`, `n_lamps`, and
        whether the run holds the segment's first and last lamp, `at_start` and `at_end`.
    """
    return _runs(served_stretches(lamps, segments, max_gap_m))


def _runs(served: pd.DataFrame) -> pd.DataFrame:
    segment, is_out = served["segment"], served["is_out"].to_numpy()
    linked = is_out[1:] & is_out[:-1] & served["continues"].to_numpy()[1:]
    unlinked = np.zeros(is_out[:1].shape, dtype=bool)
    first = np.flatnonzero(is_out & ~np.append(unlinked, linked))
    last = np.flatnonzero(is_out & ~np.append(linked, unlinked))
    from_m, to_m = served["from_m"].to_numpy()[first], served["to_m"].to_numpy()[last]
    return pd.DataFrame(
        {
            "segment": segment.iloc[first].array,
            "from_m": from_m,
            "to_m": to_m,
            "length_m": to_m - from_m,
            "n_lamps": last - first + 1,
            "at_start": (segment != segment.shift()).to_numpy()[first],
            "at_end": (segment != segment.shift(-1)).to_numpy()[last],
        }
    )


def segment_figures(
    lamps: pd.DataFrame,
    segments: pd.DataFrame | pd.Series,
    max_gap_m: float = MAX_GAP_M,
    dark_threshold: float = DARK_THRESHOLD,
) -> pd.DataFrame:
    """Return what is dark, lit and unserved on each segment, and the status that follows.

    Parameters are those of `served_stretches`; a frame of segments may carry `lamp_survey`
    ('surveyed', 'no_lamp', 'not_surveyed').

    Returns
    -------
    DataFrame
        On the index of `segments`: `n_lamps`, `n_out`, `dark_m` + `lit_m` + `unserved_m` = length,
        `dark_share` = dark / (dark + lit), NaN when no lamp serves anything, `longest_run_m`, and
        `status`: 'not_surveyed'; 'no_lamp'; 'lit', no lamp out; 'dark', at least the share
        `dark_threshold` of the lamps out; 'scattered', fewer.
    """
    require_positive(dark_threshold=dark_threshold)
    lengths = _lengths(segments)
    served = served_stretches(lamps, segments, max_gap_m)
    of_segment = served.assign(length_m=served["to_m"] - served["from_m"]).groupby("segment")
    runs = _runs(served).groupby("segment")["length_m"]
    known = pd.DataFrame(
        {
            "n_lamps": of_segment.size(),
            "n_out": of_segment["is_out"].sum(),
            "served_m": of_segment["length_m"].sum(),
            "dark_m": runs.sum(),
            "longest_run_m": runs.max(),
        }
    )
    figures = known.reindex(lengths.index).fillna(0).astype({"n_lamps": int, "n_out": int})
    served_m = figures.pop("served_m")
    figures.insert(3, "lit_m", (served_m - figures["dark_m"]).clip(lower=0))
    figures.insert(4, "unserved_m", (lengths - served_m).clip(lower=0))
    figures.insert(5, "dark_share", figures["dark_m"] / served_m.where(served_m > 0))
    return figures.assign(status=_status(figures, segments, dark_threshold))


def out_at(outages: pd.DataFrame, moment: datetime) -> pd.Index:
    """Return the lamps that give no light just before a moment, such as the end of a day.

    Parameters
    ----------
    outages
        One row an interval: `lamp`, `started_at` and `ended_at` (NaT: not ended), which may
        overlap.
    moment
        With a time zone when the columns have one; what starts at it is of the next day, what ends
        at it lasted until then.

    Returns
    -------
    Index
        `lamp`, each once, in ascending order.
    """
    require(outages, "lamp", "started_at", "ended_at")
    lasts = outages["ended_at"].isna() | (outages["ended_at"] >= moment)
    lamps = outages.loc[(outages["started_at"] < moment) & lasts, "lamp"]
    found: pd.Index = pd.Index(lamps.unique(), name="lamp").sort_values()
    return found


def outage_density(n_out: pd.Series, n_lamps: pd.Series, length_m: pd.Series) -> pd.DataFrame:
    """Return how thick the outages lie on each segment.

    Parameters
    ----------
    n_out, n_lamps, length_m
        Outages, lamps and metres of each segment, on one index; missing where not known.

    Returns
    -------
    DataFrame
        `outages_per_lamp` and `outages_per_100m`, missing where unknown or the base is 0.
    """
    counted = n_out.astype("Float64")
    per_lamp = counted / n_lamps.astype("Float64").where(n_lamps > 0)
    per_100m = counted / length_m.astype("Float64").where(length_m > 0) * 100
    return pd.DataFrame({"outages_per_lamp": per_lamp, "outages_per_100m": per_100m})


def dark_walk(runs: pd.DataFrame, segments: pd.DataFrame, max_gap_m: float = MAX_GAP_M) -> DarkWalk:
    """Return the longest way one must walk in the dark: the longest shortest path through runs.

    A run meets the junction at an end of its segment when no lit lamp stands between and the run
    comes within `max_gap_m` of it; runs that meet at a junction are connected. Only dark metres
    count, an unserved stretch between a run and its junction adds nothing. The path begins and
    ends at an end or in the middle of a run; so a dark loop counts half its length, since from
    any place on it the other way round is no longer than that.

    Parameters
    ----------
    runs
        From `dark_runs`.
    segments
        By segment: `length_m` and the nodes of `linref.junctions`, `from_node` and `to_node`.
    max_gap_m
        As given to `dark_runs`.
    """
    require(runs, "segment", "from_m", "to_m", "length_m", "at_start", "at_end")
    require(segments, "length_m", "from_node", "to_node")
    require_positive(max_gap_m=max_gap_m)
    dark = runs[runs["length_m"] > 0]
    graph, middles = _walkable(dark, segments, max_gap_m)
    length_m, path = _longest_shortest_path(graph, middles, dark["length_m"].to_numpy())
    walked = dark.iloc[path[np.isin(path, middles)] - middles[:1]]
    return DarkWalk(length_m, tuple(dict.fromkeys(walked["segment"])), tuple(walked.index))


def rates(
    found: Set[Hashable],
    relit: Set[Hashable],
    exempt: Set[Hashable],
    lamps_in_service: int,
    lamps_lit: int,
) -> list[Rate]:
    """Return the three rates that must stand together: none of them alone is the whole truth.

    Parameters
    ----------
    found, relit, exempt
        Dark segments found, those of them relit, and those exempt from being relit for now.
    lamps_in_service, lamps_lit
        Lamps surveyed in service, and those of them that give light.

    Returns
    -------
    list of Rate
        'completion', relit / found without the exempt on either side; 'segments_relit', relit /
        found; 'lamps_lit', the only one that is a share of lamps.
    """
    done, spared = relit & found, exempt & found
    return [
        _rate("completion", len(done - spared), len(found - spared), len(spared)),
        _rate("segments_relit", len(done), len(found), 0),
        _rate("lamps_lit", lamps_lit, lamps_in_service, 0),
    ]


def _rate(name: str, numerator: int, denominator: int, excluded: int) -> Rate:
    value = numerator / denominator if denominator else None
    return Rate(name, numerator, denominator, excluded, value)


def _walkable(
    runs: pd.DataFrame, segments: pd.DataFrame, max_gap_m: float
) -> tuple[csr_array, NDArray[np.intp]]:
    """Return the graph of the runs, and the node in the middle of each run.

    Nodes are the junctions, then two loose ends and a middle for each run. The middle keeps two
    runs between the same junctions apart and gives a loop somewhere to walk to.
    """
    of_run = segments.loc[runs["segment"], ["length_m", "from_node", "to_node"]]
    junctions, known = pd.factorize(of_run[["from_node", "to_node"]].to_numpy().ravel())
    n = len(runs)
    loose = len(known) + np.arange(2 * n).reshape(-1, 2)
    middles = len(known) + 2 * n + np.arange(n)
    to_end = of_run["length_m"].to_numpy() - runs["to_m"].to_numpy()
    meets = np.column_stack(
        [
            runs["at_start"] & (runs["from_m"] <= max_gap_m),
            runs["at_end"] & (to_end <= max_gap_m),
        ]
    )
    ends = np.where(meets, junctions.reshape(-1, 2), loose)
    is_loop = ends[:, 0] == ends[:, 1]
    half = runs["length_m"].to_numpy() / 2
    edges = (
        np.concatenate([half, half[~is_loop]]),
        (
            np.concatenate([ends[:, 0], ends[~is_loop, 1]]),
            np.concatenate([middles, middles[~is_loop]]),
        ),
    )
    return csr_array(edges, shape=(len(known) + 3 * n,) * 2), middles


def _longest_shortest_path(
    graph: csr_array, middles: NDArray[np.intp], lengths: NDArray[np.float64]
) -> tuple[float, NDArray[np.intp]]:
    """Return length and nodes of the longest shortest path inside one component of the graph."""
    longest, path = 0.0, np.array([], dtype=np.intp)
    component = connected_components(graph, directed=False)[1]
    dark_m = np.bincount(component[middles], weights=lengths)
    for number in np.argsort(-dark_m, kind="stable"):
        if dark_m[number] <= longest:
            break
        nodes = np.flatnonzero(component == number)
        length, steps = _diameter(graph[nodes][:, nodes])
        if length > longest:
            longest, path = length, nodes[steps]
    return longest, path


def _diameter(graph: csr_array) -> tuple[float, list[int]]:
    """Return the longest shortest path of a connected graph, with few searches.

    After a search from u, no node v is farther from any other than ecc(u) + d(u, v). Searches
    start in turn where this bound is largest (a far end) and where the known distances are
    smallest (the center, which lowers the bound everywhere), until no bound exceeds the best.
    Takes, F. W. and Kosters, W. A. (2013), Algorithms 6, 100-118.
    """
    at_least, at_most = np.zeros(graph.shape[0]), np.full(graph.shape[0], np.inf)
    longest, ends, from_a_far_end = -1.0, (0, 0), True
    while (open_nodes := np.flatnonzero(at_most > longest * (1 + _SAME_LENGTH))).size:
        bound = -at_most if from_a_far_end else at_least
        start = int(open_nodes[np.argmin(bound[open_nodes])])
        distance = dijkstra(graph, directed=False, indices=[start])[0]
        far = int(np.argmax(distance))
        if distance[far] > longest:
            longest, ends = float(distance[far]), (start, far)
        at_most = np.minimum(at_most, distance[far] + distance)
        at_least = np.maximum(at_least, distance)
        from_a_far_end = not from_a_far_end
    return longest, _path(graph, *ends)


def _path(graph: csr_array, start: int, end: int) -> list[int]:
    before = dijkstra(graph, directed=False, indices=[start], return_predecessors=True)[1]
    path = [end]
    while path[-1] != start:
        path.append(int(before[0, path[-1]]))
    return path[::-1]


def _in_order(
    lamps: pd.DataFrame,
) -> tuple[NDArray[np.intp], pd.Index, NDArray[np.float64], NDArray[np.bool_]]:
    """Return the lamps that stand somewhere, along each segment, and the names of the segments.

    First the number of each lamp's segment among the names, last its measure and whether it is out.
    """
    stands = (lamps["segment"].notna() & (lamps["segment"] != -1)).to_numpy()
    measure_m = lamps["measure_m"].to_numpy(dtype=float, na_value=np.nan)
    rows = np.flatnonzero(stands & ~np.isnan(measure_m))
    if "code" in lamps.columns:
        codes = pd.factorize(lamps["code"].iloc[rows], sort=True, use_na_sentinel=False)[0]
        rows = rows[np.argsort(codes, kind="stable")]
    numbers, names = pd.factorize(lamps["segment"].iloc[rows], sort=True)
    order = order_along(numbers, measure_m[rows])
    rows = rows[order]
    is_out = lamps["is_out"].to_numpy()[rows].astype(bool)
    return numbers[order], names, measure_m[rows], is_out


def _lengths(segments: pd.DataFrame | pd.Series) -> pd.Series:
    if isinstance(segments, pd.DataFrame):
        require(segments, "length_m")
        segments = segments["length_m"]
    lengths = segments.astype(float)
    if not (lengths >= 0).all() or not lengths.index.is_unique:
        raise WrongValueError("segments: each needs one length_m that is not below 0")
    return lengths


def _status(figures: pd.DataFrame, segments: Any, dark_threshold: float) -> pd.Series:
    surveyed = pd.Series("surveyed", index=figures.index)
    if isinstance(segments, pd.DataFrame) and "lamp_survey" in segments.columns:
        surveyed = segments["lamp_survey"]
    status = np.select(
        [
            surveyed == "not_surveyed",
            figures["n_lamps"] == 0,
            figures["n_out"] == 0,
            figures["n_out"] >= dark_threshold * figures["n_lamps"],
        ],
        ["not_surveyed", "no_lamp", "lit", "dark"],
        default="scattered",
    )
    return pd.Series(status, index=figures.index)
