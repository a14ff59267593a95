"""Rows of a flat ledger that hold nothing special, judged and read column by column.

Nearly every row of a large sheet is one line: a number for an amount, a date, a supplier, and no word that claims a
total or repeats a heading. What :mod:`importers.spend_rows` and :mod:`importers.spend` find out of such a row cell by
cell is found here for thousands of them at once, to the same values (a test holds both to each other); every other row,
and every row of another kind of sheet, is left to them.
"""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Final

from importers.amounts import amount_text
from importers.currencies import currency_in_format, currency_of_text
from importers.dates import date_readings, in_our_time
from importers.grid import Cell, Grid, letters
from importers.sheet_words import SheetWords
from importers.spend_amounts import AmountCells
from importers.spend_cells import OtherCells, cell_text
from importers.total_words import Says
from importers.totals import Amounted
from mopsaudit.intake.contract import Layout, SheetDecision
from mopsaudit.intake.spend_lines import SpendLines
from mopsaudit.money import exact, exacts, keeps_cents

#: Rows taken together.
AT_ONCE: Final = 2000

#: Why a line is no spend: (index, row, amount, supplier, description).
WhyNot = Callable[[int, list[Cell], Decimal, str | None, str | None], str | None]

#: The texts of a line, in the order of the fields of a :class:`SpendRow` and the one after its amounts.
TEXTS: Final = (
    *("description", "reference", "cost_centre", "unit", "gl_account", "purchase_order", "entity"),
    "invoice",
)


