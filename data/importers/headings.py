"""The columns of each kind of ledger: their headings in English and Chinese, and their rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import ImportRejectedError
from data.importers import fields
from data.importers.fields import Rule

ORIGINS = {
    "enterprise": ("企业自查", "自查", "企业"),
    "expert": ("专家检查", "专家", "第三方"),
    "government": ("政府检查", "执法检查", "部门检查", "政府"),
    "resident": ("群众举报", "群众", "居民"),
}
LEVELS = {
    "general": ("一般", "一般隐患"),
    "larger": ("较大", "较大隐患"),
    "major": ("重大", "重大隐患"),
}
RISKS = {
    "low": ("低", "低风险", "蓝", "蓝色"),
    "general": ("一般", "一般风险", "黄", "黄色"),
    "larger": ("较大", "较大风险", "橙", "橙色"),
    "major": ("重大", "重大风险", "红", "红色"),
}
UNIT_STATUSES = {
    "active": ("在营", "正常", "营业", "开业"),
    "closed": ("注销", "关闭", "关停"),
    "suspended": ("停业", "停产", "停工"),
}
LAMP_STATUSES = {
    "in_service": ("在用", "运行", "正常"),
    "not_handed_over": ("未移交",),
    "removed": ("拆除", "已拆除"),
}
LAMP_SURVEYS = {
    "surveyed": ("已普查", "已排查"),
    "no_lamp": ("无灯",),
    "not_surveyed": ("未普查", "未排查"),
}
STATES = {
    "found": ("发现",),
    "registered": ("登记", "已登记"),
    "handed_over": ("交办", "已交办"),
    "claimed": ("认领", "已认领", "签收"),
    "fixing": ("整改中", "正在整改"),
    "reported_fixed": ("已整改待复查", "报完成"),
    "rechecked": ("已复查", "复查合格"),
    "self_assessed": ("自评", "已自评"),
    "accepted": ("验收", "已验收"),
    "closed": ("销号", "已销号"),
    "fixed_on_site": ("立行立改", "现场整改"),
    "returned": ("退回", "已退回"),
    "recheck_failed": ("复查不合格",),
    "transferred": ("移送", "已移送"),
    "exempt": ("豁免", "免整改"),
    "reopened": ("重新打开", "反弹"),
}
CAUSES = {
    "never_handed_over": ("未移交",),
    "under_construction": ("施工", "在建"),
    "no_power": ("未通电", "无电源"),
    "cable_cut": ("电缆被盗", "电缆断"),
    "aged_line": ("线路老化",),
    "trees": ("树木遮挡",),
    "no_lamp": ("无灯",),
    "other": ("其他",),
}


@dataclass(frozen=True)
class Field:
    """A column of a ledger: ours, how to read it, and its other headings."""

    name: str
    rule: Rule
    aliases: tuple[str, ...] = ()
    required: bool = False


def _code(*aliases: str) -> Field:
    """Return the column of a row's own code; `aliases` are what this kind of ledger calls it."""
    return Field("code", fields.code, ("编号", "编码", "代码", *aliases), required=True)


