"""Figures, rows and changes of the streets that were chosen are of the same streets."""

from datetime import date

import pytest
import shapely

from data.answers import OutageQuestion, compare, outages
from data.answers.figure_rows import figure_rows
from data.queries.figure_rows import Page
from data.queries.streetlights import owners_of_streets
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
CHOSEN = [
    ({"status": "dark"}, {"dark"}, set()),
    ({"status": "lit"}, {"lit"}, {"2", "3"}),
    ({"work": "handed_over"}, {"dark"}, set()),
    ({"work": "relit"}, {"lit"}, {"2", "3"}),
    ({"owner": "East"}, {"lit", "dark"}, {"2", "3"}),
    ({"owner": "East", "status": "dark"}, {"dark"}, set()),
    ({"owner": "West"}, set(), set()),
]


@pytest.fixture
def streets(town):
    """A dark street and a lit one, both of one owner, and a lane that nobody surveyed."""
    town.grid(1)
    ways = {"dark": 0.3, "lit": 0.0, "lane": -0.3}
    town.add(
        "segments",
        *(
            {
                "external_code": code,
                "geom": shapely.LineString([town.at(-0.4, y), town.at(0.4, y)]),
                "lamp_survey": "not_surveyed" if code == "lane" else "surveyed",
            }
            for code, y in ways.items()
        ),
    )
    beside = [(-0.1, 0.3), (0.1, 0.3), (-0.1, 0.0), (0.1, 0.0), (0.0, -0.45)]
    town.add("lamps", *({"geom": town.at(x, y)} for x, y in beside))
    town.add("outages", *({"lamp_code": c, "started_at": town.day("2019-08-20")} for c in "01"))
    found = {"found_at": town.day("2019-08-01"), "lead_party": "East"}
    town.add(
        "rectifications",
        found | {"segment_code": "dark", "state": "handed_over"},
        found | {"segment_code": "lit", "state": "closed", "closed_at": town.day("2019-08-05")},
    )
    return town


def ask(town, day=DAY, **chosen):
    question = OutageQuestion(as_of=day, window_days=30, max_gap_m=2_000, **chosen)
    return outages(town.session, WHOLE_CITY, question)


@pytest.mark.parametrize(("chosen", "codes", "lit"), CHOSEN)
def test_figures_and_their_rows_are_of_the_chosen_streets(streets, chosen, codes, lit):
    answer = ask(streets, **chosen)
    question = OutageQuestion(as_of=DAY, **chosen)
    rows = figure_rows(streets.session, WHOLE_CITY, question, "lamps_lit", Page())
    rates = {rate["name"]: rate for rate in answer.extra["rates"]}
    assert set(answer.rows["code"]) == codes
    assert answer.totals["n_segments"] == len(codes)
    assert {row["code"] for row in rows.items} == lit
    assert (rows.n, rows.n_rows) == (len(lit), len(lit))
    assert rates["lamps_lit"]["numerator"] == len(lit)


def test_the_boxes_of_chosen_streets_are_named(streets):
    streets.add("boxes", {"external_code": "A"}, {"external_code": "B"}, {"external_code": "C"})
    fed = {"0": "A", "1": "A", "2": "A", "3": "B"}
    streets.add("lamps", *({"external_code": lamp, "box_code": box} for lamp, box in fed.items()))
    boxes = {status: ask(streets, status=status).extra["boxes"] for status in ("dark", "lit")}
    assert boxes == {"dark": ["A"], "lit": ["A", "B"]}
    assert ask(streets).extra["boxes"] is None


@pytest.mark.parametrize(("chosen", "dark"), [({}, {"dark"}), ({"status": "lit"}, set())])
def test_dark_runs_are_of_the_chosen_streets(streets, chosen, dark):
    answer = ask(streets, **chosen)
    of_runs = answer.rows["code"].reindex(answer.drawn["dark_runs"]["segment"])
    assert set(of_runs) == dark


def test_the_longest_walk_is_along_chosen_streets(streets):
    everywhere = ask(streets).extra["longest_dark_walk_m"]
    assert ask(streets, status="dark").extra["longest_dark_walk_m"] == everywhere > 0
    assert ask(streets, status="lit").extra["longest_dark_walk_m"] == 0


def test_without_a_choice_lamps_beside_no_street_count_as_before(streets):
    assert ask(streets).extra["rates"][2]["denominator"] == 5


def test_a_street_chosen_on_either_day_is_compared_by_both(streets):
    early = date(2019, 8, 10)
    days = ask(streets, early, status="dark"), ask(streets, status="dark")
    whole = ask(streets, early), ask(streets)
    [row] = compare(*days, whole=whole)["rows"]
    assert (row["code"], row["before"], row["change"]) == ("dark", 0, "new")
    assert row["after"] > 0


def test_the_choice_is_in_the_decision_log(streets):
    told = {one.code: one.values for one in ask(streets, owner="East", work="relit").decisions}
    assert told["only_owner"] == {"owner": "East"}
    assert told["only_work"] == {"work": "relit"}


def test_owners_to_choose_from_are_those_of_streets(streets):
    assert owners_of_streets(streets.session, WHOLE_CITY) == ["East"]


def test_who_sees_no_cell_of_a_street_is_not_told_its_owner(streets):
    assert owners_of_streets(streets.session, streets.scope("0-0")) == ["East"]
    assert owners_of_streets(streets.session, streets.scope()) == []


@pytest.mark.parametrize("wrong", [{"status": "off"}, {"work": "done"}])
def test_a_word_that_no_street_has_is_refused(wrong):
    with pytest.raises(WrongValueError, match=next(iter(wrong))):
        OutageQuestion(**wrong)
