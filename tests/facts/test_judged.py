"""Renewals and reclaimable seats of random companies against a reading day by day and seat by seat: to the cent."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.periods import add_months
from mopsaudit.reporting import Amount, Missing
from mopsaudit.reports import renewals, underuse
from mopsaudit.store.models import Contract, ContractLine
from tests.facts.company import DAY, Company, random_company
from tests.facts.judged import contracts_of_all_kinds, locked_by, naive_saving, next_year, stand

SEEDS = range(12)  # the others: tests/reports/test_random_companies.py


@pytest.mark.parametrize("seed", SEEDS)
def test_terms_and_next_year_day_by_day(session: Session, seed: int) -> None:
    contracts_of_all_kinds(session, seed)
    terms_agree(session, seed)


def terms_agree(session: Session, seed: int) -> None:
    """State, end, send-by day and next year's three parts of each line equal the naive reading."""
    scope = scope_for(session, as_of=DAY, environ={})
    report = renewals.build(session, scope)
    year = (scope.year.end, add_months(scope.year.end, 12))
    rows = {row.id: row.values for row in report.rows}
    sums = {"locked": 0, "decidable": 0, "free": 0}
    for line in session.scalars(select(ContractLine).order_by(ContractLine.id)):
        contract = session.get_one(Contract, line.contract_id)
        expected = stand(contract)
        parts = next_year(session, line, year)
        for key, part in zip(sums, parts or (0, 0, 0), strict=True):
            sums[key] += part
        values = rows.get(f"line:{line.id}")
        if values is None:
            assert expected.state == "ended"
            assert expected.end is not None
            assert (DAY - expected.end).days >= 365
            continue
        assert (values["state"], values["end"]) == (expected.state, expected.end), (seed, contract.title)
        if expected.state not in ("not started", "ended", "notice served"):
            sent = values["send_by"]
            assert (None if isinstance(sent, Missing) else sent) == expected.send_by, (seed, contract.title)
        found = [values[key] for key in sums]
        assert all(isinstance(each, Amount) for each in found)
        got = tuple(each.minor if isinstance(each, Amount) else 0 for each in found)
        assert got == (parts or (None, None, None)), (seed, contract.title)
    section = next((each for each in report.sections if each.key == "next_year"), None)
    if section is not None:
        shown = {row.id: row.values["amount"] for row in section.rows}
        for key, total in sums.items():
            amount = shown[key]
            assert isinstance(amount, Amount)
            assert (amount.minor or 0) == total


@pytest.mark.parametrize("seed", SEEDS)
def test_what_becomes_un_cuttable_week_by_week(session: Session, seed: int) -> None:
    contracts_of_all_kinds(session, seed)
    curve_agrees(session, seed)


def curve_agrees(session: Session, seed: int) -> None:
    """What is locked from each week on equals the naive reading."""
    scope = scope_for(session, as_of=DAY, environ={})
    year = (scope.year.end, add_months(scope.year.end, 12))
    curve = next((each for each in renewals.build(session, scope).sections if each.key == "curve"), None)
    shown = {}
    for row in curve.rows if curve else ():
        week, locked = row.values["week"], row.values["locked"]
        assert isinstance(week, date)
        assert isinstance(locked, Amount)
        shown[week] = locked.minor
    weeks = [DAY + timedelta(days=7 * each) for each in range(-(-(year[1] - DAY).days // 7))]
    before = None
    for week, expected in zip(weeks, locked_by(session, weeks, year), strict=True):
        if expected != (before if curve else 0):
            assert shown.get(week) == expected, (seed, week)
        else:
            assert week not in shown, (seed, week)
        before = expected


@pytest.mark.parametrize("seed", SEEDS)
def test_seats_that_can_go_seat_by_seat(session: Session, seed: int) -> None:
    """In the whole company and inside each unit."""
    seats_agree(session, random_company(session, seed), seed)


def seats_agree(session: Session, company: Company, seed: int) -> None:
    """Seats that can go, and their price, equal the naive reading in every scope."""
    for code in (None, *(each.code for each in company.units)):
        scope = scope_for(session, as_of=DAY, unit=code, environ={})
        rows = {row.id: row.values for row in underuse.build(session, scope).rows}
        for tool in company.tools:
            expected = naive_saving(session, tool, scope)
            values = rows.get(f"t{tool.id}")
            if values is None:
                assert code is not None, "every tool stands in the whole company"
                continue
            if expected is None:
                continue
            assert values["recoverable_seats"] == expected.seats, (seed, code, tool.name)
            annual = values["annual"]
            assert isinstance(annual, Amount)
            assert annual.minor == expected.annual, (seed, code, tool.name)


@pytest.mark.postgres
def test_the_same_on_postgresql(session: Session) -> None:
    contracts_of_all_kinds(session, 4)
    rows = {
        row.id: row.values for row in renewals.build(session, scope_for(session, as_of=DAY, environ={})).rows
    }
    for line in session.scalars(select(ContractLine).order_by(ContractLine.id)):
        if f"line:{line.id}" in rows:
            assert rows[f"line:{line.id}"]["end"] == stand(session.get_one(Contract, line.contract_id)).end
