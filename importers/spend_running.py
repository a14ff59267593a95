"""What a balance carried on from line to line proves: which columns lower it and raise it, and that it is no amount.

Headings in words nobody listed leave the sides of a statement unknown; its own arithmetic does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from importers.amounts import amount_text, amount_value
from importers.grid import Cell, Grid, letters
from importers.spend_columns import Pick, plain_number
from importers.table import ColumnFacts, Header, best_field

#: Rows a balance is looked for in, and steps from line to line that must agree before it is believed.
_ROWS, _STEPS = 500, 3
#: More columns of numbers than any statement has are not tried against one another.
_MOST = 9


@dataclass(frozen=True, slots=True)
class Running:
    """A balance, the column of what lowers it and that of what raises it; every line stands in one of the two."""

    balance: int
    lowering: int
    raising: int


def _numeric(header: Header, facts: Sequence[ColumnFacts]) -> list[int]:
    return [
        column
        for column, fact in enumerate(facts)
        if fact.filled and fact.numeric_share() >= 0.8 and column not in header.months
    ]


def _figures(rows: Sequence[Sequence[Cell]], columns: Sequence[int], mark: str) -> list[dict[int, float]]:
    """The numbers of each row by column, read with this decimal mark; what is no number is left out."""
    found: list[dict[int, float]] = []
    for row in rows:
        figures: dict[int, float] = {}
        for column in columns:
            value = row[column] if column < len(row) else None
            parts = amount_text(value) if isinstance(value, str) else None
            number = None
            if parts is not None:
                amount = amount_value(parts, mark)
                number = None if amount is None else float(amount)
            elif not isinstance(value, str):
                number = plain_number(value)
            if number is not None:
                figures[column] = number
        found.append(figures)
    return found


def _steps(figures: Sequence[Mapping[int, float]], balance: int, moves: Sequence[float]) -> bool:
    """Whether the balance moves by what each line moves it, read from the top or from the bottom."""
    lines = list(zip(figures, moves, strict=True))
    down = sum(abs(two[0][balance] - one[0][balance] - two[1]) < 0.006 for one, two in pairwise(lines))
    up = sum(abs(one[0][balance] - two[0][balance] - one[1]) < 0.006 for one, two in pairwise(lines))
    return max(down, up) >= max(_STEPS, 0.9 * (len(lines) - 1))


def running_balance(grid: Grid, header: Header, facts: Sequence[ColumnFacts]) -> Running | None:
    """The balance of a statement with the two columns that move it; None where no three columns agree so."""
    columns = _numeric(header, facts)
    if not 3 <= len(columns) <= _MOST:
        return None
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    for mark in (".", ","):
        every = _figures(rows, columns, mark)
        for lowering, raising in _exclusive(every, columns):
            for balance in reversed(columns):
                lines = [figures for figures in every if balance in figures]
                if balance in (lowering, raising) or len(lines) <= _STEPS:
                    continue
                # Some banks write what leaves an account with a minus of its own.
                moves = [
                    abs(figures.get(raising, 0.0)) - abs(figures.get(lowering, 0.0)) for figures in lines
                ]
                if _steps(lines, balance, moves):
                    return Running(balance, lowering, raising)
    return None


def _exclusive(every: Sequence[Mapping[int, float]], columns: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of columns, in either order, that are both filled and never in the same row; noughts are no figures."""
    filled = {
        column: sum(1 << place for place, figures in enumerate(every) if figures.get(column))
        for column in columns
    }
    return [
        (one, two)
        for one, two in permutations(columns, 2)
        if filled[one] and filled[two] and not filled[one] & filled[two]
    ]


def sums_up(grid: Grid, header: Header, facts: Sequence[ColumnFacts], columns: Sequence[int]) -> set[int]:
    """Those of the columns that only carry another of them on from line to line: balances, no amounts of their own."""
    found: set[int] = set()
    if len(columns) > 4 * _MOST:
        return found  # a table of hundreds of numbers is no statement, and its pairs are tens of thousands
    rows = grid.rows[header.first_index : header.first_index + _ROWS]
    for mark in (".", ","):
        every = _figures(rows, columns, mark)
        for balance, amount in permutations(columns, 2):
            lines = [figures for figures in every if balance in figures and figures.get(amount)]
            if len(lines) <= _STEPS:
                continue
            moves = [figures[amount] for figures in lines]
            if _steps(lines, balance, moves) or _steps(lines, balance, [-move for move in moves]):
                found.add(balance)
    return found


def sides_by_balance(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], reasons: list[str]
) -> bool:
    """Set debit and credit to the two columns a balance proves, where the headings name one of them at most.

    A side that its heading names stays that side, and the other column is the other. Where neither is named they are
    kept without headings, so that a person is asked which of them are costs. False where nothing was set.
    """
    if {"debit", "credit"} <= set(picks):
        return False
    amount = next((picks[name] for name in ("amount", "net", "gross") if name in picks), None)
    run = running_balance(grid, header, facts)
    if run is None:
        return False
    three = {run.balance, run.lowering, run.raising}
    if amount is not None and amount.column not in three:
        return False
    if best_field(header.matches[run.balance])[0] in ("amount", "net", "gross") and (
        amount is not None and amount.column == run.balance and amount.score >= 0.85
    ):
        return False  # a total with what it changed by beside it
    named = {name: picks[name].column for name in ("debit", "credit") if name in picks}
    if any(column not in (run.lowering, run.raising) for column in named.values()):
        return False
    for name in ("amount", "net", "gross", "debit", "credit"):
        picks.pop(name, None)
    debit, credit = run.lowering, run.raising
    if named.get("debit") == run.raising or named.get("credit") == run.lowering:
        debit, credit = credit, debit  # an account of costs: what is debited raises it
    for other in [name for name, pick in picks.items() if pick.column in three and not name.startswith("_")]:
        del picks[other]
    for name, column in (("debit", debit), ("credit", credit)):
        picks[name] = Pick(column, 0.7, header.headings[column] if named else "")
    reasons.append(
        f"each amount in column {letters(run.lowering)} lowers the balance in column {letters(run.balance)}, "
        f"each in column {letters(run.raising)} raises it"
    )
    return True
