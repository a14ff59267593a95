"""Which amounts of a sheet are costs: those above nought or below, those under debit or under credit."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from importers import codes
from importers.amounts import amount_text, amount_value
from importers.currencies import credit_format, written_minus
from importers.grid import Cell, address, column_index, key, letters
from importers.not_spend import CARD_PAYMENT, bill_kind, of_words, payment_kind
from importers.spend_columns import WORDS, plain_number
from importers.spend_groups import accounts_of_suppliers
from importers.spend_meaning import column_values, lines_alone
from importers.spend_plan import Proposal
from importers.table import best_field, span
from importers.texts import fold
from importers.total_words import Says, says_total
from mopsaudit.intake.contract import Choice, ColumnChoice, Question

#: Negative amounts to each positive one that are no surprise where payments to the card stand above nought.
_PAID_ABOVE: Final = 0.99
_ROWS: Final = 5000


def decide_sign(
    proposal: Proposal, columns: Sequence[ColumnChoice], start: int, answers: dict[str, str]
) -> int:
    """-1 where charges stand as negative amounts or under *credit*, else 1; asked where most amounts are such.

    What the file itself says for it is added to the decision's reasons.
    """
    amount = next((choice for choice in columns if choice.field == "amount"), None)
    if proposal.decision.sign != 1:
        return proposal.decision.sign
    if amount is None:
        return _sign_of_sides(proposal, columns, start, answers)
    positive, negative = _signs(column_values(proposal.grid, start, amount))
    positive, negative = _without_payments(proposal, amount, start) or (positive, negative)
    turned = _credit_formats(proposal, amount, start)
    negative, positive = negative + turned, positive - turned
    usual = _usual(proposal, amount, start)
    few = negative and usual > _PAID_ABOVE and _doubtful(positive, negative, _PAID_ABOVE)
    if few and _card_paid_above(proposal, columns, amount, start):
        usual = _PAID_ABOVE
    if not _doubtful(positive, negative, usual) or dict(proposal.decision.extra).get("indicator"):
        return 1
    if not turned and not _several(amount):
        # Only now, for a question: the sums among the lines are neither.
        first = span(amount)[0]
        kind = _kinds(proposal)
        lines = (row for row in lines_alone(proposal.grid, start, columns) if not _pays(row, kind))
        positive, negative = _signs(row[first] for row in lines if first < len(row))
        if not _doubtful(positive, negative, usual):
            return 1
    question_key = key(proposal.grid.name, span(amount)[0], "sign")
    sign = answered_sign(answers, question_key) or _sign_of_bills(proposal, amount, start)
    if sign:
        return sign
    proposal.questions.append(
        Question(
            key=question_key,
            sheet=proposal.grid.name,
            column=amount.letters.partition(":")[0],
            asks=f"{negative:,} of {negative + positive:,} amounts in column {amount.letters} are "
            "negative. What are they?"
            if negative
            else f"All {positive:,} amounts in column {amount.letters} raise the balance beside them. What are they?",
            choices=(
                Choice(value="-1", reads="negative amounts are charges (cost); positive ones are credits"),
                Choice(value="1", reads="negative amounts are credits; positive ones are charges (cost)"),
            )
            if negative
            else (
                Choice(value="-1", reads="money in: credits, no cost"),
                Choice(value="1", reads="charges (cost): the balance is what is owed or spent"),
            ),
        )
    )
    return 1


def _card_paid_above(
    proposal: Proposal, columns: Sequence[ColumnChoice], amount: ColumnChoice, start: int
) -> bool:
    """Whether every payment to the card, as the words of its line call it, stands above nought: charges stand below.

    Where charges are written above nought, what is paid to the card is below.
    """
    told = [span(choice)[0] for choice in columns if choice.field in ("supplier", "description")]
    if _several(amount) or not told:
        return False
    first = span(amount)[0]
    paid = [
        row[first]
        for row in proposal.grid.rows[start : start + _ROWS]
        if first < len(row)
        and of_words(" ".join(str(row[place] or "") for place in told if place < len(row))) == CARD_PAYMENT
    ]
    positive, negative = _signs(paid)
    return positive > 0 and not negative


def _doubtful(positive: int, negative: int, usual: float) -> bool:
    """Whether so many negative amounts are more than usual; on an account's own statement none of them is odd too."""
    return negative > positive * usual if negative else usual == 0 and positive > 2


def _usual(proposal: Proposal, amount: ColumnChoice, start: int) -> float:
    """How many negative amounts to each positive one are no surprise in a list of costs: more make the sign doubtful.

    None where a balance carried on beside them moves with each amount: an account's own statement, on which money out
    lowers what is left (an account of a ledger where a column is headed by suppliers). Few where those above nought
    are written with a plus, as what comes in is. Fewer than positive ones where a balance stands beside them or above.
    """
    if proposal.header is None or _several(amount):
        return 1.5
    balances = [
        column
        for column, match in enumerate(proposal.header.matches)
        if best_field(match)[0] == "_balance" and column != span(amount)[0]
    ]
    sided = best_field(proposal.header.matches[span(amount)[0]])[0] in ("debit", "credit")
    if sided or _of_suppliers(proposal):
        return 1.5
    if any(_moves_with(proposal, amount, start, column) for column in balances):
        return 0.0
    if _written_plus(proposal, amount, start):
        return 0.3
    return 0.99 if balances or _balance_above(proposal) else 1.5


