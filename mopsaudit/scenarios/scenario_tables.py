"""Columns, rows, plots and the JSON of scenarios as pages and command line show them. Pure."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from mopsaudit.facts.wording import count, listed, money, month
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Column, Missing, Plot, Ref, Row, Series, Value, ValueKind
from mopsaudit.scenarios.changes import Kind
from mopsaudit.scenarios.facts import ScenarioFacts
from mopsaudit.scenarios.outcome import Effect, Outcome

COMPARED_AT_MOST: Final = 4

CHANGES = (
    Column(key="change", label="Change", primary=True),
    Column(key="on", label="Wanted from", kind=ValueKind.DATE),
    Column(key="starts", label="Money changes on", kind=ValueKind.DATE),
    Column(
        key="annual",
        label="Saves a year",
        kind=ValueKind.MONEY,
        what="Alone, in the last twelve months shown.",
    ),
    Column(key="once", label="Costs once", kind=ValueKind.MONEY),
    Column(key="people", label="People", kind=ValueKind.NUMBER),
    Column(key="seats", label="Seats bought", kind=ValueKind.NUMBER, wide=True),
    Column(key="warnings", label="Mind"),
)
YEARS = (
    Column(key="year", label="Fiscal year", primary=True),
    Column(key="today", label="Today", kind=ValueKind.MONEY),
    Column(key="then", label="Scenario", kind=ValueKind.MONEY),
    Column(key="less", label="Less", kind=ValueKind.MONEY),
)
FALLS = (
    Column(key="capability", label="Capability", primary=True),
    Column(key="left", label="Suppliers left", kind=ValueKind.NUMBER),
    Column(key="before", label="Today", kind=ValueKind.NUMBER),
    Column(key="units", label="Where it is required"),
)
SHARED = (
    Column(key="capability", label="Used on both sides", primary=True),
    Column(key="tools", label="In these tools"),
)


def _amount(facts: ScenarioFacts, minor: int) -> Amount:
    return Amount(currency=facts.currency, minor=minor)


def change_row(facts: ScenarioFacts, place: int, effect: Effect, *, least: int) -> Row:
    """One change; groups of people under ``least`` are hidden. What a kind of change has not is not applicable."""
    kind = effect.change.kind
    people: Value = None
    if kind is Kind.OFF:
        people = _hidden(effect.people, least)
        if people is None:
            people = Missing(
                "No usage file names who is active in it."
                if effect.people is None
                else "A small group, hidden."
            )
    return Row(
        id=str(place),
        values={
            "change": effect.what,
            "on": effect.change.on,
            "starts": Missing("When it takes effect is not known.")
            if effect.from_on is None and kind is not Kind.MERGE
            else effect.from_on,
            "annual": _amount(facts, effect.annual_minor),
            "once": _amount(facts, effect.change.once_minor) if kind in (Kind.OFF, Kind.ADD) else None,
            "people": people,
            "seats": effect.seats if kind is Kind.OFF else None,
            "warnings": " ".join(effect.warnings) or None,
        },
    )


def _hidden(people: int | None, least: int) -> int | None:
    return None if people is not None and 0 < people < least else people


def year_rows(facts: ScenarioFacts, outcome: Outcome) -> tuple[Row, ...]:
    """Budget by fiscal year."""
    return tuple(
        Row(
            id=name,
            values={
                "year": name,
                "today": _amount(facts, today),
                "then": _amount(facts, then),
                "less": _amount(facts, today - then),
            },
        )
        for name, today, then in outcome.years
    )


def fall_rows(outcome: Outcome) -> tuple[Row, ...]:
    """Required capabilities that fall to no supplier or to one."""
    return tuple(
        Row(
            id=f"fall-{place}",
            state="lost" if not each.left else "one supplier",
            values={
                "capability": each.capability,
                "left": each.left,
                "before": each.before,
                "units": ", ".join(each.units),
            },
        )
        for place, each in enumerate(outcome.falls)
    )


def shared_rows(outcome: Outcome) -> tuple[Row, ...]:
    """The combined overlap of joined units."""
    return tuple(
        Row(id=f"shared-{place}", values={"capability": each.capability, "tools": ", ".join(each.tools)})
        for place, each in enumerate(outcome.shared)
    )


def sentence(facts: ScenarioFacts, outcome: Outcome) -> str:
    """What the scenario comes to."""
    currency = facts.currency
    if not outcome.effects:
        return f"Nothing is changed: {outcome.years[0][0]} lands at {money(outcome.years[0][1], currency)}, as today."

    def less(minor: int) -> str:
        return f"{money(abs(minor), currency)} {'less' if minor >= 0 else 'more'}"

    year = outcome.years[0][0]
    text = (
        f"{year} would cost {less(outcome.year_minor)} than today"
        if outcome.year_minor
        else f"{year} stays as it is"
    )
    text += f", and {less(outcome.annual_minor)} a year in the end"
    lost = [each for each in outcome.falls if not each.left]
    if lost:
        text += f"; {count(len(lost), 'required capability', 'required capabilities')} would have no supplier"
    if outcome.break_even is None and outcome.saved_minor <= 0:
        text += "; it does not pay back in the months shown"
    return text + "."


def scenario_plots(facts: ScenarioFacts, outcomes: Sequence[tuple[str, Outcome]]) -> tuple[Plot, ...]:
    """Spend by month, today and in each scenario, and what was saved by then."""
    if not outcomes:
        return ()
    first = outcomes[0][1]
    series = [Series(key="today", label="Today", values=first.today, style="line", colour="muted")]
    series += [
        Series(key=f"s{place}", label=name, values=each.then, style="line", colour="")
        for place, (name, each) in enumerate(outcomes)
    ]
    mark = month_of(facts.as_of) - first.months[0]
    labels = tuple(month(each) for each in first.months)
    saved = [
        Series(
            key=f"saved{place}",
            label=name,
            values=tuple(accumulate(a - b for a, b in zip(each.today, each.then, strict=True))),
            style="line",
            colour="",
        )
        for place, (name, each) in enumerate(outcomes)
    ]
    return (
        Plot(
            kind="lines",
            title="Spend by month",
            labels=labels,
            series=tuple(series),
            axis=facts.currency,
            currency=facts.currency,
            mark=mark,
        ),
        Plot(
            kind="lines",
            title="Less than today, added up",
            labels=labels,
            series=tuple(saved),
            axis=facts.currency,
            currency=facts.currency,
            mark=mark,
        ),
    )


def compared(
    facts: ScenarioFacts,
    outcomes: Sequence[tuple[str, Outcome]],
    *,
    least: int,
    numbers: Sequence[int] = (),
    named: bool = False,
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """Scenarios side by side: a row a measure, a column a scenario after today's.

    ``numbers`` are those the scenarios are kept under: each cell then leads to what it is made of, today's to the
    first's parts, which are the same in all. ``named``: the reader sees who moves.
    """

    def leads(about: str, place: int) -> dict[str, Ref]:
        return {
            f"s{at}": Ref(kind="scenario_part", id=f"{number}:{about}:{place}", label="its parts")
            for at, number in enumerate(numbers)
        }

    def shown(anchor: str, there: Sequence[bool]) -> dict[str, Ref]:
        return {
            f"s{at}": Ref(kind="scenario_place", id=f"{number}:{anchor}", label="where it stands")
            for at, (number, holds) in enumerate(zip(numbers, there, strict=False))
            if holds
        }

    columns = (
        Column(key="what", label="What", primary=True),
        Column(key="today", label="Today", kind=ValueKind.MONEY),
        *(
            Column(key=f"s{place}", label=name, kind=ValueKind.MONEY)
            for place, (name, _) in enumerate(outcomes)
        ),
    )
    rows = []
    for place, (name, today, _) in enumerate(outcomes[0][1].years if outcomes else ()):
        to = leads("year", place)
        rows.append(
            Row(
                id=name,
                leads={**to, "today": to["s0"]} if to else {},
                values={
                    "what": name,
                    "today": _amount(facts, today),
                    **{
                        f"s{at}": _amount(facts, each.years[place][2])
                        for at, (_, each) in enumerate(outcomes)
                    },
                },
            )
        )
    changed = [bool(each.effects) for _, each in outcomes]
    last = len(outcomes[0][1].years) - 1 if outcomes else 0
    for key, label, minors, there in (
        (
            "annual",
            "Less a year in the end",
            [each.annual_minor for _, each in outcomes],
            leads("year", last),
        ),
        (
            "once",
            "Costs once",
            [each.moving_minor for _, each in outcomes],
            shown("changes-title", changed),
        ),
    ):
        rows.append(
            Row(
                id=key,
                leads=there,
                values={
                    "what": label,
                    **{f"s{at}": _amount(facts, minor) for at, minor in enumerate(minors)},
                },
            )
        )

    def text(key: str, label: str, values: Sequence[str], to: Mapping[str, Ref]) -> None:
        rows.append(
            Row(
                id=key,
                leads=to,
                values={"what": label, **{f"s{at}": each for at, each in enumerate(values)}},
            )
        )

    found = [each for _, each in outcomes]
    text(
        "pays",
        "Pays back by",
        [each.break_even or "not in these months" for each in found],
        shown("chart-1", [True] * len(found)),
    )
    text(
        "people",
        "People who move",
        ["few, hidden" if 0 < each.people < least else str(each.people) for each in found],
        shown("people" if named else "changes-title", [bool(each.people) for each in found]),
    )
    falls = [bool(each.falls) for each in found]
    text(
        "lost",
        "Required, no supplier left",
        [listed([fall.capability for fall in each.falls if not fall.left]) or "none" for each in found],
        shown("falls", falls),
    )
    text(
        "single",
        "Required, one supplier left",
        [str(sum(fall.left == 1 for fall in each.falls)) for each in found],
        shown("falls", falls),
    )
    return columns, tuple(rows)


def scenario_json(
    facts: ScenarioFacts, name: str, outcome: Outcome, *, changed: Sequence[str] = (), least: int
) -> dict[str, Any]:
    """A scenario as the command line prints it; money as in reports, small groups of people null."""

    def amount(minor: int) -> Any:
        return _amount(facts, minor).to_json()

    return {
        "scenario": name,
        "as_of": facts.as_of.isoformat(),
        "unit": facts.unit,
        "currency": facts.currency,
        "answer": sentence(facts, outcome),
        "changed_since": list(changed),
        "years": [
            {"year": year, "today": amount(today), "scenario": amount(then)}
            for year, today, then in outcome.years
        ],
        "months": [
            {"month": month(index), "today": amount(today), "scenario": amount(then)}
            for index, today, then in zip(outcome.months, outcome.today, outcome.then, strict=True)
        ],
        "annual": amount(outcome.annual_minor),
        "once": amount(outcome.moving_minor),
        "people": _hidden(outcome.people, least),
        "break_even": outcome.break_even,
        "changes": [
            {
                "what": each.what,
                "on": each.change.on.isoformat() if each.change.on else None,
                "from": each.from_on.isoformat() if each.from_on else None,
                "annual": amount(each.annual_minor),
                "people": _hidden(each.people, least),
                "seats": each.seats,
                "warnings": list(each.warnings),
            }
            for each in outcome.effects
        ],
        "falls": [
            {
                "capability": each.capability,
                "before": each.before,
                "left": each.left,
                "units": list(each.units),
            }
            for each in outcome.falls
        ],
        "shared": [{"capability": each.capability, "tools": list(each.tools)} for each in outcome.shared],
    }
