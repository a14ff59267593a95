"""Tables of the business-case report: per case, category and vendor; metrics; what no case covers. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from mopsaudit.facts.wording import count, listed, money
from mopsaudit.reporting import Amount, Column, Missing, Ratio, Ref, Row, Section, Trace, ValueKind, stated
from mopsaudit.reports.cases.arithmetic import Covered, Judged, Looked, reviews
from mopsaudit.reports.cases.facts import CaseFacts, SpendFact

COLUMNS: Final = (
    Column(key="case", label="Business case", kind=ValueKind.REF, primary=True),
    Column(key="status", label="Status"),
    Column(key="owner", label="Owner", kind=ValueKind.REF, wide=True),
    Column(key="tool", label="Tool", kind=ValueKind.REF, wide=True),
    Column(key="vendor", label="Vendor", kind=ValueKind.REF, wide=True),
    Column(key="category", label="Category", wide=True),
    Column(key="unit", label="Unit", wide=True),
    Column(key="approved_on", label="Approved", kind=ValueKind.DATE, wide=True),
    Column(key="promised_cost", label="Promised cost, whole", kind=ValueKind.MONEY, summed=True, wide=True),
    Column(key="promised_to_date", label="Promised cost to date", kind=ValueKind.MONEY, summed=True),
    Column(key="actual_cost", label="Actual cost to date", kind=ValueKind.MONEY, summed=True),
    Column(
        key="cost_variance",
        label="Cost variance",
        kind=ValueKind.MONEY,
        what="Promised − actual to date; positive is cheaper than promised.",
        summed=True,
    ),
    Column(key="promised_cash", label="Promised cash benefit to date", kind=ValueKind.MONEY, summed=True),
    Column(key="delivered_cash", label="Realised cash benefit", kind=ValueKind.MONEY, summed=True),
    Column(
        key="promised_non_cash",
        label="Promised non-cash to date",
        kind=ValueKind.MONEY,
        what="Avoidance, and time until a budget line falls; never added to cash.",
        wide=True,
    ),
    Column(key="delivered_non_cash", label="Realised non-cash", kind=ValueKind.MONEY, wide=True),
    Column(key="roi_promised", label="ROI promised, %", kind=ValueKind.NUMBER, wide=True),
    Column(key="roi_delivered", label="ROI to date, %", kind=ValueKind.NUMBER),
    Column(key="romi_promised", label="ROMI promised, %", kind=ValueKind.NUMBER, wide=True),
    Column(key="romi_delivered", label="ROMI to date, %", kind=ValueKind.NUMBER, wide=True),
    Column(key="npv", label="NPV promised", kind=ValueKind.MONEY, wide=True),
    Column(key="irr", label="IRR promised, %", kind=ValueKind.NUMBER, wide=True),
    Column(key="payback", label="Payback promised, years", kind=ValueKind.NUMBER, wide=True),
    Column(
        key="tco",
        label="Five years of ownership",
        kind=ValueKind.MONEY,
        what="Contract prices at their yearly rise, what its contracts bill once, and people's time where typed.",
        wide=True,
    ),
    Column(key="review_on", label="Review due", kind=ValueKind.DATE),
    Column(key="verdict", label="Verdict"),
)


def sections(facts: CaseFacts, judged: Sequence[Judged], covered: Covered) -> tuple[Section, ...]:
    """Approved against delivered by category and vendor, reviews, metrics with early signals apart, uncovered spend."""
    approved = [each for each in judged if each.case.approved]
    found = (
        _grouped(facts, approved, "by_category", "By category", lambda each: each.case.category or "unknown"),
        _grouped(
            facts,
            approved,
            "by_vendor",
            "By vendor",
            lambda each: each.case.vendor.label if each.case.vendor else "unknown",
        ),
        _reviews(facts, judged, covered),
        _metrics(judged, early=True),
        _metrics(judged, early=False),
        _uncovered(facts, covered),
    )
    return tuple(section for section in found if section.rows)


def _grouped(
    facts: CaseFacts, judged: Sequence[Judged], key: str, title: str, name: Callable[[Judged], str]
) -> Section:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        groups[name(each)].append(each)
    rows = []
    for label, members in sorted(groups.items()):
        trace = Trace(cases=tuple(each.case.id for each in members))

        def total(values: Sequence[int | None], *, behind: Trace = trace) -> Amount:
            known = [value for value in values if value is not None]
            return Amount(
                currency=facts.currency,
                minor=sum(known) if known else None,
                origins=len(known),
                why="not known for any of its cases",
                trace=behind,
            )

        rows.append(
            Row(
                id=f"{key}:{label}",
                values={
                    "group": label,
                    "cases": len(members),
                    "promised": total([each.to_date.cost for each in members]),
                    "actual": total([each.delivered.cost for each in members]),
                    "promised_cash": total([each.to_date.cash for each in members]),
                    "delivered_cash": total([each.delivered.cash for each in members]),
                },
                category=label if key == "by_category" else None,
            )
        )
    return Section(
        key=key,
        title=f"Approved against delivered, {title.lower()}",
        sentence="Sums of the cases' figures to date, never means of their ratios.",
        columns=(
            Column(key="group", label=title.removeprefix("By ").capitalize(), primary=True),
            Column(key="cases", label="Cases", kind=ValueKind.NUMBER),
            Column(key="promised", label="Promised cost", kind=ValueKind.MONEY, summed=True),
            Column(key="actual", label="Actual cost", kind=ValueKind.MONEY, summed=True),
            Column(key="promised_cash", label="Promised cash benefit", kind=ValueKind.MONEY, summed=True),
            Column(key="delivered_cash", label="Realised cash benefit", kind=ValueKind.MONEY, summed=True),
        ),
        rows=tuple(rows),
    )


def _reviews(facts: CaseFacts, judged: Sequence[Judged], covered: Covered) -> Section:
    found = reviews(facts, judged, covered)
    states = Counter(each.state for each in found)
    said = [
        f"{states[state]} {word}"
        for state, word in (
            ("due", "due"),
            ("to come", "to come"),
            ("no date set", "without a date"),
            ("done", "done"),
        )
        if states[state]
    ]
    return Section(
        key="reviews",
        title="Reviews after go-live",
        sentence=f"Of {count(len(found), 'review')} {listed(said, most=4)}; "
        "the figures are those through the month of the review, of one to come those to date.",
        columns=(
            Column(key="case", label="Business case", kind=ValueKind.REF, primary=True),
            Column(key="owner", label="Owner", kind=ValueKind.REF, wide=True),
            Column(key="live", label="Live from", kind=ValueKind.DATE, wide=True),
            Column(key="due", label="Review due", kind=ValueKind.DATE),
            Column(key="state", label="State"),
            Column(key="reviewed_on", label="Reviewed", kind=ValueKind.DATE),
            Column(key="by", label="By", wide=True),
            Column(key="verdict", label="Outcome"),
            Column(key="promised", label="Promised cost", kind=ValueKind.MONEY),
            Column(key="actual", label="Actual cost", kind=ValueKind.MONEY),
            Column(key="promised_cash", label="Promised cash benefit", kind=ValueKind.MONEY),
            Column(key="delivered_cash", label="Realised cash benefit", kind=ValueKind.MONEY),
            Column(key="text", label="What was found", wide=True),
        ),
        rows=tuple(_review_row(facts, each) for each in found),
    )


def _review_row(facts: CaseFacts, each: Looked) -> Row:
    case, review = each.case, each.review
    trace = Trace(cases=(case.id,))

    def figure(minor: int | None, why: str | None) -> Amount:
        return Amount(
            currency=facts.currency,
            minor=minor,
            origins=0 if minor is None else 1,
            why=why or "not known",
            trace=trace,
        )

    return Row(
        id=f"review:{review.id}" if review else f"review-of:{case.id}",
        values={
            "case": case.ref,
            "owner": case.owner,
            "live": stated(case.starts_on or case.approved_on, "no start is stated"),
            "due": stated(case.review_on, "no review is planned"),
            "state": each.state,
            "reviewed_on": review.on if review else Missing("it is not reviewed yet"),
            "by": review.by if review else None,
            "verdict": review.verdict if review else None,
            "promised": figure(each.promised.cost, each.promised.why),
            "actual": figure(each.delivered.cost, each.delivered.why),
            "promised_cash": figure(each.promised.cash, each.promised.why),
            "delivered_cash": figure(each.delivered.cash, each.delivered.why),
            "text": review.text if review else None,
        },
        opens=case.ref,
        state=each.state,
    )


def _metrics(judged: Sequence[Judged], *, early: bool) -> Section:
    rows = []
    for each in judged:
        for metric in each.case.metrics:
            if metric.early_signal is not early:
                continue
            unit = f" {metric.unit}" if metric.unit else ""
            rows.append(
                Row(
                    id=f"metric:{metric.id}",
                    values={
                        "case": each.case.ref,
                        "metric": metric.name,
                        "measure": metric.measure,
                        "baseline": None if metric.baseline is None else f"{metric.baseline}{unit}",
                        "target": None if metric.target is None else f"{metric.target}{unit}",
                        "actual": None if metric.actual is None else f"{metric.actual}{unit}",
                        "due": stated(metric.due_on, "no day is set"),
                        "read_on": stated(metric.read_on, "it has not been read yet"),
                    },
                    opens=each.case.ref,
                )
            )
    read = sum(row.values["actual"] is not None for row in rows)
    what = "early signal" if early else "result"
    return Section(
        key="signals" if early else "results",
        title="Early signals" if early else "Results",
        sentence=f"{read} of {count(len(rows), what)} have been read"
        + (": a signal says where it is heading, not that the promise is kept." if early else "."),
        columns=(
            Column(key="case", label="Business case", kind=ValueKind.REF, primary=True),
            Column(key="metric", label="Metric"),
            Column(key="measure", label="Measure"),
            Column(key="baseline", label="Baseline"),
            Column(key="target", label="Target"),
            Column(key="actual", label="Reads"),
            Column(key="due", label="Due", kind=ValueKind.DATE),
            Column(key="read_on", label="Read on", kind=ValueKind.DATE),
        ),
        rows=tuple(rows),
    )


def _uncovered(facts: CaseFacts, covered: Covered) -> Section:
    by_tool: dict[int, list[SpendFact]] = defaultdict(list)
    for cell in covered.uncovered:
        by_tool[cell.tool_id or 0].append(cell)
    sums = {
        tool_id: (sum(cell.minor for cell in cells), sum(cell.lines for cell in cells))
        for tool_id, cells in by_tool.items()
    }
    whole = sum(minor for minor, _ in sums.values())
    rows = []
    for tool_id, (minor, lines) in sorted(sums.items(), key=lambda each: (-each[1][0], each[0])):
        name, category = facts.tools.get(tool_id, (f"tool {tool_id}", "unknown"))
        rows.append(
            Row(
                id=f"uncovered:{tool_id}",
                values={
                    "tool": Ref(kind="tool", id=tool_id, label=name),
                    "spent": Amount(
                        currency=facts.currency,
                        minor=minor,
                        origins=lines,
                        trace=Trace(lines=facts.lines_of(by_tool[tool_id])),
                    ),
                    "share": Ratio(numerator=minor, denominator=whole or None),
                },
                category=category,
            )
        )
    return Section(
        key="uncovered",
        title="Spend that no business case covers",
        sentence=f"{money(whole, facts.currency)} of this fiscal year on {count(len(rows), 'tool')}, largest first.",
        columns=(
            Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
            Column(key="spent", label="Spent this year", kind=ValueKind.MONEY, summed=True),
            Column(key="share", label="Share", kind=ValueKind.RATIO),
        ),
        rows=tuple(rows),
    )
