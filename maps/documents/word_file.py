"""Documents as DOCX in the layout of GB/T 9704; fonts are named, not embedded."""

import io
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT as TAB
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph as WordParagraph

from maps.documents import paper
from maps.documents.document import Document, Figure, Heading, Masthead, Paragraph, Table
from maps.documents.ooxml import add_field, border, reproducible, set_borders, set_fonts, tighten
from maps.documents.word_tables import write_table
from maps.sheets.texts import writable
from maps.words import fonts

_TWO_CHARACTERS = 200
"""Hundredths of a character by which a paragraph begins further right."""

LONGEST_PROPERTY = 255
"""Characters of a property of the file, by Office Open XML."""


def write_docx(document: Document) -> bytes:
    """Return the document as a Word file."""
    made = docx.Document()
    _lay_out(made, document)
    _name_fonts(made)
    _describe(made, document)
    if document.masthead is not None:
        _write_masthead(made, document.masthead)
    _write_title(made, document)
    for block in document.blocks:
        _WRITERS[type(block)](made, document, block)
    _write_notes(made, document)
    _write_colophon(made, document)
    out = io.BytesIO()
    made.save(out)
    return reproducible(out.getvalue())


def _lay_out(made: Any, document: Document) -> None:
    """Set the page, its grid of lines, the mark on top and the number at the bottom."""
    page, section = paper.page(landscape=document.landscape), made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    for name in ("page_width", "page_height"):
        setattr(section, name, Twips(getattr(page, name.removeprefix("page_"))))
    for edge in ("top", "right", "bottom", "left"):
        setattr(section, f"{edge}_margin", Twips(getattr(page, edge)))
    section.header_distance = Mm(15)
    section.footer_distance = Twips(page.bottom - paper.twips(12))
    made.settings.odd_and_even_pages_header_footer = True
    for head, foot, side in (
        (section.header, section.footer, ALIGN.RIGHT),
        (section.even_page_header, section.even_page_footer, ALIGN.LEFT),
    ):
        _write_mark(head.paragraphs[0], document.mark)
        _write_page_number(foot.paragraphs[0], side)


def _write_mark(paragraph: WordParagraph, mark: str) -> None:
    paragraph.alignment = ALIGN.RIGHT
    _run(paragraph, mark, fonts.HEI, paper.SIZE_5)


def _write_page_number(paragraph: WordParagraph, side: ALIGN) -> None:
    """Write — 1 — in 4号, outside, one character away from the edge of the text."""
    paragraph.alignment = side
    indent = {ALIGN.RIGHT: "right", ALIGN.LEFT: "left"}[side]
    setattr(paragraph.paragraph_format, f"{indent}_indent", Pt(paper.SIZE_4))
    write = partial(_run, paragraph, font=fonts.NUMBERS, size=paper.SIZE_4, western=fonts.NUMBERS)
    write("— ")
    add_field(write("")._r, "PAGE")  # noqa: SLF001 - a field has no public way
    write(" —")


def _name_fonts(made: Any) -> None:
    normal = made.styles["Normal"]
    normal.font.size = Pt(paper.SIZE_3)
    set_fonts(normal.element.get_or_add_rPr(), fonts.FANG, fonts.WESTERN)


def _describe(made: Any, document: Document) -> None:
    """Fill the properties of the file with what it says, nothing of who or what wrote it."""
    about = made.core_properties
    about.title = writable(document.title)[:LONGEST_PROPERTY]
    about.author = about.last_modified_by = writable(document.author)[:LONGEST_PROPERTY]
    about.comments, about.revision = "", 1
    about.language = "zh-CN" if document.language == "zh" else "en"
    moment = document.made_at.replace(tzinfo=None, microsecond=0)
    about.created = about.modified = moment


def _run(
    paragraph: WordParagraph,
    text: str,
    font: str = fonts.FANG,
    size: float = paper.SIZE_3,
    *,
    color: str | None = None,
    western: str = fonts.WESTERN,
) -> Any:
    run = paragraph.add_run(writable(text))
    run.font.size = Pt(size)
    if size == paper.SIZE_3:
        tighten(run._r.get_or_add_rPr(), paper.TIGHTER)  # noqa: SLF001 - no public way
    if color is not None:
        run.font.color.rgb = RGBColor.from_string(color)
    set_fonts(run._r.get_or_add_rPr(), font, western)  # noqa: SLF001 - no public way
    return run


def _paragraph(made: Any, align: ALIGN = ALIGN.CENTER, *, lines: float = 1) -> WordParagraph:
    """Add a paragraph of whole lines of the grid."""
    paragraph: WordParagraph = made.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = Twips(round(paper.LINE_PITCH * lines))
    return paragraph


def _write_masthead(made: Any, head: Masthead) -> None:
    """Write the name in red, the number, and office and day above a red line."""
    size = min(44.0, 430 / _width(head.name))
    name = _paragraph(made, lines=2.4)
    _run(name, head.name, fonts.SONG, max(size, paper.SIZE_2), color=paper.RED)
    _run(_paragraph(made, lines=1.4), head.number)
    told = _paragraph(made, ALIGN.LEFT, lines=1.2)
    page = paper.page(landscape=False)
    told.paragraph_format.tab_stops.add_tab_stop(Twips(page.text_width), TAB.RIGHT)
    _run(told, f"{head.office}\t{head.day}")
    set_borders(told._p.get_or_add_pPr(), border("bottom", 14, paper.RED, 4))  # noqa: SLF001 - no public way
    _paragraph(made)


