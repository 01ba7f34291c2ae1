"""The words of the workbooks: Chinese, English."""

SHEETS: dict[str, tuple[str, str]] = {
    "sheet.reason": ("错误说明", "Reason"),
    "sheet.row": ("行号", "Row"),
    "sheet.value": ("原值", "Value"),
    "sheet.field": ("列", "Column"),
    "sheet.refused": ("未通过的行", "Refused rows"),
    "sheet.author": ("挂图", "Guatu"),
    "sheet.colon": ("：", ": "),
    "sheet.semicolon": ("；", "; "),
    "sheet.more": (
        "另有 {n} 行未列出，请先改正以上各行后重新导入。",
        "{n} more rows are not listed: put these right and import again.",
    ),
}
