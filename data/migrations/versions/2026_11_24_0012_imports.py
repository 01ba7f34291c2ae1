"""Uploads, batches that can be followed, rows to be corrected, and rows as they once stood."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = (
    "state IN ('previewed', 'checking', 'checked', 'importing', 'imported', 'refused', 'failed',"
    " 'undone')"
)
FORMER_STATES = "state IN ('previewed', 'imported', 'undone', 'refused')"
ROW_STATES = "state IN ('refused', 'left_out', 'waiting', 'corrected', 'discarded')"


def now() -> sa.TextClause:
    return sa.text("now()")


def add_uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=now(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_upload"),
    )
    op.create_index("ix_upload_received_at", "upload", ["received_at"])
    # Workbooks are compressed already.
    op.execute("ALTER TABLE upload ALTER COLUMN content SET STORAGE EXTERNAL")


def extend_batches() -> None:
    op.add_column(
        "import_batch", sa.Column("options", JSONB(), server_default="{}", nullable=False)
    )
    op.add_column("import_batch", sa.Column("actor", sa.Text(), nullable=True))
    op.add_column(
        "import_batch",
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=now(), nullable=False),
    )
    op.add_column(
        "import_batch", sa.Column("progress", JSONB(), server_default="{}", nullable=False)
    )
    op.add_column("import_batch", sa.Column("report", JSONB(), nullable=True))
    op.add_column("import_batch", sa.Column("job", sa.BigInteger(), nullable=True))
    op.add_column("import_batch", sa.Column("duplicate_of", sa.Integer(), nullable=True))
    op.create_foreign_key(
        "fk_import_batch_duplicate_of",
        "import_batch",
        "import_batch",
        ["duplicate_of"],
        ["id"],
        ondelete="SET NULL",
    )
    op.alter_column("import_batch", "imported_at", nullable=True, server_default=None)
    op.drop_constraint("ck_import_batch_state_known", "import_batch")
    op.create_check_constraint(op.f("ck_import_batch_state_known"), "import_batch", STATES)


def extend_rows() -> None:
    for name, kind in (("heading", sa.Text()), ("texts", JSONB()), ("remark", sa.Text())):
        op.add_column("import_row", sa.Column(name, kind, nullable=True))
    op.add_column("import_row", sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True))
    # So far only rows whose code an earlier row has were kept here.
    op.add_column(
        "import_row", sa.Column("state", sa.Text(), server_default="left_out", nullable=False)
    )
    op.alter_column("import_row", "state", server_default="refused")
    op.create_check_constraint(op.f("ck_import_row_state_known"), "import_row", ROW_STATES)
    op.drop_index("ix_import_row_import_batch_id", "import_row")
    op.create_index("ix_import_row_import_batch_id", "import_row", ["import_batch_id", "row"])


def add_history() -> None:
    op.create_table(
        "row_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("table_name", sa.Text(collation="C"), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("data", JSONB(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), server_default=now(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("replaced_at >= recorded_at", name=op.f("ck_row_history_interval")),
        sa.PrimaryKeyConstraint("id", name="pk_row_history"),
    )
    op.create_index("ix_row_history_row", "row_history", ["table_name", "row_id", "replaced_at"])
    op.create_index("ix_row_history_batch", "row_history", ["batch"])
    op.create_index("ix_row_history_replaced_by", "row_history", ["replaced_by"])
    # What was known is never made unknown.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON row_history FROM guatu_app")


def let_grids_be_undone() -> None:
    for table in ("grid", "cell"):
        op.add_column(
            table,
            sa.Column(
                "recorded_at", sa.DateTime(timezone=True), server_default=now(), nullable=False
            ),
        )
    op.add_column("cell", sa.Column("import_batch_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        "fk_cell_import_batch_id",
        "cell",
        "import_batch",
        ["import_batch_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("ix_cell_import_batch_id", "cell", ["import_batch_id"])


def upgrade() -> None:
    add_uploads()
    extend_batches()
    extend_rows()
    add_history()
    let_grids_be_undone()


def downgrade() -> None:
    op.drop_column("cell", "import_batch_id")
    for table in ("cell", "grid"):
        op.drop_column(table, "recorded_at")
    op.drop_table("row_history")
    op.drop_index("ix_import_row_import_batch_id", "import_row")
    op.create_index("ix_import_row_import_batch_id", "import_row", ["import_batch_id"])
    for name in ("state", "resolved_at", "remark", "texts", "heading"):
        op.drop_column("import_row", name)
    op.execute("DELETE FROM import_batch WHERE state NOT IN ('imported', 'undone')")
    op.drop_constraint("ck_import_batch_state_known", "import_batch")
    op.create_check_constraint(op.f("ck_import_batch_state_known"), "import_batch", FORMER_STATES)
    op.execute("UPDATE import_batch SET imported_at = received_at WHERE imported_at IS NULL")
    op.alter_column("import_batch", "imported_at", nullable=False, server_default=now())
    for name in ("duplicate_of", "job", "report", "progress", "received_at", "actor", "options"):
        op.drop_column("import_batch", name)
    op.drop_table("upload")
