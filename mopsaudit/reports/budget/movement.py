"""The bridge between two forecasts as tables and a waterfall: what moved, by how much, on which tools. Pure."""

from collections.abc import Sequence
from typing import Final

from mopsaudit.facts.wording import count, day, listed, money, month
from mopsaudit.periods import month_text
from mopsaudit.reporting import Amount, Choice, Column, Plot, Ref, Row, Section, Series, ValueKind
from mopsaudit.reports.budget.arithmetic import LineResult
from mopsaudit.reports.budget.bridge import PARTS, Compared, Step, steps_between
from mopsaudit.reports.budget.facts import BudgetFacts
from mopsaudit.reports.budget.forecast import Forecast, forecast_of

#: What each part is, as it stands in the table.
WHAT: Final = {
    "price": "dearer or cheaper for the same units, and invoices above their instalment",
    "volume": "more or fewer units, a longer or shorter term, and spend beside contracts",
    "currency": "what exchange rates did to the same amounts",
    "timing": "payments that moved into this year or out of it",
    "new": "tools and vendors that were not in the former forecast",
    "gone": "tools and vendors that no longer are in the forecast",
}
_NAMED: Final = 3
#: Kept months it takes to choose between.
_PAIR: Final = 2
_PART_COLUMNS: Final = (
    Column(key="part", label="Part", primary=True),
    Column(key="amount", label="Moved by", kind=ValueKind.MONEY, summed=True),
    Column(key="tools", label="Tools", kind=ValueKind.NUMBER),
    Column(key="largest", label="Largest", kind=ValueKind.REFS),
    Column(key="what", label="What it is"),
)
#: Bearers with a page of their own.
_LINKED: Final = ("tool", "vendor")


def steps_of(facts: BudgetFacts, results: Sequence[LineResult], between: Compared) -> tuple[Step, ...] | None:
    """The way from the former forecast to this one, or the later one asked for, by bearer; None without a start."""
    if between.before is None:
        return None
    after = between.after or forecast_of(facts, results)
    return steps_between(between.before, after, facts.currency)


def compared_with(between: Compared) -> str:
    """The two forecasts in words: as known then, or worked out again; a later one only where one was asked for."""
    if between.before is None:
        return (
            "no kept forecast of the months asked for"
            if between.missing
            else "no earlier forecast of the year"
        )
    said = _one(between.before)
    return said if between.after is None else f"{said}; from there to {_one(between.after)}"


def _one(before: Forecast) -> str:
    closed = f"books closed through {month(before.through)}"
    if before.kept_on is not None:
        return f"{day(before.as_of)}, kept as known then ({closed})"
    return f"{day(before.as_of)}, worked out again from what is entered today ({closed})"


def _signed(minor: int, currency: str) -> str:
    return f"{'+' if minor > 0 else ''}{money(minor, currency)}"


def _span(before: Forecast, after: Forecast | None) -> str:
    """``since 8 May 2026``, or ``from 8 Apr 2026 to 8 May 2026``."""
    start = day(before.as_of)
    return f"since {start}" if after is None else f"from {start} to {day(after.as_of)}"


def sentence_of(
    facts: BudgetFacts, before: Forecast, steps: Sequence[Step], after: Forecast | None = None
) -> str:
    """How far the forecast moved and through what, the largest part first."""
    span = _span(before, after)
    whole = sum(step.moved for step in steps)
    sums = {part: sum(step.parts[part] for step in steps) for part in PARTS}
    if not any(any(step.parts.values()) for step in steps):
        said = f"The forecast {'has' if after is None else 'had'} not moved {span}."
    else:
        parts = [
            f"{part} {_signed(minor, facts.currency)}"
            for part, minor in sorted(sums.items(), key=lambda each: (-abs(each[1]), PARTS.index(each[0])))
            if minor
        ]
        how = f": {', '.join(parts)}" if parts else ", its parts cancel out"
        said = f"{span[0].upper()}{span[1:]} the forecast moved by {_signed(whole, facts.currency)}{how}."
    if before.kept_on is None:
        said += (
            " No forecast was kept then, so it is worked out again: what was entered since stands in both, and only "
            "what the calendar brought shows."
        )
    return said


def bridge_sections(
    facts: BudgetFacts, between: Compared, steps: Sequence[Step] | None
) -> tuple[Section, ...]:
    """The parts, and the tools behind them; which months can be asked for. None where there is nothing to lead from."""
    before, after = between.before, between.after
    if before is None or steps is None:
        return (_not_kept(between),) if between.missing else ()
    return (_parts(facts, between, before, steps), *_tools(facts, before, after, steps))


