"""The audit's chapter of saved scenarios: each beside today, what it changes, what it saves, what binds it.

Worked out on the document's own day from the same values as the scenarios' pages, so that sheet and page cannot
disagree; nothing kept is repeated. Small groups of people are hidden whoever asks, for a document travels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.facts.wording import count, listed, money
from mopsaudit.governance.scenarios import ScenarioRow, list_scenarios
from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.reporting import (
    Amount,
    Column,
    Coverage,
    Headline,
    LineFilter,
    Missing,
    Plot,
    Ref,
    Report,
    Row,
    Section,
    Trace,
    Value,
    ValueKind,
)
from mopsaudit.scenarios import scenario_tables as tables
from mopsaudit.scenarios.changes import Kind
from mopsaudit.scenarios.facts import ScenarioFacts, Source
from mopsaudit.scenarios.outcome import Effect, Outcome, what_changed, work_out_scenario
from mopsaudit.scenarios.today import scenario_facts
from mopsaudit.scope import Scope

TITLE: Final = "Scenarios"
COLUMNS = (
    Column(key="scenario", label="Scenario", primary=True),
    Column(key="what", label="What changes"),
    Column(key="today", label="Yearly cost today", kind=ValueKind.MONEY),
    Column(key="then", label="Yearly cost then", kind=ValueKind.MONEY),
    Column(key="annual", label="Saves a year", kind=ValueKind.MONEY),
    Column(key="once", label="Costs once", kind=ValueKind.MONEY),
    Column(key="pays", label="Pays back by"),
    Column(key="binds", label="Constraints"),
    Column(key="year", label="Less this fiscal year", kind=ValueKind.MONEY, wide=True),
    Column(key="unit", label="Business unit", wide=True),
    Column(key="people", label="People who move", kind=ValueKind.NUMBER, wide=True),
    Column(key="changed", label="Changed since looked through", wide=True),
    Column(key="looked", label="Looked through", kind=ValueKind.DATE, wide=True),
    Column(key="by", label="Made by", wide=True),
    Column(key="notes", label="Notes", wide=True),
    Column(key="tools", label="Tools", kind=ValueKind.REFS, wide=True),
)
_SCENARIO: Final = Column(key="scenario", label="Scenario", primary=True)
_TOOLS: Final = Column(key="tools", label="Tools", kind=ValueKind.REFS, wide=True)
_SERIES: Final = ("accent", "engagement", "operations", "performance")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A scenario worked out: what it stands on, what it comes to, and the lines of the ledger behind today.

    ``booked`` is None where the document's ledger is not the scenario's: that of another unit, or of part of a month.
    """

    row: ScenarioRow
    facts: ScenarioFacts
    outcome: Outcome
    names: Mapping[int, str]
    forecast: Amount | None
    booked: LineFilter | None

    def refs(self, effect: Effect) -> tuple[Ref, ...]:
        """The tools a change names, the one it changes first."""
        line = self.facts.lines.get(effect.change.line_id or 0)
        ids = (effect.change.tool_id, line.tool_id if line else None, *effect.change.into_ids)
        return tuple(
            Ref(kind="tool", id=each, label=self.names.get(each, f"tool {each}"))
            for each in dict.fromkeys(ids)
            if each is not None
        )

    def trace(self, effects: Sequence[Effect]) -> Trace | None:
        """The contract lines that some changes stop, change or buy more of, and the spend beside them that stops."""
        lines: set[int] = set()
        tools: set[int] = set()
        for each in effects:
            change = each.change
            if change.line_id is not None and change.line_id in self.facts.lines:
                lines.add(change.line_id)
            touched = {change.tool_id, *(change.into_ids if each.seats else ())} - {None}
            lines |= {line.id for line in self.facts.lines.values() if line.tool_id in touched}
            if change.kind is Kind.OFF and any(
                flow.source is Source.PACE and flow.tool_id == change.tool_id for flow in self.facts.flows
            ):
                tools.add(change.tool_id or 0)
        booked = self.booked
        beside = None if booked is None or not tools else replace(booked, tool_ids=tuple(sorted(tools)))
        return Trace(contract_lines=tuple(sorted(lines)), lines=beside) if lines or beside else None

    def today(self, place: int) -> Amount:
        """What a fiscal year costs as things stand; this year's is the budget report's forecast, and traced like it."""
        _, minor, _ = self.outcome.years[place]
        if place == 0 and self.forecast is not None and self.forecast.minor == minor:
            return self.forecast
        year = self.facts.years[place]
        months = range(month_of(year.start), month_of(year.end))
        billed = {
            flow.line_id
            for flow in self.facts.flows
            if flow.month in months and flow.line_id is not None and flow.minor
        }
        beside = any(
            flow.month in months and flow.source is not Source.OWED and flow.minor
            for flow in self.facts.flows
        )
        trace = Trace(contract_lines=tuple(sorted(billed)), lines=self.booked if beside else None)
        return self.amount(minor, trace if billed or trace.lines else None)

    def amount(self, minor: int, trace: Trace | None = None) -> Amount:
        """Money of the scenario."""
        return Amount(currency=self.facts.currency, minor=minor, trace=trace)


