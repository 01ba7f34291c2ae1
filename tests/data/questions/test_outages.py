import json
from datetime import date

import pytest
import shapely

from data.answers import DECISIONS, OutageQuestion, outages, row_geometries
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
METRE = 1 / 111_275
"""About one metre eastward in the town's metric CRS, in degrees."""


def spot(metres, north=0.0):
    return shapely.Point(3.001 + metres * METRE, north * METRE)


def ask(town, scope=WHOLE_CITY, **choices):
    return outages(town.session, scope, OutageQuestion(as_of=DAY, window_days=30, **choices))


def segments_of(answer):
    return {segment["code"]: segment for segment in answer.as_dict()["segments"]}


def codes_of(answer):
    return {decision.code for decision in answer.decisions}


@pytest.fixture
def road(town):
    """A road of 400 m with lamps at 50, 150, 250 and 350 m, and a lane nobody surveyed."""
    town.grid(2)
    town.add(
        "segments",
        {
            "external_code": "road",
            "name": "Road",
            "geom": shapely.LineString([spot(0), spot(400)]),
            "lamp_survey": "surveyed",
        },
        {
            "external_code": "lane",
            "name": "Lane",
            "geom": shapely.LineString([spot(400), spot(400, 200)]),
            "lamp_survey": "not_surveyed",
        },
    )
    town.add("boxes", {"external_code": "box", "geom": spot(0, 20)})
    town.add("lamps", *({"geom": spot(m, 5), "box_code": "box"} for m in (50, 150, 250, 350)))
    return town


def out(town, lamp, since="2019-08-20", until=None):
    ended = None if until is None else town.day(until)
    return {"lamp_code": lamp, "started_at": town.day(since), "ended_at": ended}


def test_lamps_serve_half_way_to_their_neighbors(road):
    road.add("outages", out(road, "1"), out(road, "2"))
    segment = segments_of(ask(road))["road"]
    assert (segment["n_lamps"], segment["n_out"], segment["status"]) == (4, 2, "scattered")
    assert segment["dark_m"] == pytest.approx(200, abs=0.5)
    assert segment["lit_m"] == pytest.approx(200, abs=0.5)
    assert segment["dark_share"] == pytest.approx(0.5, abs=1e-3)


def test_dark_and_lit_and_unserved_are_the_length(road):
    road.add("outages", out(road, "0"))
    segment = segments_of(ask(road, max_gap_m=80))["road"]
    parts = segment["dark_m"] + segment["lit_m"] + segment["unserved_m"]
    assert parts == pytest.approx(segment["length_m"])
    assert segment["unserved_m"] == pytest.approx(80, abs=0.5)


@pytest.mark.parametrize(
    ("since", "until", "n_out"),
    [
        ("2019-08-31", None, 1),
        ("2019-09-01", None, 0),
        ("2019-08-20", "2019-08-31", 0),
        ("2019-08-20", "2019-09-01", 1),
        ("2019-08-31", "2019-08-31", 0),
    ],
)
def test_a_lamp_is_out_while_the_outage_holds_at_the_end_of_the_day(road, since, until, n_out):
    road.add("outages", out(road, "0", since, until))
    assert segments_of(ask(road))["road"]["n_out"] == n_out


def test_a_lamp_reported_twice_is_out_once(road):
    road.add("outages", out(road, "0"), out(road, "0", "2019-08-25"))
    assert ask(road).totals["n_lamps_out"] == 1


def test_where_nobody_surveyed_lamps_are_unknown_and_outages_are_not(road):
    alone = {"geom": spot(405, 100), "started_at": road.day("2019-08-20")}
    road.add("outages", alone, alone | {"external_code": "same place"})
    lane = segments_of(ask(road))["lane"]
    assert (lane["status"], lane["n_lamps"], lane["dark_share"]) == ("not_surveyed", None, None)
    assert (lane["n_out"], lane["n_begun"]) == (1, 2)
    assert lane["outages_per_100m"] == pytest.approx(0.5, abs=0.01)


def test_lamps_taken_away_count_nowhere_and_those_not_handed_over_are_not_in_service(road):
    road.add("lamps", {"status": "removed"}, {"status": "not_handed_over"})
    road.add("outages", out(road, "2", "2019-01-01", "2019-01-02"))
    answer = ask(road)
    assert answer.totals["n_lamps"] == 3
    assert {rate["name"]: rate["denominator"] for rate in answer.extra["rates"]}["lamps_lit"] == 2


def test_three_rates_stand_together(road):
    found = {"found_at": road.day("2019-08-01"), "state": "found"}
    confirmed = {"exempt_confirmed_by_city": "a", "exempt_confirmed_by_builder": "b"}
    closed = {"state": "closed", "closed_at": road.day("2019-08-30")}
    road.add(
        "rectifications",
        found | {"segment_code": "road"} | closed | {"cause": "cable_cut"},
        found | {"segment_code": "lane"} | confirmed,
    )
    road.add("outages", out(road, "0", "2019-01-01", "2019-01-02"))
    answer = ask(road)
    rates = {
        rate["name"]: (rate["numerator"], rate["denominator"]) for rate in answer.extra["rates"]
    }
    assert rates == {"completion": (1, 1), "segments_relit": (1, 2), "lamps_lit": (4, 4)}
    assert segments_of(answer)["lane"]["exempt"] is True
    assert segments_of(answer)["road"]["cause"] == "cable_cut"


