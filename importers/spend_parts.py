"""Columns of money that are no line's cost by themselves: what was ordered, an invoice's total, the pence."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, permutations, product
from typing import Any

from importers.amounts import printed_number
from importers.grid import Grid, key, letters
from importers.spend_columns import MONEY, Pick, plain_number
from importers.spend_evidence import ask_amount
from importers.spend_fees import fee_heading
from importers.spend_priced import value_of_price
from importers.spend_tax import whole_of_withheld
from importers.table import ColumnFacts, Header, best_field
from importers.words import heading_words
from mopsaudit.intake.contract import Question, ReadOptions

_AMOUNTS = ("amount", "net", "gross")
#: Words of a heading that say an amount was meant to be spent, not that it was.
_INTENDED = frozenset(
    (
        "order",
        "ordered",
        "po",
        "encumbered",
        "encumbrance",
        "committed",
        "commitment",
        "estimated",
        "estimate",
        "quoted",
        "quote",
        "requested",
        "requisition",
        "bestellt",
        "bestellwert",
        "obligo",
    )
)
#: The hundredth part of a unit as a column of its own is headed.
_MINOR = re.compile(
    r"(?:.*\s)?\(?(?:p|pence|c|cts?|cents?|rp|rappen|[öøo]re|gr|groszy|kop|коп|centimes?|c[eé]ntimos?)\.?\)?",
    re.IGNORECASE,
)
#: A letter or two may head anything else.
_LETTER = re.compile(r"(?:.*\s)?\(?[^\W\d_]{1,3}\.?\)?", re.IGNORECASE)
_ROWS = 500
#: How picks of columns that are parts of a whole beside them are named, before their number.
PART = "_part"
_CENT = Decimal("0.011")


def _aside(words: Sequence[str]) -> bool:
    """Whether a heading's words say an order, or a sum so far (``YTD actual``, ``value to date``)."""
    return bool(_INTENDED & set(words)) or "ytd" in words or ("to", "date") in pairwise(words)


def set_aside_ordered(header: Header) -> None:
    """Halve what headings of ordered amounts, of sums so far and of fees say, where another says an amount outright."""
    ordered = [_aside(heading_words(heading)) or fee_heading(heading) for heading in header.headings]
    spent = any(
        not intended and best_field(match)[0] in _AMOUNTS
        for intended, match in zip(ordered, header.matches, strict=True)
    )
    if not spent:
        return
    header.matches = [
        {name: score * 0.5 if intended and name in MONEY else score for name, score in match.items()}
        for intended, match in zip(ordered, header.matches, strict=True)
    ]


def lines_of_total(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]
) -> str | None:
    """Take the column whose cells add up, run by run, to the chosen amount repeated beside them; the reason, or None.

    ``Check amount`` stands on each line of a check: summed, it counts the check once a line. Nor is what was paid the
    whole where another column is that and what is still due.
    """
    elsewhere = (
        value_of_price(grid, header, facts, picks)
        or instalments(grid, header, facts, picks)
        or whole_of_withheld(grid, header, facts, picks)
    )
    chosen = picks.get("amount")
    if elsewhere or chosen is None:
        return elsewhere
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    for column, found in enumerate(facts):
        if column == chosen.column or found.numeric_share() < 0.8:
            continue
        if _adds_up(rows, chosen.column, column):
            for name in [name for name, pick in picks.items() if pick.column == column]:
                del picks[name]
            picks["amount"] = Pick(column, max(0.8, chosen.score), header.headings[column])
            part = header.headings[column]
            return f"“{chosen.heading}” repeats the sum of “{part}” on each line, so the latter is read"
    return invoiced_of_paid(grid, header, facts, picks) or invoiced_and_paid(grid, header, facts, picks)


