"""The hand-over register of segments, which may be asked for as it was known."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MAKE_VIEWS = """
CREATE OR REPLACE FUNCTION guatu_make_known_views() RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    ledger text;
BEGIN
    DROP SCHEMA IF EXISTS known CASCADE;
    CREATE SCHEMA known;
    GRANT USAGE ON SCHEMA known TO guatu_app;
    FOREACH ledger IN ARRAY ARRAY[{ledgers}] LOOP
        EXECUTE guatu_known_ledger(ledger);
    END LOOP;
    EXECUTE guatu_known_placement();
    GRANT SELECT ON ALL TABLES IN SCHEMA known TO guatu_app;
END
$$
"""
LEDGERS = "'unit', 'inspection', 'hazard', 'power_box', 'segment', 'lamp', 'outage'"


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("built_on", sa.Date(), nullable=True),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("handed_by", sa.Text(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=True),
        sa.Column("evidence_file", sa.Text(), nullable=True),
        sa.Column("evidence_sha256", sa.Text(), nullable=True),
        sa.Column("evidence_note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("external_code", sa.Text(collation="C"), nullable=False),
        sa.Column("properties", JSONB(), server_default="{}", nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("handed_over_on >= built_on", name=op.f("ck_handover_built_first")),
        sa.CheckConstraint(
            "accepted_on IS NULL OR (handed_over_on IS NOT NULL AND accepted_on >= handed_over_on)",
            name=op.f("ck_handover_handed_over_first"),
        ),
        sa.CheckConstraint(
            "evidence_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_handover_sha256_whole")
        ),
        sa.CheckConstraint(
            "num_nonnulls(evidence_file, evidence_sha256, evidence_note) IN (0, 3)",
            name=op.f("ck_handover_evidence_whole"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(handed_over_on, evidence_file) > 0", name=op.f("ck_handover_shown")
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name="fk_handover_segment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_handover_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.UniqueConstraint("source", "external_code", name="uq_handover_source_external_code"),
    )
    op.create_index("ix_handover_segment_id", "handover", ["segment_id"])
    op.create_index("ix_handover_import_batch_id", "handover", ["import_batch_id"])
    op.execute(MAKE_VIEWS.format(ledgers=f"{LEDGERS}, 'handover'"))


def downgrade() -> None:
    op.execute("DROP SCHEMA IF EXISTS known CASCADE")
    op.drop_table("handover")
    op.execute(MAKE_VIEWS.format(ledgers=LEDGERS))
    op.execute("SELECT guatu_make_known_views()")
