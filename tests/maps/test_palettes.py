from itertools import combinations

import numpy as np
import pytest

from maps.layers import DECLARED
from maps.palettes import CHANGES, COVERAGE, HOTSPOTS, LAMPS, WORKS, Rule, ladder

# 红橙黄蓝 of a unit's risk, which nothing else may be painted in.
RISK = {"#c00000", "#f28c28", "#ffd92f", "#2b6cb0"}

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
PROTANOPIA = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.95047], [1.0], [1.08883]])


def lab(color, seen_by):
    channels = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(np.maximum(TO_XYZ @ np.clip(seen_by @ linear, 0, 1), 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("seen_by", [np.eye(3), DEUTERANOPIA, PROTANOPIA])
@pytest.mark.parametrize(
    "classes",
    [CHANGES, *(view.classes for declared in DECLARED.values() for view in declared.views)],
)
def test_no_two_classes_of_a_view_look_alike(classes, seen_by):
    # Hatching, not color, tells the classes without data apart from the others.
    colors = [one.color for one in classes if not one.hatched and one.decision is None]
    nearest = min(
        np.linalg.norm(lab(a, seen_by) - lab(b, seen_by)) for a, b in combinations(colors, 2)
    )
    assert nearest > 6


@pytest.mark.parametrize("classes", [HOTSPOTS, COVERAGE, LAMPS, CHANGES, WORKS])
def test_the_colors_of_risk_mean_risk_only(classes):
    assert {one.color for one in classes}.isdisjoint(RISK)


@pytest.mark.parametrize("classes", [HOTSPOTS, COVERAGE, LAMPS, CHANGES, WORKS])
def test_a_class_is_named_once(classes):
    assert len({one.key for one in classes}) == len(classes)


def test_the_steps_of_a_ladder_leave_no_gap():
    steps = [one.rules[0] for one in ladder("n", (1, 5, 20, 100), ("a", "b", "c", "d"))[2:]]
    assert steps == [
        Rule("n", at_least=1, below=5),
        Rule("n", at_least=5, below=20),
        Rule("n", at_least=20, below=100),
        Rule("n", at_least=100),
    ]


@pytest.mark.parametrize(
    ("breaks", "labels"),
    [
        ((1, 5, 1_000), ["1–4", "5–999", "≥ 1,000"]),
        ((0.001, 0.5, 1.0), ["(0, 0.5)", "[0.5, 1)", "≥ 1"]),
    ],
)
def test_whole_steps_are_counts_and_others_half_open_ranges(breaks, labels):
    assert [one.label for one in ladder("n", breaks, ("a", "b", "c"))[2:]] == labels
