"""The stack as a picture: tools by category and type, sized by yearly cost, marked by what was found. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mopsaudit.facts.values import Basis, ToolFact, YearlyCost, sum_of_costs
from mopsaudit.facts.wording import count, day, money, percent
from mopsaudit.reporting import (
    Amount,
    Column,
    Coverage,
    Finding,
    Headline,
    Plot,
    Ratio,
    Report,
    Row,
    Section,
    Series,
    Threshold,
    ValueKind,
    stated,
)
from mopsaudit.reports.stack.facts import Facts

TITLE: Final = "Stack"
SHARED: Final = "Shared, not allocated"
NO_UNIT: Final = "No unit"
#: What a finding of another report marks a tool with.
MARKS: Final[Mapping[str, str]] = {
    "overlap": "overlap",
    "idle-seats": "idle seats",
    "over-use": "over-use",
    "owned-unused": "unused line",
}


def analyse(facts: Facts) -> Report:
    """The whole report; marks of other reports' findings are added by :func:`mark`."""
    scope = facts.scope
    order = sorted(
        facts.tools, key=lambda tool: (-(facts.costs[tool.id].minor or 0), tool.name.lower(), tool.id)
    )
    total = sum_of([facts.costs[tool.id] for tool in facts.tools], scope.currency)
    return Report(
        name="stack",
        title=TITLE,
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=_answer(facts, total),
        headlines=_headlines(facts, total),
        columns=_columns(scope.currency),
        rows=tuple(_row(tool, facts) for tool in order),
        sections=_sections(facts) if facts.tools else (),
        coverage=_coverage(facts),
        thresholds=(
            Threshold(key="gates_days", label="Notice due within", value=f"{_notice_days(facts)} days"),
        ),
        plots=_plots(order, facts),
        empty=None
        if facts.tools
        else "No tool is in the inventory yet. Import a spend file: it proposes the tools it names.",
    )


def mark(report: Report, findings: Iterable[Finding]) -> Report:
    """The report with its tools marked by open findings of all reports: the corner marks of the picture."""
    marks: dict[int | str, set[str]] = defaultdict(set)
    for finding in findings:
        word = MARKS.get(finding.kind)
        if word and finding.state in {"open", "confirm"}:
            for tool in finding.tools:
                marks[tool.id].add(word)
    return replace(report, rows=tuple(_marked(row, marks) for row in report.rows))


def _marked(row: Row, marks: Mapping[int | str, set[str]]) -> Row:
    own = row.detail["marks"]
    more = marks.get(row.opens.id, set()) if row.opens else set()
    words = [*own, *sorted(more - set(own))]
    return replace(
        row,
        state=words[0] if words else row.state,
        values={**row.values, "marks": ", ".join(words) or None},
        detail={**row.detail, "marks": words},
    )


def sum_of(costs: Sequence[YearlyCost], currency: str) -> Amount:
    """The sum of the known yearly costs with their lines; unknown when none is known."""
    return sum_of_costs(costs, currency, why="no tool has a known yearly cost")


def _answer(facts: Facts, total: Amount) -> str:
    if not facts.tools:
        return "There is no tool in the stack yet."
    number = count(len(facts.tools), "tool")
    if total.minor is None:
        return f"{number} in the stack; what they cost is not known yet."
    by_category: dict[str, int] = defaultdict(int)
    for tool in facts.tools:
        by_category[tool.category] += facts.costs[tool.id].minor or 0
    top = max(facts.categories, key=lambda each: by_category[each])
    share = Ratio(numerator=by_category[top], denominator=total.minor or None).percent
    priceless = sum(facts.costs[tool.id].minor is None for tool in facts.tools)
    text = f"{number} cost {money(total.minor, total.currency)} a year"
    if share is not None:
        text += f"; {percent(share)} of it is in {facts.categories[top]}"
    if priceless:
        text += f"; for {count(priceless, 'tool')} the cost is not known"
    return text + "."


def _headlines(facts: Facts, total: Amount) -> tuple[Headline, ...]:
    number = len(facts.tools)
    due = sum(_due(tool, facts) for tool in facts.tools)
    return (
        Headline(
            key="yearly_cost", label="Yearly cost", value=total, what="Of the tools whose cost is known."
        ),
        Headline(key="tools", label="Tools", value=number, what="Not retired at this date."),
        Headline(
            key="owned",
            label="With a business owner",
            value=Ratio(
                numerator=sum(tool.owner is not None for tool in facts.tools), denominator=number or None
            ),
        ),
        Headline(
            key="notice_due",
            label="Notice due",
            value=due,
            what=f"Tools with a notice to send within {_notice_days(facts)} days.",
        ),
    )


