"""The five questions of the dashboard, answered from the rooms as far as the data goes, and the file that helps next.

1 what must be decided this month, by whom, and is it done; 2 where the year lands and what moved since last month;
3 whether this ties to the ledger; 4 what can still be taken out of this year's budget, counted once; 5 the position
with the vendor whose date comes next. Nothing here computes a figure a room does not show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.coverage import ledger_coverage
from mopsaudit.facts.merges import head_of, heads, merged_away
from mopsaudit.facts.reading import answer
from mopsaudit.facts.tie_out import tie_out, tie_sentence
from mopsaudit.facts.tools import tools_at
from mopsaudit.facts.validity import in_scope
from mopsaudit.facts.values import LedgerCoverage
from mopsaudit.facts.wording import count, day, listed, money, month, percent, send_words
from mopsaudit.periods import add_months, fiscal_year_name
from mopsaudit.reporting import Amount, Finding, Ratio, Ref, Report, Row, Section
from mopsaudit.reports.findings import Joined
from mopsaudit.reports.registry import REPORTS, all_findings
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import ImportStatus
from mopsaudit.store.models import (
    Action,
    BudgetVersion,
    Contract,
    Decision,
    FiscalYear,
    Import,
    ImportTotal,
    Person,
    Tool,
    UsageSnapshot,
)

_MONTH: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of the five questions with its answer in a sentence. ``opens`` is the report that shows it, ``about`` the
    record it speaks of.
    """

    key: str
    asks: str
    answer: str
    opens: str
    amount: Amount | None = None
    due: date | None = None
    details: tuple[str, ...] = ()
    about: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextFile:
    """The one file that would answer most next: its kind of import and why, in a sentence."""

    kind: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """What an executive needs in two minutes. ``joined`` counts each euro once; ``reports`` are the rooms' own."""

    as_of: date
    unit: str | None
    currency: str
    answer: str
    questions: tuple[Question, ...]
    joined: Joined
    next_file: NextFile | None
    reports: Mapping[str, Report]


