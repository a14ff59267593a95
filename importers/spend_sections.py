"""What one row says for the rows below it: a currency, that they are credits, the date that is named only once."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise

from importers import codes
from importers.amounts import amount_text
from importers.currencies import currency_of_text
from importers.dates import date_readings, day_and_month, month_name, month_value
from importers.grid import Cell, Grid, address, key
from importers.spend_columns import WORDS, plain_number
from importers.table import best_field, headings_of, plain_text_row, span
from importers.texts import fold
from importers.total_words import Says, company, says_total
from mopsaudit.intake.contract import Choice, Layout, Question, SheetDecision
from mopsaudit.problems import Problem

_CURRENCY = re.compile(
    r"(?:(?:currency|ccy|währung|devise|moneda|valuta|divisa|munteenheid|waluta)\s*(?:code)?\s*[:=-]?\s*)?"
    r"(?P<code>[A-Z]{3}|[£€])(?:\s+(?:invoices|payments|transactions|lines|spend|ledger|account))?\s*:?",
    re.IGNORECASE,
)
_CREDITS = re.compile(
    r"(?:less:?\s+)?(?:supplier |purchase |vendor )?(?:credits?|credit (?:notes?|memos?)|refunds?|gutschriften|avoirs|"
    r"notas de (?:crédito|abono)|note di credito|credit ?nota'?s|kredit ?notor|kreditnotaer)"
    r"(?:\s+(?:received|issued|applied|from suppliers|from vendors|and refunds|taken))*\s*:?",
    re.IGNORECASE,
)
#: Rows a column of a large sheet is judged by.
_ROWS = 4000


def currency_sections(grid: Grid, decision: SheetDecision, base: str) -> tuple[tuple[int, str], ...]:
    """Row number and currency of each line that heads the lines below it by a currency (``Currency: EUR``) and no more.

    One of them heads nothing but the sheet; two or more differ, and each holds until the next.
    """
    if decision.column("currency") is not None or decision.layout is not Layout.FLAT:
        return ()
    found: list[tuple[int, str]] = []
    start = grid.position(decision.first_row)
    for number, row in zip(grid.numbers[start:], grid.rows[start:], strict=True):
        if len(row) > 3 and any(value is not None for value in row[3:]):
            continue
        filled = [value for value in row if value is not None]
        texts = [value for value in filled if isinstance(value, str)]
        text = fold(" ".join(texts))
        if not 1 <= len(filled) <= 2 or len(texts) < len(filled) or len(text) > 40:
            continue
        match = _CURRENCY.fullmatch(text)
        code = currency_of_text(match["code"], base) if match else None
        if code is not None:
            found.append((number, code))
    return tuple(found) if len({code for _, code in found}) > 1 else ()


def credit_sections(grid: Grid, decision: SheetDecision) -> list[range]:
    """Row indexes of the runs of lines headed *credit notes*, whose amounts carry no minus; with the sum below each."""
    amount = decision.column("amount")
    if amount is None or decision.layout is not Layout.FLAT:
        return []
    column = span(amount)[0]
    found: list[range] = []
    first: int | None = None
    rows = grid.rows
    for index in range(grid.position(decision.first_row), len(rows)):
        row = rows[index]
        if column < len(row) and row[column] is not None:
            if first is not None and _is_sum(row):
                found.append(range(first, index + 1))
                first = None
        else:
            texts = [cell for cell in row if isinstance(cell, str)]
            if first is not None and len(texts) == 1:
                found.append(range(first, index))
                first = None
            if (
                len(texts) == 1
                and sum(cell is not None for cell in row) == 1
                and _CREDITS.fullmatch(fold(texts[0]))
            ):
                first = index + 1
    if first is not None:
        found.append(range(first, len(rows)))
    return [each for each in found if _written_plus(rows, column, each)]


def rows_of_credits(grid: Grid, decision: SheetDecision) -> frozenset[int]:
    """Indexes of the rows whose amounts are turned into credits, as the decision says."""
    if not dict(decision.extra).get("credit_sections"):
        return frozenset()
    return frozenset(index for each in credit_sections(grid, decision) for index in each)


def sections_told(grid: Grid, decision: SheetDecision, rows: frozenset[int], column: int) -> list[Problem]:
    """That amounts under a heading of credits were subtracted, that another table stands below; empty for neither."""
    return [*_credits_told(grid, rows, column), *_other_headers(grid, decision)]


def _credits_told(grid: Grid, rows: frozenset[int], column: int) -> list[Problem]:
    if not rows:
        return []
    first = grid.numbers[min(rows)]
    told = f"The amounts from row {first} on stand under a heading of credits and were subtracted."
    return [codes.problem(codes.CREDIT_SECTION, told, sheet=grid.name, cell=address(first, column))]


def _is_sum(row: Sequence[Cell]) -> bool:
    """Whether a row's words say that it is a sum, by the word alone where hardly anything else stands in it."""
    claim = max((says_total(cell) for cell in row if isinstance(cell, str)), default=Says.NOTHING)
    few = sum(cell is not None for cell in row) <= 2
    return claim >= Says.OUTRIGHT or (claim >= Says.LOOSELY and few)


