"""Every word a user reads, in Chinese and English."""

from collections.abc import Mapping
from typing import Any, Literal

from geo.errors import GuatuError

Language = Literal["zh", "en"]


class UnknownWordError(GuatuError):
    """No wording exists under this key."""


_WORDS: dict[str, tuple[str, str]] = {
    "app.name": ("挂图", "Guatu"),
    "app.slogan": ("城市安全专项行动 · 一张图", "The map of a city safety campaign"),
    "page.hazards": ("安全隐患分布与热点图", "Hazards and hotspots"),
    "page.coverage": ("检查覆盖与空白图", "Inspection coverage and gaps"),
    "page.streetlights": ("路灯灭灯整改作战图", "Streetlight rectification"),
    "page.start": ("总览", "Overview"),
    "nav.hazards": ("隐患热点", "Hazards"),
    "nav.coverage": ("检查覆盖", "Coverage"),
    "nav.streetlights": ("路灯灭灯", "Streetlights"),
    "question.hazards": ("隐患在哪里？", "Where are the hazards?"),
    "question.coverage": ("哪里没人查过？", "Where has nobody looked?"),
    "question.streetlights": ("哪些路是黑的？", "Which streets are dark?"),
    "ui.open_map": ("打开图", "Open the map"),
    "ui.simulated": ("模拟数据", "Simulated data"),
    "ui.simulated_note": (
        "检查、隐患、灭灯为程序生成，不是真实台账",
        "Inspections, hazards and outages are generated, not real ledgers",
    ),
    "ui.grid": ("网格", "Grid"),
    "ui.as_of": ("统计日期", "As of"),
    "ui.window": ("统计窗口", "Window"),
    "ui.days": ("近 {n} 天", "{n} days"),
    "ui.color_by": ("着色", "Color by"),
    "ui.layers": ("图层", "Layers"),
    "ui.legend": ("图例", "Legend"),
    "ui.key_figures": ("关键指标", "Key figures"),
    "ui.ranking": ("排序", "Ranking"),
    "ui.details": ("详情", "Details"),
    "ui.close": ("返回排序", "Back to the ranking"),
    "ui.method": ("统计口径与处理记录", "Definition and decision log"),
    "ui.formula": ("这个数怎么来的", "How this figure is made"),
    "ui.numerator": ("分子", "Numerator"),
    "ui.denominator": ("分母", "Denominator"),
    "ui.excluded": ("剔除", "Excluded"),
    "ui.data_until": ("数据截止 {day}", "Data until {day}"),
    "ui.as_of_day": ("截至 {day}", "As of {day}"),
    "ui.revision": ("数据版本 {n}", "Data revision {n}"),
    "ui.unknown": ("未知", "unknown"),
    "ui.loading": ("正在计算…", "Computing…"),
    "ui.failed": ("取数失败：{reason}", "The figures could not be read: {reason}"),
    "ui.no_grid": ("还没有网格，请先导入。", "There is no grid yet: import one first."),
    "ui.nothing_ranked": ("没有可排序的数据", "Nothing to rank"),
    "ui.not_there": ("此处没有数据", "Nothing here"),
    "ui.of": ("{n} / {of}", "{n} / {of}"),
    "ui.n_rows": ("共 {n} 个", "{n} in all"),
    "ui.yes": ("是", "yes"),
    "ui.no": ("否", "no"),
    "ui.language": ("English", "中文"),
    "ui.to_start": ("返回总览", "Back to the overview"),
    "ui.zoom_in": ("放大", "Zoom in"),
    "ui.zoom_out": ("缩小", "Zoom out"),
    "ui.map": ("地图", "Map"),
    "ui.no_webgl": (
        "本机浏览器不支持 WebGL，无法绘图；指标仍可查看。",
        "This browser has no WebGL: the map cannot be drawn, the figures can be read.",
    ),
    "view.hotspots": ("热点", "Hotspots"),
    "view.counts": ("数量", "Counts"),
    "view.coverage": ("覆盖率", "Coverage"),
    "view.gap": ("缺口", "Gap"),
    "view.status": ("状态", "Status"),
    "view.density": ("灭灯密度", "Density"),
    "rank.gi_z": ("热点强度 z", "Hotspot z-score"),
    "rank.value": ("隐患数", "Hazards"),
    "rank.gap": ("检查缺口（风险加权）", "Inspection gap, risk-weighted"),
    "rank.dark_m": ("灭灯长度", "Dark length"),
    "rank.outages_per_100m": ("每百米灭灯", "Outages per 100 m"),
    "layer.cells": ("网格边界", "Grid cells"),
    "layer.ground": ("道路", "Streets"),
    "layer.segments": ("路段", "Street segments"),
    "layer.hazards": ("隐患点", "Hazards"),
    "layer.units": ("单位", "Units"),
    "layer.lamps": ("路灯", "Lamps"),
    "layer.outages": ("灭灯报修", "Reported outages"),
    "class.hot99": ("高值集聚 99%", "Hotspot, 99 %"),
    "class.hot95": ("高值集聚 95%", "Hotspot, 95 %"),
    "class.hot90": ("高值集聚 90%", "Hotspot, 90 %"),
    "class.not_significant": ("不显著", "Not significant"),
    "class.cold90": ("低值集聚 90%", "Coldspot, 90 %"),
    "class.cold95": ("低值集聚 95%", "Coldspot, 95 %"),
    "class.cold99": ("低值集聚 99%", "Coldspot, 99 %"),
    "class.too_few": ("样本不足", "Too few cells"),
    "class.no_value": ("无数据", "No data"),
    "class.none": ("0", "0"),
    "class.no_units": ("无数据（无在册单位）", "No data (no registered unit)"),
    "class.base_unclear": ("底数不清", "Base unclear"),
    "class.blank": ("0 空白", "0, blank"),
    "class.below60": ("(0, 60%)", "(0, 60 %)"),
    "class.from60": ("[60%, 80%)", "[60, 80 %)"),
    "class.from80": ("[80%, 90%)", "[80, 90 %)"),
    "class.from90": ("[90%, 100%)", "[90, 100 %)"),
    "class.full": ("100%", "100 %"),
    "class.dark": ("整段灭灯", "Dark"),
    "class.scattered": ("零星灭灯", "Scattered outages"),
    "class.lit": ("正常", "Lit"),
    "class.reported": ("未排查，有灭灯报修", "Not surveyed, outages reported"),
    "class.no_lamp": ("无灯道路", "No lamps"),
    "class.not_surveyed": ("未排查", "Not surveyed"),
    "class.no_status": ("无数据", "No data"),
    "legend.hotspots": (
        "低值集聚不等于安全；显著性经 FDR 校正",
        "A coldspot is not safe; significance after FDR correction",
    ),
    "legend.counts": ("窗口内发现的隐患数", "Hazards found in the window"),
    "legend.coverage": ("窗口内已查单位 / 在册单位", "Units inspected in the window / registered"),
    "legend.gap": ("按风险与超期加权的缺口", "Shortfall weighted by risk and delay"),
    "legend.status": ("由路灯状态推出，不是填报", "Derived from the lamps, never typed in"),
    "legend.density": ("每百米未修复的灭灯数", "Open outages per 100 m"),
    "level.major": ("重大", "Major"),
    "level.larger": ("较大", "Larger"),
    "level.general": ("一般", "General"),
    "level.low": ("低", "Low"),
    "level.none": ("未分级", "Not graded"),
    "lamp.out": ("灭", "Out"),
    "lamp.lit": ("亮", "Lit"),
    "field.code": ("编号", "Code"),
    "field.name": ("名称", "Name"),
    "field.level": ("隐患级别", "Level"),
    "field.risk": ("风险等级", "Risk"),
    "field.category": ("类别", "Category"),
    "field.sector": ("行业", "Sector"),
    "field.source": ("来源", "Source"),
    "field.found_on": ("发现日期", "Found on"),
    "field.started_on": ("灭灯日期", "Out since"),
    "field.is_out": ("状态", "State"),
    "field.n": ("合计", "In all"),
    "field.count": ("数量", "Count"),
    "field.value": ("隐患数", "Hazards"),
    "field.gi_z": ("Gi* z 值", "Gi* z-score"),
    "field.gi_p": ("Gi* p 值", "Gi* p-value"),
    "field.moran_i": ("局部莫兰指数", "Local Moran's I"),
    "field.moran_p": ("莫兰 p 值", "Moran p-value"),
    "field.quadrant": ("象限", "Quadrant"),
    "field.coverage": ("覆盖率", "Coverage"),
    "field.n_units": ("在册单位（家）", "Registered units"),
    "field.n_inspected": ("已查单位（家）", "Inspected units"),
    "field.n_visits": ("检查（家次）", "Visits"),
    "field.n_never": ("从未检查（家）", "Never inspected"),
    "field.n_overdue": ("超期未查（家）", "Overdue"),
    "field.gap": ("检查缺口", "Gap"),
    "field.status": ("状态", "Status"),
    "field.n_lamps": ("路灯（盏）", "Lamps"),
    "field.n_out": ("灭灯（盏）", "Out"),
    "field.outages_per_100m": ("每百米灭灯", "Outages per 100 m"),
    "field.dark_m": ("灭灯长度", "Dark length"),
    "field.lit_m": ("亮灯长度", "Lit length"),
    "field.unserved_m": ("无照明长度", "Unserved length"),
    "field.dark_share": ("灭灯占比", "Dark share"),
    "field.longest_run_m": ("最长连续灭灯", "Longest dark run"),
    "field.cause": ("原因", "Cause"),
    "field.exempt": ("在建不计入", "Exempt"),
    "quadrant.HH": ("高-高", "High-high"),
    "quadrant.HL": ("高-低", "High-low"),
    "quadrant.LH": ("低-高", "Low-high"),
    "quadrant.LL": ("低-低", "Low-low"),
    "status.lit": ("正常", "Lit"),
    "status.scattered": ("零星灭灯", "Scattered outages"),
    "status.dark": ("整段灭灯", "Dark"),
    "status.no_lamp": ("无灯道路", "No lamps"),
    "status.not_surveyed": ("未排查", "Not surveyed"),
    "card.hazards_found": ("窗口内隐患", "Hazards in the window"),
    "card.hot_cells": ("热点网格", "Hotspot cells"),
    "card.cells_with_hazards": ("有隐患网格", "Cells with hazards"),
    "card.not_placed": ("未落入网格", "Outside the grid"),
    "card.coverage": ("检查覆盖率", "Coverage"),
    "card.visits": ("检查家次", "Visits"),
    "card.never": ("从未检查", "Never inspected"),
    "card.overdue": ("超期未查", "Overdue"),
    "card.blank_cells": ("空白网格", "Blank cells"),
    "card.completion": ("整改完成率", "Completion"),
    "card.segments_relit": ("路段恢复率", "Segments relit"),
    "card.lamps_lit": ("亮灯率", "Lamps lit"),
    "card.longest_dark_walk": ("最长灭灯", "Longest dark walk"),
    "unit.hazards_found": ("处", ""),
    "unit.hot_cells": ("个", "cells"),
    "unit.cells_with_hazards": ("个", "cells"),
    "unit.not_placed": ("条", "rows"),
    "unit.coverage": ("家", "units"),
    "unit.visits": ("家次", "visits"),
    "unit.never": ("家", "units"),
    "unit.overdue": ("家", "units"),
    "unit.blank_cells": ("个", "cells"),
    "unit.completion": ("段", "segments"),
    "unit.segments_relit": ("段", "segments"),
    "unit.lamps_lit": ("盏", "lamps"),
    "unit.longest_dark_walk": ("", ""),
    "formula.hazards_found": (
        "统计窗口内发现并落入网格的隐患合计，按台账所报数量计",
        "Hazards found in the window inside the grid, counted as reported",
    ),
    "formula.hot_cells": (
        "高值集聚（FDR 校正后 90% 及以上）网格 / 全部网格",
        "Hotspot cells (90 % and above after FDR) / all cells",
    ),
    "formula.cells_with_hazards": (
        "窗口内至少有一处隐患的网格 / 全部网格",
        "Cells with at least one hazard in the window / all cells",
    ),
    "formula.not_placed": (
        "在网格之外或没有坐标的记录，不计入各网格",
        "Rows outside the grid or without a position: in no cell's count",
    ),
    "formula.coverage": (
        "窗口内检查过的单位（去重）/ 在册单位；无在册单位为无数据",
        "Distinct units inspected in the window / registered units; none registered is no data",
    ),
    "formula.visits": (
        "窗口内检查家次；同一单位多次检查计多次",
        "Visits in the window; repeated visits to a unit count each",
    ),
    "formula.never": (
        "在册以来从未检查的单位 / 在册单位；与超期不重复",
        "Units never inspected since registration / registered units; disjoint from overdue",
    ),
    "formula.overdue": (
        "查过但最近一次检查早于风险等级周期的单位 / 在册单位",
        "Units whose last visit is older than their risk's interval / registered units",
    ),
    "formula.blank_cells": (
        "有在册单位而窗口内无一检查的网格 / 有在册单位的网格",
        "Cells with registered units and none inspected / cells with registered units",
    ),
    "formula.completion": (
        "已恢复（不含在建）/（发现 − 在建不计入）",
        "Relit, exempt left out / found less exempt",
    ),
    "formula.segments_relit": ("已恢复路段 / 发现路段", "Segments relit / segments found"),
    "formula.lamps_lit": (
        "亮灯 / 已排查在用路灯，单位盏；无排查为未知",
        "Lamps lit / surveyed lamps in service; unknown without a survey",
    ),
    "formula.longest_dark_walk": (
        "相连灭灯路段中最长的最短路径",
        "The longest shortest path within connected dark runs",
    ),
}

