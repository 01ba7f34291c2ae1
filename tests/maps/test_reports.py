"""What the pages to be read say in words."""

import pytest

from data.answers.consistency import CHECKS
from data.samples.zhengzhou.published import FIGURES
from maps import words
from maps.reports import MOST_ROWS, ReportDeclaration, render_checks
from maps.words.published import PUBLISHED

DECLARED = ReportDeclaration(
    "checks", "en", "City", "2019-08-31", simulated=True, attribution=None, has_published=False
)


def test_every_published_figure_and_every_source_is_worded():
    named = {one.name for one in FIGURES} | {one.source for one in FIGURES}
    assert set(PUBLISHED) == named


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_figure_is_named_in_both_languages(language):
    assert words.published("visits", language) in ("检查（家次）", "Visits")


def test_of_many_rows_the_first_are_shown_and_all_are_counted():
    rows = [{"code": f"r{n}"} for n in range(MOST_ROWS + 1)]
    check = {"code": "lamps_are_surveyed", "finding": "differs", "text": "t", "rows": rows}
    page = render_checks(DECLARED, [check])
    assert f"The first {MOST_ROWS} of {MOST_ROWS + 1} rows" in page
    assert (f"r{MOST_ROWS - 1}" in page, f"r{MOST_ROWS}<" in page) == (True, False)


def test_the_summary_counts_what_was_found():
    checks = [{"code": c, "finding": "fits", "text": "t", "rows": ()} for c in CHECKS]
    page = render_checks(DECLARED, checks)
    assert f"{len(checks)} checks; {len(checks)} fit, 0 differ, 0 have no data" in page
