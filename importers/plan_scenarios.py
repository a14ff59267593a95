"""Rows of a plan that are of another scenario: what happened, or is expected, row by row beside what was planned.

A list of actuals and budgets below one another names in a column which of them each row is. All of them together are no
plan of anything. That it is such a column is told by its cells, whatever its heading, and by the same line standing
in the list once for each of them; a column of states (*planned*, *committed*, *spent*) says how far each line is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from importers import codes
from importers.grid import address, key, letters
from importers.plan_derived import decide_derived
from importers.plan_measures import decide_measures
from importers.plan_revenue import decide_revenue
from importers.plan_spans import decide_every, tell_flights
from importers.plan_words import says
from importers.row_states import decide_in_force
from importers.spend_plan import Proposal
from importers.table import headings_of, same_texts, span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SheetDecision

#: Cells that outright name what is no plan; they are asked about even where no line stands in the list twice.
_OUTRIGHT: Final = re.compile(
    r"(?:actuals?|act|ist|istwerte?|forecasts?|fcst|prior year|last year|previous year|py|ly|ytd|outturn|"
    r"réel|réalisé|realizado|consuntivo|werkelijk|utfall|faktisk|wykonanie|skutečnost)"
    r"(?: (?:actuals?|values?|data|costs?|spend|ytd|(?:fy ?)?20[0-9]{2}))?",
    re.IGNORECASE,
)
_PLAN: Final = re.compile(r"(?:bud|target|soll|plan|tgt)", re.IGNORECASE)
#: Fields of a plan that say what a line is for and of when.
_OF_A_LINE: Final = (
    *(
        "cost_centre",
        "gl_account",
        "unit",
        "vendor",
        "tool",
        "programme",
        "month",
        "description",
        "fiscal_year",
    ),
)
_MOST: Final = 8
_EVERY: Final = "all"


class Scenarios(NamedTuple):
    """A column that names each row's scenario: the rows (indexes) of each text, which of them are plans, and whether
    the same lines stand in the list once for each.
    """

    column: int
    heading: str
    rows: dict[str, frozenset[int]]
    plans: tuple[str, ...]
    proven: bool


def _kind(text: str) -> str:
    """``plan`` or ``other`` for a cell that names a scenario, else ``""``."""
    if _OUTRIGHT.fullmatch(text):
        return "other"
    if _PLAN.fullmatch(text):
        return "plan"
    if len(text) > 40 or len(text.split()) > 4:
        return ""
    said = says(text)
    return "other" if said == "happened" else said


def scenarios_of(proposal: Proposal, decision: SheetDecision) -> Scenarios | None:
    """The column of a sheet of a plan that names each row's scenario, or None."""
    choice = decision.column("amount")
    if choice is None:
        return None
    grid = proposal.grid
    first, last = span(choice)
    headings = headings_of(grid, decision)
    start = grid.position(decision.first_row)
    stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
    filled = [
        index
        for index in range(start, stop)
        if any(value is not None for value in grid.rows[index][first : last + 1])
        and not same_texts(grid.rows[index], headings)
    ]
    for column, heading in enumerate(headings):
        if first <= column <= last or not heading:
            continue
        rows: dict[str, set[int]] = {}
        for index in filled:
            value = grid.rows[index][column] if column < len(grid.rows[index]) else None
            if isinstance(value, str) and (text := fold(value).casefold()):
                rows.setdefault(text, set()).add(index)
                if len(rows) > _MOST:
                    break
        if not 2 <= len(rows) <= _MOST or 10 * sum(map(len, rows.values())) < 8 * len(filled):
            continue
        kinds = {text: _kind(text) for text in rows}
        if not all(kinds.values()):
            continue
        plans = tuple(text for text, kind in kinds.items() if kind == "plan")
        others = [text for text, kind in kinds.items() if kind == "other"]
        proven = _again(proposal, decision, column, list(rows.values()))
        named = any(_OUTRIGHT.fullmatch(text) for text in others)
        if not others and (_is_version(decision, column) or not proven):
            continue
        if proven or named:
            found = {text: frozenset(places) for text, places in rows.items()}
            return Scenarios(column, heading, found, plans, proven)
    return None


def _is_version(decision: SheetDecision, column: int) -> bool:
    version = decision.column("version")
    return version is not None and span(version)[0] == column


