SELECT ST_AsMVT(feature, 'lamps', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        lamp.id,
        lamp.external_code AS code,
        lamp.road_name,
        lamp.status,
        -- Not a join: it would read every segment of the city.
        (SELECT external_code FROM segment WHERE segment.id = lamp.segment_id) AS segment,
        EXISTS (
            SELECT FROM outage
            WHERE outage.lamp_id = lamp.id
                AND outage.started_at < :end
                AND (outage.ended_at IS NULL OR outage.ended_at >= :end)
        ) AS is_out,
        ST_AsMVTGeom(lamp.geom_3857, ST_TileEnvelope(:z, :x, :y), 4096, :buffer) AS geom
    FROM lamp
    WHERE lamp.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND lamp.status <> 'removed'
        AND (
            CAST(:seen AS int[]) IS NULL
            OR EXISTS (
                SELECT FROM placement
                WHERE placement.lamp_id = lamp.id
                    AND placement.cell_id = ANY(CAST(:seen AS int[]))
            )
        )
) AS feature
