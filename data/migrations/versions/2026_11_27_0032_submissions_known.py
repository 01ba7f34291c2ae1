"""A later report for a period stands beside the earlier one, so that both moments are known."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ONCE = "uq_submission_party_id_subject_period_start"
OFTEN = f"{ONCE}_submitted_at"
SAME = ["party_id", "subject", "period_start"]


def upgrade() -> None:
    op.drop_constraint(ONCE, "submission", type_="unique")
    op.create_unique_constraint(OFTEN, "submission", [*SAME, "submitted_at"])


def downgrade() -> None:
    op.execute("""
        DELETE FROM submission AS earlier USING submission AS later
        WHERE (earlier.party_id, earlier.subject, earlier.period_start)
            = (later.party_id, later.subject, later.period_start)
            AND earlier.submitted_at < later.submitted_at
    """)
    op.drop_constraint(OFTEN, "submission", type_="unique")
    op.create_unique_constraint(ONCE, "submission", SAME)
