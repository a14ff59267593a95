"""The business-case report on a real database: approved against delivered, returns, uncovered spend, hit rate."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from mopsaudit.governance import cases as commands
from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Ratio, Report, Section
from mopsaudit.reports.cases import build
from mopsaudit.scope import Scope
from mopsaudit.store.models import CaseMetric, CaseReview, Tool
from tests import builders

JAN = month_of(date(2026, 1, 1))


def minor(value: object) -> int | None:
    assert isinstance(value, Amount)
    return value.minor


def section(report: Report, key: str) -> Section:
    return next(each for each in report.sections if each.key == key)


def row(report: Report, title: str) -> dict[str, Any]:
    return dict(
        next(each for each in report.rows if getattr(each.values["case"], "label", "") == title).values
    )


def yearly(*amounts: int) -> list[dict[str, Any]]:
    """Costs (negative) and cash benefits at 0, 1, 2 … years from January 2026."""
    return [
        {"side": "cost" if amount < 0 else "benefit", "month": JAN + 12 * index, "amount_minor": abs(amount),
         "benefit_type": None if amount < 0 else "cash"}
        for index, amount in enumerate(amounts)
    ]  # fmt: skip


def test_npv_irr_and_payback_of_the_book(session: Session, scope: Scope) -> None:
    builders.case(
        session,
        "Book",
        flows=yearly(-100_00, 60_00, 60_00),
        starts_on=date(2026, 1, 1),
        approved_at=datetime.fromisoformat("2026-01-05T09:00:00+00:00"),
    )
    values = row(build(session, scope), "Book")
    assert minor(values["npv"]) == 413
    assert values["irr"] == Decimal("13.07")
    assert values["payback"] == Decimal("1.67")
    assert values["roi_promised"] == Decimal("20.00")


def test_payback_may_be_never_and_irr_may_have_no_single_answer(session: Session, scope: Scope) -> None:
    builders.case(session, "Never", flows=yearly(-100_00, 60_00), starts_on=date(2026, 1, 1))
    builders.case(session, "Twice", flows=yearly(-100_00, 300_00, -200_00), starts_on=date(2026, 1, 1))
    report = build(session, scope)
    assert row(report, "Never")["payback"] == "never"
    assert "no single answer" in row(report, "Twice")["irr"]


def test_approved_against_delivered(session: Session, scope: Scope) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    flows = [{"side": "cost", "month": JAN + index, "amount_minor": 1_000_00} for index in range(12)]
    flows += [
        {"side": "benefit", "benefit_type": "cash", "month": JAN + index, "amount_minor": 2_000_00}
        for index in range(12)
    ]
    flows.append(
        {
            "side": "benefit",
            "benefit_type": "cash",
            "month": JAN + 3,
            "amount_minor": 5_000_00,
            "realised": True,
        }
    )
    builders.case(session, "Marketo", tool_id=tool.id, starts_on=date(2026, 1, 1), flows=flows)
    for month in range(1, 9):
        builders.spend_line(session, 1_500_00, on=date(2026, month, 2), tool=tool)
    builders.spend_line(session, 700_00, on=date(2026, 2, 2), tool=tool, spend_type="services")
    builders.spend_line(session, 90_000_00, on=date(2026, 2, 2), tool=tool, spend_type="media")
    builders.spend_line(session, 4_000_00, on=date(2025, 12, 2), tool=tool)  # before the case
    report = build(session, scope)
    values = row(report, "Marketo")
    keys = ("promised_cost", "promised_to_date", "actual_cost", "cost_variance")
    assert {key: minor(values[key]) for key in keys} == {
        "promised_cost": 12_000_00,
        "promised_to_date": 9_000_00,
        "actual_cost": 12_700_00,
        "cost_variance": -3_700_00,
    }  # fmt: skip
    assert (minor(values["promised_cash"]), minor(values["delivered_cash"])) == (18_000_00, 5_000_00)
    assert values["roi_delivered"] == Decimal("-60.63")
    for key, label in (("by_category", "engagement"), ("by_vendor", "Adobe")):
        group = section(report, key).rows[0].values
        assert (group["group"], minor(group["promised"]), minor(group["actual"])) == (
            label,
            9_000_00,
            12_700_00,
        )
    assert report.answer == (
        "1 approved case cost 12,700 USD to date against 9,000 USD promised and brought 5,000 USD in cash against "
        "18,000 USD; all tool spend this year has a business case."
    )


def test_cash_and_non_cash_are_never_in_one_figure(session: Session, scope: Scope) -> None:
    builders.budget(session, lines=[{"cost_centre": "A", "monthly": 1}])
    flows = [{"side": "cost", "month": JAN, "amount_minor": 100_00}] + [
        {"side": "benefit", "month": JAN, "amount_minor": amount, "benefit_type": kind, **more}
        for kind, amount, more in (
            ("cash", 10_00, {}),
            ("avoidance", 20_00, {}),
            ("time", 40_00, {}),
            ("time", 80_00, {"budget_line_id": 1}),
        )
    ]
    builders.case(session, "Mixed", flows=flows)
    values = row(build(session, scope), "Mixed")
    assert (minor(values["promised_cash"]), minor(values["promised_non_cash"])) == (90_00, 60_00)
    assert values["roi_promised"] == Decimal("-10.00")


def test_revenue_counts_at_its_contribution_margin_or_is_unknown(session: Session, scope: Scope) -> None:
    flows = [
        {"side": "cost", "month": JAN, "amount_minor": 200_000_00},
        {"side": "benefit", "month": JAN, "amount_minor": 1_000_000_00, "benefit_type": "revenue", "method": "model"},
    ]  # fmt: skip
    builders.case(session, "With margin", flows=flows, margin_ppm=300_000)
    builders.case(session, "Without", flows=flows)
    report = build(session, scope)
    known, unknown = row(report, "With margin"), row(report, "Without")
    assert (minor(known["promised_cash"]), known["romi_promised"]) == (300_000_00, Decimal("50.00"))
    for key in ("roi_promised", "romi_promised", "promised_cash"):
        assert "contribution margin" in getattr(unknown[key], "why", ""), key
    assert "1 of them with figures" in report.coverage.sentence


def test_spend_no_case_covers(session: Session, scope: Scope) -> None:
    covered, bare, drafted = (builders.tool(session, name) for name in ("Covered", "Bare", "Drafted"))
    builders.case(session, "Yes", tool_id=covered.id, starts_on=date(2026, 1, 1))
    builders.case(session, "Draft", tool_id=drafted.id, starts_on=date(2026, 1, 1), status="draft")
    for tool, amount in ((covered, 100_00), (bare, 300_00), (drafted, 200_00)):
        builders.spend_line(session, amount, on=date(2026, 3, 1), tool=tool)
    builders.spend_line(session, 999_00, on=date(2025, 3, 1), tool=bare)
    report = build(session, scope)
    rows = [(each.values["tool"], minor(each.values["spent"])) for each in section(report, "uncovered").rows]
    assert [(getattr(tool, "label", None), spent) for tool, spent in rows] == [
        ("Bare", 300_00),
        ("Drafted", 200_00),
    ]
    assert minor(report.headlines[2].value) == 500_00
    assert "500 USD (83 % of this year's tool spend) has no business case" in report.answer
    assert [finding.kind for finding in report.findings] == ["uncovered"]


def test_spend_counts_for_one_case_only(session: Session, scope: Scope) -> None:
    vendor = builders.vendor(session)
    tool, other = builders.tool(session, of=vendor), builders.tool(session, "Other", of=vendor)
    builders.case(session, "First", tool_id=tool.id, starts_on=date(2026, 1, 1))
    builders.case(session, "Second", tool_id=tool.id, starts_on=date(2026, 4, 1))
    builders.case(session, "Vendor", vendor_id=vendor.id, starts_on=date(2026, 1, 1))
    for month in range(1, 7):
        builders.spend_line(session, 100, on=date(2026, month, 1), tool=tool)
    builders.spend_line(session, 7, on=date(2026, 2, 1), tool=other)
    report = build(session, scope)
    assert {title: minor(row(report, title)["actual_cost"]) for title in ("First", "Second", "Vendor")} == {
        "First": 300,
        "Second": 300,
        "Vendor": 7,
    }


def test_a_frozen_promise_is_what_counts(session: Session, scope: Scope, now: datetime) -> None:
    owner, author, approver = (builders.person(session, name) for name in ("Olga", "Sam", "Anna"))
    case = commands.write_case(
        session,
        title="Frozen",
        currency="USD",
        owner_id=owner.id,
        who="a",
        why="b",
        what="c",
        how="d",
        then_what="e",
    )
    commands.promise(
        session, case.id, case.version, [commands.Flow(side="cost", month=JAN, amount_minor=100_00)]
    )
    commands.submit_case(session, case.id, case.version, by_id=author.id)
    commands.approve_case(session, case.id, commands.facts_digest(session, case), by_id=approver.id, now=now)
    commands.change_scope(session, case.id, case.version, reason="More seats")
    commands.promise(
        session, case.id, case.version, [commands.Flow(side="cost", month=JAN, amount_minor=900_00)]
    )
    values = row(build(session, scope), "Frozen")
    assert (values["status"], minor(values["promised_cost"])) == ("draft", 100_00)


def test_the_hit_rate_shows_from_five_closed_cases_on(session: Session, scope: Scope) -> None:
    def close(number: int, verdict: str) -> None:
        case = builders.case(session, f"Case {number}", status="closed", closed_on=date(2026, 5, 1))
        session.add(CaseReview(case_id=case.id, reviewed_on=date(2026, 5, 1), verdict=verdict, text="x"))
        session.flush()

    for number in range(4):
        close(number, "kept")
    assert build(session, scope).headlines[3].value == "shown from 5 closed cases on, 4 so far"
    close(4, "broken")
    assert build(session, scope).headlines[3].value == Ratio(numerator=4, denominator=5)


def test_early_signals_stand_apart_from_results(session: Session, scope: Scope) -> None:
    case = builders.case(session, "Signals")
    session.add_all(
        [
            CaseMetric(case_id=case.id, name="Logins", measure="activity", early_signal=True, actual="40"),
            CaseMetric(
                case_id=case.id, name="Pipeline", measure="outcome", target="100", unit_of_measure="%"
            ),
        ]
    )
    session.flush()
    report = build(session, scope)
    assert [each.values["metric"] for each in section(report, "signals").rows] == ["Logins"]
    assert [each.values["target"] for each in section(report, "results").rows] == ["100 %"]


def test_over_cost_and_an_overdue_review_are_findings(session: Session, scope: Scope) -> None:
    tool = builders.tool(session)
    builders.case(
        session, "Dear", tool_id=tool.id, starts_on=date(2026, 1, 1), review_on=date(2026, 6, 30),
        flows=[{"side": "cost", "month": JAN, "amount_minor": 10_000_00}],
    )  # fmt: skip
    builders.spend_line(session, 16_000_00, on=date(2026, 2, 1), tool=tool)
    found = {finding.kind: finding for finding in build(session, scope).findings}
    assert set(found) == {"case-over-cost", "review-due"}
    assert found["case-over-cost"].amount.minor == 6_000_00
    assert found["case-over-cost"].bearers == ()
    assert found["review-due"].due == date(2026, 6, 30)


@pytest.mark.parametrize(
    "more, expected",
    [
        ([], 57_507_39),
        # Implementation is paid once and does not rise.
        ([{"amount_minor": 4_000_00, "one_off": True, "spend_type": "services"}], 61_507_39),
        # Support that recurs rises like the licence.
        ([{"amount_minor": 1_000_00, "spend_type": "services"}], 63_258_13),
        # A sum without the line that has no price would be too low.
        ([{"amount_minor": None}], None),
        ([{"amount_minor": None, "one_off": True}], None),
    ],
    ids=["licence", "implementation", "support", "no price", "no price once"],
)
def test_five_years_of_ownership(
    session: Session, scope: Scope, more: list[dict[str, Any]], expected: int | None
) -> None:
    """Σ p(1 + e)^k for k = 0 … 4 = 5.7507 p at 7 %, plus implementation and services."""
    vendor = builders.vendor(session)
    tool: Tool = builders.tool(session, of=vendor)
    builders.contract(
        session, vendor, start_on=date(2026, 1, 1), initial_months=12, escalator_kind="fixed", escalator_ppm=70_000,
        lines=[{"tool": tool, "amount_minor": 10_000_00}, *({"tool": tool} | each for each in more)],
    )  # fmt: skip
    builders.case(session, "Owned", tool_id=tool.id)
    value = row(build(session, scope), "Owned")["tco"]
    assert isinstance(value, Amount)
    assert value.minor == expected
    assert value.minor is not None or value.why


@pytest.mark.parametrize(
    "currency, rates, people, expected",
    [
        ("USD", (), None, 57_507_39),  # off unless typed
        ("USD", (), 2_500_00, 60_007_39),
        ("EUR", ("1.20",), 2_500_00, 60_507_39),
        ("EUR", (), 2_500_00, None),
    ],
)
def test_peoples_time_is_counted_where_it_is_typed(
    session: Session,
    scope: Scope,
    currency: str,
    rates: tuple[str, ...],
    people: int | None,
    expected: int | None,
) -> None:
    for rate in rates:
        builders.rate(session, currency, "USD", rate, on=date(2026, 1, 1))
    vendor = builders.vendor(session)
    tool: Tool = builders.tool(session, of=vendor)
    builders.contract(
        session, vendor, start_on=date(2026, 1, 1), initial_months=12, escalator_kind="fixed", escalator_ppm=70_000,
        lines=[{"tool": tool, "amount_minor": 10_000_00}],
    )  # fmt: skip
    builders.case(session, "Owned", tool_id=tool.id, currency=currency, people_minor=people)
    assert minor(row(build(session, scope), "Owned")["tco"]) == expected


def test_a_realised_figure_converts_at_the_rate_of_its_month(session: Session, scope: Scope) -> None:
    """What came in February is worth February's rate, whatever the rate is on the day of the report."""
    for rate, on in (("1.10", date(2026, 1, 1)), ("1.50", date(2026, 6, 1))):
        builders.rate(session, "EUR", "USD", rate, on=on)
    builders.case(
        session, "Abroad", currency="EUR", approved_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        flows=[
            {"side": "cost", "month": JAN, "amount_minor": 1_000_00},
            *(
                {"side": "benefit", "benefit_type": "cash", "month": month, "amount_minor": 100_00, "realised": True}
                for month in (JAN + 1, JAN + 7)
            ),
        ],
    )  # fmt: skip
    values = row(build(session, scope), "Abroad")
    assert minor(values["delivered_cash"]) == 110_00 + 150_00
    assert minor(values["promised_cost"]) == 1_100_00


