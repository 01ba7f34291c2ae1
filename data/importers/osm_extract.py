"""What an OpenStreetMap extract holds: streets, lamps, premises and complete boundaries."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
import pandas as pd
import shapely

from data.errors import ImportRejectedError
from data.importers.osm_streets import Node, Way, segments_of
from data.importers.osm_tags import PREMISES, address_of, is_street, level_of, name_of, sector_of

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
        Administrative areas whose whole ring lies in the extract: level, external_code, name, geom.
    n_boundaries_cut
        How many others reach out of it.
    """

    bounds: tuple[float, float, float, float] | None
    segments: pd.DataFrame
    lamps: pd.DataFrame
    units: pd.DataFrame
    boundaries: pd.DataFrame
    n_boundaries_cut: int


@dataclass
class _Found:
    """The rows met so far while the file is read."""

    ways: list[Way] = field(default_factory=list)
    lamps: list[dict[str, Any]] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)
    boundaries: list[dict[str, Any]] = field(default_factory=list)
    n_boundary_relations: int = 0

    def add(self, thing: Any) -> None:
        """Keep what the osmium object is to us, if anything."""
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_node() and thing.location.valid():
            self._add_node(thing, tags)
        elif thing.is_way() and is_street(tags):
            self.ways.append(Way(thing.id, [_node(node) for node in thing.nodes], tags))
        elif thing.is_area():
            self._add_area(thing, tags)
        elif thing.is_relation():
            self.n_boundary_relations += level_of(tags) is not None

    def _add_node(self, node: Any, tags: dict[str, str]) -> None:
        code, point = f"n{node.id}", shapely.Point(node.lon, node.lat)
        if tags.get("highway") == "street_lamp":
            road = tags.get("addr:street")
            self.lamps.append({"external_code": code, "road_name": road, "geom": point})
        elif (sector := sector_of(tags)) is not None:
            self.units.append(_unit(code, sector, tags, point))

    def _add_area(self, area: Any, tags: dict[str, str]) -> None:
        code = f"{'w' if area.from_way() else 'r'}{area.orig_id()}"
        level, sector = level_of(tags), sector_of(tags)
        if level is None and sector is None:
            return
        shape = shapely.from_wkb(_WKB.create_multipolygon(area))
        if level is not None:
            name = tags.get("name", code)
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
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise ImportRejectedError(
            f"{path.name}: cannot be read as OpenStreetMap: {error}"
        ) from error
    return OsmExtract(
        bounds=_bounds(box),
        segments=segments_of(found.ways),
        lamps=_frame(found.lamps, ["external_code", "road_name", "geom"]),
        units=_frame(found.units, ["external_code", "name", "address", "sector", "geom"]),
        boundaries=_frame(found.boundaries, ["level", "external_code", "name", "geom"]),
        n_boundaries_cut=found.n_boundary_relations
        - sum(row["external_code"].startswith("r") for row in found.boundaries),
    )


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns).sort_values(columns[:2], ignore_index=True)


def _bounds(box: Any) -> tuple[float, float, float, float] | None:
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return low.lon, low.lat, high.lon, high.lat