def _again(proposal: Proposal, decision: SheetDecision, column: int, groups: Iterable[Iterable[int]]) -> bool:
    """Whether half the lines of every scenario but the longest stand in that one too, by what says what they are."""
    grid = proposal.grid
    columns = [
        span(each)[0] for each in decision.columns if each.field in _OF_A_LINE and span(each)[0] != column
    ]
    if not columns:
        return False

    def line(index: int) -> tuple[str, ...]:
        row = grid.rows[index]
        return tuple(
            str(row[place]).casefold() if place < len(row) and row[place] is not None else ""
            for place in columns
        )

    lines = sorted(({line(index) for index in rows} for rows in groups), key=len, reverse=True)
    return all(2 * len(each & lines[0]) >= len(each) for each in lines[1:])


def decide_scenario(proposal: Proposal, decision: SheetDecision, answers: dict[str, str]) -> SheetDecision:
    """Which rows are the plan (``scenario``: column letters → the cells that name it), by evidence or an answer.

    One plan beside what happened is taken and the rest told; several versions of one stay versions. Else it is asked.
    """
    said = dict(decision.extra).get("scenario")
    found = scenarios_of(proposal, decision)
    if found is None:
        return decision
    if said is not None:
        return _kept(proposal, decision, found, said.get(letters(found.column), tuple(found.rows)))
    question = key(proposal.grid.name, found.column, "scenario")
    answer = fold(answers.get(question, "")).casefold()
    if answer == _EVERY:
        return _kept(proposal, decision, found, tuple(found.rows))
    if answer in found.rows:
        return _kept(proposal, decision, found, (answer,))
    plain = len(found.plans) == 1 or (found.plans and _is_version(decision, found.column))
    if found.proven and plain and len(found.plans) < len(found.rows):
        return _kept(proposal, decision, found, found.plans)
    offered = [*found.plans, *(text for text in found.rows if text not in found.plans)]
    said = ", ".join(f"“{text}” ({len(found.rows[text])})" for text in offered)
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            column=letters(found.column),
            asks=f"“{found.heading}” names rows of several kinds: {said}. Which are the plan?",
            choices=(
                *(Choice(value=text, reads=f"only the rows that say “{text}”") for text in offered),
                Choice(value=_EVERY, reads="every row"),
            ),
        )
    )
    return decision


def decide_plan(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: dict[str, str]
) -> SheetDecision:
    """What a plan leaves open beside its columns: which rows are planned, which are revenue, what amounts are of."""
    tell_flights(proposal, decision)
    decision = decide_every(proposal, decision, options, answers)
    decision = decide_derived(proposal, decision, answers)
    if "phased" not in dict(decision.extra):
        decision = decide_measures(proposal, decision, answers)
    decision = decide_scenario(proposal, decision, answers)
    return decide_revenue(proposal, decide_in_force(proposal, decision, options, answers), answers)


def _kept(
    proposal: Proposal, decision: SheetDecision, found: Scenarios, texts: Sequence[str]
) -> SheetDecision:
    """The decision with what is kept; a note names what is left out."""
    left = {text: rows for text, rows in found.rows.items() if text not in texts}
    if left:
        count = sum(map(len, left.values()))
        first = min(min(rows) for rows in left.values())
        named = ", ".join(f"“{text}”" for text in left)
        message = f"By “{found.heading}” {count} {'row is' if count == 1 else 'rows are'} {named}: no plan, left out."
        cell = address(proposal.grid.numbers[first], found.column)
        proposal.problems.append(
            codes.problem(codes.PLAN_SCENARIO, message, sheet=proposal.grid.name, cell=cell)
        )
    extra = {**dict(decision.extra), "scenario": {letters(found.column): list(texts)}}
    return replace(decision, extra=tuple(sorted(extra.items())))


def other_scenarios(proposal: Proposal, decision: SheetDecision) -> frozenset[int]:
    """The rows (indexes) a decision leaves out of the plan as another scenario's."""
    kept = dict(decision.extra).get("scenario")
    found = scenarios_of(proposal, decision) if kept else None
    if found is None or kept is None:
        return frozenset()
    texts = kept.get(letters(found.column), list(found.rows))
    return frozenset(index for text, rows in found.rows.items() if text not in texts for index in rows)
