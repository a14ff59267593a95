"""Gathers what a scenario is worked out from: the budget report's own forecast by month, and what follows after it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.agreements import ContractFact
from mopsaudit.facts.commitments import agreements, commitments_between
from mopsaudit.facts.reading import fetch
from mopsaudit.facts.tools import tools_at
from mopsaudit.money import ratio_half_even, split_exact
from mopsaudit.periods import Period, add_months, month_of
from mopsaudit.reporting import LineFilter
from mopsaudit.reports.budget.arithmetic import LineResult, open_base, settle
from mopsaudit.reports.budget.beside import COUNTED_TYPES
from mopsaudit.reports.budget.facts import BudgetFacts
from mopsaudit.reports.budget.forecast import pace
from mopsaudit.reports.budget.query import gather
from mopsaudit.scenarios.facts import Flow, LinePosition, ScenarioFacts, Source
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.query import people_of, stack_question
from mopsaudit.scope import Scope
from mopsaudit.store.models import ContractLine, Tool

#: Fiscal years shown: the present one and those after it.
YEARS = 3


def scenario_facts(session: Session, scope: Scope) -> ScenarioFacts:
    """Today in a scope; the number of queries does not grow with the tools."""
    budget = gather(session, scope, basis="invoiced")
    year = scope.year
    end = add_months(year.start, 12 * YEARS)
    contracts = agreements(session, scope)
    tools = tuple(tool for tool in tools_at(session, scope) if tool.running)
    flows = (
        *_this_year(budget),
        *_after(session, scope, budget, contracts, Period(start=year.end, end=end)),
    )
    return ScenarioFacts(
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        year=year,
        months=range(month_of(year.start), month_of(end)),
        years=tuple(
            Period(start=add_months(year.start, 12 * each), end=add_months(year.start, 12 * each + 12))
            for each in range(YEARS)
        ),
        flows=flows,
        lines=_lines(session, contracts),
        people=people_of(session, scope, tools).all_of,
        question=stack_question(session, scope, StackOptions(lead_months=0)),
        booked=None
        if budget.part_month
        else LineFilter(
            spend_types=COUNTED_TYPES,
            month_from=month_of(year.start),
            month_until=min(month_of(year.end), month_of(scope.as_of) + 1),
        ),
        names=_names(session, {flow.tool_id for flow in flows if flow.tool_id is not None}),
    )


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = fetch(session, select(Tool.id, Tool.name).where(Tool.id.in_(sorted(ids))))
    return {row.id: row.name for row in rows}


def _tool_of(bearer: str) -> int | None:
    kind, _, ident = bearer.partition(":")
    return int(ident) if kind == "tool" else None


def _this_year(facts: BudgetFacts) -> Iterator[Flow]:
    """The forecast of the year in months: booked, owed (what is late now), and the run rate over the months to come."""
    now = month_of(facts.as_of)
    last = month_of(facts.year.end) - 1
    for result in settle(facts):
        for cell in result.tally.cells:
            if cell.month is not None:
                yield Flow(month=cell.month, minor=cell.minor, source=Source.BOOKED, tool_id=cell.tool_id)
        for each in result.tally.commitments:
            month = now if each.due_on is None else min(last, max(now, month_of(each.due_on)))
            yield Flow(
                month=month,
                minor=open_base(facts, each) or 0,
                source=Source.OWED,
                tool_id=each.tool_id,
                line_id=each.contract_line_id,
                due=each.due_on,
                service=each.service,
                contract_id=each.contract_id,
                what=each.label,
            )
        yield from _expected(facts, result, now, last)


def _expected(facts: BudgetFacts, result: LineResult, now: int, last: int) -> Iterator[Flow]:
    """The run rate of a line, evenly over the months after the closed ones."""
    ahead = list(range(max(result.closed + 1, now), last + 1)) or [last]
    for bearer, _, _, base in pace(facts, result):
        for month, part in zip(ahead, split_exact(base, [1] * len(ahead)), strict=True):
            yield Flow(month=month, minor=part, source=Source.PACE, tool_id=_tool_of(bearer))


def _after(
    session: Session,
    scope: Scope,
    facts: BudgetFacts,
    contracts: Sequence[ContractFact],
    span: Period,
) -> Iterator[Flow]:
    """What follows the fiscal year: what contracts bill, and spend beside them at this year's monthly average."""
    for each in commitments_between(session, scope, contracts, since=span.start, until=span.end):
        if each.due_on is not None and not each.closed and each.base_minor:
            yield Flow(
                month=month_of(each.due_on),
                minor=each.base_minor,
                source=Source.OWED,
                tool_id=each.tool_id,
                line_id=each.contract_line_id,
                due=each.due_on,
                service=each.service,
                contract_id=each.contract_id,
                what=each.label,
            )
    yearly: dict[int | None, int] = defaultdict(int)
    for result in settle(facts):
        done = result.closed - month_of(facts.year.start) + 1
        ahead = month_of(facts.year.end) - 1 - result.closed
        for bearer, _, _, base in pace(facts, result):
            yearly[_tool_of(bearer)] += ratio_half_even(base, 12, ahead) if ahead > 0 and done >= 0 else 0
    for tool_id, minor in sorted(yearly.items(), key=lambda each: each[0] or 0):
        for start in range(month_of(span.start), month_of(span.end), 12):
            for place, part in enumerate(split_exact(minor, [1] * 12)):
                yield Flow(month=start + place, minor=part, source=Source.PACE, tool_id=tool_id)


def _lines(session: Session, contracts: Sequence[ContractFact]) -> dict[int, LinePosition]:
    rules = {
        line_id: (reducible, pack, minimum)
        for line_id, reducible, pack, minimum in fetch(
            session,
            select(
                ContractLine.id, ContractLine.reducible, ContractLine.pack_size, ContractLine.minimum
            ).order_by(ContractLine.id),
        )
    }
    found = {}
    for contract in contracts:
        for line in contract.lines:
            if line.one_off:
                continue
            reducible, pack, minimum = rules[line.id]
            what = line.description or (line.tool.label if line.tool else contract.title)
            found[line.id] = LinePosition(
                id=line.id,
                label=f"{contract.title}: {what}" if what != contract.title else what,
                tool_id=int(line.tool.id) if line.tool else None,
                terms=contract.terms,
                stands=contract.stands,
                ends_on=line.ends_on,
                seats=line.seats,
                annual_minor=line.base_minor,
                reducible=reducible,
                pack=max(1, pack or 1),
                minimum=minimum or 0,
            )
    return found
