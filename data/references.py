"""Codes that a ledger row uses for other rows, turned into their ids."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.models import Base, Hazard, Inspection, Lamp, Party, PowerBox, Segment, Unit
from data.upserts import table_of

REFERENCES: dict[str, dict[str, tuple[str, type[Base]]]] = {
    "inspections": {"unit_code": ("unit_id", Unit)},
    "hazards": {"unit_code": ("unit_id", Unit), "inspection_code": ("inspection_id", Inspection)},
    "handovers": {"segment_code": ("segment_id", Segment)},
    "lamps": {"box_code": ("power_box_id", PowerBox)},
    "outages": {"lamp_code": ("lamp_id", Lamp)},
    "rectifications": {
        "hazard_code": ("hazard_id", Hazard),
        "segment_code": ("segment_id", Segment),
    },
}
"""For each kind: the column that holds the code, the column of the id, and whose code it is."""

PARTIES = {"lead_party": "lead_party_id", "helping_party": "helping_party_id"}


def resolve(session: Session, model: type[Base], codes: pd.Series, source: str) -> pd.Series:
    """Return the id each code stands for, ``<NA>`` where it is missing, unknown or ambiguous.

    A code means the row of the same source; failing that, the only row of that code in any source.
    A segment may also be meant by the code of its ledger row: then it is the first part.
    """
    # A large ledger names each thing many times, and it is looked up once.
    which, named = pd.factorize(codes.to_numpy(dtype=object))
    known = _known(session, model, named.tolist())
    own = known[known["source"] == source]
    others = known[~known["code"].isin(own["code"]) & ~known["code"].duplicated(keep=False)]
    found = pd.concat([own, others]).set_index("code")["id"]
    ids = pd.array([*found.reindex(named), pd.NA], dtype="Int64")
    # What is missing has the number -1: the last id, which is none.
    return pd.Series(ids.take(which), index=codes.index, name=codes.name)


def party_ids(session: Session, names: pd.Series) -> pd.Series:
    """Return the id of each named party; a party not known yet is made, its name is its code."""
    wanted = sorted(names.dropna().unique())
    known = set(session.scalars(select(Party.code).where(Party.code.in_(wanted))))
    session.add_all(Party(code=name, name=name) for name in wanted if name not in known)
    session.flush()
    rows = session.execute(select(Party.code, Party.id).where(Party.code.in_(wanted))).all()
    return names.map({row.code: row.id for row in rows}).astype("Int64")


def _known(session: Session, model: type[Base], codes: list[str]) -> pd.DataFrame:
    """Return code, source and id of every row that one of `codes` may mean."""
    found = [_rows(session, model, "external_code", codes)]
    if model is Segment:
        parts = _rows(session, model, "ledger_code", codes).sort_values("external_code")
        parts = parts.drop_duplicates(["source", "code"])
        found.append(parts[~parts["code"].isin(found[0]["code"])])
    return pd.concat(found)[["code", "source", "id"]]


def _rows(session: Session, model: type[Base], column: str, codes: list[str]) -> pd.DataFrame:
    table = table_of(model)
    wanted = [table.c[column], table.c["external_code"], table.c["source"], table.c["id"]]
    statement = select(*wanted).where(table.c[column] == func.any(codes))
    rows = [tuple(row) for row in session.execute(statement).all()]
    return pd.DataFrame(rows, columns=["code", "external_code", "source", "id"])
