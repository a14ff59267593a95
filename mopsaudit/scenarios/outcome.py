"""What a scenario would do: spend by month, what falls to none or one supplier, who moves, when it pays. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from mopsaudit.facts.wording import count, day, listed, month
from mopsaudit.periods import fiscal_year_name
from mopsaudit.scenarios.changes import Change, Kind
from mopsaudit.scenarios.facts import ScenarioFacts
from mopsaudit.scenarios.projection import by_month, changed, seats_from, seats_of_movers, stops_on, tool_of
from mopsaudit.scenarios.values import EVERYWHERE

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one change does alone. ``saved_minor`` is over all months shown, ``annual_minor`` in the last twelve.

    ``from_on`` is the day money changes; ``people`` are those who move, ``seats`` what they need beyond free ones;
    ``warnings`` say what it cannot do.
    """

    change: Change
    what: str
    from_on: date | None
    people: int | None = None
    seats: int = 0
    annual_minor: int = 0
    saved_minor: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """A required capability with ``left`` suppliers where there were ``before``, and the units it is so in."""

    capability: str
    before: int
    left: int
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A capability that joined units use in different tools."""

    capability: str
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The whole scenario beside today, by month index; ``years`` are (name, today, then) by fiscal year."""

    months: tuple[int, ...]
    today: tuple[int, ...]
    then: tuple[int, ...]
    years: tuple[tuple[str, int, int], ...]
    effects: tuple[Effect, ...]
    falls: tuple[Fall, ...]
    shared: tuple[Shared, ...]
    moving_minor: int
    people: int
    annual_minor: int
    break_even: str | None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def year_minor(self) -> int:
        """Less than today in the present fiscal year."""
        return self.years[0][1] - self.years[0][2]

    @property
    def saved_minor(self) -> int:
        """Less than today over all months shown."""
        return sum(self.today) - sum(self.then)


def work_out_scenario(facts: ScenarioFacts, changes: Sequence[Change]) -> Outcome:
    """Today with all changes together, and each alone. Without a change it is today."""
    today = by_month(facts, facts.flows)
    then = changed(facts, changes)
    effects = tuple(_effect(facts, each, today) for each in changes)
    months = tuple(facts.months)
    today_line, then_line = tuple(today[each] for each in months), tuple(then[each] for each in months)
    return Outcome(
        months=months,
        today=today_line,
        then=then_line,
        years=tuple(
            (
                fiscal_year_name(year),
                sum(today[each] for each in year.months),
                sum(then[each] for each in year.months),
            )
            for year in facts.years
        ),
        effects=effects,
        falls=_falls(facts, changes),
        shared=_shared(facts, changes),
        moving_minor=sum(each.once_minor for each in changes),
        people=len(_movers(facts, changes)),
        annual_minor=sum(today_line[-12:]) - sum(then_line[-12:]),
        break_even=_break_even(months, today_line, then_line),
        facts=resting_on(facts, changes),
    )


def _name(facts: ScenarioFacts, tool_id: int | None) -> str:
    tool = tool_of(facts, tool_id)
    return tool.name if tool else f"tool {tool_id}"


def _movers(facts: ScenarioFacts, changes: Sequence[Change]) -> frozenset[str]:
    """Everybody active in a tool that is switched off, each once."""
    return frozenset[str]().union(
        *(facts.people.get(each.tool_id or 0, frozenset()) for each in changes if each.kind is Kind.OFF)
    )


def _effect(facts: ScenarioFacts, change: Change, today: Mapping[int, int]) -> Effect:
    then = changed(facts, [change])
    months = tuple(facts.months)
    saved = [today[each] - then[each] for each in months]
    what, starts, warnings = _words(facts, change)
    movers = facts.people.get(change.tool_id or 0) if change.kind is Kind.OFF else None
    return Effect(
        change=change,
        what=what,
        from_on=starts,
        people=len(movers) if movers is not None else None,
        seats=sum(bought for _, bought, _ in seats_of_movers(facts, change))
        if change.kind is Kind.OFF
        else 0,
        annual_minor=sum(saved[-12:]),
        saved_minor=sum(saved),
        warnings=tuple(warnings),
    )


