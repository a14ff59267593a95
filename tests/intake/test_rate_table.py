"""The rate table by hand: the effect is said first, lines and summaries follow, two rates for a day are refused."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError
from mopsaudit.intake import rate_table
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.view import import_json
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import LedgerSummary, SpendLine
from mopsaudit.store.planning import ExchangeRate
from tests import builders
from tests.intake.files import Line, enter, record_read, spend_read


def rows(*days: tuple[date | None, str]) -> list[Line]:
    return [Line(amount=amount, currency="EUR", day=day) for day, amount in days]


def ledger(session: Session, data: Path) -> None:
    days = (
        (date(2025, 12, 31), "1"),
        (date(2026, 1, 1), "10"),
        (date(2026, 3, 31), "100"),
        (date(2026, 4, 1), "1000"),
        (None, "5000"),
    )
    enter(session, spend_read(rows(*days)), data, name="s.xlsx")


def base_sum(session: Session) -> int:
    return session.scalar(select(func.sum(LedgerSummary.base_minor))) or 0


def add(session: Session, scope: Scope, day: date, rate: str, kind: str = "booking") -> ExchangeRate:
    return rate_table.add_rate(session, scope, currency="EUR", kind=kind, valid_from=day, rate=Decimal(rate))


def effect(session: Session, scope: Scope, day: date, without: int | None = None) -> tuple[int, int]:
    found = rate_table.effect_of(
        session, scope, currency="EUR", kind="booking", valid_from=day, without=without
    )
    return found.lines, found.unconverted


def test_what_is_said_before_is_what_happens(session: Session, data: Path, scope: Scope) -> None:
    ledger(session, data)
    assert [
        (each.currency, each.lines, each.unconverted) for each in rate_table.currencies_in_use(session, scope)
    ] == [("EUR", 5, 5)]
    assert effect(session, scope, date(2026, 1, 1)) == (3, 3), (
        "from its day on; the line of the day before is not its"
    )
    first = add(session, scope, date(2026, 1, 1), "2")
    assert base_sum(session) == 2 * (1000 + 10000 + 100000)
    assert effect(session, scope, date(2026, 4, 1)) == (1, 0)
    add(session, scope, date(2026, 4, 1), "3")
    assert base_sum(session) == 2 * (1000 + 10000) + 3 * 100000
    assert effect(session, scope, date(2026, 1, 1), first.id) == (2, 0), "until before the next one"
    listed = rate_table.list_rates(session, scope)
    assert [(each.valid_from, each.valid_until, each.lines) for each in listed] == [
        (date(2026, 4, 1), None, 1),
        (date(2026, 1, 1), date(2026, 4, 1), 2),
    ]
    (use,) = rate_table.currencies_in_use(session, scope)
    assert (use.unconverted, use.unconverted_minor) == (2, 100 + 500000), (
        "the line before any rate, and the undated one"
    )
    assert not difference(session)


def test_a_line_takes_the_rate_that_holds_on_its_day(session: Session, data: Path, scope: Scope) -> None:
    """The manual's example: 1,000.00 EUR on 14 March at 1.0842 from 1 March."""
    enter(session, spend_read(rows((date(2026, 3, 14), "1000"))), data, name="s.xlsx")
    add(session, scope, date(2026, 3, 15), "9")
    assert base_sum(session) == 0
    add(session, scope, date(2026, 3, 1), "1.0842")
    assert base_sum(session) == 1_084_20


def test_a_changed_rate_restates_and_a_removed_one_gives_back(
    session: Session, data: Path, scope: Scope
) -> None:
    ledger(session, data)
    rate = add(session, scope, date(2026, 1, 1), "2")
    rate_table.change_rate(
        session,
        scope,
        rate.id,
        valid_from=date(2026, 3, 31),
        rate=Decimal("2.5"),
        seen=rate_table.seen_text(rate),
    )
    assert base_sum(session) == 250 * (100 + 1000)
    rate_table.remove_rate(session, scope, rate.id)
    assert session.scalars(select(SpendLine.base_minor).distinct()).all() == [None]
    assert not difference(session)


def test_two_who_edit_at_once_see_both_numbers(session: Session, scope: Scope) -> None:
    rate = add(session, scope, date(2026, 1, 1), "2")
    seen, day = rate_table.seen_text(rate), date(2026, 1, 1)
    rate_table.change_rate(session, scope, rate.id, valid_from=day, rate=Decimal(3), seen=seen)
    with pytest.raises(ConflictError) as found:
        rate_table.change_rate(session, scope, rate.id, valid_from=day, rate=Decimal(4), seen=seen)
    assert found.value.theirs["rate"] == "3"
    rate_table.change_rate(session, scope, rate.id, valid_from=day, rate=Decimal(3), seen=seen)  # saved twice


@pytest.mark.parametrize("kind, day", [("booking", date(2026, 1, 1)), ("budget", date(2026, 8, 17))])
def test_two_rates_for_a_day_are_refused_naming_the_other(
    session: Session, scope: Scope, kind: str, day: date
) -> None:
    add(session, scope, date(2026, 1, 1), "1.0842", kind)
    with pytest.raises(InvalidError, match=f"a {kind} rate of EUR from 1 Jan 2026 already: 1.0842") as found:
        add(session, scope, day, "1.1", kind)
    assert found.value.field == "valid_from"
    other = add(session, scope, date(2025, 1, 1), "1.1", kind)
    with pytest.raises(InvalidError, match=r"already: 1\.0842"):
        rate_table.change_rate(
            session, scope, other.id, valid_from=day, rate=Decimal(2), seen=rate_table.seen_text(other)
        )


def test_two_rates_for_a_day_in_one_file_are_a_problem_naming_the_other(session: Session, data: Path) -> None:
    row = {"from": "EUR", "to": "USD", "rate": Decimal("1.25"), "valid_from": date(2026, 1, 1), "kind": "day"}
    read = record_read(Kind.RATES, [row, {**row, "rate": Decimal("1.5")}])
    record = enter(session, read, data)
    (problem,) = import_json(session, record.id)["problems"]
    assert problem["code"] == "row.refused"
    assert problem["rejected"] is True
    assert "two booking rates for EUR from 1 Jan 2026: 1.25" in problem["message"]
    assert session.scalars(select(ExchangeRate.rate)).all() == ["1.25"]


@pytest.mark.parametrize("text", ["1,08", "", "0", "-1", "NaN", "1e40", "1.2345678901234567890", "one"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        rate_table.parse_rate(text)


def test_the_base_currency_and_unknown_ones_need_no_rate(session: Session, scope: Scope) -> None:
    for currency, sentence in (("USD", "base currency"), ("XYZ", "of the list")):
        with pytest.raises(InvalidError, match=sentence):
            rate_table.add_rate(
                session,
                scope,
                currency=currency,
                kind="booking",
                valid_from=date(2026, 1, 1),
                rate=Decimal(1),
            )


def test_a_budget_rate_says_which_lines_of_its_year_it_converts(session: Session, scope: Scope) -> None:
    builders.budget(session, lines=[{"cost_centre": "1", "monthly": 100, "currency": "EUR"}])
    found = rate_table.effect_of(session, scope, currency="EUR", kind="budget", valid_from=date(2026, 8, 1))
    assert found.sentence("EUR", "budget").startswith("It converts 1 budget line of EUR in FY2026")
    assert add(session, scope, date(2026, 8, 1), "1.1", "budget").valid_from == date(2026, 1, 1)
