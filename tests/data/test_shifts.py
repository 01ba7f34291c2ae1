from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from data.cities import create_city
from data.engine import transaction
from data.importers import ImportOptions, import_file
from geo.datum import from_wgs84

pytestmark = pytest.mark.db

WEST, SOUTH = 113.60, 34.73
RNG = np.random.default_rng(3)
ACROSS = np.cumsum(RNG.uniform(0.001, 0.004, 18))


@pytest.fixture
def bring(clean_engine: Engine, tmp_path: Path) -> Any:
    """Import a file and return the remarks on where its rows lie."""
    with transaction(clean_engine) as session:
        create_city(session, "zz", name="Zhengzhou", timezone="Asia/Shanghai")

    def bring(kind: str, content: str, **options: Any) -> list[str]:
        path = tmp_path / "file.csv"
        path.write_text(content, encoding="utf-8")
        report = import_file(clean_engine, kind, path, ImportOptions(**options))
        return [one.message for one in report.warnings if one.code == "shifted"]

    return bring


def streets() -> str:
    lines = [f"{WEST + at} {SOUTH}, {WEST + at} {SOUTH + 0.04}" for at in ACROSS]
    lines += [f"{WEST} {SOUTH + at}, {WEST + 0.04} {SOUTH + at}" for at in ACROSS]
    rows = [f's{at},"LINESTRING ({line})"' for at, line in enumerate(lines)]
    return "\n".join(["code,wkt", *rows])


def lamps(datum: str, n_lamps: int = 200) -> str:
    rng = np.random.default_rng(4)
    lon = WEST + rng.choice(ACROSS, n_lamps)
    lat = SOUTH + rng.uniform(0, 0.04, n_lamps)
    given = zip(*from_wgs84(lon, lat, datum), strict=True)
    return "\n".join(
        ["code,lon,lat", *(f"l{at},{x:.7f},{y:.7f}" for at, (x, y) in enumerate(given))]
    )


# Two of the 200 lamps lie within a metre of each other.
def test_lamps_of_amap_beside_the_streets_are_told(bring: Any) -> None:
    bring("segments", streets())
    (told,) = bring("lamps", lamps("gcj02"))
    assert told.startswith("the 199 points lie 569 m east-south-east of the streets")
    assert told.endswith("read as gcj02 they lie on them: import with --datum gcj02")


def test_lamps_on_the_streets_are_not_doubted(bring: Any) -> None:
    bring("segments", streets())
    assert bring("lamps", lamps("wgs84")) == []
    assert bring("lamps", lamps("gcj02"), datum="gcj02") == []


def test_lamps_that_were_stored_elsewhere_are_told(bring: Any) -> None:
    assert bring("lamps", lamps("wgs84", 10)) == []
    (told,) = bring("lamps", lamps("bd09", 10))
    assert "of where the same codes are stored; read as bd09 they lie there" in told


def test_kinds_without_points_and_few_points_are_passed_over(bring: Any) -> None:
    assert bring("segments", streets()) == []
    assert bring("lamps", lamps("gcj02", 4)) == []
