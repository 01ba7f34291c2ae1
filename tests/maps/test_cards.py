import pytest

from maps.cards import headline, is_silent, path, prepare
from maps.layers import DECLARED

ANSWER = {
    "as_of": "2019-08-31",
    "window_days": 30,
    "data_until": "2019-08-31",
    "outside": {"outside": 2, "without_position": 3},
    "totals": {
        "n_hazards": 20,
        "by_level": {"general": 17, "major": 3, "larger": 0, "ungraded": 0},
        "n_hot": 1,
        "n_cells": 9,
        "n_open": 4,
        "n_closing_unknown": 6,
        "n_out": 5,
        "n_lamps": None,
    },
    "cells": [],
    "rates": [{"name": "completion", "numerator": 339, "denominator": 339}],
}
CARDS = {card.key: card for declared in DECLARED.values() for card in declared.cards}


def card(key, language="zh", **changes):
    return headline(CARDS[key], prepare(ANSWER | changes), language)


def test_a_number_has_its_unit_and_its_levels():
    found = card("hazards_found")
    assert (found.value, found.base, found.more) == ("20", "处", "重大\u00a03 · 一般\u00a017")


def test_a_part_has_its_whole():
    found = card("hot_cells")
    assert (found.value, found.base) == ("1", "/ 9 个")


def test_a_share_has_both_of_its_counts():
    found = card("completion")
    assert (found.value, found.base) == ("100.0%", "339 / 339 段")


@pytest.mark.parametrize("denominator", [0, None])
def test_a_share_of_nothing_is_unknown(denominator):
    rates = [{"name": "completion", "numerator": 0, "denominator": denominator}]
    found = card("completion", rates=rates)
    assert (found.value, found.base) == ("未知", "")


def test_what_a_count_leaves_open_is_said_beside_it():
    assert card("open").more == "另有 6 处来源不记销号"
    assert card("open", totals=ANSWER["totals"] | {"n_closing_unknown": 0}).more == ""


def test_hazards_outside_the_cells_are_parts_of_all():
    found = card("not_placed")
    assert (found.value, found.base) == ("5", "/ 25 处")


def test_without_an_inventory_places_are_counted():
    assert card("out_now").base == "处"
    assert card("out_now", totals=ANSWER["totals"] | {"n_lamps": 100}).base == "盏"


def test_an_unknown_number_has_no_unit():
    found = card("out_now", totals={"n_out": None})
    assert (found.value, found.base) == ("未知", "")


def test_where_a_ledger_is_silent_a_zero_is_unknown():
    silent = {"data_until": "2019-08-01", "totals": ANSWER["totals"] | {"n_open": 0}}
    assert is_silent(ANSWER | silent)
    assert card("open", **silent).value == "未知"
    assert not is_silent(ANSWER | {"data_until": None})


def test_a_flag_is_no_zero():
    silent = ANSWER | {"data_until": "2019-01-01", "cells": [{"exempt": False, "n_out": 0}]}
    assert prepare(silent)["rows"] == [{"exempt": False, "n_out": None}]


def test_a_path_that_leads_nowhere_is_none():
    assert path(ANSWER, "totals.n_hot") == 1
    assert path(ANSWER, "totals.n_hot.more") is None
    assert path(ANSWER, None) is None
