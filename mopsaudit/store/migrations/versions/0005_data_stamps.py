"""Stamps tell what changed since an answer was kept; lines are found by their rule and by day"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_stamp",
        sa.Column("name", sa.String(length=130), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_data_stamp")),
    )
    op.create_index(op.f("ix_spend_line_rule_id"), "spend_line", ["rule_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_spend_line_rule_id"), table_name="spend_line")
    op.drop_table("data_stamp")
