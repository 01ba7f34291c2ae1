"""What an office hands out: bulletins and lists as DOCX, HTML and XLSX."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from maps.documents.document import Document
from maps.documents.web_page import document_policy, write_html
from maps.documents.word_file import write_docx
from maps.documents.workbook import write_xlsx

__all__ = ["FORMATS", "Document", "DocumentFormat", "document_policy"]

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class DocumentFormat:
    """How a document is written, and what a browser is told about it."""

    media_type: str
    write: Callable[[Document], bytes]


FORMATS: Mapping[str, DocumentFormat] = {
    ".xlsx": DocumentFormat(f"{_OFFICE}.spreadsheetml.sheet", write_xlsx),
    ".docx": DocumentFormat(f"{_OFFICE}.wordprocessingml.document", write_docx),
    ".html": DocumentFormat("text/html; charset=utf-8", write_html),
}
"""Ending of a file → its format."""
