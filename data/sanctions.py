"""Sanctions on units, in bulk: 责令整改, 罚款, 查封, 停产, 关闭, 曝光, 约谈."""

import pandas as pd
from sqlalchemy.orm import Session

from data.engine import wait_for_loads
from data.errors import ImportRejectedError
from data.loading import LoadCounts, counted, first_of_each
from data.models import Sanction, Unit
from data.references import resolve
from data.upserts import KEY, table_of, upsert


def load_sanctions(session: Session, rows: pd.DataFrame, *, source: str) -> LoadCounts:
    """Write sanctions: `external_code`, `unit_code` and columns of the table; yuan as text.

    Raises
    ------
    ImportRejectedError
        When a code is missing or a unit is not there.
    """
    wait_for_loads(session)
    kept = first_of_each(rows, "external_code")
    units = resolve(session, Unit, kept["unit_code"], source)
    if units.isna().any():
        unknown = kept.loc[units.isna()].iloc[0]
        raise ImportRejectedError(
            f"sanction {unknown['external_code']}: there is no unit {unknown['unit_code']}"
        )
    linked = kept.assign(unit_id=units, source=source)
    return counted(rows, kept, upsert(session, table_of(Sanction), linked, KEY))
