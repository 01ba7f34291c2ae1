"""Every reason that the importers give for a refused cell has a Chinese wording."""

import math
import re
import struct
from zoneinfo import ZoneInfo

import pytest

from data.importers import ImportOptions, fields
from data.importers.columns import FIELDS
from data.importers.files import Table
from data.importers.formats.wkb import read_shapes
from data.importers.ledger import read_ledger
from maps.words import reason

ZONE = ZoneInfo("Asia/Shanghai")
WRONG = {
    "units": {
        "name": ["", "甲", "乙", "丙"],
        "code": ["u1", "u" * 201, "u3", ""],
        "risk": ["重大隐患", "高", "红", "低"],
        "lon": ["113.6", "113.6", "113.6", "x"],
        "lat": ["34.7", "34.7", "34.7", "34.7"],
        "registered_on": ["2月30日", "2023-02-30", "23.5.8", "5.1"],
        "closed_on": ["5/8/2023", "2023", "2023.5", "2023-13-01"],
    },
    "hazards": {
        "description": ["", "①甲②乙", "丙", "丁"],
        "code": ["h1", "h2", "h2-1", "h4"],
        "level": ["红", "red", "低", "严重"],
        "found_at": ["2023-05-08 25:00", "2023-05-08 上午12:00", "8日", "整改中"],
        "closed_at": ["2023-05-08 16:60", "1700-01-01", "x", "2023-1-1 3:4:99"],
        "数量（处）": ["3项", "280余", "3盏", "约280余"],
        "origin": ["谁", "谁", "谁", "谁"],
    },
    "rectifications": {
        "found_at": ["2023-05-08"] * 4,
        "code": ["1", "2", "3", "4"],
        "state": ["closed", "found", "found", "found"],
        "money_yuan": ["-1", "1.234", "若干", "1,23"],
        "hazard_code": ["h1", "", "h3", "h4"],
    },
    "handovers": {
        "segment_code": ["s1", "s2", "s3", ""],
        "built_on": ["2019-05-02", "2019-05-02", "", "2019-05-02"],
        "handed_over_on": ["2019-05-01", "", "", "2019-05-03"],
        "accepted_on": ["", "2019-05-03", "", "2019-05-01"],
        "evidence_file": ["a.pdf", "a.pdf", "", ""],
        "evidence_sha256": ["12", "", "", ""],
    },
    "inspections": {
        "unit_code": ["", "u2", "u3", "u4"],
        "inspected_at": ["", "2023-05-08", "2023-05-08", "2023-05-08"],
        "team_size": ["0", "3000000000", "两", "1.5"],
        "countersigned": ["也许", "是", "√", "×"],
    },
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_reason_is_told_in_chinese(kind: str) -> None:
    columns = {heading: [one or None for one in texts] for heading, texts in WRONG[kind].items()}
    found = read_ledger(kind, Table([2, 3, 4, 5], columns), ImportOptions(), ZONE)
    assert len(found.errors) >= 6
    told = [reason(one.reason, "zh") for one in found.errors]
    assert [chinese for chinese in told if re.search(r"[a-z]{3}", chinese)] == []


@pytest.mark.parametrize("kind", FIELDS)
def test_a_word_of_no_list_is_told_in_chinese(kind: str) -> None:
    for field in FIELDS[kind]:
        if field.rule in (fields.text, fields.code) or field.name == "properties":
            continue
        with pytest.raises(ValueError, match=r"is|names") as caught:
            field.rule("某某", ZONE)
        assert not re.search(r"[a-z]{3}", reason(str(caught.value), "zh"))


@pytest.mark.parametrize(
    "shape",
    [
        b"\1",
        struct.pack("<BII", 1, 7, 0),
        struct.pack("<BI2d", 1, 1, math.inf, 0),
        struct.pack("<BII2d", 1, 2, 1, 0, 0),
    ],
)
def test_a_reason_for_a_shape_is_told_in_chinese(shape: bytes) -> None:
    _, errors = read_shapes([1], [shape])
    assert not re.search(r"[a-z]{3}", reason(errors[0].reason, "zh"))


@pytest.mark.parametrize(
    ("name", "text"),
    [("given_datum", "x"), ("properties", "x"), ("properties", '{"a": ' * 40 + "1" + "}" * 40)],
)
def test_a_reason_for_what_an_export_brings_back_is_told_in_chinese(name: str, text: str) -> None:
    (rule,) = [field.rule for field in FIELDS["units"] if field.name == name]
    with pytest.raises(ValueError, match=r"is|names") as caught:
        rule(text, ZONE)
    assert not re.search(r"[a-z]{3}", reason(str(caught.value), "zh"))
