from datetime import date

import pytest
import shapely

from data.answers import OutageQuestion, outages
from data.answers.shapes import dark_run_lines
from data.scope import WHOLE_CITY
from geo.crs import to_metric

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
METRE = 1 / 111_275
"""About one metre eastward in the town's metric CRS, in degrees."""


def spot(metres, north=0.0):
    return shapely.Point(3.001 + metres * METRE, north * METRE)


def out(town, *lamps):
    started = town.day("2019-08-20")
    town.add("outages", *({"lamp_code": str(lamp), "started_at": started} for lamp in lamps))


@pytest.fixture
def road(town):
    """A road of 400 m and one of 200 m that goes on from its end; lamps every 50 m, 25 m in."""
    town.grid(2)
    first, second = (spot(0), spot(400)), (spot(400), spot(400, 200))
    town.add(
        "segments",
        {"name": "Road", "geom": shapely.LineString(first), "lamp_survey": "surveyed"},
        {"name": "Lane", "geom": shapely.LineString(second), "lamp_survey": "surveyed"},
    )
    on_road = [spot(25 + 50 * n, 5) for n in range(8)]
    on_lane = [spot(405, 25 + 50 * n) for n in range(4)]
    town.add("lamps", *({"geom": place} for place in (*on_road, *on_lane)))
    return town


def shapes(town, scope=WHOLE_CITY):
    answer = outages(town.session, scope, OutageQuestion(as_of=DAY, window_days=30))
    return answer, dark_run_lines(town.session, scope, answer)


def test_a_dark_run_is_the_stretch_of_its_street_that_its_lamps_serve(road):
    out(road, 2, 3, 4)
    _, found = shapes(road)
    run = found.rows.iloc[0]
    assert (run["name"], run["n_lamps"], run["from_m"]) == ("Road", 3, pytest.approx(100, abs=1))
    [line] = to_metric([run["geometry"]], 32631)
    [start] = to_metric([spot(100)], 32631)
    assert shapely.length(line) == pytest.approx(run["length_m"], abs=0.01)
    assert shapely.distance(shapely.get_point(line, 0), start) < 1


def test_the_longest_dark_walk_goes_on_over_the_junction_and_is_told_apart(road):
    out(road, 0, 1, 6, 7, 8, 9)
    answer, found = shapes(road)
    assert found.counts == {"walk": 2, "run": 1}
    walk = found.rows[found.rows["kind"] == "walk"]
    assert set(walk["name"]) == {"Road", "Lane"}
    assert walk["length_m"].sum() == pytest.approx(answer.extra["longest_dark_walk_m"])


def test_a_single_lamp_is_no_run_unless_the_walk_is_made_of_it(road):
    out(road, 1, 5, 6)
    _, found = shapes(road)
    assert (found.counts, found.rows["n_lamps"].tolist()) == ({"walk": 1, "run": 0}, [2])


def test_while_nobody_recorded_an_outage_there_may_be_any_number_of_runs(road):
    _, found = shapes(road)
    assert (found.counts, len(found.rows)) == (None, 0)


def test_a_reader_sees_the_runs_of_the_streets_in_scope_only(road):
    out(road, 2, 3)
    assert shapes(road, road.scope("0-0"))[1].counts == {"walk": 1, "run": 0}
    assert shapes(road, road.scope("0-1"))[1].counts is None
