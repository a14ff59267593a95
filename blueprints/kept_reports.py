"""Reports kept while nothing changes: the same question about the same data is worked out once per process.

Every change of the data writes to the trail in its own transaction, so the trail's newest entry is the data's version:
read in the same snapshot as the report, it can never name an older state than the report shows.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Final, TypeVar

from flask import Flask, current_app
from sqlalchemy.orm import Session

from mopsaudit.organisation import latest_changes
from mopsaudit.reporting import Report
from mopsaudit.reports import registry
from mopsaudit.reports.registry import Room
from mopsaudit.reports.stack import mark
from mopsaudit.scope import Scope

#: How many reports a process keeps.
MOST: Final = 32
#: The reports whose findings mark the tools of the stack.
MARKING: Final = ("overlap", "underuse")
_KEY: Final = "mopsaudit.kept_reports"
Key = tuple[str, Scope, tuple[tuple[str, str], ...]]
Version = tuple[int, str]
T = TypeVar("T")


class Shelf:
    """Reports by question, each with the version of the data it was made from; the least asked for go first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[Version, Any]] = OrderedDict()

    def find(self, key: Key, version: Version) -> Any:
        """The answer kept for a question, if the data is still the same, else None."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != version:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def keep(self, key: Key, version: Version, report: object) -> None:
        """Keep a report in place of an older one of the same question."""
        with self._lock:
            self._kept[key] = (version, report)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


def init_app(app: Flask) -> None:
    """An empty shelf for the app."""
    app.extensions[_KEY] = Shelf()


def build(session: Session, room: Room, scope: Scope, **options: str | None) -> Report:
    """The report of a room, kept or made anew. ``session`` reads one snapshot."""
    given = tuple(sorted((name, value) for name, value in options.items() if value is not None))
    return kept(session, (room.slug, scope, given), lambda: room.build(session, scope, **options))


def stack_with_marks(session: Session, scope: Scope) -> Report:
    """The stack report with its tools marked by what the other reports found of them."""
    report = build(session, registry.REPORTS["stack"], scope)
    others = (build(session, registry.REPORTS[slug], scope) for slug in MARKING)
    return mark(report, [finding for each in others for finding in each.findings])


def kept(session: Session, key: Key, make: Callable[[], T]) -> T:
    """What ``make`` answers to a question, kept or made anew. ``session`` reads one snapshot."""
    newest = latest_changes(session, most=1)
    version = (newest[0].id, newest[0].at.isoformat()) if newest else (0, "")
    shelf: Shelf = current_app.extensions[_KEY]
    found: T | None = shelf.find(key, version)
    if found is None:
        found = make()
        shelf.keep(key, version, found)
    return found
