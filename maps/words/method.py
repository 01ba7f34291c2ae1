"""How figures are made, in sentences: formulas, definitions, decisions; Chinese, English."""

FORMULAS: dict[str, tuple[str, str]] = {
    "hazards_found": (
        "统计窗口内发现并落入网格的隐患合计，按台账所报数量计",
        "Hazards found in the window inside the grid, counted as reported",
    ),
    "hot_cells": (
        "高值集聚（FDR 校正后 90% 及以上）网格 / 全部网格",
        "Hotspot cells (90 % and above after FDR) / all cells",
    ),
    "open": (
        "截至统计日期仍未销号的隐患，含窗口之前发现的；来源不记销号日期的另列",
        "Hazards not closed at the end of the day, also those found before the window; sources "
        "without closing dates are counted apart",
    ),
    "not_placed": (
        "在网格之外或没有坐标的隐患 / 窗口内全部隐患；不计入各网格",
        "Hazards outside the grid or without a position / all in the window: in no cell's count",
    ),
    "coverage": (
        "窗口内检查过的单位（去重）/ 在册单位；无在册单位为无数据",
        "Distinct units inspected in the window / registered units; none registered is no data",
    ),
    "visits": (
        "窗口内检查家次；同一单位多次检查计多次",
        "Visits in the window; repeated visits to a unit count each",
    ),
    "never": (
        "在册以来从未检查的单位 / 在册单位；与超期不重复",
        "Units never inspected since registration / registered units; disjoint from overdue",
    ),
    "overdue": (
        "查过但最近一次检查早于风险等级周期的单位 / 在册单位",
        "Units whose last visit is older than their risk's interval / registered units",
    ),
    "blank_cells": (
        "有在册单位而窗口内无一检查的网格 / 有在册单位的网格",
        "Cells with registered units and none inspected / cells with registered units",
    ),
    "out_now": (
        "统计日期末仍未修复的灭灯；有路灯台账的路段按盏计，其余按报修计",
        "Outages open at the end of the day: lamps where surveyed, reports elsewhere",
    ),
    "dark_segments": (
        "灭灯比例达到门槛的路段 / 已排查且有灯的路段",
        "Segments whose share of lamps out reaches the threshold / surveyed ones",
    ),
    "completion": (
        "已恢复（不含在建）/（发现 − 在建不计入）",
        "Relit, exempt left out / found less exempt",
    ),
    "segments_relit": ("已恢复路段 / 发现路段", "Segments relit / segments found"),
    "lamps_lit": (
        "亮灯 / 已排查在用路灯，单位盏；无排查为未知",
        "Lamps lit / surveyed lamps in service; unknown without a survey",
    ),
    "longest_dark_walk": (
        "相连灭灯路段中最长的最短路径",
        "The longest shortest path within connected dark runs",
    ),
}

DEFINITIONS: dict[str, tuple[str, str]] = {
    "coverage": (
        "覆盖率 = 窗口内检查过的单位（去重）/ 在册单位；无在册单位为无数据，不是 0。"
        "缺口 = 各单位风险权重 × min(1, 超期天数 / 检查周期) 之和。",
        "Coverage = distinct units inspected in the window / registered units; no registered unit "
        "is no data, not 0. Gap = sum over units of weight(risk) × min(1, days late / interval).",
    ),
    "hotspots": (
        "热点 = 网格{value}的 Getis-Ord Gi*（二元邻接，含自身，双侧检验，FDR 校正）；"
        "低值集聚不等于安全。",
        "Hotspots = Getis-Ord Gi* of {value} per cell (binary neighbors, self included, two-sided, "
        "FDR); a coldspot is not safe.",
    ),
    "outages": (
        "每盏灯照到与邻灯的中点，各侧不超过 {max_gap_m:g} 米的一半；连续灭灯为一段；"
        "灭灯、亮灯与无照明长度之和等于路段长度。",
        "A lamp serves half-way to its neighbors, at most half of {max_gap_m:g} m each way; "
        "consecutive out lamps form a dark run; dark, lit and unserved add up to the length.",
    ),
    "dark_runs": (
        "同一路段上连续 {least_lamps} 盏及以上灭灯、相邻间距不超过 {max_gap_m:g} 米的为一段；"
        "最长灭灯路径是在路口相接的各段中最长的最短路径，只计灭灯长度。",
        "{least_lamps} lamps or more out in a row, neighbors at most {max_gap_m:g} m apart; the "
        "longest dark walk is the longest shortest path through runs that meet at junctions, dark "
        "metres only.",
    ),
    "clusters": (
        "DBSCAN：{radius_m:g} 米内至少 {min_points} 条隐患为密集（本系统默认值）；"
        "近 {window_days} 天有坐标的 {n:,} 条中 {n_in:,} 条在密集区内。",
        "DBSCAN: at least {min_points} hazards within {radius_m:g} m, our defaults; {n_in:,} of "
        "{n:,} rows with a position found in {window_days} days lie in one.",
    ),
    "repeat_sites": (
        "近 {window_days} 天同一单位、同一类别隐患在 {min_times} 个及以上不同日期查出；"
        "共 {n:,} 处，图上 {n_in:,} 处（单位有坐标）。",
        "Units where one category was found on {min_times} days or more within {window_days} days: "
        "{n:,} in all, {n_in:,} with a position.",
    ),
    "blind_spots": (
        "距近 {window_days} 天任何一家受检单位超过 {distance_m:g} 米的区域（本系统默认值）；"
        "{n:,} 个网格中 {n_in:,} 个有盲区，共 {area_km2:,.1f} 平方公里。",
        "Farther than {distance_m:g} m (our default) from every unit visited in {window_days} "
        "days: in {n_in:,} of {n:,} cells, {area_km2:,.1f} km² in all.",
    ),
    "rectifications": (
        "完成率 = 已销号 /（发现 − 豁免 − 移送）；"
        "按期率 = 期限内销号 /（有期限的已销号 + 超期未销号），期限当日仍算按期；"
        "无分母为未知，不是 0。",
        "Completion = closed / (found less exempt and transferred); on time = closed by the limit "
        "/ (closed with a limit + open past it), the due day still in time; without a denominator "
        "unknown, not 0.",
    ),
}

