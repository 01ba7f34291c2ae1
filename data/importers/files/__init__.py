"""Files of every format as a table of texts; only here is a file that was sent looked into."""

from data.importers.files.reading import MAX_BYTES, read_bytes, read_table
from data.importers.formats.table import Photo, Table, TotalRow

__all__ = ["MAX_BYTES", "Photo", "Table", "TotalRow", "read_bytes", "read_table"]
