"""Take a batch back: what it brought goes, what it changed becomes what it was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from psycopg import sql
from sqlalchemy import Engine, Table, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.cities import settle_city
from data.engine import loading
from data.errors import DependentRowsError
from data.history import keep
from data.importers.batches import find_batch, move_batch
from data.importers.dependents import dependents
from data.importers.replacing import recompute, say_again
from data.loading import MODELS, SUBJECTS
from data.models import Cell, Event, Grid, ImportBatch, ImportRow, Segment
from data.snapping import let_go
from data.upserts import names, run, table_of

_KINDS: dict[str, Table] = {kind: table_of(model) for kind, model in MODELS.items()}
_ORDER: tuple[Table, ...] = (table_of(Grid), table_of(Cell), *_KINDS.values())
"""Every table that imports write to, each after those it refers to."""

_SUBJECT = {table.name: SUBJECTS[kind] for kind, table in _KINDS.items()}

# The first version a batch replaced is how a row stood before it; where that is the batch's own,
# the row was new with it.
_BEFORE = sql.SQL("""
    CREATE TEMP TABLE {before} ON COMMIT DROP AS
    SELECT * FROM (
        SELECT DISTINCT ON (row_id) row_id AS id, data, batch, replaced_at AS gone_at
        FROM row_history
        WHERE table_name = {name} AND replaced_by = {batch} ORDER BY row_id, id
    ) AS first WHERE batch IS DISTINCT FROM {batch}
""")
_NEW = sql.SQL("""
    CREATE TEMP TABLE {new} ON COMMIT DROP AS
    SELECT id FROM {table}
    WHERE import_batch_id = {batch} AND id NOT IN (SELECT id FROM {before})
""")
_OVERTAKEN = sql.SQL("""
    SELECT DISTINCT h.replaced_by FROM row_history AS h LEFT JOIN {table} AS now
        ON now.id = h.row_id
    WHERE h.table_name = {name} AND h.batch = {batch} AND h.replaced_by IS DISTINCT FROM {batch}
        AND (h.replaced_by IS NULL OR now.import_batch_id IS DISTINCT FROM {batch})
""")
_CHANGED = sql.SQL("""
    SELECT id FROM {table} WHERE import_batch_id = {batch} AND id IN (SELECT id FROM {before})
""")
_RESTORE = sql.SQL("""
    UPDATE {table} AS now SET ({columns}) = (
        SELECT {columns} FROM jsonb_populate_record(now, was.data || {recorded}))
    FROM {before} AS was WHERE was.id = now.id AND now.import_batch_id = {batch}
""")
_BRING_BACK = sql.SQL("""
    INSERT INTO {table} ({columns})
    SELECT {columns} FROM (
        SELECT (jsonb_populate_record(NULL::{table}, data || {recorded})).*, gone_at
        FROM {before}
    ) AS was
    WHERE NOT EXISTS (SELECT FROM {table} AS now WHERE now.id = was.id) AND NOT EXISTS (
        SELECT FROM row_history AS h WHERE h.table_name = {name} AND h.row_id = was.id
            AND h.replaced_by IS DISTINCT FROM {batch} AND h.replaced_at > was.gone_at)
