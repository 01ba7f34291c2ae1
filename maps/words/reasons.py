"""Why a row is refused, in Chinese: the sentences of the importers, with what they name."""

import re

REASONS: dict[str, str] = {
    "is missing": "不能为空",
    "is not a number": "不是数字",
    "is not a whole number": "不是整数",
    "is too large": "数字过大",
    "{what} is too large": "{what} 过大",
    "{what} is no number": "{what} 不是数字",
    "is longer than {n} characters": "超过 {n} 个字符",
    "is not between {low} and {high}": "不在 {low} 到 {high} 之间",
    "is not an amount in yuan with at most two decimals": "不是金额（元，最多两位小数）",
    "is not a date like 2019-05-31": "不是日期，应写作 2019-05-31",
    "is not a date or time like 2019-05-31 or 2019-05-31 16:20": (
        "不是日期或时间，应写作 2019-05-31 或 2019-05-31 16:20"
    ),
    "is neither yes nor no": "应填“是”或“否”",
    "is none of {words}": "不在可选值之内：{words}",
    "is before {start}": "早于{start}",
    "holds a NUL character": "含有空字符（NUL），文件可能已损坏",
    "holds half a character": "含有残缺字符，文件可能已损坏",
    "has {n} cells under {m} headings": "有 {n} 个单元格，而表头只有 {m} 列",
    "one coordinate is missing": "经度、纬度缺了一个",
    "is not on earth; are lon and lat swapped, or is it another datum?": (
        "不在地球上：经纬度是否填反，或坐标系是否选错？"
    ),
    "lies outside the city, and inside with lon and lat swapped": (
        "不在本市范围内，对调经纬度后在市内：经纬度可能填反"
    ),
    "is not the well-known text of points, lines or polygons": "不是点、线、面的 WKT 文本",
    "has more than {n} vertices": "顶点超过 {n} 个",
    "has coordinates of the wrong depth": "坐标的层级不对",
    "has a position that is not two or more finite numbers": "坐标不是两个或更多的有限数字",
    "is not a {shape}": "几何类型不对，应为 {shape}",
    "has no {shape}": "缺少几何（{shape}）",
    "has no length": "线的长度为零",
    "cells {codes} overlap by {area} m²": "网格 {codes} 重叠 {area} 平方米",
    "names no {thing}, or several sources have it": "找不到对应的记录，或多个来源都有此编号",
    "a rectification is of one hazard or of one segment": "整改须且只能对应一个隐患或一个路段",
    "is missing, although the state is closed": "状态已销号，须填写销号时间",
    "is not a JSON object": "不是 JSON 对象",
    "holds a damaged character": "含有残缺字符",
    "is not the source imported to, {source}: export and import one source at a time": (
        "不是本次导入的数据来源（{source}）：请按来源分别导出、导入"
    ),
    "an earlier row has the code": "编号与前面的行重复",
}
"""A sentence of the importers, its parts in braces → the Chinese sentence."""

_LISTS: dict[str, str] = {
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
    if part in _LISTS:
        return _LISTS[part]
    shapes = part.split(" or ")
    return "、".join(_SHAPES[one] for one in shapes) if set(shapes) <= set(_SHAPES) else part
