"""The savings ledger: identified → agreed → contracted → realised (PRODUCT.md §4.6).

No euro twice: the recurring savings on a contract line never add up to more than its price for a year, those on a tool
with its lines never to more than the tool's run rate, and a decision has one saving.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.facts.contracts import running_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.rates import load_rates
from mopsaudit.facts.validity import in_scope
from mopsaudit.facts.wording import money
from mopsaudit.governance.objectives import named
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.money import UnknownCurrencyError, currency_code
from mopsaudit.scope import Scope
from mopsaudit.store.models import ContractLine, Decision, Saving, Tool

STAGES: Final = ("identified", "agreed", "contracted", "realised")
KINDS: Final = ("reduction", "avoidance")
_COLUMNS: Final = frozenset(
    {
        "decision_id",
        "tool_id",
        "contract_line_id",
        "title",
        "kind",
        "recurring",
        "baseline_minor",
        "baseline",
        "in_year_minor",
        "annual_minor",
        "currency",
        "budget_line_id",
        "effective_on",
    }
)


def identify_saving(
    session: Session, scope: Scope, *, title: str, kind: str, currency: str, **values: Any
) -> Saving:
    """Enter a saving on a contract line, or on a tool where there is none.

    ``baseline`` says what it is measured against (last price × current volume at constant currency; for avoidance the
    vendor's written quote), ``annual_minor`` is a year's worth (once, for a one-off), ``in_year_minor`` this year's.

    Raises:
        InvalidError: no baseline, no bearer, an unknown run rate, or more than is left of the run rate.
    """
    values.setdefault("recurring", True)
    saving = Saving(
        stage="identified", **_check(session, {"title": title, "kind": kind, "currency": currency, **values})
    )
    _bearer(session, saving)
    _once(session, saving)
    _capped(session, scope, saving)
    session.add(saving)
    session.flush()
    return saving


def edit_saving(
    session: Session, scope: Scope, saving_id: int, version: int, changes: Mapping[str, Any]
) -> Saving:
    """Change a saving that is not realised.

    Raises:
        ConflictError: stale version.
        InvalidError: as :func:`identify_saving`; or it is realised.
    """
    saving = fetch(session, Saving, saving_id, "saving")
    if saving.stage == "realised":
        raise InvalidError("A realised saving is signed by finance and does not change.")
    apply_edit(saving, version, _check(session, changes), "saving")
    _bearer(session, saving)
    _once(session, saving)
    _capped(session, scope, saving)
    session.flush()
    return saving


def advance_saving(
    session: Session,
    scope: Scope,
    saving_id: int,
    version: int,
    *,
    to: str,
    by_id: int,
    now: datetime,
    realised_minor: int | None = None,
) -> Saving:
    """Move a saving one stage on. *Realised* is signed by a person of finance with the amount from lines of record.

    Raises:
        ConflictError: stale version.
        InvalidError: a stage skipped or taken back; a reduction that names no budget line once agreed; realised without
            an amount, or above the baseline's run rate.
    """
    saving = fetch(session, Saving, saving_id, "saving")
    if saving.stage == to:
        return saving
    if to not in STAGES or STAGES.index(to) != STAGES.index(saving.stage) + 1:
        raise InvalidError(f"A saving that is {saving.stage} cannot become {to}.", "stage")
    if saving.kind == "reduction" and saving.budget_line_id is None:
        raise InvalidError("Name the budget line it lowers.", "budget_line_id")
    changes: dict[str, Any] = {"stage": to}
    if to == "realised":
        if realised_minor is None or realised_minor < 0:
            raise InvalidError("Enter what the lines of record show.", "realised_minor")
        rate = _run_rate(session, scope, saving)
        if saving.recurring and rate is not None and realised_minor > rate:
            raise InvalidError("That is more than the line costs a year.", "realised_minor")
        changes |= {"realised_minor": realised_minor, "signed_by_id": by_id, "signed_at": now}
    apply_edit(saving, version, changes, "saving")
    session.flush()
    return saving


def _check(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    if set(values) - _COLUMNS:
        raise InvalidError("That cannot be changed here.")
    checked = dict(values)
    if "title" in checked:
        checked["title"] = named(str(checked["title"]), "saving")
    if checked.get("kind", "reduction") not in KINDS:
        raise InvalidError("A saving is a reduction or an avoidance.", "kind")
    if "currency" in checked:
        try:
            checked["currency"] = currency_code(str(checked["currency"]))
        except UnknownCurrencyError as error:
            raise InvalidError(str(error), "currency") from None
    for column in ("annual_minor", "in_year_minor", "baseline_minor"):
        if (checked.get(column) or 0) < 0:
            raise InvalidError("A saving is zero or more.", column)
    return checked


def _bearer(session: Session, saving: Saving) -> None:
    """A saving lies on a contract line (then on its tool, too) or on a tool, and says what it is measured against."""
    if not (saving.baseline or "").strip():
        needs = (
            "the vendor's written quote"
            if saving.kind == "avoidance"
            else "the last price and the current volume"
        )
        raise InvalidError(f"State the baseline: {needs}.", "baseline")
    if saving.contract_line_id is not None:
        line = session.get(ContractLine, saving.contract_line_id)
        if line is None:
            raise InvalidError("Choose a contract line from the list.", "contract_line_id")
        saving.tool_id = line.tool_id
    elif saving.tool_id is None:
        raise InvalidError("Name the contract line or the tool it lies on.", "tool_id")
    elif session.get(Tool, saving.tool_id) is None:
        raise InvalidError("Choose a tool from the list.", "tool_id")
    if saving.annual_minor is None:
        raise InvalidError("Enter what it saves a year.", "annual_minor")


def _once(session: Session, saving: Saving) -> None:
    if saving.decision_id is None:
        return
    if session.get(Decision, saving.decision_id) is None:
        raise InvalidError("Choose a decision from the list.", "decision_id")
    other = session.scalars(
        select(Saving.id).where(Saving.decision_id == saving.decision_id, Saving.id != (saving.id or 0))
    ).first()
    if other is not None:
        raise InvalidError("This decision has its saving already.", "decision_id")


def _run_rate(session: Session, scope: Scope, saving: Saving) -> int | None:
    """The yearly price of the line, else the tool's run rate, in the base currency."""
    if saving.contract_line_id is not None:
        line = next(
            (each for each in running_lines(session, scope) if each.id == saving.contract_line_id), None
        )
        return line.base_minor if line else None
    cost = yearly_costs(session, scope).get(saving.tool_id or 0)
    return cost.minor if cost else None


def _capped(session: Session, scope: Scope, saving: Saving) -> None:
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)

    def base(each: Saving) -> int:
        value = rates.convert(each.annual_minor or 0, each.currency, scope.as_of)
        if value is None:
            raise InvalidError(f"There is no exchange rate for {each.currency}.", "currency")
        return value

    rate = _run_rate(session, scope, saving)
    if rate is None:
        raise InvalidError("What it costs a year is not known; enter its contract or import its spend first.")
    if not saving.recurring:
        same = [saving]
    else:
        bearer = (
            Saving.contract_line_id == saving.contract_line_id
            if saving.contract_line_id is not None
            else Saving.tool_id == saving.tool_id
        )
        with session.no_autoflush:
            kept = session.scalars(
                select(Saving)
                .where(bearer, Saving.recurring, Saving.id != (saving.id or 0))
                .order_by(Saving.id)
            ).all()
        same = [*kept, saving]
    total = sum(base(each) for each in same)
    if total > rate:
        left = max(0, rate - (total - base(saving)))
        raise InvalidError(
            f"It costs {money(rate, scope.currency)} a year and {money(left, scope.currency)} of that is not "
            "claimed by another saving.",
            "annual_minor",
        )
    if saving.contract_line_id is not None and saving.tool_id is not None and saving.recurring:
        _tool_capped(session, scope, saving, base(saving))


