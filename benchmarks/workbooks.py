"""A workbook of 100,000 units over HTTP: previewed and imported, while others read.

`guatu serve` runs as people run it, with its worker beside it; the others are libraries that read
the sheet and copy its rows. What nobody asks of them is to read the file where it can do no harm,
to find the headings below a title, to place every unit in its cell, and to take it all back. Of
reads, "cold" is the slowest one; of the service and its worker, the peak is all they ever had.
"""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import geopandas
import httpx2
import numpy as np
import pandas as pd
import shapely
import xlsxwriter
from numpy.typing import NDArray
from sqlalchemy import text

from benchmarks.measuring import DifferentAnswersError, Row, forked, say, timed
from benchmarks.store import store, store_url
from data.cities import create_city
from data.engine import transaction
from data.grids import GridHead, load_grid

SEED = 20191031
NAME = "workbooks"
N_UNITS = 100_000
SIDE = 100
HEADINGS = (
    "单位编码",
    "单位名称",
    "行业类别",
    "风险等级",
    "地址",
    "联系人",
    "经度",
    "纬度",
    "登记日期",
)
ABOVE = 2
"""Rows of the sheet before the first unit: a merged title and the headings."""

FIRST = 20
COVERAGE = "/api/v1/coverage?grid=g&as_of=2019-10-31"
PATIENCE_S = 60
EVERY_S = 0.2

Answer = NDArray[np.float64]


@cache
def workbook(n_units: int) -> Path:
    """Return a workbook with so many units; it ends with this process."""
    rng = np.random.default_rng(SEED)
    folder = Path(tempfile.mkdtemp(prefix="guatu-bench-"))
    atexit.register(shutil.rmtree, folder)
    places = np.round(rng.uniform((113, 34), (113.1, 34.1), (n_units, 2)), 6)
    kinds = np.array(["餐饮", "商贸", "机械制造"])[rng.integers(0, 3, n_units)]
    risks = np.array(["一般", "较大", "低"])[rng.integers(0, 3, n_units)]
    with xlsxwriter.Workbook(folder / "units.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet("单位台账")
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "生产经营单位台账")
        sheet.write_row(1, 0, HEADINGS)
        for at, (lon, lat) in enumerate(places.tolist()):
            name, address = f"第{at}号门店", f"大街{at % 997}号"
            cells = (f"u{at:06}", name, kinds[at], risks[at], address, "值班员", lon, lat)
            sheet.write_row(at + ABOVE, 0, (*cells, "2019-05-08"))
    return folder / "units.xlsx"


def city() -> None:
    """Make a store with a grid and no units."""
    store_url(NAME)
    engine = store(NAME)
    with transaction(engine, moves=["grids"]) as session:
        create_city(session, NAME, name=NAME, timezone="Asia/Shanghai", metric_srid=4547)
        y, x = np.divmod(np.arange(SIDE * SIDE), SIDE) / np.float64(1000)
        codes = [f"{number:05}" for number in range(SIDE * SIDE)]
        squares = shapely.box(113 + x, 34 + y, 113.001 + x, 34.001 + y)
        cells = pd.DataFrame({"external_code": codes, "geom": squares})
        load_grid(session, GridHead("g", "g", "square"), cells, source="t")
    engine.dispose()


class Service:
    """`guatu serve` on the store, and someone who sends it files."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        url = store_url(NAME).render_as_string(hide_password=False)
        self._process = subprocess.Popen(
            [Path(sys.executable).with_name("guatu"), "serve", "--port", str(port)],
            env=os.environ | {"GUATU_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
        )
        self.address = f"http://127.0.0.1:{port}"
        self._client = httpx2.Client(base_url=self.address, timeout=300)
        self._wait()

    def preview(self, file: Path) -> dict[str, Any]:
        """Send a file and return what it seems to hold."""
        with file.open("rb") as content:
            form = {"kind": "units", "source": "t", "datum": "wgs84"}
            answer = self._client.post("/api/v1/imports", data=form, files={"file": content})
        return self._said(answer)

    def bring_in(self, batch: int) -> None:
        """Have a previewed file imported and wait until it is."""
        self._said(self._client.post(f"/api/v1/imports/{batch}/import", json={}))
        while (state := self._said(self._client.get(f"/api/v1/imports/{batch}")))["state"] != (
            "imported"
        ):
            if state["state"] != "importing":
                raise RuntimeError(f"the workbook is {state['state']}: {state['report']}")
            time.sleep(EVERY_S)

    def peak_mb(self) -> dict[str, float]:
        """Return the most memory that the service and its worker ever had."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return {"service": _peak_mb(pid), "worker": max(_peak_mb(int(child)) for child in children)}

    def stop(self) -> None:
        """End the service and its worker."""
        self._client.close()
        self._process.terminate()
        self._process.wait()

    def _wait(self) -> None:
        for _ in range(PATIENCE_S * 10):
            try:
                self._client.get("/api/v1/meta")
            except httpx2.TransportError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the service does not start")

    @staticmethod
    def _said(answer: httpx2.Response) -> dict[str, Any]:
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said


