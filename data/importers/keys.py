"""What tells the rows of a ledger apart that has no codes of its own."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd

from data.importers.fields import LONGEST_CODE
from data.importers.numerals import visible

KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "grids": (("name",),),
    "units": (("credit_code",), ("name", "address")),
    "inspections": (("unit_code", "inspected_at", "team"), ("unit_name", "inspected_at", "team")),
    "hazards": (
        ("unit_code", "found_at", "description", "place"),
        ("unit_name", "found_at", "description", "place"),
        ("description", "found_at", "place"),
    ),
    "segments": (("name", "from_name", "to_name"), ("name", "from_to")),
    "handovers": (("segment_code",),),
    "boxes": (("name",),),
    "lamps": (("road_name", "number"),),
    "outages": (
        ("lamp_code", "started_at"),
        ("road_name", "number", "started_at"),
        ("place", "started_at"),
    ),
    "rectifications": (("hazard_code", "found_at"), ("segment_code", "found_at")),
}
"""For each kind what tells its rows apart, the surest first."""

MAY_BE_BLANK = {"address", "team", "place", "from_name", "to_name", "from_to"}
"""Parts that a key may lack, unless it begins with them."""

_READABLE = {"lamps", "grids", "boxes", "handovers"}
"""Kinds whose key is short enough to be the code itself; others are told by its digest."""

_DIGEST = re.compile(r"[a-z]-[0-9a-f]{16}")
_AFTER_NUMBER = re.compile(r"(?<=\d)(?:#|号)?(?:灯杆|路灯|杆|灯)?$")


def is_digest(code: str) -> bool:
    """Tell whether a code follows from all that its row says, so that a correction changes it."""
    return _DIGEST.fullmatch(code) is not None


def derivable(kind: str, found: Iterable[str]) -> bool:
    """Tell whether the fields that were found can tell the rows of `kind` apart.

    Those that tell which hazard a rectification is of are as good as its code.
    """
    names = set(found)
    if kind == "rectifications" and _usable("hazards", names):
        names.add("hazard_code")
    return bool(_usable(kind, names))


def needed(kind: str) -> list[set[str]]:
    """Return the sets of fields of which any one tells the rows of `kind` apart."""
    return [_needed(key) for key in KEYS.get(kind, ())]


def derive(kind: str, texts: Mapping[str, pd.Series]) -> pd.Series:
    """Return a code for every row that follows from what it says; None where it says too little.

    `texts` has the texts of the fields that were found, dates as 2019-05-31. In each row the first
    key whose parts it has is used. Equal rows have equal codes, whatever their order, width or
    blanks: the same ledger imported twice is the same.
    """
    codes = pd.Series(None, index=next(iter(texts.values())).index, dtype=object)
    for key in _usable(kind, set(texts)):
        still = codes.isna().to_numpy()
        present = [name for name in key if name in texts]
        rows = zip(*(texts[name].to_numpy()[still] for name in present), strict=True)
        codes[still] = [_code(kind, dict(zip(present, row, strict=True))) for row in rows]
    return codes


def lamp_code(road: str, number: str) -> str:
    """Return the code of a lamp that has only a number on its road; 3# and 3号杆 are 3."""
    return f"{tidy(road)} {_pole(tidy(number))}"[:LONGEST_CODE]


def _usable(kind: str, found: set[str]) -> list[tuple[str, ...]]:
    return [key for key in KEYS.get(kind, ()) if _needed(key) <= found]


def _needed(key: Iterable[str]) -> set[str]:
    first, *others = key
    return {first, *others} - (MAY_BE_BLANK - {first})


def _code(kind: str, parts: Mapping[str, object]) -> str | None:
    said = {name: tidy(part) if isinstance(part, str) else "" for name, part in parts.items()}
    if "number" in said:
        said["number"] = _pole(said["number"])
    if kind == "hazards":
        said["found_at"] = said["found_at"][:10]
    if not all(said[name] for name in _needed(said)):
        return None
    readable = " ".join(said.values())
    if "credit_code" in said or (kind in _READABLE and len(readable) <= LONGEST_CODE):
        return readable[:LONGEST_CODE]
    whole = "\x1f".join([next(iter(said)), *said.values()]).casefold()
    return f"{kind[0]}-{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def _pole(number: str) -> str:
    """Return the bare number of a pole: 3# and 3号杆 are 3."""
    return _AFTER_NUMBER.sub("", number)


def tidy(value: str) -> str:
    """Return a text without the differences that mean nothing: width, blanks, invisible marks."""
    return re.sub(r"\s+", "", visible(unicodedata.normalize("NFKC", value)))
