"""Which rows with an amount are totals: by arithmetic as well as by words, for a supplier may be called TOTAL LTD."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

from importers.values import fold

#: Two sums agree when they differ by less than this many units: half a minor unit and the noise of a stored float.
TOLERANCE = Decimal("0.0051")

_TOTAL = (
    r"(?:total|totals|sub[\s-]?total|sub[\s-]?totals|grand[\s-]?total|sum|summe|gesamt|gesamtsumme|gesamtbetrag|gesamtergebnis|"
    r"zwischensumme|endsumme|total general|total général|sous[\s-]total|totaal|eindtotaal|subtotaal|totale|"
    r"totale generale|suma|suma total|total geral|totalt|i alt|yhteensä|razem|celkem|ukupno|итого|всего)"
)
_PURE = re.compile(
    rf"(?:(?:grand|overall|report|page|running|net|batch|sheet|monthly|month|year|annual|quarterly|group|section|final|period|ledger|account)\s+)*{_TOTAL}"
    r"(?:\s*[:=–-]+)?(?:\s*\(?(?:[A-Z]{3}|[£€$])\)?)?",
    re.IGNORECASE,
)
_PREFIXED = re.compile(
    r"(?:(?:sub[\s-]?total|grand[\s-]?total|page\s+total|report\s+total|zwischensumme|sous[\s-]total|gesamtsumme)\b.*)"
    r"|(?:totals?\s+(?:for|of|per|by|in|to|paid|payments?|amount|spend|spending|expenditure|value|cost|costs|invoices?|lines?|transactions?|"
    r"month|year|quarter|page|report|vendor|supplier|excl|ex|incl|inc|net|gross|period|q[1-4]|20\d\d|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)\b.*)"
    r"|(?:totals?\s*[:–-].*)|(?:summe\s+(?:für|der|von)\b.*)|(?:total\s+(?:général|general|geral|du|des|por|per|par)\b.*)",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    rf"(?:{_TOTAL}\b.+)|(?:.+\s(?:sub[\s-]?)?totals?:?)|(?:.+\s(?:summe|ergebnis|gesamt|totaal|totale))",
    re.IGNORECASE,
)
_BALANCE = re.compile(
    r"(?:opening|closing|start(?:ing)?|end(?:ing)?|previous|new)\s+balance\b.*|balance\s+(?:b/?f|c/?f|brought|carried|forward)\b.*|"
    r"(?:amount\s+)?(?:brought|carried)\s+(?:forward|down|over)\b.*|[bc]/[fd]|übertrag\b.*|"
    r"saldovortrag\b.*|(?:anfangs|end|schluss)saldo\b.*|report à nouveau\b.*",
    re.IGNORECASE,
)


class Says(IntEnum):
    """How much a row's words claim that it is a total."""

    NOTHING = 0
    LOOSELY = 1
    OUTRIGHT = 2
    BALANCE = 3


_HINT = re.compile(
    r"tot|sum|gesamt|saldo|balance|forward|carried|brought|over|[bc]/?[fd]|ergebnis|i alt|yhte|"
    r"razem|celkem|ukup|итого|всего|übertrag|report",
    re.IGNORECASE,
)


@lru_cache(maxsize=100_000)
def says_total(text: str) -> Says:
    """What one cell's text claims."""
    if not _HINT.search(text):
        return Says.NOTHING
    plain = fold(text).strip(" *_=.")
    if not plain or len(plain) > 80:
        return Says.NOTHING
    if _BALANCE.fullmatch(plain):
        return Says.BALANCE
    if _PURE.fullmatch(plain) or _PREFIXED.fullmatch(plain):
        return Says.OUTRIGHT
    if _LOOSE.fullmatch(plain):
        return Says.LOOSELY
    return Says.NOTHING


def only_total(text: str) -> bool:
    """Whether a text is nothing but the word (``Total``, ``Grand total:``), as no group would be called."""
    return bool(_PURE.fullmatch(fold(text).strip(" *_=.")))


@dataclass(slots=True)
class Amounted:
    """A row of the data region that holds an amount: what the total finder knows of it.

    ``missing`` counts the columns that nearly every line fills and this row does not, of ``core`` such columns;
    ``bare`` says nothing but numbers stands in it; ``name`` is what a group total may repeat (the supplier).
    """

    index: int
    number: int
    amount: Decimal | None
    label: str
    says: Says
    missing: int
    core: int
    bare: bool
    dated: bool
    name: str = ""


@dataclass(slots=True)
class Found:
    """A total row found: over which row numbers, what it should be, and whether it agrees.

    ``covers``: it is the sum of every line above it.
    """

    row: Amounted
    first: int
    last: int
    expected: Decimal
    agrees: bool
    grand: bool
    covers: bool = False


