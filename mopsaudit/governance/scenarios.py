"""Saved scenarios: built, changed, looked through again, put aside, and turned into decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.validity import in_scope as tool_in_scope
from mopsaudit.governance.decisions import add_action, record_decision
from mopsaudit.inventory.edits import apply_edit
from mopsaudit.scenarios.changes import Change, Kind, all_from
from mopsaudit.scenarios.outcome import Effect, Outcome
from mopsaudit.scope import Scope
from mopsaudit.store.models import Contract, ContractLine, Decision, Person, Scenario, Tool, Verdict

#: Changes one scenario may hold; beyond that it is a plan, not a what-if.
MOST_CHANGES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRow:
    """A scenario as it is shown. ``looked_on`` is the as-of date it was last looked through on."""

    id: int
    version: int
    name: str
    notes: str
    looked_on: date
    unit_id: int | None
    changes: tuple[Change, ...]
    facts: Mapping[str, str] | None
    figures: Mapping[str, int] | None
    by: str | None
    retired_on: date | None


def list_scenarios(session: Session, scope: Scope, *, retired: bool = False) -> tuple[ScenarioRow, ...]:
    """The scenarios of the scope and the units below it by name; those put aside only when asked for."""
    within = Scenario.unit_id.in_(scope.unit_ids)
    statement = (
        select(Scenario, Person.name)
        .outerjoin(Person, Person.id == Scenario.created_by_id)
        .where(within | Scenario.unit_id.is_(None) if scope.whole else within)
        .order_by(func.lower(Scenario.name), Scenario.id)
    )
    if not retired:
        statement = statement.where(Scenario.retired_on.is_(None))
    return tuple(_row(scenario, by) for scenario, by in session.execute(statement))


def find_scenario(session: Session, scope: Scope, scenario_id: int) -> ScenarioRow:
    """One scenario of the scope.

    Raises:
        NotFoundError: there is none, or it is of another unit.
    """
    row = session.execute(
        select(Scenario, Person.name)
        .outerjoin(Person, Person.id == Scenario.created_by_id)
        .where(Scenario.id == scenario_id)
    ).first()
    if row is None or not _inside(row[0], scope):
        raise NotFoundError("There is no such scenario.")
    return _row(row[0], row[1])


def _inside(scenario: Scenario, scope: Scope) -> bool:
    return scenario.unit_id in scope.unit_ids or (scenario.unit_id is None and scope.whole)


def _row(scenario: Scenario, by: str | None) -> ScenarioRow:
    return ScenarioRow(
        id=scenario.id,
        version=scenario.version,
        name=scenario.name,
        notes=scenario.notes,
        looked_on=scenario.as_of,
        unit_id=scenario.unit_id,
        changes=all_from(scenario.changes),
        facts=scenario.facts,
        figures=scenario.figures,
        by=by,
        retired_on=scenario.retired_on,
    )


def save_scenario(
    session: Session,
    scope: Scope,
    *,
    name: str,
    notes: str = "",
    changes: Sequence[Change] = (),
    by_id: int | None,
) -> Scenario:
    """Save a new scenario of the scope.

    Raises:
        InvalidError: no name, or a change that cannot be made in the scope.
    """
    scenario = Scenario(
        name=_name(name),
        notes=notes.strip(),
        as_of=scope.as_of,
        unit_id=None if scope.whole else scope.unit_id,
        changes=checked_changes(session, scope, changes),
        created_by_id=by_id,
    )
    session.add(scenario)
    session.flush()
    return scenario


def edit_scenario(
    session: Session,
    scope: Scope,
    scenario_id: int,
    version: int,
    *,
    name: str | None = None,
    notes: str | None = None,
    changes: Sequence[Change] | None = None,
) -> Scenario:
    """Change a scenario's name, notes or changes.

    Raises:
        ConflictError: somebody changed it meanwhile. InvalidError: as :func:`save_scenario`.
    """
    scenario = _locked(session, scope, scenario_id)
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted["name"] = _name(name)
    if notes is not None:
        wanted["notes"] = notes.strip()
    if changes is not None:
        wanted["changes"] = checked_changes(session, scope, changes)
    apply_edit(scenario, version, wanted, "scenario")
    session.flush()
    return scenario


def look_through(
    session: Session, scope: Scope, scenario_id: int, version: int, outcome: Outcome
) -> Scenario:
    """Keep what the scenario rests on and shows today, so that what changes later is told.

    Raises:
        ConflictError: somebody changed it meanwhile.
    """
    scenario = _locked(session, scope, scenario_id)
    apply_edit(
        scenario,
        version,
        {
            "as_of": scope.as_of,
            "facts": dict(outcome.facts),
            "figures": {
                "year_minor": outcome.year_minor,
                "saved_minor": outcome.saved_minor,
                "annual_minor": outcome.annual_minor,
            },
        },
        "scenario",
    )
    session.flush()
    return scenario


def put_aside(session: Session, scope: Scope, scenario_id: int, version: int, *, on: date | None) -> Scenario:
    """Put a scenario aside on a day, or take it back (None). Nothing is deleted.

    Raises:
        ConflictError: somebody changed it meanwhile.
    """
    scenario = _locked(session, scope, scenario_id)
    apply_edit(scenario, version, {"retired_on": on}, "scenario")
    session.flush()
    return scenario


def _name(text: str) -> str:
    name = " ".join(text.split())[:200]
    if not name:
        raise InvalidError("Give it a name.", "name")
    return name


def _locked(session: Session, scope: Scope, scenario_id: int) -> Scenario:
    scenario = session.get(Scenario, scenario_id, with_for_update=True)
    if scenario is None or not _inside(scenario, scope):
        raise NotFoundError("There is no such scenario.")
    return scenario


def checked_changes(session: Session, scope: Scope, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as they are kept, each checked against the scope; the same tool is switched off once.

    Raises:
        InvalidError: a change says too little, or names a tool, line or unit outside the scope.
    """
    if len(changes) > MOST_CHANGES:
        raise InvalidError(f"A scenario holds {MOST_CHANGES} changes at most.")
    for each in changes:
        each.checked()
    off = [each.tool_id for each in changes if each.kind is Kind.OFF]
    if len(off) != len(set(off)):
        raise InvalidError("This tool is switched off in the scenario already.", "tool_id")
    into = {each for change in changes for each in change.into_ids}
    if into & set(off):
        raise InvalidError("People cannot move to a tool that is switched off too.", "into_ids")
    wanted = {each for each in off if each is not None} | into
    there = set(session.scalars(select(Tool.id).where(tool_in_scope(scope), Tool.id.in_(wanted))))
    if wanted - there:
        raise InvalidError("Choose tools from the list.", "tool_id")
    lines = {each.line_id for each in changes if each.line_id is not None}
    if lines - _lines_in(session, scope, lines):
        raise InvalidError("Choose the contract line from the list.", "line_id")
    units = {each for change in changes for each in change.unit_ids}
    if units - set(scope.unit_ids):
        raise InvalidError("Choose units from the list.", "unit_ids")
    return [each.to_data() for each in changes]