def _notice_days(facts: Facts) -> int:
    """The widest renewal gate: from then on a tool is marked."""
    return max(facts.scope.settings.gates_days, default=0)


def _due(tool: ToolFact, facts: Facts) -> bool:
    when = facts.send_by.get(tool.id)
    return when is not None and (when - facts.scope.as_of).days <= _notice_days(facts)


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
        Column(key="vendor", label="Vendor", kind=ValueKind.REF),
        Column(key="category", label="Category", wide=True),
        Column(key="type", label="Type"),
        Column(key="other_types", label="Also", wide=True),
        Column(key="status", label="Status"),
        Column(key="units", label="Units", wide=True),
        Column(key="owner", label="Business owner", kind=ValueKind.REF, wide=True),
        Column(key="yearly_cost", label=f"Yearly cost ({currency})", kind=ValueKind.MONEY, summed=True),
        Column(key="basis", label="Rests on", wide=True),
        Column(key="unconverted", label="Not converted", wide=True),
        Column(key="send_by", label="Send by", kind=ValueKind.DATE, wide=True),
        Column(key="marks", label="Marks", what="Found by the reports: overlap, idle seats, notice due …"),
    )


def _row(tool: ToolFact, facts: Facts) -> Row:
    cost = facts.costs[tool.id]
    marks = []
    if _due(tool, facts):
        marks.append("notice due")
    if facts.alone.get(tool.id):
        marks.append("single supplier")
    names = [facts.types[each][0] if each in facts.types else each for each in tool.types]
    return Row(
        id=f"t{tool.id}",
        opens=tool.ref,
        category=tool.category,
        state=marks[0] if marks else tool.status,
        values={
            "tool": tool.ref,
            "vendor": tool.vendor,
            "category": facts.categories.get(tool.category, tool.category),
            "type": names[0] if names else None,
            "other_types": ", ".join(names[1:]) or None,
            "status": tool.status,
            "units": ", ".join(facts.units.get(each, "another unit") for each in tool.units) or None,
            "owner": tool.owner,
            "yearly_cost": cost.amount,
            "basis": cost.basis,
            "unconverted": _unconverted(cost),
            "send_by": stated(
                facts.send_by.get(tool.id), "no contract of it says by when notice must be given"
            ),
            "marks": ", ".join(marks) or None,
        },
        detail={"marks": marks, "only_supplier_of": facts.alone.get(tool.id, 0), "types": list(tool.types)},
    )


def _unconverted(cost: YearlyCost) -> str | None:
    return ", ".join(money(minor, currency, exact=True) for currency, minor in cost.unconverted) or None


def _sections(facts: Facts) -> tuple[Section, ...]:
    return (_by_category(facts), _by_type(facts), _by_unit(facts))


def _group_columns(label: str, currency: str, kind: ValueKind = ValueKind.TEXT) -> tuple[Column, ...]:
    return (
        Column(key="group", label=label, kind=kind, primary=True),
        Column(key="tools", label="Tools", kind=ValueKind.NUMBER),
        Column(key="unknown", label="Cost unknown", kind=ValueKind.NUMBER),
        Column(key="yearly_cost", label=f"Yearly cost ({currency})", kind=ValueKind.MONEY, summed=True),
    )


def _group_row(key: str, label: str, costs: Sequence[YearlyCost], facts: Facts, category: str | None) -> Row:
    return Row(
        id=key,
        category=category,
        values={
            "group": label,
            "tools": len(costs),
            "unknown": sum(each.minor is None for each in costs),
            "yearly_cost": sum_of(costs, facts.scope.currency)
            if costs
            else Amount(currency=facts.scope.currency, minor=0),
        },
    )


def _by_category(facts: Facts) -> Section:
    rows = tuple(
        _group_row(
            category,
            name,
            [facts.costs[tool.id] for tool in facts.tools if tool.category == category],
            facts,
            category,
        )
        for category, name in facts.categories.items()
    )
    bare = sum(row.values["tools"] == 0 for row in rows)
    return Section(
        key="categories",
        title="By category",
        sentence=f"{bare} of the four categories have no tool."
        if bare
        else "All four categories have tools.",
        columns=_group_columns("Category", facts.scope.currency),
        rows=rows,
    )


