"""Rows of a plan or of a list of contracts that say themselves that they are not in force: asked about, or told.

A list keeps what was cancelled, rejected or deleted beside what holds, and says so in a column that no field reads: a
state, a flag (*Active: NO*), a day (*Deleted at*). Added up with the others they are planned or owed by nobody. What a
state means that no word tells is not decided: that it was read like the others is told.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final, NamedTuple

from importers import codes, doubt_codes
from importers.amounts import printed_number
from importers.cast_words import says_nothing, yes_no
from importers.casts import Casts
from importers.grid import Cell, address, column_index, key, letters
from importers.row_state_words import (
    AHEAD,
    GONE,
    IN_FORCE,
    LIVE,
    OUT_OF_FORCE,
    OVER,
    PLACE,
    STATED,
    TO_COME,
    WITHIN,
)
from importers.spend_plan import Proposal
from importers.table import headings_of, same_texts, span
from importers.texts import fold
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Kind, Question, ReadOptions, SheetDecision

#: Where the words of a program's heading meet: ``is_deleted``, ``IsDeleted``.
_INNER: Final = re.compile(r"[_-]|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
#: Headings of a state that is of something beside the row: of its data protection, its payment, its health.
_OTHER: Final = frozenset(
    (
        "dpa gdpr security risk review payment paid invoice compliance sso audit legal migration training integration "
        "sync health insurance tender match procurement privacy dsgvo"
    ).split()
)
#: More kinds of state than these are no states; and the longest of them, in words.
_MOST: Final = 12
_WORDS: Final = 5
_DAY: Final = "a day"
_WHAT: Final = {
    Kind.BUDGET: "Are they part of the plan?",
    Kind.CONTRACTS: "Are these contracts in force?",
}


class States(NamedTuple):
    """A column of states: the rows (indexes) of each text that is not in force, and of each that nothing tells."""

    column: int
    heading: str
    out: dict[str, frozenset[int]]
    untold: dict[str, frozenset[int]]


def states_of(proposal: Proposal, decision: SheetDecision, kind: Kind) -> list[States]:
    """The columns of a sheet that no field reads and that say of some rows that they are not in force."""
    grid = proposal.grid
    start = grid.position(decision.first_row)
    stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
    headings = headings_of(grid, decision)
    rows = [
        index
        for index in range(start, stop)
        if sum(value is not None for value in grid.rows[index]) > 1
        and not same_texts(grid.rows[index], headings)
    ]
    read = {
        column
        for choice in decision.columns
        if choice.field != "auto_renew"
        for column in range(span(choice)[0], span(choice)[1] + 1)
    }
    found: list[States] = []
    for column, heading in enumerate(headings):
        if not heading or column in read or column in _scenario(decision):
            continue
        texts: dict[str, set[int]] = {}
        headed = _headed(heading)
        for index in rows:
            value = grid.rows[index][column] if column < len(grid.rows[index]) else None
            if value is not None:
                text = _text(value)
                texts.setdefault(_DAY if headed == "out" and _is_day(text) else text, set()).add(index)
            if len(texts) > _MOST:
                break
        if not texts or len(texts) > _MOST or _OTHER.intersection(heading_words(_plain(heading))):
            continue
        if headed == "out" and 2 * len(texts.get(_DAY, ())) > len(rows):
            continue  # a day that most have is when each of them ends
        told = {text: _kind_of(text, heading, kind) for text in texts}
        if headed is None and not _all_states(told):
            continue
        out = {text: frozenset(texts[text]) for text, what in told.items() if what == "out"}
        stated = STATED.fullmatch(_plain(heading)) and (any(told.values()) or not PLACE.fullmatch(heading))
        untold = {text: frozenset(texts[text]) for text, what in told.items() if what == "" and stated}
        if out or (untold and len(texts) > 1):
            found.append(States(column, heading, out, untold))
    return found


def decide_in_force(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Which rows are left out as not in force (``out_of_force``: column letters → texts), by an answer; else asked.

    A contract that is over as its end says, and states that no word tells, are kept; the latter are told.
    """
    if "out_of_force" in dict(decision.extra):
        return decision
    left: dict[str, list[str]] = {}
    settled: set[int] = set()
    answered = False
    empty = _without_amount(proposal, decision) if options.kind is Kind.BUDGET else frozenset()
    for found in states_of(proposal, decision, options.kind):
        out = {
            text: rows - settled - empty
            for text, rows in _without_ended(found.out, proposal, decision, options).items()
        }
        out = {text: rows for text, rows in out.items() if rows}
        if options.kind not in _WHAT:
            _tell(proposal, found.column, found.heading, {**out, **found.untold})
            continue
        _tell(proposal, found.column, found.heading, found.untold)
        if not out:
            continue
        settled.update(*out.values())
        question = key(proposal.grid.name, found.column, "in_force")
        answer = answers.get(question)
        if answer in ("leave", "keep"):
            answered = True
            if answer == "leave":
                left[letters(found.column)] = sorted(out)
            continue
        proposal.questions.append(
            Question(
                key=question,
                sheet=proposal.grid.name,
                column=letters(found.column),
                asks=f"“{found.heading}” says {_listed(out)}. {_WHAT[options.kind]}",
                choices=(
                    Choice(value="leave", reads="no: left out"),
                    Choice(value="keep", reads="yes: read like the others"),
                ),
            )
        )
    if not answered:
        return decision
    return replace(decision, extra=tuple(sorted({**dict(decision.extra), "out_of_force": left}.items())))


