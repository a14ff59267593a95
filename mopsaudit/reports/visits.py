"""What changed since somebody last looked at the dashboard: files, decisions, findings, the forecast.

The state a visit keeps is small (ids with their states, one amount), so that the next visit can be compared with it
exactly: a finding is *new* when its id was not there, *settled* when it is there and somebody has said what it is
since, *gone* when the facts no longer give it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import head_of, merged_away
from mopsaudit.facts.validity import in_scope
from mopsaudit.reporting import Amount, Finding, Ref
from mopsaudit.reports.findings import Joined
from mopsaudit.scope import Scope
from mopsaudit.store.models import Decision, Import, Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What changed since ``at``. Tuples are in the order in which they are shown; amounts in the scope's currency.

    ``moved`` is the forecast's movement in minor units: None where either state has none in this currency, 0 where it
    stands still.
    """

    at: datetime
    came: tuple[Ref, ...]
    undone: tuple[Ref, ...]
    decided: tuple[Ref, ...]
    fell_due: tuple[Ref, ...]
    new: tuple[Finding, ...]
    settled: tuple[Finding, ...]
    gone: int
    forecast: Amount | None
    moved: int | None

    @property
    def nothing(self) -> bool:
        """Whether nothing of it changed."""
        return not (
            self.came
            or self.undone
            or self.decided
            or self.fell_due
            or self.new
            or self.settled
            or self.gone
            or self.moved
        )


def shown_state(
    session: Session, scope: Scope, joined: Joined, forecast: Amount | None, as_of_day: str
) -> dict[str, Any]:
    """What a visit keeps of what the dashboard shows; JSON. ``as_of_day`` is the ISO day it was shown as of."""
    return {
        "day": as_of_day,
        "currency": scope.currency,
        "forecast": forecast.minor if forecast is not None else None,
        "findings": {each.id: each.state for each in joined.findings},
        "decisions": [row.id for row in _decisions(session, scope)],
    }


def changes_since(
    session: Session,
    scope: Scope,
    *,
    at: datetime,
    seen: Mapping[str, Any],
    now: Mapping[str, str],
    findings: Callable[[], Sequence[Finding]],
    forecast: Amount | None,
    person_id: int,
) -> Since:
    """The present state against the one a visit kept at ``at``; files are those the person received or may see.

    ``now`` are the states of the findings there are, by id; ``findings`` gives them in their order and is asked only
    when one of them is to be told.
    """
    before: Mapping[str, str] = seen.get("findings") or {}
    new = {name for name, state in now.items() if state == "open" and name not in before}
    settled = {name for name, state in now.items() if state != "open" and before.get(name) == "open"}
    told = findings() if new or settled else ()
    same_currency = seen.get("currency") == scope.currency
    earlier = seen.get("forecast") if same_currency else None
    moved = (
        forecast.minor - earlier
        if forecast is not None and forecast.minor is not None and isinstance(earlier, int)
        else None
    )
    known = set(seen.get("decisions") or ())
    decisions = _decisions(session, scope)
    day = str(seen.get("day") or "")
    came, undone = _files(session, scope, at, person_id)
    return Since(
        at=at,
        came=came,
        undone=undone,
        decided=tuple(_named(row) for row in decisions if row.id not in known),
        fell_due=tuple(
            _named(row)
            for row in decisions
            if row.status == "open"
            and row.due_on is not None
            and day < row.due_on.isoformat() <= scope.as_of.isoformat()
        ),
        new=tuple(each for each in told if each.id in new),
        settled=tuple(each for each in told if each.id in settled),
        gone=sum(1 for each in before if each not in now),
        forecast=forecast,
        moved=moved,
    )


def _decisions(session: Session, scope: Scope) -> Any:
    away = merged_away()
    return session.execute(
        select(Decision.id, Decision.status, Decision.due_on, Decision.verdict, Tool.name)
        .outerjoin(away, away.c.tool_id == Decision.tool_id)
        .join(Tool, Tool.id == head_of(away, Decision.tool_id))
        .where(in_scope(scope))
        .order_by(Decision.id)
    ).all()


def _named(row: Any) -> Ref:
    return Ref(kind="decision", id=row.id, label=f"{row.name}: {row.verdict.replace('_', '-')}")


def _files(
    session: Session, scope: Scope, at: datetime, person_id: int
) -> tuple[tuple[Ref, ...], tuple[Ref, ...]]:
    """Files that came to count and files taken back since, newest first."""
    theirs = [Import.created_by_id == person_id, Import.unit_id.in_(scope.unit_ids)]
    if scope.whole:
        theirs.append(Import.unit_id.is_(None))
    rows = session.execute(
        select(Import.id, Import.file_name, Import.undone_at)
        .where(
            or_(*theirs),
            or_(Import.undone_at > at, and_(Import.applied_at > at, Import.undone_at.is_(None))),
        )
        .order_by(Import.id.desc())
    ).all()
    named = [(Ref(kind="import", id=row.id, label=row.file_name), row.undone_at is not None) for row in rows]
    return tuple(ref for ref, back in named if not back), tuple(ref for ref, back in named if back)
