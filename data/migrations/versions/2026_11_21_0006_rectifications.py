"""Work items and what belongs to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_campaign_interval")),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
        sa.UniqueConstraint("code", name="uq_campaign_code"),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("axis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_party"),
        sa.UniqueConstraint("code", name="uq_party_code"),
    )
    op.create_table(
        "sanction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("fine_yuan", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("resumed_on", sa.Date(), nullable=True),
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
        sa.CheckConstraint(
            "kind IN ('order', 'fine', 'seal', 'suspension', 'closure', 'exposure', 'interview')",
            name=op.f("ck_sanction_kind_known"),
        ),
        sa.CheckConstraint("fine_yuan >= 0", name=op.f("ck_sanction_fine_not_negative")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_sanction_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name="fk_sanction_unit_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sanction"),
        sa.UniqueConstraint("source", "external_code", name="uq_sanction_source_external_code"),
    )
    op.create_index("ix_sanction_import_batch_id", "sanction", ["import_batch_id"])
    op.create_index("ix_sanction_unit_id_issued_on", "sanction", ["unit_id", "issued_on"])
    op.create_table(
        "rectification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hazard_id", sa.Integer(), nullable=True),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), server_default="found", nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("lead_party_id", sa.Integer(), nullable=True),
        sa.Column("helping_party_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("money_yuan", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("contingency", sa.Text(), nullable=True),
        sa.Column("handover_batch", sa.Text(collation="C"), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("exempt_confirmed_by_city", sa.Text(), nullable=True),
        sa.Column("exempt_confirmed_by_builder", sa.Text(), nullable=True),
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
        sa.CheckConstraint(
            "cause IN ('never_handed_over', 'under_construction', 'no_power', "
            "'cable_cut', 'aged_line', 'trees', 'no_lamp', 'other')",
            name=op.f("ck_rectification_cause_known"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_rectification_closed_dated")
        ),
        sa.CheckConstraint(
            "state IN ('found', 'registered', 'handed_over', 'claimed', 'fixing', "
            "'reported_fixed', 'rechecked', 'self_assessed', 'accepted', 'closed', "
            "'fixed_on_site', 'returned', 'recheck_failed', 'transferred', "
            "'exempt', 'reopened')",
            name=op.f("ck_rectification_state_known"),
        ),
        sa.CheckConstraint("closed_at >= found_at", name=op.f("ck_rectification_interval")),
        sa.CheckConstraint(
            "num_nonnulls(hazard_id, segment_id) = 1", name=op.f("ck_rectification_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["hazard_id"], ["hazard.id"], name="fk_rectification_hazard_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["helping_party_id"], ["party.id"], name="fk_rectification_helping_party_id"
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_rectification_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["lead_party_id"], ["party.id"], name="fk_rectification_lead_party_id"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name="fk_rectification_segment_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rectification"),
        sa.UniqueConstraint(
            "source", "external_code", name="uq_rectification_source_external_code"
        ),
    )
    op.create_index("ix_rectification_hazard_id", "rectification", ["hazard_id"])
    op.create_index("ix_rectification_import_batch_id", "rectification", ["import_batch_id"])
    op.create_index("ix_rectification_segment_id", "rectification", ["segment_id"])
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rectification_id", sa.Integer(), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectification.id"],
            name="fk_extension_rectification_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_extension"),
    )
    op.create_index("ix_extension_rectification_id", "extension", ["rectification_id"])
    op.create_table(
        "rectification_campaign",
        sa.Column("rectification_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name="fk_rectification_campaign_campaign_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectification.id"],
            name="fk_rectification_campaign_rectification_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "rectification_id", "campaign_id", name="pk_rectification_campaign"
        ),
    )
    op.create_table(
        "supervision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rectification_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name="fk_supervision_party_id"),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectification.id"],
            name="fk_supervision_rectification_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_supervision"),
    )
    op.create_index("ix_supervision_rectification_id", "supervision", ["rectification_id"])


def downgrade() -> None:
    op.drop_table("supervision")
    op.drop_table("rectification_campaign")
    op.drop_table("extension")
    op.drop_table("rectification")
    op.drop_table("sanction")
    op.drop_table("party")
    op.drop_table("campaign")