def _written_plus(rows: Sequence[Sequence[Cell]], column: int, within: range) -> bool:
    numbers = [
        number
        for index in within
        if column < len(rows[index]) and (number := plain_number(rows[index][column])) is not None
    ]
    return bool(numbers) and min(numbers) > 0


def decide_credit_sections(
    grid: Grid, decision: SheetDecision, answers: dict[str, str]
) -> tuple[bool, Question | None]:
    """Whether amounts headed *credit notes* lower the spend: by the sheet's own sums, by an answer, else asked."""
    sections = credit_sections(grid, decision)
    amount = decision.column("amount")
    if not sections or amount is None:
        return False, None
    column = span(amount)[0]
    inside = {index for each in sections for index in each}
    credits_ = others = 0.0
    sums: list[float] = []
    for index in range(grid.position(decision.first_row), len(grid.rows)):
        row = grid.rows[index]
        number = plain_number(row[column]) if column < len(row) else None
        if number is None:
            continue
        if _is_sum(row):
            sums.append(number)
        elif index in inside:
            credits_ += number
        elif sum(cell is not None for cell in row) <= 2:
            sums.append(number)  # one word beside an amount: perhaps the net of both
        else:
            others += number
    if any(abs(others - credits_ - number) < 0.01 for number in sums):
        return True, None
    if any(abs(others + credits_ - number) < 0.01 for number in sums):
        return False, None
    question_key = key(grid.name, None, "credits")
    answer = answers.get(question_key)
    if answer in ("subtract", "as_written"):
        return answer == "subtract", None
    index = sections[0].start
    heading = next(str(cell) for cell in grid.rows[index - 1] if cell is not None)
    return False, Question(
        key=question_key,
        sheet=grid.name,
        asks=f"The amounts below “{fold(heading)[:60]}” in row {grid.numbers[index - 1]} carry no minus. "
        "Do they lower the spend?",
        choices=(
            Choice(value="subtract", reads=f"yes: the {credits_:,.2f} below it are subtracted"),
            Choice(
                value="as_written", reads=f"no: the {credits_:,.2f} below it are costs as they are written"
            ),
        ),
    )


def carry_down(grid: Grid, decision: SheetDecision) -> list[Problem]:
    """Give lines the date or period that is named only in the first line of a run, and say so.

    Only where the column is laid out so: a quarter of its lines at least have none, the first one has, no two that
    follow each other are the same, and they stand in order. Elsewhere a missing date is a missing date.
    """
    if decision.layout is not Layout.FLAT:
        return []
    name = "date" if decision.column("date") is not None else "period"
    choice, supplier = decision.column(name), decision.column("supplier")
    money = [
        each for each in (decision.column(one) for one in ("amount", "debit", "credit")) if each is not None
    ]
    if choice is None or supplier is None or not money:
        return []
    column, named = span(choice)[0], span(supplier)[0]
    amounts = [span(each)[0] for each in money]
    start = grid.position(decision.first_row)
    stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
    within = range(start, stop)
    if column in amounts:
        return []
    rows = _with_amount(zip(within, grid.rows[start:stop], strict=True), named, amounts)
    if _too_few_undated(rows, column):
        return []
    lines = _lines(rows, column, named, amounts)
    if not _named_once([grid.rows[index] for index in lines[:_ROWS]], column):
        return []
    last: Cell = None
    carried: list[int] = []
    for index in lines:
        row = grid.rows[index]
        while len(row) <= column:
            row.append(None)
        if row[column] is None:
            row[column] = last
            carried.append(grid.numbers[index])
        else:
            last = row[column]
    return [
        codes.problem(
            codes.DATE_CARRIED,
            f"{len(carried):,} lines name no {name} of their own and took the one above them, as the sheet names each "
            f"only once; the first is row {carried[0]}.",
            sheet=grid.name,
            cell=address(carried[0], column),
        )
    ]


def _with_amount(
    rows: Iterable[tuple[int, list[Cell]]], named: int, amounts: Sequence[int]
) -> list[tuple[int, list[Cell]]]:
    """The rows, beside their indexes, that have an amount and a name."""
    if len(amounts) == 1:
        (column,) = amounts
        most = max(named, column)
        return [
            (index, row)
            for index, row in rows
            if len(row) > most and row[column] is not None and isinstance(row[named], str)
        ]
    return [
        (index, row)
        for index, row in rows
        if len(row) > named
        and isinstance(row[named], str)
        and any(column < len(row) and row[column] is not None for column in amounts)
    ]


