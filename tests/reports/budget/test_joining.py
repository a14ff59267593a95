"""A sum that does not state all a budget line names: by its tool or vendor, or with its tool's invoices."""

from datetime import date

from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Report
from mopsaudit.reports.budget import build
from mopsaudit.scope import Scope
from mopsaudit.store.models import Tool
from tests import builders


def _at(session: Session) -> Scope:
    return scope_for(session, as_of=date(2026, 6, 30), environ={})


def _minor(report: Report, column: str) -> dict[str, int]:
    found = {}
    for row in report.rows:
        value = row.values[column]
        assert isinstance(value, Amount)
        found[str(row.values["line"])] = value.minor or 0
    return found


def _owed(session: Session, tool: Tool) -> None:
    contract = builders.contract(
        session, builders.vendor(session, f"{tool.name} Ltd"), start_on=date(2026, 9, 1), initial_months=12
    )
    builders.contract_line(session, contract, tool=tool, amount_minor=1200)


def test_an_invoice_without_a_cost_centre_joins_the_line_of_its_tool_and_is_told(session: Session) -> None:
    tool = builders.tool(session)
    builders.budget(
        session,
        lines=[
            {
                "description": "Hub",
                "tool_id": tool.id,
                "cost_centre": "M1",
                "gl_account": "600",
                "monthly": 100,
            }
        ],
    )
    builders.spend_line(session, 7, on=date(2026, 2, 1), tool=tool)
    builders.spend_line(session, 11, on=date(2026, 2, 1), tool=tool, cost_centre="M1", gl_account="600")
    builders.spend_line(session, 20, on=date(2026, 2, 1), tool=tool, cost_centre="M2")
    builders.spend_line(session, 40, on=date(2026, 2, 1))
    report = build(session, _at(session))
    assert _minor(report, "actual") == {"Hub": 18, "Unbudgeted": 60}
    assert report.coverage.parts["placed_by_name"] == 1
    assert report.coverage.parts["placed_by_name_amount"] == Amount(currency="USD", minor=7)
    assert "1 line placed by tool or vendor alone" in report.coverage.sentence


def test_of_two_lines_for_one_tool_neither_is_guessed(session: Session) -> None:
    tool = builders.tool(session)
    centres = [
        {"description": name, "tool_id": tool.id, "cost_centre": name, "gl_account": "600", "monthly": 100}
        for name in ("M1", "M2")
    ]
    builders.budget(session, lines=centres)
    builders.spend_line(session, 7, on=date(2026, 2, 1), tool=tool)
    builders.spend_line(session, 9, on=date(2026, 2, 1), tool=tool, cost_centre="M2")
    assert _minor(build(session, _at(session)), "actual") == {"M1": 0, "M2": 9, "Unbudgeted": 7}


def test_a_contract_is_owed_on_the_line_that_names_its_tool(session: Session) -> None:
    tool = builders.tool(session)
    builders.budget(
        session, lines=[{"description": "Hub", "tool_id": tool.id, "cost_centre": "M1", "monthly": 100}]
    )
    _owed(session, tool)
    report = build(session, _at(session))
    assert _minor(report, "committed") == {"Hub": 1200}
    assert report.coverage.parts["placed_as_invoices"] == 0


def test_a_contract_is_owed_where_all_its_tools_invoices_stand(session: Session) -> None:
    tool, other = builders.tool(session), builders.tool(session, "Other")
    builders.budget(
        session,
        lines=[{"description": name, "cost_centre": name, "monthly": 100} for name in ("M1", "M2")],
    )
    for each in (tool, other):
        _owed(session, each)
        builders.spend_line(session, 7, on=date(2025, 9, 1), tool=each, cost_centre="M1")
    builders.spend_line(session, 9, on=date(2026, 2, 1), tool=other, cost_centre="M2")
    report = build(session, _at(session))
    assert _minor(report, "committed") == {"M1": 1200, "M2": 0, "Unbudgeted": 1200}
    assert report.coverage.parts["placed_as_invoices"] == 1
