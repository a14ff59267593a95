"""Savings: four stages, signed by finance, no euro twice, never above the run rate."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError
from mopsaudit.governance import savings
from mopsaudit.scope import Scope
from mopsaudit.store.models import BudgetLine, ContractLine, Saving, Tool
from tests import builders


@pytest.fixture
def line(session: Session) -> ContractLine:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    contract = builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=12)
    return builders.contract_line(session, contract, tool=tool, amount_minor=12_000_00)


def _saving(session: Session, scope: Scope, annual: int, **values: Any) -> Saving:
    given = {"kind": "reduction", "currency": "USD", "baseline": "12,000 for 100 seats", **values}
    return savings.identify_saving(session, scope, title="Fewer seats", annual_minor=annual, **given)


def test_never_above_the_run_rate_and_never_twice(session: Session, scope: Scope, line: ContractLine) -> None:
    with pytest.raises(InvalidError, match="12,000 USD a year"):
        _saving(session, scope, 12_000_01, contract_line_id=line.id)
    _saving(session, scope, 8_000_00, contract_line_id=line.id)
    with pytest.raises(InvalidError, match="4,000 USD of that is not claimed"):
        _saving(session, scope, 5_000_00, contract_line_id=line.id)
    _saving(session, scope, 4_000_00, contract_line_id=line.id)
    with pytest.raises(InvalidError, match="of that is not claimed"):
        _saving(session, scope, 1, tool_id=line.tool_id)


def test_a_tools_savings_and_its_lines_savings_share_one_run_rate(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    _saving(session, scope, 9_000_00, tool_id=line.tool_id)
    with pytest.raises(InvalidError, match="claim that money already"):
        _saving(session, scope, 4_000_00, contract_line_id=line.id)


def test_an_unknown_run_rate_carries_no_saving(session: Session, scope: Scope) -> None:
    tool: Tool = builders.tool(session)
    with pytest.raises(InvalidError, match="not known"):
        _saving(session, scope, 1, tool_id=tool.id)


def test_the_four_stages_in_order_and_signed(
    session: Session, scope: Scope, line: ContractLine, now: datetime
) -> None:
    finance = builders.person(session, "Fred Finance")
    saving = _saving(session, scope, 3_000_00, contract_line_id=line.id, in_year_minor=1_000_00)

    def advance(to: str, **values: Any) -> Saving:
        return savings.advance_saving(
            session, scope, saving.id, saving.version, to=to, by_id=finance.id, now=now, **values
        )

    with pytest.raises(InvalidError, match="cannot become contracted"):
        advance("contracted")
    with pytest.raises(InvalidError, match="budget line"):
        advance("agreed")
    version = builders.budget(session, lines=[{"tool_id": line.tool_id, "monthly": 1_000_00}])
    lowered = session.scalars(select(BudgetLine).where(BudgetLine.budget_id == version.id)).one()
    savings.edit_saving(session, scope, saving.id, saving.version, {"budget_line_id": lowered.id})
    advance("agreed")
    advance("contracted")
    with pytest.raises(InvalidError, match="lines of record"):
        advance("realised")
    with pytest.raises(InvalidError, match="more than the line costs"):
        advance("realised", realised_minor=12_000_01)
    advance("realised", realised_minor=2_500_00)
    assert (saving.signed_by_id, saving.signed_at, saving.realised_minor) == (finance.id, now, 2_500_00)
    with pytest.raises(InvalidError, match="does not change"):
        savings.edit_saving(session, scope, saving.id, saving.version, {"annual_minor": 1})
    totals = savings.savings_totals(session, scope)
    assert [(each.stage, each.kind, each.annual_minor, each.realised_minor) for each in totals] == [
        ("realised", "reduction", 3_000_00, 2_500_00)
    ]


def test_avoidance_needs_the_written_quote_and_stands_apart(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    with pytest.raises(InvalidError, match="vendor's written quote"):
        _saving(session, scope, 100, contract_line_id=line.id, kind="avoidance", baseline="")
    _saving(
        session, scope, 100, contract_line_id=line.id, kind="avoidance", baseline="Quote of 3 May: 14,000"
    )
    _saving(session, scope, 200, contract_line_id=line.id)
    assert {each.kind: each.annual_minor for each in savings.savings_totals(session, scope)} == {
        "reduction": 200,
        "avoidance": 100,
    }


def test_a_decision_has_one_saving_and_stale_edits_are_refused(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    decision = builders.decision(session, session.get_one(Tool, line.tool_id), "right_size")
    saving = _saving(session, scope, 100, contract_line_id=line.id, decision_id=decision.id)
    with pytest.raises(InvalidError, match="has its saving already"):
        _saving(session, scope, 100, contract_line_id=line.id, decision_id=decision.id)
    version = saving.version
    savings.edit_saving(session, scope, saving.id, version, {"annual_minor": 150})
    with pytest.raises(ConflictError):
        savings.edit_saving(session, scope, saving.id, version, {"annual_minor": 175})
