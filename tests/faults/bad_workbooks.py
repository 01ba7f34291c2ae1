"""Bad workbooks."""

import io
import random
import struct

import openpyxl

from tests.faults.archiving import MB, archive, entries
from tests.faults.making import HEADINGS, Bad, Family, Lure, good_rows, spoilt

WORKBOOK = Family("workbook", 150)

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "{}">]>'.format("&a;" * 50)


def workbook(rows: list[dict[str, str]], *above: str) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for line in (*([text] for text in above), HEADINGS, *([*row.values()] for row in rows)):
        sheet.append(list(line))
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def with_part(content: bytes, **parts: bytes) -> bytes:
    names = {"sheet": SHEET, "strings": "xl/sharedStrings.xml", "book": "xl/workbook.xml"}
    return archive(entries(content) | {names[key]: part for key, part in parts.items()})


def cells(*places: str, head: str = "") -> bytes:
    row = "".join(f'<row r="1"><c r="{place}"><v>1</v></c></row>' for place in places)
    return f"{head}<worksheet {SPACE}><sheetData>{row}</sheetData></worksheet>".encode()


@WORKBOOK
def a_bad_row_below_titles(rng: random.Random, _: Lure) -> Bad:
    titles = ["全市台账", "填表人：王伟"][: rng.randint(0, 2)]
    content = workbook(spoilt(rng, risk="紫", lon="x"), *titles)
    return Bad(rng.choice(["a.xlsx", "a.xlsm"]), content, has_rows=True)


@WORKBOOK
def errors_of_formulas(rng: random.Random, _: Lure) -> Bad:
    error = rng.choice(["#N/A", "#DIV/0!", "#REF!", "#NAME?"])
    column = rng.choice(["name", "lon", "registered_on"])
    return Bad("a.xlsx", workbook(spoilt(rng, **{column: error})), has_rows=True)


@WORKBOOK
def formulas_without_values(rng: random.Random, lure: Lure) -> Bad:
    formulas = ["=1+1", f'=WEBSERVICE("{lure.url}")', f"='{lure.path}'!A1", "=cmd|'/C x'!A0"]
    return Bad("a.xlsx", workbook(spoilt(rng, name=rng.choice(formulas))), has_rows=True)


@WORKBOOK
def dates_as_no_dates(rng: random.Random, _: Lure) -> Bad:
    days = ["2019年13月1日", "31.31.2019", "99999999", "明天"]
    return Bad("a.xlsx", workbook(spoilt(rng, registered_on=rng.choice(days))), has_rows=True)


@WORKBOOK
def far_cells(rng: random.Random, _: Lure) -> Bad:
    far = rng.choice(["XFD1", "XFD1048576", "AAAA9", "A99999999", "ZZZ5", "B1048577"])
    digits = "".join(filter(str.isdecimal, far))
    sheet = cells("A1", far).replace(b'r="1"', f'r="{digits}"'.encode())
    return Bad("a.xlsx", with_part(workbook(good_rows(rng)), sheet=sheet))


@WORKBOOK
def far_cells_in_disguise(rng: random.Random, _: Lure) -> Bad:
    sheet = cells("A1", rng.choice(["ZZ1048576", "ZY999999"]))
    disguised = sheet.replace(b'r="', rng.choice([b'r = "', b'x="1"  r="']))
    return Bad("a.xlsx", with_part(workbook(good_rows(rng)), sheet=disguised))


@WORKBOOK
def bombs(rng: random.Random, _: Lure) -> Bad:
    size = rng.choice([8 * MB, 30 * MB])
    parts = {rng.choice(["sheet", "strings", "book"]): b" " * size}
    return Bad("a.xlsx", with_part(workbook(good_rows(rng)), **parts))


@WORKBOOK
def sizes_that_lie(rng: random.Random, _: Lure) -> Bad:
    content = with_part(workbook(good_rows(rng)), sheet=cells("A1") + b" " * 3 * MB)
    name = SHEET.encode()
    at = content.rfind(name) - 46
    lied = bytearray(content)
    lied[at + 24 : at + 28] = struct.pack("<I", rng.choice([10, 100, 2**31]))
    return Bad("a.xlsx", bytes(lied))


