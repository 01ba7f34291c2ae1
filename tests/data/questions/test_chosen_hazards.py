"""Cells, points and rows of the hazards that were chosen are the same hazards."""

from datetime import date

import pyogrio
import pytest

from data.answers import HotspotQuestion, hotspots
from data.answers.figure_rows import figure_rows
from data.queries.figure_rows import Page
from data.queries.hazards import choices_of_hazards
from data.queries.places import resolve_period
from data.queries.tiles import TileRequest, tile
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
CHOSEN = [
    ({"sector": "餐饮"}, {"0", "1"}),
    ({"state": "open"}, {"0"}),
    ({"state": "closed"}, {"1"}),
    ({"state": "unknown"}, {"2"}),
    ({"level": "major"}, {"0", "2"}),
    ({"level": "major", "sector": "餐饮"}, {"0"}),
    ({"source": "t"}, {"0", "1", "2"}),
    ({"source": "x"}, set()),
]


@pytest.fixture
def few(town):
    """Three hazards: one open and one closed in a restaurant, one of which nobody knows."""
    town.grid(1)
    town.add("units", {"name": "u", "sector": "餐饮", "geom": town.at(0)})
    found = {"geom": town.at(0), "found_at": town.day("2019-08-20")}
    town.add(
        "hazards",
        found | {"unit_code": "0", "level": "major"},
        found | {"unit_code": "0", "level": "general", "closed_at": town.day("2019-08-25")},
        found | {"level": "major", "closing_known": False},
    )
    return town


def drawn(session, request):
    period = resolve_period(session, request.as_of, request.window_days)
    return tile(session, WHOLE_CITY, request, period)


@pytest.mark.parametrize(("chosen", "codes"), CHOSEN)
def test_cells_points_and_rows_agree_on_what_was_chosen(few, tmp_path, chosen, codes):
    question = HotspotQuestion("g", as_of=DAY, window_days=30, **chosen)
    totals = hotspots(few.session, WHOLE_CITY, question).totals
    rows = figure_rows(few.session, WHOLE_CITY, question, "hazards_found", Page())
    asked = {"as_of": DAY, "window_days": 30, **chosen}
    content = drawn(few.session, TileRequest("hazards", 13, 4164, 4095, **asked))
    (tmp_path / "tile.mvt").write_bytes(content)
    shown = set(pyogrio.read_dataframe(tmp_path / "tile.mvt")["code"]) if content else set()
    assert {row["code"] for row in rows.items} == codes
    assert shown == codes
    assert (totals["n_hazards"] or 0) == rows.n == len(codes)


def test_far_away_the_sums_count_what_was_chosen(few, tmp_path):
    asked = TileRequest("hazards", 5, 16, 15, as_of=DAY, window_days=30, state="open")
    (tmp_path / "tile.mvt").write_bytes(drawn(few.session, asked))
    assert pyogrio.read_dataframe(tmp_path / "tile.mvt")["n"].sum() == 1


def test_the_choices_are_what_there_are_hazards_of(few):
    few.add("units", {"external_code": "x", "name": "v", "sector": "教育", "geom": few.at(0)})
    assert choices_of_hazards(few.session, WHOLE_CITY) == {"source": ["t"], "sector": ["餐饮"]}


def test_who_sees_no_cell_of_a_hazard_is_not_told_its_source_and_sector(few):
    nothing = few.scope()
    assert choices_of_hazards(few.session, nothing) == {"source": [], "sector": []}


def test_another_state_is_refused():
    with pytest.raises(WrongValueError, match="state"):
        HotspotQuestion("g", state="lost")
