"""Rows of records out of a sheet, as its plan says: records, totals, notes and every problem with its cell."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Any

from importers import codes
from importers.casts import Casts
from importers.grid import Cell, address
from importers.plan_derived import amounts_of_months
from importers.plan_measures import left_out_measures, tell_left_out
from importers.plan_revenue import left_out
from importers.plan_rows import PlanRows
from importers.plan_scenarios import other_scenarios
from importers.plan_sums import calls_itself_total, sums_of_plan
from importers.rate_signs import other_series
from importers.rates import of_itself
from importers.rates_across import rates_in_row, rates_of_months
from importers.record_doubts import doubts_of
from importers.record_finish import Finish
from importers.record_groups import is_footnote, sums_of, suppliers_above
from importers.record_kinds import MONEY_FIELD, NAMED, PRICES, label
from importers.record_plan import RecordPlan
from importers.result_rows import result_rows
from importers.row_states import out_of_force
from importers.seat_rows import with_leaver
from importers.sheet_reading import sheet_reading
from importers.table import headings_of, same_texts, span
from importers.texts import fold
from importers.total_words import Says, says_total
from importers.totals import Amounted, find_totals
from importers.usage import event_of
from importers.usage_metrics import left_aside
from importers.usage_rows import join_name, usage_rows
from mopsaudit.intake.contract import (
    ControlTotal,
    Kind,
    Layout,
    ReadOptions,
    RecordRow,
    RowMark,
    SheetReading,
    SheetTotals,
)
from mopsaudit.money import exponent, told_amount
from mopsaudit.problems import Problem, ProblemCode


class RecordWalk:
    """Reads the rows of one used sheet."""

    def __init__(self, plan: RecordPlan, options: ReadOptions, tool: str | None, *, several: bool) -> None:
        self.plan, self.options, self.tool, self.several = plan, options, tool, several
        self.decision = plan.proposal.decision
        self.grid = plan.proposal.grid = amounts_of_months(plan.proposal.grid, self.decision, plan.months)
        self.kind = options.kind
        self.problems: list[Problem] = []
        self.casts = Casts(self.kind, self.grid, self.decision, options, self._problem)
        self.finish = Finish(self.kind, self.decision, options, self._problem)
        self.planned = PlanRows(self.decision, self.casts, plan.months, plan.scale, self.finish.record)
        self.headings = headings_of(self.grid, self.decision)
        self.row_marks = dict(self.decision.row_marks)
        #: The last row that named its order.
        self.above: dict[str, Any] | None = None
        #: Row index → the supplier that heads the orders below it, and the one above the row being read.
        self.headed: dict[int, tuple[str, str]] = {}
        self.heading: tuple[str, str] | None = None
        self.rejected = 0
        #: Rows (indexes) of a plan that may be sums, which nothing proves.
        self.doubtful: set[int] = set()

    def _problem(self, code: ProblemCode, message: str, cell: str | None, *, rejected: bool = False) -> None:
        if len(self.problems) < 5000:
            self.problems.append(
                codes.problem(code, message, sheet=self.grid.name, cell=cell, rejected=rejected)
            )

    def run(self) -> tuple[SheetReading, list[RecordRow]]:
        """Every row as records, a total, a note or a repeated header."""
        with localcontext() as context:
            context.prec = 60
            return self._run()

    def _run(self) -> tuple[SheetReading, list[RecordRow]]:
        grid, decision = self.grid, self.decision
        start = grid.position(decision.first_row)
        stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
        kinds: dict[int, RowMark] = {}
        repeated = 0
        for index in range(start, stop):
            row, number = grid.rows[index], grid.numbers[index]
            mark = self.row_marks.get(number)
            if mark in (RowMark.IGNORE, RowMark.NOTE, RowMark.HEADER, RowMark.TOTAL):
                kinds[index] = mark
            elif mark is None and same_texts(row, self.headings):
                kinds[index] = RowMark.HEADER
                repeated += 1
        self._measures(kinds)
        self._groups(start, stop, kinds)
        totals = self._totals(start, stop, kinds)
        revenue = out_of_force(self.plan.proposal, decision, self.kind)
        if self.kind is Kind.BUDGET:
            revenue |= left_out(self.plan.proposal, decision) | other_scenarios(self.plan.proposal, decision)
        rows: list[RecordRow] = []
        kept: list[int] = []
        money_field = MONEY_FIELD.get(self.kind)
        sums: dict[str, list[Any]] = {}
        first_line = last_line = None
        for index in range(start, stop):
            row, number = grid.rows[index], grid.numbers[index]
            self.heading = self.headed.get(index, self.heading)
            if index in kinds:
                continue
            if index in totals:
                kinds[index] = RowMark.TOTAL
                continue
            if index in revenue:
                kinds[index] = RowMark.IGNORE
                continue
            made = None if is_footnote(row) else self._records(row, number)
            if made is None:
                kinds[index] = RowMark.NOTE
                continue
            first_line = first_line or number
            last_line = number
            if self.kind is Kind.BUDGET and (index in self.doubtful or calls_itself_total(row)):
                kept.append(number)
            for record in made:
                rows.append(record)
                if money_field:
                    value = record.values.get(money_field)
                    code = record.values.get("currency") or decision.currency or self.options.base_currency
                    entry = sums.setdefault(code, [Decimal(0), 0])
                    if isinstance(value, Decimal):
                        entry[0] += value
        if self.kind is Kind.BUDGET and any(entry[0] < 0 for entry in sums.values()):
            self._problem(codes.PLAN_NEGATIVE, "The costs of this plan sum up to less than nought.", None)
        if self.planned.undated:
            first, more = self.planned.undated[0], len(self.planned.undated) - 1
            said = f"Row {first}" + (f" and {more} more" if more else "")
            self._problem(
                codes.PLAN_UNDATED, f"{said} {'name' if more else 'names'} no month.", address(first, 0)
            )
        if kept:
            said = f"Row {kept[0]}" + (f" and {len(kept) - 1} more" if kept[1:] else "")
            what = "may be a total, by its words or as a sum of lines above it that all run alike"
            self._problem(codes.PLAN_TOTAL_KEPT, f"{said} {what}; kept as a line.", address(kept[0], 0))
        whole = {code: entry[0] for code, entry in sums.items()}
        for told in doubts_of(self.plan, self.kind, (start, stop), kinds, whole, rows):
            self._problem(*told)
        for code, entry in sums.items():
            entry[1] = self.casts.unreadable.get(code, 0)
        if (
            decision.currency_how == "assumed"
            and money_field
            and any(decision.column(name) is not None for name in (money_field, *PRICES))
            and self.casts.untold
            and rows
        ):
            self._problem(
                codes.CURRENCY_ASSUMED,
                f"The sheet names no currency; its amounts were taken as {decision.currency}.",
                None,
            )
        if self.kind is Kind.USAGE and rows and all(row.values.get("event") == "assignment" for row in rows):
            self._problem(
                codes.GRADE_LOW,
                "This list says who has a seat, not who uses it: it gives allocation only. "
                "Add an export with the last sign-in or activity.",
                None,
            )
        for cell, text in grid.strays[:20]:
            self._problem(codes.STRAY, f"“{text}” stands alone far outside the table and was left out.", cell)
        grand = next(
            (
                found
                for found in totals.values()
                if found.grand and found.row.amount is not None and not revenue
            ),
            None,
        )
        sheet_totals = tuple(
            SheetTotals(
                currency=code,
                data=entry[0],
                rejected=Decimal(0),
                unreadable=entry[1],
                sheet_total=grand.row.amount * self.plan.scale
                if grand is not None and grand.row.amount is not None and len(sums) == 1
                else None,
                foots=abs(grand.row.amount * self.plan.scale - entry[0]) < Decimal(1).scaleb(-exponent(code))
                if grand is not None and grand.row.amount is not None and len(sums) == 1
                else None,
            )
            for code, entry in sorted(sums.items())
        )
        told_in = next(iter(sums), None) or decision.currency or "EUR"
        for found in totals.values():
            if found.grand and not found.agrees and found.row.amount is not None:
                self._problem(
                    codes.NOT_FOOTING,
                    f"The total in row {found.row.number} says {told_amount(found.row.amount, told_in)}; its "
                    f"lines come to {told_amount(found.expected, told_in)}.",
                    address(found.row.number, 0),
                )
        controls = tuple(
            ControlTotal(
                row=found.row.number,
                cell=address(found.row.number, 0),
                label=found.row.label,
                amount=found.row.amount,
                first_row=found.first,
                last_row=found.last,
                agrees=found.agrees,
                grand=found.grand,
            )
            for found in totals.values()
            if found.row.amount is not None
        )
        reading = sheet_reading(
            grid,
            decision,
            kinds,
            first=first_line,
            last=last_line,
            read=len(rows),
            rejected=self.rejected,
            repeated=repeated,
            totals=sheet_totals,
            controls=controls,
        )
        return reading, rows

    def _measures(self, kinds: dict[int, RowMark]) -> None:
        """Leave out the rows of a plan that are no money, and tell those whose own total differs."""
        if self.kind is not Kind.BUDGET:
            return
        rows, differing = left_out_measures(self.plan.proposal, self.decision, self.plan.months)
        rows = rows.difference(kinds)
        if rows:
            kinds.update(dict.fromkeys(rows, RowMark.IGNORE))
            self._problem(codes.PLAN_MEASURE, *tell_left_out(self.grid, rows, 0))
        for message, cell in differing[:5]:
            self._problem(codes.PLAN_ROW_TOTAL, message, cell)

    def _groups(self, start: int, stop: int, kinds: dict[int, RowMark]) -> None:
        """Mark the rows that head or add up others; a supplier that heads its orders is kept for them."""
        found, wrong = sums_of(self.kind, self.grid, self.decision, self.casts, start, stop)
        for message, cell in wrong:
            self._problem(codes.NOT_FOOTING, message, cell)
        if self.kind is Kind.ORDERS:
            self.headed = suppliers_above(self.grid, self.decision, start, stop)
            found.update(dict.fromkeys(self.headed, RowMark.NOTE))
        if self.kind is Kind.RATES:
            found.update(other_series(self.grid, self.decision, start, stop))
        for index, mark in found.items():
            kinds.setdefault(index, mark)

    def _totals(self, start: int, stop: int, kinds: Mapping[int, RowMark]) -> dict[int, Any]:
        """Total rows: by arithmetic where the kind holds money, by words elsewhere; never a row of our record."""
        money_field = MONEY_FIELD.get(self.kind)
        choice = self.decision.column(money_field) if money_field else None
        if choice is None:
            return {}
        first, last = span(choice)
        columns = [month.column for month in self.plan.months] or list(range(first, last + 1))
        core_columns = [
            span(each)[0]
            for each in self.decision.columns
            if each.field != money_field and not each.field.startswith("_")
        ]
        filled: Counter[int] = Counter()
        lines = 0
        for index in range(start, stop):
            row = self.grid.rows[index]
            if any(column < len(row) and row[column] is not None for column in columns):
                lines += 1
                filled.update(
                    column for column in core_columns if column < len(row) and row[column] is not None
                )
        core = [column for column in core_columns if filled[column] >= 0.8 * lines]
        ours = self.decision.column("id")
        ours_at = span(ours)[0] if ours is not None else None
        found: list[Amounted] = []
        by_month: list[tuple[int, str, list[Decimal], bool]] = []
        for index in range(start, stop):
            row, number = self.grid.rows[index], self.grid.numbers[index]
            if index in kinds:
                continue
            if ours_at is not None and ours_at < len(row) and row[ours_at] is not None:
                continue
            values = [
                self.casts.plain_number(row[column], money_field or "")
                for column in columns
                if column < len(row) and row[column] is not None
            ]
            numbers = [value for value in values if value is not None]
            label, says = "", Says.NOTHING
            words = 0
            for column, value in enumerate(row):
                if isinstance(value, str) and column not in columns:
                    words += 1
                    claim = says_total(value)
                    if claim > says or not label:
                        label, says = fold(value), max(says, claim)
            if not values:
                if says >= Says.OUTRIGHT and words == 1:
                    found.append(
                        Amounted(index, number, None, label, says, len(core), len(core), False, False)
                    )
                continue
            if self.plan.months or self.kind is Kind.BUDGET:
                cells = [row[column] if column < len(row) else None for column in columns]
                amounts = [self.casts.plain_number(cell, money_field or "") or Decimal(0) for cell in cells]
                by_month.append((index, label, amounts, says >= Says.OUTRIGHT))
            missing = sum(not (column < len(row) and row[column] is not None) for column in core)
            found.append(
                Amounted(
                    index=index,
                    number=number,
                    amount=sum(numbers, Decimal(0)) if numbers else None,
                    label=label,
                    says=says,
                    missing=missing,
                    core=len(core),
                    bare=not words,
                    dated=missing == 0 and len(core) >= 2,
                )
            )
        results = result_rows(by_month, self.doubtful)
        for amounted in found:
            if amounted.index in results:
                amounted.says, amounted.dated = max(amounted.says, Says.LOOSELY), False
        return find_totals(found, sums_of_plan(found, {index: tuple(each) for index, _, each, _ in by_month}))

    def _records(self, row: list[Cell], number: int) -> list[RecordRow] | None:
        """The records of one row; None when the row is a note."""
        values, cells = self.casts.row(row, number)
        if self.kind is Kind.USAGE:
            return self._usage(row, number, values, cells)
        if self.kind in (Kind.BUDGET, Kind.BENEFITS):
            return self._planned(row, number, values, cells)
        if self.kind is Kind.RATES and self.decision.layout is Layout.CROSSTAB:
            if self.plan.months:
                rates = rates_of_months(row, number, values, cells, self.plan.months, self.casts)
            else:
                rates = rates_in_row(row, number, values, cells, self.casts)
            made = [RecordRow(number, self.finish.record(*each), each[1]) for each in rates]
            return [each for each in made if not of_itself(each.values)] or None
        if self.kind is Kind.CREDITS and self.tool and not values.get("tool"):
            values["tool"] = self.tool
        if self.kind is Kind.ORDERS:
            self._number_below(values)
            if self.heading is not None:
                values["supplier"], cells["supplier"] = self.heading
        finished = with_leaver(row, self.finish.record(values, cells), self.decision)
        if self.kind is Kind.RATES and of_itself(finished):
            return None
        if not self._named(finished):
            if sum(value is not None for value in finished.values()) >= 2 and not self._says_note(row):
                self.rejected += 1
                empty = (
                    next(n for n in names if finished.get(n) in (None, "")) for names in NAMED[self.kind]
                )
                wanted = " or ".join(label(self.kind, name) for name in empty)
                self._problem(
                    codes.VALUE_MISSING, f"Row {number} has no {wanted}.", address(number, 0), rejected=True
                )
            return None
        return [RecordRow(number, finished, cells)]

    def _number_below(self, values: dict[str, Any]) -> None:
        """A further position of an order, whose number stands once above its lines, has it and its supplier too."""
        if values.get("order_number") not in (None, ""):
            self.above = values
        elif self.above is not None and values.get("line") not in (None, "", self.above.get("line")):
            values["order_number"] = self.above["order_number"]
            if values.get("supplier") in (None, ""):
                values["supplier"] = self.above.get("supplier")

    def _named(self, values: Mapping[str, Any]) -> bool:
        return any(all(values.get(name) not in (None, "") for name in names) for names in NAMED[self.kind])

    def _says_note(self, row: list[Cell]) -> bool:
        texts = [value for value in row if isinstance(value, str)]
        return any(says_total(text) >= Says.OUTRIGHT for text in texts) or (
            len(texts) == 1 and len(texts[0]) > 60
        )

    def _usage(
        self, row: list[Cell], number: int, values: dict[str, Any], cells: dict[str, str]
    ) -> list[RecordRow] | None:
        if self.plan.months:
            made = []
            for month in () if left_aside(row, self.decision) else self.plan.months:
                value = row[month.column] if month.column < len(row) else None
                count = self.casts.plain_number(value, "active_count")
                if count is None:
                    continue
                told = {"active_count": int(count), "month": month.first, "grade": "D", "event": "activity"}
                entry = {**values, **told, "tool": values.get("tool") or self.tool}
                made.append(
                    RecordRow(number, entry, {**cells, "active_count": address(number, month.column)})
                )
            return made or None
        join_name(values, cells)
        if not self._named(values):
            return None
        first_text = next((value for value in row if isinstance(value, str)), "")
        nobody = self.decision.column("user_email") and not (
            values.get("user_email") or values.get("user_id")
        )
        if says_total(first_text) >= (Says.LOOSELY if nobody else Says.OUTRIGHT) or (
            sum(value is not None for value in row) == 1
            and "@" not in first_text
            and len(self.decision.columns) > 2
        ):
            return None
        return usage_rows(
            row,
            number,
            values,
            cells,
            tool=self.tool,
            layout=self.plan.layout,
            headings=self.headings,
            casts=self.casts,
            event=event_of(choice.header)
            if (choice := self.decision.column("last_activity")) is not None
            else "assignment",
            many_tools=self.decision.column("tool") is not None,
        )

    def _planned(
        self, row: list[Cell], number: int, values: dict[str, Any], cells: dict[str, str]
    ) -> list[RecordRow] | None:
        """Budget and benefit rows: their records, where they name what they are of."""
        version = self.grid.name if self.kind is Kind.BUDGET and self.several else None
        made = self.planned.of_row(row, number, values, cells, version)
        self.rejected += self.planned.rejected
        self.planned.rejected = 0
        if made and self.kind is not Kind.BUDGET and not self.plan.months and not self._named(made[0].values):
            return None
        return made
