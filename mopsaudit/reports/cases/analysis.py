"""Judges promises: kept, broken, missing (PRODUCT.md §4.4, *Approved vs delivered*). Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mopsaudit.facts.returns import Outcome
from mopsaudit.facts.wording import count, day, listed, money, percent
from mopsaudit.periods import fiscal_year_name
from mopsaudit.reporting import (
    Amount,
    Confidence,
    Coverage,
    Finding,
    Headline,
    Plot,
    Ratio,
    Report,
    Row,
    Series,
    Threshold,
    Trace,
    Value,
    band_of,
    ranked,
    stated,
)
from mopsaudit.reports.cases.arithmetic import (
    HITS_FROM,
    Covered,
    Judged,
    Side,
    cover,
    hit_rate,
    judge,
    roi_percent,
    romi,
)
from mopsaudit.reports.cases.facts import CaseFacts, SpendFact
from mopsaudit.reports.cases.tables import COLUMNS, sections


def analyse(facts: CaseFacts) -> Report:
    """The report: a row per case, approved against delivered, and what no case covers."""
    covered = cover(facts)
    judged = judge(facts, covered)
    uncovered = sum(cell.minor for cell in covered.uncovered)
    shown = bool(judged or covered.uncovered)
    return Report(
        name="cases",
        title="Approved vs delivered",
        as_of=facts.as_of,
        unit=facts.unit,
        currency=facts.currency,
        answer=_answer(facts, judged, covered),
        headlines=_headlines(facts, judged, covered) if shown else (),
        columns=COLUMNS,
        rows=tuple(_row(facts, each, covered) for each in judged),
        findings=ranked(_findings(facts, judged, covered, uncovered)),
        sections=sections(facts, judged, covered) if shown else (),
        coverage=_coverage(facts, judged, covered),
        thresholds=(
            Threshold(key="discount_rate_percent", label="Discount rate", value=f"{facts.rate} % a year"),
            Threshold(
                key="deviation",
                label="Over cost from",
                value=f"{money(facts.deviation_minor, facts.currency)} and {facts.deviation_percent} %",
            ),
            Threshold(key="hit_rate", label="Hit rate shown from", value=f"{HITS_FROM} closed cases"),
        ),
        plots=_plots(facts, judged),
        empty=None
        if shown
        else "Write a business case on a tool: who, why, what, how, then what, with cost and benefit by month.",
    )


def _known(judged: Sequence[Judged]) -> list[Judged]:
    return [each for each in judged if each.case.approved]


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _answer(facts: CaseFacts, judged: Sequence[Judged], covered: Covered) -> str:
    approved = _known(judged)
    bare = sum(cell.minor for cell in covered.uncovered)
    spent = _year_cost(facts)
    share = f" ({percent(Decimal(100) * bare / spent)} of this year's tool spend)" if spent else ""
    rest = (
        f"{money(bare, facts.currency)}{share} has no business case"
        if covered.uncovered
        else "all tool spend this year has a business case"
    )
    if not approved:
        start = "No business case is approved yet" if judged else "There is no business case yet"
        return f"{start}; {rest}." if spent else f"{start}."
    cost = money(_sum([each.delivered.cost for each in approved]), facts.currency)
    promised = money(_sum([each.to_date.cost for each in approved]), facts.currency)
    cash = money(_sum([each.delivered.cash for each in approved]), facts.currency)
    cash_promised = money(_sum([each.to_date.cash for each in approved]), facts.currency)
    text = (
        f"{count(len(approved), 'approved case')} cost {cost} to date against {promised} promised and brought {cash} "
        f"in cash against {cash_promised}"
    )
    return f"{text}; {rest}." if spent else f"{text}."


def _year_cost(facts: CaseFacts) -> int:
    months = facts.year.months
    return sum(
        cell.minor
        for cell in facts.spend
        if cell.tool_id is not None and cell.tool_cost and cell.month in months
    )


def _trace(facts: CaseFacts, cells: Sequence[SpendFact], case_id: int | None = None) -> Trace:
    """The lines of some cells where a query selects exactly them; a case's page lists its spend besides."""
    return Trace(lines=facts.lines_of(cells), cases=(case_id,) if case_id is not None else ())


