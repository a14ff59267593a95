"""Whether what a list of tools says one costs from a start to an end is a year's or the whole term's.

A list of entitlements prints what was paid for three years beside both days; read as a year's it is three times that.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from importers import codes
from importers.billing import price_months
from importers.casts import Casts
from importers.grid import address, key, letters
from importers.price_span import COVERS, LONG
from importers.row_states import decide_in_force
from importers.spend_plan import Proposal
from importers.table import sample_rows, span
from importers.texts import fold
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SheetDecision


def _headings(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(heading_words(each) for each in text.split("|"))


#: What such a list calls a cost that may be of either, and the dates that bound a term; *in use since* bounds none.
_COST: Final = _headings("cost|total cost|price|total price|amount|fee|kosten|cout|costo|coste")
_BEGINS: Final = _headings(
    "start date|start|contract start|contract start date|licence start|licence start date|term start|"
    "subscription start|subscription start date|valid from"
)
_ENDS: Final = _headings(
    "end date|contract end|contract end date|licence end|licence end date|term end|subscription end|"
    "subscription end date|expiry date|expiration date|valid until|valid to"
)
#: What one of something costs, or all of it.
_PRICE: Final = frozenset("price rate preis prix precio prezzo prijs pris cena hinta".split())
_OFFERED: Final = ("term", "year")


def decide_tool_span(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """What span the costs cover (``covers``: *term* or *year*), by an answer; asked where a term is over thirteen
    months, both its days stand in the row and no heading says a span.
    """
    decision = decide_in_force(proposal, decision, options, answers)
    _tell_price(proposal, decision)
    choice = decision.column("yearly_cost")
    if (
        choice is None
        or "covers" in dict(decision.extra)
        or not _bounded(decision)
        or price_months(choice.header) is not None
        or heading_words(choice.header) not in _COST
    ):
        return decision
    column, grid = span(choice)[0], proposal.grid
    question = key(grid.name, column, "covers")
    answer = answers.get(question)
    if answer in _OFFERED:
        return replace(decision, extra=tuple(sorted({**dict(decision.extra), "covers": answer}.items())))
    casts = Casts(options.kind, grid, decision, options, lambda *_, **__: None)
    for index in sample_rows(grid.position(decision.first_row), len(grid.rows)):
        row, number = grid.rows[index], grid.numbers[index]
        values, _ = casts.row(row, number)
        start, end, cost = (values.get(name) for name in ("start", "renewal", "yearly_cost"))
        if not (isinstance(start, date) and isinstance(end, date) and isinstance(cost, Decimal) and cost):
            continue
        if (end - start).days > LONG:
            cell = row[column]
            shown = fold(cell) if isinstance(cell, str) else f"{cost:,f}"
            proposal.questions.append(
                Question(
                    key=question,
                    sheet=grid.name,
                    column=letters(column),
                    asks=f"{address(number, column)} “{choice.header}” says {shown} for a term from {start} to {end}. "
                    "What does it pay for?",
                    choices=tuple(Choice(value=name, reads=f"{shown} {COVERS[name]}") for name in _OFFERED),
                )
            )
            break
    return decision


def _tell_price(proposal: Proposal, decision: SheetDecision) -> None:
    """A note where a heading that may mean one seat's price stands beside a number of seats."""
    choice, seats = decision.column("yearly_cost"), decision.column("seats")
    if choice is None or seats is None or not decision.header_rows or choice.by_person:
        return
    words = heading_words(choice.header)
    if words and words[-1] in _PRICE and len(words) == 1:
        message = (
            f"“{choice.header}” stands beside “{seats.header}”: it was taken for all of them, not for each."
        )
        cell = address(decision.header_rows[-1], span(choice)[0])
        proposal.problems.append(
            codes.problem(codes.SPAN_ASSUMED, message, sheet=proposal.grid.name, cell=cell)
        )


def _bounded(decision: SheetDecision) -> bool:
    """Whether a list of tools says from when to when each is paid for, and of no other rhythm of its bills."""
    begins, ends = decision.column("start"), decision.column("renewal")
    return (
        begins is not None
        and ends is not None
        and heading_words(begins.header) in _BEGINS
        and heading_words(ends.header) in _ENDS
        and decision.column("_billing") is None
    )
