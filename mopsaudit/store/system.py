"""The trail, jobs, settings, saved views, one-time form tokens, and what was sent."""

from datetime import date

from sqlalchemy import BigInteger, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mopsaudit.store.base import Base, Data, Id, Long, Name, Stamp, Versioned, points_to
from mopsaudit.store.stamps import STAMPS


class TrailEntry(Base):
    """One change of one record: append-only (triggers), chained by HMAC-SHA256 with the key outside the database."""

    __tablename__ = "trail_entry"
    audited = False
    __table_args__ = (Index("ix_trail_entry_record", "subject", "record_id", "id"),)

    id: Mapped[Id]
    at: Mapped[Stamp]
    #: ``person:ID`` or ``cli:<operating system user>`` or ``system``.
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int | None]
    before: Mapped[Data | None]
    after: Mapped[Data | None]
    reason: Mapped[Long | None]
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class Setting(Base):
    """A setting changed from its default."""

    __tablename__ = "setting"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    value: Mapped[Data]


class DataStamp(Base):
    """When a table's rows or a column's values changed last, as a random number (:mod:`mopsaudit.store.stamps`)."""

    __tablename__ = STAMPS
    audited = False

    #: ``table`` or ``table.column``.
    name: Mapped[str] = mapped_column(String(130), primary_key=True)
    stamp: Mapped[int] = mapped_column(BigInteger)


class Job(Base):
    """Work for the background worker; it commits together with the record it serves. Lease, heartbeat, progress."""

    __tablename__ = "job"
    audited = False
    __table_args__ = (Index("ix_job_next", "status", "id"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    payload: Mapped[Data]
    status: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[Stamp | None]
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[Stamp]
    finished_at: Mapped[Stamp | None]
    created_by: Mapped[str] = mapped_column(String(120), default="system")


class WorkerBeat(Base):
    """When each worker was last seen: what ``/readyz`` asks."""

    __tablename__ = "worker_beat"
    audited = False

    id: Mapped[Id]
    worker: Mapped[str] = mapped_column(String(80), unique=True)
    seen_at: Mapped[Stamp]


class FormToken(Base):
    """A form posted once: the second post of the same token finds the first one's result."""

    __tablename__ = "form_token"
    audited = False

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[Stamp]
    location: Mapped[str | None] = mapped_column(String(400))


class SavedView(Versioned, Base):
    """A named view of a page's table (its query string), private or shared with a business unit's people.

    ``unit_id`` is set where ``shared``: people with a role in that unit, above or below it see the view. It says which
    rows are asked for and never whose: everybody sees them within their own scope.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "page", "name"),)

    id: Mapped[Id]
    person_id: Mapped[int] = points_to("person.id")
    page: Mapped[str] = mapped_column(String(60))
    name: Mapped[Name]
    query: Mapped[Long]
    shared: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int | None] = points_to("business_unit.id")

    __mapper_args__ = {"version_id_col": Versioned.version}


class DefaultView(Base):
    """The view a page opens with for a person. How a page looks to one person is no change of the company's records."""

    __tablename__ = "default_view"
    audited = False
    __table_args__ = (UniqueConstraint("person_id", "page"),)

    id: Mapped[Id]
    person_id: Mapped[int] = points_to("person.id")
    page: Mapped[str] = mapped_column(String(60))
    view_id: Mapped[int] = points_to("saved_view.id", ondelete="CASCADE")


class Notice(Base):
    """A digest sent to a person for a day: once each."""

    __tablename__ = "notice"
    audited = False
    __table_args__ = (UniqueConstraint("person_id", "kind", "for_day"),)

    id: Mapped[Id]
    person_id: Mapped[int] = points_to("person.id")
    kind: Mapped[str] = mapped_column(String(30))
    for_day: Mapped[date]
    sent_at: Mapped[Stamp]
    body: Mapped[Long]


class CalendarFeed(Base):
    """A person's calendar address; only the token's hash is kept."""

    __tablename__ = "calendar_feed"
    audited = False

    id: Mapped[Id]
    person_id: Mapped[int] = points_to("person.id")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    created_at: Mapped[Stamp]
    revoked_at: Mapped[Stamp | None]
