import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest
import shapely
from sqlalchemy import select

from data.answers.bulletins import KINDS, BulletinQuestion, bulletin, coarsest_grid, window_of
from data.cities import the_city
from data.clock import tell_time
from data.grids import GridHead, load_grid
from data.models import Party, Sanction, Submission, Unit
from data.sanctions import load_sanctions
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
WEEKLY = BulletinQuestion("weekly", DAY)


def ask(town, question=WEEKLY, scope=WHOLE_CITY):
    return bulletin(town.session, scope, question)


def add_items(town, *rows):
    """Put each item on a road of its own, in the cell of its number."""
    lines = [
        shapely.LineString([town.at(n % 3), shapely.Point(town.at(n % 3).x + 1e-3, 0.005)])
        for n in range(len(rows))
    ]
    town.add("segments", *({"external_code": f"s{n}", "geom": g} for n, g in enumerate(lines)))
    town.add("rectifications", *({"segment_code": f"s{n}"} | row for n, row in enumerate(rows)))


def item(town, owner, found="2019-08-10", closed=None, due="2019-08-20", **columns):
    return {
        "lead_party": owner,
        "found_at": town.day(found),
        "due_on": date.fromisoformat(due),
        "closed_at": closed and town.day(closed, 12),
        "state": "closed" if closed else "handed_over",
        **columns,
    }


@pytest.fixture
def working(town):
    """Three cells and four items: two closed, one of them this week; one late; one exempt."""
    town.grid(3)
    signed = {"exempt_confirmed_by_city": "a", "exempt_confirmed_by_builder": "b"}
    add_items(
        town,
        item(town, "east", closed="2019-08-15"),
        item(town, "east", closed="2019-08-29"),
        item(town, "west", person="Li"),
        item(town, "west", state="exempt", **signed),
    )
    return town


@pytest.fixture
def report(town):
    """Write down that a party reported for a period."""

    def write(name, state, start, end, at):
        party = town.session.scalar(select(Party).where(Party.code == name)) or Party(
            code=name, name=name
        )
        town.session.add(party)
        town.session.flush()
        told = {"subject": "daily", "state": state, "submitted_at": town.day(at)}
        days = {"period_start": date.fromisoformat(start), "period_end": date.fromisoformat(end)}
        town.session.add(Submission(party_id=party.id, **told, **days))
        town.session.flush()

    return write


def test_a_bulletin_has_its_figures_with_all_they_are_made_of(working):
    facts = ask(working)
    assert [facts["totals"][name] for name in ("n_items", "n_found", "n_closed", "n_overdue")] == [
        *(4, 3, 2, 1)
    ]
    completion = facts["rates"][0]
    assert (completion["numerator"], completion["denominator"], completion["excluded"]) == (2, 3, 1)
    assert (facts["day"], facts["since"], facts["cut_off"]) == (
        *("2019-08-31", "2019-08-25", "2019-08-31"),
    )


def test_it_tells_what_changed_since_the_window_began(working):
    facts = ask(working)
    assert (facts["changes"]["fixed"], facts["changes"]["n_open_after"]) == (1, 1)
    assert facts["before"]["day"] == "2019-08-24"
    assert facts["before"]["completion"]["value"] == 1 / 3


def test_late_items_are_named_with_who_must_fix_them(working):
    (late,) = ask(working)["late"]
    assert (late["thing_code"], late["owner_name"], late["person"], late["days_left"]) == (
        *("s2", "west", "Li", -11),
    )


def test_each_cell_has_its_figures_and_its_outline(working):
    facts = ask(working)
    assert facts["grid"] == {"code": "g", "name": "Grid"}
    figures = [(row["code"], row["n_found"], row["n_closed"]) for row in facts["cells"]]
    assert sorted(figures) == [("0-0", 1, 1), ("0-1", 1, 1), ("0-2", 1, 0)]
    assert [one["code"] for one in facts["outlines"]] == ["0-0", "0-1", "0-2"]
    assert facts["outside"] == 0


