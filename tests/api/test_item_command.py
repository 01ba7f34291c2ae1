"""Work items on the command line: what scripts on an intranet do with them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import URL, Engine
from typer.testing import CliRunner, Result

from api.cli import app
from data.cities import create_city
from data.engine import transaction
from data.loading import load

pytestmark = pytest.mark.db

PLAN = ("--set", "due_on=2019-08-31", "--set", "lead_party=经开区", "--set", "person=李")


class Office:
    """The command line on a city of one street with two items, and where it keeps anchors."""

    def __init__(self, url: URL, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            "GUATU_DATABASE_URL": url.render_as_string(hide_password=False),
            "GUATU_ANCHORS": str(folder / "anchors"),
        }

    def run(self, *arguments: object) -> Result:
        return CliRunner().invoke(
            app, ["item", *(str(one) for one in arguments)], env=self._environment
        )

    def told(self, *arguments: object) -> Any:
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def states(self) -> list[str]:
        return [one["state"] for one in self.told("list")["items"]]


@pytest.fixture
def office(clean_url: URL, clean_engine: Engine, tmp_path: Path) -> Office:
    line = shapely.LineString([(113.6, 34.7), (113.61, 34.7)])
    found = pd.Timestamp("2019-08-01T09:00+08:00")
    with transaction(clean_engine, moves=("rectifications",)) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        streets = pd.DataFrame({"external_code": ["s1"], "name": ["岗东路"], "geom": [line]})
        load(session, "segments", streets, source="t")
        items = {"external_code": ["r1", "r2"], "segment_code": "s1", "found_at": found}
        load(session, "rectifications", pd.DataFrame(items), source="t")
    return Office(clean_url, tmp_path)


def test_an_item_goes_from_found_to_closed_on_the_command_line(office: Office) -> None:
    picture = office.folder / "after.jpg"
    picture.write_bytes(b"lit")
    steps: list[tuple[object, ...]] = [
        ("register", 1, *PLAN),
        ("hand_over", 1),
        ("claim", 1),
        ("start", 1),
        ("report_fixed", 1, "--by", "李", "--evidence", picture, "--note", "亮灯照片"),
        ("recheck", 1, "--by", "王"),
        ("close", 1),
    ]
    done = [office.told("act", *step)["items"][0]["state"] for step in steps]
    assert done[-3:] == ["reported_fixed", "rechecked", "closed"]
    (shown,) = office.told("show", 1)["evidence"]
    assert (shown["file_name"], shown["sha256"]) == ("after.jpg", sha256(b"lit").hexdigest())


def test_several_items_are_acted_on_together(office: Office) -> None:
    done = office.told("act", "register", 2, 1, 2, *PLAN)["items"]
    assert [(one["id"], one["state"], one["version"]) for one in done] == [
        (1, "registered", 1),
        (2, "registered", 1),
    ]
    assert [one["person"] for one in office.told("list")["items"]] == ["李", "李"]


def test_what_is_refused_for_one_item_is_done_to_none(office: Office) -> None:
    office.told("act", "register", 1, *PLAN)
    office.told("act", "register", 2)
    refused = office.run("act", "hand_over", 1, 2)
    assert refused.exit_code == 1
    assert "rectification 2: hand_over: due_on is missing" in refused.output
    assert office.states() == ["registered", "registered"]


def test_a_refusal_is_told_in_the_language_of_the_house(office: Office) -> None:
    office.told("act", "register", 1)
    assert "due_on: 不能为空" in office.run("act", "hand_over", 1).output
    assert "due_on: is missing" in office.run("act", "hand_over", 1, "--lang", "en").output


@pytest.mark.parametrize("seen", [("--state", "claimed"), ("--version", 7)])
def test_an_item_that_is_not_as_it_was_seen_is_left_alone(
    office: Office, seen: tuple[object, ...]
) -> None:
    refused = office.run("act", "register", 1, *seen)
    assert refused.exit_code == 1
    assert "is found at version 0, no longer" in refused.output
    assert office.states() == ["found", "found"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--set", "colour=red"), "NAME is one of lead_party"),
        (("--evidence", "nowhere.jpg"), "one for each file of --evidence"),
        (("--version", 0, 2), "--version is for one item"),
    ],
)
def test_a_wrong_use_ends_with_2(office: Office, wrong: tuple[object, ...], told: str) -> None:
    result = office.run("act", "register", 1, *wrong)
    assert result.exit_code == 2
    assert told in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--set", "due_on=soon"), "columns.due_on: Input should be a valid date"),
        (("--set", "money_yuan=0.001"), "columns.money_yuan: Decimal input should have no more"),
        (("--evidence", "nowhere.jpg", "--note", "lit"), "nowhere.jpg cannot be read"),
    ],
)
def test_a_value_that_the_api_would_refuse_is_refused(
    office: Office, wrong: tuple[object, ...], told: str
) -> None:
    result = office.run("act", "register", 1, *wrong)
    assert (result.exit_code, office.states()) == (1, ["found", "found"])
    assert told in result.output


def test_an_item_that_is_not_there_is_named(office: Office) -> None:
    for command in (("show", 9), ("act", "register", 9)):
        result = office.run(*command)
        assert result.exit_code == 1
        assert "rectification 9: there is none of that number" in result.output


def test_a_street_is_found_by_its_code(office: Office) -> None:
    assert "is being fixed already" in office.run("find", "segment", "s1", "--by", "李").output
    assert "there is none of that code" in office.run("find", "hazard", "s1", "--by", "李").output
    for number in (1, 2):
        office.told("act", "transfer", number, "--set", "lead_party=消防", "--reason", "移送")
    (found,) = office.told("find", "segment", "s1", "--by", "李")["items"]
    assert (found["id"], found["state"]) == (3, "found")


def test_what_may_be_done_next_is_shown_with_what_it_needs(office: Office) -> None:
    told = office.run("show", 1).stdout
    assert "岗东路" not in office.run("list", "--figure", "overdue").stdout
    (step,) = [line for line in told.splitlines() if "fix_on_site" in line]
    assert "by, evidence" in step


def test_items_are_listed_as_they_stood(office: Office) -> None:
    assert office.told("list", "--as-of", "2019-07-31")["items"] == []
    assert "2 items" in office.run("list", "--figure", "open").stdout
    assert office.told("list", "--state", "closed")["items"] == []
    assert office.run("list", "--figure", "fixed").exit_code == 1


def test_what_was_done_is_anchored_outside_the_database(office: Office) -> None:
    office.told("act", "register", 1)
    (file,) = (office.folder / "anchors").glob("*.jsonl")
    assert json.loads(file.read_text())["event"] == 1
