"""What was read, reported, published and done; who may act; the counters that writes move."""

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Code, Id, Moment, one_of

SUBJECTS = ("grids", "ledgers", "streetlights", "rectifications")
BATCH_STATES = (
    "previewed",
    "checking",
    "checked",
    "importing",
    "imported",
    "refused",
    "failed",
    "undone",
)
ROW_STATES = ("refused", "left_out", "waiting", "corrected", "discarded")
SUBMISSION_STATES = ("reported", "zero_report")


class Revision(Base):
    """One counter per subject, moved by the last statement of every writing transaction."""

    __tablename__ = "revision"
    __table_args__ = (one_of("subject", SUBJECTS),)

    subject: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, server_default="0")
    moved_at: Mapped[Moment] = mapped_column(server_default=func.now())


class Upload(Base):
    """The content of a file that came over the web, kept until nobody needs it any more."""

    __tablename__ = "upload"

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[Moment] = mapped_column(server_default=func.now(), index=True)


class UnitChange(Base):
    """Which units a transaction changed, moved or visited; NULL for too many to name.

    Written by triggers and kept for a day; what a process keeps is brought up to date by it.
    """

    __tablename__ = "unit_change"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    written_by: Mapped[int] = mapped_column(
        BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"), index=True
    )
    noted_at: Mapped[Moment] = mapped_column(server_default=func.now(), index=True)
    unit_ids: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))


class ImportBatch(Base):
    """One upload of one file: what was asked of it, how far it is and what became of it.

    `mapping` is what, besides the file, decides what is stored; `options` all that was asked;
    `duplicate_of` the batch that brought the same file before.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        one_of("state", BATCH_STATES),
        Index("ix_import_batch_kind_source", "kind", "source", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    source: Mapped[Code]
    file_name: Mapped[str]
    file_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    state: Mapped[str] = mapped_column(server_default="imported")
    actor: Mapped[str | None]
    received_at: Mapped[Moment] = mapped_column(server_default=func.now())
    imported_at: Mapped[Moment | None]
    progress: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    job: Mapped[int | None] = mapped_column(BigInteger)
    duplicate_of: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id", ondelete="SET NULL")
    )


class ImportRow(Base):
    """What was wrong with one field of a row of an upload, and what became of the row.

    `texts` has the whole row by heading where it waits to be corrected; a row with several errors
    carries them beside the first.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        one_of("state", ROW_STATES),
        Index("ix_import_row_import_batch_id", "import_batch_id", "row"),
    )

    id: Mapped[Id]
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    row: Mapped[int]
    field: Mapped[str | None]
    heading: Mapped[str | None]
    value: Mapped[str | None]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="refused")
    texts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    remark: Mapped[str | None]
    resolved_at: Mapped[Moment | None]


class RowHistory(Base):
    """A row as it stood from `recorded_at` until, not including, `replaced_at`.

    Only rows that were changed or removed are here; `data` has every column of the row, geometries
    as hexadecimal EWKB. `batch` wrote the row as it stood, `replaced_by` the one that followed;
    NULL where no batch did.
    """

    __tablename__ = "row_history"
    __table_args__ = (
        CheckConstraint("replaced_at >= recorded_at", name="interval"),
        Index("ix_row_history_row", "table_name", "row_id", "replaced_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    table_name: Mapped[Code]
    row_id: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    batch: Mapped[int | None] = mapped_column(index=True)
    recorded_at: Mapped[Moment]
    replaced_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())
    replaced_by: Mapped[int | None] = mapped_column(index=True)


class SavedMapping(Base):
    """What a heading of a source's ledgers was said to mean; no field: it is kept as it stands."""

    __tablename__ = "saved_mapping"

    kind: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[Code] = mapped_column(primary_key=True)
    heading: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str | None]


class Event(Base):
    """Append-only and hash-chained: who did what, when, before and after.

    The place in the chain, the time and both hashes are set by the database, whatever was given.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject_subject_id", "subject", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
    )
    happened_at: Mapped[Moment] = mapped_column(server_default=FetchedValue(), index=True)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary, server_default=FetchedValue())
    hash: Mapped[bytes] = mapped_column(LargeBinary, server_default=FetchedValue())


class Submission(Base):
    """Who reported for which period; no row means not reported, never zero.

    A later report for the same period stands beside the earlier one, and holds from then on.
    """

    __tablename__ = "submission"
    __table_args__ = (
        one_of("state", SUBMISSION_STATES),
        UniqueConstraint("party_id", "subject", "period_start", "submitted_at"),
        CheckConstraint("period_end >= period_start", name="interval"),
    )

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    subject: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    state: Mapped[str]
    submitted_at: Mapped[Moment] = mapped_column(server_default=func.guatu_now())


class Publication(Base):
    """A bulletin once issued, frozen with its figures."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: Mapped[Id]
    kind: Mapped[str]
    number: Mapped[int]
    cut_off_at: Mapped[Moment]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    drafted_by: Mapped[str | None]
    checked_by: Mapped[str | None]
    signed_by: Mapped[str | None]
    issued_at: Mapped[Moment | None]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))


class Account(Base):
    """A person who may sign in."""

    __tablename__ = "account"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    closed_at: Mapped[Moment | None]


class AreaGrant(Base):
    """A role of an account in one cell and all cells below it."""

    __tablename__ = "area_grant"
    __table_args__ = (UniqueConstraint("account_id", "role", "cell_id"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str]
    cell_id: Mapped[int] = mapped_column(ForeignKey("cell.id", ondelete="CASCADE"))
