"""What tiles draw is kept in the coordinates of tiles, and not computed for each tile anew."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = {
    "cell": "MULTIPOLYGON",
    "unit": "POINT",
    "hazard": "POINT",
    "segment": "LINESTRING",
    "power_box": "POINT",
    "lamp": "POINT",
    "outage": "POINT",
}
MERCATOR = """
    CASE WHEN ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180
        AND ST_YMin(geom) >= -85.06 AND ST_YMax(geom) <= 85.06
    THEN ST_Transform(geom, 3857) END
"""


def upgrade() -> None:
    # There while the migrations run from the start; else they are made anew after the last.
    op.execute("DROP SCHEMA IF EXISTS known CASCADE")
    for table, kind in TABLES.items():
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN geom_3857 geometry({kind}, 3857)"
            f" GENERATED ALWAYS AS ({MERCATOR}) STORED"
        )
    op.execute("SELECT guatu_make_known_views()")


def downgrade() -> None:
    op.execute("DROP SCHEMA IF EXISTS known CASCADE")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN geom_3857")
    op.execute("SELECT guatu_make_known_views()")
