"""The dashboard: what to decide, by when, worth how much, from the findings of all reports; at first a drop zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import current_app, url_for
from sqlalchemy.orm import Session

from blueprints import filters, findings, links, permissions, shell, spend, visits
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure, drawings_of, finding_url, trust_line
from mopsaudit.facts.commitments import NOT_COUNTED
from mopsaudit.facts.line_totals import line_totals
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Finding, LineFilter, Plot, Report
from mopsaudit.reports import dashboard, registry
from mopsaudit.reports.dashboard import Question
from mopsaudit.reports.findings import SOON, Brief
from mopsaudit.reports.visits import Since
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading
from mopsaudit.words import SpendType

#: The first entry of the navigation: the frame's own page.
navigation = (Entry("shell.dashboard", "Dashboard", Group.TODAY, 0),)

MOST: Final = 7
PICTURED: Final = ("budget", "renewals")
#: Spend types of what the budget calls invoiced; empty: of lines nobody has placed yet.
COUNTED: Final = ("", *(each.value for each in SpendType if each not in NOT_COUNTED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One report's answer on the dashboard."""

    title: str
    answer: str
    trust: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDecide:
    """One finding on the dashboard."""

    sentence: str
    href: str
    report: str
    due: date | None
    deadline: str
    confidence: str
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One of the five questions with its answer, and what is behind it."""

    asks: str
    answer: str
    href: str
    details: tuple[str, ...]


def reports() -> tuple[tuple[str, Report], ...]:
    """Every report of the registry in the request's scope, in the order of the pages."""
    scope = shell.scope()
    with reading() as session:
        return tuple((slug, room.build(session, scope)) for slug, room in registry.REPORTS.items())


def has_data() -> bool:
    """Whether there is anything to report on: a spend line in scope, or a row in any report."""
    with reading() as session:
        return line_totals(session, shell.scope(), LineFilter()).count > 0


def values() -> dict[str, object]:
    """What the dashboard's template shows."""
    built = reports()
    if not has_data() and not any(report.rows for _, report in built):
        return {"answers": (), "upload_url": upload_url()}
    scope = shell.scope()
    with reading() as session:
        board = dashboard.build(session, scope)
        brief = registry.brief_findings(session, scope)
        first = spend.first_answers(session, scope, board)
        visit = visits.since(session, scope, dict(built))
        changed = _changed(session, scope, visit.get("since"))
    return {
        **visit,
        **changed,
        "answers": tuple(
            Said(
                title=report.title,
                answer=report.answer,
                trust=report.coverage.sentence,
                href=url_for("reports.show", slug=slug),
            )
            for slug, report in built
        ),
        "answer": findings.answer(brief),
        "trust": trust_line(built[0][1]) if built else "",
        "figures": _figures(brief),
        "decide": tuple(
            ToDecide(
                sentence=each.sentence,
                href=finding_url(slug, each),
                report=registry.REPORTS[slug].title,
                due=each.due,
                deadline=filters.deadline_word(each),
                confidence=each.confidence.value,
                amount=each.amount,
            )
            for slug, each in brief.first[:MOST]
        ),
        "questions": tuple(
            Asked(
                asks=each.asks,
                answer=each.answer,
                href=_opens(each),
                details=each.details[:MOST],
            )
            for each in board.questions
        ),
        "first": first,
        "drawings": drawings_of(_plots(dict(built)), narrow=True),
        "findings_url": findings.bands_url(),
        "more": brief.waiting - MOST,
        "next_file": board.next_file.sentence if board.next_file else "",
        "scope": scope,
        "upload_url": upload_url(),
    }


def _changed(session: Session, scope: Scope, since: Since | None) -> dict[str, object]:
    """Findings that are new or settled since the last visit, each with its page."""
    if since is None:
        return {}
    told = since.new or since.settled
    rooms = registry.all_findings(session, scope).rooms if told else {}

    def linked(found: tuple[Finding, ...]) -> tuple[dict[str, str], ...]:
        return tuple({"sentence": each.sentence, "href": finding_url(rooms[each.id], each)} for each in found)

    return {"since_new": linked(since.new), "since_settled": linked(since.settled)}


def upload_url() -> str | None:
    """Where files are uploaded, for those who may."""
    if "imports.index" in current_app.view_functions and permissions.may(permissions.Action.UPLOAD):
        return url_for("imports.index")
    return None


def _figures(brief: Brief) -> tuple[Figure, ...]:
    scope = shell.scope()
    year = LineFilter(
        month_from=month_of(scope.year.start), month_until=month_of(scope.as_of) + 1, spend_types=COUNTED
    )
    with reading() as session:
        invoiced = line_totals(session, scope, year)
    return (
        *findings.stake_figures(brief),
        Figure(
            label="Invoiced this fiscal year",
            text=filters.short(Amount(currency=scope.currency, minor=invoiced.base_minor)),
            what=f"{filters.count(invoiced.count)} spend lines",
            tone="plain",
            href=links.lines_url(year),
        ),
    )


def _plots(built: Mapping[str, Report]) -> tuple[Plot, ...]:
    """Where the year lands and what of the next is locked in: the first drawing of the two reports that say it."""
    found = (
        next((plot for plot in built[slug].plots if plot.labels and plot.kind != "timeline"), None)
        for slug in PICTURED
        if slug in built
    )
    return tuple(plot for plot in found if plot is not None)


def _opens(question: Question) -> str:
    """The page that shows what an answer is made of."""
    if question.key == "decide":
        return findings.bands_url(SOON)
    if question.key == "take_out":
        return findings.bands_url()
    if question.about is not None and (address := links.ref_url(question.about)):
        return address
    return url_for("reports.show", slug=question.opens)
