"""Classes of the maps: which rows belong to one, and how it looks.

Colors were chosen to stay apart under simulated color-vision deficiency. Red, orange, yellow and
blue as a set of four are the mandated colors of a unit's risk: no other palette uses them so.
"""

from dataclasses import dataclass
from typing import Literal

Number = int | float
Texture = Literal["", "rising", "falling", "bars", "cross", "dots", "grid", "rings"]

INK = "#4a545f"
PAPER = "#ffffff"


@dataclass(frozen=True)
class Rule:
    """A condition on one figure of a row; `equals`, or a half-open range, or absence."""

    field: str
    equals: str | Number | None = None
    at_least: Number | None = None
    above: Number | None = None
    below: Number | None = None
    missing: bool = False


@dataclass(frozen=True)
class PaintClass:
    """One entry of a legend: rows that keep all `rules`; the first class that fits a row wins."""

    key: str
    color: str
    rules: tuple[Rule, ...] = ()
    hatched: bool = False
    width: float = 1.5
    decision: str | None = None
    """Holds for every row when the answer carries this decision."""

    label: str | None = None
    """The same in every language; without it, the words of the class's key."""

    texture: Texture = ""
    """What lies over the color, for those who do not see it and for grey print."""

    ink: str = INK
    """Color of the texture."""


NO_DATA = "#ffffff"

HOTSPOTS = (
    PaintClass("no_value", NO_DATA, (Rule("value", missing=True),), hatched=True),
    PaintClass("too_few", "#efece4", decision="too_few_cells"),
    PaintClass("hot99", "#b2182b", (Rule("gi_bin", equals=3),)),
    PaintClass("hot95", "#ef8a62", (Rule("gi_bin", equals=2),)),
    PaintClass("hot90", "#fddbc7", (Rule("gi_bin", equals=1),)),
    PaintClass("not_significant", "#f7f7f7", (Rule("gi_bin", equals=0),)),
    PaintClass("cold90", "#d1e5f0", (Rule("gi_bin", equals=-1),)),
    PaintClass("cold95", "#67a9cf", (Rule("gi_bin", equals=-2),)),
    PaintClass("cold99", "#2166ac", (Rule("gi_bin", equals=-3),)),
)

QUADRANTS = (
    PaintClass("no_value", NO_DATA, (Rule("value", missing=True),), hatched=True),
    PaintClass("too_few", "#efece4", decision="too_few_cells"),
    PaintClass("high_high", "#b2182b", (Rule("cluster", equals="HH"),)),
    PaintClass("high_low", "#ef8a62", (Rule("cluster", equals="HL"),), texture="dots"),
    PaintClass("low_high", "#a6cee8", (Rule("cluster", equals="LH"),), texture="dots"),
    PaintClass("low_low", "#2166ac", (Rule("cluster", equals="LL"),), texture="bars", ink=PAPER),
    PaintClass("not_significant", "#f7f7f7", (Rule("cluster", equals="none"),)),
    PaintClass("untested", "#e4e2dc", hatched=True),
)

_HISTORIES: tuple[tuple[str, Texture, str, str, str], ...] = (
    ("intensifying", "rising", PAPER, "#5e0817", "#04213d"),
    ("persistent", "", PAPER, "#7a0a1c", "#0a3055"),
    ("consecutive", "bars", PAPER, "#a3202c", "#18497b"),
    ("new", "cross", PAPER, "#c4473c", "#2c669e"),
    ("diminishing", "falling", PAPER, "#dc7058", "#4f84b6"),
    ("sporadic", "dots", INK, "#ec9a7e", "#79a3cc"),
    ("oscillating", "grid", INK, "#f6c3ab", "#a3c2dd"),
    ("historical", "rings", INK, "#fbe0cf", "#c3d7e8"),
)
"""How a hotspot came and went: texture and its ink, the color, and that of a coldspot."""

EMERGING = (
    PaintClass("no_value", NO_DATA, (Rule("value", missing=True),), hatched=True),
    PaintClass("too_few", "#efece4", decision="too_few_cells"),
    PaintClass("too_short", "#efece4", decision="too_few_days"),
    *(
        PaintClass(
            f"{name}_{side}",
            colors[number],
            (Rule("pattern", equals=f"{name}_{side}"),),
            texture=texture,
            ink=ink,
        )
        for number, side in enumerate(("hotspot", "coldspot"))
        for name, texture, ink, *colors in _HISTORIES
    ),
    PaintClass("no_pattern", "#f7f7f7", (Rule("pattern", equals="no_pattern"),)),
    PaintClass("untested", "#e4e2dc", hatched=True),
)

COVERAGE = (
    PaintClass("no_units", NO_DATA, (Rule("n_units", equals=0),), hatched=True),
    PaintClass("base_unclear", "#e4e2dc", (Rule("coverage", missing=True),), hatched=True),
    PaintClass("blank", "#b5462f", (Rule("coverage", equals=0),)),
    PaintClass("below60", "#ffffcc", (Rule("coverage", above=0, below=0.6),)),
    PaintClass("from60", "#a1dab4", (Rule("coverage", at_least=0.6, below=0.8),)),
    PaintClass("from80", "#41b6c4", (Rule("coverage", at_least=0.8, below=0.9),)),
    PaintClass("from90", "#2c7fb8", (Rule("coverage", at_least=0.9, below=1),)),
    PaintClass("full", "#253494", (Rule("coverage", equals=1),)),
)