def _not_kept(between: Compared) -> Section:
    """What is said where a month is asked for whose forecast was not kept."""
    asked = listed([month(each) for each in between.missing])
    return Section(
        key="bridge",
        title="What moved between two months",
        sentence=f"No forecast that can be used was kept when {asked} "
        f"{'was' if len(between.missing) == 1 else 'were'} closed, for this year, unit and basis, so there is no "
        "bridge to show.",
        columns=_PART_COLUMNS,
        rows=(),
        choices=_choices(between),
        note=_note(between),
    )


def _choices(between: Compared) -> tuple[Choice, ...]:
    """From which kept month to which, or to today; none with fewer than two kept."""
    if len(between.kept) < _PAIR:
        return ()
    months = tuple((month_text(each), f"{month(each)}, when closed") for each in reversed(between.kept))

    def chosen(index: int | None) -> str:
        return "" if index is None else month_text(index)

    return (
        Choice(
            name="moved_since",
            label="From the forecast of",
            values=(("", "the newest kept"), *months),
            chosen=chosen(between.since),
        ),
        Choice(
            name="moved_until",
            label="to that of",
            values=(("", "the report's date"), *months),
            chosen=chosen(between.until),
        ),
    )


def _note(between: Compared) -> str:
    """Why no months can be chosen; empty where they can."""
    if len(between.kept) >= _PAIR:
        return ""
    so_far = f"So far there is {month(between.kept[0])}." if between.kept else "So far there is none."
    return (
        "Any two closed months can be compared once the forecasts of two are kept, which closing a month for all books "
        f"does. {so_far}"
    )


def _amount(facts: BudgetFacts, minor: int, steps: int = 1) -> Amount:
    return Amount(currency=facts.currency, minor=minor, origins=steps, basis=facts.basis)


def _parts(facts: BudgetFacts, between: Compared, before: Forecast, steps: Sequence[Step]) -> Section:
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
        title=f"What moved {_span(before, between.after)}",
        sentence=sentence_of(facts, before, steps, between.after),
        columns=_PART_COLUMNS,
        rows=tuple(rows),
        choices=_choices(between),
        note=_note(between),
    )


def ref_of(step: Step) -> Ref:
    """A bearer as a link."""
    kind, _, ident = step.key.partition(":")
    linked = kind in _LINKED
    return Ref(kind=kind if linked else "spend", id=int(ident) if linked else ident, label=step.label)


def _tools(
    facts: BudgetFacts, before: Forecast, after: Forecast | None, steps: Sequence[Step]
) -> tuple[Section, ...]:
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
            sentence=f"{count(len(moved), 'tool or vendor', 'tools and vendors')} moved {_span(before, after)}, "
            f"{still} stand as they did; the parts of each row sum to its difference.",
            columns=(
                Column(key="what", label="Tool or vendor", kind=ValueKind.REF, primary=True),
                Column(
                    key="before",
                    label="Forecast then" if after is None else f"Forecast {day(before.as_of)}",
                    kind=ValueKind.MONEY,
                    summed=True,
                ),
                *(
                    Column(
                        key=part, label=part.capitalize(), kind=ValueKind.MONEY, summed=True, what=WHAT[part]
                    )
                    for part in PARTS
                ),
                Column(key="moved", label="Moved by", kind=ValueKind.MONEY, summed=True),
                Column(
                    key="now",
                    label="Forecast now" if after is None else f"Forecast {day(after.as_of)}",
                    kind=ValueKind.MONEY,
                    summed=True,
                ),
                Column(key="parts", label="Through", wide=True),
            ),
            rows=rows,
        ),
    )


def bridge_plot(facts: BudgetFacts, between: Compared, steps: Sequence[Step] | None) -> tuple[Plot, ...]:
    """The parts one after the other; none where nothing moved."""
    before = between.before
    if before is None or not steps or not any(any(step.parts.values()) for step in steps):
        return ()
    sums = [sum(step.parts[part] for step in steps) for part in PARTS]
    shown = [(part, minor) for part, minor in zip(PARTS, sums, strict=True) if minor]
    return (
        Plot(
            kind="waterfall",
            title=f"What moved the forecast {_span(before, between.after)}",
            labels=(*(part.capitalize() for part, _ in shown), "All together"),
            series=(
                Series(key="moved", label="Moved by", values=(*(minor for _, minor in shown), sum(sums))),
            ),
            axis=facts.currency,
            currency=facts.currency,
        ),
    )
