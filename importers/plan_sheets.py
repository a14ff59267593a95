"""Several sheets of a plan: versions of it, or parts of one with months of their own, and a sheet that sums them up."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from importers.record_plan import RecordPlan, leave
from importers.record_rows import RecordWalk
from importers.table import span
from mopsaudit.intake.contract import Kind, Layout, ReadOptions


def parts_of_one(used: Sequence[RecordPlan], options: ReadOptions) -> set[int]:
    """The sheets (``id``) that are parts of one plan: months across, none of them another's, the same columns beside.

    A sheet beside them whose amounts come to theirs sums them up and is left out.
    """
    if options.kind is not Kind.BUDGET or len(used) < 2 or any(plan.proposal.questions for plan in used):
        return set()
    months = {id(plan): _months(plan) for plan in used}
    parts: list[RecordPlan] = []
    for plan in used:
        own = months[id(plan)]
        rivals = [months[id(other)] for other in used if other is not plan and own & months[id(other)]]
        if own and all(
            len(other) >= 2 * len(own) for other in rivals
        ):  # a sheet of all of the year sums up its parts
            parts.append(plan)
    fields = {tuple(choice.field for choice in plan.proposal.decision.columns) for plan in parts}
    if (
        len(parts) < 2
        or len(fields) > 1
        or any(plan.proposal.decision.layout is not Layout.CROSSTAB for plan in parts)
    ):
        return set()
    whole = sum((_sum(plan, options) for plan in parts), Decimal(0))
    for plan in used:
        if plan not in parts and _sum(plan, options) == whole:
            leave(plan, "it sums up the other sheets")
    return {id(plan) for plan in parts}


def _months(plan: RecordPlan) -> set[date]:
    """The months a sheet's columns are of."""
    found: set[date] = set()
    for month in plan.months:
        start = month.first.year * 12 + month.first.month - 1
        found.update(date((start + step) // 12, (start + step) % 12 + 1, 1) for step in range(month.months))
    choice = plan.proposal.decision.column("amount")
    return found if choice is not None and span(choice)[0] >= 0 else set()


def _sum(plan: RecordPlan, options: ReadOptions) -> Decimal:
    """What the lines of a sheet come to."""
    _, rows = RecordWalk(plan, options, None, several=False).run()
    amounts = (row.values.get("amount") for row in rows)
    return sum((amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0))
