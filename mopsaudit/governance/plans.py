"""Budgets as people look at them: the list of versions, and one version with its plan by month after transfers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import NotFoundError
from mopsaudit.governance.budgets import months_of
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool, Vendor
from mopsaudit.store.people import BusinessUnit, Person
from mopsaudit.store.planning import BudgetAmount, BudgetLine, BudgetTransfer, BudgetVersion, FiscalYear


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """A version in a list: totals by currency in minor units, transfers included (they net to zero)."""

    id: int
    name: str
    year: str
    status: str
    lines: int
    totals: tuple[tuple[str, int], ...]
    locked_by: str | None
    locked_at: datetime | None


def list_budgets(session: Session) -> tuple[BudgetRow, ...]:
    """All versions, the newest year first, the locked one before drafts and superseded ones."""
    rows = session.execute(
        select(BudgetVersion, FiscalYear.name, Person.name)
        .join(FiscalYear, FiscalYear.id == BudgetVersion.fiscal_year_id)
        .outerjoin(Person, Person.id == BudgetVersion.locked_by_id)
        .order_by(FiscalYear.starts_on.desc(), BudgetVersion.status != "locked", BudgetVersion.id.desc())
    ).all()
    totals: dict[int, list[tuple[str, int]]] = {}
    for budget_id, currency, minor in session.execute(
        select(BudgetLine.budget_id, BudgetLine.currency, func.sum(BudgetAmount.amount_minor))
        .join(BudgetAmount, BudgetAmount.line_id == BudgetLine.id)
        .group_by(BudgetLine.budget_id, BudgetLine.currency)
        .order_by(BudgetLine.budget_id, BudgetLine.currency)
    ).all():
        totals.setdefault(budget_id, []).append((currency, int(minor)))
    counts: dict[int, int] = dict(
        session.execute(select(BudgetLine.budget_id, func.count()).group_by(BudgetLine.budget_id)).all()
    )
    return tuple(
        BudgetRow(
            id=budget.id,
            name=budget.name,
            year=year,
            status=budget.status,
            lines=counts.get(budget.id, 0),
            totals=tuple(totals.get(budget.id, ())),
            locked_by=who,
            locked_at=budget.locked_at,
        )
        for budget, year, who in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A line with its plan by month (month index → minor units) after transfers, and the names it goes by."""

    line: BudgetLine
    unit: str | None
    tool: str | None
    vendor: str | None
    holder: str | None
    amounts: Mapping[int, int]
    total: int

    @property
    def label(self) -> str:
        """What the line is called: as it is described, else by the most telling parts of its key."""
        row = self.line
        parts = (self.tool, self.vendor if self.tool is None else None, row.programme, row.cost_centre)
        named = [part for part in (*parts, row.gl_account) if part]
        return row.description or " · ".join(named) or f"Line {row.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole version: its year's months, lines and transfers."""

    budget: BudgetVersion
    year: FiscalYear
    months: tuple[int, ...]
    lines: tuple[PlanLine, ...]
    transfers: tuple[BudgetTransfer, ...]

    @property
    def half_filled(self) -> tuple[PlanLine, ...]:
        """Lines without an amount in some months of the year: nobody said what is planned there."""
        return tuple(each for each in self.lines if not set(self.months) <= set(each.amounts))


def plan_of(session: Session, scope: Scope, budget_id: int) -> Plan:
    """A version with the lines of the scope (a line without a unit belongs to the whole company).

    Raises:
        NotFoundError: no such budget.
    """
    budget = session.get(BudgetVersion, budget_id)
    if budget is None:
        raise NotFoundError("There is no such budget.")
    year = session.get_one(FiscalYear, budget.fiscal_year_id)
    transfers = session.scalars(
        select(BudgetTransfer).where(BudgetTransfer.budget_id == budget_id).order_by(BudgetTransfer.id)
    ).all()
    amounts: dict[int, dict[int, int]] = {}
    for line_id, month, minor in session.execute(
        select(BudgetAmount.line_id, BudgetAmount.month, BudgetAmount.amount_minor)
        .join(BudgetLine, BudgetLine.id == BudgetAmount.line_id)
        .where(BudgetLine.budget_id == budget_id)
    ).all():
        amounts.setdefault(line_id, {})[month] = minor
    _apply(transfers, amounts)
    lines = session.execute(
        select(BudgetLine, BusinessUnit.name, Tool.name, Vendor.name, Person.name)
        .outerjoin(BusinessUnit, BusinessUnit.id == BudgetLine.unit_id)
        .outerjoin(Tool, Tool.id == BudgetLine.tool_id)
        .outerjoin(Vendor, Vendor.id == BudgetLine.vendor_id)
        .outerjoin(Person, Person.id == BudgetLine.holder_id)
        .where(BudgetLine.budget_id == budget_id)
        .order_by(BudgetLine.id)
    ).all()
    return Plan(
        budget=budget,
        year=year,
        months=tuple(months_of(session, budget)),
        lines=tuple(
            PlanLine(
                line=line,
                unit=unit,
                tool=tool,
                vendor=vendor,
                holder=holder,
                amounts=amounts.get(line.id, {}),
                total=sum(amounts.get(line.id, {}).values()),
            )
            for line, unit, tool, vendor, holder in lines
            if (line.unit_id is None and scope.whole) or line.unit_id in scope.unit_ids
        ),
        transfers=tuple(transfers),
    )


def _apply(transfers: Sequence[BudgetTransfer], amounts: dict[int, dict[int, int]]) -> None:
    for entry in transfers:
        for line_id, sign in ((entry.from_line_id, -1), (entry.to_line_id, 1)):
            months = amounts.setdefault(line_id, {})
            months[entry.month] = months.get(entry.month, 0) + sign * entry.amount_minor


def units_of_budget(session: Session, budget_id: int) -> frozenset[int | None]:
    """The units of a version's lines; None stands for lines of the whole company."""
    return frozenset(
        session.scalars(select(BudgetLine.unit_id).where(BudgetLine.budget_id == budget_id).distinct())
    )
