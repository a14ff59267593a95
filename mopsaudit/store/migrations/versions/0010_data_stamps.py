"""Stamps tell what changed since an answer was kept; lines are found by their rule and by day"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
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
    op.create_index("ix_spend_line_day", "spend_line", ["month", "booked_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_spend_line_day", table_name="spend_line")
    op.drop_index(op.f("ix_spend_line_rule_id"), table_name="spend_line")
    op.drop_table("data_stamp")
