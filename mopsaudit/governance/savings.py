"""The savings ledger: identified → agreed → contracted → realised (PRODUCT.md §4.6); or dropped, with a reason.

What a saving may claim stands in :mod:`~mopsaudit.governance.saving_caps`, how finance signs it in
:mod:`~mopsaudit.governance.saving_proof`, lists and sums in :mod:`~mopsaudit.governance.savings_ledger`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.facts.merges import heads
from mopsaudit.facts.validity import in_scope
from mopsaudit.governance.objectives import named
from mopsaudit.governance.saving_caps import check_cap, price_of_line, run_rate
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.money import UnknownCurrencyError, currency_code
from mopsaudit.scope import Scope
from mopsaudit.store.models import BudgetLine, Contract, ContractLine, Decision, Saving, Tool

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
#: Columns that say how much it is: who states them does not sign, and the cap is looked at anew.
_FIGURES: Final = frozenset(
    {
        "kind",
        "recurring",
        "baseline_minor",
        "annual_minor",
        "currency",
        "tool_id",
        "contract_line_id",
        "effective_on",
    }
)


def in_savings(scope: Scope) -> Any:
    """The condition that a saving lies within the scope: by its tool, else by the unit of its contract line.

    For statements that outer-join :class:`Tool`, :class:`ContractLine` and :class:`Contract` as :func:`scoped` does.
    """
    unit = func.coalesce(ContractLine.unit_id, Contract.unit_id)
    of_line = or_(unit.in_(scope.unit_ids), unit.is_(None)) if scope.whole else unit.in_(scope.unit_ids)
    return or_(in_scope(scope), Saving.tool_id.is_(None) & of_line)


def scoped(session: Session, scope: Scope, *columns: Any) -> Any:
    """A statement over the savings of the scope; a merged tool's stand on its head."""
    merged = heads(session).of
    head = case(dict(merged), value=Saving.tool_id, else_=Saving.tool_id) if merged else Saving.tool_id
    return (
        select(Saving, *columns)
        .outerjoin(Tool, Tool.id == head)
        .outerjoin(ContractLine, ContractLine.id == Saving.contract_line_id)
        .outerjoin(Contract, Contract.id == ContractLine.contract_id)
        .where(in_savings(scope))
    )


def get_saving(session: Session, scope: Scope, saving_id: int) -> Saving:
    """The saving, if it lies within the scope.

    Raises:
        NotFoundError: missing or of another unit: both answer alike.
    """
    found: Saving | None = session.scalars(scoped(session, scope).where(Saving.id == saving_id)).first()
    if found is None:
        raise NotFoundError("There is no such saving.")
    return found


def identify_saving(
    session: Session,
    scope: Scope,
    *,
    title: str,
    kind: str,
    currency: str,
    by_id: int | None = None,
    on: date | None = None,
    **values: Any,
) -> Saving:
    """Enter a saving on a contract line, or on a tool where there is none.

    ``baseline`` says what it is measured against (last price × current volume at constant currency; for avoidance the
    vendor's written quote) and ``baseline_minor`` how much that is a year (once, for a one-off); left out, a reduction
    takes what the bearer costs a year. ``annual_minor`` is a year's worth (once, for a one-off), ``in_year_minor`` what
    of it falls into the fiscal year it starts in. ``by_id`` and ``on`` say who enters it and when (default: the scope's
    day).

    Raises:
        InvalidError: no baseline, no bearer, an unknown run rate, or more than is left of the run rate; a record named
            that is not in the scope.
    """
    values.setdefault("recurring", True)
    saving = Saving(
        stage="identified",
        identified_by_id=by_id,
        figures_by_id=by_id,
        identified_on=on or scope.as_of,
        **_check({"title": title, "kind": kind, "currency": currency, **values}),
    )
    _state(session, scope, saving)
    session.add(saving)
    session.flush()
    return saving


