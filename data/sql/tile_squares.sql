-- The sums of `tile_hazard_sums.sql`, made elsewhere.
SELECT ST_AsMVT(feature, 'hazards', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT id, n, n_major, ST_MakePoint(across, down) AS geom
    FROM unnest(
        CAST(:id AS int[]),
        CAST(:n AS bigint[]),
        CAST(:n_major AS bigint[]),
        CAST(:across AS int[]),
        CAST(:down AS int[])
    ) AS square (id, n, n_major, across, down)
) AS feature