def instalments(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]
) -> str | None:
    """Take the column whose cells add up, bill by bill, to a net and a tax repeated beside them; the reason, or None.

    A list of what is to be paid when names the whole bill on each of its instalments.
    """
    net, tax, supplier = picks.get("net") or picks.get("amount"), picks.get("tax"), picks.get("supplier")
    if net is None or tax is None:
        return None
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    for column, found in enumerate(facts):
        if column in (net.column, tax.column) or found.numeric_share() < 0.8:
            continue
        bills: dict[tuple[float, float, str], list[float]] = {}
        for row in rows:
            whole, part, share = (
                plain_number(row[each]) if each < len(row) else None
                for each in (net.column, tax.column, column)
            )
            if whole is not None and part is not None and share is not None:
                who = row[supplier.column] if supplier is not None and supplier.column < len(row) else None
                bills.setdefault((whole, part, str(who)), []).append(share)
        agree = [
            len(shares)
            for (whole, part, _), shares in bills.items()
            if abs(whole + part - sum(shares)) < 0.006
        ]
        if bills and len(agree) >= 0.9 * len(bills) and sum(size >= 2 for size in agree) >= 2:
            for name in [
                name
                for name, pick in picks.items()
                if pick.column == column or name in ("amount", "net", "tax", "gross")
            ]:
                del picks[name]
            picks["gross"] = Pick(column, 0.9, header.headings[column])
            return (
                f"“{net.heading}” repeats the whole bill on each of its instalments, so "
                f"“{header.headings[column]}” is read, tax included"
            )
    return None


def invoiced_and_paid(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]
) -> str | None:
    """Take what was invoiced where the chosen amount is what was paid of it: never more, often the same; or None."""
    chosen = picks.get("amount")
    if chosen is None or "net" in picks or not _PAID & set(heading_words(chosen.heading)):
        return None
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    for column, heading in enumerate(header.headings):
        said = set(heading_words(heading))
        if (
            column == chosen.column
            or not _BILLED & said
            or _PAID & said
            or facts[column].numeric_share() < 0.8
        ):
            continue
        pairs = [
            (one, two)
            for row in rows
            if (one := plain_number(row[column]) if column < len(row) else None) is not None
            and (two := plain_number(row[chosen.column]) if chosen.column < len(row) else None) is not None
        ]
        same = sum(abs(one - two) < 0.006 for one, two in pairs)
        less = sum(0 <= two < one for one, two in pairs)
        if same and less and same + less == len(pairs) and same * 4 >= len(pairs):
            for name in [name for name, pick in picks.items() if pick.column == column]:
                del picks[name]
            picks["amount"] = Pick(column, max(0.8, chosen.score), heading)
            return f"“{chosen.heading}” is what was paid so far of “{heading}”, so the latter is read"
    return None


def _whole_of_parts(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: Mapping[str, Pick]
) -> list[int]:
    """The chosen amount and the column that is, on every line, its sum with two or more amounts between; else none.

    Media, an agency's commission and a fee come to what is billed: which of them is the cost no heading says for sure.
    """
    firsts = [picks[name].column for name in ("net", "amount") if name in picks]
    if {"tax", "gross", "debit", "credit"} & set(picks):
        return []
    free = ("net", "amount")
    taken = {pick.column for name, pick in picks.items() if name not in free and not name.startswith("_")}
    money = [
        column
        for column, found in enumerate(facts)
        if column not in taken and found.filled >= 3 and found.numeric_share() >= 0.8
    ]
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    for first, whole in product(firsts, money):
        low, high = sorted((first, whole))
        between = [column for column in money if low < column < high]
        if len(between) >= 2 and any(_sums(rows, [first, *between], whole, mark) for mark in (".", ",")):
            return [first, whole]
    return []


def whole_or_parts(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], options: ReadOptions
) -> list[Question]:
    """Where one column is the sum of others on every line: take the one a person named, or ask which is booked."""
    columns = _whole_of_parts(grid, header, facts, picks)
    if not columns:
        return []
    answer = dict(options.answers).get(key(grid.name, None, "amount_column"), "").rstrip(":").upper()
    named = next((column for column in columns if letters(column) == answer), None)
    low, high = sorted(columns)
    for column in range(
        low + 1, high
    ):  # what lies between is in the whole: a fee there is none that comes on top
        picks[f"{PART}{column}"] = Pick(column, 1.0, header.headings[column])
    if named is None:
        return [ask_amount(grid, header, columns)]
    picks.pop("net", None)
    picks["amount"] = Pick(named, 1.0, header.headings[named])
    return []


