"""What is left beside an item may be asked for as it was known: evidence, limits, supervision."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = ("evidence", "extension", "supervision")

# What is there already was recorded by the event that tells of it; of what no event tells, when it
# was done is all that is known.
SINCE_ITS_EVENT = """
UPDATE {table} SET {column} = coalesce((
    SELECT min(event.happened_at) FROM event
    WHERE event.subject = 'rectification' AND event.subject_id = {table}.rectification_id
        AND event.action = {action} AND {same}
), {otherwise})
"""
SAME_MOMENT = "(event.after ->> 'at')::timestamptz = {table}.{column}"
SAME_DAY = "(event.after ->> '{column}')::date = supervision.{column}"


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "supervision", sa.Column("removal_recorded_at", sa.DateTime(timezone=True), nullable=True)
    )
    _date("evidence", "recorded_at", "evidence.action", "added_at")
    _date("extension", "recorded_at", "'extend'", "granted_at")
    _date_supervision("recorded_at", "'list'", "listed_on")
    _date_supervision("removal_recorded_at", "'unlist'", "removed_on")
    for table in TABLES:
        op.alter_column(table, "recorded_at", nullable=False, server_default=sa.text("guatu_now()"))


def _date(table: str, column: str, action: str, done: str) -> None:
    same = SAME_MOMENT.format(table=table, column=done)
    op.execute(
        SINCE_ITS_EVENT.format(table=table, column=column, action=action, same=same, otherwise=done)
    )


def _date_supervision(column: str, action: str, day: str) -> None:
    same = SAME_DAY.format(column=day)
    op.execute(
        SINCE_ITS_EVENT.format(
            table="supervision", column=column, action=action, same=same, otherwise=day
        )
    )


def downgrade() -> None:
    op.drop_column("supervision", "removal_recorded_at")
    for table in TABLES:
        op.drop_column(table, "recorded_at")
