"""Single writes placed as exactly as the bulk, on edges too."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Beside a polygon ST_Covers rounds; ST_Relate asks GEOS, whose arithmetic is exact there. FF*FF****
# is: neither the inside nor the rim of the cell has the point.
PLACE = """
CREATE OR REPLACE FUNCTION guatu_place(place geometry, in_grid integer) RETURNS integer
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    SELECT id FROM cell
    WHERE grid_id = in_grid AND geom && place AND NOT ST_Relate(geom, place, 'FF*FF****')
    ORDER BY code LIMIT 1
$$
"""

PLACE_ROUNDED = """
CREATE OR REPLACE FUNCTION guatu_place(place geometry, in_grid integer) RETURNS integer
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    SELECT id FROM cell
    WHERE grid_id = in_grid AND geom && place AND ST_Covers(geom, place)
    ORDER BY code LIMIT 1
$$
"""


def upgrade() -> None:
    op.execute(PLACE)


def downgrade() -> None:
    op.execute(PLACE_ROUNDED)
