SELECT ST_AsMVT(feature, 'segments', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        segment.id,
        segment.external_code AS code,
        segment.name,
        segment.lamp_survey,
        segment.declared_lit,
        ST_AsMVTGeom(
            ST_Transform(segment.geom, 3857), ST_TileEnvelope(:z, :x, :y), 4096, :buffer
        ) AS geom
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
) AS feature
WHERE feature.geom IS NOT NULL
