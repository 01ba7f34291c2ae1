"""Where the ledger's word for the cell of a thing and the computed cell disagree."""

from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from data.models import Cell, Grid, Placement
from data.placing import PLACED
from data.scope import Scope


def disagreements(
    session: Session, scope: Scope, grid: int | None = None, *, after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """Return the placements whose declared cell is not the computed one, by id after `after`.

    Each names the kind, code and name of the thing, both cells, and the override with its reason,
    if somebody has decided.
    """
    parts = [_of_kind(kind, scope, grid, after, limit) for kind in PLACED]
    everything = union_all(*parts).subquery()
    statement = select(everything).order_by(everything.c.id).limit(limit)
    return [dict(row) for row in session.execute(statement).mappings()]


def _of_kind(
    kind: str, scope: Scope, grid: int | None, after: int, limit: int
) -> Select[*tuple[Any, ...]]:
    model = PLACED[kind]
    computed, declared, override = aliased(Cell), aliased(Cell), aliased(Cell)
    name = getattr(
        model, {"units": "name", "hazards": "place", "lamps": "road_name"}.get(kind, "name")
    )
    statement = (
        select(
            Placement.id,
            literal(kind).label("kind"),
            model.external_code.label("code"),
            func.coalesce(name, "").label("name"),
            Grid.code.label("grid"),
            computed.code.label("computed"),
            computed.name.label("computed_name"),
            declared.code.label("declared"),
            declared.name.label("declared_name"),
            override.code.label("override"),
            Placement.override_reason.label("reason"),
        )
        .join(model, model.id == getattr(Placement, f"{model.__tablename__}_id"))
        .join(Grid, Grid.id == Placement.grid_id)
        .join(declared, declared.id == Placement.declared_cell_id)
        .outerjoin(computed, computed.id == Placement.computed_cell_id)
        .outerjoin(override, override.id == Placement.override_cell_id)
        .where(
            Placement.id > after,
            Placement.computed_cell_id.is_distinct_from(Placement.declared_cell_id),
        )
        .order_by(Placement.id)
        .limit(limit)
    )
    if grid is not None:
        statement = statement.where(Placement.grid_id == grid)
    narrowed = scope.narrow(statement, Placement.declared_cell_id)
    return select(narrowed.subquery())
