"""Budgets: versions of a fiscal year with lines and months; locked when approved, revised, transferred.

A locked version is read-only: what it said when it was locked is kept by its digest. A transfer between two lines of a
locked version is a dated entry that nets to zero.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from mopsaudit.facts.wording import count
from mopsaudit.money import UnknownCurrencyError, currency_code
from mopsaudit.periods import fiscal_year_name, month_of
from mopsaudit.scope import Scope
from mopsaudit.store.planning import BudgetAmount, BudgetLine, BudgetTransfer, BudgetVersion, FiscalYear

_LINE_COLUMNS = frozenset(
    {
        "unit_id",
        "entity_id",
        "cost_centre",
        "gl_account",
        "vendor_id",
        "tool_id",
        "programme",
        "description",
        "currency",
        "holder_id",
    }
)


def ensure_year(session: Session, scope: Scope) -> FiscalYear:
    """The fiscal year of the scope's as-of date, written to the period table when it is not there yet."""
    period = scope.year
    found = session.scalars(select(FiscalYear).where(FiscalYear.starts_on == period.start)).first()
    if found is not None:
        return found
    year = FiscalYear(name=fiscal_year_name(period), starts_on=period.start, ends_on=period.end)
    session.add(year)
    session.flush()
    return year


def create_budget(
    session: Session, *, year_id: int, name: str, by_person_id: int | None, basis: str = "invoiced"
) -> BudgetVersion:
    """A draft version of a fiscal year.

    Raises:
        InvalidError: without a name, a name in use in the year, an unknown basis.
        NotFoundError: no such year.
    """
    if session.get(FiscalYear, year_id) is None:
        raise NotFoundError("There is no such fiscal year.")
    text = " ".join(name.split())[:200]
    if not text:
        raise InvalidError("Give the budget a name, like “Approved 2026”.", "name")
    if basis not in ("invoiced", "accrual"):
        raise InvalidError("A budget is compared on the invoiced or the accrual view.", "basis")
    taken = session.scalars(
        select(BudgetVersion.id).where(
            BudgetVersion.fiscal_year_id == year_id, func.lower(BudgetVersion.name) == text.lower()
        )
    ).first()
    if taken is not None:
        raise InvalidError("This year has a budget of that name already.", "name")
    budget = BudgetVersion(fiscal_year_id=year_id, name=text, basis=basis, created_by_id=by_person_id)
    session.add(budget)
    session.flush()
    return budget


def _draft(session: Session, budget_id: int) -> BudgetVersion:
    budget = session.get(BudgetVersion, budget_id, with_for_update=True)
    if budget is None:
        raise NotFoundError("There is no such budget.")
    if budget.status != "draft":
        raise InvalidError(
            "This budget is locked; revise it with a new version, or transfer between its lines."
        )
    return budget


def months_of(session: Session, budget: BudgetVersion) -> range:
    """The month indices of a version's fiscal year."""
    year = session.get_one(FiscalYear, budget.fiscal_year_id)
    return range(month_of(year.starts_on), month_of(year.ends_on))


def save_line(
    session: Session,
    budget_id: int,
    *,
    line_id: int | None,
    version: int | None,
    values: Mapping[str, Any],
    amounts: Mapping[int, int | None],
) -> BudgetLine:
    """Add a line to a draft, or change one: its key columns and its plan by month (month index → minor units).

    Zero is an amount: nothing is planned. None takes the month's amount away: nobody has said yet.

    Raises:
        InvalidError: a locked budget, a month outside the year, a line without any key, an unknown currency.
        ConflictError: stale version. NotFoundError: no such line.
    """
    budget = _draft(session, budget_id)
    if set(values) - _LINE_COLUMNS:
        raise InvalidError("That cannot be changed here.")
    checked = {key: (value or None) if isinstance(value, str) else value for key, value in values.items()}
    checked["description"] = checked.get("description") or ""
    try:
        checked["currency"] = currency_code(str(values.get("currency") or ""))
    except UnknownCurrencyError as error:
        raise InvalidError(str(error), "currency") from None
    named = ("cost_centre", "gl_account", "vendor_id", "tool_id", "programme", "description")
    if not any(checked.get(key) for key in named):
        raise InvalidError(
            "Say what the money is for: a cost centre, account, vendor, tool or programme.", "cost_centre"
        )
    allowed = months_of(session, budget)
    if any(month not in allowed for month in amounts):
        raise InvalidError("A month lies outside the fiscal year.")
    if line_id is None:
        line = BudgetLine(budget_id=budget_id, **checked)
        session.add(line)
        session.flush()
    else:
        line = _line(session, budget_id, line_id)
        said = {month: minor for month, minor in amounts.items() if minor is not None}
        stored = _entered(session, line.id)
        differs = any(getattr(line, key) != value for key, value in checked.items()) or stored != said
        if differs and line.version != version:
            theirs = {key: getattr(line, key) for key in checked} | {"version": line.version}
            raise ConflictError(
                "Somebody changed this line since you opened it; compare both versions.", theirs
            )
        if not differs:
            return line
        for key, value in checked.items():
            setattr(line, key, value)
        line.version += 1
    _put_amounts(session, line.id, amounts)
    return line


