"""Why a row is refused, in Chinese: the sentences of the importers, with what they name."""

import re

GUARDS: dict[str, str] = {
    "is missing: a major hazard is handed over with person, measure, money, due date and"
    " contingency plan": "不能为空：重大隐患交办须责任、措施、资金、时限、预案五落实",
    "is missing: name a party or a person": "不能为空：须写明责任单位或责任人",
    "is missing: nothing is closed without a file, its hash and a note": (
        "不能为空：没有佐证材料（文件、校验值、说明）不得销号"
    ),
    "is missing: nothing is closed before a re-check": "不能为空：未经复查不得销号",
    "is missing: name who confirms, for either side": "不能为空：须写明哪一方由谁确认",
    "is missing: the item is not under listed supervision": "没有挂牌，不能摘牌",
    "is missing: no sealing or suspension is in force": "没有尚未解除的查封或停产停业，无从恢复",
    "is before {day}, the day of the sanction": "早于处罚下达日期 {day}",
    "is missing: a sanction falls on a unit, and the hazard names none": (
        "处罚须对应单位，而该隐患没有所属单位"
    ),
    "is set to {day}: a deadline moves by an extension": "期限已定为 {day}，只能通过延期更改",
    "is not set: there is no deadline to extend": "没有期限，无从延期",
    "is not after the deadline it extends, {day}": "不晚于原期限 {day}",
    "is the person who fixed it: somebody else must re-check": "是整改人本人，须由他人复查",
    "is the person who confirmed for the city": "与市方确认人是同一人，须由另一方另一人确认",
    "is not above {step}, the step it has reached": "不高于已采取的措施（{step}）",
    "is known: the item is under listed supervision already": "已在挂牌督办之中",
    "is the enterprise itself or an expert, and the hazard is fixed: there is no penalty": (
        "企业自查或专家查出并彻底整改的，不予处罚"
    ),
    "is in the future": "晚于现在",
    "is before {moment}, when the item came into its state": "早于进入当前状态的时刻 {moment}",
    "needs a file name, a SHA-256 of 64 hexadecimal digits and a note": (
        "须有文件名、64 位十六进制 SHA-256 校验值和说明"
    ),
    "is not part of {action}": "不属于这一步（{action}）",
    "is being fixed already": "已有整改任务在办",
}
"""What the guards of rectification say, and the finding of it."""

REASONS: dict[str, str] = {
    **GUARDS,
    "is missing": "不能为空",
    "is not a number": "不是数字",
    "is not a number, nor degrees, minutes and seconds": "不是数字，也不是度分秒",
    "is not a whole number": "不是整数",
    "is too large": "数字过大",
    "{what} is too large": "{what} 过大",
    "{what} is no number": "{what} 不是数字",
    "is longer than {n} characters": "超过 {n} 个字符",
    "is not between {low} and {high}": "不在 {low} 到 {high} 之间",
    "is not an amount in yuan with at most two decimals": "不是金额（元，最多两位小数）",
    "is not a date like 2019-05-31 or 2019-05-31 16:20": (
        "不是日期，应写作 2019-05-31 或 2019-05-31 16:20"
    ),
    "is only part of a date": "日期不完整",
    "has a year only": "只有年份，缺少月和日",
    "has no day": "缺少日",
    "has a year of two digits": "年份只写了两位，应写四位",
    "has the year last: write 2019-05-31": "年份写在最后，应写作 2019-05-31",
    "has a month {n}": "没有 {n} 月",
    "has a day {day}, where {month} has {n} days": "{month} 只有 {n} 天，没有 {day} 日",
    "has a time {clock}, which no clock shows": "没有 {clock} 这个时刻",
    "has no year, and nothing in the file says which: name the year": (
        "没有年份，文件中也看不出是哪一年，请指明年份"
    ),
    "is not clear: {part}": "说法不明确：{part}点",
    "may be {one} or {other}: a number drops its last zero": (
        "可能是{one}，也可能是{other}：数字单元格不保留末尾的 0，请写明月日"
    ),
    "is not a clear number": "数字说法不明确",
    "is not exact ({count}): a row counts one by one": "不是准确数（{count}），应填准确数量",
    "counts {word}, the column counts {words}": "量词“{word}”与本列不符，应为“{words}”",
    "counts {word}, the column {words}": "量词“{word}”与本列不符，应为“{words}”",
    "is the risk of a unit, not the level of a hazard (一般, 较大 or 重大)": (
        "这是单位的风险等级，不是隐患等级（一般、较大、重大）"
    ),
    "is the color of a unit's risk, not the level of a hazard (一般, 较大 or 重大)": (
        "这是单位风险的颜色，不是隐患等级（一般、较大、重大）"
    ),
    "is the level of a hazard, not the risk of a unit (重大, 较大, 一般 or 低; 红橙黄蓝)": (
        "这是隐患等级，不是单位的风险等级（重大、较大、一般、低，即红、橙、黄、蓝）"
    ),
    "is missing, and the row does not say enough to tell it from others": (
        "没有编号，本行内容又不足以与其他行区分"
    ),
    "is needed for a part of another row": "与另一行拆分后的编号重复",
    "names no unit, or several have the name": "找不到该单位，或有多家单位同名",
    "is neither yes nor no": "应填“是”或“否”",
    "is none of {words}": "不在可选值之内：{words}",
    "is before built_on": "早于建成日期",
    "is before handed_over_on, or without it": "早于移交日期，或没有移交日期",
    "is not a SHA-256 of 64 hexadecimal digits": "不是 64 位十六进制的 SHA-256",
    "is missing in part: evidence is a file, its SHA-256 and a note": (
        "不完整：证明材料须有文件名、校验值和说明"
    ),
    "is missing: that a street was not handed over is shown by a file and its SHA-256": (
        "不能为空：未移交须有证明材料及其校验值"
    ),
    "is before {start}": "早于{start}",
    "holds a NUL character": "含有空字符（NUL），文件可能已损坏",
    "holds half a character": "含有残缺字符，文件可能已损坏",
    "has {n} cells under {m} headings": "有 {n} 个单元格，而表头只有 {m} 列",
    "one coordinate is missing": "经度、纬度缺了一个",
    "is not on earth; are lon and lat swapped?": "不在地球上：经纬度是否填反？",
    "is not on earth; are lon and lat swapped, or is it another datum?": (
        "不在地球上：经纬度是否填反，或坐标系是否选错？"
    ),
    "lies outside the city, and inside with lon and lat swapped": (
        "不在本市范围内，对调经纬度后在市内：经纬度可能填反"
    ),
    "is not the well-known text of points, lines or polygons": "不是点、线、面的 WKT 文本",
    "is the error of a formula": "是公式错误，请改正公式或填写数值",
    "is cut short": "图形数据不完整",
    "is no geometry": "不是有效的图形",
    "has a position that is not finite": "坐标不是有限的数",
    "is none of Point, LineString, Polygon or several of one of them": (
        "不是点、线、面中的一种，也不是同一种的组合"
    ),
    "has more than {n} vertices": "顶点超过 {n} 个",
    "has coordinates of the wrong depth": "坐标的层级不对",
    "has a position that is not two or more finite numbers": "坐标不是两个或更多的有限数字",
    "is not a {shape}": "几何类型不对，应为 {shape}",
    "has no {shape}": "缺少几何（{shape}）",
    "has no length": "线的长度为零",
    "cells {codes} overlap by {area} m²": "网格 {codes} 重叠 {area} 平方米",
    "lies wholly in cells that go before it: {codes}": "全部位于优先级更高的网格 {codes} 之内",
    "names no {thing}, or several sources have it": "找不到对应的记录，或多个来源都有此编号",
    "a rectification is of one hazard or of one segment": "整改须且只能对应一个隐患或一个路段",
    "is not as it was acted upon: only an action changes the state of this item": (
        "与办理记录不符：该项已经办理过，状态只能通过办理操作改变，不能由导入改动"
    ),
    "is missing, although the state is closed": "状态已销号，须填写销号时间",
    "is not a JSON object": "不是 JSON 对象",
    "is nested more than {n} deep": "嵌套超过 {n} 层",
    "names no datum known here (WGS84, CGCS2000, GCJ-02, BD-09 or EPSG:n)": (
        "坐标系无法识别，请填写 WGS84、CGCS2000、GCJ-02、BD-09 或 EPSG 代码"
    ),
    "holds a damaged character": "含有残缺字符",
    "is not the source imported to, {source}: export and import one source at a time": (
        "不是本次导入的数据来源（{source}）：请按来源分别导出、导入"
    ),
    "an earlier row has the code": "编号与前面的行重复",
}
"""A sentence of the importers, its parts in braces → the Chinese sentence."""