GEOMETRY = Field("geometry", fields.text, ("wkt", "几何"))
POSITION = (
    Field("lon", fields.number(), ("longitude", "lng", "x", "经度")),
    Field("lat", fields.number(), ("latitude", "y", "纬度")),
    GEOMETRY,
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "grids": (
        _code("网格编号", "网格编码", "行政区划代码", "adcode"),
        Field("name", fields.text, ("名称", "网格名称")),
        Field("officer", fields.text, ("网格员", "负责人")),
        Field("valid_from", fields.day, ("生效日期",)),
        Field("valid_to", fields.day, ("失效日期",)),
        GEOMETRY,
    ),
    "units": (
        _code("单位编号", "企业编号", "场所编号"),
        Field("name", fields.text, ("名称", "单位名称", "企业名称", "场所名称"), required=True),
        Field("address", fields.text, ("地址", "单位地址")),
        Field("credit_code", fields.code, ("统一社会信用代码", "信用代码")),
        Field("legal_person", fields.text, ("法定代表人", "法人", "负责人")),
        Field("phone", fields.text, ("电话", "联系电话")),
        Field("sector", fields.text, ("行业", "行业类别")),
        Field("risk", fields.word(RISKS), ("风险等级", "风险")),
        Field("status", fields.word(UNIT_STATUSES), ("状态", "经营状态")),
        Field("registered_on", fields.day, ("登记日期", "注册日期")),
        Field("closed_on", fields.day, ("注销日期", "关闭日期")),
        *POSITION,
    ),
    "inspections": (
        _code("检查编号"),
        Field("unit_code", fields.code, ("unit", "单位编号", "企业编号"), required=True),
        Field("inspected_at", fields.moment, ("检查时间", "检查日期"), required=True),
        Field("team", fields.text, ("检查人员", "检查组")),
        Field("team_size", fields.whole(1), ("检查人数",)),
        Field("manner", fields.text, ("检查方式",)),
        Field("origin", fields.word(ORIGINS), ("检查来源",)),
        Field("countersigned", fields.flag, ("是否签字", "双方签字")),
        Field("result", fields.text, ("检查结果",)),
    ),
    "hazards": (
        _code("隐患编号"),
        Field("unit_code", fields.code, ("unit", "单位编号", "企业编号")),
        Field("inspection_code", fields.code, ("inspection", "检查编号")),
        Field("level", fields.word(LEVELS), ("隐患等级", "隐患级别", "等级")),
        Field("category", fields.text, ("隐患类别", "类别")),
        Field("place", fields.text, ("隐患部位", "位置", "部位")),
        Field("description", fields.text, ("隐患描述", "隐患内容", "问题描述")),
        Field("legal_basis", fields.text, ("法律依据", "依据")),
        Field("origin", fields.word(ORIGINS), ("隐患来源", "来源")),
        Field("found_at", fields.moment, ("发现时间", "发现日期"), required=True),
        Field("closed_at", fields.moment, ("销号时间", "销号日期", "整改完成时间")),
        Field("count", fields.whole(1), ("数量", "隐患数量")),
        Field("counting_word", fields.text, ("量词",)),
        *POSITION,
    ),
    "segments": (
        _code("路段编号"),
        Field("name", fields.text, ("路名", "道路名称", "名称")),
        Field("road_class", fields.text, ("道路等级",)),
        Field("from_name", fields.text, ("起点",)),
        Field("to_name", fields.text, ("止点", "终点")),
        Field("lamp_survey", fields.word(LAMP_SURVEYS), ("普查情况",)),
        Field("declared_lit", fields.text, ("是否亮灯", "照明情况")),
        GEOMETRY,
    ),
    "boxes": (_code("箱变编号"), Field("name", fields.text, ("名称", "箱变名称")), *POSITION),
    "lamps": (
        _code("路灯编号", "灯杆编号"),
        Field("road_name", fields.text, ("路名", "道路名称")),
        Field("box_code", fields.code, ("power_box", "箱变编号")),
        Field("circuit", fields.code, ("回路", "回路编号")),
        Field("owner", fields.text, ("权属单位", "管护单位")),
        Field("handed_over_on", fields.day, ("移交日期",)),
        Field("status", fields.word(LAMP_STATUSES), ("状态",)),
        *POSITION,
    ),
    "outages": (
        _code("灭灯编号", "报修编号"),
        Field("lamp_code", fields.code, ("lamp", "路灯编号", "灯杆编号")),
        Field("category", fields.text, ("类别",)),
        Field("place", fields.text, ("位置",)),
        Field("started_at", fields.moment, ("灭灯时间", "发现时间"), required=True),
        Field("ended_at", fields.moment, ("亮灯时间", "恢复时间")),
        Field("cause", fields.text, ("原因", "灭灯原因")),
        *POSITION,
    ),
    "rectifications": (
        _code("整改编号", "工单编号"),
        Field("hazard_code", fields.code, ("hazard", "隐患编号")),
        Field("segment_code", fields.code, ("segment", "路段编号")),
        Field("state", fields.word(STATES), ("状态", "整改状态")),
        Field("found_at", fields.moment, ("发现时间", "发现日期"), required=True),
        Field("closed_at", fields.moment, ("销号时间", "销号日期")),
        Field("due_on", fields.day, ("整改期限", "完成期限")),
        Field("lead_party", fields.code, ("牵头单位", "责任单位")),
        Field("helping_party", fields.code, ("配合单位",)),
        Field("person", fields.text, ("责任人",)),
        Field("measure", fields.text, ("整改措施",)),
        Field("money_yuan", fields.money, ("整改资金", "整改资金（元）")),
        Field("contingency", fields.text, ("应急预案",)),
        Field("handover_batch", fields.code, ("交办批次",)),
        Field("cause", fields.word(CAUSES), ("原因",)),
        Field("exempt_confirmed_by_city", fields.text, ("市级确认人",)),
        Field("exempt_confirmed_by_builder", fields.text, ("建设方确认人",)),
    ),
}


def understood(kind: str, headings: list[str], mapping: Mapping[str, str]) -> dict[str, Field]:
    """Return which field each heading means; headings that mean none are left out.

    `mapping` goes from a field to its heading in the file, and before the headings known here.

    Raises
    ------
    ImportRejectedError
        When `mapping` names what is not there, two headings mean one field, or none means one that
        is required.
    """
    by_name = {field.name: field for field in FIELDS[kind]}
    _refuse_any(set(mapping) - set(by_name), f"no field of {kind}")
    _refuse_any(set(mapping.values()) - set(headings), "no heading of the file")
    known = {
        fields.plain(alias): field
        for field in FIELDS[kind]
        for alias in (field.name, *field.aliases)
        if field.name not in mapping
    }
    mapped = {heading: by_name[name] for name, heading in mapping.items()}
    found = {
        heading: field
        for heading in headings
        if (field := mapped.get(heading) or known.get(fields.plain(heading)))
    }
    names = [field.name for field in found.values()]
    _refuse_any({name for name in names if names.count(name) > 1}, "meant by several headings")
    required = {field.name for field in FIELDS[kind] if field.required}
    _refuse_any(required - set(names), f"missing among the headings ({', '.join(headings)})")
    return found


def _refuse_any(names: set[str], reason: str) -> None:
    if names:
        raise ImportRejectedError(f"{', '.join(sorted(names))}: {reason}")
