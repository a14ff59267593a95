"""What a row of a spend sheet is, as far as the row itself tells: which columns a line fills, what a heading names."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import zip_longest

from importers.amounts import amount_text
from importers.currencies import currency_of_text
from importers.dates import date_readings
from importers.grid import Cell, Grid, column_index
from importers.kind_words import kind_word
from importers.not_spend import OTHER_ACCOUNT
from importers.page_heads import PageHeads
from importers.sheet_words import SheetWords
from importers.spend_amounts import AmountCells, Money
from importers.spend_cells import OtherCells
from importers.spend_columns import WORDS, account_of
from importers.spend_details import bills_below
from importers.spend_groups import group_of
from importers.table import span, with_value
from importers.texts import fold
from importers.total_words import Says, only_total, says_total
from importers.totals import Amounted
from mopsaudit.intake.contract import Layout, RowMark, SheetDecision

#: What rules a line off (`-----`, `*`) and names nothing.
_RULES = "*-=_–—.·# "


class RowKinds:
    """Judges single rows of one sheet against what its decision says and what its other rows fill."""

    def __init__(
        self,
        grid: Grid,
        decision: SheetDecision,
        headings: Sequence[str],
        amounts: AmountCells,
        others: OtherCells,
        words: SheetWords,
    ) -> None:
        self.grid, self.decision, self.headings = grid, decision, headings
        self.amounts, self.others, self.words = amounts, others, words
        self.columns = {choice.field: span(choice)[0] for choice in decision.columns}
        self.grouping = str(dict(decision.extra).get("grouping", "rows"))
        self.grouped = decision.layout is Layout.GROUPED
        self.outline = self.grouped and self.grouping == "above"
        self.table = self._columns_of_table()
        self.core: tuple[int, ...] = ()
        self.pages = PageHeads(grid, decision, headings)
        #: Whether the payments among the lines are known to pay bills that stand there too, whatever their sign.
        self.apart = bool(dict(decision.extra).get("payments_apart"))
        #: The first figures of the accounts of a whole journal that hold the spend, and the column of its accounts.
        self.accounts = frozenset(str(dict(decision.extra).get("spend_accounts", "")))
        told = dict(decision.extra).get("apart", {})
        #: The column that sets lines apart, the words that do, and why those are no spend.
        self.apart_column = column_index(told["column"]) if told else None
        self.apart_words, self.apart_why = frozenset(told.get("words", ())), str(told.get("why", ""))
        #: Whether lines that cost something may be no spend.
        self.mixed = self.apart or self.apart_column is not None
        #: Whether a balance is carried on beside the amounts, as on a bank's statement.
        self.statement = any(WORDS.fields(text).get("_balance", 0.0) >= 0.8 for text in headings if text)

    def elsewhere(self, row: list[Cell]) -> str | None:
        """Why a row is no spend whatever its amount: a journal's account that holds none, a kind of line set apart."""
        column = self.columns.get("gl_account")
        if self.accounts and column is not None and account_of(row, column)[:1] not in self.accounts:
            return OTHER_ACCOUNT
        column = self.apart_column
        if column is not None and kind_word(row[column] if column < len(row) else None) in self.apart_words:
            return self.apart_why
        return None

    def learn_core(self, start: int, stop: int) -> None:
        """Note the columns of the decision (amounts aside) that nearly every row with an amount fills."""
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
            if name in self.columns and not (self.grouped and name == "supplier")
        ]
        columns = [self.columns[name] for name in names]
        outright = self.words.outright
        money = self.amounts.columns_of_amounts()
        wanted = sorted(set(columns))
        filled = dict.fromkeys(wanted, 0)
        count = 0
        for first in range(start, stop, 2000):
            rows: Sequence[list[Cell]] = self.grid.rows[first : min(first + 2000, stop)]
            across = list(zip_longest(*rows))
            plain = len(money) == 1 and money[0] < len(across) and None not in across[money[0]]
            if not plain or not all(map(outright.isdisjoint, across)):
                rows = [row for row in with_value(rows, money) if outright.isdisjoint(row)]
                across = list(zip_longest(*rows))
            count += len(rows)
            for column in wanted:
                if column < len(across):
                    filled[column] += len(rows) - across[column].count(None)
        enough = (0.85 if count >= 40 else 0.6) * count
        self.core = tuple(column for column, rows_with in filled.items() if rows_with and rows_with >= enough)

    def amounted(
        self, index: int, row: list[Cell], amounts: list[Money], group: str, mark: RowMark | None
    ) -> Amounted:
        """A row with an amount, as the finder of totals wants to know it."""
        money_columns = {entry.column for entry in amounts}
        values = [entry.value for entry in amounts if entry.value is not None]
        if mark is None and not self.outline and self.words.claiming.isdisjoint(row):
            plain = self._plain_line(index, row, values, money_columns, group)
            if plain is not None:
                return plain
        label, says = "", Says.NOTHING
        bare = True
        words = 0
        table = self.table
        for column, value in enumerate(row):
            if value is None or column in money_columns or column >= table.stop:
                continue
            if isinstance(value, str):
                if len(value) == 3 and value.isupper() and currency_of_text(value):
                    continue  # a total says its currency as a line does
                claim = says_total(value)
                if claim > says:
                    label, says = fold(value), claim
                if column >= table.start and fold(value).strip(_RULES) and amount_text(value) is None:
                    bare = False
                    words += 1
                    label = label or fold(value)
            elif bare and column >= table.start and isinstance(value, datetime | date):
                bare = False
        dated = self.others.is_dated(row)
        missing = sum(not (column < len(row) and row[column] is not None) for column in self.core)
        if mark is RowMark.TOTAL:
            says, dated = Says.OUTRIGHT, False
        supplier_column = self.columns.get("supplier")
        if self.outline and mark is None and supplier_column is not None and name_cell(row, supplier_column):
            says, dated, missing = Says.OUTRIGHT, False, len(self.core)
        name = group if self.grouped and self.grouping == "rows" else ""
        if not name and supplier_column is not None and supplier_column < len(row):
            name = fold(str(row[supplier_column] or ""))
        return Amounted(
            index=index,
            number=self.grid.numbers[index],
            amount=sum(values, Decimal(0)) if values else None,
            label=label,
            says=says,
            missing=missing,
            core=len(self.core),
            bare=bare,
            dated=dated,
            name=name,
            words=words,
            side=self.amounts.side_of(row) if self.amounts.by_sides else None,
        )

    def _plain_line(
        self, index: int, row: list[Cell], values: list[Decimal], money_columns: set[int], group: str
    ) -> Amounted | None:
        """The same of a dated row without any word of totals, the short way; None where its date does not say so.

        A date that is no amount says that the row is not bare; of a dated row that claims nothing neither the label
        nor the number of words is ever asked.
        """
        column = self.columns.get("date", -1)
        if not 0 <= column < len(row) or column not in self.table or column in money_columns:
            return None
        day = row[column]
        if type(day) is not datetime and (
            not isinstance(day, str) or not date_readings(day) or amount_text(day) is not None
        ):
            return None
        size = len(row)
        missing = 0
        for each in self.core:
            if each >= size or row[each] is None:
                missing += 1
        name = group if self.grouped and self.grouping == "rows" else ""
        supplier = self.columns.get("supplier")
        if not name and supplier is not None and supplier < size:
            text = row[supplier]
            name = self.words.folded[text] if type(text) is str else fold(str(text or ""))
        return Amounted(
            index=index,
            number=self.grid.numbers[index],
            amount=values[0] if len(values) == 1 else sum(values, Decimal(0)) if values else None,
            label="",
            says=Says.NOTHING,
            missing=missing,
            core=len(self.core),
            bare=False,
            dated=True,
            name=name,
            words=2,
            side=self.amounts.side_of(row) if self.amounts.by_sides else None,
        )

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

    def _named(self, row: list[Cell]) -> bool:
        """Whether a row names a supplier."""
        column = self.columns.get("supplier")
        return column is not None and column < len(row) and row[column] is not None

    def only_words(self, row: list[Cell]) -> bool:
        """A row whose amount cell holds words and that has no date: a note that happens to reach the amount column."""
        column = self.others.date_column
        if column is not None and column < len(row) and row[column] is not None:
            return False
        for column in self.amounts.columns_of_amounts():
            value = row[column] if column < len(row) else None
            if value is None:
                continue
            if isinstance(value, str) and says_total(value) >= Says.OUTRIGHT and not self._named(row):
                return True  # the word of a total right before its numbers, in this very column
            if not isinstance(value, str) or not re.fullmatch(
                r"[^0-9#]{2,}|#\s?[^0-9#]*[a-zà-ž][^0-9#]*|.{41,}", fold(value)
            ):
                return False
        return sum(value is not None for value in row) <= 2

    def says_nothing(self, index: int, row: list[Cell], *, unread: bool) -> bool:
        """A row with something in its amount cell that is no line: the head of a page, a note, a rule across."""
        if self.pages.holds(index, row, unread=unread):
            return True
        return unread and (self.only_words(row) or self._only_rules(row))

    def _only_rules(self, row: list[Cell]) -> bool:
        """A row of nothing but dashes and the like, printed to rule a line off."""
        texts = [value for value in row if value is not None]
        return all(isinstance(value, str) and len(value) > 2 and not value.strip(_RULES) for value in texts)

    def group_name(self, row: list[Cell]) -> str:
        """The supplier a row without an amount names for the lines below it; ``""`` for any other row."""
        column = self.columns.get("supplier")
        return "" if column is None else group_of(row, column)

    def heads_only(self) -> bool:
        """Whether the names of groups stand over a column of the lines, whose own cells there are no suppliers."""
        if not self.grouped or self.grouping != "rows":
            return False
        supplier = self.columns.get("supplier")
        return bool(dict(self.decision.extra).get("heads_only")) or any(
            name != "supplier" and column == supplier for name, column in self.columns.items()
        )

    def lacks_amount(self, index: int, row: list[Cell]) -> bool:
        """A full line but for its amount: dated, with a supplier, and no bill of the payment above it."""
        if (self.amounts.crosstab and not self.amounts.currencies) or self.grouped:
            return False
        date_column, supplier_column = self.columns.get("date"), self.columns.get("supplier")
        if date_column is None or supplier_column is None or len(row) <= max(date_column, supplier_column):
            return False
        value = row[date_column]
        real = isinstance(value, datetime | date) or (isinstance(value, str) and bool(date_readings(value)))
        supplier = row[supplier_column]
        if isinstance(supplier, str) and says_total(supplier) >= Says.OUTRIGHT:
            return False
        return real and supplier is not None and index not in self.bills

    @cached_property
    def bills(self) -> frozenset[int]:
        """Indexes of the rows that say which bills the payment above them paid."""
        return bills_below(self.grid, self.decision)


def name_cell(row: list[Cell], column: int) -> str:
    """The text of a cell that names a group, ``""`` for none and for a total's word."""
    value = row[column] if column < len(row) else None
    return fold(value) if isinstance(value, str) and not only_total(value) else ""


def fill_merged(grid: Grid, decision: SheetDecision) -> None:
    """A cell merged downwards says the same for every row it spans; amounts are never repeated so."""
    columns = {choice.field: span(choice)[0] for choice in decision.columns}
    money = {
        columns.get(name) for name in ("amount", "debit", "credit", "net", "tax", "gross", "original_amount")
    }
    wanted = set(columns.values()) - money
    for first_row, first, last_row, last in grid.merged:
        if last_row <= first_row or first_row < decision.first_row or last_row - first_row > 10_000:
            continue
        source = grid.row(first_row)
        for column in range(first, last + 1):
            if column not in wanted or first >= len(source) or source[first] is None:
                continue
            for index in range(grid.position(first_row + 1), grid.position(last_row + 1)):
                row = grid.rows[index]
                if len(row) > column and row[column] is None:
                    row[column] = source[first]
