"""Judges how far what is paid for is used (PRODUCT.md §4.3). Pure: facts in, report out."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from mopsaudit.facts.values import RunningLine, SnapshotEvent
from mopsaudit.facts.wording import by_day, count, day, listed, money
from mopsaudit.reporting import (
    Amount,
    Confidence,
    Coverage,
    Finding,
    Ratio,
    Report,
    Trace,
    ranked,
)
from mopsaudit.reports.underuse import rows, tables
from mopsaudit.reports.underuse.arithmetic import (
    BurnDown,
    Judged,
    Reduction,
    SeatSum,
    burn_down,
    idle_cost_to_date,
    idle_seats,
    overage_cost,
    reductions,
    seat_sum,
)
from mopsaudit.reports.underuse.facts import Facts, ToolUse
from mopsaudit.reports.underuse.findings import findings_of
from mopsaudit.words import LicenceMetric

TITLE: Final = "Under-use"
#: Grades on which a cut may be proposed.
PROPOSES: Final = frozenset("ABC")


def analyse(facts: Facts) -> Report:
    """The whole report: seats as a sum, what idles, what it cost, what comes back when, and how sure that is."""
    scope = facts.scope
    judged = [judge(each, facts) for each in facts.tools]
    findings = ranked([finding for each in judged for finding in findings_of(each, facts)])
    order = sorted(
        judged,
        key=lambda each: (
            -(each.annual.minor or 0),
            -(each.idle or 0),
            each.purchased is None,
            each.use.tool.name.lower(),
            each.use.tool.id,
        ),
    )
    return Report(
        name="underuse",
        title=TITLE,
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=_answer(judged, findings, facts),
        headlines=rows.headlines(judged, facts),
        columns=tables.columns(scope.currency),
        rows=tuple(rows.row(each) for each in order),
        findings=findings,
        sections=tables.sections(judged, facts),
        coverage=_coverage(judged, facts),
        thresholds=tables.thresholds(scope.settings),
        plots=tables.plots(order, facts),
        empty=None
        if judged
        else "No tool is in the inventory yet. Import a spend file or add a tool, then a user list of it.",
    )


def judge(use: ToolUse, facts: Facts) -> Judged:
    """All figures of one tool."""
    scope = facts.scope
    seat_lines = tuple(line for line in use.lines if _metric(use, line.metric) == LicenceMetric.NAMED_SEAT)
    why: str | None = None
    purchased: int | None = None
    if not seat_lines:
        why = _not_applicable(use)
    elif use.shared_seats:
        # Its people may sit on the shared seats: beside the unit's own alone they would look like over-use.
        why = "some seats are bought for several units together, without a key"
    elif any(line.seats is None for line in seat_lines):
        why = "a contract line does not say how many seats it buys"
    else:
        purchased = sum(line.seats or 0 for line in seat_lines)
        if purchased == 0:
            purchased, why = None, "n/a: the contract buys no seats"
    counts = use.counts if use.activity_known else None
    seats = seat_sum(purchased, use.counts, use.exempt_seats) if purchased and use.counts else None
    idle: int | None = None
    wanted = 0
    if purchased is not None and counts is not None and seats is not None:
        idle = idle_seats(purchased, counts.active, scope.settings.target_use_percent)
        wanted = max(0, idle - seats.protected)
    elif purchased is not None:
        why = rows.no_activity(use)
    grade = use.snapshot.grade if use.snapshot else ""
    cuts = (
        reductions(seat_lines, wanted, as_of=scope.as_of, year=scope.year)
        if wanted and grade in PROPOSES
        else ()
    )
    trace = Trace(
        contract_lines=tuple(line.id for line in seat_lines),
        snapshots=(use.snapshot.id,) if use.snapshot else (),
    )
    origins = len(seat_lines) + (1 if use.snapshot else 0)

    def figure(minor: int | None, missing: str, basis: str | None = None) -> Amount:
        return Amount(
            currency=scope.currency,
            minor=minor,
            origins=origins if minor is not None else 0,
            why=None if minor is not None else missing,
            basis=basis,
            trace=trace,
        )

    burn = _burn(use)
    unpriced = "a contract line has no price, no rate or no start"
    to_date = None if idle is None else idle_cost_to_date(seat_lines, idle, scope.as_of) if idle else 0
    limit = _limit(use, idle, wanted, cuts, grade)
    priced = all(each.annual is not None for each in cuts)
    no_date = any(each.this_year is None for each in cuts)
    known = idle is not None and (not wanted or grade in PROPOSES)
    missing = why or limit or unpriced
    return Judged(
        use=use,
        purchased=purchased,
        seats=seats,
        idle=idle,
        wanted=wanted,
        idle_to_date=figure(to_date, why or unpriced, "contract, running term to date"),
        cuts=cuts,
        recoverable=figure(
            sum(each.next_term or 0 for each in cuts) if known and priced else None,
            missing,
            _term_words(cuts),
        ),
        annual=figure(sum(each.annual or 0 for each in cuts) if known and priced else None, missing),
        this_year=figure(
            sum(each.this_year or 0 for each in cuts) if known and priced and not no_date else None,
            "no renewal date is known" if known and priced else missing,
        ),
        burn=burn,
        by_credits=bool(_credit_lines(use)),
        overage=overage_cost(_credit_lines(use), burn),
        state=_state(why, purchased, seats, idle, wanted, cuts),
        why=why or limit,
        confidence=_confidence(use, scope.as_of, scope.settings.usage_fresh_days),
    )


def _metric(use: ToolUse, metric: str | None) -> str | None:
    return metric or use.tool.licence_metric


def _not_applicable(use: ToolUse) -> str:
    metrics = sorted({_metric(use, line.metric) or "" for line in use.lines})
    if use.shared_seats:
        return "seats are bought for several units together, without a key"
    if not use.lines:
        return "no running contract line says how many seats were bought"
    if metrics == [""]:
        return "the licence metric is unknown"
    words = listed([each.replace("_", " ") for each in metrics if each])
    return f"n/a: licensed by {words}, not by named seat"


def _limit(use: ToolUse, idle: int | None, wanted: int, cuts: Sequence[Reduction], grade: str) -> str | None:
    """Why idle seats lead to no proposal, or to a smaller one."""
    if not idle:
        return None
    if not wanted:
        return "all idle seats are protected"
    if grade not in PROPOSES:
        return "an estimate (grade D) never proposes a cut"
    if not cuts:
        if all(not line.reducible for line in use.lines):
            return "the contract cannot be reduced"
        return "pack size or contractual minimum leaves nothing to take out"
    return None


def _term_words(cuts: Sequence[Reduction]) -> str | None:
    terms = sorted({each.term_months for each in cuts})
    return f"next term of {listed([str(each) for each in terms])} months at today's price" if terms else None


def _state(
    why: str | None,
    purchased: int | None,
    seats: SeatSum | None,
    idle: int | None,
    wanted: int,
    cuts: Sequence[Reduction],
) -> str:
    if purchased is None:
        return "not applicable" if why and why.startswith("n/a") else "seats unknown"
    if idle is None:
        return "use unknown" if seats is None else "allocation only"
    if seats is not None and seats.over_use:
        return "over-use"
    if cuts:
        return "idle seats"
    return "idle, not recoverable" if idle and (wanted or seats) else "in use"


def _confidence(use: ToolUse, as_of: date, fresh_days: int) -> Confidence:
    """A with activity is high, other A and B medium, a survey low; stale usage is low whatever its grade."""
    found = use.snapshot
    if found is None or (as_of - found.as_of).days >= fresh_days or found.grade not in rows.NAMES:
        return Confidence.LOW
    if found.grade == "A" and found.event == SnapshotEvent.ACTIVITY and use.lists_people:
        return Confidence.HIGH
    return Confidence.MEDIUM


def _credit_lines(use: ToolUse) -> list[RunningLine]:
    return [line for line in use.lines if _metric(use, line.metric) == LicenceMetric.CONSUMPTION]


def _burn(use: ToolUse) -> BurnDown | None:
    lines = _credit_lines(use)
    quantities = [line.quantity_micro for line in lines]
    bought = (
        sum(each or 0 for each in quantities)
        if quantities and all(each is not None for each in quantities)
        else None
    )
    starts = max((line.starts_on for line in lines if line.starts_on), default=None)
    ends = min((line.ends_on for line in lines if line.ends_on), default=None)
    return burn_down(use.readings, bought, starts, ends)


def _answer(judged: Sequence[Judged], findings: Sequence[Finding], facts: Facts) -> str:
    scope = facts.scope
    known = [each for each in judged if each.idle is not None]
    if not judged:
        return "There is no tool to look at yet."
    if not known:
        return (
            f"For none of {count(len(judged), 'tool')} both seats and activity are known, "
            "so nothing can be said about use yet."
        )
    idle = sum(each.idle or 0 for each in known)
    bought = sum(each.purchased or 0 for each in known)
    if not idle:
        return (
            f"None of the {bought:,} seats with known use lies idle beyond the "
            f"{scope.settings.target_use_percent} % target, in {count(len(known), 'tool')}."
        )
    proposals = [each for each in findings if each.kind == "idle-seats" and each.state != "dismiss"]
    tools = sum(1 for each in known if each.idle)
    text = f"{idle:,} of {bought:,} seats lie idle in {count(tools, 'tool')}"
    total = sum(each.amount.minor or 0 for each in proposals)
    if not total:
        return text + "; no money is known to come back from them."
    text += f"; {money(total, scope.currency)} a year can be recovered"
    limit = scope.as_of + timedelta(days=120)
    soon = [each for each in proposals if each.due is not None and each.due <= limit]
    if soon:
        last = max(each.due for each in soon if each.due is not None)
        part = sum(each.amount.minor or 0 for each in soon)
        text += f", {money(part, scope.currency)} of it {by_day(last, scope.as_of)}"
    return text + "."


def _coverage(judged: Sequence[Judged], facts: Facts) -> Coverage:
    scope = facts.scope
    running = [each for each in judged if each.state != "not applicable"]
    known = [each for each in running if each.idle is not None]
    fresh = [
        each
        for each in judged
        if each.use.snapshot
        and (scope.as_of - each.use.snapshot.as_of).days < scope.settings.usage_fresh_days
    ]
    spend = sum(each.use.cost.minor or 0 for each in running)
    covered = sum(each.use.cost.minor or 0 for each in known)
    priceless = sum(each.use.cost.minor is None for each in judged)
    grades = {
        grade: sum(1 for each in judged if each.use.snapshot and each.use.snapshot.grade == grade)
        for grade in "ABCD"
    }
    share = Ratio(numerator=covered, denominator=spend or None)
    percent = "" if share.percent is None else f" ({share.percent:.0f} % of their yearly cost)"
    sentence = (
        f"As of {day(scope.as_of)}: seats and activity known for {len(known)} of "
        f"{count(len(running), 'tool')} that can have seats{percent}; "
        f"usage younger than {scope.settings.usage_fresh_days} days for {len(fresh)}; "
        f"{count(priceless, 'tool')} without a known cost."
    )
    parts: dict[str, Any] = {
        "tools_known": Ratio(numerator=len(known), denominator=len(running) or None),
        "cost_covered": share,
        "usage_fresh": Ratio(numerator=len(fresh), denominator=len(judged) or None),
        "without_cost": priceless,
        "not_applicable": len(judged) - len(running),
    } | {f"grade_{grade}": number for grade, number in grades.items()}
    return Coverage(sentence=sentence, parts=parts)
