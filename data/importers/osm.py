"""Start or renew a city from an OpenStreetMap extract, all of it in one transaction."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, astuple, replace
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine, func
from sqlalchemy.orm import Session

from data.cities import Founding, found_city, metric_srid, settle_city
from data.engine import loading
from data.grids import GridHead, load_grid
from data.importers.ledger import Ledger
from data.importers.osm_extract import OsmExtract, read_osm
from data.importers.report import ImportOptions, ImportReport, Remark
from data.importers.topology import check_cells
from data.loading import SUBJECTS, LoadCounts, load
from data.models import Event, ImportBatch
from data.snapping import TOLERANCE_M
from geo.crs import to_metric
from geo.linref import snap

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
"""What the licence asks every map and page to show."""

_NONE = LoadCounts(rows=0, new=0, changed=0, same=0, duplicate=0, without_position=0)


def import_osm(
    engine: Engine,
    path: Path,
    options: ImportOptions | None = None,
    founding: Founding | None = None,
) -> ImportReport:
    """Import streets, lamps, premises and complete boundaries of an ``.osm.pbf`` extract.

    Boundaries of level n become the grid ``admin_level_n``. The city's attribution names
    OpenStreetMap from then on; where there is no city yet, `founding` is made. Imports wait for
    each other.

    Raises
    ------
    ImportRejectedError
        When the file cannot be read; nothing is written.
    NoCityError
        When the store holds no city yet.
    """
    chosen = options or ImportOptions(source="osm")
    extract = read_osm(path)
    # The transaction looks at what moved when it ends.
    moved: set[str] = set()
    report = ImportReport("osm", rows=0)
    with loading(engine, moves=moved, rehearsal=chosen.dry_run) as session:
        found_city(session, founding)
        batch = _add_batch(session, path, chosen)
        remarks = [_contents(extract)]
        loads = [
            *_load_boundaries(session, extract.boundaries, batch, remarks),
            *_load_streets_and_premises(session, extract, batch),
        ]
        moved |= {SUBJECTS[kind] for kind, one in loads if one.wrote}
        report = _finish(session, batch, [one for _, one in loads], remarks, chosen)
    return replace(report, batch=None) if chosen.dry_run else report


def _add_batch(session: Session, path: Path, options: ImportOptions) -> ImportBatch:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    batch = ImportBatch(
        kind="osm",
        source=options.source,
        file_name=path.name,
        file_sha256=digest,
        actor=options.actor,
        imported_at=func.now(),
    )
    session.add(batch)
    session.flush()
    return batch


def _contents(extract: OsmExtract) -> Remark:
    return Remark(
        "contents",
        f"{len(extract.segments)} segments, {len(extract.lamps)} lamps, {len(extract.units)} units,"
        f" {len(extract.boundaries)} boundaries; {extract.n_boundaries_cut} boundaries reach out of"
        " the extract and are left out",
    )


def _load_boundaries(
    session: Session, boundaries: pd.DataFrame, batch: ImportBatch, remarks: list[Remark]
) -> Iterator[tuple[str, LoadCounts]]:
    """Load each level as a grid; one whose areas overlap is left out, and remarked."""
    for level, cells in boundaries.groupby("level"):
        code = f"admin_level_{level}"
        checked = Ledger(cells, len(cells))
        check_cells(session, checked)
        if checked.errors:
            remarks.append(Remark("boundaries_overlap", f"{code}: {checked.errors[0].reason}"))
            continue
        head = GridHead(code, code, "administrative")
        yield "grids", load_grid(session, head, cells, source=batch.source, batch_id=batch.id)


def _load_streets_and_premises(
    session: Session, extract: OsmExtract, batch: ImportBatch
) -> Iterator[tuple[str, LoadCounts]]:
    segments = extract.segments
    if len(segments):
        srid = metric_srid(session, segments["geom"].to_numpy())
        segments = with_lamp_survey(segments, streets_of_lamps(extract, srid))
    for kind, rows in (("segments", segments), ("lamps", extract.lamps), ("units", extract.units)):
        if len(rows):
            yield kind, load(session, kind, rows, source=batch.source, batch_id=batch.id)


def _finish(
    session: Session,
    batch: ImportBatch,
    loads: list[LoadCounts],
    remarks: list[Remark],
    options: ImportOptions,
) -> ImportReport:
    """Keep the counts of the batch, settle the city and return the report."""
    counts = LoadCounts(
        *(sum(column) for column in zip(*map(astuple, [_NONE, *loads]), strict=True))
    )
    batch.counts = asdict(counts)
    city = settle_city(session)
    if ATTRIBUTION not in (city.attribution or ""):
        city.attribution = "; ".join(filter(None, [city.attribution, ATTRIBUTION]))
    session.add(
        Event(
            actor=options.actor,
            action="import",
            subject=batch.kind,
            subject_id=batch.id,
            after=batch.counts,
        )
    )
    return ImportReport.of("osm", batch.id, counts, remarks)


def streets_of_lamps(extract: OsmExtract, metric_srid: int) -> pd.Series:
    """Return the code of the street each lamp stands at; missing where none is near."""
    streets, lamps = extract.segments, extract.lamps
    snapped = snap(
        to_metric(lamps["geom"], metric_srid),
        to_metric(streets["geom"], metric_srid),
        TOLERANCE_M,
        point_names=lamps["road_name"],
        line_names=streets["name"],
    )["segment"].to_numpy()
    return streets["external_code"].reindex(snapped).set_axis(lamps.index)


def with_lamp_survey(segments: pd.DataFrame, streets_of_lamps: pd.Series) -> pd.DataFrame:
    """Return the segments with what the map knows about their lamps.

    Mapped lamps are a survey and ``lit=no`` says that there are none. A street with neither was
    not surveyed: most of the world's lamps are on no map.
    """
    unlit = segments["declared_lit"].eq("no").map({True: "no_lamp", False: "not_surveyed"})
    mapped = segments["external_code"].isin(streets_of_lamps.dropna())
    return segments.assign(lamp_survey=unlit.mask(mapped, "surveyed"))