def build(session: Session, scope: Scope, reports: Mapping[str, Report] | None = None) -> Dashboard:
    """The dashboard of a scope, kept like a report; ``reports`` are others to show in place of its own, by slug."""
    built = {slug: (reports or {}).get(slug) or room.build(session, scope) for slug, room in REPORTS.items()}
    joined = all_findings(session, scope, reports and built)
    if reports is None:
        said = answer(session, ("dashboard", scope), lambda: _said(session, scope), alone=True)
    else:
        said = _say(session, scope, built, joined)
    return Dashboard(
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=said.questions[0].answer,
        questions=said.questions,
        joined=joined,
        next_file=said.next_file,
        reports=built,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the dashboard itself says, kept without the reports: they keep themselves and weigh a hundred times that."""

    questions: tuple[Question, ...]
    next_file: NextFile | None


def _said(session: Session, scope: Scope) -> _Said:
    """All that is said, from reports it asks for itself: what is kept is known to hold by what was read for it."""
    built = {slug: room.build(session, scope) for slug, room in REPORTS.items()}
    return _say(session, scope, built, all_findings(session, scope))


def _say(session: Session, scope: Scope, built: Mapping[str, Report], joined: Joined) -> _Said:
    coverage = ledger_coverage(session, scope)
    return _Said(
        questions=(
            _decide(session, scope, joined),
            _land(scope, built["budget"]),
            _tie(session, scope, coverage),
            _take_out(scope, joined),
            _position(scope, joined, built["renewals"]),
        ),
        next_file=_next_file(session, scope, coverage),
    )


def _decide(session: Session, scope: Scope, joined: Joined) -> Question:
    until = scope.as_of + timedelta(days=_MONTH)
    soon = [
        finding
        for finding in joined.findings
        if finding.state == "open" and finding.due is not None and finding.due <= until
    ]
    worth = sum(joined.counted(finding.id) for finding in soon)
    by_tool = _decided(session, scope)
    done = [finding for finding in soon if any(tool.id in by_tool for tool in finding.tools)]
    away = merged_away()
    late = session.execute(
        select(Action.title, Person.name)
        .join(Decision, Decision.id == Action.decision_id)
        .outerjoin(away, away.c.tool_id == Decision.tool_id)
        .join(Tool, Tool.id == head_of(away, Decision.tool_id))
        .outerjoin(Person, Person.id == Action.owner_id)
        .where(
            in_scope(scope), Action.done_on.is_(None), Decision.status == "open", Action.due_on < scope.as_of
        )
        .order_by(Action.due_on, Action.id)
    ).all()
    if soon:
        owners = sorted({str(each.evidence.get("owner")) for each in soon if each.evidence.get("owner")})
        who = f" by {listed(owners)}" if owners else "; nobody is named for it"
        answer = f"{count(len(soon), 'finding')} must be decided by {day(until)}{who}"
        if worth:
            answer += f", worth {money(worth, scope.currency)} a year"
        answer += f"; a decision is recorded for {len(done)}."
    else:
        answer = f"Nothing known must be decided by {day(until)}."
    if late:
        names = [f"{title} ({name or 'nobody'})" for title, name in late]
        answer += (
            f" {count(len(late), 'action')} of earlier decisions {'is' if len(late) == 1 else 'are'} overdue."
        )
        details = tuple(names)
    else:
        details = ()
    return Question(
        key="decide",
        asks="What must be decided this month, by whom, and is it done?",
        answer=answer,
        opens="renewals",
        amount=Amount(currency=scope.currency, minor=worth) if soon else None,
        due=min((each.due for each in soon if each.due), default=None),
        details=(*(each.sentence for each in soon), *details),
    )


def _decided(session: Session, scope: Scope) -> frozenset[int | str]:
    """Tools with a decision taken within the last year."""
    merged = heads(session)
    return frozenset(
        merged.tool(tool_id)
        for tool_id in session.scalars(
            select(Decision.tool_id)
            .where(Decision.decided_on <= scope.as_of, Decision.decided_on > add_months(scope.as_of, -12))
            .order_by(Decision.tool_id)
        )
    )


def _figure(report: Report, key: str) -> Amount | None:
    for section in report.sections:
        if section.key == "totals":
            for row in section.rows:
                value = row.values["amount"]
                if row.id == key and isinstance(value, Amount):
                    return value
    return None


def forecast_of(report: Report) -> Amount | None:
    """Where the year lands, as the budget report has it; None where there is neither plan nor spend."""
    return _figure(report, "forecast")


def _section(report: Report, key: str) -> Section | None:
    return next((each for each in report.sections if each.key == key), None)


def _land(scope: Scope, report: Report) -> Question:
    """Where the year lands, and what moved since the former forecast: the budget's own bridge, its tools beneath."""
    answer = report.answer
    bridge, tools = _section(report, "bridge"), _section(report, "movements")
    if bridge is not None:
        answer += f" {bridge.sentence}"
    return Question(
        key="land",
        asks="Where do we land for the year, and what moved since last month?",
        answer=answer,
        opens="budget",
        amount=_figure(report, "forecast"),
        details=tuple(_moved(row, scope.currency) for row in (tools.rows if tools else ())[:5]),
    )


def _moved(row: Row, currency: str) -> str:
    """``HubSpot: +1,200 USD (price, volume)``."""
    what, moved = row.values["what"], row.values["moved"]
    minor = moved.minor or 0 if isinstance(moved, Amount) else 0
    label = what.label if isinstance(what, Ref) else str(what)
    return f"{label}: {'+' if minor > 0 else ''}{money(minor, currency)} ({row.values['parts']})"


def _balancing(balanced: int, totals: int) -> str:
    """How many reconciliations balance, as the start of a sentence."""
    if totals == 1:
        return f"The one reconciliation {'balances' if balanced else 'does not balance'}"
    return f"{balanced} of {count(totals, 'reconciliation')} balance"


def _tie(session: Session, scope: Scope, coverage: LedgerCoverage) -> Question:
    totals = session.scalars(
        select(ImportTotal)
        .join(Import, Import.id == ImportTotal.import_id)
        .where(Import.status == ImportStatus.IMPORTED)
        .order_by(ImportTotal.id)
    ).all()
    open_totals = [each for each in totals if each.unreadable and each.signed_off_by_id is None]
    footed = [each for each in totals if each.sheet_total is not None]
    if not totals and not coverage.lines and not coverage.undated.lines:
        answer = "There is no ledger to tie to yet."
    elif not coverage.lines and not coverage.undated.lines:
        answer = (
            f"{_balancing(len(totals) - len(open_totals), len(totals))}; "
            "no line lies in the last twelve months."
        )
    else:
        settled = Ratio(
            numerator=coverage.settled_minor, denominator=coverage.marketing_minor or None
        ).percent
        answer = (
            f"{_balancing(len(totals) - len(open_totals), len(totals))}, "
            f"{len(footed)} {'stands' if len(footed) == 1 else 'stand'} against a total of the file; "
            f"{percent(settled)} of the last twelve months' money "
            "is on a tool or settled as other marketing."
        )
        if coverage.possibly_twice.minor:
            answer += f" {money(coverage.possibly_twice.minor, scope.currency)} is possibly counted twice."
        if coverage.undated.lines:
            answer += f" {count(coverage.undated.lines, 'line')} without a date."
    balances = tie_out(session, scope)
    said = tie_sentence(balances)
    if said is not None:
        answer += f" {said}"
    return Question(
        key="tie",
        asks="Does this tie to the ledger?",
        answer=answer,
        opens="quality",
        details=tuple(
            f"Import {each.import_id}: {count(each.unreadable, 'amount')} could not be read"
            for each in open_totals
        )
        + tuple(
            f"{each.ledger}, {month(each.month)}: the ledger says {money(each.minor or 0, each.currency)}, "
            f"our lines {money(each.ours, each.currency)}"
            for each in balances
            if each.open
        ),
    )


def _take_out(scope: Scope, joined: Joined) -> Question:
    left, annual = joined.recoverable, joined.annual
    if joined.stakes:
        bearers = count(len(joined.stakes), "contract line or tool", "contract lines and tools")
        answer = (
            f"{money(left.minor, scope.currency)} of {fiscal_year_name(scope.year)} can still be taken out, "
            f"{money(annual.minor, scope.currency)} a year, on {bearers}, each counted once."
        )
    else:
        answer = "Nothing that can be taken out is known yet."
    top: list[Finding] = sorted(joined.findings, key=lambda each: (-joined.counted(each.id), each.id))
    return Question(
        key="take_out",
        asks="What can still be taken out of this year's budget, counted once, net of what is locked?",
        answer=answer,
        opens="underuse",
        amount=left,
        details=tuple(each.sentence for each in top[:5] if joined.counted(each.id)),
    )


def _position(scope: Scope, joined: Joined, renewals: Report) -> Question:
    """The vendor whose send-by date comes next: price, seats, dates, and what findings say of its lines."""
    dated = [
        row
        for row in renewals.rows
        if isinstance(row.values["send_by"], date) and isinstance(row.values["vendor"], Ref)
    ]
    asks = "What is our position with the vendor whose date comes next?"
    if not dated:
        return Question(
            key="position", asks=asks, answer="No vendor has a known send-by date.", opens="renewals"
        )
    first = min(dated, key=lambda row: (str(row.values["send_by"]), row.id))
    vendor, due = first.values["vendor"], first.values["send_by"]
    if not isinstance(vendor, Ref) or not isinstance(due, date):
        raise TypeError("a dated renewal names its vendor")
    mine = [row for row in renewals.rows if row.values["vendor"] == vendor]
    costs = [row.values["cost"] for row in mine]
    annual = sum(cost.minor or 0 for cost in costs if isinstance(cost, Amount))
    lines = {row.id for row in mine}
    stake = sum(each.minor for each in joined.stakes if each.bearer in lines)
    answer = (
        f"{vendor.label}: {count(len(mine), 'contract line')}, {money(annual, scope.currency)} a year; "
        f"{send_words(due, scope.as_of)}"
    )
    answer += f"; {money(stake, scope.currency)} a year of it is at stake." if stake else "."
    return Question(
        key="position",
        asks=asks,
        answer=answer,
        opens="renewals",
        about=vendor,
        amount=Amount(currency=scope.currency, minor=annual, origins=len(mine)),
        due=due,
        details=tuple(each.sentence for each in joined.findings if each.vendor == vendor),
    )


def _next_file(session: Session, scope: Scope, coverage: LedgerCoverage) -> NextFile | None:
    """The first thing that is missing, in the order in which it answers questions."""
    if not coverage.lines and not coverage.undated.lines:
        return NextFile(
            kind="spend",
            sentence="Import a spend file (an AP ledger or a card statement): it alone shows tools, yearly cost and "
            "price changes.",
        )
    tools = tools_at(session, scope)
    contracts = session.scalar(select(func.count()).select_from(Contract)) or 0
    merged = heads(session)
    snapshots = {
        merged.tool(tool_id)
        for tool_id in session.scalars(select(UsageSnapshot.tool_id).where(UsageSnapshot.living).distinct())
    }
    budget = session.scalar(
        select(BudgetVersion.id)
        .join(FiscalYear, FiscalYear.id == BudgetVersion.fiscal_year_id)
        .where(FiscalYear.starts_on <= scope.as_of, FiscalYear.ends_on > scope.as_of)
        .limit(1)
    )
    if not contracts:
        return NextFile(
            kind="contracts",
            sentence="Import the contracts: they tell until when notice can be sent and what is locked in next year.",
        )
    bare = [tool for tool in tools if tool.running and tool.id not in snapshots]
    if bare and len(bare) * 2 >= len(tools):
        names = listed([tool.name for tool in bare])
        return NextFile(
            kind="usage", sentence=f"Import user lists of {names}: they show which seats are not used."
        )
    if budget is None:
        year = fiscal_year_name(scope.year)
        return NextFile(
            kind="budget", sentence=f"Import the budget of {year}: it shows where the year lands."
        )
    if bare:
        return NextFile(
            kind="usage", sentence=f"Import user lists of {listed([tool.name for tool in bare])}."
        )
    return None
