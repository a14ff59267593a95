"""Which reports there are: slug → room. A room appears here by being there.

A room is the package ``mopsaudit.reports.<slug>``. Its ``__init__`` exports ``TITLE: Final[str]``,
``build(session, scope, ...) -> reporting.Report`` and, where it understands options, their names in
``OPTIONS: Final[tuple[str, ...]]`` (keyword arguments of ``build``, each with a default). Beside it stand
``query`` (SQL → facts) and ``analysis`` (pure: facts → report), its tests in ``tests/reports/<slug>/`` and its manual
page ``mopsaudit/docs/manual/<slug>.md``; ``tests/reports/test_registry.py`` fails for a missing piece.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.reading import answer
from mopsaudit.facts.settled import settlements
from mopsaudit.facts.values import state_of
from mopsaudit.reporting import Report
from mopsaudit.reports.findings import Brief, Joined, bearers_of, brief_of, join, with_inaction
from mopsaudit.scope import Scope

#: The names of INTERFACES, in the order of the pages and of the audit workbook's sheets.
NAMES: Final = ("stack", "overlap", "underuse", "budget", "cases", "renewals", "coverage", "quality")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One report: ``make(session, scope, **options)`` builds it; ``options`` names what ``make`` understands."""

    slug: str
    title: str
    make: Callable[..., Report]
    options: tuple[str, ...] = ()

    def build(self, session: Session, scope: Scope, **options: str | None) -> Report:
        """The report, its findings told whether somebody settled them; an option given as None is left out.

        Kept by the process until something changes that it was made from.

        Raises:
            InvalidError: for an option the room does not know.
        """
        given = {key: value for key, value in options.items() if value is not None}
        for key in given:
            if key not in self.options:
                raise InvalidError(f"The report {self.slug} has no option {key}.", key)
        question = ("report", self.slug, scope, tuple(sorted(given.items())))
        return answer(session, question, lambda: self._build(session, scope, given), alone=True)

    def _build(self, session: Session, scope: Scope, given: Mapping[str, str]) -> Report:
        report = self.make(session, scope, **given)
        kept = settlements(session, self.slug)
        if not kept:
            return report
        findings = tuple(
            replace(each, state=state_of(kept.get(each.id), each.facts, scope.as_of))
            if each.state == "open"
            else each
            for each in report.findings
        )
        return replace(report, findings=findings)


def _rooms() -> dict[str, Room]:
    rooms = {}
    for slug in NAMES:
        name = f"{__package__}.{slug}"
        if find_spec(name) is None:
            continue
        module = import_module(name)
        rooms[slug] = Room(
            slug=slug, title=module.TITLE, make=module.build, options=getattr(module, "OPTIONS", ())
        )
    return rooms


REPORTS: Final[Mapping[str, Room]] = MappingProxyType(_rooms())
"""Slug → room, in the order of :data:`NAMES`."""


def find_room(name: str) -> Room:
    """The room of a report by its name.

    Raises:
        NotFoundError: when there is none.
    """
    room = REPORTS.get(name)
    if room is None:
        raise NotFoundError(f"There is no report “{name}”. There are: {', '.join(REPORTS)}.")
    return room


def all_findings(session: Session, scope: Scope, reports: Mapping[str, Report] | None = None) -> Joined:
    """The findings of every room, ranked, with what is at stake counted once per bearer.

    ``reports`` are reports of the scope already built, by slug; the rest is built here.
    """
    if reports is None:
        return answer(session, ("findings", scope), lambda: _joined(session, scope, {}), alone=True)
    return _joined(session, scope, reports)


def _joined(session: Session, scope: Scope, reports: Mapping[str, Report]) -> Joined:
    built = {slug: reports.get(slug) or room.build(session, scope) for slug, room in REPORTS.items()}
    findings = (finding for report in built.values() for finding in report.findings)
    joined = with_inaction(join(findings, bearers_of(session, scope), scope.currency))
    return replace(
        joined, rooms={each.id: slug for slug, report in built.items() for each in report.findings}
    )


def brief_findings(session: Session, scope: Scope) -> Brief:
    """What the findings of every room come to, kept apart from them: it is small and asked for first."""
    return answer(session, ("brief", scope), lambda: brief_of(all_findings(session, scope)), alone=True)
