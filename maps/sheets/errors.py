"""What workbooks refuse."""

from geo.errors import GuatuError


class TableLimitError(GuatuError):
    """A ledger is too large for the kind of table that was asked for."""


class UnusableFormError(GuatuError):
    """A blank form cannot be opened or has no row of headings."""
