"""Spend lines out of a sheet, as its decision says: lines, totals, notes, and every problem with its cell."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext
from math import isfinite

from importers import codes
from importers.amounts import amount_text, amount_value
from importers.currencies import currency_in_format, currency_of_text
from importers.dates import date_readings, date_value, month_value, period_number, serial_date
from importers.grid import Bad, Cell, Grid, address, column_index, letters
from importers.table import same_texts, span
from importers.texts import fold
from importers.total_words import Says, only_total, says_total
from importers.totals import TOLERANCE, Amounted, Found, find_totals
from mopsaudit.intake.contract import (
    ControlTotal,
    Layout,
    RowMark,
    SheetDecision,
    SheetReading,
    SheetTotals,
    SpendRow,
)
from mopsaudit.money import exact, exponent
from mopsaudit.problems import Problem, ProblemCode

_BATCH = 2000
_MOST_PROBLEMS = 5000
_CARD_PAYMENT = re.compile(
    r"\b(payment (?:received|thank ?you|- ?thank|by direct debit|to card)|thank ?you for your payment|autopay(?:ment)?|"
    r"direct debit (?:payment|received)|balance transfer|card (?:re)?payment|payment[- ]+thank|online payment received|"
    r"lastschrifteinzug|zahlungseingang)\b",
    re.IGNORECASE,
)
#: What rules a line off (`-----`, `*`) and names nothing.
_RULES = "*-=_–—.·# "
_TEXTS = (
    "description",
    "reference",
    "cost_centre",
    "unit",
    "gl_account",
    "purchase_order",
    "entity",
    "invoice",
)

Emit = Callable[[list[SpendRow]], None]


@dataclass(slots=True)
class Extract:
    """What extracting one sheet came to: the reading and its problems."""

    reading: SheetReading
    problems: list[Problem]
    net_sum: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class _Sums:
    data: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    unreadable: int = 0


@dataclass(slots=True)
class _Money:
    """The amount of a row: its value in ledger sign or None, the column it stands in, and what is wrong with it."""

    value: Decimal | None
    column: int
    wrong: ProblemCode | None = None
    text: str = ""
    currency: str | None = None
    present: bool = True


def extract(
    grid: Grid,
    decision: SheetDecision,
    headings: Sequence[str],
    emit: Emit,
    base: str,
    *,
    order_open: bool = False,
) -> Extract:
    """Read the lines of a used sheet. Every row of the data region ends as a line, a total, a note or a heading.

    ``order_open``: the order of day and month is still asked about, so a date that reads two ways is no problem yet.
    """
    return _Extractor(grid, decision, headings, emit, base, order_open=order_open).run()


class _Extractor:
    def __init__(
        self,
        grid: Grid,
        decision: SheetDecision,
        headings: Sequence[str],
        emit: Emit,
        base: str,
        *,
        order_open: bool,
    ) -> None:
        self.grid, self.decision, self.headings, self.emit, self.base = grid, decision, headings, emit, base
        self.columns = {choice.field: span(choice)[0] for choice in decision.columns}
        self.marks = {choice.field: choice.decimal_mark for choice in decision.columns}
        date_choice = decision.column("date")
        self.order = date_choice.date_order if date_choice else None
        self.order_open = order_open
        extra = dict(decision.extra)
        indicator = extra.get("indicator")
        self.indicator = column_index(indicator) if indicator else None
        self.grouping = str(extra.get("grouping", "rows"))
        self.outline = decision.layout is Layout.GROUPED and self.grouping == "above"
        self.row_marks = dict(decision.row_marks)
        self.currency = decision.currency or base
        amount = decision.column("amount")
        first, last = span(amount) if amount is not None else (0, -1)
        self.amount_span = (first, last)
        self.crosstab = decision.layout is Layout.CROSSTAB
        self.problems: list[Problem] = []
        self.sums: dict[str, _Sums] = {}
        self.dates: dict[str, date | None] = {}
        self.batch: list[SpendRow] = []
        self.read = self.rejected = 0
        self.finer: Counter[str] = Counter()
        self.not_spend: list[tuple[str, Decimal, str]] = []
        self.missing: Counter[str] = Counter()
        self.undated: Counter[str] = Counter()
        self.first_line: int | None = None
        self.last_line: int | None = None
        self.has_supplier = "supplier" in self.columns
        self.months: dict[int, date] = {}
        self._fill_merged()
        self.table = self._columns_of_table()
        self.hidden_sum = Decimal(0)
        self.hidden_lines = 0

    def _fill_merged(self) -> None:
        """A cell merged downwards says the same for every row it spans; amounts are never repeated so."""
        money = {
            self.columns.get(name)
            for name in ("amount", "debit", "credit", "net", "tax", "gross", "original_amount")
        }
        wanted = set(self.columns.values()) - money
        for first_row, first, last_row, last in self.grid.merged:
            if last_row <= first_row or first_row < self.decision.first_row or last_row - first_row > 10_000:
                continue
            source = self.grid.row(first_row)
            for column in range(first, last + 1):
                if column not in wanted or first >= len(source) or source[first] is None:
                    continue
                for index in range(self.grid.position(first_row + 1), self.grid.position(last_row + 1)):
                    row = self.grid.rows[index]
                    if len(row) > column and row[column] is None:
                        row[column] = source[first]

    # -- the walk --------------------------------------------------------------------------------------------------

    def run(self) -> Extract:
        with localcontext() as context:
            context.prec = 60
            return self._run()

    def _run(self) -> Extract:
        grid, decision = self.grid, self.decision
        start = grid.position(decision.first_row)
        stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
        if self.crosstab:
            self.months = self._crosstab_months()
        money: dict[int, list[_Money]] = {}
        amounted: list[Amounted] = []
        kinds: dict[int, RowMark] = {}
        repeated = 0
        core = self._core(start, stop)
        group = ""
        for index in range(start, stop):
            row, number = grid.rows[index], grid.numbers[index]
            mark = self.row_marks.get(number)
            if mark in (RowMark.IGNORE, RowMark.NOTE, RowMark.HEADER):
                kinds[index] = mark
                continue
            amounts = self._amounts(row, number)
            if not any(entry.present for entry in amounts):
                if mark is None and self.headings and same_texts(row, self.headings):
                    kinds[index] = RowMark.HEADER
                    repeated += 1
                    continue
                if decision.layout is Layout.GROUPED and self.grouping == "rows":
                    group = self._group_name(row) or group
                kinds[index] = RowMark.NOTE if mark is None else mark
                if mark is RowMark.DATA:
                    del kinds[index]
                    money[index] = amounts
                continue
            if mark is None and self.headings and same_texts(row, self.headings):
                kinds[index] = RowMark.HEADER
                repeated += 1
                continue
            if (
                mark is None
                and amounts
                and all(entry.value is None for entry in amounts)
                and self._only_words(row)
            ):
                kinds[index] = RowMark.NOTE
                continue
            money[index] = amounts
            if mark is RowMark.DATA:
                continue
            amounted.append(self._amounted(index, number, row, amounts, core, group, mark))
        found = find_totals(amounted)
        for entry in amounted:
            if self.row_marks.get(entry.number) is RowMark.TOTAL and entry.index not in found:
                found[entry.index] = Found(entry, entry.number, entry.number, Decimal(0), True, False)
        self._drop_after_grand(found, money, kinds, amounted)
        self._lines(start, stop, money, found, kinds, core)
        return self._result(start, stop, found, kinds, repeated)

    def _core(self, start: int, stop: int) -> tuple[int, ...]:
        """Columns of the decision (amounts aside) that nearly every row with an amount fills."""
        names = [
            name
            for name in (
                "date",
                "period",
                "supplier",
                "reference",
                "description",
                "gl_account",
                "cost_centre",
            )
            if name in self.columns
        ]
        if self.decision.layout is Layout.GROUPED:
            names = [name for name in names if name != "supplier"]
        filled: Counter[int] = Counter()
        rows = 0
        first, last = self.amount_span
        sides = [self.columns[name] for name in ("debit", "credit") if name in self.columns]
        for index in range(start, stop):
            row = self.grid.rows[index]
            size = len(row)
            if not any(
                column < size and row[column] is not None for column in (sides or range(first, last + 1))
            ):
                continue
            if any(isinstance(value, str) and says_total(value) >= Says.OUTRIGHT for value in row):
                continue
            rows += 1
            for name in names:
                column = self.columns[name]
                if column < size and row[column] is not None:
                    filled[column] += 1
        threshold = 0.85 if rows >= 40 else 0.6
        return tuple(column for column, count in sorted(filled.items()) if count >= threshold * rows)

    def _amounted(
        self,
        index: int,
        number: int,
        row: list[Cell],
        amounts: list[_Money],
        core: tuple[int, ...],
        group: str,
        mark: RowMark | None,
    ) -> Amounted:
        money_columns = {entry.column for entry in amounts}
        values = [entry.value for entry in amounts if entry.value is not None]
        total = sum(values, Decimal(0)) if values else None
        label, says = "", Says.NOTHING
        bare = True
        words = 0
        table = self.table
        for column, value in enumerate(row):
            if value is None or column in money_columns or column >= table.stop:
                continue
            if isinstance(value, str):
                claim = says_total(value)
                if claim > says:
                    label, says = fold(value), claim
                if column >= table.start and fold(value).strip(_RULES) and amount_text(value) is None:
                    bare = False
                    words += 1
                    label = label or fold(value)
            elif bare and column >= table.start and isinstance(value, datetime | date):
                bare = False
        dated = self._is_dated(row)
        missing = sum(not (column < len(row) and row[column] is not None) for column in core)
        if mark is RowMark.TOTAL:
            says, dated = Says.OUTRIGHT, False
        supplier_column = self.columns.get("supplier")
        if self.outline and mark is None and supplier_column is not None and name_cell(row, supplier_column):
            says, dated, missing = Says.OUTRIGHT, False, len(core)
        name = group if self.decision.layout is Layout.GROUPED and self.grouping == "rows" else ""
        if not name and supplier_column is not None and supplier_column < len(row):
            name = fold(str(row[supplier_column] or ""))
        return Amounted(
            index=index,
            number=number,
            amount=total,
            label=label,
            says=says,
            missing=missing,
            core=len(core),
            bare=bare,
            dated=dated,
            name=name,
            words=words,
        )

    def _is_dated(self, row: list[Cell]) -> bool:
        """Whether the row's date (its period, where the sheet has no date) reads as one; a total's word does not."""
        column = self.columns.get("date", self.columns.get("period"))
        value = row[column] if column is not None and column < len(row) else None
        if isinstance(value, str):
            return (
                bool(date_readings(value))
                or self._month_of(value) is not None
                or period_number(value) is not None
            )
        return value is not None and not isinstance(value, Bad | bool)

    def _columns_of_table(self) -> range:
        """Columns of the table: between its first and last mapped or headed one; notes beside it are not."""
        used = [span(choice) for choice in self.decision.columns]
        low = min((first for first, _ in used), default=0)
        high = max((last for _, last in used), default=-1)
        while low > 0 and low - 1 < len(self.headings) and self.headings[low - 1]:
            low -= 1
        while high + 1 < len(self.headings) and self.headings[high + 1]:
            high += 1
        return range(low, high + 1)

    def _only_words(self, row: list[Cell]) -> bool:
        """A row whose amount cell holds words and that has no date: a note that happens to reach the amount column."""
        date_column = self.columns.get("date")
        if date_column is not None and date_column < len(row) and row[date_column] is not None:
            return False
        first, last = self.amount_span
        columns = [self.columns[name] for name in ("debit", "credit") if name in self.columns] or list(
            range(first, last + 1)
        )
        for column in columns:
            value = row[column] if column < len(row) else None
            if value is None:
                continue
            if not isinstance(value, str) or not re.fullmatch(r"[^0-9#]{2,}|.{41,}", fold(value)):
                return False
        filled = sum(value is not None for value in row)
        return filled <= 2

    def _group_name(self, row: list[Cell]) -> str:
        column = self.columns.get("supplier")
        if column is None or column >= len(row):
            return ""
        value = row[column]
        if not isinstance(value, str) or only_total(value):
            return ""
        if sum(cell is not None for cell in row) > 3:
            return ""
        return re.sub(
            r"^(?:supplier|vendor|payee|lieferant|kreditor|fournisseur)\s*(?:name|no\.?|id)?\s*[:=]\s*",
            "",
            fold(value),
            flags=re.IGNORECASE,
        )

    # -- amounts ---------------------------------------------------------------------------------------------------

    def _amounts(self, row: list[Cell], number: int) -> list[_Money]:
        size = len(row)
        if self.crosstab:
            result = []
            for column in self.months:
                if column < size and row[column] is not None:
                    result.append(self._amount(row[column], column, "amount", number))
            return result or [_Money(None, self.amount_span[0], present=False)]
        if "debit" in self.columns or ("credit" in self.columns and "amount" not in self.columns):
            return [self._sides(row, number)]
        column = self.amount_span[0]
        value = row[column] if column < size else None
        if value is None:
            return [_Money(None, column, present=False)]
        return [self._amount(value, column, "amount", number, row)]

    def _sides(self, row: list[Cell], number: int) -> _Money:
        parts: list[tuple[_Money, int]] = []
        for name, sign in (("debit", 1), ("credit", -1)):
            column = self.columns.get(name)
            if column is not None and column < len(row) and row[column] is not None:
                parts.append((self._amount(row[column], column, name, number), sign))
        if not parts:
            return _Money(None, self.columns.get("debit", 0), present=False)
        for entry, _ in parts:
            if entry.value is None:
                return entry
        total = Decimal(0)
        column = parts[0][0].column
        for entry, sign in parts:
            assert entry.value is not None
            value = entry.value * sign
            if sign < 0 and entry.value < 0 and len(parts) == 1:
                value = entry.value  # a credit already written with its minus
            total += value
            if entry.value:
                column = entry.column
        return _Money(total, column, currency=parts[0][0].currency)

    def _amount(
        self, value: Cell, column: int, name: str, number: int, row: list[Cell] | None = None
    ) -> _Money:
        sign = self.decision.sign if name not in ("debit", "credit") else 1
        if self.indicator is not None and row is not None and name == "amount" and self.indicator < len(row):
            side = fold(str(row[self.indicator] or "")).casefold()
            if side in ("c", "cr", "credit", "h", "haben"):
                sign = -sign
        if isinstance(value, float | int) and not isinstance(value, bool):
            try:
                return _Money(exact(value) * sign, column)
            except ValueError:
                return _Money(None, column, codes.BAD_NUMBER, str(value))
        if isinstance(value, str):
            text = fold(value)
            if not text:
                return _Money(None, column, present=False)
            if set(text) == {"#"} and len(text) >= 2:
                return _Money(None, column, codes.HASHES, text)
            parts = amount_text(text)
            if parts is None:
                if re.fullmatch(r"#[A-Z/0!?]+[!?A-Z/]*", text):
                    return _Money(None, column, codes.ERROR_CELL, text)
                return _Money(None, column, codes.AMOUNT_UNREADABLE, text)
            found = amount_value(parts, self.marks.get(name))
            if found is None:
                return _Money(None, column, codes.AMOUNT_UNREADABLE, text)
            return _Money(found * sign, column, currency=parts.currency)
        if isinstance(value, Decimal):
            return _Money(value * sign, column)
        if isinstance(value, Bad):
            return _Money(None, column, codes.OF_BAD.get(value.kind, codes.AMOUNT_UNREADABLE), value.text)
        return _Money(None, column, codes.AMOUNT_UNREADABLE, str(value))

    def _crosstab_months(self) -> dict[int, date]:
        first, last = self.amount_span
        result: dict[int, date] = {}
        said = dict(self.decision.extra).get("months")
        if said:
            return {column_index(column): date.fromisoformat(month) for column, month in said.items()}
        header = self.grid.row(self.decision.header_rows[-1]) if self.decision.header_rows else []
        upper = self.grid.row(self.decision.header_rows[0]) if len(self.decision.header_rows) > 1 else []
        for column in range(first, last + 1):
            for row in (header, upper):
                value = row[column] if column < len(row) else None
                month: date | None = None
                if isinstance(value, datetime):
                    month = value.date().replace(day=1)
                elif isinstance(value, date):
                    month = value.replace(day=1)
                elif isinstance(value, str):
                    month = month_value(value)
                    if month is None:
                        days = set(date_readings(value).values())
                        if len({(day.year, day.month) for day in days}) == 1:
                            month = next(iter(days)).replace(day=1)
                if month is not None:
                    result[column] = month
                    break
        return result

    # -- lines -----------------------------------------------------------------------------------------------------

    def _drop_after_grand(
        self,
        found: dict[int, Found],
        money: dict[int, list[_Money]],
        kinds: dict[int, RowMark],
        amounted: list[Amounted],
    ) -> None:
        """Below a grand total that covers every line, rows that lack what every line has are another little table."""
        grands = [entry for entry in found.values() if entry.covers]
        if not grands:
            return
        end = max(entry.row.index for entry in grands)
        later = [entry for entry in amounted if entry.index > end and entry.index not in found]
        if not later or not all(
            entry.core and entry.missing * 2 >= entry.core and not entry.dated for entry in later
        ):
            return
        total = sum((entry.amount for entry in later if entry.amount is not None), Decimal(0))
        for entry in later:
            kinds[entry.index] = RowMark.NOTE
            money.pop(entry.index, None)
        self._problem(
            codes.AFTER_TOTAL,
            f"{len(later)} rows below the grand total in row {self.grid.numbers[end]} (amounts "
            f"{total:f}) were left out: "
            "they have neither date nor supplier.",
            address(
                later[0].number,
                self.amount_span[0] if self.amount_span[1] >= 0 else self.columns.get("debit", 0),
            ),
        )

    def _lines(
        self,
        start: int,
        stop: int,
        money: dict[int, list[_Money]],
        found: dict[int, Found],
        kinds: dict[int, RowMark],
        core: tuple[int, ...],
    ) -> None:
        grid = self.grid
        group: str | None = None
        get = self.columns.get
        text_columns = [(name, get(name)) for name in _TEXTS]
        date_column, supplier_column, period_column = get("date"), get("supplier"), get("period")
        currency_column, tax_column = get("currency"), get("tax")
        original_column, original_currency_column = get("original_amount"), get("original_currency")
        grouped = self.decision.layout is Layout.GROUPED
        positive = sum(
            (
                entry.value
                for index, entries in money.items()
                if index not in found
                for entry in entries
                if entry.value and entry.value > 0
            ),
            Decimal(0),
        )
        for index in range(start, stop):
            row, number = grid.rows[index], grid.numbers[index]
            if index in found:
                kinds[index] = RowMark.TOTAL
                if self.outline and supplier_column is not None:
                    group = name_cell(row, supplier_column) or group
                continue
            if index not in money:
                if grouped and self.grouping == "rows" and kinds.get(index) is RowMark.NOTE:
                    group = self._group_name(row) or group
                elif kinds.get(index) is RowMark.NOTE and self._is_line_without_amount(row, core):
                    del kinds[index]
                    self._reject(number, self._money_column(), codes.AMOUNT_MISSING, "", row)
                continue
            size = len(row)
            supplier: str | None = None
            if supplier_column is not None:
                value = row[supplier_column] if supplier_column < size else None
                supplier = _text(value)
                if grouped and not supplier:
                    supplier = group or ""
                elif grouped and self.grouping == "first":
                    group = supplier
            day, period = self._day(row, number, date_column, period_column)
            currency = self._currency(row, number, currency_column)
            texts = [
                None if column is None else _text(row[column] if column < size else None)
                for _, column in text_columns
            ]
            tax = self._side_amount(row, tax_column, "tax")
            original = self._side_amount(row, original_column, "original_amount")
            original_currency = None
            if original_currency_column is not None and original_currency_column < size:
                original_currency = currency_of_text(str(row[original_currency_column] or ""), self.base)
            for entry in money[index]:
                if not entry.present:
                    if self.row_marks.get(number) is RowMark.DATA:
                        self._reject(number, entry.column, codes.AMOUNT_MISSING, "", row)
                    continue
                if entry.value is None:
                    self._reject(
                        number, entry.column, entry.wrong or codes.AMOUNT_UNREADABLE, entry.text, row
                    )
                    continue
                if self.crosstab and entry.value == 0:
                    continue
                own = currency
                if currency_column is None:
                    if entry.currency:
                        own = self._own(entry.currency)
                    else:
                        shown = grid.format_at(number, entry.column) if grid.formats else ""
                        if shown and self.decision.currency_how == "format":
                            own = currency_in_format(shown, self.base) or currency
                self._line(
                    number,
                    entry,
                    own,
                    day,
                    self.months.get(entry.column) if self.crosstab else period,
                    supplier,
                    texts,
                    tax,
                    original,
                    original_currency,
                    positive,
                )
        if self.batch:
            self.emit(self.batch)
            self.batch = []

    def _own(self, code: str) -> str:
        dollars = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")
        return self.base if code == "USD" and self.base in dollars else code

    def _money_column(self) -> int:
        return (
            self.amount_span[0]
            if self.amount_span[1] >= 0
            else self.columns.get("debit", self.columns.get("credit", 0))
        )

    def _is_line_without_amount(self, row: list[Cell], core: tuple[int, ...]) -> bool:
        """A full line but for its amount: dated, with a supplier."""
        if self.crosstab or self.decision.layout is Layout.GROUPED:
            return False
        date_column, supplier_column = self.columns.get("date"), self.columns.get("supplier")
        if date_column is None or supplier_column is None or len(row) <= max(date_column, supplier_column):
            return False
        value = row[date_column]
        real = isinstance(value, datetime | date) or (isinstance(value, str) and bool(date_readings(value)))
        return real and row[supplier_column] is not None

    def _line(
        self,
        number: int,
        entry: _Money,
        currency: str,
        day: date | None,
        period: date | None,
        supplier: str | None,
        texts: list[str | None],
        tax: Decimal | None,
        original: Decimal | None,
        original_currency: str | None,
        positive: Decimal,
    ) -> None:
        value = entry.value
        assert value is not None
        sums = self.sums.get(currency)
        if sums is None:
            sums = self.sums[currency] = _Sums()
        sums.data += value
        self.read += 1
        if self.first_line is None:
            self.first_line = number
        self.last_line = number
        if -int(value.as_tuple().exponent) > exponent(currency):
            self.finer[currency] += 1
        if number in self.grid.hidden_rows:
            self.hidden_lines += 1
            self.hidden_sum += value
        not_spend: str | None = None
        if value < 0:
            described = f"{supplier or ''} {texts[0] or ''}"
            if _CARD_PAYMENT.search(described) or (
                self.has_supplier and not supplier and not texts[0] and -value * 3 >= positive > 0
            ):
                not_spend = "card payment"
            if not_spend:
                self.not_spend.append((address(number, entry.column), value, currency))
        if self.has_supplier and not supplier:
            self.missing["supplier"] += 1
            self._problem(
                codes.SUPPLIER_MISSING,
                f"Row {number} names no supplier; it counts under “no supplier”.",
                address(number, self.columns["supplier"]),
            )
        self.batch.append(
            SpendRow(
                number,
                address(number, entry.column),
                value,
                currency,
                day,
                period,
                supplier,
                texts[0],
                texts[1],
                texts[2],
                texts[3],
                texts[4],
                texts[5],
                texts[6],
                tax,
                original,
                original_currency,
                not_spend,
                texts[7],
            )
        )
        if len(self.batch) >= _BATCH:
            self.emit(self.batch)
            self.batch = []

    def _reject(self, number: int, column: int, code: ProblemCode, text: str, row: list[Cell]) -> None:
        self.read += 1
        self.rejected += 1
        currency_column = self.columns.get("currency")
        currency = self._currency(row, number, currency_column, quiet=True)
        sums = self.sums.setdefault(currency, _Sums())
        sums.unreadable += 1
        if self.first_line is None:
            self.first_line = number
        self.last_line = number
        shown = f"“{text[:60]}”" if text else ""
        sentence = {
            codes.FORMULA.code: f"Row {number}: the formula has no saved value, so its amount is unknown.",
            codes.ERROR_CELL.code: f"Row {number}: the cell holds the error {shown} instead of an amount.",
            codes.HASHES.code: f"Row {number}: the export saved {shown} instead of the amount.",
            codes.BAD_NUMBER.code: f"Row {number}: {shown or 'the cell'} is no number.",
            codes.REPEATED.code: f"Row {number}: the file holds this cell twice with different values.",
            codes.AMOUNT_MISSING.code: f"Row {number} has a date and a supplier but no amount.",
        }.get(code.code, f"Row {number}: {shown} cannot be read as an amount.")
        self._problem(code, sentence, address(number, column), rejected=True)

    def _problem(self, code: ProblemCode, message: str, cell: str | None, *, rejected: bool = False) -> None:
        if len(self.problems) < _MOST_PROBLEMS or rejected:
            self.problems.append(
                codes.problem(code, message, sheet=self.grid.name, cell=cell, rejected=rejected)
            )

    # -- the other cells ---------------------------------------------------------------------------------------------

    def _day(
        self, row: list[Cell], number: int, date_column: int | None, period_column: int | None
    ) -> tuple[date | None, date | None]:
        day: date | None = None
        if date_column is not None:
            value = row[date_column] if date_column < len(row) else None
            if type(value) is datetime:
                day = value.date()
            elif value is None:
                self.undated["missing"] += 1
                self._problem(
                    codes.DATE_MISSING,
                    f"Row {number} has no date; it counts as undated.",
                    address(number, date_column),
                )
            else:
                day = self._date_of(value)
                if day is None and not (self.order_open and isinstance(value, str) and date_readings(value)):
                    self.undated["unreadable"] += 1
                    self._problem(
                        codes.DATE_UNREADABLE,
                        f"Row {number}: “{_shown(value)}” cannot be read as a date; the line counts as undated.",
                        address(number, date_column),
                    )
        period: date | None = None
        if period_column is not None and period_column < len(row):
            period = self._month_of(row[period_column])
        return day, period

    def _date_of(self, value: Cell) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            found = self.dates.get(value, _UNKNOWN)
            if found is _UNKNOWN:
                found = date_value(value, self.order)
                if found is None and re.fullmatch(r"\s*[0-9]{5}(?:\.0+)?\s*", value):
                    found = serial_date(float(value), date_1904=False)
                self.dates[value] = found
            return found
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = int(value) if abs(value) < 1e9 else 0
            if 19_800_101 <= whole <= 20_791_231:
                return date_value(str(whole), None)
            return serial_date(value, date_1904=self.grid.date_1904)
        return None

    def _month_of(self, value: Cell) -> date | None:
        if isinstance(value, datetime):
            return value.date().replace(day=1)
        if isinstance(value, date):
            return value.replace(day=1)
        if isinstance(value, str):
            month = month_value(value)
            if month is None and re.fullmatch(r"\s*[0-9]{5}\s*", value):
                day = serial_date(int(value), date_1904=False)
                month = day.replace(day=1) if day else None
            if month is None:
                day = date_value(value, self.order)
                month = day.replace(day=1) if day else None
            return month
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = int(value) if abs(value) < 1e9 else 0
            if 198_001 <= whole <= 207_912:
                return month_value(str(whole))
            day = serial_date(value, date_1904=self.grid.date_1904)
            return day.replace(day=1) if day else None
        return None

    def _currency(self, row: list[Cell], number: int, column: int | None, *, quiet: bool = False) -> str:
        if column is None or column >= len(row) or row[column] is None:
            return self.currency
        value = row[column]
        code = currency_of_text(value, self.base) if isinstance(value, str) else None
        if code is None:
            if not quiet:
                self._problem(
                    codes.CURRENCY_UNREADABLE,
                    f"Row {number}: “{_shown(value)}” is not a currency code; {self.currency} was taken.",
                    address(number, column),
                )
            return self.currency
        return code

    def _side_amount(self, row: list[Cell], column: int | None, name: str) -> Decimal | None:
        if column is None or column >= len(row) or row[column] is None:
            return None
        return self._amount(row[column], column, name, 0).value

    # -- what it came to ---------------------------------------------------------------------------------------------

    def _result(
        self, start: int, stop: int, found: dict[int, Found], kinds: dict[int, RowMark], repeated: int
    ) -> Extract:
        grid, decision = self.grid, self.decision
        sign = decision.sign
        grand = next(
            (
                entry
                for entry in reversed(list(found.values()))
                if entry.grand and entry.row.amount is not None
            ),
            None,
        )
        single = len(self.sums) == 1
        totals: list[SheetTotals] = []
        for currency, sums in sorted(self.sums.items()):
            sheet_total: Decimal | None = None
            foots: bool | None = None
            if grand is not None and single:
                assert grand.row.amount is not None
                sheet_total = grand.row.amount
                # A minor unit apart is what rounding a sum of finer amounts may cost.
                foots = abs(sheet_total - sums.data) < Decimal(1).scaleb(-exponent(currency))
            totals.append(
                SheetTotals(
                    currency=currency,
                    data=sums.data,
                    rejected=sums.rejected,
                    unreadable=sums.unreadable,
                    sheet_total=sheet_total,
                    foots=foots,
                )
            )
        controls: list[ControlTotal] = []
        column = self._money_column()
        for entry in found.values():
            if entry.row.amount is None:
                continue
            agrees = (
                abs(entry.row.amount - entry.expected) <= max(TOLERANCE, Decimal("0.01"))
                if entry.row.says is not Says.BALANCE
                else True
            )
            controls.append(
                ControlTotal(
                    row=entry.row.number,
                    cell=address(entry.row.number, column),
                    label=entry.row.label,
                    amount=entry.row.amount,
                    first_row=entry.first,
                    last_row=entry.last,
                    agrees=agrees,
                    grand=entry.grand,
                )
            )
            if not agrees and single:
                difference = entry.row.amount - entry.expected
                code = codes.NOT_FOOTING if entry.grand else codes.SUBTOTAL_DIFFERS
                self._problem(
                    code,
                    f"The {'total' if entry.grand else 'subtotal'} in row {entry.row.number} says "
                    f"{entry.row.amount:f}; its lines come to "
                    f"{entry.expected:f}, a difference of {difference:f}.",
                    address(entry.row.number, column),
                )
        self._notes(sign)
        first_data = self.first_line
        last_data = self.last_line
        blank = 0
        if first_data is not None and last_data is not None:
            inside = grid.position(last_data + 1) - grid.position(first_data)
            blank = last_data - first_data + 1 - inside
        listed = sorted(
            [(row, RowMark.HEADER) for row in decision.header_rows]
            + [(grid.numbers[index], mark) for index, mark in kinds.items()]
        )
        notes = sum(mark in (RowMark.NOTE, RowMark.IGNORE) for mark in kinds.values())
        reading = SheetReading(
            decision=decision,
            first_data_row=first_data,
            last_data_row=last_data,
            lines_read=self.read,
            lines_rejected=self.rejected,
            total_rows=sum(mark is RowMark.TOTAL for mark in kinds.values()),
            blank_rows=blank,
            note_rows=notes,
            repeated_headers=repeated,
            totals=tuple(totals),
            controls=tuple(controls),
            preview=preview(grid),
            row_kinds=tuple(listed[:2000]),
            hidden_rows=len(grid.hidden_rows & set(grid.numbers)),
            hidden_columns=tuple(
                letters(column) for column in sorted(grid.hidden_columns) if column < grid.width
            ),
        )
        return Extract(reading, self.problems, {code: sums.data for code, sums in self.sums.items()})

    def _notes(self, sign: int) -> None:
        grid = self.grid
        if self.hidden_lines:
            self._problem(
                codes.HIDDEN_ROWS,
                f"{self.hidden_lines:,} lines stand in hidden rows and were read like any other; "
                f"they come to {self.hidden_sum:f}.",
                None,
            )
        hidden_columns = [
            letters(column) for column in sorted(grid.hidden_columns) if column in set(self.columns.values())
        ]
        if hidden_columns:
            self._problem(
                codes.HIDDEN_COLUMNS,
                f"Hidden columns were read like any other: {', '.join(hidden_columns)}.",
                None,
            )
        for currency, count in sorted(self.finer.items()):
            self._problem(
                codes.AMOUNT_FINE,
                f"{count:,} amounts are finer than the smallest unit of {currency}; each is "
                "rounded half-even and the residue is shown.",
                None,
            )
        for cell, value, currency in self.not_spend[:50]:
            self._problem(
                codes.NOT_SPEND, f"{value:f} {currency} in {cell} is a payment to the card, not spend.", cell
            )
        if self.decision.currency_how == "assumed" and self.read:
            self._problem(
                codes.CURRENCY_ASSUMED,
                f"The sheet names no currency; its amounts were taken as {self.currency}.",
                None,
            )
        for cell, text in grid.strays[:20]:
            self._problem(codes.STRAY, f"“{text}” stands alone far outside the table and was left out.", cell)
        total = sum((sums.data for sums in self.sums.values()), Decimal(0))
        if total < 0 and sign == 1 and self.read > 1:
            self._problem(
                codes.NEGATIVE_SUM, f"The sheet's lines come to {total:f}, less than nothing.", None
            )


def name_cell(row: list[Cell], column: int) -> str:
    """The text of a cell that names a group, ``""`` for none and for a total's word."""
    value = row[column] if column < len(row) else None
    return fold(value) if isinstance(value, str) and not only_total(value) else ""


_UNKNOWN: date = date(1, 1, 1)


def _text(value: Cell) -> str:
    """A text cell as printed, white space folded; numbers as a sheet shows them (4410, not 4410.0)."""
    if value is None:
        return ""
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return (
            str(int(value))
            if abs(value) < 1e15 and value == int(value)
            else f"{exact(value):f}"
            if isfinite(value)
            else ""
        )
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if not (value.hour or value.minute or value.second)
            else value.isoformat(" ")
        )
    if isinstance(value, Bad):
        return ""
    return str(value)


def _shown(value: Cell) -> str:
    return value.text[:60] if isinstance(value, Bad) else str(value)[:60]


def preview(grid: Grid, rows: int = 40, columns: int = 30) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The first rows of a sheet as text, for the review page."""
    return tuple(
        (
            number,
            tuple(
                (value.text or "#" if isinstance(value, Bad) else _text(value))[:120]
                for value in row[:columns]
            ),
        )
        for number, row in zip(grid.numbers[:rows], grid.rows[:rows], strict=True)
    )
