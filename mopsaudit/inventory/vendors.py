"""Vendors: a tree of companies with all the names they go by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.store.inventory import Contract, Merge, PurchaseOrder, Tool, Vendor, VendorName
from mopsaudit.store.ledger import Supplier

_EDITABLE = frozenset({"name", "parent_id", "site", "country", "notes", "catalogue_id"})


def clean_site(site: str | None) -> str | None:
    """A link a person entered: http and https only, a bare domain becomes https.

    Raises:
        InvalidError: for any other scheme.
    """
    text = (site or "").strip()
    if not text:
        return None
    if "://" not in text and ":" not in text.split("/", 1)[0]:
        text = f"https://{text}"
    if not text.lower().startswith(("http://", "https://")):
        raise InvalidError("Enter a web address that starts with http:// or https://.", "site")
    return text


def clean_name(name: str, what: str) -> str:
    """A record's name with its white space folded.

    Raises:
        InvalidError: when it is empty or over 200 characters.
    """
    text = " ".join(name.split())
    if not text:
        raise InvalidError(f"Give the {what} a name.", "name")
    if len(text) > 200:
        raise InvalidError(f"The name of a {what} has at most 200 characters.", "name")
    return text


def create_vendor(
    session: Session,
    *,
    name: str,
    parent_id: int | None = None,
    site: str | None = None,
    catalogue_id: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Vendor:
    """Add a vendor. ``names`` maps further names to their kind (legal, trading, past, billing, acquired).

    Raises:
        InvalidError: when a living vendor of that name exists.
    """
    text = clean_name(name, "vendor")
    if find_vendor(session, text) is not None:
        raise InvalidError(f"There is a vendor called {text} already.", "name")
    vendor = Vendor(name=text, parent_id=parent_id, site=clean_site(site), catalogue_id=catalogue_id)
    session.add(vendor)
    session.flush()
    for other, kind in (names or {}).items():
        add_name(session, vendor.id, other, kind)
    return vendor


def find_vendor(session: Session, name: str) -> Vendor | None:
    """The living vendor of that name or other name, ignoring case; None when there is none or several."""
    key = " ".join(name.split()).casefold()
    direct = session.scalars(
        select(Vendor)
        .where(func.lower(Vendor.name) == key.lower(), Vendor.merged_into_id.is_(None))
        .order_by(Vendor.id)
    ).all()
    if direct:
        return direct[0]
    ids = session.scalars(
        select(VendorName.vendor_id).where(func.lower(VendorName.name) == key.lower()).distinct()
    ).all()
    heads = {living_vendor(session, vendor_id).id for vendor_id in ids}
    return session.get_one(Vendor, heads.pop()) if len(heads) == 1 else None


def living_vendor(session: Session, vendor_id: int) -> Vendor:
    """The vendor, or the one it was merged into, to the end of the chain."""
    vendor = session.get(Vendor, vendor_id)
    if vendor is None:
        raise NotFoundError("There is no such vendor.")
    while vendor.merged_into_id is not None:
        vendor = session.get_one(Vendor, vendor.merged_into_id)
    return vendor


def edit_vendor(session: Session, vendor_id: int, version: int, changes: Mapping[str, Any]) -> Vendor:
    """Change a vendor; renaming keeps the old name as a past name, so aliases survive.

    Raises:
        ConflictError: stale version.
        InvalidError: a loop in the tree, an unknown column, a name in use.
    """
    vendor = fetch(session, Vendor, vendor_id, "vendor")
    wanted = dict(changes)
    if set(wanted) - _EDITABLE:
        raise InvalidError("That cannot be changed here.")
    if "name" in wanted:
        wanted["name"] = clean_name(str(wanted["name"]), "vendor")
        other = find_vendor(session, wanted["name"])
        if other is not None and other.id != vendor.id:
            raise InvalidError(f"There is a vendor called {other.name} already.", "name")
    if "site" in wanted:
        wanted["site"] = clean_site(wanted["site"])
    if wanted.get("parent_id") is not None:
        _refuse_loop(session, vendor.id, int(wanted["parent_id"]))
    old_name = vendor.name
    if "name" in apply_edit(vendor, version, wanted, "vendor"):
        add_name(session, vendor.id, old_name, "past")
    session.flush()
    return vendor


def _refuse_loop(session: Session, vendor_id: int, parent_id: int) -> None:
    node: int | None = parent_id
    while node is not None:
        if node == vendor_id:
            raise InvalidError(
                "A vendor cannot belong to itself or to one of its own companies.", "parent_id"
            )
        parent = session.get(Vendor, node)
        if parent is None:
            raise InvalidError("Choose a parent from the list.", "parent_id")
        node = parent.parent_id


def add_name(session: Session, vendor_id: int, name: str, kind: str) -> None:
    """Give a vendor one more name of a kind; the same again does nothing."""
    text = clean_name(name, "vendor")
    exists = session.scalars(
        select(VendorName.id).where(
            VendorName.vendor_id == vendor_id, VendorName.name == text, VendorName.kind == kind
        )
    ).first()
    if exists is None:
        session.add(VendorName(vendor_id=vendor_id, name=text, kind=kind))
        session.flush()


#: What a vendor merge re-points: table and column.
_POINTS_TO_VENDOR: tuple[tuple[Any, str], ...] = (
    (Tool, "vendor_id"),
    (Contract, "vendor_id"),
    (PurchaseOrder, "vendor_id"),
    (Supplier, "vendor_id"),
    (Vendor, "parent_id"),
)


#: In what a merge moved: the parent of the vendor that stays, before and after, where it hung under the other one.
_LIFTED = "lifted"


def merge_vendors(session: Session, from_id: int, into_id: int, *, now: datetime) -> Merge:
    """Join two vendors: tools, contracts, orders, suppliers and children move; the old name stays as an alias.

    Raises:
        InvalidError: for the same vendor twice or one merged already.
    """
    if from_id == into_id:
        raise InvalidError("Choose two different vendors.", "into_id")
    source, target = fetch(session, Vendor, from_id, "vendor"), fetch(session, Vendor, into_id, "vendor")
    if source.merged_into_id is not None or target.merged_into_id is not None:
        raise InvalidError("One of them is merged already.", "into_id")
    moved: dict[str, Any] = {}
    if _is_below(session, into_id, from_id):
        # The one that stays takes the place of the one above it, or its own children would hang above it.
        moved[_LIFTED] = [target.parent_id, source.parent_id]
        target.parent_id = source.parent_id
        session.flush()
    for model, column in _POINTS_TO_VENDOR:
        rows = session.scalars(
            select(model).where(getattr(model, column) == from_id).order_by(model.id)
        ).all()
        for row in rows:
            setattr(row, column, into_id)
        moved[f"{model.__tablename__}.{column}"] = [row.id for row in rows]
    source.merged_into_id = into_id
    merge = Merge(subject="vendor", from_id=from_id, into_id=into_id, moved=moved, at=now)
    session.add(merge)
    session.flush()
    return merge


def unmerge_vendors(session: Session, merge_id: int, *, now: datetime) -> Vendor:
    """Take a vendor merge back: what it moved, and nobody moved on since, returns; so does who is above whom.

    A supplier that was settled on a tool follows that tool, whichever of the two vendors sells it then.

    Raises:
        InvalidError: when it is undone already, the target was merged on, or the tree would get a loop.
    """
    merge = fetch(session, Merge, merge_id, "merge")
    if merge.subject != "vendor" or merge.undone_at is not None:
        raise InvalidError("This merge is undone already.")
    source = fetch(session, Vendor, merge.from_id, "vendor")
    target = fetch(session, Vendor, merge.into_id, "vendor")
    if target.merged_into_id is not None:
        raise InvalidError(f"{target.name} was merged itself since; take that merge back first.")
    for model, column in _POINTS_TO_VENDOR:
        ids = merge.moved.get(f"{model.__tablename__}.{column}", [])
        for row_id in ids:
            row = session.get(model, row_id)
            if row is not None and getattr(row, column) == merge.into_id:
                setattr(row, column, merge.from_id)
    lifted = merge.moved.get(_LIFTED)
    if lifted is not None and target.parent_id == lifted[1]:
        target.parent_id = lifted[0]
    source.merged_into_id = None
    merge.undone_at = now
    session.flush()
    for vendor in (source, target):
        if vendor.parent_id is not None:
            _refuse_loop(session, vendor.id, vendor.parent_id)
    _follow_tools(session, (merge.from_id, merge.into_id))
    return source


def _is_below(session: Session, vendor_id: int, above_id: int) -> bool:
    """Whether a vendor hangs, at any depth, under another."""
    node = session.get_one(Vendor, vendor_id).parent_id
    while node is not None:
        if node == above_id:
            return True
        node = session.get_one(Vendor, node).parent_id
    return False


def _follow_tools(session: Session, vendor_ids: tuple[int, ...]) -> None:
    """Give suppliers a person settled on a tool of one of these vendors that tool's vendor."""
    rows = session.execute(
        select(Supplier, Tool.vendor_id)
        .join(Tool, Tool.id == Supplier.tool_id)
        .where(
            Supplier.settled == "tool",
            Supplier.vendor_id.in_(vendor_ids),
            Tool.vendor_id.in_(vendor_ids),
            Supplier.vendor_id != Tool.vendor_id,
        )
        .order_by(Supplier.id)
    )
    for supplier, vendor_id in rows:
        supplier.vendor_id = vendor_id
    session.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorRow:
    """A vendor in a list: how many living tools and contracts hang on it, and all the names it goes by."""

    id: int
    name: str
    parent: str | None
    site: str | None
    country: str | None
    tools: int
    contracts: int
    names: tuple[str, ...]
    retired_on: date | None


