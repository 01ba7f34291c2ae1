"""Workbooks of users, opened to be written into."""

import io
import warnings
import zipfile
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_UNZIPPED = 200 * 2**20
"""A larger workbook is not opened for editing."""

_UNREADABLE = (
    AttributeError,
    IndexError,
    InvalidFileException,
    KeyError,
    OSError,
    ParseError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
"""What openpyxl raises on workbooks that other programs can read."""


def open_book(content: bytes) -> Workbook | None:
    """Return a workbook without its macros; None when it is too large or cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNZIPPED:
                return None
        with warnings.catch_warnings():
            # It warns of each feature it does not know.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), rich_text=True)
    except _UNREADABLE:
        return None
