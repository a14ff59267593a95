"""A seat asked back keeps the day it was kept or taken back, and who said so"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_POINTS = "fk_reclaim_case_changed_by_id_person"


def upgrade() -> None:
    with op.batch_alter_table("reclaim_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settled_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("changed_by_id", _KEY, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f(_POINTS), "person", ["changed_by_id"], ["id"], ondelete="RESTRICT"
        )


def downgrade() -> None:
    with op.batch_alter_table("reclaim_case", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_POINTS), type_="foreignkey")
        batch_op.drop_column("changed_by_id")
        batch_op.drop_column("settled_on")