def out_of_force(proposal: Proposal, decision: SheetDecision, kind: Kind) -> frozenset[int]:
    """The rows (indexes) a decision leaves out as not in force."""
    left = dict(decision.extra).get("out_of_force")
    if not left:
        return frozenset()
    return frozenset(
        index
        for found in states_of(proposal, decision, kind)
        for text, rows in found.out.items()
        if text in left.get(letters(found.column), ())
        for index in rows
    )


def _without_amount(proposal: Proposal, decision: SheetDecision) -> frozenset[int]:
    """The rows (indexes) of a plan whose amounts are nought or none: whether they count makes no difference."""
    choice = decision.column("amount")
    if choice is None:
        return frozenset()
    first, last = span(choice)
    mark = choice.decimal_mark or "."
    return frozenset(
        index
        for index, row in enumerate(proposal.grid.rows)
        if not any(
            value is not None and not isinstance(value, bool) and printed_number(value, mark)
            for value in row[first : last + 1]
        )
    )


def _plain(heading: str) -> str:
    return " ".join(_INNER.sub(" ", heading).split())


def _is_day(text: str) -> bool:
    return text == _DAY or (len(text) > 7 and text[:1].isdigit())


def _text(value: Cell) -> str:
    if isinstance(value, date | datetime):
        return _DAY
    return fold(str(value)).replace("_", " ").casefold()


def _headed(heading: str) -> str | None:
    """``state``, ``in`` or ``out`` by what a heading says of its rows, else None."""
    plain = _plain(heading)
    if IN_FORCE.fullmatch(plain):
        return "in"
    if OUT_OF_FORCE.fullmatch(plain):
        return "out"
    return "state" if STATED.fullmatch(plain) else None


def _kind_of(text: str, heading: str, kind: Kind) -> str:
    """``out`` for a text of a row that is not in force, ``in`` for one that is, ``""`` where nothing tells."""
    headed = _headed(heading)
    said = yes_no(text)
    if headed == "in" and said is not None:
        return "in" if said else "out"
    if headed == "out" and kind is Kind.BUDGET and "closed" in heading.casefold():
        return "in"  # what is closed was planned all the same
    if headed == "out":
        if said is not None or says_nothing(text):
            return "out" if said else "in"
        return "out" if text == _DAY or text[:1].isdigit() else ""
    if says_nothing(text):
        return "in"
    gone = GONE.fullmatch(text) or (
        kind is not Kind.BUDGET and (OVER.fullmatch(text) or AHEAD.fullmatch(text))
    )
    if gone:
        return "out"
    if headed is not None and len(text.split()) <= _WORDS and not TO_COME.search(text):
        within = WITHIN.search(text)
        if within and (kind is not Kind.BUDGET or GONE.fullmatch(within.group())):
            return "out"
    return "in" if LIVE.fullmatch(text) else ""


def _all_states(told: Mapping[str, str]) -> bool:
    """Whether the texts of a column whose heading says nothing are all states, some of them in force."""
    return len(told) > 1 and set(told.values()) == {"in", "out"}


def _scenario(decision: SheetDecision) -> set[int]:
    """The column that names scenarios, where one is known: its rows are settled elsewhere."""
    said = dict(decision.extra).get("scenario")
    return set(map(column_index, said)) if isinstance(said, Mapping) else set()


def _without_ended(
    out: Mapping[str, frozenset[int]], proposal: Proposal, decision: SheetDecision, options: ReadOptions
) -> dict[str, frozenset[int]]:
    """The rows not in force without those that are over, as they say, and have an end that is past."""
    end = decision.column("end")
    if options.kind is not Kind.CONTRACTS or end is None:
        return dict(out)
    casts = Casts(options.kind, proposal.grid, decision, options, lambda *_, **__: None)
    column, until = span(end)[0], options.as_of

    def ended(index: int) -> bool:
        row = proposal.grid.rows[index]
        day = casts.date_of(row[column], end.date_order) if column < len(row) else None
        return day is not None and (until is None or day <= until)

    return {
        text: frozenset(index for index in rows if not (OVER.search(text) and ended(index)))
        for text, rows in out.items()
    }


def _listed(rows: Mapping[str, frozenset[int]]) -> str:
    named = [
        f"“{text[:40]}” of {len(each)} {'row' if len(each) == 1 else 'rows'}"
        for text, each in sorted(rows.items(), key=lambda item: min(item[1]))
    ]
    *first, last = named
    return f"{', '.join(first)} and {last}" if first else last


def _tell(proposal: Proposal, column: int, heading: str, rows: Mapping[str, frozenset[int]]) -> None:
    if not rows:
        return
    first = min(min(each) for each in rows.values())
    proposal.problems.append(
        codes.problem(
            doubt_codes.STATE_UNREAD,
            f"“{heading}” says {_listed(rows)}: read like the others.",
            sheet=proposal.grid.name,
            cell=address(proposal.grid.numbers[first], column),
        )
    )
