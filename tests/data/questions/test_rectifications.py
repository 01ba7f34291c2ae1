from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely

from data.answers import RectificationQuestion, rectifications
from data.answers.item_changes import CHANGES, item_changes
from data.cities import create_city, the_city
from data.clock import tell_time
from data.queries.rectifications import work_items
from data.scope import WHOLE_CITY
from data.workflow import OPEN, Brought
from geo.errors import WrongValueError
from geo.periods import Period
from tests.data.workflow.replays import START, replay
from tests.data.workflow.scenes import FILE, SINCE, Scene, stage, take

pytestmark = pytest.mark.db

CITY = "Asia/Shanghai"
DAY = date(2019, 8, 31)
SAID = {"state": "state", "owner": "lead_party", "person": "person", "due_on": "due_on"}
"""Column of the items -> its name in the diary."""

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def ask(town, scope=WHOLE_CITY, **choices):
    question = RectificationQuestion(**{"as_of": DAY, **choices})
    return rectifications(town.session, scope, question).as_dict()


def rows_of(answer):
    return {row["code"]: row for row in answer.get("parties", answer.get("cells"))}


def rate_of(answer, name):
    return next(rate for rate in answer["rates"] if rate["name"] == name)


def item(owner, found="2019-08-01", closed=None, due=None, **columns):
    """A row of a ledger: closed when a day is given, else handed over."""
    return {
        "lead_party": owner,
        "found_at": found,
        "closed_at": closed,
        "due_on": due,
        "state": "handed_over" if closed is None else "closed",
        **columns,
    }


def add_items(town, *rows):
    """Put every item on a road segment of its own."""
    lines = [shapely.LineString([(3, y), (3.01, y)]) for y in (n * 1e-3 for n in range(len(rows)))]
    town.add("segments", *({"external_code": f"s{n}", "geom": g} for n, g in enumerate(lines)))
    dated = [
        row
        | {
            "segment_code": f"s{n}",
            "found_at": town.day(row["found_at"]),
            "closed_at": row["closed_at"] and town.day(row["closed_at"], 12),
            "due_on": row["due_on"] and date.fromisoformat(row["due_on"]),
        }
        for n, row in enumerate(rows)
    ]
    town.add("rectifications", *dated)


@pytest.fixture(scope="module")
def moments():
    """Thirty pairs of a day and a moment of knowledge."""
    hours = np.random.default_rng(19).uniform(0, 400, (30, 2)).tolist()
    return [
        ((START + timedelta(hours=day)).date(), START + timedelta(hours=known))
        for day, known in hours
    ]


def test_items_stood_as_a_plain_diary_tells(session, moments):
    create_city(session, "test", name="Test", timezone=CITY, simulated=True)
    diary = replay(session, n_items=12, n_steps=200, seed=5)
    assert len({entry.told["state"] for entry in diary.entries}) > 8
    for day, known_at in [*moments, (DAY, LATER), (date(2019, 8, 7), LATER)]:
        period = Period(day, 1, CITY)
        stood = work_items(session, WHOLE_CITY, period, known_at=known_at)
        told = diary.told_of(period.end, known_at)
        assert sorted(stood.index) == sorted(told)
        for number, row in stood.iterrows():
            said = {name: None if pd.isna(row[name]) else row[name] for name in SAID}
            said["due_on"] = said["due_on"] and said["due_on"].date()
            assert said == {name: told[number].get(SAID[name]) for name in SAID}


