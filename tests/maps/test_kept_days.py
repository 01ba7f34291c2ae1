import gzip
import json
from base64 import b64decode

from maps.kept_days import pack_days


def unpacked(days):
    return json.loads(gzip.decompress(b64decode(pack_days(days, "cells"))))


def day(as_of, *cells):
    return {"as_of": as_of, "totals": {"n": len(cells)}, "cells": list(cells)}


def test_a_figure_that_never_changes_is_kept_once():
    cells = [{"code": "1", "name": "一", "n": n, "unknown": None} for n in (3, 5)]
    packed = unpacked([day("2019-08-30", cells[0]), day("2019-08-31", cells[1])])
    assert packed["rows"] == [
        {"code": "1", "name": "一", "n": [3, 5], "unknown": None, "there": True}
    ]
    assert packed["days"] == ["2019-08-30", "2019-08-31"]
    assert packed["bodies"][1] == {"as_of": "2019-08-31", "totals": {"n": 1}}


def test_a_row_that_a_day_does_not_have_is_not_there_on_it():
    packed = unpacked([day("2019-08-30"), day("2019-08-31", {"code": "1", "n": 4})])
    assert packed["rows"] == [{"code": [None, "1"], "n": [None, 4], "there": [False, True]}]


def test_rows_of_two_sources_that_share_a_code_both_stay():
    packed = unpacked([day("2019-08-31", {"code": "1", "n": 4}, {"code": "1", "n": 6})])
    assert [row["n"] for row in packed["rows"]] == [4, 6]


def test_equal_answers_are_packed_alike():
    assert pack_days([day("2019-08-31")], "cells") == pack_days([day("2019-08-31")], "cells")
