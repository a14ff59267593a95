"""Whole journals, where what is debited is credited again: which accounts hold the spend is asked.

A chart of accounts begins its expense accounts with figures of their own, but every country with others; which of them
come to a debit the sheet tells.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from importers.grid import Cell, key, letters
from importers.kind_words import kind_word
from importers.not_spend import OTHER_ACCOUNT
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
    _name_payees(proposal, start, place)
    decision = proposal.decision
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
    sizes = range(2, len(debited) + 1) if len(debited) <= _FEW else (len(debited),)
    for some in (some for size in sizes for some in combinations(debited, size)):
        together = sum(sums[first] for first in some)
        choices.append(
            Choice(value="".join(some), reads=f"those beginning with {' or '.join(some)}: {together:,.2f}")
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


#: Of how many sorts of accounts every choice of some is offered.
_FEW = 4


def _name_payees(proposal: Proposal, start: int, place: int) -> None:
    """Let the text of a posting name who was paid where the supposed suppliers are the names of the journal's accounts.

    Those go with the accounts' numbers, one name to each.
    """
    decision = proposal.decision
    supplier, described = decision.column("supplier"), decision.column("description")
    if supplier is None or described is None or supplier.by_person or supplier.header == "heading":
        return
    name, text = span(supplier)[0], span(described)[0]
    names: defaultdict[str, set[str]] = defaultdict(set)
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    texts: set[str] = set()
    for row in proposal.grid.rows[start:]:
        number = account_of(row, place)
        called = kind_word(row[name]) if name < len(row) else ""
        if number and called:
            names[number].add(called)
            numbers[called].add(number)
            texts.add(kind_word(row[text]) if text < len(row) else "")
    one = all(len(each) == 1 for each in (*names.values(), *numbers.values()))
    if not one or len(names) < 2 or len(texts) <= len(names):
        return
    columns = [choice for choice in decision.columns if choice.field not in ("supplier", "description")]
    why = "the other names are those of the accounts"
    proposal.decision = replace(
        decision,
        columns=(*columns, replace(described, field="supplier", why=why)),
        reasons=(
            *decision.reasons,
            f"column {supplier.letters} names the accounts; column {described.letters} is taken for the supplier",
        ),
    )


#: Which side of an entry a heading speaks of.
_DEBIT = re.compile(
    r"debit|debet|débit|debe|dare|soll|借方|차변|(?<![a-z])(?:dr|wn|md)(?![a-z])", re.IGNORECASE
)
_CREDIT = re.compile(
    r"credit|kredit|crédit|crédito|haben|haber|avere|[貸贷]方|대변|(?<![a-z])(?:cr|ma|dal)(?![a-z])",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"account|ledger|konto|compte|cuenta|conto|rekening|科目|계정|счет", re.IGNORECASE)


def decide_entries(proposal: Proposal, start: int, answers: dict[str, str]) -> None:
    """Ask which entries hold the spend where each row names the account debited and the one credited.

    What pays a bill is debited to the account the bill was credited to; what was sold, to the bank that pays.
    """
    decision, header = proposal.decision, proposal.header
    amount = decision.column("amount")
    if header is None or amount is None or "apart" in dict(decision.extra):
        return
    pair = _sides_named(header.headings)
    if pair is None:
        return
    debit, credit = pair
    money = span(amount)[0]
    entries = [
        (kind_word(row[debit]), kind_word(row[credit]), _number(row, money) or 0.0)
        for row in lines_alone(proposal.grid, start, decision.columns)
        if debit < len(row) and credit < len(row)
    ]
    credited = {into for _, into, _ in entries if into}
    others = {out for out, _, _ in entries if out in credited}
    kept = {out: 0.0 for out, _, _ in entries if out and out not in credited}
    if len(entries) < _LINES or not others or not kept:
        return
    for out, _, number in entries:
        if out in kept:
            kept[out] += number
    question_key = key(proposal.grid.name, debit, "entries")
    answer = answers.get(question_key)
    if answer == "cost":
        told = {"column": letters(debit), "words": sorted(others), "why": OTHER_ACCOUNT}
        reason = f"of the accounts debited in column {letters(debit)} those that are credited elsewhere hold no spend"
        proposal.decision = replace(
            decision,
            extra=tuple(sorted({**dict(decision.extra), "apart": told}.items())),
            reasons=(*decision.reasons, reason),
        )
    elif answer != "all":
        named = ", ".join(list(kept)[:4]) + (" …" if len(kept) > 4 else "")
        whole = sum(number for _, _, number in entries)
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=proposal.grid.name,
                column=letters(debit),
                asks=f"Some accounts in column {letters(debit)} are debited in one entry and credited in another "
                f"({', '.join(sorted(others)[:4])}), as by payments and sales. Which entries are spend?",
                choices=(
                    Choice(value="cost", reads=f"those debited to {named}: {sum(kept.values()):,.2f}"),
                    Choice(value="all", reads=f"all of them: {whole:,.2f}"),
                ),
            )
        )


def _sides_named(headings: Sequence[str]) -> tuple[int, int] | None:
    """The columns of the accounts debited and credited: headings that differ in nothing but the side."""
    for debit, heading in enumerate(headings):
        if not _DEBIT.search(heading) or not _ACCOUNT.search(heading):
            continue
        rest = _DEBIT.sub("", heading).casefold().strip()
        for credit, other in enumerate(headings):
            if (
                credit != debit
                and _CREDIT.search(other)
                and _CREDIT.sub("", other).casefold().strip() == rest
            ):
                return debit, credit
    return None


def _number(row: Sequence[Cell], column: int) -> float | None:
    return plain_number(row[column]) if column < len(row) else None
