-- A unit without a registration date is shown on any day.
SELECT ST_AsMVT(feature, 'units', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        unit.id,
        unit.external_code AS code,
        unit.name,
        unit.sector,
        unit.risk,
        CAST(visited.last_on AS text) AS last_visit,
        CASE
            -- Without any inspection ledger nobody knows.
            WHEN NOT EXISTS (SELECT FROM inspection) THEN NULL
            WHEN visited.last_on IS NULL THEN 'never'
            WHEN CAST(:day AS date) - visited.last_on
                > CAST(CAST(:intervals AS jsonb) ->> coalesce(unit.risk, :unknown_risk) AS int)
                THEN 'overdue'
            ELSE 'in_time'
        END AS state,
        ST_AsMVTGeom(unit.geom_3857, ST_TileEnvelope(:z, :x, :y), 4096, :buffer) AS geom
    FROM unit
    CROSS JOIN LATERAL (
        SELECT CAST(max(inspected_at) AT TIME ZONE :timezone AS date) AS last_on
        FROM inspection
        WHERE inspection.unit_id = unit.id AND inspection.inspected_at < :end
    ) AS visited
    WHERE unit.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND (unit.registered_on IS NULL OR unit.registered_on <= :day)
        AND (unit.closed_on > :day OR (unit.closed_on IS NULL AND unit.status <> 'closed'))
        AND (
            CAST(:seen AS int[]) IS NULL
            OR EXISTS (
                SELECT FROM placement
                WHERE placement.unit_id = unit.id
                    AND placement.cell_id = ANY(CAST(:seen AS int[]))
            )
        )
) AS feature
