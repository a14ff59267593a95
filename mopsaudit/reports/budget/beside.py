"""What stands beside the budget's rows: waiting invoices, accrued and prepaid, unbudgeted, buckets. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mopsaudit.facts.accrual import Schedule, earned
from mopsaudit.facts.wording import count, listed
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Column, LineFilter, Ratio, Ref, Row, Section, Trace, ValueKind
from mopsaudit.reports.budget.arithmetic import LineResult
from mopsaudit.reports.budget.facts import BudgetFacts
from mopsaudit.words import SpendType

#: Tools whose names the sentence says.
NAMES_SAID: Final = 12
#: Spend types the budget counts; ``""`` is a line whose type nobody has said yet.
COUNTED_TYPES: Final = (
    *(kind.value for kind in SpendType if kind not in (SpendType.NOT_MARKETING, SpendType.NOT_SPEND)),
    "",
)


def amount(
    facts: BudgetFacts, minor: int, *, trace: Trace | None = None, origins: int = 0, basis: str | None = None
) -> Amount:
    """A figure in the base currency on the report's basis."""
    return Amount(
        currency=facts.currency, minor=minor, origins=origins, basis=basis or facts.basis, trace=trace
    )


def named(facts: BudgetFacts, kind: str, ident: int | None) -> Ref | None:
    """A record by its name."""
    if ident is None:
        return None
    return Ref(kind=kind, id=ident, label=facts.names.get((kind, ident), f"{kind} {ident}"))


def waiting(facts: BudgetFacts) -> Section:
    """Invoices of committed tools that settle nothing yet, this year's: the largest, where they are many."""
    every = facts.waits.in_year
    rows = tuple(
        Row(
            id=f"line:{each.line_id}:{each.id}",
            values={
                "tool": named(facts, "tool", each.tool_id),
                "day": each.day,
                "amount": Amount(
                    currency=each.currency,
                    minor=each.minor,
                    origins=1,
                    trace=Trace(lines=LineFilter(line_ids=(each.line_id,))),
                ),
                "text": each.description or each.reference or "",
            },
        )
        for each in facts.waiting
    )
    tools = facts.waits.tools
    names = sorted({facts.names.get(("tool", tool_id), "") for tool_id in tools})
    of = listed(names) if len(names) <= NAMES_SAID else count(len(tools), "tool")
    largest_only = f" The {len(rows):,} largest are listed." if len(rows) < every else ""
    return Section(
        key="waiting",
        title="Invoices waiting to be allocated",
        sentence=f"{count(every, 'invoice')} of {of} {'fits' if every == 1 else 'fit'} no instalment by order, "
        "reference, or amount and date; until they are allocated the same cost may stand in invoiced and in "
        f"commitments.{largest_only}",
        columns=(
            Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
            Column(key="day", label="Booked", kind=ValueKind.DATE),
            Column(key="amount", label="Amount", kind=ValueKind.MONEY),
            Column(key="text", label="Text", wide=True),
        ),
        rows=rows,
    )


def schedule(facts: BudgetFacts) -> Section:
    """Per contract line, earned by the date against invoiced, over the year's instalments (contract currency)."""
    earned_by: dict[int, int] = defaultdict(int)
    invoiced: dict[int, int] = defaultdict(int)
    label: dict[int, tuple[str, str, int | None]] = {}
    for each in facts.commitments:
        if each.contract_line_id is None or each.service is None:
            continue
        key = each.contract_line_id
        earned_by[key] += earned(each.minor, each.service, facts.as_of, by_days=facts.by_days)
        invoiced[key] += facts.allocated.sums.get(each.key, 0)
        label[key] = (each.label, each.currency, each.tool_id)
    rows = []
    for key, (title, currency, tool) in sorted(label.items()):
        schedule = Schedule(earned=earned_by[key], invoiced=invoiced[key])
        if not schedule.earned and not schedule.invoiced:
            continue
        trace = Trace(contract_lines=(key,))
        figures = {
            name: Amount(currency=currency, minor=getattr(schedule, name), origins=1, trace=trace)
            for name in ("earned", "invoiced", "accrued", "prepaid")
        }
        rows.append(
            Row(
                id=f"contract_line:{key}",
                values={"contract": title, "tool": named(facts, "tool", tool), **figures},
            )
        )
    spreading = "by days" if facts.by_days else "in equal months"
    return Section(
        key="accrued_prepaid",
        title="Accrued and prepaid",
        sentence=f"Earned is each instalment spread over its service {spreading}; accrued is earned and not invoiced, "
        "prepaid is invoiced and not earned.",
        columns=(
            Column(key="contract", label="Contract", primary=True),
            Column(key="tool", label="Tool", kind=ValueKind.REF),
            Column(key="earned", label="Earned", kind=ValueKind.MONEY),
            Column(key="invoiced", label="Invoiced", kind=ValueKind.MONEY),
            Column(key="accrued", label="Accrued", kind=ValueKind.MONEY),
            Column(key="prepaid", label="Prepaid", kind=ValueKind.MONEY),
        ),
        rows=tuple(rows),
    )


