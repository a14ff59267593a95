"""Budgets: a draft version per fiscal year (and version named in the file), lines by their key, an amount per month."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mopsaudit.errors import InvalidError
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.record_codes import NAME_UNKNOWN
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.vendors import find_vendor
from mopsaudit.money import split_exact
from mopsaudit.periods import Period, fiscal_year, fiscal_year_name, month_of
from mopsaudit.problems import Severity, declare
from mopsaudit.store.planning import BudgetAmount, BudgetLine, BudgetVersion, FiscalYear

_KEY = (
    "cost_centre",
    "gl_account",
    "unit_id",
    "vendor_id",
    "tool_id",
    "programme",
    "description",
    "currency",
)

HALF_FILLED = declare(
    "budget.half_filled",
    Severity.NOTE,
    "Lines of a budget have no amount in some months",
    "Enter the missing amounts, or 0 where nothing is planned; until then these months count as nothing planned in the "
    "draft, and locking it asks for the approver's word.",
)


def apply_budget(work: Work) -> Outcome:
    """A month's amount per row. Rows with one key and month add up; a locked version takes nothing any more."""
    state = _State()
    with desk(work) as at:
        at.rows(state.amount)
        state.tell_gaps(at)
        return at.finish()


class _State:
    """Versions, lines and amounts of this import by their keys, so that a thousand rows ask the database little."""

    def __init__(self) -> None:
        self.versions: dict[tuple[str, str], BudgetVersion] = {}
        self.lines: dict[tuple[Any, ...], BudgetLine] = {}
        self.amounts: dict[tuple[int, int], BudgetAmount] = {}
        self.years: dict[str, Period] = {}
        self.sheet_of: dict[int, int] = {}

    def amount(self, at: Desk, position: int, row: RecordRow) -> bool:
        """One row into its month."""
        values = row.values
        value = values.get("amount")
        if not isinstance(value, Decimal):
            raise InvalidError("The amount is missing.", "amount")
        month, year = _month(at, values)
        version = self._version(at, year, str(values.get("version") or "").strip())
        currency = at.currency(row, position)
        line = self._line(at, position, row, version, currency)
        minor = at.money(position, value, currency)
        for index, part in _spread(minor, month, year):
            key = (line.id, index)
            known = self.amounts.get(key)
            if known is None:
                known = BudgetAmount(
                    line_id=line.id, month=index, amount_minor=part, origin_cell=_cell(at, position, row)
                )
                at.session.add(known)
                self.amounts[key] = known
            else:
                known.amount_minor += part
        return True

    def tell_gaps(self, at: Desk) -> None:
        """A half-filled budget is kept as it is and told: a month without an amount counts as nothing planned."""
        months: dict[int, set[int]] = {}
        for line_id, month in self.amounts:
            months.setdefault(line_id, set()).add(month)
        for (name, _), version in self.versions.items():
            own = [line for key, line in self.lines.items() if key[0] == version.id and line.id in months]
            gaps = [line for line in own if len(months[line.id]) < len(self.years[name].months)]
            if not gaps:
                continue
            first = gaps[0]
            has = len(months[first.id])
            lead = "1 line has" if len(gaps) == 1 else f"{len(gaps):,} lines have"
            message = (
                f"{version.name}: {lead} no amount in some months of {name}, the first in row {first.origin_row} "
                f"({has} of {len(self.years[name].months)} months). They count as nothing planned; enter the amounts, "
                "or 0 where that is meant."
            )
            cell = next(a.origin_cell for (line_id, _), a in self.amounts.items() if line_id == first.id)
            at.problem(HALF_FILLED, message, self.sheet_of[first.id], (cell or "").rpartition("!")[2] or None)

    def _version(self, at: Desk, year: Period, name: str) -> BudgetVersion:
        year_name = fiscal_year_name(year)
        self.years[year_name] = year
        wanted = name[:200] or f"Budget {year_name}"
        known = self.versions.get((year_name, wanted))
        if known is not None:
            return known
        fiscal = at.session.scalars(select(FiscalYear).where(FiscalYear.starts_on == year.start)).first()
        if fiscal is None:
            fiscal = FiscalYear(name=year_name, starts_on=year.start, ends_on=year.end)
            at.session.add(fiscal)
            at.session.flush()
        names = set(
            at.session.scalars(select(BudgetVersion.name).where(BudgetVersion.fiscal_year_id == fiscal.id))
        )
        free = next(
            text
            for text in (wanted, *(f"{wanted} ({number})" for number in range(2, 1000)))
            if text not in names
        )
        version = BudgetVersion(
            fiscal_year_id=fiscal.id,
            name=free,
            status="draft",
            created_by_id=at.work.record.created_by_id,
            import_id=at.work.record.id,
        )
        at.session.add(version)
        at.session.flush()
        self.versions[year_name, wanted] = version
        return version

    def _line(
        self, at: Desk, position: int, row: RecordRow, version: BudgetVersion, currency: str
    ) -> BudgetLine:
        values = row.values
        tool_name, vendor_name = (str(values.get(name) or "").strip() for name in ("tool", "vendor"))
        tool = at.tool(tool_name) if tool_name else None
        vendor = find_vendor(at.session, vendor_name) if vendor_name else None
        if vendor is None and vendor_name:
            vendor_id = at.ours.vendor_id(at.matcher.match(vendor_name).vendor_id)
        else:
            vendor_id = vendor.id if vendor else None
        for text, found, name in ((tool_name, tool, "tool"), (vendor_name, vendor_id, "vendor")):
            if text and found is None:
                message = f"There is no {name} “{text}”; the budget line keeps the name in its description."
                self._once(at, message, position, row.cells.get(name))
        unknown = [
            text for text, found in ((tool_name, tool), (vendor_name, vendor_id)) if text and found is None
        ]
        description = " · ".join([*filter(None, [str(values.get("description") or "").strip()]), *unknown])
        facts: dict[str, Any] = {
            "cost_centre": _text(values.get("cost_centre"), 80),
            "gl_account": _text(values.get("gl_account"), 80),
            "unit_id": at.unit_id(values.get("unit"), position, row.cells.get("unit")),
            "vendor_id": vendor_id,
            "tool_id": tool.id if tool else None,
            "programme": _text(values.get("programme"), 120),
            "description": description[:400],
            "currency": currency,
        }
        key = (version.id, *(facts[name] for name in _KEY))
        known = self.lines.get(key)
        if known is not None:
            return known
        line = BudgetLine(
            budget_id=version.id,
            origin_sheet=at.work.read.reading.sheets[position].decision.name,
            origin_row=row.row,
            holder_id=at.keepers.named(str(values["owner"]), position, row.cells.get("owner"))
            if values.get("owner")
            else None,
            **facts,
        )
        at.session.add(line)
        at.session.flush()
        self.lines[key] = line
        self.sheet_of[line.id] = position
        return line

    def _once(self, at: Desk, message: str, position: int, cell: str | None) -> None:
        """One problem per name, not one per month."""
        if all(problem.message != message for problem in at.outcome.problems):
            at.problem(NAME_UNKNOWN, message, position, cell)


