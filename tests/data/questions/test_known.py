"""What was published stays as it was, whatever is corrected, moved or withdrawn afterwards."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from sqlalchemy import text

from data.answers import (
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    RectificationQuestion,
    answer,
    row_geometries,
)
from data.cities import the_city
from data.clock import tell_time
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

DAY = date(2019, 8, 20)
PUBLISHED = datetime(2019, 8, 21, tzinfo=UTC)
CORRECTED = datetime(2019, 8, 25, tzinfo=UTC)
QUESTIONS = [
    CoverageQuestion("g", DAY, 30),
    HotspotQuestion("g", DAY, 30),
    OutageQuestion("g", DAY, 30),
    RectificationQuestion("g", DAY, 3),
    RectificationQuestion("g", DAY, 3, by="cell"),
]
NAMES = ["coverage", "hotspots", "outages", "owners", "cells"]


@pytest.fixture
def published(town):
    """A town as it was known when it was published, every row recorded the day before."""
    the_city(town.session).simulated = True
    town.grid(3)
    then = {"recorded_at": PUBLISHED - timedelta(days=1)}
    line = shapely.MultiLineString(
        [[town.at(0), town.at(0.25)], [town.at(0.3), town.at(0.9)]],
    )
    lane = shapely.LineString([town.at(0, 0.3), town.at(0.9, 0.3)])
    town.add("units", *({"name": "u", "geom": town.at(n % 2)} | then for n in range(4)))
    visits = ({"unit_code": str(n), "inspected_at": town.day("2019-08-10")} for n in range(2))
    town.add("inspections", *(visit | then for visit in visits))
    hazard = {"found_at": town.day("2019-08-05"), "level": "general"} | then
    places = ({"geom": town.at(0)}, {"geom": town.at(1)}, {"unit_code": "0"})
    town.add("hazards", *(hazard | place for place in places))
    segment = {"external_code": "s", "geom": line, "lamp_survey": "surveyed"}
    town.add("segments", segment | then, {"external_code": "lane", "geom": lane} | then)
    town.add("lamps", *({"geom": shapely.Point(3.005 + n / 1000, 0.005)} | then for n in range(5)))
    town.add("outages", {"lamp_code": "0", "started_at": town.day("2019-08-01")} | then)
    work = {"found_at": town.day("2019-08-02"), "lead_party": "east"} | then
    town.add("rectifications", work | {"segment_code": "s"}, work | {"segment_code": "lane"})
    return town


def correct(town):
    """Change, move, close and add to every ledger."""
    tell_time(town.session, CORRECTED)
    later = {"recorded_at": CORRECTED}
    town.add("units", {"name": "moved", "geom": town.at(2)})
    town.add("units", {"external_code": "9", "name": "new", "geom": town.at(2)} | later)
    town.add("inspections", {"unit_code": "3", "inspected_at": town.day("2019-08-11")})
    town.add("hazards", {"found_at": town.day("2018-08-05"), "geom": town.at(2)})
    town.add("outages", {"lamp_code": "1", "started_at": town.day("2019-08-01")})
    lane = shapely.LineString([town.at(1, 0.3), town.at(2, 0.3)])
    town.add("segments", {"external_code": "lane", "name": "Lane", "geom": lane})
    town.add(
        "segments", {"external_code": "s", "geom": shapely.LineString([town.at(1), town.at(2)])}
    )
    work = {"found_at": town.day("2019-08-02"), "segment_code": "s", "lead_party": "west"}
    closed = {"state": "closed", "closed_at": town.day("2019-08-19")}
    town.add("rectifications", work | closed)


def figures(town, question):
    """The figures of a question, apart from the counters and what says when it was known."""
    found = answer(town.session, WHOLE_CITY, question)
    shapes = [
        None if shape is None else shape.wkt
        for shape in row_geometries(town.session, WHOLE_CITY, found)
    ]
    told = found.as_dict() | {"shapes": shapes}
    dropped = {"revision", "revisions", "parameters", "decisions"}
    return json.dumps({name: told[name] for name in told if name not in dropped}, default=str)


def as_known(question, moment):
    return type(question)(**{**vars(question), "known_at": moment})


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_figures_as_they_were_known_outlive_every_correction(published, question):
    before = figures(published, question)
    correct(published)
    assert figures(published, question) != before
    assert figures(published, as_known(question, PUBLISHED)) == before


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_nothing_was_known_before_anything_was_recorded(published, question):
    found = answer(published.session, WHOLE_CITY, as_known(question, PUBLISHED - timedelta(days=9)))
    counts = [name for name in found.totals if name.startswith("n_") and "cells" not in name]
    assert {found.totals[name] or 0 for name in counts} == {0}
    assert {"known_at", "cells_of_now"} <= {decision.code for decision in found.decisions}


def test_what_is_known_is_not_told_of_a_day_that_is_not_over(published):
    tell_time(published.session, PUBLISHED)
    still = RectificationQuestion(as_of=DAY, known_at=PUBLISHED.date())
    with pytest.raises(WrongValueError, match="known_at: is not over yet"):
        answer(published.session, WHOLE_CITY, still)
    told = answer(published.session, WHOLE_CITY, replace(still, known_at=DAY))
    assert told.decisions[0].code == "known_at"
    assert "cells_of_now" not in {one.code for one in told.decisions}


def test_the_views_have_every_column_of_their_tables(session):
    columns = text("""
        SELECT table_name, array_agg(column_name::text ORDER BY column_name)
        FROM information_schema.columns AS one
        WHERE table_schema = :schema AND EXISTS (
            SELECT FROM information_schema.views AS view
            WHERE view.table_schema = 'known' AND view.table_name = one.table_name
        ) GROUP BY table_name
    """)
    found = [
        {tuple(map(str, row)) for row in session.execute(columns, {"schema": schema})}
        for schema in ("known", "public")
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 10
