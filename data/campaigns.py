"""Campaigns (集中行动), in bulk: their days, how long they leave for what they find, who leads."""

import pandas as pd
from sqlalchemy.orm import Session

from data.engine import wait_for_loads
from data.models import Campaign
from data.references import party_ids
from data.upserts import Saved, table_of, upsert


def load_campaigns(session: Session, rows: pd.DataFrame) -> Saved:
    """Write campaigns: `lead_party` and columns of the table; a party not known yet is made."""
    wait_for_loads(session)
    linked = rows.assign(lead_party_id=party_ids(session, rows["lead_party"]))
    return upsert(session, table_of(Campaign), linked, ("code",))
