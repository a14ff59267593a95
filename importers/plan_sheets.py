"""Several sheets of a plan: versions of it, or parts of one with months of their own, and a sheet that sums them up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from importers import codes
from importers.record_plan import RecordPlan, leave
from importers.record_rows import RecordWalk
from importers.table import span
from mopsaudit.intake.contract import Kind, Layout, ReadOptions, RecordRow
from mopsaudit.money import told_amount
from mopsaudit.problems import Problem

#: So many different months, and lines beside the one detailed, make it no accident that a sheet comes to a line.
_MONTHS: Final = 3


def parts_of_one(used: Sequence[RecordPlan], options: ReadOptions) -> set[int]:
    """The sheets (``id``) that are parts of one plan: months across, none of them another's, the same columns beside.

    A sheet beside them whose amounts come to theirs sums them up and is left out.
    """
    if options.kind is not Kind.BUDGET or len(used) < 2 or any(plan.proposal.questions for plan in used):
        return set()
    _leave_details(used, options)
    used = [plan for plan in used if plan.proposal.decision.used]
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


def _leave_details(used: Sequence[RecordPlan], options: ReadOptions) -> None:
    """Leave out a sheet that comes, month by month, to one line among several of another: it says what that is of."""
    lines = {id(plan): _by_line(_rows(plan, options)) for plan in used}
    for plan in used:
        whole: dict[object, Decimal] = defaultdict(Decimal)
        for line in lines[id(plan)].values():
            for month, amount in line.items():
                whole[month] += amount
        if sum(map(bool, whole.values())) < _MONTHS:
            continue
        for other in used:
            if other is plan or not other.proposal.decision.used or len(lines[id(other)]) < 2:
                continue
            row = next((number for number, line in lines[id(other)].items() if line == whole), None)
            if row is not None:
                leave(plan, f"it is row {row} of “{other.proposal.grid.name}” in detail")
                break


def tell_versions(used: Sequence[RecordPlan], parts: set[int], options: ReadOptions) -> Iterable[Problem]:
    """One note where several sheets became versions of one plan, with what each comes to."""
    versions = [plan for plan in used if id(plan) not in parts]
    if options.kind is not Kind.BUDGET or len(versions) < 2 or any(plan.proposal.questions for plan in used):
        return
    said = []
    for plan in versions:
        currency = plan.proposal.decision.currency or options.base_currency
        said.append(f"“{plan.proposal.grid.name}” ({told_amount(_sum(plan, options), currency)})")
    yield codes.problem(
        codes.PLAN_VERSIONS,
        f"Read as versions of one plan, not as parts of it: {', '.join(said[:-1])} and {said[-1]}.",
        sheet=versions[0].proposal.grid.name,
    )


def _months(plan: RecordPlan) -> set[date]:
    """The months a sheet's columns are of."""
    found: set[date] = set()
    for month in plan.months:
        start = month.first.year * 12 + month.first.month - 1
        found.update(date((start + step) // 12, (start + step) % 12 + 1, 1) for step in range(month.months))
    choice = plan.proposal.decision.column("amount")
    return found if choice is not None and span(choice)[0] >= 0 else set()


def _rows(plan: RecordPlan, options: ReadOptions) -> list[RecordRow]:
    return RecordWalk(plan, options, None, several=False).run()[1]


def _by_line(rows: Sequence[RecordRow]) -> dict[int, dict[object, Decimal]]:
    """Row number → what its line plans by month."""
    found: dict[int, dict[object, Decimal]] = {}
    for row in rows:
        amount = row.values.get("amount")
        if isinstance(amount, Decimal):
            line = found.setdefault(row.row, {})
            month = row.values.get("month")
            line[month] = line.get(month, Decimal(0)) + amount
    return found


def _sum(plan: RecordPlan, options: ReadOptions) -> Decimal:
    """What the lines of a sheet come to."""
    amounts = (row.values.get("amount") for row in _rows(plan, options))
    return sum((amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0))
