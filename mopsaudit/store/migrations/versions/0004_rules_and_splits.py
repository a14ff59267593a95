"""Rules ask for a legal entity or a ledger; the parts of a split carry the money or seats they were made from"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_POINTS = (("entity_id", "legal_entity"), ("source_id", "source_ledger"))


def upgrade() -> None:
    with op.batch_alter_table("match_rule", schema=None) as batch_op:
        for name, table in _POINTS:
            batch_op.add_column(sa.Column(name, _KEY, nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_match_rule_{name}_{table}"), table, [name], ["id"], ondelete="RESTRICT"
            )
            batch_op.create_index(batch_op.f(f"ix_match_rule_{name}"), [name], unique=False)
    with op.batch_alter_table("split_part", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weight", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("split_part", schema=None) as batch_op:
        batch_op.drop_column("weight")
    with op.batch_alter_table("match_rule", schema=None) as batch_op:
        for name, table in reversed(_POINTS):
            batch_op.drop_index(batch_op.f(f"ix_match_rule_{name}"))
            batch_op.drop_constraint(batch_op.f(f"fk_match_rule_{name}_{table}"), type_="foreignkey")
            batch_op.drop_column(name)
