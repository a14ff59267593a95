"""What reading a spend sheet comes to: sums, counts, problems with their cells, the sheet's own totals beside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from importers import codes, not_spend
from importers.grid import Grid, address, letters
from importers.sheet_reading import sheet_reading
from importers.table import span
from importers.total_words import Says
from importers.totals import TOLERANCE, Found
from mopsaudit.intake.contract import ControlTotal, RowMark, SheetDecision, SheetReading, SheetTotals
from mopsaudit.money import exponent, told_amount
from mopsaudit.problems import Problem, ProblemCode

_MOST_PROBLEMS = 5000
_WHY_NOT = {
    not_spend.CARD_PAYMENT: "is a payment to the card",
    not_spend.PAYMENT: "is the payment of bills that stand here too",
    not_spend.TRANSFER: "moves money between own accounts",
    not_spend.DECLINED: "was never charged, as its state says",
    not_spend.REVERSAL: "is taken back by another line, or takes one back",
}
#: Reasons that many lines share, told once for all of them.
_TOLD_AT_ONCE = {
    not_spend.OTHER_ACCOUNT: "stand on accounts that hold no spend",
    not_spend.SALE: "were sold, not bought",
    not_spend.TOTAL: "are sums of the others",
}


@dataclass(slots=True)
class Sums:
    """Exact sums of one currency: every readable amount, and how many lines had none."""

    data: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    unreadable: int = 0


@dataclass(slots=True)
class Extract:
    """What extracting one sheet came to: the reading and its problems."""

    reading: SheetReading
    problems: list[Problem]
    net_sum: dict[str, Decimal] = field(default_factory=dict)


def _finer(value: Decimal, digits: int) -> bool:
    """Whether an amount has more decimals than its currency: noughts (``988452.0``) are none."""
    if -value.as_tuple().exponent <= digits:  # type: ignore[operator]  # every amount is finite
        return False
    return value != round(value, digits)


class Tally:
    """Counts one sheet while it is read."""

    def __init__(self, grid: Grid, decision: SheetDecision) -> None:
        self.grid, self.decision = grid, decision
        self.problems: list[Problem] = []
        self.sums: dict[str, Sums] = {}
        self.finer: Counter[str] = Counter()
        self.not_spend: list[tuple[str, Decimal, str, str]] = []
        self.read = self.rejected = 0
        self.first_line: int | None = None
        self.last_line: int | None = None
        self.hidden_sum = self.struck_sum = Decimal(0)
        self.hidden_lines = self.struck_lines = 0
        self.struck = self._struck()

    def _struck(self) -> frozenset[int]:
        """Rows whose amount or supplier is struck through or cannot be seen."""
        if not self.grid.struck:
            return frozenset()
        told = {
            column
            for choice in self.decision.columns
            if choice.field in ("amount", "debit", "credit", "net", "gross", "supplier")
            for column in range(span(choice)[0], span(choice)[1] + 1)
        }
        return frozenset(number for number, columns in self.grid.struck.items() if columns & told)

    def problem(self, code: ProblemCode, message: str, cell: str | None, *, rejected: bool = False) -> None:
        """Note a problem; beyond some thousands only those that hold a line back."""
        if len(self.problems) < _MOST_PROBLEMS or rejected:
            self.problems.append(
                codes.problem(code, message, sheet=self.grid.name, cell=cell, rejected=rejected)
            )

    def line(self, number: int, value: Decimal, currency: str) -> None:
        """Count a line that was read."""
        sums = self.sums.get(currency)
        if sums is None:
            sums = self.sums[currency] = Sums()
        sums.data += value
        self.read += 1
        if self.first_line is None:
            self.first_line = number
        self.last_line = number
        if _finer(value, exponent(currency)):
            self.finer[currency] += 1
        if number in self.grid.hidden_rows:
            self.hidden_lines += 1
            self.hidden_sum += value
        if number in self.struck:
            self.struck_lines += 1
            self.struck_sum += value

    def lines(self, numbers: Sequence[int], values: Sequence[Decimal], currencies: Sequence[str]) -> None:
        """Count many lines that were read, in their order."""
        apart = self.grid.hidden_rows | self.struck
        if len(set(currencies)) > 1 or not apart.isdisjoint(numbers):
            for number, value, currency in zip(numbers, values, currencies, strict=True):
                self.line(number, value, currency)
            return
        currency = currencies[0]
        digits = exponent(currency)
        sums = self.sums.setdefault(currency, Sums())
        sums.data += sum(values, Decimal(0))
        self.read += len(values)
        if self.first_line is None:
            self.first_line = numbers[0]
        self.last_line = numbers[-1]
        unit = Decimal(1).scaleb(-digits)
        rounded: list[Decimal] = []
        with suppress(InvalidOperation):  # more digits than the context's: each by itself
            rounded = [value.quantize(unit) for value in values]
        if rounded != values and (finer := sum(_finer(value, digits) for value in values)):
            self.finer[currency] += finer

    def reject(self, number: int, column: int, code: ProblemCode, text: str, currency: str) -> None:
        """Count a line whose amount cannot be read, with the problem of its cell."""
        self.read += 1
        self.rejected += 1
        self.sums.setdefault(currency, Sums()).unreadable += 1
        if self.first_line is None:
            self.first_line = number
        self.last_line = number
        told = f"“{text[:60]}”" if text else ""
        sentence = {
            codes.FORMULA.code: f"Row {number}: the formula has no saved value, so its amount is unknown.",
            codes.ERROR_CELL.code: f"Row {number}: the cell holds the error {told} instead of an amount.",
            codes.HASHES.code: f"Row {number}: the export saved {told} instead of the amount.",
            codes.BAD_NUMBER.code: f"Row {number}: {told or 'the cell'} is no number.",
            codes.TOO_MANY_DIGITS.code: f"Row {number}: {told} has more digits than a number cell keeps, so its "
            "cents are unknown.",
            codes.UNSEEN.code: f"Row {number}: {told} holds signs that nobody sees, so the amount is not sure.",
            codes.QUOTE_OPEN.code: f"Row {number}: {told} was taken in by a quote opened above it.",
            codes.REPEATED.code: f"Row {number}: the file holds this cell twice with different values.",
            codes.BOOLEAN.code: f"Row {number}: {told} stands where the amount belongs.",
            codes.TIME.code: f"Row {number}: {told}, a date or time, stands where the amount belongs.",
            codes.PERCENT.code: f"Row {number}: {told}, a percentage, stands where the amount belongs.",
            codes.AMOUNT_MISSING.code: f"Row {number} has a date and a supplier but no amount.",
        }.get(code.code, f"Row {number}: {told} cannot be read as an amount.")
        self.problem(code, sentence, address(number, column), rejected=True)

    def result(
        self, found: Mapping[int, Found], kinds: Mapping[int, RowMark], repeated: int, column: int
    ) -> Extract:
        """The reading of the sheet: ``found`` its totals, ``kinds`` what every row is that is no line."""
        totals = self._totals(found)
        controls = self._controls(found, column)
        self._notes()
        reading = sheet_reading(
            self.grid,
            self.decision,
            kinds,
            first=self.first_line,
            last=self.last_line,
            read=self.read,
            rejected=self.rejected,
            repeated=repeated,
            totals=totals,
            controls=controls,
        )
        return Extract(reading, self.problems, {code: sums.data for code, sums in self.sums.items()})

    def _totals(self, found: Mapping[int, Found]) -> tuple[SheetTotals, ...]:
        grand = next(
            (
                entry.row.amount
                for entry in reversed(list(found.values()))
                if entry.grand and entry.row.amount is not None
            ),
            None,
        )
        single = len(self.sums) == 1
        totals = []
        for currency, sums in sorted(self.sums.items()):
            said = grand if single else None
            # A minor unit apart is what rounding a sum of finer amounts may cost.
            foots = None if said is None else abs(said - sums.data) < Decimal(1).scaleb(-exponent(currency))
            totals.append(
                SheetTotals(
                    currency=currency,
                    data=sums.data,
                    rejected=sums.rejected,
                    unreadable=sums.unreadable,
                    sheet_total=said,
                    foots=foots,
                )
            )
        return tuple(totals)

    def _controls(self, found: Mapping[int, Found], column: int) -> tuple[ControlTotal, ...]:
        controls: list[ControlTotal] = []
        for entry in found.values():
            amount = entry.row.amount
            if amount is None:
                continue
            difference = amount - entry.expected
            agrees = abs(difference) <= max(TOLERANCE, Decimal("0.01"))
            if entry.row.says >= Says.BALANCE:
                agrees = entry.agrees
            cell = address(entry.row.number, column)
            controls.append(
                ControlTotal(
                    row=entry.row.number,
                    cell=cell,
                    label=entry.row.label,
                    amount=amount,
                    first_row=entry.first,
                    last_row=entry.last,
                    agrees=agrees,
                    grand=entry.grand,
                )
            )
            if not agrees and len(self.sums) == 1 and entry.row.says < Says.BALANCE:
                self.problem(
                    codes.NOT_FOOTING if entry.grand else codes.SUBTOTAL_DIFFERS,
                    f"The {'total' if entry.grand else 'subtotal'} in row {entry.row.number} says "
                    f"{self._told(amount)}; its lines come to {self._told(entry.expected)}, a difference of "
                    f"{self._told(difference)}.",
                    cell,
                )
        return tuple(controls)

    def closings(self, wrong: Sequence[tuple[Found, Decimal]], column: int) -> None:
        """Tell the closing balances that the lines before them do not come to."""
        for entry, comes in wrong:
            if len(self.sums) <= 1 and entry.row.amount is not None:
                self.problem(
                    codes.CLOSING_DIFFERS,
                    f"The closing balance in row {entry.row.number} says {self._told(entry.row.amount)}; the opening "
                    f"one with the lines between comes to {self._told(comes)}.",
                    address(entry.row.number, column),
                )

    def _told(self, value: Decimal) -> str:
        """A sum of the sheet in words: in its one currency, or as a bare figure where it holds several."""
        if len(self.sums) == 1:
            return told_amount(value, next(iter(self.sums)))
        return told_amount(value, self.decision.currency or "EUR").rpartition(" ")[0]

    def _covered(self) -> list[str]:
        """Amounts and names of the lines that lie under a merged cell and are not what it shows."""
        if not self.grid.merged or self.first_line is None or self.last_line is None:
            return []
        used = {
            column
            for choice in self.decision.columns
            if choice.field in ("amount", "debit", "credit", "net", "gross", "supplier")
            for column in range(span(choice)[0], span(choice)[1] + 1)
        }
        found: list[str] = []
        for first_row, first, last_row, last in self.grid.merged:
            columns = [column for column in range(first, last + 1) if column in used]
            if not columns or not self.first_line <= first_row <= self.last_line:
                continue
            top = self.grid.row(first_row)
            shown = top[first] if first < len(top) else None
            for index in range(self.grid.position(first_row), self.grid.position(last_row + 1)):
                number, row = self.grid.numbers[index], self.grid.rows[index]
                found.extend(
                    address(number, column)
                    for column in columns
                    if (number, column) != (first_row, first) and column < len(row)
                    if row[column] not in (None, shown) and len(found) < _MOST_PROBLEMS
                )
        return found

    def _notes(self) -> None:
        grid, decision = self.grid, self.decision
        if self.hidden_lines:
            self.problem(
                codes.HIDDEN_ROWS,
                (
                    "1 line stands in a hidden row and was read like any other; it comes to "
                    if self.hidden_lines == 1
                    else f"{self.hidden_lines:,} lines stand in hidden rows and were read like any other; they come to "
                )
                + f"{self._told(self.hidden_sum)}.",
                None,
            )
        if self.struck_lines:
            self.problem(
                codes.STRUCK,
                (
                    "1 line is struck through, or written in white, and was read like any other; it comes to "
                    if self.struck_lines == 1
                    else f"{self.struck_lines:,} lines are struck through, or written in white, and were read like any "
                    "other; they come to "
                )
                + f"{self._told(self.struck_sum)}.",
                None,
            )
        covered = self._covered()
        if covered:
            self.problem(
                codes.COVERED,
                (
                    f"The cell {covered[0]} holds a value under a merged cell, where nobody sees it; it was "
                    if len(covered) == 1
                    else f"{len(covered):,} cells, {covered[0]} first, hold values under merged cells, where nobody "
                    "sees them; they were "
                )
                + "read like any other.",
                covered[0],
            )
        used = {span(choice)[0] for choice in decision.columns}
        hidden = [letters(column) for column in sorted(grid.hidden_columns) if column in used]
        if hidden:
            self.problem(
                codes.HIDDEN_COLUMNS,
                f"Hidden columns were read like any other: {', '.join(hidden)}.",
                None,
            )
        for currency, count in sorted(self.finer.items()):
            self.problem(
                codes.AMOUNT_FINE,
                f"{count:,} amounts are finer than the smallest unit of {currency}; each is "
                "rounded half-even and the residue is shown.",
                None,
            )
        for why, told_of_all in _TOLD_AT_ONCE.items():
            lines = [entry for entry in self.not_spend if entry[3] == why]
            if lines:
                told = self._told(sum((value for _, value, _, _ in lines), Decimal(0)))
                self.problem(
                    codes.NOT_SPEND, f"{len(lines):,} lines, {told}, {told_of_all}: not spend.", lines[0][0]
                )
        singly = [entry for entry in self.not_spend if entry[3] not in _TOLD_AT_ONCE]
        for cell, value, currency, why in singly[:50]:
            self.problem(
                codes.NOT_SPEND, f"{told_amount(value, currency)} in {cell} {_WHY_NOT[why]}: not spend.", cell
            )
        if decision.currency_how == "assumed" and decision.currency and self.read:
            self.problem(
                codes.CURRENCY_ASSUMED,
                f"The sheet names no currency; its amounts were taken as {decision.currency}.",
                None,
            )
        scale = Decimal(str(dict(decision.extra).get("scale", 1)))
        if scale != 1 and self.read:
            self.problem(
                codes.SCALED,
                f"The sheet keeps its amounts in units of {scale:,}; each was multiplied by {scale:,}."
                if scale > 1
                else "The sheet counts its amounts in hundredths (pence, cents); each was divided by 100.",
                None,
            )
        for cell, text in grid.strays[:20]:
            self.problem(codes.STRAY, f"“{text}” stands alone far outside the table and was left out.", cell)
        # A payment to the card is no charge: it says nothing about which sign charges have.
        total = sum((sums.data for sums in self.sums.values()), Decimal(0))
        total -= sum((amount for _, amount, _, _ in self.not_spend), Decimal(0))
        if total < 0 and self.read > 1:
            self.problem(
                codes.NEGATIVE_SUM, f"The sheet's lines come to {self._told(total)}, less than nothing.", None
            )
        if total == 0 and self.read > 3 and decision.column("debit") and decision.column("credit"):
            self.problem(
                codes.BOTH_SIDES,
                f"The {self.read:,} lines of the sheet come to nothing: what is debited is credited again.",
                None,
            )
