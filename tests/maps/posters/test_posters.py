from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import combinations

import numpy as np
import pypdfium2
import pytest
import shapely
from PIL import Image

from maps.layers import DECLARED
from maps.posters import draw
from maps.posters.index import draw_index
from maps.posters.layout import draw_sheet, lay_out
from maps.posters.paper import Paper
from maps.posters.poster import Area, Deadline, Imprint, Party
from maps.posters.sheet import Sheet, Style, shrunk
from tests.maps.posters.small_city import SQUARES, coverage_answer

CANARIES = [
    "$\\frac{a}{b}$",
    "$x^2 and no end",
    "{{7*7}} {% x %}",
    "x" * 10_000,
    "\\textbf{x} \\\\",
    "<b>bold</b> &amp;",
    "%(name)s %d {0}",
    "two\nlines\tand a tab",
    "[red]markup[/red]",
]
PAPERS = [Paper("A4", portrait=True), Paper("A3"), Paper("A0"), Paper("A0", portrait=True)]


def texts(sheet):
    return [placed.text for placed in sheet.placed]


def pdf_of(poster):
    return pypdfium2.PdfDocument(draw(poster, "pdf").content)


@pytest.fixture(scope="module")
def pdf(make_poster):
    return draw(make_poster(), "pdf").content


@pytest.fixture
def document(pdf):
    return pypdfium2.PdfDocument(pdf)


def overlaps(sheet):
    return [(a.text, b.text) for a, b in combinations(sheet.placed, 2) if a.box.meets(b.box)]


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_no_text_covers_another_or_leaves_the_paper(make_poster, paper):
    sheet = draw_sheet(make_poster(paper=paper))
    assert overlaps(sheet) == []
    assert [each.text for each in sheet.placed if not paper.box.holds(each.box)] == []


def test_no_label_of_the_map_reaches_the_legend_or_the_table(make_poster):
    poster = make_poster()
    boxes = lay_out(poster)
    beside = [each.box for each in draw_sheet(poster).placed if each.text.startswith("第")]
    on_map = [box for box in beside if boxes.map.holds(box)]
    assert len(on_map) == 9
    assert not any(box.meets(other) for box in on_map for other in (boxes.legend, boxes.ranking))


def test_every_class_is_in_the_legend_with_its_number(make_poster):
    poster = make_poster()
    counted = {each.key: len(poster.classified.members[each.key]) for each in poster.view.classes}
    assert counted == {
        "no_units": 3,
        "base_unclear": 0,
        "blank": 2,
        "below60": 1,
        "from60": 1,
        "from80": 0,
        "from90": 1,
        "full": 1,
    }
    shown = texts(draw_sheet(poster))
    labels = [poster.word(f"class.{each.key}") for each in poster.view.classes]
    assert [label for label in labels if label not in shown] == []


def test_the_worst_is_named_large_and_first_in_the_table(make_poster):
    sheet = draw_sheet(make_poster())
    named = [each.box.height for each in sheet.placed if each.text == "第4街道"]
    assert len(named) == 3
    assert max(named) > 10
    assert "40.5" in texts(sheet)


def test_rates_stand_with_what_they_are_made_of(make_poster):
    shown = texts(draw_sheet(make_poster()))
    assert shown[shown.index("55.3%") + 1] == "26 / 47 家"


def test_the_head_counts_the_days_that_are_left(make_poster):
    shown = texts(draw_sheet(make_poster()))
    assert shown[shown.index("距时限还有") + 1] == "12"
    assert {"2019-09-12", "专项行动"} <= set(shown)


@pytest.mark.parametrize(("days", "lead"), [(0, "今日到期"), (-3, "已超时限"), (1, "距时限还有")])
def test_a_deadline_that_is_over_is_said_so(make_poster, days, lead):
    due = Deadline(date(2019, 9, 1), None, days, n_open=5, n_overdue=2)
    shown = texts(draw_sheet(make_poster(deadline=due)))
    assert shown[shown.index(lead) + 1] == f"{abs(days)}"
    assert {"未销号 5 项", "其中逾期 2 项"} <= set(shown)


def test_without_a_deadline_none_is_invented(make_poster):
    shown = texts(draw_sheet(make_poster(deadline=Deadline())))
    assert "时限未定" in shown
    assert not any("天" in text and "近" not in text for text in shown)


def test_the_foot_names_the_maker_and_the_approval(make_poster):
    imprint = Imprint("某市安委办", "豫S〔2019〕012号")
    shown = texts(draw_sheet(make_poster(imprint=imprint)))
    assert {"制图单位：某市安委办", "审图号：豫S〔2019〕012号"} <= set(shown)
    assert "内部使用" not in shown


def test_without_an_approval_the_sheet_is_for_internal_use(make_poster):
    shown = texts(draw_sheet(make_poster()))
    assert {"内部使用", "内部使用，未经地图审核", "模拟数据"} <= set(shown)


def test_what_must_be_read_before_the_figures_is_on_the_map(make_poster):
    assert "尚无检查" in texts(draw_sheet(make_poster()))