def _lines_in(session: Session, scope: Scope, ids: set[int]) -> set[int]:
    unit = func.coalesce(ContractLine.unit_id, Contract.unit_id)
    within = unit.in_(scope.unit_ids)
    return set(
        session.scalars(
            select(ContractLine.id)
            .join(Contract, Contract.id == ContractLine.contract_id)
            .where(ContractLine.id.in_(ids), within | unit.is_(None) if scope.whole else within)
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of the changes: the decisions made, and by name what was left out and why."""

    decision_ids: tuple[int, ...]
    left_out: tuple[tuple[str, str], ...]


def turn_into_decisions(
    session: Session,
    scope: Scope,
    scenario_id: int,
    outcome: Outcome,
    *,
    tool_of_line: Mapping[int, int],
    send_by: Mapping[int, date],
    by_id: int | None,
    today: date,
) -> Decided:
    """Record a decision for each change that lies on a tool: once, and not where one is open on the tool already.

    *Off* becomes consolidate (one tool takes over), replace (several do) or retire, *seats* right-size; each expects
    what its change saves a year alone, at least nothing. ``send_by`` by tool gives a step to send the notice. A tool
    that is added is asked for, not decided.

    Raises:
        NotFoundError: no such scenario in the scope.
    """
    scenario = _locked(session, scope, scenario_id)
    made: list[int] = []
    left: list[tuple[str, str]] = []
    for effect in outcome.effects:
        change = effect.change
        tool_id = change.tool_id if change.kind is Kind.OFF else tool_of_line.get(change.line_id or 0)
        if change.kind in (Kind.ADD, Kind.MERGE) or tool_id is None:
            left.append((effect.what, "it is no decision on a tool we have"))
            continue
        known = session.scalars(
            select(Decision.id)
            .where(
                Decision.tool_id == tool_id, Decision.status == "open", Decision.verdict != Verdict.KEEP.value
            )
            .order_by(Decision.id)
            .limit(1)
        ).first()
        if known is not None:
            left.append(
                (effect.what, "a decision on the tool is open already, so that no saving counts twice")
            )
            continue
        decision = record_decision(
            session,
            tool_id=tool_id,
            verdict=_verdict(change),
            decided_on=today,
            reason=f"Scenario “{scenario.name}”: {effect.what}.",
            currency=scope.currency,
            decider_id=by_id,
            due_on=effect.from_on,
            into_tool_id=change.into_ids[0] if change.into_ids else None,
            expected_minor=max(0, effect.annual_minor),
            contract_line_id=change.line_id,
        )
        decision.scenario_id = scenario.id
        _steps(session, decision.id, effect, send_by.get(tool_id), today)
        made.append(decision.id)
    session.flush()
    return Decided(decision_ids=tuple(made), left_out=tuple(left))


def _verdict(change: Change) -> str:
    if change.kind is Kind.SEATS:
        return Verdict.RIGHT_SIZE.value
    if not change.into_ids:
        return Verdict.RETIRE.value
    return (Verdict.CONSOLIDATE if len(change.into_ids) == 1 else Verdict.REPLACE).value


def _steps(session: Session, decision_id: int, effect: Effect, send: date | None, today: date) -> None:
    if send is not None and send >= today:
        add_action(session, decision_id, title="Send the notice", owner_id=None, due_on=send)
    if effect.change.into_ids:
        add_action(session, decision_id, title="Move the people", owner_id=None, due_on=effect.change.on)
