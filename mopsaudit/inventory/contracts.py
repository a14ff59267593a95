"""Contracts with their lines: entering, editing, notice, instalments. Term arithmetic lives in ``facts.terms``."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.inventory.vendors import clean_name
from mopsaudit.money import UnknownCurrencyError, currency_code, split_exact
from mopsaudit.periods import add_months
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Contract, ContractLine, Instalment, Vendor
from mopsaudit.words import EndKind, LicenceMetric, RenewalKind, SpendType

_CONTRACT_COLUMNS = frozenset(
    {
        "reference",
        "title",
        "status",
        "currency",
        "start_on",
        "initial_months",
        "renewal_months",
        "renewal_kind",
        "end_on",
        "end_kind",
        "notice_count",
        "notice_unit",
        "delivery_days",
        "lead_days",
        "month_to_month",
        "escalator_kind",
        "escalator_ppm",
        "escalator_index",
        "escalator_margin_ppm",
        "entity_id",
        "unit_id",
        "owner_id",
        "payment_terms",
        "billing_months",
        "processes_personal_data",
        "dpa_signed_on",
        "data_location",
        "security_review_on",
        "security_notes",
        "notes",
    }
)
_LINE_COLUMNS = frozenset(
    {
        "tool_id",
        "unit_id",
        "sku",
        "description",
        "spend_type",
        "licence_metric",
        "quantity_micro",
        "amount_minor",
        "amount_months",
        "one_off",
        "starts_on",
        "ends_on",
        "pack_size",
        "minimum",
        "reducible",
        "cost_centre",
        "gl_account",
    }
)
_ESCALATORS = ("fixed", "index", "cap", "list", "unknown")


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The condition that a contract belongs to the scope (one without a unit belongs to the whole company)."""
    within = Contract.unit_id.in_(scope.unit_ids)
    return or_(within, Contract.unit_id.is_(None)) if scope.whole else within


def get_contract(session: Session, scope: Scope, contract_id: int) -> Contract:
    """The contract, if it lies within the scope.

    Raises:
        NotFoundError: missing or of another unit: both answer alike.
    """
    contract = session.scalars(select(Contract).where(Contract.id == contract_id, in_scope(scope))).first()
    if contract is None:
        raise NotFoundError("There is no such contract.")
    return contract


def get_line(session: Session, contract_id: int, line_id: int) -> ContractLine:
    """A line of that very contract.

    Raises:
        NotFoundError: no such line, or one of another contract.
    """
    line = session.get(ContractLine, line_id)
    if line is None or line.contract_id != contract_id:
        raise NotFoundError("There is no such contract line.")
    return line


def _check_terms(values: Mapping[str, Any]) -> None:
    start, end = values.get("start_on"), values.get("end_on")
    if start is not None and end is not None and end < start:
        raise InvalidError("The contract ends before it starts; check both dates.", "end_on")
    for column in ("initial_months", "renewal_months", "billing_months"):
        months = values.get(column)
        if months is not None and months <= 0:
            raise InvalidError("A term has at least one month; leave it empty when it is not known.", column)
    notice = values.get("notice_count")
    if notice is not None and notice < 0:
        raise InvalidError("A notice period is zero or more.", "notice_count")
    if values.get("notice_unit", "days") not in ("days", "months"):
        raise InvalidError("A notice period counts days or months.", "notice_unit")
    if values.get("renewal_kind", RenewalKind.UNKNOWN) not in tuple(RenewalKind):
        raise InvalidError(
            "A contract renews automatically or by agreement, or it is not known.", "renewal_kind"
        )
    if values.get("end_kind", EndKind.UNKNOWN) not in tuple(EndKind):
        raise InvalidError("Say whether the end is the last day, the renewal date, or not known.", "end_kind")
    if values.get("escalator_kind", "unknown") not in _ESCALATORS:
        raise InvalidError("Choose how the price rises from the list.", "escalator_kind")


