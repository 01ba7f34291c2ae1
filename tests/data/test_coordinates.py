import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers import coordinates
from data.importers.coordinates import from_columns, from_pairs

LON, LAT = 113 + 37 / 60 + 31.2 / 3600, 34 + 44 / 60 + 48.1 / 3600


def column(*texts):
    return pd.Series(list(texts), dtype=object)


def read(lon, lat="34.75"):
    return from_columns(column(lon), column(lat))


@pytest.mark.parametrize(
    "text",
    [
        "113°37′31.2″E",
        "113°37'31.2\"",
        "113°37'31.2''",
        "113º37’31.2”",
        "113度37分31.2秒",
        "东经113度37分31.2秒",
        "113 37 31.2",
        "113:37:31.2",
        "113-37-31.2",
        "E113°37.52'",
        "E 113° 37′ 31.2″",
        "１１３°３７′３１．２″",
    ],
)
def test_degrees_minutes_and_seconds_have_many_spellings(text):
    assert read(text).x[0] == pytest.approx(LON, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 113.62 ", 113.62),
        ("１１３．６２", 113.62),
        ("113.62°", 113.62),
        ("1.1362e2", 113.62),
        ("-71.1", -71.1),
        ("71.1W", -71.1),
        ("西经71.1", -71.1),
        ("38,448,689.5", 38_448_689.5),
    ],
)
def test_decimals_have_many_spellings(text, number):
    assert read(text).x[0] == pytest.approx(number, abs=1e-9)


@pytest.mark.parametrize("text", ["", "/", "-", "——", "无", "暂无", "N/A", "null"])
def test_words_for_nothing_are_nothing(text):
    found = read(text, text)
    assert np.isnan([found.x[0], found.y[0]]).all()
    assert not found.wrong


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("far", "is not a number"),
        ("inf", "is not a number"),
        ("1e999", "is too large"),
        ("113°61'", "has 61 minutes"),
        ("113°10'60\"", "has 60 seconds"),
        ("113.5°10'", "has decimals before the last"),
        ("N34.75", "has N for the hemisphere, in the column of lon"),
        ("-71.1W", "says its hemisphere twice"),
        ("E113E", "says its hemisphere twice"),
        ("1" * 300 + "x", "too long"),
    ],
)
def test_what_cannot_be_read_says_why(text, reason):
    found = read(text)
    assert np.isnan(found.x[0])
    assert [(at, name, given) for at, name, given, _ in found.wrong] == [(0, "lon", text)]
    assert reason in found.wrong[0][3]


@pytest.mark.parametrize(
    "text",
    [
        f"{LON},{LAT}",
        f"{LON}，{LAT}",
        f"{LON}；{LAT}",
        f"({LON}, {LAT})",
        f"【{LON} {LAT}】",
        f"POINT({LON} {LAT})",
        f"{LAT},{LON}",
        f"{LAT} {LON}",
        "N34°44′48.1″ E113°37′31.2″",
        "34°44′48.1″N,113°37′31.2″E",
        "东经113°37′31.2″北纬34°44′48.1″",
        "113°37′31.2″E34°44′48.1″N",
        "113 37 31.2 34 44 48.1",
        f"经度：{LON}，纬度：{LAT}",
        f"lat:{LAT},lng:{LON}",
    ],
)
def test_both_coordinates_may_stand_in_one_cell(text):
    found = from_pairs(column(text))
    assert (found.x[0], found.y[0]) == pytest.approx((LON, LAT), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("113.62", "is not a pair"),
        ("1 2 3", "is not a pair"),
        ("113.62,无", "only one coordinate"),
        ("N34 N35", "two coordinates of one axis"),
        ("E113 E114", "two coordinates of one axis"),
        ("x,y", "is not a number"),
        ("1" * 300, "too long"),
    ],
)
def test_what_is_no_pair_says_why(text, reason):
    found = from_pairs(column(text))
    assert np.isnan([found.x[0], found.y[0]]).all()
    assert reason in found.wrong[0][3]


def test_a_blank_pair_is_no_place():
    found = from_pairs(column(None, "/", "()"))
    assert np.isnan(found.x).all()
    assert not found.wrong


def test_metres_keep_the_order_of_the_cell():
    found = from_pairs(column("3847123.4 448688.9"))
    assert (found.x[0], found.y[0]) == (3_847_123.4, 448_688.9)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_what_is_written_in_minutes_comes_back(lon, lat):
    def written(value, sides):
        minutes, seconds = divmod(abs(value) * 3600, 60)
        seconds = min(seconds, 59.9999)
        degrees, minutes = divmod(minutes, 60)
        return f"{degrees:.0f}°{minutes:.0f}′{seconds:.4f}″{sides[value < 0]}"

    found = from_columns(column(written(lon, "EW")), column(written(lat, "NS")))
    assert (found.x[0], found.y[0]) == pytest.approx((lon, lat), abs=1e-7)


@given(st.text(max_size=60))
def test_no_text_stops_the_reading(text):
    for found in (from_columns(column(text), column(text)), from_pairs(column(text))):
        assert [at for at, *_ in found.wrong] in ([], [0], [0, 0])
        assert found.x.shape == found.y.shape == (1,)
        assert np.isnan(found.x[0]) or np.isfinite(found.x[0])


def test_of_many_plain_rows_none_is_read_by_itself_and_odd_texts_once(monkeypatch):
    asked = []
    monkeypatch.setattr(coordinates, "_angle", lambda text, _: asked.append(text) or 113.5)
    numbers = np.random.default_rng(1).uniform(113, 114, 100_000)
    texts = pd.Series([f"{value:.6f}" for value in numbers], dtype=object)
    found = from_columns(texts, texts)
    np.testing.assert_allclose(found.x, numbers, atol=1e-6)
    assert asked == []
    from_columns(pd.concat([texts, column(*["113°30′"] * 1000)]), texts)
    assert asked == ["113°30′"]
