"""Ledgers as offices keep them: a title, a line of dates, groups of headings, totals and notes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Group = tuple[str, tuple[str, ...]]
LINE = "填报单位：东风路街道安全生产监管办公室        填报时间：2019年8月31日"
SIGNED = "填表人：张　敏        审核人：刘建国        联系电话：0371-65500000"


def box(east: float) -> str:
    """Return a cell of a hundredth of a degree as an office's GIS writes it."""
    west, end = f"113.{east * 100:.0f}", f"113.{east * 100 + 1:.0f}"
    corners = f"{west} 34.78, {end} 34.78, {end} 34.79, {west} 34.79, {west} 34.78"
    return f"POLYGON (({corners}))"


@dataclass(frozen=True)
class Form:
    """What an office fills in.

    Attributes
    ----------
    columns
        A heading, or a group with the headings below it.
    meant
        The field of the store that each heading means; blank for those that mean none.
    rows
        The cells of each row; where `merged` columns have none, the cell above goes on.
    total
        The row below them, by the place of its cells.
    notes
        What stands below the table, a row each.
    """

    title: str
    columns: tuple[str | Group, ...]
    meant: str
    rows: tuple[tuple[Any, ...], ...]
    merged: tuple[int, ...] = ()
    total: tuple[tuple[int, Any], ...] = ()
    notes: tuple[str, ...] = (SIGNED,)
    line: str = LINE

    @property
    def width(self) -> int:
        """How many columns there are."""
        return sum(1 if isinstance(one, str) else len(one[1]) for one in self.columns)


