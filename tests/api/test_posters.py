"""Posters of the sample city, by the command; their figures are the API's."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from api.cli import app
from api.declaring import Wish
from api.posters import PosterWish, read_poster
from data.answers import answer
from data.cities import create_city
from data.engine import make_engine, snapshot
from data.models import Campaign
from data.scope import WHOLE_CITY
from maps.posters.layout import draw_sheet

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
    return read_poster(session, WHOLE_CITY, wish, answer)


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
