from datetime import date
from decimal import Decimal

import pytest

from maps.documents import paper
from maps.documents.document import percent, shown


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (339 / 396, "85.6%"),
        (1, "100.0%"),
        (0, "0.0%"),
        (9999 / 10000, "99.9%"),
        (1 / 10000, "0.1%"),
        (None, "—"),
    ],
)
def test_only_what_is_whole_is_100_percent_and_only_nothing_is_0(share, said):
    assert percent(share) == said


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (None, "count", "—"),
        ("", "text", "—"),
        (0, "count", "0"),
        (126113, "count", "126,113"),
        (Decimal("3864900.50"), "number", "3,864,900.5"),
        (date(2019, 8, 31), "day", "2019-08-31"),
        (0.5, "share", "50.0%"),
        ("不参与", "share", "不参与"),
    ],
)
def test_a_cell_says_nothing_where_nothing_is_known(value, kind, said):
    assert shown(value, kind) == said


def test_a_page_takes_22_lines_of_28_characters():
    page = paper.page(landscape=False)
    characters = page.text_width / (20 * paper.SIZE_3 + paper.TIGHTER)
    lines = (page.height - page.top - page.bottom) / paper.LINE_PITCH
    assert (int(characters), int(lines)) == (28, 22)


def test_a_broad_page_is_the_upright_one_turned():
    upright, broad = paper.page(landscape=False), paper.page(landscape=True)
    assert (broad.width, broad.height) == (upright.height, upright.width)
    assert broad.text_width == upright.height - upright.top - upright.bottom
