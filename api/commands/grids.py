"""guatu grid: make regular cells, check any grid for gaps, overlaps and slivers."""

from typing import Annotated, Any, Literal

import numpy as np
import shapely
import typer
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy.orm import Session

from api.commands.options import JsonOption, settings_of
from api.commands.terminal import say, show_rows, write
from api.presenting import dump_json
from api.store import connected, open_store
from data.answers import resolve_period
from data.answers.answer import records
from data.cities import metric_srid
from data.engine import snapshot, transaction
from data.grids import GridHead, load_grid
from data.queries.placements import disagreements as find_disagreements
from data.queries.places import cell_polygons, cells_of, grid_id
from data.scope import WHOLE_CITY
from geo import crs
from geo.grid import hexagons, squares, topology_report

Kind = Literal["square", "hexagon"]
PAGE = 1_000
MAKERS = {"square": squares, "hexagon": hexagons}

app = typer.Typer(no_args_is_help=True, help="Grids: make, check, compare.")


@app.command()
def make(
    context: typer.Context,
    kind: Annotated[Kind, typer.Option(help="Shape of the cells.")],
    size_m: Annotated[float, typer.Option(help="Width of a cell in metres.")],
    within: Annotated[str, typer.Option(help="Code of the grid to cover.")],
    code: Annotated[str | None, typer.Option(help="Code; default like squares_500m.")] = None,
    name: Annotated[str | None, typer.Option(help="Name; default the code.")] = None,
) -> None:
    """Cover a grid with regular cells, and place everything in them."""
    code = code or f"{kind}s_{size_m:g}m"
    head = GridHead(code, name or code, kind, size_m)
    store = open_store(settings_of(context))
    with connected(store) as engine, transaction(engine, moves=["grids"]) as session:
        cells = _cells(session, kind, size_m, within)
        counts = load_grid(session, head, cells, source="generated")
    say(f"{code}: {counts.rows} cells, {counts.new} new, {counts.removed} removed")


@app.command()
def check(
    context: typer.Context,
    grid: Annotated[str, typer.Argument(help="Code of the grid.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """List gaps, overlaps and slivers between the cells; exit 1 when cells overlap."""
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        codes, polygons = _metric_cells(session, grid)
    found = topology_report(polygons, codes)
    rows = records(found.drop(columns="geometry"))
    if as_json:
        write(dump_json({"grid": grid, "cells": len(codes), "findings": rows}), None)
    else:
        show_rows(f"{grid}: {len(codes)} cells, {len(rows)} findings", rows)
    if (found["kind"] == "overlap").any():
        raise typer.Exit(1)


@app.command()
def disagreements(
    context: typer.Context,
    grid: Annotated[str, typer.Argument(help="Code of the grid.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """List the things whose ledger declares another cell than the one they lie in."""
    found: list[dict[str, Any]] = []
    with connected(open_store(settings_of(context))) as engine, snapshot(engine) as session:
        number = grid_id(session, grid)
        while page := find_disagreements(
            session, WHOLE_CITY, number, after=found[-1]["id"] if found else 0, limit=PAGE
        ):
            found += page
    if as_json:
        write(dump_json({"grid": grid, "disagreements": found}), None)
    else:
        show_rows(f"{grid}: {len(found)} disagreements", found)


def _cells(session: Session, kind: Kind, size_m: float, within: str) -> DataFrame:
    """Return the cells of a regular grid over the polygons of another, in degrees."""
    _, polygons = _metric_cells(session, within)
    srid = metric_srid(session, polygons)
    made = MAKERS[kind](shapely.union_all(polygons), size_m)
    shapes = crs.to_degrees(made["geometry"].to_numpy(), srid)
    return DataFrame({"external_code": made["code"], "geom": shapes})


def _metric_cells(session: Session, grid: str) -> tuple[list[str], NDArray[np.object_]]:
    """Return the codes of a grid's cells, in byte order, and their polygons in metres."""
    day = resolve_period(session, None, 1).day
    cells = cells_of(session, WHOLE_CITY, grid_id(session, grid), day)
    polygons = cell_polygons(session, WHOLE_CITY, cells.index)
    return cells["code"].tolist(), crs.to_metric(polygons, metric_srid(session, polygons))
