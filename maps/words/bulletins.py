"""The words of bulletins, as such documents are written: Chinese, English.

A long title is broken where `PHRASE_END` stands in it, so that no line cuts a phrase.
"""

PHRASE_END = "\u200b"

BULLETINS: dict[str, tuple[str, str]] = {
    "bulletin.name.daily": ("安全隐患排查整治日调度", "Daily dispatch"),
    "bulletin.name.ranking": ("安全隐患整改排名通报", "Ranking of rectification"),
    "bulletin.name.weekly": ("安全隐患排查整治周通报", "Weekly bulletin"),
    "bulletin.name.monthly": ("安全隐患排查整治月通报", "Monthly bulletin"),
    "bulletin.title.daily": (
        f"{{city}}安全隐患{PHRASE_END}排查整治日调度情况",
        "{city}: hazards and their rectification, day by day",
    ),
    "bulletin.title.ranking": (
        f"关于{{city}}安全隐患{PHRASE_END}整改完成情况排名的通报",
        "{city}: ranking by completion of rectification",
    ),
    "bulletin.title.weekly": (
        f"{{city}}安全隐患{PHRASE_END}排查整治工作周通报",
        "{city}: hazards and their rectification this week",
    ),
    "bulletin.title.monthly": (
        f"{{city}}安全隐患{PHRASE_END}排查整治工作月通报",
        "{city}: hazards and their rectification this month",
    ),
    "bulletin.number": ("第 {number} 期", "No. {number}"),
    "bulletin.draft": ("（送审稿）", "(draft)"),
    "bulletin.office": ("{city}安全生产委员会办公室", "Safety committee office, {city}"),
    "bulletin.simulated": ("模拟数据　内部使用", "Simulated data　internal use"),
    "bulletin.internal": ("内部使用", "Internal use"),
    "bulletin.day": ("{year}年{month}月{day}日", "{year}-{month:02}-{day:02}"),
    "bulletin.end_of_day": ("{day}24时", "{day} 24:00"),
    "bulletin.moment": ("{day}{hour}时{minute:02}分", "{day} {hour:02}:{minute:02}"),
    "bulletin.cut_off": ("（数据截止：{moment}）", "(data until {moment})"),
    "bulletin.known": (
        "（数据截止：{moment}；按{known}以前录入的数据，当时口径）",
        "(data until {moment}, as recorded by {known})",
    ),
    "bulletin.corrects": (
        "（更正第 {number} 期；数据截止：{moment}）",
        "(corrects no. {number}; data until {moment})",
    ),
    "bulletin.section": ("{number}、{title}", "{number}. {title}"),
    "bulletin.numbers": ("一二三四五六七八九", "123456789"),
    "bulletin.overall": ("总体情况", "Where we stand"),
    "bulletin.progress.daily": ("当日进展", "Today"),
    "bulletin.progress.ranking": ("近三日进展", "The last three days"),
    "bulletin.progress.weekly": ("本周进展", "This week"),
    "bulletin.progress.monthly": ("本月进展", "This month"),
    "bulletin.ranking": ("整改完成情况排名", "Ranking by completion"),
    "bulletin.overdue": ("超期未销号事项", "Open past the limit"),
    "bulletin.reporting": ("数据报送情况", "Who reported"),
    "bulletin.total": (
        "截至{moment}，全市累计列入整改台账{n_items}项；剔除经双方确认豁免{n_exempt}项、"
        "移送专项行动以外单位{n_transferred}项后，应整改{n_found}项。已销号{n_closed}项，"
        "整改完成率{completion}；按期销号率{on_time}。未销号{n_open}项，其中超期{n_overdue}项。",
        "By {moment} {n_items} items were in the ledger of rectification; without {n_exempt} exempt"
        " and {n_transferred} transferred ones {n_found} were to be fixed. {n_closed} are closed:"
        " completion {completion}, on time {on_time}. {n_open} are open, {n_overdue} of them past"
        " their limit.",
    ),
    "bulletin.no_items": (
        "截至{moment}，整改台账中没有记录，整改完成率无数据（不等于零）。",
        "By {moment} the ledger of rectification is empty: completion is unknown, which is not 0.",
    ),
    "bulletin.segments": (
        "其中灭灯路段{n_items}段：整改完成率{completion}；路段恢复率{relit}。",
        "Of these, {n_items} are dark street segments: completion {completion}; segments relit"
        " {relit}.",
    ),
    "bulletin.rate": (
        "{share}（{numerator}/{denominator}，剔除{excluded}项）",
        "{share} ({numerator}/{denominator}, {excluded} excluded)",
    ),
    "bulletin.rate_of_all": (
        "{share}（{numerator}/{denominator}）",
        "{share} ({numerator}/{denominator})",
    ),
    "bulletin.no_rate": ("无数据（分母为零）", "unknown (nothing to divide by)"),
    "bulletin.days": ("{since}至{day}", "{since} to {day}"),
    "bulletin.changes": (
        "{days}，新列入{new}项，销号{fixed}项，重新打开{reopened}项，豁免或移送"
        "{taken_off}项；未销号由{n_open_before}项变为{n_open_after}项，其中情况恶化"
        "（转为超期、复查不合格或重新打开）{worse}项。",
        "{days}: {new} new, {fixed} closed, {reopened} reopened, {taken_off} exempt"
        " or transferred; open items went from {n_open_before} to {n_open_after}, {worse} of them"
        " worse (overdue now, re-check failed or reopened).",
    ),
    "bulletin.up": (
        "整改完成率较{day}（{before}）上升{points:.1f}个百分点。",
        "Completion rose by {points:.1f} points since {day} ({before}).",
    ),
    "bulletin.down": (
        "整改完成率较{day}（{before}）下降{points:.1f}个百分点。",
        "Completion fell by {points:.1f} points since {day} ({before}).",
    ),
    "bulletin.level": (
        "整改完成率与{day}（{before}）持平。",
        "Completion is as it was on {day} ({before}).",
    ),
    "bulletin.visits": (
        "期间共检查{n_visits}家次，涉及{n_units}家。",
        "{n_visits} visits were made, to {n_units} units.",
    ),
    "bulletin.no_visits": ("没有检查台账，检查家次无数据。", "There is no ledger of visits."),
    "bulletin.hazards": (
        "排查发现隐患{n_hazards}处，其中重大{n_major}处、较大{n_larger}处、一般{n_general}处；"
        "百家次隐患{per_100}。",
        "{n_hazards} hazards were found: {n_major} major, {n_larger} larger, {n_general} general;"
        " {per_100} per 100 visits.",
    ),
    "bulletin.no_hazards": ("没有隐患台账，隐患数无数据。", "There is no ledger of hazards."),
    "bulletin.per_100": (
        "{value:.1f}处（{numerator}/{denominator}×100）",
        "{value:.1f} ({numerator}/{denominator} x 100)",
    ),
    "bulletin.sanctions": (
        "执法情况：责令整改{order}份，罚款{fine}次（{fine_yuan}），查封{seal}家次，停产停业"
        "{suspension}家次，关闭{closure}家次，曝光{exposure}家次，约谈{interview}家次。",
        "Sanctions: {order} orders, {fine} fines ({fine_yuan}), {seal} sealed, {suspension}"
        " suspended, {closure} closed, {exposure} exposed, {interview} interviews.",
    ),
    "bulletin.yuan": ("{amount:,.2f}元", "{amount:,.2f} yuan"),
    "bulletin.no_yuan": ("金额无数据", "amount unknown"),
    "bulletin.no_sanctions": (
        "执法情况没有记录，按缺报处理，不作零计。",
        "No sanction was ever recorded: unknown, not 0.",
    ),
    "bulletin.see_tables": (
        "按整改完成率由高到低排列，完成率相同的名次并列；应整改不足{n}项的列出而不排名。"
        "各单位、各网格完成情况见附表。",
        "In the order of completion; equal completion shares a rank, and with fewer than {n} items"
        " there is none. See the tables.",
    ),
    "bulletin.no_owners": (
        "台账未登记牵头单位，本期不作单位排名。",
        "The ledger names no leading parties: none are ranked.",
    ),
    "bulletin.unowned": (
        "另有{n}项没有登记牵头单位，不列入单位排名。",
        "{n} items name no leading party and are in no row.",
    ),
    "bulletin.outside": (
        "另有{n}项没有坐标或在网格以外，不列入网格排名。",
        "{n} items have no position or lie outside the grid and are in no row.",
    ),
    "bulletin.late": (
        "超期未销号{n}项，超期最久的{shown}项见表{table}。",
        "{n} items are open past their limit; table {table} names the {shown} that are latest.",
    ),
    "bulletin.no_late": ("没有超期未销号事项。", "No open item is past its limit."),
    "bulletin.submissions": (
        "已报{reported}；零报告{zero_report}；未报{missing}。未报不按零计。",
        "Reported: {reported}; reported zero: {zero_report}; not reported: {missing}, which is"
        " not 0.",
    ),
    "bulletin.parties": ("{n}家（{names}）", "{n} ({names})"),
    "bulletin.no_parties": ("0家", "none"),
    "bulletin.no_submissions": (
        "没有报送记录，报送情况未知；未报不按零计。",
        "No report was ever recorded: who reported is unknown, and missing is not 0.",
    ),
    "bulletin.stop": ("。", "."),
    "bulletin.gap": ("", " "),
    "bulletin.comma": ("、", ", "),
    "bulletin.table": ("表{number}　{title}", "Table {number}　{title}"),
    "bulletin.figure": ("图{number}　{title}", "Figure {number}　{title}"),
    "bulletin.table.owners": ("各责任单位整改完成情况", "Completion by leading party"),
    "bulletin.table.cells": ("各网格整改完成情况（{grid}）", "Completion by cell ({grid})"),
    "bulletin.table.late": ("超期未销号事项", "Open past the limit"),
    "bulletin.map": (
        "各网格整改完成率（圈内数字为表{table}序号）",
        "Completion by cell (numbers as in table {table})",
    ),
    "bulletin.sheet.owners": ("单位排名", "Owners"),
    "bulletin.sheet.cells": ("网格排名", "Cells"),
    "bulletin.sheet.late": ("超期事项", "Overdue"),
    "bulletin.class.full": ("100%", "100 %"),
    "bulletin.class.from90": ("[90,100)%", "[90, 100) %"),
    "bulletin.class.from80": ("[80,90)%", "[80, 90) %"),
    "bulletin.class.from60": ("[60,80)%", "[60, 80) %"),
    "bulletin.class.below60": ("(0,60)%", "(0, 60) %"),
    "bulletin.class.zero": ("0%", "0 %"),
    "bulletin.class.no_data": ("无整改项", "no items"),
    "bulletin.place": ("序号", "No."),
    "bulletin.rank": ("名次", "Rank"),
    "bulletin.owner": ("责任单位", "Leading party"),
    "bulletin.cell": ("网格", "Cell"),
    "bulletin.n_found": ("应整改", "To fix"),
    "bulletin.n_closed": ("已销号", "Done"),
    "bulletin.completion": ("完成率", "Share done"),
    "bulletin.n_overdue": ("超期", "Late"),
    "bulletin.on_time": ("按期率", "On time"),
    "bulletin.n_exempt": ("豁免", "Out"),
    "bulletin.movement": ("升降", "±"),
    "bulletin.low": ("95%下限", "95 % bound"),
    "bulletin.unranked": ("不排名", "none"),
    "bulletin.code": ("整改编号", "Code"),
    "bulletin.thing": ("隐患（路段）", "Hazard or street"),
    "bulletin.person": ("责任人", "Person"),
    "bulletin.due_on": ("整改期限", "Limit"),
    "bulletin.days_late": ("超期天数", "Days late"),
    "bulletin.state": ("状态", "State"),
    "bulletin.note": ("注：", "Notes: "),
    "bulletin.note.ranking": (
        "95%下限为完成率95%置信的威尔逊区间下限，供对照，不作排名依据；升降为较上次排名上升（↑）、"
        "下降（↓）的名次。",
        "The 95 % bound is the lower end of the Wilson interval of completion, for comparison only;"
        " ± are places gained (↑) or lost (↓) since the last ranking.",
    ),
    "bulletin.note.late": (
        "超期指期限日24时以后仍未销号；期限当日销号为按期。延期的按批准后的期限计算。",
        "Past the limit is what is open after the end of its day; what is closed on that day is in"
        " time. An extended limit counts as it was extended.",
    ),
    "bulletin.note.cells": (
        "网格、单位名称和人工指定的归属取编制时的，不还原到数据录入时。",
        "Cells, names of parties and cells that a person chose are those of the day this was drawn"
        " up, not of the day by which data was recorded.",
    ),
    "bulletin.note.sources": (
        "家次为检查次数，家为不重复的单位数；百家次隐患只计由检查发现的隐患。",
        "Visits are counted as often as they were made, units once; only hazards found by visits"
        " count per 100 visits.",
    ),
    "bulletin.drafted": ("拟稿：{name}", "Drafted: {name}"),
    "bulletin.checked": ("审核：{name}", "Checked: {name}"),
    "bulletin.signed": ("签发：{name}", "Signed: {name}"),
    "bulletin.issued": ("{day}印发", "Issued {day}"),
    "bulletin.not_issued": ("尚未印发", "not issued"),
}
