-- Far off a street is a short line with a code: what a reader comes close to see is left out, and
-- points that would lie within a quarter of a pixel.
SELECT ST_AsMVT(feature, 'segments', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        segment.id,
        segment.external_code AS code,
        CASE WHEN :near THEN segment.name END AS name,
        CASE WHEN :near THEN segment.lamp_survey END AS lamp_survey,
        CASE WHEN :near THEN segment.declared_lit END AS declared_lit,
        ST_AsMVTGeom(
            CASE
                WHEN :near THEN segment.geom_3857
                ELSE ST_Simplify(segment.geom_3857, :detail_m, true)
            END,
            ST_TileEnvelope(:z, :x, :y), 4096, :buffer
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
