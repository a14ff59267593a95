"""Adding from the catalogue: find a product by a few letters, and enter it with its vendor, types and capabilities."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.products import CatalogueProduct, CatalogueVendor, catalogue, products_of_vendor
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.inventory.tools import create_tool, find_tool
from mopsaudit.inventory.vendors import create_vendor, find_vendor, living_vendor
from mopsaudit.store.inventory import Tool, Vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A catalogue product that fits what was typed; ``owned_tool_id`` when the inventory has it already."""

    product: CatalogueProduct
    vendor: CatalogueVendor
    owned_tool_id: int | None


def suggest_products(session: Session, typed: str, *, limit: int = 12) -> tuple[Suggestion, ...]:
    """Products whose name, vendor or past name holds what was typed; names that start with it come first."""
    text = " ".join(typed.split()).casefold()
    if len(text) < 2:
        return ()
    vendors = {vendor.id: vendor for vendor in catalogue().vendors}
    found: list[tuple[int, str, CatalogueProduct]] = []
    for product in catalogue().products:
        vendor = vendors[product.vendor_id]
        names = (product.name, vendor.name, *product.past_names, *product.domains, *vendor.past_names)
        folded = [name.casefold() for name in names]
        if any(text in name for name in folded):
            rank = 0 if folded[0].startswith(text) else 1 if folded[1].startswith(text) else 2
            found.append((rank, product.name.casefold(), product))
    found.sort(key=lambda item: (item[0], item[1], item[2].id))
    chosen = [product for _, _, product in found[:limit]]
    owned: dict[str | None, int] = dict(
        session.execute(
            select(Tool.catalogue_id, Tool.id)
            .where(Tool.catalogue_id.in_([p.id for p in chosen]), Tool.merged_into_id.is_(None))
            .order_by(Tool.id.desc())
        ).all()
    )
    return tuple(
        Suggestion(product=product, vendor=vendors[product.vendor_id], owned_tool_id=owned.get(product.id))
        for product in chosen
    )


def get_product(product_id: str) -> CatalogueProduct:
    """The catalogue product of that id.

    Raises:
        NotFoundError: when the catalogue has none.
    """
    product = next((p for p in catalogue().products if p.id == product_id), None)
    if product is None:
        raise NotFoundError("The catalogue has no such product.")
    return product


def vendor_from_catalogue(session: Session, vendor_id: str) -> Vendor:
    """The inventory's vendor for a catalogue vendor, entered with its parent and other names when missing.

    Raises:
        NotFoundError: when the catalogue has none.
    """
    entry = next((vendor for vendor in catalogue().vendors if vendor.id == vendor_id), None)
    if entry is None:
        raise NotFoundError("The catalogue has no such vendor.")
    known = session.scalars(select(Vendor).where(Vendor.catalogue_id == entry.id).order_by(Vendor.id)).first()
    if known is not None:
        return living_vendor(session, known.id)
    by_name = find_vendor(session, entry.name)
    if by_name is not None:
        if by_name.catalogue_id is None:
            by_name.catalogue_id = entry.id
        return by_name
    parent = vendor_from_catalogue(session, entry.parent_id) if entry.parent_id else None
    names: dict[str, str] = {}
    for kind, group in (
        ("legal", entry.legal_entities),
        ("past", entry.past_names),
        ("billing", entry.billing_names),
    ):
        for name in group:
            names.setdefault(name, kind)
    return create_vendor(
        session,
        name=entry.name,
        parent_id=None if parent is None else parent.id,
        site=entry.site or None,
        catalogue_id=entry.id,
        names=names,
    )


def add_from_catalogue(
    session: Session,
    product_id: str,
    *,
    on: date,
    unit_ids: tuple[int, ...] = (),
    owner_id: int | None = None,
) -> Tool:
    """Enter a catalogue product as a tool we have; the catalogue only proposes, a person's word adds.

    Raises:
        NotFoundError: no such product.
        InvalidError: when the inventory has it already.
    """
    product = get_product(product_id)
    owned = session.scalars(
        select(Tool.id).where(Tool.catalogue_id == product.id, Tool.merged_into_id.is_(None))
    ).first()
    if owned is not None:
        raise InvalidError(f"{product.name} is in the inventory already.", "product_id")
    vendor = vendor_from_catalogue(session, product.vendor_id)
    return create_tool(
        session,
        name=product.name,
        category=product.category.value,
        on=on,
        vendor_id=vendor.id,
        types=product.types,
        capabilities=product.capabilities,
        unit_ids=unit_ids,
        owner_id=owner_id,
        site=product.site or None,
        licence_metric=product.licence_metric.value,
        catalogue_id=product.id,
    )


def add_vendor_as_tool(session: Session, vendor_id: str, *, on: date) -> Tool:
    """Enter all we buy of a catalogue vendor as one tool of its name; the tool of that name where there is one.

    It gets the category of the vendor's first product and no capabilities: which product it is nobody said.

    Raises:
        NotFoundError: the catalogue has no such vendor, or none of its products.
    """
    products = products_of_vendor(vendor_id)
    if not products:
        raise NotFoundError("The catalogue has no products of that vendor.")
    vendor = vendor_from_catalogue(session, vendor_id)
    known = find_tool(session, vendor.name, vendor.id)
    if known is not None:
        return known
    return create_tool(
        session, name=vendor.name, category=products[0].category.value, on=on, vendor_id=vendor.id
    )
