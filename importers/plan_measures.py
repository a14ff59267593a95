"""Rows among the amounts of a plan that are no money: shares, and people counted; and rows whose own total is another.

An operating plan prints its headcount and its cost in percent of revenue below the same months. A share is told by its
number format or its name; a count by its name where the column of sums does not add it up as it adds up money, else
it is asked.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from importers.amounts import amount_text, printed_number
from importers.grid import Cell, Grid, address, column_index, key
from importers.months import MonthColumn
from importers.spend_plan import Proposal
from importers.table import headings_of, same_texts, span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Layout, Question, SheetDecision

_SHARE: Final = re.compile(
    r"(?:as )?%(?: |$).*|(?:as )?(?:percent(?:age)?|pct|share|ratio)\b.*|.*(?<![0-9])(?<![0-9] )%\)?|"
    r".*\b(?:in|as) percent\b.*",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(
    r"(?:(?:total|average|avg|opening|closing|ending|budgeted|planned|permanent|number of|no\.? of|#) ?)*"
    r"(?:headcounts?|heads|hc|ftes?|full[- ]time equivalents?|employees \(?(?:fte|hc|#)\)?|mitarbeiter(?:zahl|anzahl)|"
    r"köpfe|vollzeitäquivalente|vzä|vzk|mak|effectifs?|etp|plantilla|organico|årsverk|årsarbetare|antal anställda|"
    r"henkilöstömäärä|etaty|úvazky)\b[^0-9]*|"
    r"(?:number of|no\.? of|#) ?(?:employees|staff|people|users|seats|licen[cs]es|events|leads|sessions)",
    re.IGNORECASE,
)
#: Rows that must foot across, and the share of all that may be, for a column to be their sum.
_FEWEST: Final = 3
_SHARE_OF: Final = 60


class Measures(NamedTuple):
    """The rows (indexes) of a plan that are shares or counts, those that may be counts, and those that do not foot."""

    out: frozenset[int]
    open: frozenset[int]
    differing: Mapping[int, int]


def measures_of(proposal: Proposal, decision: SheetDecision, columns: Sequence[int]) -> Measures:
    """The rows of a plan's sheet that hold no money; ``columns`` are those of its amounts."""
    grid = proposal.grid
    choice = decision.column("amount")
    headings = headings_of(grid, decision)
    start = grid.position(decision.first_row)
    stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
    mark = (choice.decimal_mark if choice is not None else None) or "."
    rows = {
        index: amounts
        for index in range(start, stop)
        if not same_texts(row := grid.rows[index], headings)
        and any(amounts := [_number(row, column, mark) for column in columns])
    }
    unit = _unit(rows.values())
    sums = _sum_columns(grid, rows, columns, mark, unit) if len(columns) > 1 else {}
    out: set[int] = set()
    asked: set[int] = set()
    differing: dict[int, int] = {}
    for index, amounts in rows.items():
        wrong = next(
            (
                column
                for column, parts in sums.items()
                if (told := _number(grid.rows[index], column, mark)) is not None
                and not _adds_up(
                    told, [amount for amount, own in zip(amounts, columns, strict=True) if own in parts], unit
                )
            ),
            None,
        )
        label = _label(grid.rows[index], set(columns))
        share = _SHARE.fullmatch(label) is not None and (wrong is not None or not sums)
        most = max(abs(amount) for amount in amounts if amount is not None)
        if _in_percent(grid, index, columns) or (share and (wrong is not None or most <= 1)):
            out.add(index)
        elif share and "%" in label and most <= 100:
            asked.add(index)
        elif _COUNT.fullmatch(label) and not (sums and wrong is None):
            (out if wrong is not None else asked).add(index)
        elif wrong is not None:
            differing[index] = wrong
    return Measures(frozenset(out), frozenset(asked), differing)


def _label(row: Sequence[Cell], amounts: set[int]) -> str:
    """What a row is called: the text that says it is a count or a share, else its first."""
    texts = [
        text.rstrip(":").strip()
        for column, value in enumerate(row)
        if column not in amounts
        and isinstance(value, str)
        and (text := fold(value))
        and amount_text(text) is None
    ]
    told = (text for text in texts if _COUNT.fullmatch(text) or _SHARE.fullmatch(text))
    return next(told, texts[0] if texts else "")


def _number(row: Sequence[Cell], column: int, mark: str) -> Decimal | None:
    value = row[column] if column < len(row) else None
    return None if value is None or isinstance(value, bool) else printed_number(value, mark)


def _in_percent(grid: Grid, index: int, columns: Sequence[int]) -> bool:
    """Whether every amount of a row is formatted, or written, as a percentage."""
    row = grid.rows[index]
    filled = [column for column in columns if column < len(row) and row[column] is not None]
    return bool(filled) and all(
        "%" in grid.format_at(grid.numbers[index], column)
        or (isinstance(value := row[column], str) and value.strip().endswith("%"))
        for column in filled
    )


