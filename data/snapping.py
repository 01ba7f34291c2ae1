"""Where on which segment lamps and outages lie."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from psycopg import sql
from sqlalchemy import Label, LargeBinary, Select, Table, func, select
from sqlalchemy.orm import Session

from data.cities import metric_srid
from data.copying import ColumnType, copy_frame
from data.history import NOW, keep
from data.models import Lamp, Outage, Segment
from data.queries.reading import read_rows
from data.upserts import run, table_of
from geo.crs import to_metric
from geo.linref import snap

TOLERANCE_M = 30.0

_FORGET_THE_SAME = sql.SQL("""
    DELETE FROM pg_temp.snapped AS s USING {table} AS t
    WHERE t.id = s.id AND (t.segment_id, t.measure_m, t.offset_m, t.side)
        IS NOT DISTINCT FROM (s.segment_id, s.measure_m, s.offset_m, s.side)
""")
_OTHERWISE = sql.SQL("SELECT id FROM pg_temp.snapped")
_MOVE = sql.SQL("""
    UPDATE {table} AS t
    SET segment_id = s.segment_id, measure_m = s.measure_m, offset_m = s.offset_m, side = s.side,
        recorded_at = greatest({now}, t.recorded_at)
    FROM pg_temp.snapped AS s WHERE t.id = s.id
""")
_ALONG = sql.SQL("SELECT id FROM {table} WHERE segment_id IN ({segments})")
_LET_GO = sql.SQL("""
    UPDATE {table} AS t
    SET segment_id = NULL, measure_m = NULL, offset_m = NULL, side = NULL,
        recorded_at = greatest({now}, t.recorded_at)
    WHERE segment_id IN ({segments})
""")
_SNAPPED: dict[str, ColumnType] = {
    "id": "int4",
    "segment_id": "int4",
    "measure_m": "float8",
    "offset_m": "float8",
    "side": "text",
}


def snapped(session: Session, points: pd.DataFrame) -> pd.DataFrame:
    """Return segment_id, measure_m, offset_m and side of `points`, on the same index.

    `points` has `geom` in degrees and may have `road_name`, whose segments go before nearer ones.
    What is farther than `TOLERANCE_M` from every segment, or has no position, stays unsnapped.
    """
    segments = _shapes(session, select(Segment.id, Segment.name, _wkb(Segment.geom)))
    if segments.empty:
        return pd.DataFrame(
            {"segment_id": pd.NA, "measure_m": np.nan, "offset_m": np.nan, "side": None},
            index=points.index,
        )
    srid = metric_srid(session, segments["geom"].to_numpy())
    named = "road_name" in points.columns
    found = snap(
        pd.Series(to_metric(points["geom"], srid), index=points.index),
        to_metric(segments["geom"], srid),
        TOLERANCE_M,
        point_names=points["road_name"].to_numpy(dtype=object) if named else None,
        line_names=segments["name"].to_numpy(dtype=object) if named else None,
    )
    ids = segments["id"].to_numpy()[found["segment"]]
    segment_id = pd.Series(ids, index=points.index, dtype="Int64").mask(found["segment"] < 0)
    return found.assign(segment_id=segment_id)[["segment_id", "measure_m", "offset_m", "side"]]


def resnap(session: Session) -> None:
    """Snap every lamp, and every outage that has no lamp, to the segments there are now.

    Along which segment they lay until now is kept.
    """
    _resnap(session, table_of(Lamp), select(Lamp.id, Lamp.road_name, _wkb(Lamp.geom)))
    alone = select(Outage.id, _wkb(Outage.geom)).where(Outage.lamp_id.is_(None))
    _resnap(session, table_of(Outage), alone)


def let_go(session: Session, segments: sql.Composable) -> None:
    """Unsnap what lies along segments that are about to go, and keep that it lay there.

    `segments` is a query of their ids.
    """
    for table in (table_of(Lamp), table_of(Outage)):
        named: dict[str, sql.Composable] = {
            "table": sql.Identifier(table.name),
            "segments": segments,
            "now": NOW,
        }
        keep(session, table, _ALONG.format(**named), follows=True)
        run(session, _LET_GO.format(**named))


def _resnap(session: Session, table: Table, statement: Select[*tuple[Any, ...]]) -> None:
    points = _shapes(session, statement)
    if points.empty:
        return
    run(session, sql.SQL("DROP TABLE IF EXISTS pg_temp.snapped"))
    columns = "id int, segment_id int, measure_m float8, offset_m float8, side text"
    run(session, sql.SQL(f"CREATE TEMP TABLE snapped ({columns}) ON COMMIT DROP"))
    frame = points[["id"]].join(snapped(session, points))
    copy_frame(session, "snapped", frame, _SNAPPED)
    named = sql.Identifier(table.name)
    run(session, _FORGET_THE_SAME.format(table=named))
    keep(session, table, _OTHERWISE, follows=True)
    run(session, _MOVE.format(table=named, now=NOW))


def _wkb(geometry: Any) -> Label[bytes]:
    return func.ST_AsBinary(geometry, type_=LargeBinary).label("wkb")


def _shapes(session: Session, statement: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """Return the rows of `statement`, whose last column is WKB, with shapely objects in its place.

    They come in the order of their ids, so that ties are always won by the same one.
    """
    rows = read_rows(session, statement.order_by("id"))
    return rows.assign(geom=shapely.from_wkb(rows["wkb"].to_numpy(dtype=object)))
