"""Units that a ledger names by name, because it has no codes for them."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.importers.cells import refusal
from data.importers.ledger import Ledger
from data.importers.report import Remark, RowError, some_rows
from data.models import Unit
from data.references import REFERENCES, resolve


def name_units(session: Session, kind: str, ledger: Ledger, source: str) -> list[RowError]:
    """Fill the codes of units that are named only, and return the rows that must have one.

    A name means the unit of the same source that has it, failing that the only one in any source.
    A hazard whose unit is not known is kept without one; a visit is a visit to a unit.
    """
    if ledger.unit_names is None or "unit_code" not in REFERENCES.get(kind, {}):
        return []
    rows, names = ledger.rows, ledger.unit_names
    codes = rows.get("unit_code", pd.Series(None, index=rows.index, dtype=object))
    open_rows = codes.isna() & names.notna()
    rows["unit_code"] = codes.mask(open_rows, names.map(_codes_of(session, names, source)))
    rows["unit_code"] = rows["unit_code"].astype(object).where(rows["unit_code"].notna(), None)
    unknown = open_rows & rows["unit_code"].isna()
    if kind == "inspections":
        reason = "names no unit, or several have the name"
        return [refusal(row, "unit_name", name, reason) for row, name in names[unknown].items()]
    if unknown.any():
        message = "the unit that is named is not known, or several have the name: kept without it"
        rows_told = some_rows(rows.index[unknown].tolist())
        ledger.remarks.append(Remark("unknown_units", f"{rows_told}: {message}"))
    return []


def _codes_of(session: Session, names: pd.Series, source: str) -> dict[str, str]:
    wanted = names.dropna().unique().tolist()
    columns = [Unit.id, Unit.name, Unit.external_code, Unit.source]
    found = session.execute(select(*columns).where(Unit.name == func.any(wanted))).all()
    units = pd.DataFrame(found, columns=["id", "name", "code", "source"])
    units["own"] = units["source"] == source
    best = units[units["own"] | ~units["name"].isin(units["name"][units["own"]])]
    best = best[~best["name"].duplicated(keep=False)]
    # The code of another source may be that of another unit here.
    same = resolve(session, Unit, best["code"], source).eq(best["id"]).fillna(value=False)
    return dict(zip(best["name"][same], best["code"][same], strict=True))
