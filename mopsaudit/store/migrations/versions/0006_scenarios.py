"""Scenarios keep what they rested on; what each unit must keep; searches for the lowest-cost stack"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _points(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facts", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("figures", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("retired_on", sa.Date(), nullable=True))
    op.create_table(
        "capability_need",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("capability_id", sa.String(length=80), nullable=False),
        sa.Column("unit_id", _KEY, nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("suppliers", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", _KEY, nullable=True),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("suppliers BETWEEN 1 AND 2", name=op.f("ck_capability_need_one_or_two_suppliers")),
        _points("capability_need", "unit_id", "business_unit"),
        _points("capability_need", "set_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capability_need")),
        sa.UniqueConstraint(
            "capability_id", "unit_id", name=op.f("uq_capability_need_capability_id_unit_id")
        ),
    )
    op.create_table(
        "stack_search",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("unit_id", _KEY, nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("message", sa.String(length=400), nullable=True),
        sa.Column("asked_by_id", _KEY, nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        _points("stack_search", "unit_id", "business_unit"),
        _points("stack_search", "asked_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stack_search")),
    )
    for table, names in (
        ("capability_need", ("unit_id", "set_by_id")),
        ("stack_search", ("unit_id", "asked_by_id")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.create_index(batch_op.f(f"ix_{table}_{name}"), [name], unique=False)


def downgrade() -> None:
    op.drop_table("stack_search")
    op.drop_table("capability_need")
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        for name in ("retired_on", "figures", "facts"):
            batch_op.drop_column(name)