def _row(facts: CaseFacts, each: Judged, covered: Covered) -> Row:
    case = each.case
    trace = _trace(facts, covered.by_case.get(case.id, []), case.id)
    own = Trace(cases=(case.id,))

    def figure(minor: int | None, why: str | None, *, spend: bool = False) -> Amount:
        return Amount(
            currency=facts.currency,
            minor=minor,
            origins=each.origins if spend else len(case.promised),
            why=why or "not known",
            basis="imports" if spend else "case",
            trace=trace if spend else own,
        )

    values: dict[str, Value] = {
        "case": case.ref,
        "status": case.status,
        "owner": case.owner,
        "tool": case.tool,
        "vendor": case.vendor,
        "category": case.category,
        "unit": case.unit,
        "approved_on": case.approved_on,
        "promised_cost": figure(each.promised.cost, each.promised.why),
        "promised_to_date": figure(each.to_date.cost, each.to_date.why),
        "actual_cost": figure(each.delivered.cost, "it names neither a tool nor a vendor", spend=True),
        "cost_variance": figure(each.cost_variance, each.to_date.why),
        "promised_cash": figure(each.to_date.cash, each.to_date.why),
        "delivered_cash": figure(each.delivered.cash, each.delivered.why),
        "promised_non_cash": figure(each.to_date.non_cash, each.to_date.why),
        "delivered_non_cash": figure(each.delivered.non_cash, each.delivered.why),
        "roi_promised": _roi(each.promised),
        "roi_delivered": _roi(each.delivered),
        "romi_promised": _romi(each.promised, case.margin_ppm),
        "romi_delivered": _romi(each.delivered, case.margin_ppm),
        "npv": figure(
            None if each.npv is None else int(each.npv.to_integral_value()), each.why or "no cash flows"
        ),
        "irr": _told(each.irr, scale=100),
        "payback": _told(each.payback),
        "tco": figure(each.tco, "a contract line without a price, a rate or a known rise"),
        "review_on": None if case.status == "closed" else stated(case.review_on, "no review is planned"),
        "verdict": case.review.verdict if case.review else None,
    }
    return Row(id=f"case:{case.id}", values=values, opens=case.ref, category=case.category, state=case.status)


def _roi(side: Side) -> Value:
    """In percent; n/a where nothing was spent, unknown where cost or benefit is."""
    if side.cost == 0:
        return "n/a"
    return stated(roi_percent(side), side.why or "cost or benefit is not known")


def _romi(side: Side, margin_ppm: int | None) -> Value:
    """In percent; n/a without spend or revenue, unknown where cost, revenue or its margin is."""
    if side.cost == 0 or side.revenue == 0:
        return "n/a"
    return stated(romi(side, margin_ppm), side.why or "cost, revenue or its margin is not known")


def _told(outcome: Outcome, *, scale: int = 1) -> Decimal | str:
    """Two decimals, or why there is no figure (*never* is an answer)."""
    return outcome.why or "n/a" if outcome.value is None else round(scale * outcome.value, 2)


def _headlines(facts: CaseFacts, judged: Sequence[Judged], covered: Covered) -> tuple[Headline, ...]:
    approved = _known(judged)
    cells = [cell for found in covered.by_case.values() for cell in found]
    rate = hit_rate([each.case for each in judged])
    closed = sum(each.case.status == "closed" for each in judged)

    def summed(values: Sequence[int | None], trace: Trace, origins: int) -> Amount:
        return Amount(
            currency=facts.currency, minor=_sum(values), origins=origins, why="no approved case", trace=trace
        )

    own = Trace(cases=tuple(each.case.id for each in approved))
    bare = covered.uncovered
    return (
        Headline(
            key="promised_cost",
            label="Promised cost to date",
            value=summed([each.to_date.cost for each in approved], own, len(approved)),
            what="Of approved cases, through the as-of month.",
        ),
        Headline(
            key="actual_cost",
            label="Actual cost to date",
            value=summed(
                [each.delivered.cost for each in approved], _trace(facts, cells), sum(c.lines for c in cells)
            ),
            what="From imports, in the months of the case: the tool and services around it.",
        ),
        Headline(
            key="uncovered",
            label="Without a business case",
            value=Amount(
                currency=facts.currency,
                minor=sum(cell.minor for cell in bare),
                origins=sum(cell.lines for cell in bare),
                trace=_trace(facts, bare),
            ),
            what="Tool spend of this fiscal year that no approved case covers.",
            tone="warn" if bare else "good",
            opens="lines",
        ),
        Headline(
            key="hit_rate",
            label="Promises kept",
            value=Ratio(numerator=rate[0], denominator=rate[1])
            if rate
            else f"shown from {HITS_FROM} closed cases on, {closed} so far",
            what="Closed and reviewed cases whose promise was kept.",
        ),
    )


