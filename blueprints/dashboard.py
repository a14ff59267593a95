"""The dashboard: what to decide, by when, worth how much, from the findings of all reports; at first a drop zone."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import current_app, url_for

from blueprints import filters, links, permissions, shell
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure, finding_url, trust_line
from mopsaudit.facts.lines import lines_of
from mopsaudit.reporting import Amount, Band, Finding, LineFilter, Report, ranked
from mopsaudit.reports import registry
from mopsaudit.store.session import reading

#: The first entry of the navigation: the frame's own page.
navigation = (Entry("shell.dashboard", "Dashboard", Group.TODAY, 0),)

MOST: Final = 7


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
    confidence: str
    amount: Amount


def reports() -> tuple[tuple[str, Report], ...]:
    """Every report of the registry in the request's scope, in the order of the pages."""
    scope = shell.scope()
    with reading() as session:
        return tuple((slug, room.build(session, scope)) for slug, room in registry.REPORTS.items())


def has_data() -> bool:
    """Whether there is anything to report on: a spend line in scope, or a row in any report."""
    with reading() as session:
        return lines_of(session, shell.scope(), LineFilter(), limit=1).count > 0


def values() -> dict[str, object]:
    """What the dashboard's template shows."""
    built = reports()
    if not has_data() and not any(report.rows for _, report in built):
        return {"answers": (), "upload_url": upload_url()}
    findings = _once(built)
    return {
        "answers": tuple(
            Said(
                title=report.title,
                answer=report.answer,
                trust=report.coverage.sentence,
                href=url_for("reports.show", slug=slug),
            )
            for slug, report in built
        ),
        "answer": _answer([finding for _, _, finding in findings]),
        "trust": trust_line(built[0][1]) if built else "",
        "figures": _figures([finding for _, _, finding in findings]),
        "decide": tuple(
            ToDecide(
                sentence=finding.sentence,
                href=finding_url(slug, finding),
                report=title,
                due=finding.due,
                confidence=finding.confidence.value,
                amount=finding.amount,
            )
            for slug, title, finding in findings[:MOST]
        ),
        "scope": shell.scope(),
        "upload_url": upload_url(),
    }


def upload_url() -> str | None:
    """Where files are uploaded, for those who may."""
    if "imports.upload" in current_app.view_functions and permissions.may(permissions.Action.UPLOAD):
        return url_for("imports.upload")
    return None


def _once(built: tuple[tuple[str, Report], ...]) -> list[tuple[str, str, Finding]]:
    """Open findings of all reports in the one order, each bearer's money counted with its largest finding only."""
    by_id = {
        finding.id: (slug, report.title, finding)
        for slug, report in built
        for finding in report.findings
        if finding.state == "open"
    }
    order = ranked([finding for _, _, finding in by_id.values()])
    return [by_id[finding.id] for finding in order]


def at_stake(findings: list[Finding]) -> int:
    """Minor units at stake over findings, one euro once: per bearer the largest finding, never the sum."""
    taken: set[str] = set()
    total = 0
    for finding in sorted(findings, key=lambda each: (-(each.amount.minor or 0), each.id)):
        bearers = set(finding.bearers) or {f"finding:{finding.id}"}
        if finding.amount.minor and not bearers & taken:
            total += finding.amount.minor
            taken |= bearers
    return total


def _answer(findings: list[Finding]) -> str:
    scope = shell.scope()
    if not findings:
        return "Nothing waits for a decision on what is known so far."
    soon = [each for each in findings if each.band in (Band.OVERDUE, Band.DAYS_14, Band.DAYS_30)]
    money = f"{filters.whole(at_stake(findings), scope.currency)} {scope.currency}"
    waits = "finding waits" if len(findings) == 1 else "findings wait"
    text = f"{len(findings)} {waits} for a decision; {money} a year is at stake"
    if soon:
        worth = filters.whole(at_stake(soon), scope.currency)
        text += f", {worth} {scope.currency} of it within 30 days or overdue"
    return text + "."


def _figures(findings: list[Finding]) -> tuple[Figure, ...]:
    scope = shell.scope()
    late = [each for each in findings if each.band is Band.OVERDUE]
    soon = [each for each in findings if each.band in (Band.DAYS_14, Band.DAYS_30)]

    def figure(label: str, part: list[Finding], tone: str) -> Figure:
        amount = Amount(currency=scope.currency, minor=at_stake(part))
        what = f"{len(part)} finding{'' if len(part) == 1 else 's'}"
        return Figure(label=label, text=filters.short(amount), what=what, tone=tone, href="#decide")

    spend = links.lines_url(LineFilter(month_from=scope.year.start.year * 12 + scope.year.start.month - 1))
    with reading() as session:
        invoiced = lines_of(
            session,
            scope,
            LineFilter(
                month_from=scope.year.start.year * 12 + scope.year.start.month - 1,
                month_until=scope.as_of.year * 12 + scope.as_of.month,
            ),
            limit=1,
        )
    return (
        figure("At stake a year", findings, "plain"),
        figure("Overdue", late, "bad" if late else "plain"),
        figure("To send within 30 days", soon, "warn" if soon else "plain"),
        Figure(
            label="Invoiced this fiscal year",
            text=filters.short(Amount(currency=scope.currency, minor=invoiced.base_minor)),
            what=f"{filters.count(invoiced.count)} spend lines",
            tone="plain",
            href=spend,
        ),
    )
