-- The hazards of `chosen_hazards.sql` themselves.
SELECT ST_AsMVT(feature, 'hazards', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        hazard.id,
        hazard.external_code AS code,
        hazard.level,
        hazard.category,
        hazard.count,
        CAST(CAST(hazard.found_at AT TIME ZONE :timezone AS date) AS text) AS found_on,
        CASE
            WHEN hazard.closing_known
                THEN hazard.closed_at IS NULL OR hazard.closed_at >= :end
        END AS is_open,
        ST_AsMVTGeom(hazard.geom_3857, ST_TileEnvelope(:z, :x, :y), 4096, :buffer) AS geom
    FROM chosen AS hazard
) AS feature