""")
_RECORDED = sql.SQL("jsonb_build_object('recorded_at', guatu_now())")


@dataclass(frozen=True)
class Undone:
    """How many rows went, became what they were, or came back."""

    removed: int = 0
    restored: int = 0
    brought_back: int = 0

    def __add__(self, other: "Undone") -> "Undone":
        return Undone(
            self.removed + other.removed,
            self.restored + other.restored,
            self.brought_back + other.brought_back,
        )


@dataclass(frozen=True)
class _Part:
    """The rows of one table that a batch wrote."""

    table: Table
    batch: int

    @property
    def parts(self) -> dict[str, sql.Composable]:
        """What the statements name."""
        stored = [column.name for column in self.table.columns if column.computed is None]
        return {
            "table": sql.Identifier(self.table.name),
            "name": sql.Literal(self.table.name),
            "batch": sql.Literal(self.batch),
            "before": sql.Identifier("pg_temp", f"before_{self.table.name}"),
            "new": sql.Identifier("pg_temp", f"new_{self.table.name}"),
            "columns": names(stored),
            "recorded": _RECORDED,
        }

    @property
    def going(self) -> sql.Composed:
        """A query of the ids of the rows that go."""
        return sql.SQL("SELECT id FROM {new}").format(**self.parts)


def undo_batch(engine: Engine, batch_id: int, actor: str) -> Undone:
    """Take back what a batch wrote, in one transaction; importing its file again is the way back.

    Raises
    ------
    NotFoundError
        When there is no such batch.
    WrongStateError
        When it is not imported.
    DependentRowsError
        When later batches changed the same rows, or other rows refer to those that would go.
    """
    # The transaction looks at what moved when it ends.
    moved: set[str] = set()
    try:
        with loading(engine, moves=moved) as session:
            move_batch(session, batch_id, ("imported",), "undone")
            undone, touched = _undo(session, batch_id)
            moved |= {_SUBJECT.get(name, "grids") for name in touched}
            _record(session, batch_id, undone, actor)
    except IntegrityError as error:
        raise DependentRowsError(
            f"import {batch_id} cannot be undone: codes it had freed are taken"
        ) from error
    return undone


def _undo(session: Session, batch_id: int) -> tuple[Undone, list[str]]:
    parts = [_Part(table, batch_id) for table in _ORDER]
    for part in parts:
        run(session, _BEFORE.format(**part.parts))
        run(session, _NEW.format(**part.parts))
    _refuse_overtaken(session, parts)
    _refuse_named(session, parts)
    done = {part.table.name: _restore(session, part) for part in parts}
    say_again(session, batch_id)
    for part in reversed(parts):
        done[part.table.name] += _remove(session, part)
    touched = [name for name, undone in done.items() if undone != Undone()]
    recompute(session, touched)
    return sum(done.values(), Undone()), touched


def _refuse_overtaken(session: Session, parts: Sequence[_Part]) -> None:
    """Refuse where a later batch, or a person, has written the same rows."""
    later: set[int | None] = set()
    for part in parts:
        later |= set(_column(session, _OVERTAKEN.format(**part.parts)))
    if later:
        raise DependentRowsError(
            f"import {parts[0].batch} cannot be undone: its rows were changed by"
            f" {', '.join(_who(session, later))}; undo that first"
        )


def _who(session: Session, later: Iterable[int | None]) -> Iterator[str]:
    known = [batch for batch in later if batch is not None]
    columns = (ImportBatch.id, ImportBatch.file_name)
    chosen = select(*columns).where(ImportBatch.id.in_(known)).order_by(ImportBatch.id)
    for number, name in session.execute(chosen).all():
        yield f"import {number} ({name})"
    if None in set(later):
        yield "hand"


def _refuse_named(session: Session, parts: Sequence[_Part]) -> None:
    """Refuse where rows of others refer to rows that would go."""
    spared = {
        part.table.name: sql.SQL("SELECT id FROM {new} UNION SELECT id FROM {before}").format(
            **part.parts
        )
        for part in parts
    }
    found = [told for part in parts for told in dependents(session, part.table, part.going, spared)]
    if found:
        raise DependentRowsError(
            f"import {parts[0].batch} cannot be undone: its rows are referred to by"
            f" {', '.join(found)}"
        )


def _restore(session: Session, part: _Part) -> Undone:
    """Let what the batch changed or removed be what it was; write down how it stands."""
    named = part.parts
    keep(session, part.table, _CHANGED.format(**named))
    restored = run(session, _RESTORE.format(**named))
    return Undone(0, restored, run(session, _BRING_BACK.format(**named)))


def _remove(session: Session, part: _Part) -> Undone:
    keep(session, part.table, part.going)
    if part.table is table_of(Segment):
        let_go(session, part.going)
    gone = sql.SQL("DELETE FROM {} WHERE id IN ({})")
    return Undone(run(session, gone.format(sql.Identifier(part.table.name), part.going)))


def _record(session: Session, batch_id: int, undone: Undone, actor: str) -> None:
    batch = find_batch(session, batch_id)
    waiting = (ImportRow.import_batch_id == batch_id, ImportRow.state == "waiting")
    remark = {"state": "discarded", "remark": "the import was undone"}
    session.execute(update(ImportRow).where(*waiting).values(**remark))
    settle_city(session)
    session.add(
        Event(
            actor=actor,
            action="undo",
            subject=batch.kind,
            subject_id=batch_id,
            before=batch.counts,
            after=asdict(undone),
        )
    )


def _column(session: Session, statement: sql.Composable) -> list[Any]:
    found = session.connection().exec_driver_sql(statement.as_string().replace("%", "%%"))
    return list(found.scalars())
