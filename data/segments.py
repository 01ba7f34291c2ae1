"""Road segments: one for each line of a ledger row, whatever parts the row came in."""

import numpy as np
import pandas as pd
import shapely
from psycopg import sql
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from data.cities import metric_srid
from data.errors import ImportRejectedError
from data.history import keep
from data.models import Rectification, Segment
from data.queries.reading import read_rows
from data.snapping import let_go, resnap
from data.upserts import KEY, Saved, batch_of, table_of, upsert
from geo.crs import to_metric

# A row that had other parts before: work on a part that is gone goes on to the first one left.
_HAND_ON_WORK = text("""
    UPDATE rectification AS r
    SET segment_id = first.id, recorded_at = greatest(guatu_now(), r.recorded_at)
    FROM segment AS gone
    CROSS JOIN LATERAL (
        SELECT id FROM segment JOIN pg_temp.staged USING (source, external_code)
        WHERE segment.source = gone.source AND segment.ledger_code = gone.ledger_code
        ORDER BY external_code LIMIT 1
    ) AS first
    WHERE r.segment_id = gone.id AND NOT EXISTS (
        SELECT FROM pg_temp.staged AS s
        WHERE (s.source, s.external_code) = (gone.source, gone.external_code))
""")
_HANDED_ON = sql.SQL("""
    SELECT r.id FROM rectification AS r JOIN segment AS gone ON gone.id = r.segment_id
    WHERE gone.id IN ({stale})
""")
_STALE = sql.SQL("""
    SELECT gone.id FROM segment AS gone
    JOIN (SELECT DISTINCT source, ledger_code FROM pg_temp.staged) AS loaded
        USING (source, ledger_code)
    WHERE NOT EXISTS (
        SELECT FROM pg_temp.staged AS s
        WHERE (s.source, s.external_code) = (gone.source, gone.external_code))
""")
# Without it the planner takes the rows for 200, and looks the parts of each up by itself.
_COUNT_LEDGER_ROWS = text("ANALYZE pg_temp.staged (ledger_code)")
_DROP_STALE_PARTS = text("""
    WITH stale AS (
        DELETE FROM segment AS gone USING (SELECT DISTINCT source, ledger_code FROM pg_temp.staged)
            AS loaded
        WHERE (gone.source, gone.ledger_code) = (loaded.source, loaded.ledger_code)
            AND (gone.source, gone.external_code)
                NOT IN (SELECT source, external_code FROM pg_temp.staged)
        RETURNING gone.ledger_code
    )
    SELECT count(*) FROM (
        SELECT ledger_code FROM segment JOIN pg_temp.written USING (id)
        UNION SELECT ledger_code FROM stale) AS touched
""")


def save_segments(session: Session, rows: pd.DataFrame) -> Saved:
    """Write one segment for each line; count the rows of the ledger, not their parts."""
    lines = _lines(session, rows)
    _refuse_taken_codes(session, lines)
    known = select(func.count(func.distinct(Segment.ledger_code))).where(
        Segment.source == func.any(lines["source"].unique().tolist()),
        Segment.ledger_code == func.any(rows["external_code"].tolist()),
    )
    n_known = session.scalar(known) or 0
    upsert(session, table_of(Segment), lines, KEY)
    session.execute(_COUNT_LEDGER_ROWS)
    _keep_stale_parts(session, batch_of(rows))
    session.execute(_HAND_ON_WORK)
    let_go(session, _STALE)
    n_touched = session.scalar(_DROP_STALE_PARTS) or 0
    new = len(rows) - n_known
    if n_touched:
        resnap(session)
    return Saved(new=new, changed=n_touched - new)


def _keep_stale_parts(session: Session, batch_id: int | None) -> None:
    """Write down the parts that go, and the work on them."""
    handed_on = _HANDED_ON.format(stale=_STALE)
    keep(session, table_of(Rectification), handed_on, replaced_by=batch_id)
    keep(session, table_of(Segment), _STALE, replaced_by=batch_id)


def _lines(session: Session, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each line: parts that meet are merged, others get suffixed codes."""
    merged = shapely.line_merge(shapely.force_2d(rows["geom"].to_numpy(dtype=object)))
    parts, row = shapely.get_parts(merged, return_index=True)
    lines = rows.iloc[row].reset_index(drop=True)
    lines = lines.assign(geom=parts, ledger_code=lines["external_code"])
    number = lines.groupby(row).cumcount() + 1
    split = pd.Series(np.bincount(row, minlength=len(rows))[row] > 1)
    suffixed = lines["ledger_code"] + "-" + number.astype(str)
    lines["external_code"] = lines["ledger_code"].mask(split, suffixed)
    _refuse_bad_lines(rows, lines)
    if lines.empty:
        return lines.assign(length_m=0.0)
    lengths = shapely.length(to_metric(parts, metric_srid(session, parts)))
    return lines.assign(length_m=lengths)


def _refuse_taken_codes(session: Session, lines: pd.DataFrame) -> None:
    """Refuse a code that a part of another stored row has: it would take that part away."""
    stored = select(Segment.source, Segment.external_code, Segment.ledger_code).where(
        Segment.external_code == func.any(lines["external_code"].tolist())
    )
    known = read_rows(session, stored).rename(columns={"ledger_code": "known_as"})
    both = lines[["source", "external_code", "ledger_code"]].merge(known)
    staying = ~both["known_as"].isin(lines["ledger_code"])
    taken = both[(both["known_as"] != both["ledger_code"]) & staying]
    if len(taken):
        first = taken.iloc[0]
        raise ImportRejectedError(
            f"segment {first['ledger_code']}: {first['external_code']} is the code of a part of"
            f" segment {first['known_as']}"
        )


def _refuse_bad_lines(rows: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Refuse rows without a line that has a length, and parts named like another row."""
    long = lines.loc[shapely.length(lines["geom"].to_numpy(dtype=object)) > 0, "ledger_code"]
    lost = rows.loc[~rows["external_code"].isin(long), "external_code"]
    if len(lost):
        raise ImportRejectedError(f"segment {lost.iloc[0]}: its line is missing or has no length")
    named_alike = lines.loc[lines["external_code"].duplicated(), "external_code"]
    if len(named_alike):
        raise ImportRejectedError(
            f"segment {named_alike.iloc[0]}: a part of another segment would get the same code"
        )
