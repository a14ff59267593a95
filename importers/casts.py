"""Cells of records into values: texts, dates, months, money, counts, yes/no and the fixed word lists."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from importers import codes
from importers.account_state_words import PRESENT
from importers.amounts import amount_text, amount_value
from importers.cast_words import open_ended, says_nothing, yes_no
from importers.currencies import currency_in_heading, currency_of_text
from importers.dates import (
    date_readings,
    date_value,
    month_name,
    month_value,
    period_number,
    quarter_value,
    serial_date,
)
from importers.fields import FIELDS
from importers.fiscal import bare_span, span_in_year
from importers.grid import Bad, Cell, Grid, address
from importers.months import names_year
from importers.price_texts import PRICED, bare_amount
from importers.rates import budget_start, budgeted
from importers.relative_days import days_ago, days_since
from importers.table import span
from importers.terms import length_in, parse_terms, renewal_of
from importers.texts import fold
from importers.usage import never
from mopsaudit.intake.contract import Kind, ReadOptions, SheetDecision
from mopsaudit.money import exact, keeps_cents


class Cast(StrEnum):
    """What the cells of a field become."""

    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    MONEY = "money"
    NUMBER = "number"
    YES_NO = "yes_no"
    CURRENCY = "currency"
    TERM = "term"
    NOTICE = "notice"


#: Dates something ends on, and the years that stand for never.
_ENDS: Final = frozenset(("end", "left", "valid_to", "renewal"))
_FAR: Final = re.compile(r"\b(?:9999|2999)\b")
#: Dates whose order of day and month is asked about when the cells leave it open.
KEY_DATES: Final = frozenset(
    ("last_activity", "start", "end", "date", "month", "valid_from", "left", "_from", "_until")
)


_NUMBERS: Final = frozenset(
    (
        *("quantity", "seats", "delivery_days", "pack_size", "minimum", "active_count"),
        *("hours", "rate", "_assigned_count", "_units", "_quantity"),
    )
)
#: Credits: numbers of thousands and more, so that ``12.000`` is asked about like money.
CREDITS: Final = frozenset(("bought", "used", "expired"))
_YES_NO: Final = frozenset(("auto_renew", "reducible"))
#: An amount of nothing, in words.
_FREE: Final = frozenset(
    (
        "free included incl. kostenlos gratis inklusive inbegriffen gratuit inclus incluido incluso inbegrepen ilmainen"
    ).split()
)
#: A number of seats that nobody counts.
_UNCOUNTED: Final = frozenset(
    (
        "unlimited site unbegrenzt unlimitiert illimité illimités ilimitado illimitato onbeperkt obegränsat ubegrænset "
        "ubegrenset rajaton nieograniczona neomezeně 無制限"
    ).split()
)
_MONTHS: Final = frozenset(("month", "_month"))


def cast_of(kind: Kind, name: str) -> Cast:
    """The cast of a field of a kind (helpers starting with ``_`` are text)."""
    if kind is Kind.CREDITS and name in CREDITS:
        return Cast.NUMBER
    if name in _MONTHS:
        return Cast.MONTH
    if name in _NUMBERS:
        return Cast.NUMBER
    if name in _YES_NO:
        return Cast.YES_NO
    if name == "currency":
        return Cast.CURRENCY
    if name in ("initial_months", "renewal_months", "amount_months"):
        return Cast.TERM
    if name == "notice":
        return Cast.NOTICE
    if name in ("_monthly_cost", "_unit_price"):
        return Cast.MONEY
    if name in ("_notice_by", "_from", "_until", "_rehired"):
        return Cast.DATE
    if name == "_inverse":
        return Cast.TEXT
    spec = next((spec for spec in FIELDS[kind] if spec.key == name), None)
    if spec is None:
        return Cast.TEXT
    if spec.money:
        return Cast.MONEY
    return Cast.DATE if spec.dated else Cast.TEXT


def text_of(value: Cell) -> str | None:
    """A cell as text, white space folded; None for an empty or unusable one."""
    if value is None or isinstance(value, Bad):
        return None
    if isinstance(value, str):
        return fold(value) or None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        try:
            number = exact(value)
        except ValueError:
            return None
        return f"{number:f}" if number != number.to_integral_value() else str(int(number))
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if (value.hour, value.minute, value.second) == (0, 0, 0)
            else value.isoformat(" ")
        )
    return str(value)


Report = Callable[..., None]


def _since_1970(number: int) -> date | None:
    """The day of a number of seconds or milliseconds since 1970, or of 100 nanoseconds since 1601 as directories count.

    None where it is of no day from 2001 on.
    """
    if number >= 100_000_000_000_000_000:
        number = number // 10_000_000 - 11_644_473_600
    seconds = number // 1000 if number >= 1_000_000_000_000 else number
    return (
        datetime.fromtimestamp(seconds, tz=UTC).date() if 1_000_000_000 <= seconds < 4_000_000_000 else None
    )


class Casts:
    """The casts of one sheet, by its decision; problems go to ``report(code, message, cell)``."""

    def __init__(
        self, kind: Kind, grid: Grid, decision: SheetDecision, options: ReadOptions, report: Report
    ) -> None:
        self.kind, self.grid, self.decision, self.options, self.report = kind, grid, decision, options, report
        self.columns = [
            (choice.field, span(choice)[0], cast_of(kind, choice.field), choice)
            for choice in decision.columns
            if ":" not in choice.letters
        ]
        self.marks = {choice.field: choice.decimal_mark for choice in decision.columns}
        self.unreadable: Counter[str] = Counter()
        year = decision.column("fiscal_year")
        self.year_column = span(year)[0] if year is not None else None
        #: The year of months that carry none, where no column says it.
        self.month_year: int | None = dict(decision.extra).get("month_year")
        self.term_units: dict[str, str] = dict(decision.extra).get("term_units", {})
        self.year: int | None = None
        self.budget_row = False
        self.dates: dict[tuple[str, str | None], date | None] = {}
        #: Amounts that may name a currency of their own, and whether one did not.
        self.signed = [
            (name, column)
            for name, column, cast, _ in self.columns
            if cast is Cast.MONEY and decision.column("currency") is None
        ]
        self.untold = not self.signed
        self.told_ago = False

    def row(self, row: list[Cell], number: int) -> tuple[dict[str, Any], dict[str, str]]:
        """Field → value and field → cell of one row, for every mapped column (None for an empty cell)."""
        values: dict[str, Any] = {}
        cells: dict[str, str] = {}
        size = len(row)
        self.year = self._year(row) if self.year_column is not None else self.month_year
        if self.kind is Kind.RATES:
            told = {name: row[column] for name, column, _, _ in self.columns if column < size}
            self.budget_row = budgeted(told, self.decision)
        for name, column, cast, choice in self.columns:
            value = row[column] if column < size else None
            cells[name] = address(number, column)
            values[name] = self._value(value, name, cast, number, column, choice.date_order)
            spoken = cast is Cast.TERM or name == "auto_renew" or (cast is Cast.MONEY and self.kind in PRICED)
            if isinstance(value, str) and spoken:
                # A term may say in words how it renews and how notice is given, a price what it covers.
                values[f"_words_{name}"] = value
                cells[f"_words_{name}"] = cells[name]
        if self.budget_row:
            values["kind"] = "budget"
        self._own_currency(row, values, cells)
        return values, cells

    def _own_currency(self, row: list[Cell], values: dict[str, Any], cells: dict[str, str]) -> None:
        """The currency a row's amount says itself (``€ 4.800``, ``300 GBP``), where no column does."""
        for name, column in self.signed:
            value = row[column] if column < len(row) else None
            if value is None:
                continue
            code = currency_in_heading(value, self.options.base_currency) if isinstance(value, str) else None
            if code is None:
                self.untold = True
            elif "currency" not in values:
                values["currency"], cells["currency"] = code, cells[name]

    def _year(self, row: list[Cell]) -> int | None:
        value = (
            row[self.year_column] if self.year_column is not None and self.year_column < len(row) else None
        )
        return names_year(value)

    def _value(self, value: Cell, name: str, cast: Cast, number: int, column: int, order: str | None) -> Any:
        if value is None or (isinstance(value, str) and not fold(value)):
            return None
        if isinstance(value, Bad):
            entry = codes.OF_BAD.get(value.kind, codes.VALUE_UNREADABLE)
            self.report(
                entry,
                f"Row {number}: {value.text or 'the formula has no saved value'}.",
                address(number, column),
            )
            return None
        match cast:
            case Cast.TEXT:
                text = text_of(value)
                return None if text is None or (len(text) <= 3 and says_nothing(text)) else text
            case Cast.DATE | Cast.MONTH:
                return self._date(value, name, cast, number, column, order)
            case Cast.MONEY:
                return self.money(value, name, number, column)
            case Cast.NUMBER:
                return self._number(value, name, number, column)
            case Cast.YES_NO:
                found = yes_no(value)
                if (
                    found is None
                    and isinstance(value, str)
                    and (says_nothing(value) or (name == "auto_renew" and renewal_of(value)))
                ):
                    return None
                if found is None:
                    self._unread(value, "yes or no", number, column)
                return found
            case Cast.CURRENCY:
                code = currency_of_text(value, self.options.base_currency) if isinstance(value, str) else None
                if code is None:
                    self.report(
                        codes.CURRENCY_UNREADABLE,
                        f"Row {number}: “{text_of(value)}” is not a currency code.",
                        address(number, column),
                    )
                return code
            case Cast.TERM:
                text = text_of(value) or ""
                months = length_in(text, self.term_units.get(name))
                if months is None:
                    terms = parse_terms(text)
                    months_found = terms.get(name)
                    months = months_found if isinstance(months_found, int) else None
                    said = terms or says_nothing(text) or open_ended(text) or yes_no(text) is not None
                    if months is None and not said:
                        self._unread(value, "a number of months", number, column)
                return months
            case Cast.NOTICE:
                return text_of(value)
        raise AssertionError(cast)

    def _unread(self, value: Cell, what: str, number: int, column: int) -> None:
        shown = (text_of(value) or "")[:60]
        self.report(
            codes.VALUE_UNREADABLE, f"Row {number}: “{shown}” is not {what}.", address(number, column)
        )

    def _date(self, value: Cell, name: str, cast: Cast, number: int, column: int, order: str | None) -> Any:
        found = self.date_of(value, order, month=cast is Cast.MONTH)
        if name in _ENDS and _FAR.search(found.isoformat() if found is not None else str(value)):
            return None  # 31 Dec 9999 is how a system without empty dates says that there is no end
        if found is not None:
            return found.replace(day=1) if cast is Cast.MONTH else found
        if self.budget_row and name == "valid_from" and (start := budget_start(value, self.options)):
            return start
        if cast is Cast.MONTH and self.year is not None:
            found = self.bare_month(value, self.year)
            if found is not None:
                return found
        if self.kind is Kind.BUDGET and cast is Cast.MONTH and isinstance(value, str) and names_year(value):
            return None  # *FY2026* among months and quarters is all of the year
        if self.kind is Kind.USAGE:
            if name == "assigned" and (flag := yes_no(value)) is not None:
                return flag
            text = text_of(value) or ""
            if never(text) is not False or says_nothing(text) or PRESENT.fullmatch(text):
                return None  # *Invite pending* stands where others have a day
            ago = self._ago(text, number, column)
            if ago is not None or isinstance(value, bool | int | float):
                return ago
            if name == "assigned":
                return bool(fold(text))
        elif isinstance(value, str) and (says_nothing(value) or open_ended(value)):
            return None
        if isinstance(value, str) and order is None and len(date_readings(value)) > 1:
            if name not in KEY_DATES:
                self._unread(value, "a date that reads one way only", number, column)
            return None  # a key date's order is asked about
        self._unread(value, "a month" if cast is Cast.MONTH else "a date", number, column)
        return None

    def _ago(self, text: str, number: int, column: int) -> date | None:
        """The day a text names by its distance from the day the file is of, told once; None where it names none."""
        day = self.options.as_of
        heading = next((choice.header for _, at, _, choice in self.columns if at == column), "")
        found = None if day is None else days_ago(text, day, counted=days_since(heading))
        if found is not None and day is not None and not self.told_ago:
            self.told_ago = True
            self.report(
                codes.RELATIVE_DATES,
                f"“{text[:60]}” and the like were counted back from {day.isoformat()}.",
                address(number, column),
            )
        return found

    def date_of(self, value: Cell, order: str | None, *, month: bool = False) -> date | None:
        """A cell as a day (a month's first day where ``month``), or None."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            cached = (value, order if not month else f"m{order}")
            if cached not in self.dates:
                self.dates[cached] = self._date_text(value, order, month=month)
            return self.dates[cached]
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
            whole = int(value)
            if 19_800_101 <= whole <= 20_791_231:
                return date_value(str(whole), None)
            if month and 198_001 <= whole <= 207_912:
                return month_value(str(whole))
            if month and 1 <= whole <= 12:
                return None
            if self.kind is Kind.USAGE and (day := _since_1970(whole)) is not None:
                return day
            return serial_date(value, date_1904=self.grid.date_1904)
        return None

    def _date_text(self, value: str, order: str | None, *, month: bool) -> date | None:
        if month:
            found = month_value(value)
            if found is not None:
                return found
            quarter = quarter_value(value) or span_in_year(value, self.options.fiscal_start)
            if quarter is not None:
                return quarter[0]
        if self.kind is Kind.USAGE and value.isdecimal() and (day := _since_1970(int(value))) is not None:
            return day
        found = date_value(value, order)
        if found is None and re.fullmatch(r"\s*[0-9]{5}(?:\.[0-9]+)?\s*", value):
            found = serial_date(float(value), date_1904=self.grid.date_1904)
        if found is None and not month:
            found = month_value(value) if self.kind in (Kind.CONTRACTS, Kind.INVENTORY, Kind.RATES) else None
        return found

    def money(self, value: Cell, name: str, number: int, column: int) -> Decimal | None:
        """An amount; an unreadable one is a problem with its cell."""
        found = self.plain_number(bare_amount(value) if self.kind in PRICED else value, name)
        if found is not None and not (isinstance(value, float) and not keeps_cents(value)):
            return found
        if isinstance(value, str) and (not fold(value) or says_nothing(value)):
            return None
        if isinstance(value, str) and fold(value).casefold() in _FREE:
            return Decimal(0)
        if isinstance(value, Bad):
            entry = codes.OF_BAD.get(value.kind, codes.VALUE_UNREADABLE)
            self.report(
                entry,
                f"Row {number}: {value.text or 'the formula has no saved value'}.",
                address(number, column),
            )
        else:
            self._unread(value, "an amount", number, column)
        self.unreadable[self.decision.currency or self.options.base_currency] += 1
        return None

    def plain_number(self, value: Cell, name: str) -> Decimal | None:
        """A number or amount text as a Decimal, without any problem; None for anything else."""
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | float):
            try:
                return exact(value)
            except ValueError:
                return None
        if isinstance(value, Decimal):
            return value
        if isinstance(value, str):
            parts = amount_text(value)
            return amount_value(parts, self.marks.get(name)) if parts is not None else None
        return None

    def _number(self, value: Cell, name: str, number: int, column: int) -> int | Decimal | None:
        found = self.plain_number(value, name)
        if found is None and isinstance(value, str):
            match = re.match(
                r"\s*([0-9][0-9,. ]*)\s*(?:seats?|users?|licen[cs]es?|units?|%|days?|packs?)?\s*$",
                value,
                re.IGNORECASE,
            )
            parts = amount_text(match.group(1)) if match else None
            found = amount_value(parts, self.marks.get(name) or ".") if parts is not None else None
            if found is None and (says_nothing(value) or fold(value).casefold() in _UNCOUNTED):
                return None
        if found is None:
            self._unread(value, "a number", number, column)
            return None
        return int(found) if found == found.to_integral_value() and name != "rate" else found

    def bare_month(self, value: Cell, fiscal_year_end: int) -> date | None:
        """The month a bare name or number (``April``, ``4``, ``P4``) is in the fiscal year that ends in that year."""
        start = self.options.fiscal_start
        if isinstance(value, str):
            name = month_name(value)
            if name is not None:
                year = fiscal_year_end if start == 1 or name < start else fiscal_year_end - 1
                return date(year, name, 1)
            found = period_number(value) or bare_span(value)
            if found is not None or value.strip().isdecimal():
                value = int(value) if found is None else found[0]
        if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 12:
            first = (fiscal_year_end if start == 1 else fiscal_year_end - 1) * 12 + start - 1 + int(value) - 1
            return date(first // 12, first % 12 + 1, 1)
        return None