def test_open_before_and_what_changed_add_up_to_open_after(session):
    create_city(session, "test", name="Test", timezone=CITY, simulated=True)
    diary = replay(session, n_items=8, n_steps=300, seed=6)
    met = Counter()
    for before, day in ((1, 5), (3, 9), (5, 16), (9, 22)):
        days = [date(2019, 8, before), date(2019, 8, day)]
        question = RectificationQuestion(as_of=days[1])
        changes = item_changes(session, WHOLE_CITY, question, days[0]).as_dict()
        told = [diary.told_of(Period(one, 1, CITY).end, LATER).values() for one in days]
        totals = changes["totals"]
        n_open = [sum(of_item["state"] in OPEN for of_item in of_day) for of_day in told]
        assert n_open == [totals["n_open_before"], totals["n_open_after"]]
        came, went = totals["new"] + totals["reopened"], totals["fixed"] + totals["taken_off"]
        assert totals["n_open_before"] + came - went == totals["n_open_after"]
        for group in changes["groups"]:
            assert group["n_open_before"] + group["new"] + group["reopened"] == (
                group["n_open_after"] + group["fixed"] + group["taken_off"]
            )
        met.update({name: totals[name] for name in CHANGES})
    assert all(met[name] for name in CHANGES), met


def test_an_act_dated_before_one_that_left_the_state_alone_counts_from_its_own_day(session):
    create_city(session, "test", name="Test", timezone=CITY, simulated=True)
    scene = Scene({"state": "handed_over", "found_at": SINCE, "lead_party": "east"}, Brought())
    number = stage(session, scene)
    tell_time(session, datetime(2019, 8, 12, tzinfo=UTC))
    shown = Brought(by="Li", at=datetime(2019, 8, 11, tzinfo=UTC), evidence=(FILE,))
    take(session, number, "show", shown)
    claimed = Brought(at=datetime(2019, 8, 9, tzinfo=UTC), columns={"person": "Li"})
    take(session, number, "claim", claimed)
    stood = work_items(session, WHOLE_CITY, Period(date(2019, 8, 10), 1, CITY))
    assert stood["state"].tolist() == ["claimed"]


def test_what_became_overdue_is_among_what_changed(town):
    add_items(town, item("east", due="2019-08-10"))
    question = RectificationQuestion(as_of=date(2019, 8, 11))
    changes = item_changes(town.session, WHOLE_CITY, question, date(2019, 8, 9)).as_dict()
    assert [(row["code"], row["worse"]) for row in changes["items"]] == [("0", True)]


def test_changes_are_refused_backwards(town):
    with pytest.raises(WrongValueError, match="earlier"):
        item_changes(town.session, WHOLE_CITY, RectificationQuestion(as_of=DAY), DAY)


def test_a_correction_changes_the_past_as_of_now_and_not_as_it_was_known(town):
    the_city(town.session).simulated = True
    closed = item("east", closed="2019-08-10")
    day = {"as_of": date(2019, 8, 12)}
    add_items(town, closed | {"due_on": "2019-08-09", "recorded_at": town.day("2019-08-11")})
    published = ask(town, **day)
    tell_time(town.session, town.day("2019-08-20"))
    add_items(town, closed | {"due_on": "2019-08-10"})
    as_known = ask(town, known_at=town.day("2019-08-13"), **day)
    assert [rate_of(published, "on_time")["numerator"], rate_of(ask(town, **day), "on_time")] == [
        0,
        rate_of(published, "on_time") | {"numerator": 1, "value": 1.0},
    ]
    assert as_known["rates"] == published["rates"]
    assert "known_at" in {decision["code"] for decision in as_known["decisions"]}


def test_completion_leaves_out_what_is_exempt_or_transferred(town):
    signed = {"exempt_confirmed_by_city": "office", "exempt_confirmed_by_builder": "builder"}
    add_items(
        town,
        item("east", closed="2019-08-10"),
        item("east"),
        item("east", **signed) | {"state": "exempt"},
        item("east") | {"state": "transferred"},
    )
    answer = ask(town)
    assert rate_of(answer, "completion") == {
        "name": "completion",
        "numerator": 1,
        "denominator": 2,
        "excluded": 2,
        "value": 0.5,
    }
    assert rate_of(answer, "segments_relit")["denominator"] == 4
    assert {"exempt_items", "transferred_items"} <= {d["code"] for d in answer["decisions"]}


