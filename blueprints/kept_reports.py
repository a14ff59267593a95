"""Answers pages share and keep while nothing changes that they were made from; reports keep themselves.

What is kept is held by the process and bounded by size; :mod:`mopsaudit.facts.reading` says how it is known to hold.
What ``make`` depends on it reads itself, or the key names it: nothing worked out before is handed in.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from mopsaudit.facts.reading import answer
from mopsaudit.reporting import Report
from mopsaudit.reports import registry
from mopsaudit.reports.finding_list import Listed, finding_list
from mopsaudit.reports.registry import Room
from mopsaudit.reports.stack import mark
from mopsaudit.scope import Scope

#: The reports whose findings mark the tools of the stack.
MARKING: Final = ("overlap", "underuse")
Key = tuple[str, Scope, tuple[tuple[str, str], ...]]
T = TypeVar("T")


def build(session: Session, room: Room, scope: Scope, **options: str | None) -> Report:
    """The report of a room, kept or made anew. ``session`` reads one snapshot."""
    return room.build(session, scope, **options)


def stack_with_marks(session: Session, scope: Scope) -> Report:
    """The stack report with its tools marked by what the other reports found of them."""

    def work() -> Report:
        report = build(session, registry.REPORTS["stack"], scope)
        others = (build(session, registry.REPORTS[slug], scope) for slug in MARKING)
        return mark(report, [finding for each in others for finding in each.findings])

    return kept(session, ("stack-marked", scope, ()), work)


def finding_rows(session: Session, scope: Scope) -> Listed:
    """The rows of the list of findings."""
    titles = {slug: room.title for slug, room in registry.REPORTS.items()}
    return kept(
        session,
        ("finding-rows", scope, ()),
        lambda: finding_list(registry.all_findings(session, scope), titles),
    )


def kept(session: Session, key: Key, make: Callable[[], T]) -> T:
    """What ``make`` answers to a question, kept or made anew. ``session`` reads one snapshot."""
    return answer(session, key, make, alone=True)
