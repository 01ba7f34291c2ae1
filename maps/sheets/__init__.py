"""Workbooks: refused rows marked in red, ledgers, templates and filled forms."""

from maps.sheets.forms import FormLayout, fill_form
from maps.sheets.marked import mark_workbook
from maps.sheets.tables import write_csv, write_xlsx
from maps.sheets.templates import TemplateColumn, make_template

__all__ = [
    "FormLayout",
    "TemplateColumn",
    "fill_form",
    "make_template",
    "mark_workbook",
    "write_csv",
    "write_xlsx",
]
