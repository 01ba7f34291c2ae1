"""The ledgers as they were known at another moment: views of the same names in a schema."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KNOWN_AT = """
CREATE FUNCTION guatu_known_at() RETURNS timestamptz LANGUAGE sql STABLE
AS $$ SELECT current_setting('guatu.known_at')::timestamptz $$
"""

# Who sets the path to (known, public) reads every table of a ledger as it was known at the moment
# that is set beside it, with the statements of every day. Made anew after every migration.
MAKE_VIEWS = """
CREATE FUNCTION guatu_make_known_views() RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    ledger text;
BEGIN
    DROP SCHEMA IF EXISTS known CASCADE;
    CREATE SCHEMA known;
    GRANT USAGE ON SCHEMA known TO guatu_app;
    FOREACH ledger IN ARRAY ARRAY[
        'unit', 'inspection', 'hazard', 'power_box', 'segment', 'lamp', 'outage'
    ] LOOP
        EXECUTE format($view$
            CREATE VIEW known.%1$I AS
            SELECT * FROM public.%1$I WHERE recorded_at <= public.guatu_known_at()
            UNION ALL
            SELECT before.* FROM public.row_history AS replaced
            CROSS JOIN LATERAL jsonb_populate_record(NULL::public.%1$I, replaced.data) AS before
            WHERE replaced.table_name = %1$L AND replaced.recorded_at <= public.guatu_known_at()
                AND replaced.replaced_at > public.guatu_known_at()
        $view$, ledger);
    END LOOP;
    EXECUTE guatu_known_placement();
    GRANT SELECT ON ALL TABLES IN SCHEMA known TO guatu_app;
END
$$
"""

# What was changed since is placed as it lay then into the cells of now: points by the rule of
# single writes, a street where most of it lies. What a ledger declares and a person overrides is
# kept.
PLACE_LINE = """
CREATE FUNCTION guatu_place_line(place geometry, in_grid integer) RETURNS integer
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    SELECT id FROM cell
    WHERE grid_id = in_grid AND geom && place AND ST_Intersects(geom, place)
    ORDER BY ST_Length(ST_Intersection(geom, place)::geography) DESC, code LIMIT 1
$$
"""
PLACEMENT = """
CREATE FUNCTION guatu_known_placement() RETURNS text LANGUAGE sql IMMUTABLE
AS $$
SELECT $view$
    CREATE VIEW known.placement AS
    WITH replaced AS (
        SELECT row_id, table_name, (data ->> 'geom')::geometry AS place FROM public.row_history
        WHERE table_name IN ('unit', 'hazard', 'lamp', 'segment')
            AND recorded_at <= public.guatu_known_at() AND replaced_at > public.guatu_known_at()
    )
    SELECT id, grid_id, unit_id, hazard_id, lamp_id, segment_id, computed_cell_id,
        declared_cell_id, override_cell_id, override_reason, share, cell_id
    FROM public.placement AS now_kept
    WHERE NOT EXISTS (
        SELECT FROM replaced
        WHERE (table_name, row_id) = ('unit', now_kept.unit_id)
            OR (table_name, row_id) = ('hazard', now_kept.hazard_id)
            OR (table_name, row_id) = ('lamp', now_kept.lamp_id)
            OR (table_name, row_id) = ('segment', now_kept.segment_id)
    )
    UNION ALL
    SELECT now_kept.id, grid.id,
        CASE table_name WHEN 'unit' THEN row_id END, CASE table_name WHEN 'hazard' THEN row_id END,
        CASE table_name WHEN 'lamp' THEN row_id END, CASE table_name WHEN 'segment' THEN row_id END,
        lay.cell_id, now_kept.declared_cell_id, now_kept.override_cell_id,
        now_kept.override_reason, now_kept.share, coalesce(now_kept.override_cell_id, lay.cell_id)
    FROM replaced CROSS JOIN public.grid
    CROSS JOIN LATERAL (
        SELECT CASE table_name WHEN 'segment' THEN public.guatu_place_line(place, grid.id)
            ELSE public.guatu_place(place, grid.id) END AS cell_id
    ) AS lay
    LEFT JOIN public.placement AS now_kept ON now_kept.grid_id = grid.id AND CASE table_name
        WHEN 'unit' THEN now_kept.unit_id WHEN 'hazard' THEN now_kept.hazard_id
        WHEN 'lamp' THEN now_kept.lamp_id ELSE now_kept.segment_id END = row_id
$view$
$$
"""


def upgrade() -> None:
    op.execute(KNOWN_AT)
    op.execute(PLACE_LINE)
    op.execute(PLACEMENT)
    op.execute(MAKE_VIEWS)
    op.execute("SELECT guatu_make_known_views()")


def downgrade() -> None:
    op.execute("DROP SCHEMA known CASCADE")
    op.execute("DROP FUNCTION guatu_make_known_views")
    op.execute("DROP FUNCTION guatu_known_placement")
    op.execute("DROP FUNCTION guatu_place_line")
    op.execute("DROP FUNCTION guatu_known_at")
