"""guatu coverage, hotspots, outages and rectifications."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api.asking import StreetStatus, StreetWork
from api.commands.options import (
    AsOfOption,
    KnownAtOption,
    LanguageOption,
    WindowOption,
    settings_of,
)
from api.commands.terminal import show_facts, show_rows, write
from api.presenting import FORMATS, Presented, present
from api.store import connected, open_store
from data.answers import (
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    Question,
    RectificationQuestion,
    answer,
)
from data.engine import snapshot
from data.scope import WHOLE_CITY
from maps.words import Language

HotspotValue = Literal["count", "per-unit", "per-100-visits", "eb"]
Level = Literal["general", "larger", "major"]

GridOption = Annotated[str, typer.Option("--grid", help="Code of the grid.")]
FormatOption = Annotated[
    Literal["table", "json", "geojson", "csv", "xlsx"],
    typer.Option("--format", help="How to write the answer."),
]
OutOption = Annotated[Path | None, typer.Option("-o", "--out", help="Write to this file.")]

WORST_FIRST = {"coverage": "gap", "hotspots": "gi_z", "outages": "outages_per_100m"}
"""By what the table on a terminal is sorted; a ranking is in its order already."""

COLUMNS = {
    "coverage": ("n_units", "n_inspected", "n_visits", "n_never", "n_overdue", "coverage", "gap"),
    "hotspots": ("value", "gi_z", "gi_p", "gi_bin", "moran_i", "moran_p", "quadrant"),
    "outages": ("n_lamps", "n_out", "outages_per_100m", "dark_m", "dark_share", "status"),
    "rectifications": ("rank", "movement", "n_found", "n_closed", "completion", "n_overdue"),
}
"""What the table on a terminal shows of each row, after code and name."""


@dataclass(frozen=True)
class Output:
    """How an answer leaves the command."""

    format: str
    out: Path | None
    language: Language | None


def coverage(
    context: typer.Context,
    grid: GridOption,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    window: WindowOption = 365,
    form: FormatOption = "table",
    out: OutOption = None,
    lang: LanguageOption = None,
) -> None:
    """Say where nobody has looked: coverage and gap of each cell."""
    question = CoverageQuestion(grid=grid, as_of=as_of, window_days=window, known_at=known_at)
    _answer(context, question, Output(form, out, lang))


def hotspots(
    context: typer.Context,
    grid: GridOption,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    window: WindowOption = 365,
    value: Annotated[HotspotValue, typer.Option(help="What to compare.")] = "count",
    level: Annotated[Level | None, typer.Option(help="Only hazards of this level.")] = None,
    source: Annotated[str | None, typer.Option(help="Only hazards of this source.")] = None,
    form: FormatOption = "table",
    out: OutOption = None,
    lang: LanguageOption = None,
) -> None:
    """Say where the hazards are: value, Gi* and local Moran's I of each cell."""
    question = HotspotQuestion(
        grid=grid,
        as_of=as_of,
        window_days=window,
        value=value,
        level=level,
        source=source,
        known_at=known_at,
    )
    _answer(context, question, Output(form, out, lang))


def outages(
    context: typer.Context,
    grid: Annotated[str | None, typer.Option(help="Name each segment's cell of it.")] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    window: WindowOption = 365,
    max_gap_m: Annotated[float, typer.Option(help="Farthest two lamps serve one stretch.")] = 120,
    dark_threshold: Annotated[float, typer.Option(help="Share of lamps out: dark.")] = 0.8,
    status: Annotated[StreetStatus | None, typer.Option(help="Only segments that are so.")] = None,
    work: Annotated[StreetWork | None, typer.Option(help="Only those worked on so far.")] = None,
    owner: Annotated[
        str | None, typer.Option(help="Only those whose work this party leads.")
    ] = None,
    form: FormatOption = "table",
    out: OutOption = None,
    lang: LanguageOption = None,
) -> None:
    """Say which streets are dark: outages along each segment, rates, longest dark walk."""
    question = OutageQuestion(
        grid=grid,
        as_of=as_of,
        window_days=window,
        max_gap_m=max_gap_m,
        dark_threshold=dark_threshold,
        known_at=known_at,
        status=status,
        work=work,
        owner=owner,
    )
    _answer(context, question, Output(form, out, lang))


def rectifications(
    context: typer.Context,
    grid: Annotated[str | None, typer.Option(help="Grid of the cells that are ranked.")] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    every: Annotated[int, typer.Option(min=1, help="Days since the last ranking.")] = 3,
    by: Annotated[Literal["owner", "helper", "cell"], typer.Option(help="Whom to rank.")] = "owner",
    about: Annotated[
        Literal["hazard", "segment"] | None, typer.Option(help="Only items on these.")
    ] = None,
    form: FormatOption = "table",
    out: OutOption = None,
    lang: LanguageOption = None,
) -> None:
    """Say who is done and who is late: completion of each owner or cell, ranked."""
    question = RectificationQuestion(
        grid=grid, as_of=as_of, known_at=known_at, window_days=every, by=by, about=about
    )
    _answer(context, question, Output(form, out, lang))


def _answer(context: typer.Context, question: Question, output: Output) -> None:
    if output.format == "xlsx" and output.out is None:
        raise typer.BadParameter("a workbook needs a file: -o FILE.xlsx", param_hint="--format")
    settings = settings_of(context)
    with connected(open_store(settings)) as engine, snapshot(engine) as session:
        computed = answer(session, WHOLE_CITY, question)
        shown = present(session, WHOLE_CITY, computed, output.language or settings.language)
        if output.format == "table":
            _show(shown)
        else:
            write(FORMATS[output.format].write(shown), output.out)


def _show(shown: Presented) -> None:
    subject = shown.answer.subject
    ranked = shown.rows
    if subject in WORST_FIRST:
        ranked = sorted(ranked, key=lambda row: _rank(row, WORST_FIRST[subject]))
    names = ("code", "name", *COLUMNS[subject])
    show_rows(shown.body["definition"], [{name: row[name] for name in names} for row in ranked])
    show_facts({**shown.body["totals"], "as_of": shown.body["as_of"]})


def _rank(row: Mapping[str, Any], name: str) -> tuple[bool, float]:
    value = row[name]
    return value is None, -(value or 0)