def find_totals(rows: Sequence[Amounted]) -> dict[int, Found]:
    """Row index → the total it is. Rows come in sheet order; the rest are lines."""
    found: dict[int, Found] = {}
    block: list[Amounted] = []
    everything = Decimal(0)
    count = 0
    block_sum = Decimal(0)
    since_grand = Decimal(0)
    lines_since_grand = 0
    subtotals: list[Found] = []
    largest = Decimal(0)
    first_line = 0
    total_rows = len(rows)
    for position, row in enumerate(rows):
        if row.amount is None:
            if row.says >= Says.OUTRIGHT and not row.dated:
                found[row.index] = Found(row, row.number, row.number, Decimal(0), False, False)
            continue
        amount = row.amount
        over_block = bool(block) and abs(amount - block_sum) <= TOLERANCE
        over_all = count > 0 and abs(amount - everything) <= TOLERANCE
        over_part = lines_since_grand > 0 and abs(amount - since_grand) <= TOLERANCE
        matches = over_block or over_all or over_part
        last = position == total_rows - 1
        is_total = False
        match row.says:
            case Says.BALANCE:
                is_total = row.missing > 0 or not row.dated or matches
            case Says.OUTRIGHT:
                is_total = not row.dated or (matches and count >= 2) or row.missing * 2 >= max(row.core, 1)
            case Says.LOOSELY:
                named = bool(block) and bool(row.label) and _repeats(row.label, block[-1].name)
                if row.dated:
                    is_total = False
                elif matches and (len(block) >= 2 or count >= 2 or named):
                    is_total = True
                else:
                    is_total = named or (row.core >= 3 and row.missing >= row.core - 1)
            case Says.NOTHING:
                if row.bare and count:
                    if matches and (over_all or len(block) >= 2 or subtotals or count >= 2):
                        is_total = True
                    elif last and count >= 5 and row.core >= 1 and row.missing == row.core:
                        is_total = abs(amount) > largest
        if is_total:
            single = not subtotals
            if over_all and "grand" in row.label.lower():
                last = True
            grand = over_all and (last or count > len(block) or not block)
            if not matches and row.says is Says.OUTRIGHT:
                grand = "grand" in row.label.lower() or (last and single)
            if not matches and row.says is Says.NOTHING:
                grand = last
            if row.says is Says.BALANCE:
                grand = False
            if grand:
                expected, first = everything, first_line
            elif over_part and not over_block:
                expected, first = since_grand, first_line
            else:
                expected, first = (block_sum, block[0].number) if block else (since_grand, first_line)
            result = Found(
                row,
                first,
                block[-1].number if block else row.number - 1,
                expected,
                matches or row.says is Says.BALANCE,
                grand,
            )
            result.covers = over_all and count >= 2
            found[row.index] = result
            if row.says is not Says.BALANCE:
                subtotals.append(result)
                block, block_sum = [], Decimal(0)
                if over_part and not over_block:
                    since_grand, lines_since_grand = Decimal(0), 0
        else:
            if not count:
                first_line = row.number
            block.append(row)
            block_sum += amount
            everything += amount
            since_grand += amount
            lines_since_grand += 1
            count += 1
            largest = max(largest, abs(amount))
    _last_is_grand(found, everything, first_line)
    return found


def _repeats(label: str, name: str) -> bool:
    """Whether a label such as ``ACME LTD Total`` repeats the name of the group above it."""
    if not name:
        return False
    rest = re.sub(
        rf"^{_TOTAL}\s*(?:for|of|:|-)?\s*|\s*(?:sub[\s-]?)?totals?:?$", "", fold(label), flags=re.IGNORECASE
    ).strip()
    return bool(rest) and rest.casefold() == fold(name).casefold()


def _last_is_grand(found: dict[int, Found], everything: Decimal, first_line: int) -> None:
    """When no total was named grand, the last one that covers every line is."""
    if not found or any(entry.grand for entry in found.values()):
        return
    entries = [
        entry
        for entry in found.values()
        if entry.row.amount is not None and entry.row.says is not Says.BALANCE
    ]
    if not entries:
        return
    last = entries[-1]
    assert last.row.amount is not None
    if abs(last.row.amount - everything) <= TOLERANCE:
        last.grand, last.expected, last.first, last.agrees = True, everything, first_line, True
    elif len(entries) == 1 and last.row.says is Says.OUTRIGHT and not last.agrees:
        last.grand, last.expected, last.first = True, everything, first_line
