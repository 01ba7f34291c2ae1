"""The columns of each kind of ledger: their headings in English and Chinese, and their rules.

The aliases of a field stand in the order in which they are believed: where two headings of a file
mean one field, the earlier alias has it.
"""

from collections.abc import Mapping
from dataclasses import replace

from data.importers import fields
from data.importers import vocabulary as words
from data.importers.counts import HAZARD_WORDS, PERSON_WORDS
from data.importers.exported import EXPORTED
from data.importers.field import DATUM, DECLARED, GEOMETRY, POSITION, Field, code
from data.importers.lighting_columns import BOXES, HANDOVERS, LAMPS, OUTAGES, SEGMENTS
from data.importers.vocabulary import terms

_UNIT_CODE = Field(
    "unit_code",
    fields.code,
    terms("unit、单位编号、企业编号、场所编号、被检查单位编号、单位编码、企业编码"),
)
_UNIT_NAME = Field(
    "unit_name",
    fields.text,
    terms(
        "被检查单位、被检查单位名称、受检单位、受检单位名称、检查对象、单位名称、企业名称、"
        "场所名称、隐患单位、隐患单位名称、存在隐患单位、责任单位名称、生产经营单位名称、"
        "被查单位、单位(场所)名称、企业(单位)名称、隐患所在单位、company、company name"
    ),
    stored=False,
)
_DONE = terms(
    "销号时间、销号日期、整改完成时间、整改完成日期、完成整改时间、完成整改日期、"
    "实际完成时间、实际整改完成时间、闭环时间、办结时间、办结日期、完成时间、完成日期"
)
_FOUND = terms(
    "发现时间、发现日期、隐患发现时间、隐患发现日期、排查时间、排查日期、检查时间、"
    "检查日期、巡查时间、巡查日期、上报时间、上报日期、登记时间、登记日期、found on"
)
_PLACE = Field(
    "place",
    fields.text,
    terms(
        "隐患部位、位置、部位、隐患位置、隐患地点、隐患场所、具体位置、具体部位、问题部位、"
        "地点、所在位置、隐患所在位置、隐患地址、地址、location"
    ),
)
_DESCRIPTION = Field(
    "description",
    fields.text,
    terms(
        "隐患描述、隐患内容、问题描述、存在问题、存在隐患、隐患情况、问题隐患、隐患问题、"
        "存在问题隐患、存在隐患问题、主要问题、存在主要问题、发现问题、发现隐患、"
        "检查发现问题、检查发现问题隐患、排查出问题隐患、安全隐患、隐患名称、存在安全隐患、"
        "隐患详情、隐患具体内容、隐患具体情况、隐患详细描述、具体问题、隐患具体描述、"
        "隐患问题描述、问题隐患描述、问题隐患内容、问题内容、事故隐患内容、事故隐患、"
        "hazard、problem"
    ),
)
_COUNT = Field(
    "count",
    fields.whole(1, HAZARD_WORDS),
    terms("数量、隐患数量、隐患数、问题数量、问题数、隐患条数、隐患个数、隐患处数"),
)
_GRIDS = (
    code(
        "网格编号、网格编码、行政区划代码、adcode、区划代码、网格代码、网格号、"
        "单元网格编号、grid code、cell code",
    ),
    Field("name", fields.text, terms("名称、网格名称、区划名称、社区名称、街道名称、区县名称")),
    Field("officer", fields.text, terms("网格员、负责人、网格长、网格员姓名、责任人")),
    Field("valid_from", fields.day, terms("生效日期、启用日期、启用时间")),
    Field("valid_to", fields.day, terms("失效日期、停用日期、停用时间")),
    Field("precedence", fields.whole(0), terms("优先级、优先次序、优先顺序")),
    Field(
        "parent_code",
        fields.code,
        terms(
            "上级网格、上级网格编号、上级网格编码、上级编号、上级编码、上级区划代码、父级网格、"
            "父级编码、parent cell"
        ),
    ),
    DATUM,
    GEOMETRY,
)
_UNITS = (
    code("单位编号、企业编号、场所编号、单位编码、企业编码、单位代码、unit code"),
    Field(
        "name",
        fields.text,
        terms(
            "名称、单位名称、企业名称、场所名称、单位(场所)名称、单位/场所名称、"
            "企业(单位)名称、生产经营单位名称、经营单位名称、商户名称、店铺名称、门店名称、"
            "市场主体名称、被检查单位、被检查单位名称、unit name、company name、company"
        ),
        required=True,
    ),
    Field(
        "address",
        fields.text,
        terms(
            "地址、单位地址、详细地址、企业地址、场所地址、经营地址、生产经营地址、"
            "生产经营场所地址、经营场所、所在地址、注册地址、住所、地点、具体地址"
        ),
    ),
    Field(
        "credit_code",
        fields.code,
        terms("统一社会信用代码、信用代码、社会信用代码、统一信用代码、统一社会信用代码证号"),
    ),
    Field(
        "legal_person",
        fields.text,
        terms(
            "法定代表人、法人、法人代表、法定代表人姓名、企业法人、负责人、主要负责人、"
            "单位负责人、企业负责人、经营者、实际控制人"
        ),
    ),
    Field(
        "phone",
        fields.text,
        terms(
            "电话、联系电话、联系方式、手机、手机号、手机号码、电话号码、负责人电话、法人电话、"
            "telephone、tel、mobile"
        ),
    ),
    Field(
        "sector",
        fields.text,
        terms(
            "行业、行业类别、行业领域、所属行业、行业类型、行业分类、单位类型、企业类型、"
            "场所类型、单位性质、国民经济行业、industry"
        ),
    ),
    Field(
        "risk",
        fields.word(words.RISKS, words.LEVEL_IN_RISK),
        terms("风险等级、风险、风险级别、安全风险等级、风险分级、风险颜色、四色等级、risk level"),
    ),
    Field(
        "status",
        fields.word(words.UNIT_STATUSES),
        terms("状态、经营状态、单位状态、企业状态、营业状态、登记状态、生产状态"),
    ),
    Field(
        "registered_on",
        fields.day,
        terms("登记日期、注册日期、成立日期、注册时间、登记时间、成立时间、录入日期"),
    ),
    Field("closed_on", fields.day, terms("注销日期、关闭日期、注销时间、关闭时间、关停日期")),
    *POSITION,
    *DECLARED,
)
_INSPECTIONS = (
    code("检查编号、检查记录编号、检查文书编号、文书编号、文书号、记录编号、检查单号"),
    _UNIT_CODE,
    _UNIT_NAME,
    Field(
        "inspected_at",
        fields.moment,
        terms(
            "检查时间、检查日期、巡查时间、巡查日期、执法时间、执法日期、排查时间、排查日期、"
            "入户时间、走访时间、日期、inspection date、date"
        ),
        required=True,
    ),
    Field(
        "team",
        fields.text,
        terms(
            "检查人员、检查组、检查人、执法人员、巡查人员、检查组成员、检查人员姓名、巡查人、"
            "排查人、inspector、inspectors"
        ),
    ),
    Field(
        "team_size",
        fields.whole(1, PERSON_WORDS),
        terms("检查人数、出动人数、执法人数、检查组人数"),
    ),
    Field("manner", fields.text, terms("检查方式、检查形式、检查类型、检查类别")),
    Field("origin", fields.word(words.ORIGINS), terms("检查来源、检查主体、来源、检查性质")),
    Field("countersigned", fields.flag, terms("是否签字、双方签字、是否双方签字、签字")),
    Field("result", fields.text, terms("检查结果、检查情况、检查结论、处理结果、处理意见")),
)
_HAZARDS = (
    code("隐患编号、问题编号、隐患编码、隐患代码、hazard code"),
    _UNIT_CODE,
    _UNIT_NAME,
    Field("inspection_code", fields.code, terms("inspection、检查编号、检查记录编号、文书编号")),
    Field(
        "level",
        fields.word(words.LEVELS, words.RISK_IN_LEVEL),
        terms("隐患等级、隐患级别、等级、级别、隐患分级、隐患程度、问题等级、severity"),
    ),
    Field(
        "category",
        fields.text,
        terms("隐患类别、类别、隐患类型、隐患分类、问题类别、问题类型、类型、问题分类"),
    ),
    _PLACE,
    _DESCRIPTION,
    Field("legal_basis", fields.text, terms("法律依据、依据、法规依据、检查依据、违反条款")),
    Field("origin", fields.word(words.ORIGINS), terms("隐患来源、来源、问题来源、排查方式")),
    Field("found_at", fields.moment, _FOUND, required=True),
    Field("closed_at", fields.moment, _DONE),
    Field(
        "fixed",
        fields.text,
        terms(
            "是否完成整改、是否整改完成、是否整改、是否已整改、是否整改到位、是否完成、"
            "是否销号、是否闭环、整改完成情况、整改落实情况、整改情况"
        ),
        stored=False,
    ),
    _COUNT,
    Field("counting_word", fields.text, terms("量词、计量单位")),
    *POSITION,
    *DECLARED,
)
_HAZARD_IN_WORDS = tuple(
    replace(one, stored=False, aliases=tuple(word for word in one.aliases if word != "hazard"))
    for one in (_UNIT_CODE, _UNIT_NAME, _PLACE, _DESCRIPTION, _COUNT)
)
"""What says which hazard a rectification is of, where the ledger has no codes."""

