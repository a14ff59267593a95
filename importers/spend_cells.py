"""The other cells of a row of spend: its date, its period, its currency, its texts."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime
from math import isfinite

from importers import codes
from importers.currencies import currency_of_text
from importers.dates import (
    date_readings,
    date_value,
    day_and_month,
    in_our_time,
    month_name,
    month_value,
    quarter_value,
    serial_date,
)
from importers.fiscal import bare_period, fiscal_period, names_its_end, placed, year_of
from importers.grid import Bad, Cell, Grid, address, column_index
from importers.spend_sections import currency_sections
from importers.spend_service import ServiceDates
from importers.table import span
from importers.texts import fold
from mopsaudit.intake.contract import SheetDecision
from mopsaudit.money import exact
from mopsaudit.problems import ProblemCode

#: What is written as a day, whether or not there is such a day.
_DAY_LIKE = re.compile(r"\s*[0-9]{1,4}\s?[./-]\s?[0-9]{1,2}\s?[./-]\s?[0-9]{1,4}(?![0-9])")
_UNKNOWN: date = date(1, 1, 1)

Report = Callable[[ProblemCode, str, str | None], None]


class OtherCells:
    """Reads dates, periods and currencies as a decision says; problems go to ``report(code, sentence, cell)``.

    ``order_open``: the order of day and month is still asked about, so a date that reads two ways is no problem yet.
    """

    def __init__(
        self, grid: Grid, decision: SheetDecision, base: str, report: Report, *, order_open: bool
    ) -> None:
        self.grid, self.base, self.report, self.order_open = grid, base, report, order_open
        self.currency_of_sheet = decision.currency or base
        columns = {choice.field: span(choice)[0] for choice in decision.columns}
        self.date_column, self.period_column = columns.get("date"), columns.get("period")
        self.currency_column = columns.get("currency")
        choice = decision.column("date")
        self.order = choice.date_order if choice else None
        extra = dict(decision.extra)
        self.fiscal_start = int(extra.get("fiscal_start", 1))
        year = extra.get("year_column")
        self.year_column = column_index(year) if year else None
        self.year_ends = bool(extra.get("year_ends"))  # its heading says so
        said = extra.get("period")
        self.month_of_sheet = date.fromisoformat(said) if said else None
        #: The year of dates that name none, and the column of the day where day, month and year stand apart.
        self.year_of_dates = extra.get("date_year")
        day = extra.get("day_column")
        self.day_column = column_index(day) if day else None
        self.sections = currency_sections(grid, decision, base)
        self.service = ServiceDates(decision, self.date_of, report)
        self.dates: dict[str, date | None] = {}

    def day(self, row: list[Cell], number: int) -> date | None:
        """The day of a row; a missing or unreadable one is reported and None."""
        column = self.date_column
        if column is None:
            return self._day_apart(row)
        value = row[column] if column < len(row) else None
        if type(value) is datetime and in_our_time(value):
            return value.date()
        if value is None:
            self.report(
                codes.DATE_MISSING,
                f"Row {number} has no date; it counts as undated.",
                address(number, column),
            )
            return None
        day = self.date_of(value)
        if day is None and not (self.order_open and isinstance(value, str) and date_readings(value)):
            self.report(
                codes.DATE_UNREADABLE,
                f"Row {number}: {_no_date(value)}; the line counts as undated.",
                address(number, column),
            )
        return day

    def _day_apart(self, row: list[Cell]) -> date | None:
        """The day where day, month and year stand in columns of their own; None where a sheet has none such."""
        if self.day_column is None or self.day_column >= len(row):
            return None
        month, number = self.period(row), day_number(row[self.day_column])
        if month is None or number is None or number > monthrange(month.year, month.month)[1]:
            return None
        return month.replace(day=number)

    def period(self, row: list[Cell]) -> date | None:
        """The first day of the month a row's period names, or None."""
        column = self.period_column
        if column is None or column >= len(row):
            return self.month_of_sheet
        return self.month_of(row[column], row)

    def tell_undated(self, row: list[Cell], number: int, dated: date | None) -> None:
        """Report the period of a row that is all that might date it and names no month; a missing date told its own."""
        column = self.period_column
        if dated is not None or column is None or self.date_column is not None:
            return
        value = row[column] if column < len(row) else None
        if value is None:
            code, told = codes.DATE_MISSING, f"Row {number} names no period; it counts as undated."
        else:
            code = codes.DATE_UNREADABLE
            told = f"Row {number}: “{shown(value)}” cannot be read as a month; the line counts as undated."
        self.report(code, told, address(number, column))

    def is_dated(self, row: list[Cell]) -> bool:
        """Whether the row's date (its period, where the sheet has no date) reads as one; a total's word does not."""
        column = self.date_column if self.date_column is not None else self.period_column
        value = row[column] if column is not None and column < len(row) else None
        if isinstance(value, str):
            return (
                bool(date_readings(value))
                or self.month_of(value, row) is not None
                or bool(_DAY_LIKE.match(value))  # 31.02.2026 is no day, and no total's word either
            )
        return value is not None and not isinstance(value, Bad | bool)

    def date_of(self, value: Cell) -> date | None:
        """A cell as a day, or None."""
        if isinstance(value, datetime):
            return value.date() if in_our_time(value) else None
        if isinstance(value, date):
            return value if in_our_time(value) else None
        if isinstance(value, str):
            found = self.dates.get(value, _UNKNOWN)
            if found is _UNKNOWN:
                found = date_value(value, self.order)
                if found is None and re.fullmatch(r"\s*[0-9]{5}(?:\.[0-9]+)?\s*", value):
                    found = serial_date(float(value), date_1904=self.grid.date_1904)
                if found is None and self.year_of_dates and (said := day_and_month(value)):
                    number, month = said
                    if number <= monthrange(self.year_of_dates, month)[1]:
                        found = date(self.year_of_dates, month, number)
                self.dates[value] = found
            return found
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = int(value) if abs(value) < 1e9 else 0
            if 19_800_101 <= whole <= 20_791_231:
                return date_value(str(whole), None)
            return serial_date(value, date_1904=self.grid.date_1904)
        return None

    def month_of(self, value: Cell, row: list[Cell]) -> date | None:
        """The first day of the month a period cell names, with the year beside it where it names none itself."""
        if isinstance(value, datetime):
            return value.date().replace(day=1)
        if isinstance(value, date):
            return value.replace(day=1)
        if isinstance(value, str):
            return self._month_of_text(value, row)
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = int(value) if abs(value) < 1e9 else 0
            if 198_001 <= whole <= 207_916:
                return month_value(str(whole)) or self._of_year(whole // 100, whole % 100)
            if self.year_column is not None:
                return self._beside_year(value, row)
            day = serial_date(value, date_1904=self.grid.date_1904)
            return day.replace(day=1) if day else None
        return None

    def _month_of_text(self, value: str, row: list[Cell]) -> date | None:
        month = month_value(value)
        if month is not None:
            return month
        if re.fullmatch(r"\s*[0-9]{5}(?:\.[0-9]+)?\s*", value):
            day = serial_date(float(value), date_1904=self.grid.date_1904)
            return day.replace(day=1) if day else None
        said = fiscal_period(value)
        if said is not None:
            first, number, two_years = said
            ends = not two_years and self.fiscal_start != 1 and "fy" in value.casefold()
            return placed(first - ends, number, self.fiscal_start)
        day = date_value(value, self.order)
        if day is not None:
            return day.replace(day=1)
        quarter = quarter_value(value)
        if quarter is not None:
            return quarter[0]
        return self._beside_year(value, row) if self.year_column is not None else None

    def _beside_year(self, value: Cell, row: list[Cell]) -> date | None:
        column = self.year_column
        said = row[column] if column is not None and column < len(row) else None
        year = year_of(said)
        if year is None:
            return None
        name = month_name(value) if isinstance(value, str) else None
        if name is not None:
            return date(year, name, 1)
        number = bare_period(value)
        if number is None:
            return None
        ends = (self.year_ends or names_its_end(said)) and self.fiscal_start != 1
        return placed(year - ends, number, self.fiscal_start)

    def _of_year(self, year: int, number: int) -> date | None:
        return placed(year, number, self.fiscal_start) if 12 < number <= 16 else None

    def currency(self, row: list[Cell], number: int, *, quiet: bool = False) -> str:
        """The currency of a row: what its own cell says, else the sheet's."""
        column = self.currency_column
        if column is None or column >= len(row) or row[column] is None:
            return self._section(number) if self.sections else self.currency_of_sheet
        value = row[column]
        code = currency_of_text(value, self.base) if isinstance(value, str) else None
        if code is None:
            if not quiet:
                self.report(
                    codes.CURRENCY_UNREADABLE,
                    f"Row {number}: “{shown(value)}” is not a currency code; {self.currency_of_sheet} was taken.",
                    address(number, column),
                )
            return self.currency_of_sheet
        return code

    def _section(self, number: int) -> str:
        """The currency the section of a row is headed by."""
        found = self.currency_of_sheet
        for first, code in self.sections:
            if first > number:
                break
            found = code
        return found


def day_number(value: Cell) -> int | None:
    """1–31 for a cell of a column of days, or None."""
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,2}\s*", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 31:
        return None
    return int(value) if value == int(value) else None


def cell_text(value: Cell) -> str:
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
        if not isfinite(value):
            return ""
        return str(int(value)) if abs(value) < 1e15 and value == int(value) else f"{exact(value):f}"
    if isinstance(value, datetime):
        whole = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if whole else value.isoformat(" ")
    if isinstance(value, Bad):
        return ""
    return str(value)


def _no_date(value: Cell) -> str:
    """Why a cell is no date, for a sentence."""
    if isinstance(value, Bad) and value.kind == "repeated":
        return "the file holds the cell of its date twice with different values"
    if isinstance(value, Bad) and value.kind == "formula":
        return "the formula of its date has no saved value"
    return f"“{shown(value)}” cannot be read as a date"


def shown(value: Cell) -> str:
    """The beginning of a cell for a sentence."""
    return value.text[:60] if isinstance(value, Bad) else str(value)[:60]
