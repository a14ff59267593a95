"""Tables of the budget report: columns, commitments, waiting invoices, what stands beside the totals. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from mopsaudit.facts.invoiced import budget_load
from mopsaudit.facts.wording import count, money, month, percent
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Column, LineFilter, Ratio, Row, Section, Trace, ValueKind, stated
from mopsaudit.reports.budget.arithmetic import LineResult, is_late, open_base
from mopsaudit.reports.budget.backtest import tested
from mopsaudit.reports.budget.beside import amount, buckets, named, schedule, unbudgeted, waiting
from mopsaudit.reports.budget.facts import BudgetFacts, Cell

COLUMNS: Final = (
    Column(key="line", label="Budget line", primary=True),
    Column(key="unit", label="Unit", wide=True),
    Column(key="tool", label="Tool", kind=ValueKind.REF, wide=True),
    Column(key="holder", label="Budget holder", kind=ValueKind.REF, wide=True),
    Column(key="plan", label="Budget", kind=ValueKind.MONEY, summed=True),
    Column(key="actual", label="Invoiced", kind=ValueKind.MONEY, summed=True),
    Column(key="committed", label="Open commitments", kind=ValueKind.MONEY, summed=True),
    Column(key="late", label="Of these late", kind=ValueKind.MONEY, summed=True, wide=True),
    Column(key="expected", label="Expected", kind=ValueKind.MONEY, summed=True, wide=True),
    Column(key="forecast", label="Forecast", kind=ValueKind.MONEY, summed=True),
    Column(key="method", label="Forecast from", wide=True),
    Column(
        key="tested",
        label="Same method, last year",
        what="What it would have said at this point last year, against what came.",
        wide=True,
    ),
    Column(key="available", label="Uncommitted", kind=ValueKind.MONEY, summed=True, wide=True),
    Column(key="headroom", label="Headroom", kind=ValueKind.MONEY, summed=True, wide=True),
    Column(
        key="to_date",
        label="Variance to date",
        kind=ValueKind.MONEY,
        what="Plan − invoiced over the closed months; positive is under plan.",
        summed=True,
    ),
    Column(
        key="full_year",
        label="Variance, full year",
        kind=ValueKind.MONEY,
        what="Plan − forecast; positive is under plan.",
        summed=True,
    ),
    Column(key="percent", label="Variance %", kind=ValueKind.NUMBER, wide=True),
    Column(
        key="currency_effect",
        label="Of it currency",
        kind=ValueKind.MONEY,
        what="Value at the budget rate − booked value, over the closed months.",
        wide=True,
    ),
    Column(key="volume", label="Of it volume", kind=ValueKind.MONEY, wide=True),
    Column(key="closed_through", label="Closed through", wide=True),
    Column(key="reason", label="Reason"),
)


def traces_of(facts: BudgetFacts, results: Sequence[LineResult]) -> dict[int | None, Trace]:
    """The way down from each row (None: unbudgeted): its budget line, what is owed, and the lines of its spend."""
    now = month_of(facts.as_of)
    by_tool: dict[int, list[Cell]] = defaultdict(list)
    for cell in facts.cells:
        if cell.month is not None and cell.month <= now:
            by_tool[cell.tool_id or 0].append(cell)
    found: dict[int | None, Trace] = {}
    for result in results:
        owed = result.tally.commitments
        key = result.line.id if result.line else None
        found[key] = Trace(
            lines=_filter_of(facts, result, by_tool),
            budget_lines=(key,) if key is not None else (),
            contract_lines=tuple(
                sorted({each.contract_line_id for each in owed if each.contract_line_id is not None})
            ),
            instalments=tuple(sorted(each.instalment_id for each in owed if each.instalment_id is not None)),
            order_lines=tuple(sorted(each.order_line_id for each in owed if each.order_line_id is not None)),
        )
    return found


def _filter_of(
    facts: BudgetFacts, result: LineResult, by_tool: Mapping[int, Sequence[Cell]]
) -> LineFilter | None:
    """The filter of a line's key if it selects exactly the cells that joined the line; else None."""
    mine = result.tally.cells
    if not mine or facts.basis == "accrual" or facts.part_month:
        return None
    line = result.line
    wanted = LineFilter(
        tool_ids=tuple(sorted({cell.tool_id or 0 for cell in mine})),
        spend_types=tuple(sorted({cell.spend_type or "" for cell in mine})),
        cost_centres=_stated(line.cost_centre if line else None, (cell.cost_centre for cell in mine)),
        gl_accounts=_stated(line.gl_account if line else None, (cell.gl_account for cell in mine)),
        month_from=month_of(facts.year.start),
        month_until=month_of(facts.as_of) + 1,
    )
    ours = {id(cell) for cell in mine}
    others = (cell for tool in wanted.tool_ids for cell in by_tool.get(tool, ()) if id(cell) not in ours)
    return None if any(_selects(wanted, cell) for cell in others) else wanted


