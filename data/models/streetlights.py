"""Road segments, lamps, the boxes that feed them, and outages."""

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import (
    Base,
    Code,
    Id,
    Located,
    Moment,
    Sourced,
    located,
    mercator,
    on_earth,
    one_of,
)

LAMP_SURVEYS = ("surveyed", "no_lamp", "not_surveyed")
LAMP_STATUSES = ("in_service", "not_handed_over", "removed")
SIDES = ("left", "right")
STANDINGS = ("unbuilt", "never_handed_over", "handed_over", "accepted")
"""How far a street has come into the care of the city: 建成, 移交, 验收."""


class Snapped:
    """Where on which segment a point lies: metres along it, metres away from it, which side."""

    measure_m: Mapped[float | None] = mapped_column(Double)
    offset_m: Mapped[float | None] = mapped_column(Double)
    side: Mapped[str | None]


class Segment(Sourced, Base):
    """A street centreline between junctions (路段).

    A ledger row whose line has parts that do not meet becomes several segments: `external_code`
    carries a suffix, `ledger_code` the code of the row.
    """

    __tablename__ = "segment"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        on_earth(),
        one_of("lamp_survey", LAMP_SURVEYS),
        CheckConstraint("length_m > 0", name="length_positive"),
    )

    id: Mapped[Id]
    ledger_code: Mapped[Code] = mapped_column(index=True)
    name: Mapped[str | None]
    road_class: Mapped[str | None]
    from_name: Mapped[str | None]
    to_name: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", srid=4326))
    geom_3857: Mapped[WKBElement | None] = mercator("LINESTRING")
    length_m: Mapped[float] = mapped_column(Double)
    lamp_survey: Mapped[str] = mapped_column(server_default="surveyed")
    declared_lit: Mapped[str | None]


class Handover(Sourced, Base):
    """One row of the hand-over register: when a segment was built, handed over and accepted.

    A day that is blank has not come, `built_on` may also not be known; a day to come is planned.
    That a segment was not handed over is shown by a file, told by its SHA-256, and a note.
    """

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        CheckConstraint("handed_over_on >= built_on", name="built_first"),
        CheckConstraint(
            "accepted_on IS NULL OR (handed_over_on IS NOT NULL AND accepted_on >= handed_over_on)",
            name="handed_over_first",
        ),
        CheckConstraint("evidence_sha256 ~ '^[0-9a-f]{64}$'", name="sha256_whole"),
        CheckConstraint(
            "num_nonnulls(evidence_file, evidence_sha256, evidence_note) IN (0, 3)",
            name="evidence_whole",
        ),
        CheckConstraint("num_nonnulls(handed_over_on, evidence_file) > 0", name="shown"),
    )

    id: Mapped[Id]
    segment_id: Mapped[int] = mapped_column(
        ForeignKey("segment.id", ondelete="CASCADE"), index=True
    )
    built_on: Mapped[date | None]
    handed_over_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    handed_by: Mapped[str | None]
    received_by: Mapped[str | None]
    evidence_file: Mapped[str | None]
    evidence_sha256: Mapped[str | None]
    evidence_note: Mapped[str | None]


class PowerBox(Sourced, Located, Base):
    """A box transformer or cabinet that feeds lamps (箱变)."""

    __tablename__ = "power_box"
    __table_args__ = (UniqueConstraint("source", "external_code"), *located())

    id: Mapped[Id]
    name: Mapped[str | None]


class Lamp(Sourced, Located, Snapped, Base):
    """One luminaire with a position (盏)."""

    __tablename__ = "lamp"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        *located(),
        one_of("status", LAMP_STATUSES),
        one_of("side", SIDES),
        CheckConstraint("offset_m >= 0 AND measure_m >= 0", name="snapped_range"),
    )

    id: Mapped[Id]
    road_name: Mapped[str | None]
    segment_id: Mapped[int | None] = mapped_column(
        ForeignKey("segment.id", ondelete="SET NULL"), index=True
    )
    power_box_id: Mapped[int | None] = mapped_column(
        ForeignKey("power_box.id", ondelete="SET NULL"), index=True
    )
    circuit: Mapped[Code | None]
    owner: Mapped[str | None]
    handed_over_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(server_default="in_service")


class Outage(Sourced, Located, Snapped, Base):
    """One lamp out, from `started_at` to `ended_at` (open: not relit yet).

    Where only complaints exist and no lamp inventory, `lamp_id` is NULL and the outage has its own
    point, snapped to a segment.
    """

    __tablename__ = "outage"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        *located(),
        one_of("side", SIDES),
        CheckConstraint("ended_at >= started_at", name="out_interval"),
        CheckConstraint("offset_m >= 0 AND measure_m >= 0", name="snapped_range"),
        Index("ix_outage_lamp_id_started_at", "lamp_id", "started_at"),
    )

    id: Mapped[Id]
    lamp_id: Mapped[int | None] = mapped_column(ForeignKey("lamp.id", ondelete="CASCADE"))
    segment_id: Mapped[int | None] = mapped_column(
        ForeignKey("segment.id", ondelete="SET NULL"), index=True
    )
    category: Mapped[str | None]
    place: Mapped[str | None]
    started_at: Mapped[Moment] = mapped_column(index=True)
    ended_at: Mapped[Moment | None]
    cause: Mapped[str | None]