@WORKBOOK
def entities(rng: random.Random, lure: Lure) -> Bad:
    head = rng.choice([LAUGHS, f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{lure.path}">]>'])
    part = cells("A1", head=head)
    return Bad(
        "a.xlsx", with_part(workbook(good_rows(rng)), **{rng.choice(["sheet", "book"]): part})
    )


@WORKBOOK
def broken_archives(rng: random.Random, _: Lure) -> Bad:
    content = bytearray(workbook(good_rows(rng)))
    if rng.random() < 0.5:
        return Bad("a.xlsx", bytes(content[: rng.randint(4, len(content) - 30)]))
    start = bytes(content).find(SHEET.encode()) + 30
    content[start : start + 60] = rng.randbytes(60)
    return Bad("a.xlsx", bytes(content))


@WORKBOOK
def broken_parts(rng: random.Random, _: Lure) -> Bad:
    content = workbook(good_rows(rng))
    part = rng.choice([SHEET, "xl/workbook.xml"])
    cut = entries(content)[part]
    return Bad("a.xlsx", archive(entries(content) | {part: cut[: rng.randint(0, len(cut) // 2)]}))


@WORKBOOK
def missing_parts(rng: random.Random, _: Lure) -> Bad:
    parts = entries(workbook(good_rows(rng)))
    del parts[rng.choice([SHEET, "xl/workbook.xml", "[Content_Types].xml"])]
    return Bad("a.xlsx", archive(parts))


@WORKBOOK
def locked_workbooks(rng: random.Random, _: Lure) -> Bad:
    content = OLE + rng.randbytes(600) + "EncryptedPackage".encode("utf-16-le") + rng.randbytes(99)
    return Bad(rng.choice(["a.xlsx", "a.xls", "a.xlsm"]), content)


@WORKBOOK
def old_workbooks_of_noise(rng: random.Random, _: Lure) -> Bad:
    book = "Workbook".encode("utf-16-le")
    content = OLE + rng.randbytes(rng.randint(500, 9_000)) + book + rng.randbytes(600)
    return Bad("a.xls", rng.choice([content, b"\x09\x08\x10\x00" + rng.randbytes(3_000)]))


@WORKBOOK
def hidden_or_empty_sheets(rng: random.Random, _: Lure) -> Bad:
    content = workbook(good_rows(rng))
    if rng.random() < 0.5:
        return Bad("a.xlsx", with_part(content, sheet=cells()))
    book = entries(content)["xl/workbook.xml"]
    return Bad("a.xlsx", with_part(content, book=book.replace(b'"visible"', b'"veryHidden"')))


@WORKBOOK
def entries_elsewhere(rng: random.Random, _: Lure) -> Bad:
    name = rng.choice(["../../evil.xml", "/etc/evil.xml", "c:\\evil.xml", "xl/../../evil.xml"])
    return Bad("a.xlsx", archive(entries(workbook(good_rows(rng))) | {name: b"<a/>"}))


@WORKBOOK
def repeated_cells(rng: random.Random, _: Lure) -> Bad:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    many = rng.choice(["rows", "columns"])
    cell = '<table:table-cell office:value-type="string" {}><text:p>x</text:p></table:table-cell>'
    times = f'table:number-{many}-repeated="{rng.randint(1_000, 10**9)}"'
    inner = cell.format(times if many == "columns" else "")
    row = f"<table:table-row {times if many == 'rows' else ''}>{inner}</table:table-row>"
    table = f'<table:table table:name="a">{row}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    return Bad(
        "a.ods", archive({"content.xml": content.encode(), "META-INF/manifest.xml": b"<m/>"})
    )


@WORKBOOK
def documents_without_parts(rng: random.Random, _: Lure) -> Bad:
    parts = {"mimetype": b"x", "content.xml": b"<a/>", "META-INF/manifest.xml": b"<m/>"}
    del parts[rng.choice(["content.xml", "META-INF/manifest.xml"])]
    return Bad("a.ods", archive(parts))
