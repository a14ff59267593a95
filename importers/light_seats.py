"""Whether who may only look on, or is a guest, holds a seat that is paid for: some products sell it, some do not."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from importers.grid import key, letters
from importers.record_words import RECORD_WORDS
from importers.spend_plan import Proposal
from importers.table import sample_rows, span
from importers.texts import fold
from importers.usage import NO_SEAT, layouts
from importers.usage_metrics import decide_metric
from mopsaudit.intake.contract import Choice, Layout, Question, ReadOptions, SheetDecision

#: Kinds of seat that cost nothing with some products and something with others.
_LIGHT: Final = re.compile(
    r"view|viewer|view(?:er)?[- ]only|read(?:er)?[- ]only|reader|guest|collaborator|observer|stakeholder|commenter|"
    r"free (?:user|member|viewer|guest|seat|collaborator)|occasional|betrachter|nur lesen|leser|gast|lecteur|"
    r"lecture seule|invité|lector|s[oó]lo lectura|invitado|sola lettura|ospite|alleen lezen|lezer",
    re.IGNORECASE,
)
_OFFERED: Final = {"paid": "counted as seats held", "free": "no seats of those that are bought"}
_SHOWN: Final = 3


def light(licence: object) -> bool:
    """Whether a licence may be one that nobody pays for."""
    return isinstance(licence, str) and bool(_LIGHT.fullmatch(fold(licence)))


def decide_light_seats(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Whether such seats count (``light``: *paid* or *free*), by an answer; asked where others stand beside them.

    A vendor's layout that knows its own seats is asked nothing.
    """
    if decision.layout is Layout.CROSSTAB:
        return decide_metric(proposal, decision, RECORD_WORDS[options.kind], answers)
    choice = decision.column("licence")
    known = dict(decision.extra)
    if (
        choice is None
        or "light" in known
        or any(_seats_known(each.id, known, each.seat) for each in layouts())
    ):
        return decision
    column, grid = span(choice)[0], proposal.grid
    question = key(grid.name, column, "light_seats")
    answer = answers.get(question)
    if answer in _OFFERED:
        return replace(decision, extra=tuple(sorted({**known, "light": answer}.items())))
    told: Counter[str] = Counter()
    others = False
    for index in sample_rows(grid.position(decision.first_row), len(grid.rows)):
        row = grid.rows[index]
        value = row[column] if column < len(row) else None
        if light(value):
            told[fold(str(value))] += 1
        elif isinstance(value, str) and fold(value).casefold() not in NO_SEAT:
            others = others or bool(fold(value))
    if told and others:
        named = ", ".join(f"“{name}”" for name, _ in told.most_common(_SHOWN))
        proposal.questions.append(
            Question(
                key=question,
                sheet=grid.name,
                column=letters(column),
                asks=f"Column {letters(column)} “{choice.header}” says {named} of some. "
                "Does that take a seat you pay for?",
                choices=tuple(Choice(value=name, reads=reads) for name, reads in _OFFERED.items()),
            )
        )
    return decision


def _seats_known(name: str, extra: Mapping[str, object], seat: object) -> bool:
    return seat is not None and extra.get("vendor_layout") == name
