"""Whole journals, where what is debited is credited again: which accounts hold the spend is asked.

A chart of accounts begins its expense accounts with figures of their own, but every country with others; which of them
come to a debit the sheet tells.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from importers.grid import Cell, key
from importers.spend_columns import account_of, plain_number
from importers.spend_meaning import lines_alone
from importers.spend_plan import Proposal
from importers.table import span
from mopsaudit.intake.contract import Choice, ColumnChoice, Question

#: Of all lines, how many must stand on an account with a number.
_NUMBERED = 0.9
#: Lines that cancel out by chance are few.
_LINES = 6


def decide_journal(
    proposal: Proposal, columns: Sequence[ColumnChoice], start: int, answers: dict[str, str]
) -> None:
    """Ask which accounts hold the spend where debits and credits cancel out; keep the first figures of them."""
    decision = proposal.decision
    account = decision.column("gl_account")
    debit, credit = decision.column("debit"), decision.column("credit")
    if account is None or debit is None or credit is None or "spend_accounts" in dict(decision.extra):
        return
    place, out, into = (span(choice)[0] for choice in (account, debit, credit))
    sums: defaultdict[str, float] = defaultdict(float)
    named: defaultdict[str, Counter[str]] = defaultdict(Counter)
    lines = numbered = 0
    whole = 0.0
    for row in lines_alone(proposal.grid, start, columns):
        amount = (_number(row, out) or 0.0) - (_number(row, into) or 0.0)
        lines += 1
        whole += amount
        number = account_of(row, place)
        if number:
            numbered += 1
            sums[number[0]] += amount
            named[number[0]][number] += 1
    debited = sorted(first for first, amount in sums.items() if amount >= 0.006)
    if lines < _LINES or numbered < _NUMBERED * lines or len(sums) < 2 or not debited or abs(whole) >= 0.006:
        return
    question_key = key(proposal.grid.name, place, "accounts")
    answer = answers.get(question_key)
    if answer == "all":
        return
    if answer and set(answer) <= set(sums):
        extra = {**dict(decision.extra), "spend_accounts": answer}
        proposal.decision = replace(decision, extra=tuple(sorted(extra.items())))
        return
    choices = [
        Choice(
            value=first,
            reads=f"those beginning with {first} ({', '.join(sorted(named[first])[:3])} …): {sums[first]:,.2f}",
        )
        for first in debited
    ]
    if len(debited) > 1:
        together = sum(sums[first] for first in debited)
        choices.append(
            Choice(
                value="".join(debited), reads=f"those beginning with {' or '.join(debited)}: {together:,.2f}"
            )
        )
    choices.append(Choice(value="all", reads="all of them, though they come to nothing"))
    proposal.questions.append(
        Question(
            key=question_key,
            sheet=proposal.grid.name,
            column=account.letters,
            asks=f"What is debited in these {lines:,} lines is credited again, as in a whole journal. Which accounts "
            f"in column {account.letters} hold the spend?",
            choices=tuple(choices),
        )
    )


def _number(row: Sequence[Cell], column: int) -> float | None:
    return plain_number(row[column]) if column < len(row) else None
