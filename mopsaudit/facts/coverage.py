"""How much of the figures is known (PRODUCT.md §4.10): matched, converted, dated, fresh, possibly counted twice.

Money shares are over the twelve full months before D, in the base currency; lines without a date or a rate stand beside
them with their own sums, because no share can hold them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.pieces import waits
from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.values import Bucket, LedgerCoverage
from mopsaudit.periods import month_of, trailing_months
from mopsaudit.reporting import LineFilter, Trace
from mopsaudit.scope import Scope
from mopsaudit.store.models import LedgerSummary, LinePair, SpendLine
from mopsaudit.words import TOOL_COST, SpendType

#: Spend types that are no marketing money.
OUTSIDE: Final = (SpendType.NOT_MARKETING, SpendType.NOT_SPEND)
_SETTLED: Final = tuple(kind.value for kind in SpendType if kind not in OUTSIDE)
#: Two hundred lines are opened by their ids; beyond that the list of pairs is the way down.
_LISTED: Final = 200


def in_units(scope: Scope) -> ColumnElement[bool]:
    """The condition that a summary row belongs to the scope's units (rows without a unit belong to the root)."""
    inside = LedgerSummary.unit_id.in_(scope.unit_ids)
    return or_(inside, LedgerSummary.unit_id.is_(None)) if scope.whole else inside


@once
def ledger_coverage(session: Session, scope: Scope) -> LedgerCoverage:
    """What is matched, dated, converted and certain of the scope's money; three queries over the kept summaries."""
    window = trailing_months(scope.as_of, 12)
    start, end = month_of(window.start), month_of(window.end)
    kind = case(
        (LedgerSummary.spend_type.in_(OUTSIDE), "outside"),
        (LedgerSummary.tool_id.is_not(None), "on_tools"),
        (LedgerSummary.spend_type.is_(None), "open"),
        (LedgerSummary.spend_type.in_(list(TOOL_COST)), "of_a_vendor"),
        else_="other_marketing",
    )
    month = LedgerSummary.month + 0  # keeps the planner on the covering index, see `cost`
    dated = case((LedgerSummary.month.is_(None), 0), else_=1)
    rows = fetch(
        session,
        select(
            dated,
            kind,
            LedgerSummary.currency,
            func.sum(LedgerSummary.base_minor),
            func.sum(LedgerSummary.unconverted_minor),
            func.sum(LedgerSummary.lines),
        )
        .where(
            in_units(scope),
            or_(LedgerSummary.month.is_(None), and_(month >= start, month < end)),
        )
        .group_by(dated, kind, LedgerSummary.currency)
        .order_by(dated, kind, LedgerSummary.currency),
    )
    answered = _answered(session, scope, start, end) if any(row[1] == "of_a_vendor" for row in rows) else []
    found: dict[str, list[tuple[str, int, int, int]]] = {}
    for has_month, name, currency, base, missing, lines in _by_answer(rows, answered):
        entry = (currency, int(base), int(missing), int(lines))
        if has_month:
            found.setdefault(name, []).append(entry)
            if missing and name != "outside":
                found.setdefault("unconverted", []).append((currency, 0, int(missing), 0))
        elif name != "outside":
            found.setdefault("undated", []).append(entry)

    def bucket(name: str, lines: LineFilter) -> Bucket:
        entries = found.get(name, [])
        missing: dict[str, int] = {}
        for currency, _, minor, _ in entries:
            missing[currency] = missing.get(currency, 0) + minor
        return Bucket(
            minor=sum(base for _, base, _, _ in entries),
            unconverted=tuple(sorted((currency, minor) for currency, minor in missing.items() if minor)),
            lines=sum(count for _, _, _, count in entries),
            trace=Trace(lines=lines),
        )

    months = LineFilter(month_from=start, month_until=end)
    return LedgerCoverage(
        month_from=start,
        month_until=end,
        on_tools=bucket("on_tools", replace(months, tool_ids=(-1,), spend_types=(*_SETTLED, ""))),
        other_marketing=bucket(
            "other_marketing", replace(months, tool_ids=(0,), spend_types=_SETTLED, waiting=False)
        ),
        open=bucket("open", replace(months, tool_ids=(0,), waiting=True)),
        outside=bucket("outside", replace(months, spend_types=tuple(OUTSIDE))),
        undated=bucket("undated", LineFilter(undated=True, spend_types=(*_SETTLED, ""))),
        unconverted=bucket("unconverted", replace(months, unconverted=True, spend_types=(*_SETTLED, ""))),
        possibly_twice=_possibly_twice(session, scope),
    )


#: has a month, bucket, currency, base minor units, minor units without a rate, lines
_Sum = tuple[int, str, str, int, int, int]


def _answered(session: Session, scope: Scope, start: int, end: int) -> Sequence[Row[str, int, int, int]]:
    """Of the months' money of vendors that sell tools but of no tool, what a person settled, by currency."""
    month = LedgerSummary.month + 0
    return fetch(
        session,
        select(
            LedgerSummary.currency,
            func.sum(LedgerSummary.base_minor),
            func.sum(LedgerSummary.unconverted_minor),
            func.sum(LedgerSummary.lines),
        )
        .where(
            in_units(scope),
            LedgerSummary.tool_id.is_(None),
            LedgerSummary.spend_type.in_(list(TOOL_COST)),
            ~waits(LedgerSummary.tool_id, LedgerSummary.spend_type, LedgerSummary.supplier_id),
            month >= start,
            month < end,
        )
        .group_by(LedgerSummary.currency)
        .order_by(LedgerSummary.currency),
    )


def _by_answer(
    rows: Sequence[Row[int, str, str, int, int, int]], answered: Sequence[Row[str, int, int, int]]
) -> Iterator[_Sum]:
    """The sums with a vendor's money of no tool told apart: settled as other marketing, or open."""
    settled = {currency: (int(base), int(missing), int(lines)) for currency, base, missing, lines in answered}
    for has_month, name, currency, base, missing, lines in rows:
        if name != "of_a_vendor" or not has_month:
            yield has_month, name, currency, base, missing, lines
            continue
        done = settled.get(currency, (0, 0, 0))
        left = (int(base) - done[0], int(missing) - done[1], int(lines) - done[2])
        if done[2]:
            yield has_month, "other_marketing", currency, *done
        if left[2]:
            yield has_month, "open", currency, *left


def _possibly_twice(session: Session, scope: Scope) -> Bucket:
    inside = SpendLine.unit_id.in_(scope.unit_ids)
    rows = (
        session.connection()
        .execute(
            select(SpendLine.id, SpendLine.currency, SpendLine.base_minor, SpendLine.amount_minor)
            .where(
                SpendLine.id.in_(
                    select(LinePair.other_line_id).where(
                        LinePair.certainty == "probable", LinePair.settled == "open"
                    )
                ),
                SpendLine.living,
                SpendLine.counts,
                ~SpendLine.out_of_scope,
                or_(inside, SpendLine.unit_id.is_(None)) if scope.whole else inside,
            )
            .order_by(SpendLine.id)
        )
        .all()
    )
    missing: dict[str, int] = {}
    for _, currency, base, amount in rows:
        if base is None:
            missing[currency] = missing.get(currency, 0) + amount
    return Bucket(
        minor=sum(base for _, _, base, _ in rows if base is not None),
        unconverted=tuple(sorted(missing.items())),
        lines=len(rows),
        trace=Trace(lines=LineFilter(line_ids=tuple(row[0] for row in rows)))
        if 0 < len(rows) <= _LISTED
        else None,
    )