def scenario_chapter(
    session: Session, scope: Scope, *, budget: Report | None, names: Mapping[int, str]
) -> Report:
    """Every saved scenario in use of a scope and the units below it, those that save most first.

    ``budget`` is the scope's budget report, whose forecast is today's figure; ``names`` are those of tools by id. Each
    business unit with scenarios is worked out once; without any nothing is.
    """
    kept = sorted(list_scenarios(session, scope), key=lambda row: (row.unit_id or 0, row.id))
    found: list[_Looked] = []
    for unit_id, rows in groupby(kept, key=lambda row: row.unit_id):
        own = unit_id in (None, scope.unit_id)
        within = scope
        if not own:
            within = scope_for(session, as_of=scope.as_of, unit=unit_id, within=scope.unit_ids)
            within = replace(within, settings=scope.settings)
        facts = scenario_facts(session, within)
        forecast = _forecast(budget) if own else None
        for row in rows:
            found.append(
                _Looked(
                    row=row,
                    facts=facts,
                    outcome=work_out_scenario(facts, row.changes),
                    names=names,
                    forecast=forecast,
                    booked=forecast.trace.lines if forecast is not None and forecast.trace else None,
                )
            )
    found.sort(key=lambda each: (-each.outcome.annual_minor, each.row.name.lower(), each.row.id))
    least = scope.settings.group_minimum
    return Report(
        name="scenarios",
        title=TITLE,
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=_answer(found, scope.currency),
        headlines=_headlines(found),
        columns=COLUMNS,
        rows=tuple(_row(each, scope, least) for each in found),
        sections=tuple(section for section in _sections(found, least) if section.rows),
        coverage=Coverage(sentence=_rests(found)),
        plots=_plots([each for each in found if each.row.unit_id in (None, scope.unit_id)]),
        empty="No scenario is saved. Build one under Scenarios, or start from the lowest-cost stack.",
    )


def _forecast(budget: Report | None) -> Amount | None:
    """The forecast as the budget report shows it."""
    for headline in budget.headlines if budget is not None else ():
        if headline.key == "forecast" and isinstance(headline.value, Amount):
            return headline.value
    return None


def _answer(found: Sequence[_Looked], currency: str) -> str:
    if not found:
        return "No scenario is saved."
    best = found[0]
    if best.outcome.annual_minor <= 0:
        return f"{count(len(found), 'scenario')} saved; none costs less a year than today."
    saves = money(best.outcome.annual_minor, currency)
    most = f"“{best.row.name}” saves {saves} a year in the end"
    if len(found) == 1:
        return f"{most}, as of today's contracts and spend."
    return (
        f"{most}, the most of {len(found)} scenarios; they are choices, and what they save does not add up."
    )


def _headlines(found: Sequence[_Looked]) -> tuple[Headline, ...]:
    """The scenario that saves most; none where nothing is saved."""
    if not found or not found[0].outcome.effects:
        return ()
    best = found[0]
    what = f"“{best.row.name}”"
    return (
        Headline(
            key="annual",
            label="Saves most a year",
            value=best.amount(best.outcome.annual_minor, best.trace(best.outcome.effects)),
            what=what,
        ),
        Headline(
            key="year",
            label="Of it this fiscal year",
            value=best.amount(best.outcome.year_minor, best.trace(best.outcome.effects)),
            what=what,
        ),
        Headline(
            key="once",
            label="Costs once",
            value=best.amount(best.outcome.moving_minor),
            what=f"{what}, as typed",
        ),
    )


def _rests(found: Sequence[_Looked]) -> str:
    """What the chapter rests on: which year is compared, and how many scenarios saw their facts change."""
    if not found:
        return ""
    last = found[0].outcome.years[-1][0]
    text = (
        f"Worked out from today's contracts and spend. Yearly cost is that of {last}, the last fiscal year "
        "looked at."
    )
    changed = sum(bool(_changed(each)) for each in found)
    never = sum(each.row.facts is None for each in found)
    if changed:
        rest = "scenario rests" if changed == 1 else "scenarios rest"
        text += f" What {changed:,} {rest} on changed since somebody looked."
    if never:
        text += f" {count(never, 'scenario was', 'scenarios were')} never looked through."
    return text


def _changed(each: _Looked) -> tuple[str, ...]:
    return what_changed(each.facts, each.row.facts, each.outcome.facts)


