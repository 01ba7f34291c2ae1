"""Which cells a reader may see. Every query function takes one."""

from dataclasses import dataclass
from typing import Any, TypeVarTuple

from sqlalchemy import Select, SQLColumnExpression

Row = TypeVarTuple("Row")


@dataclass(frozen=True)
class Scope:
    """The ids of the cells a reader may see; ``None`` is the whole city."""

    cell_ids: frozenset[int] | None = None

    @property
    def key(self) -> str:
        """A short text that is equal for equal scopes: part of every cache key and ETag."""
        if self.cell_ids is None:
            return "city"
        return ",".join(map(str, sorted(self.cell_ids)))

    def narrow(self, statement: Select[*Row], cell_id: SQLColumnExpression[Any]) -> Select[*Row]:
        """Keep only the rows whose `cell_id` the reader may see."""
        if self.cell_ids is None:
            return statement
        return statement.where(cell_id.in_(sorted(self.cell_ids)))


WHOLE_CITY = Scope()
