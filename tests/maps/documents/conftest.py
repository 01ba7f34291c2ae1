"""A document with everything that a document may hold."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from maps.documents.cell_map import MapCell, draw_cells
from maps.documents.document import (
    Column,
    Document,
    Figure,
    Heading,
    Masthead,
    Paragraph,
    Swatch,
    Table,
)

HOSTILE = "=1+1 <b>{{ 7*7 }}</b>\x07"
SQUARE = ((0, 0), (1000, 0), (1000, 500), (0, 500))
COLUMNS = (
    Column("排名", 6, "count"),
    Column("责任单位", 16),
    Column("完成率", 8, "share"),
    Column("期限", 10, "day"),
    Column("罚款", 8, "number"),
)
ROWS = (
    (1, HOSTILE, 1, date(2019, 8, 31), 1.5),
    (2, "金水区", 9999 / 10000, None, None),
)


@pytest.fixture(scope="session")
def document():
    table = Table("表1　排名", COLUMNS, ROWS, sheet="排名", remark="基数不足10的不参与排名。")
    picture = draw_cells([MapCell((SQUARE,), 1, "1")])
    legend = (Swatch("#253494", "100%"), Swatch("#ffffff", "无数据", hatched=True))
    return Document(
        "zh",
        "三日排名通报",
        datetime(2019, 8, 31, 16, tzinfo=UTC),
        subtitle="截至8月31日24时",
        masthead=Masthead("整治工作通报", "第 3 期", "安委会办公室", "2019年8月31日"),
        mark="模拟数据　内部使用",
        blocks=(
            Heading("一、总体情况"),
            Paragraph(HOSTILE),
            table,
            Figure("图1　完成率", picture, 120, legend),
        ),
        notes=("注：完成率＝已销号÷应整改。",),
        colophon=(("拟稿：", "签发："), ("安委会办公室", "2019年8月31日印发")),
        author="安委会办公室",
    )


@pytest.fixture(scope="session")
def broad(document):
    """The tables alone, on broad pages."""
    return replace(
        document, blocks=document.tables, masthead=None, subtitle="", mark="", landscape=True
    )