def workbook(form: Form) -> bytes:
    """Return a form as an xlsx workbook with its cells merged as offices do."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row, text in enumerate((form.title, form.line), start=1):
        _write(sheet, row, [text])
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=form.width)
    _write_headings(sheet, form.columns, 3)
    for row, cells in enumerate(form.rows, start=5):
        _write(sheet, row, cells)
    for column in form.merged:
        _merge_down(sheet, column + 1, [cells[column] for cells in form.rows], 5)
    below = 5 + len(form.rows)
    for place, cell in form.total:
        sheet.cell(below, place + 1, cell)
    for row, note in enumerate(form.notes, start=below + bool(form.total)):
        _write(sheet, row, [note])
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=form.width)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _write(sheet: Worksheet, row: int, cells: Sequence[Any]) -> None:
    for column, cell in enumerate(cells, start=1):
        sheet.cell(row, column, cell)


def _write_headings(sheet: Worksheet, columns: Sequence[str | Group], row: int) -> None:
    at = 1
    for one in columns:
        if isinstance(one, str):
            sheet.cell(row, at, one)
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=at, end_column=at)
            at += 1
            continue
        group, below = one
        sheet.cell(row, at, group)
        sheet.merge_cells(
            start_row=row, end_row=row, start_column=at, end_column=at + len(below) - 1
        )
        for heading in below:
            sheet.cell(row + 1, at, heading)
            at += 1


def _merge_down(sheet: Worksheet, column: int, cells: Sequence[Any], first: int) -> None:
    """Merge each cell with the blank ones below it."""
    starts = [at for at, cell in enumerate(cells) if cell is not None]
    for start, end in zip(starts, [*starts[1:], len(cells)], strict=True):
        if end - start > 1:
            sheet.merge_cells(
                start_row=first + start,
                end_row=first + end - 1,
                start_column=column,
                end_column=column,
            )


GRIDS = Form(
    "东风路街道安全生产网格划分一览表",
    (
        *("序号", "网格编号", "网格名称", ("网格员", ("姓名", "联系电话")), "启用时间"),
        *("面积（平方公里）", "网格范围（WKT）"),
    ),
    "- code name officer - valid_from - geometry",
    (
        (1, "DFL-01", "天明社区第一网格", "李　强", 13800000001, date(2019, 3, 1), 0.9, box(0.66)),
        (2, "DFL-02", "天明社区第二网格", "王　芳", 13800000002, date(2019, 3, 1), 0.9, box(0.67)),
    ),
    total=((0, "合计"), (6, 1.8)),
)
UNITS = Form(
    "东风路街道生产经营单位（场所）基础信息台账",
    (
        *("序号", "单位名称", "统一社会信用代码", ("主要负责人", ("姓名", "联系电话"))),
        *("详细地址", "行业领域", "风险等级（红橙黄蓝）", "经营状态", "成立时间", "所属社区"),
        *(("坐标", ("经度", "纬度")), "是否人员密集场所", "备注"),
    ),
    "- name credit_code legal_person phone address sector risk status registered_on"
    " declared_community lon lat - -",
    (
        (
            *(1, "东风饭店", "91350100M000100Y43", "赵　刚", 13900000001, "东风路１２号", "餐饮"),
            *("红", "正常营业", "2011年5月8日", "天明社区", 113.6651, 34.7822, "是", None),
        ),
        (
            *(2, "\u200b好邻居超市　", "91410105MA40000000", "钱　丽", "0371-65500001"),
            *("东风路15号", "商场超市", "橙色", "正常营业", "2015.10.12", "天明社区"),
            *(113.6662, 34.7831, "是", "连锁"),
        ),
        (
            *(3, "金水机械加工部", "无", "孙　伟", "13900000003/65500003", "文化路88号院", "工贸"),
            *("黄", "停产", "2016-03-01", "文化社区", "１１３．６７２３", 34.7845, "否", None),
        ),
        (
            *(4, "便民五金店", None, "李　娜", "—", "文化路90号", "商贸", "蓝", "歇业", 42736),
            *("文化社区", None, None, "否", "坐标待补"),
        ),
    ),
    total=((0, "合 计"), (1, "4家")),
    notes=("注：1.风险等级按红、橙、黄、蓝四色填写。", "2.坐标由高德地图拾取。", SIGNED),
)
INSPECTIONS = Form(
    "东风路街道安全生产检查情况登记台账",
    (
        *("序号", "被检查单位"),
        ("检查情况", ("检查时间", "检查人员", "出动人数（人）", "检查方式", "检查来源")),
        *("发现隐患数（处）", "是否双方签字", "检查结果", "备注"),
    ),
    "- unit_name inspected_at team team_size manner origin - countersigned result -",
    (
        (
            1,
            "东风饭店",
            "8.19",
            "李强、王芳",
            "２",
            "四不两直",
            "日常检查",
            3,
            "是",
            "限期整改",
            None,
        ),
        (
            *(2, None, "8月26日 上午9:30", "李强、王芳", 2, "四不两直", "督查", 1, "是"),
            *("1处未整改", None),
        ),
        (
            3,
            "好邻居超市",
            8.21,
            "张敏、周涛",
            "3人",
            "双随机",
            "专项检查",
            2,
            "√",
            "现场整改",
            None,
        ),
        (
            *(4, "金水机械加工部", "2019/8/22", "省厅专家组", 5, "专家会诊", "专家检查", 0, "否"),
            *("未发现隐患", "企业拒签"),
        ),
    ),
    merged=(1,),
    total=((0, "合计"), (4, "12人次"), (7, "6处")),
)
_FIXING = ("整改措施", "整改责任人", "整改时限", "是否完成整改", "整改完成时间")
HAZARDS = Form(
    "东风路街道安全生产隐患排查整治台账",
    (
        *("序号", "单位名称"),
        ("隐患情况", ("存在问题", "隐患部位", "隐患等级", "隐患类别", "数量（处）")),
        *("排查时间", ("整改情况", _FIXING), "排查人员", "备注"),
    ),
    "- unit_name description place level category count found_at - - - fixed closed_at - -",
    (
        (
            *(1, "东风饭店", "1.灭火器过期；2.安全出口堵塞", "一层后厨", "一般隐患", "消防", "２"),
            *("8.19", "更换、清理", "赵　刚", "8.25", "是", "8.24", "李强、王芳", None),
        ),
        (
            *(2, None, "燃气管线未装报警器", "一层后厨", "重大隐患", "燃气", 1),
            *("8.19", "停用、加装", "赵　刚", "9.15", "否", None, "李强、王芳", "挂牌督办"),
        ),
        (
            *(3, "好邻居超市", "疏散指示灯不亮", "二层", "一般", "消防", "1处"),
            *("8月21日", "更换", "钱　丽", "8.21", "是", None, "张敏", None),
        ),
        (
            *(4, "金水机械加工部", "设备未接地", "车间", "一般隐患", "用电", "１３５"),
            *("2019.8.22", "接地", "孙　伟", "8月底前", "否", None, "专家组", None),
        ),
        (
            *(5, "无证小作坊", "私拉乱接电线", "院内", "较大隐患", "用电", "143"),
            *(43700, "拆除", "—", "8.30", "否", "/", "专家组", None),
        ),
    ),
    merged=(1,),
    total=((0, "合计"), (6, "280余处")),
    notes=("填表说明：隐患等级填“一般隐患”或“重大隐患”。", SIGNED),
)
SEGMENTS = Form(
    "城市道路照明设施排查台账（路段）",
    (
        *("序号", "道路名称", ("起止点", ("起点", "止点")), "道路等级", "排查情况", "是否亮灯"),
        *("路灯数量（盏）", "中心线（WKT）", "备注"),
    ),
    "- name from_name to_name road_class lamp_survey declared_lit - geometry -",
    (
        (
            *(1, "东风路", "文化路", "花园路", "主干路", "已排查", "部分不亮", "40盏"),
            *("LINESTRING (113.66 34.78, 113.68 34.78)", None),
        ),
        (
            *(2, "纬五路", "文化路", "经三路", "次干路", "已排查", "否", 25),
            *("LINESTRING (113.66 34.77, 113.67 34.77)", "整段灭灯"),
        ),
        (
            *(3, "岗东路", "岗杜街", "南阳路", "支路", "无灯道路", "/", 0),
            *("LINESTRING (113.65 34.78, 113.65 34.79)", None),
        ),
    ),
    total=((0, "合计"), (7, "65盏")),
)
BOXES = Form(
    "路灯箱式变电站台账",
    (
        *("序号", "箱变编号", "箱变名称", "安装位置", "容量（kVA）"),
        *(("坐标", ("经度", "纬度")), "投运时间"),
    ),
    "- code name - - lon lat -",
    (
        (1, "XB-01", "东风路1号箱变", "东风路文化路口", 100, 113.6612, 34.7801, "2012年"),
        (2, "XB-02", "纬五路箱变", "纬五路中段", 80, 113.6650, 34.7702, "2015年"),
    ),
    total=((0, "合计"), (1, "2座")),
)
LAMPS = Form(
    "路灯设施普查台账",
    (
        *("序号", "道路名称", "灯杆号", ("供电情况", ("所属箱变", "回路")), "光源功率（W）"),
        *("权属单位", "移交时间", "路灯状态", ("坐标", ("经度", "纬度")), "备注"),
    ),
    "- road_name number box_code circuit - owner handed_over_on status lon lat -",
    (
        (1, "东风路", 1, "XB-01", "1", 150, "城管局", "2012.6.30", "正常", 113.6601, 34.78, None),
        (2, None, "２", "XB-01", "1", 150, "城管局", "2012.6.30", "正常", 113.6604, 34.78, None),
        (3, None, "3#", "XB-01", "2", 150, "城管局", "/", "未移交", 113.6607, 34.78, None),
        (4, "纬五路", 1, "XB-02", "1", 100, "市政所", "2015年1月8日", "在用", 113.66, 34.77, None),
    ),
    merged=(1,),
    total=((0, "合计"), (2, "4盏")),
)
OUTAGES = Form(
    "路灯灭灯情况整改台账",
    (
        *("序号", "道路名称", "灯杆号", ("灭灯情况", ("发现时间", "故障现象", "灭灯原因"))),
        *(("整改情况", ("责任单位", "整改时限", "是否亮灯", "恢复时间")), "备注"),
    ),
    "- road_name number started_at category cause - - - ended_at -",
    (
        (
            *(1, "东风路", 1, "8月19日晚8点", "不亮", "电缆被盗"),
            *("市城管局", "8.30", "是", "8月30日22:00", None),
        ),
        (2, None, 2, "8月19日晚8点", "不亮", "电缆被盗", "市城管局", "8.30", "否", None, None),
        (3, "纬五路", "１", "2019-8-20", "闪烁", "线路老化", "区市政所", "9.5", "否", "—", None),
    ),
    merged=(1,),
    total=((0, "合计"), (1, "3盏")),
)
RECTIFICATIONS = Form(
    "东风路街道安全生产隐患整改“五落实”台账",
    (
        *("序号", "单位名称", "隐患内容", "隐患部位", "发现时间"),
        ("整改“五落实”", ("整改措施", "整改资金（万元）", "责任人", "整改时限", "应急预案")),
        *("整改进展", "销号时间", "备注"),
    ),
    "- unit_name description place found_at measure money_yuan person due_on contingency state"
    " closed_at -",
    (
        (
            *(1, "东风饭店", "灭火器过期", "一层后厨", "8.19", "更换灭火器", 0.05, "赵　刚"),
            *("8月25日前", "有", "已销号", "8.24", None),
        ),
        (
            *(2, None, "燃气管线未装报警器", "一层后厨", "8.19", "停用、加装", "1.2万元", "赵　刚"),
            *("2019年9月底前", "有", "整改中", None, "挂牌督办"),
        ),
        (
            *(3, "好邻居超市", "疏散指示灯不亮", "二层", "8月21日", "更换", "300元", "钱　丽"),
            *("8.21", "无", "立行立改", "8月21日", None),
        ),
    ),
    merged=(1,),
    total=((0, "合计"), (6, "1.28")),
    notes=("备注：本台账每周五17:00前报区安委办。", "填表人：张敏", "审核人：刘建国"),
)
FORMS = {
    "grids": GRIDS,
    "units": UNITS,
    "inspections": INSPECTIONS,
    "hazards": HAZARDS,
    "rectifications": RECTIFICATIONS,
    "segments": SEGMENTS,
    "boxes": BOXES,
    "lamps": LAMPS,
    "outages": OUTAGES,
}
"""The ledgers of one office, each after those that it names things of."""
