"""Which cell each thing lies in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("hazard_id", sa.Integer(), nullable=True),
        sa.Column("lamp_id", sa.Integer(), nullable=True),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("computed_cell_id", sa.Integer(), nullable=True),
        sa.Column("declared_cell_id", sa.Integer(), nullable=True),
        sa.Column("override_cell_id", sa.Integer(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column(
            "cell_id",
            sa.Integer(),
            sa.Computed("coalesce(override_cell_id, computed_cell_id)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "num_nonnulls(unit_id, hazard_id, lamp_id, segment_id) = 1",
            name=op.f("ck_placement_one_thing"),
        ),
        sa.CheckConstraint(
            "override_cell_id IS NULL OR override_reason IS NOT NULL",
            name=op.f("ck_placement_override_reasoned"),
        ),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_placement_share_range")),
        sa.ForeignKeyConstraint(
            ["computed_cell_id"],
            ["cell.id"],
            name="fk_placement_computed_cell_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["declared_cell_id"],
            ["cell.id"],
            name="fk_placement_declared_cell_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["grid_id"], ["grid.id"], name="fk_placement_grid_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hazard_id"], ["hazard.id"], name="fk_placement_hazard_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lamp_id"], ["lamp.id"], name="fk_placement_lamp_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["override_cell_id"],
            ["cell.id"],
            name="fk_placement_override_cell_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name="fk_placement_segment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name="fk_placement_unit_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_placement"),
    )
    op.create_index(
        "ix_placement_cell_hazard_id",
        "placement",
        ["cell_id", "hazard_id"],
        postgresql_where=sa.text("hazard_id IS NOT NULL"),
    )
    op.create_index(
        "ix_placement_cell_lamp_id",
        "placement",
        ["cell_id", "lamp_id"],
        postgresql_where=sa.text("lamp_id IS NOT NULL"),
    )
    op.create_index(
        "ix_placement_cell_segment_id",
        "placement",
        ["cell_id", "segment_id"],
        postgresql_where=sa.text("segment_id IS NOT NULL"),
    )
    op.create_index(
        "ix_placement_cell_unit_id",
        "placement",
        ["cell_id", "unit_id"],
        postgresql_where=sa.text("unit_id IS NOT NULL"),
    )
    op.create_index(
        "ix_placement_computed_cell_id",
        "placement",
        ["computed_cell_id"],
        postgresql_where=sa.text("computed_cell_id IS NOT NULL"),
    )
    op.create_index(
        "ix_placement_declared_cell_id",
        "placement",
        ["declared_cell_id"],
        postgresql_where=sa.text("declared_cell_id IS NOT NULL"),
    )
    op.create_index(
        "ix_placement_override_cell_id",
        "placement",
        ["override_cell_id"],
        postgresql_where=sa.text("override_cell_id IS NOT NULL"),
    )
    op.create_index(
        "uq_placement_hazard_id",
        "placement",
        ["hazard_id", "grid_id"],
        unique=True,
        postgresql_where=sa.text("hazard_id IS NOT NULL"),
    )
    op.create_index(
        "uq_placement_lamp_id",
        "placement",
        ["lamp_id", "grid_id"],
        unique=True,
        postgresql_where=sa.text("lamp_id IS NOT NULL"),
    )
    op.create_index(
        "uq_placement_segment_id",
        "placement",
        ["segment_id", "grid_id"],
        unique=True,
        postgresql_where=sa.text("segment_id IS NOT NULL"),
    )
    op.create_index(
        "uq_placement_unit_id",
        "placement",
        ["unit_id", "grid_id"],
        unique=True,
        postgresql_where=sa.text("unit_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("placement")
