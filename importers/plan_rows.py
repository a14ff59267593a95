"""The records of a row of a plan or of benefits: one a month column, one a month it is of, or the row itself."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from importers.billing import price_months
from importers.casts import Casts
from importers.grid import Cell, address
from importers.months import MonthColumn, names_year
from importers.plan_spans import EVERY, carried_months, parts_of, split_over, spread, times
from importers.table import span
from importers.texts import fold
from mopsaudit.intake.contract import Kind, RecordRow, SheetDecision

Finished = Callable[[dict[str, Any], dict[str, str]], dict[str, Any]]

#: What a column of rhythms would say of amounts for so many months.
_RHYTHMS: Final = {1: "monthly", 3: "quarterly", 6: "half-yearly"}


class PlanRows:
    """Makes the records of one sheet; ``rejected`` counts the amounts that could not be read."""

    def __init__(
        self, decision: SheetDecision, casts: Casts, months: list[MonthColumn], scale: int, finish: Finished
    ) -> None:
        self.decision, self.casts, self.months, self.scale, self.finish = (
            decision,
            casts,
            months,
            scale,
            finish,
        )
        self.each = dict(decision.extra).get("every") == "each"
        amount = decision.column("amount")
        covers = price_months(amount.header) if self.each and amount is not None else None
        #: The rhythm the heading of the amounts names, where no column does.
        self.rhythm = _RHYTHMS.get(covers) if isinstance(covers, int) else None
        #: The year the months stand for where each line names its own.
        self.by_year = int(dict(decision.extra).get("by_year", 0))
        month = decision.column("month")
        self.month = None if month is None else span(month)[0]
        self.heading = "" if month is None else month.header
        self.rejected = 0
        #: Row number → the month that stands once above it; and the numbers of lines without any.
        self.carried = carried_months(casts, self.month)
        self.undated: list[int] = []

    def of_row(
        self, row: list[Cell], number: int, values: dict[str, Any], cells: dict[str, str], version: str | None
    ) -> list[RecordRow] | None:
        """The records of a row, None where it is a note; ``version`` is that of rows that name none."""
        if "currency" in values and values["currency"] is None:
            values.pop("currency")
        values.setdefault("currency", self.decision.currency)
        if version is not None and not values.get("version"):
            values["version"] = version
        if (year := names_year(values.get("fiscal_year"))) is not None:
            values["fiscal_year"] = str(year)  # 2025/26 by the year it ends in
        count = times(values.get(EVERY) or self.rhythm, values) if self.each else 1
        if not self.months:
            return self._one(row, number, values, cells, count)
        values = {name: value for name, value in values.items() if not name.startswith("_")}
        made: list[RecordRow] = []
        later = year - self.by_year if year is not None and self.by_year else 0
        for month in self._months(later):
            value = row[month.column] if month.column < len(row) else None
            if value is None:
                continue
            amount = self.casts.money(value, "amount", number, month.column)
            if amount is None:
                if not (isinstance(value, str) and not fold(value)):
                    self.rejected += 1
                continue
            amount *= self.scale * count
            cell = {**cells, "amount": address(number, month.column)}
            if month.months == 1:
                made.append(RecordRow(number, {**values, "month": month.first, "amount": amount}, cell))
                continue
            currency = str(values.get("currency") or self.casts.options.base_currency)
            made.extend(
                RecordRow(number, {**values, "month": first, "amount": share}, cell)
                for first, share in spread(month, amount, currency)
            )
        return made or None

    def _months(self, later: int) -> list[MonthColumn]:
        """The month columns so many years later."""
        if not later:
            return self.months
        return [replace(each, first=each.first.replace(year=each.first.year + later)) for each in self.months]

    def _one(
        self, row: list[Cell], number: int, values: dict[str, Any], cells: dict[str, str], count: int
    ) -> list[RecordRow] | None:
        amount = values.get("amount")
        if amount is None and values.get("hours") is None:
            column = self.decision.column("amount")
            position = span(column)[0] if column is not None else 0
            if position < len(row) and row[position] is not None:
                self.rejected += 1
            return None
        cell = row[self.month] if self.month is not None and self.month < len(row) else None
        if number in self.carried and values.get("month") is None:
            cell, values["month"] = None, self.carried[number]
        elif values.get("month") is None and self.month is not None and not values.get("fiscal_year"):
            if isinstance(cell, str) and (named := names_year(cell)) is not None:
                values["fiscal_year"] = str(named)
            else:
                self.undated.append(number)
        parts = parts_of(values, cell, self.heading, self.casts) if self.casts.kind is Kind.BUDGET else None
        finished = self.finish(values, cells)
        if not isinstance(amount, Decimal):
            return [RecordRow(number, finished, cells)]
        finished["amount"] = amount * self.scale * count
        if parts is None:
            return [RecordRow(number, finished, cells)]
        currency = str(finished.get("currency") or self.casts.options.base_currency)
        return [
            RecordRow(number, {**finished, "month": month, "amount": share}, cells)
            for month, share in split_over(parts, finished["amount"], currency)
        ]
