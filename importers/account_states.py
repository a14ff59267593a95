"""States of accounts and of people that no known word tells: whether they hold a seat, or are still there, is asked."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from importers.account_state_words import PRESENT, THERE
from importers.cast_words import LEFT, says_nothing, yes_no
from importers.casts import Casts
from importers.grid import Cell, key, letters
from importers.light_seats import decide_light_seats
from importers.seat_questions import decide_seats
from importers.spend_plan import Proposal
from importers.table import span
from importers.texts import fold
from importers.usage import NO_SEAT, holds_seat, kind_in_status
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Kind, Layout, Question, ReadOptions, SheetDecision

#: More kinds of state than these are no states (regions, projects): nobody is asked about each of them.
_MOST: Final = 6
#: Who was there so lately before the list was written holds a seat, whatever the state is called.
_LATELY: Final = timedelta(days=31)
_GONE: Final = re.compile(r"(?:left|leaver|terminated|inactive|former|not active)\b.*", re.IGNORECASE)
#: Headings of a state that is not one of being there.
_OTHER: Final = frozenset("marital civil visa vaccination payment training onboarding sync mfa 2fa".split())
_READS: Final = {
    Kind.USAGE: ("accounts of this kind hold a seat", "none of them holds a seat"),
    Kind.PEOPLE: ("these people are still employed", "they have left"),
}


def state_of(value: object) -> str:
    """A state as it is compared: white space folded, lower case, ``_`` as a space; empty for what is no state."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return fold(value).replace("_", " ").casefold() if isinstance(value, str) else ""


def decide_accounts(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """What of a list of users is decided after its columns are: seats that may cost nothing, states nobody knows."""
    decision = decide_light_seats(proposal, decision, options, answers)
    return decide_presence(proposal, decision, options, answers)


def decide_presence(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Who is there, of accounts and of people: the column that says so, then the states nobody knows."""
    decision = decide_seats(proposal, decision, options, answers)
    return decide_states(proposal, decision, options, answers)


def decide_states(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Which unknown states mean that somebody is not there (``states``: state → ``held`` or ``none``), by an answer.

    Not asked of an account that was used in the month before the list's last day, nor of a state whose people all
    have a leaving day, or stand beside leavers who have one. A vendor's layout that is known is asked nothing.
    """
    choice, known = decision.column("status"), dict(decision.extra)
    if choice is None or decision.layout is Layout.CROSSTAB or "vendor_layout" in known:
        return decision
    if _OTHER.intersection(heading_words(choice.header)):
        return decision
    told: dict[str, str] = dict(known.get("states", {}))
    unknown = {
        text: count for text, count in _unknown(proposal, decision, options).items() if text not in told
    }
    if not unknown or len(unknown) > _MOST:
        return decision
    column = span(choice)[0]
    question = key(proposal.grid.name, column, "states")
    answer = state_of(answers.get(question))
    if answer in ("held", "none") or answer in unknown:
        told |= {text: "none" if answer in ("none", text) else "held" for text in unknown}
        return replace(decision, extra=tuple(sorted({**known, "states": told}.items())))
    held, none = _READS[options.kind]
    shown = {state_of(text): text for text in _texts(proposal, decision, column)}
    named = [shown[text] for text in sorted(unknown, key=lambda each: (-unknown[each], each))]
    listed = ", ".join(f"“{name}” of {unknown[state_of(name)]}" for name in named)
    one = [
        Choice(value=name, reads=f"“{name}”: {none}; the others: {held}") for name in named if len(named) > 1
    ]
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            column=letters(column),
            asks=f"Column {letters(column)} “{choice.header}” says {listed}. What does that mean?",
            choices=(Choice(value="held", reads=held), Choice(value="none", reads=none), *one),
        )
    )
    return decision


def present(status: str) -> bool:
    """Whether a roster's state says that somebody is employed now."""
    plain = state_of(status)
    return yes_no(status) is True or plain in (
        "a",
        "active",
        "employed",
        "current",
        "aktiv",
        "actif",
        "activo",
        "attivo",
    )


def has_gone(employment: Any) -> bool:
    """Whether a state of employment is that of somebody who has left."""
    plain = state_of(employment)
    return bool(plain) and bool(LEFT.fullmatch(plain) or _GONE.fullmatch(plain))


def said_there(value: Any, decision: SheetDecision) -> bool:
    """Whether an answer says of a state that who has it is there."""
    states = dict(decision.extra).get("states")
    return isinstance(states, Mapping) and states.get(state_of(value)) == "held"


def said_gone(value: Any, decision: SheetDecision) -> bool:
    """Whether an answer says of a state that who has it is not there."""
    states = dict(decision.extra).get("states")
    return isinstance(states, Mapping) and states.get(state_of(value)) == "none"


def _unknown(proposal: Proposal, decision: SheetDecision, options: ReadOptions) -> Counter[str]:
    """The states that no word knows and that nothing else of their rows explains, and how many rows have each."""
    rows = _rows(proposal, decision)
    status = decision.column("status")
    column = span(status)[0] if status is not None else 0
    evidence = decision.column("last_activity" if options.kind is Kind.USAGE else "left")
    days: list[date | None] = [None] * len(rows)
    if evidence is not None:
        casts = Casts(options.kind, proposal.grid, decision, options, _unsaid)
        place = span(evidence)[0]
        days = [casts.date_of(row[place], evidence.date_order) if place < len(row) else None for row in rows]
    told = [day for day in days if day is not None]
    if options.kind is Kind.PEOPLE and told:
        return Counter()  # who has left has a day
    last = min([max(told), *filter(None, [options.as_of])]) if told else None
    found: Counter[str] = Counter()
    explained: set[str] = set()
    states = [state_of(row[column]) if column < len(row) else "" for row in rows]
    told_by = set(filter(None, states))
    numbered = all(map(str.isdecimal, told_by)) and not told_by <= {"0", "1"} and len(told_by) > 1
    for row, day, state in zip(rows, days, states, strict=True):
        if not state or (not numbered and _is_known(str(row[column]), options.kind)):
            continue
        found[state] += 1
        if day is not None and last is not None and last - day <= _LATELY:
            explained.add(state)
    for state in explained:
        del found[state]
    return found


def _is_known(text: str, kind: Kind) -> bool:
    """Whether a state is one of those whose meaning words tell, or none at all."""
    plain = state_of(text)
    if (
        yes_no(text) is not None
        or says_nothing(text)
        or PRESENT.fullmatch(plain)
        or not plain.strip("0123456789.,")
    ):
        return True
    if kind is Kind.PEOPLE:
        return bool(LEFT.fullmatch(plain) or _GONE.fullmatch(plain) or THERE.fullmatch(plain))
    return plain in NO_SEAT or holds_seat(plain, frozenset()) is False or kind_in_status(text) is not None


def _rows(proposal: Proposal, decision: SheetDecision) -> list[list[Cell]]:
    grid = proposal.grid
    return grid.rows[grid.position(decision.first_row) :]


def _texts(proposal: Proposal, decision: SheetDecision, column: int) -> list[str]:
    return [
        value if isinstance(value, str) else state_of(value)
        for row in _rows(proposal, decision)
        if column < len(row) and state_of(value := row[column])
    ]


def _unsaid(*_: object, **__: object) -> None:
    """What cannot be read is told when the rows are."""