def test_ledger_text_is_drawn_as_it_is(make_poster):
    poster = make_poster(CANARIES, city=CANARIES[0], place=CANARIES[1], attribution=CANARIES[2])
    text = pdf_of(poster)[0].get_textpage().get_text_bounded()
    starts = [" ".join(canary.split())[:12] for canary in CANARIES]
    assert [start for start in starts if start not in text] == []
    assert f"{CANARIES[0]} · {CANARIES[1]}" in text


def test_a_pdf_is_one_page_of_its_paper(document):
    assert len(document) == 1
    wide, high = document[0].get_size()
    assert (wide / 72 * 25.4, high / 72 * 25.4) == pytest.approx((420, 297), abs=0.1)


def test_the_chinese_of_a_pdf_can_be_searched(document):
    text = document[0].get_textpage().get_text_bounded()
    words = ("检查覆盖与空白图", "第4街道", "数据截止", "底数不清", "比例尺", "制图单位")
    assert [word for word in words if word not in text] == []


def test_every_font_of_a_pdf_is_embedded(document):
    objects = document[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    fonts = [pypdfium2.raw.FPDFTextObj_GetFont(found.raw) for found in objects]
    assert {pypdfium2.raw.FPDFFont_GetIsEmbedded(font) for font in fonts} == {1}


def test_the_same_poster_is_the_same_file(make_poster, pdf):
    assert draw(make_poster(), "pdf").content == pdf


def test_a_missing_glyph_is_reported_with_its_text(make_poster):
    drawn = draw(make_poster(["㙍家沟", *[None] * 8]), "png")
    assert drawn.missing == {"㙍家沟": ("㙍",)}


def test_a_picture_has_the_dots_of_its_paper(make_poster):
    picture = Image.open(BytesIO(draw(make_poster(paper=Paper("A4")), "png").content))
    assert picture.size == pytest.approx((297 / 25.4 * 150, 210 / 25.4 * 150), abs=2)


def test_paper_that_is_not_chosen_stands_for_a_city_that_stands(make_poster):
    tall = make_poster(paper=Paper("A3", portrait=None)).shapes
    column = tall[::3]
    poster = make_poster(
        paper=Paper("A3", portrait=None),
        shapes=np.concatenate([column, column, column]),
    )
    assert draw_sheet(poster).paper.portrait is True


def test_a_cell_that_has_only_a_code_is_told_by_it(make_poster):
    poster = make_poster([None] * 9, areas=())
    assert poster.title_of(poster.worst[0]) == "c4"
    assert texts(draw_sheet(poster)).count("c4") == 2


def test_nothing_to_rank_is_said(make_poster):
    poster = make_poster()
    for row in poster.rows:
        row["gap"] = 0
    assert texts(draw_sheet(poster)).count("没有可排序的数据") == 2


def test_a_text_grows_smaller_before_it_is_cut():
    assert shrunk("安全生产", Style(10), 13).size == pytest.approx(9)
    assert shrunk("安全生产", Style(10), 5).size == 10


def test_a_blank_text_leaves_no_mark():
    sheet = Sheet(Paper())
    sheet.text((0, 0), "  ", Style(10), halo=True)
    assert sheet.placed == []


@pytest.mark.parametrize("subject", DECLARED)
def test_every_view_has_its_words(make_poster, subject):
    poster = make_poster(subject=subject)
    for view in poster.declared.views:
        assert poster.word(f"poster.worst.{view.key}")
        assert poster.word(f"legend.{view.key}")


def test_who_is_behind_is_told_with_what_it_is_counted_from(make_poster):
    behind = tuple(Party(f"第{n}处", 40, 10 + n, 9 - n) for n in range(5))
    shown = texts(draw_sheet(make_poster(behind=behind)))
    start = shown.index("第0处")
    assert shown[start + 1 : start + 4] == ["25.0%", "10 / 40", "9"]
    assert "第2处" in shown
    assert "第3处" not in shown


def test_a_party_without_a_base_has_no_rate(make_poster):
    shown = texts(draw_sheet(make_poster(behind=(Party("某处", 0, 0, 1),))))
    assert shown[shown.index("某处") + 1] == "未知"


@pytest.mark.parametrize("n_parts", [4, 60])
@pytest.mark.parametrize("portrait", [False, True])
def test_the_index_names_every_sheet_and_covers_nothing(make_poster, n_parts, portrait):
    paper = Paper("A3", portrait)
    parts = [
        make_poster(place=f"某某街道{n}", sheet=n, n_sheets=n_parts + 1, paper=paper)
        for n in range(2, n_parts + 2)
    ]
    areas = tuple(Area(each.place, SQUARES[n % 9]) for n, each in enumerate(parts))
    sheet = draw_index(make_poster(areas=areas, paper=paper, n_sheets=n_parts + 1), parts)
    shown = texts(sheet)
    assert [each.place for each in parts if each.place not in shown] == []
    assert f"第 1 张，共 {n_parts + 1} 张" in shown
    assert overlaps(sheet) == []


def street_poster(make_poster, statuses, **changes):
    rows = [
        {
            "code": f"s{n}",
            "name": None if n else "某路",
            "status": status,
            "n_lamps": None if status == "not_surveyed" else 10,
            "n_out": 0 if status == "not_surveyed" else 4,
            "dark_m": 100.0 - n if status == "dark" else 0.0,
            "cause": None,
            "outages_per_100m": 1.0,
            "length_m": 300.0,
        }
        for n, status in enumerate(statuses)
    ]
    lines = [shapely.LineString([(n * 5000, 0), (n * 5000 + 300, 200)]) for n in range(len(rows))]
    totals = {"n_out": 4, "n_lamps": 20, "by_status": {"dark": 1}}
    answer = coverage_answer([], segments=rows, totals=totals, rates=[])
    del answer["cells"]
    about = {"answer": answer, "shapes": np.array(lines, dtype=object), "areas": ()}
    return make_poster(subject="streetlights", **about, **changes)


def test_streets_nobody_looked_at_do_not_shrink_the_map(make_poster):
    poster = street_poster(make_poster, ["dark", "lit", "not_surveyed", "not_surveyed"])
    assert poster.focus.tolist() == [True, True, False, False]
    assert "另有 2 段未排查的路段在图外" in texts(draw_sheet(poster))


def test_what_lies_outside_is_told_where_the_scale_bar_is_not(make_poster):
    lines = [
        [(0, 0), (900, 300)],
        [(6000, 6300), (6700, 6500)],
        [(0, 9), (9, 9)],
        [(9e4, 0), (9e4, 9)],
    ]
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    statuses = ["dark", "lit", "lit", "not_surveyed"]
    poster = replace(
        street_poster(make_poster, statuses), shapes=shapes, paper=Paper("A3", portrait=True)
    )
    sheet = draw_sheet(poster)
    told = next(each for each in sheet.placed if each.text.startswith("另有 1 段"))
    assert told.box.left < 30
    assert overlaps(sheet) == []


def test_a_base_without_room_beside_its_figure_stands_above_it(make_poster):
    poster = make_poster(paper=Paper("A3", portrait=True))
    poster.prepared["totals"].update(n_inspected=1_234_567, n_units=23_456_789)
    sheet = draw_sheet(poster)
    value = next(each.box for each in sheet.placed if each.text == "5.3%")
    base = next(each.box for each in sheet.placed if each.text.startswith("1,234,567 /"))
    assert base.bottom < value.bottom
    assert overlaps(sheet) == []


def test_a_street_somebody_works_on_is_on_the_map(make_poster):
    poster = street_poster(make_poster, ["dark", "not_surveyed"])
    poster.rows[1]["work"] = "fixing"
    assert poster.focus.all()


def test_where_nobody_looked_anywhere_all_streets_are_shown(make_poster):
    assert street_poster(make_poster, ["not_surveyed"] * 2).focus.all()


def test_a_street_without_a_name_is_told_by_its_code(make_poster):
    poster = street_poster(make_poster, ["dark", "dark"])
    assert [poster.title_of(row) for row in (0, 1)] == ["某路", "无名路段 s1"]
    assert overlaps(draw_sheet(poster)) == []


def test_columns_go_where_names_have_no_room(make_poster):
    names = [f"一个名字很长的街道办事处{n}" for n in range(9)]
    lying = texts(draw_sheet(make_poster(names)))
    standing = texts(draw_sheet(make_poster(names, paper=Paper("A3", portrait=True))))
    assert "超期" in lying
    assert "超期" not in standing
    assert names[4] in standing


def test_a_cell_without_a_shape_is_in_the_table_only(make_poster):
    shapes = SQUARES.copy()
    shapes[4] = None
    poster = make_poster(["", *[None] * 8], shapes=shapes)
    assert "c4" in texts(draw_sheet(poster))


def test_a_hatch_is_coarser_on_a_larger_sheet():
    assert Sheet(Paper("A3")).hatch("////") == "////"
    assert Sheet(Paper("A0")).hatch("////") == "/"
    assert Sheet(Paper("A4")).hatch("") is None


def hotspot_poster(make_poster, *bins):
    rows = [
        {
            "code": f"c{n}",
            "name": None,
            "value": 5.0,
            "gi_z": 1.0 - n / 10,
            "gi_p": 0.3,
            "gi_bin": found,
        }
        for n, found in enumerate(bins)
    ]
    totals = {
        "n_hazards": 12_345,
        "by_level": {"major": 1_111, "larger": 2_222, "general": 3_333, "ungraded": 4_444},
    }
    answer = coverage_answer([], cells=rows, totals=totals)
    return make_poster(subject="hazards", answer=answer, shapes=SQUARES[: len(rows)], areas=())


def test_only_a_significant_cell_is_called_a_hotspot(make_poster):
    assert "热点最强" in texts(draw_sheet(hotspot_poster(make_poster, 3, 0)))
    assert "无显著热点，z 值最高处" in texts(draw_sheet(hotspot_poster(make_poster, 0, None)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("portrait", [False, True])
def test_a_figure_with_much_to_say_is_not_cut(make_poster, language, portrait):
    poster = replace(hotspot_poster(make_poster, 1), language=language, paper=Paper("A3", portrait))
    shown = texts(draw_sheet(poster))
    assert any(text.endswith("4,444") for text in shown)
