"""The words of ledgers: what each column's own words mean in ours."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, ...]]
"""Our word → the other names it goes by."""


def terms(text: str) -> tuple[str, ...]:
    """Return the terms of a list parted by 、.

    >>> terms("电话、联系电话")
    ('电话', '联系电话')
    """
    return tuple(text.split("、"))


def _risk(word: str, color: str, grade: str, roman: str) -> tuple[str, ...]:
    """Return the ways in which one risk is written: 重大, 红色, 重大风险（红）, Ⅰ级."""
    words = (word, f"{word}风险")
    colors = (color, f"{color}色", f"{color}色风险", f"{color}色等级", f"{color}牌")
    pairs = [(one, other) for one in words for other in colors]
    joined = [f"{a}({b})" for one, other in pairs for a, b in ((one, other), (other, one))]
    joined += [f"{a}/{b}" for one, other in pairs for a, b in ((one, other), (other, one))]
    grades = (f"{grade}级", f"{grade}级风险", f"{roman}级", f"{roman}级风险")
    return (*words, *colors, *joined, *grades)


def _level(word: str) -> tuple[str, ...]:
    """Return the ways in which one level of a hazard is written."""
    nouns = ("隐患", "事故隐患", "安全隐患", "生产安全事故隐患", "火灾隐患", "问题", "问题隐患")
    return (word, f"{word}级", *(f"{word}{noun}" for noun in nouns))


LEVELS: Words = {
    "general": _level("一般"),
    "larger": _level("较大"),
    "major": _level("重大"),
}
RISKS: Words = {
    "low": (*_risk("低", "蓝", "四", "IV"), "较低", "较低风险", "blue"),
    "general": (*_risk("一般", "黄", "三", "III"), "中风险", "中等风险", "yellow"),
    "larger": (*_risk("较大", "橙", "二", "II"), "较高风险", "orange"),
    "major": (*_risk("重大", "红", "一", "I"), "red"),
}
ORIGINS: Words = {
    "enterprise": terms(
        "企业自查、自查、企业、企业自查自报、自查自报、自查自纠、自查自改、单位自查、"
        "企业自查自纠、企业自查自改、场所自查、自检自查"
    ),
    "expert": terms(
        "专家检查、专家、第三方、专家会诊、专家排查、专家服务、专家指导服务、第三方检查、"
        "第三方机构、第三方服务机构、委托检查、技术服务机构"
    ),
    "government": terms(
        "政府检查、执法检查、部门检查、政府、行政检查、监督检查、监管检查、行业检查、"
        "联合检查、联合执法、专项检查、日常检查、日常巡查、双随机检查、督查、督导、"
        "督导检查、督查检查、暗访、暗查暗访、明查暗访、上级检查、上级交办、街道检查、"
        "乡镇检查、镇街检查、社区检查、网格员巡查、网格巡查、消防检查、安委办督查、综合执法"
    ),
    "resident": terms(
        "群众举报、群众、居民、市民举报、市民投诉、群众投诉、投诉举报、举报投诉、举报、"
        "投诉、12345、12345热线、12350、12350举报、热线、市长热线、居民反映"
    ),
}
UNIT_STATUSES: Words = {
    "active": terms(
        "在营、正常、营业、开业、存续、在业、在营(开业)、在营(开业)企业、正常营业、营业中、"
        "正常经营、经营、经营中、正常生产、在产、生产、运营、运营中、正常运营、使用中"
    ),
    "closed": terms(
        "注销、关闭、关停、已注销、已关闭、已关停、吊销、已吊销、吊销未注销、取缔、已取缔、"
        "搬迁、已搬迁、迁出、已迁出、倒闭、已拆迁"
    ),
    "suspended": terms(
        "停业、停产、停工、歇业、已停业、已停产、已停工、暂停营业、暂停经营、停业整顿、"
        "停产停业、停产整顿、长期停产、临时停业"
    ),
}
LAMP_STATUSES: Words = {
    "in_service": terms("在用、运行、正常、使用、使用中、运行中、投用、已投用、已移交"),
    "not_handed_over": terms("未移交、待移交、未接收、未移交接管、尚未移交"),
    "removed": terms("拆除、已拆除、报废、已报废"),
}
LAMP_SURVEYS: Words = {
    "surveyed": terms("已普查、已排查、已摸排、有灯、排查完成"),
    "no_lamp": terms("无灯、无灯道路、无路灯、未安装、未安装路灯、未装灯"),
    "not_surveyed": terms("未普查、未排查、未摸排、待排查、不在排查范围"),
}
STATES: Words = {
    "found": terms("发现、已发现、新发现、待登记"),
    "registered": terms("登记、已登记、已录入、已上报、待交办"),
    "handed_over": terms("交办、已交办、已派发、已下发、待认领、待签收"),
    "claimed": terms("认领、已认领、签收、已签收、已接收、已受理"),
    "fixing": terms("整改中、正在整改、未整改、未完成、未整改完成、处理中、限期整改、进行中"),
    "reported_fixed": terms(
        "已整改待复查、报完成、已整改、整改完成、已完成、已完成整改、完成整改、已整改完成、"
        "待复查、待核实、待验收"
    ),
    "rechecked": terms("已复查、复查合格、复查通过、已核实、待销号、整改合格"),
    "self_assessed": terms("自评、已自评、自评合格"),
    "accepted": terms("验收、已验收、验收合格、验收通过"),
    "closed": terms("销号、已销号、已办结、办结、闭环、已闭环、销案、已销案"),
    "fixed_on_site": terms("立行立改、现场整改、当场整改、已当场整改、立即整改、即查即改"),
    "returned": terms("退回、已退回、退回重办"),
    "recheck_failed": terms("复查不合格、复查未通过、整改不合格、验收不合格"),
    "transferred": terms("移送、已移送、移交、已移交、转办、已转办"),
    "exempt": terms("豁免、免整改、不计入、在建不计入"),
    "reopened": terms("重新打开、反弹、回潮、重新整改"),
}
_FIXED_STATES = ("reported_fixed", "rechecked", "accepted", "closed", "fixed_on_site")
_OPEN_STATES = ("registered", "handed_over", "claimed", "fixing", "returned", "recheck_failed")
FIXED: Words = {
    "fixed": (
        *terms("是、√、已整改到位、整改到位、已落实、已消除"),
        *(word for state in _FIXED_STATES for word in STATES[state]),
    ),
    "open": (
        *terms("否、×、未整改到位、未落实、部分整改、长期整改"),
        *(word for state in _OPEN_STATES for word in STATES[state]),
    ),
}
"""Whether a hazard is fixed, where a ledger only says that: 是否完成整改."""
CAUSES: Words = {
    "never_handed_over": terms("未移交、未移交接管、从未移交、尚未移交"),
    "under_construction": terms("施工、在建、在建施工、道路施工、施工中、正在施工、在建道路"),
    "no_power": terms("未通电、无电源、未接电、未送电、欠费停电、无供电"),
    "cable_cut": terms("电缆被盗、电缆断、线缆被盗、电缆故障、电缆被挖断、线缆破坏、断线"),
    "aged_line": terms("线路老化、老化、电缆老化、设备老化、线路故障"),
    "trees": terms("树木遮挡、树木遮光、绿化遮挡"),
    "no_lamp": terms("无灯、未安装路灯、无路灯"),
    "other": terms("其他、其它、其他原因、其它原因"),
}

RISK_IN_LEVEL = {
    alias: "is the risk of a unit, not the level of a hazard (一般, 较大 or 重大)"
    for name, aliases in RISKS.items()
    for alias in aliases
    if name == "low" or any(mark in alias for mark in ("风险", "色", "红", "橙", "黄", "蓝", "级"))
} | dict.fromkeys(
    ("red", "orange", "yellow", "blue"),
    "is the color of a unit's risk, not the level of a hazard (一般, 较大 or 重大)",
)
"""Words of another column, and why a hazard's level is none of them."""

LEVEL_IN_RISK = {
    alias: "is the level of a hazard, not the risk of a unit (重大, 较大, 一般 or 低; 红橙黄蓝)"
    for aliases in LEVELS.values()
    for alias in aliases
    if alias.endswith(("隐患", "问题"))
}
"""Words of another column, and why a unit's risk is none of them."""
