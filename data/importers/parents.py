"""The coarser cells that the cells of a grid say they are part of (上级网格)."""

from sqlalchemy.orm import Session

from data.grids import parent_ids
from data.importers.ledger import Ledger
from data.importers.report import Remark

_MOST_CODES = 10


def check_parents(session: Session, ledger: Ledger, grid: str) -> None:
    """Remark the parents that no other grid has, or several: such cells are kept without one."""
    if "parent_code" not in ledger.rows:
        return
    codes = ledger.rows["parent_code"]
    unknown = codes[codes.notna() & parent_ids(session, grid, codes).isna()].unique().tolist()
    if unknown:
        more = ", …" if len(unknown) > _MOST_CODES else ""
        told = ", ".join(f"{code:.40}" for code in unknown[:_MOST_CODES]) + more
        message = f"no other grid has the parent cell, or several have: {told}"
        ledger.remarks.append(Remark("parents_unknown", message))
