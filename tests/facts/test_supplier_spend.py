"""What the ledger says of each supplier: the SQL against a naive reading of every line, and the buckets beside it."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.supplier_spend import LIKELY, SPENT, spend_facts
from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.scope import Scope
from mopsaudit.store.models import SpendLine, Supplier
from tests import builders

DAY = date(2026, 9, 30)
FIRST, UNTIL = month_of(date(2025, 9, 1)), month_of(date(2026, 9, 1))


def likely(session: Session, name: str, mille: int = 950, **values: Any) -> Supplier:
    return builders.supplier(session, name, likely_mille=mille, **values)


def test_an_empty_ledger_says_nothing(session: Session, scope: Scope) -> None:
    found = spend_facts(session, scope)
    assert found.suppliers == ()
    assert found.held == ()
    assert not found.shifted
    assert found.unlikely.lines == found.undated.lines == found.out_of_scope.lines == 0


def test_the_twelve_full_months_begin_and_end_on_a_months_border(session: Session, scope: Scope) -> None:
    hub = likely(session, "HUBSPOT INC")
    for day, minor in (
        (date(2025, 8, 31), 1),
        (date(2025, 9, 1), 10),
        (date(2025, 12, 31), 100),
        (date(2026, 1, 1), 1000),
        (date(2026, 8, 31), 10_000),
        (date(2026, 9, 1), 100_000),
    ):
        builders.spend_line(session, minor, on=day, supplied_by=hub)
    builders.spend_line(session, -10, on=date(2026, 2, 1), supplied_by=hub)
    found = spend_facts(session, scope)
    assert found.window == (FIRST, UNTIL)
    (one,) = found.suppliers
    assert (one.window.minor, one.window.lines) == (11_100, 5)
    assert found.running_month_lines == 1
    assert one.window.trace is not None
    assert one.window.trace.lines is not None
    page = lines_of(session, scope, one.window.trace.lines)
    assert (page.base_minor, page.count) == (11_100, 5)


def test_a_ledger_that_ended_long_ago_is_read_by_its_own_last_year(session: Session, scope: Scope) -> None:
    builders.spend_line(session, 500, on=date(2023, 3, 5), supplied_by=likely(session, "ZOOM"))
    found = spend_facts(session, scope)
    assert found.shifted
    assert found.window == (month_of(date(2022, 4, 1)), month_of(date(2023, 4, 1)))
    assert found.from_month == month_of(date(2023, 4, 1))
    assert found.suppliers[0].window.minor == 500


def test_what_stands_beside_is_counted(session: Session, scope: Scope) -> None:
    hub = likely(session, "HUBSPOT INC")
    builders.spend_line(session, 100, on=date(2026, 3, 1), supplied_by=hub)
    builders.spend_line(session, 70, on=date(2026, 3, 1), supplied_by=hub, currency="CHF", converted=False)
    builders.spend_line(session, 5, on=None, supplied_by=hub)
    builders.spend_line(session, 999, on=date(2026, 3, 1), supplied_by=hub, out_of_scope=True)
    builders.spend_line(session, 888, on=date(2026, 3, 1), supplied_by=hub, spend_type="not_spend")
    builders.spend_line(session, 40, on=date(2026, 3, 1), supplied_by=likely(session, "CATERER", LIKELY - 1))
    builders.spend_line(session, 30, on=date(2026, 3, 1))
    gone = likely(session, "PLUMBER", settled="not_marketing", spend_type="not_marketing")
    builders.spend_line(session, 20, on=date(2026, 3, 1), supplied_by=gone, spend_type="not_marketing")
    found = spend_facts(session, scope)
    (one,) = found.suppliers
    assert (one.window.minor, one.window.lines, one.window.unconverted) == (100, 2, (("CHF", 70),))
    assert (one.undated.minor, one.undated.lines) == (5, 1)
    assert dict(one.months).keys() == {"USD", "CHF"}
    assert (found.undated.minor, found.undated.lines) == (5, 1)
    assert (found.out_of_scope.minor, found.out_of_scope.lines) == (999, 1)
    assert (found.unlikely.minor, found.unlikely_suppliers) == (40, 1)
    assert (found.no_supplier.minor, found.no_supplier.lines) == (30, 1)
    assert (found.not_marketing.minor, found.not_marketing_suppliers) == (20, 1)


def test_a_unit_sees_its_own_lines(session: Session) -> None:
    emea = builders.unit(session, "EMEA")
    hub = likely(session, "HUBSPOT INC")
    builders.spend_line(session, 100, on=date(2026, 3, 1), supplied_by=hub, unit=emea)
    builders.spend_line(session, 7, on=date(2026, 3, 1), supplied_by=hub)
    inside = spend_facts(session, scope_for(session, as_of=DAY, unit="EMEA", environ={}))
    whole = spend_facts(session, scope_for(session, as_of=DAY, environ={}))
    assert [each.window.minor for each in inside.suppliers] == [100]
    assert [each.window.minor for each in whole.suppliers] == [107]


def test_descriptions_that_speak_of_a_year(session: Session, scope: Scope) -> None:
    hub = likely(session, "HUBSPOT INC")
    builders.spend_line(
        session, 100, on=date(2026, 3, 1), supplied_by=hub, description="ANNUAL subscription 2026"
    )
    twice = likely(session, "ZOOM")
    for month in (1, 2):
        builders.spend_line(
            session, 9, on=date(2026, month, 1), supplied_by=twice, description="annual review"
        )
    assert {each.name: each.yearly_words for each in spend_facts(session, scope).suppliers} == {
        "HUBSPOT INC": 1,
        "ZOOM": 0,  # asked only of suppliers with one invoice
    }


def naive(session: Session, scope: Scope) -> dict[str, tuple[int, int, dict[str, dict[int, int]]]]:
    """Per likely supplier: base sum and lines of the window, sums by currency and month; line by line."""
    names = {each.id: each for each in session.scalars(select(Supplier))}
    sums: dict[str, int] = defaultdict(int)
    lines: dict[str, int] = defaultdict(int)
    months: dict[str, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for line in session.scalars(select(SpendLine)):
        supplier = names.get(line.supplier_id or 0)
        if supplier is None or not line.living or not line.counts or line.out_of_scope:
            continue
        if line.spend_type == "not_spend" or line.booked_on is None:
            continue
        if supplier.settled == "not_marketing" or (
            supplier.settled == "open" and supplier.likely_mille < LIKELY
        ):
            continue
        if not (scope.whole and line.unit_id is None) and line.unit_id not in scope.unit_ids:
            continue
        month = line.booked_on.year * 12 + line.booked_on.month - 1
        if month >= scope.as_of.year * 12 + scope.as_of.month - 1:
            continue
        months[supplier.name][line.currency][month] += line.amount_minor
        if FIRST <= month < UNTIL:
            lines[supplier.name] += 1
            sums[supplier.name] += line.base_minor or 0
    return {
        name: (sums[name], lines[name], {code: dict(found) for code, found in by.items()})
        for name, by in months.items()
    }


@pytest.mark.parametrize("seed", range(4))
def test_against_a_naive_reading(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    emea = builders.unit(session, "EMEA")
    file = builders.import_file(session)
    suppliers = [
        likely(
            session,
            f"SUPPLIER {number}",
            chance.choice((100, LIKELY - 1, LIKELY, 990)),
            settled=chance.choice(("open", "open", "marketing", "not_marketing", "split")),
        )
        for number in range(12)
    ]
    for _ in range(100):
        currency = chance.choice(("USD", "USD", "EUR", "CHF"))
        builders.spend_line(
            session,
            chance.randint(-3_000, 20_000),
            on=chance.choice((None, date(2024, 6, 1) + timedelta(days=chance.randint(0, 860)))),
            supplied_by=chance.choice((None, *suppliers)),
            unit=chance.choice((None, emea)),
            currency=currency,
            converted=currency != "CHF",
            spend_type=chance.choice((None, "software", "media", "not_spend")),
            from_import=file,
            living=chance.random() < 0.9,
            counts=chance.random() < 0.9,
            out_of_scope=chance.random() < 0.1,
        )
    for unit in (None, "EMEA"):
        scope = scope_for(session, as_of=DAY, unit=unit, environ={})
        found = {
            each.name: (
                each.window.minor,
                each.window.lines,
                {code: {one.month: one.minor for one in sums} for code, sums in each.months},
            )
            for each in spend_facts(session, scope).suppliers
            if each.months
        }
        assert found == naive(session, scope)
        for each in spend_facts(session, scope).suppliers:
            trace = each.window.trace
            assert trace is not None
            assert trace.lines is not None
            assert trace.lines.spend_types == SPENT
            page = lines_of(session, scope, trace.lines)
            assert (page.base_minor, page.count) == (each.window.minor, each.window.lines)


def test_the_number_of_queries_does_not_grow(session: Session, scope: Scope) -> None:
    asked: list[str] = []

    def count(*args: Any) -> None:
        asked.append(args[2])

    def queries() -> int:
        asked.clear()
        event.listen(session.get_bind(), "before_cursor_execute", count)
        try:
            spend_facts(session, scope)
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", count)
        return len(asked)

    def add(start: int) -> None:
        for number in range(start, start + 10):
            builders.spend_line(session, 100, on=date(2026, 3, 1), supplied_by=likely(session, f"S{number}"))

    add(0)
    before = queries()
    add(10)
    add(20)
    assert queries() == before
