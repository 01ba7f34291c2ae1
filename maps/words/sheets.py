"""The words of the workbooks: Chinese, English."""

SHEETS: dict[str, tuple[str, str]] = {
    "sheet.reason": ("错误说明", "Reason"),
    "sheet.checked": ("校验结果", "checked"),
    "sheet.row": ("行号", "Row"),
    "sheet.value": ("原值", "Value"),
    "sheet.field": ("列", "Column"),
    "sheet.refused": ("未通过的行", "Refused rows"),
    "sheet.author": ("挂图", "Guatu"),
    "sheet.colon": ("：", ": "),
    "sheet.semicolon": ("；", "; "),
    "kind.grids": ("网格", "Grid cells"),
    "kind.units": ("生产经营单位台账", "Units"),
    "kind.inspections": ("检查台账", "Inspections"),
    "kind.hazards": ("隐患台账", "Hazards"),
    "kind.segments": ("路段台账", "Street segments"),
    "kind.handovers": ("路段移交台账", "Hand-over register"),
    "kind.lamps": ("路灯台账", "Lamps"),
    "kind.boxes": ("箱变台账", "Power boxes"),
    "kind.outages": ("灭灯台账", "Outages"),
    "kind.rectifications": ("整改台账", "Rectifications"),
    "template.help": ("填写说明", "How to fill it in"),
    "template.title": ("{kind}填写说明", "{kind}: how to fill it in"),
    "template.note": (
        "深色表头（带 * 号）为必填列，其余可留空；列的顺序可以改变，多出的列会原样保留。"
        "一行一条，不要合并单元格。日期写作 2019-05-31，带时间写作 2019-05-31 16:20。"
        "编号、信用代码、电话按文本填写，以免丢失开头的 0。",
        "Dark headings with * are required, others may stay blank. Columns may change places;"
        " further ones are kept as they are. One row each, no merged cells. Days are written"
        " 2019-05-31, moments 2019-05-31 16:20. Codes and phones are texts.",
    ),
    "template.like": ("，如 {example}", ", such as {example}"),
    "template.choose": ("请从下拉列表中选择", "Choose one of the list"),
    "template.heading": ("列名", "Column"),
    "template.must": ("必填", "Required"),
    "template.meaning": ("含义", "Meaning"),
    "template.example": ("示例", "Example"),
    "template.words": ("可选值", "Allowed words"),
    "template.comma": ("、", ", "),
    "sheet.more": (
        "另有 {n} 行未列出，请先改正以上各行后重新导入。",
        "{n} more rows are not listed: put these right and import again.",
    ),
}
