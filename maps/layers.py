"""What each page shows: its views, figures, cards and map layers, as declarations only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from maps.palettes import (
    BLIND_MARKS,
    BOX_MARKS,
    CHANGES,
    CLUSTER_MARKS,
    COUNT_COLORS,
    COVERAGE,
    DARK_RUN_MARKS,
    DENSITY_COLORS,
    EMERGING,
    GAP_COLORS,
    HOTSPOTS,
    LAMP_MARKS,
    LAMPS,
    LEVEL_MARKS,
    OUTAGE_MARKS,
    QUADRANTS,
    REPEAT_MARKS,
    VISIT_MARKS,
    WORKS,
    Mark,
    PaintClass,
    Rule,
    ladder,
)

Role = Literal[
    "cells",
    "ground",
    "segments",
    "hazards",
    "units",
    "boxes",
    "lamps",
    "outages",
    "dark_runs",
    "clusters",
    "repeat_sites",
    "blind_spots",
]
Subject = Literal["hazards", "coverage", "streetlights"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
Format = Literal[
    "count",
    "share",
    "metres",
    "decimal",
    "tenths",
    "hundredths",
    "p",
    "word",
    "yes_no",
    "text",
    "countdown",
]


@dataclass(frozen=True)
class Figure:
    """One figure of a row, as the side panel shows it."""

    field: str
    format: Format = "count"
    base: str | None = None
    """Field of what the figure is a part of, or a share of."""

    part: str | None = None
    """Field of the count that a share has above its base."""

    only_with: str | None = None
    """Field without which this figure says nothing and is left out."""


@dataclass(frozen=True)
class View:
    """One way to color the rows, and the figure that ranks them."""

    key: str
    rank_by: str
    format: Format
    classes: tuple[PaintClass, ...]
    coarser: tuple[tuple[PaintClass, ...], ...] = ()
    """Classes with higher breaks: the next is taken while over half of the rows fall in the top."""

    burden: str = ""
    """Figure of which any amount above 0 is bad: two days are compared by it."""


@dataclass(frozen=True)
class Card:
    """One headline figure; the paths point into the answer, the words explain the formula."""

    key: str
    kind: Literal["share", "part", "number"]
    numerator: str
    denominator: str | None = None
    format: Format = "count"
    by_level: str | None = None
    """Where the counts by level are that add up to the numerator."""

    beside: str | None = None
    """Where a count is that the figure leaves open, to be said beside it."""

    inventory: str | None = None
    """Where the number of registered things is; while that is unknown, places are counted."""

    ledger: bool = False
    """Whether the rows that it counts are in a ledger, to be asked for by its key."""

    rows: tuple[Rule, ...] = ()
    """Which rows of the answer it counts, where they are no ledger's."""

    rows_in: str | None = None
    """Key of the answer under which the rows are that it is made of, where they are no rows of the
    map."""

    amount: str | None = None
    """Field of how much such a row adds to it; without one each adds 1."""


@dataclass(frozen=True)
class TileLayer:
    """One layer of the map: the role tells the page's script how to paint it.

    Points look as the mark of their `field` says.
    """

    layer: str
    role: Role
    min_zoom: int = 0
    max_zoom: int = 16
    field: str = ""
    marks: tuple[Mark, ...] = ()
    shape: Literal["point", "line", "square"] = "point"
    """How its marks look in the legend."""

    computed: bool = False
    """Whether the service computes it as shapes of a day, of which there are no tiles."""

    shown: bool = True
    """Whether it is shown before the reader asks for it."""


@dataclass(frozen=True)
class SubjectLayers:
    """All that one page declares."""

    rows: Literal["cells", "segments"]
    views: tuple[View, ...]
    figures: tuple[Figure, ...]
    cards: tuple[Card, ...]
    layers: tuple[TileLayer, ...]

    @cached_property
    def plain(self) -> Mapping[str, Any]:
        """Plain values, ready for JSON, made once: a third of the time of a page otherwise."""
        return asdict(self)