HOTSPOT_VALUES: dict[str, tuple[str, str]] = {
    "count": ("隐患数量", "hazard counts"),
    "per-unit": ("每家单位隐患数", "hazards per registered unit"),
    "per-100-visits": ("百家次隐患数", "hazards per 100 visits"),
    "eb": ("每家单位隐患数（经验贝叶斯平滑）", "hazards per unit, empirical-Bayes smoothed"),
}

DECISIONS: dict[str, tuple[str, str]] = {
    "window_before_data": (
        "统计窗口早于台账首日 {first_day}，之前没有记录",
        "The window begins before the ledger's first day, {first_day}",
    ),
    "day_after_data": (
        "统计日期晚于台账末日 {data_until}，之后没有记录",
        "The day asked for is after the ledger's last day, {data_until}",
    ),
    "coverage_intervals": (
        "检查周期（天，本系统默认值）：重大 {major:g}、较大 {larger:g}、"
        "一般 {general:g}、低 {low:g}",
        "Intervals in days, our defaults: major {major:g}, larger {larger:g}, "
        "general {general:g}, low {low:g}",
    ),
    "coverage_weights": (
        "缺口权重（本系统默认值）：重大 {major:g}、较大 {larger:g}、一般 {general:g}、低 {low:g}",
        "Weights of the gap, our defaults: major {major:g}, larger {larger:g}, "
        "general {general:g}, low {low:g}",
    ),
    "no_inspections": (
        "没有检查台账：覆盖率未知，不是 0",
        "There is no inspection ledger: coverage is unknown, not 0",
    ),
    "units_without_registration": (
        "{n} 家单位没有登记日期，自台账首日起计",
        "{n} units without a registration date count from the ledger's first day",
    ),
    "units_without_risk": (
        "{n} 家单位没有风险等级，按低风险计",
        "{n} units without a risk level count as low",
    ),
    "units_closed_undated": (
        "{n} 家单位已注销而无日期，不计入",
        "{n} units closed on an unknown day are left out",
    ),
    "cells_without_units": (
        "{n} 个网格没有在册单位，为无数据",
        "{n} cells without a registered unit have no data",
    ),
    "value_count": ("取值：隐患数量", "Values: counts of hazards"),
    "value_per_unit": ("取值：隐患数 / 在册单位", "Values: hazards / registered units"),
    "value_per_100_visits": (
        "取值：检查发现的隐患数 / 检查家次 × 100",
        "Values: hazards found by visits / visits × 100",
    ),
    "value_eb": (
        "取值：隐患数 / 在册单位，经验贝叶斯平滑（Marshall 1991，全局）",
        "Values: hazards / units, empirical-Bayes smoothed (Marshall 1991, global)",
    ),
    "only_level": ("仅级别：{level}", "Level only: {level}"),
    "only_source": ("仅来源：{source}", "Source only: {source}"),
    "only_sector": ("仅行业：{sector}", "Sector only: {sector}"),
    "only_state": ("仅状态：{state}", "State only: {state}"),
    "gi_star": (
        "Gi*：{n} 个网格，相邻即权重 1，含自身，双侧 p 值，FDR 校正后分 90/95/99% 三档",
        "Gi*: {n} cells, weight 1 where they touch, self included, two-sided p, classes of "
        "90, 95 and 99 % after FDR",
    ),
    "local_moran": (
        "局部莫兰指数：行标准化，条件置换 {permutations} 次，种子 {seed}",
        "Local Moran's I: row-standardised, {permutations} conditional permutations, seed {seed}",
    ),
    "moran_clusters": (
        "集聚类型：莫兰 p 值经 FDR 校正，不超过 {share:.0%} 才标出",
        "Clusters: Moran's p after FDR of at most {share:.0%}, all others are not significant",
    ),
    "emerging": (
        "新兴热点：自 {first_day} 起等分 {n} 期，每期 {days} 天，各期隐患数量一并算 Gi*，"
        "Mann-Kendall 检验趋势，{share:.0%} 以上的期为热点才算持续一类",
        "Emerging hotspots: {n} periods of {days} days from {first_day}, Gi* of the hazard counts "
        "of all of them together, Mann-Kendall for the trend; hot in {share:.0%} of them is hot "
        "all along",
    ),
    "too_few_days": (
        "窗口内有台账的天数 {n}，少于 {needed} 天：不判新兴热点",
        "{n} days of the ledger in the window, fewer than {needed}: no emerging hotspots",
    ),
    "no_hazards": ("没有隐患台账：数量未知，不是 0", "There is no hazard ledger: unknown, not 0"),
    "too_few_cells": (
        "有值网格 {n} 个，少于 {needed} 个：样本不足，不判热点",
        "{n} cells with a value, fewer than {needed}: too few to call hotspots",
    ),
    "constant_values": (
        "各网格取值相同，不判热点",
        "Every cell has the same value: no hotspots",
    ),
    "cells_without_value": (
        "{n} 个网格没有取值，不参与计算",
        "{n} cells without a value are left out",
    ),
    "cells_without_neighbors": ("{n} 个网格没有相邻网格", "{n} cells have no neighbor"),
    "hazards_without_visit": (
        "{n} 处隐患不是检查发现，不计入",
        "{n} hazards were not found by a visit and are left out",
    ),
    "hazards_closing_unknown": (
        "{n} 处隐患的来源不记销号日期：是否未销号为未知",
        "{n} hazards come from sources without closing dates: open is unknown",
    ),
    "only_status": ("仅路段状态：{status}", "Segments only that are: {status}"),
    "only_work": ("仅整改状态：{work}", "Rectification only: {work}"),
    "only_owner": ("仅责任单位：{owner}", "Owner only: {owner}"),
    "lamp_stretches": (
        "距灯超过 {max_gap_m:g} 米一半的部分为无照明；灭灯占比达到 {dark_threshold:g} 为整段灭灯",
        "Farther than half of {max_gap_m:g} m from a lamp is unserved; a share out of "
        "{dark_threshold:g} or more is dark",
    ),
    "no_lamps": (
        "没有路灯台账：亮灯率与灭灯占比未知",
        "There is no lamp inventory: lamps lit and dark share are unknown",
    ),
    "segments_not_surveyed": ("{n} 段道路未排查路灯", "{n} segments have no lamp survey"),
    "lamps_off_segments": (
        "{n} 盏路灯附近没有路段，另列",
        "{n} lamps are near no segment and listed apart",
    ),
    "outages_off_segments": (
        "{n} 条灭灯附近没有路段，另列",
        "{n} outages are near no segment and listed apart",
    ),
    "outages_without_lamp": (
        "{n} 条灭灯没有对应路灯，按位置计入路段",
        "{n} outages name no lamp and count by their position",
    ),
    "no_outages": (
        "没有灭灯台账：灭灯数未知，不是 0",
        "There is no ledger of outages: their number is unknown, not 0",
    ),
    "no_rectifications": (
        "没有整改台账：整改完成率与路段恢复率未知",
        "There is no rectification ledger: completion and segments relit are unknown",
    ),
    "exempt_segments": (
        "{n} 段经双方确认在建，不计入整改完成率",
        "{n} segments are exempt, confirmed by both sides",
    ),
    "ranked_from": (
        "基数不足 {n} 的列出而不排名；完成率相同的并列",
        "A base under {n} is listed, not ranked; equal completion shares a rank",
    ),
    "known_at": (
        "当时口径：只计 {moment} 以前录入的记录",
        "As it was known: only what was recorded by {moment}",
    ),
    "cells_of_now": (
        "网格、单位名称和人工指定的归属取现行的：当时的网格划分不还原",
        "Cells, names of parties and cells that a person chose are those of now, not of then",
    ),
    "no_work_items": (
        "没有整改台账：完成率未知，不是 0",
        "There is no rectification ledger: completion is unknown, not 0",
    ),
    "exempt_items": (
        "{n} 项经双方确认豁免，不计入完成率",
        "{n} items are exempt, confirmed by both sides, and in no rate",
    ),
    "transferred_items": (
        "{n} 项已移送专项行动以外的单位，不计入完成率",
        "{n} items were transferred outside the campaign and are in no rate",
    ),
    "items_without_limit": (
        "{n} 项未销号而没有整改期限，不计入按期率",
        "{n} open items have no time limit and are not in the on-time rate",
    ),
    "items_without_owner": (
        "{n} 项没有牵头单位，不参加排名",
        "{n} items have no leading party and are not ranked",
    ),
    "items_without_helper": (
        "{n} 项没有配合单位，不参加排名",
        "{n} items have no helping party and are not ranked",
    ),
    "items_without_cell": (
        "{n} 项在网格之外或没有坐标，不参加排名",
        "{n} items lie outside the grid or have no position and are not ranked",
    ),
}
