"""Reports on the command line: who reported, who reported zero, and who did not."""

import json
from typing import Any

import pytest
from sqlalchemy import URL, Engine, select
from typer.testing import CliRunner, Result

from api.cli import app
from data.cities import create_city
from data.engine import snapshot, transaction
from data.models import Event, Party

pytestmark = pytest.mark.db

DAY = "2019-08-31"


class Desk:
    """The command line on a city of two parties."""

    def __init__(self, url: URL) -> None:
        self._environment = {"GUATU_DATABASE_URL": url.render_as_string(hide_password=False)}

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["submission", *arguments], env=self._environment)

    def told(self, *arguments: str) -> Any:
        result = self.run("list", "--as-of", "2099-01-01", "--json", *arguments)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def report(self, *arguments: str) -> str:
        result = self.run("report", *arguments, "--on", DAY, "--to", "2099-01-01")
        assert result.exit_code == 0, result.output
        return result.stderr


@pytest.fixture
def desk(clean_url: URL, clean_engine: Engine) -> Desk:
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        session.add_all(Party(code=code, name=code) for code in ("东区", "西区"))
    return Desk(clean_url)


def test_a_day_that_is_over_stays_without_a_report(desk: Desk) -> None:
    assert "zero_report, since 20" in desk.report("东区", "--by", "李", "--zero")
    assert json.loads(desk.run("list", "--as-of", DAY, "--json").stdout) == {"as_of": DAY}


def test_nobody_reported_is_not_that_all_reported_zero(desk: Desk) -> None:
    assert desk.told() == {"as_of": "2099-01-01"}


def test_a_report_is_listed_and_the_next_one_holds(desk: Desk, clean_engine: Engine) -> None:
    desk.report("东区", "--by", "李", "--zero")
    desk.report("西区", "--by", "李")
    assert desk.told()["zero_report"] == ["东区"]
    desk.report("东区", "--by", "王")
    assert desk.told()["reported"] == ["东区", "西区"]
    with snapshot(clean_engine) as session:
        events = session.scalars(select(Event).order_by(Event.id)).all()
    assert [(one.after or {})["by"] for one in events if one.action == "report"] == [
        "李",
        "李",
        "王",
    ]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("南区", "--by", "李"), "南区"),
        (("东区", "--by", " "), "by"),
        (("东区", "--by", "李", "--on", DAY, "--to", "2019-08-30"), "2019-08-30"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    desk: Desk, arguments: tuple[str, ...], named: str
) -> None:
    result = desk.run("report", *arguments)
    assert result.exit_code == 1
    assert named in result.stderr
    assert desk.told() == {"as_of": "2099-01-01"}