def _kinds(proposal: Proposal) -> int | None:
    """The column that tells bills from their payments, or None."""
    found = dict(proposal.decision.extra).get("kind_column")
    return column_index(found) if found else None


def _pays(row: Sequence[Cell], kind: int | None) -> bool:
    """Whether a row is the payment of bills, as the column of kinds says."""
    value = row[kind] if kind is not None and kind < len(row) else None
    return isinstance(value, str) and payment_kind(value)


def _without_payments(proposal: Proposal, amount: ColumnChoice, start: int) -> tuple[int, int] | None:
    """The signs of the bills alone where a column tells them from their payments, whose sign is the other; else None.

    With as many payments as bills an account of suppliers would have no sign of its own.
    """
    kind = _kinds(proposal)
    if kind is None or _several(amount):
        return None
    first = span(amount)[0]
    rows = [row for row in proposal.grid.rows[start:] if first < len(row) and kind < len(row) and row[kind]]
    return _signs(row[first] for row in rows if not _pays(row, kind))


def _sign_of_bills(proposal: Proposal, amount: ColumnChoice, start: int) -> int:
    """1 or -1 as a column that tells bills from payments and credit notes has all bills above nought or below, which
    is added to the reasons; 0 where none does.
    """
    extra, first = dict(proposal.decision.extra), span(amount)[0]
    told = extra.get("kind_column") or extra.get("credit_kind")
    if not isinstance(told, str) or _several(amount):
        return 0
    kind = column_index(told)
    bills = [
        row[first]
        for row in proposal.grid.rows[start:]
        if max(first, kind) < len(row) and isinstance(said := row[kind], str) and bill_kind(said)
    ]
    positive, negative = _signs(bills)
    if bool(positive) == bool(negative):
        return 0
    reason = f"the lines that column {told} calls bills are {'positive' if positive else 'negative'}"
    proposal.decision = replace(proposal.decision, reasons=(*proposal.decision.reasons, reason))
    return 1 if positive else -1


def _balance_above(proposal: Proposal) -> bool:
    """Whether a line above the table gives a balance with its amount, as statements begin."""
    header = proposal.header
    last = header.first_index - len(header.rows) if header is not None else 0
    for row in proposal.grid.rows[: min(last, 30)]:
        texts = [fold(value) for value in row if isinstance(value, str)]
        labels = [text.strip("#: ") for text in texts if amount_text(text) is None]
        amounts = len(labels) < sum(value is not None for value in row)
        if amounts and any(
            says_total(label) is Says.BALANCE or WORDS.fields(label).get("_balance", 0.0) >= 0.9
            for label in labels
        ):
            return True
    return False


_SUPPLIERS = re.compile(
    r"supplier|vendor|creditor|lieferant|kreditor|fournisseur|proveedor|fornitore|leverancier|fornecedor|leverand[øo]r|"
    r"leverant[öo]r|toimittaja|dostawca|dodavatel|sz[aá]ll[ií]t[oó]|tedarikçi|поставщик|供应商|仕入先|"
    r"ragione sociale|raison sociale|raz[oó]n social|\btiers\b|\btercero\b|cari unvan|\brelatie\b",
    re.IGNORECASE,
)


def _of_suppliers(proposal: Proposal) -> bool:
    """Whether the lines name suppliers under a heading that says so, as no bank's statement does."""
    choice = proposal.decision.column("supplier")
    return choice is not None and bool(_SUPPLIERS.search(choice.header))


def _written_plus(proposal: Proposal, amount: ColumnChoice, start: int) -> bool:
    """Whether amounts above nought are written with a plus, as what comes in is more often than costs are."""
    texts = [fold(value) for value in column_values(proposal.grid, start, amount) if isinstance(value, str)]
    above = [text for text in texts if (parts := amount_text(text)) and not parts.negative]
    return len(above) > 0 and sum(text.startswith("+") for text in above) > len(above) / 2


def _moves_with(proposal: Proposal, amount: ColumnChoice, start: int, balance: int) -> bool:
    """Whether the figures of a column differ from row to row by the amounts, from the top or from the bottom.

    They start from something: figures that start from nothing sum up the list itself, whichever sign its costs have.
    """
    column, mark = span(amount)[0], amount.decimal_mark or "."
    pairs = [
        (one, two)
        for row in proposal.grid.rows[start : start + 500]
        if (one := _number(row, column, mark)) is not None
        and (two := _number(row, balance, mark)) is not None
    ]
    if len(pairs) < 3:
        return False
    down = sum(abs(after[1] - before[1] - after[0]) < 0.006 for before, after in pairwise(pairs))
    up = sum(abs(before[1] - after[1] - before[0]) < 0.006 for before, after in pairwise(pairs))
    first = pairs[0] if down >= up else pairs[-1]
    return max(down, up) >= 0.7 * (len(pairs) - 1) and abs(first[1] - first[0]) >= 0.006


