"""No text is so long, or so odd, that reading it takes more than time in proportion."""

import time
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest

from data.importers import ImportOptions
from data.importers.columns import FIELDS
from data.importers.files import Table
from data.importers.ledger import read_ledger

REPEATED = (
    "(|（x|)(|[|1|1.|1,|0 |-|- |e|+|x\n| |a |\u3000|、|a、|；|1、|①|(1)|一|十|二〇|"
    "2019-|1月|年|5.8|:1|上午 |至|至 |—|~|从|号|号 |元|万|约|余|处 |合|合 |计|=|°|1°|1 |N|N |"
    "东|经度 |'|\"|周一|( |POINT(|重大|/|&|A1"
)
"""Parted by bars."""

ZONE = ZoneInfo("Asia/Shanghai")


def long_texts(length: int) -> list[str]:
    return [piece * (length // len(piece)) + "x" for piece in REPEATED.split("|")]


@pytest.mark.parametrize("kind", FIELDS)
def test_a_rule_reads_a_long_text_in_no_time(kind: str) -> None:
    slow = []
    for rule in {field.rule for field in FIELDS[kind]}:
        for text in long_texts(20_000):
            begun = time.process_time()
            with suppress(ValueError):
                rule(text, ZONE)
            if time.process_time() - begun > 0.2:
                slow.append((rule, text[:9]))
    assert slow == []


@pytest.mark.parametrize("kind", ["segments", "hazards", "units"])
def test_a_ledger_of_long_texts_is_read_in_no_time(kind: str) -> None:
    texts = long_texts(4_000)
    filled = {field.name: ["1"] * len(texts) for field in FIELDS[kind] if field.required}
    columns = {field.name: texts for field in FIELDS[kind]} | filled
    table = Table(list(range(2, 2 + len(texts))), columns, title=tuple(texts))
    begun = time.process_time()
    read_ledger(kind, table, ImportOptions(), ZONE)
    assert time.process_time() - begun < 5
