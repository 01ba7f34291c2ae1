"""Segments, lamps, power boxes and outages."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ON_EARTH = (
    "ST_IsEmpty(geom) IS NOT TRUE"
    " AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180"
    " AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90"
)


def upgrade() -> None:
    op.create_table(
        "power_box",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
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
            ON_EARTH,
            name=op.f("ck_power_box_geom_on_earth"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_power_box_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_power_box"),
        sa.UniqueConstraint("source", "external_code", name="uq_power_box_source_external_code"),
    )
    op.create_index("idx_power_box_geom", "power_box", ["geom"], postgresql_using="gist")
    op.create_index("ix_power_box_import_batch_id", "power_box", ["import_batch_id"])
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ledger_code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("road_class", sa.Text(), nullable=True),
        sa.Column("from_name", sa.Text(), nullable=True),
        sa.Column("to_name", sa.Text(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="LINESTRING",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
            ),
            nullable=False,
        ),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column("lamp_survey", sa.Text(), server_default="surveyed", nullable=False),
        sa.Column("declared_lit", sa.Text(), nullable=True),
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
            "lamp_survey IN ('surveyed', 'no_lamp', 'not_surveyed')",
            name=op.f("ck_segment_lamp_survey_known"),
        ),
        sa.CheckConstraint(
            ON_EARTH,
            name=op.f("ck_segment_geom_on_earth"),
        ),
        sa.CheckConstraint("length_m > 0", name=op.f("ck_segment_length_positive")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_segment_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_segment"),
        sa.UniqueConstraint("source", "external_code", name="uq_segment_source_external_code"),
    )
    op.create_index("idx_segment_geom", "segment", ["geom"], postgresql_using="gist")
    op.create_index("ix_segment_import_batch_id", "segment", ["import_batch_id"])
    op.create_index("ix_segment_ledger_code", "segment", ["ledger_code"])
    op.create_table(
        "lamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("road_name", sa.Text(), nullable=True),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("power_box_id", sa.Integer(), nullable=True),
        sa.Column("circuit", sa.Text(collation="C"), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), server_default="in_service", nullable=False),
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
        sa.Column("measure_m", sa.Double(), nullable=True),
        sa.Column("offset_m", sa.Double(), nullable=True),
        sa.Column("side", sa.Text(), nullable=True),
        sa.CheckConstraint("side IN ('left', 'right')", name=op.f("ck_lamp_side_known")),
        sa.CheckConstraint(
            "status IN ('in_service', 'not_handed_over', 'removed')",
            name=op.f("ck_lamp_status_known"),
        ),
        sa.CheckConstraint(
            ON_EARTH,
            name=op.f("ck_lamp_geom_on_earth"),
        ),
        sa.CheckConstraint("offset_m >= 0 AND measure_m >= 0", name=op.f("ck_lamp_snapped_range")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_lamp_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["power_box_id"], ["power_box.id"], name="fk_lamp_power_box_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name="fk_lamp_segment_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lamp"),
        sa.UniqueConstraint("source", "external_code", name="uq_lamp_source_external_code"),
    )
    op.create_index("idx_lamp_geom", "lamp", ["geom"], postgresql_using="gist")
    op.create_index("ix_lamp_import_batch_id", "lamp", ["import_batch_id"])
    op.create_index("ix_lamp_power_box_id", "lamp", ["power_box_id"])
    op.create_index("ix_lamp_segment_id", "lamp", ["segment_id"])
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lamp_id", sa.Integer(), nullable=True),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
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
        sa.Column("measure_m", sa.Double(), nullable=True),
        sa.Column("offset_m", sa.Double(), nullable=True),
        sa.Column("side", sa.Text(), nullable=True),
        sa.CheckConstraint("side IN ('left', 'right')", name=op.f("ck_outage_side_known")),
        sa.CheckConstraint(
            ON_EARTH,
            name=op.f("ck_outage_geom_on_earth"),
        ),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_outage_out_interval")),
        sa.CheckConstraint(
            "offset_m >= 0 AND measure_m >= 0", name=op.f("ck_outage_snapped_range")
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_outage_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["lamp_id"], ["lamp.id"], name="fk_outage_lamp_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name="fk_outage_segment_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outage"),
        sa.UniqueConstraint("source", "external_code", name="uq_outage_source_external_code"),
    )
    op.create_index("idx_outage_geom", "outage", ["geom"], postgresql_using="gist")
    op.create_index("ix_outage_import_batch_id", "outage", ["import_batch_id"])
    op.create_index("ix_outage_lamp_id_started_at", "outage", ["lamp_id", "started_at"])
    op.create_index("ix_outage_segment_id", "outage", ["segment_id"])
    op.create_index("ix_outage_started_at", "outage", ["started_at"])


def downgrade() -> None:
    op.drop_table("outage")
    op.drop_table("lamp")
    op.drop_table("segment")
    op.drop_table("power_box")
