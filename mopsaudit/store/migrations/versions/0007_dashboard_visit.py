"""What the dashboard last showed each person: the mark of *since your last visit*"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "dashboard_visit",
        sa.Column("account_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("latest_at", sa.DateTime(), nullable=True),
        sa.Column("latest", sa.JSON(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_dashboard_visit_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_dashboard_visit")),
    )


def downgrade() -> None:
    op.drop_table("dashboard_visit")