def edit_saving(
    session: Session,
    scope: Scope,
    saving_id: int,
    version: int,
    changes: Mapping[str, Any],
    *,
    by_id: int | None = None,
) -> Saving:
    """Change a saving that is neither realised nor dropped; ``by_id`` states its figures from then on if they change.

    Raises:
        NotFoundError: not in the scope.
        ConflictError: stale version.
        InvalidError: as :func:`identify_saving`; or it is closed.
    """
    get_saving(session, scope, saving_id)
    saving = fetch(session, Saving, saving_id, "saving")
    if saving.stage == "realised":
        raise InvalidError("A realised saving is signed by finance and does not change.")
    if saving.stage == "dropped":
        raise InvalidError("A dropped saving does not change; enter a new one.")
    changed = apply_edit(saving, version, _check(changes), "saving")
    if not changed:
        return saving
    with session.no_autoflush:
        if saving.stage != "identified" and saving.kind == "reduction" and saving.budget_line_id is None:
            raise InvalidError("Name the budget line it lowers.", "budget_line_id")
        if _FIGURES & set(changed):
            saving.figures_by_id = by_id or saving.figures_by_id
            _state(session, scope, saving)
        else:
            _names(session, scope, saving)
    session.flush()
    return saving


def advance_saving(
    session: Session, scope: Scope, saving_id: int, version: int, *, to: str, on: date | None = None
) -> Saving:
    """Move a saving to *agreed* or *contracted* on a day (default: the scope's). The same twice is no conflict.

    Raises:
        NotFoundError: not in the scope.
        ConflictError: stale version.
        InvalidError: a stage skipped or taken back; a reduction that names no budget line. *Realised* is signed with
            :func:`~mopsaudit.governance.saving_proof.realise_saving`.
    """
    get_saving(session, scope, saving_id)
    saving = fetch(session, Saving, saving_id, "saving")
    if saving.stage == to:
        return saving
    if to == "realised":
        raise InvalidError("Finance signs what was realised, from lines of record.", "stage")
    if to not in STAGES or saving.stage == "dropped" or STAGES.index(to) != STAGES.index(saving.stage) + 1:
        raise InvalidError(f"A saving that is {saving.stage} cannot become {to}.", "stage")
    if saving.kind == "reduction" and saving.budget_line_id is None:
        raise InvalidError("Name the budget line it lowers.", "budget_line_id")
    apply_edit(saving, version, {"stage": to, f"{to}_on": on or scope.as_of}, "saving")
    session.flush()
    return saving


def drop_saving(
    session: Session, scope: Scope, saving_id: int, version: int, *, reason: str, on: date | None = None
) -> Saving:
    """Take a saving that will not come off the ledger: it claims nothing any more and stays on record.

    Raises:
        NotFoundError: not in the scope.
        ConflictError: stale version.
        InvalidError: without a reason, or it is realised.
    """
    get_saving(session, scope, saving_id)
    saving = fetch(session, Saving, saving_id, "saving")
    if saving.stage == "dropped":
        return saving
    if saving.stage == "realised":
        raise InvalidError("A realised saving is signed by finance and does not change.")
    why = " ".join(reason.split())
    if not why:
        raise InvalidError("Say why it will not come.", "reason")
    changes = {"stage": "dropped", "dropped_on": on or scope.as_of, "drop_reason": why[:2000]}
    apply_edit(saving, version, changes, "saving")
    session.flush()
    return saving


def _check(values: Mapping[str, Any]) -> dict[str, Any]:
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
    if "baseline" in checked:
        checked["baseline"] = " ".join(str(checked["baseline"] or "").split())
        if len(checked["baseline"]) > 400:
            raise InvalidError("Keep the baseline to 400 characters.", "baseline")
    for column in ("annual_minor", "in_year_minor", "baseline_minor"):
        if (checked.get(column) or 0) < 0:
            raise InvalidError("A saving is zero or more.", column)
    return checked


def _state(session: Session, scope: Scope, saving: Saving) -> None:
    """Whether what the saving states holds: its names, its bearer, its baseline, its cap."""
    with session.no_autoflush:
        _bearer(session, scope, saving)
        _names(session, scope, saving)
        if saving.annual_minor is None:
            raise InvalidError("Enter what it saves a year.", "annual_minor")
        if (saving.in_year_minor or 0) > saving.annual_minor:
            raise InvalidError("This year's part is at most a year's worth.", "in_year_minor")
        if saving.baseline_minor is None:
            _default_baseline(session, scope, saving)
        check_cap(session, scope, saving)