def list_vendors(session: Session) -> tuple[VendorRow, ...]:
    """All living vendors by name. Vendors are shared by the whole company: they carry no unit."""
    tools: dict[int | None, int] = dict(
        session.execute(
            select(Tool.vendor_id, func.count()).where(Tool.merged_into_id.is_(None)).group_by(Tool.vendor_id)
        ).all()
    )
    contracts: dict[int, int] = dict(
        session.execute(select(Contract.vendor_id, func.count()).group_by(Contract.vendor_id)).all()
    )
    names: dict[int, list[str]] = {}
    for vendor_id, name in session.execute(
        select(VendorName.vendor_id, VendorName.name).order_by(VendorName.vendor_id, VendorName.id)
    ):
        names.setdefault(vendor_id, []).append(name)
    vendors = session.scalars(
        select(Vendor).where(Vendor.merged_into_id.is_(None)).order_by(func.lower(Vendor.name), Vendor.id)
    ).all()
    by_id = {vendor.id: vendor for vendor in vendors}
    return tuple(
        VendorRow(
            id=vendor.id,
            name=vendor.name,
            parent=by_id[vendor.parent_id].name if vendor.parent_id in by_id else None,
            site=vendor.site,
            country=vendor.country,
            tools=tools.get(vendor.id, 0),
            contracts=contracts.get(vendor.id, 0),
            names=tuple(names.get(vendor.id, ())),
            retired_on=vendor.retired_on,
        )
        for vendor in vendors
    )