class PlainRows:
    """Finds and reads the plain rows of one sheet; none where the sheet's decision makes a row more than its cells."""

    def __init__(
        self,
        grid: Grid,
        decision: SheetDecision,
        base: str,
        amounts: AmountCells,
        others: OtherCells,
        words: SheetWords,
    ) -> None:
        self.grid, self.decision, self.base = grid, decision, base
        self.amounts, self.others, self.words = amounts, others, words
        self.columns = amounts.columns
        self.by_format = (
            others.currency_column is None and bool(grid.formats) and decision.currency_how == "format"
        )
        self._currencies: dict[str, str | None] = {}
        self._days: dict[str, date | None] = {}
        self._letters = letters(amounts.first)
        #: Rows, plain but for a word that claims a total, and their amounts: they are read as lines if they are none.
        self.claiming: dict[int, Decimal] = {}

    def judged(self, start: int, stop: int, core: Sequence[int], table: range) -> Iterator[Amounted]:
        """The plain rows among those from index ``start`` to ``stop``, as the finder of totals wants to know them.

        ``core`` are the columns nearly every line fills, ``table`` those of the table.
        """
        day = self.columns.get("date", -1)
        if day not in table or day == self.amounts.first:
            return
        for first in range(start, stop, AT_ONCE):
            yield from self._judged(first, min(first + AT_ONCE, stop), day, core)

    def _judged(self, start: int, stop: int, day: int, core: Sequence[int]) -> Iterator[Amounted]:
        columns = list(zip_longest(*self.grid.rows[start:stop]))
        width, size = len(columns), stop - start
        if max(day, self.amounts.first) >= width:
            return
        claims, odd = self._places(columns, self.words.claiming), self._places(columns, self.words.headings)
        empty = [columns[each].count(None) if each < width else size for each in core]
        missing: Sequence[int] = bytes(size)
        if any(empty):
            filled = [columns[each] for each in core if each < width]
            absent = len(core) - len(filled)
            missing = [absent + cells.count(None) for cells in zip(*filled, strict=True)]
            missing = missing or [absent] * size
        supplier = self.columns.get("supplier")
        names: Sequence[Any] = [""] * size if supplier is None else self._names(columns, supplier, size)
        currency = self.others.currency_column
        if currency is not None and currency < width:
            odd |= self._places([columns[currency]], self._odd_currencies(columns[currency]))
        sign = self.decision.sign * self.amounts.scale
        numbers, total = self.grid.numbers, len(core)
        nothing = Says.NOTHING
        values = columns[self.amounts.first]
        amounts = self._exact(values)
        cells = zip(values, amounts, columns[day], names, missing, strict=True)
        for place, (value, known, when, name, lacks) in enumerate(cells):
            if name is None or place in odd:
                continue
            if type(when) is datetime:
                if not in_our_time(when):
                    continue
            elif type(when) is not str or self._day(when) is None:
                continue
            amount = self._amount(value) if known is None else known
            if amount is None:
                continue
            index = start + place
            if sign != 1:
                amount *= sign
            if place in claims:
                self.claiming[index] = amount
                continue
            yield Amounted(
                index,
                numbers[index],
                amount,
                "",
                nothing,
                lacks,
                total,
                False,
                True,
                name,
                2,
            )

    @staticmethod
    def _amount(value: Cell) -> Decimal | None:
        """A number as an amount; None for any other cell, and for NaN, whose sentence is told cell by cell."""
        if type(value) is float or type(value) is int:
            with suppress(ValueError):
                return exact(value) if keeps_cents(value) else None
        return None

    @staticmethod
    def _exact(values: Sequence[Cell]) -> Sequence[Decimal | None]:
        """The amounts of a column of nothing but numbers; None each where they have to be looked at one by one."""
        if set(map(type, values)) <= {float, int}:
            with suppress(ValueError):  # NaN, or more digits than a float has
                found = exacts(values)  # type: ignore[arg-type]  # numbers, by their types
                if not found or (keeps_cents(min(values)) and keeps_cents(max(values))):  # type: ignore[type-var,arg-type]
                    return found
        return [None] * len(values)

    @staticmethod
    def _places(columns: Sequence[Sequence[Cell]], told: AbstractSet[Any]) -> set[int]:
        """Which rows hold one of the told values."""
        found: set[int] = set()
        for column in columns:
            if told and not told.isdisjoint(column):
                found.update(place for place, value in enumerate(column) if value in told)
        return found

    def _names(self, columns: list[Any], supplier: int, size: int) -> Sequence[str | None]:
        """The supplier of each row, None where a row names none or by another cell than a text."""
        if supplier >= len(columns):
            return [None] * size
        folded = self.words.folded
        if set(map(type, columns[supplier])) == {str}:
            if self.words.mended.isdisjoint(columns[supplier]) and "" not in columns[supplier]:
                return columns[supplier]  # type: ignore[no-any-return]
            return [text or None for text in map(folded.__getitem__, columns[supplier])]
        return [(folded[value] or None) if type(value) is str else None for value in columns[supplier]]

    def _odd_currencies(self, column: Sequence[Cell]) -> set[Cell]:
        """Values of the currency column that are no currency; an empty cell follows the sheet's."""
        return {
            value
            for value in set(column)
            if value is not None and (type(value) is not str or self._code(value) is None)
        }

    def _code(self, text: str) -> str | None:
        if text not in self._currencies:
            self._currencies[text] = currency_of_text(text, self.base)
        return self._currencies[text]

    def _day(self, text: str) -> date | None:
        """The day a text is, None where another way of reading it has to be thought of."""
        if text not in self._days:
            plain = bool(date_readings(text)) and amount_text(text) is None
            self._days[text] = self.others.date_of(text) if plain else None
        return self._days[text]

    # -- lines -----------------------------------------------------------------------------------------------------

    def lines(self, start: int, stop: int, values: Sequence[Decimal], why_not: WhyNot) -> SpendLines:
        """The lines of the plain rows from index ``start`` to ``stop`` with these amounts.

        ``why_not`` is asked for those that cost nothing.
        """
        grid, get = self.grid, self.columns.get
        rows, numbers = grid.rows[start:stop], grid.numbers[start:stop]
        columns = list(zip_longest(*rows))
        size = stop - start
        suppliers = self._texts(columns, get("supplier"), size)
        texts = [self._texts(columns, get(name), size) for name in TEXTS]
        reasons: list[str | None] | None = None
        for place, value in enumerate(values):
            if value <= 0:
                supplier = suppliers[place] if suppliers else None
                description = texts[0][place] if texts[0] else None
                why = why_not(start + place, rows[place], value, supplier, description)
                if why is not None:
                    reasons = reasons or [None] * size
                    reasons[place] = why
        return SpendLines(
            size,
            [
                numbers,
                [f"{self._letters}{number}" for number in numbers],
                values,
                self._currencies_of(columns, numbers),
                self._days_of(columns[self.columns["date"]]),
                self._periods(rows),
                suppliers,
                *texts[:7],
                self._beside(columns, "tax", rows),
                self._beside(columns, "original_amount", rows),
                self._original_currencies(columns),
                reasons,
                texts[7],
                *self._services(rows, numbers),
            ],
        )

    def _texts(self, columns: list[Any], column: int | None, size: int) -> list[Any] | None:
        if column is None:
            return None
        if column >= len(columns):
            return [""] * size
        folded = self.words.folded
        kinds = set(map(type, columns[column]))
        if kinds == {str} and self.words.mended.isdisjoint(columns[column]):
            return list(columns[column])
        if len(kinds) == 1 and kinds <= {str, int}:
            return list(map(folded.__getitem__ if kinds == {str} else str, columns[column]))
        return [
            folded[value]
            if type(value) is str
            else str(value)
            if type(value) is int
            else ""
            if value is None
            else cell_text(value)
            for value in columns[column]
        ]

    def _days_of(self, column: Sequence[Any]) -> list[date | None]:
        known = {
            value: value.date() if type(value) is datetime else self._day(value) for value in set(column)
        }
        return list(map(known.__getitem__, column))

    def _periods(self, rows: Sequence[list[Cell]]) -> list[date | None] | None:
        if self.others.period_column is None:
            month = self.others.month_of_sheet
            return None if month is None else [month] * len(rows)
        return [self.others.period(row) for row in rows]

    def _services(
        self, rows: Sequence[list[Cell]], numbers: Sequence[int]
    ) -> tuple[Sequence[date | None] | None, Sequence[date | None] | None]:
        """First days and days after the last of what the lines pay for."""
        if not self.others.service.told:
            return None, None
        read = self.others.service.of
        found = [read(row, number) for row, number in zip(rows, numbers, strict=True)]
        return [first for first, _ in found], [after for _, after in found]

    def _currencies_of(self, columns: list[Any], numbers: Sequence[int]) -> list[str]:
        column, sheet = self.others.currency_column, self.others.currency_of_sheet
        if column is not None and column < len(columns):
            return [sheet if value is None else self._code(value) or sheet for value in columns[column]]
        if not self.by_format:
            return [sheet] * len(numbers)
        first = self.amounts.first
        shown = [self.grid.format_at(number, first) for number in numbers]
        told = {text: (currency_in_format(text, self.base) if text else None) or sheet for text in set(shown)}
        return [told[text] for text in shown]

    def _beside(
        self, columns: list[Any], name: str, rows: Sequence[list[Cell]]
    ) -> list[Decimal | None] | None:
        """The amounts of another column, as information."""
        column = self.columns.get(name)
        if column is None or column >= len(columns):
            return None
        sign = self.decision.sign * self.amounts.scale
        amounts: Iterator[Decimal] | None = None
        if sign == 1:
            with suppress(ValueError):  # NaN, or more digits than a float has
                amounts = iter(exacts([value for value in columns[column] if type(value) is float]))
        result: list[Decimal | None] = []
        for value, row in zip(columns[column], rows, strict=True):
            if value is None:
                result.append(None)
            elif type(value) is float and amounts is not None:
                result.append(next(amounts))
            elif type(value) is float and value - value == 0 and sign == 1:
                result.append(exact(value))
            else:
                result.append(self.amounts.beside(row, column, name))
        return result

    def _original_currencies(self, columns: list[Any]) -> list[str | None] | None:
        column = self.columns.get("original_currency")
        if column is None or column >= len(columns):
            return None
        known: dict[Any, str | None] = {
            value: currency_of_text(str(value or ""), self.base) for value in set(columns[column])
        }
        return [known[value] for value in columns[column]]


def plain_rows(
    grid: Grid,
    decision: SheetDecision,
    base: str,
    amounts: AmountCells,
    others: OtherCells,
    words: SheetWords,
) -> PlainRows | None:
    """The reader of plain rows, None for a sheet whose rows depend on more than their own cells."""
    extra = dict(decision.extra)
    special = (
        amounts.crosstab
        or amounts.by_sides
        or amounts.indicator is not None
        or amounts.credit_column is not None
        or amounts.minor_column is not None
        or amounts.fee_column is not None
        or amounts.times_column is not None
        or amounts.tax_columns
        or amounts.has_percents
        or amounts.has_credit_formats
        or decision.layout is not Layout.FLAT
        or decision.row_marks
        or grid.text_file
        or "state_column" in extra
        or "credit_sections" in extra
        or others.sections
        or words.reversals
    )
    return (
        None
        if special or "amount" not in amounts.columns
        else PlainRows(grid, decision, base, amounts, others, words)
    )
