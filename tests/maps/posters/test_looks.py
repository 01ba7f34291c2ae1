"""Printed in grey, the classes of a legend stay apart."""

from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from maps.layers import DECLARED
from maps.posters import draw
from maps.posters.layout import lay_out
from maps.posters.legend import HEAD_MM, ROW_MM, SWATCH_WIDE_MM
from maps.posters.looks import line_look_of, look_of

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


def swatches(poster):
    """Return the swatches of a legend as a grey printer prints them, in the legend's order."""
    grey = np.asarray(Image.open(BytesIO(draw(poster, "png").content)).convert("L"), dtype=float)
    dots = grey.shape[1] / poster.paper.box.width
    legend = lay_out(poster).legend
    for number in range(len(poster.view.classes)):
        top = legend.top + HEAD_MM + ROW_MM * number
        rows = slice(round((top + 0.6) * dots), round((top + 3.9) * dots))
        columns = slice(
            round((legend.left + 0.4) * dots), round((legend.left + SWATCH_WIDE_MM - 0.4) * dots)
        )
        yield grey[rows, columns]


def test_a_grey_print_keeps_the_swatches_of_coverage_apart(make_poster):
    printed = list(swatches(make_poster()))
    told = [(swatch.mean(), swatch.std()) for swatch in printed]
    assert len(told) == 8
    differences = [abs(a - c) + abs(b - d) for (a, b), (c, d) in combinations(told, 2)]
    assert min(differences) > 12


def test_what_has_no_value_is_no_white_line():
    density = DECLARED["streetlights"].views[1]
    unknown, *others = (line_look_of(paint) for paint in density.classes)
    assert unknown.color != "#ffffff"
    assert unknown.dash not in [look.dash for look in others]
