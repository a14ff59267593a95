"""What rows of a list of contracts or tools say against each other or against themselves, told once all were read."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from importers import doubt_codes
from importers.price_doubts import Told
from mopsaudit.intake.contract import Kind, RecordRow

_MONTH: Final = 30.4375
#: Days by which a term, or a day of notice, may miss what the other days of its row say.
_TERM_OFF: Final = 45
_NOTICE_OFF: Final = 10
#: What the units cost, as a part of the amount, below which (or above its reciprocal) no discount explains it.
_NEAR: Final = Decimal("0.5")
#: Contracts from which one vendor for all of them is no chance.
_ALL_OF_ONE: Final = 5


def tell_records(kind: Kind, rows: Sequence[RecordRow]) -> Iterable[Told]:
    """A code, a sentence and a cell for each kind of doubt about the records of a sheet."""
    if kind is Kind.CONTRACTS:
        yield from _days(rows)
        yield from _prices(rows)
        yield from _again(rows)
        yield from _one_vendor(rows)
    elif kind is Kind.INVENTORY:
        yield from _tools(rows)


def _days(rows: Sequence[RecordRow]) -> Iterable[Told]:
    """Rows whose days contradict one another."""
    found: dict[str, list[RecordRow]] = defaultdict(list)
    for row in rows:
        for says in _contradictions(row.values):
            found[says].append(row)
    for says, wrong in found.items():
        first = wrong[0]
        cell = first.cells.get("end") or first.cells.get("start") or ""
        yield doubt_codes.CONTRACT_DAYS, f"{_rows(wrong)}: {says}.", cell


def _contradictions(values: dict[str, Any] | Any) -> Iterable[str]:
    start, end, by = (values.get(name) for name in ("start", "end", "notice_by"))
    term, notice = values.get("initial_months"), values.get("notice")
    if not isinstance(end, date):
        return
    if isinstance(start, date) and end < start:
        yield "the end is before the start"
    elif isinstance(start, date) and isinstance(term, int):
        short = term * _MONTH - (end - start).days
        if short > _TERM_OFF:
            yield "the term is longer than the days from start to end"
    if not isinstance(by, date):
        return
    if by > end:
        yield "the day of notice is after the end"
    elif isinstance(notice, int) and notice:
        days = notice * _MONTH if values.get("notice_unit") == "months" else notice
        if abs((end - timedelta(days=days) - by).days) > _NOTICE_OFF:
            yield "the day of notice is not the notice period before the end"


def _prices(rows: Sequence[RecordRow]) -> Iterable[Told]:
    """Rows whose amount is far from what their units cost at the price of one, as most of such rows are."""
    wrong: list[RecordRow] = []
    held = 0
    for row in rows:
        amount, each, count = (row.values.get(name) for name in ("amount", "unit_price", "quantity"))
        if not (isinstance(amount, Decimal) and isinstance(each, Decimal) and amount and each and count):
            continue
        share = each * Decimal(str(count)) / amount
        if _NEAR < share < 1 / _NEAR:
            held += 1
        else:
            wrong.append(row)
    if len(wrong) > held and len(wrong) > 1:
        yield (
            doubt_codes.CONTRACT_PRICE,
            f"{_rows(wrong)}: the amount is not what its units cost at the price of one; their spans may differ.",
            wrong[0].cells.get("unit_price", ""),
        )


def _again(rows: Sequence[RecordRow]) -> Iterable[Told]:
    """Lines that may be one: of one vendor and thing and start, or of one vendor with the same amount and days."""

    def thing(values: Any) -> Hashable | None:
        if not values.get("vendor") or not isinstance(values.get("start"), date):
            return None
        if not (values.get("tool") or values.get("sku")):
            return None
        names = ("vendor", "tool", "sku", "unit", "entity", "start")
        return tuple(_folded(values.get(name)) for name in names)

    def price(values: Any) -> Hashable | None:
        amount = values.get("amount")
        if not isinstance(amount, Decimal) or not amount or not values.get("vendor"):
            return None
        if not isinstance(values.get("end"), date) or values.get("quantity"):
            return None
        return tuple(_folded(values.get(name)) for name in ("vendor", "amount", "start", "end"))

    told: set[int] = set()
    for of, what in ((thing, "what it is for and the start"), (price, "the amount and the days")):
        groups = [group for group in _grouped(rows, of) if not told.issuperset(row.row for row in group)]
        if groups:
            first = groups[0]
            told.update(row.row for group in groups for row in group)
            more = f", and {len(groups) - 1} more such" if len(groups) > 1 else ""
            yield (
                doubt_codes.CONTRACT_AGAIN,
                f"{_rows(first)} of “{first[0].values['vendor']}” have {what} in common{more}: read one by one.",
                next(iter(first[1].cells.values()), ""),
            )


def _one_vendor(rows: Sequence[RecordRow]) -> Iterable[Told]:
    """All contracts of a longer list with one vendor, though they are for different things."""
    vendors = {_folded(row.values.get("vendor")) for row in rows}
    things = {_folded(row.values.get("tool") or row.values.get("reference")) for row in rows}
    if len(rows) >= _ALL_OF_ONE and len(vendors) == 1 and "" not in vendors and len(things) * 2 > len(rows):
        cell = rows[0].cells.get("vendor", "")
        message = f"All {len(rows)} contracts are with “{rows[0].values['vendor']}”."
        yield doubt_codes.ONE_VENDOR, message, cell


def _tools(rows: Sequence[RecordRow]) -> Iterable[Told]:
    """Tools that stand in several rows with other seats or costs: the last of them is what is kept."""

    def tool(values: Any) -> Hashable | None:
        counted = values.get("seats") is not None or values.get("yearly_cost") is not None
        return _folded(values.get("tool")) if counted and values.get("tool") else None

    groups = _grouped(rows, tool)
    if groups:
        first = groups[0]
        more = f", and {len(groups) - 1} more tools in several rows" if len(groups) > 1 else ""
        yield (
            doubt_codes.TOOL_AGAIN,
            f"“{first[0].values['tool']}” stands in {_rows(first, of=True)}{more}: seats and cost of the last count.",
            first[-1].cells.get("tool", ""),
        )


def _grouped(rows: Sequence[RecordRow], of: Callable[[Any], Hashable | None]) -> list[list[RecordRow]]:
    """The rows that have the same key, more than one each."""
    groups: dict[Hashable, list[RecordRow]] = defaultdict(list)
    for row in rows:
        if (found := of(row.values)) is not None:
            groups[found].append(row)
    return [group for group in groups.values() if len(group) > 1]


def _folded(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split()).casefold()


def _rows(rows: Sequence[RecordRow], *, of: bool = False) -> str:
    """``Row 3``, ``Rows 3 and 7``, ``Rows 3, 7 and 4 more``."""
    numbers = [str(row.row) for row in rows]
    word = "row" if len(numbers) == 1 else "rows"
    if len(numbers) > 3:
        numbers = [*numbers[:2], f"{len(numbers) - 2} more"]
    *first, last = numbers
    text = f"{', '.join(first)} and {last}" if first else last
    return f"{word if of else word.capitalize()} {text}"