_RECTIFICATIONS = (
    code("整改编号、工单编号、整改单号、台账编号、整改台账编号"),
    Field("hazard_code", fields.code, terms("hazard、隐患编号、问题编号、隐患编码")),
    Field("segment_code", fields.code, terms("segment、路段编号、路段编码")),
    *_HAZARD_IN_WORDS,
    Field(
        "state",
        fields.word(words.STATES),
        terms("状态、整改状态、整改进度、整改进展、办理状态、销号状态、整改结果"),
    ),
    Field("found_at", fields.moment, _FOUND, required=True),
    Field("closed_at", fields.moment, _DONE),
    Field(
        "due_on",
        fields.deadline,
        terms(
            "整改期限、完成期限、整改时限、完成时限、整改完成时限、整改完成期限、限期、"
            "整改截止日期、整改截止时间、截止日期、要求完成时间、计划完成时间、限期整改时间、"
            "限改日期、时限、期限、deadline、due date"
        ),
    ),
    Field(
        "lead_party",
        fields.code,
        terms("牵头单位、责任单位、整改责任单位、牵头部门、责任部门、主责单位、整改单位、主办单位"),
    ),
    Field("helping_party", fields.code, terms("配合单位、配合部门、协办单位、协同单位")),
    Field(
        "person",
        fields.text,
        terms("责任人、整改责任人、责任人员、包保责任人、整改负责人、责任"),
    ),
    Field("measure", fields.text, terms("整改措施、措施、整改要求、整改方案、整改内容")),
    Field("money_yuan", fields.money, terms("整改资金、资金、投入资金、整改投入资金、整改经费")),
    Field(
        "contingency",
        fields.text,
        terms("应急预案、应急措施、防范措施、管控措施、应急处置措施、预案"),
    ),
    Field("handover_batch", fields.code, terms("交办批次、批次、移交批次")),
    Field("cause", fields.word(words.CAUSES), terms("原因、灭灯原因、不亮原因、未亮原因")),
    Field("exempt_confirmed_by_city", fields.text, terms("市级确认人")),
    Field("exempt_confirmed_by_builder", fields.text, terms("建设方确认人")),
)

_COLUMNS: Mapping[str, tuple[Field, ...]] = {
    "grids": _GRIDS,
    "units": _UNITS,
    "inspections": _INSPECTIONS,
    "hazards": _HAZARDS,
    "segments": SEGMENTS,
    "handovers": HANDOVERS,
    "boxes": BOXES,
    "lamps": LAMPS,
    "outages": OUTAGES,
    "rectifications": _RECTIFICATIONS,
}
FIELDS: Mapping[str, tuple[Field, ...]] = {
    kind: (*columns, *EXPORTED[kind]) for kind, columns in _COLUMNS.items()
}

SERIAL_NUMBERS = terms("序号、次序、行号、serial no、no、no.、s/n、#")
"""Headings that only count the rows of one file: a code they are not."""
