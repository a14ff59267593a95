"""The budget report on a real database: the vectors of PRODUCT.md §4.4 and its rules, one test each."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.facts.lines import lines_of
from mopsaudit.organisation import save_setting, scope_for
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Report, Section
from mopsaudit.reports.budget import build
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BudgetLine,
    BudgetTransfer,
    BudgetVersion,
    DeviationReason,
    InvoiceAllocation,
    OrderLine,
)
from tests import builders

MAY = date(2026, 5, 31)
LINE: dict[str, Any] = {"initial_months": 12, "billing_months": 1}


def at(session: Session, as_of: date = MAY, **values: Any) -> Scope:
    return scope_for(session, as_of=as_of, environ={}, **values)


def section(report: Report, key: str) -> Section:
    return next(each for each in report.sections if each.key == key)


def figure(report: Report, key: str) -> int | None:
    return minor(next(row for row in section(report, "totals").rows if row.id == key).values["amount"])


def minor(value: object) -> int | None:
    assert isinstance(value, Amount)
    return value.minor


def row(report: Report, key: str) -> dict[str, Any]:
    return dict(next(each for each in report.rows if each.id == key).values)


def twelve_thousand(session: Session) -> tuple[Any, Any]:
    """Plan and contract 12 × 1,000 of one tool, closed through May."""
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    builders.entity(session, "UK", closed_through=MAY)
    builders.contract(
        session, vendor, start_on=date(2026, 1, 1), lines=[{"tool": tool, "amount_minor": 12_000_00}], **LINE
    )
    version = builders.budget(session, lines=[{"tool_id": tool.id, "monthly": 1_000_00}])
    return tool, version


def test_plan_contract_and_a_missing_april(session: Session) -> None:
    tool, _ = twelve_thousand(session)
    for month in (1, 2, 3, 5):
        builders.spend_line(session, 1_000_00, on=date(2026, month, 3), tool=tool)
    report = build(session, at(session))
    assert {
        key: figure(report, key)
        for key in ("plan", "actual", "committed", "late", "expected", "forecast", "available", "to_date", "full_year")
    } == {
        "plan": 12_000_00,
        "actual": 4_000_00,
        "committed": 8_000_00,
        "late": 1_000_00,
        "expected": 0,
        "forecast": 12_000_00,
        "available": 0,
        "to_date": 1_000_00,
        "full_year": 0,
    }  # fmt: skip
    late = [each for each in section(report, "commitments").rows if each.state == "late"]
    assert [each.values["due"] for each in late] == [date(2026, 4, 1)]
    assert report.answer == (
        "FY2026 lands at 12,000 USD, exactly on the plan of 12,000 USD; 0 USD is still uncommitted."
    )
    assert [finding.kind for finding in report.findings] == ["late-commitment"]
    assert report.findings[0].bearers == ()


def test_the_same_from_written_instalments(session: Session) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    builders.entity(session, "UK", closed_through=MAY)
    builders.contract(
        session,
        vendor,
        start_on=date(2026, 1, 1),
        initial_months=12,
        lines=[{"tool": tool, "amount_minor": 12_000_00}],
        instalments=[(date(2026, month, 1), 1_000_00) for month in range(1, 13)],
    )
    for month in (1, 2, 3, 5):
        builders.spend_line(session, 1_000_00, on=date(2026, month, 3), tool=tool)
    report = build(session, at(session))
    assert (figure(report, "committed"), figure(report, "late"), figure(report, "forecast")) == (
        8_000_00,
        1_000_00,
        12_000_00,
    )


def test_currency_effect_stands_apart(session: Session) -> None:
    builders.rate(session, "EUR", "USD", "1.10", kind="budget")
    builders.rate(session, "EUR", "USD", "1.16", kind="booking")
    tool = builders.tool(session)
    builders.budget(
        session,
        currency="EUR",
        lines=[{"tool_id": tool.id, "months": {month_of(date(2026, 3, 1)): 10_000_00}}],
    )
    builders.spend_line(
        session, 10_000_00, currency="EUR", base_minor=11_600_00, on=date(2026, 3, 9), tool=tool
    )
    line = build(session, at(session)).rows[0].values
    assert {key: minor(line[key]) for key in ("plan", "actual", "to_date", "volume", "currency_effect")} == {
        "plan": 11_000_00,
        "actual": 11_600_00,
        "to_date": -600_00,
        "volume": 0,
        "currency_effect": -600_00,
    }


def test_invoiced_and_open_orders(session: Session) -> None:
    def invoice(amount: int, number: str | None = None) -> None:
        builders.spend_line(session, amount * 100, on=date(2026, 3, 1), purchase_order=number)

    builders.order(
        session, "C1", status="closed", ordered_on=date(2026, 1, 1), lines=[{"amount_minor": 999_900}]
    )
    builders.order(session, "O1", ordered_on=date(2026, 1, 1), lines=[{"amount_minor": 150_000}])
    builders.order(session, "O2", ordered_on=date(2026, 1, 1), lines=[{"amount_minor": 160_000}])
    for amount in (100, 750, 1200):
        invoice(amount)
    for amount, number in ((500, "C1"), (250, "C1"), (700, "C1"), (1350, "O1"), (900, "O2"), (1100, "O2")):
        invoice(amount, number)
    report = build(session, at(session))
    assert figure(report, "budget_load") == 7000_00
    assert figure(report, "committed") == 150_00


def test_an_order_linked_to_a_contract_is_one_commitment(session: Session) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    contract = builders.contract(
        session, vendor, start_on=date(2026, 3, 1), initial_months=12, lines=[{"tool": tool}]
    )
    builders.order(
        session,
        "PO-9",
        contract_id=contract.id,
        ordered_on=date(2026, 3, 1),
        lines=[{"amount_minor": 12_000_00}],
    )
    assert figure(build(session, at(session)), "committed") == 12_000_00
    builders.spend_line(session, 12_000_00, on=date(2026, 5, 20), purchase_order="po-9")
    report = build(session, at(session))
    assert (figure(report, "committed"), figure(report, "forecast")) == (0, 12_000_00)


@pytest.mark.parametrize("by_days, expected", [(True, 5_950_68), (False, 6_000_00)])
def test_accrual_of_a_year_at_the_end_of_june(session: Session, by_days: bool, expected: int) -> None:
    save_setting(session, "accrual_by_days", by_days)
    tool = builders.tool(session)
    builders.spend_line(
        session, 12_000_00, on=date(2026, 1, 5), tool=tool,
        service_from=date(2026, 1, 1), service_until=date(2027, 1, 1),
    )  # fmt: skip
    report = build(session, at(session, date(2026, 6, 30)), basis="accrual")
    assert figure(report, "actual") == expected
    assert figure(report, "committed") == 12_000_00 - expected  # invoiced, not yet earned
    assert figure(report, "forecast") == 12_000_00
    invoiced = build(session, at(session, date(2026, 6, 30)))
    assert figure(invoiced, "actual") == 12_000_00


def test_an_invoice_is_spread_over_the_service_of_what_it_settles(session: Session) -> None:
    save_setting(session, "accrual_by_days", value=False)
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    builders.contract(
        session, vendor, start_on=date(2025, 10, 1), initial_months=12, renewal_months=12,
        renewal_kind="automatic", notice_count=30, billing_months=12, lines=[{"tool": tool}],
    )  # fmt: skip
    builders.spend_line(session, 12_000_00, on=date(2025, 10, 5), tool=tool)
    report = build(session, at(session), basis="accrual")
    # nine months of the running term fall into 2026: five earned by May, four ahead; the renewal's three are expected
    assert (figure(report, "actual"), figure(report, "committed"), figure(report, "expected")) == (
        5_000_00,
        4_000_00,
        3_000_00,
    )
    assert figure(build(session, at(session)), "actual") == 0


def test_a_ledger_export_is_accrued_already(session: Session) -> None:
    ledger = builders.source(session, "GL", kind_of_source="gl", accrued=True)
    builders.spend_line(
        session, 12_000_00, on=date(2026, 1, 5), of=ledger,
        service_from=date(2026, 1, 1), service_until=date(2027, 1, 1),
    )  # fmt: skip
    assert figure(build(session, at(session), basis="accrual"), "actual") == 12_000_00


def test_plan_and_actual_are_compared_on_the_plans_own_basis(session: Session) -> None:
    tool = builders.tool(session)
    builders.budget(session, basis="accrual", lines=[{"tool_id": tool.id, "monthly": 1_000_00}])
    builders.spend_line(
        session, 12_000_00, on=date(2026, 1, 5), tool=tool,
        service_from=date(2026, 1, 1), service_until=date(2027, 1, 1),
    )  # fmt: skip
    save_setting(session, "accrual_by_days", value=False)
    assert figure(build(session, at(session)), "actual") == 5_000_00
    with pytest.raises(InvalidError, match="invoiced or accrual"):
        build(session, at(session), basis="cash")


def test_accrued_and_prepaid_per_contract_line(session: Session) -> None:
    vendor = builders.vendor(session)
    paid, owed = builders.tool(session, "Paid", of=vendor), builders.tool(session, "Owed", of=vendor)
    save_setting(session, "accrual_by_days", value=False)
    for tool, months in ((paid, 12), (owed, 12)):
        builders.contract(
            session, vendor, title=tool.name, start_on=date(2026, 1, 1), initial_months=12, billing_months=months,
            lines=[{"tool": tool, "amount_minor": 12_000_00}],
        )  # fmt: skip
    builders.spend_line(session, 12_000_00, on=date(2026, 1, 9), tool=paid)
    rows = {
        each.values["contract"]: each.values
        for each in section(build(session, at(session)), "accrued_prepaid").rows
    }
    assert (minor(rows["Paid"]["accrued"]), minor(rows["Paid"]["prepaid"])) == (0, 7_000_00)
    assert (minor(rows["Owed"]["accrued"]), minor(rows["Owed"]["prepaid"])) == (5_000_00, 0)


def test_a_spend_line_joins_the_most_specific_line(session: Session) -> None:
    vendor = builders.vendor(session)
    tool, other = builders.tool(session, of=vendor), builders.tool(session, "Other", of=vendor)
    builders.budget(
        session,
        lines=[
            {"description": "centre", "cost_centre": "M1", "monthly": 100},
            {"description": "centre and account", "cost_centre": "M1", "gl_account": "600", "monthly": 100},
            {"description": "vendor", "vendor_id": vendor.id, "monthly": 100},
            {"description": "tool", "tool_id": tool.id, "monthly": 100},
        ],
    )
    for amount, values in (
        (1, {"cost_centre": "M1"}),
        (2, {"cost_centre": "M1", "gl_account": "600"}),
        (4, {"cost_centre": "M1", "gl_account": "600", "tool": other}),
        (8, {"cost_centre": "M1", "tool": tool}),
        (16, {"cost_centre": "M2"}),
    ):
        given: dict[str, Any] = dict(values)
        builders.spend_line(session, amount, on=date(2026, 2, 1), **given)
    report = build(session, at(session))
    assert {str(each.values["line"]): minor(each.values["actual"]) for each in report.rows} == {
        "centre": 1,
        "centre and account": 2,
        "vendor": 4,
        "tool": 8,
        "Unbudgeted": 16,
    }
    assert sum(minor(each.values["actual"]) or 0 for each in report.rows) == figure(report, "actual")


def test_a_figure_opens_to_exactly_its_lines(session: Session) -> None:
    tool = builders.tool(session)
    builders.budget(
        session, lines=[{"tool_id": tool.id, "monthly": 100}, {"cost_centre": "M1", "monthly": 100}]
    )
    builders.spend_line(session, 7, on=date(2026, 2, 1), tool=tool, cost_centre="M1")
    builders.spend_line(session, 9, on=date(2026, 2, 1), cost_centre="M1")
    builders.spend_line(session, 11, on=date(2025, 2, 1), tool=tool)
    scope = at(session)
    opened = 0
    for each in build(session, scope).rows:
        actual = each.values["actual"]
        assert isinstance(actual, Amount)
        assert actual.trace is not None
        if actual.trace.lines is not None:
            opened += 1
            assert lines_of(session, scope, actual.trace.lines).base_minor == actual.minor
    assert opened == 2


def test_undated_unconverted_and_nameless_lines_stand_beside_the_totals(session: Session) -> None:
    named = builders.supplier(session, "ACME")
    builders.spend_line(session, 100, on=date(2026, 2, 1), supplied_by=named)
    builders.spend_line(session, 20, on=date(2026, 2, 1))
    builders.spend_line(session, 3, on=None, supplied_by=named)
    builders.spend_line(
        session, 5_00, on=date(2026, 2, 1), currency="CHF", converted=False, supplied_by=named
    )
    builders.spend_line(session, 7, on=date(2026, 2, 1), spend_type="not_marketing", supplied_by=named)
    report = build(session, at(session))
    assert figure(report, "actual") == 120
    assert {each.id: minor(each.values["amount"]) for each in section(report, "buckets").rows} == {
        "undated": 3,
        "no_supplier": 20,
        "unconverted:CHF": 5_00,
        "set_aside": 7,
    }
    assert "1 undated" in report.coverage.sentence
    assert "no rate for CHF" in report.coverage.sentence


def test_as_of_means_the_end_of_that_day(session: Session) -> None:
    tool, other = builders.tool(session), builders.tool(session, "Other")
    builders.budget(session, lines=[{"tool_id": tool.id, "monthly": 100}])
    builders.spend_line(session, 5, on=date(2026, 5, 10), tool=tool)
    builders.spend_line(session, 70, on=date(2026, 5, 11), tool=tool)
    builders.spend_line(session, 900, on=date(2026, 5, 20), tool=other)
    report = build(session, at(session, date(2026, 5, 10)))
    assert [(each.id, minor(each.values["actual"])) for each in report.rows] == [(report.rows[0].id, 5)]
    assert figure(build(session, at(session, date(2026, 5, 11))), "actual") == 75
    assert figure(build(session, at(session, date(2026, 5, 31))), "actual") == 975


def test_run_rate_of_closed_months_for_what_no_contract_names(session: Session) -> None:
    tool = builders.tool(session)
    builders.budget(session, lines=[{"tool_id": tool.id, "monthly": 150_00}])
    for month, amount in ((1, 100_00), (2, 140_00), (3, 120_00), (4, 40_00)):
        builders.spend_line(session, amount, on=date(2026, month, 9), tool=tool)
    builders.entity(session, "UK", closed_through=date(2026, 3, 31))
    line = build(session, at(session, date(2026, 4, 30))).rows[0].values
    # 360 in three closed months: 120 a month × 9 open months − 40 already booked in April
    assert minor(line["expected"]) == 1040_00
    assert minor(line["forecast"]) == 1440_00
    assert line["method"] == "run rate of 3 closed months"
    assert line["closed_through"] == "Mar 2026"


def test_last_years_shape_where_the_ledger_holds_it(session: Session) -> None:
    for month in range(1, 13):
        builders.spend_line(session, 100_00 * (1 if month <= 3 else 3), on=date(2025, month, 9))
    for month in (1, 2, 3):
        builders.spend_line(session, 200_00, on=date(2026, month, 9))
    builders.entity(session, "UK", closed_through=date(2026, 3, 31))
    line = build(session, at(session, date(2026, 3, 31))).rows[0].values
    assert line["method"] == "last year's shape"
    assert minor(line["expected"]) == 5400_00


def test_an_automatic_renewal_is_expected_then_committed_then_nothing_once_notice_is_served(
    session: Session,
) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    contract = builders.contract(
        session, vendor, start_on=date(2025, 7, 1), initial_months=12, renewal_months=12, renewal_kind="automatic",
        notice_count=60, lines=[{"tool": tool}],
    )  # fmt: skip
    builders.spend_line(session, 12_000_00, on=date(2025, 7, 2), tool=tool)

    def owed(day: date) -> tuple[int | None, int | None]:
        report = build(session, at(session, day))
        if not report.sections:  # nothing is invoiced or owed this year
            return 0, 0
        return figure(report, "committed"), figure(report, "expected")

    assert owed(date(2026, 5, 2)) == (0, 12_000_00)  # notice by 2 May: still open on that day
    assert owed(date(2026, 5, 3)) == (12_000_00, 0)
    contract.notice_served_on = date(2026, 4, 1)
    session.flush()
    assert owed(date(2026, 5, 3)) == (0, 0)


def test_waiting_invoices_are_listed_and_a_person_may_allocate_one(session: Session) -> None:
    tool, _ = twelve_thousand(session)
    odd = builders.spend_line(session, 2_500_00, on=date(2026, 2, 1), tool=tool, description="Q1 mixed")
    report = build(session, at(session))
    assert [each.values["text"] for each in section(report, "waiting").rows] == ["Q1 mixed"]
    assert figure(report, "committed") == 12_000_00
    order = builders.order(session, "X1", ordered_on=date(2026, 2, 1), lines=[{"amount_minor": 2_500_00}])

    line = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()
    session.add(InvoiceAllocation(line_id=odd.id, order_line_id=line.id, amount_minor=2_500_00, how="person"))
    session.flush()
    report = build(session, at(session))
    assert not any(each.key == "waiting" for each in report.sections)
    assert figure(report, "committed") == 12_000_00


def test_transfers_net_to_zero_and_show_in_the_plan(session: Session) -> None:
    version = builders.budget(
        session, lines=[{"cost_centre": "A", "monthly": 100}, {"cost_centre": "B", "monthly": 100}]
    )
    first, second = (
        each.id
        for each in session.scalars(
            select(BudgetLine).where(BudgetLine.budget_id == version.id).order_by(BudgetLine.id)
        )
    )
    before = figure(build(session, at(session)), "plan")
    session.add(
        BudgetTransfer(
            budget_id=version.id, from_line_id=first, to_line_id=second, month=month_of(MAY), amount_minor=60,
            currency="USD", made_on=date(2026, 4, 1), reason="Events",
        )
    )  # fmt: skip
    session.flush()
    report = build(session, at(session))
    assert figure(report, "plan") == before
    assert [minor(each.values["plan"]) for each in report.rows] == [1140, 1260]
    earlier = build(session, at(session, date(2026, 3, 31)))
    assert [minor(each.values["plan"]) for each in earlier.rows] == [1200, 1200]


def test_a_deviation_wants_a_reason(session: Session, now: datetime) -> None:
    save_setting(session, "deviation_amount_minor", 100_00)
    ada = builders.person(session)
    builders.budget(session, lines=[{"cost_centre": "A", "monthly": 100_00, "description": "Events"}])
    builders.spend_line(session, 2_000_00, on=date(2026, 5, 4), cost_centre="A")
    report = build(session, at(session))
    assert report.rows[0].values["reason"] == "unexplained"
    assert "deviation" in {finding.kind for finding in report.findings}
    line = session.scalars(select(BudgetLine)).one()
    session.add(
        DeviationReason(
            budget_line_id=line.id, through_month=month_of(MAY), reason="Fair moved to May", given_by_id=ada.id,
            given_at=datetime(2026, 6, 1, tzinfo=UTC),
        )
    )  # fmt: skip
    session.flush()
    report = build(session, at(session))
    assert report.rows[0].values["reason"] == "Fair moved to May (Ada Finance, 1 Jun 2026)"
    assert "deviation" not in {finding.kind for finding in report.findings}


def test_variance_of_a_zero_plan_is_not_applicable_and_a_year_is_its_own(session: Session) -> None:
    builders.budget(session, lines=[{"cost_centre": "A", "monthly": 0}])
    builders.spend_line(session, 500, on=date(2026, 1, 1), cost_centre="A")
    builders.spend_line(session, 700, on=date(2025, 12, 31), cost_centre="A")
    report = build(session, at(session, date(2026, 1, 31)))
    assert report.rows[0].values["percent"] == "n/a"
    assert figure(report, "actual") == 500


def test_late_year_spend_is_flagged_without_contracts(session: Session) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    builders.contract(session, vendor, start_on=date(2026, 12, 1), initial_months=12, lines=[{"tool": tool}])
    for month in range(1, 12):
        builders.spend_line(session, 100_00, on=date(2026, month, 1), spend_type="media")
    builders.spend_line(session, 12_000_00, on=date(2026, 12, 5), tool=tool)
    builders.spend_line(session, 150_00, on=date(2026, 12, 5), spend_type="media")
    assert "late-year" not in {each.kind for each in build(session, at(session, date(2026, 12, 31))).findings}
    limit = at(session).settings.late_year_percent
    builders.spend_line(session, limit * 1_00 - 150_00, on=date(2026, 12, 28), spend_type="media")
    assert "late-year" not in {
        each.kind for each in build(session, at(session, date(2026, 12, 31))).findings
    }, "at the limit, not above it"
    builders.spend_line(session, 1, on=date(2026, 12, 28), spend_type="media")
    found = [
        each for each in build(session, at(session, date(2026, 12, 31))).findings if each.kind == "late-year"
    ]
    assert len(found) == 1
    assert f"{limit} USD in the last month" in found[0].sentence


def test_units_sum_to_the_whole(session: Session) -> None:
    emea, apac = builders.unit(session, "EMEA"), builders.unit(session, "APAC")
    builders.budget(
        session,
        lines=[{"unit_id": emea.id, "monthly": 100}, {"unit_id": apac.id, "monthly": 200}, {"monthly": 1000}],
    )
    for unit, amount in ((emea, 7), (apac, 11), (None, 13)):
        builders.spend_line(session, amount, on=date(2026, 2, 1), unit=unit)
    whole = build(session, at(session))
    parts = [build(session, at(session, unit=code)) for code in ("EMEA", "APAC")]
    assert [minor(each.values["actual"]) for each in whole.rows] == [7, 11, 13]
    assert [figure(each, "actual") for each in parts] == [7, 11]
    assert [figure(each, "plan") for each in parts] == [1200, 2400]


def test_a_draft_is_called_one_and_no_budget_is_unknown_not_zero(session: Session) -> None:
    builders.spend_line(session, 500_00, on=date(2026, 1, 1))
    report = build(session, at(session, date(2026, 1, 31)))
    assert figure(report, "available") is None
    assert report.headlines[0].value == Amount(
        currency="USD", minor=None, why="there is no budget for FY2026"
    )
    assert report.answer.startswith("There is no budget for FY2026; 500 USD is invoiced")
    builders.budget(session, status="draft", lines=[{"monthly": 100_00}])
    assert "(a draft, not approved)" in build(session, at(session, date(2026, 1, 31))).answer


def test_the_locked_version_counts_before_a_newer_draft(session: Session) -> None:
    builders.budget(session, name="Approved", lines=[{"monthly": 100}])
    builders.budget(session, name="Next", status="draft", lines=[{"monthly": 999}])
    builders.budget(session, name="Old", status="superseded", lines=[{"monthly": 5}])
    assert figure(build(session, at(session)), "plan") == 1200
    assert len(session.scalars(select(BudgetVersion)).all()) == 3


def _queries(session: Session, scope: Scope) -> int:
    statements: list[str] = []

    def record(*given: object) -> None:
        statements.append(str(given[2]))

    session.expire_all()
    event.listen(session.connection(), "before_cursor_execute", record)
    build(session, scope)
    event.remove(session.connection(), "before_cursor_execute", record)
    return len(statements)


def test_queries_do_not_grow_with_the_data(session: Session) -> None:
    vendor = builders.vendor(session)

    def more(count: int, name: str) -> None:
        lines = []
        for number in range(count):
            tool = builders.tool(session, f"{name}{number}", of=vendor)
            builders.contract(session, vendor, start_on=date(2026, 1, 1), lines=[{"tool": tool}], **LINE)
            builders.spend_line(session, 1_000_00, on=date(2026, 2, 2), tool=tool)
            lines.append({"tool_id": tool.id, "monthly": 1_000_00})
        builders.budget(session, name=name, lines=lines)

    more(2, "a")
    scope = at(session)
    first = _queries(session, scope)
    more(4, "b")
    assert _queries(session, scope) == first


def test_variance_percent_is_exact(session: Session) -> None:
    builders.budget(session, lines=[{"cost_centre": "A", "monthly": 100}])
    for month in range(1, 6):
        builders.spend_line(session, 90, on=date(2026, month, 1), cost_centre="A")
    line = build(session, at(session)).rows[0].values
    assert line["percent"] == Decimal("10.00")
