-- Outages of no known lamp that are open at the end of the day; those of lamps are in the lamps.
SELECT ST_AsMVT(feature, 'outages', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        outage.id,
        outage.external_code AS code,
        outage.category,
        outage.place,
        (SELECT external_code FROM segment WHERE segment.id = outage.segment_id) AS segment,
        CAST(CAST(outage.started_at AT TIME ZONE :timezone AS date) AS text) AS started_on,
        ST_AsMVTGeom(outage.geom_3857, ST_TileEnvelope(:z, :x, :y), 4096, :buffer) AS geom
    FROM outage
    WHERE outage.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND outage.lamp_id IS NULL
        AND outage.started_at < :end
        AND (outage.ended_at IS NULL OR outage.ended_at >= :end)
        AND (
            CAST(:seen AS int[]) IS NULL
            OR EXISTS (
                SELECT FROM placement
                WHERE placement.segment_id = outage.segment_id
                    AND placement.cell_id = ANY(CAST(:seen AS int[]))
            )
        )
) AS feature
