"""Printed in grey, the classes of a legend stay apart."""

from itertools import combinations

import pytest

from maps.layers import DECLARED
from maps.posters.looks import look_of

VIEWS = [(declared.rows, view) for declared in DECLARED.values() for view in declared.views]
LEAST_STEP = 5


def lightness(color):
    """CIE L* of a color, 0 to 100."""
    channels = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    y = sum(c * part for c, part in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize(("rows", "view"), VIEWS, ids=lambda each: getattr(each, "key", each))
def test_in_grey_two_classes_differ_in_lightness_hatch_dash_or_width(rows, view):
    looks = {paint.key: look_of(paint) for paint in view.classes}
    alike = [
        (a, b)
        for (a, one), (b, other) in combinations(looks.items(), 2)
        if abs(lightness(one.color) - lightness(other.color)) < LEAST_STEP
        and bool(one.hatch) == bool(other.hatch)
        and (rows == "cells" or (one.dash, one.width) == (other.dash, other.width))
    ]
    assert [pair for pair in alike if looks[pair[0]].hatch in ("", looks[pair[1]].hatch)] == []
