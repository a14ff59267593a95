"""What is told of a sheet of records once all of it was read: amounts written in two ways, totals nothing comes to."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from importers.contract_doubts import tell_records
from importers.plan_again import tell_again
from importers.plan_proof import tell_totals
from importers.price_doubts import Told, tell_prices
from importers.record_plan import RecordPlan
from importers.table import span
from mopsaudit.intake.contract import Kind, Layout, RecordRow, RowMark


def doubts_of(
    plan: RecordPlan,
    kind: Kind,
    rows: tuple[int, int],
    kinds: Mapping[int, RowMark],
    sums: Mapping[str, Decimal],
    records: Sequence[RecordRow],
) -> Iterable[Told]:
    """A code, a sentence and a cell each; ``rows`` are the indexes read, ``sums`` what they come to by currency."""
    grid, decision = plan.proposal.grid, plan.proposal.decision
    yield from tell_prices(grid, decision, kind, *rows)
    yield from tell_records(kind, records)
    choice = decision.column("amount")
    if kind is not Kind.BUDGET or choice is None or plan.proposal.questions:
        return
    first, last = span(choice)
    columns = [month.column for month in plan.months] or list(range(first, last + 1))
    if decision.layout is not Layout.CROSSTAB:
        columns = [first]
    yield from tell_totals(grid, decision, columns, kinds, sums, plan.scale)
    yield from tell_again(grid, decision, columns, kinds)
