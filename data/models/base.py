"""What the tables share: naming of constraints, types and the columns of every ledger row."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, Computed, DateTime, Double, ForeignKey, MetaData, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LEVELS = ("general", "larger", "major")
"""Levels of a hazard: 一般, 较大, 重大."""

RISKS = ("low", "general", "larger", "major")
"""Risk levels of a unit: 低, 一般, 较大, 重大 (blue, yellow, orange, red)."""

LOCATORS = ("name", "person")
"""Who gave a position that the ledger has none of: what it names, or a person on the map."""

Code = Annotated[str, mapped_column(Text(collation="C"))]
"""A code: text compared in byte order."""

Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Id = Annotated[int, mapped_column(primary_key=True)]
Float = Annotated[float, mapped_column(Double)]


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """Return a constraint that allows only `words` (or NULL) in `column`."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def point() -> Any:
    """Return a nullable point column with a GiST index."""
    return mapped_column(Geometry("POINT", srid=4326, spatial_index=True), nullable=True)


def mercator(kind: str) -> Any:
    """Return the column of `geom` as tiles need it; NULL where the map of the world has an end."""
    return mapped_column(
        Geometry(kind, srid=3857, spatial_index=False),
        Computed(
            "CASE WHEN ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180"
            " AND ST_YMin(geom) >= -85.06 AND ST_YMax(geom) <= 85.06"
            " THEN ST_Transform(geom, 3857) END",
            persisted=True,
        ),
        nullable=True,
        deferred=True,
    )


def located() -> tuple[CheckConstraint, CheckConstraint]:
    """Return the constraints of every table of `Located`."""
    return on_earth(), one_of("located_by", LOCATORS)


def on_earth(column: str = "geom") -> CheckConstraint:
    """Return a constraint that keeps NaN, infinity and impossible degrees out of `column`."""
    return CheckConstraint(
        f"ST_IsEmpty({column}) IS NOT TRUE"
        f" AND ST_XMin({column}) >= -180 AND ST_XMax({column}) <= 180"
        f" AND ST_YMin({column}) >= -90 AND ST_YMax({column}) <= 90",
        name=f"{column}_on_earth",
    )


class Base(DeclarativeBase):
    """The metadata all tables belong to."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
    }


class Sourced:
    """Columns of every row that came from outside: who called it what, and when it was read."""

    source: Mapped[Code]
    external_code: Mapped[Code]
    properties: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    recorded_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())
    import_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id", ondelete="SET NULL"), index=True
    )


class Located:
    """A point, the datum it came in and the coordinates as they were given.

    `located_by` says where the point is from when it is not from the ledger's coordinates.
    """

    geom: Mapped[WKBElement | None] = point()
    geom_3857: Mapped[WKBElement | None] = mercator("POINT")
    datum: Mapped[str] = mapped_column(server_default="wgs84")
    original_x: Mapped[float | None] = mapped_column(Double)
    original_y: Mapped[float | None] = mapped_column(Double)
    located_by: Mapped[str | None]
