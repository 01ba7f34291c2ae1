import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from data.importers.columns import FIELDS
from data.importers.titles import READ_ONLY as LEFT_OUT
from data.importers.titles import is_note
from data.importers.vocabulary import STATES
from maps.documents import FORMATS
from maps.documents.imprint import Imprint
from maps.documents.lists import compose_lists
from maps.words import text
from maps.words.four_lists import READ_ONLY

LISTS = ("hazards", "handed_over", "leaders", "closing")
NAMES = (
    *(
        "source",
        "code",
        "hazard_code",
        "segment_code",
        "place",
        "description",
        "level",
        "category",
        "unit",
    ),
    *("origin", "lead_party", "helping_party", "state", "found_at", "closed_at", "due_on"),
    *("person", "measure", "money_yuan", "contingency", "handover_batch", "escalation"),
    *("reported_fixed_by", "rechecked_by", "exempt_confirmed_by_city", "exempt_reason"),
    *("exempt_confirmed_by_builder", "n_reopened", "n_evidence", "first_due_on", "leader"),
    *("listed_on", "removed_on", "days_late", "in_time"),
)
ITEM = dict.fromkeys(NAMES) | {
    "code": "r1",
    "level": "major",
    "origin": "expert",
    "state": "closed",
    "escalation": "interview",
    "due_on": "2019-08-20",
    "found_at": "2019-08-01 22:00",
    "money_yuan": "1200.50",
    "in_time": True,
    "n_evidence": 0,
}


@pytest.fixture
def facts():
    about = {"city": "郑州市", "simulated": False, "day": "2019-08-31", "cut_off": "2019-08-31"}
    return {**about, **{name: [ITEM, ITEM | {"in_time": False}] for name in LISTS}}


def cells(document, heading):
    for table in document.tables:
        for place, column in enumerate(table.columns):
            if column.heading == heading:
                return [row[place] for row in table.rows]
    raise LookupError(heading)


def test_there_are_four_lists_by_their_names(facts):
    document = compose_lists(facts, Imprint(), "zh")
    assert [t.sheet for t in document.tables] == [
        "风险隐患清单",
        "交办督办清单",
        "领导责任清单",
        "验收销号清单",
    ]
    assert document.tables[0].caption == "风险隐患清单（截至2019年8月31日24时，2项）"


def test_values_are_told_in_words_days_and_numbers(facts):
    document = compose_lists(facts, Imprint(), "zh")
    assert cells(document, "※隐患级别")[0] == "重大"
    assert cells(document, "※隐患来源")[0] == "专家检查"
    assert cells(document, "※督办措施")[0] == "约谈"
    assert cells(document, "整改期限")[0] == date(2019, 8, 20)
    assert cells(document, "整改资金")[0] == Decimal("1200.50")
    assert cells(document, "※按期销号") == ["是", "否"]
    assert cells(document, "※佐证份数") == [0, 0]


def test_the_importers_know_every_column_that_is_not_for_reading_only(facts):
    known = {"序号", *(alias for field in FIELDS["rectifications"] for alias in field.aliases)}
    document = compose_lists(facts, Imprint(), "zh")
    headings = {column.heading for table in document.tables for column in table.columns}
    assert {heading for heading in headings if not is_note(heading)} <= known
    assert READ_ONLY == LEFT_OUT


def test_the_importers_know_every_state_by_the_word_on_the_lists():
    assert all(text(f"item.{state}", "zh") in words for state, words in STATES.items())


def test_what_is_not_known_is_blank(facts):
    html = FORMATS[".html"].write(compose_lists(facts, Imprint(), "zh")).decode()
    assert "—" not in html


@pytest.mark.parametrize("ending", FORMATS)
def test_lists_can_be_written_in_every_format(facts, ending):
    assert FORMATS[ending].write(compose_lists(facts, Imprint(), "en"))


def printed(facts, place):
    table = compose_lists(facts, Imprint(), "zh").tables[place].printed
    return [column.heading for column in table.columns], table


def test_what_only_an_import_needs_is_not_printed(facts):
    headings, table = printed(facts, 0)
    assert headings == ["序号", "整改编号", "隐患级别", "隐患来源", "发现时间", "状态"]
    assert table.remark.startswith("本表各项均无记载的栏未印：隐患（路段）编号、隐患部位、")


def test_a_street_stands_where_a_hazard_would_and_money_has_its_unit(facts):
    facts["leaders"] = [ITEM | {"hazard_code": "h1"}, ITEM | {"segment_code": "s1"}]
    headings, table = printed(facts, 2)
    assert [row[headings.index("隐患（路段）编号")] for row in table.rows] == ["h1", "s1"]
    assert table.rows[0][headings.index("整改资金（元）")] == Decimal("1200.50")
    assert "发现时间" not in headings


@pytest.mark.parametrize("ending", [".docx", ".html"])
def test_paper_has_no_marks_for_the_importer(facts, ending):
    content = FORMATS[ending].write(compose_lists(facts, Imprint(), "zh"))
    if ending == ".docx":
        content = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
    assert READ_ONLY not in content.decode()
    assert "数据来源" not in content.decode()
