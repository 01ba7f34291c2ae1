"""Inspections and hazards."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ON_EARTH = (
    "ST_IsEmpty(geom) IS NOT TRUE"
    " AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180"
    " AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90"
)


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_time", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("team_size", sa.Integer(), nullable=True),
        sa.Column("manner", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("countersigned", sa.Boolean(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("external_code", sa.Text(collation="C"), nullable=False),
        sa.Column("properties", JSONB(), server_default="{}", nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "origin IN ('enterprise', 'expert', 'government', 'resident')",
            name=op.f("ck_inspection_origin_known"),
        ),
        sa.CheckConstraint("team_size >= 1", name=op.f("ck_inspection_team_size_positive")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_inspection_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name="fk_inspection_unit_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inspection"),
        sa.UniqueConstraint("source", "external_code", name="uq_inspection_source_external_code"),
    )
    op.create_index("ix_inspection_import_batch_id", "inspection", ["import_batch_id"])
    op.create_index("ix_inspection_inspected_at", "inspection", ["inspected_at"])
    op.create_index("ix_inspection_unit_id_inspected_at", "inspection", ["unit_id", "inspected_at"])
    op.create_table(
        "hazard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("native_level", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_time", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_known", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("counting_word", sa.Text(collation="C"), nullable=True),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("external_code", sa.Text(collation="C"), nullable=False),
        sa.Column("properties", JSONB(), server_default="{}", nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.Column(
            "geom", Geometry(geometry_type="POINT", srid=4326, spatial_index=False), nullable=True
        ),
        sa.Column("datum", sa.Text(), server_default="wgs84", nullable=False),
        sa.Column("original_x", sa.Double(), nullable=True),
        sa.Column("original_y", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "level IN ('general', 'larger', 'major')", name=op.f("ck_hazard_level_known")
        ),
        sa.CheckConstraint(
            "origin IN ('enterprise', 'expert', 'government', 'resident')",
            name=op.f("ck_hazard_origin_known"),
        ),
        sa.CheckConstraint(
            ON_EARTH,
            name=op.f("ck_hazard_geom_on_earth"),
        ),
        sa.CheckConstraint("closed_at >= found_at", name=op.f("ck_hazard_open_interval")),
        sa.CheckConstraint(
            "closing_known OR closed_at IS NULL", name=op.f("ck_hazard_closing_known")
        ),
        sa.CheckConstraint("count >= 1", name=op.f("ck_hazard_count_positive")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_hazard_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspection.id"],
            name="fk_hazard_inspection_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name="fk_hazard_unit_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hazard"),
        sa.UniqueConstraint("source", "external_code", name="uq_hazard_source_external_code"),
    )
    op.create_index("idx_hazard_geom", "hazard", ["geom"], postgresql_using="gist")
    op.create_index("ix_hazard_found_at", "hazard", ["found_at"])
    op.create_index("ix_hazard_import_batch_id", "hazard", ["import_batch_id"])
    op.create_index("ix_hazard_inspection_id", "hazard", ["inspection_id"])
    op.create_index("ix_hazard_unit_id", "hazard", ["unit_id"])


def downgrade() -> None:
    op.drop_table("hazard")
    op.drop_table("inspection")
