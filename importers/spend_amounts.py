"""The amount of a row of spend: one cell, debit less credit, or a cell per month, in ledger sign and whole units."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from importers import codes
from importers.amounts import amount_text, amount_value, says_otherwise
from importers.currencies import credit_format
from importers.dates import date_readings, month_value
from importers.grid import Bad, Cell, Grid, column_index
from importers.not_spend import credit_kind, money_back
from importers.spend_columns import plain_number
from importers.spend_parts import with_minor
from importers.spend_sides import CREDIT_SIDES, word_of
from importers.table import span
from importers.texts import fold
from mopsaudit.intake.contract import Layout, SheetDecision
from mopsaudit.money import exact, keeps_cents
from mopsaudit.problems import ProblemCode

#: An amount in two fields: parted at a comma of thousands (``1|234.50``), or at the decimal comma (``89|99``).
_BEFORE_THOUSANDS = re.compile(r"\s*[-(]?[£€$]?\s?[0-9]{1,3}")
_THOUSANDS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?\)?\s*")
_BEFORE_CENTS = re.compile(r"\s*[-(]?[£€$]?\s?(?:[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+)")
_CENTS = re.compile(r"[0-9]{2}\)?-?\s*")
#: Rows looked at to tell how a sheet writes its tax.
_SAMPLE = 300


@dataclass(slots=True)
class Money:
    """The amount of a row: its value in ledger sign or None, the column it stands in, and what is wrong with it."""

    value: Decimal | None
    column: int
    wrong: ProblemCode | None = None
    text: str = ""
    currency: str | None = None
    present: bool = True


class AmountCells:
    """Reads the amounts of a row as a decision says: columns, decimal marks, sign, side, scale, months."""

    def __init__(self, grid: Grid, decision: SheetDecision) -> None:
        self.grid, self.decision = grid, decision
        self.columns = {choice.field: span(choice)[0] for choice in decision.columns}
        self.marks = {choice.field: choice.decimal_mark for choice in decision.columns}
        self.marks["fee"] = self.marks.get("amount")
        extra = dict(decision.extra)
        indicator = extra.get("indicator")
        self.indicator = column_index(indicator) if indicator else None
        self.scale = Decimal(str(extra.get("scale", 1)))
        credit = extra.get("credit_column")
        self.credit_column = column_index(credit) if credit else None
        #: Whether debits are written with a minus, as some banks write what leaves an account.
        self.debit_minus = bool(extra.get("debit_minus"))
        minor = extra.get("minor_column")
        #: The column of pence beside one of whole pounds.
        self.minor_column = column_index(minor) if minor else None
        fee = extra.get("fee_column")
        #: The column of fees that come on top of the amounts, and whether they are written with a minus.
        self.fee_column = column_index(fee) if fee else None
        self.fee_minus = bool(extra.get("fee_minus"))
        times, per = extra.get("times_column"), extra.get("per_column")
        #: The column of how many, where the amounts are what one costs, and that of how many a price stands for.
        self.times_column = column_index(times) if times else None
        self.per_column = column_index(per) if per else None
        #: Further columns of tax, which add up with the first.
        self.tax_columns = [column_index(column) for column in extra.get("tax_columns", ())]
        #: Whether the tax beside amounts that are turned round is written without their sign.
        self.own_tax_sign = decision.sign == -1 and self._tax_unsigned()
        amount = decision.column("amount")
        self.first, self.last = span(amount) if amount is not None else (0, -1)
        self.crosstab = decision.layout is Layout.CROSSTAB
        self.months: dict[int, date] = {}
        if self.crosstab and not {"suppliers", "currencies"} & set(extra):
            self.months = self._crosstab_months()
        #: Suppliers across the columns, with the months down the rows.
        self.suppliers: dict[int, str] = {
            column_index(column): name for column, name in extra.get("suppliers", {}).items()
        }
        #: Currencies across the columns, each line with its amount under its own.
        self.currencies: dict[int, str] = {
            column_index(column): code for column, code in extra.get("currencies", {}).items()
        }
        self._across = tuple(self.suppliers or self.currencies or self.months)
        self.has_percents = any(
            "%" in code for column in self.columns_of_amounts() for _, code in grid.formats.get(column, ())
        )
        #: Whether a number format alone marks some amounts as credits (``0.00" Cr"``), as Indian programs write them.
        self.has_credit_formats = any(
            credit_format(code)
            for column in self.columns_of_amounts()
            for _, code in grid.formats.get(column, ())
        )
        #: Whether an amount is debit less credit.
        self.by_sides = "debit" in self.columns or ("credit" in self.columns and "amount" not in self.columns)

    @property
    def column(self) -> int:
        """The column a row's amount stands in when nothing more is known of it."""
        if self.last >= 0:
            return self.first
        return self.columns.get("debit", self.columns.get("credit", 0))

    def columns_of_amounts(self) -> list[int]:
        """Every column an amount may stand in."""
        sides = [self.columns[name] for name in ("debit", "credit") if name in self.columns]
        return sides or list(range(self.first, self.last + 1))

    def of_row(self, row: list[Cell]) -> list[Money]:
        """The amounts of a row, with their fee; one that is not ``present`` where it has none."""
        found = self._of_row(row)
        if self.fee_column is None or self.crosstab or self.fee_column >= len(row):
            return found
        entry, cell = found[0], row[self.fee_column]
        fee = Money(None, self.fee_column, present=False)
        if cell is not None:
            fee = self.of_cell(cell, self.fee_column, "fee")
        if not fee.present or (entry.present and entry.value is None):
            return found
        if fee.value is None:
            return [fee]
        value = (entry.value or Decimal(0)) + (-fee.value if self.fee_minus else fee.value)
        return [Money(value, entry.column, currency=entry.currency or fee.currency)]

    def _tax_unsigned(self) -> bool:
        """Whether most lines that have a tax write it with the sign their amount has not."""
        amount, tax = self.columns.get("amount"), self.columns.get("tax")
        if amount is None or tax is None:
            return False
        same = other = 0
        for row in self.grid.rows[self.grid.position(self.decision.first_row) :][:_SAMPLE]:
            one, two = (plain_number(row[each]) if each < len(row) else None for each in (amount, tax))
            if one and two:
                same += (one < 0) == (two < 0)
                other += (one < 0) != (two < 0)
        return other > same

    def _of_row(self, row: list[Cell]) -> list[Money]:
        size = len(row)
        if self.crosstab:
            result = []
            for column in self._across:
                if column < size and row[column] is not None:
                    result.append(self.of_cell(row[column], column, "amount"))
            return result or [Money(None, self.first, present=False)]
        if self.by_sides:
            return [self._sides(row)]
        column = self.first
        value = row[column] if column < size else None
        if self.minor_column is not None:
            return [self._with_minor(row, value, self.minor_column)]
        if value is None:
            return [Money(None, column, present=False)]
        entry = self.of_cell(value, column, "amount", row)
        if self.times_column is not None:
            self._multiply(entry, row, self.times_column)
        if self.credit_column is not None and entry.value is not None and entry.value > 0:
            kind = row[self.credit_column] if self.credit_column < size else None
            if isinstance(kind, str) and (credit_kind(kind) or money_back(kind)):
                entry.value = -entry.value
        return [entry]

    def _multiply(self, entry: Money, row: list[Cell], times: int) -> None:
        """Make the price of one the amount of a line by its quantity; unreadable where that cannot be read."""
        if entry.value is None:
            return
        many = _plain(row[times] if times < len(row) else None, self.marks.get("amount"))
        per = Decimal(1)
        if self.per_column is not None:
            found = _plain(row[self.per_column] if self.per_column < len(row) else None, None)
            per = found or per
        if many is None:
            entry.wrong, entry.text = codes.AMOUNT_UNREADABLE, f"{entry.value} without its quantity"
        entry.value = None if many is None else entry.value * many / per

    def _with_minor(self, row: list[Cell], value: Cell, minor: int) -> Money:
        """Whole pounds with the pence of the column beside them."""
        pence = row[minor] if minor < len(row) else None
        if value is None and pence is None:
            return Money(None, self.first, present=False)
        entry = (
            Money(Decimal(0), self.first) if value is None else self.of_cell(value, self.first, "amount", row)
        )
        beside = Money(Decimal(0), self.first) if pence is None else self.of_cell(pence, self.first, "amount")
        if entry.value is None or beside.value is None:
            return entry if entry.value is None else beside
        both = with_minor(entry.value, beside.value)
        if both is None:
            return Money(None, self.first, codes.AMOUNT_UNREADABLE, f"{value} and {pence}")
        entry.value = both
        return entry

    def unless_split(self, row: list[Cell], amounts: list[Money], fields: int) -> list[Money]:
        """The amounts of a record with more fields than its header; unreadable where a comma within split one."""
        column = self.first
        left = row[column] if column < len(row) else None
        right = row[column + 1] if column + 1 < len(row) else None
        if (
            not self.crosstab
            and isinstance(left, str)
            and isinstance(right, str)
            and (
                (_BEFORE_THOUSANDS.fullmatch(left) and _THOUSANDS.fullmatch(right))
                or (
                    self.grid.delimiter == ","
                    and len(row) == fields + 1
                    and _BEFORE_CENTS.fullmatch(left)
                    and _CENTS.fullmatch(right)
                )
            )
        ):
            return [Money(None, column, codes.AMOUNT_UNREADABLE, f"{left.strip()},{right.strip()}")]
        return amounts

    def side_of(self, row: list[Cell]) -> str | None:
        """Which of debit and credit alone has a cell that is not nought; None for both or neither."""
        filled = [
            name
            for name in ("debit", "credit")
            if (column := self.columns.get(name)) is not None
            and column < len(row)
            and row[column] not in (None, 0)
        ]
        return filled[0] if len(filled) == 1 else None

    def _sides(self, row: list[Cell]) -> Money:
        parts: list[tuple[Money, int]] = []
        for name, sign in (("debit", 1), ("credit", -1)):
            column = self.columns.get(name)
            if column is not None and column < len(row) and row[column] is not None:
                entry = self.of_cell(row[column], column, name)
                if entry.present:
                    parts.append((entry, sign))
        if not parts:
            return Money(None, self.columns.get("debit", 0), present=False)
        for entry, _ in parts:
            if entry.value is None:
                return entry
        total = Decimal(0)
        column = parts[0][0].column
        # In a supplier's own account a bill stands under credit: the decision's sign turns debit less credit round.
        turned = self.decision.sign
        for entry, sign in parts:
            assert entry.value is not None
            value = entry.value * sign
            if sign > 0 and self.debit_minus:
                value = -value
            if sign < 0 and entry.value < 0 and len(parts) == 1:
                value = entry.value  # a credit already written with its minus
            total += value
            if entry.value:
                column = entry.column
        return Money(total * turned, column, currency=parts[0][0].currency)

    def of_cell(self, value: Cell, column: int, name: str, row: list[Cell] | None = None) -> Money:
        """One cell read as the field ``name``; ``row`` lets the debit/credit column beside it say its side."""
        own = name in ("debit", "credit", "fee") or (name == "tax" and self.own_tax_sign)
        sign: Decimal | int = 1 if own else self.decision.sign
        beside = self.indicator if row is not None and name == "amount" else None
        if row is not None and beside is not None and beside < len(row):
            sign = -sign if word_of(row[beside]) in CREDIT_SIDES else sign
        if self.scale != 1:
            sign *= self.scale
        if isinstance(value, float | int) and not isinstance(value, bool):
            try:
                if not keeps_cents(value):
                    return Money(None, column, codes.TOO_MANY_DIGITS, str(value))
                return Money(exact(value) * sign, column)
            except ValueError:
                return Money(None, column, codes.BAD_NUMBER, str(value))
        if isinstance(value, str):
            if says_otherwise(value) and fold(value):
                return Money(None, column, codes.UNSEEN, fold(value))
            return self._of_text(fold(value), column, name, sign)
        if isinstance(value, Decimal):
            return Money(value * sign, column)
        if isinstance(value, Bad):
            return Money(None, column, codes.OF_BAD.get(value.kind, codes.AMOUNT_UNREADABLE), value.text)
        if isinstance(value, bool):
            return Money(None, column, codes.BOOLEAN, "TRUE" if value else "FALSE")
        return Money(None, column, codes.TIME, str(value))

    def refuse_percents(self, number: int, amounts: list[Money]) -> None:
        """Take the values of a row's amounts whose cells are formatted as percentages."""
        for entry in amounts:
            value = entry.value
            if value is not None and "%" in self.grid.format_at(number, entry.column):
                entry.value, entry.wrong, entry.text = None, codes.PERCENT, f"{value * 100:f} %"

    def turn_credits(self, number: int, amounts: list[Money]) -> None:
        """Take off, not add, the amounts of a row whose number format writes ``Cr`` behind them."""
        for entry in amounts:
            if entry.value is not None and credit_format(self.grid.format_at(number, entry.column)):
                entry.value = -entry.value

    def _of_text(self, text: str, column: int, name: str, sign: Decimal | int) -> Money:
        if not text:
            return Money(None, column, present=False)
        if set(text) == {"#"} and len(text) >= 2:
            return Money(None, column, codes.HASHES, text)
        parts = amount_text("0" if text.casefold() in ("nil", "nihil") else text)
        if parts is None:
            if re.fullmatch(r"#[A-Z/0!?]+[!?A-Z/]*", text):
                return Money(None, column, codes.ERROR_CELL, text)
            if re.fullmatch(r"[-+]?[0-9][0-9.,]*\s?%", text):
                return Money(None, column, codes.PERCENT, text)
            if text.casefold() in ("true", "false", "wahr", "falsch", "vrai", "faux", "yes", "no"):
                return Money(None, column, codes.BOOLEAN, text)
            return Money(None, column, codes.AMOUNT_UNREADABLE, text)
        found = amount_value(parts, self.marks.get(name))
        if found is None:
            return Money(None, column, codes.AMOUNT_UNREADABLE, text)
        return Money(found * sign, column, currency=parts.currency)

    def tax(self, row: list[Cell]) -> Decimal | None:
        """The tax of a row, of all its columns; None where none can be read."""
        columns = [self.columns.get("tax"), *self.tax_columns]
        found = [value for column in columns if (value := self.beside(row, column, "tax")) is not None]
        return sum(found, Decimal(0)) if found else None

    def beside(self, row: list[Cell], column: int | None, name: str) -> Decimal | None:
        """The amount of another column (tax, original amount) as information; None where it cannot be read."""
        if column is None or column >= len(row) or row[column] is None:
            return None
        return self.of_cell(row[column], column, name).value

    def _crosstab_months(self) -> dict[int, date]:
        result: dict[int, date] = {}
        said = dict(self.decision.extra).get("months")
        if said:
            return {column_index(column): date.fromisoformat(month) for column, month in said.items()}
        header = self.grid.row(self.decision.header_rows[-1]) if self.decision.header_rows else []
        upper = self.grid.row(self.decision.header_rows[0]) if len(self.decision.header_rows) > 1 else []
        for column in range(self.first, self.last + 1):
            for row in (header, upper):
                month = _heading_month(row[column] if column < len(row) else None)
                if month is not None:
                    result[column] = month
                    break
        return result


def _plain(value: Cell, mark: str | None) -> Decimal | None:
    """A quantity as it is written; None for what is none."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return exact(value)
    parts = amount_text(fold(value)) if isinstance(value, str) else None
    return amount_value(parts, mark or ".") if parts is not None else None


def _heading_month(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return value.date().replace(day=1)
    if isinstance(value, date):
        return value.replace(day=1)
    if isinstance(value, str):
        month = month_value(value)
        if month is not None:
            return month
        days = set(date_readings(value).values())
        if len({(day.year, day.month) for day in days}) == 1:
            return next(iter(days)).replace(day=1)
    return None