LISTS: dict[str, str] = {
    "bulletin, interview, supervision": "通报、约谈、跟踪督办",
    "bulletin": "通报",
    "interview": "约谈",
    "supervision": "跟踪督办",
    "order, fine, seal, suspension, closure, exposure, interview": (
        "责令整改、罚款、查封、停产停业、关闭、曝光、约谈"
    ),
    "found, registered, handed_over, claimed, fixing, reported_fixed, rechecked, self_assessed,"
    " accepted, closed, fixed_on_site, returned, recheck_failed, transferred, exempt, reopened": (
        "发现、登记、交办、认领、整改中、已整改待复查、已复查、自评、验收、销号、立行立改、退回、"
        "复查不合格、移送、豁免、重新打开"
    ),
    "never_handed_over, under_construction, no_power, cable_cut, aged_line, trees, no_lamp,"
    " other": "未移交、施工、未通电、电缆被盗、线路老化、树木遮挡、无灯、其他",
    "own, unit, lamp": "自身、所属单位、所属路灯",
    "general, larger, major": "一般、较大、重大",
    "low, general, larger, major": "低、一般、较大、重大",
    "active, closed, suspended": "在营、注销、停业",
    "in_service, not_handed_over, removed": "在用、未移交、拆除",
    "surveyed, no_lamp, not_surveyed": "已普查、无灯、未普查",
    "enterprise, expert, government, resident": "企业自查、专家检查、政府检查、群众举报",
    "Point, LineString, MultiLineString, Polygon, MultiPolygon": "点、线、面",
}
"""Words that may be chosen from, as the importers list them → in Chinese."""

_SHAPES = {"point": "点", "linestring": "线", "multilinestring": "多线"} | {
    "polygon": "面",
    "multipolygon": "多面",
}


def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what matches `sentence` with anything in place of its braces."""
    parts = re.split(r"(\{\w+\})", sentence)
    named = (f"(?P<{part[1:-1]}>.+)" if part[:1] == "{" else re.escape(part) for part in parts)
    return re.compile("".join(named), re.DOTALL)


_PATTERNS = tuple((_pattern(sentence), chinese) for sentence, chinese in REASONS.items())


def chinese_reason(reason: str) -> str:
    """Return `reason` in Chinese; one that has no wording stays as it is."""
    if reason in REASONS:
        return REASONS[reason]
    for pattern, chinese in _PATTERNS:
        if found := pattern.fullmatch(reason):
            named = {name: _named(part) for name, part in found.groupdict().items()}
            return chinese.format(**named)
    return reason


def _named(part: str) -> str:
    if part in LISTS:
        return LISTS[part]
    shapes = part.split(" or ")
    return "、".join(_SHAPES[one] for one in shapes) if set(shapes) <= set(_SHAPES) else part
