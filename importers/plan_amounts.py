"""The column of a plan's amounts where no heading of it is a known one: the only money there is, or asked for."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from importers.amounts import amount_text
from importers.grid import letters
from importers.plan_words import says
from importers.spend_evidence import ask_column
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, Header
from importers.total_words import Says, says_total

#: Fields that name what a line of a plan is for.
_NAMING: Final = frozenset(
    "cost_centre gl_account unit vendor tool programme description owner version".split()
)
#: What counts hours, people or things, and no money.
COUNTED: Final = re.compile(
    r"\b(?:hours?|hrs|ftes?|headcount|qty|quantity|units?|days|persons?|people|impressions|clicks|leads|seats|users|events|"
    r"attendees|nights|sessions|visits|items|stunden|heures|horas|ore|uren|tage|anzahl|menge)\b",
    re.IGNORECASE,
)
#: From what size whole numbers are likelier amounts than counts.
_LARGE: Final = 500


def only_amounts(
    proposal: Proposal,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, tuple[int, float]],
    answers: dict[str, str],
) -> None:
    """Take the column of money of a table of named lines that speaks of a plan (*Allocated*); of several it is asked.

    Asked, too, where none speaks of one and several hold money (*Opex*, *Capex*); what happened is none.
    """
    taken = {column for column, _ in picks.values()}
    money = [
        column
        for column, heading in enumerate(header.headings)
        if re.search(r"[^\W\d_]{2}", heading)
        and amount_text(heading) is None
        and column not in taken
        and facts[column].filled >= 2
        and facts[column].numeric_share() >= 0.8
        and says(heading) != "happened"
        and not COUNTED.search(heading.replace("_", " "))
        and max(header.matches[column].values(), default=0.0) < 0.7
        and (says(heading) == "plan" or looks_like_money(facts[column]))
    ]
    planned = [column for column in money if says(header.headings[column]) == "plan"]
    found = planned or (money if len(money) > 1 else [])  # the one price of a list of something is no plan
    if not found or (name_column(facts, taken | set(found)) is None and not taken):
        return
    picks["amount"] = (found[0], 0.5)
    if len(found) == 1:
        return
    asks = "No heading says which column is the plan. Which of them is it?"
    question = ask_column(proposal.grid, header, found, "amount_column", asks)
    answer = answers.get(question.key, "").upper().rstrip(":")
    chosen = next((column for column in found if letters(column) == answer), None)
    if chosen is None:
        proposal.questions.append(question)
    else:
        picks["amount"] = (chosen, 0.9)


def drop_measures(
    proposal: Proposal, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, tuple[int, float]]
) -> None:
    """Take from the names of a plan's lines the columns that a total row adds up: they are amounts of something."""
    rows = proposal.grid.rows[header.first_index :]
    totals = [
        place
        for place, row in enumerate(rows)
        if any(isinstance(value, str) and says_total(value) >= Says.LOOSELY for value in row)
    ]
    for name in _NAMING & picks.keys():
        column = picks[name][0]
        if facts[column].numeric_share() < 0.8:
            continue
        cells = [row[column] if column < len(row) else None for row in rows]
        numbers = [
            Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
            for value in cells
        ]
        for place in totals:
            above = [number for number in numbers[:place] if number is not None]
            if len(above) > 2 and numbers[place] and numbers[place] == sum(above, Decimal(0)):
                del picks[name]
                break


def looks_like_money(facts: ColumnFacts) -> bool:
    """Whether the numbers of a column are likely amounts: some with cents, or most of them a hundred and more."""
    numbers = [value for value in facts.values if isinstance(value, int | float)]
    large = sum(abs(value) >= _LARGE for value in numbers)
    return facts.numeric > facts.whole or 2 * large > len(numbers) > 0


def name_column(facts: Sequence[ColumnFacts], taken: set[int]) -> int | None:
    """The first column of words, different in most rows: what the lines of a plan are for, where no heading says so."""
    return next(
        (
            column
            for column, each in enumerate(facts)
            if column not in taken
            and each.filled >= 2
            and each.text_share() >= 0.8
            and each.distinct_share() >= 0.5
        ),
        None,
    )
