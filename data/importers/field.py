"""What a column of a ledger is, and the columns that many kinds of ledgers have."""

from dataclasses import dataclass

from data.importers import fields
from data.importers.fields import Rule
from data.importers.vocabulary import terms


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


def code(aliases: str) -> Field:
    """Return the column of a row's own code; `aliases` are what this kind of ledger calls it."""
    return Field("code", fields.code, terms(f"编号、编码、代码、{aliases}"), required=True)


DATUM = Field(
    "datum",
    fields.text,
    terms("坐标系、坐标系统、坐标类型、坐标来源、坐标基准、坐标参考系、crs"),
)
GEOMETRY = Field(
    "geometry",
    fields.text,
    terms(
        "wkt、几何、geom、空间坐标、几何(wkt)、空间坐标(wkt)、坐标(wkt)、范围(wkt)、"
        "网格范围(wkt)、边界(wkt)、网格边界(wkt)、中心线(wkt)、线形(wkt)"
    ),
)
POSITION = (
    Field("lon", fields.text, terms("longitude、lng、x、经度、东经、x坐标、坐标x")),
    Field("lat", fields.text, terms("latitude、y、纬度、北纬、y坐标、坐标y")),
    Field(
        "coordinates",
        fields.text,
        terms("经纬度、经纬度坐标、坐标、地理坐标、坐标位置、坐标值、lon lat、lng lat、xy"),
    ),
    DATUM,
    GEOMETRY,
)


def _declared(name: str, aliases: str) -> Field:
    """Return a column of words for the cell a thing belongs to."""
    return Field(name, fields.text, terms(aliases), stored=False)


DECLARED = (
    _declared(
        "declared_district",
        "所属区县、所在区县、区县、所属区、所在区、所属辖区、行政区、district",
    ),
    _declared(
        "declared_street",
        "属地街道、所属街道、所在街道、街道、所属乡镇、乡镇、所属镇街、镇街、街道(乡镇)、"
        "乡镇街道、街道办事处、所属街道办、所属办事处",
    ),
    _declared("declared_community", "所属社区、所在社区、社区、社区(村)、村(社区)、所属村居"),
    _declared(
        "declared_cell",
        "属地、所属网格、所在网格、网格、网格编号、网格编码、网格名称、属地网格、"
        "所属网格编号、责任网格、属地单位",
    ),
)
"""Columns that declare where things belong (属地), the coarsest first."""
