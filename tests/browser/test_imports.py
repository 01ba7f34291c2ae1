"""Ledgers brought in by hand: the whole way through the page, with a worker beside the service."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from api.app import create_app
from api.commands.working import worker_beside
from api.settings import Settings
from data.cities import create_city
from data.engine import make_engine, transaction
from maps.words import reason
from tools.chromium import served

pytestmark = [pytest.mark.db, pytest.mark.browser]

PATIENCE_MS = 30_000
HEADINGS = ["单位编号", "企业名称", "风险等级", "经度", "纬度"]
GOOD = [["u1", "东风饭店", "重大", 113.61, 34.74], ["u2", "中原宾馆", "低", 113.62, 34.75]]
BAD = [*GOOD, ["u3", "碧沙岗商场", "严重", 113.63, 34.75]]
CANARY = '"><img src=x onerror=window.ran=1><script>window.ran=1</script>'
SENTENCES = [
    "is missing",
    "is none of low, general, larger, major",
    "has a day 30, where 2023-02 has 28 days",
    "is not a linestring or multilinestring",
    "no sentence of ours",
]

REMARKS = {
    "rows 13, 14: notes below the table, no data: 填表人：张敏": (
        "第 13, 14 行是表下的备注，不是数据：填表人：张敏"
    ),
    "row 12, 单位名称: stated 4, filled cells of 单位名称 7, difference -3": (
        "第 12 行“单位名称”：表中合计 4，按行统计不一致（“单位名称”填了 7 格），相差 -3"
    ),
    "合计:396: stated 396, rows 7, difference 389": (
        "合计:396：表中合计 396，与数据 7 行不一致，相差 389"
    ),
    "cells like '/', '—' and 无 are read as blank: 3 in 电话, 1 in 地址": (
        "“/”“—”“无”按空白处理：“电话”3 格、“地址”1 格"
    ),
    "no grid has the cell that rows say they belong to: 天明 (rows 5, 6), 文化 (rows 7, …)": (
        "下列属地在网格里找不到：天明（第 5, 6 行）、文化（第 7, … 行）"
    ),
}


@pytest.fixture(scope="module")
def address(clone):
    """Where a city without ledgers is served, with its worker; each test has its own source."""
    with clone() as url:
        engine = make_engine(url)
        with transaction(engine) as session:
            create_city(session, "test", name="郑州市", timezone="Asia/Shanghai")
        settings = Settings(database_url=url.render_as_string(hide_password=False))
        with worker_beside(engine, 7), served(create_app(settings)) as address:
            yield address
        engine.dispose()


@pytest.fixture
def visit(address, page, watch, request):
    """Return a function that opens the page for imports, with the test's name as the source."""

    def visit(language="zh"):
        watch.settle(page)
        page.goto(f"{address}/imports?lang={language}")
        page.evaluate("Guatu.ready")
        page.locator("#send [name=source]").fill(request.node.name)
        return page

    return visit


