"""Each bad input of the judgement shows as unknown or as a problem and is counted: never zero, never a crash.

Every case builds all reports: none may fail, whatever stands beside it.
"""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.terms import Terms, TermState, standing
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Missing, Ratio, Report, Row
from mopsaudit.reports.registry import REPORTS
from mopsaudit.scope import Scope
from mopsaudit.store.models import Tool
from tests import builders

DAY = date(2026, 9, 30)
TERMS: dict[str, Any] = {"start_on": date(2026, 1, 1), "initial_months": 12, "renewal_kind": "automatic",
                         "renewal_months": 12, "notice_count": 30}  # fmt: skip


def at(session: Session, day: date = DAY, **values: Any) -> Scope:
    return scope_for(session, as_of=day, environ={}, **values)


def every(session: Session, scope: Scope | None = None) -> dict[str, Report]:
    """All reports of the scope, each with its JSON."""
    built = {slug: room.build(session, scope or at(session)) for slug, room in REPORTS.items()}
    for report in built.values():
        assert report.to_json()["report"] == report.name
        assert report.coverage.sentence
    return built


def row(report: Report, tool: Tool) -> Row:
    return next(each for each in report.rows if each.id == f"t{tool.id}")


def unknown(value: object) -> str:
    """Why a figure is unknown; it is never zero."""
    assert isinstance(value, Amount)
    assert value.minor is None, value
    assert value.why
    return value.why


def contract_row(report: Report, title: str) -> Row:
    return next(each for each in report.rows if getattr(each.values["contract"], "label", "") == title)


def test_a_tool_without_seats_price_dates_owner_or_capabilities(session: Session) -> None:
    tool = builders.tool(session, "Bare")
    builders.usage(session, tool, users=[{"key": "a", "last_activity": DAY}])
    found = every(session)
    seats = row(found["underuse"], tool)
    why = Missing("no running contract line says how many seats were bought")
    assert (seats.values["purchased"], seats.values["idle"], seats.state) == (why, why, "seats unknown")
    assert seats.values["why"] == "no running contract line says how many seats were bought"
    unknown(seats.values["recoverable"])
    assert "0 of 1 tool" in found["underuse"].coverage.sentence
    assert unknown(row(found["stack"], tool).values["yearly_cost"])
    quality = next(each for each in found["quality"].rows if "Bare" in str(each.values))
    assert "owner" in str(quality.values)
    assert "capabilities known for 0 of 1 running tool" in found["coverage"].coverage.sentence


def test_a_contract_without_seats_or_price(session: Session) -> None:
    tool = builders.tool(session, "Unpriced")
    builders.contract(
        session, builders.vendor(session), title="No price",
        lines=[{"tool": tool, "seats": None, "amount_minor": None}], **TERMS,
    )  # fmt: skip
    found = every(session)
    assert row(found["underuse"], tool).values["why"] == "a contract line does not say how many seats it buys"
    renewal = contract_row(found["renewals"], "No price")
    for key in ("cost", "locked", "decidable", "free"):
        assert unknown(renewal.values[key]) == "the line has no price"
    assert "0 of 1 line with a price" in found["renewals"].coverage.sentence
    assert found["renewals"].coverage.parts["unknown_next_year"] == 1


def test_terms_that_say_nothing(session: Session) -> None:
    tool = builders.tool(session)
    builders.contract(session, builders.vendor(session), title="Odd", lines=[{"tool": tool, "seats": 10}])
    found = every(session)["renewals"]
    odd = contract_row(found, "Odd")
    assert "neither an end nor a start with a term is known" in str(odd.values["problems"])
    assert unknown(odd.values["locked"])
    assert (odd.values["send_by"], odd.state) == (
        Missing("neither an end nor a start with a term is known"), "unknown",
    )  # fmt: skip
    (row,) = found.to_json()["rows"]
    assert row["send_by"] is None
    assert row["why_unknown"]["send_by"] == "neither an end nor a start with a term is known"
    assert [each.kind for each in found.findings] == ["terms-unknown"]
    assert "0 of 1 contract with complete terms" in found.coverage.sentence


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 12, 1), date(2027, 2, 1)])
def test_a_contract_silent_on_renewal(session: Session, day: date) -> None:
    tool = builders.tool(session, "Quiet")
    builders.contract(
        session, builders.vendor(session), title="Silent", lines=[{"tool": tool, "seats": 10}],
        **{**TERMS, "renewal_kind": "unknown", "renewal_months": None},
    )  # fmt: skip
    found = every(session, at(session, day))["renewals"]
    silent = contract_row(found, "Silent")
    assert silent.values["renews"] == "unknown"
    assert silent.values["problems"] == "nothing says whether it renews by itself"
    assert (silent.state, silent.values["send_by"]) == (
        ("in term", date(2026, 11, 25))
        if day < date(2027, 1, 1)
        else ("unknown", Missing("nothing says whether it renews by itself"))
    )
    for key in ("next_term", "locked", "decidable", "free"):
        assert unknown(silent.values[key]) == "nothing says whether it renews by itself"
    assert "1 contract of which nothing says whether it renews" in found.coverage.sentence
    assert found.coverage.parts["renewal_unknown"] == found.coverage.parts["unknown_next_year"] == 1
    (asked,) = [each for each in found.findings if each.kind == "renewal-unknown"]
    assert asked.sentence.startswith("Quiet (Adobe): its term end")
    assert ("If it does, notice" in asked.sentence) == (day < date(2027, 1, 1))