@dataclass
class Reader:
    """Someone who reads the coverage of all cells again and again."""

    address: str

    def seconds(self, times: int) -> list[float]:
        """Read so many times."""
        with httpx2.Client(base_url=self.address, timeout=300) as client:
            reads = [timed(lambda: client.get(COVERAGE).raise_for_status()) for _ in range(times)]
            return [seconds for _, seconds in reads]

    @contextmanager
    def reading(self) -> Iterator[list[float]]:
        """Read every now and then until the work is done, and give how long each answer took."""
        taken: list[float] = []
        done = threading.Event()

        def read() -> None:
            while not done.wait(EVERY_S):
                taken.extend(self.seconds(1))

        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield taken
        finally:
            done.set()
            thread.join()


def by_pandas(file: Path, engine: Any) -> pd.DataFrame:
    return pd.read_excel(file, header=1, engine=engine)


def by_geopandas(file: Path) -> None:
    """Read the sheet and write its rows with their points to a table of their own."""
    units = by_pandas(file, "calamine")
    points = geopandas.points_from_xy(units["经度"], units["纬度"], crs=4326)
    frame = geopandas.GeoDataFrame(units, geometry=points)
    frame.to_postgis("copied", store(NAME), if_exists="replace", chunksize=10_000)


def previews(service: Service, file: Path) -> tuple[list[Row], int]:
    """Time the preview beside libraries that read the sheet; return the batch as well."""
    work = f"preview of a workbook of {N_UNITS:,} units"
    say(work)
    seen, cold_s = timed(lambda: service.preview(file))
    seen, warm_s = timed(lambda: service.preview(file))
    ours = Row(work, "guatu serve, over HTTP", cold_s, warm_s, service.peak_mb()["service"])
    codes = [row[0] for row in seen["rows"]]
    peers = []
    for engine in ("calamine", "openpyxl"):
        row, first = forked(lambda engine=engine: _peer_preview(work, file, engine))
        if first != codes or seen["n_rows"] != N_UNITS:
            raise DifferentAnswersError(f"{work}: {row.contender}")
        peers.append(row)
    return [ours, *peers], seen["id"]


def _peer_preview(work: str, file: Path, engine: str) -> tuple[Row, list[str]]:
    before = _peak_mb(os.getpid())
    units, cold_s = timed(lambda: by_pandas(file, engine))
    peak_mb = _peak_mb(os.getpid()) - before
    _, warm_s = timed(lambda: by_pandas(file, engine))
    return Row(work, f"pandas, {engine}", cold_s, warm_s, peak_mb), list(units["单位编码"][:FIRST])


def imports(service: Service, file: Path, batch: int) -> list[Row]:
    """Time the import beside geopandas, and what it does to those who read meanwhile."""
    work = f"workbook of {N_UNITS:,} units into the store"
    say(work)
    reader = Reader(service.address)
    with reader.reading() as taken:
        _, ours_s = timed(lambda: service.bring_in(batch))
    peak = service.peak_mb()
    peer_s, peer_mb = forked(lambda: _peer_import(file))
    _require_same_rows(work)
    rest = reader.seconds(10)
    reads = "coverage of all cells, over HTTP"
    return [
        Row(work, "guatu serve, its worker", ours_s, ours_s, peak["worker"]),
        Row(work, "pandas, geopandas.to_postgis", peer_s, peer_s, peer_mb),
        Row(reads, "while a workbook is imported", max(taken), median(taken), peak["service"]),
        Row(reads, "at rest", max(rest), median(rest), peak["service"]),
    ]


def _peer_import(file: Path) -> tuple[float, float]:
    before = _peak_mb(os.getpid())
    _, seconds = timed(lambda: by_geopandas(file))
    return seconds, _peak_mb(os.getpid()) - before


def _require_same_rows(work: str) -> None:
    """Compare the codes and places of all units with those that geopandas wrote."""
    differing = text("""
        SELECT count(*) FROM unit FULL JOIN copied ON external_code = "单位编码"
        WHERE unit.id IS NULL OR "单位编码" IS NULL OR NOT ST_DWithin(geom, geometry, 1e-9)
    """)
    with store(NAME).connect() as connection:
        if connection.scalar(differing):
            raise DifferentAnswersError(work)


def _peak_mb(pid: int) -> float:
    """Return the most memory that a process ever had."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def run() -> list[Row]:
    file = workbook(N_UNITS)
    city()
    service = Service()
    try:
        seen, batch = previews(service, file)
        return [*seen, *imports(service, file, batch)]
    finally:
        service.stop()
