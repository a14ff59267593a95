"""Credits are found by month, so that those for an earlier year stand beside the budget"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_spend_line_credit",
        "spend_line",
        ["month", "booked_on"],
        unique=False,
        sqlite_where=sa.text("amount_minor < 0"),
        postgresql_where=sa.text("amount_minor < 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_spend_line_credit", table_name="spend_line")
