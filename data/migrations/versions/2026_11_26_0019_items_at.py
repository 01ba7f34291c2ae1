"""Rectifications as they stood at any past moment, as far as they were known at another."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OVERLAY = """
CREATE AGGREGATE guatu_overlay(jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}')
"""

# Events name parties by their codes, rows by their ids.
PARTY_IDS = """
CREATE FUNCTION guatu_party_ids(told jsonb) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(jsonb_object_agg(role.name || '_id', (
        SELECT party.id FROM party WHERE party.code = told ->> role.name
    )), '{}') FROM (VALUES ('lead_party'), ('helping_party')) AS role(name) WHERE told ? role.name
$$
"""

# A row as it was known, with what was done later undone: of several later events that changed one
# column, the earliest says last what it was before; one that left the state alone says nothing of
# it. An event belongs to a row whose version it led to, or that follows. What an import dates later
# than the moment asked for, without an event that tells what was before, was found only.
ITEMS_AT = """
CREATE FUNCTION guatu_rectifications_at(ends timestamptz, known timestamptz)
RETURNS SETOF rectification
LANGUAGE sql STABLE
AS $$
    WITH kept AS (
        SELECT one AS row FROM rectification AS one
        WHERE known IS NULL OR one.recorded_at <= known
        UNION ALL
        SELECT jsonb_populate_record(NULL::rectification, replaced.data)
        FROM row_history AS replaced
        WHERE replaced.table_name = 'rectification'
            AND replaced.recorded_at <= known AND replaced.replaced_at > known
    ),
    later AS (
        SELECT event.subject_id AS id, guatu_overlay(
            CASE WHEN event.before ->> 'state' = event.after ->> 'state'
                THEN event.before - 'state' ELSE event.before END ORDER BY event.id DESC
        ) AS before
        FROM event JOIN kept ON (kept.row).id = event.subject_id
        WHERE event.subject = 'rectification' AND event.happened_at >= ends
            AND (event.after ->> 'at')::timestamptz >= ends
            AND (event.after ->> 'version')::int <= (kept.row).version
        GROUP BY event.subject_id
    ),
    stood AS (
        SELECT CASE WHEN later.id IS NULL THEN kept.row ELSE jsonb_populate_record(
            kept.row, later.before || guatu_party_ids(later.before)
        ) END AS row
        FROM kept LEFT JOIN later ON later.id = (kept.row).id
        WHERE (kept.row).found_at < ends
    )
    SELECT item.* FROM stood CROSS JOIN LATERAL jsonb_populate_record(
        stood.row,
        CASE WHEN CASE (stood.row).state
                WHEN 'closed' THEN (stood.row).closed_at ELSE (stood.row).state_at END >= ends
            THEN '{"state": "found", "state_at": null, "closed_at": null}'::jsonb
            ELSE '{}'::jsonb END
    ) AS item
$$
"""


def upgrade() -> None:
    op.execute(OVERLAY)
    op.execute(PARTY_IDS)
    op.execute(ITEMS_AT)
    op.create_index("ix_event_happened_at", "event", ["happened_at"])


def downgrade() -> None:
    op.drop_index("ix_event_happened_at", "event")
    op.execute("DROP FUNCTION guatu_rectifications_at")
    op.execute("DROP FUNCTION guatu_party_ids")
    op.execute("DROP AGGREGATE guatu_overlay(jsonb)")
