"""A schematic network of streets: at every second junction a box feeds the streets that meet there.

So each street has one box, and each box darkens the three or four streets around it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.samples.zhengzhou import names
from data.samples.zhengzhou.districts import Districts
from data.samples.zhengzhou.plan import SRID, codes, since_the_first_day
from geo import crs

CENTER = (113.668, 34.757)
PITCH_M = 600.0
N_EAST, N_NORTH = 43, 26
JITTER_M = 80.0
AROUND = ((-1, 0), (1, 0), (0, 1), (0, -1))
SHARE_OF_THREE = 0.2
BESIDE_THE_BOX_M = 12.0
COUNTRY_ROAD_M = 1500.0

NAMED_AT = {
    "jindai": (113.705, 34.715),
    "smart": (113.690, 34.735),
    "wenbo": (113.680, 34.790),
    "jiangshan": (113.625, 34.825),
    "hanghai": (113.645, 34.715),
}
THREE_ROADS = ("jindai", "wenbo")


@dataclass(frozen=True, eq=False)
class Streets:
    """The network.

    Attributes
    ----------
    boxes
        `box_code`, `district`, `group` (a key of `names.ROADS`, or None), `n_segments`, `geom`.
    segments
        Streets with lamps: `external_code`, `name`, `box_code`, `line_m` (metres) and `geom`.
    others
        Streets without lamps and roads nobody surveyed, as rows of a ledger.
    """

    boxes: pd.DataFrame
    segments: pd.DataFrame
    others: pd.DataFrame


def streets(rng: np.random.Generator, known: Districts) -> Streets:
    """Lay the streets out; `rng` moves the junctions and leaves some streets away."""
    junctions = _junctions(rng)
    boxes = _boxes(rng, junctions, known)
    laid = _laid(boxes, junctions)
    missing = laid[laid["is_missing"]]
    segments = laid[~laid["is_missing"]].reset_index(drop=True)
    segments.insert(0, "external_code", codes("S", len(segments), 4))
    segments["geom"] = crs.to_degrees(segments["line_m"].to_numpy(), SRID)
    boxes["n_segments"] = boxes["box_code"].map(segments["box_code"].value_counts())
    segments["recorded_at"] = since_the_first_day(len(segments))
    boxes["recorded_at"] = since_the_first_day(len(boxes))
    columns = ["external_code", "name", "box_code", "line_m", "geom", "recorded_at"]
    return Streets(boxes, segments[columns], _others(missing, known))


def _junctions(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return x and y of each junction, by column and row of the network."""
    center: Any = crs.to_metric(np.array([shapely.Point(*CENTER)]), SRID)[0]
    east = center.x + PITCH_M * (np.arange(N_EAST) - (N_EAST - 1) / 2)
    north = center.y + PITCH_M * (np.arange(N_NORTH) - (N_NORTH - 1) / 2)
    xy = np.stack(np.meshgrid(east, north, indexing="ij"), axis=-1)
    return xy + rng.uniform(-JITTER_M, JITTER_M, xy.shape)


def _boxes(
    rng: np.random.Generator, junctions: NDArray[np.float64], known: Districts
) -> pd.DataFrame:
    """Stand a box at every second junction of the central districts that has four streets."""
    column, row = np.meshgrid(np.arange(1, N_EAST - 1), np.arange(1, N_NORTH - 1), indexing="ij")
    fed = (column + row) % 2 == 0
    boxes = pd.DataFrame({"column": column[fed], "row": row[fed]})
    xy = junctions[boxes["column"], boxes["row"]]
    district = known.of(xy)
    inside = known.is_central[district] & (district >= 0)
    boxes = boxes[inside].assign(district=known.names[district[inside]]).reset_index(drop=True)
    xy = xy[inside]
    boxes["box_code"] = codes("X", len(boxes), 3)
    boxes["geom"] = crs.to_degrees(np.asarray(shapely.points(xy + BESIDE_THE_BOX_M)), SRID)
    boxes["group"] = _groups(xy)
    has_three = rng.random(len(boxes)) < SHARE_OF_THREE
    boxes["has_three"] = np.where(
        boxes["group"].notna(), boxes["group"].isin(THREE_ROADS), has_three
    )
    return boxes


def _groups(xy: NDArray[np.float64]) -> NDArray[np.object_]:
    """Give each group of roads that the reports name the box nearest to where it is said to be."""
    groups = np.full(len(xy), None, dtype=object)
    for group, place in NAMED_AT.items():
        spot = shapely.get_coordinates(crs.to_metric(np.array([shapely.Point(*place)]), SRID))
        groups[np.argmin(np.hypot(*(xy - spot).T))] = group
    return groups


def _laid(boxes: pd.DataFrame, junctions: NDArray[np.float64]) -> pd.DataFrame:
    """Return a street from each box to each of its neighbors; a fourth may be missing."""
    laid = []
    for box in boxes.to_dict("records"):
        own = names.ROADS.get(str(box["group"]), ())
        for number, (east, north) in enumerate(AROUND):
            ends = junctions[
                [box["column"], box["column"] + east], [box["row"], box["row"] + north]
            ]
            generic = names.street_name(
                runs_north=north != 0, number=int(box["column"] if north else box["row"])
            )
            laid.append(
                {
                    "name": (own[number] if number < len(own) else None) or generic,
                    "box_code": box["box_code"],
                    "group": box["group"],
                    "is_missing": bool(box["has_three"]) and number == len(AROUND) - 1,
                    "line_m": shapely.LineString(ends),
                }
            )
    return pd.DataFrame(laid)


def _others(missing: pd.DataFrame, known: Districts) -> pd.DataFrame:
    """Return the roads to be lit one day, and those outside the survey."""
    there = crs.to_metric(np.array([shapely.Point(*NAMED_AT["jindai"])]), SRID)[0]
    away_m = shapely.distance(missing["line_m"].to_numpy(), there)
    nearest = missing["line_m"].iloc[np.argsort(away_m)[: len(names.NO_LAMP_ROADS)]]
    rows = [
        (name, "no_lamp", line) for name, line in zip(names.NO_LAMP_ROADS, nearest, strict=True)
    ]
    for name, seat in zip(
        known.names[~known.is_central], known.seats_m[~known.is_central], strict=True
    ):
        for number, (east, north) in enumerate(AROUND, start=1):
            end = seat + COUNTRY_ROAD_M * np.array([east, north])
            line = shapely.LineString([seat, end])
            rows.append((names.country_road(name, number), "not_surveyed", line))
    table = pd.DataFrame(rows, columns=["name", "lamp_survey", "line_m"])
    return pd.DataFrame(
        {
            "external_code": codes("T", len(table), 4),
            "name": table["name"],
            "lamp_survey": table["lamp_survey"],
            "geom": crs.to_degrees(table["line_m"].to_numpy(), SRID),
            "recorded_at": since_the_first_day(len(table)),
        }
    )
