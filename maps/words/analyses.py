"""The words of what is computed of hazards: clusters, and how hotspots came and went."""

_PATTERNS: dict[str, tuple[str, str]] = {
    "intensifying_hotspot": ("高值 · 加剧", "Intensifying hotspot"),
    "persistent_hotspot": ("高值 · 持续", "Persistent hotspot"),
    "consecutive_hotspot": ("高值 · 连续", "Consecutive hotspot"),
    "new_hotspot": ("高值 · 新出现", "New hotspot"),
    "diminishing_hotspot": ("高值 · 减弱", "Diminishing hotspot"),
    "sporadic_hotspot": ("高值 · 零散", "Sporadic hotspot"),
    "oscillating_hotspot": ("高值 · 反复", "Oscillating hotspot"),
    "historical_hotspot": ("高值 · 历史", "Historical hotspot"),
    "intensifying_coldspot": ("低值 · 加剧", "Intensifying coldspot"),
    "persistent_coldspot": ("低值 · 持续", "Persistent coldspot"),
    "consecutive_coldspot": ("低值 · 连续", "Consecutive coldspot"),
    "new_coldspot": ("低值 · 新出现", "New coldspot"),
    "diminishing_coldspot": ("低值 · 减弱", "Diminishing coldspot"),
    "sporadic_coldspot": ("低值 · 零散", "Sporadic coldspot"),
    "oscillating_coldspot": ("低值 · 反复", "Oscillating coldspot"),
    "historical_coldspot": ("低值 · 历史", "Historical coldspot"),
    "no_pattern": ("无规律", "No pattern"),
}
"""The patterns of `geo.trends`."""

ANALYSES: dict[str, tuple[str, str]] = {
    **{f"class.{pattern}": pair for pattern, pair in _PATTERNS.items()},
    **{f"pattern.{pattern}": pair for pattern, pair in _PATTERNS.items()},
    "view.emerging": ("新兴热点", "Trends"),
    "view.quadrants": ("集聚类型", "Clusters"),
    "rank.n_hot_periods": ("热点期数", "Periods as a hotspot"),
    "legend.emerging": (
        "窗口等分 12 期，看各网格逐期是热是冷、走向如何；低值不等于安全",
        "The window in 12 periods: when each cell was hot or cold, and its trend; a coldspot is "
        "not safe",
    ),
    "legend.quadrants": (
        "网格与周边隐患数同高同低为集聚，一高一低为孤点；显著性经 FDR 校正",
        "Cells like or unlike the cells around them; significance after FDR correction",
    ),
    "class.too_short": ("天数不足", "Too few days"),
    "class.untested": ("无法判定", "Cannot be tested"),
    "class.high_high": ("高值集聚（高-高）", "High among high"),
    "class.high_low": ("高值孤点（高-低）", "High among low"),
    "class.low_high": ("低值孤点（低-高）", "Low among high"),
    "class.low_low": ("低值集聚（低-低）", "Low among low"),
    "cluster.HH": ("高值集聚（高-高）", "High among high"),
    "cluster.HL": ("高值孤点（高-低）", "High among low"),
    "cluster.LH": ("低值孤点（低-高）", "Low among high"),
    "cluster.LL": ("低值集聚（低-低）", "Low among low"),
    "cluster.none": ("不显著", "Not significant"),
    "field.cluster": ("集聚类型", "Cluster"),
    "field.pattern": ("新兴热点", "Emerging hotspot"),
    "field.n_hot_periods": ("热点期数", "Periods as a hotspot"),
    "field.n_cold_periods": ("冷点期数", "Periods as a coldspot"),
    "field.trend_z": ("趋势 z 值", "Trend z-score"),
    "field.trend_p": ("趋势 p 值", "Trend p-value"),
}
