"""People, their sign-in, roles by unit, sessions, invitations; business units and legal entities."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mopsaudit.store.base import (
    Base,
    BigKey,
    Code,
    Currency,
    Data,
    Id,
    Long,
    Name,
    Stamp,
    Valid,
    Versioned,
    points_to,
)


class RoleName(StrEnum):
    """The six roles. What each may do is the route table's business, not this list's."""

    ADMIN = "admin"
    OPS = "ops"
    FINANCE = "finance"
    PROCUREMENT = "procurement"
    APPROVER = "approver"
    VIEWER = "viewer"


class BusinessUnit(Versioned, Base):
    """A node of the organisation; exactly one row has no parent, the root. Lines without a unit belong to it."""

    __tablename__ = "business_unit"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    parent_id: Mapped[int | None] = points_to("business_unit.id")
    #: Materialised path ``/1/4/9/``: a sub-tree is one prefix comparison.
    path: Mapped[str] = mapped_column(String(400), default="", index=True)
    retired_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class LegalEntity(Versioned, Base):
    """A company of the group that owns ledgers. ``closed_through`` is the last closed day of its books."""

    __tablename__ = "legal_entity"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    currency: Mapped[Currency | None]
    country: Mapped[str | None] = mapped_column(String(2))
    closed_through: Mapped[date | None]
    #: Share of input tax that is recovered, in parts per million (1,000,000 = all).
    recoverable_tax_ppm: Mapped[int] = mapped_column(default=1_000_000)
    unit_id: Mapped[int | None] = points_to("business_unit.id")


class CostCentreUnit(Valid, Base):
    """Which unit a cost centre's lines belong to, while valid."""

    __tablename__ = "cost_centre_unit"
    __table_args__ = (Index("ix_cost_centre_unit_lookup", "cost_centre", "valid_from"),)

    id: Mapped[Id]
    cost_centre: Mapped[Code]
    entity_id: Mapped[int | None] = points_to("legal_entity.id")
    unit_id: Mapped[int] = points_to("business_unit.id")


class Person(Versioned, Base):
    """Somebody who owns, approves or uses: with or without a sign-in. Erased, the name is *former person n*."""

    __tablename__ = "person"
    personal: ClassVar[frozenset[str]] = frozenset({"name", "email", "email_key", "external_id"})

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str | None] = mapped_column(String(320))
    #: Case-folded, without a plus-tag: two spellings are one person.
    email_key: Mapped[str | None] = mapped_column(String(320), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(120), index=True)
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    department: Mapped[str | None] = mapped_column(String(200))
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    erased_at: Mapped[Stamp | None]


class Role(Base, RoleMixin):
    """A role by name; rows are written by the first migration and never change."""

    __tablename__ = "role"
    audited = False

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(20), unique=True)


class Account(Versioned, Base, UserMixin):
    """A person's sign-in. Passwords are argon2id hashes; ``tf_*`` is the second factor (Flask-Security's names)."""

    __tablename__ = "account"
    personal: ClassVar[frozenset[str]] = frozenset(
        {"email", "password", "fs_uniquifier", "tf_totp_secret", "mf_recovery_codes"}
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    created_at: Mapped[Stamp]
    locale: Mapped[str | None] = mapped_column(String(20))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    theme: Mapped[str] = mapped_column(String(10), default="auto")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    last_visit_at: Mapped[Stamp | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    memberships: Mapped[list["Membership"]] = relationship(
        lazy="selectin", order_by="Membership.id", cascade="all, delete-orphan"
    )

    @property
    def roles(self) -> list[str]:  # type: ignore[override]  # the library reads names or rows alike
        """Role names over all units, for the library's own checks; ours are per unit (the route table)."""
        return sorted({membership.role for membership in self.memberships})


class Membership(Base):
    """A role in one business unit and its sub-tree."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "unit_id"),
        CheckConstraint(f"role IN ({', '.join(repr(r.value) for r in RoleName)})", name="role_known"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = points_to("account.id", ondelete="CASCADE")
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = points_to("business_unit.id")


class WebSession(Base):
    """A signed-in browser. Only the hash of its id is kept; revoking the row ends it whatever the cookie says."""

    __tablename__ = "web_session"
    audited = False

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = points_to("account.id", ondelete="CASCADE")
    created_at: Mapped[Stamp]
    revoked_at: Mapped[Stamp | None]
    agent: Mapped[str | None] = mapped_column(String(200))


class DashboardVisit(Base):
    """What the dashboard last showed a person (``latest``), and what it is compared with in this visit (``seen``).

    JSON of ``reports.visits.shown_state``; ids and one amount, nobody's name.
    """

    __tablename__ = "dashboard_visit"
    audited = False

    account_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    latest_at: Mapped[Stamp | None]
    latest: Mapped[Data | None]
    seen_at: Mapped[Stamp | None]
    seen: Mapped[Data | None]


class SignInAttempt(Base):
    """Failed sign-ins per key (address, account) in a window: what throttling counts, shared by all workers."""

    __tablename__ = "sign_in_attempt"
    audited = False

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(120), index=True)
    at: Mapped[Stamp]


class Invitation(Base):
    """A link that makes one account with one role; only the hash of its token is kept."""

    __tablename__ = "invitation"
    personal: ClassVar[frozenset[str]] = frozenset({"email", "token_hash"})

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = points_to("business_unit.id")
    created_by_id: Mapped[int | None] = points_to("person.id")
    created_at: Mapped[Stamp]
    expires_at: Mapped[Stamp]
    used_at: Mapped[Stamp | None]
    note: Mapped[Long | None]
