"""What can be changed of many vendors or contracts at once: their own columns, by the commands of their own pages.

A field is one column, or the two that say one thing (a notice period and what it counts).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.inventory.bulk import Change, Kind, Standing
from mopsaudit.inventory.contract_view import RENEWALS, notice_words
from mopsaudit.inventory.contracts import edit_contract, in_scope
from mopsaudit.inventory.people import check_present, person_names, unit_names
from mopsaudit.inventory.vendors import edit_vendor
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Contract, Vendor
from mopsaudit.store.people import LegalEntity
from mopsaudit.words import EndKind, RenewalKind


class VendorField(StrEnum):
    """What can be changed of many vendors at once."""

    PARENT = "parent"
    COUNTRY = "country"


class ContractField(StrEnum):
    """What can be changed of many contracts at once."""

    OWNER = "owner"
    UNIT = "unit"
    ENTITY = "entity"
    NOTICE = "notice"
    DELIVERY = "delivery"
    RENEWAL = "renewal"
    RENEWAL_TERM = "renewal_term"
    END_KIND = "end_kind"
    BILLING = "billing"
    PAYMENT = "payment"


#: Field → the columns it sets, in the order of its value.
COLUMNS: Final[Mapping[StrEnum, tuple[str, ...]]] = {
    VendorField.PARENT: ("parent_id",),
    VendorField.COUNTRY: ("country",),
    ContractField.OWNER: ("owner_id",),
    ContractField.UNIT: ("unit_id",),
    ContractField.ENTITY: ("entity_id",),
    ContractField.NOTICE: ("notice_count", "notice_unit"),
    ContractField.DELIVERY: ("delivery_days",),
    ContractField.RENEWAL: ("renewal_kind",),
    ContractField.RENEWAL_TERM: ("renewal_months",),
    ContractField.END_KIND: ("end_kind",),
    ContractField.BILLING: ("billing_months",),
    ContractField.PAYMENT: ("payment_terms",),
}
_CODES: Final[Mapping[str, str]] = {
    **RENEWALS,
    EndKind.LAST_DAY.value: "the last day in force",
    EndKind.RENEWAL_DATE.value: "the day the next term starts",
    EndKind.UNKNOWN.value: "not known which",
}
#: What an empty value is called.
_NOTHING: Final[Mapping[StrEnum, str]] = {
    VendorField.PARENT: "no other vendor",
    ContractField.OWNER: "nobody",
    ContractField.UNIT: "the whole company",
    ContractField.DELIVERY: "as the setting says",
}
_MONTHS: Final = frozenset({ContractField.RENEWAL_TERM, ContractField.BILLING})


class _Record(Protocol):
    """A versioned record with a name of its own."""

    id: Any
    version: Any


def value_of(record: _Record, field: StrEnum) -> Any:
    """A record's value of a field: that of its column, or those of its columns together."""
    found = tuple(getattr(record, column) for column in COLUMNS[field])
    return found[0] if len(found) == 1 else found


def _columns(field: StrEnum, value: Any) -> dict[str, Any]:
    names = COLUMNS[field]
    return dict(zip(names, value if len(names) > 1 else (value,), strict=True))


class VendorKind(Kind):
    """Vendors: shared by the whole company, whoever may edit one may edit all."""

    subject = "vendor"
    fields = VendorField

    def standing(
        self, session: Session, scope: Scope, ids: Collection[int], field: StrEnum, on: date
    ) -> list[Standing]:
        """The living vendors by name."""
        found = session.scalars(
            select(Vendor)
            .where(Vendor.id.in_(sorted(ids)), Vendor.merged_into_id.is_(None))
            .order_by(func.lower(Vendor.name), Vendor.id)
        ).all()
        if len(found) != len(set(ids)):
            raise NotFoundError("There is no such vendor.")
        return [
            Standing(id=each.id, name=each.name, version=each.version, value=value_of(each, field))
            for each in found
        ]

    def check(self, session: Session, change: Change, reach: Collection[int]) -> None:
        """A vendor that lives, a country code of two letters."""
        if change.field is VendorField.PARENT and change.value is not None:
            parent = session.get(Vendor, change.value)
            if parent is None or parent.merged_into_id is not None:
                raise InvalidError("Choose a vendor from the list.", "value")
        if change.field is VendorField.COUNTRY and change.value is not None:
            text = str(change.value)
            if len(text) != 2 or not (text.isascii() and text.isalpha() and text.isupper()):
                raise InvalidError("A country is two letters, like GB.", "value")

    def refused(self, session: Session, standing: Standing, change: Change, reach: Collection[int]) -> str:
        """A vendor does not hang below itself."""
        if change.field is not VendorField.PARENT:
            return ""
        node: int | None = change.value
        while node is not None:
            if node == standing.id:
                return "A vendor cannot belong to itself or to one of its own companies."
            node = session.get_one(Vendor, node).parent_id
        return ""

    def words(self, session: Session, field: StrEnum, values: Iterable[Any]) -> Callable[[Any], str]:
        """Names of vendors, codes of countries."""
        known: dict[Any, str] = {}
        if field is VendorField.PARENT:
            ids = sorted({each for each in values if each is not None})
            known = dict(session.execute(select(Vendor.id, Vendor.name).where(Vendor.id.in_(ids))).all())
        return lambda value: (
            _NOTHING.get(field, "not known") if value is None else known.get(value, str(value))
        )

    def change(
        self, session: Session, record_id: int, field: StrEnum, value: Any, *, on: date, today: date
    ) -> None:
        """Edit the vendor as its own page does."""
        version = session.get_one(Vendor, record_id).version
        edit_vendor(session, record_id, version, _columns(field, value))