def _findings(facts: CaseFacts, judged: Sequence[Judged], covered: Covered, uncovered: int) -> list[Finding]:
    found = []
    for each in judged:
        case = each.case
        trace = _trace(facts, covered.by_case.get(case.id, []), case.id)
        promised, actual = each.to_date.cost, each.delivered.cost
        if case.approved and promised is not None and actual is not None:
            over = actual - promised
            if over > facts.deviation_minor and over * 100 > promised * facts.deviation_percent:
                sentence = (
                    f"{case.title} cost {money(actual, facts.currency)} to date, {money(over, facts.currency)} more "
                    "than its approved case."
                )
                found.append(
                    _finding(facts, f"over-cost-{case.id}", "case-over-cost", sentence, over, trace, each)
                )
        due = case.review_on if case.status == "approved" and case.review_open else None
        if due is not None and due <= facts.as_of:
            owner = case.owner.label if case.owner else "Nobody"
            sentence = f"The review of {case.title} was due on {day(due)}; {owner} owns it."
            found.append(_finding(facts, f"review-{case.id}", "review-due", sentence, 0, trace, each, due))
    if uncovered and facts.cases:
        names = sorted({facts.tools[cell.tool_id or 0][0] for cell in covered.uncovered})
        year = fiscal_year_name(facts.year)
        sentence = f"{money(uncovered, facts.currency)} of {year} on {listed(names)} has no business case."
        found.append(
            _finding(
                facts,
                f"uncovered-{year}",
                "uncovered",
                sentence,
                uncovered,
                _trace(facts, covered.uncovered),
                None,
            )
        )
    return found


_STEPS = {
    "case-over-cost": "Ask the owner whether the scope changed; have the change approved or the cost brought back.",
    "review-due": "Review the case: was the promise kept, partly or not?",
    "uncovered": "Write a case for the largest of them, or decide to end it.",
}


def _finding(
    facts: CaseFacts,
    key: str,
    kind: str,
    sentence: str,
    minor: int,
    trace: Trace,
    each: Judged | None,
    due: date | None = None,
) -> Finding:
    """A broken promise is no saving: it has no bearer and adds nothing to what is at stake."""
    case = each.case if each else None
    return Finding(
        id=f"cases-{key}",
        kind=kind,
        sentence=sentence,
        tools=(case.tool,) if case and case.tool else (),
        vendor=case.vendor if case else None,
        unit=facts.unit,
        amount=Amount(currency=facts.currency, minor=minor, trace=trace, basis="imports"),
        recoverable=Amount(currency=facts.currency, minor=0, basis="a deviation, not a saving"),
        due=due,
        band=band_of(due, facts.as_of),
        confidence=Confidence.HIGH,
        next_step=_STEPS[kind],
        evidence={
            "amount": Amount(currency=facts.currency, minor=minor).to_json() if minor else None,
            "status": case.status if case else None,
        },
        facts=(key, str(minor)),
    )


def _coverage(facts: CaseFacts, judged: Sequence[Judged], covered: Covered) -> Coverage:
    approved = _known(judged)
    spent = _year_cost(facts)
    bare = sum(cell.minor for cell in covered.uncovered)
    priced = sum(each.to_date.why is None for each in approved)
    unconverted = sum(1 for cell in facts.spend if cell.unconverted)
    share = (
        f"{percent(Decimal(100) * (spent - bare) / spent)} of tool spend covered"
        if spent
        else "no tool spend"
    )
    sentence = (
        f"As of {day(facts.as_of)}: {count(len(judged), 'case')}, {len(approved)} approved, "
        f"{priced} of them with figures that could all be worked out · {share}"
    )
    if unconverted:
        sentence += f" · {count(unconverted, 'sum')} without an exchange rate left out"
    return Coverage(
        sentence=sentence + ".",
        parts={
            "cases": len(judged),
            "approved": len(approved),
            "with_figures": priced,
            "tool_spend": Amount(currency=facts.currency, minor=spent),
            "covered": Ratio(numerator=spent - bare, denominator=spent or None),
            "unconverted": unconverted,
        },
    )


def _plots(facts: CaseFacts, judged: Sequence[Judged]) -> tuple[Plot, ...]:
    shown = [each for each in _known(judged) if each.to_date.cost is not None][:12]
    if not shown:
        return ()
    return (
        Plot(
            kind="grouped",
            title="Cost to date, promised and actual",
            labels=tuple(each.case.title for each in shown),
            series=(
                Series(
                    key="promised",
                    label="Promised",
                    values=tuple(each.to_date.cost for each in shown),
                    colour="muted",
                ),
                Series(key="actual", label="Actual", values=tuple(each.delivered.cost for each in shown)),
            ),
            axis=facts.currency,
            currency=facts.currency,
            categories=tuple(each.case.category for each in shown),
        ),
    )
