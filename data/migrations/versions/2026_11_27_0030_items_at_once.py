"""Rectifications as they stood, made anew from JSON only where something was done later."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# As before, but a row to which nothing was done later passes as it is: populating a record costs
# more than all the rest. What is materialized would be computed for each column again.
ITEMS_AT = """
CREATE OR REPLACE FUNCTION guatu_rectifications_at(ends timestamptz, known timestamptz)
RETURNS SETOF rectification
LANGUAGE sql STABLE
AS $$
    WITH kept AS (
        SELECT one.id, one.version, one.found_at, one AS row FROM rectification AS one
        WHERE (known IS NULL OR one.recorded_at <= known) AND one.found_at < ends
        UNION ALL
        SELECT was.id, was.version, was.found_at, was
        FROM row_history AS replaced
        CROSS JOIN LATERAL jsonb_populate_record(NULL::rectification, replaced.data) AS was
        WHERE replaced.table_name = 'rectification'
            AND replaced.recorded_at <= known AND replaced.replaced_at > known
            AND was.found_at < ends
    ),
    later AS (
        SELECT event.subject_id AS id, guatu_overlay(
            CASE WHEN event.before ->> 'state' = event.after ->> 'state'
                THEN event.before - 'state' ELSE event.before END ORDER BY event.id DESC
        ) AS before
        FROM event JOIN kept ON kept.id = event.subject_id
        WHERE event.subject = 'rectification' AND event.happened_at >= ends
            AND (event.after ->> 'at')::timestamptz >= ends
            AND (event.after ->> 'version')::int <= kept.version
        GROUP BY event.subject_id
    ),
    stood AS MATERIALIZED (
        SELECT CASE WHEN later.id IS NULL THEN kept.row ELSE jsonb_populate_record(
            kept.row, later.before || guatu_party_ids(later.before)
        ) END AS row
        FROM kept LEFT JOIN later ON later.id = kept.id
    ),
    begun AS MATERIALIZED (
        SELECT CASE WHEN CASE (stood.row).state
                WHEN 'closed' THEN (stood.row).closed_at ELSE (stood.row).state_at END >= ends
            THEN jsonb_populate_record(
                stood.row, '{"state": "found", "state_at": null, "closed_at": null}'
            ) ELSE stood.row END AS row
        FROM stood
    )
    SELECT (begun.row).* FROM begun
$$
"""

BEFORE = """
CREATE OR REPLACE FUNCTION guatu_rectifications_at(ends timestamptz, known timestamptz)
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
    op.execute(ITEMS_AT)


def downgrade() -> None:
    op.execute(BEFORE)
