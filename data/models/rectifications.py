"""Work items on hazards and segments, and what belongs to them."""

from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import LEVELS, Base, Code, Id, Moment, Sourced, one_of
from data.models.ledgers import ORIGINS

STATES = (
    "found",
    "registered",
    "handed_over",
    "claimed",
    "fixing",
    "reported_fixed",
    "rechecked",
    "self_assessed",
    "accepted",
    "closed",
    "fixed_on_site",
    "returned",
    "recheck_failed",
    "transferred",
    "exempt",
    "reopened",
)
CAUSES = (
    "never_handed_over",
    "under_construction",
    "no_power",
    "cable_cut",
    "aged_line",
    "trees",
    "no_lamp",
    "other",
)
ESCALATIONS = ("bulletin", "interview", "supervision")
"""Each above the one before: 通报, 约谈, 跟踪督办."""

SANCTIONS = ("order", "fine", "seal", "suspension", "closure", "exposure", "interview")
STOPPING = ("seal", "suspension")
"""Sanctions that end when work is resumed: 查封, 停产停业. A closure (关闭) is for good."""


class Party(Base):
    """A body that leads or helps: a district, a department, an enterprise."""

    __tablename__ = "party"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    axis: Mapped[str | None]


class Campaign(Base):
    """A drive with its own dates; campaigns may overlap.

    `deadline_days` is how long it leaves for what it finds, where it says so.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("ended_on >= started_on", name="interval"),
        CheckConstraint("deadline_days >= 0", name="deadline_not_negative"),
    )

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    deadline_days: Mapped[int | None]
    lead_party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))


class DeadlineRule(Base):
    """How many days there are to fix something, for its level and kind; only ever added.

    Of the rules for one `about`, `level` and `kind` the last counts; one without `days` takes those
    before it back. `kind` is the category of a hazard, or the cause of a dark segment. What is NULL
    holds for all.
    """

    __tablename__ = "deadline_rule"
    __table_args__ = (
        one_of("about", ("hazard", "segment")),
        one_of("level", LEVELS),
        CheckConstraint("level IS NULL OR about = 'hazard'", name="level_of_hazards"),
        CheckConstraint("days BETWEEN 0 AND 3660", name="days_range"),
        CheckConstraint("said_by <> ''", name="said_by_named"),
    )

    id: Mapped[Id]
    about: Mapped[str]
    level: Mapped[str | None]
    kind: Mapped[str | None]
    days: Mapped[int | None]
    said_by: Mapped[str]
    recorded_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())


class Rectification(Sourced, Base):
    """The work item on one hazard or one segment (整改).

    `version` counts the writes of the row, whoever makes them; a trigger moves it. `state_at` is
    since when it is in its state (NULL: since it was found), `n_reopened` how often it was closed
    in vain. `origin` is who found it, where the hazard does not say.
    """

    __tablename__ = "rectification"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        CheckConstraint("num_nonnulls(hazard_id, segment_id) = 1", name="one_thing"),
        one_of("state", STATES),
        one_of("cause", CAUSES),
        one_of("origin", ORIGINS),
        one_of("escalation", ESCALATIONS),
        CheckConstraint("closed_at >= found_at", name="interval"),
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed_dated"),
    )

    id: Mapped[Id]
    hazard_id: Mapped[int | None] = mapped_column(
        ForeignKey("hazard.id", ondelete="CASCADE"), index=True
    )
    segment_id: Mapped[int | None] = mapped_column(
        ForeignKey("segment.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(server_default="found")
    found_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]
    due_on: Mapped[date | None]
    lead_party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    helping_party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    person: Mapped[str | None]
    measure: Mapped[str | None]
    money_yuan: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    contingency: Mapped[str | None]
    handover_batch: Mapped[Code | None]
    cause: Mapped[str | None]
    exempt_confirmed_by_city: Mapped[str | None]
    exempt_confirmed_by_builder: Mapped[str | None]
    exempt_reason: Mapped[str | None]
    origin: Mapped[str | None]
    escalation: Mapped[str | None]
    reported_fixed_by: Mapped[str | None]
    rechecked_by: Mapped[str | None]
    recheck_verified: Mapped[bool | None]
    state_at: Mapped[Moment | None]
    n_reopened: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="0")


class RectificationCampaign(Base):
    """An item may belong to several campaigns."""

    __tablename__ = "rectification_campaign"

    rectification_id: Mapped[int] = mapped_column(
        ForeignKey("rectification.id", ondelete="CASCADE"), primary_key=True
    )
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
    )


class Evidence(Base):
    """A file that shows what was done, named by its hash; only ever added.

    `round` is how often the item had been reopened by then: what was shown before does not count.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="sha256_whole"),
        CheckConstraint("file_name <> '' AND note <> ''", name="told"),
        Index("ix_evidence_rectification_id_round", "rectification_id", "round"),
    )

    id: Mapped[Id]
    rectification_id: Mapped[int] = mapped_column(
        ForeignKey("rectification.id", ondelete="CASCADE")
    )
    round: Mapped[int]
    action: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[Moment] = mapped_column(server_default=func.now())
    recorded_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())


class Extension(Base):
    """A deadline moved; the old one is kept."""

    __tablename__ = "extension"

    id: Mapped[Id]
    rectification_id: Mapped[int] = mapped_column(
        ForeignKey("rectification.id", ondelete="CASCADE"), index=True
    )
    old_due_on: Mapped[date]
    new_due_on: Mapped[date]
    reason: Mapped[str]
    granted_at: Mapped[Moment]
    recorded_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())


class Supervision(Base):
    """Listed supervision (挂牌督办), with its own removal (摘牌), and when each was recorded."""

    __tablename__ = "supervision"

    id: Mapped[Id]
    rectification_id: Mapped[int] = mapped_column(
        ForeignKey("rectification.id", ondelete="CASCADE"), index=True
    )
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    leader: Mapped[str | None]
    listed_on: Mapped[date]
    due_on: Mapped[date | None]
    removed_on: Mapped[date | None]
    recorded_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())
    removal_recorded_at: Mapped[Moment | None]


class Sanction(Sourced, Base):
    """What a unit was ordered or fined: number, decimal yuan, dates, resumption."""

    __tablename__ = "sanction"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        one_of("kind", SANCTIONS),
        CheckConstraint("fine_yuan >= 0", name="fine_not_negative"),
        CheckConstraint("resumed_on >= issued_on", name="resumed_later"),
        Index("ix_sanction_unit_id_issued_on", "unit_id", "issued_on"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    rectification_id: Mapped[int | None] = mapped_column(
        ForeignKey("rectification.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[str]
    document_number: Mapped[str | None]
    fine_yuan: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    issued_on: Mapped[date]
    resumed_on: Mapped[date | None]