def _month(at: Desk, values: Any) -> tuple[int | None, Period]:
    """The month of a row and its fiscal year; None spreads over the year.

    Raises:
        InvalidError: when neither month nor year is given.
    """
    first = at.work.settings.fiscal_start
    day = values.get("month")
    if isinstance(day, date):
        return month_of(day), fiscal_year(day, first)
    text = "".join(letter for letter in str(values.get("fiscal_year") or "") if letter.isdigit())
    if len(text) == 2:
        text = f"20{text}"
    if len(text) < 4 or not 1900 <= int(text[-4:]) < 2200:
        raise InvalidError("A budget row needs a month or a fiscal year.", "month")
    # A year is named by the calendar year it ends in.
    last = date(int(text[-4:]), first, 1) - timedelta(days=1) if first > 1 else date(int(text[-4:]), 12, 31)
    return None, fiscal_year(last, first)


def _spread(minor: int, month: int | None, year: Period) -> list[tuple[int, int]]:
    """A year's amount in equal months that sum to it, a month's as it stands."""
    if month is not None:
        return [(month, minor)]
    months = list(year.months)
    return list(zip(months, split_exact(minor, [1] * len(months)), strict=True))


def _cell(at: Desk, position: int, row: RecordRow) -> str | None:
    name = at.work.read.reading.sheets[position].decision.name
    cell = row.cells.get("amount")
    return None if cell is None else (f"{name}!{cell}" if name else cell)[:120]


def _text(value: object, length: int) -> str | None:
    text = " ".join(str(value if value is not None else "").split())
    return text[:length] or None