@pytest.mark.parametrize(
    "terms, problem",
    [
        ({"start_on": date(2026, 6, 1), "end_on": date(2026, 1, 1)}, "it ends before it starts"),
        ({"start_on": date(2026, 1, 1), "initial_months": 0}, "the initial term is zero or less"),
    ],
)
def test_terms_that_cannot_be(session: Session, terms: dict[str, Any], problem: str) -> None:
    """The database refuses such a contract; the arithmetic names it all the same."""
    with pytest.raises(IntegrityError), session.begin_nested():
        builders.contract(session, builders.vendor(session), **terms)
    stands = standing(Terms(**terms), DAY)
    assert (stands.state, problem in stands.problems) == (TermState.UNKNOWN, True)


def test_overlapping_contracts_are_both_shown_and_both_counted(session: Session) -> None:
    tool, vendor = builders.tool(session), builders.vendor(session)
    for title, seats in (("First", 10), ("Second", 20)):
        builders.contract(session, vendor, title=title, lines=[{"tool": tool, "seats": seats}], **TERMS)
    builders.usage(session, tool, users=[{"key": "a", "last_activity": DAY}])
    found = every(session)
    assert row(found["underuse"], tool).values["purchased"] == 30
    shown = {
        getattr(each.values["contract"], "label", ""): each.values["problems"]
        for each in found["renewals"].rows
    }
    assert shown == {
        "First": "Second covers the same tool at the same time",
        "Second": "First covers the same tool at the same time",
    }
    assert "2 lines cover a tool that another contract covers too" in found["renewals"].coverage.sentence


@pytest.mark.parametrize(
    "second",
    [
        {"start_on": date(2024, 1, 1), "initial_months": 12, "renewal_kind": "express"},  # over
        {"start_on": date(2027, 1, 1), "initial_months": 12},  # follows
        {"metric": "consumption"},  # credits beside seats
        {"unit": True},  # another unit's own
        {"spend_type": "services"},  # support beside the licence
    ],
    ids=lambda each: next(iter(each)),
)
def test_contracts_that_follow_or_complete_one_another_do_not_overlap(
    session: Session, second: dict[str, Any]
) -> None:
    tool, vendor = builders.tool(session), builders.vendor(session)
    emea, apac = builders.unit(session, "EMEA"), builders.unit(session, "APAC")
    line: dict[str, Any] = {"tool": tool, "seats": 10, "unit_id": emea.id}
    builders.contract(session, vendor, title="First", lines=[line], **TERMS)
    other = {**line, "licence_metric": second.pop("metric", "named_seat")}
    other["spend_type"] = second.pop("spend_type", "software")
    other["unit_id"] = apac.id if second.pop("unit", False) else emea.id
    builders.contract(session, vendor, title="Second", lines=[other], **(second or TERMS))
    found = every(session)["renewals"]
    assert {each.values["problems"] for each in found.rows} == {""}
    assert "another contract" not in found.coverage.sentence


def test_a_refund_larger_than_the_spend(session: Session) -> None:
    tool = builders.tool(session)
    builders.spend_line(session, 100_00, on=date(2026, 3, 1), tool=tool)
    builders.spend_line(session, -250_00, on=date(2026, 4, 1), tool=tool)
    found = every(session)
    budget = next(each for each in found["budget"].sections if each.key == "totals")
    actual = next(each.values["amount"] for each in budget.rows if each.id == "actual")
    assert isinstance(actual, Amount)
    assert actual.minor == -150_00, "it stands as it is booked, not at zero"
    share = found["cases"].coverage.parts["covered"]
    assert isinstance(share, Ratio)


def test_a_year_without_a_budget(session: Session) -> None:
    tool = builders.tool(session)
    builders.spend_line(session, 100_00, on=date(2026, 3, 1), tool=tool)
    found = every(session)["budget"]
    (unbudgeted,) = found.rows
    assert unknown(unbudgeted.values["plan"]) == "there is no budget for FY2026"
    assert unknown(unbudgeted.values["available"])
    assert found.answer.startswith("There is no budget for FY2026; 100 USD is invoiced")
    assert "no budget for FY2026" in found.coverage.sentence
    assert found.coverage.parts["has_budget"] is False


def test_an_empty_unit(session: Session) -> None:
    unit = builders.unit(session, "EMPTY")
    tool = builders.tool(session)
    builders.spend_line(session, 100_00, on=date(2026, 3, 1), tool=tool)
    for slug, report in every(session, at(session, unit=unit.id)).items():
        assert not report.findings, slug
        assert report.unit == "Empty", slug
        assert all(not isinstance(each.value, Amount) or not each.value.minor for each in report.headlines), (
            slug
        )


