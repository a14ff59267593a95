"""Decisions on tools with their actions: recorded, changed, closed; never deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.facts.merges import head_of, merged_away
from mopsaudit.money import UnknownCurrencyError, currency_code
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool
from mopsaudit.store.people import Person
from mopsaudit.store.planning import Action, Decision, Verdict

#: Status → what it may become. A dropped or done decision is opened again only by recording a new one.
STATUSES: Mapping[str, tuple[str, ...]] = {"open": ("done", "dropped"), "done": (), "dropped": ()}
_EDITABLE = frozenset(
    {"verdict", "due_on", "reason", "into_tool_id", "expected_minor", "currency", "recurring"}
)


def _check(values: Mapping[str, Any], tool_id: int) -> dict[str, Any]:
    checked = dict(values)
    if "verdict" in checked:
        try:
            checked["verdict"] = Verdict(str(checked["verdict"])).value
        except ValueError:
            raise InvalidError("Choose what is decided from the list.", "verdict") from None
    if "reason" in checked:
        checked["reason"] = " ".join(str(checked["reason"] or "").split())
        if not checked["reason"]:
            raise InvalidError("Say why; whoever reads it next year was not there.", "reason")
    if "currency" in checked:
        try:
            checked["currency"] = currency_code(str(checked["currency"]))
        except UnknownCurrencyError as error:
            raise InvalidError(str(error), "currency") from None
    minor = checked.get("expected_minor")
    if minor is not None and minor < 0:
        raise InvalidError("An expected saving is zero or more.", "expected_minor")
    if checked.get("into_tool_id") == tool_id:
        raise InvalidError("Choose another tool to move to.", "into_tool_id")
    return checked


def record_decision(
    session: Session,
    *,
    tool_id: int,
    verdict: str,
    decided_on: date,
    reason: str,
    currency: str,
    decider_id: int | None = None,
    due_on: date | None = None,
    into_tool_id: int | None = None,
    expected_minor: int | None = None,
    recurring: bool = True,
    contract_line_id: int | None = None,
) -> Decision:
    """Record what was decided on a tool; ``expected_minor`` is the saving a year (once, unless ``recurring``).

    Raises:
        InvalidError: an unknown verdict, no reason, a negative saving; consolidating or replacing without a target.
        NotFoundError: no such tool.
    """
    if session.get(Tool, tool_id) is None:
        raise NotFoundError("There is no such tool.")
    values = _check(
        {
            "verdict": verdict,
            "reason": reason,
            "currency": currency,
            "expected_minor": expected_minor,
            "into_tool_id": into_tool_id,
        },
        tool_id,
    )
    if values["verdict"] == Verdict.CONSOLIDATE and into_tool_id is None:
        raise InvalidError("Say which tool takes over.", "into_tool_id")
    decision = Decision(
        tool_id=tool_id,
        contract_line_id=contract_line_id,
        decided_on=decided_on,
        due_on=due_on,
        decider_id=decider_id,
        recurring=recurring,
        **values,
    )
    session.add(decision)
    session.flush()
    return decision


def edit_decision(session: Session, decision_id: int, version: int, changes: Mapping[str, Any]) -> Decision:
    """Change an open decision.

    Raises:
        ConflictError: stale version. InvalidError: a closed decision or a wrong value.
    """
    decision = _locked(session, decision_id)
    if set(changes) - _EDITABLE:
        raise InvalidError("That cannot be changed here.")
    if decision.status != "open":
        raise InvalidError("This decision is closed; record a new one.")
    wanted = _check(changes, decision.tool_id)
    changed = {name: value for name, value in wanted.items() if getattr(decision, name) != value}
    if changed and decision.version != version:
        theirs = {name: getattr(decision, name) for name in wanted} | {"version": decision.version}
        raise ConflictError(
            "Somebody changed this decision since you opened it; compare both versions.", theirs
        )
    for name, value in changed.items():
        setattr(decision, name, value)
    session.flush()
    return decision


def close_decision(session: Session, decision_id: int, version: int, status: str) -> Decision:
    """Mark a decision done or dropped. The same twice is no conflict.

    Raises:
        ConflictError: stale version. InvalidError: a step that is not listed.
    """
    decision = _locked(session, decision_id)
    if decision.status == status:
        return decision
    if status not in STATUSES.get(decision.status, ()):
        raise InvalidError(f"A {decision.status} decision cannot become {status}.", "status")
    if decision.version != version:
        raise ConflictError(
            "Somebody changed this decision since you opened it.", {"version": decision.version}
        )
    decision.status = status
    session.flush()
    return decision


def add_action(
    session: Session, decision_id: int, *, title: str, owner_id: int | None, due_on: date | None
) -> Action:
    """Add a step to a decision.

    Raises:
        InvalidError: without a title, or when the owner has left by the due date.
    """
    if _locked(session, decision_id).status != "open":
        raise InvalidError("This decision is closed; record a new one.")
    text = " ".join(title.split())[:200]
    if not text:
        raise InvalidError("Say what is to be done.", "title")
    if owner_id is not None:
        owner = session.get(Person, owner_id)
        if owner is None or (owner.left_on is not None and (due_on is None or owner.left_on <= due_on)):
            raise InvalidError("Choose somebody who will still be with the company.", "owner_id")
    action = Action(decision_id=decision_id, title=text, owner_id=owner_id, due_on=due_on)
    session.add(action)
    session.flush()
    return action


def finish_action(session: Session, action_id: int, *, done_on: date | None) -> Action:
    """Mark a step done on a day, or open again (None)."""
    action = session.get(Action, action_id, with_for_update=True)
    if action is None:
        raise NotFoundError("There is no such step.")
    action.done_on = done_on
    session.flush()
    return action


def _locked(session: Session, decision_id: int) -> Decision:
    decision = session.get(Decision, decision_id, with_for_update=True)
    if decision is None:
        raise NotFoundError("There is no such decision.")
    return decision


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """A step of a decision; ``late`` on the day asked about."""

    id: int
    title: str
    owner: str | None
    owner_id: int | None
    due_on: date | None
    done_on: date | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision with its tool, people and steps."""

    id: int
    version: int
    tool_id: int
    tool: str
    category: str
    verdict: str
    status: str
    decided_on: date
    due_on: date | None
    reason: str
    decider: str | None
    decider_id: int | None
    into_tool_id: int | None
    into_tool: str | None
    expected_minor: int | None
    currency: str
    recurring: bool
    actions: tuple[ActionRow, ...]


