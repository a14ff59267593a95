"""One vendor with its names, companies, tools, contracts and merges."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import NotFoundError
from mopsaudit.inventory.contracts import in_scope as contracts_in_scope
from mopsaudit.inventory.tools import in_scope as tools_in_scope
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Contract, Merge, Tool, Vendor, VendorName


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorView:
    """A vendor and all that hangs on it within a scope; ``merges`` are those that can be taken back."""

    vendor: Vendor
    merged_into: Vendor | None
    parent: Vendor | None
    children: tuple[Vendor, ...]
    names: tuple[VendorName, ...]
    tools: tuple[Tool, ...]
    contracts: tuple[Contract, ...]
    merges: tuple[tuple[Merge, Vendor], ...]


def vendor_view(session: Session, scope: Scope, vendor_id: int) -> VendorView:
    """Everything the vendor page shows. Tools and contracts are cut to the scope, the vendor itself is shared.

    Raises:
        NotFoundError: no such vendor.
    """
    vendor = session.get(Vendor, vendor_id)
    if vendor is None:
        raise NotFoundError("There is no such vendor.")
    children = session.scalars(
        select(Vendor)
        .where(Vendor.parent_id == vendor_id, Vendor.merged_into_id.is_(None))
        .order_by(Vendor.name, Vendor.id)
    ).all()
    names = session.scalars(
        select(VendorName)
        .where(VendorName.vendor_id == vendor_id)
        .order_by(VendorName.kind, VendorName.name, VendorName.id)
    ).all()
    tools = session.scalars(
        select(Tool)
        .where(Tool.vendor_id == vendor_id, Tool.merged_into_id.is_(None), tools_in_scope(scope))
        .order_by(Tool.name, Tool.id)
    ).all()
    contracts = session.scalars(
        select(Contract)
        .where(Contract.vendor_id == vendor_id, contracts_in_scope(scope))
        .order_by(Contract.start_on, Contract.id)
    ).all()
    merges = session.execute(
        select(Merge, Vendor)
        .join(Vendor, Vendor.id == Merge.from_id)
        .where(Merge.subject == "vendor", Merge.into_id == vendor_id, Merge.undone_at.is_(None))
        .order_by(Merge.id)
    ).all()
    return VendorView(
        vendor=vendor,
        merged_into=session.get(Vendor, vendor.merged_into_id) if vendor.merged_into_id else None,
        parent=session.get(Vendor, vendor.parent_id) if vendor.parent_id else None,
        children=tuple(children),
        names=tuple(names),
        tools=tuple(tools),
        contracts=tuple(contracts),
        merges=tuple((merge, source) for merge, source in merges),
    )
