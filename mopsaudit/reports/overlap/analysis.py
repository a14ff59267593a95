"""Judges which tools do the same and what one of them would do (PRODUCT.md §4.2). Pure: facts in, report out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from mopsaudit.facts.values import left_of_year, state_of
from mopsaudit.facts.wording import by_day, count, day, in_time, listed, money
from mopsaudit.reporting import (
    Amount,
    Confidence,
    Coverage,
    Finding,
    Headline,
    Ratio,
    Report,
    Trace,
    band_of,
    ranked,
)
from mopsaudit.reports.overlap import tables
from mopsaudit.reports.overlap.clusters import Cluster, judge
from mopsaudit.reports.overlap.consolidation import owned_twice, unused_lines
from mopsaudit.reports.overlap.facts import Facts, PricedCapability

TITLE: Final = "Overlap"


def analyse(facts: Facts) -> Report:
    """The whole report: groups of tools that overlap, what is at stake, pairs, and capabilities owned twice."""
    scope = facts.scope
    clusters = judge(facts)
    twice = owned_twice(facts)
    lines = unused_lines(facts, twice)
    findings = ranked(
        [_finding(each, facts) for each in clusters] + [_line_finding(each, facts) for each in lines]
    )
    return Report(
        name="overlap",
        title=TITLE,
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=_answer(clusters, facts),
        headlines=_headlines(clusters, facts),
        columns=tables.columns(scope.currency),
        rows=tuple(tables.row(each, facts) for each in clusters),
        findings=findings,
        sections=tables.sections(facts, clusters, twice),
        coverage=_coverage(clusters, facts),
        thresholds=tables.thresholds(facts),
        plots=tables.plots(clusters, facts),
        empty=None
        if facts.tools
        else "No tool is in the inventory yet. Import a spend file or add tools with their capabilities.",
    )


def _counted(clusters: Sequence[Cluster]) -> list[Cluster]:
    """Proven clusters that nobody has put aside."""
    return [each for each in clusters if each.proven and each.state not in {"dismiss", "deliberate"}]


def _finding(cluster: Cluster, facts: Facts) -> Finding:
    scope = facts.scope
    names = listed([each.tool.name for each in cluster.standings])
    shared = count(cluster.shared.bit_count(), "capability", "capabilities")
    kept = listed([ref.label for ref in cluster.keep])
    if not cluster.proven:
        sentence = f"{names} may share {shared}: which of them are used is not known."
        step = "Record which capabilities are used, so that the overlap is proven or gone."
    elif cluster.at_stake.minor:
        hedge = f"{cluster.hedge} " if cluster.hedge else ""
        alone = " alone" if len(cluster.keep) == 1 else ""
        sentence = (
            f"{names} share {shared} in use; {kept}{alone} would do and save "
            f"{hedge}{money(cluster.at_stake.minor, scope.currency)} a year."
        )
        move = f"Move to {kept}"
        step = in_time(move, cluster.due, scope.as_of) if cluster.due else f"{move}."
    elif cluster.at_stake.minor is None:
        sentence = f"{names} share {shared} in use; what they cost is not known."
        step = "Bring in contracts or spend of these tools."
    else:
        sentence = f"{names} share {shared} in use, but no smaller set is cheaper."
        step = "Confirm that this is meant."
    vendors = {each.tool.vendor for each in cluster.dropped}
    return Finding(
        id=cluster.id,
        kind="overlap" if cluster.proven else "possible-overlap",
        sentence=sentence,
        tools=tuple(each.tool.ref for each in cluster.standings),
        vendor=vendors.pop() if len(vendors) == 1 else None,
        unit=cluster.group.label,
        amount=cluster.at_stake,
        recoverable=cluster.this_year,
        earliest=cluster.earliest,
        due=cluster.due,
        band=band_of(cluster.due, scope.as_of),
        confidence=cluster.confidence,
        next_step=step,
        bearers=tuple(cluster.by_bearer),
        evidence={
            "proven": cluster.proven,
            "shared": tables.names(cluster.shared, facts),
            "alone": [
                f"{each.tool.name}: {', '.join(only)}"
                for each in cluster.standings
                if (only := tables.names(cluster.alone[each.tool.id], facts))
            ],
            "keep": [ref.label for ref in cluster.keep],
            "go": [each.tool.name for each in cluster.dropped],
            "added_seats": tables.added(cluster),
            "unknown": list(cluster.unknowns),
            "by_bearer": {name: {"annual_minor": minor} for name, minor in cluster.by_bearer.items()},
        },
        facts=cluster.facts,
        state=cluster.state,
    )


def _line_finding(line: PricedCapability, facts: Facts) -> Finding:
    """A separately priced capability nobody uses here, because another tool does it."""
    scope = facts.scope
    tool = next(each for each in facts.tools if each.id == line.tool_id)
    name = facts.capabilities[line.bit][1]
    trace = Trace(contract_lines=(line.line_id,))
    known = line.base_minor is not None
    amount = Amount(
        currency=scope.currency,
        minor=line.base_minor,
        origins=1 if known else 0,
        why=None if known else "the contract line has no price or no rate",
        basis="contract",
        trace=trace,
    )
    this_year = (
        left_of_year(line.base_minor, 1, line.renews_on, scope.as_of, scope.year)
        if line.base_minor is not None and line.renews_on is not None
        else None
    )
    words = (f"tool:{tool.id}", f"line:{line.line_id}", f"cap:{facts.capabilities[line.bit][0]}:unused")
    where = "all" if scope.whole else f"s{scope.unit_id}"
    finding_id = f"overlap-unused-{where}-l{line.line_id}"
    return Finding(
        id=finding_id,
        kind="owned-unused",
        sentence=f"{tool.name}: {name} is bought apart ({money(line.base_minor, scope.currency)} a year) and unused; "
        "another tool does it.",
        tools=(tool.ref,),
        vendor=tool.vendor,
        unit=scope.unit_label,
        amount=amount,
        recoverable=Amount(
            currency=scope.currency,
            minor=this_year,
            origins=1 if this_year is not None else 0,
            why=None if this_year is not None else "no price or no renewal date",
            trace=trace,
        ),
        earliest=line.renews_on,
        due=line.send_by,
        band=band_of(line.send_by, scope.as_of),
        confidence=Confidence.MEDIUM,
        next_step="Drop the line at its renewal: nothing has to be migrated.",
        bearers=(f"line:{line.line_id}",),
        evidence={
            "capability": name,
            "by_bearer": {f"line:{line.line_id}": {"annual_minor": line.base_minor}},
        },
        facts=words,
        state=state_of(facts.settled.get(finding_id), words, scope.as_of),
    )


def _answer(clusters: Sequence[Cluster], facts: Facts) -> str:
    scope = facts.scope
    proven, counted = [each for each in clusters if each.proven], _counted(clusters)
    possible = sum(not each.proven for each in clusters)
    also = f" {count(possible, 'further group')} may overlap: use is not known." if possible else ""
    if not facts.tools:
        return "There is no tool to compare yet."
    if not facts.shapes:
        return "No tool has capabilities yet, so nothing can be said about overlap."
    if not proven:
        return "No tools are known to overlap in what is used." + also
    if not counted:
        return f"{count(len(proven), 'group')} of tools overlap, all settled as meant or dismissed." + also
    total = sum(each.at_stake.minor or 0 for each in counted)
    verb = "overlaps" if len(counted) == 1 else "overlap"
    text = f"{count(len(counted), 'group')} of tools {verb}; "
    if not total:
        return text + "no money is known to be at stake." + also
    text += f"{money(total, scope.currency)} a year is at stake"
    limit = scope.as_of + timedelta(days=120)
    soon = [each for each in counted if each.due is not None and each.due <= limit and each.at_stake.minor]
    if soon:
        part = sum(each.at_stake.minor or 0 for each in soon)
        last = max(each.due for each in soon if each.due)
        text += f", {money(part, scope.currency)} of it {by_day(last, scope.as_of)}"
    return text + "." + also


def _headlines(clusters: Sequence[Cluster], facts: Facts) -> tuple[Headline, ...]:
    counted = _counted(clusters)
    known = [each for each in counted if each.at_stake.minor is not None]
    in_clusters = {each.tool.id for cluster in counted for each in cluster.standings}
    return (
        Headline(
            key="at_stake",
            label="At stake a year",
            value=tables.total([each.at_stake for each in known], facts.scope.currency),
            what="Yearly cost of overlapping tools less that of the cheapest set that does the same.",
        ),
        Headline(
            key="this_year",
            label="Of it this fiscal year",
            value=tables.total(
                [each.this_year for each in known if each.this_year.minor is not None], facts.scope.currency
            ),
            what="From the next renewals to the end of the fiscal year.",
        ),
        Headline(
            key="clusters",
            label="Groups that overlap",
            value=len(counted),
            what="Proven on capabilities in use, not settled as meant.",
        ),
        Headline(
            key="tools_overlapping",
            label="Tools in them",
            value=Ratio(numerator=len(in_clusters), denominator=len(facts.tools) or None),
            what="Of all running tools.",
        ),
    )


def _coverage(clusters: Sequence[Cluster], facts: Facts) -> Coverage:
    number = len(facts.tools)
    used = {shape.tool_id for shape in facts.shapes if shape.used}
    full = {shape.tool_id for shape in facts.shapes if not shape.unknown}
    spend = sum(each.minor or 0 for each in facts.costs.values())
    covered = sum(facts.costs[each].minor or 0 for each in used)
    priceless = sum(each.minor is None for each in facts.costs.values())
    share = Ratio(numerator=covered, denominator=spend or None)
    percent = "" if share.percent is None else f" ({share.percent:.0f} % of yearly cost)"
    return Coverage(
        sentence=f"As of {day(facts.scope.as_of)}: capabilities known for {len(facts.shapes)} of "
        f"{count(number, 'tool')}, use of some known for {len(used)}{percent}, of all for {len(full)}; "
        f"{count(priceless, 'tool')} without a known cost.",
        parts={
            "with_capabilities": Ratio(numerator=len(facts.shapes), denominator=number or None),
            "use_known": Ratio(numerator=len(used), denominator=number or None),
            "use_all_known": Ratio(numerator=len(full), denominator=number or None),
            "cost_covered": share,
            "without_cost": priceless,
            "clusters_not_exact": sum(bool(each.unknowns) for each in clusters if each.proven),
        },
    )