LAMPS = (
    PaintClass("dark", "#c4361c", (Rule("status", equals="dark"),), width=5),
    PaintClass("scattered", "#e8a11a", (Rule("status", equals="scattered"),), width=4),
    PaintClass("lit", "#3f9b7c", (Rule("status", equals="lit"),), width=2.5),
    PaintClass(
        "reported",
        "#8a5a9e",
        (Rule("status", equals="not_surveyed"), Rule("n_out", above=0)),
        width=3,
    ),
    PaintClass("no_lamp", "#6f7a86", (Rule("status", equals="no_lamp"),), width=2),
    PaintClass("not_surveyed", "#c2c6cb", (Rule("status", equals="not_surveyed"),)),
    PaintClass("no_status", "#dcdedf", width=1),
)

WORKS = (
    PaintClass("overdue", "#7a1022", (Rule("work", equals="overdue"),), width=6),
    PaintClass("found", "#e0703a", (Rule("work", equals="found"),), width=5),
    PaintClass("handed_over", "#f2cf63", (Rule("work", equals="handed_over"),), width=4),
    PaintClass("fixing", "#4a8fd1", (Rule("work", equals="fixing"),), width=4),
    PaintClass("relit", "#1f7a55", (Rule("work", equals="relit"),), width=3),
    PaintClass("exempt", "#75798c", (Rule("work", equals="exempt"),), width=2.5),
    PaintClass("transferred", "#b69ad0", (Rule("work", equals="transferred"),), width=2),
    PaintClass("no_work", "#d3d6d9", (Rule("work", missing=True),)),
)

CHANGES = (
    PaintClass(
        "change_unknown", NO_DATA, (Rule("change", equals="unknown"),), hatched=True, width=1
    ),
    PaintClass("new", "#d1495b", (Rule("change", equals="new"),), width=5),
    PaintClass("worse", "#6d1a36", (Rule("change", equals="worse"),), width=5),
    PaintClass("still", "#edae49", (Rule("change", equals="still"),), width=4),
    PaintClass("fixed", "#2d7dd2", (Rule("change", equals="fixed"),), width=4),
    PaintClass("clear", "#f2f2ee", (Rule("change", equals="clear"),), width=1.5),
)

COUNT_COLORS = ("#fbe3c0", "#f3b27a", "#d9733f", "#96321d")
DENSITY_COLORS = ("#c6a5d6", "#a572bf", "#7c4699", "#4a1f61")
GAP_COLORS = ("#dfe3ee", "#a9b6d3", "#6c82b4", "#2f4583")


def ladder(
    field: str, breaks: tuple[Number, ...], colors: tuple[str, ...], none: str = "#fbfaf8"
) -> tuple[PaintClass, ...]:
    """Classes of a figure with fixed breaks: no value, none, then a step from each break.

    Breaks of whole numbers make steps like ``5–19``, other breaks steps like ``[0.5, 1)``; the
    first of those begins above 0.
    """
    steps = tuple(
        PaintClass(
            f"step{step}",
            color,
            (Rule(field, at_least=low, below=high),),
            width=1.5 + 1.2 * step,
            label=_step_label(low, high, first=step == 1),
        )
        for step, (low, high, color) in enumerate(
            zip(breaks, (*breaks[1:], None), colors, strict=True), 1
        )
    )
    return (
        PaintClass("no_value", NO_DATA, (Rule(field, missing=True),), hatched=True),
        PaintClass("none", none, (Rule(field, below=breaks[0]),)),
        *steps,
    )


def _step_label(low: Number, high: Number | None, *, first: bool) -> str:
    if high is None:
        return f"≥ {low:,g}"
    if isinstance(low, int) and isinstance(high, int):
        return f"{low:,}–{high - 1:,}"
    return f"(0, {high:,g})" if first else f"[{low:,g}, {high:,g})"


@dataclass(frozen=True)
class Mark:
    """How a point looks whose figure has this `value`; ``None`` stands for any other value."""

    word: str
    color: str
    value: str | bool | None = None
    hollow: bool = False
    size: float = 1
    texture: Texture = ""
    """What an area is filled with, in this color, so that what lies beneath can be told."""


VISIT_MARKS = (
    Mark("state.never", "#b5462f", "never"),
    Mark("state.overdue", "#b5462f", "overdue", hollow=True),
    Mark("state.in_time", "#2c7fb8", "in_time", size=0.8),
    Mark("state.unknown", "#7d858f"),
)
LEVEL_MARKS = (
    Mark("level.major", "#7a1022", "major"),
    Mark("level.larger", "#a9552c", "larger"),
    Mark("level.general", "#3d4652", "general"),
    Mark("level.ungraded", "#8a939d"),
)
LAMP_MARKS = (
    Mark("is_out.true", "#c4361c", value=True),
    Mark("is_out.false", "#3f9b7c", hollow=True, size=0.7),
)
BOX_MARKS = (
    Mark("is_cause.true", "#7a1022", value=True, size=2),
    Mark("is_cause.false", "#4a545f", hollow=True, size=1.3),
)
DARK_RUN_MARKS = (
    Mark("dark_run.walk", "#ffc400", "walk", size=2.4),
    Mark("dark_run.run", "#201a17", "run"),
)
CLUSTER_MARKS = (Mark("cluster.cluster", "#6a3d9a", "cluster"),)
REPEAT_MARKS = (
    Mark("repeat_site.open", "#e6007e", "open", size=1.6),
    Mark("repeat_site.closed", "#e6007e", "closed", hollow=True, size=1.4),
    Mark("repeat_site.unknown", "#7d858f", "unknown", size=1.4),
)
BLIND_MARKS = (
    Mark("blind_spot.whole", "#2b2140", "whole", texture="cross"),
    Mark("blind_spot.part", "#2b2140", "part", texture="rising"),
)
OUTAGE_MARKS = (Mark("layer.outages", "#8a5a9e", hollow=True),)
