"""What the ledger alone says of each supplier that is or may be marketing: its sums by month, settled or not.

Everything comes from the kept summaries, so that a ledger of 200,000 lines costs what its suppliers and months cost.
Dated money is of full months before the month of D; what has no date or no rate stands beside it, counted.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.coverage import in_units
from mopsaudit.facts.merges import heads
from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.rhythm import MonthSum
from mopsaudit.facts.spending import SpendFacts, SupplierSpend
from mopsaudit.facts.values import Bucket
from mopsaudit.periods import Period, add_months, month_of, month_start, trailing_months
from mopsaudit.reporting import LineFilter, Trace
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BudgetVersion,
    Contract,
    FiscalYear,
    LedgerSummary,
    SpendLine,
    Supplier,
    Tool,
    UsageSnapshot,
    Vendor,
)
from mopsaudit.words import SpendType

#: From this likelihood (of 1000) on a supplier nobody settled is taken for marketing, as in the review queue.
LIKELY: Final = 700
#: Months of history the rhythm is read from.
HISTORY: Final = 48
#: Spend types of money that leaves the company: all but payments and transfers; empty is not placed yet.
SPENT: Final = ("", *(each.value for each in SpendType if each is not SpendType.NOT_SPEND))
#: Suppliers asked about in one statement.
_PORTION: Final = 5_000
#: What a description says when an invoice is for a year.
_YEARLY_WORDS: Final = (
    *("annual", "yearly", "12 month", "12-month", "one year", "1 year", "per annum"),
    *("jährlich", "annuel"),
)


def listed_suppliers() -> ColumnElement[bool]:
    """Settled as marketing, or open and surely placed on a tool of ours or likely marketing by name."""
    settled = Supplier.settled.in_(("tool", "marketing", "split"))
    likely = or_(Supplier.tool_id.is_not(None), Supplier.likely_mille >= LIKELY)
    outside = and_(
        Supplier.spend_type.is_not(None),
        Supplier.spend_type.in_((SpendType.NOT_MARKETING.value, SpendType.NOT_SPEND.value)),
    )
    return or_(settled, and_(Supplier.settled == "open", likely, ~outside))


_IS_SPEND: Final = or_(
    LedgerSummary.spend_type.is_(None), LedgerSummary.spend_type != SpendType.NOT_SPEND.value
)


def spend_facts(session: Session, scope: Scope) -> SpendFacts:
    """The facts of a scope at its day; eight queries, however many lines there are."""
    here = month_of(scope.as_of)
    held = tuple(
        row[0]
        for row in fetch(
            session,
            select(LedgerSummary.month)
            .where(in_units(scope), _IS_SPEND, LedgerSummary.month.is_not(None), LedgerSummary.month < here)
            .distinct()
            .order_by(LedgerSummary.month),
        )
        if row[0] is not None
    )
    window = trailing_months(scope.as_of, 12)
    shifted = bool(held) and held[-1] < month_of(window.start)
    if shifted:
        end = month_start(held[-1] + 1)
        window = Period(start=add_months(end, -12), end=end)
    first, until = month_of(window.start), month_of(window.end)
    rest = _rest(session, scope, first, until)
    return SpendFacts(
        currency=scope.currency,
        from_month=until if shifted else here,
        window=(first, until),
        shifted=shifted,
        held=held,
        suppliers=_suppliers(session, scope, first, until),
        not_marketing=rest["not_marketing"][0],
        not_marketing_suppliers=rest["not_marketing"][1],
        unlikely=rest["unlikely"][0],
        unlikely_suppliers=rest["unlikely"][1],
        no_supplier=rest["no_supplier"][0],
        undated=rest["undated"][0],
        out_of_scope=out_of_scope(session, scope),
        running_month_lines=_running(session, scope, here),
    )


class _Sums:
    """A bucket being added up."""

    def __init__(self) -> None:
        self.minor = self.lines = 0
        self.missing: dict[str, int] = defaultdict(int)

    def add(self, currency: str, base: int, missing: int, lines: int) -> None:
        self.minor += base
        self.lines += lines
        if missing:
            self.missing[currency] += missing

    def bucket(self, wanted: LineFilter | None) -> Bucket:
        return Bucket(
            minor=self.minor,
            unconverted=tuple(sorted(self.missing.items())),
            lines=self.lines,
            trace=Trace(lines=wanted) if wanted else None,
        )


def _suppliers(session: Session, scope: Scope, first: int, until: int) -> tuple[SupplierSpend, ...]:
    here = month_of(scope.as_of)
    recent = and_(LedgerSummary.month < here, LedgerSummary.month >= first - HISTORY)
    rows = fetch(
        session,
        select(
            LedgerSummary.supplier_id,
            LedgerSummary.month,
            LedgerSummary.currency,
            func.sum(LedgerSummary.amount_minor),
            func.sum(LedgerSummary.base_minor),
            func.sum(LedgerSummary.unconverted_minor),
            func.sum(LedgerSummary.lines),
        )
        .join(Supplier, Supplier.id == LedgerSummary.supplier_id)
        .where(listed_suppliers(), in_units(scope), _IS_SPEND, or_(LedgerSummary.month.is_(None), recent))
        .group_by(LedgerSummary.supplier_id, LedgerSummary.month, LedgerSummary.currency)
        .order_by(LedgerSummary.supplier_id, LedgerSummary.month, LedgerSummary.currency),
    )
    months: dict[int, dict[str, list[MonthSum]]] = defaultdict(lambda: defaultdict(list))
    inside: dict[int, _Sums] = defaultdict(_Sums)
    undated: dict[int, _Sums] = defaultdict(_Sums)
    for supplier_id, month, currency, amount, base, missing, lines in rows:
        if supplier_id is None:
            continue
        if month is None:
            undated[supplier_id].add(currency, int(base), int(missing), int(lines))
            continue
        months[supplier_id][currency].append(MonthSum(month=month, minor=int(amount), lines=int(lines)))
        if first <= month < until:
            inside[supplier_id].add(currency, int(base), int(missing), int(lines))
    known = sorted({*months, *undated})
    words = _yearly_words(session, [each for each in known if _single(months[each])])
    merged = heads(session)
    tools = {
        row.id: row
        for row in fetch(
            session,
            select(Tool.id, Tool.name, Tool.category, Vendor.name.label("vendor"))
            .outerjoin(Vendor, Vendor.id == Tool.vendor_id)
            .order_by(Tool.id),
        )
    }
    found = []
    for record in _records(session, known):
        tool = tools.get(merged.tool_or_none(record.tool_id) or 0)
        proposal = record.proposal or {}
        wanted = LineFilter(supplier_ids=(record.id,), spend_types=SPENT)
        found.append(
            SupplierSpend(
                id=record.id,
                version=record.version,
                name=record.name,
                settled=record.settled,
                sure=bool(proposal.get("sure")),
                reason=record.reason,
                score_mille=record.score_mille,
                spend_type=record.spend_type,
                tool_id=tool.id if tool else None,
                tool=tool.name if tool else None,
                tool_category=tool.category if tool else None,
                vendor=tool.vendor if tool else None,
                proposal=dict(proposal),
                window=inside[record.id].bucket(
                    LineFilter(
                        supplier_ids=(record.id,), spend_types=SPENT, month_from=first, month_until=until
                    )
                ),
                undated=undated[record.id].bucket(
                    LineFilter(supplier_ids=wanted.supplier_ids, spend_types=SPENT, undated=True)
                ),
                months=tuple((currency, tuple(sums)) for currency, sums in sorted(months[record.id].items())),
                yearly_words=words.get(record.id, 0),
            )
        )
    return tuple(found)


def _single(by_currency: dict[str, list[MonthSum]]) -> bool:
    """Whether something was billed in one month only."""
    return len({each.month for sums in by_currency.values() for each in sums if each.minor > 0}) == 1


def _records(session: Session, ids: list[int]) -> list[Any]:
    found: list[Any] = []
    columns = (
        Supplier.id,
        Supplier.version,
        Supplier.name,
        Supplier.settled,
        Supplier.reason,
        Supplier.score_mille,
        Supplier.spend_type,
        Supplier.tool_id,
        Supplier.proposal,
    )
    for start in range(0, len(ids), _PORTION):
        part = ids[start : start + _PORTION]
        found += fetch(session, select(*columns).where(Supplier.id.in_(part)).order_by(Supplier.id))
    return found


def _yearly_words(session: Session, ids: list[int]) -> dict[int, int]:
    """Lines by supplier whose description speaks of a year."""
    text = func.lower(SpendLine.description)
    spoken = or_(*(text.contains(word) for word in _YEARLY_WORDS))
    found: dict[int, int] = {}
    for start in range(0, len(ids), _PORTION):
        part = ids[start : start + _PORTION]
        for supplier_id, lines in fetch(
            session,
            select(SpendLine.supplier_id, func.count())
            .where(
                SpendLine.supplier_id.in_(part),
                SpendLine.living,
                SpendLine.counts,
                ~SpendLine.out_of_scope,
                SpendLine.amount_minor > 0,
                spoken,
            )
            .group_by(SpendLine.supplier_id)
            .order_by(SpendLine.supplier_id),
        ):
            if supplier_id is not None:
                found[supplier_id] = int(lines)
    return found


def _rest(session: Session, scope: Scope, first: int, until: int) -> dict[str, tuple[Bucket, int]]:
    """What is not listed in the window, and everything undated: sums and numbers of suppliers."""
    inside = and_(LedgerSummary.month >= first, LedgerSummary.month < until)
    undated = case((LedgerSummary.month.is_(None), 1), else_=0)
    outside = case((LedgerSummary.spend_type == SpendType.NOT_MARKETING.value, 1), else_=0)
    # summed by supplier first, so that suppliers are joined to thousands of sums and not to every line's key
    summed = (
        select(
            LedgerSummary.supplier_id.label("supplier_id"),
            LedgerSummary.currency.label("currency"),
            undated.label("undated"),
            outside.label("outside"),
            func.sum(LedgerSummary.base_minor).label("base"),
            func.sum(LedgerSummary.unconverted_minor).label("missing"),
            func.sum(LedgerSummary.lines).label("lines"),
        )
        .where(in_units(scope), _IS_SPEND, or_(LedgerSummary.month.is_(None), inside))
        .group_by(LedgerSummary.supplier_id, LedgerSummary.currency, undated, outside)
        .subquery()
    )
    column = summed.c
    kind = case(
        (column.undated == 1, "undated"),
        (column.supplier_id.is_(None), "no_supplier"),
        (listed_suppliers(), "listed"),
        (or_(Supplier.settled == "not_marketing", column.outside == 1), "not_marketing"),
        else_="unlikely",
    )
    rows = fetch(
        session,
        select(kind, column.supplier_id, column.currency, column.base, column.missing, column.lines)
        .outerjoin(Supplier, Supplier.id == column.supplier_id)
        .order_by(column.supplier_id, column.currency, column.undated, column.outside),
    )
    sums: dict[str, _Sums] = defaultdict(_Sums)
    suppliers: dict[str, set[int]] = defaultdict(set)
    for name, supplier_id, currency, minor, missing, lines in rows:
        sums[name].add(currency, int(minor), int(missing), int(lines))
        if supplier_id is not None:
            suppliers[name].add(supplier_id)
    return {
        name: (
            sums[name].bucket(LineFilter(undated=True, spend_types=SPENT) if name == "undated" else None),
            len(suppliers[name]),
        )
        for name in ("not_marketing", "unlikely", "no_supplier", "undated")
    }


@once
def out_of_scope(session: Session, scope: Scope) -> Bucket:
    """Lines a narrowed ledger leaves out, over all time."""
    inside = SpendLine.unit_id.in_(scope.unit_ids)
    sums = _Sums()
    for currency, base, missing, lines in fetch(
        session,
        select(
            SpendLine.currency,
            func.coalesce(func.sum(SpendLine.base_minor), 0),
            func.coalesce(func.sum(SpendLine.amount_minor).filter(SpendLine.base_minor.is_(None)), 0),
            func.count(),
        )
        .where(
            SpendLine.living,
            SpendLine.out_of_scope,
            or_(inside, SpendLine.unit_id.is_(None)) if scope.whole else inside,
        )
        .group_by(SpendLine.currency)
        .order_by(SpendLine.currency),
    ):
        sums.add(currency, int(base or 0), int(missing or 0), int(lines))
    return sums.bucket(None)


def _running(session: Session, scope: Scope, here: int) -> int:
    """Lines of the running month, which no full month holds yet."""
    lines = session.scalar(
        select(func.coalesce(func.sum(LedgerSummary.lines), 0)).where(
            in_units(scope), _IS_SPEND, LedgerSummary.month == here
        )
    )
    return int(lines or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment among likely duplicates: supplier's name, day, amount (minor units), in the base currency too."""

    supplier: str
    day: date | None
    minor: int
    base_minor: int | None


