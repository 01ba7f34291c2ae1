from datetime import date

import pytest
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import event
from sqlalchemy.orm import Session

from data.cities import create_city, metric_srid, settle_city, the_city
from data.errors import NoCityError, OtherCityError
from data.models import Unit
from geo.errors import WrongValueError

pytestmark = pytest.mark.db


def test_a_city_is_made_once(session: Session) -> None:
    made = create_city(
        session, "zz", name="郑州市", timezone="Asia/Shanghai", default_as_of=date(2019, 6, 30)
    )
    again = create_city(session, "zz", name="other", timezone="UTC")
    assert again is made
    assert the_city(session).name == "郑州市"


def test_another_city_is_refused(session: Session) -> None:
    create_city(session, "zz", name="郑州市", timezone="Asia/Shanghai")
    with pytest.raises(OtherCityError, match="holds zz"):
        create_city(session, "soho", name="Soho", timezone="Europe/London")


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "Asia", "../etc/passwd", ""])
def test_a_timezone_that_is_none_is_refused(session: Session, timezone: str) -> None:
    with pytest.raises(WrongValueError, match="not an IANA name"):
        create_city(session, "zz", name="Z", timezone=timezone)


def test_without_a_city_there_is_an_error(session: Session) -> None:
    with pytest.raises(NoCityError, match="guatu init"):
        the_city(session)


def test_an_empty_city_has_no_bounds(session: Session) -> None:
    create_city(session, "zz", name="Z", timezone="UTC")
    assert settle_city(session).bounds is None


def test_a_city_settles_round_what_it_holds(session: Session) -> None:
    create_city(session, "zz", name="Z", timezone="UTC")
    session.add(Unit(source="t", external_code="u", name="u", geom="SRID=4326;POINT(113.6 34.7)"))
    city = settle_city(session)
    session.refresh(city)
    assert city.metric_srid == 4547
    assert city.bounds is not None
    assert to_shape(city.bounds).contains(shapely.Point(113.6, 34.7))


def test_a_chosen_metric_crs_stays(session: Session) -> None:
    create_city(session, "zz", name="Z", timezone="UTC", metric_srid=26971)
    session.add(Unit(source="t", external_code="u", name="u", geom="SRID=4326;POINT(113.6 34.7)"))
    assert settle_city(session).metric_srid == 26971


def test_nothing_located_chooses_no_metric_crs(session: Session) -> None:
    create_city(session, "zz", name="Z", timezone="UTC")
    with pytest.raises(NoCityError, match="no metric CRS"):
        metric_srid(session, shapely.from_wkt(["POINT EMPTY"]))


def test_the_city_is_read_once_a_session(session: Session) -> None:
    create_city(session, "zz", name="Z", timezone="UTC")
    session.expunge_all()
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    names = {the_city(session).name for _ in range(3)}
    event.remove(connection, "before_cursor_execute", note)
    assert names == {"Z"}
    assert len(asked) == 1
