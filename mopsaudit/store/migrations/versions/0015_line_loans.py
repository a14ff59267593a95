"""Lines of two ledgers lend each other the details one of them lacks

Taking this back leaves what was lent with the lines as their own: it is true of the cost, and nothing is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "line_loan",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("line_id", _KEY, nullable=False),
        sa.Column("from_line_id", _KEY, nullable=False),
        sa.Column("detail", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "detail IN ('supplier', 'service', 'tool')", name=op.f("ck_line_loan_detail_known")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["spend_line.id"],
            name=op.f("fk_line_loan_line_id_spend_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["from_line_id"],
            ["spend_line.id"],
            name=op.f("fk_line_loan_from_line_id_spend_line"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_loan")),
        sa.UniqueConstraint("line_id", "detail", name=op.f("uq_line_loan_line_id_detail")),
    )
    op.create_index(op.f("ix_line_loan_from_line_id"), "line_loan", ["from_line_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_line_loan_from_line_id"), table_name="line_loan")
    op.drop_table("line_loan")