def _sums(rows: Sequence[Sequence[Any]], parts: Sequence[int], whole: int, mark: str) -> bool:
    """Whether the parts come to the whole in every row that has one, three at least; half of them fill three parts."""
    agree = moved = 0
    for row in rows:
        said = printed_number(row[whole], mark) if whole < len(row) else None
        if said is None:
            continue
        values = [
            printed_number(row[part], mark) or Decimal(0) if part < len(row) else Decimal(0) for part in parts
        ]
        if abs(sum(values, Decimal(0)) - said) > _CENT:
            return False
        agree += 1
        moved += sum(map(bool, values)) >= 3
    return agree >= 3 and moved * 2 >= agree


#: What of a bill is still open.
_DUE = frozenset(
    "due outstanding open remaining balance unpaid offen rest restbetrag reste restant restante pendiente residuo "
    "openstaand saldo kvar restbelop utestaende".split()
)


#: Words of what was spent, and of what it was taken from.
_SPENT = frozenset(
    "actual actuals spent spend expended used consumed verbraucht depense gastado speso besteed".split()
)
_ALLOWED = frozenset(
    "budget budgeted plan planned contract approved allocated allocation forecast award awarded".split()
)
#: Words of what was paid, and of what was billed.
_PAID = frozenset(
    "paid payment payments pay bezahlt gezahlt zahlung paye pagado pago pagato betaald betalt".split()
)
_BILLED = frozenset(
    "invoice invoiced bill billed charged rechnung facture factura facturado fattura factuur faktura fatura".split()
)


def invoiced_of_paid(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]
) -> str | None:
    """Take the column that is the chosen amount with what is still due, row by row: what was invoiced; why, or None."""
    chosen = picks.get("amount")
    said = set(heading_words(chosen.heading)) if chosen is not None else set()
    if chosen is None or "net" in picks or (not _PAID & said and (_BILLED | _SPENT) & said):
        return None
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    due = [
        column
        for column, heading in enumerate(header.headings)
        if _DUE & set(heading_words(heading))
        and column != chosen.column
        and facts[column].numeric_share() >= 0.8
    ]
    for open_column in due:
        for column, found in enumerate(facts):
            if column in (open_column, chosen.column) or found.numeric_share() < 0.8:
                continue
            if (_INTENDED | _ALLOWED) & set(heading_words(header.headings[column])):
                continue  # of an order or a budget the rest is left, not due
            if _makes_up(rows, chosen.column, open_column, column):
                for name in [name for name, pick in picks.items() if pick.column == column]:
                    del picks[name]
                picks["amount"] = Pick(column, max(0.8, chosen.score), header.headings[column])
                whole = header.headings[column]
                return f"“{whole}” is “{chosen.heading}” with what is still due, so it is what was invoiced"
    return None


def _makes_up(rows: Sequence[Sequence[object]], paid: int, due: int, whole: int) -> bool:
    """Whether one column is the sum of two others in every row, the second of them not nought in some."""
    count = some = 0
    for row in rows:
        numbers = [
            plain_number(row[each]) if each < len(row) else None  # type: ignore[arg-type]  # cells of a grid
            for each in (paid, due, whole)
        ]
        if numbers[0] is None or numbers[1] is None or numbers[2] is None:
            continue
        if abs(numbers[0] + numbers[1] - numbers[2]) >= 0.006:
            return False
        count += 1
        some += bool(numbers[1])
    return count >= 3 and some > 0


def tax_of_invoice(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]
) -> str | None:
    """Leave a tax unread that repeats the whole invoice's on each of its lines, as the sum of the lines does; why."""
    amount, tax = picks.get("amount") or picks.get("net"), picks.get("tax")
    if amount is None or tax is None:
        return None
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    for column, found in enumerate(facts):
        if column in (amount.column, tax.column) or found.numeric_share() < 0.8:
            continue
        if _adds_up(rows, column, amount.column) and _constant(rows, column, tax.column):
            del picks["tax"]
            gross = picks.get("gross")
            if gross is not None and _constant(rows, column, gross.column):
                del picks["gross"]
            return f"“{tax.heading}” repeats the tax of the whole invoice on each line, so it is not read"
    return None


