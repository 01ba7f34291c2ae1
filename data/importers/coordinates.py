"""Coordinates as people write them: decimals, degrees with minutes, both in one cell."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DEGREES = str.maketrans(dict.fromkeys("º˚∘⁰", "°"))
_PRIMES = str.maketrans(dict.fromkeys("′’‘´`ˊ＇分", "'") | dict.fromkeys("″”“˝〞＂秒", '"'))
_COMMAS = str.maketrans(dict.fromkeys("，、；;｜|/", ","))
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_NUMBER = r"\d+(?:\.\d*)?"
_SIDE = r"[NSEW]|[东西]经?|[南北]纬?"
_ANGLE = re.compile(
    rf"(?P<before>{_SIDE})?[\s:]*(?P<sign>[+-])?(?P<deg>{_NUMBER})"
    rf"(?:(?:\s*[°度:-]\s*|\s+)(?P<min>{_NUMBER})"
    rf"(?:(?:\s*[':-]\s*|\s+)(?P<sec>{_NUMBER})(?:\"|'')?)?'?|[°度])?"
    rf"\s*(?P<after>{_SIDE})?",
    re.IGNORECASE,
)
_SIDES = {"N": "N", "S": "S", "E": "E", "W": "W", "北": "N", "南": "S", "东": "E", "西": "W"}
_ALLOWED = {"lon": "EW", "lat": "NS"}
_BRACKETS = re.compile(r"(?:POINT\s*)?[(\[【{](.*)[)\]】}]", re.IGNORECASE)
_BEFORE_SIDE = re.compile(rf"(?<=[\d°'\"度])\s*(?={_SIDE})", re.IGNORECASE)
_AFTER_SIDE = re.compile(r"(?<=[NSEW东西南北经纬])\s*(?=\d)", re.IGNORECASE)
_LON_WORD = re.compile(r"(?:经度|longitude|lon|lng)[\s:=]*", re.IGNORECASE)
_LAT_WORD = re.compile(r"(?:纬度|latitude|lat)[\s:=]*", re.IGNORECASE)
_NOTHING = {
    *("", ",", "\\", "-", "--", "—", "——", "无", "暂无", "未知", "不详"),
    *("null", "none", "n,a"),
}
_LONGEST = 200


@dataclass
class Coordinates:
    """Numbers by row, NaN where there is none, and why some could not be read.

    Attributes
    ----------
    x, y
        In the order of the texts: lon and lat, or the metres of a map, the first column first.
    wrong
        Position of a row, the field, its text and the reason.
    """

    x: Floats
    y: Floats
    wrong: list[tuple[int, str, str, str]] = field(default_factory=list)


def from_columns(lon: pd.Series, lat: pd.Series) -> Coordinates:
    """Read the two columns of a ledger."""
    found = Coordinates(np.empty(0), np.empty(0))
    found.x, found.y = _numbers(lon, "lon", found), _numbers(lat, "lat", found)
    return found


def from_pairs(texts: pd.Series) -> Coordinates:
    """Read one column that has both: '113.62,34.75' or 'N34°44′ E113°37′'.

    The longitude stands first, unless hemispheres say otherwise or the second number can be no
    latitude.
    """
    first, second = _at_one_comma(texts)
    found = Coordinates(first, second)
    others = np.flatnonzero(texts.notna().to_numpy() & np.isnan(first + second))
    given = texts.to_numpy(dtype=object)
    read = {text: _pair_or_reason(text) for text in set(given[others])}
    for at in others:
        answer = read[given[at]]
        found.x[at], found.y[at] = (np.nan, np.nan) if isinstance(answer, str) else answer
        if isinstance(answer, str):
            found.wrong.append((int(at), "lon, lat", given[at], answer))
    turned = (np.abs(found.x) <= 90) & (np.abs(found.y) > 90) & (np.abs(found.y) <= 180)
    found.x, found.y = np.where(turned, found.y, found.x), np.where(turned, found.x, found.y)
    return found


def _at_one_comma(texts: pd.Series) -> tuple[Floats, Floats]:
    """Read the pairs of plain decimals with one comma, which most are, all at once."""
    halves = [text.split(",") if isinstance(text, str) else () for text in texts]
    pairs = [half if len(half) == 2 else (None, None) for half in halves]
    columns = pd.DataFrame(pairs, columns=["first", "second"], dtype=object)
    first, second = (
        np.array(pd.to_numeric(columns[name], errors="coerce"), dtype=float) for name in columns
    )
    finite = np.isfinite(first) & np.isfinite(second)
    return np.where(finite, first, np.nan), np.where(finite, second, np.nan)


def _numbers(texts: pd.Series, name: str, found: Coordinates) -> Floats:
    """Read one column; plain decimals, which most are, all at once."""
    cells = texts.astype(object).where(texts.notna(), None)
    values = np.array(pd.to_numeric(cells, errors="coerce"), dtype=float)
    others = np.flatnonzero(cells.notna().to_numpy() & ~np.isfinite(values))
    values[others] = np.nan
    given = cells.to_numpy(dtype=object)
    read: dict[str, float | str] = {text: _angle(text, name) for text in set(given[others])}
    for at in others:
        answer = read[given[at]]
        if isinstance(answer, str):
            found.wrong.append((int(at), name, given[at], answer))
        else:
            values[at] = answer
    return values


def _angle(text: str, name: str) -> float | str:
    """Return a number of degrees or metres, NaN for a cell that says there is none, or a reason."""
    try:
        value, side = _one(_plain(text))
    except ValueError as error:
        return str(error)
    if side and side not in _ALLOWED[name]:
        return f"has {side} for the hemisphere, in the column of {name}"
    return value


def _plain(text: str) -> str:
    """Return the text in plain marks: full width, primes and signs of degrees are many."""
    marked = text.translate(_DEGREES).translate(_PRIMES)
    return unicodedata.normalize("NFKC", marked).translate(_COMMAS).strip()


def _one(text: str) -> tuple[float, str | None]:
    """Return the number and the hemisphere (N, S, E, W) that one text says."""
    if text.casefold() in _NOTHING:
        return np.nan, None
    if len(text) > _LONGEST:
        raise ValueError("is too long for a coordinate")
    if _DECIMAL.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return _finite(float(text.replace(",", ""))), None
    parts = _ANGLE.fullmatch(text)
    if parts is None:
        raise ValueError("is not a number, nor degrees, minutes and seconds")
    side = _side(parts)
    sign = -1 if parts["sign"] == "-" or side in ("S", "W") else 1
    return sign * _degrees(parts["deg"], parts["min"], parts["sec"]), side


def _finite(value: float) -> float:
    if not np.isfinite(value):
        raise ValueError("is too large")
    return value


def _side(parts: re.Match[str]) -> str | None:
    named = [_SIDES[one[0].upper()] for one in (parts["before"], parts["after"]) if one]
    if len(named) > 1 or (named and parts["sign"]):
        raise ValueError("says its hemisphere twice")
    return named[0] if named else None


def _degrees(degrees: str, minutes: str | None, seconds: str | None) -> float:
    """Return decimal degrees; only the last part may have decimals."""
    said = [part for part in (degrees, minutes, seconds) if part is not None]
    if any("." in part for part in said[:-1]):
        raise ValueError("has decimals before the last of its degrees, minutes and seconds")
    for name, part in (("minutes", minutes), ("seconds", seconds)):
        if part is not None and float(part) >= 60:
            raise ValueError(f"has {part} {name}")
    return float(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600


def _pair_or_reason(text: str) -> tuple[float, float] | str:
    try:
        return _pair(_plain(text))
    except ValueError as error:
        return str(error)


def _pair(text: str) -> tuple[float, float]:
    inner = _BRACKETS.fullmatch(text)
    inside = inner[1].strip() if inner else text
    if inside.casefold() in _NOTHING:
        return np.nan, np.nan
    if len(inside) > _LONGEST:
        raise ValueError("is too long for a pair of coordinates")
    first, second = (_one(part) for part in _halves(_in_order(inside)))
    if first[1] in ("N", "S") or second[1] in ("E", "W"):
        first, second = second, first
    if first[1] in ("N", "S") or second[1] in ("E", "W"):
        raise ValueError("has two coordinates of one axis")
    if np.isnan(first[0]) or np.isnan(second[0]):
        raise ValueError("has only one coordinate")
    return first[0], second[0]


def _in_order(text: str) -> str:
    """Return the text without the words lon and lat, and with the longitude first."""
    lon, lat = _LON_WORD.search(text), _LAT_WORD.search(text)
    if lon is None or lat is None:
        return text
    if lon.start() < lat.start():
        return f"{text[lon.end() : lat.start()].strip(' ,')},{text[lat.end() :]}"
    return f"{text[lon.end() :]},{text[lat.end() : lon.start()].strip(' ,')}"


def _halves(text: str) -> Iterable[str]:
    """Split a text into its two coordinates: by a comma, beside a hemisphere, or in the middle."""
    beside = _AFTER_SIDE if text[:1].isdigit() else _BEFORE_SIDE
    for parts in (text.split(","), beside.split(text)):
        named = [part.strip() for part in parts if part.strip()]
        if len(named) == 2:
            return named
    words = text.split()
    if len(words) % 2 or not words:
        raise ValueError("is not a pair of coordinates")
    middle = len(words) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])
