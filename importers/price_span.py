"""Whether the value of a contract is a year's or the whole term's, where its heading says neither.

A register of contracts lists what each is worth in all; a list of licences what it costs a year. Under *Contract value*
stand both, and over three years they are a factor of three apart.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from importers.billing import price_months
from importers.casts import Casts
from importers.grid import address, key, letters
from importers.spend_plan import Proposal
from importers.table import sample_rows, span
from importers.texts import fold
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SheetDecision

#: Headings of a contract's worth that may be either (its other words in other languages say a year or nothing).
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
#: Days of a term from which the two readings are far enough apart to ask.
_LONG: Final = 550


def decide_price_span(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """What span the amounts cover (``covers``: *year* or *term*), by an answer; asked where a term is over a year and a
    half and nothing says.
    """
    choice = decision.column("amount")
    if (
        choice is None
        or "covers" in dict(decision.extra)
        or decision.column("amount_months") is not None
        or price_months(choice.header) is not None
        or heading_words(choice.header) not in _WORTH
    ):
        return decision
    column = span(choice)[0]
    question = key(proposal.grid.name, column, "covers")
    answer = answers.get(question)
    if answer in ("year", "term"):
        return replace(decision, extra=tuple(sorted({**dict(decision.extra), "covers": answer}.items())))
    grid = proposal.grid
    casts = Casts(options.kind, grid, decision, options, lambda *_, **__: None)
    for index in sample_rows(grid.position(decision.first_row), len(grid.rows)):
        row, number = grid.rows[index], grid.numbers[index]
        values, _ = casts.row(row, number)
        start, end, amount = (values.get(name) for name in ("start", "end", "amount"))
        if (
            isinstance(start, date)
            and isinstance(end, date)
            and isinstance(amount, Decimal)
            and amount
            and (end - start).days > _LONG
        ):
            cell = row[column]
            shown = fold(cell) if isinstance(cell, str) else f"{amount:,f}"
            proposal.questions.append(
                Question(
                    key=question,
                    sheet=grid.name,
                    column=letters(column),
                    asks=f"{address(number, column)} “{choice.header}” says {shown} for a contract "
                    f"from {start} to {end}. What does it pay for?",
                    choices=(
                        Choice(value="term", reads=f"{shown} for the whole term"),
                        Choice(value="year", reads=f"{shown} for each year"),
                    ),
                )
            )
            break
    return decision