def _sum_columns(
    grid: Grid,
    rows: Mapping[int, Sequence[Decimal | None]],
    columns: Sequence[int],
    mark: str,
    unit: Decimal,
) -> dict[int, frozenset[int]]:
    """Column → the columns of amounts it adds up, of those that are the sum of others in most rows."""
    found: dict[int, frozenset[int]] = {}
    width = max((len(grid.rows[index]) for index in rows), default=0)
    places = list(columns)
    for column in range(width):
        if column in places:
            continue
        left = [place for place in places if place < column]
        back = [place for place in range(min(places), column) if place not in places]
        since = [place for place in left if not back or place > back[-1]]
        for parts in (since, left, places):
            agreed = different = 0
            for index, amounts in rows.items():
                told = _number(grid.rows[index], column, mark)
                if told is None:
                    continue
                own = [amount for amount, place in zip(amounts, places, strict=True) if place in parts]
                if _adds_up(told, own, unit):
                    agreed += sum(bool(amount) for amount in own) > 1
                else:
                    different += 1
            if len(parts) > 1 and agreed >= _FEWEST and agreed * 100 >= (agreed + different) * _SHARE_OF:
                found[column] = frozenset(parts)
                break
    return found


def _unit(rows: Iterable[Sequence[Decimal | None]]) -> Decimal:
    """What the amounts of a sheet are rounded to: a hundredth, a tenth or a whole one."""
    places = (
        -int(amount.normalize().as_tuple().exponent) for amounts in rows for amount in amounts if amount
    )
    return Decimal(1).scaleb(-min(max(max(places, default=0), 0), 2))


def _adds_up(told: Decimal, amounts: Sequence[Decimal | None], unit: Decimal) -> bool:
    """Whether amounts come to what is told, each rounded to a unit."""
    known = [amount for amount in amounts if amount is not None]
    return abs(sum(known, Decimal(0)) - told) <= unit * (len(known) + 1) / 2


def decide_measures(proposal: Proposal, decision: SheetDecision, answers: Mapping[str, str]) -> SheetDecision:
    """What becomes of rows that may count people (``counts``: *leave* or *keep*), by an answer; asked where some do."""
    choice = decision.column("amount")
    if "counts" in dict(decision.extra) or choice is None:
        return decision
    first, last = span(choice)
    dated = proposal.header.months if proposal.header is not None else {}
    kept: Mapping[str, str] = dict(decision.extra).get("months", {})
    columns = [column for column in range(first, last + 1) if not dated or column in dated]
    if kept:
        columns = sorted(map(column_index, kept))
    found = measures_of(proposal, decision, columns)
    if not found.open:
        return decision
    question = key(proposal.grid.name, None, "counts")
    answer = answers.get(question)
    if answer in ("leave", "keep"):
        return replace(decision, extra=tuple(sorted({**dict(decision.extra), "counts": answer}.items())))
    first = min(found.open)
    label = _label(proposal.grid.rows[first], set(columns))
    count = len(found.open)
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            asks=f"Row {proposal.grid.numbers[first]} is “{label[:60]}”"
            f"{f', and {count - 1} more like it' if count > 1 else ''}. Is it money?",
            choices=(
                Choice(value="leave", reads="no, a count or a share: left out of the plan"),
                Choice(value="keep", reads="yes: an amount of the plan"),
            ),
        )
    )
    return decision


def left_out_measures(
    proposal: Proposal, decision: SheetDecision, months: Sequence[MonthColumn]
) -> tuple[frozenset[int], list[tuple[str, str]]]:
    """The rows (indexes) left out as no money, and what to tell of rows whose own total differs: sentence and cell."""
    choice = decision.column("amount")
    if choice is None:
        return frozenset(), []
    first, last = span(choice)
    columns = [month.column for month in months] if months else list(range(first, last + 1))
    if decision.layout is not Layout.CROSSTAB:
        columns = [first]
    found = measures_of(proposal, decision, columns)
    numbers = proposal.grid.numbers
    told = [
        (
            f"Row {numbers[index]} does not come to what {address(numbers[index], column)} says, as other rows do.",
            address(numbers[index], column),
        )
        for index, column in found.differing.items()
    ]
    out = found.out | (found.open if dict(decision.extra).get("counts") == "leave" else frozenset())
    return out, told


def tell_left_out(grid: Grid, rows: frozenset[int], column: int) -> tuple[str, str]:
    """The sentence about rows left out as no money, and the cell of the first."""
    first = min(rows)
    label = _label(grid.rows[first], set())
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    what = f"{'are' if more else 'is'} no money (a share or a count): left out."
    cell = address(grid.numbers[first], column)
    return f"Row {grid.numbers[first]} “{label[:60]}”{more} {what}", cell
