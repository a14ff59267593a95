"""Tools, vendors, contracts with lines, orders, documents: the stack and its terms."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mopsaudit.store.base import (
    Base,
    Code,
    Currency,
    Data,
    Id,
    Long,
    Minor,
    Name,
    Stamp,
    Valid,
    Versioned,
    points_to,
)
from mopsaudit.words import Category, EndKind, RenewalKind, SpendType, ToolStatus


class Vendor(Versioned, Base):
    """A supplier company; a tree by ``parent_id``. ``merged_into_id`` points on after a merge (unmerge clears it)."""

    __tablename__ = "vendor"

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(index=True)
    parent_id: Mapped[int | None] = points_to("vendor.id")
    catalogue_id: Mapped[str | None] = mapped_column(String(80), index=True)
    site: Mapped[str | None] = mapped_column(String(300))
    country: Mapped[str | None] = mapped_column(String(2))
    notes: Mapped[str] = mapped_column(String, default="")
    merged_into_id: Mapped[int | None] = points_to("vendor.id")
    retired_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class VendorName(Base):
    """Another name of a vendor: legal entity, trading, past or billing name. Survives renames and merges."""

    __tablename__ = "vendor_name"
    __table_args__ = (UniqueConstraint("vendor_id", "name", "kind"),)

    id: Mapped[Id]
    vendor_id: Mapped[int] = points_to("vendor.id")
    name: Mapped[Name]
    kind: Mapped[str] = mapped_column(String(20), default="trading")


class Tool(Versioned, Base):
    """A product we pay for or use. Its unit, owners and status are dated facts in their own tables.

    ``status`` repeats the fact that holds today so lists need no join; ``as_of`` queries read :class:`ToolState`.
    """

    __tablename__ = "tool"
    __table_args__ = (
        CheckConstraint(f"category IN ({', '.join(repr(c.value) for c in Category)})", name="category_known"),
        CheckConstraint(f"status IN ({', '.join(repr(c.value) for c in ToolStatus)})", name="status_known"),
    )

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(index=True)
    vendor_id: Mapped[int | None] = points_to("vendor.id")
    category: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=ToolStatus.ACTIVE)
    catalogue_id: Mapped[str | None] = mapped_column(String(80), index=True)
    site: Mapped[str | None] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(String, default="")
    notes: Mapped[str] = mapped_column(String, default="")
    licence_metric: Mapped[str | None] = mapped_column(String(20))
    #: Days a user counts as active after the last activity; None = the setting's default.
    activity_window_days: Mapped[int | None]
    daily_use: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = points_to("tool.id")

    __mapper_args__ = {"version_id_col": Versioned.version}


class ToolName(Base):
    """Another name a tool goes by in files (past name, product code)."""

    __tablename__ = "tool_name"
    __table_args__ = (UniqueConstraint("tool_id", "name"),)

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    name: Mapped[Name]


class ToolType(Base):
    """A technology type of a tool (id of the taxonomy)."""

    __tablename__ = "tool_type"
    __table_args__ = (UniqueConstraint("tool_id", "type_id"),)

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    type_id: Mapped[str] = mapped_column(String(80))


class ToolCapability(Valid, Base):
    """A capability a tool owns and, if known, uses. ``used_halves``: 0 no, 1 half, 2 fully, None unknown."""

    __tablename__ = "tool_capability"
    __table_args__ = (
        Index("ix_tool_capability_lookup", "capability_id", "tool_id"),
        CheckConstraint("used_halves IS NULL OR used_halves BETWEEN 0 AND 2", name="used_in_halves"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
    )

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    capability_id: Mapped[str] = mapped_column(String(80))
    used_halves: Mapped[int | None]
    weight: Mapped[int] = mapped_column(default=1)
    evidence_grade: Mapped[str | None] = mapped_column(String(1))
    evidence_on: Mapped[date | None]
    #: The separately priced contract line that buys it, if it has one.
    contract_line_id: Mapped[int | None] = points_to("contract_line.id")


class ToolUnit(Valid, Base):
    """A business unit that uses the tool."""

    __tablename__ = "tool_unit"

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    unit_id: Mapped[int] = points_to("business_unit.id")


class ToolState(Valid, Base):
    """The lifecycle status of a tool while valid, past or planned."""

    __tablename__ = "tool_state"

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    status: Mapped[str] = mapped_column(String(20))


class ToolPerson(Valid, Base):
    """A person's part in a tool: ``business_owner``, ``budget_holder``, ``administrator``."""

    __tablename__ = "tool_person"

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    person_id: Mapped[int] = points_to("person.id")
    part: Mapped[str] = mapped_column(String(20))


