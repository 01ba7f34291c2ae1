from maps.classes import classify, first_view, ranked
from maps.layers import DECLARED, GAP_CLASSES, View

GAP = View("gap", "gap", "tenths", GAP_CLASSES[0], GAP_CLASSES[1:])
COVERAGE = DECLARED["coverage"].views[0]
HOTSPOTS = DECLARED["hazards"].views[0]


def cells(name, *values):
    return [{"code": f"c{n}", name: value} for n, value in enumerate(values)]


def sizes(found):
    return {key: len(members) for key, members in found.members.items() if members}


def test_a_row_belongs_to_the_first_class_that_fits():
    rows = [
        {"n_units": 0, "coverage": None},
        {"n_units": 4, "coverage": None},
        {"n_units": 4, "coverage": 0.0},
        {"n_units": 4, "coverage": 0.6},
        {"n_units": 4, "coverage": 1.0},
    ]
    found = classify(COVERAGE, rows, ())
    keys = [found.class_of(row).key for row in range(5)]
    assert keys == ["no_units", "base_unclear", "blank", "from60", "full"]


def test_a_decision_puts_every_known_row_into_its_class():
    found = classify(HOTSPOTS, [{"value": 3, "gi_bin": 0}], {"too_few_cells"})
    assert sizes(found) == {"too_few": 1}


def test_a_value_outside_every_class_has_none():
    found = classify(HOTSPOTS, [{"value": 3, "gi_bin": 9}], ())
    assert found.class_of(0) is None


def test_coarser_breaks_are_taken_while_most_rows_lie_above_the_highest():
    fine = classify(GAP, cells("gap", 150, 30, 30, 0), ())
    coarse = classify(GAP, cells("gap", 150, 900, 1500, 0, None), ())
    coarsest = classify(GAP, cells("gap", 1500, 1500, 1500), ())
    assert fine.classes == GAP_CLASSES[0]
    assert (coarse.classes, sizes(coarse)["step2"]) == (GAP_CLASSES[1], 1)
    assert coarsest.classes == GAP_CLASSES[2]


def test_a_legend_lists_classes_without_a_figure_last():
    keys = [paint.key for paint in classify(HOTSPOTS, [], ()).ordered]
    assert keys[0] == "hot99"
    assert keys[-2:] == ["no_value", "too_few"]


def test_rows_rank_by_their_figure_then_by_code():
    assert ranked(GAP, cells("gap", 2, None, 5, 0, 5)) == [2, 4, 0]


def test_a_map_opens_with_the_first_view_that_ranks_something():
    hazards = DECLARED["hazards"]
    too_few = [{"code": "a", "value": 4, "gi_z": None}]
    assert first_view(hazards, too_few).key == "counts"
    assert first_view(hazards, [{"code": "a", "value": 4, "gi_z": 1.2}]).key == "hotspots"
    assert first_view(hazards, []).key == "hotspots"


def test_without_a_survey_the_density_says_more_than_the_status():
    streets = [{"code": "s", "n_lamps": None, "dark_m": None, "outages_per_100m": 0}]
    streets[0]["days_overdue"] = None
    assert first_view(DECLARED["streetlights"], streets).key == "density"
    surveyed = [streets[0] | {"n_lamps": 4}]
    assert first_view(DECLARED["streetlights"], surveyed).key == "status"
