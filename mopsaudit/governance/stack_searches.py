"""Searches for the lowest-cost stack as they are kept, and people's word on what each unit must keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.validity import in_scope as tool_in_scope
from mopsaudit.governance.words_kept import keep_word, take_back
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scope import Scope
from mopsaudit.store.models import BusinessUnit, CapabilityNeed, Decision, Person, StackSearch, Tool

_MEANWHILE: Final = "Somebody said something about this capability meanwhile."
WORKING, DONE, FAILED, CANCELLED = "working", "done", "failed", "cancelled"


def start_search(
    session: Session, scope: Scope, options: StackOptions, *, by_id: int | None, now: datetime
) -> StackSearch:
    """Note a question of the scope; who works it out says so with :func:`answer_search`.

    Raises:
        InvalidError: options that cannot be asked, or a tool or unit outside the scope.
    """
    options.checked()
    wanted = {*options.keep, *options.go, *options.moving}
    if wanted:
        there = set(session.scalars(select(Tool.id).where(tool_in_scope(scope), Tool.id.in_(wanted))))
        if wanted - there:
            raise InvalidError("Choose tools from the list.", "keep")
    if options.together and (len(set(options.together)) < 2 or set(options.together) - set(scope.unit_ids)):
        raise InvalidError("Choose two units or more to join.", "together")
    search = StackSearch(
        as_of=scope.as_of,
        unit_id=None if scope.whole else scope.unit_id,
        options=options.to_data(),
        asked_by_id=by_id,
        asked_at=now,
    )
    session.add(search)
    session.flush()
    return search


def answer_search(session: Session, search_id: int, *, digest: str, answer: Mapping[str, Any]) -> None:
    """Keep the answer of a search with the digest of what it was worked out from."""
    search = _search(session, search_id)
    search.status, search.digest, search.answer, search.message = DONE, digest, dict(answer), None
    session.flush()


def end_search(session: Session, search_id: int, *, status: str, message: str) -> None:
    """A search that failed or was cancelled; one that is done already stays so."""
    search = _search(session, search_id)
    if search.status == WORKING:
        search.status, search.message = status, message[:400]
        session.flush()


def _search(session: Session, search_id: int) -> StackSearch:
    search = session.get(StackSearch, search_id, with_for_update=True)
    if search is None:
        raise NotFoundError("There is no such search.")
    return search


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """A search as it is shown; ``answer`` is None until it is done."""

    id: int
    as_of: date
    unit_id: int | None
    options: StackOptions
    status: str
    digest: str
    answer: Mapping[str, Any] | None
    message: str | None
    by: str | None
    at: datetime


def list_searches(session: Session, scope: Scope, *, most: int = 50) -> tuple[SearchRow, ...]:
    """The searches of the scope and the units below it, newest first."""
    within = StackSearch.unit_id.in_(scope.unit_ids)
    rows = session.execute(
        select(StackSearch, Person.name)
        .outerjoin(Person, Person.id == StackSearch.asked_by_id)
        .where(within | StackSearch.unit_id.is_(None) if scope.whole else within)
        .order_by(StackSearch.id.desc())
        .limit(most)
    )
    return tuple(_row(search, name) for search, name in rows)


def find_search(session: Session, scope: Scope, search_id: int) -> SearchRow:
    """One search of the scope.

    Raises:
        NotFoundError: there is none, or it is of another unit.
    """
    row = session.execute(
        select(StackSearch, Person.name)
        .outerjoin(Person, Person.id == StackSearch.asked_by_id)
        .where(StackSearch.id == search_id)
    ).first()
    if row is None or not (row[0].unit_id in scope.unit_ids or (row[0].unit_id is None and scope.whole)):
        raise NotFoundError("There is no such search.")
    return _row(row[0], row[1])


def _row(search: StackSearch, by: str | None) -> SearchRow:
    return SearchRow(
        id=search.id,
        as_of=search.as_of,
        unit_id=search.unit_id,
        options=StackOptions.from_data(search.options),
        status=search.status,
        digest=search.digest,
        answer=search.answer,
        message=search.message,
        by=by,
        at=search.asked_at,
    )


def kept_tools(session: Session, scope: Scope) -> tuple[int, ...]:
    """Tools an open or done decision says to keep: what a search starts with as fixed."""
    rows = session.execute(
        select(Decision.tool_id, Decision.verdict)
        .join(Tool, Tool.id == Decision.tool_id)
        .where(Decision.status != "dropped", Decision.decided_on <= scope.as_of, tool_in_scope(scope))
        .order_by(Decision.decided_on, Decision.id)
    )
    latest = {row.tool_id: row.verdict for row in rows}
    return tuple(sorted(tool_id for tool_id, verdict in latest.items() if verdict == "keep"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """A word on what a unit must keep, with who said it."""

    id: int
    version: int
    capability_id: str
    unit_id: int
    unit: str
    required: bool
    suppliers: int
    reason: str
    by: str | None
    on: date


def list_needs(session: Session, scope: Scope) -> tuple[NeedRow, ...]:
    """What people said for units of the scope, by capability and unit."""
    rows = session.execute(
        select(CapabilityNeed, BusinessUnit.name, Person.name)
        .join(BusinessUnit, BusinessUnit.id == CapabilityNeed.unit_id)
        .outerjoin(Person, Person.id == CapabilityNeed.set_by_id)
        .where(CapabilityNeed.unit_id.in_(scope.unit_ids))
        .order_by(CapabilityNeed.capability_id, BusinessUnit.path, CapabilityNeed.id)
    )
    return tuple(
        NeedRow(
            id=need.id,
            version=need.version,
            capability_id=need.capability_id,
            unit_id=need.unit_id,
            unit=unit,
            required=need.required,
            suppliers=need.suppliers,
            reason=need.reason,
            by=by,
            on=need.set_on,
        )
        for need, unit, by in rows
    )


def say_need(
    session: Session,
    scope: Scope,
    *,
    capability_id: str,
    unit_id: int,
    required: bool,
    suppliers: int = 1,
    reason: str,
    by_id: int | None,
    on: date,
    version: int | None = None,
) -> CapabilityNeed:
    """Say that a unit and those below it need a capability from ``suppliers`` tools, or do not need it.

    ``version`` is that of the word it replaces, None where the person saw none. The same again changes nothing.

    Raises:
        InvalidError: no such capability, no reason, a unit outside the scope, other than one or two suppliers.
        ConflictError: somebody else said something meanwhile.
    """
    if capability_id not in {each.id for each in taxonomy().capabilities}:
        raise InvalidError("Choose a capability from the list.", "capability_id")
    if unit_id not in scope.unit_ids:
        raise InvalidError("Choose a unit from the list.", "unit_id")
    text = " ".join(reason.split())
    if not text:
        raise InvalidError("Say why; whoever reads it next year was not there.", "reason")
    if suppliers not in (1, 2):
        raise InvalidError("One supplier or two.", "suppliers")
    values = {"required": required, "suppliers": suppliers if required else 1, "reason": text}
    return keep_word(
        session,
        select(CapabilityNeed).where(
            CapabilityNeed.capability_id == capability_id, CapabilityNeed.unit_id == unit_id
        ),
        lambda: CapabilityNeed(capability_id=capability_id, unit_id=unit_id),
        values,
        said={"set_by_id": by_id, "set_on": on},
        version=version,
        meanwhile=_MEANWHILE,
    )


def take_back_need(session: Session, scope: Scope, need_id: int, version: int) -> None:
    """Take a word back; what is used counts again. The History keeps it.

    Raises:
        NotFoundError: no such word in the scope. ConflictError: it was changed meanwhile.
    """
    need = session.get(CapabilityNeed, need_id, with_for_update=True)
    if need is None or need.unit_id not in scope.unit_ids:
        raise NotFoundError("There is no such word on a capability.")
    take_back(session, need, version, _MEANWHILE)