def _by_type(facts: Facts) -> Section:
    """Each tool's money stands under its first type, once."""
    groups: dict[str, list[ToolFact]] = defaultdict(list)
    for tool in facts.tools:
        groups[tool.types[0] if tool.types else ""].append(tool)
    rows = [
        _group_row(
            each,
            facts.types[each][0],
            [facts.costs[tool.id] for tool in groups[each]],
            facts,
            facts.types[each][1],
        )
        for each in facts.types
        if each in groups
    ]
    for each in sorted(set(groups) - set(facts.types)):
        costs = [facts.costs[tool.id] for tool in groups[each]]
        rows.append(_group_row(each or "none", each or "No type", costs, facts, None))
    untyped = len(groups.get("", ()))
    return Section(
        key="types",
        title="By technology type",
        sentence=f"{count(len(rows), 'type')}; a tool of several types stands under its first."
        + (f" {count(untyped, 'tool')} without a type." if untyped else ""),
        columns=_group_columns("Type", facts.scope.currency),
        rows=tuple(rows),
    )


def _by_unit(facts: Facts) -> Section:
    """Parts of yearly cost by unit; they sum to the whole. Money no key divides is shared, never in each unit."""
    groups: dict[int | None, dict[str, list[YearlyCost]]] = defaultdict(lambda: defaultdict(list))
    for tool in facts.tools:
        cost = facts.costs[tool.id]
        for unit_id in {part.unit_id for part in cost.parts}:
            part = cost.in_unit(unit_id)
            mixed = unit_id is None and len(tool.units) > 1
            groups[unit_id]["shared" if mixed else "own"].append(part)
    rows = [
        _group_row(f"u{unit_id}", name, groups[unit_id]["own"], facts, None)
        for unit_id, name in facts.units.items()
        if unit_id in groups
    ]
    for key, label in (("shared", SHARED), ("own", NO_UNIT)):
        if groups[None][key]:
            rows.append(_group_row(key if key == "shared" else "none", label, groups[None][key], facts, None))
    shared = sum_of(groups[None]["shared"], facts.scope.currency)
    return Section(
        key="units",
        title="By business unit",
        sentence=f"{money(shared.minor, shared.currency)} a year is shared by several units without a key."
        if groups[None]["shared"]
        else "All money of shared tools is allocated.",
        columns=_group_columns("Unit", facts.scope.currency),
        rows=tuple(rows),
    )


def _coverage(facts: Facts) -> Coverage:
    number = len(facts.tools)
    priced = sum(facts.costs[tool.id].minor is not None for tool in facts.tools)
    partly = sum(bool(facts.costs[tool.id].unconverted) for tool in facts.tools)
    bases = {
        basis.value: sum(basis in {part.basis for part in facts.costs[tool.id].parts} for tool in facts.tools)
        for basis in Basis
    }
    words = ", ".join(f"{each} by {name}" for name, each in bases.items() if each)
    return Coverage(
        sentence=f"As of {day(facts.scope.as_of)}: yearly cost known for {priced} of {count(number, 'tool')}"
        + (f" ({words})" if words else "")
        + (f"; {count(partly, 'tool')} with money that has no rate" if partly else "")
        + f"; {facts.retired} retired.",
        parts={
            "cost_known": Ratio(numerator=priced, denominator=number or None),
            "partly_unconverted": partly,
            "retired": facts.retired,
            "with_type": Ratio(
                numerator=sum(bool(tool.types) for tool in facts.tools), denominator=number or None
            ),
        },
    )


def _plots(order: Sequence[ToolFact], facts: Facts) -> tuple[Plot, ...]:
    sized = [(tool, facts.costs[tool.id].minor) for tool in order if facts.costs[tool.id].minor]
    if not sized:
        return ()
    by_category = [
        sum(minor or 0 for tool, minor in sized if tool.category == category) for category in facts.categories
    ]
    return (
        Plot(
            kind="treemap",
            title="Tools by category, sized by yearly cost",
            labels=tuple(tool.name for tool, _ in sized),
            series=(
                Series(key="yearly_cost", label="Yearly cost", values=tuple(minor for _, minor in sized)),
            ),
            currency=facts.scope.currency,
            categories=tuple(tool.category for tool, _ in sized),
        ),
        Plot(
            kind="bars",
            title="Yearly cost by category",
            labels=tuple(facts.categories.values()),
            series=(Series(key="yearly_cost", label="Yearly cost", values=tuple(by_category)),),
            axis=f"{facts.scope.currency} a year",
            currency=facts.scope.currency,
            categories=tuple(facts.categories),
        ),
    )
