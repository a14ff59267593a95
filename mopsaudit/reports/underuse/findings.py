"""The findings of under-use: seats that can go, and users beyond the seats bought. Pure."""

from typing import Any

from mopsaudit.facts.values import state_of
from mopsaudit.facts.wording import count, day, in_time, money
from mopsaudit.money import ratio_half_even
from mopsaudit.reporting import Amount, Finding, band_of
from mopsaudit.reports.underuse.arithmetic import Judged
from mopsaudit.reports.underuse.facts import Facts
from mopsaudit.reports.underuse.rows import evidence_words


def _finding_id(kind: str, each: Judged, facts: Facts) -> str:
    where = "all" if facts.scope.whole else f"u{facts.scope.unit_id}"
    return f"underuse-{kind}-{where}-t{each.use.tool.id}"


def findings_of(each: Judged, facts: Facts) -> list[Finding]:
    """What one tool gives rise to."""
    found: list[Finding] = []
    if each.cuts:
        found.append(_idle_finding(each, facts))
    if each.seats is not None and each.seats.over_use and each.use.assigned_known:
        found.append(_over_use_finding(each, facts))
    return found


def _idle_finding(each: Judged, facts: Facts) -> Finding:
    scope, use = facts.scope, each.use
    taken = sum(cut.seats for cut in each.cuts)
    due = min((cut.line.send_by for cut in each.cuts if cut.line.send_by), default=None)
    earliest = min((cut.line.renews_on for cut in each.cuts if cut.line.renews_on), default=None)
    target = (each.purchased or 0) - taken
    worth = (
        f"{money(each.annual.minor, scope.currency)} a year"
        if each.annual.minor is not None
        else "at an unknown price"
    )
    start = f" from {day(earliest)}" if earliest else ""
    facts_of = (f"tool:{use.tool.id}", f"purchased:{each.purchased}", f"taken:{taken}")
    finding_id = _finding_id("idle", each, facts)
    by_line: dict[str, Any] = {
        f"line:{cut.line.id}": {
            "seats": cut.seats,
            "annual_minor": cut.annual,
            "this_year_minor": cut.this_year,
            "renews_on": cut.line.renews_on.isoformat() if cut.line.renews_on else None,
        }
        for cut in each.cuts
    }
    return Finding(
        id=finding_id,
        kind="idle-seats",
        sentence=f"{use.tool.name}: {count(taken, 'seat')} of {each.purchased:,} can go{start}, {worth}.",
        tools=(use.tool.ref,),
        vendor=use.tool.vendor,
        unit=scope.unit_label,
        amount=each.annual,
        recoverable=each.this_year,
        earliest=earliest,
        due=due,
        band=band_of(due, scope.as_of),
        confidence=each.confidence,
        next_step=in_time(f"Right-size to {target:,} seats", due, scope.as_of)
        if due
        else f"Right-size to {target:,} seats at the next renewal.",
        bearers=tuple(f"line:{cut.line.id}" for cut in each.cuts),
        evidence={
            "purchased": each.purchased,
            "active": each.seats.active if each.seats else None,
            "idle": each.idle,
            "protected": each.seats.protected if each.seats else None,
            "recoverable_seats": taken,
            "source": evidence_words(use.snapshot),
            "window_days": use.tool.window_days,
            "by_bearer": by_line,
        },
        facts=facts_of,
        state=state_of(facts.settled.get(finding_id), facts_of, scope.as_of),
    )


def _over_use_finding(each: Judged, facts: Facts) -> Finding:
    scope, use = facts.scope, each.use
    over = each.seats.over_use if each.seats else 0
    price = sum(line.base_minor or 0 for line in use.lines)
    exposure = ratio_half_even(price, over, each.purchased) if each.purchased and price else None
    facts_of = (f"tool:{use.tool.id}", f"over:{over}")
    finding_id = _finding_id("over", each, facts)
    nothing = Amount(currency=scope.currency, minor=None, why="over-use saves nothing: it may cost a true-up")
    return Finding(
        id=finding_id,
        kind="over-use",
        sentence=f"{use.tool.name}: {count(over, 'user')} more than the {each.purchased:,} seats bought"
        + (
            f"; at today's price that is {money(exposure, scope.currency)} a year."
            if exposure is not None
            else "."
        ),
        tools=(use.tool.ref,),
        vendor=use.tool.vendor,
        unit=scope.unit_label,
        amount=nothing,
        recoverable=nothing,
        confidence=each.confidence,
        next_step="Take licences back or buy the missing seats before the vendor counts.",
        evidence={
            "purchased": each.purchased,
            "assigned": use.counts.assigned if use.counts else None,
            "exposure_minor": exposure,
            "source": evidence_words(use.snapshot),
        },
        facts=facts_of,
        state=state_of(facts.settled.get(finding_id), facts_of, scope.as_of),
    )