def _entered(session: Session, line_id: int) -> dict[int, int]:
    """The months of a line that say something, zero too."""
    rows = session.execute(
        select(BudgetAmount.month, BudgetAmount.amount_minor).where(BudgetAmount.line_id == line_id)
    ).all()
    return {month: minor for month, minor in rows}  # noqa: C416  # a row is no pair to the type checker


def _amounts(session: Session, line_id: int) -> dict[int, int]:
    return {month: minor for month, minor in _entered(session, line_id).items() if minor}


def _put_amounts(session: Session, line_id: int, amounts: Mapping[int, int | None]) -> None:
    stored = {
        row.month: row for row in session.scalars(select(BudgetAmount).where(BudgetAmount.line_id == line_id))
    }
    for month, minor in sorted(amounts.items()):
        row = stored.get(month)
        if minor is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(BudgetAmount(line_id=line_id, month=month, amount_minor=minor))
        elif row.amount_minor != minor:
            row.amount_minor = minor
            row.origin_cell = None  # typed over: the cell no longer says it
    session.flush()


def _line(session: Session, budget_id: int, line_id: int) -> BudgetLine:
    line = session.get(BudgetLine, line_id, with_for_update=True)
    if line is None or line.budget_id != budget_id:
        raise NotFoundError("There is no such budget line.")
    return line


def remove_line(session: Session, budget_id: int, line_id: int) -> None:
    """Take a line out of a draft; the History keeps it.

    Raises:
        InvalidError: a locked budget. NotFoundError: no such line.
    """
    _draft(session, budget_id)
    line = _line(session, budget_id, line_id)
    for amount in session.scalars(select(BudgetAmount).where(BudgetAmount.line_id == line_id)):
        session.delete(amount)
    session.flush()
    session.delete(line)
    session.flush()


def digest_of(session: Session, budget_id: int) -> str:
    """SHA-256 over every line and month of a version, in a fixed order: what the lock keeps."""
    facts = []
    for line in session.scalars(
        select(BudgetLine).where(BudgetLine.budget_id == budget_id).order_by(BudgetLine.id)
    ):
        columns = {key: getattr(line, key) for key in sorted(_LINE_COLUMNS)}
        facts.append([line.id, columns, sorted(_amounts(session, line.id).items())])
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def lock_budget(
    session: Session,
    budget_id: int,
    version: int,
    *,
    by_person_id: int,
    now: datetime,
    empty_is_zero: bool = False,
) -> BudgetVersion:
    """Approve a draft: it becomes read-only, and the version it revises is superseded. The same click twice is one.

    ``empty_is_zero``: the approver says that months without an amount mean nothing planned; they are written so.

    Raises:
        NotAllowedError: by the one who made it: nobody approves their own.
        InvalidError: without a line; with months nobody filled in, unless the approver says they mean nothing.
        ConflictError: changed since it was opened.
    """
    budget = session.get(BudgetVersion, budget_id, with_for_update=True)
    if budget is None:
        raise NotFoundError("There is no such budget.")
    if budget.status == "locked" and budget.locked_by_id == by_person_id:
        return budget
    if budget.status != "draft":
        raise InvalidError("Only a draft can be locked.")
    if budget.created_by_id == by_person_id:
        raise NotAllowedError("Nobody approves their own: somebody else has to lock this budget.")
    if budget.version != version:
        raise ConflictError(
            "This budget changed since you opened it; look at it again.", {"version": budget.version}
        )
    if (
        session.scalar(select(func.count()).select_from(BudgetLine).where(BudgetLine.budget_id == budget_id))
        == 0
    ):
        raise InvalidError("A budget without a line cannot be locked.")
    _fill_gaps(session, budget, empty_is_zero=empty_is_zero)
    earlier = session.scalars(
        select(BudgetVersion).where(
            BudgetVersion.fiscal_year_id == budget.fiscal_year_id,
            BudgetVersion.status == "locked",
            BudgetVersion.id != budget.id,
        )
    ).all()
    for each in earlier:
        each.status = "superseded"
    budget.status = "locked"
    budget.locked_by_id = by_person_id
    budget.locked_at = now
    budget.locked_digest = digest_of(session, budget_id)
    session.flush()
    return budget


