"""Which sheets of a file hold the spend: not hidden ones, summaries of others, notes, or the same lines twice."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations

from importers.alike_sheets import settle_signs
from importers.dates import month_name, month_value, quarter_value
from importers.side_tables import decide_tables, extract_tables
from importers.spend_plan import Proposal
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SpendRow

_QUARTER = re.compile(r"q[1-4]|quarter [1-4]|[1-4](?:st|nd|rd|th) quarter|t[1-4]", re.IGNORECASE)


def leave(proposal: Proposal, why: str) -> None:
    """Leave a sheet out, with the reason a person reads."""
    proposal.decision = replace(proposal.decision, used=False, why=why)
    proposal.questions.clear()


def choose_sheets(proposals: list[Proposal], options: ReadOptions, questions: list[Question]) -> None:
    """Use the sheets that hold lines; leave out hidden ones, summaries of the others, notes and look-ups."""
    able = [proposal for proposal in proposals if proposal.decision.used and proposal.quality >= 0.25]
    for proposal in proposals:
        if proposal.decision.used and proposal not in able:
            leave(proposal, "no amount column")
    seen = [proposal for proposal in able if not proposal.grid.hidden]
    if seen:
        for proposal in able:
            if proposal.grid.hidden:
                leave(proposal, "the sheet is hidden")
    else:
        seen = able
    if len(seen) < 2:
        return
    decided = [Proposal(proposal.grid, proposal.decision, lines=proposal.lines) for proposal in seen]
    for trial in decided:
        decide_tables(trial, options)
    settle_signs(decided)
    trials = {id(proposal): _trial(trial, options) for proposal, trial in zip(seen, decided, strict=True)}
    sums = {place: (trial.value, trial.lines) for place, trial in trials.items()}
    remaining = list(seen)
    _leave_summary(remaining, sums)
    # A sheet whose sum is that of another, with fewer lines, is a summary of it; so is one that sums all the others.
    for proposal in sorted(remaining, key=lambda item: item.lines):
        value, lines = sums[id(proposal)]
        for other in remaining:
            if other is proposal:
                continue
            other_value, other_lines = sums[id(other)]
            if value is not None and value == other_value and value and lines <= other_lines:
                if lines == other_lines and proposal.quality > other.quality:
                    continue
                if not trials[id(proposal)].dated and _alike(proposal, other):
                    continue  # the same subscriptions month after month, a sheet each
                leave(
                    proposal,
                    f"a summary of “{other.grid.name}”: the same sum in {lines:,} against {other_lines:,} lines",
                )
                remaining.remove(proposal)
                break
            if trials[id(proposal)].stands_in(trials[id(other)]):
                leave(proposal, f"its lines stand in “{other.grid.name}” too")
                remaining.remove(proposal)
                break
    _leave_summary(remaining, sums)
    if len(remaining) < 2:
        return
    best = max(remaining, key=lambda item: (item.quality, item.lines))
    alike = [proposal for proposal in remaining if _alike(proposal, best)]
    odd = [proposal for proposal in remaining if proposal not in alike]
    for proposal in list(odd):
        if proposal.quality < 0.6 or proposal.quality < best.quality - 0.25 or _is_summary(proposal, best):
            leave(proposal, f"it does not look like spend lines as “{best.grid.name}” does")
            odd.remove(proposal)
    doubled = any(
        trials[id(one)].shares(trials[id(two)]) >= max(3, min(sums[id(one)][1], sums[id(two)][1]) // 2)
        for one, two in combinations(alike, 2)
    )
    if odd or doubled:
        _ask_sheets(alike, odd, options, questions, doubled=doubled)


def _leave_summary(remaining: list[Proposal], sums: dict[int, tuple[Decimal | None, int]]) -> None:
    """Leave out the one sheet that comes to the sum of all the others, or those where it has as many lines as they."""
    if len(remaining) < 3:
        return
    for proposal in list(remaining):
        value, lines = sums[id(proposal)]
        rest = [sums[id(other)] for other in remaining if other is not proposal]
        known = [entry[0] for entry in rest if entry[0] is not None]
        if not value or len(known) < len(rest) or sum(known, Decimal(0)) != value:
            continue
        if lines < sum(entry[1] for entry in rest):
            leave(proposal, "a summary of the other sheets: the same sum in fewer lines")
            remaining.remove(proposal)
            return
        for other in list(remaining):
            if other is not proposal:
                leave(other, f"its lines stand in “{proposal.grid.name}” too")
                remaining.remove(other)
        return


def _alike(one: Proposal, two: Proposal) -> bool:
    fields_one = {choice.field for choice in one.decision.columns}
    fields_two = {choice.field for choice in two.decision.columns}
    if one.decision.fingerprint == two.decision.fingerprint:
        return True
    if {"amount", "supplier"} <= fields_one & fields_two and _named_in_turn(one) and _named_in_turn(two):
        return True  # a sheet a month: whatever else its columns hold, and in whatever order
    shared = len(fields_one & fields_two) / max(len(fields_one | fields_two), 1)
    return one.decision.layout is two.decision.layout and shared >= 0.75


def _named_in_turn(proposal: Proposal) -> bool:
    """Whether a sheet is named as one month or quarter, and so as one of a row of sheets."""
    name = (proposal.grid.name or "").strip()
    return bool(month_value(name) or month_name(name) or quarter_value(name) or _QUARTER.fullmatch(name))


def _is_summary(proposal: Proposal, best: Proposal) -> bool:
    """Fewer lines without a date beside a sheet of dated lines."""
    return (
        proposal.decision.column("date") is None
        and best.decision.column("date") is not None
        and proposal.lines < best.lines
    )


def _ask_sheets(
    alike: list[Proposal],
    odd: list[Proposal],
    options: ReadOptions,
    questions: list[Question],
    *,
    doubled: bool,
) -> None:
    answer = dict(options.answers).get("sheets")
    everything = [*alike, *odd]
    if answer == "all":
        return
    names = {proposal.grid.name: proposal for proposal in everything}
    groups = {"main": alike} if len(alike) > 1 else {}
    chosen = groups.get(answer or "") or ([names[answer]] if answer in names else None)
    if chosen is not None:
        for proposal in everything:
            if proposal not in chosen:
                leave(proposal, "another sheet was chosen")
        return
    choices = [
        Choice(
            value="all",
            reads="all of them: " + ", ".join(f"“{proposal.grid.name}”" for proposal in everything),
        )
    ]
    if len(alike) > 1:
        choices.append(
            Choice(value="main", reads="only " + ", ".join(f"“{proposal.grid.name}”" for proposal in alike))
        )
    choices.extend(
        Choice(value=str(proposal.grid.name), reads=f"only “{proposal.grid.name}” ({proposal.lines:,} lines)")
        for proposal in everything
    )
    questions.append(
        Question(
            key="sheets",
            asks="Some lines stand in several sheets, word for word. Which sheets hold the lines?"
            if doubled
            else "Several sheets hold amounts in different layouts. Which hold the lines?",
            choices=tuple(choices),
        )
    )


@dataclass(slots=True)
class _Trial:
    """What a sheet would come to: its sum to the cent (None when it cannot be told yet) and the prints of its lines."""

    value: Decimal | None
    lines: int
    dated: bool = False
    prints: Counter[int] = field(default_factory=Counter)

    def stands_in(self, other: "_Trial") -> bool:
        """Whether every line, dated and named as it is, is a line of the other too, which has more."""
        return self.dated and 0 < self.lines < other.lines and self.prints <= other.prints

    def shares(self, other: "_Trial") -> int:
        """How many dated lines stand in both."""
        return (self.prints & other.prints).total() if self.dated and other.dated else 0


def _trial(trial: Proposal, options: ReadOptions) -> _Trial:
    if trial.questions and any(not question.key.endswith("date_order") for question in trial.questions):
        return _Trial(None, trial.lines)
    found = _Trial(Decimal(0), 0, dated=True)

    def count(batch: Sequence[SpendRow]) -> None:
        for line in batch:
            found.dated = found.dated and (line.date or line.period) is not None
            found.prints[
                hash((line.date or line.period, line.supplier, line.amount, line.description, line.reference))
            ] += 1

    result = extract_tables(trial.grid, trial.decision, count, options.base_currency)
    value = sum(result.net_sum.values(), Decimal(0))
    found.value, found.lines = value.quantize(Decimal("0.01")), result.reading.lines_read
    return found