def unbudgeted(facts: BudgetFacts, results: Sequence[LineResult]) -> Section:
    """What no budget line fits, by tool, else by vendor."""
    rest = next((each for each in results if each.line is None), None)
    sums: dict[tuple[int | None, int | None], list[int]] = defaultdict(lambda: [0, 0])
    for cell in rest.tally.cells if rest else ():
        entry = sums[cell.tool_id, None if cell.tool_id else cell.vendor_id]
        entry[0] += cell.minor
        entry[1] += cell.lines
    rows = []
    for (tool, vendor), (minor, lines) in sorted(sums.items(), key=lambda each: (-each[1][0], str(each[0]))):
        who = named(facts, "tool", tool) or named(facts, "vendor", vendor)
        rows.append(
            Row(
                id=f"unbudgeted:{tool or 0}:{vendor or 0}",
                values={
                    "what": who or Ref(kind="supplier", id=0, label="not placed yet"),
                    "amount": amount(facts, minor, origins=lines),
                    "share": Ratio(numerator=minor, denominator=rest.actual if rest else None),
                },
            )
        )
    return Section(
        key="unbudgeted",
        title="Unbudgeted",
        sentence="Spend that no budget line fits, by tool, else by vendor.",
        columns=(
            Column(key="what", label="Tool or vendor", kind=ValueKind.REF, primary=True),
            Column(key="amount", label="Invoiced", kind=ValueKind.MONEY, summed=True),
            Column(key="share", label="Share", kind=ValueKind.RATIO),
        ),
        rows=tuple(rows),
    )


def _booked(facts: BudgetFacts) -> LineFilter:
    """The lines of the year up to the date, and the undated ones: what the report's cells hold."""
    return LineFilter(
        spend_types=COUNTED_TYPES,
        month_from=month_of(facts.year.start),
        month_until=min(month_of(facts.year.end), month_of(facts.as_of) + 1),
        undated=True,
    )


def buckets(facts: BudgetFacts) -> Section:
    """What is undated, without a supplier, without a rate, set aside or possibly doubled."""
    rows: list[Row] = []

    def bucket(key: str, label: str, value: Amount, lines: int) -> None:
        if lines or value.minor:
            rows.append(Row(id=key, values={"bucket": label, "amount": value, "lines": lines}))

    undated = [cell for cell in facts.cells if cell.month is None]
    bucket(
        "undated",
        "Undated (in no month and in no figure above)",
        amount(
            facts,
            sum(cell.minor for cell in undated),
            origins=sum(cell.lines for cell in undated),
            trace=Trace(lines=LineFilter(undated=True, spend_types=COUNTED_TYPES)),
        ),
        sum(cell.lines for cell in undated),
    )
    unnamed = [cell for cell in facts.cells if cell.month is not None and not cell.has_supplier]
    bucket(
        "no_supplier",
        "No supplier (counted above)",
        amount(facts, sum(cell.minor for cell in unnamed), origins=sum(cell.lines for cell in unnamed)),
        sum(cell.lines for cell in unnamed),
    )
    for currency in sorted({cell.currency for cell in facts.cells if cell.unconverted}):
        cells = [cell for cell in facts.cells if cell.currency == currency and cell.unconverted]
        value = Amount(
            currency=currency,
            minor=sum(cell.unconverted for cell in cells),
            origins=sum(cell.lines for cell in cells),
            trace=Trace(lines=replace(_booked(facts), currencies=(currency,), unconverted=True)),
        )
        bucket(f"unconverted:{currency}", f"No exchange rate for {currency} (in no figure above)", value,
               sum(cell.lines for cell in cells))  # fmt: skip
    bucket("set_aside", "Not marketing, not spend (in no figure above)", amount(facts, facts.set_aside), 0)
    bucket("twice", "Possibly counted twice (counted above)", amount(facts, facts.possibly_twice), 0)
    if facts.credits:
        known = [each.base_minor for each in facts.credits if each.base_minor is not None]
        told = amount(
            facts,
            sum(known),
            origins=len(known),
            trace=Trace(lines=LineFilter(line_ids=tuple(each.line_id for each in facts.credits))),
            basis="invoiced",
        )
        if not known:
            told = replace(told, minor=None, why="no exchange rate for their currency")
        where = "the year of their service" if facts.basis == "accrual" else "the month they are booked"
        bucket("earlier_credits", f"Credits for earlier years (in {where})", told, len(facts.credits))
    lost = [line for line in facts.lines if line.unconverted]
    for line in lost:
        bucket(
            f"plan:{line.id}",
            f"Plan of {line.label} without a rate (in no figure above)",
            Amount(currency=line.currency, minor=line.unconverted, trace=Trace(budget_lines=(line.id,))),
            1,
        )
    return Section(
        key="buckets",
        title="Beside the totals",
        sentence="What could not be dated, placed or converted stands here, never inside a figure unseen.",
        columns=(
            Column(key="bucket", label="Bucket", primary=True),
            Column(key="amount", label="Amount", kind=ValueKind.MONEY),
            Column(key="lines", label="Lines", kind=ValueKind.NUMBER),
        ),
        rows=tuple(rows),
    )
