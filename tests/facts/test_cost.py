"""Yearly cost: the first basis that exists per unit, converted, allocated, unknown where it is unknown."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.facts.cost import month_sums, yearly_costs
from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.values import Basis
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from tests import builders as build

DAY = date(2026, 9, 30)


def test_contract_before_spend_before_budget(session: Session, scope: Scope) -> None:
    vendor = build.vendor(session)
    by_contract, by_spend = build.tool(session, "Contracted"), build.tool(session, "Invoiced")
    by_budget, unknown = build.tool(session, "Planned"), build.tool(session, "Unheard of")
    for tool in (by_contract, by_spend):
        build.spend_line(session, 5_000_00, tool=tool, on=date(2026, 3, 1))
    build.contract(
        session,
        vendor,
        start_on=date(2025, 12, 1),
        initial_months=36,
        lines=[{"tool": by_contract, "amount_minor": 36_000_00, "amount_months": 36}],
    )
    build.budget(
        session,
        lines=[
            {"tool_id": by_budget.id, "monthly": 100_00},
            {"tool_id": by_spend.id, "monthly": 999_00},
        ],
    )
    costs = yearly_costs(session, scope)
    assert (costs[by_contract.id].minor, costs[by_contract.id].basis) == (12_000_00, "contract")
    assert (costs[by_spend.id].minor, costs[by_spend.id].basis) == (5_000_00, "last 12 months")
    assert (costs[by_budget.id].minor, costs[by_budget.id].basis) == (1_200_00, "budget")
    assert costs[unknown.id].minor is None
    assert costs[unknown.id].amount.to_json()["amount"] is None
    assert "no contract line" in (costs[unknown.id].why or "")


def test_only_the_twelve_full_months_and_only_tool_money(session: Session, scope: Scope) -> None:
    tool = build.tool(session)
    for day, kind, counted in (
        (date(2025, 8, 31), "software", False),
        (date(2025, 9, 1), "software", True),
        (date(2026, 8, 31), "usage", True),
        (date(2026, 9, 1), "software", False),
        (date(2026, 2, 1), "data", True),
        (date(2026, 2, 1), "media", False),
        (date(2026, 2, 1), "services", False),
    ):
        build.spend_line(session, 100 if counted else 7, tool=tool, on=day, spend_type=kind)
    build.spend_line(session, 9, tool=tool, on=None)
    cost = yearly_costs(session, scope)[tool.id]
    assert (cost.minor, cost.origins) == (300, 3)
    assert cost.trace.lines is not None
    page = lines_of(session, scope, cost.trace.lines)
    assert (page.base_minor, page.count) == (300, 3)
    assert all(piece.origins for piece in page.pieces)


def test_units_money_without_a_unit_and_no_double_counting(session: Session, scope: Scope) -> None:
    east, west = build.unit(session, "EAST"), build.unit(session, "WEST")
    tool = build.tool(session, units=[east, west])
    vendor = build.vendor(session)
    build.contract(
        session,
        vendor,
        start_on=date(2026, 1, 1),
        initial_months=12,
        unit_id=east.id,
        lines=[{"tool": tool, "amount_minor": 1_000}],
    )
    build.spend_line(session, 1_000, tool=tool, unit=east)  # the contract's own invoice
    build.spend_line(session, 300, tool=tool, unit=west)
    build.spend_line(session, 50, tool=tool)
    whole = yearly_costs(session, scope_for(session, as_of=DAY, environ={}))[tool.id]
    assert whole.minor == 1_300
    assert [(part.unit_id, part.basis, part.minor) for part in whole.parts] == [
        (east.id, Basis.CONTRACT, 1_000),
        (west.id, Basis.SPEND, 300),
    ]
    in_east = yearly_costs(session, scope_for(session, as_of=DAY, unit="EAST", environ={}))[tool.id]
    in_west = yearly_costs(session, scope_for(session, as_of=DAY, unit="WEST", environ={}))[tool.id]
    assert (in_east.minor, in_west.minor) == (1_000, 300)


@pytest.mark.parametrize("basis", ["none", "fixed", "seats"])
def test_a_shared_tool_is_allocated_by_its_key_or_stays_shared(
    session: Session, scope: Scope, basis: str
) -> None:
    units = [build.unit(session, code) for code in ("A", "B", "C")]
    tool = build.tool(session, units=units)
    build.contract(
        session,
        build.vendor(session),
        start_on=date(2026, 1, 1),
        initial_months=12,
        lines=[{"tool": tool, "amount_minor": 100}],
    )
    if basis == "fixed":
        build.allocation(
            session,
            tool,
            {each.id: share for each, share in zip(units, (333_333, 333_333, 333_334), strict=True)},
        )
    if basis == "seats":
        build.allocation(session, tool, {}, basis="seats")
        build.usage(
            session,
            tool,
            users=[{"key": f"u{n}", "unit_id": units[n % 3].id, "never": True} for n in range(4)],
        )
    scopes = [scope_for(session, as_of=DAY, unit=each.code, environ={}) for each in units]
    whole = yearly_costs(session, scope_for(session, as_of=DAY, environ={}))[tool.id]
    parts = [yearly_costs(session, each)[tool.id].minor for each in scopes]
    assert whole.minor == 100
    expected = {"none": [None, None, None], "fixed": [33, 33, 34], "seats": [50, 25, 25]}[basis]
    assert parts == expected
    assert any(part.mixed for part in whole.parts) == (basis == "none")


def test_no_rate_is_unconverted_and_credits_are_not_a_cost(session: Session, scope: Scope) -> None:
    euro, mixed, refunded = (build.tool(session, name) for name in ("Euro", "Mixed", "Refunded"))
    build.spend_line(session, 700, tool=euro, currency="EUR", converted=False)
    build.spend_line(session, 700, tool=mixed, currency="EUR", converted=False)
    build.spend_line(session, 500, tool=mixed)
    build.spend_line(session, 100, tool=refunded)
    build.spend_line(session, -900, tool=refunded)
    costs = yearly_costs(session, scope)
    assert costs[euro.id].minor is None
    assert costs[euro.id].unconverted == (("EUR", 700),)
    assert "EUR" in (costs[euro.id].why or "")
    assert (costs[mixed.id].minor, costs[mixed.id].unconverted) == (500, (("EUR", 700),))
    assert costs[refunded.id].minor is None
    assert "credits" in (costs[refunded.id].why or "")


def test_contract_prices_convert_at_the_day_and_bad_terms_fall_through(
    session: Session, scope: Scope
) -> None:
    tool, odd, unpriced = (build.tool(session, name) for name in ("Euro", "Odd", "Unpriced"))
    vendor = build.vendor(session)
    build.rate(session, "EUR", "USD", "1.10")
    build.rate(session, "EUR", "USD", "1.20", on=date(2026, 9, 30))
    build.rate(session, "EUR", "USD", "9.99", on=date(2026, 10, 1))
    terms: dict[str, Any] = {"start_on": date(2026, 1, 1), "initial_months": 12}
    build.contract(session, vendor, currency="EUR", lines=[{"tool": tool, "amount_minor": 1_000}], **terms)
    build.contract(session, vendor, lines=[{"tool": unpriced, "amount_minor": None}], **terms)
    build.contract(
        session, vendor, start_on=date(2020, 1, 1), initial_months=12, lines=[{"tool": odd}]
    )  # ended long ago, expressly
    build.spend_line(session, 42, tool=odd)
    costs = yearly_costs(session, scope)
    assert costs[tool.id].minor == 1_200
    assert (costs[odd.id].minor, costs[odd.id].basis) == (42, "last 12 months")
    assert costs[unpriced.id].minor is None
    assert costs[unpriced.id].why == "the contract lines have no price"


def test_budget_rates_convert_sums_by_fiscal_year(session: Session, scope: Scope) -> None:
    tool = build.tool(session)
    build.rate(session, "EUR", "USD", "1.50", on=date(2025, 1, 1), kind="budget")
    build.rate(session, "EUR", "USD", "2.00", on=date(2026, 1, 1), kind="budget")
    build.spend_line(session, 100, tool=tool, currency="EUR", base_minor=111, on=date(2025, 10, 1))
    build.spend_line(session, 100, tool=tool, currency="EUR", base_minor=111, on=date(2026, 2, 1))
    assert yearly_costs(session, scope)[tool.id].minor == 222
    budgeted = replace(scope, settings=replace(scope.settings, rate_kind="budget"))
    assert yearly_costs(session, budgeted)[tool.id].minor == 350


def test_month_sums_open_to_their_lines(session: Session, scope: Scope) -> None:
    tool = build.tool(session)
    for month, amount in ((1, 100), (1, 20), (2, 3)):
        build.spend_line(session, amount, tool=tool, on=date(2026, month, 15))
    january = 2026 * 12
    sums = month_sums(session, scope, month_from=january, month_until=january + 2)
    assert [(key[1] - january, each.minor, each.lines) for key, each in sorted(sums.items())] == [
        (0, 120, 2),
        (1, 3, 1),
    ]


@pytest.mark.parametrize(
    "day, minor",
    [
        (date(2026, 4, 30), 12_000_00),  # before the second line begins
        (date(2026, 5, 1), 18_000_00),  # its first day
        (date(2026, 8, 31), 18_000_00),  # its last day still counts
        (date(2026, 9, 1), 12_000_00),
        (date(2026, 12, 31), 12_000_00),  # the contract's last day
        (date(2027, 1, 1), None),
    ],
)
def test_a_contract_line_costs_from_its_first_day_through_its_last(
    session: Session, day: date, minor: int | None
) -> None:
    tool = build.tool(session)
    build.contract(
        session,
        build.vendor(session),
        start_on=date(2026, 1, 1),
        end_on=date(2026, 12, 31),
        end_kind="last_day",
        lines=[
            {"tool": tool, "amount_minor": 12_000_00},
            {
                "tool": tool,
                "amount_minor": 6_000_00,
                "starts_on": date(2026, 5, 1),
                "ends_on": date(2026, 8, 31),
            },
        ],
    )
    assert yearly_costs(session, scope_for(session, as_of=day, environ={}))[tool.id].minor == minor
