"""The budget against a second, naive implementation in plain Python over the lines: equal to the cent."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_end, month_of
from mopsaudit.reporting import Amount
from mopsaudit.reports.budget import build
from mopsaudit.store.models import BudgetAmount, BudgetLine, OrderLine, PurchaseOrder, SpendLine, Tool
from tests import builders
from tests.reports.budget.owed import first_day, fiscal_year_from, in_month

CENTRES = ("M1", "M2", None)
ACCOUNTS = ("600", "610", None)


def spending_company(session: Session, seed: int) -> date:
    """A random small company: plan, spend, credits, undated lines, orders open and closed.

    Where its fiscal year does not begin in January, spend lies on either side of it too.
    """
    dice = random.Random(seed)
    first = first_day(seed)
    year = fiscal_year_from(session, first)
    vendors = [builders.vendor(session, f"V{number}") for number in range(2)]
    tools = [builders.tool(session, f"T{number}", of=dice.choice(vendors)) for number in range(3)]
    closed = in_month(first, dice.randint(2, 11), 1) - timedelta(days=1)
    builders.entity(session, "UK", closed_through=closed)
    lines = []
    for _ in range(dice.randint(1, 6)):
        tool = dice.choice([*tools, None, None])
        vendor = None if tool else dice.choice([*vendors, None])
        lines.append(
            {
                "tool_id": tool.id if tool else None,
                "vendor_id": vendor.id if vendor else None,
                "cost_centre": dice.choice(CENTRES),
                "gl_account": dice.choice(ACCOUNTS),
                "months": {month_of(in_month(first, m, 1)): dice.randint(0, 900) for m in range(1, 13)},
            }
        )
    builders.budget(session, year=year, lines=lines)
    numbers = ["PO-1", "PO-2", "PO-3"]
    for number in numbers:
        status = dice.choice(["open", "closed"])
        builders.order(
            session,
            number,
            status=status,
            ordered_on=in_month(first, dice.randint(1, 12), 5),
            lines=[{"amount_minor": dice.randint(100, 2_000)}],
        )
    for _ in range(dice.randint(5, 40)):
        builders.spend_line(
            session,
            dice.randint(-200, 1_500) or 1,
            on=dice.choice(
                [None, *[in_month(first, dice.randint(1, 12), dice.randint(1, 28)) for _ in range(8)]]
            ),
            tool=dice.choice([*tools, None]),
            cost_centre=dice.choice(CENTRES),
            gl_account=dice.choice(ACCOUNTS),
            purchase_order=dice.choice([*numbers, None, None, None]),
            spend_type=dice.choice(["software", "usage", "media", "not_marketing"]),
        )
    as_of = month_end(month_of(in_month(first, dice.randint(2, 12), 1)))
    for month in (-12, -11, -3, 0, 13) if first.month > 1 else ():
        builders.spend_line(
            session,
            dice.randint(100, 900),
            on=in_month(first, month, 17),
            tool=dice.choice([*tools, None]),
            cost_centre=dice.choice(CENTRES),
        )
    return as_of


def _naive(session: Session, as_of: date, first: date) -> dict[str, int]:
    """What the book says, line by line: no sums kept, no grouping, every budget line tried for every spend line.

    The fiscal year is that of ``first``, its first day.
    """
    lines = session.scalars(select(BudgetLine)).all()
    plan = {line.id: 0 for line in lines}
    for each in session.scalars(select(BudgetAmount)):
        plan[each.line_id] += each.amount_minor
    vendor_of = {tool.id: tool.vendor_id for tool in session.scalars(select(Tool))}
    actual: dict[int, int] = dict.fromkeys(plan, 0)
    unbudgeted = 0
    spent = [
        line
        for line in session.scalars(select(SpendLine))
        if line.booked_on is not None
        and first <= line.booked_on <= as_of
        and line.spend_type != "not_marketing"
    ]
    for line in spent:
        vendor = vendor_of[line.tool_id] if line.tool_id else None
        fitting = [
            each
            for each in lines
            if each.tool_id in (None, line.tool_id)
            and each.vendor_id in (None, vendor)
            and each.cost_centre in (None, line.cost_centre)
            and each.gl_account in (None, line.gl_account)
        ]
        if not fitting:
            # Named by tool (else by vendor), silent on the rest: the one line that it does not contradict.
            close = [
                each
                for each in lines
                if (each.tool_id or each.vendor_id)
                and each.tool_id in (None, line.tool_id)
                and each.vendor_id in (None, vendor)
                and (None in (each.cost_centre, line.cost_centre) or each.cost_centre == line.cost_centre)
                and (None in (each.gl_account, line.gl_account) or each.gl_account == line.gl_account)
            ]
            close = [each for each in close if each.tool_id] or close
            if len(close) == 1:
                actual[close[0].id] += line.amount_minor
            else:
                unbudgeted += line.amount_minor
            continue
        best = max(
            fitting,
            key=lambda each: (
                each.tool_id is not None,
                each.vendor_id is not None,
                (each.cost_centre is not None) + (each.gl_account is not None),
                -each.id,
            ),
        )
        actual[best.id] += line.amount_minor
    committed = 0
    for order, owed in session.execute(select(PurchaseOrder, OrderLine).join(OrderLine)):
        invoiced = sum(line.amount_minor for line in spent if line.purchase_order == order.number)
        committed += 0 if order.status != "open" else max(0, owed.amount_minor - invoiced)
    return {
        "plan": sum(plan.values()),
        "actual": sum(actual.values()) + unbudgeted,
        "unbudgeted": unbudgeted,
        "committed": committed,
        "available": sum(plan.values()) - sum(actual.values()) - unbudgeted - committed,
        **{f"line {key}": value for key, value in actual.items()},
    }


def _ours(session: Session, as_of: date) -> dict[str, int]:
    report = build(session, scope_for(session, as_of=as_of, environ={}))

    def minor(value: object) -> int:
        assert isinstance(value, Amount)
        return value.minor or 0

    totals = next(each for each in report.sections if each.key == "totals")
    found = {row.id: minor(row.values["amount"]) for row in totals.rows}
    result = {key: found[key] for key in ("plan", "actual", "committed", "available")}
    result["unbudgeted"] = 0
    for row in report.rows:
        if row.id == "unbudgeted":
            result["unbudgeted"] = minor(row.values["actual"])
        else:
            result[f"line {row.id.removeprefix('budget_line:')}"] = minor(row.values["actual"])
    assert found["forecast"] == found["actual"] + found["committed"] + found["expected"]
    assert found["headroom"] == found["plan"] - found["forecast"]
    for key in ("plan", "actual", "committed", "late", "expected", "forecast"):
        assert sum(minor(row.values[key]) for row in report.rows) == found[key]
    return result


@pytest.mark.parametrize("seed", [*range(6), 438])  # 438: credits alone carry the pace
def test_a_random_company_to_the_cent(session: Session, seed: int) -> None:
    agree(session, spending_company(session, seed), seed)


def agree(session: Session, as_of: date, seed: int) -> None:
    """Totals and each budget line of the report equal the naive reading."""
    assert _ours(session, as_of) == _naive(session, as_of, first_day(seed)), seed


@pytest.mark.postgres
def test_a_random_company_on_postgresql(session: Session) -> None:
    as_of = spending_company(session, 7)
    agree(session, as_of, 7)
    accrual = build(session, scope_for(session, as_of=as_of, environ={}), basis="accrual")
    assert accrual.rows
