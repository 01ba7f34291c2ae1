from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from maps.documents import FORMATS
from maps.documents.bulletin_tables import cell_map
from maps.documents.bulletins import compose_bulletin
from maps.documents.cell_map import CLASSES
from maps.documents.document import Figure, Heading, Paragraph
from maps.documents.imprint import Imprint

SQUARE = [[0, 0], [1000, 0], [1000, 900], [0, 900]]
ISSUED = Imprint("", 3, "张三", "李四", "王五", date(2019, 9, 1))


def rate(name, numerator, denominator, excluded=0):
    value = numerator / denominator if denominator else None
    parts = {"numerator": numerator, "denominator": denominator, "excluded": excluded}
    return {"name": name, **parts, "value": value}


def row(name, **more):
    return {
        "code": name,
        "name": name,
        "rank": 1,
        "movement": 2,
        "n_found": 40,
        "n_closed": 40,
        "completion": 1.0,
        "n_overdue": 0,
        "on_time": 0.9,
        "n_exempt": 57,
        "completion_low": 0.912,
        **more,
    }


@pytest.fixture
def facts():
    rates = [rate("completion", 339, 339, 57), rate("on_time", 330, 339, 57)]
    segments = [*rates, rate("segments_relit", 339, 396)]
    late = {"code": "r1", "thing_name": None, "thing_code": "s1", "owner_name": "金水区"}
    late |= {"person": None, "due_on": "2019-08-20", "days_left": -11, "state": "fixing"}
    changes = {"new": 5, "fixed": 8, "reopened": 1, "taken_off": 0, "still": 3, "worse": 2}
    totals = {"n_items": 396, "n_found": 339, "n_closed": 339, "n_exempt": 57, "n_transferred": 0}
    return {
        "kind": "weekly",
        "city": "郑州市",
        "simulated": True,
        "day": "2019-08-31",
        "since": "2019-08-25",
        "cut_off": "2019-08-31",
        "known_at": None,
        "totals": totals | {"n_open": 0, "n_overdue": 1},
        "rates": segments,
        "segments": {"totals": {"n_items": 396}, "rates": segments},
        "changes": changes | {"n_open_before": 12, "n_open_after": 10},
        "before": {"day": "2019-08-24", "completion": rate("completion", 300, 339)},
        "decisions": [
            {"code": "ranked_from", "values": {"n": 10}},
            {"code": "items_without_owner", "values": {"n": 4}},
        ],
        "owners": [row("金水区"), row("上街区", rank=None, movement=None, completion=None)],
        "grid": {"code": "districts", "name": "区县"},
        "cells": [row("a", movement=0), row("b", movement=-1, completion=0.0)],
        "outlines": [{"code": code, "rings": [SQUARE]} for code in ("a", "b", "c")],
        "outside": 2,
        "late": [late],
        "visits": {"n_visits": 200, "n_units": 84},
        "hazards": {"n_hazards": 9, "n_major": 1, "n_larger": 0, "n_general": 8, "n_by_visits": 8},
        "sanctions": None,
        "submissions": {"reported": ["金水区", "上街区"], "zero_report": [], "missing": ["新密"]},
    }


def compose(facts, imprint=ISSUED, language="zh"):
    return compose_bulletin(facts, imprint, language)


def said(document):
    return "".join(b.text for b in document.blocks if isinstance(b, Paragraph))


def headings(document):
    return [block.text for block in document.blocks if isinstance(block, Heading)]


def test_every_rate_has_numerator_denominator_and_what_is_left_out(facts):
    text = said(compose(facts))
    assert "整改完成率100.0%（339/339，剔除57项）" in text
    assert "路段恢复率85.6%（339/396）" in text


def test_completion_is_compared_with_the_day_before_the_window(facts):
    assert "整改完成率较2019年8月24日（88.5%）上升11.5个百分点。" in said(compose(facts))
    facts["before"]["completion"] = rate("completion", 339, 339)
    assert "持平" in said(compose(facts))
    facts["rates"][0] = rate("completion", 300, 339)
    assert "下降11.5个百分点" in said(compose(facts))
    facts["before"]["completion"] = rate("completion", 0, 0)
    assert "个百分点" not in said(compose(facts))


def test_what_is_not_known_is_said_not_to_be_zero(facts):
    unknown = dict.fromkeys(("visits", "hazards", "sanctions", "submissions"))
    text = said(compose(facts | unknown))
    for sentence in ("检查家次无数据", "隐患数无数据", "不作零计", "未报不按零计"):
        assert sentence in text


def test_hazards_per_100_visits_are_those_that_visits_found(facts):
    assert "百家次隐患4.0处（8/200×100）" in said(compose(facts))
    facts["visits"] = {"n_visits": 0, "n_units": 0}
    assert "百家次隐患无数据（分母为零）" in said(compose(facts))


def test_sanctions_are_told_with_their_sum(facts):
    names = ("order", "fine", "seal", "suspension", "closure", "exposure", "interview")
    facts["sanctions"] = dict.fromkeys(names, 4) | {"fine_yuan": "65600.00"}
    assert "罚款4次（65,600.00元）" in said(compose(facts))
    facts["sanctions"]["fine_yuan"] = None
    assert "罚款4次（金额无数据）" in said(compose(facts))


def test_who_did_not_report_is_named(facts):
    assert "已报2家（金水区、上街区）；零报告0家；未报1家（新密）" in said(compose(facts))


def test_without_a_denominator_a_rate_is_unknown(facts):
    facts["rates"][1] = rate("on_time", 0, 0)
    assert "按期销号率无数据（分母为零）" in said(compose(facts | {"segments": None}))


