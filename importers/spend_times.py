"""A price that may be what one of something costs, beside quantities: asked, and multiplied where it is."""

from collections.abc import Mapping
from dataclasses import replace

from importers.grid import key, letters
from importers.spend_plan import Proposal
from importers.spend_priced import is_price, number_at, per_column, quantities, rows_of
from importers.table import column_facts, span
from mopsaudit.intake.contract import Choice, Question


def decide_price(proposal: Proposal, start: int, answers: Mapping[str, str]) -> None:
    """Ask whether an amount headed as a price is what one costs, where quantities stand beside it and no value does."""
    grid, decision, header = proposal.grid, proposal.decision, proposal.header
    amount = decision.column("amount")
    if amount is None or header is None or amount.by_person or not is_price(amount.header):
        return
    price = span(amount)[0]
    if price != span(amount)[1] or "times_column" in dict(decision.extra):
        return
    facts = column_facts(grid, start, header.headings)
    per = per_column(grid, header, facts, price)
    able = []
    for column in quantities(header, facts, price):
        lines = [
            (one, many)
            for row in rows_of(grid, header)
            if (one := number_at(row, price)) and (many := number_at(row, column)) is not None
        ]
        if sum(many not in (0, 1) for _, many in lines) >= 2:
            able.append((column, next((one, many) for one, many in lines if many not in (0, 1))))
    if not able:
        return
    question_key = key(grid.name, price, "price")
    answer = answers.get(question_key, "").rstrip(":").upper()
    if answer in {letters(column) for column, _ in able}:
        extra = {**dict(decision.extra), "times_column": answer}
        if per is not None:
            extra["per_column"] = letters(per)
        reason = f"what one costs in column {amount.letters} is multiplied by the quantity in column {answer}"
        proposal.decision = replace(
            decision, extra=tuple(sorted(extra.items())), reasons=(*decision.reasons, reason)
        )
    elif answer != "LINE":
        divided = f", divided by column {letters(per)}" if per is not None else ""
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                column=amount.letters,
                asks=f"“{amount.header}” in column {amount.letters} stands beside quantities. Is it what one costs?",
                choices=(
                    *(
                        Choice(
                            value=letters(column),
                            reads=f"yes: times “{header.headings[column]}”{divided} (such as {many:g} × {one:,.2f})",
                        )
                        for column, (one, many) in able
                    ),
                    Choice(value="line", reads="no: it is what the whole line came to"),
                ),
            )
        )
