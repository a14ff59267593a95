"""Users of applications nobody knows wait for their tool"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "waiting_app",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("import_id", _KEY, nullable=False),
        sa.Column("sheet_id", _KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("event", sa.String(length=12), nullable=False),
        sa.Column("layout", sa.String(length=60), nullable=True),
        sa.Column("assigned_count", sa.Integer(), nullable=True),
        sa.Column("active_count", sa.Integer(), nullable=True),
        sa.Column("snapshot_id", _KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_waiting_app_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["import_sheet.id"],
            name=op.f("fk_waiting_app_sheet_id_import_sheet"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["usage_snapshot.id"],
            name=op.f("fk_waiting_app_snapshot_id_usage_snapshot"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_app")),
        sa.UniqueConstraint(
            "sheet_id",
            "key",
            "as_of",
            "grade",
            "event",
            name=op.f("uq_waiting_app_sheet_id_key_as_of_grade_event"),
        ),
    )
    for column in ("import_id", "key", "snapshot_id"):
        op.create_index(op.f(f"ix_waiting_app_{column}"), "waiting_app", [column], unique=False)
    op.create_table(
        "waiting_user",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("app_id", _KEY, nullable=False),
        sa.Column("user_key", sa.String(length=320), nullable=False),
        sa.Column("external_id", sa.String(length=320), nullable=True),
        sa.Column("account_kind", sa.String(length=12), nullable=False),
        sa.Column("unit_id", _KEY, nullable=True),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("feature", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=True),
        sa.Column("assigned", sa.Boolean(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("last_activity", sa.Date(), nullable=True),
        sa.Column("never", sa.Boolean(), nullable=False),
        sa.Column("used_halves", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id"],
            ["waiting_app.id"],
            name=op.f("fk_waiting_user_app_id_waiting_app"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_waiting_user_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_user")),
        sa.UniqueConstraint(
            "app_id",
            "user_key",
            "licence",
            "feature",
            name=op.f("uq_waiting_user_app_id_user_key_licence_feature"),
        ),
    )
    op.create_index(op.f("ix_waiting_user_user_key"), "waiting_user", ["user_key"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_waiting_user_user_key"), table_name="waiting_user")
    op.drop_table("waiting_user")
    for column in ("snapshot_id", "key", "import_id"):
        op.drop_index(op.f(f"ix_waiting_app_{column}"), table_name="waiting_app")
    op.drop_table("waiting_app")