_DEFINITIONS: dict[str, tuple[str, str]] = {
    "coverage": (
        "覆盖率 = 截至 {as_of} 的 {window_days} 天内检查过的单位（去重）/ 在册单位；"
        "无在册单位为无数据，不是 0。",
        "Coverage = distinct units inspected in the {window_days} days to {as_of} / registered "
        "units; no registered unit is no data, not 0.",
    ),
    "hotspots": (
        "热点 = 截至 {as_of} 的 {window_days} 天内各网格隐患值的 Getis-Ord Gi*（二元邻接，"
        "含自身，双侧，FDR 校正）；低值集聚不等于安全。",
        "Hotspots = Getis-Ord Gi* of the cells' hazard values in the {window_days} days to "
        "{as_of} (binary neighbors, self included, two-sided, FDR); a coldspot is not safe.",
    ),
    "outages": (
        "灭灯按路段统计至 {as_of}：每盏灯照到与邻灯的中点，连续灭灯为一段；"
        "灭灯、亮灯与无照明长度之和等于路段长度。",
        "Outages along segments as of {as_of}: a lamp serves half-way to its neighbors, "
        "consecutive out lamps form a run; dark, lit and unserved add up to the length.",
    ),
}

_DECISIONS: dict[str, tuple[str, str]] = {}


def _pick(pair: tuple[str, str], language: Language) -> str:
    return pair[0] if language == "zh" else pair[1]


def text(key: str, language: Language, **values: Any) -> str:
    """Word or sentence under `key`, with `values` filled in."""
    if key not in _WORDS:
        raise UnknownWordError(f"no wording for {key!r}")
    return _pick(_WORDS[key], language).format(**values)


def table(language: Language) -> dict[str, str]:
    """Every word of one language, unfilled: what the page's script reads."""
    return {key: _pick(pair, language) for key, pair in _WORDS.items()}


def definition(subject: str, language: Language, *, as_of: str, window_days: int) -> str:
    """One sentence that says what the figures of a subject are."""
    if subject not in _DEFINITIONS:
        raise UnknownWordError(f"no definition of {subject!r}")
    return _pick(_DEFINITIONS[subject], language).format(as_of=as_of, window_days=window_days)


def decision(code: str, values: Mapping[str, Any], language: Language) -> str:
    """One entry of a decision log as a sentence."""
    if code not in _DECISIONS:
        raise UnknownWordError(f"no wording for the decision {code!r}")
    return _pick(_DECISIONS[code], language).format(**values)