def _words(facts: ScenarioFacts, change: Change) -> tuple[str, date | None, list[str]]:
    warnings: list[str] = []
    on = change.on
    match change.kind:
        case Kind.OFF:
            into = listed([_name(facts, each) for each in change.into_ids])
            what = f"{_name(facts, change.tool_id)} is switched off" + (
                f"; {into} take{'s' if len(change.into_ids) == 1 else ''} over" if into else ""
            )
            mine = [line for line in facts.lines.values() if line.tool_id == change.tool_id]
            ends = [stops_on(facts, line, on or facts.as_of) for line in mine]
            if any(each is None for each in ends):
                warnings.append("A contract's end is not known: nothing is saved on it.")
            known = [each for each in ends if each is not None]
            starts = max(known, default=on)
            if on is not None and starts is not None and starts > on:
                warnings.append(
                    f"It goes on costing until {day(starts - _DAY)}: the term cannot be left before."
                )
            if tool_of(facts, change.tool_id) is None:
                warnings.append("It is not in the stack any more, or has no capabilities.")
            if not change.into_ids and facts.people.get(change.tool_id or 0):
                warnings.append("Nobody takes its people on.")
            return what, starts, warnings
        case Kind.SEATS:
            line = facts.lines.get(change.line_id or 0)
            if line is None:
                return "A contract line that is not in force any more", None, ["Nothing changes."]
            starts, seats = seats_from(facts, line, change)
            if line.seats is None:
                warnings.append("How many seats it has now is not known: nothing changes.")
            elif seats < line.seats and not line.reducible:
                warnings.append("The contract does not let seats go: nothing changes.")
            elif starts is None:
                warnings.append("The contract's end is not known: nothing changes.")
            elif seats != change.seats:
                warnings.append(f"Whole packs above the minimum make it {count(seats, 'seat')}.")
            elif on is not None and starts > on:
                warnings.append(f"Fewer seats count from {day(starts)}, when the next term starts.")
            return (
                f"{line.label}: {line.seats if line.seats is not None else '–'} → {seats} seats",
                starts,
                warnings,
            )
        case Kind.ADD:
            return f"{change.name} is added", on, warnings
        case Kind.MERGE:
            return f"{listed(_unit_names(facts, change), 4)} become one", None, warnings


def _unit_names(facts: ScenarioFacts, change: Change) -> list[str]:
    return [facts.question.units.get(each, f"unit {each}") for each in change.unit_ids]


def _falls(facts: ScenarioFacts, changes: Sequence[Change]) -> tuple[Fall, ...]:
    """Required capabilities with no supplier or one left where there were more, worst first."""
    problem, question = facts.question.problem, facts.question
    off = {each.tool_id for each in changes if each.kind is Kind.OFF}
    serves = {tool.id: set(tool.serves) for tool in problem.tools}
    tools = {tool.id: tool for tool in problem.tools}
    for change in changes:
        if change.kind is Kind.OFF and change.tool_id in tools:
            for into in change.into_ids:
                if into in serves:
                    serves[into] |= tools[change.tool_id].units
        if change.kind is Kind.MERGE:
            joined = set(change.unit_ids)
            for where in serves.values():
                if where & joined:
                    where.update(joined)
    added = [each for each in changes if each.kind is Kind.ADD]
    falls: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for each in problem.requirements:
        before = [
            tool.id for tool in problem.tools if each.capability in tool.owned and each.unit_id in tool.serves
        ]
        left = sum(
            each.capability in tool.owned and tool.id not in off and each.unit_id in serves[tool.id]
            for tool in problem.tools
        )
        left += sum(
            each.capability in one.capabilities and (not one.unit_ids or each.unit_id in one.unit_ids)
            for one in added
        )
        if left < len(before) and left <= 1:
            unit = question.units.get(
                each.unit_id, "whole company" if each.unit_id == EVERYWHERE else f"unit {each.unit_id}"
            )
            falls[each.capability, len(before), left].append(unit)
    return tuple(
        Fall(
            capability=question.capabilities.get(name, name),
            before=before,
            left=left,
            units=tuple(sorted(units)),
        )
        for (name, before, left), units in sorted(
            falls.items(), key=lambda each: (each[0][2], question.capabilities.get(each[0][0], each[0][0]))
        )
    )