def test_an_exemption_that_one_side_confirmed_leaves_the_item_open(town):
    add_items(town, item("east", exempt_confirmed_by_city="office") | {"state": "exempt"})
    totals = ask(town)["totals"]
    assert (totals["n_open"], totals["n_exempt"], totals["n_found"]) == (1, 0, 1)


def test_open_items_past_their_day_are_in_the_on_time_rate(town):
    add_items(
        town,
        item("east", closed="2019-08-10", due="2019-08-10"),
        item("east", closed="2019-08-11", due="2019-08-10"),
        item("east", due="2019-08-30"),
        item("east", due="2019-08-31"),
        item("east"),
    )
    answer = ask(town)
    assert (rate_of(answer, "on_time")["numerator"], rate_of(answer, "on_time")["denominator"]) == (
        1,
        3,
    )
    assert answer["totals"]["n_overdue"] == 1
    assert answer["totals"]["n_without_limit"] == 1


def test_what_is_closed_later_was_open_before(town):
    add_items(town, item("east", closed="2019-08-20"))
    answer = ask(town, as_of=date(2019, 8, 19))
    assert answer["totals"]["by_state"]["found"] == answer["totals"]["n_open"] == 1
    assert ask(town, as_of=date(2019, 8, 20))["totals"]["n_closed"] == 1


def test_what_is_found_later_is_not_there_yet(town):
    add_items(town, item("east", found="2019-08-20"))
    assert ask(town, as_of=date(2019, 8, 19))["totals"]["n_items"] == 0


def test_a_group_moves_up_and_a_small_one_is_not_ranked(town):
    early = [item("east", closed="2019-08-10") for _ in range(10)]
    late = [item("west", closed="2019-08-31") for _ in range(11)]
    add_items(town, *early, item("east"), *late, item("north", closed="2019-08-10"))
    rows = rows_of(ask(town))
    assert [(code, row["rank"], row["movement"]) for code, row in rows.items()] == [
        ("west", 1, 1),
        ("east", 2, -1),
        ("north", None, None),
    ]
    assert (rows["west"]["n_closed_lately"], rows["east"]["n_open"]) == (11, 1)
    assert rows["west"]["completion"] == 1


def test_cells_are_ranked_by_what_lies_in_them(town):
    town.grid(1)
    add_items(town, item("east", closed="2019-08-10"), item("west"))
    answer = ask(town, grid="g", by="cell")
    assert rows_of(answer)["0-0"]["n_found"] == 2
    assert answer["outside"]["outside"] == 0


def test_items_without_a_leading_party_are_counted_and_not_ranked(town):
    add_items(town, item(None), item("east"))
    answer = ask(town)
    assert list(rows_of(answer)) == ["east"]
    assert answer["outside"]["outside"] == 1
    assert answer["totals"]["n_items"] == 2


def test_a_reader_sees_what_lies_in_the_cells_of_the_scope(town):
    town.grid(2)
    town.add("hazards", {"geom": town.at(0), "found_at": town.day("2019-08-01")})
    town.add(
        "rectifications",
        item("east") | {"hazard_code": "0", "found_at": town.day("2019-08-01"), "due_on": None},
    )
    assert ask(town, town.scope("0-0"))["totals"]["n_items"] == 1
    unseen = ask(town, town.scope("0-1"))
    assert unseen["totals"]["n_items"] == 0
    assert unseen["outside"]["outside"] is None


def test_without_items_every_rate_is_unknown(town):
    answer = ask(town, about="hazard")
    assert {rate["value"] for rate in answer["rates"]} == {None}
    assert "no_work_items" in {decision["code"] for decision in answer["decisions"]}


@pytest.mark.parametrize(
    "choices",
    [
        {"by": "street"},
        {"about": "lamp"},
        {"by": "cell"},
        {"known_at": datetime(2019, 8, 1)},  # noqa: DTZ001
    ],
)
def test_wrong_choices_are_refused(choices):
    with pytest.raises(WrongValueError):
        RectificationQuestion(**choices)
