"""The bridge from the former forecast as tables and a waterfall: what moved, by how much, on which tools. Pure."""

from collections.abc import Sequence
from typing import Final

from mopsaudit.facts.wording import count, day, money, month
from mopsaudit.reporting import Amount, Column, Plot, Ref, Row, Section, Series, ValueKind
from mopsaudit.reports.budget.arithmetic import LineResult
from mopsaudit.reports.budget.bridge import PARTS, Step, steps_between
from mopsaudit.reports.budget.facts import BudgetFacts
from mopsaudit.reports.budget.forecast import Forecast, forecast_of

#: What each part is, as it stands in the table.
WHAT: Final = {
    "price": "dearer or cheaper for the same units, and invoices above their instalment",
    "volume": "more or fewer units, a longer or shorter term, and spend beside contracts",
    "currency": "the same amounts at today's exchange rates",
    "timing": "payments that moved into this year or out of it",
    "new": "tools and vendors that were not in the former forecast",
    "gone": "tools and vendors that no longer are in the forecast",
}
_NAMED: Final = 3
#: Bearers with a page of their own.
_LINKED: Final = ("tool", "vendor")


def steps_of(
    facts: BudgetFacts, results: Sequence[LineResult], before: Forecast | None
) -> tuple[Step, ...] | None:
    """The way from the former forecast to this one by bearer; None without a former one."""
    if before is None:
        return None
    return steps_between(before, forecast_of(facts, results), facts.currency)


def compared_with(before: Forecast) -> str:
    """The former forecast in words: as known then, or worked out again."""
    closed = f"books closed through {month(before.through)}"
    if before.kept_on is not None:
        return f"{day(before.as_of)}, kept as known then ({closed})"
    return f"{day(before.as_of)}, worked out again from what is entered today ({closed})"


def _signed(minor: int, currency: str) -> str:
    return f"{'+' if minor > 0 else ''}{money(minor, currency)}"


def sentence_of(facts: BudgetFacts, before: Forecast, steps: Sequence[Step]) -> str:
    """How far the forecast moved and through what, the largest part first."""
    whole = sum(step.moved for step in steps)
    sums = {part: sum(step.parts[part] for step in steps) for part in PARTS}
    if not any(any(step.parts.values()) for step in steps):
        said = f"The forecast has not moved since {day(before.as_of)}."
    else:
        parts = [
            f"{part} {_signed(minor, facts.currency)}"
            for part, minor in sorted(sums.items(), key=lambda each: (-abs(each[1]), PARTS.index(each[0])))
            if minor
        ]
        how = f": {', '.join(parts)}" if parts else ", its parts cancel out"
        said = f"Since {day(before.as_of)} the forecast moved by {_signed(whole, facts.currency)}{how}."
    if before.kept_on is None:
        said += (
            " No forecast was kept then, so it is worked out again: what was entered since stands in both, and only "
            "what the calendar brought shows."
        )
    return said


def bridge_sections(
    facts: BudgetFacts, before: Forecast | None, steps: Sequence[Step] | None
) -> tuple[Section, ...]:
    """The parts, and the tools behind them."""
    if before is None or steps is None:
        return ()
    return (_parts(facts, before, steps), *_tools(facts, before, steps))


def _amount(facts: BudgetFacts, minor: int, steps: int = 1) -> Amount:
    return Amount(currency=facts.currency, minor=minor, origins=steps, basis=facts.basis)


def _parts(facts: BudgetFacts, before: Forecast, steps: Sequence[Step]) -> Section:
    rows = []
    for part in PARTS:
        mine = sorted(
            (step for step in steps if step.parts[part]), key=lambda step: (-abs(step.parts[part]), step.key)
        )
        rows.append(
            Row(
                id=part,
                values={
                    "part": part.capitalize(),
                    "amount": _amount(facts, sum(step.parts[part] for step in mine), len(mine)),
                    "tools": len(mine),
                    "largest": tuple(ref_of(step) for step in mine[:_NAMED]),
                    "what": WHAT[part],
                },
                opens=Ref(kind="movement", id=part, label=part) if mine else None,
            )
        )
    return Section(
        key="bridge",
        title=f"What moved since {day(before.as_of)}",
        sentence=sentence_of(facts, before, steps),
        columns=(
            Column(key="part", label="Part", primary=True),
            Column(key="amount", label="Moved by", kind=ValueKind.MONEY, summed=True),
            Column(key="tools", label="Tools", kind=ValueKind.NUMBER),
            Column(key="largest", label="Largest", kind=ValueKind.REFS),
            Column(key="what", label="What it is"),
        ),
        rows=tuple(rows),
    )


def ref_of(step: Step) -> Ref:
    """A bearer as a link."""
    kind, _, ident = step.key.partition(":")
    linked = kind in _LINKED
    return Ref(kind=kind if linked else "spend", id=int(ident) if linked else ident, label=step.label)


def _tools(facts: BudgetFacts, before: Forecast, steps: Sequence[Step]) -> tuple[Section, ...]:
    moved = [step for step in steps if any(step.parts.values())]
    if not moved:
        return ()
    still = len(steps) - len(moved)
    rows = tuple(
        Row(
            id=step.key,
            values={
                "what": ref_of(step),
                "before": _amount(facts, step.before),
                **{part: _amount(facts, step.parts[part]) for part in PARTS},
                "moved": _amount(facts, step.moved),
                "now": _amount(facts, step.now),
                "parts": ", ".join(part for part in PARTS if step.parts[part]),
            },
            opens=ref_of(step) if step.key.partition(":")[0] in _LINKED else None,
        )
        for step in moved
    )
    return (
        Section(
            key="movements",
            title="What moved, by tool",
            sentence=f"{count(len(moved), 'tool or vendor', 'tools and vendors')} moved since {day(before.as_of)}, "
            f"{still} stand as they did; the parts of each row sum to its difference.",
            columns=(
                Column(key="what", label="Tool or vendor", kind=ValueKind.REF, primary=True),
                Column(key="before", label="Forecast then", kind=ValueKind.MONEY, summed=True),
                *(
                    Column(
                        key=part, label=part.capitalize(), kind=ValueKind.MONEY, summed=True, what=WHAT[part]
                    )
                    for part in PARTS
                ),
                Column(key="moved", label="Moved by", kind=ValueKind.MONEY, summed=True),
                Column(key="now", label="Forecast now", kind=ValueKind.MONEY, summed=True),
                Column(key="parts", label="Through", wide=True),
            ),
            rows=rows,
        ),
    )


def bridge_plot(
    facts: BudgetFacts, before: Forecast | None, steps: Sequence[Step] | None
) -> tuple[Plot, ...]:
    """The parts one after the other; none where nothing moved."""
    if before is None or not steps or not any(any(step.parts.values()) for step in steps):
        return ()
    sums = [sum(step.parts[part] for step in steps) for part in PARTS]
    shown = [(part, minor) for part, minor in zip(PARTS, sums, strict=True) if minor]
    return (
        Plot(
            kind="waterfall",
            title=f"What moved the forecast since {day(before.as_of)}",
            labels=(*(part.capitalize() for part, _ in shown), "All together"),
            series=(
                Series(key="moved", label="Moved by", values=(*(minor for _, minor in shown), sum(sums))),
            ),
            axis=facts.currency,
            currency=facts.currency,
        ),
    )
