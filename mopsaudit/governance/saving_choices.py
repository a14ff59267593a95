"""What a saving may name: contract lines, budget lines and decisions of the scope, in words."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.contracts import running_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.merges import heads
from mopsaudit.facts.validity import in_scope
from mopsaudit.facts.wording import day, money
from mopsaudit.money import UnknownCurrencyError, currency_code
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BudgetLine,
    BudgetVersion,
    Contract,
    ContractLine,
    Decision,
    FiscalYear,
    Saving,
    Tool,
)


def known_currency(code: str) -> bool:
    """Whether there is such a currency."""
    try:
        currency_code(code)
    except UnknownCurrencyError:
        return False
    return True


def contract_lines(session: Session, scope: Scope) -> tuple[tuple[int, str], ...]:
    """The contract lines of the scope that are in force, with what they cost a year, by tool."""
    merged = heads(session)
    names = dict(session.execute(select(Tool.id, Tool.name).where(in_scope(scope))).all())
    labels = dict(
        session.execute(
            select(ContractLine.id, ContractLine.description).where(ContractLine.description.is_not(None))
        ).all()
    )
    found = []
    for line in running_lines(session, scope):
        head = merged.tool_or_none(line.tool_id)
        inside = scope.whole if line.unit_id is None else line.unit_id in scope.unit_ids
        if head in names or (head is None and inside):
            of = names[head] if head is not None else (line.vendor.label if line.vendor else "no tool")
            text = labels.get(line.id)
            price = money(line.annual_minor, line.currency) + " a year"
            found.append((line.id, f"{of}: {text + ', ' if text else ''}{price}"))
    return tuple(sorted(found, key=lambda each: (each[1].casefold(), each[0])))


def budget_lines(session: Session, scope: Scope) -> tuple[tuple[int, str], ...]:
    """The budget lines of the scope whose year has not ended, the latest version first."""
    inside = BudgetLine.unit_id.in_(scope.unit_ids)
    rows = session.execute(
        select(BudgetLine, BudgetVersion.name, Tool.name)
        .join(BudgetVersion, BudgetVersion.id == BudgetLine.budget_id)
        .join(FiscalYear, FiscalYear.id == BudgetVersion.fiscal_year_id)
        .outerjoin(Tool, Tool.id == BudgetLine.tool_id)
        .where(
            FiscalYear.ends_on > scope.as_of,
            BudgetVersion.status != "superseded",
            inside | BudgetLine.unit_id.is_(None) if scope.whole else inside,
        )
        .order_by(FiscalYear.starts_on, BudgetVersion.id.desc(), BudgetLine.id)
    ).all()
    return tuple((line.id, _budget_words(line, version, tool)) for line, version, tool in rows)


def _budget_words(line: BudgetLine, version: str, tool: str | None) -> str:
    parts = [tool or line.programme, line.description, line.cost_centre, line.gl_account]
    words = ", ".join(dict.fromkeys(part for part in parts if part)) or f"line {line.id}"
    return f"{version}: {words} ({line.currency})"


def decisions_without_saving(session: Session, scope: Scope) -> tuple[tuple[int, str], ...]:
    """Decisions of the scope that were not dropped and whose saving is not on the ledger."""
    taken = select(Saving.decision_id).where(Saving.decision_id.is_not(None), Saving.stage != "dropped")
    merged = heads(session)
    names = dict(session.execute(select(Tool.id, Tool.name).where(in_scope(scope))).all())
    rows = session.scalars(
        select(Decision)
        .where(Decision.status != "dropped", Decision.id.not_in(taken))
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
    ).all()
    return tuple(
        (each.id, _decision_words(names[head], each))
        for each in rows
        if (head := merged.tool(each.tool_id)) in names
    )


def _decision_words(tool: str, decision: Decision) -> str:
    return f"{tool}: {decision.verdict.replace('_', '-')}, {day(decision.decided_on)}"


def named_by(session: Session, saving: Saving) -> dict[str, tuple[tuple[int, str], ...]]:
    """What a saving names now, as choices by column."""
    words = names_of(session, saving)
    found: dict[str, tuple[tuple[int, str], ...]] = {}
    if saving.tool_id is not None:
        found["tool_id"] = ((saving.tool_id, session.get_one(Tool, saving.tool_id).name),)
    if saving.contract_line_id is not None:
        found["contract_line_id"] = ((saving.contract_line_id, str(words["contract"])),)
    if saving.budget_line_id is not None:
        found["budget_line_id"] = ((saving.budget_line_id, str(words["budget"])),)
    if saving.decision_id is not None:
        decision = session.get_one(Decision, saving.decision_id)
        tool = session.get_one(Tool, decision.tool_id)
        found["decision_id"] = ((decision.id, _decision_words(tool.name, decision)),)
    return found


def baseline_of(session: Session, scope: Scope, tool_id: int) -> dict[str, Any]:
    """What a new saving on a tool is measured against: its one contract line in force, else its run rate."""
    merged = heads(session)
    lines = [
        line
        for line in running_lines(session, scope)
        if merged.tool_or_none(line.tool_id) == tool_id and not line.one_off and line.annual_minor is not None
    ]
    if len(lines) == 1:
        line = lines[0]
        return {
            "contract_line_id": line.id,
            "baseline_minor": line.annual_minor,
            "currency": line.currency,
            "baseline": f"The contract line in force on {day(scope.as_of)}: its price × its quantity.",
        }
    cost = yearly_costs(session, scope).get(tool_id)
    if cost is None or cost.minor is None:
        return {}
    return {
        "baseline_minor": cost.minor,
        "baseline": f"Its yearly cost on {day(scope.as_of)}, by {cost.amount.basis or 'what is known'}.",
    }


def names_of(session: Session, saving: Saving) -> dict[str, str | int | None]:
    """The records a saving names, in words: contract line (with its contract's id), budget line, decision."""
    found: dict[str, str | int | None] = {}
    if saving.contract_line_id is not None:
        line = session.get_one(ContractLine, saving.contract_line_id)
        contract = session.get_one(Contract, line.contract_id)
        found["contract"] = contract.title + (f": {line.description}" if line.description else "")
        found["contract_id"] = contract.id
    if saving.budget_line_id is not None:
        budget_line = session.get_one(BudgetLine, saving.budget_line_id)
        version = session.get_one(BudgetVersion, budget_line.budget_id)
        tool = session.get(Tool, budget_line.tool_id) if budget_line.tool_id else None
        found["budget"] = _budget_words(budget_line, version.name, tool.name if tool else None)
        found["budget_id"] = version.id
    return found
