"""Workbooks: refused rows marked in red, ledgers, templates and filled forms."""

from maps.sheets.marked import mark_workbook

__all__ = ["mark_workbook"]
