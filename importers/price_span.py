"""Whether the price of a contract is a year's, the whole term's or a bill's, where its heading says neither.

A register of contracts lists what each is worth in all; a list of licences what it costs a year. Under *Contract value*
stand both, and over three years they are a factor of three apart.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from importers import codes
from importers.billing import billing_of, both_spans, price_months
from importers.casts import Casts
from importers.grid import address, key, letters
from importers.price_texts import says_span
from importers.row_states import decide_in_force
from importers.shared_words import CONCEPTS
from importers.spend_plan import Proposal
from importers.table import sample_rows, span
from importers.term_units import decide_units, is_ours
from importers.texts import fold
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, ColumnChoice, Question, ReadOptions, SheetDecision

#: Headings of a contract's worth, which without a day or a length beside them are told to be taken as a year's.
_WORTH: Final = frozenset(
    heading_words(text)
    for text in (
        "value|contract value|contracted value|total value|total|total amount|total cost|contract amount|contract sum|"
        "contract price|agreement value|award value|awarded value|award amount|awarded amount|estimated value|"
        "estimated contract value|value of contract|total contract amount|original value|current value|vertragswert|"
        "auftragswert|gesamtwert|valeur|valeur du contrat|montant du contrat|montant du marché|valor del contrato|"
        "importe del contrato|importe de adjudicación|valore del contratto|importo contrattuale|contractwaarde|"
        "valor do contrato|kontraktsvärde|kontraktsverdi|kontraktværdi|wartość umowy|hodnota smlouvy"
    ).split("|")
)
#: Words of a heading that says what a contract is for, or what it is called.
_DESCRIBED: Final = frozenset(("description", "title", "contract", "agreement"))
#: What a year's cost is called in one word of other languages (*Jaarkosten*).
_YEARLY: Final = frozenset(heading_words(phrase) for phrase, weight in CONCEPTS["yearly_cost"] if weight == 1)
#: What a price may pay for, with the words of the answer.
COVERS: Final[Mapping[str, str]] = {
    "term": "for the whole term",
    "year": "for each year",
    "month": "for each month",
    "billing": "on each bill",
}
_YEAR: Final = 12
#: Days of a term from which, and below which, the two readings are far enough apart to ask: thirteen months, eleven.
LONG: Final = 400
_SHORT: Final = 330


#: Headings of a year's cost in words of no span, and of an invoice's, whose span the billing says.
_SPANNED: Final = re.compile(
    r"\b(?:acv|arr|run[\s_-]?rate|jahr\w*|año|anno|jaar|år|ročn\w*|rok|period|cycle|recurring|instal+ments?|"
    r"per invoice|year\w*)\b",
    re.IGNORECASE,
)


#: Words of which a heading of a contract's worth is made, one of them a noun of money.
_OF_WORTH: Final = frozenset(
    "contract contracted award awarded total original current final estimated maximum value amount sum worth obligated "
    "montant marche ht valor importe".split()
)
_MONEY: Final = frozenset("value amount sum worth montant valor importe".split())


def _is_worth(proposal: Proposal, choice: ColumnChoice) -> bool:
    """Whether a heading may mean what a contract is worth in all; *Amount* in a list of ours means a year's."""
    said = heading_words(choice.header)
    if said == ("amount",):
        return not is_ours(proposal)
    made = bool(said) and _OF_WORTH.issuperset(said) and not _MONEY.isdisjoint(said)
    return said in _WORTH or made or both_spans(choice.header)


