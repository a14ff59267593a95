"""A ledger keeps what of it is in scope: cost centres and accounts"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source_ledger", schema=None) as batch_op:
        batch_op.add_column(sa.Column("narrowing", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("source_ledger", schema=None) as batch_op:
        batch_op.drop_column("narrowing")
