"""The period table: fiscal years by the calendar year they end in, with what stands in each of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.periods import Period, fiscal_year, fiscal_year_name, month_of, month_start
from mopsaudit.scope import Scope
from mopsaudit.store.models import BudgetVersion, FiscalYear, LedgerSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """A fiscal year, half-open ``starts_on <= day < ends_on``: counting lines of the scope, budgets, the locked one.

    ``kept`` says that a budget fixed its days; ``other_start`` that these are not those the setting gives now.
    """

    name: str
    starts_on: date
    ends_on: date
    lines: int
    budgets: int
    locked: str | None
    kept: bool
    other_start: bool
    current: bool


def list_years(session: Session, scope: Scope) -> tuple[YearRow, ...]:
    """Every fiscal year from the first that holds a line or a budget to the one after the scope's day, newest first."""
    first_month = scope.settings.fiscal_start
    inside = LedgerSummary.unit_id.in_(scope.unit_ids)
    found = session.execute(
        select(LedgerSummary.month, func.sum(LedgerSummary.lines))
        .where(
            LedgerSummary.month.is_not(None),
            or_(inside, LedgerSummary.unit_id.is_(None)) if scope.whole else inside,
        )
        .group_by(LedgerSummary.month)
        .order_by(LedgerSummary.month)
    ).all()
    counted = [(month, int(lines)) for month, lines in found if month is not None]
    kept = session.scalars(select(FiscalYear).order_by(FiscalYear.starts_on)).all()
    budgets = session.execute(
        select(BudgetVersion.fiscal_year_id, BudgetVersion.status, BudgetVersion.name).order_by(
            BudgetVersion.id
        )
    ).all()
    spans = {year.starts_on: Period(start=year.starts_on, end=year.ends_on) for year in kept}
    days = [*(month_start(month) for month, _ in counted), *(year.starts_on for year in kept), scope.as_of]
    span = fiscal_year(min(days), first_month)
    last = fiscal_year(max(days), first_month).end
    while span.start <= last:
        spans.setdefault(span.start, span)
        span = fiscal_year(span.end, first_month)
    by_start = {year.starts_on: year for year in kept}
    rows = []
    for start in sorted(spans, reverse=True):
        span = spans[start]
        year = by_start.get(start)
        own = [each for each in budgets if year is not None and each.fiscal_year_id == year.id]
        rows.append(
            YearRow(
                name=year.name if year is not None else fiscal_year_name(span),
                starts_on=span.start,
                ends_on=span.end,
                lines=sum(
                    lines for month, lines in counted if month_of(span.start) <= month < month_of(span.end)
                ),
                budgets=len(own),
                locked=next((each.name for each in reversed(own) if each.status == "locked"), None),
                kept=year is not None,
                other_start=span != fiscal_year(span.end - timedelta(days=1), first_month),
                current=scope.as_of in span,
            )
        )
    return tuple(rows)
