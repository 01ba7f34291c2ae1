"""Texts that something might run, in every text column of every ledger: a city full of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from pandas import DataFrame
from sqlalchemy import Engine, Table, Text

from data.cities import create_city, settle_city
from data.engine import transaction
from data.grids import GridHead, load_grid
from data.loading import MODELS, load

CANARIES = [
    "<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "<!--<script>",
    "]]><![CDATA[",
    "<b>bold</b> & &amp; &#60;",
    '" onmouseover="window.ran=1',
    "' onmouseover='window.ran=1",
    "javascript:window.ran=1",
    "{{7*7}}",
    "{{ self.__init__.__globals__ }}",
    "{% for x in () %}",
    "{% raise %}",
    "{# comment",
    "#}{{'a'*3}}{#",
    "${7*7}",
    "`${window.ran=1}`",
    "\\x3cimg src=x onerror=window.ran=1\\x3e",
    "\\",
    "\\u003cscript\\u003e",
    "%(name)s %s %d %%",
    "{0} {name} {",
    "'; DROP TABLE unit; --",
    '" OR 1=1 --',
    ":name ::text $1 ?",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    " \t=cmd|' /C calc'!A0",
    "＝1+1",
    "\u202eright to left\u202c",
    "\u200f\u2066isolated\u2069",
    "line\u2028and\u2029paragraph",
    "two\nlines\tand a tab",
    "郑东新区 𠅤 é e\u0301 👩‍🚒",
    "../../etc/passwd",
    "[red]markup[/red] [link=x]",
    "x" * 10_000,
]
CODES = [canary[:200] for canary in CANARIES]
FIXED_WORDS = {
    "source",
    "external_code",
    "ledger_code",
    "datum",
    "level",
    "origin",
    "risk",
    "status",
    "located_by",
    "side",
    "lamp_survey",
    "state",
    "cause",
    "escalation",
}
"""Columns that hold one of a few words, or a code; `outage.cause` alone is free text."""
MORE = 10
"""Hazards at each place, and lamps at each box, in a city that is crowded."""

DAY = datetime(2019, 8, 31, 10, tzinfo=UTC)
SPOTS = [shapely.Point(113.601 + 0.002 * n, 34.701) for n in range(len(CANARIES))]


def text_columns(kind: str) -> list[str]:
    table = MODELS[kind].__table__
    assert isinstance(table, Table)
    free = [column.name for column in table.columns if isinstance(column.type, Text)]
    return [
        name for name in free if name not in FIXED_WORDS or (kind, name) == ("outages", "cause")
    ]


def rows(kind: str, **columns: Any) -> DataFrame:
    texts = dict.fromkeys(text_columns(kind), CANARIES)
    return DataFrame({"external_code": CODES, **texts, **columns})


LEDGERS = {
    "units": rows("units", geom=SPOTS),
    "inspections": rows("inspections", unit_code=CODES, inspected_at=DAY),
    "hazards": rows("hazards", geom=SPOTS, unit_code=CODES, found_at=DAY),
    "segments": rows(
        "segments",
        geom=[shapely.LineString([(p.x, p.y - 0.001), (p.x, p.y + 0.001)]) for p in SPOTS],
    ),
    "handovers": rows("handovers", segment_code=CODES, evidence_sha256="0" * 64),
    "boxes": rows("boxes", geom=SPOTS),
    "lamps": rows("lamps", geom=SPOTS, box_code=CODES),
    "outages": rows("outages", lamp_code=CODES, started_at=DAY),
    "rectifications": rows(
        "rectifications", segment_code=CODES, found_at=DAY, lead_party=CODES, helping_party=CODES
    ),
}


def fill(engine: Engine) -> None:
    cells = DataFrame(
        {
            "external_code": CODES,
            "name": CANARIES,
            "officer": CANARIES,
            "geom": [shapely.box(p.x - 0.001, 34.7, p.x + 0.001, 34.702) for p in SPOTS],
        }
    )
    with transaction(engine) as session:
        create_city(session, "a", name=CANARIES[0], timezone="Asia/Shanghai")
        head = GridHead(CODES[0], CANARIES[0], "management")
        load_grid(session, head, cells, source=CODES[0])
        for kind, ledger in LEDGERS.items():
            load(session, kind, ledger, source=CODES[0])
        settle_city(session)


def crowd(engine: Engine) -> None:
    """Add what the layers that are computed are made of: hazards that come back, runs of lamps."""
    spots = [shapely.Point(p.x, p.y + 0.0005) for p in SPOTS]
    told = rows("outages", geom=spots, started_at=DAY)
    with transaction(engine) as session:
        load(session, "outages", told, source="told")
        for n in range(1, MORE):
            codes = [f"{code[:190]} {n}" for code in CODES]
            places = [shapely.Point(p.x, p.y + 0.0001 * n) for p in SPOTS]
            lamps = rows("lamps", external_code=codes, geom=places, box_code=CODES)
            out = rows("outages", external_code=codes, lamp_code=codes, started_at=DAY)
            load(session, "lamps", lamps, source="again")
            load(session, "outages", out, source="again")
        for days in range(1, MORE):
            found = {"unit_code": CODES, "geom": SPOTS, "found_at": DAY - timedelta(days)}
            load(session, "hazards", rows("hazards", **found), source=f"again {days}")
        settle_city(session)
