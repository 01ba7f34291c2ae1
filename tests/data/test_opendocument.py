import io
import zipfile

import pytest

from data.errors import ImportRejectedError
from data.importers.files import read_table


def opendocument(rows: str) -> bytes:
    """Return an OpenDocument sheet of rows in XML."""
    made = io.BytesIO()
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{rows}</office:spreadsheet></office:body>"
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}>{body}</office:document-content>",
        )
    return made.getvalue()


def text_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def test_an_opendocument_sheet_is_read() -> None:
    rows = "".join(
        f"<table:table-row>{text_cell(code)}{text_cell(name)}</table:table-row>"
        for code, name in (("编号", "名称"), ("u1", "东风饭店"))
    )
    content = opendocument(f'<table:table table:name="一">{rows}</table:table>')
    table = read_table("file.ods", content)
    assert (table.sheet, table.columns) == ("一", {"编号": ["u1"], "名称": ["东风饭店"]})


def test_merged_cells_of_an_opendocument_sheet_are_filled_down() -> None:
    spanned = text_cell("甲").replace(
        "<table:table-cell", '<table:table-cell table:number-rows-spanned="2"'
    )
    rows = (
        f"{text_cell('单位名称')}{text_cell('地址')}",
        f"{spanned}{text_cell('一路')}",
        f"<table:covered-table-cell/>{text_cell('二路')}",
    )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    table = read_table(
        "file.ods", opendocument(f'<table:table table:name="&lt;1">{body}</table:table>')
    )
    assert table.sheet == "<1"
    assert table.columns == {"单位名称": ["甲", "甲"], "地址": ["一路", "二路"]}


def test_an_opendocument_bomb_of_repeated_cells_is_refused() -> None:
    row = f'<table:table-row table:number-rows-repeated="1000000">{text_cell("x", 900)}'
    content = opendocument(f'<table:table table:name="一">{row}</table:table-row></table:table>')
    with pytest.raises(ImportRejectedError, match="repeated a thousand times"):
        read_table("file.ods", content)
