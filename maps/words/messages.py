"""What is said of whole files, in Chinese: sentences of the importers, with what they name."""

MESSAGES: dict[str, str] = {
    "the file has no rows": "文件里没有数据行",
    "all times are midnight: read as days only": "时刻全是零点，按日期处理",
    "{column}: all times are midnight: read as days only": "{column}：时刻全是零点，按日期处理",
    "{n} different numbers are days counted by a sheet: {shown}": (
        "{n} 个数字按 Excel 日期序号换算：{shown}"
    ),
    "{n} different dates without a year are of {year}, {why}": "{n} 个日期没有年份，按 {year} 年",
    "the ledger has no codes: each row has one that its content gives": (
        "台账没有编号列，已按每行内容生成编号"
    ),
    "lon, lat {x}, {y}: {reason}": "{x}，{y}：{reason}",
    "is no place": "不是一个地点",
    "{rows}: notes below the table, no data: {told}": "{rows}是表下的备注，不是数据：{told}",
    "{where}: stated {stated}, rows {numbers}, difference {difference}": (
        "{where}：表中合计 {stated}，与数据 {numbers} 行不一致，相差 {difference}"
    ),
    "{where}: stated {stated}, rows {numbers}": "{where}：表中合计 {stated}，与数据行数一致",
    "{where}: stated {stated}, {shown}, difference {difference}": (
        "{where}：表中合计 {stated}，按行统计不一致（{shown}），相差 {difference}"
    ),
    "{where}: stated {stated}, {shown}": "{where}：表中合计 {stated}，已按行核对（{shown}）",
    "{rows}: the unit that is named is not known, or several have the name: kept without it": (
        "{rows} 的单位找不到或有重名，先按无单位保留"
    ),
    "{rows}: said to be fixed without a date, so that nobody knows since when": (
        "{rows} 写明已整改但没有日期，不知何时完成"
    ),
    "the ledger has no codes of hazards: each row is of the one that its content tells": (
        "台账没有隐患编号列，已按每行内容对应到隐患"
    ),
    "{columns} only counts the rows of the file: left out": "“{columns}”只是序号，不导入",
    "{n} rows without coordinates stay where people have placed them": (
        "{n} 行没有坐标，保留人工标定的位置"
    ),
    "{rows}: without coordinates; laid where the only thing of the name they give lies": (
        "{rows}没有坐标，按所填名称唯一对应的已知地点落位"
    ),
    "{columns}: notes and masked values are left out": "{columns}：批注和打码的内容不导入",
    "not understood, left out: {columns}": "未识别的列不导入：{columns}",
    "not understood, kept as they are: {columns}": "未识别的列原样保留：{columns}",
    "said to mean no field, left out: {columns}": "已指定不作任何字段的列不导入：{columns}",
    "said to mean no field, kept as they are: {columns}": (
        "已指定不作任何字段的列原样保留：{columns}"
    ),
    "the code was there before, the row is left out: rows {rows}": (
        "编号与前面的行重复，只取第一次出现的：第 {rows} 行"
    ),
    "the file was imported before, as batch {n}": "这个文件已经导入过（第 {n} 批），没有变化",
    "{n} cells that the file does not have were removed": "文件里没有的 {n} 个网格已停用",
    "the coordinates were taken as WGS 84; {why} what they are in: name the datum (wgs84, cgcs2000,"
    " gcj02 for Amap and Tencent, bd09 for Baidu)": (
        "没有说明坐标来自哪里，暂按 GPS（WGS84）处理；"
        "若取自高德或百度，请在上面选定，否则会偏移数百米"
    ),
    "{n} rows have 0, 0 for coordinates, which is no place: they have none": (
        "{n} 行的坐标是 0, 0，按无坐标处理"
    ),
    "cells like '/', '—' and 无 are read as blank: {told}": "“/”“—”“无”按空白处理：{told}",
    "control characters were taken out of {n} cells": "{n} 个单元格含有控制字符，已去掉",
    "{n} credit codes are none by their check character: {rows}": (
        "{n} 个统一社会信用代码的校验位不对：{rows}"
    ),
    "a sheet has rounded {n} numbers of {column}, their digits are lost: {rows}": (
        "“{column}”列有 {n} 个长数字被表格软件四舍五入，末几位已丢失：{rows}"
    ),
    "{n} rows name units that are not known: they are kept without one": (
        "{n} 行的单位在单位台账里找不到，先按无单位保留"
    ),
    "no grid has the cell that rows say they belong to: {cells}": "下列属地在网格里找不到：{cells}",
    "the {n} points lie {m} m {direction} {where}; read as {datum} they lie {well}: {doubt}": (
        "{n} 个点整体偏移约 {m} 米，坐标系很可能是 {datum}，请在上面改选后再试"
    ),
    "the {n} points lie {m} m {direction} {where}, and no datum known here would bring them"
    " there": ("{n} 个点整体偏移约 {m} 米，已知的坐标系都对不上，请核实坐标来源"),
    "{n} cells of {column} list several hazards: they are {m} rows now": (
        "“{column}”列有 {n} 格写了多处隐患，已拆成 {m} 行"
    ),
    "{n} rows cannot be read; the first: row {row} {reason}": "{n} 行读不出来，第一处是第 {row} 行",
    "{n} of {rows} rows are refused, nothing is imported; the first: row {row}, {field} {reason}": (
        "{rows} 行中有 {n} 行未通过，全部未导入"
    ),
    "the ending of the name {name} is none of {known}": "不认识这种文件，可用的格式：{known}",
    "the file is empty, it has no heading": "文件是空的",
    "the file has no heading": "文件里找不到表头",
    "the file is no text, although its name ends in {ending}": "扩展名是 {ending}，内容却不是文本",
    "the file is something else, although its name ends in {ending}": (
        "扩展名是 {ending}，内容却是另一种文件"
    ),
    "the file is neither UTF-8 nor GB 18030 text": "文字编码既不是 UTF-8 也不是 GB 18030",
    "the workbook is protected by a password: save it without one": (
        "工作簿设了密码，请去掉密码后再上传"
    ),
    "the workbook cannot be read: {why}": "工作簿打不开，可能已损坏",
    "the workbook has no visible sheet with anything in it": "工作簿里没有内容",
    "the archive is no workbook": "扩展名是工作簿，内容却不是",
    "row {n} has nothing that could be a heading": "第 {n} 行不像表头",
    "the file has no row {n} for its headings": "文件没有第 {n} 行",
    "several columns have the heading {heading}": "有几列的表头相同：{heading}",
    "column {n} has no heading": "第 {n} 列没有表头",
    "the code of the grid is missing: name it with --grid": "请填写网格代码",
    "import {n} cannot be undone: its rows were changed by {who}; undo that first": (
        "这批数据后来又被改过（{who}），请先撤销后来的导入"
    ),
    "import {n} cannot be undone: {why}": "后来的数据用到了这批数据，不能撤销",
    "A request may have {n} MB at most.": "文件不能超过 64 MB",
    "{rows} (rows {numbers}), {more}": "{rows}（第 {numbers} 行）、{more}",
    "{rows} (rows {numbers})": "{rows}（第 {numbers} 行）",
    "rows {numbers}": "第 {numbers} 行",
    "row {numbers}": "第 {numbers} 行",
    "row {numbers}, {column}": "第 {numbers} 行“{column}”",
    "sum of {column} {numbers}": "“{column}”合计 {numbers}",
    "filled cells of {column} {numbers}": "“{column}”填了 {numbers} 格",
    "{more}, {numbers} in {column}": "{more}、“{column}”{numbers} 格",
    "{numbers} in {column}": "“{column}”{numbers} 格",
    "{numbers} is {day}": "{numbers} 即 {day}",
}
"""A sentence of the importers, or a part of one → in Chinese.

What is in braces is anything, {numbers} only digits; it may be a part with a wording of its own.
"""
