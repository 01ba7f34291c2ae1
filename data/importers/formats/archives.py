"""Zip archives judged before anything in them is read, and read only by streams."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from data.errors import ImportRejectedError

MAX_INFLATED = 200 * 2**20
MAX_RATIO = 100
SMALL = 2**20
"""What inflates to less than this may have any ratio."""

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, ValueError, UnicodeError, RuntimeError),
)


@contextmanager
def archive(content: bytes, most_entries: int) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose entries can be trusted to be few, small and plain.

    Raises
    ------
    ImportRejectedError
        When it is damaged, inflates to too much, or has entries that are encrypted, links or named
        to lie elsewhere.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            _check(opened.infolist(), most_entries)
            yield opened
    except _BROKEN as error:
        raise ImportRejectedError(f"the archive is damaged: {error}") from error


def read_entry(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the content of an entry: never more than it says it has, and its checksum holds."""
    with opened.open(entry) as stream:
        return stream.read()


def stored(entries: dict[str, bytes]) -> bytes:
    """Return an archive of ours, so that no reader sees the one that was sent."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _check(entries: list[zipfile.ZipInfo], most_entries: int) -> None:
    if len(entries) > most_entries:
        raise ImportRejectedError(f"the archive has more than {most_entries} entries")
    for entry in entries:
        if reason := _fault(entry):
            raise ImportRejectedError(f"the archive has an entry that {reason}")
    inflated = sum(entry.file_size for entry in entries)
    if inflated > MAX_INFLATED:
        raise ImportRejectedError(f"the archive inflates to more than {MAX_INFLATED >> 20} MB")
    packed = sum(entry.compress_size for entry in entries)
    if inflated > SMALL and inflated > MAX_RATIO * packed:
        raise ImportRejectedError(f"the archive inflates to more than {MAX_RATIO} times its size")


def _fault(entry: zipfile.ZipInfo) -> str | None:
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & _ENCRYPTED:
        return "is protected by a password"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
        return "is named to lie elsewhere"
    if entry.compress_type not in _METHODS:
        return "is packed in an unusual way"
    return None
