"""Posters of the small city."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from maps.posters.poster import Area, Deadline, Poster
from tests.maps.posters.small_city import NAMES, SQUARES, coverage_answer

MakePoster = Callable[..., Poster]


@pytest.fixture(scope="session")
def make_poster() -> MakePoster:
    def make(names: list[str | None] | None = None, **changes: Any) -> Poster:
        about: dict[str, Any] = {
            "subject": "coverage",
            "language": "zh",
            "city": "某市",
            "place": None,
            "simulated": True,
            "attribution": None,
            "answer": coverage_answer(names or [*NAMES]),
            "shapes": SQUARES,
            "deadline": Deadline(date(2019, 9, 12), "专项行动", 12),
            "streets": np.array([shapely.LineString([(0, 500), (3000, 500)])], dtype=object),
            "areas": (Area("南区", shapely.box(0, 0, 3000, 1500)),),
        }
        return Poster(**(about | changes))

    return make
