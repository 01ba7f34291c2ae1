SELECT kind, rank, name, ST_AsGeoJSON(ST_Transform(geom, 4326), 6) AS geometry
FROM drawn
ORDER BY kind, rank, id
