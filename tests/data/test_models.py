import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

pytestmark = pytest.mark.db

UNIT = "INSERT INTO unit (source, external_code, name, geom) VALUES ('t', '1', 'n', {})"
HAZARD = (
    "INSERT INTO hazard (source, external_code, found_at, {}) VALUES ('t', '1', '2020-01-02', {})"
)


@pytest.mark.parametrize(
    "place",
    [
        "ST_SetSRID(ST_MakePoint('NaN', 1), 4326)",
        "ST_SetSRID(ST_MakePoint(1, 'NaN'), 4326)",
        "ST_SetSRID(ST_MakePoint('Infinity', 1), 4326)",
        "ST_SetSRID(ST_MakePoint(181, 1), 4326)",
        "ST_SetSRID(ST_MakePoint(1, -90.1), 4326)",
        "ST_GeomFromText('POINT EMPTY', 4326)",
    ],
)
def test_a_place_that_is_not_on_earth_is_refused(session: Session, place: str) -> None:
    with pytest.raises(DBAPIError, match="on_earth"):
        session.execute(text(UNIT.format(place)))


def test_a_unit_may_have_no_position(session: Session) -> None:
    assert session.execute(text(UNIT.format("NULL") + " RETURNING id")).scalar_one() > 0


@pytest.mark.parametrize(
    ("columns", "values", "constraint"),
    [
        ("closed_at", "'2020-01-01'", "open_interval"),
        ("closed_at, closing_known", "'2020-01-03', false", "closing_known"),
        ("level", "'severe'", "level_known"),
        ("count", "0", "count_positive"),
    ],
)
def test_an_impossible_hazard_is_refused(
    session: Session, columns: str, values: str, constraint: str
) -> None:
    with pytest.raises(DBAPIError, match=constraint):
        session.execute(text(HAZARD.format(columns, values)))


def test_there_is_one_city(session: Session) -> None:
    city = "INSERT INTO city (id, code, name, timezone) VALUES ({}, 'a', 'A', 'UTC')"
    session.execute(text(city.format(1)))
    with pytest.raises(DBAPIError, match="only_one"):
        session.execute(text(city.format(2)))
