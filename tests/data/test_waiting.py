"""Good rows taken, the others kept until they are corrected or given up."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from data.errors import ImportRejectedError, NotFoundError
from data.importers import ImportOptions, import_file
from data.importers.undoing import undo_batch
from data.importers.waiting import correct_row, discard_row, waiting_rows

pytestmark = pytest.mark.db

UNITS = "code,name,risk\nu1,First,low\nu2,Second,seven\nu3,,nine\n"


@pytest.fixture
def batch(city: Engine, tmp_path: Path) -> int:
    """An import whose rows 3 and 4 wait."""
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    report = import_file(city, "units", tmp_path / "units.csv", ImportOptions(accept_good=True))
    assert (report.rows, report.new, report.refused) == (3, 1, 2)
    assert report.batch is not None
    return report.batch


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def counts(engine: Engine) -> tuple[int, int, int]:
    names = ("rows", "new", "refused")
    ((counted,),) = rows(engine, "SELECT counts FROM import_batch")
    return tuple(counted[name] for name in names)


def test_rows_wait_with_their_texts_and_all_errors(city: Engine, batch: int) -> None:
    with Session(city) as session:
        second, third = waiting_rows(session, batch, 10)
    assert (second["row"], second["texts"]) == (
        3,
        {"code": "u2", "name": "Second", "risk": "seven"},
    )
    assert sorted(error["field"] for error in third["errors"]) == ["name", "risk"]
    assert {error["heading"] for error in third["errors"]} == {"name", "risk"}


def test_a_corrected_row_is_imported_into_its_batch(city: Engine, batch: int) -> None:
    assert correct_row(city, batch, 3, {"risk": "low"}, "Li").imported
    stored = "SELECT external_code, name, import_batch_id FROM unit ORDER BY id"
    assert rows(city, stored)[1] == ("u2", "Second", batch)
    assert counts(city) == (3, 2, 1)
    assert rows(city, "SELECT value FROM revision WHERE subject = 'ledgers'") == [(2,)]


def test_a_row_that_is_still_wrong_waits_on(city: Engine, batch: int) -> None:
    done = correct_row(city, batch, 4, {"name": "Third"}, "Li")
    assert [error.field for error in done.errors] == ["risk"]
    assert rows(city, "SELECT texts->>'name', state FROM import_row WHERE row = 4") == [
        ("Third", "waiting")
    ]
    assert counts(city) == (3, 1, 2)


def test_a_code_that_the_import_has_already_is_refused(city: Engine, batch: int) -> None:
    done = correct_row(city, batch, 3, {"code": "u1", "risk": "low"}, "Li")
    assert [error.reason for error in done.errors] == ["another row of the import has the code"]
    assert rows(city, "SELECT name FROM unit") == [("First",)]


def test_a_row_is_given_up_with_a_reason(city: Engine, batch: int) -> None:
    discard_row(city, batch, 3, "twice in the file", "Li")
    assert rows(city, "SELECT state, remark FROM import_row WHERE row = 3") == [
        ("discarded", "twice in the file")
    ]
    with pytest.raises(NotFoundError, match="no row 3"):
        discard_row(city, batch, 3, "again", "Li")
    with pytest.raises(NotFoundError, match="no row 3"):
        correct_row(city, batch, 3, {}, "Li")


def test_corrections_go_with_their_batch(city: Engine, batch: int) -> None:
    correct_row(city, batch, 3, {"risk": "low"}, "Li")
    assert undo_batch(city, batch, "Li").removed == 2
    assert rows(city, "SELECT state FROM import_row WHERE row = 4") == [("discarded",)] * 2


def test_the_cells_of_a_grid_are_not_taken_in_part(city: Engine, tmp_path: Path) -> None:
    (tmp_path / "cells.csv").write_text("code,wkt\na,x\n", encoding="utf-8")
    options = ImportOptions(grid="g", accept_good=True)
    with pytest.raises(ImportRejectedError, match="all together or not at all"):
        import_file(city, "grids", tmp_path / "cells.csv", options)
