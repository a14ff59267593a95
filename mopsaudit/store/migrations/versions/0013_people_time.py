"""A case may say what people's time costs over five years of ownership"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("business_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("people_minor", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("business_case", schema=None) as batch_op:
        batch_op.drop_column("people_minor")
