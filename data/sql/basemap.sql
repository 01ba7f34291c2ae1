-- Streets by rank, boundaries by level and the names of both, in the coordinates of tiles. Streets of
-- one name are one line, so that the name stands once along it.
WITH ranked AS (
    SELECT
        segment.id,
        CASE WHEN :near THEN segment.name END AS name,
        coalesce(
            CAST(CAST(:ranks AS jsonb) ->> lower(segment.road_class) AS int), :unknown_rank
        ) AS rank,
        CASE
            WHEN :near THEN segment.geom_3857
            ELSE ST_Simplify(segment.geom_3857, :detail_m, true)
        END AS geom
    FROM segment
    WHERE segment.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND (
            CAST(:seen AS int[]) IS NULL
            OR EXISTS (
                SELECT FROM placement
                WHERE placement.segment_id = segment.id
                    AND placement.cell_id = ANY(CAST(:seen AS int[]))
            )
        )
), bounded AS (
    SELECT cell.id, cell.name, shown.level, cell.geom_3857 AS geom
    FROM jsonb_to_recordset(CAST(:levels AS jsonb)) AS shown (grid int, level int)
    JOIN cell ON cell.grid_id = shown.grid
    WHERE cell.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND (cell.valid_from IS NULL OR cell.valid_from <= :day)
        AND (cell.valid_to IS NULL OR cell.valid_to > :day)
        AND (CAST(:seen AS int[]) IS NULL OR cell.id = ANY(CAST(:seen AS int[])))
)
SELECT
    min(id) AS id,
    'road' AS kind,
    rank,
    name,
    CASE
        WHEN :near THEN ST_LineMerge(ST_Collect(geom ORDER BY id))
        ELSE ST_Collect(geom ORDER BY id)
    END AS geom
FROM ranked
WHERE rank <= :last_rank
GROUP BY rank, name
UNION ALL
-- Cells that touch share their edge, which is drawn once.
SELECT
    min(id),
    'boundary',
    level,
    NULL,
    ST_Simplify(ST_LineMerge(ST_UnaryUnion(ST_Collect(ST_ClipByBox2D(
        ST_Boundary(geom), ST_MakeEnvelope(:min_x, :min_y, :max_x, :max_y, 3857)
    ) ORDER BY id))), :detail_m, true)
FROM bounded
GROUP BY level
UNION ALL
SELECT id, 'place', level, name, ST_PointOnSurface(geom)
FROM bounded
WHERE name <> ''
