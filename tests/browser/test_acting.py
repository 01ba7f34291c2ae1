"""Work items acted upon in the panel of a map, in a city of two streets and a hazard."""

import pandas as pd
import pytest
import shapely
from playwright.sync_api import expect

from api.app import create_app
from api.settings import Settings
from data.cities import create_city, settle_city
from data.engine import make_engine, transaction
from data.grids import GridHead, load_grid
from data.loading import load
from data.workflow.rules import Rule, Ruled, set_rule
from tests.browser.test_accessibility import faults
from tools.chromium import served

pytestmark = [pytest.mark.db, pytest.mark.browser]

FOUND = pd.Timestamp("2019-08-01T09:00+08:00")
ROOT = "/api/v1/rectifications"


def streets():
    lines = [[(113.6, lat), (113.61, lat)] for lat in (34.70, 34.71, 34.72)]
    return pd.DataFrame(
        {
            "external_code": ["s1", "s2", "s3"],
            "name": ["岗东路", "岗西路", "岗南路"],
            "geom": [shapely.LineString(line) for line in lines],
        }
    )


def works():
    return pd.DataFrame(
        {
            "external_code": ["r1", "r2", "r3"],
            "segment_code": ["s1", "s2", "s3"],
            "state": ["found", "found", "registered"],
            "found_at": [FOUND] * 3,
            "cause": [None, None, "trees"],
        }
    )


def hazards():
    point = shapely.Point(113.605, 34.705)
    return pd.DataFrame({"external_code": ["h1"], "found_at": [FOUND], "geom": [point]})


@pytest.fixture(scope="module")
def address(clone, tmp_path_factory):
    with clone() as url:
        engine = make_engine(url)
        with transaction(engine, moves=("grids", "rectifications")) as session:
            create_city(
                session,
                "test",
                name="郑州市",
                timezone="Asia/Shanghai",
                default_as_of=pd.Timestamp("2019-08-31").date(),
            )
            cell = {"external_code": ["a"], "geom": [shapely.box(113.5, 34.6, 113.7, 34.8)]}
            load_grid(session, GridHead("g", "Grid", "square"), pd.DataFrame(cell), source="t")
            for kind, rows in (
                ("segments", streets()),
                ("hazards", hazards()),
                ("rectifications", works()),
            ):
                load(session, kind, rows, source="t")
            set_rule(session, Rule(Ruled("segment", kind="trees"), 10, "安委办"), "test")
            settle_city(session)
        settings = Settings(
            database_url=url.render_as_string(hide_password=False),
            anchors=tmp_path_factory.mktemp("anchors"),
        )
        with served(create_app(settings)) as address:
            yield address
        engine.dispose()


def opened(page, code):
    page.evaluate(f"Guatu.openCode('{code}')")
    expect(page.locator(".work .standing")).to_be_visible()
    return page.locator(".work")


def open_step(work, name):
    step = work.locator(".step", has=work.page.locator(f"summary:has-text('{name}')"))
    step.locator("summary").first.focus()
    work.page.keyboard.press("Enter")
    return step


def test_an_item_is_handed_over_by_keyboard_and_the_map_shows_it(address, show, watch):
    page = show(f"{address}/maps/streetlights")
    page.get_by_role("button", name="整改", exact=True).click()
    work = opened(page, "s1")
    open_step(work, "登记").locator("[type=submit]").press("Enter")
    expect(work.locator(".said")).to_have_text("已办理，现为：已登记")
    step = open_step(work, "交办")
    step.locator("[name=by]").fill("王五")
    step.locator("[type=submit]").press("Enter")
    expect(step.locator("[name=due_on] + .refused")).to_have_text("不能为空")
    expect(step.locator("[name=due_on]")).to_be_focused()
    assert faults(page) == []
    watch.problems.clear()  # the browser calls an answer of 422 an error
    step.locator("[name=due_on]").fill("2019-08-20")
    step.locator("[name=lead_party]").fill("经开区")
    step.locator("[type=submit]").press("Enter")
    expect(work.locator(".standing")).to_have_text("已交办逾期 11 天")
    expect(page.locator("#legend li", has_text="逾期未完成").locator(".n")).to_have_text("1")
    expect(work.locator(".history li").first).to_have_text("2019-08-31 23:59交办王五")


def test_the_day_of_a_rule_is_told_and_given_to_who_leaves_it_blank(address, show):
    page = show(f"{address}/maps/streetlights")
    work = opened(page, "s3")
    step = open_step(work, "交办")
    note = step.locator(".field:has([name=due_on]) .note")
    expect(note).to_have_text("不填则按规定为 2019年9月10日（10 天，安委办定）")
    step.locator("[name=on]").fill("2019-08-30")
    expect(note).to_contain_text("2019年9月9日")
    step.locator("summary:has-text('更多可填项')").click()
    step.locator("[name=lead_party]").fill("经开区")
    step.locator("[name=by]").fill("王五")
    step.locator("[type=submit]").click()
    expect(work.locator(".standing")).to_contain_text("已交办")
    moved = open_step(work, "改派").locator("[name=due_on]")
    expect(moved).to_have_value("2019-09-09")
    expect(moved).to_have_attribute("readonly", "")


def test_who_was_slower_is_told_so_and_sees_how_it_stands(address, show, watch):
    page = show(f"{address}/maps/streetlights")
    work = opened(page, "s2")
    step = open_step(work, "登记")
    taken = page.request.post(f"{address}{ROOT}/items/2/register", data={"state": "found"})
    assert taken.ok
    step.locator("[type=submit]").click()
    expect(work.locator(".said")).to_contain_text("他人先办理了一步")
    expect(work.locator(".standing")).to_have_text("已登记")
    watch.problems.clear()


def test_a_hazard_becomes_work_where_it_lies(address, show):
    page = show(f"{address}/maps/hazards#16/34.705/113.605")
    stage = page.locator("#map_guatu").bounding_box()
    page.mouse.click(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    work = page.locator(".work")
    expect(work).to_contain_text("尚未列为整改事项")
    step = open_step(work, "列为整改事项")
    step.locator("[name=by]").fill("王五")
    step.locator("[type=submit]").click()
    expect(work.locator(".standing")).to_have_text("已发现")
    expect(page.locator("#panel h2")).to_have_text("隐患点")


def test_on_the_wall_nothing_is_acted_upon(address, show):
    page = show(f"{address}/maps/streetlights?wall=1")
    expect(opened(page, "s1").locator(".acts")).to_be_hidden()