def test_a_person_in_two_units_counts_once_in_the_whole(session: Session) -> None:
    one, two = builders.unit(session, "ONE"), builders.unit(session, "TWO")
    tool = builders.tool(session, units=(one, two))
    builders.contract(session, builders.vendor(session), lines=[{"tool": tool, "seats": 10}], **TERMS)
    builders.usage(
        session, tool,
        users=[
            {"key": "pat", "last_activity": DAY, "unit_id": one.id, "licence": "Sales"},
            {"key": "pat", "last_activity": DAY, "unit_id": two.id, "licence": "Service"},
        ],
    )  # fmt: skip
    whole = row(every(session)["underuse"], tool)
    assert (whole.values["active"], whole.values["assigned"]) == (1, 1)
    for unit in (one, two):
        every(session, at(session, unit=unit.id))


def test_a_currency_without_a_rate(session: Session) -> None:
    tool = builders.tool(session)
    builders.contract(
        session, builders.vendor(session), title="In kroner", currency="DKK",
        lines=[{"tool": tool, "seats": 10}], **TERMS,
    )  # fmt: skip
    builders.spend_line(session, 500_00, currency="DKK", base_minor=None, on=date(2026, 3, 1), tool=tool)
    found = every(session)
    assert unknown(contract_row(found["renewals"], "In kroner").values["cost"]) == "no exchange rate for DKK"
    assert "no rate for DKK" in found["budget"].coverage.sentence
    buckets = next(each for each in found["budget"].sections if each.key == "buckets")
    assert "unconverted:DKK" in [each.id for each in buckets.rows]
    idle = row(found["underuse"], tool)
    assert idle.values["purchased"] == 10
    assert unknown(idle.values["recoverable"])


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2023, 12, 31), date(2024, 1, 1), date(2025, 2, 28)])
def test_a_year_boundary_and_the_29th_of_february(session: Session, day: date) -> None:
    tool, vendor = builders.tool(session), builders.vendor(session)
    builders.contract(
        session, vendor, title="Leap", start_on=date(2024, 2, 29), initial_months=12, billing_months=1,
        renewal_kind="automatic", renewal_months=12, notice_count=1, notice_unit="months",
        lines=[{"tool": tool, "seats": 10}],
    )  # fmt: skip
    builders.spend_line(session, 1_000_00, on=date(2024, 2, 29), tool=tool)
    builders.spend_line(session, 1_000_00, on=date(2023, 12, 31), tool=tool)
    found = every(session, at(session, day))
    totals = next(each for each in found["budget"].sections if each.key == "totals")
    actual = next(each.values["amount"] for each in totals.rows if each.id == "actual")
    assert isinstance(actual, Amount)
    expected = {2023: 1_000_00, 2024: 1_000_00 if day >= date(2024, 2, 29) else 0, 2025: 0}
    assert actual.minor == expected[day.year]
    if day >= date(2024, 2, 29):
        ends = contract_row(found["renewals"], "Leap").values["end"]
        assert ends == (date(2025, 2, 28) if day < date(2025, 2, 28) else date(2026, 2, 28))


def test_a_credit_for_last_year_stays_in_the_year_it_is_booked(session: Session) -> None:
    tool = builders.tool(session)
    invoice = builders.spend_line(session, 1_000_00, on=date(2025, 11, 1), tool=tool)
    builders.spend_line(session, -90_00, on=date(2025, 12, 1), tool=tool, credit_of_id=invoice.id)
    builders.spend_line(
        session, -7_00, on=date(2026, 10, 1), tool=tool, credit_of_id=invoice.id
    )  # not booked yet
    builders.spend_line(
        session, -400_00, on=date(2026, 2, 1), tool=tool,
        service_from=date(2025, 1, 1), service_until=date(2026, 1, 1),
    )  # fmt: skip

    def actual(basis: str) -> int | None:
        report = REPORTS["budget"].build(session, at(session), basis=basis)
        totals = next(each for each in report.sections if each.key == "totals")
        value = next(each.values["amount"] for each in totals.rows if each.id == "actual")
        assert isinstance(value, Amount)
        return value.minor

    found = every(session)["budget"]
    assert "1 credit for an earlier year" in found.coverage.sentence
    assert found.coverage.parts["earlier_credits"] == 1
    (beside,) = [
        row
        for each in found.sections
        if each.key == "buckets"
        for row in each.rows
        if row.id == "earlier_credits"
    ]
    told = beside.values["amount"]
    assert isinstance(told, Amount)
    assert told.minor == -400_00
    assert told.trace is not None
    assert told.trace.lines is not None
    assert lines_of(session, at(session), told.trace.lines).base_minor == -400_00
    assert actual("invoiced") == -400_00
    assert actual("accrual") == 0, "it belongs to the service of the year before"
