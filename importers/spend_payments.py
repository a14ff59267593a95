"""Payments that stand among the bills they pay, with the same sign: counted too, a cost would count twice."""

import re
from collections import Counter
from dataclasses import replace

from importers.grid import column_index, key
from importers.not_spend import TRANSFER, bill_kind, load_kind, payment_kind
from importers.spend_columns import plain_number
from importers.spend_plan import Proposal
from importers.table import best_field, span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Question

#: Of all payments, how many must be of a supplier and amount that a bill is of.
_MATCHED = 0.8


def decide_payments(proposal: Proposal, start: int, answers: dict[str, str]) -> None:
    """Whether payments with the sign of the bills beside them are no cost of their own; asked where nothing tells.

    On an account's own statement, which carries a balance, payments are what is spent.
    """
    grid, decision = proposal.grid, proposal.decision
    kind, amount, supplier = (
        dict(decision.extra).get("kind_column"),
        decision.column("amount"),
        decision.column("supplier"),
    )
    if not kind or amount is None or proposal.header is None:
        return
    if any(best_field(match)[0] == "_balance" for match in proposal.header.matches):
        return
    place, money = column_index(kind), span(amount)[0]
    name = span(supplier)[0] if supplier is not None else None
    bills: list[tuple[str, float]] = []
    paid: list[tuple[str, float]] = []
    for row in grid.rows[start:]:
        text = row[place] if place < len(row) else None
        number = plain_number(row[money]) if money < len(row) else None
        if not isinstance(text, str) or not number:
            continue
        who = fold(str(row[name] or "")).casefold() if name is not None and name < len(row) else ""
        if payment_kind(text):
            paid.append((who, number))
        elif bill_kind(text):
            bills.append((who, number))
    if not paid or not bills:
        return
    above = sum(number > 0 for _, number in bills) * 2 >= len(bills)
    if any((number > 0) != above for _, number in paid):
        return  # they carry the other sign, which tells them
    matched = (Counter(bills) & Counter(paid)).total()  # each bill is paid once
    question_key = key(grid.name, place, "payments")
    answer = answers.get(question_key)
    if answer is None and len(paid) >= 3 and matched >= _MATCHED * len(paid):
        answer = "settle"
    if answer == "settle":
        extra = {**dict(decision.extra), "payments_apart": True}
        reason = f"column {kind} names payments of bills that stand here too; they are no cost of their own"
        proposal.decision = replace(
            decision, extra=tuple(sorted(extra.items())), reasons=(*decision.reasons, reason)
        )
    elif answer != "cost":
        total = abs(sum(number for _, number in paid))
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                column=kind,
                asks=f"Column {kind} names {len(paid):,} payments ({total:,.2f} in all) beside bills, with the same "
                "sign. Do they pay bills that stand here?",
                choices=(
                    Choice(value="settle", reads="yes: they are no cost of their own"),
                    Choice(value="cost", reads="no: each is a cost like the others"),
                ),
            )
        )


#: A kind of line that says money was moved, but not whose pocket it went to.
_MOVED = re.compile(
    r"(?:outgoing |outbound )?transfers?|transfer(?: out|red)?|überweisung|umbuchung", re.IGNORECASE
)


def decide_transfers(proposal: Proposal, start: int, answers: dict[str, str]) -> None:
    """Ask whether costs called transfers stay within the company, where the same column names deposits or exchanges.

    A wallet calls what goes to its other wallets a transfer; a bank, what goes to a supplier.
    """
    grid, decision = proposal.grid, proposal.decision
    extra = dict(decision.extra)
    kind, amount = extra.get("kind_column"), decision.column("amount")
    if not kind or amount is None or "apart" in extra:
        return
    place, money = column_index(kind), span(amount)[0]
    words: Counter[str] = Counter()
    moved: list[float] = []
    rest: list[float] = []
    for row in grid.rows[start:]:
        text = row[place] if place < len(row) else None
        number = plain_number(row[money]) if money < len(row) else None
        if isinstance(text, str) and number:
            words[fold(text).casefold()] += 1
            (moved if _MOVED.fullmatch(fold(text)) else rest).append(number)
    below = sum(number < 0 for number in rest) * 2 > len(rest)  # so costs are written
    out = sum(abs(number) for number in moved if (number < 0) is below)
    called = sorted(word for word in words if _MOVED.fullmatch(word))
    pockets = any(load_kind(word) and not _MOVED.fullmatch(word) for word in words)
    if not called or not out or not pockets:
        return
    question_key = key(grid.name, place, "transfers")
    answer = answers.get(question_key)
    if answer == "own":
        told = {"column": kind, "words": called, "why": TRANSFER}
        reason = f"column {kind} names transfers between own accounts; they are no spend"
        proposal.decision = replace(
            decision,
            extra=tuple(sorted({**extra, "apart": told}.items())),
            reasons=(*decision.reasons, reason),
        )
    elif answer != "cost":
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                column=kind,
                asks=f"Column {kind} names transfers ({out:,.2f} in all) beside deposits or exchanges. Did they go "
                "to accounts of your own?",
                choices=(
                    Choice(value="own", reads="yes: they are no spend"),
                    Choice(value="cost", reads="no: each is a cost like the others"),
                ),
            )
        )
