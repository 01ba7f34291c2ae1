"""OpenStreetMap extracts: streets between junctions, lamps, premises and complete boundaries."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
import pandas as pd
import shapely

from data.errors import ImportRejectedError
from data.importers.osm_streets import Node, Way, segments_of
from data.importers.osm_tags import PREMISES, address_of, is_street, name_of, sector_of
from data.snapping import TOLERANCE_M
from geo.crs import to_metric
from geo.linref import snap

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
"""What the licence asks every map and page to show."""

KEYS = ("highway", "boundary", *PREMISES)


@dataclass(frozen=True)
class OsmExtract:
    """What a city can start from.

    Attributes
    ----------
    bounds
        West, south, east and north in degrees; ``None`` when the file states none.
    segments, lamps, units
        Frames for `data.loading.load`; `lamp_survey` is left to the caller, because a street
        without a mapped lamp may be dark or just not mapped.
    boundaries
        Administrative areas whose whole ring lies in the extract: level, code, name, geom.
    """

    bounds: tuple[float, float, float, float] | None
    segments: pd.DataFrame
    lamps: pd.DataFrame
    units: pd.DataFrame
    boundaries: pd.DataFrame


@dataclass
class _Found:
    """The rows met so far while the file is read."""

    ways: list[Way] = field(default_factory=list)
    lamps: list[dict[str, Any]] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)
    boundaries: list[dict[str, Any]] = field(default_factory=list)

    def add(self, thing: Any) -> None:
        """Keep what the osmium object is to us, if anything."""
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_node():
            self._add_node(thing, tags)
        elif thing.is_way() and is_street(tags):
            self.ways.append(Way(thing.id, [_node(node) for node in thing.nodes], tags))
        elif thing.is_area():
            self._add_area(thing, tags)

    def _add_node(self, node: Any, tags: dict[str, str]) -> None:
        code, point = f"n{node.id}", shapely.Point(node.lon, node.lat)
        if tags.get("highway") == "street_lamp":
            road = tags.get("addr:street")
            self.lamps.append({"external_code": code, "road_name": road, "geom": point})
        elif (sector := sector_of(tags)) is not None:
            self.units.append(_unit(code, sector, tags, point))

    def _add_area(self, area: Any, tags: dict[str, str]) -> None:
        code = f"{'w' if area.from_way() else 'r'}{area.orig_id()}"
        administrative = tags.get("boundary") == "administrative"
        sector = sector_of(tags)
        if not (administrative or sector):
            return
        shape = shapely.from_wkb(_WKB.create_multipolygon(area))
        if administrative:
            name, level = tags.get("name", code), tags.get("admin_level", "")
            row = {"level": level, "external_code": code, "name": name, "geom": shape}
            self.boundaries.append(row)
        elif sector is not None:
            self.units.append(_unit(code, sector, tags, shapely.point_on_surface(shape)))


_WKB = osmium.geom.WKBFactory()


def _node(node: Any) -> Node | None:
    if not node.location.valid():
        return None
    return Node(node.ref, node.location.lon, node.location.lat)


def _unit(code: str, sector: str, tags: dict[str, str], point: shapely.Point) -> dict[str, Any]:
    return {
        "external_code": code,
        "name": name_of(tags) or f"{sector} {code}",
        "address": address_of(tags),
        "sector": sector,
        "geom": point,
    }


def read_osm(path: Path) -> OsmExtract:
    """Read streets, lamps, premises and complete boundaries of an ``.osm.pbf`` extract.

    Raises
    ------
    ImportRejectedError
        When the file is not there, is no OpenStreetMap file, or is cut off.
    """
    found = _Found()
    try:
        with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
            box = reader.header().box()
        things = osmium.FileProcessor(str(path)).with_areas()
        for thing in things.with_filter(osmium.filter.KeyFilter(*KEYS)):
            found.add(thing)
    except (RuntimeError, ValueError) as error:
        raise ImportRejectedError(
            f"{path.name}: cannot be read as OpenStreetMap: {error}"
        ) from error
    return OsmExtract(
        bounds=_bounds(box),
        segments=segments_of(found.ways),
        lamps=_frame(found.lamps, ["external_code", "road_name", "geom"]),
        units=_frame(found.units, ["external_code", "name", "address", "sector", "geom"]),
        boundaries=_frame(found.boundaries, ["level", "external_code", "name", "geom"]),
    )


def streets_of_lamps(extract: OsmExtract, metric_srid: int) -> pd.Series:
    """Return the code of the street each lamp stands at; missing where none is near."""
    streets, lamps = extract.segments, extract.lamps
    snapped = snap(
        to_metric(lamps["geom"], metric_srid),
        to_metric(streets["geom"], metric_srid),
        TOLERANCE_M,
        point_names=lamps["road_name"],
        line_names=streets["name"],
    )["segment"].to_numpy()
    return streets["external_code"].reindex(snapped).set_axis(lamps.index)


def with_lamp_survey(segments: pd.DataFrame, streets_of_lamps: pd.Series) -> pd.DataFrame:
    """Return the segments with what the map knows about their lamps.

    Mapped lamps are a survey and ``lit=no`` says that there are none. A street with neither was
    not surveyed: most of the world's lamps are on no map.
    """
    unlit = segments["declared_lit"].eq("no").map({True: "no_lamp", False: "not_surveyed"})
    mapped = segments["external_code"].isin(streets_of_lamps.dropna())
    return segments.assign(lamp_survey=unlit.mask(mapped, "surveyed"))


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns).sort_values(columns[:2], ignore_index=True)


def _bounds(box: Any) -> tuple[float, float, float, float] | None:
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return low.lon, low.lat, high.lon, high.lat
