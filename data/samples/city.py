"""What a sample city consists of, before it is in the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.errors import SampleMissingError
from data.grids import GridHead
from data.workflow import Brought
from geo import crs, grid


@dataclass(frozen=True)
class SampleGrid:
    """A grid and its cells: a frame of external_code, name and geom, in degrees."""

    head: GridHead
    cells: pd.DataFrame


@dataclass(frozen=True)
class Ledger:
    """Rows of one kind from one source, with the columns `data.loading.load` expects."""

    kind: str
    source: str
    rows: pd.DataFrame


@dataclass(frozen=True)
class PlannedDeed:
    """What is done to the rectification of the code `item` at `brought.at`, a past moment."""

    item: str
    action: str
    brought: Brought


@dataclass(frozen=True)
class SampleCity:
    """A city as it was read or made: ledgers in the order they refer to each other.

    Attributes
    ----------
    sequels
        Ledgers of the same kinds and codes: what later became of rows of `ledgers`.
    sanctions
        As `data.sanctions.load_sanctions` takes them, by source.
    campaigns
        As `data.campaigns.load_campaigns` takes them.
    submissions
        As `data.submissions.load_submissions` takes them.
    deeds
        What is done to the rectifications of a simulated city, by their codes.
    """

    code: str
    name: str
    timezone: str
    metric_srid: int
    default_as_of: date
    attribution: str
    grids: tuple[SampleGrid, ...]
    ledgers: tuple[Ledger, ...]
    simulated: bool = False
    notes: tuple[str, ...] = ()
    sequels: tuple[Ledger, ...] = ()
    sanctions: tuple[Ledger, ...] = ()
    campaigns: pd.DataFrame | None = None
    submissions: pd.DataFrame | None = None
    deeds: tuple[PlannedDeed, ...] = ()


def files_of(sample: str, folder: Path | None, names: Mapping[str, str]) -> dict[str, Path]:
    """Return the path of each named file.

    Raises
    ------
    SampleMissingError
        When no folder is given or a file is not in it.
    """
    if folder is None:
        raise SampleMissingError(f"the sample {sample} needs the folder of its files: --data DIR")
    paths = {key: folder / name for key, name in names.items()}
    missing = sorted(path.name for path in paths.values() if not path.is_file())
    if missing:
        raise SampleMissingError(f"{folder}: the sample {sample} misses {', '.join(missing)}")
    return paths


def package_folder(sample: str, package: str) -> Path:
    """Return the folder of an installed package, without importing it.

    Raises
    ------
    SampleMissingError
        When the package is not installed.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SampleMissingError(
            f"the sample {sample} needs the package {package}: pip install guatu[samples]"
        )
    return Path(spec.submodule_search_locations[0])


def points(lon: pd.Series, lat: pd.Series) -> NDArray[np.object_]:
    """Return a point for each row, ``None`` where a coordinate is missing."""
    xy = np.column_stack([lon.to_numpy(dtype=float), lat.to_numpy(dtype=float)])
    known = np.isfinite(xy).all(axis=1)
    placed = np.full(len(xy), None, dtype=object)
    placed[known] = shapely.points(xy[known])
    return placed


def square_grid(region: BaseGeometry, size_m: int, metric_srid: int) -> SampleGrid:
    """Return the squares of `size_m` that meet `region` (degrees), cut in metres."""
    region_m: Any = crs.to_metric(np.array([region]), metric_srid)[0]
    squares = grid.squares(region_m, size_m)
    cells = pd.DataFrame(
        {
            "external_code": squares["code"],
            "geom": crs.to_degrees(squares["geometry"].to_numpy(), metric_srid),
        }
    )
    return SampleGrid(GridHead(f"squares_{size_m}m", f"{size_m} m", "square", size_m), cells)
