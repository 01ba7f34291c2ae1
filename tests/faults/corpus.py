"""Bad files of every kind, made from a seed: each must be refused, with a reason and its rows.

The makers of a family take turns, each with its own chance, so that two files of one maker differ
in where and how they are bad.
"""

import random
from collections.abc import Iterator
from itertools import cycle, islice

from tests.faults.bad_layers import GEOPACKAGE, SHAPEFILE
from tests.faults.bad_shapes import GEOJSON, GEOMETRY
from tests.faults.bad_texts import CANARY, CODE, CSV, DATE, EXPORTED
from tests.faults.bad_workbooks import WORKBOOK
from tests.faults.disguises import DISGUISE
from tests.faults.making import Bad, Lure

FAMILIES = (
    *(CSV, GEOJSON, GEOMETRY, CANARY, DATE, CODE, EXPORTED, DISGUISE),
    *(WORKBOOK, GEOPACKAGE, SHAPEFILE),
)


def corpus(lure: Lure, seed: int = 2019, *, whole: bool = True) -> Iterator[tuple[str, Bad]]:
    """Return all bad files and what they are called by, or only the first one of each maker."""
    for family in FAMILIES:
        count = family.count if whole else len(family.makers)
        for number, maker in enumerate(islice(cycle(family.makers), count)):
            made = maker(random.Random(f"{seed} {family.name} {number}"), lure)
            yield f"{family.name}/{maker.__name__}", made
