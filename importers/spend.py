"""Spend lines out of a sheet, as its decision says: every row ends as a line, a total, a note or a heading."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, localcontext
from functools import partial

from importers import codes, not_spend
from importers.closings import check_closings
from importers.currencies import currency_in_format, currency_of_cell, currency_of_text
from importers.grid import Cell, Grid, address, column_index
from importers.not_spend import Posting
from importers.sheet_words import SheetWords
from importers.silent_sums import silent_sums, sum_on_top, summary_above, summary_below
from importers.spend_amounts import AmountCells, Money
from importers.spend_cells import OtherCells, cell_text
from importers.spend_groups import named_above, several_labels
from importers.spend_plain import AT_ONCE, TEXTS, PlainRows, plain_rows
from importers.spend_rows import RowKinds, fill_merged, name_cell
from importers.spend_sections import carry_down, rows_of_credits, sections_told
from importers.spend_tally import Extract, Tally
from importers.table import same_texts
from importers.totals import Amounted, Found, find_totals
from mopsaudit.intake.contract import RowMark, SheetDecision, SpendRow
from mopsaudit.money import told_amount

_BATCH = 2000
#: Fewer plain rows than these on end are gathered with the others.
FEW = 200

Emit = Callable[[Sequence[SpendRow]], None]


def extract(
    grid: Grid,
    decision: SheetDecision,
    headings: Sequence[str],
    emit: Emit,
    base: str,
    *,
    order_open: bool = False,
) -> Extract:
    """Read the lines of a used sheet, in sheet order and batches.

    ``order_open``: the order of day and month is still asked about, so a date that reads two ways is no problem yet.
    """
    with localcontext() as context:
        context.prec = 60
        return _Walk(grid, decision, headings, emit, base, order_open=order_open).run()


class _Walk:
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
        self.tally = Tally(grid, decision)
        self.amounts = AmountCells(grid, decision)
        self.others = OtherCells(grid, decision, base, self.tally.problem, order_open=order_open)
        fill_merged(grid, decision)
        self.tally.problems.extend(carry_down(grid, decision))
        self.start = grid.position(decision.first_row)
        self.stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
        self.words = SheetWords(grid.rows[self.start : self.stop], headings)
        self.rows = RowKinds(grid, decision, headings, self.amounts, self.others, self.words)
        self.columns = self.rows.columns
        self.row_marks = dict(decision.row_marks)
        extra = dict(decision.extra)
        telling = (extra.get("kind_column"), extra.get("state_column"))
        self.kind_column, self.state_column = (column_index(each) if each else None for each in telling)
        self.batch: list[SpendRow] = []
        self.money: dict[int, list[Money]] = {}
        #: Rows under a heading of credits, which carry no minus of their own.
        self.credits = rows_of_credits(grid, decision)
        self.plain: PlainRows | None = None  # where lines that cost something may be no spend
        if not (self.rows.statement or self.rows.mixed):
            self.plain = plain_rows(grid, decision, base, self.amounts, self.others, self.words)
        self.plain_money: dict[int, Decimal] = {}
        self.group = self.group_above = self._group_above()
        self.kinds, self.repeated = dict[int, RowMark](), 0
        #: How many fields the header of a text file has; a record with more has a comma too many.
        self.fields = 0
        if grid.text_file and decision.header_rows:
            self.fields = max(grid.fields_of(number) for number in decision.header_rows)
        self.taken_back: frozenset[int] = frozenset()

    def run(self) -> Extract:
        """Judge every row, find the totals among those with an amount, then make the lines."""
        self.rows.learn_core(self.start, self.stop)
        amounted = self._judge_rows()
        amounted = self._drop_summaries(amounted)
        silent = silent_sums(amounted) or sum_on_top(amounted, self.grid.rows)
        found = find_totals(amounted, silent)
        for entry in amounted:
            if self.row_marks.get(entry.number) is RowMark.TOTAL and entry.index not in found:
                found[entry.index] = Found(entry, entry.number, entry.number, Decimal(0), True, False)
        self._drop_after_grand(found, amounted)
        for index in silent:
            self.plain_money.pop(index, None)
        if self.plain is not None:
            for index, amount in self.plain.claiming.items():
                if index not in found and self.money.pop(index, None) is not None:
                    self.plain_money[index] = amount
        self.taken_back = self._taken_back(found)
        wrong = check_closings(amounted, found, (self.money, self.plain_money))
        self._lines(found)
        self.tally.closings(wrong, self.amounts.column)
        self.tally.problems += sections_told(self.grid, self.decision, self.credits, self.amounts.column)
        return self.tally.result(found, self.kinds, self.repeated, self.amounts.column)

    def _group_above(self) -> str:
        """The supplier a labelled row right above the header names for the first lines; ``""`` for none."""
        column = self.columns.get("supplier")
        if column is None or not self.rows.grouped or self.rows.grouping != "rows":
            return ""
        return named_above(self.grid, self.start, column)

    def _judge_rows(self) -> list[Amounted]:
        """What each row is by itself; the rows with an amount that may be totals are given back."""
        amounted: list[Amounted] = []
        next_row = self.start
        if self.plain is not None:
            for entry in self.plain.judged(self.start, self.stop, self.rows.core, self.rows.table):
                for index in range(next_row, entry.index):
                    self._judge(index, amounted)
                next_row = entry.index + 1
                assert entry.amount is not None
                self.plain_money[entry.index] = entry.amount
                amounted.append(entry)
        for index in range(next_row, self.stop):
            self._judge(index, amounted)
        return amounted

    def _judge(self, index: int, amounted: list[Amounted]) -> None:
        """What a row is by itself: a kind, or an amount and perhaps an entry of ``amounted``."""
        rows = self.rows
        row, number = self.grid.rows[index], self.grid.numbers[index]
        mark = self.row_marks.get(number)
        if mark in (RowMark.IGNORE, RowMark.NOTE, RowMark.HEADER):
            self.kinds[index] = mark
            return
        amounts = self.amounts.of_row(row)
        if self.amounts.has_percents:
            self.amounts.refuse_percents(number, amounts)
        if self.amounts.has_credit_formats:
            self.amounts.turn_credits(number, amounts)
        if index in self.credits:
            for entry in amounts:
                entry.value = -entry.value if entry.value else entry.value
        if self.fields and len(row) > self.fields:
            amounts = self.amounts.unless_split(row, amounts, self.fields)
        headings = self.words.headings
        if mark is None and not headings.isdisjoint(row) and same_texts(row, self.headings):
            self.kinds[index] = RowMark.HEADER
            self.repeated += 1
            return
        if rows.grouped and mark is None and rows.grouping == "rows" and several_labels(row):
            self.group = rows.group_name(row) or self.group
            self.kinds[index] = RowMark.NOTE
            return
        if not any(entry.present for entry in amounts):
            if rows.grouped and rows.grouping == "rows":
                self.group = rows.group_name(row) or self.group
            if mark is RowMark.DATA:
                self.money[index] = amounts
            else:
                self.kinds[index] = RowMark.NOTE if mark is None else mark
            return
        unread = amounts[0].value is None and all(entry.value is None for entry in amounts)
        if mark is None and rows.says_nothing(index, row, unread=unread):
            self.kinds[index] = RowMark.NOTE
            return
        self.money[index] = amounts
        if mark is not RowMark.DATA:
            amounted.append(rows.amounted(index, row, amounts, self.group, mark))

    def _leave_out(self, index: int) -> None:
        """A row with an amount that is no line after all."""
        self.kinds[index] = RowMark.NOTE
        self.money.pop(index, None)
        self.plain_money.pop(index, None)

    def _drop_after_grand(self, found: dict[int, Found], amounted: list[Amounted]) -> None:
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
            self._leave_out(entry.index)
        self.tally.problem(
            codes.AFTER_TOTAL,
            f"{len(later)} rows below the grand total in row {self.grid.numbers[end]} (amounts "
            f"{told_amount(total, self.others.currency_of_sheet)}) were left out: neither date nor supplier.",
            address(later[0].number, self.amounts.column),
        )

    def _drop_summaries(self, amounted: list[Amounted]) -> list[Amounted]:
        """Without the rows above or below the lines that are a summary of them; each told."""
        above = summary_above(amounted)
        if above:
            dropped = {entry.index for entry in above}
            amounted = self._drop_summary(amounted, above, dropped, "hold each supplier's sum of those below")
        below, dropped = summary_below(amounted)
        if below:
            amounted = self._drop_summary(amounted, below, dropped, "come to the same sum as the lines above")
        return amounted

    def _drop_summary(
        self, amounted: list[Amounted], rows: list[Amounted], dropped: set[int], why: str
    ) -> list[Amounted]:
        for index in dropped:
            self._leave_out(index)
        self.tally.problem(
            codes.AFTER_TOTAL,
            f"{len(rows)} rows from row {rows[0].number} on {why} and were left out: they are a summary of them.",
            address(rows[0].number, self.amounts.column),
        )
        return [entry for entry in amounted if entry.index not in dropped]

    def _described(self, row: list[Cell]) -> str:
        """What a row says of itself: supplier, description and kind of document."""
        columns = (self.columns.get("supplier"), self.columns.get("description"), self.kind_column)
        return " ".join(
            cell_text(row[column]) for column in columns if column is not None and column < len(row)
        )

    def _taken_back(self, found: dict[int, Found]) -> frozenset[int]:
        """Rows that take another back, with the rows they take back: neither is spend."""
        grid = self.grid
        if self.amounts.crosstab or not self.words.reversals:
            return frozenset()
        lines = [index for index in self.money if index not in found]
        if all(self.words.reversals.isdisjoint(grid.rows[index]) for index in lines):
            return frozenset()
        supplier = self.columns.get("supplier")
        postings = []
        for index in lines:
            row, entry = grid.rows[index], self.money[index][0]
            if entry.value is not None:
                name = cell_text(row[supplier]) if supplier is not None and supplier < len(row) else ""
                postings.append(Posting(index, name, self._described(row), entry.value))
        return not_spend.reversed_pairs(postings)

    # -- lines ---------------------------------------------------------------------------------------------------

    def _lines(self, found: dict[int, Found]) -> None:
        grid, rows, others, amounts = self.grid, self.rows, self.others, self.amounts
        group: str | None = self.group_above or None
        get = self.columns.get
        text_columns = [get(name) for name in TEXTS]
        supplier_column = get("supplier")
        original_column, original_currency_column = get("original_amount"), get("original_currency")
        currency_column = others.currency_column
        grouped = rows.grouped
        heads_only = rows.heads_only()
        folded: Mapping[Cell, str] = self.words.folded  # type: ignore[assignment]
        positive = sum(
            (
                entry.value
                for index, entries in self.money.items()
                if index not in found
                for entry in entries
                if entry.value and entry.value > 0
            ),
            Decimal(0),
        )
        positive += sum((value for value in self.plain_money.values() if value > 0), Decimal(0))
        index = self.start - 1
        while (index := index + 1) < self.stop:
            if index in self.plain_money:
                index = self._plain_lines(index, positive) - 1
                continue
            row, number = grid.rows[index], grid.numbers[index]
            if index in found:
                self.kinds[index] = RowMark.TOTAL
                if rows.outline and supplier_column is not None:
                    group = name_cell(row, supplier_column) or group
                continue
            if index not in self.money:
                if grouped and rows.grouping == "rows" and self.kinds.get(index) is RowMark.NOTE:
                    group = rows.group_name(row) or group
                elif self.kinds.get(index) is RowMark.NOTE and rows.lacks_amount(index, row):
                    del self.kinds[index]
                    self._reject(row, number, Money(None, amounts.column, codes.AMOUNT_MISSING))
                continue
            size = len(row)
            supplier: str | None = None
            if supplier_column is not None:
                value = row[supplier_column] if supplier_column < size else None
                supplier = "" if heads_only else folded.get(value) or cell_text(value)
                if grouped and not supplier:
                    supplier = group or ""
                elif grouped and rows.grouping == "first":
                    group = supplier
            day = others.day(row, number)
            period = others.period(row)
            others.tell_undated(row, number, day or period)
            currency = others.currency(row, number)
            texts = [
                None
                if column is None
                else ""
                if column >= size
                else folded.get(row[column]) or cell_text(row[column])
                for column in text_columns
            ]
            tax = amounts.tax(row)
            original = amounts.beside(row, original_column, "original_amount")
            service = others.service.of(row, number)
            original_currency = None
            if original_currency_column is not None and original_currency_column < size:
                original_currency = currency_of_text(str(row[original_currency_column] or ""), self.base)
            for entry in self.money[index]:
                if not entry.present:
                    if self.row_marks.get(number) is RowMark.DATA:
                        self._reject(row, number, Money(None, entry.column, codes.AMOUNT_MISSING))
                    continue
                amount = entry.value
                if amount is None:
                    self._reject(row, number, entry)
                    continue
                if amounts.crosstab and amount == 0:
                    continue
                if amounts.suppliers:
                    supplier = amounts.suppliers.get(entry.column)
                own = amounts.currencies.get(entry.column, currency)
                if not amounts.currencies and currency_column is None and (entry.currency or grid.formats):
                    own = self._own_currency(entry, number) or currency
                self.tally.line(number, amount, own)
                why = self._why_not_spend(index, row, amount, supplier, texts[0], positive)
                cell = address(number, entry.column)
                if why is not None:
                    self.tally.not_spend.append((cell, amount, own, why))
                if supplier_column is not None and not supplier:
                    self.tally.problem(
                        codes.SUPPLIER_MISSING,
                        f"Row {number} names no supplier; it counts under “no supplier”.",
                        address(number, supplier_column),
                    )
                self.batch.append(
                    SpendRow(
                        number,
                        cell,
                        amount,
                        own,
                        day,
                        amounts.months.get(entry.column, period) if amounts.crosstab else period,
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
                        why,
                        texts[7],
                        *service,
                    )
                )
            self._emit_from(_BATCH)
        self._emit_from(1)

    def _emit_from(self, count: int) -> None:
        """Hand on the gathered lines when there are as many."""
        if len(self.batch) >= count:
            self.emit(self.batch)
            self.batch = []

    def _plain_lines(self, start: int, positive: Decimal) -> int:
        """The lines of the plain rows from index ``start`` on, some thousands at most; the index after them."""
        assert self.plain is not None
        found = [*map(self.plain_money.get, range(start, start + AT_ONCE)), None]
        values = [value for value in found[: found.index(None)] if value is not None]
        stop = start + len(values)
        lines = self.plain.lines(start, stop, values, partial(self._why_not_spend, positive=positive))
        currencies = lines.column("currency")
        self.tally.lines(self.grid.numbers[start:stop], values, currencies)
        told = zip(lines.column("cell"), values, currencies, lines.column("not_spend"), strict=True)
        self.tally.not_spend.extend(line for line in told if line[3])
        if len(lines) < FEW:
            self.batch.extend(lines)
        self._emit_from(_BATCH if len(lines) < FEW else 1)
        if len(lines) >= FEW:
            self.emit(lines)
        return stop

    def _reject(self, row: list[Cell], number: int, entry: Money) -> None:
        currency = self.others.currency(row, number, quiet=True)
        wrong = entry.wrong or codes.AMOUNT_UNREADABLE
        self.tally.reject(number, entry.column, wrong, entry.text, currency)

    def _own_currency(self, entry: Money, number: int) -> str | None:
        """The currency the amount's own text or number format names, or None."""
        if entry.currency:
            return currency_of_cell(entry.currency, self.decision.currency, self.base)
        if self.decision.currency_how == "format":
            shown = self.grid.format_at(number, entry.column)
            return currency_in_format(shown, self.base) if shown else None
        return None

    def _why_not_spend(
        self,
        index: int,
        row: list[Cell],
        value: Decimal,
        supplier: str | None,
        description: str | None,
        positive: Decimal,
    ) -> str | None:
        """Why a line is no spend, or None for spend and its credits."""
        if (elsewhere := self.rows.elsewhere(row)) is not None:
            return elsewhere
        if self.taken_back and index in self.taken_back:
            return not_spend.REVERSAL
        if self.state_column is not None and self.state_column < len(row):
            state = row[self.state_column]
            if isinstance(state, str) and not_spend.declined(state):
                return None if value < 0 and not_spend.taken_back(state) else not_spend.DECLINED
        kind = row[self.kind_column] if self.kind_column is not None and self.kind_column < len(row) else None
        if not_spend.moved(row, kind, statement=self.rows.statement or self.decision.sign == -1):
            return not_spend.TRANSFER
        if value >= 0:
            if self.rows.apart and not_spend.of_kind(kind) == not_spend.PAYMENT:
                return not_spend.PAYMENT
            described = f"{supplier or ''} {description or ''}" if self.rows.statement else ""
            return not_spend.TRANSFER if not_spend.own_account(described) else None
        why = not_spend.of_kind(kind) or not_spend.of_words(f"{supplier or ''} {description or ''}")
        if why is not None:
            return why
        nameless = "supplier" in self.columns and not supplier and not description
        if nameless and any(isinstance(cell, str) and not_spend.advance(cell) for cell in row):
            return not_spend.TRANSFER
        return not_spend.CARD_PAYMENT if nameless and -value * 3 >= positive > 0 else None