def _shared(facts: ScenarioFacts, changes: Sequence[Change]) -> tuple[Shared, ...]:
    """What joined units use in several tools: the combined overlap."""
    off = {each.tool_id for each in changes if each.kind is Kind.OFF}
    found: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        if change.kind is not Kind.MERGE:
            continue
        joined = set(change.unit_ids)
        for tool in facts.question.problem.tools:
            if tool.units & joined and tool.id not in off:
                for name in facts.question.details[tool.id].used:
                    found[name].add(tool.name)
    return tuple(
        Shared(capability=facts.question.capabilities.get(name, name), tools=tuple(sorted(tools)))
        for name, tools in sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
        if len(tools) > 1
    )


def _break_even(months: Sequence[int], today: Sequence[int], then: Sequence[int]) -> str | None:
    """The first month by whose end what was spent has come back, and stays so; None: not within the months shown."""
    saved, sums = 0, []
    for place in range(len(months)):
        saved += today[place] - then[place]
        sums.append(saved)
    if not any(each > 0 for each in sums):
        return None
    found: int | None = None
    for place in reversed(range(len(months))):
        if sums[place] < 0 or (sums[place] == 0 and not any(sums[:place])):
            break
        found = place
    return None if found is None else month(months[found])


def resting_on(facts: ScenarioFacts, changes: Sequence[Change]) -> dict[str, str]:
    """What the changes rest on, by what it is of: compared with what was kept, it tells what changed since."""
    found: dict[str, str] = {}
    lines = {each.line_id for each in changes if each.line_id is not None}
    touched = {each.tool_id for each in changes} | {into for each in changes for into in each.into_ids}
    for tool_id in sorted(each for each in touched if each is not None):
        tool, detail = tool_of(facts, tool_id), facts.question.details.get(tool_id)
        found[f"tool:{tool_id}:there"] = "yes" if tool else "no"
        if tool is None or detail is None:
            continue
        found[f"tool:{tool_id}:yearly cost"] = str(detail.cost_minor)
        found[f"tool:{tool_id}:people"] = str(len(facts.people.get(tool_id, ())))
        found[f"tool:{tool_id}:price of a seat"] = str(detail.seat_minor)
        found[f"tool:{tool_id}:capabilities"] = ",".join(sorted(tool.owned))
        lines |= {line.id for line in facts.lines.values() if line.tool_id == tool_id}
    for line_id in sorted(lines):
        line = facts.lines.get(line_id)
        free = line.stands.free_from if line else None
        found[f"line:{line_id}:end"] = "gone" if line is None else free.isoformat() if free else "unknown"
        if line is not None:
            found[f"line:{line_id}:seats"] = str(line.seats)
            found[f"line:{line_id}:price"] = str(line.annual_minor)
    return found


def what_changed(
    facts: ScenarioFacts, kept: Mapping[str, str] | None, now: Mapping[str, str]
) -> tuple[str, ...]:
    """What is another than when the scenario was last looked through, in words; nothing when all is the same."""
    if kept is None or kept == now:
        return ()
    found: dict[str, set[str]] = defaultdict(set)
    for key in sorted({*kept, *now}):
        if kept.get(key) != now.get(key):
            kind, ident, what = key.split(":", 2)
            line = facts.lines.get(int(ident)) if kind == "line" else None
            name = _name(facts, int(ident)) if kind == "tool" else line.label if line else f"line {ident}"
            found[name].add("what is there" if what == "there" else what)
    return tuple(f"{name}: {listed(sorted(parts), 5)}" for name, parts in sorted(found.items()))
