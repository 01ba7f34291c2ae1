SELECT ST_AsMVT(feature, 'hazards', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        hazard.id,
        hazard.external_code AS code,
        hazard.level,
        hazard.category,
        hazard.count,
        to_char(hazard.found_at AT TIME ZONE :timezone, 'YYYY-MM-DD') AS found_on,
        CASE
            WHEN hazard.closing_known
                THEN hazard.closed_at IS NULL OR hazard.closed_at >= :end
        END AS is_open,
        ST_AsMVTGeom(hazard.geom_3857, ST_TileEnvelope(:z, :x, :y), 4096, :buffer) AS geom
    FROM hazard
    WHERE hazard.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND hazard.found_at >= :start
        AND hazard.found_at < :end
        AND (CAST(:level AS text) IS NULL OR hazard.level = :level)
        AND (CAST(:source AS text) IS NULL OR hazard.source = :source)
        AND (
            CAST(:sector AS text) IS NULL
            OR EXISTS (SELECT FROM unit WHERE unit.id = hazard.unit_id AND unit.sector = :sector)
        )
        AND (
            CAST(:state AS text) IS NULL
            OR :state = CASE
                WHEN NOT hazard.closing_known THEN 'unknown'
                WHEN hazard.closed_at < :end THEN 'closed'
                ELSE 'open'
            END
        )
        AND (
            CAST(:seen AS int[]) IS NULL
            OR EXISTS (
                SELECT FROM placement
                WHERE placement.hazard_id = hazard.id
                    AND placement.cell_id = ANY(CAST(:seen AS int[]))
            )
        )
) AS feature