def test_an_empty_ledger_has_no_rate(facts):
    facts["totals"] |= {"n_items": 0}
    assert "整改完成率无数据（不等于零）" in said(compose(facts))


def test_sections_are_numbered_as_they_come(facts):
    assert [text[:2] for text in headings(compose(facts))] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
    ]
    for name in ("visits", "hazards", "sanctions", "submissions"):
        del facts[name]
    ranking = compose(facts | {"kind": "ranking"})
    assert headings(ranking)[-1] == "四、超期未销号事项"
    assert len(ranking.notes) == len(compose(facts | {"kind": "ranking"}).notes)


def test_a_party_without_a_rank_is_listed_and_moves_are_shown(facts):
    owners, cells, _late = compose(facts).tables
    assert [line[0] for line in owners.rows] == ["1", "不排名"]
    assert [line[8] for line in owners.rows] == ["↑2", None]
    assert [line[9] for line in cells.rows] == ["→", "↓1"]
    assert owners.remark == "另有4项没有登记牵头单位，不列入单位排名。"
    assert cells.remark.startswith("另有2项")


def test_everything_in_a_row_has_found_its_place(facts):
    facts["decisions"].pop()
    facts["outside"] = 0
    owners, cells, _late = compose(facts).tables
    assert (owners.remark, cells.remark) == ("", "")


def test_late_items_tell_for_how_long(facts):
    late = compose(facts).tables[2]
    assert late.rows == ((1, "r1", "s1", "金水区", None, date(2019, 8, 20), 11, "整改中"),)
    assert late.caption == "表3　超期未销号事项"


def test_tables_without_rows_are_left_out_and_not_counted(facts):
    document = compose(facts | {"owners": [], "cells": [], "late": []})
    assert document.tables == ()
    assert not any(isinstance(block, Figure) for block in document.blocks)
    assert "没有登记牵头单位" in said(document) or "不作单位排名" in said(document)
    assert "没有超期未销号事项" in said(document)


def test_the_map_has_every_cell_and_a_legend_with_no_data(facts):
    figure = cell_map(facts, 2, "zh")
    assert figure.caption == "图1　各网格整改完成率（圈内数字为表2序号）"
    assert [swatch.label for swatch in figure.legend][-1] == "无整改项"
    assert len(figure.legend) == len(CLASSES)


def test_an_issue_has_number_day_and_the_names_of_who_signed(facts):
    document = compose(facts)
    assert (document.masthead.number, document.masthead.day) == ("第 3 期", "2019年9月1日")
    assert document.colophon == (
        ("拟稿：张三　审核：李四", "签发：王五"),
        ("郑州市安全生产委员会办公室", "2019年9月1日印发"),
    )


def test_a_draft_says_that_it_is_one(facts):
    document = compose(facts, Imprint("安委办"))
    assert (document.masthead.number, document.masthead.office) == ("（送审稿）", "安委办")
    assert document.colophon[1] == ("安委办", "尚未印发")


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("2019-08-25", "2019年8月25日至2019年8月31日，新列入"),
        ("2019-08-31", "2019年8月31日，新列入"),
    ],
)
def test_a_window_of_one_day_is_that_day(facts, since, said):
    paragraphs = [
        one.text for one in compose(facts | {"since": since}).blocks if isinstance(one, Paragraph)
    ]
    assert any(text.startswith(said) for text in paragraphs)


def test_the_title_is_whole_and_known_by_its_phrases(facts):
    document = compose(facts)
    assert document.title == "郑州市安全隐患排查整治工作周通报"
    assert document.title_phrases == ("郑州市安全隐患", "排查整治工作周通报")


def test_the_cut_off_is_the_end_of_the_day_or_a_moment(facts):
    assert compose(facts).subtitle == "（数据截止：2019年8月31日24时）"
    assert compose(facts).made_at == datetime(2019, 9, 1, tzinfo=UTC)
    moment = compose(facts | {"cut_off": "2019-08-31T18:05+08:00"})
    assert moment.subtitle == "（数据截止：2019年8月31日18时05分）"
    assert moment.made_at == datetime(2019, 8, 31, 18, 5, tzinfo=UTC)


def test_what_was_known_then_and_what_is_corrected_are_said(facts):
    known = compose(facts | {"known_at": "2019-09-02T09:00+08:00"})
    assert "按2019年9月2日9时00分以前录入的数据，当时口径" in known.subtitle
    assert any("不还原到数据录入时" in note for note in known.notes)
    assert not any("不还原到数据录入时" in note for note in compose(facts).notes)
    assert "更正第 2 期" in compose(facts, replace(ISSUED, corrects=2)).subtitle


def test_simulated_data_is_marked_on_every_page(facts):
    assert compose(facts).mark == "模拟数据　内部使用"
    assert compose(facts | {"simulated": False}).mark == "内部使用"


def test_english_sentences_are_parted(facts):
    text = said(compose(facts, language="en"))
    assert "reopened). Completion rose" in text


def test_notes_are_numbered_sentences(facts):
    notes = compose(facts).notes
    assert notes[0].startswith("注：1. 完成率 = 已销号")
    assert all(note.endswith("。") for note in notes)


@pytest.mark.parametrize("kind", ["daily", "ranking", "weekly", "monthly"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_bulletin_can_be_written_in_every_format(facts, kind, language):
    document = compose(facts | {"kind": kind}, language=language)
    assert all(form.write(document) for form in FORMATS.values())
