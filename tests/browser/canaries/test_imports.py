"""Files full of markup brought in by hand, and rows full of it placed on a map."""

import io

import openpyxl
import pytest
from playwright.sync_api import expect

from api.commands.working import worker_beside
from data.engine import make_engine, transaction
from data.loading import load
from tests.browser.canaries.conftest import fill_whole, serve_city
from tests.canary_city import CANARIES, CODES, DAY, rows

pytestmark = [pytest.mark.db, pytest.mark.browser]

MARKUP = CANARIES[2]
PATIENCE_MS = 90_000
"""The worker starts as a process of its own."""

HEADINGS = ["单位编号", "企业名称", "风险等级", "经度", "纬度", MARKUP]
ROWS = [
    ["u1", MARKUP, MARKUP, 113.61, 34.74, MARKUP],
    ["u2", "中原宾馆", "低", 113.62, 34.75, ""],
]


@pytest.fixture
def imports(clone_of, tmp_path, page, watch):
    """The page for imports, where hazards without a position wait; a worker runs beside it."""
    with clone_of("canaries", fill_whole) as url:
        engine = make_engine(url)
        with transaction(engine) as session:
            load(session, "hazards", rows("hazards", found_at=DAY), source=MARKUP)
        with worker_beside(engine, 7):
            for address in serve_city(url, tmp_path):
                page.goto(f"{address}/imports?lang=zh")
                page.evaluate("Guatu.ready")
                yield page
                watch.settle(page)
        engine.dispose()


def workbook():
    book = openpyxl.Workbook()
    book.active.title = "台账"
    for row in [HEADINGS, *ROWS]:
        book.active.append(row)
    book.create_sheet("<b>bold<b>").append(HEADINGS)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def send(page):
    page.locator("#send [name=source]").fill(MARKUP)
    page.locator("#file").set_input_files(
        {"name": f"{MARKUP}.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()}
    )
    expect(page.locator("#file-name")).to_have_text(f"{MARKUP}.xlsx")
    page.locator("#send-button").click()
    expect(page.locator("#preview")).to_be_visible(timeout=PATIENCE_MS)


def press_on(page, button, title):
    button.click()
    expect(page.locator("#report-title")).to_have_text(title, timeout=PATIENCE_MS)


def test_a_file_is_looked_through_letter_by_letter(imports):
    send(imports)
    expect(imports.locator("#preview-name")).to_contain_text(MARKUP)
    assert MARKUP in imports.locator("#preview-table bdi").all_text_contents()
    assert imports.locator("#preview-table td").all_text_contents().count(MARKUP) == 3
    assert "<b>bold<b>" in imports.locator("#asked [name=sheet] option").all_text_contents()
    imports.get_by_label("“企业名称”列的含义").select_option("")
    expect(imports.locator("#preview-warnings")).to_contain_text(MARKUP)


def test_what_is_refused_and_undone_is_told_letter_by_letter(imports):
    send(imports)
    press_on(imports, imports.locator("#check"), "试运行结果")
    expect(imports.locator("#reasons .value")).to_have_text(MARKUP)
    expect(imports.locator("#warnings")).to_contain_text(MARKUP)
    press_on(imports, imports.locator("#report-acts .primary"), "导入结果")
    first = imports.locator("#history tbody tr").first
    expect(first.locator("bdi")).to_have_text([f"{MARKUP}.xlsx", MARKUP])
    first.get_by_text("撤销").click()
    expect(imports.locator("#undo-what")).to_have_text(f"{MARKUP}.xlsx")
    with imports.expect_response("**/unplaced/hazards?*"):  # the last that is asked for
        imports.locator("#undo").get_by_text("确认撤销").click()
    expect(imports.locator("#alert")).to_contain_text("已撤销")


def test_a_row_without_a_position_is_placed_letter_by_letter(imports, watch):
    waiting = imports.locator("#unplaced-rows tr", has_text=MARKUP)
    expect(waiting.filter(has=imports.locator("bdi", has_text=CODES[2])).first).to_be_visible()
    imports.get_by_role("button", name=f"定位 {CODES[2]}", exact=True).click()
    offers = imports.locator("#placing-offers bdi")
    expect(offers.filter(has_text=MARKUP).first).to_be_visible()
    expect(imports.locator("#placing-what")).to_contain_text(MARKUP)
    imports.evaluate("Guatu.settled()")  # a tile that is cut off would look failed
    offers.filter(has_text=MARKUP).first.click()
    imports.evaluate("Guatu.settled()")
    watch.settle(imports)
    imports.locator("#placing-map").hover()
    with imports.expect_response("**/unplaced/hazards?*"):
        imports.get_by_text("放在这里").click()
    expect(imports.locator("#placing")).to_be_hidden()