def decide_price_span(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """What span the prices cover (``covers``: *year*, *term*, *month* or *billing*), by an answer.

    Asked where a heading names none and the readings are far apart: a price over a term that is not about a year, one
    beside bills that are not a year's. A price per unit, or one of a contract without an end, is told to be taken as a
    year's.
    """
    choice = decision.column("amount") or decision.column("unit_price")
    if (
        choice is None
        or "covers" in dict(decision.extra)
        or decision.column("amount_months") is not None
        or price_months(choice.header) is not None
        or heading_words(choice.header) in _YEARLY
    ):
        return decision
    worth = choice.field == "amount" and _is_worth(proposal, choice)
    if not worth and (_SPANNED.search(choice.header.replace("_", " ")) or decision.column("id") is not None):
        return decision
    either = worth or (choice.field == "amount" and not is_ours(proposal))
    column = span(choice)[0]
    question = key(proposal.grid.name, column, "covers")
    answer = answers.get(question)
    if answer in COVERS:
        return replace(decision, extra=tuple(sorted({**dict(decision.extra), "covers": answer}.items())))
    found = _far_apart(proposal, decision, options, choice, either=either)
    if found is None and _each_says(proposal, decision, choice):
        return decision
    bounded = decision.column("initial_months") or decision.column("terms") or decision.column("billing")
    if decision.column("end") and (decision.column("start") or not worth):
        bounded = decision.column("end")
    if found is None and decision.column("billing") is None and (choice.field == "unit_price" or not bounded):
        proposal.problems.append(
            codes.problem(
                codes.SPAN_ASSUMED,
                f"“{choice.header}” names no span of its price, nor does anything beside it: taken as a year's.",
                sheet=proposal.grid.name,
                cell=address(decision.header_rows[-1], column) if decision.header_rows else None,
            )
        )
    if found is None:
        return decision
    number, shown, said, offered = found
    if heading_words(choice.header) == ("amount",) and "billing" not in offered:
        message = f"“{choice.header}” says {shown} {said}; it was taken as a year's."
        place = address(number, column)
        proposal.problems.append(
            codes.problem(codes.SPAN_ASSUMED, message, sheet=proposal.grid.name, cell=place)
        )
        return decision
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            column=letters(column),
            asks=f"{address(number, column)} “{choice.header}” says {shown} {said}. What does it pay for?",
            choices=tuple(Choice(value=name, reads=f"{shown} {COVERS[name]}") for name in offered),
        )
    )
    return decision


def _far_apart(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, choice: ColumnChoice, *, either: bool
) -> tuple[int, str, str, tuple[str, ...]] | None:
    """The first row whose readings are far apart: its number, its price, what stands beside it, what may be meant.

    A bill is offered too where some row has one that is not a year's.
    """
    grid, column = proposal.grid, span(choice)[0]
    casts = Casts(options.kind, grid, decision, options, lambda *_, **__: None)
    headed = decision.column("billing")
    found: tuple[int, str, str] | None = None
    bill: tuple[int, str, str] | None = None
    for index in sample_rows(grid.position(decision.first_row), len(grid.rows)):
        row, number = grid.rows[index], grid.numbers[index]
        values, _ = casts.row(row, number)
        start, end, amount, billing = (values.get(name) for name in ("start", "end", choice.field, "billing"))
        if not isinstance(amount, Decimal) or not amount or says_span(values.get(f"_words_{choice.field}")):
            continue
        cell = row[column]
        shown = fold(cell) if isinstance(cell, str) else f"{amount:,f}"
        if found is None and either and (far := _far(start, end, values.get("initial_months"))):
            found = number, shown, f"for a contract {far}"
        billed = billing_of(billing, alone=True)[0] if isinstance(billing, str) else None
        if headed is not None and billed is not None and billed != _YEAR:
            if found is not None:
                return *found, ("term", "year", "billing")
            if not either:
                return number, shown, f"beside “{headed.header}” {billing}", ("billing", "year")
            bill = bill or (number, shown, f"beside “{headed.header}” {billing}")
    if found is not None:
        return *found, ("term", "year", "billing") if bill else ("term", "year")
    return (*bill, ("billing", "year")) if bill else None


def _each_says(proposal: Proposal, decision: SheetDecision, choice: ColumnChoice) -> bool:
    """Whether every price says in its own cell what span it covers (``$45,000/yr``)."""
    grid, column = proposal.grid, span(choice)[0]
    cells = [
        row[column]
        for index in sample_rows(grid.position(decision.first_row), len(grid.rows))
        if column < len(row := grid.rows[index]) and row[column] is not None
    ]
    return bool(cells) and all(map(says_span, cells))


def _far(start: Any, end: Any, term: Any) -> str:
    """A term that is not about a year, in words; empty for one that is, or that nothing says."""
    if isinstance(start, date) and isinstance(end, date):
        return f"from {start} to {end}" if end > start and not _SHORT <= (end - start).days <= LONG else ""
    if isinstance(term, int) and not _SHORT <= term * 30.4375 <= LONG:
        return f"of {term} months"
    return ""


def decide_contracts(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """The span of the prices, and a word where what a contract is for stands in the place of a tool no column names."""
    tool = decision.column("tool")
    if tool is not None and not tool.by_person and not _DESCRIBED.isdisjoint(heading_words(tool.header)):
        proposal.problems.append(
            codes.problem(
                codes.TOOL_DESCRIBED,
                f"No column names a tool; “{tool.header}” says what each contract is for and was taken for it.",
                sheet=proposal.grid.name,
                cell=address(decision.header_rows[-1], span(tool)[0]) if decision.header_rows else None,
            )
        )
    decision = decide_in_force(proposal, decide_units(proposal, decision, options, answers), options, answers)
    return decide_price_span(proposal, decision, options, answers)