def _constant(rows: Sequence[Sequence[object]], whole: int, other: int) -> bool:
    """Whether a column never changes while another repeats its number from row to row."""
    pairs = [
        tuple(plain_number(row[each]) if each < len(row) else None for each in (whole, other))  # type: ignore[arg-type]  # cells
        for row in rows
    ]
    return all(one[1] == two[1] for one, two in pairwise(pairs) if one[0] == two[0] and one[0] is not None)


def _adds_up(rows: Sequence[Sequence[object]], whole: int, part: int) -> bool:
    """Whether runs of one amount in column ``whole`` are nearly always the sum of those in ``part``, three or more."""
    runs: list[tuple[float, list[float]]] = []
    for row in rows:
        total, share = (
            plain_number(row[each]) if each < len(row) else None  # type: ignore[arg-type]  # cells of a grid
            for each in (whole, part)
        )
        if total is None or share is None:
            continue
        if runs and runs[-1][0] == total:
            runs[-1][1].append(share)
        else:
            runs.append((total, [share]))
    agree = [len(shares) for total, shares in runs if abs(total - sum(shares)) < 0.006]
    split = sum(size >= 2 for size in agree)
    return len(agree) >= 0.9 * len(runs) and (split >= 3 or (split == 2 and len(agree) == len(runs) >= 4))


def line_of_tied(grid: Grid, header: Header, columns: Sequence[int]) -> int | None:
    """Of two amounts the one of the lines, where the other repeats their sum on each line of a bill; else None."""
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    found = [part for whole, part in permutations(columns, 2) if _adds_up(rows, whole, part)]
    return found[0] if len(columns) == 2 and len(found) == 1 else None


def minor_column(grid: Grid, header: Header, picks: dict[str, Pick]) -> int | None:
    """The column right of the amounts that holds their pence, where both hold nothing but whole numbers; or None."""
    amount = picks.get("amount")
    if amount is None:
        return None
    if _MINOR.fullmatch(header.headings[amount.column]) and amount.column:
        left = amount.column - 1
        if _numbers(grid, header, left) and not _MINOR.fullmatch(header.headings[left]):
            amount = Pick(left, amount.score, header.headings[left])
    column = amount.column + 1
    if column >= len(header.headings) or not _MINOR.fullmatch(header.headings[column]):
        return None
    if any(pick.column == column and name in ("date", "supplier") for name, pick in picks.items()):
        return None
    pence = _numbers(grid, header, column)
    if len(pence) < 3 or not all(0 <= number < 100 for number in pence):
        return None
    if not _numbers(grid, header, amount.column):
        return None
    if _LETTER.fullmatch(header.headings[column].strip()) and max(pence) <= 31:
        return None  # P may head a period, C a class
    for name in [name for name, pick in picks.items() if pick.column == column]:
        del picks[name]
    picks["amount"] = amount
    return column


def _numbers(grid: Grid, header: Header, column: int) -> list[float]:
    """The numbers of a column's first rows when all of them are whole and are most of its cells, else none."""
    cells = [
        row[column] for row in grid.rows[header.first_index : header.first_index + _ROWS] if column < len(row)
    ]
    filled = [cell for cell in cells if cell is not None]
    numbers = [number for cell in filled if (number := plain_number(cell)) is not None]
    return numbers if len(numbers) >= 0.9 * len(filled) and all(map(float.is_integer, numbers)) else []


def with_minor(value: Decimal, minor: Decimal) -> Decimal | None:
    """Pounds and pence as one amount, the pence with the sign of the pounds; None unless they are 0 to 99."""
    if not 0 <= abs(minor) < 100 or minor != minor.to_integral_value():
        return None
    share = minor.scaleb(-2)
    return value - abs(share) if value < 0 else value + share
