-- The hazards of `chosen_hazards.sql` on a lattice of 32 by 32 squares to a tile. Each is in exactly
-- one tile and one square (no buffer), so the sums of a tile's four children add up to its own.
-- Positions are in whole tile units before they are averaged: sums of integers do not depend on the
-- order of rows.
SELECT ST_AsMVT(feature, 'hazards', 4096, 'geom', 'id' ORDER BY feature.id)
FROM (
    SELECT
        across / 128 + 32 * (down / 128) AS id,
        sum(count) AS n,
        coalesce(sum(count) FILTER (WHERE level = 'major'), 0) AS n_major,
        ST_MakePoint(sum(across) / count(*), sum(down) / count(*)) AS geom
    FROM (
        SELECT
            hazard.count,
            hazard.level,
            CAST(floor(4096 * ((ST_X(hazard.geom) + 180) / 360 * :n_tiles - :x)) AS int) AS across,
            CAST(floor(4096 * (
                (1 - asinh(tan(radians(ST_Y(hazard.geom)))) / pi()) / 2 * :n_tiles - :y
            )) AS int) AS down
        FROM chosen AS hazard
    ) AS found
    WHERE across BETWEEN 0 AND 4095 AND down BETWEEN 0 AND 4095
    GROUP BY across / 128, down / 128
) AS feature
