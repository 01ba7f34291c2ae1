"""The two campaigns of 2019: that of safety, and that of the streetlights inside it."""

import pandas as pd

from data.samples.zhengzhou import names
from data.samples.zhengzhou.plan import (
    CALENDAR,
    CAMPAIGN_BEGINS,
    FIRST_PHASE_ENDS,
    LAST_DAY,
)

HAZARD_DAYS, STREET_DAYS = 15, 60
"""How long each leaves for what it finds (assumed)."""


def campaigns() -> pd.DataFrame:
    """Return both; the last day of the figures that were reported counts as the end of the first.

    The reports tell when the lights had to burn; how many days a hazard had they do not.
    """
    return pd.DataFrame(
        {
            "code": ["safety", "streetlights"],
            "name": [names.CAMPAIGN, names.LIGHTING_CAMPAIGN],
            "started_on": [CAMPAIGN_BEGINS, CALENDAR.first],
            "ended_on": [LAST_DAY, FIRST_PHASE_ENDS],
            "deadline_days": [HAZARD_DAYS, STREET_DAYS],
            "lead_party": [names.CAMPAIGN_OFFICE, names.LIGHTING_LEADER],
        }
    )