def _number(row: Sequence[Cell], column: int, mark: str) -> float | None:
    value = row[column] if column < len(row) else None
    parts = amount_text(value) if isinstance(value, str) else None
    if parts is None:
        return None if isinstance(value, str) else plain_number(value)
    found = amount_value(parts, mark)
    return None if found is None else float(found)


def answered_sign(answers: dict[str, str], question_key: str) -> int | None:
    """-1 where the answer says that negative amounts (or credits) are the cost, 1 for the opposite; None without."""
    return {"-1": -1, "negative": -1, "1": 1, "+1": 1, "positive": 1}.get(answers.get(question_key, ""))


def _signs(values: Iterable[Cell]) -> tuple[int, int]:
    """How many cells are amounts above nought, and how many below."""
    positive = negative = 0
    for value in values:
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            positive += value > 0
            negative += value < 0
        elif isinstance(value, str):
            parts = amount_text(value)
            if parts is not None:
                negative += parts.negative
                positive += not parts.negative
    return positive, negative


def _several(choice: ColumnChoice) -> bool:
    """Whether a choice is of several columns."""
    first, last = span(choice)
    return first != last


def _credit_formats(proposal: Proposal, amount: ColumnChoice, start: int) -> int:
    """How many amounts above nought a number format alone marks as credits."""
    grid, (column, _) = proposal.grid, span(amount)
    if not any(credit_format(code) for _, code in grid.formats.get(column, ())):
        return 0
    turned = [
        (number, shown)
        for number, row in zip(grid.numbers[start:], grid.rows[start:], strict=True)
        if column < len(row) and (plain_number(row[column]) or 0) > 0
        if credit_format(shown := grid.format_at(number, column))
    ]
    signs = [address(number, column) for number, shown in turned if written_minus(shown)]
    if signs and all(told[0] is not codes.SIGN_OF_FORMAT for told in grid.told):
        which = (
            f"The cell {signs[0]} shows"
            if len(signs) == 1
            else f"{len(signs):,} cells from {signs[0]} on show"
        )
        grid.told.append(
            (
                codes.SIGN_OF_FORMAT,
                f"{which} a minus or brackets that the number format writes and the value has not: read as shown.",
                signs[0],
            )
        )
    return len(turned)


def _sign_of_sides(
    proposal: Proposal, columns: Sequence[ColumnChoice], start: int, answers: dict[str, str]
) -> int:
    """-1 where a person says that credits are the cost, as in a supplier's own account; asked where credits prevail.

    Sides that nearly balance say nothing: in a ledger of bills and their payments both stand. Two columns without a
    heading are always asked about.
    """
    sides = {choice.field: choice for choice in columns if choice.field in ("debit", "credit")}
    if len(sides) < 2:
        return 1
    filled = {
        name: sum(bool(plain_number(value)) for value in column_values(proposal.grid, start, choice))
        for name, choice in sides.items()
    }
    unnamed = not any(choice.header for choice in sides.values())
    if not unnamed and (filled["credit"] <= filled["debit"] * 1.5 or filled["credit"] < 2):
        return 1
    rows = list(lines_alone(proposal.grid, start, columns))
    filled = {
        name: sum(place < len(row) and bool(plain_number(row[place])) for row in rows)
        for name, choice in sides.items()
        for place in [span(choice)[0]]
    }
    if not unnamed and (filled["credit"] <= filled["debit"] * 1.5 or filled["credit"] < 2):
        return 1
    question_key = key(proposal.grid.name, span(sides["credit"])[0], "sign")
    sign = answered_sign(answers, question_key)
    if sign is not None:
        return sign
    if accounts_of_suppliers(proposal.grid, proposal.decision):
        reason = f"the groups are suppliers' accounts: their bills stand under “{sides['credit'].header}”"
        proposal.decision = replace(proposal.decision, reasons=(*proposal.decision.reasons, reason))
        return -1
    names = {
        name: f"under “{choice.header}”" if choice.header else f"in column {choice.letters}"
        for name, choice in sides.items()
    }
    accounts = "" if unnamed else ": in suppliers' accounts bills are credits"
    proposal.questions.append(
        Question(
            key=question_key,
            sheet=proposal.grid.name,
            column=letters(span(sides["credit"])[0]),
            asks=f"{filled['credit']:,} lines stand {names['credit']} and {filled['debit']:,} {names['debit']}. "
            "Which of them are costs?",
            choices=(
                Choice(value="-1", reads=f"those {names['credit']}{accounts}"),
                Choice(value="1", reads=f"those {names['debit']}; the others are credits"),
            ),
        )
    )
    return 1