def test_segments_are_told_apart_and_without_any_nothing_is(working):
    assert ask(working)["segments"]["rates"][2]["denominator"] == 4
    early = replace(WEEKLY, as_of=date(2019, 8, 1))
    assert ask(working, early)["segments"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_bulletin_is_plain_json(working, kind):
    facts = ask(working, BulletinQuestion(kind, DAY))
    assert json.loads(json.dumps(facts)) == facts


def test_windows_are_a_day_three_a_week_and_the_month_so_far():
    assert [window_of(kind, date(2019, 8, 17)) for kind in KINDS] == [1, 3, 7, 17]


def test_a_moment_cuts_off_at_that_moment(working):
    question = replace(WEEKLY, as_of=datetime(2019, 8, 29, 2, 30, tzinfo=UTC))
    facts = ask(working, question)
    assert facts["cut_off"] == "2019-08-29T10:30+08:00"
    assert facts["totals"]["n_closed"] == 1


def test_districts_are_told_before_squares_and_few_cells_before_many(town):
    assert coarsest_grid(town.session, WHOLE_CITY) is None
    town.grid(3, code="fine")
    town.grid(2, code="coarse")
    assert coarsest_grid(town.session, WHOLE_CITY) == "coarse"
    districts = {"external_code": ["a", "b", "c", "d"]}
    boxes = [shapely.box(3 + n, 0, 4 + n, 1) for n in range(4)]
    head = GridHead("districts", "Districts", "administrative")
    load_grid(town.session, head, pd.DataFrame(districts | {"geom": boxes}), source="t")
    assert coarsest_grid(town.session, WHOLE_CITY) == "districts"


def test_a_town_without_a_grid_has_no_cells(town):
    add_items(town, item(town, "east"))
    facts = ask(town)
    assert (facts["grid"], facts["cells"], facts["outlines"]) == (None, [], [])


def test_what_nobody_ever_recorded_is_unknown(working):
    facts = ask(working)
    unknown = ("visits", "hazards", "sanctions", "submissions")
    assert [facts[name] for name in unknown] == [None] * 4
    assert "visits" not in ask(working, BulletinQuestion("ranking", DAY))


def test_visits_and_units_are_counted_apart_and_hazards_as_reported(town):
    town.add("units", {"name": "a"}, {"name": "b"})
    made = ("2019-08-01", "2019-08-30", "2019-08-31", "2019-09-01")
    town.add("inspections", *({"unit_code": "0", "inspected_at": town.day(d)} for d in made))
    found = {"found_at": town.day("2019-08-30"), "level": "general"}
    town.add(
        "hazards",
        found | {"count": 3, "inspection_code": "1"},
        found | {"level": "major"},
        found | {"found_at": town.day("2019-09-01")},
    )
    facts = ask(town)
    assert facts["visits"] == {"n_visits": 2, "n_units": 1}
    assert facts["hazards"] == {
        "n_hazards": 4,
        "n_major": 1,
        "n_larger": 0,
        "n_general": 3,
        "n_by_visits": 3,
    }


def test_a_day_without_visits_in_a_ledger_of_visits_had_none(town):
    town.add("units", {"name": "a"})
    town.add("inspections", {"unit_code": "0", "inspected_at": town.day("2019-07-01")})
    town.add("hazards", {"found_at": town.day("2019-07-01")})
    facts = ask(town)
    assert facts["visits"] == {"n_visits": 0, "n_units": 0}
    assert facts["hazards"]["n_hazards"] == 0


def test_sanctions_are_counted_and_fines_added_up(town):
    town.add("units", {"name": "a"})
    unit = town.session.scalar(select(Unit.id))
    for number, (kind, day, fine) in enumerate(
        [("fine", DAY, Decimal("65600.50")), ("order", DAY, None), ("fine", date(2019, 9, 1), None)]
    ):
        told = {"source": "t", "external_code": str(number), "unit_id": unit}
        town.session.add(Sanction(kind=kind, issued_on=day, fine_yuan=fine, **told))
    facts = ask(town)["sanctions"]
    assert (facts["fine"], facts["order"], facts["fine_yuan"]) == (1, 1, "65600.50")
    early = ask(town, replace(WEEKLY, as_of=date(2019, 8, 1)))
    assert early["sanctions"] is None


def test_orders_without_a_fine_have_no_amount_that_is_known(town):
    town.add("units", {"name": "a"})
    unit = town.session.scalar(select(Unit.id))
    told = {"source": "t", "external_code": "1", "unit_id": unit}
    town.session.add(Sanction(kind="order", issued_on=DAY, **told))
    assert ask(town)["sanctions"]["fine_yuan"] is None


def test_who_did_not_report_is_missing_and_not_zero(town, report):
    report("east", "reported", "2019-08-31", "2019-08-31", "2019-08-31")
    report("west", "zero_report", "2019-08-31", "2019-08-31", "2019-08-31")
    report("north", "reported", "2019-08-30", "2019-08-30", "2019-08-30")
    report("south", "reported", "2019-08-31", "2019-08-31", "2019-09-02")
    assert ask(town, BulletinQuestion("daily", DAY))["submissions"] == {
        "reported": ["east"],
        "zero_report": ["west"],
        "missing": ["north"],
    }


@pytest.mark.parametrize(
    ("as_of", "known_at", "state"),
    [
        ("2019-09-01", None, "zero_report"),
        ("2019-09-03", "2019-09-01", "zero_report"),
        ("2019-09-03", "2019-09-10", "reported"),
        ("2019-09-05", None, "missing"),
    ],
)
def test_of_one_period_the_last_report_counts(town, report, as_of, known_at, state):
    report("east", "zero_report", "2019-08-31", "2019-09-05", "2019-08-31")
    report("east", "reported", "2019-08-31", "2019-09-04", "2019-09-02")
    known = None if known_at is None else town.day(known_at)
    question = BulletinQuestion("daily", date.fromisoformat(as_of), known_at=known)
    assert ask(town, question)["submissions"][state] == ["east"]


def test_a_ranking_comes_out_as_it_was_known(working):
    the_city(working.session).simulated = True
    now = working.session.connection().exec_driver_sql("SELECT clock_timestamp()").scalar()
    question = BulletinQuestion("ranking", DAY, known_at=now)
    published = ask(working, question)
    assert published["totals"]["n_closed"] == 2
    tell_time(working.session, datetime(2040, 1, 1, tzinfo=UTC))
    closed = item(working, "west", closed="2019-08-30")
    working.add("rectifications", {"external_code": "2", "segment_code": "s2"} | closed)
    assert ask(working, question) == published
    assert ask(working, replace(question, known_at=None))["totals"]["n_closed"] == 3


def test_a_reader_is_told_of_the_cells_in_view(working):
    facts = ask(working, scope=working.scope("0-1"))
    assert [one["code"] for one in facts["outlines"]] == ["0-1"]
    assert facts["totals"]["n_items"] == 1
    assert facts["outside"] is None


def test_a_suspension_that_was_ended_later_was_known_before(town):
    the_city(town.session).simulated = True
    town.add("units", {"name": "a", "recorded_at": town.day("2019-08-01")})
    told = {"external_code": "1", "unit_code": "0", "kind": "suspension", "issued_on": DAY}
    for recorded_at, resumed_on in (("2019-09-01", None), ("2019-09-09", date(2019, 9, 8))):
        row = told | {"resumed_on": resumed_on, "recorded_at": town.day(recorded_at)}
        load_sanctions(town.session, pd.DataFrame([row]), source="t")
    known = BulletinQuestion("daily", DAY, known_at=town.day("2019-09-05"))
    assert ask(town, known)["sanctions"]["suspension"] == 1


def test_sanctions_and_reports_come_out_as_they_were_known(town, report):
    town.add("units", {"name": "a", "recorded_at": town.day("2019-08-01")})
    unit = town.session.scalar(select(Unit.id))
    late = {"issued_on": DAY, "recorded_at": town.day("2019-09-09"), "kind": "order"}
    told = {"source": "t", "external_code": "1", "unit_id": unit}
    town.session.add(Sanction(**late, **told))
    report("east", "reported", "2019-08-31", "2019-08-31", "2019-08-31")
    known = BulletinQuestion("daily", DAY, known_at=town.day("2019-08-30"))
    facts = ask(town, known)
    assert (facts["sanctions"], facts["submissions"]) == (None, None)
    later = ask(town, replace(known, known_at=town.day("2019-09-10")))
    assert (later["sanctions"]["order"], later["submissions"]["reported"]) == (1, ["east"])
