"""What every table shares: metadata with named constraints, column types, and the audited/versioned marks."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Final

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Constraint names are stable, so that a violation can be told by name and migrations can drop one.
NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; a naive one is refused, for whose clock would it be."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC, the one form both databases keep alike."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored datetime needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


#: Primary keys that may pass two thousand million; SQLite's rowid is 64 bits under the name INTEGER.
BigKey = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(BigKey, primary_key=True)]
Minor = Annotated[int, mapped_column(BigInteger)]
Code = Annotated[str, mapped_column(String(40))]
Name = Annotated[str, mapped_column(String(200))]
Long = Annotated[str, mapped_column(Text)]
Currency = Annotated[str, mapped_column(String(3))]
Stamp = Annotated[datetime, mapped_column(UtcDateTime)]
Data = Annotated[dict[str, Any], mapped_column(JSON)]
Items = Annotated[list[Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """Parent of all models. ``audited``: changes are written to the trail. ``personal``: columns kept out of it."""

    metadata = MetaData(naming_convention=NAMING)
    audited: ClassVar[bool] = True
    personal: ClassVar[frozenset[str]] = frozenset()


class Versioned:
    """A record people edit: its version rises by one at each change and a stale edit is refused (edit conflicts)."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class Valid:
    """A fact that holds for a while: half-open ``valid_from <= day < valid_until``; None is without bound."""

    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


def points_to(target: str, *, ondelete: str = "RESTRICT", index: bool = True) -> Any:
    """A foreign key column to ``table.column``; deletion of the target is refused unless said otherwise."""
    return mapped_column(BigKey, ForeignKey(target, ondelete=ondelete), index=index)