def _tool_capped(session: Session, scope: Scope, saving: Saving, own: int) -> None:
    """Savings on a tool as a whole and on its lines together stay within the tool's run rate."""
    cost = yearly_costs(session, scope).get(saving.tool_id or 0)
    if cost is None or cost.minor is None:
        return
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    with session.no_autoflush:
        others = session.scalars(
            select(Saving)
            .where(Saving.tool_id == saving.tool_id, Saving.recurring, Saving.id != (saving.id or 0))
            .order_by(Saving.id)
        ).all()
    total = own + sum(
        rates.convert(each.annual_minor or 0, each.currency, scope.as_of) or 0 for each in others
    )
    if total > cost.minor:
        raise InvalidError("Other savings on this tool claim that money already.", "annual_minor")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsTotal:
    """Sums in the base currency of savings of one stage and kind; each saving counts once, at its present stage."""

    stage: str
    kind: str
    count: int
    annual_minor: int
    one_off_minor: int
    in_year_minor: int
    realised_minor: int
    unconverted: int


def savings_totals(session: Session, scope: Scope) -> tuple[SavingsTotal, ...]:
    """The ledger of the scope's tools by stage and kind, reductions apart from avoidance; one query and the rates."""
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    rows = session.scalars(
        select(Saving)
        .outerjoin(Tool, Tool.id == Saving.tool_id)
        .where(or_(in_scope(scope), Saving.tool_id.is_(None)) if scope.whole else in_scope(scope))
        .order_by(Saving.id)
    ).all()
    found = []
    for stage in STAGES:
        for kind in KINDS:
            these = [each for each in rows if (each.stage, each.kind) == (stage, kind)]
            known = [each for each in these if rates.rate(each.currency, scope.as_of) is not None]

            def total(column: str, *, of: list[Saving] = known) -> int:
                return sum(
                    rates.convert(getattr(each, column) or 0, each.currency, scope.as_of) or 0 for each in of
                )

            if these:
                found.append(
                    SavingsTotal(
                        stage=stage,
                        kind=kind,
                        count=len(these),
                        annual_minor=total("annual_minor", of=[each for each in known if each.recurring]),
                        one_off_minor=total(
                            "annual_minor", of=[each for each in known if not each.recurring]
                        ),
                        in_year_minor=total("in_year_minor"),
                        realised_minor=total("realised_minor"),
                        unconverted=len(these) - len(known),
                    )
                )
    return tuple(found)
