"""How much a sheet read in a certain way looks like spend."""

import re

from importers.grid import Grid
from importers.spend_columns import Pick, plain_number
from importers.table import Header, best_field

_PIVOT = re.compile(
    r"row labels|sum of |count of |column labels|zeilenbeschriftungen|summe von ", re.IGNORECASE
)


def quality_of(
    grid: Grid,
    header: Header,
    picks: dict[str, Pick],
    *,
    crosstab: bool,
) -> float:
    """How much a sheet read so looks like spend (0–1): an amount first, then a supplier, a date, a description."""
    if crosstab:
        money = 0.95
    else:
        sides = [picks[name].score for name in ("debit", "credit") if name in picks]
        money = max(
            [picks[name].score for name in ("amount", "net", "gross") if name in picks]
            + ([min(sides)] if len(sides) == 2 else [score * 0.7 for score in sides]),
            default=0.0,
        )
    if money <= 0:
        return 0.0
    supplier = picks["supplier"].score if "supplier" in picks else 0.0
    dated = picks["date"].score if "date" in picks else 0.6 if crosstab or "period" in picks else 0.0
    described = 1.0 if "description" in picks or "reference" in picks else 0.0
    if not supplier and not dated and not described:
        return 0.0
    score = 0.5 * money + 0.27 * supplier + 0.18 * dated + 0.05 * described
    if not header.rows:
        score *= 0.8
    rest = sum(
        0.01 * pick.score
        for name, pick in picks.items()
        if name not in ("amount", "supplier", "date", "description")
    )
    if any(_PIVOT.search(heading) for heading in header.headings):
        score *= 0.6
    score = min(1.0, score + min(rest, 0.06))
    # Sums of accounts are asked about before they are read.
    return min(score, 0.44) if not crosstab and trial_balance(grid, header, picks) else score


def trial_balance(grid: Grid, header: Header, picks: dict[str, Pick]) -> bool:
    """Whether every row's balance is its own debit less its credit, and nothing dates them: sums of accounts.

    The balance of an account's own lines is carried on from row to row.
    """
    if not {"debit", "credit"} <= set(picks) or {"date", "period"} & set(picks):
        return False
    balances = [column for column, match in enumerate(header.matches) if best_field(match)[0] == "_balance"]
    for balance in balances:
        rows = agreeing = 0
        for row in grid.rows[header.first_index : header.first_index + 500]:
            debit, credit, left = (
                plain_number(row[column]) if column < len(row) else None
                for column in (picks["debit"].column, picks["credit"].column, balance)
            )
            if left is None:
                continue
            rows += 1
            agreeing += abs(abs((debit or 0.0) - (credit or 0.0)) - abs(left)) < 0.006
        if rows >= 4 and agreeing >= 0.9 * rows:
            return True
    return False
