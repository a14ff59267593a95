"""Indexes of what few lines have hold those lines alone

Most lines are placed by no rule and few are credits: an index of all of them is written for nothing. The credits of
some suppliers, and those tied to a charge, were found by reading every line there is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_spend_line_rule_id"), table_name="spend_line")
    op.create_index(
        op.f("ix_spend_line_rule_id"),
        "spend_line",
        ["rule_id"],
        unique=False,
        sqlite_where=sa.text("rule_id IS NOT NULL"),
        postgresql_where=sa.text("rule_id IS NOT NULL"),
    )
    op.create_index(
        "ix_spend_line_supplier_credit",
        "spend_line",
        ["supplier_id"],
        unique=False,
        sqlite_where=sa.text("amount_minor < 0"),
        postgresql_where=sa.text("amount_minor < 0"),
    )
    op.create_index(
        op.f("ix_spend_line_credit_of_id"),
        "spend_line",
        ["credit_of_id"],
        unique=False,
        sqlite_where=sa.text("credit_of_id IS NOT NULL"),
        postgresql_where=sa.text("credit_of_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_spend_line_credit_of_id"), table_name="spend_line")
    op.drop_index("ix_spend_line_supplier_credit", table_name="spend_line")
    op.drop_index(op.f("ix_spend_line_rule_id"), table_name="spend_line")
    op.create_index(op.f("ix_spend_line_rule_id"), "spend_line", ["rule_id"], unique=False)
