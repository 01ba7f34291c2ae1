"""One file that came in, and how it is to be read."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data.cities import Founding, bounds_of, has_city, the_city
from data.engine import snapshot
from data.errors import ImportRejectedError
from data.importers import fields
from data.importers.files import Table, read_table
from data.importers.headings import FIELDS, guess
from data.importers.ledger import Ledger, read_ledger
from data.importers.mappings import saved_mapping
from data.importers.report import ImportOptions
from data.models.places import GRID_KINDS

KINDS = tuple(FIELDS)

LONGEST_NAME = 200

_ABOUT_THE_ACT = {"source", "dry_run", "accept_good", "actor"}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Upload:
    """A file, and how it is to be read.

    Attributes
    ----------
    name
        What its owner calls it: its ending says the format, and it is shown; it is never a path.
    """

    kind: str
    name: str
    content: bytes
    options: ImportOptions

    @cached_property
    def sha256(self) -> bytes:
        """What tells its content from others."""
        return hashlib.sha256(self.content).digest()

    @property
    def reading(self) -> dict[str, Any]:
        """What, besides its content and source, decides what is stored, as JSON keeps it."""
        chosen = asdict(self.options)
        decisive = {name: chosen[name] for name in chosen if name not in _ABOUT_THE_ACT}
        kept: dict[str, Any] = json.loads(json.dumps(decisive))
        return kept

    def check(self) -> None:
        """Refuse a kind that is not known, and words that the store cannot keep as codes.

        Raises
        ------
        ImportRejectedError
            Naming the word.
        """
        options = self.options
        if self.kind not in KINDS:
            raise ImportRejectedError(f"{self.kind}: not one of {', '.join(KINDS)}")
        if self.kind == "grids" and options.grid is None:
            raise ImportRejectedError("the code of the grid is missing: name it with --grid")
        if self.kind == "grids" and options.accept_good:
            raise ImportRejectedError("the cells of a grid are taken all together or not at all")
        if options.grid_kind not in GRID_KINDS:
            raise ImportRejectedError(f"{options.grid_kind}: not one of {', '.join(GRID_KINDS)}")
        words = {"source": options.source, "grid": options.grid, "grid name": options.grid_name}
        for name, word in words.items():
            reason = None if word is None else fields.unfit(word)
            if reason or (word is not None and not 1 <= len(word.strip()) <= fields.LONGEST_CODE):
                reason = reason or f"must have 1 to {fields.LONGEST_CODE} characters"
                raise ImportRejectedError(f"{name} {word!r:.80}: {reason}")

    def table(self) -> Table:
        """Return the rows of the file as texts."""
        asked = {"sheet": self.options.sheet, "heading_row": self.options.heading_row}
        chosen: dict[str, Any] = {name: one for name, one in asked.items() if one is not None}
        return read_table(self.name, self.content, **chosen)

    def ledger(self, engine: Engine, table: Table, founding: Founding | None = None) -> Ledger:
        """Return the rows of `table` as the store wants them, by the city's clock.

        Raises
        ------
        NoCityError
            When the store holds no city yet, and none is to be founded.
        """
        with snapshot(engine) as session:
            zone, near = _surroundings(session, founding)
            saved = saved_mapping(session, self.kind, self.options.source)
        return read_ledger(
            self.kind, table, self.options, zone, saved=saved, file_name=self.name, near=near
        )

    def headings(self, engine: Engine, table: Table) -> dict[str, str]:
        """Return what the file calls each field it has a column for."""
        with snapshot(engine) as session:
            saved = saved_mapping(session, self.kind, self.options.source)
        meant = guess(self.kind, list(table.columns), saved, self.options.mapping or {})
        return {field: heading for heading, field in meant.items() if field is not None}


def _surroundings(
    session: Session, founding: Founding | None
) -> tuple[ZoneInfo, tuple[float, float, float, float] | None]:
    """Return the clock of the city and its bounds."""
    if founding is not None and not has_city(session):
        return ZoneInfo(founding.timezone), None
    city = the_city(session)
    return ZoneInfo(city.timezone), bounds_of(city)


def shown_name(given: str) -> str:
    """Return the last part of a file's name, without what a person does not see."""
    last = PureWindowsPath(PurePosixPath(given).name).name
    return _UNSEEN.sub("", last)[-LONGEST_NAME:] or "file"
