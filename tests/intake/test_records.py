"""Inventory, contracts, people, usage, budgets, orders, benefits, rates: what a row does, and undo takes it back."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.errors import InvalidError
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.view import import_json
from mopsaudit.store.inventory import (
    Contract,
    ContractLine,
    OrderLine,
    PurchaseOrder,
    Tool,
    ToolPerson,
    ToolType,
    Vendor,
)
from mopsaudit.store.ledger import (
    ConsumptionReading,
    Import,
    ImportStatus,
    LedgerSummary,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
)
from mopsaudit.store.people import Person
from mopsaudit.store.planning import BudgetAmount, BudgetLine, BudgetVersion, CaseFlow, ExchangeRate
from tests import builders
from tests.intake.files import Line, enter, record_read, spend_read, stage, take_back

TABLES = (
    *(
        Tool,
        Vendor,
        Contract,
        ContractLine,
        PurchaseOrder,
        OrderLine,
        Person,
        ToolUser,
        UsageRecord,
        UsageSnapshot,
    ),
    *(BudgetVersion, BudgetLine, BudgetAmount, CaseFlow, ExchangeRate, ToolPerson, ConsumptionReading),
)


def counts(session: Session) -> dict[str, int]:
    return {
        model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0 for model in TABLES
    }


def problems(session: Session, import_id: int) -> list[tuple[str, str | None]]:
    return [(each["code"], each["cell"]) for each in import_json(session, import_id)["problems"]]


def user(email: str, **values: Any) -> dict[str, Any]:
    return {
        "tool": None,
        "user_email": email,
        "last_activity": None,
        "grade": "A",
        "event": "sign-in",
        **values,
    }


def test_inventory_rows_create_tools_from_the_catalogue_and_by_hand(session: Session, data: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"tool": "Canva", "vendor": "Canva", "owner": "ann@example.org", "status": "active", "seats": 20},
        {"tool": "Home-made hub", "vendor": None, "category": "3", "owner": None},
    ]
    record = enter(session, record_read(Kind.INVENTORY, rows), data)
    tools = {tool.name: tool for tool in session.scalars(select(Tool))}
    assert set(tools) == {"Canva", "Home-made hub"}
    assert tools["Canva"].catalogue_id is not None
    assert tools["Home-made hub"].category == "operations"
    assert session.scalars(select(Person.email)).all() == ["ann@example.org"]
    assert problems(session, record.id) == []
    lines = import_json(session, record.id)["sheets"][0]["lines"]
    assert (lines["imported"], lines["rejected"]) == (2, 0)


def test_a_tool_that_nothing_places_waits_for_its_category(session: Session, data: Path) -> None:
    rows: list[dict[str, Any]] = [{"tool": "Nobody knows this", "vendor": None}]
    import_id = stage(session, record_read(Kind.INVENTORY, rows), data)
    assert session.get_one(Import, import_id).status == ImportStatus.NEEDS_ANSWER
    assert session.scalars(select(Tool)).all() == []


def test_an_omitted_column_is_untouched_and_an_emptied_cell_clears(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Keeper", description="old words", site="https://keeper.example")
    row = {"id": str(tool.id), "tool": "Keeper two", "description": None}
    enter(session, record_read(Kind.INVENTORY, [row]), data)
    assert (tool.name, tool.description, tool.site) == ("Keeper two", "", "https://keeper.example")


def test_the_same_inventory_again_changes_nothing(session: Session, data: Path) -> None:
    rows = [{"tool": "Canva", "vendor": "Canva", "description": "pictures"}]
    enter(session, record_read(Kind.INVENTORY, rows), data, name="a.xlsx")
    again = enter(session, record_read(Kind.INVENTORY, rows), data, name="b.xlsx")
    assert import_json(session, again.id)["sheets"][0]["lines"]["duplicate"] == 1


CONTRACT = {
    "vendor": "Canva",
    "tool": "Canva",
    "reference": "C-1",
    "quantity": Decimal(60),
    "amount": Decimal("18000.00"),
    "currency": "EUR",
    "start": date(2025, 2, 1),
    "end": date(2027, 2, 1),
    "end_kind": "renewal_date",
    "notice": 90,
    "notice_unit": "days",
    "auto_renew": True,
    "initial_months": 24,
    "renewal_months": 12,
    "escalator": "5 %",
}


def test_contract_rows_of_one_reference_are_one_contract_with_lines(session: Session, data: Path) -> None:
    second = {**CONTRACT, "tool": None, "sku": "ONBOARDING", "quantity": None, "amount": Decimal(500)}
    record = enter(session, record_read(Kind.CONTRACTS, [CONTRACT | {"sku": None}, second]), data)
    contract = session.scalars(select(Contract)).one()
    assert (contract.renewal_kind, contract.notice_count, contract.escalator_ppm) == ("automatic", 90, 50_000)
    lines = session.scalars(select(ContractLine).order_by(ContractLine.id)).all()
    assert [(line.amount_minor, line.quantity_micro, line.sku) for line in lines] == [
        (1_800_000, 60_000_000, None),
        (50_000, None, "ONBOARDING"),
    ]
    assert import_json(session, record.id)["totals"] == [{"currency": "EUR", "imported": "18500.00"}]
    assert ("tool.proposed", "B2") in problems(session, record.id)


def test_a_contract_keeps_how_it_is_billed_and_what_its_price_covers(session: Session, data: Path) -> None:
    row = {**CONTRACT, "billing_months": 3, "payment_terms": "Quarterly in advance", "amount_months": 24}
    enter(session, record_read(Kind.CONTRACTS, [row]), data)
    contract = session.scalars(select(Contract)).one()
    assert (contract.billing_months, contract.payment_terms) == (3, "Quarterly in advance")
    assert session.scalars(select(ContractLine)).one().amount_months == 24


def test_a_contract_that_ends_before_it_starts_is_refused_with_its_cell_and_counted(
    session: Session, data: Path
) -> None:
    bad = {**CONTRACT, "end": date(2025, 1, 1)}
    record = enter(session, record_read(Kind.CONTRACTS, [bad]), data)
    assert problems(session, record.id) == [("row.refused", "H2")]
    assert session.scalar(select(func.count()).select_from(Contract)) == 0


def test_people_are_found_by_address_and_leavers_are_marked(session: Session, data: Path) -> None:
    known = builders.person(session, "Bob Stone", email="bob@example.org")
    rows: list[dict[str, Any]] = [
        {"email": "bob+x@example.org", "name": "Bob Stone", "employee_id": "7", "left": date(2026, 5, 31)},
        {"email": "new@example.org", "name": "New One", "employee_id": "8", "left": None},
    ]
    enter(session, record_read(Kind.PEOPLE, rows), data)
    assert (known.external_id, known.left_on) == ("7", date(2026, 5, 31))
    assert session.scalar(select(func.count()).select_from(Person)) == 2


def test_people_without_an_address_are_told_and_a_status_alone_says_who_left(
    session: Session, data: Path
) -> None:
    known = builders.person(session, "Bob Stone", email="bob@example.org")
    rows: list[dict[str, Any]] = [
        {"email": "bob@example.org", "name": "Bob Stone", "employee_id": "7", "status": "Terminated"},
        {"email": None, "name": "New One", "employee_id": "8", "status": "Active"},
        {"email": "ann@example.org", "name": "Ann", "status": "On leave"},
    ]
    record = enter(session, record_read(Kind.PEOPLE, rows), data)
    assert [code for code, _ in problems(session, record.id)] == ["people.no_address"]
    assert known.left_on is not None
    ann = session.scalars(select(Person).where(Person.email == "ann@example.org")).one()
    assert ann.left_on is None


def test_usage_tells_never_from_unknown_and_joins_spellings_of_a_person(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Pulse")
    bob = builders.person(session, "Bob Stone", email="bob@example.org")
    rows = [
        user("Bob+tag@Example.org", last_activity=date(2026, 9, 20)),
        user("bob@example.org", last_activity=date(2026, 9, 1)),
        user("zed@example.org", never=True),
        user("yves@example.org"),
    ]
    record = enter(session, record_read(Kind.USAGE, rows), data, options=ImportOptions(tool="Pulse"))
    sheet = import_json(session, record.id)["sheets"][0]
    assert (sheet["people"], sheet["active"]) == (3, 1)
    assert sheet["tools"][0] == {
        "tool": "Pulse",
        "as_of": "2026-09-30",
        "assigned": 3,
        "active": 1,
        "last_activity": "2026-09-20",
        "grade": "A",
        "event": "sign-in",
    }
    users = {each.user_key: each for each in session.scalars(select(ToolUser))}
    assert users["bob@example.org"].person_id == bob.id
    said = {record_.tool_user_id: record_ for record_ in session.scalars(select(UsageRecord))}
    assert said[users["zed@example.org"].id].never is True
    assert said[users["yves@example.org"].id].never is False
    assert session.scalars(select(UsageSnapshot.tool_id)).all() == [tool.id]


def test_a_roster_finds_earlier_users_again(session: Session, data: Path) -> None:
    builders.tool(session, "Pulse")
    read = record_read(Kind.USAGE, [user("eve@example.org")])
    enter(session, read, data, options=ImportOptions(tool="Pulse"))
    enter(
        session, record_read(Kind.PEOPLE, [{"email": "eve@example.org", "name": "Eve"}]), data, name="p.csv"
    )
    assert session.scalars(select(ToolUser.person_id)).one() is not None


def test_usage_of_a_catalogue_tool_proposes_it_and_of_an_unknown_one_is_refused(
    session: Session, data: Path
) -> None:
    read = record_read(Kind.USAGE, [user("a@example.org")])
    record = enter(session, read, data, options=ImportOptions(tool="Canva"))
    assert session.scalars(select(Tool.status)).all() == ["proposed"]
    assert "tool.proposed" in {code for code, _ in problems(session, record.id)}
    with pytest.raises(InvalidError, match="No tool of this file is known"):
        enter(session, read, data, options=ImportOptions(tool="Fooblex"), name="other.csv")


def test_an_assignment_list_says_nothing_of_activity(session: Session, data: Path) -> None:
    builders.tool(session, "Pulse")
    rows = [
        user("a@example.org", event="assignment"),
        user("b@example.org", event="assignment", assigned=False),
    ]
    record = enter(session, record_read(Kind.USAGE, rows), data, options=ImportOptions(tool="Pulse"))
    sheet = import_json(session, record.id)["sheets"][0]
    assert (sheet["people"], sheet["active"], sheet["tools"][0]["assigned"]) == (2, None, 1)


def budget_row(month: int, amount: str, **values: Any) -> dict[str, Any]:
    row = {"cost_centre": "MKT", "gl_account": "6400", "tool": "Pulse", "currency": "USD"}
    return {**row, "month": date(2026, month, 1), "amount": Decimal(amount), **values}


def test_a_budget_is_a_draft_of_its_fiscal_year_with_an_amount_per_month(
    session: Session, data: Path
) -> None:
    tool = builders.tool(session, "Pulse")
    rows = [
        budget_row(1, "1000"),
        budget_row(2, "1000"),
        budget_row(2, "0.5"),
        budget_row(3, "7", tool="Zorg"),
    ]
    record = enter(session, record_read(Kind.BUDGET, rows), data)
    version = session.scalars(select(BudgetVersion)).one()
    assert (version.status, version.name) == ("draft", "Budget FY2026")
    lines = session.scalars(select(BudgetLine).order_by(BudgetLine.id)).all()
    assert [(line.tool_id, line.description) for line in lines] == [(tool.id, ""), (None, "Zorg")]
    amounts = session.scalars(select(BudgetAmount.amount_minor).order_by(BudgetAmount.id)).all()
    assert amounts == [100_000, 100_050, 700]
    assert import_json(session, record.id)["totals"] == [{"currency": "USD", "imported": "2007.50"}]
    assert problems(session, record.id) == [("row.name_unknown", "C5"), ("budget.half_filled", "F2")]


def test_a_year_without_months_is_spread_to_the_cent(session: Session, data: Path) -> None:
    row = {"cost_centre": "MKT", "fiscal_year": "FY2026", "currency": "USD", "amount": Decimal("100.00")}
    enter(session, record_read(Kind.BUDGET, [row]), data)
    amounts = session.scalars(select(BudgetAmount.amount_minor)).all()
    assert (len(amounts), sum(amounts)) == (12, 10_000)


def test_order_lines_join_their_order(session: Session, data: Path) -> None:
    rows = [
        {"order_number": "PO1", "supplier": "X", "amount": Decimal(10), "currency": "USD", "status": "open"},
        {"order_number": "PO1", "supplier": "X", "amount": Decimal(5), "currency": "USD", "status": "open"},
        {"order_number": "PO2", "supplier": "X", "amount": Decimal(1), "currency": "USD", "status": "closed"},
    ]
    enter(session, record_read(Kind.ORDERS, rows), data)
    orders = session.scalars(select(PurchaseOrder).order_by(PurchaseOrder.number)).all()
    assert [(order.number, order.status, order.closed_on is None) for order in orders] == [
        ("PO1", "open", True),
        ("PO2", "closed", False),
    ]
    assert session.scalars(select(OrderLine.amount_minor).order_by(OrderLine.id)).all() == [1000, 500, 100]


def test_benefits_go_to_their_case_and_an_unknown_case_is_a_problem(session: Session, data: Path) -> None:
    case = builders.case(session, title="Fewer agencies")
    row = {"case": "fewer agencies", "kind": "cash reduction", "month": date(2026, 5, 1), "amount": Decimal(10),
           "currency": "USD"}  # fmt: skip
    record = enter(session, record_read(Kind.BENEFITS, [row, {**row, "case": "no such"}]), data)
    flow = session.scalars(select(CaseFlow).where(CaseFlow.realised)).one()
    assert (flow.case_id, flow.benefit_type, flow.amount_minor) == (case.id, "cash", 1000)
    assert problems(session, record.id) == [("row.refused", "A3")]


def test_rates_restate_lines_and_summaries_and_undo_takes_that_back(session: Session, data: Path) -> None:
    enter(session, spend_read([Line(amount="10", currency="EUR")]), data, name="s.xlsx")
    row = {"from": "EUR", "to": "USD", "rate": Decimal("1.25"), "valid_from": date(2026, 1, 1), "kind": "day"}
    record = enter(session, record_read(Kind.RATES, [row]), data)
    assert session.scalars(select(LedgerSummary.base_minor)).all() == [1250]
    assert not difference(session)
    take_back(session, record.id)
    assert tuple(
        session.execute(select(LedgerSummary.base_minor, LedgerSummary.unconverted_minor)).one()
    ) == (0, 1000)
    assert not difference(session)


EVERY = [
    (
        Kind.INVENTORY,
        [
            {
                "tool": "Canva",
                "vendor": "Canva",
                "owner": "o@example.org",
                "seats": 5,
                "yearly_cost": Decimal(9),
            }
        ],
    ),
    (Kind.CONTRACTS, [CONTRACT]),
    (Kind.PEOPLE, [{"email": "p@example.org", "name": "P"}]),
    (Kind.USAGE, [user("u@example.org", tool="Canva", last_activity=date(2026, 9, 1))]),
    (Kind.BUDGET, [budget_row(1, "10")]),
    (Kind.ORDERS, [{"order_number": "PO1", "amount": Decimal(5), "currency": "USD"}]),
    (Kind.RATES, [{"from": "EUR", "to": "USD", "rate": Decimal(2), "valid_from": date(2026, 1, 1)}]),
    (Kind.CREDITS, [{"tool": "Canva", "date": date(2026, 6, 30), "used": 400}]),
]


@pytest.mark.parametrize("kind, rows", EVERY, ids=[kind.value for kind, _ in EVERY])
def test_undo_leaves_the_tables_as_they_were(
    session: Session, data: Path, kind: Kind, rows: list[dict[str, Any]]
) -> None:
    before = counts(session)
    record = enter(session, record_read(kind, rows), data)
    assert counts(session) != before
    undone = take_back(session, record.id)
    assert undone.to_json()["lines"]["kept"] == 0
    assert undone.to_json()["lines"]["could_not"] == 0
    assert counts(session) == before


def test_undo_keeps_what_a_person_changed_since_and_says_so(session: Session, data: Path) -> None:
    rows = [{"tool": "Hub A", "category": "3"}, {"tool": "Hub B", "category": "3"}]
    record = enter(session, record_read(Kind.INVENTORY, rows), data)
    tool = session.scalars(select(Tool).where(Tool.name == "Hub A")).one()
    tool.description = "edited by hand"
    session.flush()
    undone = take_back(session, record.id)
    assert session.scalars(select(Tool.name)).all() == ["Hub A"]
    kept = [item for item in undone.items if item.outcome != "reversed"]
    assert [item.row for item in kept] == [2]


def test_undo_of_an_update_restores_the_values_before(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Keeper", description="old words")
    record = enter(
        session, record_read(Kind.INVENTORY, [{"tool": "Keeper", "description": "new words"}]), data
    )
    assert tool.description == "new words"
    take_back(session, record.id)
    session.refresh(tool)
    assert tool.description == "old words"


def test_undo_could_not_remove_what_something_else_leans_on(session: Session, data: Path) -> None:
    record = enter(session, record_read(Kind.INVENTORY, [{"tool": "Canva", "vendor": "Canva"}]), data)
    enter(session, record_read(Kind.CONTRACTS, [CONTRACT]), data, name="c.xlsx")
    undone = take_back(session, record.id)
    assert undone.to_json()["lines"]["could_not"] == 1
    assert session.scalar(select(func.count()).select_from(Tool)) == 1


def test_spend_that_came_before_its_tool_finds_it_and_undo_lets_go_again(
    session: Session, data: Path
) -> None:
    enter(session, spend_read([Line(amount="10", supplier="CANVA PTY LTD")]), data, name="s.xlsx")
    record = enter(session, record_read(Kind.INVENTORY, [{"tool": "Canva", "vendor": "Canva"}]), data)
    tool = session.scalars(select(Tool)).one()
    assert session.scalars(select(LedgerSummary.tool_id)).all() == [tool.id]
    undone = take_back(session, record.id)
    assert undone.to_json()["lines"] == {"reversed": 1, "kept": 0, "could_not": 0}
    assert session.scalars(select(LedgerSummary.tool_id)).all() == [None]
    assert not difference(session)


def test_undo_puts_back_what_a_row_removed(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Keeper")
    first = {"tool": "Keeper"}
    known = [item.id for item in taxonomy().types][:3]
    enter(
        session, record_read(Kind.INVENTORY, [{**first, "types": "; ".join(known[:2])}]), data, name="a.xlsx"
    )
    types = select(ToolType.type_id).where(ToolType.tool_id == tool.id).order_by(ToolType.type_id)
    before = session.scalars(types).all()
    record = enter(session, record_read(Kind.INVENTORY, [{**first, "types": known[2]}]), data, name="b.xlsx")
    assert session.scalars(types).all() == [known[2]]
    take_back(session, record.id)
    assert session.scalars(types).all() == before
