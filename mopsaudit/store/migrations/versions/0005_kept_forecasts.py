"""Forecasts are kept as known when a month is closed"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "forecast_record",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("year_starts_on", sa.Date(), nullable=False),
        sa.Column("through_month", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("unit_id", _KEY, nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("forecast_minor", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kept_by_id", _KEY, nullable=True),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_by_id"],
            ["person.id"],
            name=op.f("fk_forecast_record_kept_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_forecast_record_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_record")),
    )
    op.create_index(
        "ix_forecast_record_lookup", "forecast_record", ["unit_id", "year_starts_on", "as_of"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_forecast_record_lookup", table_name="forecast_record")
    op.drop_table("forecast_record")