def _check_columns(values: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    unknown = set(values) - allowed
    if unknown:
        raise InvalidError("That cannot be changed here.")
    checked = dict(values)
    if "currency" in checked:
        try:
            checked["currency"] = currency_code(str(checked["currency"]))
        except UnknownCurrencyError as error:
            raise InvalidError(str(error), "currency") from None
    return checked


def create_contract(
    session: Session, *, vendor_id: int, title: str, currency: str, **values: Any
) -> Contract:
    """Enter a contract; ``values`` are further columns of :class:`Contract` a person may set.

    Raises:
        InvalidError: ends before it starts, a term of zero, an unknown currency or vendor.
    """
    if session.get(Vendor, vendor_id) is None:
        raise InvalidError("Choose a vendor from the list.", "vendor_id")
    checked = _check_columns({"currency": currency, **values}, _CONTRACT_COLUMNS)
    _check_terms(checked)
    contract = Contract(vendor_id=vendor_id, title=clean_name(title, "contract"), **checked)
    session.add(contract)
    session.flush()
    return contract


def edit_contract(session: Session, contract_id: int, version: int, changes: Mapping[str, Any]) -> Contract:
    """Change a contract.

    Raises:
        ConflictError: stale version.
        InvalidError: as :func:`create_contract`.
    """
    contract = fetch(session, Contract, contract_id, "contract")
    checked = _check_columns(changes, _CONTRACT_COLUMNS)
    if "title" in checked:
        checked["title"] = clean_name(str(checked["title"]), "contract")
    _check_terms({"start_on": contract.start_on, "end_on": contract.end_on} | checked)
    apply_edit(contract, version, checked, "contract")
    session.flush()
    return contract


def _check_line(values: Mapping[str, Any], contract: Contract) -> None:
    if values.get("amount_months", 12) <= 0:
        raise InvalidError("The amount covers at least one month.", "amount_months")
    quantity = values.get("quantity_micro")
    if quantity is not None and quantity < 0:
        raise InvalidError("A quantity is zero or more.", "quantity_micro")
    for column in ("pack_size", "minimum"):
        number = values.get(column)
        if number is not None and number < (1 if column == "pack_size" else 0):
            raise InvalidError("A pack holds at least one seat; a minimum is zero or more.", column)
    start = values.get("starts_on") or contract.start_on
    end = values.get("ends_on")
    if start is not None and end is not None and end < start:
        raise InvalidError("The line ends before it starts; check both dates.", "ends_on")
    if values.get("licence_metric") not in (None, *LicenceMetric):
        raise InvalidError("Choose a licence metric from the list.", "licence_metric")
    if values.get("spend_type", SpendType.SOFTWARE) not in tuple(SpendType):
        raise InvalidError("Choose a spend type from the list.", "spend_type")


def add_line(session: Session, contract_id: int, **values: Any) -> ContractLine:
    """Add a line to a contract; ``amount_minor`` is its total over ``amount_months`` in the contract's currency.

    Raises:
        InvalidError: a line that ends before it starts, a negative quantity, an empty pack.
    """
    contract = fetch(session, Contract, contract_id, "contract")
    checked = _check_columns(values, _LINE_COLUMNS)
    _check_line(checked, contract)
    line = ContractLine(contract_id=contract.id, **checked)
    session.add(line)
    session.flush()
    return line


def edit_line(session: Session, line_id: int, version: int, changes: Mapping[str, Any]) -> ContractLine:
    """Change a contract line.

    Raises:
        ConflictError: stale version.
        InvalidError: as :func:`add_line`.
    """
    line = fetch(session, ContractLine, line_id, "contract line")
    contract = session.get_one(Contract, line.contract_id)
    checked = _check_columns(changes, _LINE_COLUMNS)
    stored = {column: getattr(line, column) for column in _LINE_COLUMNS}
    _check_line(stored | checked, contract)
    if apply_edit(line, version, checked, "contract line"):
        line.version += 1
    session.flush()
    return line


def retire_line(session: Session, line_id: int, version: int, *, on: date) -> ContractLine:
    """Take a line out of the inventory from ``on`` on; it stays in the history."""
    line = fetch(session, ContractLine, line_id, "contract line")
    if apply_edit(line, version, {"retired_on": on}, "contract line"):
        line.version += 1
    session.flush()
    return line


def serve_notice(
    session: Session, contract_id: int, version: int, *, served_on: date, by_person_id: int | None, how: str
) -> Contract:
    """Record that notice was served: when, by whom, how.

    Raises:
        ConflictError: stale version.
        InvalidError: without saying how: a notice without proof is none.
    """
    contract = fetch(session, Contract, contract_id, "contract")
    text = " ".join(how.split())
    if not text:
        raise InvalidError("Say how the notice was served (registered letter, e-mail, portal).", "notice_how")
    changes = {"notice_served_on": served_on, "notice_served_by_id": by_person_id, "notice_how": text}
    apply_edit(contract, version, changes, "contract")
    session.flush()
    return contract


def withdraw_notice(session: Session, contract_id: int, version: int) -> Contract:
    """Take a recorded notice back (it was recorded in error, or withdrawn); the History keeps both."""
    contract = fetch(session, Contract, contract_id, "contract")
    changes = {"notice_served_on": None, "notice_served_by_id": None, "notice_how": None}
    apply_edit(contract, version, changes, "contract")
    session.flush()
    return contract


def plan_instalments(session: Session, contract_id: int, *, until: date) -> tuple[Instalment, ...]:
    """Write the instalments a contract's billing rhythm gives from its start to ``until`` (exclusive), once.

    ``billing_months`` says how often (1 monthly, 3 quarterly, 12 yearly in advance); each line's total over its
    ``amount_months`` is split so that the instalments of a span sum to it exactly. Existing instalments are kept.

    Raises:
        NotFoundError: no such contract.
    """
    contract = session.get(Contract, contract_id)
    if contract is None:
        raise NotFoundError("There is no such contract.")
    if contract.start_on is None or not contract.billing_months:
        return ()
    lines = session.scalars(
        select(ContractLine)
        .where(ContractLine.contract_id == contract_id, ContractLine.retired_on.is_(None))
        .order_by(ContractLine.id)
    ).all()
    taken = set(
        session.execute(
            select(Instalment.line_id, Instalment.due_on).where(Instalment.contract_id == contract_id)
        )
    )
    made: list[Instalment] = []
    for line in lines:
        if line.amount_minor is None:
            continue
        start = line.starts_on or contract.start_on
        step = line.amount_months if line.one_off else contract.billing_months
        per_span = max(1, line.amount_months // step)
        amounts = split_exact(line.amount_minor, (1,) * per_span)
        index = 0
        while True:
            due = add_months(start, index * step)
            stop = line.ends_on is not None and due > line.ends_on
            if due >= until or stop or (line.one_off and index > 0):
                break
            if (line.id, due) not in taken:
                made.append(
                    Instalment(
                        contract_id=contract_id,
                        line_id=line.id,
                        due_on=due,
                        service_from=due,
                        service_until=add_months(start, (index + 1) * step),
                        amount_minor=amounts[index % per_span],
                        currency=contract.currency,
                    )
                )
            index += 1
    session.add_all(made)
    session.flush()
    return tuple(made)