def list_decisions(
    session: Session, scope: Scope, tools: ColumnElement[bool], *, tool_id: int | None = None
) -> tuple[DecisionRow, ...]:
    """Decisions on the tools a condition lets through, open ones first, then by due date and newest; those on a merged
    tool stand on its head.

    ``tools`` is the scope's condition on :class:`Tool` (``inventory.tools.in_scope``).
    """
    into, decider = aliased(Tool), aliased(Person)
    away, into_away = merged_away(), merged_away()
    query = (
        select(Decision, Tool, into.id, into.name, decider.name)
        .outerjoin(away, away.c.tool_id == Decision.tool_id)
        .join(Tool, Tool.id == head_of(away, Decision.tool_id))
        .outerjoin(into_away, into_away.c.tool_id == Decision.into_tool_id)
        .outerjoin(into, into.id == head_of(into_away, Decision.into_tool_id))
        .outerjoin(decider, decider.id == Decision.decider_id)
        .where(tools)
        .order_by(Decision.status != "open", Decision.due_on.is_(None), Decision.due_on, Decision.id.desc())
    )
    if tool_id is not None:
        query = query.where(Tool.id == tool_id)
    rows = session.execute(query).all()
    actions = _actions(session, [decision.id for decision, *_ in rows], scope.as_of)
    return tuple(
        DecisionRow(
            id=decision.id,
            version=decision.version,
            tool_id=tool.id,
            tool=tool.name,
            category=tool.category,
            verdict=decision.verdict,
            status=decision.status,
            decided_on=decision.decided_on,
            due_on=decision.due_on,
            reason=decision.reason,
            decider=who,
            decider_id=decision.decider_id,
            into_tool_id=into_id,
            into_tool=into_name,
            expected_minor=decision.expected_minor,
            currency=decision.currency,
            recurring=decision.recurring,
            actions=actions.get(decision.id, ()),
        )
        for decision, tool, into_id, into_name, who in rows
    )


def _actions(session: Session, decision_ids: list[int], on: date) -> dict[int, tuple[ActionRow, ...]]:
    found: dict[int, list[ActionRow]] = {}
    for start in range(0, len(decision_ids), 500):
        rows = session.execute(
            select(Action, Person.name)
            .outerjoin(Person, Person.id == Action.owner_id)
            .where(Action.decision_id.in_(decision_ids[start : start + 500]))
            .order_by(Action.due_on.is_(None), Action.due_on, Action.id)
        ).all()
        for action, owner in rows:
            if action.decision_id is not None:
                late = action.done_on is None and action.due_on is not None and action.due_on < on
                found.setdefault(action.decision_id, []).append(
                    ActionRow(
                        id=action.id,
                        title=action.title,
                        owner=owner,
                        owner_id=action.owner_id,
                        due_on=action.due_on,
                        done_on=action.done_on,
                        late=late,
                    )
                )
    return {key: tuple(value) for key, value in found.items()}