def _width(text: str) -> float:
    """Return the width of a text in Chinese characters."""
    return sum(1.0 if ord(sign) > 0x2E80 else 0.55 for sign in text)


def _write_title(made: Any, document: Document) -> None:
    title = _paragraph(made, lines=1.2)
    title.paragraph_format.keep_with_next = True
    for number, line in enumerate(_title_lines(document)):
        if number:
            title.add_run().add_break()
        _run(title, line, fonts.SONG, paper.SIZE_2)
    if document.subtitle:
        _run(_paragraph(made), document.subtitle, fonts.KAI)
    _paragraph(made, lines=0.5 if document.landscape else 1)


def _title_lines(document: Document) -> tuple[str, ...]:
    """Return the title as one line where it fits, else by phrases, none of which is cut."""
    room = Twips(paper.page(landscape=document.landscape).text_width).pt
    fits = _width(document.title) * paper.SIZE_2 <= room
    return (document.title,) if fits or not document.title_phrases else document.title_phrases


def _write_heading(made: Any, _document: Document, heading: Heading) -> None:
    paragraph = _paragraph(made, ALIGN.JUSTIFY)
    paragraph.paragraph_format.keep_with_next = True
    _indent(paragraph)
    _run(paragraph, heading.text, fonts.HEI)


def _write_paragraph(made: Any, _document: Document, block: Paragraph) -> None:
    paragraph = _paragraph(made, ALIGN.JUSTIFY)
    _indent(paragraph)
    _run(paragraph, block.text)


def _indent(paragraph: WordParagraph) -> None:
    paragraph.paragraph_format.first_line_indent = Pt(2 * paper.SIZE_3)
    spaced = paragraph._p.get_or_add_pPr().find(qn("w:ind"))  # noqa: SLF001 - counted in characters
    spaced.set(qn("w:firstLineChars"), str(_TWO_CHARACTERS))


def _write_table(made: Any, document: Document, told: Table) -> None:
    table = told.printed or told
    caption = _paragraph(made, lines=1.1)
    caption.paragraph_format.keep_with_next = True
    _run(caption, table.caption, fonts.HEI, paper.SIZE_4)
    size = paper.SMALL_5 if document.landscape else paper.SIZE_5
    write_table(made, table, paper.page(landscape=document.landscape).text_width, size)
    remark = _paragraph(made, ALIGN.LEFT, lines=0.8 if table.remark else 0.4)
    _run(remark, table.remark, fonts.KAI, paper.SIZE_5)


def _write_figure(made: Any, _document: Document, figure: Figure) -> None:
    caption = _paragraph(made, lines=1.1)
    caption.paragraph_format.keep_with_next = True
    _run(caption, figure.caption, fonts.HEI, paper.SIZE_4)
    picture = _paragraph(made)
    picture.paragraph_format.line_spacing = 1.0
    picture.paragraph_format.keep_with_next = True
    shape = picture.add_run().add_picture(io.BytesIO(figure.png), width=Mm(figure.width_mm))
    shape._inline.docPr.set("descr", writable(figure.caption))  # noqa: SLF001 - read to the blind
    legend = _paragraph(made, lines=0.9)
    for swatch in figure.legend:
        _run(legend, "▨" if swatch.hatched else "■", size=paper.SMALL_4, color=_ink(swatch.color))
        _run(legend, f"{swatch.label} ", size=paper.SIZE_5)


def _ink(color: str) -> str:
    """Return the color of a swatch; white is drawn as a grey outline."""
    return "808890" if color == "#ffffff" else color.removeprefix("#").upper()


def _write_notes(made: Any, document: Document) -> None:
    for text in document.notes:
        note = _paragraph(made, ALIGN.JUSTIFY, lines=0.72)
        _run(note, text, fonts.KAI, paper.SIZE_5)


def _write_colophon(made: Any, document: Document) -> None:
    """Write the last lines between two thick rules, with thin ones between them."""
    page = paper.page(landscape=document.landscape)
    last = len(document.colophon) - 1
    for place, (left, right) in enumerate(document.colophon):
        line = _paragraph(made, ALIGN.LEFT)
        line.paragraph_format.keep_with_next = place < last
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(0)
        line.paragraph_format.tab_stops.add_tab_stop(Twips(page.text_width - 280), TAB.RIGHT)
        _run(line, f"　{left}\t{right}", size=paper.SIZE_4)
        borders = [border("top", 8 if place == 0 else 6)]
        borders += [border("bottom", 8)] if place == last else []
        set_borders(line._p.get_or_add_pPr(), *borders)  # noqa: SLF001 - no public way


_WRITERS: Mapping[type, Callable[[Any, Document, Any], None]] = {
    Heading: _write_heading,
    Paragraph: _write_paragraph,
    Table: _write_table,
    Figure: _write_figure,
}
