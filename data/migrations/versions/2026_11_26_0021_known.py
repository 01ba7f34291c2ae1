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
        EXECUTE guatu_known_ledger(ledger);
    END LOOP;
    EXECUTE guatu_known_placement();
    GRANT SELECT ON ALL TABLES IN SCHEMA known TO guatu_app;
END
$$
"""

# The id is the one of the history, by which it is found.
LEDGER = """
CREATE FUNCTION guatu_known_ledger(ledger text) RETURNS text LANGUAGE sql STABLE
AS $$
SELECT format($view$
    CREATE VIEW known.%1$I AS
    SELECT %2$s FROM public.%1$I AS stored WHERE recorded_at <= public.guatu_known_at()
    UNION ALL
    SELECT %3$s FROM public.row_history AS replaced
    CROSS JOIN LATERAL jsonb_populate_record(NULL::public.%1$I, replaced.data) AS stored
    WHERE replaced.table_name = %1$L AND replaced.recorded_at <= public.guatu_known_at()
        AND replaced.replaced_at > public.guatu_known_at()
$view$, ledger, string_agg(format('stored.%I', attname), ', ' ORDER BY attnum),
    string_agg(
        CASE attname WHEN 'id' THEN 'replaced.row_id' ELSE format('stored.%I', attname) END,
        ', ' ORDER BY attnum
    ))
FROM pg_attribute
WHERE attrelid = format('public.%I', ledger)::regclass AND attnum > 0 AND NOT attisdropped
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
SELECT 'CREATE VIEW known.placement AS ' || string_agg(format($view$
    SELECT id, grid_id, unit_id, hazard_id, lamp_id, segment_id, computed_cell_id,
        declared_cell_id, override_cell_id, override_reason, share, cell_id
    FROM public.placement
    WHERE %1$I_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.row_history AS replaced
        LEFT JOIN public.%1$I AS stored ON stored.id = replaced.row_id
        WHERE replaced.table_name = %1$L AND replaced.row_id = placement.%1$I_id
            AND replaced.recorded_at <= public.guatu_known_at()
            AND replaced.replaced_at > public.guatu_known_at()
            AND stored.geom::text IS DISTINCT FROM replaced.data ->> 'geom'
    )
    UNION ALL
    SELECT stays.id, grid.id, %2$s, lay.cell_id, stays.declared_cell_id, stays.override_cell_id,
        stays.override_reason, stays.share, coalesce(stays.override_cell_id, lay.cell_id)
    FROM public.row_history AS replaced
    CROSS JOIN public.grid
    LEFT JOIN public.%1$I AS stored ON stored.id = replaced.row_id
    LEFT JOIN public.placement AS stays
        ON stays.grid_id = grid.id AND stays.%1$I_id = replaced.row_id
    CROSS JOIN LATERAL (
        SELECT public.%3$I((replaced.data ->> 'geom')::geometry, grid.id) AS cell_id
    ) AS lay
    WHERE replaced.table_name = %1$L AND replaced.recorded_at <= public.guatu_known_at()
        AND replaced.replaced_at > public.guatu_known_at()
        AND stored.geom::text IS DISTINCT FROM replaced.data ->> 'geom'
$view$, thing, keys, place), ' UNION ALL ')
FROM (VALUES
    ('unit', 'replaced.row_id, NULL::int, NULL::int, NULL::int', 'guatu_place'),
    ('hazard', 'NULL::int, replaced.row_id, NULL::int, NULL::int', 'guatu_place'),
    ('lamp', 'NULL::int, NULL::int, replaced.row_id, NULL::int', 'guatu_place'),
    ('segment', 'NULL::int, NULL::int, NULL::int, replaced.row_id', 'guatu_place_line')
) AS kind (thing, keys, place)
$$
"""


def upgrade() -> None:
    op.execute(KNOWN_AT)
    op.execute(PLACE_LINE)
    op.execute(PLACEMENT)
    op.execute(LEDGER)
    op.execute(MAKE_VIEWS)
    op.execute("SELECT guatu_make_known_views()")


def downgrade() -> None:
    op.execute("DROP SCHEMA known CASCADE")
    op.execute("DROP FUNCTION guatu_make_known_views")
    op.execute("DROP FUNCTION guatu_known_ledger")
    op.execute("DROP FUNCTION guatu_known_placement")
    op.execute("DROP FUNCTION guatu_place_line")
    op.execute("DROP FUNCTION guatu_known_at")
