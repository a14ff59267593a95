"""What-ifs: saved scenarios, what capabilities each unit must keep, and searches for the lowest-cost stack."""

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mopsaudit.store.base import Base, Data, Id, Items, Long, Name, Stamp, Versioned, points_to


class Scenario(Versioned, Base):
    """A saved what-if: named changes against the stack, last looked through on ``as_of``.

    ``unit_id`` None is the whole company. ``facts`` are what it rested on when it was last looked through and
    ``figures`` what it showed then (minor units of the base currency): what changed since is told by comparing.
    """

    __tablename__ = "scenario"

    id: Mapped[Id]
    name: Mapped[Name]
    as_of: Mapped[date]
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    changes: Mapped[Items]
    notes: Mapped[str] = mapped_column(String, default="")
    created_by_id: Mapped[int | None] = points_to("person.id")
    facts: Mapped[Data | None]
    figures: Mapped[Data | None]
    retired_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class CapabilityNeed(Versioned, Base):
    """A person's word that a unit and those below it need a capability, or do not; the word nearest to a unit counts.

    ``suppliers`` tools at least must supply it where it is required. Without a word, what is used (or owned, where use
    is unknown) is required.
    """

    __tablename__ = "capability_need"
    __table_args__ = (
        UniqueConstraint("capability_id", "unit_id"),
        CheckConstraint("suppliers BETWEEN 1 AND 2", name="one_or_two_suppliers"),
    )

    id: Mapped[Id]
    capability_id: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int] = points_to("business_unit.id")
    required: Mapped[bool]
    suppliers: Mapped[int] = mapped_column(default=1)
    reason: Mapped[Long]
    set_by_id: Mapped[int | None] = points_to("person.id")
    set_on: Mapped[date]

    __mapper_args__ = {"version_id_col": Versioned.version}


class StackSearch(Base):
    """A question for the lowest-cost stack and, once worked out, its answer with the proof.

    ``digest`` is of the facts it was asked on. ``status``: working, done, failed, cancelled.
    """

    __tablename__ = "stack_search"

    id: Mapped[Id]
    as_of: Mapped[date]
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    options: Mapped[Data]
    status: Mapped[str] = mapped_column(String(12), default="working")
    digest: Mapped[str] = mapped_column(String(64), default="")
    answer: Mapped[Data | None]
    message: Mapped[str | None] = mapped_column(String(400))
    asked_by_id: Mapped[int | None] = points_to("person.id")
    asked_at: Mapped[Stamp]