class ContractKind(Kind):
    """Contracts of the scope."""

    subject = "contract"
    fields = ContractField

    def standing(
        self, session: Session, scope: Scope, ids: Collection[int], field: StrEnum, on: date
    ) -> list[Standing]:
        """The contracts of the scope by title."""
        found = session.scalars(
            select(Contract)
            .where(Contract.id.in_(sorted(ids)), in_scope(scope), Contract.retired_on.is_(None))
            .order_by(func.lower(Contract.title), Contract.id)
        ).all()
        if len(found) != len(set(ids)):
            raise NotFoundError("There is no such contract.")
        return [
            Standing(id=each.id, name=each.title, version=each.version, value=value_of(each, field))
            for each in found
        ]

    def check(self, session: Session, change: Change, reach: Collection[int]) -> None:
        """A present person, a unit one may edit, an entity that exists, a period that is one."""
        value = change.value
        match change.field:
            case ContractField.OWNER:
                check_present(session, value, change.on)
            case ContractField.UNIT:
                if value not in set(reach):
                    raise InvalidError("Choose one of your business units.", "value")
            case ContractField.ENTITY:
                if value is not None and session.get(LegalEntity, value) is None:
                    raise InvalidError("Choose a legal entity from the list.", "value")
            case ContractField.NOTICE:
                number, unit = value
                if unit not in ("days", "months") or (number is not None and not 0 <= number <= 3650):
                    raise InvalidError("A notice period is zero or more days or months.", "value")
            case ContractField.RENEWAL:
                if value not in {each.value for each in RenewalKind}:
                    raise InvalidError(
                        "A contract renews automatically or by agreement, or it is not known.", "value"
                    )
            case ContractField.END_KIND:
                if value not in {each.value for each in EndKind}:
                    raise InvalidError("Say what its end date is.", "value")
            case ContractField.DELIVERY:
                if value is not None and not 0 <= value <= 60:
                    raise InvalidError("A notice takes from 0 to 60 business days to arrive.", "value")
            case ContractField.RENEWAL_TERM | ContractField.BILLING:
                if value is not None and not 1 <= value <= 600:
                    raise InvalidError("A term has at least one month; leave it empty if not known.", "value")

    def words(self, session: Session, field: StrEnum, values: Iterable[Any]) -> Callable[[Any], str]:
        """Names of people, units and entities; periods with what they count."""
        ids = {each for each in values if isinstance(each, int)}
        known: Mapping[Any, str] = {}
        match field:
            case ContractField.OWNER:
                known = person_names(session, ids)
            case ContractField.UNIT:
                known = {key: label.strip("\u00a0 ") for key, label in unit_names(session, ids)}
            case ContractField.ENTITY:
                rows = session.execute(
                    select(LegalEntity.id, LegalEntity.name).where(LegalEntity.id.in_(sorted(ids)))
                )
                known = dict(rows.all())
            case ContractField.RENEWAL | ContractField.END_KIND:
                known = _CODES

        def said(value: Any) -> str:
            if isinstance(value, tuple):
                number, unit = value
                return notice_words(number, unit) or "not known"
            if value is None:
                return _NOTHING.get(field, "not known")
            if field in _MONTHS:
                return notice_words(value, "months") or "not known"
            if field is ContractField.DELIVERY:
                return f"{value} business day{'' if value == 1 else 's'}"
            return known.get(value, str(value))

        return said

    def change(
        self, session: Session, record_id: int, field: StrEnum, value: Any, *, on: date, today: date
    ) -> None:
        """Edit the contract as its own page does."""
        version = session.get_one(Contract, record_id).version
        edit_contract(session, record_id, version, _columns(field, value))


#: Changes of many vendors, and of many contracts.
VENDORS: Final = VendorKind()
CONTRACTS: Final = ContractKind()
