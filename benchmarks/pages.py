"""The pages of a big city beside pages that folium makes of the same cells and streets.

A page of ours is a declaration, and its work is what the browser does afterwards: it is drawn when
MapLibre rests, in a headless Chromium with a software renderer. folium's page holds all that it
draws, and is drawn when the browser comes to itself. Texts are timed by the processor, maps by the
clock. Under MB stands what the text of a page takes, or what JavaScript holds of a page that was
drawn, after a collection (not that of workers).
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import folium
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import Engine

from api.app import create_app
from api.declaring import Surroundings, Wish, declare_page
from api.settings import Settings
from benchmarks.big_city import GRID, SEED, big_city, cells, segments
from benchmarks.measuring import ROUNDS, Row, say, timed
from data.engine import make_engine, snapshot
from data.scope import WHOLE_CITY
from maps.assets import VENDOR_DIR
from maps.layers import SUBJECTS, Subject
from maps.page import render_page
from tools.chromium import launched, served, wait_until_drawn

MB = 2**20
PATIENCE_MS = 600_000
VISITS = 4
"""How often a map is opened, each time in a browser's page of its own: the first one is cold."""

AWAKE = """() => new Promise((done, refuse) => requestAnimationFrame(() => setTimeout(() =>
    document.querySelector(".leaflet-container canvas") ? done() : refuse("nothing is drawn"))))"""


def run() -> list[Row]:
    """Measure how pages are made, and how they are drawn."""
    url = big_city().render_as_string(hide_password=False)
    engine = make_engine(url)
    rows = [*texts(engine), *maps_of_guatu(url), *maps_of_folium()]
    engine.dispose()
    return sorted(rows, key=lambda row: row.work)


def texts(engine: Engine) -> Iterator[Row]:
    """Yield the making of the text of pages."""
    around = Surroundings()
    for subject in SUBJECTS:
        yield _made(
            f"text of the page of {subject}", "Guatu", lambda s=subject: ours(engine, s, around)
        )
    yield _made("text of the page of coverage", "folium", lambda: by_folium(cells()))


def ours(engine: Engine, subject: Subject, around: Surroundings) -> str:
    with snapshot(engine) as session:
        declaration = declare_page(session, WHOLE_CITY, subject, Wish("zh", GRID), around)
        return render_page(declaration, nonce="n")


def by_folium(shapes: pd.DataFrame) -> str:
    """Return a page with every shape in it, each with a color of its own."""
    page = folium.Map(location=[34.7, 113.6], zoom_start=11, tiles=None, prefer_canvas=True)
    features = [
        {"type": "Feature", "geometry": shape.__geo_interface__, "properties": {"n": number % 5}}
        for number, shape in enumerate(shapes["geom"])
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {"weight": feature["properties"]["n"]},
    ).add_to(page)
    html: str = page.get_root().render()
    return html


def _made(work: str, contender: str, make: Callable[[], str]) -> Row:
    say(f"{work}: {contender}")
    seconds, html = [], ""
    for _ in range(1 + ROUNDS):
        begin = time.process_time()
        html = make()
        seconds.append(time.process_time() - begin)
    return Row(work, contender, seconds[0], median(seconds[1:]), len(html.encode()) / MB)


def maps_of_guatu(url: str) -> Iterator[Row]:
    """Yield the drawing of each map of a service that has just begun."""
    app = create_app(Settings(database_url=url, statement_timeout_s=PATIENCE_MS / 1000))
    with served(app) as address, launched() as browser:
        for subject in SUBJECTS:
            page = f"{address}/maps/{subject}?grid={GRID}"
            opened = partial(_page, browser)
            yield _drawn(f"map of {subject}", "Guatu", opened, page, wait_until_drawn)


def maps_of_folium() -> Iterator[Row]:
    """Yield the drawing of folium's maps, from a file."""
    streets = segments(np.random.default_rng(SEED))
    for subject, shapes in (("coverage", cells()), ("streetlights", streets)):
        with tempfile.TemporaryDirectory() as folder, launched() as browser:
            file = Path(folder) / "map.html"
            file.write_text(by_folium(shapes), encoding="utf-8")
            opened = partial(_page_of_folium, browser)
            yield _drawn(
                f"map of {subject}", "folium", opened, file.as_uri(), lambda p: p.evaluate(AWAKE)
            )


def _drawn(
    work: str,
    contender: str,
    opened: Callable[[], Page],
    address: str,
    wait: Callable[[Page], Any],
) -> Row:
    say(f"{work}: {contender}")
    visits = [_visit(opened(), address, wait) for _ in range(VISITS)]
    seconds = [taken for taken, _ in visits]
    return Row(f"{work}, drawn", contender, seconds[0], median(seconds[1:]), visits[-1][1])


def _page(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(PATIENCE_MS)
    return page


def _page_of_folium(browser: Browser) -> Page:
    page = _page(browser)
    page.route(re.compile("^https://"), _from_here)
    return page


def _visit(page: Page, address: str, wait: Callable[[Page], Any]) -> tuple[float, float]:
    """Return how long a map takes to be drawn, and the megabytes it then holds."""

    def show() -> None:
        page.goto(address)
        wait(page)

    _, seconds = timed(show)
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    held = tools.send("Runtime.getHeapUsage")["usedSize"] / MB
    page.close()
    return seconds, held


def _from_here(route: Route) -> None:
    """Give folium's page the Leaflet it asks another host for, and nothing else."""
    name = route.request.url.rpartition("/")[2]
    file = VENDOR_DIR / name
    if name in {"leaflet.js", "leaflet.css"}:
        route.fulfill(path=file)
    else:
        route.fulfill(body="")
