-- The hazards of a tile: found in the window, chosen by the reader, and his to see.
SELECT hazard.*
FROM hazard
WHERE hazard.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    -- Looked up by place alone: a plan made for any days would read all of their index as well.
    AND (hazard.found_at >= :start) IS TRUE
    AND (hazard.found_at < :end) IS TRUE
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
