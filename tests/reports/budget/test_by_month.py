"""The year by month: each figure's months sum to the report's own, and each obligation stands in its month."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.periods import month_of
from mopsaudit.reporting import Report
from mopsaudit.reports.budget import build
from tests import builders
from tests.reports.budget.test_budget import at, figure, minor, section, twelve_thousand

FIGURES = ("plan", "actual", "committed", "late", "expected", "forecast", "headroom")


def months(report: Report, key: str) -> list[int | None]:
    return [minor(row.values[key]) for row in section(report, "months").rows]


def sums(report: Report) -> dict[str, int]:
    return {key: sum(each or 0 for each in months(report, key)) for key in FIGURES}


def test_aprils_missing_invoice_stands_in_april(session: Session) -> None:
    tool, _ = twelve_thousand(session)
    for month in (1, 2, 3, 5):
        builders.spend_line(session, 1_000_00, on=date(2026, month, 3), tool=tool)
    report = build(session, at(session))
    assert months(report, "plan") == [1_000_00] * 12
    assert months(report, "actual") == [1_000_00] * 3 + [0, 1_000_00] + [0] * 7
    assert months(report, "committed") == [0, 0, 0, 1_000_00, 0] + [1_000_00] * 7
    assert months(report, "late") == [0, 0, 0, 1_000_00] + [0] * 8
    assert months(report, "forecast") == [1_000_00] * 12
    assert [row.state for row in section(report, "months").rows] == ["closed"] * 5 + ["ahead"] * 7


def test_a_run_rate_fills_the_open_months_less_what_they_hold(session: Session) -> None:
    tool = builders.tool(session)
    builders.entity(session, "UK", closed_through=date(2026, 4, 30))
    builders.budget(session, lines=[{"tool_id": tool.id, "monthly": 100_00}])
    for month in (1, 2, 3, 4):
        builders.spend_line(session, 90_00, on=date(2026, month, 3), tool=tool)
    builders.spend_line(session, 30_00, on=date(2026, 5, 3), tool=tool)
    report = build(session, at(session))
    # 4 closed months of 90.00: eight open ones expect 720.00, May holds 30.00 of its 90.00 already.
    assert months(report, "expected") == [0] * 4 + [60_00] + [90_00] * 7
    assert months(report, "actual")[:6] == [90_00] * 4 + [30_00, 0]
    assert sums(report)["expected"] == figure(report, "expected") == 690_00


def test_what_is_due_before_the_year_can_only_come_now(session: Session) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    builders.spend_line(session, 1_00, on=date(2025, 11, 3))  # the ledger holds last year's end
    builders.order(
        session,
        vendor_id=vendor.id,
        ordered_on=date(2025, 12, 15),
        lines=[{"tool_id": tool.id, "amount_minor": 500_00, "due_on": date(2025, 12, 15)}],
    )
    report = build(session, at(session))
    assert months(report, "committed") == [0] * 4 + [500_00] + [0] * 7
    assert months(report, "plan") == [None] * 12
    assert [series.key for series in report.plots[0].series] == ["actual", "committed", "expected"]


@pytest.mark.parametrize("basis", ["invoiced", "accrual"])
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 5, 31), date(2026, 12, 31)])
def test_months_sum_to_the_reports_figures(session: Session, basis: str, day: date) -> None:
    tool, _ = twelve_thousand(session)
    other = builders.tool(session, "Other")
    for month in (1, 2, 3, 5):
        builders.spend_line(session, 1_000_00, on=date(2026, month, 3), tool=tool)
        builders.spend_line(session, 77_01, on=date(2026, month, 9), tool=other)
    builders.spend_line(session, -33_33, on=date(2026, 2, 20), tool=other)
    report = build(session, at(session, day), basis=basis)
    expected: dict[str, Any] = {key: figure(report, key) for key in FIGURES}
    assert sums(report) == expected
    plot = report.plots[0]
    assert plot.title == "Budget, and where each month lands"
    assert len(plot.labels) == 12
    stacked = sum(int(value or 0) for each in plot.series if each.style != "line" for value in each.values)
    assert stacked == expected["forecast"]
    assert plot.mark == month_of(day) - month_of(date(2026, 1, 1))
