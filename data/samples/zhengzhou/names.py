"""The Chinese words of the sample: names of places and bodies, roles instead of persons."""

CITY = "郑州市（模拟）"
ATTRIBUTION = "模拟数据：按2019年公开报道的总数重演，边界为示意"
DISTRICTS_GRID = "县（市、区）管辖示意"
FINE_GRID = "治理网格（模拟）"

CENTRAL = "central"
OUTER = "outer"
ZONE = "zone"

DISTRICTS: tuple[tuple[str, str, float, float, str, float], ...] = (
    ("01", "中原区", 113.600, 34.745, CENTRAL, 0.08),
    ("02", "二七区", 113.640, 34.695, CENTRAL, 0.08),
    ("03", "管城回族区", 113.695, 34.725, CENTRAL, 0.07),
    ("04", "金水区", 113.675, 34.790, CENTRAL, 0.12),
    ("05", "惠济区", 113.615, 34.850, CENTRAL, 0.04),
    ("06", "上街区", 113.300, 34.805, OUTER, 0.03),
    ("07", "中牟县", 113.985, 34.720, OUTER, 0.06),
    ("08", "巩义市", 112.990, 34.760, OUTER, 0.07),
    ("09", "荥阳市", 113.390, 34.785, OUTER, 0.06),
    ("10", "新密市", 113.390, 34.540, OUTER, 0.07),
    ("11", "新郑市", 113.740, 34.400, OUTER, 0.07),
    ("12", "登封市", 113.040, 34.460, OUTER, 0.06),
    ("21", "郑东新区", 113.760, 34.775, CENTRAL, 0.07),
    ("22", "经济技术开发区", 113.755, 34.710, CENTRAL, 0.05),
    ("23", "高新技术产业开发区", 113.545, 34.805, CENTRAL, 0.05),
    ("24", "航空港经济综合实验区", 113.840, 34.550, ZONE, 0.02),
)
"""Code, name, a point inside (degrees), whose lamps they are, share of units."""

CENTRAL_DISTRICTS = tuple(name for _, name, _, _, part, _ in DISTRICTS if part == CENTRAL)
BATCH_DISTRICTS = (
    "荥阳市",
    "新密市",
    "航空港经济综合实验区",
    "经济技术开发区",
    "中牟县",
)
"""Where the two batches of major and larger hazards were handed over to."""

SECTORS: dict[str, tuple[str, float]] = {
    "危险化学品": ("市应急管理局", 0.05),
    "非煤矿山": ("市应急管理局", 0.02),
    "工贸": ("市应急管理局", 0.22),
    "建筑施工": ("市城乡建设局", 0.12),
    "交通运输": ("市交通运输局", 0.07),
    "文化旅游": ("市文化广电和旅游局", 0.05),
    "水利": ("市水利局", 0.02),
    "煤矿": ("市应急管理局", 0.01),
    "民爆": ("市公安局", 0.01),
    "学校": ("市教育局", 0.08),
    "医疗机构": ("市卫生健康委员会", 0.05),
    "人员密集场所": ("市消防救援支队", 0.30),
}
"""Who is in charge of each line (行业), and its share of the units."""

CATEGORIES = {
    "疏散通道堵塞": 0.22,
    "电气线路": 0.24,
    "消防设施": 0.20,
    "疏散指示": 0.10,
    "违规存放": 0.10,
    "违规住人": 0.06,
    "燃气": 0.08,
}
MANNERS = {"四不两直": 0.40, "双随机": 0.25, "专项检查": 0.25, "夜查": 0.10}
NIGHT = "夜查"
LED = "领导带队督导"
NATIVE_LEVELS = {"general": "一般", "larger": "较大", "major": "重大"}
UNIT_WORD = "处"
SYSTEM = "应急管理系统"