BASEMAP = TileLayer("basemap", "ground", max_zoom=14)
"""Over the colors of the cells, which would hide it, and beneath all else."""

COUNT_CLASSES = tuple(
    ladder("value", breaks, COUNT_COLORS)
    for breaks in ((1, 5, 20, 100), (1, 50, 200, 1_000), (1, 500, 2_000, 10_000))
)

GAP_CLASSES = tuple(
    ladder("gap", breaks, GAP_COLORS)
    for breaks in (
        (0.001, 5.0, 20.0, 100.0),
        (0.001, 50.0, 200.0, 1_000.0),
        (0.001, 500.0, 2e3, 1e4),
    )
)

HAZARDS = SubjectLayers(
    rows="cells",
    views=(
        View("hotspots", "gi_z", "hundredths", HOTSPOTS, burden="gi_bin"),
        View("counts", "value", "decimal", COUNT_CLASSES[0], COUNT_CLASSES[1:], "value"),
        View("emerging", "n_hot_periods", "count", EMERGING, burden="n_hot_periods"),
        View("quadrants", "value", "decimal", QUADRANTS, burden="value"),
    ),
    figures=(
        Figure("value", "decimal"),
        Figure("gi_z", "hundredths"),
        Figure("gi_p", "p"),
        Figure("moran_i", "hundredths"),
        Figure("moran_p", "p"),
        Figure("quadrant", "word"),
        Figure("cluster", "word"),
        Figure("pattern", "word"),
        Figure("n_hot_periods"),
        Figure("trend_z", "hundredths"),
        Figure("trend_p", "p"),
    ),
    cards=(
        Card(
            "hazards_found", "number", "totals.n_hazards", by_level="totals.by_level", ledger=True
        ),
        Card(
            "hot_cells", "part", "totals.n_hot", "totals.n_cells", rows=(Rule("gi_bin", above=0),)
        ),
        Card("open", "number", "totals.n_open", beside="totals.n_closing_unknown", ledger=True),
        Card("not_placed", "part", "counted.not_placed", "counted.found", ledger=True),
    ),
    layers=(
        TileLayer("cells", "cells"),
        BASEMAP,
        TileLayer(
            "clusters",
            "clusters",
            marks=CLUSTER_MARKS,
            shape="square",
            computed=True,
            shown=False,
        ),
        TileLayer("hazards", "hazards", min_zoom=12, field="level", marks=LEVEL_MARKS),
        TileLayer(
            "repeat_sites",
            "repeat_sites",
            field="kind",
            marks=REPEAT_MARKS,
            computed=True,
            shown=False,
        ),
    ),
)

BLANK = (Rule("n_units", above=0), Rule("n_inspected", equals=0))

INSPECTIONS = SubjectLayers(
    rows="cells",
    views=(
        View("coverage", "gap", "tenths", COVERAGE, burden="gap"),
        View("gap", "gap", "tenths", GAP_CLASSES[0], GAP_CLASSES[1:], "gap"),
    ),
    figures=(
        Figure("coverage", "share", base="n_units", part="n_inspected"),
        Figure("n_units"),
        Figure("n_inspected"),
        Figure("n_visits"),
        Figure("n_never", base="n_units"),
        Figure("n_overdue", base="n_units"),
        Figure("gap", "tenths"),
        Figure("officer", "text"),
    ),
    cards=(
        Card("coverage", "share", "totals.n_inspected", "totals.n_units", ledger=True),
        Card("visits", "number", "totals.n_visits", ledger=True),
        Card("never", "part", "totals.n_never", "totals.n_units", ledger=True),
        Card("overdue", "part", "totals.n_overdue", "totals.n_units", ledger=True),
        Card("blank_cells", "part", "totals.n_blank_cells", "counted.with_units", rows=BLANK),
    ),
    layers=(
        TileLayer("cells", "cells"),
        BASEMAP,
        TileLayer(
            "blind_spots",
            "blind_spots",
            field="kind",
            marks=BLIND_MARKS,
            shape="square",
            computed=True,
            shown=False,
        ),
        TileLayer("units", "units", min_zoom=13, field="state", marks=VISIT_MARKS),
    ),
)