def _bearer(session: Session, scope: Scope, saving: Saving) -> None:
    """A saving lies on a contract line (then on its tool, too) or on a tool; its row is held until this is stored."""
    if saving.contract_line_id is not None:
        line = session.get(ContractLine, saving.contract_line_id, with_for_update=True)
        if line is None or not _line_inside(session, scope, line):
            raise InvalidError("Choose a contract line from the list.", "contract_line_id")
        saving.tool_id = line.tool_id
    elif saving.tool_id is None:
        raise InvalidError("Name the contract line or the tool it lies on.", "tool_id")
    if saving.tool_id is not None:
        if not tool_inside(session, scope, saving.tool_id):
            raise InvalidError("Choose a tool from the list.", "tool_id")
        session.get(Tool, heads(session).tool(saving.tool_id), with_for_update=True)


def tool_inside(session: Session, scope: Scope, tool_id: int) -> bool:
    """Whether the tool (or the one it was merged into) belongs to the scope."""
    head = heads(session).tool(tool_id)
    return session.scalars(select(Tool.id).where(Tool.id == head, in_scope(scope))).first() is not None


def _line_inside(session: Session, scope: Scope, line: ContractLine) -> bool:
    if line.tool_id is not None:
        return True  # the tool is asked next
    unit = line.unit_id or session.get_one(Contract, line.contract_id).unit_id
    return scope.whole if unit is None else unit in scope.unit_ids


def _names(session: Session, scope: Scope, saving: Saving) -> None:
    """Its words and the other records it names; the decision has no other saving that stands."""
    if not (saving.baseline or "").strip():
        needs = (
            "the vendor's written quote"
            if saving.kind == "avoidance"
            else "the last price and the current volume"
        )
        raise InvalidError(f"State the baseline: {needs}.", "baseline")
    if saving.budget_line_id is not None:
        line = session.get(BudgetLine, saving.budget_line_id)
        if line is None or not (scope.whole if line.unit_id is None else line.unit_id in scope.unit_ids):
            raise InvalidError("Choose a budget line from the list.", "budget_line_id")
    if saving.decision_id is None:
        return
    decision = session.get(Decision, saving.decision_id, with_for_update=True)
    if decision is None or not tool_inside(session, scope, decision.tool_id):
        raise InvalidError("Choose a decision from the list.", "decision_id")
    if decision.status == "dropped":
        raise InvalidError("That decision was dropped; nothing is saved by it.", "decision_id")
    other = session.scalars(
        select(Saving.id).where(
            Saving.decision_id == saving.decision_id,
            Saving.stage != "dropped",
            Saving.id != (saving.id or 0),
        )
    ).first()
    if other is not None:
        raise InvalidError("This decision has its saving already.", "decision_id")


def _default_baseline(session: Session, scope: Scope, saving: Saving) -> None:
    """What the bearer costs a year, where that is known in the saving's own currency."""
    if saving.kind == "avoidance":
        raise InvalidError("Enter what the vendor's written quote asks.", "baseline_minor")
    if saving.contract_line_id is not None:
        line = price_of_line(session, scope, saving.contract_line_id)
        if line is not None and line.currency == saving.currency:
            saving.baseline_minor = line.annual_minor
            return
    if saving.currency == scope.currency:
        saving.baseline_minor = run_rate(session, scope, saving)
        return
    raise InvalidError("Enter the last price × the current volume as an amount.", "baseline_minor")


def check_open(saving: Saving, version: int) -> None:
    """Refuse a stale version of a saving that is about to be signed.

    Raises:
        ConflictError: with the stored stage and version.
    """
    if saving.version != version:
        raise ConflictError(
            "Somebody changed this saving since you opened it. Look at it again, then sign.",
            {"version": saving.version, "stage": saving.stage},
        )
