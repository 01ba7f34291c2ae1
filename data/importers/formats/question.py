"""What the process that reads a file is asked."""

import json
from dataclasses import dataclass

from data.importers.formats.table import Asked


@dataclass(frozen=True)
class Question:
    """What is to be read: the content follows."""

    family: str
    ending: str
    asked: Asked
    n_bytes: int

    def as_line(self) -> bytes:
        """Return the question as the line of JSON that the child reads."""
        asked = self.asked
        parts = [self.family, self.ending, asked.sheet, asked.heading_row, sorted(asked.known)]
        return json.dumps([self.n_bytes, *parts]).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> "Question":
        """Return the question of a line."""
        n_bytes, family, ending, sheet, heading_row, known = json.loads(line)
        return cls(family, ending, Asked(sheet, heading_row, frozenset(known)), n_bytes)
