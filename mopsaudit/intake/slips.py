"""Answers that fit no question of a file: told, for a slip in a key leaves its question open without a word."""

from collections.abc import Sequence

from mopsaudit.intake.contract import UNASKED, Kind, Reading
from mopsaudit.intake.tool_categories import asks_category
from mopsaudit.problems import Problem, Severity, declare

ANSWER_UNASKED = declare(
    "answer.unasked",
    Severity.NOTE,
    "An answer fits no question of the file",
    "Nothing, if its cells decide by themselves; else give the key as the question names it, letter by letter.",
)
#: Open keys named in the sentence; the questions themselves stand beside it.
_NAMED = 8


def slips(reading: Reading, answers: Sequence[tuple[str, str]]) -> tuple[Problem, ...]:
    """One problem that names the answers no question of the reading took, and the keys still open; none otherwise.

    Answers about categories are left to the list of tools, which names their slips itself.
    """
    given = {key for key, _ in answers}
    inventory = reading.decision.kind is Kind.INVENTORY
    missed = sorted(
        key
        for key in reading.meta.get(UNASKED, ())
        if key in given and not (inventory and asks_category(key))
    )
    if not missed:
        return ()
    named = f"{_listed(missed)} {'answers' if len(missed) == 1 else 'answer'} no question of this file"
    asked = [question.key for question in reading.questions]
    if asked:
        more = f" and {len(asked) - _NAMED} more" if len(asked) > _NAMED else ""
        named += f"; open {'is' if len(asked) == 1 else 'are'} {_listed(asked[:_NAMED])}{more}"
    elif not inventory:  # what a list of tools leaves open is known later
        named += "; none is open"
    return (Problem(code=ANSWER_UNASKED.code, severity=ANSWER_UNASKED.severity, message=f"{named}."),)


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(f"“{key}”" for key in keys)
