"""Realised (and promised) figures of business cases by month."""

from decimal import Decimal

from sqlalchemy import func, select

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.work_order import Work
from mopsaudit.periods import month_of
from mopsaudit.store.planning import BusinessCase, CaseFlow

_METHODS = ("experiment", "model", "attribution", "opinion")


def apply_benefits(work: Work) -> Outcome:
    """A benefit of a case per row: what was realised, and in a column of its own what was promised is left as it is."""
    with desk(work) as at:
        at.rows(_benefit)
        return at.finish()


def _benefit(at: Desk, position: int, row: RecordRow) -> bool:
    values = row.values
    case = _case(at, str(values.get("case") or ""))
    day = values.get("month")
    if day is None:
        raise InvalidError("A realised figure needs its month.", "month")
    amount = values.get("amount")
    if not isinstance(amount, Decimal):
        raise InvalidError("The realised amount is missing.", "amount")
    currency = at.currency(row, position)
    kind = _type(str(values.get("kind") or ""))
    method = str(values.get("method") or "").casefold()
    minor = at.money(position, amount, currency)
    month = month_of(day)
    known = at.session.scalars(
        select(CaseFlow)
        .where(
            CaseFlow.case_id == case.id,
            CaseFlow.side == "benefit",
            CaseFlow.benefit_type == kind,
            CaseFlow.month == month,
            CaseFlow.currency == currency,
            CaseFlow.realised.is_(True),
            CaseFlow.import_id.is_not(None),
            CaseFlow.import_id != at.work.record.id,
        )
        .order_by(CaseFlow.id)
    ).first()
    if known is not None:
        if known.amount_minor == minor:
            return False
        known.amount_minor, known.import_id = minor, at.work.record.id
        known.origin_cell = row.cells.get("amount")
        return True
    at.session.add(
        CaseFlow(
            case_id=case.id,
            side="benefit",
            benefit_type=kind,
            method=next((name for name in _METHODS if name in method), None),
            month=month,
            amount_minor=minor,
            currency=currency,
            realised=True,
            import_id=at.work.record.id,
            origin_cell=row.cells.get("amount"),
        )
    )
    return True


def _case(at: Desk, text: str) -> BusinessCase:
    """The case of that number or title.

    Raises:
        NotFoundError: when there is none, or several.
    """
    wanted = " ".join(text.split())
    if wanted.isdigit():
        case = at.session.get(BusinessCase, int(wanted))
        if case is not None:
            return case
    found = at.session.scalars(
        select(BusinessCase)
        .where(func.lower(BusinessCase.title) == wanted.lower())
        .order_by(BusinessCase.id)
        .limit(2)
    ).all()
    if len(found) != 1:
        raise NotFoundError(f"There is no business case “{wanted}”; write its title or number.")
    return found[0]


def _type(text: str) -> str:
    """Revenue, cash, avoidance or time.

    Raises:
        InvalidError: for anything else.
    """
    plain = text.casefold()
    for words, kind in (
        (("avoid",), "avoidance"),
        (("time", "hour", "product"), "time"),
        (("revenue", "sales", "margin", "pipeline"), "revenue"),
        (("cash", "cost", "saving", "reduction"), "cash"),
    ):
        if any(word in plain for word in words):
            return kind
    raise InvalidError("The kind is one of revenue, cash reduction, avoidance and time.", "kind")
