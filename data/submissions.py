"""Reports that parties sent in for a period, in bulk: 已报, 零报告; who sent none is not there."""

import pandas as pd
from sqlalchemy.orm import Session

from data.engine import wait_for_loads
from data.models import Submission
from data.references import party_ids
from data.upserts import Saved, table_of, upsert

KEY = ("party_id", "subject", "period_start")


def load_submissions(session: Session, rows: pd.DataFrame) -> Saved:
    """Write reports: `party` and columns of the table; a party not known yet is made."""
    wait_for_loads(session)
    linked = rows.assign(party_id=party_ids(session, rows["party"]))
    return upsert(session, table_of(Submission), linked, KEY)
