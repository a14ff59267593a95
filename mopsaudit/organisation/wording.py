"""What stands in a record's history, in words: names in place of references, money and days as people read them.

The trail keeps ids and minor units, which never change their meaning; people read names. Which column points to which
table is what the tables themselves say, so that no list of columns can be forgotten.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.money import amount_text
from mopsaudit.store.base import Base
from mopsaudit.store.models import TrailEntry

#: What a record is called by, the first column its table has.
_NAMES: Final = ("name", "title", "file_name", "label", "reference", "description", "email", "code")
#: Fields of a change of many records → the table their ids are of, where the field is no column of the record.
_TARGETS: Final[Mapping[str, str]] = {
    "owner": "person",
    "budget_holder": "person",
    "units": "business_unit",
    "add_units": "business_unit",
    "unit": "business_unit",
    "entity": "legal_entity",
    "parent": "vendor",
}
#: What entries of their own keep beside a change, for the machine.
HIDDEN: Final = frozenset({"version", "id", "together", "field", "path", "origin_cell"})
#: What only a machine compares.
_DIGEST: Final = re.compile(r"(^|_)digest$")
_TOGETHER: Final = frozenset({"bulk_edit", "bulk_undo"})
_SUFFIX: Final = re.compile(r"_(id|minor|ppm|micro|mille)$")
_DAY: Final = re.compile(r"^\d{4}-\d\d-\d\d$")
_MOMENT: Final = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")
_CURRENCY: Final = "EUR"
"""Two decimals, where a record names no currency."""

Said = Any


def hidden(key: str) -> bool:
    """Whether a column is the machine's own: nobody reads its value."""
    return key in HIDDEN or _DIGEST.search(key) is not None


class Wording:
    """The words of some entries of one record or several; what they name is read once for all of them."""

    def __init__(self, session: Session, entries: Iterable[TrailEntry]) -> None:
        self._names: dict[tuple[str, Any], str] = {}
        self._currencies: dict[tuple[str, int], str] = {}
        wanted: dict[str, set[int]] = {}
        money: dict[str, set[int]] = {}
        for entry in entries:
            for values in (entry.before or {}, entry.after or {}):
                for key, value in values.items():
                    target = _target(entry, key)
                    if target is not None:
                        wanted.setdefault(target, set()).update(_ids(value))
                    if key.endswith("_minor") and entry.record_id is not None:
                        money.setdefault(entry.subject, set()).add(entry.record_id)
        for table, ids in wanted.items():
            self._look_up(session, table, ids)
        for table, ids in money.items():
            self._read_currencies(session, table, ids)

    def label(self, entry: TrailEntry, key: str) -> str:
        """A column's name for people: ``owner_id`` → *Owner*; of a change of many, the field it changed."""
        if entry.action in _TOGETHER and key == "value":
            key = str((entry.after or {}).get("field", key))
            key = key.removeprefix("add_")
        elif entry.action in _TOGETHER and key == "on":
            return "Holds from"
        return _SUFFIX.sub("", key).replace("_", " ").capitalize()

    def said(self, entry: TrailEntry, key: str, value: Any) -> Said:
        """A value for people: a name, an amount with its currency, a day, yes or no; others as they are."""
        if value is None or isinstance(value, bool):
            return value
        target = _target(entry, key)
        if target is not None:
            found = [
                self._names.get((target, each), f"{target.replace('_', ' ')} {each}") for each in _ids(value)
            ]
            return ", ".join(found) or None
        if entry.action in _TOGETHER and key == "value":
            return _of_many(value)
        if isinstance(value, int) and key.endswith("_minor"):
            currency = self._currencies.get((entry.subject, entry.record_id or 0))
            return f"{amount_text(value, currency or _CURRENCY)} {currency or ''}".strip()
        if isinstance(value, int) and key.endswith("_ppm"):
            return f"{(Decimal(value) / 10_000).normalize():f} %"
        if isinstance(value, int) and key.endswith("_micro"):
            return f"{(Decimal(value) / 1_000_000).normalize():f}"
        if isinstance(value, str) and _DAY.match(value):
            return date.fromisoformat(value)
        if isinstance(value, str) and _MOMENT.match(value):
            return datetime.fromisoformat(value)
        return value

    def _look_up(self, session: Session, table: str, ids: set[int]) -> None:
        columns = Base.metadata.tables[table].columns
        name = next((columns[each] for each in _NAMES if each in columns), None)
        if name is None or not ids:
            return
        for key, text in session.execute(select(columns["id"], name).where(columns["id"].in_(sorted(ids)))):
            self._names[table, key] = str(text) if text else f"former {table.replace('_', ' ')} {key}"

    def _read_currencies(self, session: Session, table: str, ids: set[int]) -> None:
        known = Base.metadata.tables.get(table)
        if known is not None and "currency" in known.columns:
            rows = session.execute(
                select(known.c["id"], known.c["currency"]).where(known.c["id"].in_(sorted(ids)))
            )
            self._currencies |= {(table, key): code for key, code in rows if code}


def _target(entry: TrailEntry, key: str) -> str | None:
    """The table a value's ids are of; None for a value that names no record."""
    if entry.action in _TOGETHER:
        return _TARGETS.get(str((entry.after or {}).get("field"))) if key == "value" else None
    table: Table | None = Base.metadata.tables.get(entry.subject)
    column: Column[Any] | None = None if table is None else table.columns.get(key)
    if column is None:
        return None
    return next((each.column.table.name for each in column.foreign_keys), None)


def _ids(value: Any) -> list[int]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, int) and not isinstance(each, bool)]


def _of_many(value: Any) -> Said:
    """A code of the taxonomy by its name; a period as its number and unit."""
    tree = taxonomy()
    known = {each.id.value: each.name for each in tree.categories} | {
        each.id: each.name for each in tree.types
    }
    if isinstance(value, list):
        if len(value) == 2 and value[1] in ("days", "months"):
            return None if value[0] is None else f"{value[0]} {value[1]}"
        return ", ".join(known.get(each, str(each)) for each in value) or None
    return known.get(value, value)
