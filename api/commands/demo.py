"""guatu demo: a sample city from its files to its figures, and then on the wall."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.app import create_app
from api.commands.options import JsonOption, settings_of
from api.commands.serving import HOST, PORT, PortOption, listen, run
from api.commands.terminal import progress, say, show_facts, show_rows, write
from api.declaring import best_grid
from api.presenting import dump_json
from api.settings import Settings
from api.store import connected, make_store
from data import answers
from data.answers import CoverageQuestion, HotspotQuestion, OutageQuestion, Question
from data.engine import snapshot
from data.models import SUBJECTS
from data.placing import placement_counts
from data.queries.places import grids
from data.samples import load_sample, published_beside_rows
from data.samples.steps import Progress, Steps
from data.scope import WHOLE_CITY

Sample = Literal["helsinki", "soho1854", "zhengzhou", "chicago"]

QUESTIONS: Mapping[str, type[Question]] = {
    "coverage": CoverageQuestion,
    "hotspots": HotspotQuestion,
    "outages": OutageQuestion,
}
ABOUT = ("grid", "as_of", "window_days", "revision", "parameters", "totals", "outside")


def demo(
    context: typer.Context,
    sample: Annotated[Sample, typer.Argument(help="Which sample city.")] = "zhengzhou",
    folder: Annotated[Path | None, typer.Option("--data", help="Folder of its files.")] = None,
    port: PortOption = PORT,
    *,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Load and compute only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Load a sample city into its own store, compute everything, and serve it."""
    settings = settings_of(context).model_copy(update={"city": sample})
    with nullcontext() if no_serve else listen(HOST, port) as listener:
        summary = _load_and_compute(settings, sample, folder)
        if as_json:
            write(dump_json(summary), None)
        else:
            _show(summary)
        if listener is not None:
            run(create_app(settings), listener)


def _load_and_compute(settings: Settings, sample: str, folder: Path | None) -> dict[str, Any]:
    with progress() as begin:
        begin("starting the store")
        with connected(make_store(settings, sample)) as engine:
            loaded = load_sample(engine, sample, folder, begin)
            computed = _compute(engine, begin)
    return {
        "sample": sample,
        "simulated": loaded.simulated,
        "kinds": loaded.kinds,
        **computed,
        "notes": list(loaded.notes),
        "steps": [asdict(step) for step in (*loaded.steps, *computed["steps"])],
    }


def _compute(engine: Engine, begin: Progress) -> dict[str, Any]:
    """Return every figure of the city, in one state of the store."""
    steps = Steps(begin)
    with snapshot(engine) as session:
        known = grids(session, WHOLE_CITY)
        codes = [grid["code"] for grid in known]
        main = best_grid(known)
        figures = {subject: _summary(session, subject, codes, main, steps) for subject in QUESTIONS}
        return {
            "revision": sum(answers.revisions(session, SUBJECTS).values()),
            "grids": placement_counts(session),
            **figures,
            "published": published_beside_rows(session),
            "steps": steps.done,
        }


def _summary(
    session: Session, subject: str, codes: list[str], main: str | None, steps: Steps
) -> dict[str, Any]:
    """Return what the answer for the main grid says, and the totals for each grid."""
    about: dict[str, Any] = {}
    totals = {}
    for code in codes:
        with steps.step(f"{subject} {code}"):
            body = answers.answer(session, WHOLE_CITY, QUESTIONS[subject](grid=code)).as_dict()
        totals[code] = body["totals"]
        if code == main:
            about = {key: body[key] for key in ABOUT}
    return {**about, "by_grid": totals}


def _show(summary: Mapping[str, Any]) -> None:
    show_rows("Ledgers", [{"kind": kind, **of} for kind, of in summary["kinds"].items()])
    placed = [
        {"grid": grid, "kind": kind, **counts}
        for grid, kinds in summary["grids"].items()
        for kind, counts in kinds.items()
        if kind != "cells"
    ]
    show_rows("Placement", placed)
    for subject in ("coverage", "hotspots", "outages"):
        figures = summary[subject]
        say("")
        show_facts({subject: figures["grid"], "as_of": figures["as_of"], **figures["totals"]})
    if summary["published"]:
        show_rows("Published and rows", summary["published"])
    show_rows("Steps", summary["steps"])
    for note in summary["notes"]:
        say(note)
