"""A file given back to its owner with what is wrong in it marked."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.importers.kept_rows import texts_of
from data.importers.upload import Upload
from maps.sheets import mark_workbook
from maps.words import Language


def mark_upload(upload: Upload, errors: Sequence[Mapping[str, Any]], language: Language) -> bytes:
    """Return the workbook of an upload with its refused cells marked, or one of the refused rows.

    Parameters
    ----------
    errors
        Of each: `row`, `field`, `heading`, `value` and `reason`.
    """
    table = upload.table()
    refused = {int(error["row"]) for error in errors}
    at = {number: place for place, number in enumerate(table.numbers) if number in refused}
    return mark_workbook(
        upload.content,
        upload.name,
        errors,
        sheet=table.sheet,
        heading_row=table.heading_row,
        places=table.places,
        rows={number: texts_of(table, place) for number, place in at.items()},
        language=language,
    )
