"""Columns, rows, sections, thresholds and plots of the overlap report. Pure."""

from collections.abc import Sequence
from datetime import date

from mopsaudit.facts.wording import count, listed
from mopsaudit.money import amount_text, ratio_half_even
from mopsaudit.reporting import (
    Amount,
    Column,
    LineFilter,
    Missing,
    Plot,
    Ratio,
    Row,
    Section,
    Series,
    Threshold,
    Trace,
    Value,
    ValueKind,
    stated,
)
from mopsaudit.reports.overlap.arithmetic import bits
from mopsaudit.reports.overlap.clusters import Cluster, pair_order, people_overlap
from mopsaudit.reports.overlap.consolidation import Twice
from mopsaudit.reports.overlap.cover import SECONDS
from mopsaudit.reports.overlap.facts import Facts, Pair, Standing

#: Pairs listed at most; the sentence above the list says how many there are.
_PAIRS = 500
_SHOWN = 12


def names(mask: int, facts: Facts) -> list[str]:
    """The names of a set of capabilities, sorted."""
    return sorted(facts.capabilities[bit][1] for bit in bits(mask))


def added(cluster: Cluster) -> dict[str, int]:
    """Seats added on each survivor, by tool name."""
    seats = cluster.cover.added if cluster.cover else {}
    return {each.tool.name: seats[each.tool.id] for each in cluster.standings if each.tool.id in seats}


def total(found: Sequence[Amount], currency: str) -> Amount:
    """The sum of amounts with all their origins and lines; unknown when there is none."""
    if not found:
        return Amount(currency=currency, minor=None, why="no proven overlap with a known cost")
    filters = [each.trace.lines for each in found if each.trace and each.trace.lines]
    return Amount(
        currency=currency,
        minor=sum(each.minor or 0 for each in found),
        origins=sum(each.origins for each in found),
        trace=Trace(
            lines=LineFilter(
                tool_ids=tuple(sorted({tool for each in filters for tool in each.tool_ids})),
                spend_types=filters[0].spend_types,
                month_from=filters[0].month_from,
                month_until=filters[0].month_until,
            )
            if filters
            else None,
            contract_lines=tuple(
                sorted({line for each in found if each.trace for line in each.trace.contract_lines})
            ),
            budget_lines=tuple(
                sorted({line for each in found if each.trace for line in each.trace.budget_lines})
            ),
        ),
    )


def columns(currency: str) -> tuple[Column, ...]:
    """The columns of the groups table."""
    return (
        Column(key="tools", label="Tools", kind=ValueKind.REFS, primary=True),
        Column(
            key="overlap",
            label="Overlap",
            what="Proven on capabilities in use; possible where use is unknown.",
        ),
        Column(key="unit", label="Unit", wide=True),
        Column(key="shared", label="Shared capabilities", kind=ValueKind.NUMBER),
        Column(key="run_rate", label=f"Yearly cost ({currency})", kind=ValueKind.MONEY),
        Column(
            key="keep",
            label="Would do",
            kind=ValueKind.REFS,
            what="The cheapest set that does all that is used.",
        ),
        Column(key="added_seats", label="Seats added", kind=ValueKind.NUMBER, wide=True),
        Column(key="at_stake", label=f"At stake a year ({currency})", kind=ValueKind.MONEY),
        Column(
            key="this_year", label=f"Of it this fiscal year ({currency})", kind=ValueKind.MONEY, wide=True
        ),
        Column(key="earliest", label="Earliest", kind=ValueKind.DATE, wide=True),
        Column(key="due", label="Send by", kind=ValueKind.DATE),
        Column(key="state", label="Settled", what="open, confirm, deliberate or dismiss."),
        Column(key="confidence", label="Confidence", wide=True),
    )


def _dated(cluster: Cluster, day: date | None, why: str) -> Value:
    """A day of what would go; where nothing is known to go there is none."""
    return None if day is None and cluster.cover is None else stated(day, why)


