"""Act out what is done to the work items of a simulated city."""

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Rectification
from data.references import resolve
from data.samples.city import PlannedDeed
from data.workflow.replaying import Deed, replay

ACTOR = "simulated"


def play(session: Session, script: Sequence[PlannedDeed]) -> int:
    """Do to each item what the script says, unless anything was done to it; return how much.

    A script that was played is not played again.
    """
    if not script:
        return 0
    codes = pd.Series([deed.item for deed in script])
    items = resolve(session, Rectification, codes, ACTOR)
    untouched = set(session.scalars(select(Rectification.id).where(Rectification.version == 0)))
    deeds = [
        Deed(int(item), planned.action, planned.brought)
        for item, planned in zip(items, script, strict=True)
        if item in untouched
    ]
    return replay(session, deeds, ACTOR)
