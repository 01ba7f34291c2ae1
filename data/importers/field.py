"""What a column of a ledger is, and the columns that many kinds of ledgers have."""

from dataclasses import dataclass

from data.importers import fields
from data.importers.fields import Rule


@dataclass(frozen=True)
class Field:
    """A column of a ledger: ours, how to read it, and its other headings.

    Attributes
    ----------
    stored
        Whether the store has the column; else its text stays among the properties of the row, and
        helps to say which row it is.
    """

    name: str
    rule: Rule
    aliases: tuple[str, ...] = ()
    required: bool = False
    stored: bool = True


def code(*aliases: str) -> Field:
    """Return the column of a row's own code; `aliases` are what this kind of ledger calls it."""
    return Field("code", fields.code, ("编号", "编码", "代码", *aliases), required=True)


GEOMETRY = Field("geometry", fields.text, ("wkt", "几何", "geom", "空间坐标"))
POSITION = (
    Field("lon", fields.number(), ("longitude", "lng", "x", "经度", "东经", "x坐标", "坐标x")),
    Field("lat", fields.number(), ("latitude", "y", "纬度", "北纬", "y坐标", "坐标y")),
    GEOMETRY,
)
