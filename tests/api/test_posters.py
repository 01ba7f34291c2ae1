"""Posters of the sample city, by the command; their figures are the API's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import shapely
from fastapi.testclient import TestClient
from pandas import DataFrame
from sqlalchemy import URL
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

import api.routes.posters
import maps.posters
from api.app import create_app
from api.cli import app
from api.declaring import Wish
from api.posters import PosterWish, Reader, coarser_grid, narrowed, read_poster, read_series
from api.settings import Settings
from data.answers import answer
from data.cities import create_city, settle_city
from data.engine import make_engine, snapshot, transaction
from data.errors import NotFoundError
from data.grids import GridHead, load_grid
from data.loading import load
from data.models import Campaign
from data.scope import WHOLE_CITY, Scope
from geo.errors import WrongValueError
from maps.layers import SUBJECTS
from maps.posters.layout import draw_sheet
from maps.posters.paper import Paper

pytestmark = pytest.mark.db

DAY = date(2025, 12, 31)
Run = Callable[..., Result]


@pytest.fixture
def command(helsinki_url: URL, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GUATU_DATABASE_URL", helsinki_url.render_as_string(hide_password=False))
    return lambda *words: CliRunner().invoke(app, ["poster", *map(str, words)])


@pytest.fixture(scope="module")
def helsinki(helsinki_url: URL) -> Iterator[Session]:
    engine = make_engine(helsinki_url)
    with snapshot(engine) as session:
        yield session
    engine.dispose()


def poster(session: Session, subject: Any, **changes: Any) -> Any:
    wish = PosterWish(subject, Wish("zh", as_of=DAY), **changes)
    return read_poster(Reader(session, WHOLE_CITY, answer), wish)


def text_of(file: Path) -> str:
    text: str = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded()
    return text


def test_the_command_draws_a_pdf_with_the_figures_of_the_api(
    command: Run, client: TestClient, tmp_path: Path
) -> None:
    result = command("streetlights", "-o", tmp_path / "a.pdf", "--office", "某市安委办")
    assert result.exit_code == 0, result.stderr
    rates = client.get("/api/v1/outages", params={"as_of": f"{DAY}"}).json()["rates"]
    text = text_of(tmp_path / "a.pdf")
    told = [f"{rate['numerator']:,} / {rate['denominator']:,}" for rate in rates]
    assert [each for each in told if each not in text] == []
    assert "制图单位：某市安委办" in text


def test_the_command_draws_a_picture(command: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    words = ("hazards", "-o", file, "--size", "A4", "--lang", "en", "--portrait")
    assert command(*words).exit_code == 0
    assert file.read_bytes().startswith(b"\x89PNG")


def test_another_ending_is_refused(command: Run, tmp_path: Path) -> None:
    result = command("hazards", "-o", tmp_path / "a.svg")
    assert result.exit_code == 1
    assert "none of .pdf, .png" in result.stderr


def test_a_deadline_that_is_no_day_is_refused(command: Run, tmp_path: Path) -> None:
    assert command("hazards", "-o", tmp_path / "a.pdf", "--due", "soon").exit_code == 2


@pytest.mark.parametrize(
    ("subject", "question", "rows"),
    [
        ("hazards", "hotspots", "cells"),
        ("coverage", "coverage", "cells"),
        ("streetlights", "outages", "segments"),
    ],
)
def test_a_poster_shows_the_answer_of_the_api(
    helsinki: Session, client: TestClient, subject: str, question: str, rows: str
) -> None:
    found = poster(helsinki, subject)
    asked = {"as_of": f"{DAY}", "grid": "squares_100m", "lang": "zh"}
    answered = client.get(f"/api/v1/{question}", params=asked).json()
    assert found.answer[rows] == answered[rows]
    assert len(found.shapes) == len(answered[rows])
    assert sum(map(len, found.classified.members.values())) == len(answered[rows])


@pytest.mark.parametrize("subject", SUBJECTS)
def test_on_a_real_city_no_text_covers_another(helsinki: Session, subject: str) -> None:
    sheet = draw_sheet(poster(helsinki, subject, paper=Paper("A2", None)))
    placed = [each.box for each in sheet.placed]
    assert len(placed) > 80
    assert [(a, b) for a, b in combinations(placed, 2) if a.meets(b)] == []


def test_the_days_to_the_next_due_day_are_counted(helsinki: Session) -> None:
    due = poster(helsinki, "streetlights").deadline
    assert due.days_left == (due.due_on - DAY).days >= 0
    assert due.occasion == "最近一项整改到期"
    assert due.n_open >= due.n_overdue > 0


def test_a_deadline_that_is_asked_for_goes_before_the_ledger(helsinki: Session) -> None:
    due = poster(helsinki, "streetlights", due_on=DAY + timedelta(days=40)).deadline
    assert (due.days_left, due.occasion) == (40, None)


def test_no_inspection_is_due_by_itself(helsinki: Session) -> None:
    due = poster(helsinki, "coverage").deadline
    assert (due.due_on, due.days_left, due.n_open) == (None, None, None)


def test_the_end_of_a_campaign_goes_before_all_other_days(session: Session) -> None:
    create_city(session, "a", name="某市", timezone="Asia/Shanghai")
    session.add(Campaign(code="c", name="百日攻坚", ended_on=DAY + timedelta(days=3)))
    session.flush()
    due = poster(session, "streetlights").deadline
    assert (due.days_left, due.occasion, due.n_open) == (3, "百日攻坚", None)


def test_a_city_without_a_street_has_a_poster_that_says_so(session: Session) -> None:
    create_city(session, "a", name="某市", timezone="Asia/Shanghai")
    sheet = draw_sheet(poster(session, "streetlights"))
    assert "没有可排序的数据" in [placed.text for placed in sheet.placed]


@pytest.fixture(scope="module")
def halves_url(new_database: Callable[[], URL]) -> URL:
    """Make a city of two halves: in each two cells with a unit, and a street to be mended."""
    url = new_database()
    engine = make_engine(url)
    with transaction(engine) as session:
        fill(session)
    engine.dispose()
    return url


def fill(session: Session) -> None:
    create_city(
        session, "a", name="某㙍市", timezone="Asia/Shanghai", default_as_of=date(2019, 8, 31)
    )
    for grid, width in (("halves", 0.1), ("quarters", 0.05)):
        starts = [113 + width * n for n in range(round(0.2 / width))]
        cells = {
            "external_code": [f"{grid[0]}{n}" for n in range(len(starts))],
            "name": [
                f"{grid[0]}{n}" if grid == "quarters" else f"第{n}区" for n in range(len(starts))
            ],
            "geom": [shapely.box(start, 34, start + width, 34.1) for start in starts],
        }
        load_grid(session, GridHead(grid, grid, "administrative"), DataFrame(cells), source="t")
    places = [shapely.Point(113.025 + 0.05 * n, 34.05) for n in range(4)]
    units = {
        "external_code": [f"u{n}" for n in range(4)],
        "name": "甲店",
        "geom": places,
        "risk": "major",
    }
    load(session, "units", DataFrame(units), source="t")
    visits = {"unit_code": ["u0"], "inspected_at": datetime(2019, 8, 1, 2, tzinfo=UTC)}
    load(session, "inspections", DataFrame(visits | {"external_code": ["v"]}), source="t")
    lines = [shapely.LineString([(x, 34.02), (x + 0.05, 34.02)]) for x in (113.01, 113.11)]
    load(session, "segments", DataFrame({"external_code": ["s0", "s1"], "geom": lines}), source="t")
    work = {
        "external_code": ["r0", "r1"],
        "segment_code": ["s0", "s1"],
        "found_at": datetime(2019, 8, 1, 2, tzinfo=UTC),
        "due_on": [date(2019, 8, 20), date(2019, 9, 9)],
        "lead_party": ["甲处", None],
    }
    load(session, "rectifications", DataFrame(work), source="t")
    settle_city(session)


@pytest.fixture(scope="module")
def halves(halves_url: URL) -> Iterator[Reader]:
    engine = make_engine(halves_url)
    with snapshot(engine) as session:
        yield Reader(session, WHOLE_CITY, answer)
    engine.dispose()


@pytest.fixture(scope="module")
def client_of_halves(halves_url: URL) -> Iterator[TestClient]:
    settings = Settings(
        database_url=halves_url.render_as_string(hide_password=False), map_approval="S 1"
    )
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def half(subject: Any, within: str | None) -> PosterWish:
    return PosterWish(subject, Wish("zh", grid="quarters"), within=within)


def test_a_district_shows_its_own_cells_and_their_sums(halves: Reader) -> None:
    west, east = (read_poster(halves, half("coverage", code)) for code in ("h0", "h1"))
    whole = read_poster(halves, half("coverage", None))
    assert [row["code"] for row in west.rows] == ["q0", "q1"]
    totals = [each.answer["totals"] for each in (west, east, whole)]
    assert [each["n_units"] for each in totals] == [2, 2, 4]
    assert [each["n_inspected"] for each in totals] == [1, 0, 1]
    assert (west.place, whole.place) == ("第0区", None)
    assert [area.name for area in west.areas] == ["第0区", "第1区"]


def test_a_district_shows_the_streets_and_the_work_in_it(halves: Reader) -> None:
    west = read_poster(halves, half("streetlights", "h0"))
    assert [row["code"] for row in west.rows] == ["s0"]
    assert (west.deadline.n_open, west.deadline.n_overdue) == (1, 1)
    assert [(party.name, party.n_overdue) for party in west.behind] == [("甲处", 1)]
    assert read_poster(halves, half("streetlights", "h1")).behind == ()


def test_work_that_nobody_leads_is_told_by_where_it_lies(halves: Reader) -> None:
    wish = half("streetlights", "h1")
    later = replace(wish, page=replace(wish.page, as_of=date(2019, 9, 10)))
    behind = read_poster(halves, later).behind
    assert [(party.name, party.n_overdue) for party in behind] == [("第1区", 1)]


def test_a_cell_without_a_name_is_told_with_its_district(halves: Reader) -> None:
    whole = read_poster(halves, half("coverage", None))
    titles = [whole.title_of(row) for row in range(4)]
    assert titles == ["第0区 q0", "第0区 q1", "第1区 q2", "第1区 q3"]


def test_a_series_has_an_index_and_a_sheet_for_each_district(halves: Reader) -> None:
    overview, posters = read_series(halves, half("coverage", None))
    assert (overview.sheet, overview.n_sheets) == (1, 3)
    assert [(each.sheet, each.place) for each in posters] == [(2, "第0区"), (3, "第1区")]


def test_the_view_may_be_chosen(halves: Reader) -> None:
    wish = replace(half("coverage", None), view="gap")
    assert read_poster(halves, wish).view.key == "gap"
    with pytest.raises(WrongValueError, match="must be one of coverage, gap"):
        replace(wish, view="work")


def test_without_a_coarser_grid_there_is_no_series(helsinki: Session) -> None:
    wish = PosterWish("coverage", Wish("zh", as_of=DAY))
    with pytest.raises(NotFoundError, match="no coarser grid"):
        read_series(Reader(helsinki, WHOLE_CITY, answer), wish)


def test_the_coarsest_grid_with_more_than_one_cell_has_the_districts() -> None:
    known = [{"code": code, "n_cells": n} for code, n in (("a", 1), ("b", 40), ("c", 16))]
    assert coarser_grid(known, "b") == "c"
    assert coarser_grid(known, "c") is None
    assert coarser_grid(known, None) is None


def test_a_reader_of_some_cells_sees_no_others() -> None:
    assert narrowed(Scope(frozenset({1, 2})), frozenset({2, 3})).cell_ids == {2}
    assert narrowed(WHOLE_CITY, frozenset({2, 3})).cell_ids == {2, 3}


def test_the_command_draws_a_series_of_pictures(
    halves_url: URL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUATU_DATABASE_URL", halves_url.render_as_string(hide_password=False))
    words = ["poster", "coverage", "-o", f"{tmp_path}/a.png", "--size", "A4", "--series"]
    result = CliRunner().invoke(app, [*words, "--grid", "quarters"])
    assert result.exit_code == 0, result.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a-01.png", "a-02.png", "a-03.png"]
    assert "no glyph for 㙍 in '某㙍市'" in result.stderr


def test_the_command_draws_a_series_as_one_pdf(
    halves_url: URL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUATU_DATABASE_URL", halves_url.render_as_string(hide_password=False))
    words = ["poster", "coverage", "-o", f"{tmp_path}/a.pdf", "--series", "--due", "2019-09-12"]
    assert CliRunner().invoke(app, [*words, "--grid", "quarters"]).exit_code == 0
    assert len(pypdfium2.PdfDocument(tmp_path / "a.pdf")) == 3
    assert "12" in text_of(tmp_path / "a.pdf").split()


def test_the_api_gives_a_series_as_the_pages_of_one_pdf(client_of_halves: TestClient) -> None:
    asked = {"series": True, "grid": "quarters", "size": "A4"}
    answered = client_of_halves.get("/api/v1/posters/coverage.pdf", params=asked)
    assert answered.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answered.content)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    assert len(texts) == 3
    assert all("审图号：S 1" in text for text in texts)
    assert "分区图目录" in texts[0]
    assert "第 2 张，共 3 张" in texts[1]


def test_the_api_draws_nothing_for_who_has_this_state(client_of_halves: TestClient) -> None:
    address = "/api/v1/posters/streetlights.png?size=A4&within=h0"
    first = client_of_halves.get(address)
    assert first.content.startswith(b"\x89PNG")
    known = {"If-None-Match": first.headers["etag"]}
    assert client_of_halves.get(address, headers=known).status_code == 304


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("coverage.png?series=true", 422),
        ("coverage.svg", 422),
        ("coverage.pdf?size=A9", 422),
        ("coverage.pdf?within=nowhere", 404),
        ("parks.pdf", 422),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    client_of_halves: TestClient, address: str, status: int
) -> None:
    assert client_of_halves.get(f"/api/v1/posters/{address}").status_code == status


def test_who_would_wait_too_long_is_asked_to_come_again(
    client_of_halves: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.routes.posters, "PATIENCE_S", 0.01)
    with maps.posters._ALONE:
        answered = client_of_halves.get("/api/v1/posters/coverage.pdf")
    assert (answered.status_code, answered.headers["retry-after"]) == (503, "2")
