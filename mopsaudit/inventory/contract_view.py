"""Contracts as people look at them: the list with what must be sent by when, and one contract with its lines."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.contracts import terms_of
from mopsaudit.facts.merges import head_of, merged_away
from mopsaudit.facts.seats import AT_ONCE
from mopsaudit.facts.terms import NO_KIND, Standing, standing
from mopsaudit.inventory.contracts import in_scope
from mopsaudit.money import ratio_half_even
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Contract, ContractLine, Instalment, Tool, Vendor
from mopsaudit.store.people import BusinessUnit, Person
from mopsaudit.words import RenewalKind

#: How people read a contract's way of going on.
RENEWALS: Final = {
    RenewalKind.AUTOMATIC.value: "automatic",
    RenewalKind.EXPRESS.value: "only by agreement",
    RenewalKind.UNKNOWN.value: "not known",
}


def notice_words(number: int | None, unit: str) -> str | None:
    """``90 days``, ``1 month``; None where the period is not known."""
    return None if number is None else f"{number} {unit.removesuffix('s')}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRow:
    """A contract in the list. ``annual_minor`` is the annualised price of its recurring lines, in its currency.

    ``undated`` says why a date is not known; None where a date that is None does not apply.
    """

    id: int
    title: str
    reference: str | None
    vendor_id: int
    vendor: str
    state: str
    end: date | None
    send_by: date | None
    undated: str | None
    currency: str
    annual_minor: int | None
    why: str | None
    owner: str | None
    unit: str | None
    notice: str | None
    renewal: str


def annual_price(lines: list[ContractLine], on: date) -> int | None:
    """Sum of the annualised totals of recurring lines in force on a day (minor units); None when a price is missing."""
    total = 0
    for line in lines:
        if line.one_off or line.retired_on is not None:
            continue
        if (line.starts_on and line.starts_on > on) or (line.ends_on and line.ends_on < on):
            continue
        if line.amount_minor is None:
            return None
        total += ratio_half_even(line.amount_minor, 12, line.amount_months)
    return total


def _standing(contract: Contract, scope: Scope) -> Standing:
    terms = terms_of(contract, default_delivery_days=scope.settings.delivery_business_days)
    return standing(terms, scope.as_of)


def list_contracts(session: Session, scope: Scope) -> tuple[ContractRow, ...]:
    """The contracts of the scope by vendor and title; a constant number of queries."""
    contracts = session.execute(
        select(Contract, Vendor.name, Person.name, BusinessUnit.name)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .outerjoin(Person, Person.id == Contract.owner_id)
        .outerjoin(BusinessUnit, BusinessUnit.id == Contract.unit_id)
        .where(in_scope(scope), Contract.retired_on.is_(None))
        .order_by(Vendor.name, Contract.title, Contract.id)
    ).all()
    lines: dict[int, list[ContractLine]] = {}
    chosen = select(Contract.id).where(in_scope(scope), Contract.retired_on.is_(None))
    for line in session.scalars(
        select(ContractLine).where(ContractLine.contract_id.in_(chosen)).order_by(ContractLine.id)
    ):
        lines.setdefault(line.contract_id, []).append(line)
    rows = []
    for contract, vendor, owner, unit in contracts:
        stands = _standing(contract, scope)
        own = lines.get(contract.id, [])
        annual = annual_price(own, scope.as_of) if own else None
        rows.append(
            ContractRow(
                id=contract.id,
                title=contract.title,
                reference=contract.reference,
                vendor_id=contract.vendor_id,
                vendor=vendor,
                state=stands.state.value.replace("_", " "),
                end=stands.end,
                send_by=stands.send_by,
                undated=stands.undated,
                currency=contract.currency,
                annual_minor=annual,
                why="A line has no price." if own else "It has no lines yet.",
                owner=owner,
                unit=unit,
                notice=notice_words(contract.notice_count, contract.notice_unit),
                renewal=RENEWALS.get(contract.renewal_kind, contract.renewal_kind),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractView:
    """One contract with its standing, lines, instalments and people."""

    contract: Contract
    vendor: Vendor
    owner: Person | None
    served_by: Person | None
    standing: Standing
    lines: tuple[tuple[ContractLine, Tool | None], ...]
    instalments: tuple[Instalment, ...]
    annual_minor: int | None

    @property
    def silent(self) -> bool:
        """Whether nothing says if it renews by itself, and no notice ends it."""
        return NO_KIND in self.standing.problems

    @property
    def problems(self) -> tuple[str, ...]:
        """What else is wrong with its terms."""
        return tuple(each for each in self.standing.problems if each != NO_KIND)


def contract_view(session: Session, scope: Scope, contract_id: int) -> ContractView:
    """Everything the contract page shows; the caller has asked whether the contract lies within the scope."""
    contract = session.get_one(Contract, contract_id)
    away = merged_away()
    lines = session.execute(
        select(ContractLine, Tool)
        .outerjoin(away, away.c.tool_id == ContractLine.tool_id)
        .outerjoin(Tool, Tool.id == head_of(away, ContractLine.tool_id))
        .where(ContractLine.contract_id == contract_id)
        .order_by(ContractLine.id)
    ).all()
    instalments = session.scalars(
        select(Instalment)
        .where(Instalment.contract_id == contract_id)
        .order_by(Instalment.due_on, Instalment.id)
    ).all()
    return ContractView(
        contract=contract,
        vendor=session.get_one(Vendor, contract.vendor_id),
        owner=session.get(Person, contract.owner_id) if contract.owner_id else None,
        served_by=session.get(Person, contract.notice_served_by_id) if contract.notice_served_by_id else None,
        standing=_standing(contract, scope),
        lines=tuple((line, tool) for line, tool in lines),
        instalments=tuple(instalments),
        annual_minor=annual_price([line for line, _ in lines], scope.as_of),
    )


def line_labels(session: Session, scope: Scope, line_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """(contract, what a line is called) of contract lines of the scope, by line; what is not there is left out."""
    found: dict[int, tuple[int, str]] = {}
    wanted = sorted(set(line_ids))
    for start in range(0, len(wanted), AT_ONCE):
        rows = session.execute(
            select(ContractLine.id, Contract.id, Contract.title, ContractLine.description)
            .join(Contract, Contract.id == ContractLine.contract_id)
            .where(ContractLine.id.in_(wanted[start : start + AT_ONCE]), in_scope(scope))
        )
        for line_id, contract_id, title, description in rows:
            named = description and description != title
            found[line_id] = (contract_id, f"{title}, {description}" if named else title)
    return found
