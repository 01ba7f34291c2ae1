SELECT ST_AsMVT(
    feature, 'basemap', 4096, 'geom', 'id' ORDER BY feature.kind, feature.rank, feature.id
)
FROM (
    SELECT
        id,
        kind,
        rank,
        name,
        ST_AsMVTGeom(geom, ST_TileEnvelope(:z, :x, :y), 4096, :buffer) AS geom
    FROM drawn
) AS feature
WHERE feature.geom IS NOT NULL
