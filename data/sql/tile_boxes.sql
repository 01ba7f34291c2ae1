SELECT ST_AsMVT(feature, 'boxes', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        power_box.id,
        power_box.external_code AS code,
        power_box.name,
        fed.n_lamps,
        fed.n_out,
        fed.n_out >= :min_lamps AND fed.n_out >= :share * fed.n_lamps AS is_cause,
        ST_AsMVTGeom(
            ST_Transform(power_box.geom, 3857), ST_TileEnvelope(:z, :x, :y), 4096, :buffer
        ) AS geom
    FROM power_box
    CROSS JOIN LATERAL (
        SELECT
            count(*)::integer AS n_lamps,
            count(*) FILTER (WHERE EXISTS (
                SELECT FROM outage
                WHERE outage.lamp_id = lamp.id
                    AND outage.started_at < :end
                    AND (outage.ended_at IS NULL OR outage.ended_at >= :end)
            ))::integer AS n_out
        FROM lamp
        WHERE lamp.power_box_id = power_box.id
            AND lamp.status <> 'removed'
            AND (
                CAST(:seen AS int[]) IS NULL
                OR EXISTS (
                    SELECT FROM placement
                    WHERE placement.lamp_id = lamp.id
                        AND placement.cell_id = ANY(CAST(:seen AS int[]))
                )
            )
    ) AS fed
    WHERE power_box.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND (CAST(:seen AS int[]) IS NULL OR fed.n_lamps > 0)
) AS feature
WHERE feature.geom IS NOT NULL
