"""What must hold whatever the company looks like: nothing moves that was not touched, parts make up the whole."""

import random
from datetime import date
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.governance import savings, savings_ledger
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Ref, Report, Row
from mopsaudit.reports.registry import REPORTS, all_findings
from mopsaudit.store.models import SpendLine, Tool
from tests import builders
from tests.facts.company import COST, DAY, Company, random_company
from tests.facts.judged import contracts_of_all_kinds

SEEDS = range(6)  # the others: tests/reports/test_random_companies.py
#: Rows that stand for all tools together: they may grow with any tool.
TOGETHER = {"unbudgeted"}


def every(session: Session, **where: Any) -> dict[str, Report]:
    scope = scope_for(session, as_of=DAY, environ={}, **where)
    return {slug: room.build(session, scope) for slug, room in REPORTS.items()}


def names(row: Row, tool: int) -> bool:
    """Whether a row speaks of the tool."""
    refs = [
        each for value in row.values.values() for each in (value if isinstance(value, tuple) else (value,))
    ]
    return row.id == f"t{tool}" or any(
        isinstance(each, Ref) and each.kind == "tool" and each.id == tool for each in refs
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unrelated_tool_changes_no_other_tools_figures_in_any_report(session: Session, seed: int) -> None:
    random_company(session, seed)
    before = every(session)
    newcomer = welcome(session)
    untouched(before, every(session), newcomer.id, seed)


def welcome(session: Session) -> Tool:
    """A tool that has nothing to do with the others: a vendor, a contract, a spend line of its own."""
    newcomer = builders.tool(session, "Unrelated", capabilities={"dam_library": 2})
    vendor = builders.vendor(session, "Unrelated Ltd")
    builders.contract(
        session, vendor, lines=[{"tool": newcomer, "seats": 9}], start_on=date(2026, 2, 1), initial_months=12
    )
    builders.spend_line(session, 5_000, tool=newcomer)
    return newcomer


def untouched(before: dict[str, Report], now: dict[str, Report], newcomer: int, seed: int) -> None:
    """Rows and findings that do not name the newcomer are as they were."""
    compared = 0
    for slug, after in now.items():
        old = {row.id: row for row in before[slug].rows}
        for row in after.rows:
            if row.id in TOGETHER or names(row, newcomer) or (slug == "coverage" and row.id not in old):
                continue
            if slug in {"stack", "overlap", "underuse", "budget", "cases", "renewals"}:
                assert row == old[row.id], (seed, slug, row.id)
                compared += 1
        gone = {key for key in old if key not in {row.id for row in after.rows}}
        assert not gone, (seed, slug)
        assert {each.id: each.amount for each in before[slug].findings if each.kind in KINDS} == {
            each.id: each.amount
            for each in after.findings
            if each.kind in KINDS and not any(ref.id == newcomer for ref in each.tools)
        }, (seed, slug)
    assert compared


#: Findings on single tools; the others speak of all tools together.
KINDS = {
    "overlap",
    "possible-overlap",
    "owned-unused",
    "idle-seats",
    "renewal-due",
    "window-missed",
    "over-use",
}


@pytest.mark.parametrize("seed", SEEDS)
def test_units_and_what_has_none_make_up_the_whole(session: Session, seed: int) -> None:
    units_sum_to_the_whole(session, random_company(session, seed), seed)


def units_sum_to_the_whole(session: Session, company: Company, seed: int) -> None:
    """Actual spend of the units and what has none is that of the whole."""
    whole = actual(every(session)["budget"])
    lines = session.scalars(select(SpendLine)).all()
    first, last = scope_for(session, as_of=DAY, environ={}).year.start, DAY
    homeless = sum(
        line.base_minor or 0
        for line in lines
        if line.unit_id is None and line.booked_on is not None and first <= line.booked_on <= last
        and line.spend_type in PLANNED
    )  # fmt: skip
    parts = [actual(every(session, unit=unit.code)["budget"]) for unit in company.units]
    assert sum(parts) + homeless == whole, seed


#: What counts against a budget here: everything the random company books.
PLANNED = {*COST, "media", "services"}


def actual(report: Report) -> int:
    totals = next((each for each in report.sections if each.key == "totals"), None)
    if totals is None:
        return 0
    value = next(row.values["amount"] for row in totals.rows if row.id == "actual")
    assert isinstance(value, Amount)
    return value.minor or 0


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_at_stake_counts_a_euro_once_and_never_exceeds_the_run_rate(
    session: Session, seed: int
) -> None:
    random_company(session, seed)
    stake_is_counted_once(session, seed)


def stake_is_counted_once(session: Session, seed: int) -> None:
    """All findings together stay below the run rates, what is recoverable below what is at stake."""
    scope = scope_for(session, as_of=DAY, environ={})
    costs = yearly_costs(session, scope)
    joined = all_findings(session, scope)
    # A refund booked in one unit makes no contract line of another unit cheaper.
    run_rate = sum(max(0, part.minor or 0) for each in costs.values() for part in each.parts)
    assert 0 <= (joined.annual.minor or 0) <= run_rate, seed
    assert (joined.recoverable.minor or 0) <= (joined.annual.minor or 0), seed


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_are_the_sums_of_their_rows_and_agree_between_pages(session: Session, seed: int) -> None:
    if seed % 2:
        contracts_of_all_kinds(session, seed)
    else:
        random_company(session, seed)
    totals_agree(session, seed)


def totals_agree(session: Session, seed: int) -> None:
    """Headlines are the sums of their rows and one page says what another does."""
    reports = every(session)
    costs = yearly_costs(session, scope_for(session, as_of=DAY, environ={}))
    known = sum(each.minor or 0 for each in costs.values())
    head = reports["stack"].headlines[0].value
    assert isinstance(head, Amount)
    assert (head.minor or 0) == known == summed(reports["stack"], "yearly_cost"), seed
    share = reports["overlap"].coverage.parts["cost_covered"]
    assert getattr(share, "denominator", None) == (known or None), seed
    whole = actual(reports["budget"])
    assert whole == summed(reports["budget"], "actual"), seed


def summed(report: Report, key: str) -> int:
    return sum(value.minor or 0 for row in report.rows if isinstance(value := row.values.get(key), Amount))


class Claim(NamedTuple):
    """A saving taken: on which line (None: the tool), how much a year, whether it goes on, from which fiscal year."""

    line: int | None
    minor: int
    recurring: bool
    year: int


@pytest.mark.parametrize("seed", SEEDS)
def test_savings_by_adding_up(session: Session, seed: int) -> None:
    """Each saving is taken exactly where line and tool still have that much: what is claimed by plain sums.

    What goes on is claimed in every year, what comes once only in its own.
    """
    savings_add_up(session, seed)


def savings_add_up(session: Session, seed: int) -> None:
    """Claims fourteen savings at random; each is taken or refused as plain sums say."""
    dice = random.Random(seed)
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    contract = builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=12)
    prices = [dice.randint(1, 9_000_00) for _ in range(dice.randint(1, 3))]
    lines = [builders.contract_line(session, contract, tool=tool, amount_minor=price) for price in prices]
    cap = {line.id: price for line, price in zip(lines, prices, strict=True)}
    taken: list[Claim] = []
    for number in range(14):
        scope = scope_for(session, as_of=DAY, environ={})
        line = dice.choice((None, *lines))
        new = Claim(
            line.id if line else None,
            dice.randint(1, 4_000_00),
            dice.random() < 0.6,
            dice.choice((2026, 2027)),
        )
        years = {new.year, 2027} if new.recurring else {new.year}
        fits = True
        for year in years:
            beside = [each for each in taken if each.recurring or each.year == year]
            fits = fits and new.minor <= sum(prices) - sum(each.minor for each in beside)
            if new.line is not None:
                on_line = sum(each.minor for each in beside if each.line == new.line)
                fits = fits and new.minor <= cap[new.line] - on_line
        where: dict[str, Any] = {"tool_id": tool.id} if line is None else {"contract_line_id": line.id}
        try:
            savings.identify_saving(
                session, scope, title=f"Saving {number}", annual_minor=new.minor, kind="reduction", currency="USD",
                baseline="as invoiced", recurring=new.recurring, effective_on=date(new.year, 5, 1), **where,
            )  # fmt: skip
        except InvalidError:
            assert not fits, (seed, number, new)
            continue
        assert fits, (seed, number, new)
        taken.append(new)
    for year in (2026, 2027):
        there = [each for each in taken if each.year <= year and (each.recurring or each.year == year)]
        assert sum(each.minor for each in there) <= sum(prices), (seed, year)
        for line_id, price in cap.items():
            assert sum(each.minor for each in there if each.line == line_id) <= price, (seed, year)
    totals = savings_ledger.savings_totals(session, scope_for(session, as_of=DAY, environ={}))
    assert sum(each.annual_minor for each in totals) == sum(each.minor for each in taken if each.recurring)
    assert sum(each.one_off_minor for each in totals) == sum(
        each.minor for each in taken if not each.recurring
    )
