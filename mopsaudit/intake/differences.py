"""This file against the last one of its kind: what is new, gone, renamed, restated, and what a seat costs now. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Final

from mopsaudit.intake.contract import Kind, RecordRow
from mopsaudit.money import ratio_half_even

NEW, GONE, RENAMED, RESTATED, PRICE, CHANGED = (
    *("new", "gone", "renamed", "month restated", "price per seat"),
    "changed",
)
#: How alike two names must be to be one that was renamed, and from what change on a price has drifted (per mille).
ALIKE: Final = 0.75
DRIFT_MILLE: Final = 10

#: What names a row of a kind: the first group of fields of which one is filled, field by field.
KEYS: Final[Mapping[Kind, tuple[tuple[str, ...], ...]]] = {
    Kind.USAGE: (("tool",), ("user_email", "user_id"), ("licence",), ("feature",)),
    Kind.BUDGET: (
        *(("cost_centre",), ("gl_account",), ("unit",), ("tool",), ("vendor",), ("programme",)),
        *(("description",), ("month",), ("version",)),
    ),
    Kind.CONTRACTS: (("reference", "vendor"), ("tool",), ("sku",)),
    Kind.INVENTORY: (("tool", "id"),),
    Kind.ORDERS: (("order_number",), ("line",)),
    Kind.PEOPLE: (("email", "employee_id"),),
    Kind.BENEFITS: (("case",), ("metric",), ("kind",), ("month",)),
    Kind.RATES: (("from",), ("to",), ("kind",), ("valid_from",)),
    Kind.CREDITS: (("tool",), ("date",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A spend line of one of the two files; ``month`` None is undated, amounts in minor units of ``currency``."""

    supplier_id: int | None
    supplier: str
    tool_id: int | None
    tool: str | None
    month: int | None
    minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference. ``before`` and ``after`` are minor units of ``currency``, else texts; None is absent."""

    what: str
    name: str
    month: int | None = None
    field: str | None = None
    before: int | str | None = None
    after: int | str | None = None
    currency: str | None = None
    note: str = ""


def spend_differences(
    before: Sequence[FileLine],
    after: Sequence[FileLine],
    seats: Mapping[int, tuple[int | None, int | None]],
) -> list[Difference]:
    """New, gone and renamed suppliers, months both files hold with other sums, and drifted prices per seat.

    ``seats`` are the seats of a tool at the end of either file's last month.
    """
    old, new = _by_supplier(before), _by_supplier(after)
    gone = [key for key in old if key not in new]
    fresh = [key for key in new if key not in old]
    renamed = _renamed(old, new, gone, fresh)
    found = []
    for one, other in renamed.items():
        old_name, new_name = old[one][0].supplier, new[other][0].supplier
        note = f"was {old_name}; {_why(old[one], new[other])}"
        found += _sums(RENAMED, new_name, old[one], new[other], note)
    for key in fresh:
        if key not in renamed.values():
            found += _sums(NEW, new[key][0].supplier, (), new[key])
    for key in gone:
        if key not in renamed:
            found += _sums(GONE, old[key][0].supplier, old[key], ())
    found += _restated(old, new, renamed)
    found += _prices(before, after, seats)
    order = (RENAMED, NEW, GONE, RESTATED, PRICE)
    return sorted(
        found, key=lambda each: (order.index(each.what), -_size(each), each.name.casefold(), each.month or 0)
    )


def _size(each: Difference) -> int:
    before, after = each.before, each.after
    return abs((after if isinstance(after, int) else 0) - (before if isinstance(before, int) else 0))


Group = Sequence[FileLine]
SupplierKey = int | str


def _by_supplier(lines: Iterable[FileLine]) -> dict[SupplierKey, list[FileLine]]:
    found: dict[SupplierKey, list[FileLine]] = defaultdict(list)
    for line in lines:
        found[line.supplier_id if line.supplier_id is not None else line.supplier].append(line)
    return found


def _renamed(
    old: Mapping[SupplierKey, Group],
    new: Mapping[SupplierKey, Group],
    gone: Sequence[SupplierKey],
    fresh: Sequence[SupplierKey],
) -> dict[SupplierKey, SupplierKey]:
    """Gone supplier → the new one it became: the same tool, or a name much alike; the surest first, each once."""
    scored = []
    for one in gone:
        for other in fresh:
            alike = _alike(old[one][0].supplier, new[other][0].supplier)
            same_tool = bool(_tools(old[one]) & _tools(new[other]))
            if same_tool or alike >= ALIKE:
                scored.append((not same_tool, -alike, str(one), str(other), one, other))
    found: dict[SupplierKey, SupplierKey] = {}
    for *_, one, other in sorted(scored, key=lambda each: each[:4]):
        if one not in found and other not in found.values():
            found[one] = other
    return found


def _tools(lines: Group) -> set[int]:
    return {line.tool_id for line in lines if line.tool_id is not None}


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()


def _why(old: Group, new: Group) -> str:
    if _tools(old) & _tools(new):
        return f"both are {next((line.tool for line in new if line.tool), 'the same tool')}"
    return "the names are much alike"


def _by_currency(lines: Group) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.currency] += line.minor
    return sums


def _sums(what: str, name: str, old: Group, new: Group, note: str = "") -> list[Difference]:
    before, after = _by_currency(old), _by_currency(new)
    return [
        Difference(
            what=what, name=name, before=before.get(code), after=after.get(code), currency=code, note=note
        )
        for code in sorted({*before, *after})
    ]


def _restated(
    old: Mapping[SupplierKey, Group],
    new: Mapping[SupplierKey, Group],
    renamed: Mapping[SupplierKey, SupplierKey],
) -> list[Difference]:
    """Months both files hold of which the sum of a supplier of both differs."""

    def sums(groups: Mapping[SupplierKey, Group], names: Mapping[SupplierKey, SupplierKey]) -> Any:
        found: dict[tuple[SupplierKey, int, str], int] = defaultdict(int)
        for key, lines in groups.items():
            for line in lines:
                if line.month is not None:
                    found[names.get(key, key), line.month, line.currency] += line.minor
        return found

    before, after = sums(old, renamed), sums(new, {})
    both = {month for _, month, _ in before} & {month for _, month, _ in after}
    standing = set(new) & {renamed.get(key, key) for key in old}
    found = []
    for key in sorted({*before, *after}, key=str):
        supplier, month, currency = key
        if supplier not in standing or month not in both or before.get(key, 0) == after.get(key, 0):
            continue
        lines = new.get(supplier) or old[supplier]
        found.append(
            Difference(
                what=RESTATED,
                name=lines[0].supplier,
                month=month,
                before=before.get(key, 0),
                after=after.get(key, 0),
                currency=currency,
            )
        )
    return found


def _prices(
    before: Group, after: Group, seats: Mapping[int, tuple[int | None, int | None]]
) -> list[Difference]:
    """What a seat of a tool costs a month in either file, where both know its seats."""

    def monthly(lines: Group) -> dict[tuple[int, str], int]:
        months = {line.month for line in lines if line.month is not None}
        sums: dict[tuple[int, str], int] = defaultdict(int)
        for line in lines:
            if line.tool_id is not None and line.month is not None:
                sums[line.tool_id, line.currency] += line.minor
        return {key: ratio_half_even(minor, 1, len(months)) for key, minor in sums.items()}

    names = {line.tool_id: line.tool or "" for line in (*before, *after) if line.tool_id is not None}
    old, new = monthly(before), monthly(after)
    found = []
    for key in sorted(set(old) & set(new)):
        had, has = seats.get(key[0], (None, None))
        if not had or not has or old[key] <= 0 or new[key] <= 0:
            continue
        one, other = ratio_half_even(old[key], 1, had), ratio_half_even(new[key], 1, has)
        if one and abs(other - one) * 1000 >= one * DRIFT_MILLE:
            note = f"a seat and month; {had:,} seats then, {has:,} now"
            found.append(
                Difference(
                    what=PRICE, name=names[key[0]], before=one, after=other, currency=key[1], note=note
                )
            )
    return found


def record_differences(
    kind: Kind, before: Iterable[RecordRow], after: Iterable[RecordRow]
) -> list[Difference]:
    """Rows that are new, gone or changed, by what names them; a changed row once per field. Equal rows are numbered.

    Of contracts also what a seat costs: the amount by its quantity, where both files say them.
    """
    old, new = _by_key(kind, before), _by_key(kind, after)
    found = []
    for key in sorted({*old, *new}):
        name = " · ".join(part for part in key[0] if part)
        if key not in old:
            found.append(Difference(what=NEW, name=name, after=_words(new[key])))
        elif key not in new:
            found.append(Difference(what=GONE, name=name, before=_words(old[key])))
        else:
            found += _changed(kind, name, old[key], new[key])
    order = (NEW, GONE, CHANGED, PRICE)
    return sorted(found, key=lambda each: (order.index(each.what), each.name.casefold(), each.field or ""))


RowKey = tuple[tuple[str, ...], int]


def _by_key(kind: Kind, rows: Iterable[RecordRow]) -> dict[RowKey, Mapping[str, Any]]:
    found: dict[RowKey, Mapping[str, Any]] = {}
    for row in rows:
        parts = tuple(_first(row.values, fields) for fields in KEYS[kind])
        number = 1
        while (parts, number) in found:
            number += 1
        found[parts, number] = row.values
    return found


def _first(values: Mapping[str, Any], fields: Sequence[str]) -> str:
    text = next((_text(values[field]) for field in fields if values.get(field) not in (None, "")), "")
    return " ".join(text.split()).casefold() if fields != ("month",) else text


def _changed(kind: Kind, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    named = {field for fields in KEYS[kind] for field in fields}
    found = []
    for field in sorted(set(old) & set(new) - named):
        if old[field] != new[field]:
            found.append(
                Difference(
                    what=CHANGED, name=name, field=field, before=_text(old[field]), after=_text(new[field])
                )
            )
    if kind is Kind.CONTRACTS:
        one, other = _unit_price(old), _unit_price(new)
        if one is not None and other is not None and one != other:
            found.append(
                Difference(
                    what=PRICE,
                    name=name,
                    before=f"{one:f}",
                    after=f"{other:f}",
                    note="the amount by the quantity",
                )
            )
    return found


def _unit_price(values: Mapping[str, Any]) -> Decimal | None:
    amount, quantity = values.get("amount"), values.get("quantity")
    if not isinstance(amount, Decimal) or not isinstance(quantity, Decimal | int) or not quantity:
        return None
    return (amount / Decimal(quantity)).quantize(Decimal("0.01"))


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _words(values: Mapping[str, Any]) -> str:
    """What a row says, field by field, shortened."""
    said = (
        f"{field.replace('_', ' ')} {_text(value)}"
        for field, value in values.items()
        if value not in (None, "")
    )
    return ", ".join(said)[:300]
