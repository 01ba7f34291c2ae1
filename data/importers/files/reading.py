"""Read a file by the ending of its name."""

from pathlib import Path

from data.errors import ImportRejectedError
from data.importers.columns import FIELDS
from data.importers.fields import plain
from data.importers.files.asides import without_asides
from data.importers.files.endings import family_of
from data.importers.files.guard import read_guarded
from data.importers.formats.question import Question
from data.importers.formats.table import Asked, Table

MAX_BYTES = 512 * 2**20


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that is there and not too large.

    Raises
    ------
    ImportRejectedError
        When it is not there, not readable or larger than `MAX_BYTES`.
    """
    try:
        if path.exists() and not path.is_file():
            raise ImportRejectedError(f"{path}: not a file")
        if path.stat().st_size > MAX_BYTES:
            raise ImportRejectedError(f"{path.name}: larger than {MAX_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise ImportRejectedError(f"{path}: {error.strerror}") from error


def read_table(
    name: str, content: bytes, *, sheet: str | None = None, heading_row: int | None = None
) -> Table:
    """Read a file by the ending of its name; notes below its table are told, and no rows.

    Parameters
    ----------
    sheet
        The sheet of a workbook or the layer of a vector file; by itself the one that fits best.
    heading_row
        The number of the row with the headings; by itself it is looked for.

    Raises
    ------
    ImportRejectedError
        When the ending is unknown or the content is not what the ending says.
    """
    family, ending = family_of(name, content)
    asked = Asked(sheet, heading_row, _known_headings())
    return without_asides(read_guarded(Question(family, ending, asked, len(content)), content))


def _known_headings() -> frozenset[str]:
    """Return every heading that a ledger of any kind may have."""
    return frozenset(
        plain(word)
        for fields in FIELDS.values()
        for field in fields
        for word in (field.name, *field.aliases)
    )