STREETLIGHTS = SubjectLayers(
    rows="segments",
    views=(
        View("status", "dark_m", "metres", LAMPS, burden="dark_m"),
        View(
            "density",
            "outages_per_100m",
            "hundredths",
            ladder("outages_per_100m", (0.001, 0.1, 0.5, 2.0), DENSITY_COLORS, none="#c6cacf"),
            burden="outages_per_100m",
        ),
        View("work", "days_overdue", "count", WORKS, burden="days_overdue"),
    ),
    figures=(
        Figure("status", "word"),
        Figure("n_lamps"),
        Figure("n_out"),
        Figure("length_m", "metres"),
        Figure("outages_per_100m", "hundredths"),
        Figure("dark_m", "metres"),
        Figure("lit_m", "metres"),
        Figure("unserved_m", "metres"),
        Figure("dark_share", "share"),
        Figure("longest_run_m", "metres"),
        Figure("cause", "word"),
        Figure("handover", "word"),
        Figure("exempt", "yes_no"),
        Figure("work", "word"),
        Figure("owner", "text", only_with="work"),
        Figure("person", "text", only_with="work"),
        Figure("due_on", "text", only_with="work"),
        Figure("days_left", "countdown", only_with="work"),
    ),
    cards=(
        Card(
            "out_now",
            "number",
            "totals.n_out",
            inventory="totals.n_lamps",
            rows=(Rule("n_out", above=0),),
            amount="n_out",
        ),
        Card(
            "longest_dark_walk",
            "number",
            "longest_dark_walk_m",
            format="metres",
            rows_in="dark_walk_runs",
            amount="length_m",
        ),
        Card(
            "dark_segments",
            "part",
            "totals.by_status.dark",
            "counted.surveyed",
            rows=(Rule("status", equals="dark"),),
        ),
        Card(
            "completion",
            "share",
            "rates.completion.numerator",
            "rates.completion.denominator",
            rows=(Rule("work", equals="relit"),),
        ),
        Card(
            "segments_relit",
            "share",
            "rates.segments_relit.numerator",
            "rates.segments_relit.denominator",
            rows=(Rule("relit", equals=True),),
        ),
        Card(
            "lamps_lit",
            "share",
            "rates.lamps_lit.numerator",
            "rates.lamps_lit.denominator",
            ledger=True,
        ),
    ),
    layers=(
        TileLayer("cells", "cells"),
        BASEMAP,
        TileLayer("segments", "segments"),
        TileLayer(
            "dark_runs",
            "dark_runs",
            field="kind",
            marks=DARK_RUN_MARKS,
            shape="line",
            computed=True,
        ),
        TileLayer("boxes", "boxes", min_zoom=11, field="is_cause", marks=BOX_MARKS),
        TileLayer("lamps", "lamps", min_zoom=14, field="is_out", marks=LAMP_MARKS),
        TileLayer("outages", "outages", min_zoom=14, marks=OUTAGE_MARKS),
    ),
)

CHANGED = View("changes", "increase", "decimal", CHANGES)
"""What a page shows of two days; it ranks by what has grown."""

NOTICES = (
    "day_after_data",
    "no_hazards",
    "no_inspections",
    "no_lamps",
    "no_outages",
    "too_few_cells",
    "constant_values",
)
"""Decisions that a reader must see before the figures."""

DECLARED: dict[Subject, SubjectLayers] = {
    "hazards": HAZARDS,
    "coverage": INSPECTIONS,
    "streetlights": STREETLIGHTS,
}