def payments(session: Session, line_ids: Sequence[int]) -> dict[int, Payment]:
    """The lines of likely duplicate payments by id."""
    found: dict[int, Payment] = {}
    for start in range(0, len(line_ids), _PORTION):
        part = line_ids[start : start + _PORTION]
        for line_id, name, booked_on, minor, base in fetch(
            session,
            select(
                SpendLine.id, Supplier.name, SpendLine.booked_on, SpendLine.amount_minor, SpendLine.base_minor
            )
            .join(Supplier, Supplier.id == SpendLine.supplier_id)
            .where(SpendLine.id.in_(part))
            .order_by(SpendLine.id),
        ):
            found[line_id] = Payment(supplier=name, day=booked_on, minor=minor, base_minor=base)
    return found


def holdings(session: Session, scope: Scope) -> dict[str, bool]:
    """Whether there are contracts, living usage files, and a budget of the fiscal year holding D."""
    budget = (
        select(BudgetVersion.id)
        .join(FiscalYear, FiscalYear.id == BudgetVersion.fiscal_year_id)
        .where(FiscalYear.starts_on <= scope.as_of, FiscalYear.ends_on > scope.as_of)
    )
    return {
        "contracts": session.scalar(select(Contract.id).limit(1)) is not None,
        "usage": session.scalar(select(UsageSnapshot.id).where(UsageSnapshot.living).limit(1)) is not None,
        "budget": session.scalar(budget.limit(1)) is not None,
    }
