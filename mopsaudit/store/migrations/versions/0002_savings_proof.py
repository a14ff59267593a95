"""Savings keep who stated them, when they moved on, what they were measured against, and the lines that prove them"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PEOPLE = ("identified_by_id", "figures_by_id")


def upgrade() -> None:
    with op.batch_alter_table("saving", schema=None) as batch_op:
        for name in ("identified_on", "agreed_on", "contracted_on", "realised_on", "dropped_on"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in _PEOPLE:
            batch_op.add_column(sa.Column(name, _KEY, nullable=True))
        batch_op.add_column(sa.Column("run_rate_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("drop_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("proof_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proof_until", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proof_note", sa.Text(), nullable=True))
        for name in _PEOPLE:
            batch_op.create_foreign_key(
                batch_op.f(f"fk_saving_{name}_person"), "person", [name], ["id"], ondelete="RESTRICT"
            )
            batch_op.create_index(batch_op.f(f"ix_saving_{name}"), [name], unique=False)
    op.create_table(
        "saving_line",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("saving_id", _KEY, nullable=False),
        sa.Column("line_id", _KEY, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["spend_line.id"],
            name=op.f("fk_saving_line_line_id_spend_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["saving_id"], ["saving.id"], name=op.f("fk_saving_line_saving_id_saving"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saving_line")),
        sa.UniqueConstraint("saving_id", "line_id", name=op.f("uq_saving_line_saving_id_line_id")),
    )
    with op.batch_alter_table("saving_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saving_line_line_id"), ["line_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("saving_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saving_line_line_id"))
    op.drop_table("saving_line")
    with op.batch_alter_table("saving", schema=None) as batch_op:
        for name in _PEOPLE:
            batch_op.drop_index(batch_op.f(f"ix_saving_{name}"))
            batch_op.drop_constraint(batch_op.f(f"fk_saving_{name}_person"), type_="foreignkey")
        for name in (
            *("proof_note", "proof_until", "proof_from", "drop_reason", "run_rate_minor"),
            *reversed(_PEOPLE),
            *("dropped_on", "realised_on", "contracted_on", "agreed_on", "identified_on"),
        ):
            batch_op.drop_column(name)
