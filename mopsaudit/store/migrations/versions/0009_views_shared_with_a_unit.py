"""A saved view is shared with a business unit, is edited by version, and may be the one a page opens with"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", _KEY, nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_foreign_key(
            batch_op.f("fk_saved_view_unit_id_business_unit"),
            "business_unit",
            ["unit_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_index(batch_op.f("ix_saved_view_unit_id"), ["unit_id"], unique=False)
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.alter_column("version", server_default=None)
    op.create_table(
        "default_view",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("view_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_default_view_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["view_id"],
            ["saved_view.id"],
            name=op.f("fk_default_view_view_id_saved_view"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_default_view")),
        sa.UniqueConstraint("person_id", "page", name=op.f("uq_default_view_person_id_page")),
    )
    with op.batch_alter_table("default_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_default_view_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_default_view_view_id"), ["view_id"], unique=False)


def downgrade() -> None:
    op.drop_table("default_view")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_view_unit_id"))
        batch_op.drop_constraint(batch_op.f("fk_saved_view_unit_id_business_unit"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("unit_id")
