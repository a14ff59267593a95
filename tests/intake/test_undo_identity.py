"""Importing a file and undoing it is the identity, for every kind of import: the whole content, not only the counts.

A first file fills the books; a second one of the same kind adds, changes and repeats; its undo must leave what the
first left, and the undo of the first must leave nothing.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from mopsaudit.intake.contract import Kind
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.undo import Undone
from mopsaudit.store.ledger import LedgerSummary, LinePair, SpendLine, Supplier
from tests import builders
from tests.intake.files import Line, enter, record_read, spend_read, take_back
from tests.intake.test_records import TABLES, user

#: What an edit leaves behind that means nothing by itself.
QUIET = {"version", "updated_at", "created_at"}
Content = dict[str, list[str]]


def content(session: Session, *more: type[Any]) -> Content:
    """Every record of the tables as text without its version."""
    session.expire_all()
    found: Content = {}
    models: tuple[type[Any], ...] = (*TABLES, *more)
    for model in models:
        columns = [c for c in inspect(model).columns if c.key not in QUIET | model.personal]
        rows = session.execute(select(*columns)).all()
        found[model.__tablename__] = sorted(repr(tuple(row)) for row in rows)
    return found


WORDS = st.sampled_from(["Canva", "Keeper", "Pulse", "HubSpot"])
AMOUNTS = st.sampled_from([Decimal(10), Decimal("0.5"), Decimal("1200.25")])
MONTHS = st.sampled_from([date(2026, month, 1) for month in (1, 2, 3)])
MAILS = st.sampled_from(["ann@example.org", "bob@example.org", "Bob+x@example.org", "eve@example.org"])

ROWS: dict[Kind, st.SearchStrategy[dict[str, Any]]] = {
    Kind.INVENTORY: st.fixed_dictionaries(
        {
            "tool": WORDS,
            "category": st.just("3"),
            "vendor": st.sampled_from([None, "Canva", "Acme Software"]),
            "description": st.sampled_from(["pictures", "words", None]),
            "owner": st.sampled_from([None, "ann@example.org", "bob@example.org"]),
            "seats": st.sampled_from([None, 5, 9]),
            "yearly_cost": st.sampled_from([None, Decimal(900), Decimal("12.5")]),
            "status": st.sampled_from(["active", "trial"]),
        }
    ),
    Kind.CONTRACTS: st.fixed_dictionaries(
        {
            "vendor": st.sampled_from(["Canva", "Acme Software"]),
            "tool": st.sampled_from(["Canva", "Keeper", None]),
            "reference": st.sampled_from(["C-1", "C-2"]),
            "quantity": st.sampled_from([Decimal(5), Decimal(7), None]),
            "amount": AMOUNTS,
            "currency": st.sampled_from(["USD", "EUR"]),
            "start": st.just(date(2025, 2, 1)),
            "end": st.sampled_from([date(2026, 2, 1), date(2027, 2, 1)]),
            "end_kind": st.just("renewal_date"),
            "notice": st.sampled_from([30, 90]),
            "notice_unit": st.just("days"),
            "auto_renew": st.booleans(),
        }
    ),
    Kind.PEOPLE: st.fixed_dictionaries(
        {
            "email": MAILS,
            "name": st.sampled_from(["Ann", "Bob", "Eve"]),
            "employee_id": st.sampled_from([None, "7", "8"]),
            "left": st.sampled_from([None, date(2026, 5, 31)]),
        }
    ),
    Kind.USAGE: st.builds(
        user,
        MAILS,
        tool=st.sampled_from(["Canva", "Keeper"]),
        last_activity=st.sampled_from([None, date(2026, 9, 1), date(2026, 9, 20)]),
        licence=st.sampled_from(["Pro", "Free"]),
    ),
    Kind.BUDGET: st.fixed_dictionaries(
        {
            "cost_centre": st.sampled_from(["MKT", "OPS"]),
            "gl_account": st.just("6400"),
            "tool": st.sampled_from(["Canva", "Keeper", None]),
            "currency": st.just("USD"),
            "month": MONTHS,
            "amount": AMOUNTS,
        }
    ),
    Kind.ORDERS: st.fixed_dictionaries(
        {
            "order_number": st.sampled_from(["PO1", "PO2"]),
            "line": st.sampled_from(["1", "2"]),
            "supplier": st.just("Acme"),
            "amount": AMOUNTS,
            "currency": st.just("USD"),
            "status": st.sampled_from(["open", "closed"]),
        }
    ),
    Kind.RATES: st.fixed_dictionaries(
        {
            "from": st.sampled_from(["EUR", "GBP"]),
            "to": st.just("USD"),
            "rate": st.sampled_from([Decimal("1.1"), Decimal("1.2")]),
            "valid_from": st.sampled_from([date(2026, 1, 1), date(2026, 2, 1)]),
            "kind": st.just("day"),
        }
    ),
    Kind.CREDITS: st.fixed_dictionaries(
        {
            "tool": st.sampled_from(["Canva", "Keeper", "no such tool at all"]),
            "date": st.sampled_from([date(2026, 6, 30), date(2026, 8, 31)]),
            "bought": st.sampled_from([None, 1000]),
            "used": st.sampled_from([None, 400, Decimal("860.5")]),
        }
    ),
    Kind.BENEFITS: st.fixed_dictionaries(
        {
            "case": st.sampled_from(["Fewer agencies", "no such case"]),
            "kind": st.just("cash reduction"),
            "month": MONTHS,
            "amount": AMOUNTS,
            "currency": st.just("USD"),
        }
    ),
}

few: Callable[[Kind], Any] = lambda kind: st.lists(ROWS[kind], min_size=1, max_size=4)  # noqa: E731


def _reversed(undone: Undone, kind: Kind) -> None:
    """Every row is reversed; of a roster that renamed somebody it is said that the earlier name is not kept."""
    lines = undone.to_json()["lines"]
    said = {item.why for item in undone.items}
    assert lines["kept"] == 0
    if kind is Kind.PEOPLE:
        assert all(why.startswith("earlier values of ") for why in said)
    else:
        assert not said


def test_a_roster_that_renamed_somebody_says_that_the_name_stays(session: Session, data: Path) -> None:
    known = builders.person(session, "Bob Stone", email="bob@example.org")
    row = {"email": "bob@example.org", "name": "Robert Stone", "employee_id": "7"}
    record = enter(session, record_read(Kind.PEOPLE, [row]), data)
    undone = take_back(session, record.id)
    assert undone.to_json()["lines"] == {"reversed": 0, "kept": 0, "could_not": 1}
    assert undone.items[0].why.startswith("earlier values of name and external id are not kept")
    assert known.name == "Robert Stone"


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_import_and_undo_is_the_identity(session: Session, data: Path, kind: Kind) -> None:
    builders.tool(session, "Keeper", description="old words")
    builders.case(session, title="Fewer agencies")
    session.flush()

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    @given(first=few(kind), second=few(kind))
    def check(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> None:
        with session.begin_nested() as savepoint:
            empty = content(session)
            one = enter(session, record_read(kind, first), data, name="one.xlsx")
            filled = content(session)
            two = enter(session, record_read(kind, second), data, name="two.xlsx")
            _reversed(take_back(session, two.id), kind)
            assert content(session) == filled
            _reversed(take_back(session, one.id), kind)
            assert content(session) == empty
            savepoint.rollback()
        session.expire_all()

    check()


SPEND = [
    Line(amount="100", supplier="HUBSPOT INC.", reference="INV-1"),
    Line(amount="-40", supplier="HUBSPOT INC.", reference="CN-2", description="credit of INV-1"),
    Line(amount="100", supplier="AMERICAN EXPRESS", reference="DD 1", day=date(2026, 4, 10)),
    Line(amount="9", supplier=None, reference=None),
]


def test_spend_leaves_no_line_no_sum_no_pair_behind(session: Session, data: Path) -> None:
    first = enter(session, spend_read(SPEND[:2]), data, name="one.xlsx")
    living = select(SpendLine.identity, SpendLine.counts, SpendLine.credit_of_id).where(SpendLine.living)
    before = sorted(map(tuple, session.execute(living))), content(session, LedgerSummary, LinePair, Supplier)
    second = enter(session, spend_read(SPEND), data, name="two.xlsx")
    take_back(session, second.id)
    after = sorted(map(tuple, session.execute(living))), content(session, LedgerSummary, LinePair, Supplier)
    assert after[0] == before[0]
    assert after[1]["line_pair"] == before[1]["line_pair"]
    assert not difference(session)
    take_back(session, first.id)
    assert session.execute(living).all() == []
    assert session.scalars(select(LedgerSummary.id)).all() == []
