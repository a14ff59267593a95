"""What the bare numbers of a term or a notice period count: days, weeks, months or years.

``3`` below *Contract length* is three years to whoever wrote it, ``1095`` is days, and read as months either moves
every date of notice. The heading says it, else the days the contract runs from and to; else it is asked where the
numbers are those of another unit.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from importers.casts import Casts
from importers.fields import labels
from importers.grid import key, letters
from importers.spend_plan import Proposal
from importers.table import sample_rows, span
from importers.terms import length_in, unit_in
from importers.texts import fold
from mopsaudit.intake.contract import Choice, ColumnChoice, Kind, Question, ReadOptions, SheetDecision

#: No term has more months; a longer number is one of days. Up to the next, numbers are as likely years or months.
_MOST, _FEW, _LONG = 600, 7, 84
_PLAIN: Final = re.compile(r"[0-9]{1,5}(?:\.0+)?")
#: Headings of our own template from which a list is one of ours.
_OURS: Final = 4
_UNITS: Final = ("days", "weeks", "months", "years")


def is_ours(proposal: Proposal) -> bool:
    """Whether a list has the headings of our own template, whose *Amount* is a year's."""
    ours = {fold(label) for label in labels(Kind.CONTRACTS).values()}
    headings = proposal.header.headings if proposal.header is not None else ()
    return sum(fold(heading) in ours for heading in headings) >= _OURS


def decide_units(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """The unit of the bare numbers of terms (``term_units``: field → unit) and of notice, by evidence or an answer."""
    units: dict[str, str] = {}
    for name in ("initial_months", "renewal_months"):
        choice = decision.column(name)
        if choice is None:
            continue
        unit = unit_in(choice.header) or _asked(proposal, decision, options, answers, choice)
        if (
            unit is None
            and units.get("initial_months") == "years"
            and _all_few(_numbers(proposal, decision, choice))
        ):
            unit = "years"
        if unit not in (None, "months"):
            units[name] = unit or ""
    notice = decision.column("notice")
    if notice is not None and decision.column("notice_unit") is None and unit_in(notice.header) is None:
        numbers = _numbers(proposal, decision, notice)
        if numbers and max(numbers) <= 12 and max(numbers) > 0 and not is_ours(proposal):
            said = _answer(proposal, answers, notice, "notice_unit", numbers, ("months", "days"))
            if said is not None:
                units["notice"] = said
    if not units or "term_units" in dict(decision.extra):
        return decision
    return replace(decision, extra=tuple(sorted({**dict(decision.extra), "term_units": units}.items())))


def _asked(
    proposal: Proposal,
    decision: SheetDecision,
    options: ReadOptions,
    answers: Mapping[str, str],
    choice: ColumnChoice,
) -> str | None:
    """The unit of a column of bare numbers that its heading does not say; None for months, or where there are none."""
    numbers = _numbers(proposal, decision, choice)
    if not numbers or choice.field != "initial_months":
        return None
    by_days = _by_days(proposal, decision, options, choice)
    if by_days is not None:
        return by_days
    if max(numbers) > _MOST:
        return "days"
    if is_ours(proposal) or not (_all_few(numbers) or max(numbers) > _LONG):
        return None
    offered = ("years", "months") if _all_few(numbers) else ("days", "months")
    return _answer(proposal, answers, choice, "term_unit", numbers, offered)


def _all_few(numbers: Sequence[int]) -> bool:
    return bool(numbers) and max(numbers) <= _FEW


def _answer(
    proposal: Proposal,
    answers: Mapping[str, str],
    choice: ColumnChoice,
    what: str,
    numbers: Sequence[int],
    offered: Sequence[str],
) -> str | None:
    grid, column = proposal.grid, span(choice)[0]
    question = key(grid.name, column, what)
    answer = answers.get(question)
    if answer in _UNITS:
        return answer
    shown = max(numbers)
    proposal.questions.append(
        Question(
            key=question,
            sheet=grid.name,
            column=letters(column),
            asks=f"“{choice.header}” holds numbers up to {shown} and names no unit. What do they count?",
            choices=tuple(Choice(value=unit, reads=f"{shown} is {shown} {unit}") for unit in offered),
        )
    )
    return None


def _numbers(proposal: Proposal, decision: SheetDecision, choice: ColumnChoice) -> list[int]:
    """The cells of a column that are bare whole numbers; empty where most cells say something else."""
    grid, column = proposal.grid, span(choice)[0]
    found: list[int] = []
    others = 0
    for index in sample_rows(grid.position(decision.first_row), len(grid.rows)):
        row = grid.rows[index]
        value = row[column] if column < len(row) else None
        if value is None or isinstance(value, bool):
            continue
        text = fold(str(value))
        if _PLAIN.fullmatch(text):
            found.append(int(float(text)))
        else:
            others += 1
    return found if others <= len(found) else []


def _by_days(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, choice: ColumnChoice
) -> str | None:
    """The unit in which the numbers agree with the days contracts run from and to; None where no days tell."""
    if decision.column("start") is None or decision.column("end") is None:
        return None
    grid, column = proposal.grid, span(choice)[0]
    casts = Casts(options.kind, grid, decision, options, lambda *_, **__: None)
    agreed = dict.fromkeys(_UNITS, 0)
    told = 0
    for index in sample_rows(grid.position(decision.first_row), len(grid.rows)):
        row, number = grid.rows[index], grid.numbers[index]
        text = fold(str(row[column])) if column < len(row) and row[column] is not None else ""
        if not _PLAIN.fullmatch(text) or not int(float(text)):
            continue
        values: Mapping[str, Any] = casts.row(row, number)[0]
        start, end = values.get("start"), values.get("end")
        if not isinstance(start, date) or not isinstance(end, date) or end <= start:
            continue
        told += 1
        days = (end - start).days + 1
        for unit in _UNITS:
            months = length_in(text, unit)
            agreed[unit] += months is not None and abs(months * 30.4375 - days) <= max(16, days / 20)
    best = max(_UNITS, key=lambda unit: agreed[unit])
    return best if told and 2 * agreed[best] > told else None