class AllocationKey(Valid, Base):
    """How a shared tool's cost divides over units: ``fixed`` shares, ``seats`` or ``active`` users."""

    __tablename__ = "allocation_key"

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    basis: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(400), default="")


class AllocationShare(Base):
    """A unit's share of a fixed key, in parts per million."""

    __tablename__ = "allocation_share"
    __table_args__ = (UniqueConstraint("key_id", "unit_id"),)

    id: Mapped[Id]
    key_id: Mapped[int] = points_to("allocation_key.id", ondelete="CASCADE")
    unit_id: Mapped[int] = points_to("business_unit.id")
    share_ppm: Mapped[int]


class Exemption(Valid, Base):
    """Seats or a tool kept out of reclaiming for a reason, until a review date."""

    __tablename__ = "exemption"

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    tool_user_id: Mapped[int | None] = points_to("tool_user.id")
    seats: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(400))
    review_on: Mapped[date | None]


class Merge(Base):
    """A merge of two tools or two vendors, so that it can be taken back. ``moved`` lists what it re-pointed."""

    __tablename__ = "merge"

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(20))
    from_id: Mapped[int]
    into_id: Mapped[int]
    moved: Mapped[Data]
    at: Mapped[Stamp]
    undone_at: Mapped[Stamp | None]


