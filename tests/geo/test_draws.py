from collections import Counter

import pandas as pd
import pytest

from geo.draws import draw_order, draw_share, draw_teams
from geo.errors import WrongValueError

CODES = pd.Series([f"R{number:03d}" for number in range(100)])
CELLS = pd.Series(["a"] * 61 + ["b"] * 38 + [None])


def test_a_draw_is_the_same_whatever_the_order_of_the_rows():
    shuffled = CODES.sample(frac=1, random_state=1)
    drawn = draw_share(CODES, CELLS, 0.1, 7)
    again = draw_share(shuffled, CELLS.reindex(shuffled.index), 0.1, 7)
    assert set(CODES[drawn]) == set(shuffled[again])


def test_each_stratum_gives_its_share_rounded_up():
    drawn = draw_share(CODES, CELLS, 0.1, 7)
    assert CELLS[drawn].fillna("none").value_counts().to_dict() == {"a": 7, "b": 4, "none": 1}


def test_a_share_of_round_numbers_is_not_rounded_up():
    assert draw_share(CODES, CODES.str[:1], 0.07, 7).sum() == 7


def test_another_seed_draws_others_and_each_code_is_as_likely_as_any():
    drawn = Counter(code for seed in range(500) for code in draw_order(CODES, seed)[:10])
    assert len(drawn) == 100
    # Binomial with n = 500 and p = 0.1: five standard deviations are 34.
    assert max(abs(n - 50) for n in drawn.values()) < 34


def test_the_order_of_a_seed_is_the_one_of_sha256sum():
    assert draw_order(["U1", "U2", "U3", "U4", "U5"], 2019) == ["U2", "U5", "U3", "U1", "U4"]


def test_everything_is_drawn_by_a_share_of_one_and_nothing_of_nothing():
    assert draw_share(CODES, CELLS, 1, 7).all()
    assert draw_share(CODES[:0], CELLS[:0], 0.5, 7).tolist() == []


@pytest.mark.parametrize("share", [0, -0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(WrongValueError, match="share"):
        draw_share(CODES, CELLS, share, 7)


def test_teams_are_drawn_on_both_sides_and_the_work_is_even():
    persons = ["Li", "Wang", "Zhao", "Sun", "Zhou"]
    teams = draw_teams(CODES, persons, 12, 2, 7)
    assert len({unit for unit, _ in teams}) == 12
    assert all(len(set(team)) == 2 for _, team in teams)
    shares = Counter(person for _, team in teams for person in team)
    assert max(shares.values()) - min(shares.values()) <= 1


@pytest.mark.parametrize(("n_units", "team_size"), [(101, 2), (0, 2), (5, 6), (5, 0)])
def test_too_few_of_either_side_are_refused(n_units, team_size):
    with pytest.raises(WrongValueError):
        draw_teams(CODES, ["Li", "Wang"], n_units, team_size, 7)
