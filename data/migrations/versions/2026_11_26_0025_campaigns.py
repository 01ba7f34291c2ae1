"""Campaigns say who leads them, and how long they leave for what they find."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("deadline_days", sa.Integer(), nullable=True))
    op.add_column("campaign", sa.Column("lead_party_id", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_campaign_deadline_not_negative"), "campaign", "deadline_days >= 0"
    )
    op.create_foreign_key(
        "fk_campaign_lead_party_id", "campaign", "party", ["lead_party_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("campaign", "lead_party_id")
    op.drop_column("campaign", "deadline_days")
