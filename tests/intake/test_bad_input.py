"""Input that is refused or shown as a problem with what to do: half-filled budgets, leavers who own."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.governance.plans import plan_of
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.view import import_json
from mopsaudit.reports.quality import build
from mopsaudit.scope import Scope
from mopsaudit.store.planning import BudgetVersion
from tests import builders
from tests.intake.files import enter, record_read


def month(number: int, amount: str = "10", **values: Any) -> dict[str, Any]:
    row = {"cost_centre": "MKT", "currency": "USD", "amount": Decimal(amount), "month": date(2026, number, 1)}
    return {**row, **values}


def told(session: Session, import_id: int) -> list[tuple[str, str | None, str]]:
    found = import_json(session, import_id)["problems"]
    return [(each["code"], each["cell"], each["message"]) for each in found]


def test_a_half_filled_budget_is_kept_and_told_once(session: Session, data: Path, scope: Scope) -> None:
    rows = [month(number) for number in range(1, 13)]
    rows += [month(number, cost_centre="EVT") for number in (1, 5)]
    rows += [month(number, cost_centre="ADS") for number in range(1, 12)]
    record = enter(session, record_read(Kind.BUDGET, rows), data)
    ((code, cell, message),) = told(session, record.id)
    assert (code, cell) == ("budget.half_filled", "C14")
    assert "2 lines have no amount in some months of FY2026, the first in row 14 (2 of 12 months)" in message
    assert "or 0 where that is meant" in message
    version = session.query(BudgetVersion).one()
    half = plan_of(session, scope, version.id).half_filled
    assert [each.line.cost_centre for each in half] == ["EVT", "ADS"]


def test_a_typed_zero_is_an_amount(session: Session, data: Path, scope: Scope) -> None:
    rows = [month(number, "0" if number % 2 else "5") for number in range(1, 13)]
    record = enter(session, record_read(Kind.BUDGET, rows), data)
    assert told(session, record.id) == []
    assert plan_of(session, scope, session.query(BudgetVersion).one().id).half_filled == ()


@pytest.mark.parametrize("by", ["email", "employee_id"])
def test_a_leaver_who_owns_is_a_problem_of_the_roster_row(
    session: Session, data: Path, scope: Scope, by: str
) -> None:
    bob = builders.person(session, "Bob Stone", email="bob@example.org", external_id="7")
    ann = builders.person(session, "Ann Reed", email="ann@example.org")
    for name in ("Marketo", "Asana"):
        builders.tool(session, name, business_owner=bob)
    builders.tool(session, "Kept", business_owner=ann)
    key = {"email": "Bob+x@example.org"} if by == "email" else {"employee_id": "7"}
    rows: list[dict[str, Any]] = [
        {"email": "new@example.org", "name": "New", "left": None},
        {**key, "name": "Bob Stone", "left": date(2026, 5, 31)},
        {"email": "ann@example.org", "name": "Ann Reed", "left": date(2027, 1, 31)},
    ]
    record = enter(session, record_read(Kind.PEOPLE, rows), data)
    # Whose address is known already is not told to lack one in the file.
    ((code, cell, message),) = told(session, record.id)
    assert code == "people.leaver_owns"
    assert cell is not None
    assert cell.endswith("3")
    assert message == "Bob Stone left on 31 May 2026 and still owns Asana and 1 more; name somebody else."
    assert bob.left_on == date(2026, 5, 31), "the row itself is kept"
    report = build(session, scope)
    missing = {str(getattr(row.values["tool"], "label", "")): row.values["missing"] for row in report.rows}
    assert str(missing["Asana"]).startswith("business owner (has left)")
    assert "business owner" not in str(missing["Kept"]), "who leaves later still owns today"
    gaps = next(each for each in report.sections if each.key == "gaps")
    assert gaps.sentence.startswith("2 of 3 tools have no business owner (2 because the owner left)")
