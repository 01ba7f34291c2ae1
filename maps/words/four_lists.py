"""The words of the four lists: Chinese, English.

A heading with the mark is for reading only: the importers leave it out.
"""

READ_ONLY = "※"

FOUR_LISTS: dict[str, tuple[str, str]] = {
    "list.title": ("{city}安全隐患整治四张清单", "{city}: the four lists of rectification"),
    "list.hazards": ("风险隐患清单", "Hazards"),
    "list.handed_over": ("交办督办清单", "Hand-over and supervision"),
    "list.leaders": ("领导责任清单", "Leaders in charge"),
    "list.closing": ("验收销号清单", "Acceptance and closing"),
    "list.caption": ("{title}（截至{moment}，{n}项）", "{title} ({n} items by {moment})"),
    "list.remark": (
        "带※的栏由系统生成，仅供查阅，导入整改台账时不读取；其余各栏修改后可直接导入。",
        "Columns with ※ are for reading only; the others can be corrected and imported.",
    ),
    "list.note": (
        "注：整改期限为批准延期后的期限，期限当日24时前销号为按期；超期天数只计未销号事项；"
        "佐证只计最近一次重新打开以后的。",
        "Note: limits are as extended, their day still in time; days late are of open items only;"
        " evidence counts since an item was last reopened.",
    ),
    "list.place_number": ("序号", "No."),
    "list.code": ("整改编号", "code"),
    "list.hazard_code": ("隐患编号", "hazard_code"),
    "list.segment_code": ("路段编号", "segment_code"),
    "list.place": ("※隐患部位", "※Place"),
    "list.description": ("※隐患描述", "※Description"),
    "list.level": ("※隐患级别", "※Level"),
    "list.category": ("※隐患类别", "※Category"),
    "list.unit": ("※所在单位", "※Unit"),
    "list.origin": ("※隐患来源", "※Found by"),
    "list.found_at": ("发现时间", "found_at"),
    "list.state": ("状态", "state"),
    "list.stands": ("※状态", "※State"),
    "list.handover_batch": ("交办批次", "handover_batch"),
    "list.lead_party": ("牵头单位", "lead_party"),
    "list.helping_party": ("配合单位", "helping_party"),
    "list.first_due_on": ("※原期限", "※First limit"),
    "list.due_on": ("整改期限", "due_on"),
    "list.leader": ("※督办领导", "※Supervising leader"),
    "list.listed_on": ("※挂牌日期", "※Listed on"),
    "list.removed_on": ("※摘牌日期", "※Removed on"),
    "list.escalation": ("※督办措施", "※Escalation"),
    "list.days_late": ("※超期天数", "※Days late"),
    "list.person": ("责任人", "person"),
    "list.measure": ("整改措施", "measure"),
    "list.money_yuan": ("整改资金", "money_yuan"),
    "list.contingency": ("应急预案", "contingency"),
    "list.reported_fixed_by": ("※整改报告人", "※Reported by"),
    "list.rechecked_by": ("※复查人", "※Re-checked by"),
    "list.n_evidence": ("※佐证份数", "※Evidence"),
    "list.closed_at": ("销号时间", "closed_at"),
    "list.in_time": ("※按期销号", "※In time"),
    "list.n_reopened": ("※重开次数", "※Reopened"),
    "list.exempt_confirmed_by_city": ("市级确认人", "exempt_confirmed_by_city"),
    "list.exempt_confirmed_by_builder": ("建设方确认人", "exempt_confirmed_by_builder"),
    "list.exempt_reason": ("※豁免原因", "※Why exempt"),
    "list.source": ("数据来源", "source"),
    "list.yes": ("是", "yes"),
    "list.no": ("否", "no"),
    "list.origin.enterprise": ("企业自查", "Enterprise"),
    "list.origin.expert": ("专家检查", "Expert"),
    "list.origin.government": ("政府检查", "Government"),
    "list.origin.resident": ("群众举报", "Resident"),
}