def row(cluster: Cluster, facts: Facts) -> Row:
    """One group as a row; what each tool alone provides and what the amount does not know stand in its detail."""
    categories = {each.tool.category for each in cluster.standings}
    return Row(
        id=cluster.id,
        category=categories.pop() if len(categories) == 1 else None,
        state=cluster.state,
        values={
            "tools": tuple(each.tool.ref for each in cluster.standings),
            "overlap": "proven" if cluster.proven else "possible",
            "unit": cluster.group.label,
            "shared": cluster.shared.bit_count(),
            "run_rate": cluster.run_rate,
            "keep": cluster.keep,
            "added_seats": sum(cluster.cover.added.values())
            if cluster.cover
            else Missing("where use is not known no cheapest set is worked out"),
            "at_stake": cluster.at_stake,
            "this_year": cluster.this_year,
            "earliest": _dated(
                cluster, cluster.earliest, "no contract of what would go says when a term ends"
            ),
            "due": _dated(
                cluster, cluster.due, "no contract of what would go says by when notice must be given"
            ),
            "state": cluster.state,
            "confidence": cluster.confidence.value,
        },
        detail={
            "shared_capabilities": names(cluster.shared, facts),
            "alone": {
                each.tool.name: names(cluster.alone[each.tool.id], facts) for each in cluster.standings
            },
            "added": added(cluster),
            "exact": cluster.cover.exact if cluster.cover else None,
            "at_most": {
                "amount": amount_text(cluster.cover.at_most, facts.scope.currency),
                "currency": facts.scope.currency,
            }
            if cluster.cover and not cluster.cover.exact
            else None,
            "unknown": list(cluster.unknowns),
            "hedge": cluster.hedge or None,
        },
    )


def sections(facts: Facts, clusters: Sequence[Cluster], twice: Sequence[Twice]) -> tuple[Section, ...]:
    """The further tables: pairs with cover both ways and people, and capabilities owned twice."""
    found = []
    if clusters:
        found.append(_members(facts, clusters))
    if facts.pairs:
        found.append(_pairs(facts, clusters))
    if twice:
        found.append(_twice(facts, twice))
    return tuple(found)


def _members(facts: Facts, clusters: Sequence[Cluster]) -> Section:
    rows = tuple(_member_row(cluster, tool, facts) for cluster in clusters for tool in cluster.standings)
    only = sum(bool(row.values["alone"]) for row in rows)
    return Section(
        key="members",
        title="What each tool alone provides",
        sentence=f"{count(len(rows), 'tool')} in {count(len(clusters), 'group')}; {only} of them "
        f"{'has' if only == 1 else 'have'} something no other tool of the group has.",
        columns=(
            Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
            Column(key="group", label="Group"),
            *(
                (Column(key="unit", label="Unit", wide=True),)
                if any(each.group.label for each in clusters)
                else ()
            ),
            Column(
                key="stays",
                label="Cheapest set",
                what="Whether the cheapest set that does all that is used keeps the tool.",
            ),
            Column(key="run_rate", label=f"Yearly cost ({facts.scope.currency})", kind=ValueKind.MONEY),
            Column(key="active", label="Active people", kind=ValueKind.NUMBER, wide=True),
            Column(key="alone", label="Alone provides"),
        ),
        rows=rows,
    )


def _member_row(cluster: Cluster, standing: Standing, facts: Facts) -> Row:
    if cluster.cover is None:
        stays = "not judged"
    else:
        stays = "stays" if standing.tool.id in cluster.cover.keep else "goes"
    return Row(
        id=f"{cluster.id}-t{standing.tool.id}",
        values={
            "tool": standing.tool.ref,
            "group": listed([each.tool.name for each in cluster.standings]),
            "unit": cluster.group.label,
            "stays": stays,
            "run_rate": cluster.group.costs[standing.tool.id].amount,
            "active": stated(standing.active, "no usage file says who is active in it"),
            "alone": ", ".join(names(cluster.alone[standing.tool.id], facts)),
        },
        detail={"group_id": cluster.id},
    )


