"""Judges the year: where it lands against plan, what is late, unbudgeted, unexplained (PRODUCT.md §4.4). Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mopsaudit.facts.invoiced import budget_load
from mopsaudit.facts.wording import count, day, listed, money, month, percent
from mopsaudit.periods import fiscal_year_name, month_of
from mopsaudit.reporting import (
    Amount,
    Confidence,
    Coverage,
    Finding,
    Headline,
    LineFilter,
    Report,
    Row,
    Threshold,
    Trace,
    Value,
    ranked,
)
from mopsaudit.reports.budget.arithmetic import LineResult, late_year, settle
from mopsaudit.reports.budget.backtest import tried_on_last_year, words_of
from mopsaudit.reports.budget.beside import COUNTED_TYPES, amount
from mopsaudit.reports.budget.bridge import Compared
from mopsaudit.reports.budget.by_month import curve_plot, month_plot, month_section, months_of_year
from mopsaudit.reports.budget.facts import BudgetFacts
from mopsaudit.reports.budget.movement import bridge_plot, bridge_sections, compared_with, steps_of
from mopsaudit.reports.budget.tables import COLUMNS, sections, traces_of

#: The sign of variances, said wherever they stand.
SIGN = "plan less actual: positive is favourable, under plan"


def analyse(facts: BudgetFacts, between: Compared | None = None) -> Report:
    """The report: one row per budget line, then what no line fits. ``between`` is what the bridge leads between."""
    between = between or Compared()
    results = settle(facts)
    steps = steps_of(facts, results, between)
    shown = bool(facts.lines or results)
    traces = traces_of(facts, results)
    months = months_of_year(facts, results)
    rows = tuple(_row(facts, result, traces[_key(result)]) for result in results)
    return Report(
        name="budget",
        title="Budget",
        as_of=facts.as_of,
        unit=facts.unit,
        currency=facts.currency,
        answer=_answer(facts, results),
        headlines=_headlines(facts, results) if shown else (),
        columns=COLUMNS,
        rows=rows,
        findings=ranked(_findings(facts, results, traces)),
        sections=(
            month_section(facts, months),
            *bridge_sections(facts, between, steps),
            *sections(facts, results),
        )
        if shown
        else (),
        coverage=_coverage(facts, results),
        thresholds=(
            *_thresholds(facts),
            Threshold(
                key="compared_with",
                label="What moved is told against",
                value=compared_with(between),
            ),
        ),
        plots=(*month_plot(facts, months), *curve_plot(facts, results), *bridge_plot(facts, between, steps))
        if shown
        else (),
        empty=None
        if shown
        else "Import a budget workbook (a line per cost centre or tool, a column per month) and a spend ledger.",
    )


def _no_plan(facts: BudgetFacts) -> Amount:
    name = fiscal_year_name(facts.year)
    return Amount(currency=facts.currency, minor=None, why=f"there is no budget for {name}")


def _key(result: LineResult) -> int | None:
    return result.line.id if result.line else None


def _row(facts: BudgetFacts, result: LineResult, trace: Trace) -> Row:
    line = result.line
    origins = result.tally.origins

    def figure(minor: int, *, spend: bool = False) -> Amount:
        return amount(
            facts, minor, trace=trace, origins=origins if spend else len(trace.budget_lines) + origins
        )

    unplanned = _no_plan(facts) if facts.version is None else figure(0)
    reason = next((each for each in facts.reasons if line and each.line_id == line.id), None)
    values: dict[str, Value] = {
        "line": line.label if line else "Unbudgeted",
        "unit": line.unit if line else None,
        "tool": line.tool if line else None,
        "holder": line.holder if line else None,
        "plan": figure(result.plan) if line else unplanned,
        "actual": figure(result.actual, spend=True),
        "committed": amount(facts, result.committed, trace=trace, origins=len(result.tally.commitments)),
        "late": amount(facts, result.late, trace=trace, origins=result.late_count),
        "expected": figure(result.expected),
        "forecast": figure(result.forecast),
        "method": result.method,
        "tested": words_of(tried_on_last_year(facts, result)),
        "available": figure(result.available) if line or facts.version else unplanned,
        "headroom": figure(result.headroom) if line or facts.version else unplanned,
        "to_date": figure(result.to_date) if line or facts.version else unplanned,
        "full_year": figure(result.full_year) if line or facts.version else unplanned,
        "percent": _share(result.full_year, result.plan),
        "currency_effect": figure(result.currency_effect)
        if result.currency_effect is not None
        else Amount(currency=facts.currency, minor=None, why="no budget rate for the currencies spent"),
        "volume": figure(result.volume)
        if result.volume is not None
        else Amount(currency=facts.currency, minor=None, why="no budget rate for the currencies spent"),
        "closed_through": month(result.closed),
        "reason": f"{reason.reason} ({reason.by or 'unknown'}, {day(reason.on)})"
        if reason
        else "unexplained"
        if _deviates(facts, result)
        else "",
    }
    return Row(
        id=f"budget_line:{line.id}" if line else "unbudgeted",
        values=values,
        state="over plan" if result.full_year < 0 else "within plan",
    )


def _share(variance: int, plan: int) -> Decimal | str:
    """Variance in percent of plan; n/a for a plan of zero."""
    return "n/a" if plan == 0 else round(Decimal(100) * variance / plan, 2)


def _deviates(facts: BudgetFacts, result: LineResult) -> bool:
    """Whether a deviation wants a reason: above amount and percentage, either way, to date or over the year."""
    if result.line is None:
        return False
    pairs = ((result.to_date, result.plan_to_date), (result.full_year, result.plan))
    return any(
        abs(variance) > facts.deviation_minor and abs(variance) * 100 > abs(plan) * facts.deviation_percent
        for variance, plan in pairs
    )


def _total(results: Sequence[LineResult], key: str) -> int:
    return sum(getattr(result, key) for result in results)


def _answer(facts: BudgetFacts, results: Sequence[LineResult]) -> str:
    name = fiscal_year_name(facts.year)
    if not results:
        return f"There is neither a budget for {name} nor anything invoiced or owed in it."
    actual, committed = _total(results, "actual"), _total(results, "committed")
    forecast = _total(results, "forecast")
    if facts.version is None:
        return (
            f"There is no budget for {name}; {money(actual, facts.currency)} is invoiced, "
            f"{money(committed, facts.currency)} is owed, and the year lands at {money(forecast, facts.currency)}."
        )
    plan = _total(results, "plan")
    headroom = plan - forecast
    against = (
        "exactly on"
        if headroom == 0
        else f"{money(abs(headroom), facts.currency)} {'under' if headroom > 0 else 'over'}"
    )
    available = plan - actual - committed
    rest = (
        f"{money(available, facts.currency)} is still uncommitted"
        if available >= 0
        else f"{money(-available, facts.currency)} more than planned is already invoiced or owed"
    )
    status = "" if facts.version.status == "locked" else " (a draft, not approved)"
    return (
        f"{name} lands at {money(forecast, facts.currency)}, {against} the plan of "
        f"{money(plan, facts.currency)}{status}; {rest}."
    )


def _headlines(facts: BudgetFacts, results: Sequence[LineResult]) -> tuple[Headline, ...]:
    plan = _total(results, "plan")
    budget = tuple(line.id for line in facts.lines)
    everything = Trace(
        lines=None
        if facts.basis == "accrual" or facts.part_month
        else LineFilter(
            spend_types=COUNTED_TYPES,
            month_from=month_of(facts.year.start),
            month_until=min(month_of(facts.year.end), month_of(facts.as_of) + 1),
        ),
        budget_lines=budget,
    )
    origins = sum(result.tally.origins for result in results)
    known = facts.version is not None
    forecast = _total(results, "forecast")
    available = plan - _total(results, "actual") - _total(results, "committed")
    return (
        Headline(
            key="plan",
            label="Budget (approved)"
            if known and facts.version and facts.version.status == "locked"
            else "Budget",
            value=Amount(
                currency=facts.currency, minor=plan, origins=len(budget), trace=Trace(budget_lines=budget)
            )
            if known
            else _no_plan(facts),
            what="The plan of the year, transfers included.",
        ),
        Headline(
            key="actual",
            label="Invoiced" if facts.basis == "invoiced" else "Accrued",
            value=amount(facts, _total(results, "actual"), trace=everything, origins=origins),
            what="Net, up to the as-of month, open months too.",
            opens="lines" if facts.basis == "invoiced" else "table",
        ),
        Headline(
            key="forecast",
            label="Forecast",
            value=amount(facts, forecast, trace=everything, origins=origins),
            what="Invoiced + open commitments + expected.",
            tone="bad" if known and forecast > plan else "plain",
        ),
        Headline(
            key="available",
            label="Uncommitted",
            value=amount(facts, available, trace=everything, origins=origins) if known else _no_plan(facts),
            what="Plan − invoiced − open commitments.",
            tone="bad" if known and available < 0 else "plain",
        ),
    )


def _findings(
    facts: BudgetFacts, results: Sequence[LineResult], traces: Mapping[int | None, Trace]
) -> list[Finding]:
    found = []
    nothing = Amount(currency=facts.currency, minor=0, basis="a deviation, not a saving")
    for result in results:
        trace = traces[_key(result)]
        name = result.line.label if result.line else "Unbudgeted"
        key = str(result.line.id) if result.line else "none"
        explained = any(result.line and each.line_id == result.line.id for each in facts.reasons)
        if _deviates(facts, result) and not explained:
            side = "under" if result.full_year >= 0 else "over"
            share = percent(abs(Decimal(100 * result.full_year) / result.plan)) if result.plan else "n/a"
            sentence = (
                f"{name} lands {money(abs(result.full_year), facts.currency)} ({share}) {side} plan; to date "
                f"{money(abs(result.to_date), facts.currency)} {'under' if result.to_date >= 0 else 'over'}. "
                "Nobody has said why."
            )
            found.append(
                _finding(facts, f"deviation:{key}", "deviation", sentence, result.full_year, trace, nothing)
            )
        if result.late_count:
            who = sorted({each.label for each in result.tally.commitments if not each.expected})
            sentence = (
                f"{money(result.late, facts.currency)} of {listed(who)} was due by {month(result.closed)} and is "
                "not invoiced yet."
            )
            found.append(
                _finding(facts, f"late:{key}", "late-commitment", sentence, result.late, trace, nothing)
            )
        last = late_year(result.tally, list(facts.year.months), facts.late_year_percent)
        if last is not None:
            sentence = (
                f"{name}: {money(last[0], facts.currency)} in the last month of the year against "
                f"{money(last[1], facts.currency)} a month before, contracts left out."
            )
            found.append(_finding(facts, f"late-year:{key}", "late-year", sentence, last[0], trace, nothing))
        if result.line is None and facts.version is not None and result.actual:
            sentence = f"{money(result.actual, facts.currency)} is spent where no budget line fits."
            found.append(_finding(facts, "unbudgeted", "unbudgeted", sentence, result.actual, trace, nothing))
    return found


_STEPS = {
    "deviation": "Ask the budget holder for the reason and record it on the line.",
    "late-commitment": "Ask the vendor for the invoice, or allocate the one that waits.",
    "late-year": "Open the lines and ask what the money was for.",
    "unbudgeted": "Place the lines on a budget line, or transfer budget to a new one.",
}


def _finding(
    facts: BudgetFacts, key: str, kind: str, sentence: str, minor: int, trace: Trace, nothing: Amount
) -> Finding:
    """A deviation has no bearer: it is not money to be saved and never adds to what is at stake."""
    year = fiscal_year_name(facts.year)
    return Finding(
        id=f"budget-{key}-{year}".replace(":", "-"),
        kind=kind,
        sentence=sentence,
        unit=facts.unit,
        amount=Amount(currency=facts.currency, minor=abs(minor), trace=trace, basis=facts.basis),
        recoverable=nothing,
        confidence=Confidence.HIGH,
        next_step=_STEPS[kind],
        evidence={
            "variance": Amount(currency=facts.currency, minor=minor).to_json(),
            "basis": facts.basis,
            "year": year,
        },
        facts=(key, year, str(minor)),
    )


def _coverage(facts: BudgetFacts, results: Sequence[LineResult]) -> Coverage:
    booked = [cell for cell in facts.cells if cell.month is not None]
    total = sum(cell.lines for cell in facts.cells)
    undated = sum(cell.lines for cell in facts.cells if cell.month is None)
    unnamed = sum(cell.lines for cell in booked if not cell.has_supplier)
    unconverted = sorted(
        {cell.currency for cell in facts.cells if cell.unconverted}
        | {line.currency for line in facts.lines if line.unconverted}
    )
    on_budget = sum(result.actual for result in results if result.line)
    spent = sum(result.actual for result in results)
    joined = f"{percent(Decimal(100) * on_budget / spent)} of spend on a budget line" if spent else "no spend"
    closed = month(facts.closed_default) + (
        " (assumed: nobody closed a month)" if facts.closed_assumed else ""
    )
    by_name = sum(result.tally.by_name for result in results)
    followed = sum(result.tally.followed for result in results)
    parts = [f"As of {day(facts.as_of)}: {joined}"]
    if facts.version is None:
        parts.append(f"no budget for {fiscal_year_name(facts.year)}")
    if by_name:
        parts.append(
            f"{count(by_name, 'line')} placed by tool or vendor alone: no cost centre or account stated"
        )
    if followed:
        parts.append(f"{count(followed, 'commitment')} placed where the tool's invoices stand")
    parts += [f"closed through {closed}", count(total, "spend line")]
    if undated:
        parts.append(f"{undated:,} undated")
    if unnamed:
        parts.append(f"{unnamed:,} without a supplier")
    if unconverted:
        parts.append(f"no rate for {listed(unconverted)}")
    if facts.credits:
        parts.append(f"{count(len(facts.credits), 'credit')} for an earlier year")
    waiting = facts.waits.count
    if waiting:
        parts.append(f"{count(waiting, 'invoice')} waiting to be allocated")
    return Coverage(
        sentence=" · ".join(parts) + ".",
        parts={
            "lines": total,
            "placed_by_name": by_name,
            "placed_by_name_amount": Amount(
                currency=facts.currency, minor=sum(result.tally.by_name_minor for result in results)
            ),
            "placed_as_invoices": followed,
            "undated": undated,
            "no_supplier": unnamed,
            "unconverted_currencies": ", ".join(unconverted),
            "waiting": waiting,
            "earlier_credits": len(facts.credits),
            "has_budget": facts.version is not None,
            "possibly_counted_twice": Amount(currency=facts.currency, minor=facts.possibly_twice),
            "closed_through": month(facts.closed_default),
            "closed_assumed": facts.closed_assumed,
            "budget_load": Amount(
                currency=facts.currency, minor=budget_load([facts.without_order], facts.orders)
            ),
        },
    )


def _version(facts: BudgetFacts) -> str:
    """Which version the report speaks of: its name and when and by whom it was locked, or that it is a draft."""
    version = facts.version
    if version is None:
        return "none for this year"
    if version.locked_on is None:
        return f"{version.name} ({version.status})"
    by = f" by {version.locked_by}" if version.locked_by else ""
    why = f"; revised: {version.reason}" if version.reason else ""
    return f"{version.name} (locked {day(version.locked_on)}{by}{why})"


def _thresholds(facts: BudgetFacts) -> tuple[Threshold, ...]:
    spreading = "by days" if facts.by_days else "in equal months"
    return (
        Threshold(key="version", label="Budget", value=_version(facts)),
        Threshold(
            key="basis",
            label="Basis",
            value=facts.basis + (f", spread {spreading}" if facts.basis == "accrual" else ""),
        ),
        Threshold(key="sign", label="Variances", value=SIGN),
        Threshold(
            key="deviation",
            label="A reason is wanted above",
            value=f"{money(facts.deviation_minor, facts.currency)} and {facts.deviation_percent} %",
        ),
        Threshold(
            key="commitment",
            label="An invoice settles a commitment of the same tool",
            value=f"within {facts.amount_percent} % and {facts.window_days} days",
        ),
        Threshold(
            key="late_year",
            label="Late-year spend above",
            value=f"{facts.late_year_percent} % of the average month",
        ),
        Threshold(key="rate_kind", label="Rates", value=f"{facts.rate_kind}; plans at the budget rate"),
    )