class Contract(Versioned, Base):
    """Vendor terms. Term k ends at ``start + (initial + k × renewal)`` months from the anchor (PRODUCT.md §4.5).

    ``end_on`` is an end stated instead of, or besides, the initial term. Notice is ``notice_count`` ``days`` or
    ``months``. ``delivery_days`` are business days a notice takes to arrive (None = the setting's default).
    """

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("initial_months IS NULL OR initial_months > 0", name="initial_term_positive"),
        CheckConstraint("renewal_months IS NULL OR renewal_months > 0", name="renewal_term_positive"),
        CheckConstraint("end_on IS NULL OR start_on IS NULL OR end_on >= start_on", name="ends_after_start"),
    )

    id: Mapped[Id]
    vendor_id: Mapped[int] = points_to("vendor.id")
    reference: Mapped[str | None] = mapped_column(String(120), index=True)
    title: Mapped[Name]
    status: Mapped[str] = mapped_column(String(20), default="signed")
    currency: Mapped[Currency]
    start_on: Mapped[date | None]
    initial_months: Mapped[int | None]
    renewal_months: Mapped[int | None]
    renewal_kind: Mapped[str] = mapped_column(String(20), default=RenewalKind.UNKNOWN)
    end_on: Mapped[date | None]
    end_kind: Mapped[str] = mapped_column(String(20), default=EndKind.UNKNOWN)
    notice_count: Mapped[int | None]
    notice_unit: Mapped[str] = mapped_column(String(10), default="days")
    delivery_days: Mapped[int | None]
    lead_days: Mapped[int | None]
    month_to_month: Mapped[bool] = mapped_column(default=False)
    notice_served_on: Mapped[date | None]
    notice_served_by_id: Mapped[int | None] = points_to("person.id")
    notice_how: Mapped[str | None] = mapped_column(String(200))
    notice_proof_id: Mapped[int | None] = points_to("document.id")
    #: fixed, index, cap, list, unknown; the figures are in parts per million a year.
    escalator_kind: Mapped[str] = mapped_column(String(10), default="unknown")
    escalator_ppm: Mapped[int | None]
    escalator_index: Mapped[str | None] = mapped_column(String(80))
    escalator_margin_ppm: Mapped[int | None]
    entity_id: Mapped[int | None] = points_to("legal_entity.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    owner_id: Mapped[int | None] = points_to("person.id")
    payment_terms: Mapped[str | None] = mapped_column(String(200))
    billing_months: Mapped[int | None]
    processes_personal_data: Mapped[bool | None]
    dpa_signed_on: Mapped[date | None]
    data_location: Mapped[str | None] = mapped_column(String(120))
    security_review_on: Mapped[date | None]
    security_notes: Mapped[str] = mapped_column(String, default="")
    notes: Mapped[str] = mapped_column(String, default="")
    retired_on: Mapped[date | None]
    import_id: Mapped[int | None] = points_to("import_file.id")
    origin_cell: Mapped[str | None] = mapped_column(String(120))

    __mapper_args__ = {"version_id_col": Versioned.version}


class ContractLine(Versioned, Base):
    """One thing a contract buys. ``amount_minor`` is the line total over ``amount_months`` (12 = a year).

    A price per seat is derived from the total, never stored the other way round. ``quantity_micro`` is the number of
    seats or credits × 1,000,000; None is unknown. ``starts_on``/``ends_on`` default to the contract's.
    ``ends_on`` is the last day the line is in force.
    """

    __tablename__ = "contract_line"
    __table_args__ = (
        CheckConstraint("amount_months > 0", name="amount_period_positive"),
        CheckConstraint("pack_size IS NULL OR pack_size > 0", name="pack_positive"),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = points_to("contract.id")
    tool_id: Mapped[int | None] = points_to("tool.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    sku: Mapped[str | None] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400), default="")
    spend_type: Mapped[str] = mapped_column(String(20), default=SpendType.SOFTWARE)
    licence_metric: Mapped[str | None] = mapped_column(String(20))
    quantity_micro: Mapped[int | None] = mapped_column(BigInteger)
    amount_minor: Mapped[Minor | None]
    amount_months: Mapped[int] = mapped_column(default=12)
    one_off: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    pack_size: Mapped[int | None]
    minimum: Mapped[int | None]
    reducible: Mapped[bool] = mapped_column(default=True)
    cost_centre: Mapped[str | None] = mapped_column(String(40))
    gl_account: Mapped[str | None] = mapped_column(String(40))
    import_id: Mapped[int | None] = points_to("import_file.id")
    origin_cell: Mapped[str | None] = mapped_column(String(120))
    retired_on: Mapped[date | None]


class Instalment(Base):
    """A dated payment a contract obliges to. A commitment; invoices are allocated to it."""

    __tablename__ = "instalment"

    id: Mapped[Id]
    contract_id: Mapped[int] = points_to("contract.id")
    line_id: Mapped[int | None] = points_to("contract_line.id")
    due_on: Mapped[date]
    service_from: Mapped[date | None]
    service_until: Mapped[date | None]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]


class TermHistory(Base):
    """What a term of a contract was: price, seats, the vendor's first quote, and how it was settled."""

    __tablename__ = "term_history"

    id: Mapped[Id]
    contract_id: Mapped[int] = points_to("contract.id")
    term_start: Mapped[date]
    term_end: Mapped[date]
    amount_minor: Mapped[Minor | None]
    seats: Mapped[int | None]
    first_quote_minor: Mapped[Minor | None]
    quoted_on: Mapped[date | None]
    quote_document_id: Mapped[int | None] = points_to("document.id")
    outcome: Mapped[str | None] = mapped_column(String(200))


class StoredFile(Base):
    """An original, kept under a random name outside anything served."""

    __tablename__ = "stored_file"
    audited = False

    id: Mapped[Id]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    stored_name: Mapped[str] = mapped_column(String(80), unique=True)
    stored_at: Mapped[Stamp]


class Document(Base):
    """A paper of a contract, case or decision: contract, quote, notice, data processing agreement."""

    __tablename__ = "document"

    id: Mapped[Id]
    file_id: Mapped[int] = points_to("stored_file.id")
    name: Mapped[Name]
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    added_by_id: Mapped[int | None] = points_to("person.id")
    added_at: Mapped[Stamp]
    note: Mapped[Long | None]


class PurchaseOrder(Versioned, Base):
    """An order; linked to a contract it is the same commitment."""

    __tablename__ = "purchase_order"
    __table_args__ = (UniqueConstraint("number", "entity_id"),)

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(80), index=True)
    vendor_id: Mapped[int | None] = points_to("vendor.id")
    supplier_text: Mapped[str | None] = mapped_column(String(300))
    contract_id: Mapped[int | None] = points_to("contract.id")
    entity_id: Mapped[int | None] = points_to("legal_entity.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    currency: Mapped[Currency]
    ordered_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), default="open")
    import_id: Mapped[int | None] = points_to("import_file.id")


class OrderLine(Base):
    """A line of an order: a commitment."""

    __tablename__ = "order_line"

    id: Mapped[Id]
    order_id: Mapped[int] = points_to("purchase_order.id")
    number: Mapped[Code | None]
    tool_id: Mapped[int | None] = points_to("tool.id")
    description: Mapped[str] = mapped_column(String(400), default="")
    due_on: Mapped[date | None]
    amount_minor: Mapped[Minor]
    spend_type: Mapped[str] = mapped_column(String(20), default=SpendType.SOFTWARE)
    cost_centre: Mapped[str | None] = mapped_column(String(40))
    gl_account: Mapped[str | None] = mapped_column(String(40))
    origin_cell: Mapped[str | None] = mapped_column(String(120))


class CatalogueEntry(Versioned, Base):
    """A company's own catalogue entry, or its accepted or refused change of a built-in one. Survives upgrades."""

    __tablename__ = "catalogue_entry"

    id: Mapped[Id]
    entry_id: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[Data]
    based_on: Mapped[str | None] = mapped_column(String(64))
