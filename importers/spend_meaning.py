"""What amounts and periods of a spend sheet mean: thousands, credit notes without a minus, a fiscal year's start."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from importers import codes
from importers.currencies import written_units
from importers.dates import month_value
from importers.fiscal import bare_period, fiscal_period, placed, year_of
from importers.grid import Cell, Grid, address, column_index, key, letters
from importers.not_spend import credit_kind, money_back
from importers.scales import SCALES, in_hundredths, scaled_text
from importers.spend_columns import plain_number
from importers.spend_plan import Proposal
from importers.spend_sections import decide_credit_sections
from importers.spend_sides import CREDIT_SIDES, sign_column, word_of
from importers.table import span
from importers.texts import fold
from importers.total_words import Says, says_total
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, ColumnChoice, Question, ReadOptions, SheetDecision

#: The scale of amounts counted in cents or pence, as decisions and answers keep it.
HUNDREDTH = "0.01"


def column_values(grid: Grid, start: int, choice: ColumnChoice) -> Iterable[Cell]:
    """Every filled cell a choice reads, from a row on."""
    first, last = span(choice)
    if first == last:
        return [row[first] for row in grid.rows[start:] if len(row) > first and row[first] is not None]
    return (value for row in grid.rows[start:] for value in row[first : last + 1] if value is not None)


def lines_alone(grid: Grid, start: int, columns: Sequence[ColumnChoice]) -> Iterable[list[Cell]]:
    """The rows from one on that are no sums or balances as far as their words and their missing dates tell."""
    money = [span(choice)[0] for choice in columns if choice.field in ("amount", "debit", "credit")]
    rows = [
        row for row in grid.rows[start:] if any(each < len(row) and row[each] is not None for each in money)
    ]
    day = next((span(choice)[0] for choice in columns if choice.field == "date"), None)
    if day is not None:
        dated = [row for row in rows if day < len(row) and row[day] is not None]
        rows = dated if len(dated) * 2 >= len(rows) else rows
    for row in rows:
        claim = max((says_total(value) for value in row if isinstance(value, str)), default=Says.NOTHING)
        if claim < (Says.OUTRIGHT if day is None else Says.BALANCE):
            yield row


_ASKS_OF_TITLE = (
    "A line above the table speaks of thousands or millions, yet most amounts show cents. "
    "What are the amounts in?"
)
_ASKS_OF_FORMAT = (
    "The number format writes thousands or millions behind the amounts, which the cells themselves do not hold. "
    "What are the amounts in?"
)


def _units_of_formats(proposal: Proposal, money: Sequence[ColumnChoice], start: int) -> int | None:
    """The unit that the number formats write behind all amounts, to be asked about; told where only some show one."""
    grid = proposal.grid
    shown: list[tuple[int, str]] = []
    plain = 0
    for choice in money:
        first, last = span(choice)
        for column in range(first, last + 1):
            if not any(written_units(code) != 1 for _, code in grid.formats.get(column, ())):
                plain += 1
                continue
            for number, row in zip(grid.numbers[start:], grid.rows[start:], strict=True):
                if column < len(row) and plain_number(row[column]):
                    unit = written_units(grid.format_at(number, column))
                    if unit == 1:
                        plain += 1
                    else:
                        shown.append((unit, address(number, column)))
    if not shown:
        return None
    if not plain and len({unit for unit, _ in shown}) == 1:
        return shown[0][0]
    if all(told[0] is not codes.UNITS_OF_FORMAT for told in grid.told):
        cells = (
            f"The cell {shown[0][1]} shows"
            if len(shown) == 1
            else f"{len(shown):,} cells from {shown[0][1]} on show"
        )
        grid.told.append(
            (
                codes.UNITS_OF_FORMAT,
                f"{cells} thousands or millions that the number format writes, not the value: read as it is held.",
                shown[0][1],
            )
        )
    return None


def _with_extra(decision: SheetDecision, name: str, value: object) -> SheetDecision:
    return replace(decision, extra=tuple(sorted({**dict(decision.extra), name: value}.items())))


def decide_scale(proposal: Proposal, start: int, answers: dict[str, str]) -> None:
    """Thousands or millions, where a heading or title says so; asked where the cells look like whole amounts."""
    grid, decision = proposal.grid, proposal.decision
    if "scale" in dict(decision.extra):
        return
    money = [choice for choice in decision.columns if choice.field in ("amount", "debit", "credit")]
    headed = next((found for choice in money if (found := scaled_text(choice.header))), None)
    titled = None
    for index in range(min(start, 15)):
        for value in grid.rows[index]:
            if isinstance(value, str) and len(value) < 120 and titled is None:
                titled = scaled_text(value)
    scale: int | str | None = headed or titled
    hundredths = money and all(in_hundredths(choice.header) for choice in money) and headed is None
    if scale is None and not hundredths:
        scale = _units_of_formats(proposal, money, start)
    if (scale is None and not hundredths) or not money:
        return
    numbers = [
        number
        for choice in money
        for value in column_values(grid, start, choice)
        if (number := plain_number(value)) is not None and number
    ]
    cents = sum(round(number * 100) == number * 100 and number != int(number) for number in numbers[:2000])
    column = span(money[0])[0]
    question_key = key(grid.name, column, "scale")
    answer = answers.get(question_key)
    if answer in ("1", *map(str, SCALES)):
        scale = int(answer)
    elif answer == HUNDREDTH:
        scale = HUNDREDTH
    elif hundredths:
        scale = _hundredths(proposal, numbers, column)
    elif (
        isinstance(scale, int)
        and headed is None
        and numbers
        and (titled is None or cents > 0.5 * len(numbers[:2000]))
    ):
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                column=letters(column),
                asks=_ASKS_OF_TITLE if titled is not None else _ASKS_OF_FORMAT,
                choices=(
                    Choice(
                        value=str(scale),
                        reads=f"units of {scale:,}: {numbers[0]:g} is {numbers[0] * scale:,.0f}",
                    ),
                    Choice(value="1", reads=f"whole units: {numbers[0]:g} is {numbers[0]:g}"),
                ),
            )
        )
    if scale != 1:
        proposal.decision = _with_extra(decision, "scale", scale)


def _hundredths(proposal: Proposal, numbers: list[float], column: int) -> int | str:
    """A hundredth where whole numbers stand under a heading of cents or pence; asked where some show fractions."""
    if all(number == int(number) for number in numbers):
        return HUNDREDTH
    shown = next(number for number in numbers if number != int(number))
    proposal.questions.append(
        Question(
            key=key(proposal.grid.name, column, "scale"),
            sheet=proposal.grid.name,
            column=letters(column),
            asks="The heading speaks of cents or pence, yet some amounts show a fraction. What are the amounts in?",
            choices=(
                Choice(value="1", reads=f"whole units: {shown:g} is {shown:,.2f}"),
                Choice(value=HUNDREDTH, reads=f"cents or pence: {shown:g} is {shown / 100:,.4f}"),
            ),
        )
    )
    return 1


def decide_credits(proposal: Proposal, start: int, answers: dict[str, str]) -> None:
    """Credit notes listed without a minus: whether they lower the spend is asked, for nothing in the file says so."""
    grid, decision = proposal.grid, proposal.decision
    extra = dict(decision.extra)
    if "credit_sections" not in extra and decision.sign == 1:
        subtract, question = decide_credit_sections(grid, decision, answers)
        if question is not None:
            proposal.questions.append(question)
        elif subtract:
            decision = proposal.decision = _with_extra(decision, "credit_sections", value=True)
    amount, kind = decision.column("amount"), extra.get("credit_kind") or _spoken_of(grid, decision, start)
    if amount is None or "credit_column" in extra or "indicator" in extra:
        return
    said = "credit_column"
    if kind is None and decision.sign == 1 and span(amount)[0] == span(amount)[1]:
        signs = sign_column(grid, start, {span(choice)[0] for choice in decision.columns})
        if signs is not None:
            kind, said = letters(signs), "indicator"
    if kind is None:
        return
    column, place = span(amount)[0], column_index(kind)
    notes: list[float] = []
    others: list[float] = []
    for row in grid.rows[start:]:
        text = row[place] if place < len(row) else None
        number = plain_number(row[column]) if column < len(row) else None
        if isinstance(text, str) and number:
            back = (
                word_of(text) in CREDIT_SIDES
                if said == "indicator"
                else credit_kind(text) or money_back(text)
            )
            (notes if back else others).append(number)
    if not notes or min(notes) < 0 or sum(number > 0 for number in others) * 2 <= len(others):
        return
    question_key = key(grid.name, place, "credits")
    answer = answers.get(question_key)
    if answer == "subtract":
        proposal.decision = _with_extra(decision, said, kind)
    elif answer != "as_written":
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                column=kind,
                asks=(
                    f"Column {kind} sets a minus beside {len(notes):,} amounts, which carry none themselves. "
                    if said == "indicator"
                    else f"Column {kind} names {len(notes):,} credits, and their amounts carry no minus. "
                )
                + "Do they lower the spend?",
                choices=(
                    Choice(value="subtract", reads=f"yes: the one of {notes[0]:,.2f} is {-notes[0]:,.2f}"),
                    Choice(value="as_written", reads=f"no: {notes[0]:,.2f} stays a cost as it is written"),
                ),
            )
        )


def _spoken_of(grid: Grid, decision: SheetDecision, start: int) -> str | None:
    """The column of texts some of which speak of credits, where no amount of the sheet carries a minus; else None."""
    amount = decision.column("amount")
    if amount is None or decision.sign != 1 or span(amount)[0] != span(amount)[1]:
        return None
    for name in ("description", "supplier"):
        choice = decision.column(name)
        if choice is None or choice.header == "heading":
            continue
        texts = [value for value in column_values(grid, start, choice) if isinstance(value, str)]
        spoken = sum(money_back(text) for text in dict.fromkeys(texts))
        if spoken and not any((plain_number(value) or 0) < 0 for value in column_values(grid, start, amount)):
            return choice.letters
    return None


def decide_periods(proposal: Proposal, options: ReadOptions, start: int, answers: dict[str, str]) -> None:
    """The month a fiscal year starts with, where periods are all that dates the lines; asked when nothing tells."""
    decision = proposal.decision
    choice = decision.column("period")
    extra = dict(decision.extra)
    if choice is None or "fiscal_start" in extra:
        return
    found = []
    for value in column_values(proposal.grid, start, choice):
        if isinstance(value, str) and month_value(value) is None:
            said = fiscal_period(value)
            if said is not None:
                found.append((fold(value), said))
    bare = "year_column" in extra
    if not found and not bare:
        return
    column = span(choice)[0]
    ending = bare and bool(_year_heading(proposal, extra) & _ENDING)
    if ending:
        decision = proposal.decision = _with_extra(decision, "year_ends", value=True)
    question_key = key(proposal.grid.name, column, "fiscal_start")
    answer = answers.get(question_key, "")
    if answer.isdigit() and 1 <= int(answer) <= 12:
        proposal.decision = _with_extra(decision, "fiscal_start", int(answer))
        return
    proposal.decision = _with_extra(decision, "fiscal_start", options.fiscal_start)
    if options.fiscal_start != 1 or decision.column("date") is not None:
        return
    split = next(((text, told) for text, told in found if told[2]), None)
    months: tuple[int, ...] = (4, 7, 10, 2, 3, 5, 6, 8, 9, 11, 12)
    if split is not None:
        text, (year, number, _) = split
        asks = f"Periods such as {text} belong to a fiscal year over two calendar years. Which month is its first?"
    elif ending and (first := _first_period(proposal, choice, start, str(extra["year_column"]))):
        text, year, number = f"Period {first[1]} of {first[0]}", first[0] - 1, first[1]
        asks = "Periods are counted in years that are named by their end. Which month is the first of such a year?"
        months = (*months, 1)
    else:
        return
    proposal.questions.append(
        Question(
            key=question_key,
            sheet=proposal.grid.name,
            column=letters(column),
            asks=asks,
            choices=tuple(
                Choice(
                    value=str(month), reads=f"{text} is {placed(year + (month == 1), number, month):%B %Y}"
                )
                for month in months
            ),
        )
    )


#: Words of a heading of years that are named by the calendar year they end in.
_ENDING = frozenset(("ending", "ended", "end", "ends"))


def _year_heading(proposal: Proposal, extra: dict[str, object]) -> frozenset[str]:
    """The words over the column of years beside the periods."""
    column = column_index(str(extra["year_column"]))
    headings = proposal.header.headings if proposal.header is not None else []
    return frozenset(heading_words(headings[column])) if column < len(headings) else frozenset()


def _first_period(proposal: Proposal, choice: ColumnChoice, start: int, years: str) -> tuple[int, int] | None:
    """Year and number of the first row that names both."""
    columns = (column_index(years), span(choice)[0])
    for row in proposal.grid.rows[start:]:
        year, number = (row[column] if column < len(row) else None for column in columns)
        told = year_of(year), bare_period(number)
        if told[0] is not None and told[1] is not None:
            return told[0], told[1]
    return None
