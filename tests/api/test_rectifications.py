"""Rectification over HTTP: figures, the items behind them, and what is done about one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import URL, Engine

from api.app import create_app
from api.item_schemas import ChangedItems, ItemRecord, WorkItems
from api.schemas import ConsistencyAnswer, RectificationAnswer
from api.settings import Settings
from data.cities import create_city
from data.engine import transaction
from data.loading import load

pytestmark = pytest.mark.db

PATH = "/api/v1/rectifications"
FILE = {"file_name": "after.jpg", "sha256": "ab" * 32, "note": "亮灯照片"}
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("register", {"columns": {"due_on": "2019-08-31", "lead_party": "经开区", "person": "李"}}),
    ("hand_over", {}),
    ("claim", {}),
    ("start", {}),
    ("report_fixed", {"by": "李", "evidence": [FILE]}),
    ("recheck", {"by": "王"}),
    ("close", {}),
)


def rows(kind: str) -> pd.DataFrame:
    line = shapely.LineString([(113.6, 34.7), (113.61, 34.7)])
    moment = pd.Timestamp("2019-08-01T09:00+08:00")
    return {
        "segments": pd.DataFrame({"external_code": ["s1"], "name": ["岗东路"], "geom": [line]}),
        "rectifications": pd.DataFrame(
            {
                "external_code": [f"r{n}" for n in range(3)],
                "segment_code": ["s1"] * 3,
                "state": ["found", "closed", "closed"],
                "found_at": [moment] * 3,
                "closed_at": [pd.NaT, moment + pd.Timedelta(days=9), moment],
                "due_on": [pd.NaT, pd.Timestamp("2019-08-05"), pd.Timestamp("2019-08-05")],
                "lead_party": [None, "经开区", "经开区"],
            }
        ),
    }[kind]


@pytest.fixture
def client(clean_url: URL, clean_engine: Engine, tmp_path: Path) -> Iterator[TestClient]:
    with transaction(clean_engine, moves=("rectifications",)) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        for kind in ("segments", "rectifications"):
            load(session, kind, rows(kind), source="t")
    url = clean_url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, anchors=tmp_path / "anchors")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def items(client: TestClient, **query: Any) -> WorkItems:
    return WorkItems.model_validate(client.get(f"{PATH}/items", params=query).json())


def take(client: TestClient, number: int, action: str, **given: Any) -> Any:
    seen = client.get(f"{PATH}/items/{number}").json()["state"]
    return client.post(f"{PATH}/items/{number}/{action}", json={"state": seen, **given})


def test_an_item_goes_from_found_to_closed(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    for action, given in STEPS:
        answer = take(client, number, action, **given)
        assert answer.status_code == 200, answer.text
    record = ItemRecord.model_validate(client.get(f"{PATH}/items/{number}").json())
    assert record.state == "closed"
    assert [event["action"] for event in record.events] == [action for action, _ in STEPS]
    assert [shown["note"] for shown in record.evidence] == ["亮灯照片"]
    assert {step.action for step in record.steps} >= {"reopen"}


def test_every_act_is_anchored_outside_the_database(client: TestClient, tmp_path: Path) -> None:
    number = items(client, state="found").items[0].id
    last = [take(client, number, *step) for step in (("register",), ("plan",))][-1]
    (anchors,) = (tmp_path / "anchors").iterdir()
    written = [json.loads(line)["event"] for line in anchors.read_text().splitlines()]
    assert (len(written), written[-1]) == (2, last.json()["event"])


def test_an_act_stands_where_it_cannot_be_anchored(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "anchors").write_text("in the way")
    number = items(client, state="found").items[0].id
    assert take(client, number, "register").status_code == 200


def test_what_a_guard_refuses_is_told_by_field_and_in_words(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    take(client, number, "register")
    answer = take(client, number, "hand_over")
    assert answer.status_code == 422
    assert {(one["field"], one["text"]) for one in answer.json()["errors"]} == {
        ("due_on", "不能为空"),
        ("lead_party", "不能为空：须写明责任单位或责任人"),
    }


def test_who_saw_an_older_version_is_told_so(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    take(client, number, "plan", columns={"measure": "换电缆"})
    late = client.post(f"{PATH}/items/{number}/register", json={"state": "found", "version": 0})
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("items/1/dance", {"state": "found"}, 422),
        ("items/1/close", {"state": "found"}, 409),
        ("items/99/close", {"state": "found"}, 404),
        ("items/1/register", {"state": "found", "columns": {"color": "red"}}, 422),
        ("items/1/register", {"state": "found", "columns": {"money_yuan": "1.234"}}, 422),
        ("items/1/register", {"state": "found", "at": "2019-08-05T10:00:00"}, 422),
        ("items", {"about": "segment", "thing": 99, "by": "李"}, 404),
        ("items", {"about": "segment", "thing": 1, "by": "李"}, 422),
    ],
)
def test_what_cannot_be_done_is_refused(
    client: TestClient, path: str, body: dict[str, Any], status: int
) -> None:
    assert client.post(f"{PATH}/{path}", json=body).status_code == status


def test_another_page_may_not_act(client: TestClient) -> None:
    headers = {"Origin": "http://elsewhere.example"}
    body = {"state": "found"}
    assert client.post(f"{PATH}/items/1/register", json=body, headers=headers).status_code == 403


def test_a_segment_is_found_once_until_it_is_closed(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    body = {"about": "segment", "thing": 1, "by": "李"}
    for action, given in STEPS:
        take(client, number, action, **given)
    made = client.post(f"{PATH}/items", json=body)
    assert made.status_code == 201
    record = client.get(f"{PATH}/items/{made.json()['id']}").json()
    assert [event["action"] for event in record["events"]] == ["find"]
    assert client.post(f"{PATH}/items", json=body).json()["errors"][0]["text"] == (
        "已有整改任务在办"
    )
    followed = take(client, number, "reopen", by="王", reason="又灭了")
    assert [one["field"] for one in followed.json()["errors"]] == ["state"]
    late = body | {"at": "2190-01-01T00:00:00Z"}
    assert {one["field"] for one in client.post(f"{PATH}/items", json=late).json()["errors"]} == {
        "at",
        "segment",
    }


def test_every_figure_has_as_many_rows_as_it_counts(client: TestClient) -> None:
    day = {"as_of": "2019-08-31"}
    answer = RectificationAnswer.model_validate(client.get(PATH, params=day).json())
    for figure in ("found", "closed", "due", "in_time", "overdue", "exempt", "open"):
        assert items(client, figure=figure, **day).n_all == answer.totals[f"n_{figure}"]
    assert answer.totals["n_found"] == 3
    assert [(one.code, one.n_closed) for one in answer.parties or []] == [("经开区", 2)]


def test_a_page_of_items_names_the_next(client: TestClient) -> None:
    first = items(client, owner="经开区", limit=1)
    assert first.next is not None
    assert first.n_all == 2
    assert [one["code"] for one in client.get(first.next).json()["items"]] == ["r2"]


def test_changes_between_two_days_are_listed(client: TestClient) -> None:
    query = {"before": "2019-08-05", "as_of": "2019-08-12"}
    answer = client.get(f"{PATH}/changes", params=query)
    changed = ChangedItems.model_validate(answer.json())
    assert (changed.totals["fixed"], changed.totals["still"]) == (1, 1)
    assert [one["code"] for one in changed.items] == ["r1"]
    assert client.get(f"{PATH}/changes", params={"before": "1066-10-14"}).status_code == 422


@pytest.mark.parametrize("form", ["geojson", "csv", "xlsx"])
def test_the_ranking_is_taken_away_as_a_file(client: TestClient, form: str) -> None:
    answer = client.get(PATH, params={"format": form, "as_of": "2019-08-31"})
    assert answer.status_code == 200
    if form == "geojson":
        assert [one["geometry"] for one in answer.json()["features"]] == [None]


def test_what_does_not_fit_is_told_with_its_rows(client: TestClient) -> None:
    answer = client.get("/api/v1/consistency", params={"as_of": "2019-08-31", "lang": "en"})
    checks = {one.code: one for one in ConsistencyAnswer.model_validate(answer.json()).checks}
    assert [row["code"] for row in checks["causes_are_known"].rows] == ["r0", "r1", "r2"]
    assert checks["causes_are_known"].text.startswith("Causes of dark streets: 0 are known")
    assert client.get("/api/v1/consistency").json()["checks"][0]["text"].startswith("灭灯路段原因")


def steps_of(client: TestClient, number: int, **query: Any) -> dict[str, Any]:
    record = ItemRecord.model_validate(
        client.get(f"{PATH}/items/{number}", params=query or None).json()
    )
    return {step.action: step for step in record.steps}


def test_a_record_says_what_each_step_needs(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    take(client, number, "register")
    steps = steps_of(client, number)
    assert steps["hand_over"].needs == ["due_on", "lead_party"]
    assert steps["transfer"].needs == ["lead_party", "reason"]
    take(client, number, "plan", columns={"due_on": "2019-08-31", "person": "李"})
    assert steps_of(client, number)["hand_over"].needs == []


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "没有挂牌，不能摘牌"), ("en", "is missing: the item is not under listed supervision")],
)
def test_a_record_says_what_is_in_the_way_of_a_step(
    client: TestClient, language: str, told: str
) -> None:
    number = items(client, state="found").items[0].id
    unlist = steps_of(client, number, lang=language)["unlist"]
    assert [(one.field, one.text) for one in unlist.blocked] == [("listed_on", told)]


def test_a_record_says_for_which_states_the_other_steps_are(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    record = client.get(f"{PATH}/items/{number}").json()
    others = {step["action"]: step["sources"] for step in record["other_steps"]}
    assert others["claim"] == ["handed_over"]
    assert {"register"}.isdisjoint(others)


def test_a_refusal_is_told_in_the_language_asked_for(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    body = {"state": "found", "by": "李"}
    answer = client.post(f"{PATH}/items/{number}/transfer?lang=en", json=body)
    assert {one["text"] for one in answer.json()["errors"]} == {"is missing"}


def test_an_act_told_by_its_day_is_done_at_the_end_of_it(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    take(client, number, "register", on="2019-08-02")
    (event,) = client.get(f"{PATH}/items/{number}").json()["events"]
    assert event["after"]["at"].startswith("2019-08-02T23:59:59")
    assert take(client, number, "plan", on="2199-01-01").status_code == 422


def test_a_record_says_by_whom_an_item_is_listed(client: TestClient) -> None:
    number = items(client, state="found").items[0].id
    take(client, number, "register")
    take(client, number, "hand_over", columns={"due_on": "2019-08-31", "person": "李"})
    more = {"leader": "孙", "listed_by": "安委办", "listed_until": "2019-09-30"}
    assert take(client, number, "list", more=more).status_code == 200
    record = client.get(f"{PATH}/items/{number}").json()
    assert [one["listed_by_name"] for one in record["supervisions"]] == ["安委办"]
    assert record["events"][-1]["after"]["listed_by"] == "安委办"


def test_a_thing_is_found_by_its_code_with_its_items_the_latest_first(client: TestClient) -> None:
    found = client.get(f"{PATH}/on/segment", params={"code": "s1"}).json()
    assert found == {"things": [{"thing": 1, "items": [3, 2, 1]}]}
    assert client.get(f"{PATH}/on/hazard", params={"code": "s1"}).json() == {"things": []}


def test_the_days_there_are_to_fix_something_are_set_and_shown(client: TestClient) -> None:
    path = f"{PATH}/deadlines"
    proposed = client.get(path).json()["rules"]
    assert {one["said_by"] for one in proposed} == {None}
    given = {"about": "hazard", "level": "major", "days": 20, "by": "办公室"}
    rules = client.post(path, json=given).json()["rules"]
    assert [(one["days"], one["said_by"]) for one in rules if one["level"] == "major"] == [
        (20, "办公室")
    ]
    assert len(client.get(path, params={"as_of": "2019-08-31"}).json()["rules"]) == len(proposed)
    wrong = given | {"about": "segment"}
    assert client.post(path, json=wrong).status_code == 422
