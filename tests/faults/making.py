"""What the makers of bad files share: families of them, and rows that nothing is wrong with."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

HEADINGS = ("code", "name", "risk", "registered_on", "lon", "lat")


@dataclass(frozen=True)
class Lure:
    """What a file tries to reach: a listening address, and a file with a secret."""

    url: str
    path: str


@dataclass(frozen=True)
class Bad:
    """A file that must be refused.

    Attributes
    ----------
    has_rows
        Whether it gets as far as rows, so that the bad ones must be named.
    """

    name: str
    content: bytes
    kind: str = "units"
    has_rows: bool = False


Maker = Callable[[random.Random, Lure], Bad]


@dataclass
class Family:
    """Bad files of one kind: how many, and their makers, which take turns.

    An instance decorates its makers.
    """

    name: str
    count: int
    makers: list[Maker] = field(default_factory=list)

    def __call__(self, maker: Maker) -> Maker:
        self.makers.append(maker)
        return maker


def good_rows(rng: random.Random) -> list[dict[str, str]]:
    """Return some rows of units that nothing is wrong with."""
    return [
        {
            "code": f"u{number}",
            "name": rng.choice(["东风饭店", "Mill", "二七仓库"]),
            "risk": rng.choice(["重大", "low", "一般"]),
            "registered_on": f"2019-05-{rng.randint(1, 28):02}",
            "lon": f"{113 + rng.random():.6f}",
            "lat": f"{34 + rng.random():.6f}",
        }
        for number in range(rng.randint(2, 40))
    ]


def spoilt(rng: random.Random, **values: str) -> list[dict[str, str]]:
    """Return rows of which one has other values."""
    rows = good_rows(rng)
    rows[rng.randrange(len(rows))] |= values
    return rows


def csv(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    """Return rows as delimited text under their headings."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    lines = [[row.get(heading, "") for heading in headings] for row in rows]
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line] for line in lines]
    return "\n".join(delimiter.join(line) for line in [headings, *quoted]) + "\n"


def bad_rows(rows: Sequence[Mapping[str, str]], kind: str = "units") -> Bad:
    """Return a file of text with a row that must be named."""
    return Bad("a.csv", csv(rows).encode(errors="replace"), kind, has_rows=True)
