"""A city of nine squares of one kilometre, whose figures can be counted by hand."""

from typing import Any

import numpy as np
import shapely

# Registered and inspected units of the nine cells: three without units, two blank, one full.
UNITS = [0, 0, 0, 4, 8, 10, 10, 10, 5]
INSPECTED = [0, 0, 0, 0, 0, 5, 7, 9, 5]
GAPS = [0, 0, 0, 12.0, 40.5, 6.0, 3.0, 1.0, 0]


def cell(number: int, name: str | None) -> dict[str, Any]:
    units, inspected = UNITS[number], INSPECTED[number]
    return {
        "code": f"c{number}",
        "name": name,
        "n_units": units,
        "n_inspected": inspected,
        "n_visits": inspected,
        "n_never": units - inspected,
        "n_overdue": 0,
        "coverage": inspected / units if units else None,
        "gap": GAPS[number],
    }


def coverage_answer(names: list[str | None], **changes: Any) -> dict[str, Any]:
    return {
        "as_of": "2019-08-31",
        "window_days": 365,
        "revision": 7,
        "data_until": "2019-08-31",
        "simulated": True,
        "definition": "覆盖率 = 已查 / 在册",
        "decisions": [{"code": "no_inspections", "values": {}, "text": "尚无检查"}],
        "outside": {"outside": 0, "without_position": 0},
        "totals": {
            "n_units": 47,
            "n_inspected": 26,
            "n_visits": 26,
            "n_never": 21,
            "n_overdue": 0,
            "n_blank_cells": 2,
        },
        "cells": [cell(number, name) for number, name in enumerate(names)],
        **changes,
    }


SQUARES = np.array(
    [
        shapely.box(x * 1000, y * 1000, x * 1000 + 1000, y * 1000 + 1000)
        for y in range(3)
        for x in range(3)
    ],
    dtype=object,
)
NAMES = [f"第{number}街道" for number in range(9)]