def test_a_currency_without_a_rate_is_unknown(session: Session, scope: Scope) -> None:
    builders.case(
        session,
        "Swiss",
        currency="CHF",
        flows=[{"side": "cost", "month": JAN, "amount_minor": 1, "currency": "CHF"}],
    )
    cost = row(build(session, scope), "Swiss")["promised_cost"]
    assert (cost.minor, cost.why) == (None, "no exchange rate for the case's currency")


def test_units_see_their_own(session: Session, as_of: date) -> None:
    emea, apac = builders.unit(session, "EMEA"), builders.unit(session, "APAC")
    tool = builders.tool(session)
    builders.case(session, "EMEA case", tool_id=tool.id, unit_id=emea.id, starts_on=date(2026, 1, 1))
    builders.spend_line(session, 5, on=date(2026, 2, 1), tool=tool, unit=emea)
    builders.spend_line(session, 8, on=date(2026, 2, 1), tool=tool, unit=apac)
    seen = {
        unit: build(session, scope_for(session, as_of=as_of, unit=unit, environ={}))
        for unit in ("EMEA", "APAC")
    }
    assert (minor(row(seen["EMEA"], "EMEA case")["actual_cost"]), seen["APAC"].rows) == (5, ())
    assert minor(seen["APAC"].headlines[2].value) == 8