def _fill_gaps(session: Session, budget: BudgetVersion, *, empty_is_zero: bool) -> None:
    """Refuse a version with months that say nothing, or write what the approver says they mean."""
    months = set(months_of(session, budget))
    gaps: dict[int, tuple[int, ...]] = {}
    for line_id in session.scalars(
        select(BudgetLine.id).where(BudgetLine.budget_id == budget.id).order_by(BudgetLine.id)
    ):
        missing = months - set(_entered(session, line_id))
        if missing:
            gaps[line_id] = tuple(sorted(missing))
    if not gaps:
        return
    if not empty_is_zero:
        raise InvalidError(
            f"{count(len(gaps), 'line')} {'has' if len(gaps) == 1 else 'have'} months without an amount "
            f"({count(sum(map(len, gaps.values())), 'month')}). Enter them, or say that they mean nothing planned.",
            "empty_is_zero",
        )
    for line_id, empty in gaps.items():
        _put_amounts(session, line_id, dict.fromkeys(empty, 0))


def revise_budget(
    session: Session, budget_id: int, *, name: str, reason: str, by_person_id: int | None
) -> BudgetVersion:
    """A new draft with the lines of a locked version, and why it is revised.

    Raises:
        InvalidError: when it is not locked, or without a reason.
    """
    old = session.get(BudgetVersion, budget_id)
    if old is None:
        raise NotFoundError("There is no such budget.")
    if old.status != "locked":
        raise InvalidError("Only a locked budget is revised; a draft is edited.")
    text = " ".join(reason.split())
    if not text:
        raise InvalidError("Say why the budget is revised.", "reason")
    new = create_budget(
        session, year_id=old.fiscal_year_id, name=name, by_person_id=by_person_id, basis=old.basis
    )
    new.revises_id, new.reason = old.id, text
    for line in session.scalars(
        select(BudgetLine).where(BudgetLine.budget_id == old.id).order_by(BudgetLine.id)
    ).all():
        copy = BudgetLine(
            budget_id=new.id,
            origin_sheet=line.origin_sheet,
            origin_row=line.origin_row,
            **{key: getattr(line, key) for key in _LINE_COLUMNS},
        )
        session.add(copy)
        session.flush()
        moved = _entered(session, line.id)
        for transfer in session.scalars(
            select(BudgetTransfer)
            .where((BudgetTransfer.from_line_id == line.id) | (BudgetTransfer.to_line_id == line.id))
            .order_by(BudgetTransfer.id)
        ):
            sign = -1 if transfer.from_line_id == line.id else 1
            moved[transfer.month] = moved.get(transfer.month, 0) + sign * transfer.amount_minor
        _put_amounts(session, copy.id, moved)
    session.flush()
    return new


def transfer(
    session: Session,
    budget_id: int,
    *,
    from_line_id: int,
    to_line_id: int,
    month: int,
    amount_minor: int,
    reason: str,
    made_on: date,
    by_person_id: int | None,
) -> BudgetTransfer:
    """Move plan between two lines of a locked version in one month: a dated entry that nets to zero.

    Raises:
        InvalidError: a draft, the same line twice, two currencies, a month outside the year, no amount, no reason.
    """
    budget = session.get(BudgetVersion, budget_id)
    if budget is None:
        raise NotFoundError("There is no such budget.")
    if budget.status != "locked":
        raise InvalidError("Transfers are for locked budgets; a draft is edited.")
    if from_line_id == to_line_id:
        raise InvalidError("Choose two different lines.", "to_line_id")
    source, target = _line(session, budget_id, from_line_id), _line(session, budget_id, to_line_id)
    if source.currency != target.currency:
        raise InvalidError("Both lines need the same currency.", "to_line_id")
    if amount_minor <= 0:
        raise InvalidError("Say an amount above zero.", "amount_minor")
    if month not in months_of(session, budget):
        raise InvalidError("The month lies outside the fiscal year.", "month")
    text = " ".join(reason.split())
    if not text:
        raise InvalidError("Say why.", "reason")
    entry = BudgetTransfer(
        budget_id=budget_id,
        from_line_id=from_line_id,
        to_line_id=to_line_id,
        month=month,
        amount_minor=amount_minor,
        currency=source.currency,
        made_on=made_on,
        reason=text,
        made_by_id=by_person_id,
    )
    session.add(entry)
    session.flush()
    return entry