def test_what_was_relit_later_was_dark_before(road):
    found = {"found_at": road.day("2019-08-01"), "segment_code": "road"}
    closed = {"state": "closed", "closed_at": road.day("2019-08-30", 12)}
    road.add("rectifications", found | closed)
    question = OutageQuestion(as_of=date(2019, 8, 29))
    before = outages(road.session, WHOLE_CITY, question).extra["rates"]
    assert [rate["numerator"] for rate in (before[0], ask(road).extra["rates"][0])] == [0, 1]


def test_one_confirmation_exempts_nothing(road):
    road.add(
        "rectifications",
        {"segment_code": "lane", "found_at": road.day("2019-08-01"), "state": "exempt"}
        | {"exempt_confirmed_by_city": "a", "exempt_confirmed_by_builder": ""},
    )
    assert segments_of(ask(road))["lane"]["exempt"] is False


def test_a_box_with_its_lamps_out_is_one_incident(road):
    road.add("outages", *(out(road, lamp) for lamp in "012"))
    assert ask(road).extra["incidents"] == [
        {"power_box": "box", "street": None, "n_lamps": 4, "n_out": 3, "segments": ["road"]}
    ]


def test_the_longest_dark_walk_goes_on_past_a_junction(road):
    road.add(
        "segments",
        {"external_code": "next", "geom": shapely.LineString([spot(400), spot(600)])},
        source="more",
    )
    road.add("lamps", {"external_code": "next", "geom": spot(500, 5)}, source="more")
    road.add("outages", out(road, "3"), out(road, "next"), source="t2")
    walk = ask(road).extra
    assert walk["longest_dark_walk_m"] == pytest.approx(100 + 120, abs=1)
    assert set(walk["dark_walk_segments"]) == {"road", "next"}


def test_without_lamps_the_walk_and_the_rate_of_lamps_are_unknown(town):
    town.add("segments", {"geom": shapely.LineString([spot(0), spot(400)])})
    answer = ask(town)
    assert {"no_lamps", "no_rectifications"} <= codes_of(answer)
    assert answer.extra["longest_dark_walk_m"] is None
    assert {rate["value"] for rate in answer.extra["rates"]} == {None}
    assert answer.totals["n_lamps"] is None


def test_without_any_outage_in_the_store_nobody_knows_what_gives_light(road):
    answer = ask(road)
    segment = segments_of(answer)["road"]
    assert "no_outages" in codes_of(answer)
    assert (segment["n_lamps"], segment["n_out"], segment["dark_m"]) == (4, None, None)
    assert segment["status"] == "not_surveyed"
    assert {rate["value"] for rate in answer.extra["rates"]} == {None}
    assert (answer.totals["n_out"], answer.outside["outside"]) == (None, None)


def test_outages_far_from_every_segment_are_outside(road):
    started = {"started_at": road.day("2019-08-20")}
    road.add("outages", {"geom": spot(200, 500)} | started, {"geom": None} | started)
    assert ask(road).outside == {"outside": 1, "without_position": 1}


def test_with_a_grid_each_segment_names_its_cell(road):
    assert segments_of(ask(road))["road"]["cell"] is None
    assert segments_of(ask(road, grid="g"))["road"]["cell"] == "0-0"


def test_a_reader_sees_only_the_segments_in_scope(road):
    assert segments_of(ask(road, scope=road.scope("0-1"))) == {}
    assert set(segments_of(ask(road, scope=road.scope("0-0")))) == {"road", "lane"}


def test_rows_have_their_lines_in_order(road):
    answer = ask(road)
    lines = row_geometries(road.session, WHOLE_CITY, answer)
    assert list(lines.index) == ["lane", "road"]
    assert lines["road"].equals_exact(shapely.LineString([spot(0), spot(400)]), 1e-12)


def test_every_decision_is_known_with_its_values_and_answers_are_json(road):
    road.add(
        "outages", out(road, "0"), {"geom": spot(9, 900), "started_at": road.day("2019-08-20")}
    )
    answer = ask(road)
    for decision in answer.decisions:
        assert set(decision.values) == set(DECISIONS[decision.code])
    assert json.loads(json.dumps(answer.as_dict(), allow_nan=False)) == answer.as_dict()


@pytest.mark.parametrize("wrong", [{"max_gap_m": 0}, {"dark_threshold": 1.5}])
def test_a_measure_out_of_range_is_refused(wrong):
    with pytest.raises(WrongValueError, match=next(iter(wrong))):
        OutageQuestion(**wrong)
