"""A database knows itself from others, so that answers kept beside it are its own; lines left out are found at once"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STAMP = sa.table("data_stamp", sa.column("name", sa.String()), sa.column("stamp", sa.BigInteger()))


def upgrade() -> None:
    op.create_index(
        "ix_spend_line_outside",
        "spend_line",
        ["unit_id"],
        unique=False,
        sqlite_where=sa.text("out_of_scope = 1"),
        postgresql_where=sa.text("out_of_scope"),
    )
    op.execute(_STAMP.insert().values(name="database", stamp=secrets.randbits(63)))


def downgrade() -> None:
    op.execute(_STAMP.delete().where(_STAMP.c.name == "database"))
    op.drop_index("ix_spend_line_outside", table_name="spend_line")