CAMPAIGN = "全市安全隐患大排查大整治集中行动"
LIGHTING_CAMPAIGN = "城市照明整治提升行动"
LIGHTING_LEADER = "市城管局"
LIGHTING_OFFICE = "市城市照明灯饰管理处"
POWER_COMPANY = "市电力公司"
BUILDING_BUREAU = "市城建局"
SURVEYOR = "城管数字化监督中心排查员"
REGISTRAR = "城管数字化监督中心登记员"
RECHECKER = "城管数字化监督中心核查员"
CITY_CONFIRMS = "市城管局照明整治专班经办人"
BUILDER_CONFIRMS = "市城建局建设单位代表"
CAMPAIGN_OFFICE = "市集中行动办公室"
CAMPAIGN_CHECKER = "市集中行动办公室核查员"
ACCEPTANCE = "市集中行动办公室验收组"
LEADER = "市集中行动领导小组包联领导"

ROADS = {
    "jindai": ("金岱路", "南台路", "岗南路"),
    "smart": ("港湾路", "银莺路", "紫东路", "航海路"),
    "wenbo": ("文博西路", "文博东路", "科源路"),
    "jiangshan": ("江山路", "江山路", None, None),
    "hanghai": ("航海路", "航海路", None, None),
}
NO_LAMP_ROADS = ("岗东路", "长江东路")

MEASURES = {
    "never_handed_over": "先亮灯后移交，修复线缆并接通电源",
    "under_construction": "新建路灯电源箱变并敷设线缆",
    "no_power": "新建电源点",
    "cable_cut": "破路施工，更换被挖断线缆",
    "aged_line": "更换老化线路",
}
SMART_MEASURE = "安装微光智能路灯"
CONTINGENCY = "临时照明车"
NOT_HANDED_OVER = {
    "never_handed_over": "建设单位书面确认：建成后未向市政移交",
    "unbuilt": "建设单位书面确认：工程尚未竣工",
}
EXEMPT_REASON = "在建工程尚未竣工，无法亮灯"
RAIN_REASON = "暴雨后线缆进水，再次灭灯"
STILL_DARK = "夜间复查仍未亮灯"
STILL_DANGEROUS = "复查仍存在隐患"
NOT_OURS = "双向核实：管养责任待确认"
REASSIGNED = "双向核实后重新交办"
LATE_REASON = "接电审批未完成，延期"
OVERDUE_REASON = "逾期未亮灯，通报"
DONE_REASON = "验收合格，摘牌"
HAZARD_MEASURE = "停用并限期整改，整改期间专人值守"
HAZARD_CONTINGENCY = "现场处置预案"


def unit_name(district: str, sector: str, number: int) -> str:
    """Return the name of a unit that never was."""
    return f"模拟{district}{sector}单位{number:05d}"


def fine_cell_name(district: str, number: int) -> str:
    """Return the name of a cell inside a district."""
    return f"{district}第{number:02d}网格"


def street_name(*, runs_north: bool, number: int) -> str:
    """Return the name of a street of the schematic network."""
    return f"模拟{'经' if runs_north else '纬'}{number}路"


def country_road(district: str, number: int) -> str:
    """Return the name of a road outside the central city."""
    return f"模拟{district}{number}号路"


def responsible(district: str) -> str:
    """Return who has to fix a street: a role, nobody's name."""
    return f"{district}照明整治责任人"


def unit_in_charge(sector: str) -> str:
    """Return who has to fix a hazard: a role, nobody's name."""
    return f"{sector}单位主要负责人"


def team_name(kind: str, number: int) -> str:
    """Return the name of a team of inspectors."""
    return f"{kind}{number:03d}组"


DISTRICT_TEAM = "检查"
HOLIDAY_TEAM = "应急督查"
NATIONAL_TEAM = "明察暗访"


def document(kind: str, number: int) -> str:
    """Return the number of a document that never was."""
    return f"模拟{kind}〔2019〕{number}号"


DOCUMENTS = {
    "order": "令改",
    "fine": "罚",
    "suspension": "停",
    "exposure": "曝",
    "interview": "谈",
}