def _stated(named: str | None, stated: Iterable[str | None]) -> tuple[str, ...]:
    """What the line names, where all its lines state it; else nothing to select by."""
    return (named,) if named and all(each == named for each in stated) else ()


def _selects(wanted: LineFilter, cell: Cell) -> bool:
    return (
        (cell.spend_type or "") in wanted.spend_types
        and (not wanted.cost_centres or cell.cost_centre in wanted.cost_centres)
        and (not wanted.gl_accounts or cell.gl_account in wanted.gl_accounts)
    )


def sections(facts: BudgetFacts, results: Sequence[LineResult]) -> tuple[Section, ...]:
    """Totals, open commitments, waiting invoices, accrued and prepaid, pacing, unbudgeted, buckets beside the total."""
    return tuple(
        section
        for section in (
            _totals(facts, results),
            _owed(facts, results),
            waiting(facts),
            schedule(facts),
            tested(facts, results),
            _pacing(facts, results),
            unbudgeted(facts, results),
            buckets(facts),
        )
        if section.rows
    )


_FIGURE: Final = (
    Column(key="figure", label="Figure", primary=True),
    Column(key="amount", label="Amount", kind=ValueKind.MONEY),
    Column(key="how", label="How"),
)


def _totals(facts: BudgetFacts, results: Sequence[LineResult]) -> Section:
    plan = sum(each.plan for each in results)
    actual = sum(each.actual for each in results)
    committed = sum(each.committed for each in results)
    expected = sum(each.expected for each in results)
    forecast = actual + committed + expected
    known = facts.version is not None
    effects = [each.currency_effect for each in results if each.currency_effect is not None]
    figures: list[tuple[str, str, int | None, str]] = [
        ("plan", "Budget", plan if known else None, "sum of the lines, transfers included"),
        ("actual", "Invoiced", actual, "net, up to the as-of month, open months too"),
        ("committed", "Open commitments", committed, "instalments and order lines less what is invoiced on them"),
        ("late", "Of these late", sum(each.late for each in results), "due in a closed month"),
        ("expected", "Expected", expected, "renewals still open, and the run rate or shape of the rest"),
        ("forecast", "Forecast", forecast, "invoiced + open commitments + expected"),
        ("available", "Uncommitted", plan - actual - committed if known else None,
         "plan − invoiced − open commitments"),
        ("headroom", "Headroom", plan - forecast if known else None, "plan − forecast"),
        ("to_date", "Variance to date", sum(each.to_date for each in results) if known else None,
         "plan − invoiced, closed months"),
        ("full_year", "Variance, full year", plan - forecast if known else None, "plan − forecast"),
        ("currency_effect", "Currency effect to date", sum(effects) if effects else None,
         "value at budget rate − booked value"),
        ("budget_load", "Invoiced + open orders", budget_load([facts.without_order], facts.orders),
         "invoices without order + invoices on closed orders + the larger of order and invoices per open order"),
    ]  # fmt: skip
    why = "no budget for the year" if not known else "no budget rate"
    rows = tuple(
        Row(
            id=key,
            values={
                "figure": label,
                "amount": Amount(currency=facts.currency, minor=minor, why=why, basis=facts.basis),
                "how": how,
            },
        )
        for key, label, minor, how in figures
    )
    return Section(
        key="totals",
        title="All figures",
        sentence="Every obligation stands in exactly one of invoiced, open commitments and expected.",
        columns=_FIGURE,
        rows=rows,
    )