def _pairs(facts: Facts, clusters: Sequence[Cluster]) -> Section:
    judged = [{each.tool.id for each in cluster.standings} for cluster in clusters]
    where: dict[int, list[int]] = {}
    for index, ids in enumerate(judged):
        for each in ids:
            where.setdefault(each, []).append(index)
    pairs = [
        pair
        for pair in facts.pairs
        if set(where.get(pair.a.tool_id, ())) & set(where.get(pair.b.tool_id, ()))
    ]
    shown = sorted(pairs, key=pair_order)[:_PAIRS]
    proven = sum(pair.proven for pair in pairs)
    more = f" The first {_PAIRS} are listed." if len(pairs) > _PAIRS else ""
    return Section(
        key="pairs",
        title="Pairs",
        sentence=f"{count(len(pairs), 'pair')} of tools overlap, {proven} of them proven.{more}",
        columns=(
            Column(key="a", label="Tool A", kind=ValueKind.REF, primary=True),
            Column(key="b", label="Tool B", kind=ValueKind.REF),
            Column(key="overlap", label="Overlap"),
            Column(key="b_covers_a", label="Of A covered by B", kind=ValueKind.RATIO),
            Column(key="a_covers_b", label="Of B covered by A", kind=ValueKind.RATIO),
            Column(key="shared", label="Shared", kind=ValueKind.NUMBER),
            Column(
                key="in_both",
                label="Shared capabilities",
                what="With its weights in A and in B where they are not 1.",
                wide=True,
            ),
            Column(key="people", label="People active in both", kind=ValueKind.RATIO, wide=True),
        ),
        rows=tuple(_pair_row(pair, facts) for pair in shown),
    )


def _pair_row(pair: Pair, facts: Facts) -> Row:
    first, second = facts.standings[pair.a.tool_id], facts.standings[pair.b.tool_id]
    people = people_overlap(first, second, facts.scope.settings.overlap_people_minimum)
    weights = {
        facts.capabilities[bit][1]: [
            (pair.a.weights or {}).get(bit, 1),
            (pair.b.weights or {}).get(bit, 1),
        ]
        for bit in bits(pair.shared)
    }
    return Row(
        id=f"p{pair.a.tool_id}-{pair.b.tool_id}",
        state="proven" if pair.proven else "possible",
        values={
            "a": first.tool.ref,
            "b": second.tool.ref,
            "overlap": "proven" if pair.proven else "possible",
            "b_covers_a": Ratio(numerator=pair.forward[0], denominator=pair.forward[1]),
            "a_covers_b": Ratio(numerator=pair.back[0], denominator=pair.back[1]),
            "shared": pair.shared.bit_count(),
            "in_both": ", ".join(
                name if weights[name] == [1, 1] else f"{name} (×{weights[name][0]} / ×{weights[name][1]})"
                for name in names(pair.shared, facts)
            ),
            "people": Ratio(
                numerator=people[0] if people else None,
                denominator=people[1] if people else None,
                why=None if people else "no grade A or B activity of both, or too few people",
            ),
        },
        detail={"shared_capabilities": names(pair.shared, facts), "weights": weights},
    )


def _twice(facts: Facts, twice: Sequence[Twice]) -> Section:
    number = len({each.bit for each in twice})
    priced = len({each.bit for each in twice if each.lines})
    return Section(
        key="owned_twice",
        title="Owned twice, used once",
        sentence=f"{count(number, 'capability', 'capabilities')} owned by several tools and used in one only; "
        f"{priced} of them bought as a line of their own. Nothing has to be migrated to drop them.",
        columns=(
            Column(key="capability", label="Capability", primary=True),
            *(
                (Column(key="unit", label="Unit", wide=True),)
                if any(each.group.label for each in twice)
                else ()
            ),
            Column(key="used_in", label="Used in", kind=ValueKind.REF),
            Column(key="unused_in", label="Owned, unused in", kind=ValueKind.REFS),
            Column(key="unknown_in", label="Use unknown in", kind=ValueKind.REFS, wide=True),
            Column(key="amount", label=f"Own price a year ({facts.scope.currency})", kind=ValueKind.MONEY),
        ),
        rows=tuple(_twice_row(each, facts) for each in twice),
    )


