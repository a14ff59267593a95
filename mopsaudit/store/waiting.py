"""Users of applications a usage file names and nobody knows: kept until somebody says which tool it is."""

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mopsaudit.store.base import Base, Id, points_to


class WaitingApp(Base):
    """One application on one sheet at one day, as :class:`UsageSnapshot` is of a tool.

    ``snapshot_id`` is the snapshot its users were brought in as; None while nobody said which tool it is.
    """

    __tablename__ = "waiting_app"
    audited = False
    __table_args__ = (UniqueConstraint("sheet_id", "key", "as_of", "grade", "event"),)

    id: Mapped[Id]
    import_id: Mapped[int] = points_to("import_file.id")
    sheet_id: Mapped[int] = points_to("import_sheet.id", index=False)
    #: As the file prints it, and with case and white space folded.
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200), index=True)
    as_of: Mapped[date]
    grade: Mapped[str] = mapped_column(String(1))
    event: Mapped[str] = mapped_column(String(12))
    layout: Mapped[str | None] = mapped_column(String(60))
    assigned_count: Mapped[int | None]
    active_count: Mapped[int | None]
    snapshot_id: Mapped[int | None] = points_to("usage_snapshot.id")


class WaitingUser(Base):
    """A user of a waiting application; the columns mean what those of a usage record and its user mean."""

    __tablename__ = "waiting_user"
    audited = False
    __table_args__ = (UniqueConstraint("app_id", "user_key", "licence", "feature"),)

    id: Mapped[Id]
    app_id: Mapped[int] = points_to("waiting_app.id", index=False)
    user_key: Mapped[str] = mapped_column(String(320), index=True)
    external_id: Mapped[str | None] = mapped_column(String(320))
    account_kind: Mapped[str] = mapped_column(String(12), default="person")
    unit_id: Mapped[int | None] = points_to("business_unit.id", index=False)
    licence: Mapped[str] = mapped_column(String(200), default="")
    feature: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str | None] = mapped_column(String(60))
    assigned: Mapped[bool] = mapped_column(default=True)
    assigned_on: Mapped[date | None]
    created_on: Mapped[date | None]
    last_activity: Mapped[date | None]
    never: Mapped[bool] = mapped_column(default=False)
    used_halves: Mapped[int | None]
    row: Mapped[int]
    cell: Mapped[str] = mapped_column(String(12))
