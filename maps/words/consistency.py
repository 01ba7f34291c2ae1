"""What fits together and what does not: Chinese, English."""

CONSISTENCY: dict[str, tuple[str, str]] = {
    "check.causes_are_known": (
        "灭灯路段原因：{n_known} 段有原因，{n} 段没有；有缺的，分项加不成总数",
        "Causes of dark streets: {n_known} are known, {n} are not; parts add up only when all are",
    ),
    "check.exemption_is_no_cause": (
        "豁免与原因：{n_exempt} 段豁免中，{n} 段的原因不是道路在建",
        "Exemption and cause: of {n_exempt} exempt streets {n} are not under construction",
    ),
    "check.register_shows_causes": (
        "移交台账：{n_registered} 段在册；{n} 段的未移交或在建豁免与台账不符，或台账没有记载",
        "Register: {n_registered} segments are in it; it does not show {n} that are said to be "
        "never handed over, or exempt as under construction",
    ),
    "check.levels_are_mapped": (
        "隐患等级：{n} 条的原文等级没有对应",
        "Levels: {n} hazards have a word of their own that maps to none",
    ),
    "check.visits_are_of_registered_units": (
        "检查与名录：{n} 次检查在单位登记之前或注销之后",
        "Visits and register: {n} visits came before a unit was registered or after it closed",
    ),
    "check.totals_never_fall": (
        "累计数：{n_issued} 期已发通报中 {n} 期的累计数比上一期少",
        "Totals: of {n_issued} issued bulletins {n} total less than the one before",
    ),
    "check.hazards_per_visit_do_not_jump": (
        "每家次隐患数：{n_weeks} 周中 {n} 周与常值 {usual} 相差三倍以上",
        "Hazards per visit: {n} of {n_weeks} weeks are three times off the usual {usual}",
    ),
    "check.lamps_are_surveyed": (
        "底数：{n} 段道路未排查路灯，亮灯率不含这些路段",
        "Universe: {n} segments have no lamp survey and are in no share of lamps lit",
    ),
    "check.no_lamp_is_not_an_outage": (
        "无灯道路：{n} 段无灯却有灭灯或整改记录",
        "Roads without lamps: {n} have outages or work on lamps all the same",
    ),
    "check.work_ends_with_its_hazard": (
        "整改与隐患：{n} 项的销号状态不一致",
        "Work and hazard: {n} ended one without the other",
    ),
    "check.sanctions_have_numbers": (
        "处罚文号：{n} 件没有文号",
        "Documents: {n} sanctions have no number",
    ),
    "standing.unbuilt": ("未建成", "Not built"),
    "standing.never_handed_over": ("建成未移交", "Never handed over"),
    "standing.handed_over": ("已移交，未验收", "Handed over, not accepted"),
    "standing.accepted": ("已验收", "Accepted"),
    "finding.fits": ("一致", "fits"),
    "finding.differs": ("不一致", "differs"),
    "finding.unknown": ("无数据", "unknown"),
}
