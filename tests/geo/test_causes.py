import pandas as pd

from geo.causes import root_causes


def boxes(**outs):
    """Lamps from box='segment of each lamp, upper case when out'."""
    rows = [(box, name.lower(), name.isupper()) for box, names in outs.items() for name in names]
    return pd.DataFrame(rows, columns=["power_box", "segment", "is_out"])


def test_a_box_with_most_of_its_lamps_out_darkens_its_segments():
    found = root_causes(boxes(B1="AABCd", B2="efGH"))
    assert found.drop(columns="street").to_dict("records") == [
        {"power_box": "B1", "n_lamps": 5, "n_out": 4, "segments": ("a", "b", "c")}
    ]
    assert found["street"].isna().all()


def test_two_lamps_out_are_too_few_for_a_common_cause():
    assert root_causes(boxes(B1="AB")).empty


def test_exactly_the_share_is_enough():
    assert root_causes(boxes(B1="ABCde"), share=0.6)["n_out"].tolist() == [3]


def test_the_box_with_most_lamps_out_comes_first():
    assert root_causes(boxes(B1="AAA", B2="BBBB"))["power_box"].tolist() == ["B2", "B1"]


def test_lamps_without_a_box_have_no_common_cause():
    assert root_causes(boxes(B1="AAAA").assign(power_box=None)).empty


def test_lamps_out_that_stand_on_no_segment_count_for_the_box_only():
    found = root_causes(boxes(B1="AAA").assign(segment=-1))
    assert found[["n_out", "segments"]].to_numpy().tolist() == [[3, ()]]


def test_where_boxes_are_unknown_a_street_is_the_cause():
    lamps = boxes(x="AABCd", y="efGH").rename(columns={"power_box": "street"})
    found = root_causes(lamps.assign(power_box=None))
    assert found.drop(columns="power_box").to_dict("records") == [
        {"street": "x", "n_lamps": 5, "n_out": 4, "segments": ("a", "b", "c")}
    ]
    assert found["power_box"].isna().all()


def test_a_lamp_whose_box_is_known_does_not_count_for_its_street():
    lamps = boxes(B1="AAA", B2="BBb").assign(street="long road")
    lamps.loc[lamps["power_box"] == "B2", "power_box"] = None
    found = root_causes(lamps, min_lamps=2)
    assert found["power_box"].fillna("").tolist() == ["B1", ""]
    assert found["street"].fillna("").tolist() == ["", "long road"]
    assert found["n_lamps"].tolist() == [3, 3]


def test_lamps_without_box_and_street_have_no_common_cause():
    lamps = boxes(B1="AAAA").assign(power_box=None, street="")
    assert root_causes(lamps).empty
