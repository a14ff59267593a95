"""Erasing a person: what names them leaves for good, what they own goes to somebody else or to *former person n*."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mopsaudit import organisation
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.validity import holds
from mopsaudit.inventory.tools import set_person
from mopsaudit.store import trail
from mopsaudit.store.erasure import erase_rows, named_users, waiting_users
from mopsaudit.store.models import (
    Account,
    Action,
    Contract,
    Decision,
    Import,
    ImportProblem,
    ImportSheet,
    Objective,
    Person,
    Tool,
    ToolPerson,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
    WaitingApp,
    WaitingUser,
)

#: Imports that may hold people, beside usage.
_NAMING: Final = ("people", "inventory", "contracts")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingImport:
    """An import whose original names the person; the original stays as it was received."""

    id: int
    file_name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """Where a person stands: what is erased, what they own on a day, and files that name them."""

    person_id: int
    name: str
    email: str | None
    signs_in: bool
    usage_users: int
    tools: tuple[tuple[int, str, str], ...]
    contracts: int
    actions: int
    objectives: int
    decisions: int
    imports: tuple[NamingImport, ...]

    @property
    def owns(self) -> int:
        """How many things want somebody else."""
        return len(self.tools) + self.contracts + self.actions + self.objectives


def living_person(session: Session, person_id: int) -> Person:
    """A person who is not erased.

    Raises:
        NotFoundError: when there is none, or they are erased already.
    """
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise NotFoundError("There is no such person.")
    return person


def traces_of(session: Session, person_id: int, *, on: date) -> Traces:
    """Where a person stands on a day.

    Raises:
        NotFoundError: as :func:`living_person`.
    """
    person = living_person(session, person_id)
    users = named_users(person_id, person.email_key, person.external_id)

    def count(model: type[Contract | Action | Objective | Decision], *conditions: object) -> int:
        statement = select(func.count()).select_from(model)
        return session.scalar(statement.where(*conditions)) or 0  # type: ignore[arg-type]

    parts = session.execute(
        select(Tool.id, Tool.name, ToolPerson.part)
        .join(Tool, Tool.id == ToolPerson.tool_id)
        .where(ToolPerson.person_id == person_id, holds(ToolPerson, on), Tool.merged_into_id.is_(None))
        .order_by(func.lower(Tool.name), Tool.id, ToolPerson.part)
    ).all()
    return Traces(
        person_id=person_id,
        name=person.name,
        email=person.email,
        signs_in=session.scalar(select(Account.id).where(Account.person_id == person_id)) is not None,
        usage_users=(session.scalar(select(func.count()).select_from(ToolUser).where(users)) or 0)
        + len(session.scalars(select(WaitingUser.id).where(_waiting(person))).all()),
        tools=tuple((tool_id, name, part) for tool_id, name, part in parts),
        contracts=count(Contract, Contract.owner_id == person_id),
        actions=count(Action, Action.owner_id == person_id, Action.done_on.is_(None)),
        objectives=count(Objective, Objective.owner_id == person_id, Objective.retired_on.is_(None)),
        decisions=count(Decision, Decision.decider_id == person_id),
        imports=_naming_imports(session, person),
    )


def _waiting(person: Person) -> ColumnElement[bool]:
    return waiting_users(person.email_key, person.external_id)


def _naming_imports(session: Session, person: Person) -> tuple[NamingImport, ...]:
    users = named_users(person.id, person.email_key, person.external_id)
    found: dict[int, NamingImport] = {}
    by_usage = session.execute(
        select(Import.id, Import.file_name, Import.kind)
        .join(UsageSnapshot, UsageSnapshot.import_id == Import.id)
        .join(UsageRecord, UsageRecord.snapshot_id == UsageSnapshot.id)
        .join(ToolUser, ToolUser.id == UsageRecord.tool_user_id)
        .where(users)
        .distinct()
        .order_by(Import.id)
    )
    by_row = session.execute(
        select(Import.id, Import.file_name, Import.kind, ImportSheet.detail)
        .join(ImportSheet, ImportSheet.import_id == Import.id)
        .where(Import.kind.in_(_NAMING))
        .order_by(Import.id, ImportSheet.id)
    )
    by_waiting = session.execute(
        select(Import.id, Import.file_name, Import.kind)
        .join(WaitingApp, WaitingApp.import_id == Import.id)
        .join(WaitingUser, WaitingUser.app_id == WaitingApp.id)
        .where(_waiting(person))
        .distinct()
        .order_by(Import.id)
    )
    for row in (*by_usage, *by_waiting):
        found[row.id] = NamingImport(id=row.id, file_name=row.file_name, kind=row.kind)
    for import_id, file_name, kind, detail in by_row:
        if any(_names(entry, person.id) for entry in (detail or {}).get("journal", ())):
            found[import_id] = NamingImport(id=import_id, file_name=file_name, kind=kind)
    return tuple(found[each] for each in sorted(found))


def _names(entry: dict[str, object], person_id: int) -> bool:
    if entry.get("t") == "person" and entry.get("id") == person_id:
        return True
    after = entry.get("after")
    return isinstance(after, dict) and person_id in (after.get("person_id"), after.get("owner_id"))


def erase_person(
    session: Session,
    person_id: int,
    *,
    now: datetime,
    today: date,
    by_person_id: int | None,
    successor_id: int | None = None,
) -> dict[str, int]:
    """Take a person's name, addresses, numbers, sign-in and identity in usage out of all rows, for good.

    What they own goes to ``successor_id`` from ``today`` on; without one it stays with *former person n*. Figures,
    counts, decisions and the trail stay; the trail holds references where their values were, so it still verifies.
    Returns counts of rows by kind.

    Raises:
        InvalidError: for oneself, the last admin, or a successor who left or is erased.
        NotFoundError: as :func:`living_person`.
    """
    person = living_person(session, person_id)
    if person_id == by_person_id:
        raise InvalidError("You cannot erase yourself; ask another admin.")
    found = traces_of(session, person_id, on=today)
    for account in session.scalars(select(Account).where(Account.person_id == person_id)):
        organisation.deactivate_account(session, account, now=now)  # refuses the last admin
    if successor_id is not None:
        _hand_over(session, found, successor_id, today)
    if person.email:
        _forget_in_problems(session, person.email, f"former person {person_id}")
    session.flush()
    counts = erase_rows(session.connection(), person_id, now=now)
    session.expire_all()
    if counts is None:
        raise NotFoundError("There is no such person.")
    after = dict(counts) | ({} if successor_id is None else {"successor_id": successor_id})
    trail.note(session, action="erase", subject="person", record_id=person_id, after=after)
    return counts


def _hand_over(session: Session, found: Traces, successor_id: int, today: date) -> None:
    successor = session.get(Person, successor_id)
    gone = successor is None or successor.erased_at is not None
    if (
        gone
        or successor_id == found.person_id
        or (successor and successor.left_on and successor.left_on <= today)
    ):
        raise InvalidError("Choose somebody who is still with the company.", "successor_id")
    for tool_id, _, part in found.tools:
        set_person(session, tool_id, part, successor_id, on=today)
    mine = found.person_id
    contracts = select(Contract).where(Contract.owner_id == mine).order_by(Contract.id)
    steps = select(Action).where(Action.owner_id == mine, Action.done_on.is_(None)).order_by(Action.id)
    aims = select(Objective).where(Objective.owner_id == mine, Objective.retired_on.is_(None))
    for contract in session.scalars(contracts):
        contract.owner_id = successor_id
    for step in session.scalars(steps):
        step.owner_id = successor_id
    for aim in session.scalars(aims.order_by(Objective.id)):
        aim.owner_id = successor_id


def _forget_in_problems(session: Session, email: str, instead: str) -> None:
    """Problems of imports may quote a cell that holds the address."""
    quoted = func.lower(ImportProblem.message).contains(email.lower(), autoescape=True)
    for problem in session.scalars(select(ImportProblem).where(quoted).order_by(ImportProblem.id)):
        problem.message = re.sub(re.escape(email), lambda _: instead, problem.message, flags=re.IGNORECASE)
