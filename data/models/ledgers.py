"""Inspections and hazards."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import LEVELS, Base, Code, Id, Located, Moment, Sourced, located, one_of

ORIGINS = ("enterprise", "expert", "government", "resident")


class Inspection(Sourced, Base):
    """One visit to a unit (家次)."""

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        one_of("origin", ORIGINS),
        CheckConstraint("team_size >= 1", name="team_size_positive"),
        Index("ix_inspection_unit_id_inspected_at", "unit_id", "inspected_at"),
        # The rows of a batch lie together, and there are too many for an entry each.
        Index(
            "ix_inspection_import_batch_id",
            "import_batch_id",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
    )

    id: Mapped[Id]
    import_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id", ondelete="SET NULL")
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    inspected_at: Mapped[Moment] = mapped_column(index=True)
    has_time: Mapped[bool] = mapped_column(server_default="false")
    team: Mapped[str | None]
    team_size: Mapped[int | None]
    manner: Mapped[str | None]
    origin: Mapped[str | None]
    countersigned: Mapped[bool | None]
    result: Mapped[str | None]


class Hazard(Sourced, Located, Base):
    """Something found that can hurt (隐患): true from `found_at` until `closed_at`.

    Where the source gives no closing dates, `closing_known` is false and "open" is unknown.
    """

    __tablename__ = "hazard"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        *located(),
        one_of("level", LEVELS),
        one_of("origin", ORIGINS),
        CheckConstraint("closed_at >= found_at", name="open_interval"),
        CheckConstraint("closing_known OR closed_at IS NULL", name="closing_known"),
        CheckConstraint("count >= 1", name="count_positive"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id", ondelete="SET NULL"), index=True
    )
    inspection_id: Mapped[int | None] = mapped_column(
        ForeignKey("inspection.id", ondelete="SET NULL"), index=True
    )
    level: Mapped[str | None]
    native_level: Mapped[str | None]
    category: Mapped[str | None]
    place: Mapped[str | None]
    description: Mapped[str | None]
    legal_basis: Mapped[str | None]
    origin: Mapped[str | None]
    found_at: Mapped[Moment] = mapped_column(index=True)
    has_time: Mapped[bool] = mapped_column(server_default="false")
    closed_at: Mapped[Moment | None]
    closing_known: Mapped[bool] = mapped_column(server_default="true")
    count: Mapped[int] = mapped_column(Integer, server_default="1")
    counting_word: Mapped[Code | None]
