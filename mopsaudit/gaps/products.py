"""What of the catalogue a gap may be. Pure."""

from collections.abc import Mapping
from functools import cache

from mopsaudit.catalogue.products import CatalogueProduct, catalogue
from mopsaudit.gaps.values import Gap


@cache
def known_products() -> Mapping[str, CatalogueProduct]:
    """The catalogue's products by id."""
    return {each.id: each for each in catalogue().products}


def near_products(gap: Gap) -> tuple[tuple[str, str], ...]:
    """Catalogue products the gap may be, id and name: the one proposed, or all of its vendor by name."""
    if gap.product_id is not None:
        return ((gap.product_id, known_products()[gap.product_id].name),)
    if gap.vendor_id is None:
        return ()
    own = [each for each in known_products().values() if each.vendor_id == gap.vendor_id]
    return tuple((each.id, each.name) for each in sorted(own, key=lambda each: each.name.casefold()))