def _row(each: _Looked, scope: Scope, least: int) -> Row:
    outcome = each.outcome
    _, _, then = outcome.years[-1]
    refs = {ref.id: ref for effect in outcome.effects for ref in each.refs(effect)}
    moves: Value = Missing("A small group, hidden.") if 0 < outcome.people < least else outcome.people
    return Row(
        id=f"scenario-{each.row.id}",
        opens=Ref(kind="scenario", id=each.row.id, label=each.row.name),
        values={
            "scenario": each.row.name,
            "what": "; ".join(effect.what for effect in outcome.effects) or "nothing yet",
            "today": each.today(len(outcome.years) - 1),
            "then": each.amount(then),
            "annual": each.amount(outcome.annual_minor, each.trace(outcome.effects)),
            "year": each.amount(outcome.year_minor, each.trace(outcome.effects)),
            "once": each.amount(outcome.moving_minor),
            "pays": outcome.break_even or ("not in these months" if outcome.effects else None),
            "binds": _binds(outcome),
            "unit": each.facts.unit or scope.settings.company_name or "The whole company",
            "people": moves,
            "changed": "; ".join(_changed(each)) or None,
            "looked": each.row.looked_on
            if each.row.facts is not None
            else Missing("Nobody has looked it through yet."),
            "by": each.row.by,
            "notes": each.row.notes or None,
            "tools": tuple(refs.values()),
        },
    )


def _binds(outcome: Outcome) -> str | None:
    """What holds a scenario back: what its changes cannot do, and what is required with one supplier left or none."""
    told = list(dict.fromkeys(warning for effect in outcome.effects for warning in effect.warnings))
    lost = [fall.capability for fall in outcome.falls if not fall.left]
    single = [fall.capability for fall in outcome.falls if fall.left]
    if lost:
        told.append(f"Required, no supplier left: {listed(lost)}.")
    if single:
        told.append(f"Required, one supplier left: {listed(single)}.")
    return " ".join(told) or None


def _sections(found: Sequence[_Looked], least: int) -> tuple[Section, ...]:
    """Changes, fiscal years, what falls away and what a merger shares, each row with the scenario it belongs to."""
    changes: list[Row] = []
    years: list[Row] = []
    falls: list[Row] = []
    shared: list[Row] = []
    for each in found:
        name: dict[str, Value] = {"scenario": each.row.name}
        for place, effect in enumerate(each.outcome.effects):
            row = tables.change_row(each.facts, place, effect, least=least)
            saves: dict[str, Value] = {"annual": each.amount(effect.annual_minor, each.trace((effect,)))}
            changes.append(_of(each, row, {**name, **row.values, **saves, "tools": each.refs(effect)}))
        for place, row in enumerate(tables.year_rows(each.facts, each.outcome)):
            years.append(_of(each, row, {**name, **row.values, "today": each.today(place)}))
        falls += [_of(each, row, {**name, **row.values}) for row in tables.fall_rows(each.outcome)]
        shared += [_of(each, row, {**name, **row.values}) for row in tables.shared_rows(each.outcome)]
    return (
        Section(
            key="changes",
            title="What each scenario changes",
            sentence="What a change saves alone, in the last twelve months looked at; together they may save less.",
            columns=(_SCENARIO, *_secondary(tables.CHANGES), _TOOLS),
            rows=tuple(changes),
        ),
        Section(
            key="years",
            title="Cost by fiscal year",
            sentence="Today is the budget's forecast; later years are what contracts bill, and spend beside them.",
            columns=(_SCENARIO, *_secondary(tables.YEARS)),
            rows=tuple(years),
        ),
        Section(
            key="falls",
            title="Required capabilities left with one supplier or none",
            sentence="Where a unit requires them, counted today and with the scenario.",
            columns=(_SCENARIO, *_secondary(tables.FALLS)),
            rows=tuple(falls),
        ),
        Section(
            key="shared",
            title="Used on both sides of joined units",
            sentence="What units that become one use in several tools.",
            columns=(_SCENARIO, *_secondary(tables.SHARED)),
            rows=tuple(shared),
        ),
    )


def _of(each: _Looked, row: Row, values: Mapping[str, Value]) -> Row:
    """A row of one scenario's table among those of all."""
    return replace(row, id=f"scenario-{each.row.id}-{row.id}", values=values)


def _secondary(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(replace(each, primary=False) for each in columns)


def _plots(found: Sequence[_Looked]) -> tuple[Plot, ...]:
    """Spend by month of the document's unit, today and in the scenarios that save most."""
    shown = [each for each in found if each.outcome.effects][: tables.COMPARED_AT_MOST]
    if not shown:
        return ()
    colours = {f"{kind}{place}": colour for kind in ("s", "saved") for place, colour in enumerate(_SERIES)}
    return tuple(
        replace(
            plot,
            series=tuple(replace(each, colour=colours.get(each.key, each.colour)) for each in plot.series),
        )
        for plot in tables.scenario_plots(shown[0].facts, [(each.row.name, each.outcome) for each in shown])
    )
