from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from data.cities import create_city
from data.declaring import override_cell
from data.engine import transaction
from data.errors import NotFoundError
from data.importers import ImportOptions, import_file
from data.queries.placements import disagreements
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

CELLS = """code,name,wkt
410102,中原区,"POLYGON ((113.5 34.7, 113.6 34.7, 113.6 34.8, 113.5 34.8, 113.5 34.7))"
410103,二七区,"POLYGON ((113.6 34.7, 113.7 34.7, 113.7 34.8, 113.6 34.8, 113.6 34.7))"
"""
STREETS = """code,name,wkt
s1,林山寨街道,"POLYGON ((113.5 34.7, 113.6 34.7, 113.6 34.8, 113.5 34.8, 113.5 34.7))"
s2,建中街街道办事处,"POLYGON ((113.6 34.7, 113.7 34.7, 113.7 34.8, 113.6 34.8, 113.6 34.7))"
"""
UNITS = """code,name,lon,lat,所属区县,街道
u1,a,113.55,34.75,中原区,林山寨街道办事处
u2,b,113.65,34.75,中原区,建中街
u3,c,,,410103,火星街道
u4,d,113.65,34.75,,
"""
EVERY_WORD = """
    SELECT unit.external_code, declared.name FROM placement
    JOIN unit ON unit.id = unit_id JOIN cell AS declared ON declared.id = declared_cell_id
    ORDER BY 1, 2
"""


@pytest.fixture
def bring(clean_engine: Engine, tmp_path: Path) -> Any:
    with transaction(clean_engine) as session:
        create_city(session, "zz", name="Zhengzhou", timezone="Asia/Shanghai")

    def bring(kind: str, content: str, **options: Any) -> Any:
        path = tmp_path / "file.csv"
        path.write_text(content, encoding="utf-8")
        return import_file(clean_engine, kind, path, ImportOptions(datum="wgs84", **options))

    bring("grids", CELLS, grid="districts")
    bring("grids", STREETS, grid="streets")
    return bring


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def differing(engine: Engine, grid: int | None = None) -> list[dict[str, Any]]:
    with Session(engine) as session:
        return disagreements(session, WHOLE_CITY, grid)


def test_declared_cells_are_found_by_code_and_name_in_every_grid(
    clean_engine: Engine, bring: Any
) -> None:
    bring("units", UNITS)
    assert rows(clean_engine, EVERY_WORD) == [
        ("u1", "中原区"),
        ("u1", "林山寨街道"),
        ("u2", "中原区"),
        ("u2", "建中街街道办事处"),
        ("u3", "二七区"),
    ]


def test_a_word_that_no_cell_has_is_told_with_its_rows(bring: Any) -> None:
    told = [one.message for one in bring("units", UNITS).warnings if one.code == "declared_unknown"]
    assert told == ["no grid has the cell that rows say they belong to: 火星街道 (rows 4)"]


def test_the_words_stay_with_the_row(clean_engine: Engine, bring: Any) -> None:
    bring("units", UNITS)
    found = "SELECT properties->>'街道' FROM unit WHERE external_code = 'u3'"
    assert rows(clean_engine, found) == [("火星街道",)]


def test_declared_cells_of_a_grid_that_came_later_are_kept_on_the_next_import(
    clean_engine: Engine, bring: Any
) -> None:
    bring("units", UNITS.replace("中原区", "新区"))
    new = CELLS.replace("410102,中原区", "n1,新区")
    bring("grids", new, grid="new")
    report = bring("units", UNITS.replace("中原区", "新区"))
    assert "same_file" not in [one.code for one in report.warnings]
    assert ("u1", "新区") in rows(clean_engine, EVERY_WORD)


def test_disagreements_name_both_cells(clean_engine: Engine, bring: Any) -> None:
    bring("units", UNITS)
    found = [(one["code"], one["computed"], one["declared"]) for one in differing(clean_engine)]
    assert found == [("u2", "410103", "410102"), ("u3", None, "410103")]


def test_disagreements_of_one_grid_come_page_by_page(clean_engine: Engine, bring: Any) -> None:
    bring("units", UNITS)
    assert differing(clean_engine, grid=2) == []
    first, second = differing(clean_engine, grid=1)
    with Session(clean_engine) as session:
        assert disagreements(session, WHOLE_CITY, 1, limit=1) == [first]
        assert disagreements(session, WHOLE_CITY, 1, after=first["id"]) == [second]


def test_hazards_and_lamps_declare_cells_as_well(clean_engine: Engine, bring: Any) -> None:
    bring("hazards", "code,found_at,lon,lat,属地\nh1,2019-05-03,113.55,34.75,二七区\n")
    bring("lamps", "code,lon,lat,所属网格\nl1,113.55,34.75,410103\n")
    found = [(one["kind"], one["code"]) for one in differing(clean_engine)]
    assert found == [("hazards", "h1"), ("lamps", "l1")]


def test_a_name_that_two_cells_have_means_neither(clean_engine: Engine, bring: Any) -> None:
    bring("grids", CELLS.replace("二七区", "中原区"), grid="districts")
    report = bring("units", UNITS)
    assert ("u1", "中原区") not in rows(clean_engine, EVERY_WORD)
    assert "中原区 (rows 2, 3)" in str(report.warnings)


def test_an_override_is_the_effective_cell_and_an_event(clean_engine: Engine, bring: Any) -> None:
    bring("units", UNITS)
    number = differing(clean_engine)[0]["id"]
    with transaction(clean_engine) as session:
        kind = override_cell(session, number, "410102", reason="现场核实", actor="Li")
    assert kind == "units"
    found = "SELECT cell.code FROM placement JOIN cell ON cell.id = cell_id WHERE placement.id = "
    assert rows(clean_engine, f"{found}{number}") == [("410102",)]
    assert rows(
        clean_engine, "SELECT actor, after->>'reason' FROM event WHERE action = 'override'"
    ) == [("Li", "现场核实")]
    assert differing(clean_engine)[0]["override"] == "410102"


def test_an_override_survives_the_next_import_and_can_be_taken_back(
    clean_engine: Engine, bring: Any
) -> None:
    bring("units", UNITS)
    number = differing(clean_engine)[0]["id"]
    with transaction(clean_engine) as session:
        override_cell(session, number, "410102", reason="r", actor="Li")
    bring("units", UNITS.replace(",b,", ",B,"))
    assert differing(clean_engine)[0]["override"] == "410102"
    with transaction(clean_engine) as session:
        override_cell(session, number, None, reason="wrong", actor="Li")
    assert differing(clean_engine)[0]["reason"] is None


@pytest.mark.parametrize(
    ("number", "cell", "reason", "error"),
    [
        (None, "410102", " ", WrongValueError),
        (None, "nowhere", "r", NotFoundError),
        (999_999, "410102", "r", NotFoundError),
    ],
)
def test_an_override_that_cannot_be_is_refused(
    clean_engine: Engine, bring: Any, number: int | None, cell: str, reason: str, error: Any
) -> None:
    bring("units", UNITS)
    number = number or differing(clean_engine)[0]["id"]
    with pytest.raises(error), transaction(clean_engine) as session:
        override_cell(session, number, cell, reason=reason, actor="Li")