def _too_few_undated(rows: Sequence[tuple[int, Sequence[Cell]]], column: int) -> bool:
    """Whether so few rows have no date that :func:`_named_once` is false of any lines among them: every dated row is a
    line.
    """
    dated = sum(column < len(row) and row[column] is not None for _, row in rows)
    return len(rows) - dated < max(2, min(_ROWS, dated) / 4)


def _filled(row: Sequence[Cell]) -> int:
    return sum(value is not None for value in row)


def _lines(
    rows: Sequence[tuple[int, Sequence[Cell]]], column: int, named: int, amounts: Sequence[int]
) -> list[int]:
    """Indexes of the dated rows, and of those that fill as many cells but for the date and are no sum of rows above."""
    cells = min((_filled(row) for _, row in rows if column < len(row) and row[column] is not None), default=0)
    found: list[int] = []
    block = everything = 0.0
    for index, row in rows:
        amount = sum(plain_number(row[each]) or 0.0 for each in amounts if each < len(row))
        if column >= len(row) or row[column] is None:
            name = str(row[named])
            claims = says_total(name) > Says.NOTHING and not company(name)
            if (
                claims
                or _filled(row) < max(cells - 1, 2)
                or min(abs(amount - block), abs(amount - everything)) < 0.006
            ):
                block = 0.0
                continue
        found.append(index)
        block += amount
        everything += amount
    return found


def _named_once(lines: Sequence[Sequence[Cell]], column: int) -> bool:
    """Whether a column names each date or period once, in order, above the lines it is of."""
    values = [row[column] if column < len(row) else None for row in lines]
    filled = [value for value in values if value is not None]
    if len(lines) < 4 or len(filled) < 2 or values[0] is None:
        return False
    if len(lines) - len(filled) < max(2, len(lines) / 4):
        return False
    places = [_place(value) for value in filled]
    known = [place for place in places if place is not None]
    if len(known) < len(places):
        return False
    pairs = list(pairwise(known))
    return all(one < two for one, two in pairs) or all(one > two for one, two in pairs)


def _place(value: Cell) -> int | None:
    """Where a date or month stands in time, as far as its order tells; None for what is neither."""
    if isinstance(value, datetime | date):
        return value.toordinal()
    if not isinstance(value, str) or (amount_text(value) is not None and not date_readings(value)):
        return None
    month = month_value(value)
    if month is not None:
        return month.toordinal()
    readings = date_readings(value)
    if readings:
        day = readings.get("dmy") or next(iter(readings.values()))
        return day.toordinal()
    said = day_and_month(value)
    if said is not None:
        return said[1] * 31 + said[0]
    return month_name(value)


def _other_headers(grid: Grid, decision: SheetDecision) -> list[Problem]:
    """Rows among the lines that head a table with columns in other places: what stands below was read by the first.

    One that only repeats the header, as every page may, is none.
    """
    named = {choice.field: span(choice)[0] for choice in decision.columns}
    money = named.get("amount", named.get("debit"))
    if money is None or not decision.header_rows or decision.layout is not Layout.FLAT:
        return []
    found = []
    start = grid.position(decision.first_row)
    for number, row in zip(grid.numbers[start:], grid.rows[start:], strict=True):
        value = row[money] if money < len(row) else None
        if type(value) is not str or any(map(str.isdigit, value)) or not plain_text_row(row):
            continue
        fields = {
            column: best_field(WORDS.fields(fold(cell)))
            for column, cell in enumerate(row)
            if isinstance(cell, str)
        }
        told = {field: column for column, (field, score) in fields.items() if score >= 0.85}
        if len(told) < 3 or not {"date", "supplier"} & set(told):
            continue
        headed = headings_of(grid, decision)
        place = money
        if fold(value).casefold() == headed[money].casefold():
            moved = _moved(row, headed, sorted(set(named.values())))
            if moved is None:
                continue
            place, value = moved, str(row[moved])
        found.append(
            codes.problem(
                codes.OTHER_HEADER,
                f"Row {number} heads another table: “{fold(value)}” stands where “{headed[place]}” stood. "
                f"Its lines were read by the headings of row {decision.header_rows[-1]}.",
                sheet=grid.name,
                cell=address(number, place),
            )
        )
    return found


def _moved(row: Sequence[Cell], headed: Sequence[str], columns: Sequence[int]) -> int | None:
    """The first of the columns under which a repeated header has the heading of another one; None where none moved."""
    places = {heading.casefold(): column for column, heading in enumerate(headed) if heading}
    for column in columns:
        value = row[column] if column < len(row) else None
        if isinstance(value, str) and headed[column] and headed.count(headed[column]) == 1:
            heading = fold(value).casefold()
            if heading != headed[column].casefold() and places.get(heading, column) != column:
                return column
    return None
