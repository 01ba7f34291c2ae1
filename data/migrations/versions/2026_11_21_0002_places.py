"""The city, its grids and cells, units, uploads and revision counters."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ON_EARTH = (
    "ST_IsEmpty(geom) IS NOT TRUE"
    " AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180"
    " AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90"
)


def upgrade() -> None:
    op.create_table(
        "city",
        sa.Column("id", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("metric_srid", sa.Integer(), nullable=True),
        sa.Column(
            "bounds",
            Geometry(geometry_type="POLYGON", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.Column("languages", ARRAY(sa.Text()), server_default="{zh,en}", nullable=False),
        sa.Column("default_as_of", sa.Date(), nullable=True),
        sa.Column("simulated", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_city_only_one")),
        sa.PrimaryKeyConstraint("id", name="pk_city"),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", JSONB(), server_default="{}", nullable=False),
        sa.Column("counts", JSONB(), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="imported", nullable=False),
        sa.Column(
            "imported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('previewed', 'imported', 'undone', 'refused')",
            name=op.f("ck_import_batch_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_index("ix_import_batch_kind_source", "import_batch", ["kind", "source", "id"])
    op.create_table(
        "revision",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "subject IN ('grids', 'ledgers', 'streetlights', 'rectifications')",
            name=op.f("ck_revision_subject_known"),
        ),
        sa.PrimaryKeyConstraint("subject", name="pk_revision"),
    )
    op.create_table(
        "grid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size_m", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('administrative', 'management', 'square', 'hexagon')",
            name=op.f("ck_grid_kind_known"),
        ),
        sa.CheckConstraint("size_m > 0", name=op.f("ck_grid_size_positive")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_grid_valid_interval")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_grid_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_grid"),
        sa.UniqueConstraint("code", name="uq_grid_code"),
    )
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_import_row_import_batch_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_row"),
    )
    op.create_index("ix_import_row_import_batch_id", "import_row", ["import_batch_id"])
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("credit_code", sa.Text(collation="C"), nullable=True),
        sa.Column("legal_person", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("risk", sa.Text(), nullable=True),
        sa.Column("native_risk", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
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
            "risk IN ('low', 'general', 'larger', 'major')", name=op.f("ck_unit_risk_known")
        ),
        sa.CheckConstraint(
            "status IN ('active', 'closed', 'suspended')", name=op.f("ck_unit_status_known")
        ),
        sa.CheckConstraint(
            ON_EARTH,
            name=op.f("ck_unit_geom_on_earth"),
        ),
        sa.CheckConstraint("closed_on >= registered_on", name=op.f("ck_unit_open_interval")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name="fk_unit_import_batch_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("source", "external_code", name="uq_unit_source_external_code"),
    )
    op.create_index("idx_unit_geom", "unit", ["geom"], postgresql_using="gist")
    op.create_index("ix_unit_credit_code", "unit", ["credit_code"])
    op.create_index("ix_unit_import_batch_id", "unit", ["import_batch_id"])
    op.create_table(
        "cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("officer", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            ON_EARTH,
            name=op.f("ck_cell_geom_on_earth"),
        ),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_cell_valid_interval")),
        sa.ForeignKeyConstraint(
            ["grid_id"], ["grid.id"], name="fk_cell_grid_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["cell.id"], name="fk_cell_parent_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cell"),
        sa.UniqueConstraint("grid_id", "code", name="uq_cell_grid_id_code"),
    )
    op.create_index("idx_cell_geom", "cell", ["geom"], postgresql_using="gist")
    op.create_index("ix_cell_parent_id", "cell", ["parent_id"])


def downgrade() -> None:
    op.drop_table("cell")
    op.drop_table("unit")
    op.drop_table("import_row")
    op.drop_table("grid")
    op.drop_table("revision")
    op.drop_table("import_batch")
    op.drop_table("city")
