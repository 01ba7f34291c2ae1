"""The tables, by subject. Importing this package registers every one of them."""

from data.models.base import LEVELS, RISKS, Base
from data.models.ledgers import Hazard, Inspection
from data.models.places import Cell, City, Grid, Placement, Unit
from data.models.records import (
    SUBJECTS,
    Account,
    AreaGrant,
    Event,
    ImportBatch,
    ImportRow,
    Publication,
    Revision,
    RowHistory,
    SavedMapping,
    Submission,
    UnitChange,
    Upload,
)
from data.models.rectifications import (
    Campaign,
    Evidence,
    Extension,
    Party,
    Rectification,
    RectificationCampaign,
    Sanction,
    Supervision,
)
from data.models.streetlights import Lamp, Outage, PowerBox, Segment

__all__ = [
    "LEVELS",
    "RISKS",
    "SUBJECTS",
    "Account",
    "AreaGrant",
    "Base",
    "Campaign",
    "Cell",
    "City",
    "Event",
    "Evidence",
    "Extension",
    "Grid",
    "Hazard",
    "ImportBatch",
    "ImportRow",
    "Inspection",
    "Lamp",
    "Outage",
    "Party",
    "Placement",
    "PowerBox",
    "Publication",
    "Rectification",
    "RectificationCampaign",
    "Revision",
    "RowHistory",
    "Sanction",
    "SavedMapping",
    "Segment",
    "Submission",
    "Supervision",
    "Unit",
    "UnitChange",
    "Upload",
]
