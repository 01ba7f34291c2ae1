"""Cells that stand for parts of the city, and what lies in them."""

from datetime import date

import pytest
import shapely
from pandas import DataFrame
from sqlalchemy.orm import Session

from data.cities import create_city
from data.errors import NotFoundError
from data.grids import GridHead, load_grid
from data.queries.districts import cells_inside, districts_of, find_district
from data.queries.places import cells_of, grid_id
from data.scope import WHOLE_CITY, Scope

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)


def boxes(session: Session, code: str, **named: tuple[float, float]) -> None:
    shapes = [shapely.box(west, 34, east, 34.1) for west, east in named.values()]
    cells = DataFrame({"external_code": list(named), "name": list(named), "geom": shapes})
    load_grid(session, GridHead(code, code, "administrative"), cells, source="t")


@pytest.fixture
def city(session: Session) -> Session:
    """Two districts; three finer cells, the middle one across both, mostly in the west."""
    create_city(session, "a", name="某市", timezone="Asia/Shanghai")
    boxes(session, "districts", west=(113.0, 113.1), east=(113.1, 113.2))
    boxes(session, "fine", a=(113.0, 113.06), b=(113.06, 113.12), c=(113.12, 113.2))
    return session


def codes(session: Session, grid: str, ids: frozenset[int]) -> list[str]:
    cells = cells_of(session, WHOLE_CITY, grid_id(session, grid), DAY)
    return sorted(cells.loc[sorted(ids), "code"])


@pytest.mark.parametrize(("code", "inside"), [("west", ["a", "b"]), ("east", ["c"])])
def test_a_finer_cell_lies_in_the_district_that_has_its_middle(
    city: Session, code: str, inside: list[str]
) -> None:
    found = find_district(city, WHOLE_CITY, code, None, DAY)
    ids = cells_inside(city, found, grid_id(city, "fine"), DAY)
    assert codes(city, "fine", ids) == inside


def test_of_its_own_grid_a_district_holds_only_itself(city: Session) -> None:
    found = find_district(city, WHOLE_CITY, "west", None, DAY)
    assert cells_inside(city, found, grid_id(city, "districts"), DAY) == {found.id}


def test_districts_come_by_code(city: Session) -> None:
    found = districts_of(city, WHOLE_CITY, "districts", DAY)
    assert [part.code for part in found] == ["east", "west"]
    seen = Scope(frozenset({found[0].id}))
    assert districts_of(city, seen, "districts", DAY) == found[:1]


def test_a_code_of_two_grids_is_taken_from_the_one_that_is_named(city: Session) -> None:
    boxes(city, "z", west=(113.0, 113.01))
    assert find_district(city, WHOLE_CITY, "west", "z", DAY).grid == "z"
    assert find_district(city, WHOLE_CITY, "west", "districts", DAY).grid == "districts"
    assert find_district(city, WHOLE_CITY, "west", None, DAY).grid == "districts"


def test_an_unknown_or_unseen_cell_is_not_found(city: Session) -> None:
    for scope, code in ((WHOLE_CITY, "north"), (Scope(frozenset()), "west")):
        with pytest.raises(NotFoundError, match="there is no cell of that code"):
            find_district(city, scope, code, None, DAY)
