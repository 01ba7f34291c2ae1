"""Rows without coordinates: those that people have placed stay, others lie where what they name."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.importers.ledger import Ledger
from data.importers.report import Remark, some_rows
from data.loading import LOCATED
from data.models import Lamp, PowerBox, Unit
from data.queries.places import wkb
from data.queries.reading import read_rows

Named = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]

NAMED: Mapping[str, Mapping[str, tuple[Named, ...]]] = {
    "units": {"credit_code": (Unit.credit_code,), "name": (Unit.name,)},
    "hazards": {"place": (Unit.name, Unit.address, Lamp.external_code, PowerBox.name)},
    "outages": {"place": (Lamp.external_code, PowerBox.name, Unit.name, Unit.address)},
    "boxes": {"name": (PowerBox.name,)},
}
"""For each kind: the column that may name a place, and what is known by such names.

A road is no point: it is only ever offered to who places a row (`data.locating`).
"""

_HAS_ITS_OWN = {"hazards": "unit_code", "outages": "lamp_code"}
_PLACE = ["geom", "datum", "original_x", "original_y", "located_by"]


def lie_at_known(session: Session, kind: str, ledger: Ledger, source: str) -> None:
    """Give rows without coordinates the place that is known of them, and say so.

    A row that a person has placed keeps that; so does every stored row when the file has no
    coordinates at all. Of the others, one lies where the only thing of that very name lies;
    whatever is merely alike is left to people, and so are units that another unit of their own
    ledger is called like: those may be branches.
    """
    if kind not in LOCATED or ledger.rows.empty:
        return
    rows = ledger.rows.reset_index(drop=True)
    whole = "geom" not in rows
    good = ~ledger.rows.index.isin([error.row for error in ledger.errors])
    bare = good & rows["external_code"].notna() & (whole or rows["geom"].isna())
    if not bare.any():
        ledger.rows = ledger.rows if whole else ledger.rows.assign(located_by=None)
        return
    kept = _kept(session, kind, rows.loc[bare, "external_code"], source, whole=whole)
    bare &= ~rows["external_code"].isin(kept["external_code"])
    if (own := _HAS_ITS_OWN.get(kind)) in rows:
        bare &= rows[own].isna()
    named = _named(session, kind, rows[bare], source)
    if whole and kept.empty and named.empty:
        return
    kept = rows[["external_code"]].merge(kept, on="external_code", how="left").set_axis(rows.index)
    ledger.rows = _placed(rows, kept, named).set_axis(ledger.rows.index)
    _tell(ledger, (kept["located_by"] == "person").sum(), ledger.rows.index[named.index].tolist())


def _placed(rows: pd.DataFrame, kept: pd.DataFrame, named: pd.Series) -> pd.DataFrame:
    """Return the rows with the places that are known of some; the others are as they were."""
    places = rows.reindex(columns=_PLACE).astype(object)
    places["datum"] = places["datum"].fillna("wgs84")
    places["located_by"] = None
    places = places.mask(kept["geom"].notna(), kept[_PLACE])
    places.loc[named.index, "geom"] = named
    places.loc[named.index, "located_by"] = "name"
    numbers = dict.fromkeys(("original_x", "original_y"), "float64")
    return rows.assign(**places.astype(numbers))


def _kept(
    session: Session, kind: str, codes: pd.Series, source: str, *, whole: bool
) -> pd.DataFrame:
    """Return the stored places of these codes: those given by people, or with `whole` all.

    What lies where something else lies (a unit, or what it names) has no place of its own.
    """
    model = LOCATED[kind]
    columns: list[Any] = [model.datum, model.original_x, model.original_y, model.located_by]
    statement = select(model.external_code, wkb(model.geom), *columns).where(
        model.source == source,
        model.external_code == func.any(codes.tolist()),
        model.original_x.is_not(None) if whole else model.located_by == "person",
    )
    return _shaped(session, statement)


def _named(session: Session, kind: str, rows: pd.DataFrame, source: str) -> pd.Series:
    """Return the point of each row that names one place, and only one, by its very name."""
    places = pd.Series(None, index=rows.index, dtype=object)
    for column, things in NAMED.get(kind, {}).items():
        if column in rows:
            texts = rows.loc[places.isna(), column].dropna()
            others = {thing: source if thing.class_ is LOCATED[kind] else None for thing in things}
            places = places.fillna(texts.map(_points(session, others, texts.unique().tolist())))
    return places.dropna()


def _points(
    session: Session, things: Mapping[Named, str | None], names: Sequence[str]
) -> pd.Series:
    """Return the one point of everything that has each of the names.

    `things` are looked for in all sources but the one that stands beside them. What has no place
    counts as another; what lies there by its name only does not.
    """
    found = pd.concat(
        [_shaped(session, _called(*thing, names)) for thing in things.items()], ignore_index=True
    )
    found = found.drop_duplicates()
    sure = found[~found["name"].duplicated(keep=False) & found["geom"].notna()]
    return pd.Series(sure["geom"].to_numpy(), index=sure["name"], dtype=object)


def _called(thing: Named, source: str | None, names: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Return the names and places of what is called by one of `names`, but by no `source`."""
    model = thing.class_
    statement = select(thing.label("name"), wkb(model.geom)).where(
        thing == func.any(names), model.located_by.is_distinct_from("name")
    )
    return statement if source is None else statement.where(model.source != source)


def _shaped(session: Session, statement: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    rows = read_rows(session, statement)
    return rows.assign(geom=shapely.from_wkb(rows.pop("wkb").to_numpy(dtype=object)))


def _tell(ledger: Ledger, n_kept: int, named: list[int]) -> None:
    if n_kept:
        message = f"{n_kept} rows without coordinates stay where people have placed them"
        ledger.remarks.append(Remark("kept_places", message))
    if named:
        message = "without coordinates; laid where the only thing of the name they give lies"
        ledger.remarks.append(Remark("placed_by_name", f"{some_rows(named)}: {message}"))
