"""Counts by month whose rows are several measures of one tool: which of them counts the people who used it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from importers.grid import Cell, key
from importers.spend_plan import Proposal
from importers.table import span
from importers.texts import fold
from importers.words import Words
from mopsaudit.intake.contract import Choice, Layout, Question, SheetDecision

#: How surely a row's label speaks of active users, and how many rows are offered.
_SURE: Final = 0.6
_MOST: Final = 20
_ALL: Final = "all"


def label_of(row: Sequence[Cell], decision: SheetDecision) -> str:
    """The first text of a row outside of its counts; empty where there is none."""
    choice = decision.column("active_count")
    first, last = span(choice) if choice is not None else (0, -1)
    texts = [value for at, value in enumerate(row) if isinstance(value, str) and not first <= at <= last]
    return fold(texts[0]) if texts else ""


def decide_metric(
    proposal: Proposal, decision: SheetDecision, words: Words, answers: Mapping[str, str]
) -> SheetDecision:
    """Which row counts the active users (``metric``: its label, or *all*), by an answer.

    Asked where rows of no tool are labelled, some as active users and some otherwise, or several of them so.
    """
    known = dict(decision.extra)
    if (
        decision.layout is not Layout.CROSSTAB
        or "metric" in known
        or any(
            not choice.field.startswith("_") and choice.field != "active_count" for choice in decision.columns
        )
    ):
        return decision
    grid = proposal.grid
    rows = grid.rows[grid.position(decision.first_row) :]
    labels = list(dict.fromkeys(label for row in rows if (label := label_of(row, decision))))
    count = [label for label in labels if words.fields(label).get("active_count", 0.0) >= _SURE]
    if not count or len(labels) < 2:
        return decision
    question = key(grid.name, None, "metric")
    answer = answers.get(question)
    if answer in (*labels, _ALL):
        return replace(decision, extra=tuple(sorted({**known, "metric": answer}.items())))
    offered = [*count, *(label for label in labels if label not in count)][:_MOST]
    proposal.questions.append(
        Question(
            key=question,
            sheet=grid.name,
            asks="The rows hold several measures by month. Which of them counts the people who used the tool?",
            choices=(
                *(Choice(value=label, reads=f"“{label}” alone") for label in offered),
                Choice(value=_ALL, reads="all of them, added up"),
            ),
        )
    )
    return decision


def left_aside(row: Sequence[Cell], decision: SheetDecision) -> bool:
    """Whether a row is another measure than the one that counts the users."""
    chosen = dict(decision.extra).get("metric", _ALL)
    return bool(chosen != _ALL and label_of(row, decision) != chosen)