def _owed(facts: BudgetFacts, results: Sequence[LineResult]) -> Section:
    rows = []
    late, expected = 0, 0
    for result in results:
        for each in result.tally.commitments:
            left = open_base(facts, each) or 0
            is_behind = is_late(facts, each) and not each.expected
            late += left if is_behind else 0
            expected += left if each.expected else 0
            state = "expected" if each.expected else "late" if is_behind else "open"
            rows.append(
                (
                    each.due_on or date.max,
                    each.key,
                    Row(
                        id=each.key,
                        values={
                            "what": each.label,
                            "tool": named(facts, "tool", each.tool_id),
                            "due": stated(each.due_on, "no day is stated"),
                            "owed": Amount(currency=each.currency, minor=each.minor),
                            "open": amount(
                                facts,
                                left,
                                origins=1,
                                trace=Trace(
                                    contract_lines=(each.contract_line_id,) if each.contract_line_id else (),
                                    instalments=(each.instalment_id,) if each.instalment_id else (),
                                    order_lines=(each.order_line_id,) if each.order_line_id else (),
                                ),
                            ),
                            "state": state,
                            "line": result.line.label if result.line else "Unbudgeted",
                        },
                        state=state,
                    ),
                )
            )
    rows.sort(key=lambda each: (each[0], each[1]))
    behind = f"; {money(late, facts.currency)} should have been invoiced already" if late else ""
    return Section(
        key="commitments",
        title="Open commitments",
        sentence=f"{count(len(rows), 'payment')} still to come, {money(expected, facts.currency)} of it expected "
        f"renewals{behind}.",
        columns=(
            Column(key="what", label="Contract or order", primary=True),
            Column(key="tool", label="Tool", kind=ValueKind.REF),
            Column(key="due", label="Due", kind=ValueKind.DATE),
            Column(key="owed", label="Owed", kind=ValueKind.MONEY),
            Column(key="open", label="Still open", kind=ValueKind.MONEY, summed=True),
            Column(key="state", label="State"),
            Column(key="line", label="Budget line"),
        ),
        rows=tuple(row for _, _, row in rows),
    )


def _pacing(facts: BudgetFacts, results: Sequence[LineResult]) -> Section:
    """How far spend is against the plan's own curve through the closed months."""
    if facts.version is None:
        return Section(key="pacing", title="Pacing", sentence="", columns=(), rows=())
    rows = []
    for result in results:
        if result.line is None or not result.plan:
            continue
        planned = Ratio(numerator=result.plan_to_date, denominator=result.plan)
        spent = Ratio(numerator=result.actual_closed, denominator=result.plan)
        ahead = None
        if result.plan_to_date:
            ahead = Ratio(numerator=result.actual_closed, denominator=result.plan_to_date)
        rows.append(
            Row(
                id=f"budget_line:{result.line.id}",
                values={
                    "line": result.line.label,
                    "through": month(result.closed),
                    "planned": planned,
                    "spent": spent,
                    "pace": ahead,
                },
            )
        )
    plan = sum(each.plan_to_date for each in results)
    spent_minor = sum(each.actual_closed for each in results if each.line)
    pace = percent(Ratio(numerator=spent_minor, denominator=plan).percent)
    return Section(
        key="pacing",
        title="Pacing",
        sentence=f"Through the closed months {pace} of what the plan had for them is spent.",
        columns=(
            Column(key="line", label="Budget line", primary=True),
            Column(key="through", label="Closed through"),
            Column(key="planned", label="Planned by now", kind=ValueKind.RATIO),
            Column(key="spent", label="Spent by now", kind=ValueKind.RATIO),
            Column(key="pace", label="Spent of planned", kind=ValueKind.RATIO),
        ),
        rows=tuple(rows),
    )
