"""What coordinates are given in: the words for it, and which of them counts for each row."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import ImportRejectedError
from data.importers.report import Remark
from geo.crs import srid_of
from geo.datum import to_wgs84
from geo.errors import WrongValueError

WORDS: Mapping[str, tuple[str, ...]] = {
    "gcj02": (
        *("gcj02", "gcj", "火星", "高德", "腾讯", "国测局", "amap", "gaode", "autonavi", "tencent"),
        *("qq地图",),
    ),
    "bd09": ("bd09", "bd09ll", "百度", "baidu"),
    "cgcs2000": ("cgcs2000", "cgcs", "国家2000", "2000国家", "2000坐标", "天地图", "tianditu"),
    "wgs84": ("wgs84", "wgs1984", "wgs", "gps", "北斗", "crs84"),
}
"""Datums and the words by which ledgers call them; a text may hold more beside."""

_EPSG = re.compile(r"(?:urnogcdef)?(?:crs)?epsg:*(?:[\d.]*:+)?(\d{4,6})")
_MEANS_NOTHING = re.compile(r"[\s_\-–—()（）]+")
_BY_CODE = {"EPSG:4326": "wgs84", "EPSG:4490": "cgcs2000"}
_METRES = "bd09mc"

UNKNOWN = "names no datum known here (WGS84, CGCS2000, GCJ-02, BD-09 or EPSG:n)"


@dataclass(frozen=True)
class Datum:
    """What the coordinates of one batch are given in, and whether anybody said so."""

    name: str
    remark: Remark | None = None


def datum_named(text: str) -> str | None:
    """Return the datum a text means, None where it means none or several: '高德坐标系' is gcj02."""
    word = _MEANS_NOTHING.sub("", unicodedata.normalize("NFKC", text).casefold())
    if found := _EPSG.search(word):
        code = f"EPSG:{found[1]}"
        return _BY_CODE.get(code, code)
    if _METRES in word:
        return None
    named = [name for name, words in WORDS.items() if any(one in word for one in words)]
    return named[0] if len(named) == 1 else None


def datum_of(asked: str | None, crs: str | None) -> Datum:
    """Return the datum of a batch: what was asked for, or else what the file says.

    Tools write WGS 84 into every GeoJSON file, whatever its coordinates are in: that is no word
    against another datum, and no sure one for WGS 84.

    Raises
    ------
    ImportRejectedError
        When the datum that was asked for is unknown, when the file says something else, or when
        what it says is not understood.
    """
    named = None if asked is None else usable(datum_named(asked))
    if asked is not None and named is None:
        known = ", ".join(WORDS)
        raise ImportRejectedError(f"datum {asked!r:.80} is none of {known} and no EPSG:n")
    said = None if crs is None else usable(_written(crs))
    if named is not None:
        if said not in (None, "wgs84", named):
            raise ImportRejectedError(
                f"the file says its coordinates are in {crs}, not in {asked}: name it as the datum"
            )
        return Datum(named)
    if crs is not None and said is None:
        raise ImportRejectedError(f"the file says its coordinates are in {crs:.80}: name the datum")
    if said not in (None, "wgs84"):
        return Datum(str(said))
    return Datum("wgs84", _assumed(said))


def _written(crs: str) -> str | None:
    """Return the datum that a file names, by a code or in the words of a .prj file."""
    if "[" not in crs:
        return datum_named(crs)
    srid = srid_of(crs)
    return None if srid is None else datum_named(f"EPSG:{srid}")


def _assumed(said: str | None) -> Remark:
    why = "nobody said" if said is None else "tools write WGS 84 into every file, so ask"
    return Remark(
        "datum_assumed",
        f"the coordinates were taken as WGS 84; {why} what they are in: name the datum"
        " (wgs84, cgcs2000, gcj02 for Amap and Tencent, bd09 for Baidu)",
    )


def datums_of_rows(
    texts: pd.Series | None, batch: str, n_rows: int
) -> tuple[NDArray[np.object_], list[tuple[int, str]]]:
    """Return the datum of each row, its own before that of the batch, and the texts that name none.

    The texts come with the position of their row.
    """
    names = np.full(n_rows, batch, dtype=object)
    if texts is None:
        return names, []
    known = {text: usable(datum_named(text)) for text in texts.dropna().unique()}
    unknown = []
    for at, text in enumerate(texts):
        if not isinstance(text, str):
            continue
        if (name := known[text]) is None:
            unknown.append((at, text))
        else:
            names[at] = name
    return names, unknown


def usable(name: str | None) -> str | None:
    """Return the name of a datum if places can be brought from it, else None."""
    try:
        if name is not None:
            to_wgs84([], [], name)
    except WrongValueError:
        return None
    return name
