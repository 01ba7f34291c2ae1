"""Rows of a ledger without codes that correct what was imported of it before."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

import pandas as pd
from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from data.cities import the_city
from data.importers.keys import derive, is_digest, tidy
from data.importers.ledger import Ledger
from data.importers.numerals import NUMERALS
from data.importers.report import Remark, some_rows
from data.models import Hazard, Unit

_ALIKE = 0.7
"""So much of two texts must be the same that one corrects the other."""

_TELLING = re.compile(rf"[0-9a-z{NUMERALS}东西南北左右前后上下内外]")
"""Numbers, letters and directions tell things apart: 1号灭火器 is no 2号灭火器."""

_MOST, _SHOWN = 30, 3

Key = tuple[str, ...]


@dataclass(frozen=True)
class _Said:
    """What a row says: its code, what a correction leaves as it is, and what it may change."""

    code: str
    keys: tuple[Key, ...]
    text: str


def recognize(session: Session, kind: str, ledger: Ledger, source: str) -> None:
    """Give rows that correct others the codes of those, and tell them.

    A hazard corrects one of the same unit, day and place with nearly the same description that the
    file no longer has; a unit one of the same name with nearly the same address, or none. Work is
    on the hazard that its row corrects.
    """
    if ledger.told is None:
        return
    column = "hazard_code" if kind == "rectifications" else "external_code"
    codes = ledger.rows[column]
    unknown = codes.isin(_unknown(session, Unit if kind == "units" else Hazard, codes, source))
    if not unknown.any():
        return
    # Rows of one cell have one number, which is no label to align by.
    rows = ledger.told[unknown.to_numpy()].assign(code=codes[unknown].to_numpy())
    if kind == "units":
        said, stored = _units(rows), _stored_units(session, rows, source)
    else:
        said, stored = _hazards(rows), _stored_hazards(session, rows, source)
    present = {*codes}
    gone = [one for one in stored if is_digest(one.code) and one.code not in present]
    if found := _corrected([*said], gone):
        _settle(kind, ledger, column, found)


def _unknown(
    session: Session, model: type[Unit | Hazard], codes: pd.Series, source: str
) -> set[str]:
    """Return the codes that follow from what rows say and that the store has not."""
    derived = {code for code in codes.dropna() if is_digest(code)}
    known = select(model.external_code).where(
        model.source == source, model.external_code == func.any(list(derived))
    )
    return derived - {*session.scalars(known)}


def _units(rows: pd.DataFrame) -> Iterator[_Said]:
    addresses = rows.get("address", pd.Series(None, index=rows.index, dtype=object))
    for code, name, address in zip(rows["code"], rows["name"], addresses, strict=True):
        yield _Said(code, ((tidy(name),),), address or "")


def _stored_units(session: Session, rows: pd.DataFrame, source: str) -> Iterator[_Said]:
    names = rows["name"].dropna().unique().tolist()
    wanted = (Unit.source == source, Unit.name == func.any(names))
    for unit in session.execute(
        select(Unit.external_code, Unit.name, Unit.address).where(*wanted)
    ).all():
        yield _Said(unit.external_code, ((tidy(unit.name),),), unit.address or "")


def _hazards(rows: pd.DataFrame) -> Iterator[_Said]:
    parts = rows.reindex(columns=["code", "unit_code", "unit_name", "found_at", "place"])
    parts = parts.astype(object).where(parts.notna(), None)
    for at, (code, unit, name, found, place) in enumerate(parts.itertuples(index=False)):
        if unit or name:
            key = (tidy(unit or name), found[:10], tidy(place or ""))
            yield _Said(code, (key,), rows["description"].iloc[at] or "")


def _stored_hazards(session: Session, rows: pd.DataFrame, source: str) -> Iterator[_Said]:
    day = cast(func.timezone(the_city(session).timezone, Hazard.found_at), Date)
    days = rows["found_at"].dropna().str[:10]
    query = (
        select(
            Hazard.external_code,
            Unit.external_code.label("unit"),
            Unit.name,
            day.label("day"),
            Hazard.place,
            Hazard.description,
        )
        .join(Unit, Unit.id == Hazard.unit_id)
        .where(
            Hazard.source == source,
            day.between(date.fromisoformat(days.min()), date.fromisoformat(days.max())),
        )
    )
    for one in session.execute(query).all():
        rest = (one.day.isoformat(), tidy(one.place or ""))
        keys = tuple((tidy(unit), *rest) for unit in (one.unit, one.name) if unit)
        yield _Said(one.external_code, keys, one.description or "")


def _corrected(rows: Sequence[_Said], gone: Sequence[_Said]) -> dict[str, tuple[_Said, _Said]]:
    """Return what each row corrects, by its code, the most alike first; each row corrects one."""
    by_key: dict[Key, list[_Said]] = defaultdict(list)
    for one in gone:
        for key in one.keys:
            by_key[key].append(one)
    pairs = [
        (likeness(row.text, one.text), row, one)
        for row in rows
        for key in row.keys
        for one in by_key.get(key, [])[:_MOST]
    ]
    found: dict[str, tuple[_Said, _Said]] = {}
    taken: set[str] = set()
    for alike, row, one in sorted(pairs, key=lambda pair: -pair[0]):
        if alike >= _ALIKE and row.code not in found and one.code not in taken:
            found[row.code] = (row, one)
            taken.add(one.code)
    return found


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are: 1 if the same or one is blank, 0 if they tell things apart.

    >>> likeness("灭火器过期", "灭火器已过期"), likeness("1号灯不亮", "2号灯不亮")
    (0.9090909090909091, 0.0)
    """
    one, other = tidy(one).casefold(), tidy(other).casefold()
    if not one or not other:
        return 1.0
    if _TELLING.findall(one) != _TELLING.findall(other):
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _settle(kind: str, ledger: Ledger, column: str, found: dict[str, tuple[_Said, _Said]]) -> None:
    codes = ledger.rows[column]
    moved = codes.isin(list(found))
    ledger.rows[column] = codes.map(lambda code: found[code][1].code if code in found else code)
    if kind == "rectifications" and ledger.derived and ledger.told is not None:
        parts = {
            "hazard_code": ledger.rows[column][moved],
            "found_at": ledger.told["found_at"][moved],
        }
        ledger.rows.loc[moved, "external_code"] = derive(kind, parts).to_numpy()
    pairs = list(found.values())
    told = "; ".join(f"{one.text:.60} is now {row.text:.60}" for row, one in pairs[:_SHOWN])
    more = "; …" if len(pairs) > _SHOWN else ""
    rows = some_rows(codes.index[moved].tolist())
    message = f"{rows}: taken for corrections of what was imported before: {told}{more}"
    ledger.remarks.append(Remark("corrections", message))
