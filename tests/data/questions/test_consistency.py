from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import shapely

from data.answers.consistency import CHECKS, consistency
from data.models import Publication, Sanction, Unit
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)


def checks_of(town, scope=WHOLE_CITY):
    return {one["code"]: one for one in consistency(town.session, scope, DAY).as_dict()["checks"]}


def line(town, row):
    return shapely.LineString([town.at(0, row / 10), town.at(0.9, row / 10)])


@pytest.fixture
def wrong(town):
    """A town in which every check finds one row that does not fit."""
    town.grid(1)
    found = town.day("2019-08-01")
    town.add(
        "units",
        {"name": "a", "geom": town.at(0), "registered_on": date(2019, 7, 10)},
        {"name": "b", "geom": town.at(0), "registered_on": date(2010, 1, 1)},
    )
    weeks = {0: "2019-07-02", 1: "2019-07-09", 2: "2019-07-16", 3: "2019-07-23"}
    visits = [
        {"external_code": f"v{week}-{n}", "unit_code": "1", "inspected_at": town.day(day)}
        for week, day in weeks.items()
        for n in range(30)
    ]
    early = {"external_code": "early", "unit_code": "0", "inspected_at": town.day("2019-06-30")}
    town.add("inspections", *visits, early)
    town.add(
        "hazards",
        *(
            {"external_code": f"h{week}", "found_at": found, "inspection_code": f"v{week}-0"}
            | {"geom": town.at(0), "level": "general", "count": 120 if week == 3 else 30}
            for week in weeks
        ),
        {"external_code": "odd", "found_at": found, "native_level": "三级", "geom": town.at(0)},
    )
    town.add(
        "segments",
        {"external_code": "s", "geom": line(town, 1), "lamp_survey": "surveyed"},
        {"external_code": "bare", "geom": line(town, 3), "lamp_survey": "no_lamp"},
        {"external_code": "blank", "geom": line(town, 4), "lamp_survey": "not_surveyed"},
    )
    town.add("handovers", {"segment_code": "bare", "handed_over_on": date(2015, 1, 1)})
    signed = {"exempt_confirmed_by_city": "office", "exempt_confirmed_by_builder": "builder"}
    work = {"found_at": found}
    town.add(
        "rectifications",
        work | {"external_code": "w0", "segment_code": "s"},
        work | {"external_code": "w1", "segment_code": "bare", "cause": "no_power"} | signed,
        work
        | {"external_code": "w2", "hazard_code": "h0", "state": "closed"}
        | {"closed_at": town.day("2019-08-20")},
    )
    unit = town.session.query(Unit).first()
    town.session.add(
        Sanction(
            source="t",
            external_code="fine",
            unit_id=unit.id,
            kind="fine",
            issued_on=date(2019, 8, 9),
            fine_yuan=Decimal(100),
        )
    )
    for number, total in enumerate((9, 7), 1):
        town.session.add(
            Publication(
                kind="weekly",
                number=number,
                cut_off_at=datetime(2019, 8, number, tzinfo=UTC),
                issued_at=datetime(2019, 8, number, tzinfo=UTC),
                figures={"facts": {"totals": {"n_items": total}}},
                drafted_by="a",
                checked_by="b",
                signed_by="c",
            )
        )
    town.session.flush()
    return town


EXPECTED = {
    "causes_are_known": ["w0"],
    "exemption_is_no_cause": ["w1"],
    "register_shows_causes": ["w1"],
    "levels_are_mapped": ["odd"],
    "visits_are_of_registered_units": ["early"],
    "totals_never_fall": [2],
    "hazards_per_visit_do_not_jump": ["2019-07-22"],
    "lamps_are_surveyed": ["blank"],
    "no_lamp_is_not_an_outage": ["bare"],
    "work_ends_with_its_hazard": ["w2"],
    "sanctions_have_numbers": ["fine"],
}


def test_every_check_shows_the_rows_that_do_not_fit(wrong):
    checks = checks_of(wrong)
    assert {code: [row["code"] for row in one["rows"]] for code, one in checks.items()} == EXPECTED
    assert {one["finding"] for one in checks.values()} == {"differs"}
    assert list(checks) == list(CHECKS)
    assert {code: tuple(one["values"]) for code, one in checks.items()} == CHECKS


def test_a_bulletin_that_was_corrected_is_not_held_against_its_correction(wrong):
    first = wrong.session.query(Publication).order_by(Publication.number).first()
    copied = {"cut_off_at": first.cut_off_at, "issued_at": first.issued_at}
    figures = {"facts": {"totals": {"n_items": 7}}}
    wrong.session.add(
        Publication(kind="weekly", number=3, corrects_id=first.id, figures=figures, **copied)
    )
    wrong.session.flush()
    assert checks_of(wrong)["totals_never_fall"]["finding"] == "fits"


def test_a_town_without_ledgers_has_nothing_that_does_not_fit(town):
    checks = checks_of(town)
    assert "differs" not in {one["finding"] for one in checks.values()}
    unknown = {code for code, one in checks.items() if one["finding"] == "unknown"}
    assert unknown == {
        "causes_are_known",
        "exemption_is_no_cause",
        "register_shows_causes",
        "totals_never_fall",
        "hazards_per_visit_do_not_jump",
        "sanctions_have_numbers",
    }


def test_a_reader_sees_only_rows_of_the_own_cells(wrong):
    wrong.grid(2, code="other")
    checks = checks_of(wrong, wrong.scope("0-1"))
    assert checks["levels_are_mapped"]["rows"] == ()
    assert checks["causes_are_known"]["rows"] == ()
