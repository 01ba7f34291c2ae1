-- NULL where there is no such grid.
SELECT coalesce(tile.content, '')
FROM grid
CROSS JOIN LATERAL (
    SELECT ST_AsMVT(feature, 'cells', 4096, 'geom', 'id' ORDER BY feature.id) AS content
    FROM (
        SELECT
            cell.id,
            cell.code,
            cell.name,
            ST_AsMVTGeom(cell.geom_3857, ST_TileEnvelope(:z, :x, :y), 4096, :buffer) AS geom
        FROM cell
        WHERE cell.grid_id = grid.id
            AND cell.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
            AND (cell.valid_from IS NULL OR cell.valid_from <= :day)
            AND (cell.valid_to IS NULL OR cell.valid_to > :day)
            AND (CAST(:seen AS int[]) IS NULL OR cell.id = ANY(CAST(:seen AS int[])))
    ) AS feature
) AS tile
WHERE grid.code = :grid