def _queries(session: Session, scope: Scope) -> int:
    statements: list[str] = []

    def record(*given: object) -> None:
        statements.append(str(given[2]))

    session.expire_all()
    event.listen(session.connection(), "before_cursor_execute", record)
    build(session, scope)
    event.remove(session.connection(), "before_cursor_execute", record)
    return len(statements)


@pytest.mark.parametrize("more", [3])
def test_queries_do_not_grow_with_the_data(session: Session, scope: Scope, more: int) -> None:
    def add(count: int) -> None:
        for number in range(count):
            tool = builders.tool(session, f"T{number}")
            builders.case(session, f"Case {number}", tool_id=tool.id, flows=yearly(-100, 60))
            builders.spend_line(session, 5, on=date(2026, 2, 1), tool=tool)

    add(more)
    first = _queries(session, scope)
    add(2 * more)
    assert _queries(session, scope) == first


@pytest.mark.postgres
def test_on_postgresql(session: Session, scope: Scope) -> None:
    test_approved_against_delivered(session, scope)


def test_reviews_after_go_live_as_a_list(session: Session, scope: Scope) -> None:
    """Due, to come, without a date and done; the figures of a past review are those of its month."""
    vendor, who = builders.vendor(session), builders.person(session, "Rita Reviewer")
    tool = builders.tool(session, of=vendor)
    flows = [{"side": "cost", "month": JAN + index, "amount_minor": 1_000_00} for index in range(12)]
    flows.append(
        {
            "side": "benefit",
            "benefit_type": "cash",
            "month": JAN + 5,
            "amount_minor": 300_00,
            "realised": True,
        }
    )
    done = builders.case(
        session,
        "Seen early",
        tool_id=tool.id,
        starts_on=date(2026, 1, 1),
        review_on=date(2026, 8, 1),
        flows=flows,
    )
    for month in range(1, 9):
        builders.spend_line(session, 900_00, on=date(2026, month, 2), tool=tool)
    session.add(
        CaseReview(
            case_id=done.id,
            reviewed_on=date(2026, 6, 15),
            reviewer_id=who.id,
            verdict="too early",
            text="Slow.",
        )
    )
    builders.case(session, "Later", starts_on=date(2026, 1, 1), review_on=date(2026, 12, 1))
    builders.case(session, "Dateless", starts_on=date(2026, 1, 1))
    builders.case(session, "Draft", status="draft", review_on=date(2026, 2, 1))
    session.flush()
    found = section(build(session, scope), "reviews")
    assert [(row.values["case"].label, row.values["state"]) for row in found.rows] == [  # type: ignore[union-attr]
        ("Seen early", "due"),
        ("Later", "to come"),
        ("Dateless", "no date set"),
        ("Seen early", "done"),
    ]
    assert found.sentence.startswith("Of 4 reviews 1 due, 1 to come, 1 without a date and 1 done")
    now, then = found.rows[0].values, found.rows[3].values
    assert (minor(then["promised"]), minor(then["actual"])) == (6_000_00, 5_400_00)
    assert (minor(now["promised"]), minor(now["actual"])) == (9_000_00, 7_200_00)
    assert (minor(then["delivered_cash"]), then["by"], then["verdict"]) == (
        300_00,
        "Rita Reviewer",
        "too early",
    )
    session.add(
        CaseReview(
            case_id=done.id, reviewed_on=date(2026, 9, 1), reviewer_id=who.id, verdict="kept", text="Good."
        )
    )
    session.flush()
    again = build(session, scope)
    assert "due" not in {row.values["state"] for row in section(again, "reviews").rows}
    assert not [each for each in again.findings if each.kind == "review-due"]
