"""The placement of single writes."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The rule of every placement: the lowest code among the cells whose closed polygon has the point.
PLACE = """
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
    op.execute("DROP FUNCTION guatu_place")