def workbook(rows, headings=HEADINGS, sheet="台账"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [headings, *rows]:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def send(page, rows, name="单位台账.xlsx", **more):
    return send_file(page, name, workbook(rows, **more))


def send_file(page, name, content):
    page.locator("#file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.locator("#send-button").click()
    expect(page.locator("#preview")).to_be_visible(timeout=PATIENCE_MS)
    return page


def check(page):
    page.locator("#check").click()
    expect(page.locator("#report-title")).to_have_text("试运行结果", timeout=PATIENCE_MS)
    return page


def bring(page):
    page.locator("#report-acts .primary").click()
    expect(page.locator("#report-title")).to_have_text("导入结果", timeout=PATIENCE_MS)
    expect(first_of_history(page).locator(".state")).to_have_text("已导入")
    return page


def counts(page):
    names = page.locator("#counts dt").all_inner_texts()
    return dict(zip(names, map(int, page.locator("#counts dd").all_inner_texts()), strict=True))


def first_of_history(page):
    return page.locator("#history tbody tr").first


def meanings(page):
    return page.locator("#preview-table select").evaluate_all("all => all.map((s) => s.value)")


def test_a_good_file_is_previewed_checked_and_imported(visit):
    page = send(visit(), GOOD)
    assert meanings(page) == ["code", "name", "risk", "lon", "lat"]
    assert counts(check(page)) == {"新增": 2, "变更": 0, "相同": 0, "重复": 0, "拒绝": 0}
    expect(page.locator("#report-acts .primary")).to_have_text("全部导入 2 行")
    assert counts(bring(page))["新增"] == 2
    expect(first_of_history(page).locator(".state")).to_have_text("已导入")


def test_a_bad_row_is_told_with_its_reason_and_marked_in_the_workbook(visit):
    page = check(send(visit(), BAD))
    cells = page.locator("#reasons tbody tr td").all_inner_texts()
    assert cells == ["4", "风险等级", "严重", "不在可选值之内：低、一般、较大、重大"]
    with page.expect_download() as download:
        page.get_by_text("下载标注错误的表格").click()
    assert download.value.suggested_filename == "单位台账_校验结果.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert sheet.cell(1, sheet.max_column).value == "错误说明"
    assert "不在可选值之内" in sheet.cell(4, sheet.max_column).value
    wrong, right = sheet.cell(4, 3), sheet.cell(3, 3)
    assert "不在可选值之内" in wrong.comment.text
    assert wrong.fill.fgColor.rgb != right.fill.fgColor.rgb


def test_the_same_file_sent_again_is_no_second_import(visit):
    content = workbook(GOOD)
    bring(check(send_file(visit(), "a.xlsx", content)))
    page = check(send_file(visit(), "b.xlsx", content))
    page.locator("#report-acts .primary").click()
    expect(page.locator("#report-title")).to_contain_text("处理结果", timeout=PATIENCE_MS)
    expect(page.locator("#report")).to_contain_text("这个文件已经导入过")


def test_a_file_with_bad_rows_cannot_be_imported_whole(visit):
    page = check(send(visit(), BAD))
    expect(page.locator("#verdict")).to_contain_text("有 1 行未通过，不能全部导入")
    assert page.locator("#report-acts button").all_inner_texts() == [
        "先导入正确 2 行，1 行转待修正"
    ]


def test_the_good_rows_are_imported_first_when_asked(visit):
    page = bring(check(send(visit(), BAD)))
    assert counts(page) == {"新增": 2, "变更": 0, "相同": 0, "重复": 0, "拒绝": 1}
    expect(page.locator("#verdict")).to_contain_text("1 行待修正")


def test_a_column_that_is_not_understood_is_given_its_meaning(visit):
    page = send(visit(), GOOD, headings=["单位编号", "招牌", *HEADINGS[2:]])
    assert meanings(page)[1] == ""
    expect(page.locator("#preview-warnings .notice.loud")).to_be_visible()
    page.get_by_label("“招牌”列的含义").select_option("name")
    expect(page.locator("#preview-warnings .notice.loud")).to_have_count(0)
    assert meanings(page) == ["code", "name", "risk", "lon", "lat"]
    assert counts(bring(check(page)))["新增"] == 2


def test_a_column_that_was_to_mean_nothing_means_nothing_next_time(visit):
    page = send(visit(), GOOD)
    expect(page.locator("#preview-table th small")).to_have_count(0)
    page.get_by_label("“风险等级”列的含义").select_option("")
    expect(page.get_by_label("“风险等级”列的含义")).to_have_class("unmapped")
    bring(check(page))
    expect(first_of_history(page).locator(".state")).to_have_text("已导入")
    send(visit(), GOOD[:1])
    assert meanings(page)[2] == ""
    heading = page.locator("#preview-table th").nth(2)
    expect(heading.locator("small")).to_have_text("沿用上次的选择")


def test_an_import_is_undone_after_it_is_confirmed(visit):
    page = bring(check(send(visit(), GOOD)))
    row = first_of_history(page)
    row.get_by_text("撤销").click()
    page.locator("#undo").get_by_text("取消").click()
    expect(row.locator(".state")).to_have_text("已导入")
    row.get_by_text("撤销").click()
    page.locator("#undo").get_by_text("确认撤销").click()
    expect(page.locator("#alert")).to_have_text("已撤销：删除 2 行，恢复 0 行")
    expect(first_of_history(page).locator(".state")).to_have_text("已撤销")


def test_names_headings_and_cells_run_nothing(visit):
    rows = [["u1", CANARY, CANARY, 113.61, 34.74], ["u2", "中原宾馆", "低", 113.62, 34.75]]
    headings = ["单位编号", "企业名称", "风险等级", "经度", "纬度", CANARY]
    page = check(send(visit(), rows, name=f"{CANARY}.xlsx", headings=headings))
    bring(page)
    assert page.locator("#reasons .value").inner_text() == CANARY
    first_of_history(page).get_by_text("查看").click()
    expect(page.locator("#report")).to_be_visible()
    assert page.evaluate("window.ran") is None
    assert page.locator("main img, main script").count() == 0


def test_no_step_scrolls_sideways_on_a_phone(visit, page):
    page.set_viewport_size({"width": 360, "height": 740})

    def overhang():
        return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    widths = [overhang() for _ in [visit()]]
    widths += [overhang() for _ in [send(page, BAD, name=f"{'长' * 80}.xlsx")]]
    widths += [overhang() for step in (check, bring) for _ in [step(page)]]
    assert widths == [0, 0, 0, 0]


def test_buttons_are_large_enough_for_a_thumb(visit, page):
    page.set_viewport_size({"width": 360, "height": 740})
    check(send(visit(), BAD))
    sizes = page.locator("main button:visible, main select:visible").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert len(sizes) > 5
    assert min(sizes) >= 44


def test_the_keyboard_alone_brings_a_ledger_in(visit):
    page = send(visit(), GOOD)
    page.locator("#check").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#report-title")).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.press("Tab")
    expect(page.locator("#report-acts .primary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#report-title")).to_have_text("导入结果", timeout=PATIENCE_MS)


def test_a_file_can_be_dropped(visit):
    page = visit()
    dropped = page.evaluate_handle(
        "() => { const data = new DataTransfer();"
        " data.items.add(new File(['单位名称\\n东风饭店\\n'], '台账.csv')); return data; }"
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    expect(page.locator("#file-name")).to_have_text("台账.csv")
    page.locator("#send-button").click()
    expect(page.locator("#preview-name")).to_contain_text("台账.csv", timeout=PATIENCE_MS)


def test_a_grid_asks_for_its_code(visit):
    page = visit()
    expect(page.locator("#grid-fields")).to_be_hidden()
    page.locator("#send [name=kind]").select_option("grids")
    expect(page.locator("#send [name=grid]")).to_be_visible()
    expect(page.locator("#template")).to_have_text("下载网格模板")


def test_the_template_of_the_chosen_kind_is_downloaded(visit):
    page = visit("en")
    page.locator("#send [name=kind]").select_option("lamps")
    with page.expect_download() as download:
        page.locator("#template").click()
    assert download.value.suggested_filename == "lamps-template.xlsx"


def test_reasons_are_told_as_in_the_workbooks(visit):
    page = visit()
    told = page.evaluate("sentences => sentences.map(Guatu.told)", SENTENCES)
    assert told[:3] == [reason(one, "zh") for one in SENTENCES[:3]]
    assert told[-1] == SENTENCES[-1]


def test_the_parts_of_a_remark_are_told_in_chinese_too(visit):
    told = visit().evaluate("remarks => remarks.map(Guatu.told)", list(REMARKS))
    assert dict(zip(REMARKS, told, strict=True)) == REMARKS


def test_no_request_of_an_import_leaves_the_machine(visit, watch, address):
    check(send(visit(), GOOD))
    assert [url for url in watch.asked if not url.startswith(address)] == []
    assert any(re.search(r"/imports/\d+/check$", url) for url in watch.asked)
