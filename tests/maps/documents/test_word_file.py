import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn

from maps.documents import FORMATS
from maps.documents.word_file import write_docx

ORDER = ("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook")


@pytest.fixture(scope="module")
def opened(document):
    return docx.Document(io.BytesIO(write_docx(document)))


def texts(made):
    return [paragraph.text for paragraph in made.paragraphs]


def run_of(made, text):
    return next(r for p in made.paragraphs for r in p.runs if text in r.text)


def font_of(run):
    return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt


def test_the_page_has_the_margins_of_the_standard(opened):
    section = opened.sections[0]
    sides = (section.top_margin, section.left_margin, section.page_width, section.page_height)
    assert [round(side.mm) for side in sides] == [37, 28, 210, 297]


def test_each_part_is_in_its_font_and_size(opened):
    assert font_of(run_of(opened, "三日排名通报")) == ("方正小标宋简体", 22)
    assert font_of(run_of(opened, "一、总体情况")) == ("黑体", 16)
    assert font_of(run_of(opened, "=1+1")) == ("仿宋_GB2312", 16)
    assert font_of(run_of(opened, "注：")) == ("楷体_GB2312", 10.5)


def test_the_name_of_a_bulletin_is_red(opened):
    assert str(run_of(opened, "整治工作通报").font.color.rgb) == "E60012"


def test_ledger_text_is_text_and_nothing_else(opened):
    assert "=1+1 <b>{{ 7*7 }}</b>" in texts(opened)
    assert opened.tables[0].cell(1, 1).text == "=1+1 <b>{{ 7*7 }}</b>"


def test_a_table_says_what_is_known(opened):
    rows = [[cell.text for cell in row.cells] for row in opened.tables[0].rows]
    assert rows[1][2:] == ["100.0%", "2019-08-31", "1.5"]
    assert rows[2] == ["2", "金水区", "99.9%", "—", "—"]


def test_headings_are_repeated_and_rows_are_not_cut(opened):
    rows = [row._tr.trPr for row in opened.tables[0].rows]
    assert [row.find(qn("w:tblHeader")) is not None for row in rows] == [True, False, False]
    assert all(row.find(qn("w:cantSplit")) is not None for row in rows)


def test_the_properties_of_a_table_stand_in_the_order_that_word_wants(opened):
    names = [child.tag.split("}")[1] for child in opened.tables[0]._tbl.tblPr]
    assert names == [name for name in ORDER if name in names]


def test_pages_are_numbered_outside_and_marked_on_top(opened):
    section = opened.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.text, odd.alignment, even.alignment) == ("— 1 —", 2, 0)
    assert section.even_page_header.paragraphs[0].text == "模拟数据　内部使用"


def test_the_picture_is_told_to_those_who_cannot_see_it(opened):
    assert opened.inline_shapes[0]._inline.docPr.get("descr") == "图1　完成率"


def test_the_file_says_as_of_when_it_is_and_not_when_it_was_written(opened, document):
    about = opened.core_properties
    assert about.created == about.modified == document.made_at
    assert (about.title, about.author, about.comments) == ("三日排名通报", "安委会办公室", "")


@pytest.mark.parametrize(
    ("phrases", "printed"),
    [
        (("关于郑州市安全隐患", "整改情况排名的通报"), "关于郑州市安全隐患整改情况排名的通报"),
        (
            ("关于郑州市安全隐患", "整改完成情况排名的通报"),
            "关于郑州市安全隐患整改完成情况排名的通报",
        ),
        (
            ("关于新郑州市安全隐患", "整改完成情况排名的通报"),
            "关于新郑州市安全隐患\n整改完成情况排名的通报",
        ),
    ],
)
def test_a_title_broader_than_a_line_is_broken_between_phrases(document, phrases, printed):
    told = replace(document, title="".join(phrases), title_phrases=phrases)
    assert printed in texts(docx.Document(io.BytesIO(write_docx(told))))


def test_a_title_too_long_for_a_property_is_cut_there_and_whole_on_the_page(document):
    title = "长" * 300
    made = docx.Document(io.BytesIO(write_docx(replace(document, title=title, author=title))))
    about = made.core_properties
    assert about.title == about.author == about.last_modified_by == "长" * 255
    assert title in texts(made)


def test_a_broad_document_has_broad_pages(broad):
    section = docx.Document(io.BytesIO(write_docx(broad))).sections[0]
    assert section.page_width > section.page_height


def test_a_long_name_still_fits_in_one_line(document):
    head = replace(document.masthead, name="安全隐患大排查大整治专项行动工作通报")
    made = docx.Document(io.BytesIO(write_docx(replace(document, masthead=head))))
    size = run_of(made, "专项行动").font.size.pt
    assert size * len(head.name) <= 442


@pytest.mark.parametrize("ending", FORMATS)
def test_equal_documents_are_equal_bytes(document, ending):
    assert FORMATS[ending].write(document) == FORMATS[ending].write(replace(document))


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_no_part_tells_when_it_was_packed(document, ending):
    packed = zipfile.ZipFile(io.BytesIO(FORMATS[ending].write(document)))
    assert {part.date_time[0] for part in packed.infolist()} == {1980}
