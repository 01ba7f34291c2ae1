"""The city, its grids and cells, the units in them, and which cell each thing lies in."""

from datetime import date
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Double,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import (
    RISKS,
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

GRID_KINDS = ("administrative", "management", "square", "hexagon")
UNIT_STATUSES = ("active", "closed", "suspended")


class City(Base):
    """The one city of this database."""

    __tablename__ = "city"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default="1")
    code: Mapped[Code]
    name: Mapped[str]
    timezone: Mapped[str]
    metric_srid: Mapped[int | None]
    bounds: Mapped[WKBElement | None] = mapped_column(
        Geometry("POLYGON", srid=4326, spatial_index=False)
    )
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{zh,en}")
    default_as_of: Mapped[date | None]
    simulated: Mapped[bool] = mapped_column(server_default="false")
    attribution: Mapped[str | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())


class Grid(Base):
    """A set of cells that do not overlap."""

    __tablename__ = "grid"
    __table_args__ = (
        one_of("kind", GRID_KINDS),
        CheckConstraint("size_m > 0", name="size_positive"),
        CheckConstraint("valid_to > valid_from", name="valid_interval"),
    )

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    size_m: Mapped[float | None] = mapped_column(Double)
    source: Mapped[Code]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())
    import_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id", ondelete="SET NULL")
    )


class Cell(Base):
    """One polygon of a grid."""

    __tablename__ = "cell"
    __table_args__ = (
        UniqueConstraint("grid_id", "code"),
        on_earth(),
        CheckConstraint("valid_to > valid_from", name="valid_interval"),
    )

    id: Mapped[Id]
    grid_id: Mapped[int] = mapped_column(ForeignKey("grid.id", ondelete="CASCADE"))
    code: Mapped[Code]
    name: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", srid=4326))
    geom_3857: Mapped[WKBElement | None] = mercator("MULTIPOLYGON")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("cell.id", ondelete="SET NULL"), index=True
    )
    officer: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())
    import_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id", ondelete="SET NULL"), index=True
    )


class Unit(Sourced, Located, Base):
    """An inspected premises (单位/场所)."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("source", "external_code"),
        *located(),
        one_of("risk", RISKS),
        one_of("status", UNIT_STATUSES),
        CheckConstraint("closed_on >= registered_on", name="open_interval"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    address: Mapped[str | None]
    credit_code: Mapped[Code | None] = mapped_column(index=True)
    legal_person: Mapped[str | None]
    phone: Mapped[str | None]
    sector: Mapped[str | None]
    risk: Mapped[str | None]
    native_risk: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="active")
    registered_on: Mapped[date | None] = mapped_column(index=True)
    closed_on: Mapped[date | None]


def _present(column: str) -> Any:
    return text(f"{column} IS NOT NULL")


def _by_cell(column: str) -> Index:
    """Return the index by which a cell that is removed finds what names it."""
    return Index(f"ix_placement_{column}", column, postgresql_where=_present(column))


def _once_per_grid(thing: str) -> tuple[Index, Index]:
    present = _present(thing)
    return (
        Index(f"uq_placement_{thing}", thing, "grid_id", unique=True, postgresql_where=present),
        Index(f"ix_placement_cell_{thing}", "cell_id", thing, postgresql_where=present),
    )


class Placement(Base):
    """Which cell of which grid one unit, hazard, lamp or segment lies in.

    `computed_cell_id` follows the rule of the lowest code, `declared_cell_id` is the ledger's word
    (属地), `override_cell_id` a person's, with a reason. `cell_id`, the effective one, is the
    override or else the computed cell; NULL is outside the grid.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(unit_id, hazard_id, lamp_id, segment_id) = 1", name="one_thing"
        ),
        CheckConstraint(
            "override_cell_id IS NULL OR override_reason IS NOT NULL", name="override_reasoned"
        ),
        CheckConstraint("share > 0 AND share <= 1", name="share_range"),
        _by_cell("computed_cell_id"),
        _by_cell("declared_cell_id"),
        _by_cell("override_cell_id"),
        *_once_per_grid("unit_id"),
        *_once_per_grid("hazard_id"),
        *_once_per_grid("lamp_id"),
        *_once_per_grid("segment_id"),
    )

    id: Mapped[Id]
    grid_id: Mapped[int] = mapped_column(ForeignKey("grid.id", ondelete="CASCADE"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    hazard_id: Mapped[int | None] = mapped_column(ForeignKey("hazard.id", ondelete="CASCADE"))
    lamp_id: Mapped[int | None] = mapped_column(ForeignKey("lamp.id", ondelete="CASCADE"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    computed_cell_id: Mapped[int | None] = mapped_column(ForeignKey("cell.id", ondelete="SET NULL"))
    declared_cell_id: Mapped[int | None] = mapped_column(ForeignKey("cell.id", ondelete="SET NULL"))
    override_cell_id: Mapped[int | None] = mapped_column(ForeignKey("cell.id", ondelete="SET NULL"))
    override_reason: Mapped[str | None]
    share: Mapped[float | None] = mapped_column(Double)
    cell_id: Mapped[int | None] = mapped_column(
        Computed("coalesce(override_cell_id, computed_cell_id)", persisted=True)
    )
