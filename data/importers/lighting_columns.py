"""The columns of the ledgers of streetlights: segments, hand-over, boxes, lamps, outages."""

from data.importers import fields
from data.importers import vocabulary as words
from data.importers.field import DATUM, DECLARED, GEOMETRY, POSITION, Field, code
from data.importers.vocabulary import terms

SEGMENTS = (
    code("路段编号、路段编码、路段代码、道路编号、segment code"),
    Field("name", fields.text, terms("路名、道路名称、名称、路段名称、路段、道路、道路名")),
    Field("road_class", fields.text, terms("道路等级、道路类别、道路类型、道路级别")),
    Field("from_name", fields.text, terms("起点、路段起点、起始路口、起点路口、起点名称、起始点")),
    Field("to_name", fields.text, terms("止点、终点、路段止点、路段终点、终止路口、终点名称")),
    Field(
        "from_to",
        fields.text,
        terms("起止点、起止、路段起止、起止路段、起止位置、起止范围、路段起止点、起讫点"),
        stored=False,
    ),
    Field(
        "lamp_survey",
        fields.word(words.LAMP_SURVEYS),
        terms("普查情况、排查情况、摸排情况、普查状态"),
    ),
    Field("declared_lit", fields.text, terms("是否亮灯、照明情况、亮灯情况、亮灯状态")),
    DATUM,
    GEOMETRY,
    *DECLARED,
)
_HANDED_OVER = terms("移交日期、移交时间、接收日期、接收时间")
HANDOVERS = (
    code("移交编号、移交单号、登记编号"),
    Field(
        "segment_code",
        fields.code,
        terms("segment、路段编号、路段编码、路段代码、道路编号、道路编码"),
        required=True,
    ),
    Field("built_on", fields.day, terms("建成日期、建成时间、竣工日期、竣工时间、完工日期")),
    Field("handed_over_on", fields.day, _HANDED_OVER),
    Field("accepted_on", fields.day, terms("验收日期、验收时间、验收合格日期")),
    Field("handed_by", fields.text, terms("移交单位、移交方、建设单位、交出单位")),
    Field("received_by", fields.text, terms("接收单位、接收方、接管单位、管养单位")),
    Field("evidence_file", fields.text, terms("证明材料、证明文件、佐证材料")),
    Field("evidence_sha256", fields.sha256, terms("文件校验值、校验值、文件哈希、哈希值、sha256")),
    Field("evidence_note", fields.text, terms("情况说明、证明事项")),
)
BOXES = (
    code("箱变编号、箱变号、箱变编码、配电箱编号、控制柜编号、变压器编号、控制箱编号"),
    Field("name", fields.text, terms("名称、箱变名称、箱变、配电箱名称、控制柜名称")),
    *POSITION,
)
_ROAD = terms("路名、道路名称、所在道路、所属道路、道路、道路名、路段名称、路段、所在路段")
_NUMBER = Field(
    "number", fields.text, terms("灯杆号、杆号、灯号、路灯号、杆位号、pole no"), stored=False
)
LAMPS = (
    code("路灯编号、灯杆编号、灯杆编码、路灯编码、灯具编号、灯编号、lamp code、pole id"),
    _NUMBER,
    Field("road_name", fields.text, _ROAD),
    Field(
        "box_code",
        fields.code,
        terms(
            "power_box、箱变编号、箱变、箱变号、所属箱变、供电箱变、供电箱变编号、电源箱变、"
            "控制柜、控制柜编号、配电箱编号、配电箱"
        ),
    ),
    Field("circuit", fields.code, terms("回路、回路编号、回路号、所属回路、供电回路")),
    Field(
        "owner",
        fields.text,
        terms("权属单位、管护单位、产权单位、管理单位、养护单位、维护单位、权属"),
    ),
    Field("handed_over_on", fields.day, _HANDED_OVER),
    Field("status", fields.word(words.LAMP_STATUSES), terms("状态、路灯状态、灯杆状态、使用状态")),
    *POSITION,
    *DECLARED,
)
OUTAGES = (
    code("灭灯编号、报修编号、故障编号、工单编号、报修单号、工单号"),
    Field(
        "lamp_code",
        fields.code,
        terms("lamp、路灯编号、灯杆编号、灯杆编码、路灯编码、灯具编号"),
    ),
    Field("road_name", fields.text, _ROAD, stored=False),
    _NUMBER,
    Field("category", fields.text, terms("类别、故障类别、故障类型、故障现象、类型")),
    Field("place", fields.text, terms("位置、故障位置、具体位置、地点、地址、灭灯位置")),
    Field(
        "started_at",
        fields.moment,
        terms(
            "灭灯时间、灭灯日期、发现时间、发现日期、故障时间、故障日期、报修时间、报修日期、"
            "上报时间、上报日期、排查日期、排查时间"
        ),
        required=True,
    ),
    Field(
        "ended_at",
        fields.moment,
        terms("亮灯时间、恢复时间、亮灯日期、恢复日期、修复时间、修复日期、恢复亮灯时间"),
    ),
    Field("cause", fields.text, terms("原因、灭灯原因、故障原因、不亮原因、未亮原因")),
    *POSITION,
)
