"""Which of two amounts of a line is the booked one where its cells prove that one is the other, converted.

Two currency columns: the amounts are the same wherever the currencies are, and differ where those do. One currency
column and a rate: the amount times the rate, or by it, is the other amount. Headings alone mislead: *local* is the
ledger's own currency in one program and the shop's in another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importers.currencies import currency_of_text
from importers.grid import Grid, letters
from importers.spend_columns import Pick, plain_number
from importers.spend_currency_columns import own_where_same
from importers.table import ColumnFacts, Header
from importers.texts import fold
from importers.words import heading_words

_ROWS = 500
_MONEY = ("amount", "net", "gross", "original_amount")
#: Words of every heading of an amount or currency, which tell no pair from another.
_PLAIN = frozenset(
    "amount value currency code total gross net incl excl vat tax with without inkl exkl betrag belopp belob belop "
    "montant importe importo".split()
)


@dataclass(frozen=True, slots=True)
class Converted:
    """The columns of a booked amount and of what it was converted from.

    ``currency``: the column of the booked amount's currency, or None where no column holds it; ``code`` is then what
    the lines prove it to be, or None.
    """

    booked: int
    original: int
    original_currency: int
    currency: int | None = None
    code: str | None = None


def by_conversion(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, Pick],
    base: str,
    reasons: list[str],
) -> str | None:
    """Let the picks be the booked amount and its original where the cells prove them; the booked currency if proven."""
    chosen = picks.get("amount")
    if chosen is None or {"debit", "credit"} & set(picks):
        return None
    found = _by_currencies(grid, header, facts, base) or _by_rate(grid, header, facts, picks, base)
    if found is None or chosen.column not in (found.booked, found.original):
        return own_where_same(grid, header, picks)
    if chosen.column == found.booked and (found.currency is None or "original_amount" in picks):
        return None
    heading = header.headings
    for name in ("currency", "original_currency", "original_amount", "amount"):
        picks.pop(name, None)
    taken = {pick.column for name, pick in picks.items() if name in ("net", "gross")}
    if found.booked not in taken:
        for name in [name for name, pick in picks.items() if pick.column == found.booked]:
            del picks[name]
        picks["amount"] = Pick(found.booked, max(chosen.score, 0.8), heading[found.booked])
    for name in [name for name, pick in picks.items() if pick.column == found.original]:
        del picks[name]
    picks["original_amount"] = Pick(found.original, 0.8, heading[found.original])
    picks["original_currency"] = Pick(found.original_currency, 0.8, heading[found.original_currency])
    if found.currency is not None:
        picks["currency"] = Pick(found.currency, 0.9, heading[found.currency])
    reasons.append(
        f"column {letters(found.booked)} is column {letters(found.original)} in one currency, row by row, so it is the "
        "booked amount"
    )
    return found.code


def _currencies(header: Header, facts: Sequence[ColumnFacts], base: str) -> list[int]:
    """The columns of currency codes and nothing else, but for those of a fee or tax."""
    return [
        column
        for column, fact in enumerate(facts)
        if fact.texts
        and not {"fee", "fees", "tax"} & set(heading_words(header.headings[column]))
        and sum(fact.texts.values()) == fact.filled
        and all(currency_of_text(text, base) for text in fact.texts)
    ]


def _amounts(header: Header, facts: Sequence[ColumnFacts]) -> list[int]:
    """The columns headed as an amount that hold amounts."""
    return [
        column
        for column, match in enumerate(header.matches)
        if max((match.get(name, 0.0) for name in _MONEY), default=0.0) >= 0.45
        and facts[column].numeric_share() >= 0.8
    ]


def _by_currencies(grid: Grid, header: Header, facts: Sequence[ColumnFacts], base: str) -> Converted | None:
    codes = _currencies(header, facts, base)
    steady = [column for column in codes if len(facts[column].texts) == 1]
    varied = [column for column in codes if len(facts[column].texts) > 1]
    if len(steady) != 1 or len(varied) != 1:
        return None
    own, other = steady[0], varied[0]
    amounts = _amounts(header, facts)
    pairs = [
        (one, two)
        for place, one in enumerate(amounts)
        for two in amounts[place + 1 :]
        if _same_where_same(grid, header, (one, two), (own, other), base)
    ]
    if len(pairs) != 1:
        return None
    booked = _whose(header, pairs[0], own, other)
    if booked is None:
        return None
    original = pairs[0][0] if booked == pairs[0][1] else pairs[0][1]
    return Converted(booked, original, other, own)


def _same_where_same(
    grid: Grid, header: Header, amounts: tuple[int, int], codes: tuple[int, int], base: str
) -> bool:
    """Whether two amounts agree in every row whose two currencies do, and in none whose currencies differ."""
    same = differ = 0
    for row in grid.rows[header.first_index : header.first_index + _ROWS]:
        one, two = (_number(row, column) for column in amounts)
        left, right = (_code(row, column, base) for column in codes)
        if not one or not two or left is None or right is None:
            continue
        if (left == right) != (abs(one - two) < 0.006):
            return False
        same += left == right
        differ += left != right
    return same >= 1 and differ >= 2


def _whose(header: Header, pair: tuple[int, int], own: int, other: int) -> int | None:
    """Of two amounts the one of the steady currency: by the words it shares with its heading, else by its place."""
    said = {column: _words(header, column) for column in (*pair, own, other)}
    for name, booked in ((other, False), (own, True)):
        sharing = [column for column in pair if said[name] & said[column]]
        if len(sharing) == 1:
            rest = pair[0] if sharing[0] == pair[1] else pair[1]
            return sharing[0] if booked else rest
    away = [abs(column - own) - abs(column - other) for column in pair]
    if away[0] == away[1]:
        return None
    return pair[0] if away[0] < away[1] else pair[1]


def _by_rate(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: Mapping[str, Pick], base: str
) -> Converted | None:
    currency, chosen = picks.get("currency"), picks["amount"]
    if (
        currency is None
        or len(_currencies(header, facts, base)) != 1
        or len(facts[currency.column].texts) < 2
    ):
        return None
    amounts = [column for column in _amounts(header, facts) if column != chosen.column]
    rates = [
        column
        for column, match in enumerate(header.matches)
        if match.get("_rate", 0.0) >= 0.5 and facts[column].numeric_share() >= 0.8
    ]
    found = [
        (booked, codes)
        for booked in amounts
        for rate in rates
        if (codes := _converts(grid, header, (chosen.column, rate, booked), currency.column, base))
        is not None
    ]
    if len(found) != 1:
        return None
    booked, codes = found[0]
    return Converted(
        booked, chosen.column, currency.column, code=next(iter(codes)) if len(codes) == 1 else None
    )


def _converts(
    grid: Grid, header: Header, columns: tuple[int, int, int], currency: int, base: str
) -> set[str] | None:
    """The currencies of lines whose rate is 1, where amount times rate (or by it) is the other amount; else None."""
    rows = times = parts = changed = 0
    ones: set[str] = set()
    others: set[str] = set()
    for row in grid.rows[header.first_index : header.first_index + _ROWS]:
        amount, rate, other = (_number(row, column) for column in columns)
        code = _code(row, currency, base)
        if not amount or not rate or not other or code is None:
            continue
        rows += 1
        slack = 0.011 + abs(other) * 0.002  # rates are printed with few places
        times += abs(amount * rate - other) <= slack
        parts += abs(amount / rate - other) <= slack
        changed += rate != 1
        (ones if rate == 1 and abs(amount - other) < 0.006 else others).add(code)
    if rows < 5 or changed < 2 or max(times, parts) < rows or ones & others:
        return None
    return ones


def _number(row: Sequence[object], column: int) -> float | None:
    return plain_number(row[column]) if column < len(row) else None  # type: ignore[arg-type]  # cells of a grid


def _code(row: Sequence[object], column: int, base: str) -> str | None:
    value = row[column] if column < len(row) else None
    return currency_of_text(fold(value), base) if isinstance(value, str) else None


def _words(header: Header, column: int) -> frozenset[str]:
    return frozenset(heading_words(header.headings[column])) - _PLAIN