def _twice_row(each: Twice, facts: Facts) -> Row:
    known = {line.line_id: line.base_minor for line in each.lines if line.base_minor is not None}
    if known:
        why = None
    else:
        why = "no price or no rate" if each.lines else "not bought as a line of its own: a count only"
    return Row(
        id=f"o{facts.capabilities[each.bit][0]}"
        + ("" if each.group.unit_id is None else f"-u{each.group.unit_id}"),
        values={
            "capability": facts.capabilities[each.bit][1],
            "unit": each.group.label,
            "used_in": each.user.ref,
            "unused_in": tuple(tool.ref for tool in each.idle),
            "unknown_in": tuple(tool.ref for tool in each.open),
            "amount": Amount(
                currency=facts.scope.currency,
                minor=sum(known.values()) if known else None,
                origins=len(known),
                why=why,
                basis="contract" if known else None,
                trace=Trace(contract_lines=tuple(sorted(known))) if known else None,
            ),
        },
    )


def thresholds(facts: Facts) -> tuple[Threshold, ...]:
    """The settings the figures rest on."""
    settings = facts.scope.settings
    return (
        Threshold(
            key="overlap_cover_percent",
            label="Cover either way at least",
            value=f"{settings.overlap_cover_percent} %",
        ),
        Threshold(
            key="overlap_shared_capabilities",
            label="Shared capabilities at least",
            value=str(settings.overlap_shared_capabilities),
        ),
        Threshold(
            key="weights",
            label="Weight of a capability",
            value="1 each"
            if all(shape.weights is None for shape in facts.shapes)
            else "1 unless a tool sets its own, shown in the pairs",
        ),
        Threshold(key="search_seconds", label="Search a group at most", value=f"{SECONDS:.0f} seconds"),
        Threshold(
            key="overlap_people_minimum",
            label="People overlap from",
            value=f"{settings.overlap_people_minimum} people",
        ),
        Threshold(
            key="operating_model",
            label="Judged",
            value=f"{'across units' if settings.across_units else 'inside each unit'} ({settings.operating_model})",
        ),
    )


def plots(clusters: Sequence[Cluster], facts: Facts) -> tuple[Plot, ...]:
    """Money at stake by group, and the cover matrix of the first group of three or more tools."""
    found: list[Plot] = []
    shown = [each for each in clusters if each.at_stake.minor][:_SHOWN]
    if shown:
        found.append(
            Plot(
                kind="bars",
                title="At stake a year by group of overlapping tools",
                labels=tuple(", ".join(each.tool.name for each in one.standings[:3]) for one in shown),
                series=(
                    Series(
                        key="at_stake", label="At stake", values=tuple(each.at_stake.minor for each in shown)
                    ),
                ),
                axis=f"{facts.scope.currency} a year",
                currency=facts.scope.currency,
            )
        )
    top = next((each for each in clusters if len(each.standings) > 2), None)
    if top is not None:  # two tools are a sentence, not a matrix
        found.append(_matrix(top, facts))
    return tuple(found)


def _matrix(cluster: Cluster, facts: Facts) -> Plot:
    """How much of the row's tool (a series) the column's tool (a label) covers, in percent, by the row's weights."""
    shapes = {shape.tool_id: shape for shape in facts.shapes}
    tools = cluster.standings[:_SHOWN]
    series = []
    for line in tools:
        values: list[int | None] = []
        mine = shapes[line.tool.id]
        own = mine.used if cluster.proven else mine.used | mine.unknown
        whole = mine.weigh(own)
        for column in tools:
            theirs = shapes[column.tool.id]
            other = theirs.used if cluster.proven else theirs.used | theirs.unknown
            # Rounded as the pairs' shares are written, so that chart and table never differ by one.
            values.append(
                ratio_half_even(100, mine.weigh(own & other), whole) if whole and line is not column else None
            )
        series.append(Series(key=f"t{line.tool.id}", label=line.tool.name, values=tuple(values), style="dot"))
    return Plot(
        kind="matrix",
        title="Share of the row's capabilities that the column covers",
        labels=tuple(each.tool.name for each in tools),
        series=tuple(series),
        axis="percent",
        categories=tuple(each.tool.category for each in tools),
    )
