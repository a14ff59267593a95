"""The initial schema"""

import sqlalchemy as sa
from alembic import op

from mopsaudit.store.guards import ensure_guards, remove_guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business_unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["business_unit.id"],
            name=op.f("fk_business_unit_parent_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_business_unit_code")),
    )
    with op.batch_alter_table("business_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_business_unit_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_business_unit_path"), ["path"], unique=False)

    op.create_table(
        "catalogue_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("based_on", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_entry")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_catalogue_entry_entry_id")),
    )
    op.create_table(
        "fiscal_year",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_fiscal_year_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_year")),
        sa.UniqueConstraint("name", name=op.f("uq_fiscal_year_name")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_fiscal_year_starts_on")),
    )
    op.create_table(
        "form_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.Column("location", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_token")),
        sa.UniqueConstraint("token", name=op.f("uq_form_token_token")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_next", ["status", "id"], unique=False)

    op.create_table(
        "merge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "setting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", name=op.f("uq_setting_key")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_key"), ["key"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_name", sa.String(length=80), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_file_sha256")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_stored_file_stored_name")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entry")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index("ix_trail_entry_record", ["subject", "record_id", "id"], unique=False)

    op.create_table(
        "vendor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("catalogue_id", sa.String(length=80), nullable=True),
        sa.Column("site", sa.String(length=300), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["vendor.id"],
            name=op.f("fk_vendor_merged_into_id_vendor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["vendor.id"], name=op.f("fk_vendor_parent_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor")),
    )
    with op.batch_alter_table("vendor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_catalogue_id"), ["catalogue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "worker_beat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_beat")),
        sa.UniqueConstraint("worker", name=op.f("uq_worker_beat_worker")),
    )
    op.create_table(
        "fiscal_period",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fiscal_year_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fiscal_year_id"],
            ["fiscal_year.id"],
            name=op.f("fk_fiscal_period_fiscal_year_id_fiscal_year"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_period")),
        sa.UniqueConstraint("fiscal_year_id", "number", name=op.f("uq_fiscal_period_fiscal_year_id_number")),
    )
    with op.batch_alter_table("fiscal_period", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fiscal_period_fiscal_year_id"), ["fiscal_year_id"], unique=False)

    op.create_table(
        "legal_entity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("closed_through", sa.Date(), nullable=True),
        sa.Column("recoverable_tax_ppm", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_legal_entity_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_entity")),
        sa.UniqueConstraint("code", name=op.f("uq_legal_entity_code")),
    )
    with op.batch_alter_table("legal_entity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_entity_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("email_key", sa.String(length=320), nullable=True),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("department", sa.String(length=200), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_person_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_key", name=op.f("uq_person_email_key")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "tool",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("catalogue_id", sa.String(length=80), nullable=True),
        sa.Column("site", sa.String(length=300), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("licence_metric", sa.String(length=20), nullable=True),
        sa.Column("activity_window_days", sa.Integer(), nullable=True),
        sa.Column("daily_use", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "category IN ('intelligence', 'engagement', 'operations', 'performance')",
            name=op.f("ck_tool_category_known"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'trial', 'active', 'sunset', 'retired')",
            name=op.f("ck_tool_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["tool.id"], name=op.f("fk_tool_merged_into_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_tool_vendor_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool")),
    )
    with op.batch_alter_table("tool", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_catalogue_id"), ["catalogue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tool_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tool_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_tool_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "vendor_name",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_name_vendor_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_name")),
        sa.UniqueConstraint("vendor_id", "name", "kind", name=op.f("uq_vendor_name_vendor_id_name_kind")),
    )
    with op.batch_alter_table("vendor_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_name_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.Column("last_visit_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )
    op.create_table(
        "allocation_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_allocation_key_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_key")),
    )
    with op.batch_alter_table("allocation_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_key_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_approval_person_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint(
            "subject",
            "subject_id",
            "facts_digest",
            "step",
            name=op.f("uq_approval_subject_subject_id_facts_digest_step"),
        ),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_person_id"), ["person_id"], unique=False)

    op.create_table(
        "authority_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("from_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_authority_rule_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_authority_rule_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_rule")),
    )
    with op.batch_alter_table("authority_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_rule_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_authority_rule_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_calendar_feed_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_calendar_feed_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "cost_centre_unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cost_centre", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["legal_entity.id"],
            name=op.f("fk_cost_centre_unit_entity_id_legal_entity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_cost_centre_unit_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_centre_unit")),
    )
    with op.batch_alter_table("cost_centre_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cost_centre_unit_entity_id"), ["entity_id"], unique=False)
        batch_op.create_index("ix_cost_centre_unit_lookup", ["cost_centre", "valid_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_cost_centre_unit_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_document_added_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_document_file_id_stored_file"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_added_by_id"), ["added_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_file_id"), ["file_id"], unique=False)

    op.create_table(
        "finding_state",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("finding_id", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settled_by_id"],
            ["person.id"],
            name=op.f("fk_finding_state_settled_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_state")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_finding_state_finding_id")),
    )
    with op.batch_alter_table("finding_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_state_settled_by_id"), ["settled_by_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["person.id"],
            name=op.f("fk_invitation_created_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_invitation_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "match_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(length=300), nullable=False),
        sa.Column("pattern_kind", sa.String(length=10), nullable=False),
        sa.Column("description_pattern", sa.String(length=300), nullable=True),
        sa.Column("cost_centre", sa.String(length=40), nullable=True),
        sa.Column("gl_account", sa.String(length=40), nullable=True),
        sa.Column("amount_from_minor", sa.BigInteger(), nullable=True),
        sa.Column("amount_until_minor", sa.BigInteger(), nullable=True),
        sa.Column("dated_from", sa.Date(), nullable=True),
        sa.Column("dated_until", sa.Date(), nullable=True),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("spend_type", sa.String(length=20), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_match_rule_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_match_rule_vendor_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_rule")),
    )
    with op.batch_alter_table("match_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_rule_position"), ["position"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_rule_tool_id"), ["tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_rule_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("for_day", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "kind", "for_day", name=op.f("uq_notice_person_id_kind_for_day")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_person_id"), ["person_id"], unique=False)

    op.create_table(
        "objective",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_objective_owner_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["objective.id"],
            name=op.f("fk_objective_parent_id_objective"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_objective_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective")),
    )
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objective_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objective_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objective_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "report_subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report", sa.String(length=20), nullable=False),
        sa.Column("rhythm", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_sent_for", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_report_subscription_person_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_report_subscription_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_subscription")),
    )
    with op.batch_alter_table("report_subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_subscription_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_subscription_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "page", "name", name=op.f("uq_saved_view_person_id_page_name")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_person_id"), ["person_id"], unique=False)

    op.create_table(
        "scenario",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["person.id"],
            name=op.f("fk_scenario_created_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_scenario_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scenario_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "score",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dimension", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.CheckConstraint("value BETWEEN 1 AND 4", name=op.f("ck_score_four_steps")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_score_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_score_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint(
            "tool_id", "dimension", "person_id", name=op.f("uq_score_tool_id_dimension_person_id")
        ),
    )
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "source_ledger",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind_of_source", sa.String(length=10), nullable=False),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("accrued", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["legal_entity.id"],
            name=op.f("fk_source_ledger_entity_id_legal_entity"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_ledger")),
        sa.UniqueConstraint("name", name=op.f("uq_source_ledger_name")),
    )
    with op.batch_alter_table("source_ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_ledger_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "supplier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("settled", sa.String(length=20), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("spend_type", sa.String(length=20), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("score_mille", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=True),
        sa.Column("likely_mille", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("postponed_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_supplier_decided_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_supplier_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_supplier_vendor_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("key", name=op.f("uq_supplier_key")),
    )
    with op.batch_alter_table("supplier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supplier_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index("ix_supplier_settled", ["settled", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supplier_tool_id"), ["tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supplier_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "tool_name",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_tool_name_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_name")),
        sa.UniqueConstraint("tool_id", "name", name=op.f("uq_tool_name_tool_id_name")),
    )
    with op.batch_alter_table("tool_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_name_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "tool_person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_tool_person_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_tool_person_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_person")),
    )
    with op.batch_alter_table("tool_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_person_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tool_person_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "tool_state",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_tool_state_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_state")),
    )
    with op.batch_alter_table("tool_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_state_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "tool_type",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_tool_type_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_type")),
        sa.UniqueConstraint("tool_id", "type_id", name=op.f("uq_tool_type_tool_id_type_id")),
    )
    with op.batch_alter_table("tool_type", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_type_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "tool_unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_tool_unit_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_tool_unit_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_unit")),
    )
    with op.batch_alter_table("tool_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_unit_tool_id"), ["tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tool_unit_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "tool_user",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_key", sa.String(length=320), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_kind", sa.String(length=12), nullable=False),
        sa.Column("kind_set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["kind_set_by_id"],
            ["person.id"],
            name=op.f("fk_tool_user_kind_set_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_tool_user_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_tool_user_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_user")),
        sa.UniqueConstraint("tool_id", "user_key", name=op.f("uq_tool_user_tool_id_user_key")),
    )
    with op.batch_alter_table("tool_user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_user_person_id"), ["person_id"], unique=False)

    op.create_table(
        "allocation_share",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("share_ppm", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["allocation_key.id"],
            name=op.f("fk_allocation_share_key_id_allocation_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_allocation_share_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_share")),
        sa.UniqueConstraint("key_id", "unit_id", name=op.f("uq_allocation_share_key_id_unit_id")),
    )
    with op.batch_alter_table("allocation_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_share_key_id"), ["key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_share_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "business_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("objective_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("budget_holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("then_what", sa.String(), nullable=False),
        sa.Column("baseline", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("margin_ppm", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.Column("frozen_digest", sa.String(length=64), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["person.id"],
            name=op.f("fk_business_case_approved_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["budget_holder_id"],
            ["person.id"],
            name=op.f("fk_business_case_budget_holder_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["objective_id"],
            ["objective.id"],
            name=op.f("fk_business_case_objective_id_objective"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_business_case_owner_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["person.id"],
            name=op.f("fk_business_case_submitted_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_business_case_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_business_case_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_business_case_vendor_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_case")),
    )
    with op.batch_alter_table("business_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_business_case_approved_by_id"), ["approved_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_business_case_budget_holder_id"), ["budget_holder_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_business_case_objective_id"), ["objective_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_business_case_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_business_case_submitted_by_id"), ["submitted_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_business_case_tool_id"), ["tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_business_case_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_business_case_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "exemption",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_exemption_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tool_user_id"],
            ["tool_user.id"],
            name=op.f("fk_exemption_tool_user_id_tool_user"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    with op.batch_alter_table("exemption", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exemption_tool_id"), ["tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exemption_tool_user_id"), ["tool_user_id"], unique=False)

    op.create_table(
        "import_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=True),
        sa.Column("questions", sa.JSON(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("lines_digest", sa.String(length=64), nullable=True),
        sa.Column("lines_written", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["person.id"],
            name=op.f("fk_import_file_created_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["legal_entity.id"],
            name=op.f("fk_import_file_entity_id_legal_entity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_import_file_file_id_stored_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source_ledger.id"],
            name=op.f("fk_import_file_source_id_source_ledger"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_import_file_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_file_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_file_entity_id"), ["entity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_file_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_file_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_file_source_id"), ["source_id"], unique=False)
        batch_op.create_index("ix_import_file_status", ["status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_file_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "layout_profile",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source_ledger.id"],
            name=op.f("fk_layout_profile_source_id_source_ledger"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layout_profile")),
        sa.UniqueConstraint("kind", "fingerprint", name=op.f("uq_layout_profile_kind_fingerprint")),
    )
    with op.batch_alter_table("layout_profile", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_layout_profile_source_id"), ["source_id"], unique=False)

    op.create_table(
        "ledger_balance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gl_account", sa.String(length=40), nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("signed_off_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["signed_off_by_id"],
            ["person.id"],
            name=op.f("fk_ledger_balance_signed_off_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source_ledger.id"],
            name=op.f("fk_ledger_balance_source_id_source_ledger"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_balance")),
    )
    with op.batch_alter_table("ledger_balance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ledger_balance_signed_off_by_id"), ["signed_off_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ledger_balance_source_id"), ["source_id"], unique=False)

    op.create_table(
        "ledger_summary",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("spend_type", sa.String(length=20), nullable=True),
        sa.Column("cost_centre", sa.String(length=80), nullable=True),
        sa.Column("gl_account", sa.String(length=80), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=False),
        sa.Column("unconverted_minor", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["legal_entity.id"],
            name=op.f("fk_ledger_summary_entity_id_legal_entity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source_ledger.id"],
            name=op.f("fk_ledger_summary_source_id_source_ledger"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=op.f("fk_ledger_summary_supplier_id_supplier"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_ledger_summary_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_ledger_summary_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_summary")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_summary_key")),
    )
    with op.batch_alter_table("ledger_summary", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_summary_budget", ["month", "cost_centre", "gl_account"], unique=False
        )
        batch_op.create_index(
            "ix_ledger_summary_cover",
            [
                "tool_id",
                "month",
                "unit_id",
                "spend_type",
                "currency",
                "amount_minor",
                "base_minor",
                "unconverted_minor",
                "lines",
            ],
            unique=False,
        )
        batch_op.create_index("ix_ledger_summary_supplier", ["supplier_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'ops', 'finance', 'procurement', 'approver', 'viewer')",
            name=op.f("ck_membership_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_membership_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "account_id", "role", "unit_id", name=op.f("uq_membership_account_id_role_unit_id")
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "reclaim_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tool_user_id"],
            ["tool_user.id"],
            name=op.f("fk_reclaim_case_tool_user_id_tool_user"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reclaim_case")),
        sa.UniqueConstraint("tool_user_id", name=op.f("uq_reclaim_case_tool_user_id")),
    )
    with op.batch_alter_table("reclaim_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reclaim_case_tool_user_id"), ["tool_user_id"], unique=False)

    op.create_table(
        "split_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=op.f("fk_split_rule_supplier_id_supplier"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split_rule")),
    )
    with op.batch_alter_table("split_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_split_rule_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "supplier_spelling",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("raw", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=op.f("fk_supplier_spelling_supplier_id_supplier"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_spelling")),
        sa.UniqueConstraint("raw", name=op.f("uq_supplier_spelling_raw")),
    )
    with op.batch_alter_table("supplier_spelling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supplier_spelling_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_web_session_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "budget_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fiscal_year_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("revises_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("locked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("locked_at", sa.DateTime(), nullable=True),
        sa.Column("locked_digest", sa.String(length=64), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["person.id"],
            name=op.f("fk_budget_version_created_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["fiscal_year_id"],
            ["fiscal_year.id"],
            name=op.f("fk_budget_version_fiscal_year_id_fiscal_year"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_budget_version_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["locked_by_id"],
            ["person.id"],
            name=op.f("fk_budget_version_locked_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["revises_id"],
            ["budget_version.id"],
            name=op.f("fk_budget_version_revises_id_budget_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_version")),
        sa.UniqueConstraint("fiscal_year_id", "name", name=op.f("uq_budget_version_fiscal_year_id_name")),
    )
    with op.batch_alter_table("budget_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_version_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_budget_version_fiscal_year_id"), ["fiscal_year_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_budget_version_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_version_locked_by_id"), ["locked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_version_revises_id"), ["revises_id"], unique=False)

    op.create_table(
        "case_metric",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("early_signal", sa.Boolean(), nullable=False),
        sa.Column("unit_of_measure", sa.String(length=40), nullable=False),
        sa.Column("baseline", sa.String(length=60), nullable=True),
        sa.Column("target", sa.String(length=60), nullable=True),
        sa.Column("actual", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["business_case.id"],
            name=op.f("fk_case_metric_case_id_business_case"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_metric")),
    )
    with op.batch_alter_table("case_metric", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_metric_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["business_case.id"],
            name=op.f("fk_case_review_case_id_business_case"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["person.id"],
            name=op.f("fk_case_review_reviewer_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_review")),
    )
    with op.batch_alter_table("case_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_review_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_review_reviewer_id"), ["reviewer_id"], unique=False)

    op.create_table(
        "consumption_reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("bought_micro", sa.BigInteger(), nullable=True),
        sa.Column("used_micro", sa.BigInteger(), nullable=True),
        sa.Column("expired_micro", sa.BigInteger(), nullable=True),
        sa.Column("cell", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_consumption_reading_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_consumption_reading_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumption_reading")),
    )
    with op.batch_alter_table("consumption_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consumption_reading_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consumption_reading_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "contract",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("initial_months", sa.Integer(), nullable=True),
        sa.Column("renewal_months", sa.Integer(), nullable=True),
        sa.Column("renewal_kind", sa.String(length=20), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("end_kind", sa.String(length=20), nullable=False),
        sa.Column("notice_count", sa.Integer(), nullable=True),
        sa.Column("notice_unit", sa.String(length=10), nullable=False),
        sa.Column("delivery_days", sa.Integer(), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("month_to_month", sa.Boolean(), nullable=False),
        sa.Column("notice_served_on", sa.Date(), nullable=True),
        sa.Column("notice_served_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("notice_how", sa.String(length=200), nullable=True),
        sa.Column("notice_proof_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("escalator_kind", sa.String(length=10), nullable=False),
        sa.Column("escalator_ppm", sa.Integer(), nullable=True),
        sa.Column("escalator_index", sa.String(length=80), nullable=True),
        sa.Column("escalator_margin_ppm", sa.Integer(), nullable=True),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_terms", sa.String(length=200), nullable=True),
        sa.Column("billing_months", sa.Integer(), nullable=True),
        sa.Column("processes_personal_data", sa.Boolean(), nullable=True),
        sa.Column("dpa_signed_on", sa.Date(), nullable=True),
        sa.Column("data_location", sa.String(length=120), nullable=True),
        sa.Column("security_review_on", sa.Date(), nullable=True),
        sa.Column("security_notes", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("origin_cell", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "end_on IS NULL OR start_on IS NULL OR end_on >= start_on",
            name=op.f("ck_contract_ends_after_start"),
        ),
        sa.CheckConstraint(
            "initial_months IS NULL OR initial_months > 0", name=op.f("ck_contract_initial_term_positive")
        ),
        sa.CheckConstraint(
            "renewal_months IS NULL OR renewal_months > 0", name=op.f("ck_contract_renewal_term_positive")
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["legal_entity.id"],
            name=op.f("fk_contract_entity_id_legal_entity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_contract_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["notice_proof_id"],
            ["document.id"],
            name=op.f("fk_contract_notice_proof_id_document"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["notice_served_by_id"],
            ["person.id"],
            name=op.f("fk_contract_notice_served_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_contract_owner_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_contract_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_contract_vendor_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_entity_id"), ["entity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_notice_proof_id"), ["notice_proof_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contract_notice_served_by_id"), ["notice_served_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_contract_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_reference"), ["reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("into", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=40), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("origin_cell", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_exchange_rate_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint(
            "currency",
            "into",
            "kind",
            "valid_from",
            name=op.f("uq_exchange_rate_currency_into_kind_valid_from"),
        ),
    )
    with op.batch_alter_table("exchange_rate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_rate_import_id"), ["import_id"], unique=False)

    op.create_table(
        "import_problem",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("rejected", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=True),
        sa.Column("cell", sa.String(length=20), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_import_problem_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problem")),
    )
    with op.batch_alter_table("import_problem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_problem_import_id"), ["import_id"], unique=False)

    op.create_table(
        "import_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_import_sheet_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_sheet")),
        sa.UniqueConstraint("import_id", "position", name=op.f("uq_import_sheet_import_id_position")),
    )
    with op.batch_alter_table("import_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_sheet_import_id"), ["import_id"], unique=False)

    op.create_table(
        "spend_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("identity", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier_text", sa.String(length=400), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=True),
        sa.Column("booked_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_basis", sa.String(length=20), nullable=False),
        sa.Column("original_minor", sa.BigInteger(), nullable=True),
        sa.Column("original_currency", sa.String(length=3), nullable=True),
        sa.Column("base_minor", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("invoice", sa.String(length=200), nullable=True),
        sa.Column("cost_centre", sa.String(length=80), nullable=True),
        sa.Column("gl_account", sa.String(length=80), nullable=True),
        sa.Column("purchase_order", sa.String(length=80), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_how", sa.String(length=10), nullable=False),
        sa.Column("service_from", sa.Date(), nullable=True),
        sa.Column("service_until", sa.Date(), nullable=True),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("spend_type", sa.String(length=20), nullable=True),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("split", sa.Boolean(), nullable=False),
        sa.Column("out_of_scope", sa.Boolean(), nullable=False),
        sa.Column("edited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("credit_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("first_import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(booked_on IS NULL) OR (month IS NOT NULL)", name=op.f("ck_spend_line_dated_line_has_month")
        ),
        sa.ForeignKeyConstraint(
            ["credit_of_id"],
            ["spend_line.id"],
            name=op.f("fk_spend_line_credit_of_id_spend_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["edited_by_id"],
            ["person.id"],
            name=op.f("fk_spend_line_edited_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["legal_entity.id"],
            name=op.f("fk_spend_line_entity_id_legal_entity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["first_import_id"],
            ["import_file.id"],
            name=op.f("fk_spend_line_first_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["match_rule.id"], name=op.f("fk_spend_line_rule_id_match_rule"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source_ledger.id"],
            name=op.f("fk_spend_line_source_id_source_ledger"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=op.f("fk_spend_line_supplier_id_supplier"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_spend_line_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_spend_line_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_line")),
        sa.UniqueConstraint("identity", "ordinal", name=op.f("uq_spend_line_identity_ordinal")),
    )
    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spend_line_first_import_id"), ["first_import_id"], unique=False)
        batch_op.create_index("ix_spend_line_reference", ["reference"], unique=False)
        batch_op.create_index("ix_spend_line_supplier", ["supplier_id", "month"], unique=False)
        batch_op.create_index("ix_spend_line_tool_month", ["tool_id", "month"], unique=False)

    op.create_table(
        "split_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("spend_type", sa.String(length=20), nullable=False),
        sa.Column("share_ppm", sa.Integer(), nullable=True),
        sa.Column("description_pattern", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["split_rule.id"], name=op.f("fk_split_part_rule_id_split_rule"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_split_part_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split_part")),
    )
    with op.batch_alter_table("split_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_split_part_rule_id"), ["rule_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_split_part_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "tool_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("capabilities", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("then_what", sa.String(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["business_case.id"],
            name=op.f("fk_tool_request_case_id_business_case"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["person.id"],
            name=op.f("fk_tool_request_requested_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_tool_request_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_request")),
    )
    with op.batch_alter_table("tool_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_request_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_tool_request_requested_by_id"), ["requested_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_tool_request_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cost_centre", sa.String(length=80), nullable=True),
        sa.Column("gl_account", sa.String(length=80), nullable=True),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("programme", sa.String(length=120), nullable=True),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("origin_sheet", sa.String(length=200), nullable=True),
        sa.Column("origin_row", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["budget_version.id"],
            name=op.f("fk_budget_line_budget_id_budget_version"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["legal_entity.id"],
            name=op.f("fk_budget_line_entity_id_legal_entity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name=op.f("fk_budget_line_holder_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_budget_line_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_budget_line_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_budget_line_vendor_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_line_budget_id"), ["budget_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_entity_id"), ["entity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_tool_id"), ["tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "contract_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sku", sa.String(length=120), nullable=True),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("spend_type", sa.String(length=20), nullable=False),
        sa.Column("licence_metric", sa.String(length=20), nullable=True),
        sa.Column("quantity_micro", sa.BigInteger(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("amount_months", sa.Integer(), nullable=False),
        sa.Column("one_off", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("pack_size", sa.Integer(), nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("reducible", sa.Boolean(), nullable=False),
        sa.Column("cost_centre", sa.String(length=40), nullable=True),
        sa.Column("gl_account", sa.String(length=40), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("origin_cell", sa.String(length=120), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_months > 0", name=op.f("ck_contract_line_amount_period_positive")),
        sa.CheckConstraint("pack_size IS NULL OR pack_size > 0", name=op.f("ck_contract_line_pack_positive")),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_line_contract_id_contract"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_contract_line_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_contract_line_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_contract_line_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_line")),
    )
    with op.batch_alter_table("contract_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_line_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_line_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_line_tool_id"), ["tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_line_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "import_total",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("data", sa.String(length=60), nullable=False),
        sa.Column("imported_minor", sa.BigInteger(), nullable=False),
        sa.Column("duplicate_minor", sa.BigInteger(), nullable=False),
        sa.Column("out_of_scope_minor", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.String(length=60), nullable=False),
        sa.Column("rounding", sa.String(length=60), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.Column("sheet_total", sa.String(length=60), nullable=True),
        sa.Column("signed_off_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(), nullable=True),
        sa.Column("sign_off_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_import_total_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["import_sheet.id"],
            name=op.f("fk_import_total_sheet_id_import_sheet"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["signed_off_by_id"],
            ["person.id"],
            name=op.f("fk_import_total_signed_off_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_total")),
        sa.UniqueConstraint("sheet_id", "currency", name=op.f("uq_import_total_sheet_id_currency")),
    )
    with op.batch_alter_table("import_total", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_total_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_total_sheet_id"), ["sheet_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_total_signed_off_by_id"), ["signed_off_by_id"], unique=False
        )

    op.create_table(
        "line_pair",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("settled", sa.String(length=10), nullable=False),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_line_pair_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["kept_line_id"],
            ["spend_line.id"],
            name=op.f("fk_line_pair_kept_line_id_spend_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["other_line_id"],
            ["spend_line.id"],
            name=op.f("fk_line_pair_other_line_id_spend_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"],
            ["person.id"],
            name=op.f("fk_line_pair_settled_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_pair")),
        sa.UniqueConstraint(
            "kept_line_id", "other_line_id", name=op.f("uq_line_pair_kept_line_id_other_line_id")
        ),
    )
    with op.batch_alter_table("line_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_pair_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_line_pair_kept_line_id"), ["kept_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_line_pair_other_line_id"), ["other_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_line_pair_settled_by_id"), ["settled_by_id"], unique=False)

    op.create_table(
        "line_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("spend_type", sa.String(length=20), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["spend_line.id"], name=op.f("fk_line_part_line_id_spend_line"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_line_part_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_line_part_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_part")),
    )
    with op.batch_alter_table("line_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_part_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_line_part_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "purchase_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier_text", sa.String(length=300), nullable=True),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_purchase_order_contract_id_contract"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["legal_entity.id"],
            name=op.f("fk_purchase_order_entity_id_legal_entity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_purchase_order_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_purchase_order_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_purchase_order_vendor_id_vendor"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("number", "entity_id", name=op.f("uq_purchase_order_number_entity_id")),
    )
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_order_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_order_entity_id"), ["entity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_order_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_order_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_order_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_order_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "sighting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=12), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_sighting_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["spend_line.id"], name=op.f("fk_sighting_line_id_spend_line"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["import_sheet.id"],
            name=op.f("fk_sighting_sheet_id_import_sheet"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
    )
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.create_index("ix_sighting_import", ["import_id", "line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sighting_line_id"), ["line_id"], unique=False)

    op.create_table(
        "term_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("term_start", sa.Date(), nullable=False),
        sa.Column("term_end", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("first_quote_minor", sa.BigInteger(), nullable=True),
        sa.Column("quoted_on", sa.Date(), nullable=True),
        sa.Column("quote_document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_term_history_contract_id_contract"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["quote_document_id"],
            ["document.id"],
            name=op.f("fk_term_history_quote_document_id_document"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_history")),
    )
    with op.batch_alter_table("term_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_term_history_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_term_history_quote_document_id"), ["quote_document_id"], unique=False
        )

    op.create_table(
        "usage_snapshot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("event", sa.String(length=12), nullable=False),
        sa.Column("layout", sa.String(length=60), nullable=True),
        sa.Column("assigned_count", sa.Integer(), nullable=True),
        sa.Column("active_count", sa.Integer(), nullable=True),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_usage_snapshot_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["import_sheet.id"],
            name=op.f("fk_usage_snapshot_sheet_id_import_sheet"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_usage_snapshot_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_snapshot")),
    )
    with op.batch_alter_table("usage_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_snapshot_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_usage_snapshot_latest", ["tool_id", "as_of", "id"], unique=False)

    op.create_table(
        "budget_amount",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("origin_cell", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["budget_line.id"],
            name=op.f("fk_budget_amount_line_id_budget_line"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_amount")),
        sa.UniqueConstraint("line_id", "month", name=op.f("uq_budget_amount_line_id_month")),
    )
    op.create_table(
        "budget_transfer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("from_line_id <> to_line_id", name=op.f("ck_budget_transfer_between_two_lines")),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["budget_version.id"],
            name=op.f("fk_budget_transfer_budget_id_budget_version"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["from_line_id"],
            ["budget_line.id"],
            name=op.f("fk_budget_transfer_from_line_id_budget_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["person.id"],
            name=op.f("fk_budget_transfer_made_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["to_line_id"],
            ["budget_line.id"],
            name=op.f("fk_budget_transfer_to_line_id_budget_line"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_transfer")),
    )
    with op.batch_alter_table("budget_transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_transfer_budget_id"), ["budget_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_transfer_from_line_id"), ["from_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_transfer_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_transfer_to_line_id"), ["to_line_id"], unique=False)

    op.create_table(
        "case_flow",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("benefit_type", sa.String(length=12), nullable=True),
        sa.Column("method", sa.String(length=12), nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("realised", sa.Boolean(), nullable=False),
        sa.Column("budget_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("origin_cell", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_line.id"],
            name=op.f("fk_case_flow_budget_line_id_budget_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["business_case.id"],
            name=op.f("fk_case_flow_case_id_business_case"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_file.id"],
            name=op.f("fk_case_flow_import_id_import_file"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_flow")),
    )
    with op.batch_alter_table("case_flow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_flow_budget_line_id"), ["budget_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_flow_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_case_flow_lookup", ["case_id", "realised", "month"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("into_tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expected_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("scenario_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_line_id"],
            ["contract_line.id"],
            name=op.f("fk_decision_contract_line_id_contract_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["person.id"], name=op.f("fk_decision_decider_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["into_tool_id"], ["tool.id"], name=op.f("fk_decision_into_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["scenario.id"],
            name=op.f("fk_decision_scenario_id_scenario"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_decision_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_contract_line_id"), ["contract_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_decider_id"), ["decider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_into_tool_id"), ["into_tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_scenario_id"), ["scenario_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "deviation_reason",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("budget_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("through_month", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_line.id"],
            name=op.f("fk_deviation_reason_budget_line_id_budget_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"],
            ["person.id"],
            name=op.f("fk_deviation_reason_given_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_reason")),
    )
    with op.batch_alter_table("deviation_reason", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deviation_reason_budget_line_id"), ["budget_line_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_deviation_reason_given_by_id"), ["given_by_id"], unique=False)

    op.create_table(
        "instalment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("service_from", sa.Date(), nullable=True),
        sa.Column("service_until", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_instalment_contract_id_contract"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["contract_line.id"],
            name=op.f("fk_instalment_line_id_contract_line"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
    )
    with op.batch_alter_table("instalment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instalment_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instalment_line_id"), ["line_id"], unique=False)

    op.create_table(
        "order_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("spend_type", sa.String(length=20), nullable=False),
        sa.Column("cost_centre", sa.String(length=40), nullable=True),
        sa.Column("gl_account", sa.String(length=40), nullable=True),
        sa.Column("origin_cell", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["purchase_order.id"],
            name=op.f("fk_order_line_order_id_purchase_order"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_order_line_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_line_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "tool_capability",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("capability_id", sa.String(length=80), nullable=False),
        sa.Column("used_halves", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("evidence_grade", sa.String(length=1), nullable=True),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("contract_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "used_halves IS NULL OR used_halves BETWEEN 0 AND 2",
            name=op.f("ck_tool_capability_used_in_halves"),
        ),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_tool_capability_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["contract_line_id"],
            ["contract_line.id"],
            name=op.f("fk_tool_capability_contract_line_id_contract_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_tool_capability_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_capability")),
    )
    with op.batch_alter_table("tool_capability", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tool_capability_contract_line_id"), ["contract_line_id"], unique=False
        )
        batch_op.create_index("ix_tool_capability_lookup", ["capability_id", "tool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tool_capability_tool_id"), ["tool_id"], unique=False)

    op.create_table(
        "usage_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tool_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("feature", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=True),
        sa.Column("assigned", sa.Boolean(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("last_activity", sa.Date(), nullable=True),
        sa.Column("never", sa.Boolean(), nullable=False),
        sa.Column("used_halves", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["usage_snapshot.id"],
            name=op.f("fk_usage_record_snapshot_id_usage_snapshot"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tool_user_id"],
            ["tool_user.id"],
            name=op.f("fk_usage_record_tool_user_id_tool_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["business_unit.id"],
            name=op.f("fk_usage_record_unit_id_business_unit"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_record")),
        sa.UniqueConstraint(
            "snapshot_id",
            "tool_user_id",
            "licence",
            "feature",
            name=op.f("uq_usage_record_snapshot_id_tool_user_id_licence_feature"),
        ),
    )
    with op.batch_alter_table("usage_record", schema=None) as batch_op:
        batch_op.create_index("ix_usage_record_active", ["snapshot_id", "last_activity"], unique=False)
        batch_op.create_index(batch_op.f("ix_usage_record_tool_user_id"), ["tool_user_id"], unique=False)

    op.create_table(
        "action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_action_decision_id_decision"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_action_owner_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "invoice_allocation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instalment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(instalment_id IS NULL) <> (order_line_id IS NULL)",
            name=op.f("ck_invoice_allocation_one_commitment"),
        ),
        sa.ForeignKeyConstraint(
            ["instalment_id"],
            ["instalment.id"],
            name=op.f("fk_invoice_allocation_instalment_id_instalment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["spend_line.id"],
            name=op.f("fk_invoice_allocation_line_id_spend_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_invoice_allocation_order_line_id_order_line"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_allocation")),
    )
    with op.batch_alter_table("invoice_allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invoice_allocation_instalment_id"), ["instalment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_invoice_allocation_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invoice_allocation_order_line_id"), ["order_line_id"], unique=False
        )

    op.create_table(
        "saving",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tool_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contract_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("baseline_minor", sa.BigInteger(), nullable=True),
        sa.Column("baseline", sa.String(length=400), nullable=False),
        sa.Column("in_year_minor", sa.BigInteger(), nullable=True),
        sa.Column("annual_minor", sa.BigInteger(), nullable=True),
        sa.Column("realised_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("budget_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("signed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_line.id"],
            name=op.f("fk_saving_budget_line_id_budget_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["contract_line_id"],
            ["contract_line.id"],
            name=op.f("fk_saving_contract_line_id_contract_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_saving_decision_id_decision"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_saving_signed_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tool.id"], name=op.f("fk_saving_tool_id_tool"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saving")),
    )
    with op.batch_alter_table("saving", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saving_budget_line_id"), ["budget_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saving_contract_line_id"), ["contract_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saving_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saving_signed_by_id"), ["signed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saving_tool_id"), ["tool_id"], unique=False)
    op.bulk_insert(
        sa.table("role", sa.column("name", sa.String)),
        [{"name": name} for name in ("admin", "ops", "finance", "procurement", "approver", "viewer")],
    )
    ensure_guards(op.get_bind())


def downgrade() -> None:
    remove_guards(op.get_bind())
    with op.batch_alter_table("saving", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saving_tool_id"))
        batch_op.drop_index(batch_op.f("ix_saving_signed_by_id"))
        batch_op.drop_index(batch_op.f("ix_saving_decision_id"))
        batch_op.drop_index(batch_op.f("ix_saving_contract_line_id"))
        batch_op.drop_index(batch_op.f("ix_saving_budget_line_id"))

    op.drop_table("saving")
    with op.batch_alter_table("invoice_allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_allocation_order_line_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_allocation_line_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_allocation_instalment_id"))

    op.drop_table("invoice_allocation")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_owner_id"))
        batch_op.drop_index(batch_op.f("ix_action_decision_id"))

    op.drop_table("action")
    with op.batch_alter_table("usage_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_usage_record_tool_user_id"))
        batch_op.drop_index("ix_usage_record_active")

    op.drop_table("usage_record")
    with op.batch_alter_table("tool_capability", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_capability_tool_id"))
        batch_op.drop_index("ix_tool_capability_lookup")
        batch_op.drop_index(batch_op.f("ix_tool_capability_contract_line_id"))

    op.drop_table("tool_capability")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_line_tool_id"))
        batch_op.drop_index(batch_op.f("ix_order_line_order_id"))

    op.drop_table("order_line")
    with op.batch_alter_table("instalment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instalment_line_id"))
        batch_op.drop_index(batch_op.f("ix_instalment_contract_id"))

    op.drop_table("instalment")
    with op.batch_alter_table("deviation_reason", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deviation_reason_given_by_id"))
        batch_op.drop_index(batch_op.f("ix_deviation_reason_budget_line_id"))

    op.drop_table("deviation_reason")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_tool_id"))
        batch_op.drop_index(batch_op.f("ix_decision_scenario_id"))
        batch_op.drop_index(batch_op.f("ix_decision_into_tool_id"))
        batch_op.drop_index(batch_op.f("ix_decision_decider_id"))
        batch_op.drop_index(batch_op.f("ix_decision_contract_line_id"))

    op.drop_table("decision")
    with op.batch_alter_table("case_flow", schema=None) as batch_op:
        batch_op.drop_index("ix_case_flow_lookup")
        batch_op.drop_index(batch_op.f("ix_case_flow_import_id"))
        batch_op.drop_index(batch_op.f("ix_case_flow_budget_line_id"))

    op.drop_table("case_flow")
    with op.batch_alter_table("budget_transfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_transfer_to_line_id"))
        batch_op.drop_index(batch_op.f("ix_budget_transfer_made_by_id"))
        batch_op.drop_index(batch_op.f("ix_budget_transfer_from_line_id"))
        batch_op.drop_index(batch_op.f("ix_budget_transfer_budget_id"))

    op.drop_table("budget_transfer")
    op.drop_table("budget_amount")
    with op.batch_alter_table("usage_snapshot", schema=None) as batch_op:
        batch_op.drop_index("ix_usage_snapshot_latest")
        batch_op.drop_index(batch_op.f("ix_usage_snapshot_import_id"))

    op.drop_table("usage_snapshot")
    with op.batch_alter_table("term_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_term_history_quote_document_id"))
        batch_op.drop_index(batch_op.f("ix_term_history_contract_id"))

    op.drop_table("term_history")
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sighting_line_id"))
        batch_op.drop_index("ix_sighting_import")

    op.drop_table("sighting")
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchase_order_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_purchase_order_unit_id"))
        batch_op.drop_index(batch_op.f("ix_purchase_order_number"))
        batch_op.drop_index(batch_op.f("ix_purchase_order_import_id"))
        batch_op.drop_index(batch_op.f("ix_purchase_order_entity_id"))
        batch_op.drop_index(batch_op.f("ix_purchase_order_contract_id"))

    op.drop_table("purchase_order")
    with op.batch_alter_table("line_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_line_part_tool_id"))
        batch_op.drop_index(batch_op.f("ix_line_part_line_id"))

    op.drop_table("line_part")
    with op.batch_alter_table("line_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_line_pair_settled_by_id"))
        batch_op.drop_index(batch_op.f("ix_line_pair_other_line_id"))
        batch_op.drop_index(batch_op.f("ix_line_pair_kept_line_id"))
        batch_op.drop_index(batch_op.f("ix_line_pair_import_id"))

    op.drop_table("line_pair")
    with op.batch_alter_table("import_total", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_total_signed_off_by_id"))
        batch_op.drop_index(batch_op.f("ix_import_total_sheet_id"))
        batch_op.drop_index(batch_op.f("ix_import_total_import_id"))

    op.drop_table("import_total")
    with op.batch_alter_table("contract_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_line_unit_id"))
        batch_op.drop_index(batch_op.f("ix_contract_line_tool_id"))
        batch_op.drop_index(batch_op.f("ix_contract_line_import_id"))
        batch_op.drop_index(batch_op.f("ix_contract_line_contract_id"))

    op.drop_table("contract_line")
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_line_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_unit_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_tool_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_holder_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_entity_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_budget_id"))

    op.drop_table("budget_line")
    with op.batch_alter_table("tool_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_request_unit_id"))
        batch_op.drop_index(batch_op.f("ix_tool_request_requested_by_id"))
        batch_op.drop_index(batch_op.f("ix_tool_request_case_id"))

    op.drop_table("tool_request")
    with op.batch_alter_table("split_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_split_part_tool_id"))
        batch_op.drop_index(batch_op.f("ix_split_part_rule_id"))

    op.drop_table("split_part")
    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.drop_index("ix_spend_line_tool_month")
        batch_op.drop_index("ix_spend_line_supplier")
        batch_op.drop_index("ix_spend_line_reference")
        batch_op.drop_index(batch_op.f("ix_spend_line_first_import_id"))

    op.drop_table("spend_line")
    with op.batch_alter_table("import_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_sheet_import_id"))

    op.drop_table("import_sheet")
    with op.batch_alter_table("import_problem", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_problem_import_id"))

    op.drop_table("import_problem")
    with op.batch_alter_table("exchange_rate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_rate_import_id"))

    op.drop_table("exchange_rate")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_contract_unit_id"))
        batch_op.drop_index(batch_op.f("ix_contract_reference"))
        batch_op.drop_index(batch_op.f("ix_contract_owner_id"))
        batch_op.drop_index(batch_op.f("ix_contract_notice_served_by_id"))
        batch_op.drop_index(batch_op.f("ix_contract_notice_proof_id"))
        batch_op.drop_index(batch_op.f("ix_contract_import_id"))
        batch_op.drop_index(batch_op.f("ix_contract_entity_id"))

    op.drop_table("contract")
    with op.batch_alter_table("consumption_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consumption_reading_tool_id"))
        batch_op.drop_index(batch_op.f("ix_consumption_reading_import_id"))

    op.drop_table("consumption_reading")
    with op.batch_alter_table("case_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_review_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_case_review_case_id"))

    op.drop_table("case_review")
    with op.batch_alter_table("case_metric", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_metric_case_id"))

    op.drop_table("case_metric")
    with op.batch_alter_table("budget_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_version_revises_id"))
        batch_op.drop_index(batch_op.f("ix_budget_version_locked_by_id"))
        batch_op.drop_index(batch_op.f("ix_budget_version_import_id"))
        batch_op.drop_index(batch_op.f("ix_budget_version_fiscal_year_id"))
        batch_op.drop_index(batch_op.f("ix_budget_version_created_by_id"))

    op.drop_table("budget_version")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_account_id"))

    op.drop_table("web_session")
    with op.batch_alter_table("supplier_spelling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_spelling_supplier_id"))

    op.drop_table("supplier_spelling")
    with op.batch_alter_table("split_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_split_rule_supplier_id"))

    op.drop_table("split_rule")
    with op.batch_alter_table("reclaim_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reclaim_case_tool_user_id"))

    op.drop_table("reclaim_case")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_unit_id"))
        batch_op.drop_index(batch_op.f("ix_membership_account_id"))

    op.drop_table("membership")
    with op.batch_alter_table("ledger_summary", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_summary_supplier")
        batch_op.drop_index("ix_ledger_summary_cover")
        batch_op.drop_index("ix_ledger_summary_budget")

    op.drop_table("ledger_summary")
    with op.batch_alter_table("ledger_balance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_balance_source_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_balance_signed_off_by_id"))

    op.drop_table("ledger_balance")
    with op.batch_alter_table("layout_profile", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_layout_profile_source_id"))

    op.drop_table("layout_profile")
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_file_unit_id"))
        batch_op.drop_index("ix_import_file_status")
        batch_op.drop_index(batch_op.f("ix_import_file_source_id"))
        batch_op.drop_index(batch_op.f("ix_import_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_import_file_file_id"))
        batch_op.drop_index(batch_op.f("ix_import_file_entity_id"))
        batch_op.drop_index(batch_op.f("ix_import_file_created_by_id"))

    op.drop_table("import_file")
    with op.batch_alter_table("exemption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exemption_tool_user_id"))
        batch_op.drop_index(batch_op.f("ix_exemption_tool_id"))

    op.drop_table("exemption")
    with op.batch_alter_table("business_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_business_case_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_business_case_unit_id"))
        batch_op.drop_index(batch_op.f("ix_business_case_tool_id"))
        batch_op.drop_index(batch_op.f("ix_business_case_submitted_by_id"))
        batch_op.drop_index(batch_op.f("ix_business_case_owner_id"))
        batch_op.drop_index(batch_op.f("ix_business_case_objective_id"))
        batch_op.drop_index(batch_op.f("ix_business_case_budget_holder_id"))
        batch_op.drop_index(batch_op.f("ix_business_case_approved_by_id"))

    op.drop_table("business_case")
    with op.batch_alter_table("allocation_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_share_unit_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_share_key_id"))

    op.drop_table("allocation_share")
    with op.batch_alter_table("tool_user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_user_person_id"))

    op.drop_table("tool_user")
    with op.batch_alter_table("tool_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_unit_unit_id"))
        batch_op.drop_index(batch_op.f("ix_tool_unit_tool_id"))

    op.drop_table("tool_unit")
    with op.batch_alter_table("tool_type", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_type_tool_id"))

    op.drop_table("tool_type")
    with op.batch_alter_table("tool_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_state_tool_id"))

    op.drop_table("tool_state")
    with op.batch_alter_table("tool_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_person_tool_id"))
        batch_op.drop_index(batch_op.f("ix_tool_person_person_id"))

    op.drop_table("tool_person")
    with op.batch_alter_table("tool_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_name_tool_id"))

    op.drop_table("tool_name")
    with op.batch_alter_table("supplier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_supplier_tool_id"))
        batch_op.drop_index("ix_supplier_settled")
        batch_op.drop_index(batch_op.f("ix_supplier_decided_by_id"))

    op.drop_table("supplier")
    with op.batch_alter_table("source_ledger", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_ledger_entity_id"))

    op.drop_table("source_ledger")
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_tool_id"))
        batch_op.drop_index(batch_op.f("ix_score_person_id"))

    op.drop_table("score")
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scenario_unit_id"))
        batch_op.drop_index(batch_op.f("ix_scenario_created_by_id"))

    op.drop_table("scenario")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_view_person_id"))

    op.drop_table("saved_view")
    with op.batch_alter_table("report_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_subscription_unit_id"))
        batch_op.drop_index(batch_op.f("ix_report_subscription_person_id"))

    op.drop_table("report_subscription")
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objective_unit_id"))
        batch_op.drop_index(batch_op.f("ix_objective_parent_id"))
        batch_op.drop_index(batch_op.f("ix_objective_owner_id"))

    op.drop_table("objective")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_person_id"))

    op.drop_table("notice")
    with op.batch_alter_table("match_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_rule_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_match_rule_tool_id"))
        batch_op.drop_index(batch_op.f("ix_match_rule_position"))

    op.drop_table("match_rule")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_unit_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_created_by_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("finding_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_state_settled_by_id"))

    op.drop_table("finding_state")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_file_id"))
        batch_op.drop_index(batch_op.f("ix_document_added_by_id"))

    op.drop_table("document")
    with op.batch_alter_table("cost_centre_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cost_centre_unit_unit_id"))
        batch_op.drop_index("ix_cost_centre_unit_lookup")
        batch_op.drop_index(batch_op.f("ix_cost_centre_unit_entity_id"))

    op.drop_table("cost_centre_unit")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_unit_id"))
        batch_op.drop_index(batch_op.f("ix_calendar_feed_person_id"))

    op.drop_table("calendar_feed")
    with op.batch_alter_table("authority_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_rule_unit_id"))
        batch_op.drop_index(batch_op.f("ix_authority_rule_person_id"))

    op.drop_table("authority_rule")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_person_id"))

    op.drop_table("approval")
    with op.batch_alter_table("allocation_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_key_tool_id"))

    op.drop_table("allocation_key")
    op.drop_table("account")
    with op.batch_alter_table("vendor_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_name_vendor_id"))

    op.drop_table("vendor_name")
    with op.batch_alter_table("tool", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_tool_name"))
        batch_op.drop_index(batch_op.f("ix_tool_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_tool_catalogue_id"))

    op.drop_table("tool")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_unit_id"))
        batch_op.drop_index(batch_op.f("ix_person_external_id"))

    op.drop_table("person")
    with op.batch_alter_table("legal_entity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_entity_unit_id"))

    op.drop_table("legal_entity")
    with op.batch_alter_table("fiscal_period", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fiscal_period_fiscal_year_id"))

    op.drop_table("fiscal_period")
    op.drop_table("worker_beat")
    with op.batch_alter_table("vendor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_parent_id"))
        batch_op.drop_index(batch_op.f("ix_vendor_name"))
        batch_op.drop_index(batch_op.f("ix_vendor_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_vendor_catalogue_id"))

    op.drop_table("vendor")
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_entry_record")

    op.drop_table("trail_entry")
    op.drop_table("stored_file")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_key"))

    op.drop_table("sign_in_attempt")
    op.drop_table("setting")
    op.drop_table("role")
    op.drop_table("merge")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_next")

    op.drop_table("job")
    op.drop_table("form_token")
    op.drop_table("fiscal_year")
    op.drop_table("catalogue_entry")
    with op.batch_alter_table("business_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_business_unit_path"))
        batch_op.drop_index(batch_op.f("ix_business_unit_parent_id"))

    op.drop_table("business_unit")
