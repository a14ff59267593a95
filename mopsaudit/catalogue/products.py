"""The catalogue of known products and vendors: what a supplier string may mean, before anybody has typed a word.

It proposes, it never adds silently. Files: `data/vendors.psv` (vendors with several products, holdings, agencies,
media and research houses), `data/homes.psv` (the towns of vendors with a common word for a name),
`data/products/*.psv` (one line a product; its first type gives the primary category), `data/guards.psv` (suppliers
that look like a vendor and are none; resellers and payment processors).

A vendor line is `id | name | site | extras…`, a product line
`id | name | vendor id or = | types | capabilities | licence metric | site | extras…`; `=` makes a vendor of the
product's own id and name. An extra is `key: value; value`:

- `past` earlier or other names, `legal` legal entities, `bills` names on statements and invoices, `parent` the owning
  vendor's id, `from` whom the product came from by acquisition, `sold` resellers, `spend` a spend type other than
  software, `hint` words that tell this product among its vendor's products, `domain` further domains;
- `weak` (without value): the name is a common word, a surname or a place and is no evidence by itself;
- `strict` (without value): the name is known elsewhere too; only neutral words may stand after it;
- `broad` (without value, vendors): most of what it sells is not for marketing; its name alone says little of it;
- `not` phrases which, found in a supplier's name, say that it is somebody else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from mopsaudit.catalogue.records import CatalogueError, Record, read_records
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.words import Category, LicenceMetric, SpendType


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueVendor:
    """A company that sells. `parent_id` is the owning vendor's id; name tuples keep the order of the file."""

    id: str
    name: str
    parent_id: str | None
    site: str
    domains: tuple[str, ...]
    past_names: tuple[str, ...]
    legal_entities: tuple[str, ...]
    billing_names: tuple[str, ...]
    guards: tuple[str, ...]
    spend_type: SpendType
    weak: bool
    strict: bool
    broad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueProduct:
    """A product as the catalogue knows it; the first type is the main one, `category` the primary category."""

    id: str
    name: str
    vendor_id: str
    category: Category
    types: tuple[str, ...]
    capabilities: tuple[str, ...]
    licence_metric: LicenceMetric
    spend_type: SpendType
    site: str
    domains: tuple[str, ...]
    past_names: tuple[str, ...]
    acquired_from: tuple[str, ...]
    billing_names: tuple[str, ...]
    resellers: tuple[str, ...]
    hints: tuple[str, ...]
    guards: tuple[str, ...]
    weak: bool
    strict: bool


class GuardKind(StrEnum):
    """Why a supplier is not the product its name resembles or carries."""

    LOOKALIKE = "lookalike"
    RESELLER = "reseller"
    PROCESSOR = "processor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A supplier name that must never be matched by itself; `reason` is a sentence for people."""

    text: str
    kind: GuardKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything read, in file order."""

    vendors: tuple[CatalogueVendor, ...]
    products: tuple[CatalogueProduct, ...]
    guards: tuple[Guard, ...]


_VENDOR_KEYS = frozenset(
    {"past", "legal", "bills", "parent", "spend", "domain", "not", "weak", "strict", "broad"}
)
_PRODUCT_KEYS = (_VENDOR_KEYS - {"broad"}) | {"from", "sold", "hint"}


def _extras(record: Record, start: int, allowed: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for field in record.fields[start:]:
        key, _, value = field.partition(":")
        key = key.strip()
        if key not in allowed or key in found:
            raise CatalogueError(f"{record.place}: unknown or repeated extra {key!r}")
        found[key] = tuple(part.strip() for part in value.split(";") if part.strip())
    return found


def _one(record: Record, extras: dict[str, tuple[str, ...]], key: str) -> str | None:
    values = extras.get(key, ())
    if len(values) > 1:
        raise CatalogueError(f"{record.place}: {key} takes one value")
    return values[0] if values else None


def _domains(site: str, extras: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    host = site.partition("/")[0]
    return tuple(dict.fromkeys(([host] if host else []) + list(extras.get("domain", ()))))


def _vendor(record: Record) -> CatalogueVendor:
    if len(record.fields) < 3:
        raise CatalogueError(f"{record.place}: expected 'id | name | site | extras'")
    extras = _extras(record, 3, _VENDOR_KEYS)
    return CatalogueVendor(
        id=record.fields[0],
        name=record.fields[1],
        parent_id=_one(record, extras, "parent"),
        site=record.fields[2],
        domains=_domains(record.fields[2], extras),
        past_names=extras.get("past", ()),
        legal_entities=extras.get("legal", ()),
        billing_names=extras.get("bills", ()),
        guards=extras.get("not", ()),
        spend_type=SpendType(_one(record, extras, "spend") or "software"),
        weak="weak" in extras,
        strict="strict" in extras,
        broad="broad" in extras,
    )


def _product(record: Record) -> tuple[CatalogueProduct, CatalogueVendor | None]:
    if len(record.fields) < 7:
        raise CatalogueError(
            f"{record.place}: expected 'id | name | vendor | types | capabilities | metric | site'"
        )
    ident, name, vendor_id, types, capabilities, metric, site = record.fields[:7]
    extras = _extras(record, 7, _PRODUCT_KEYS)
    own = vendor_id == "="
    if not own and ("legal" in extras or "parent" in extras):
        raise CatalogueError(f"{record.place}: legal and parent belong to the vendor's line")
    spend = SpendType(_one(record, extras, "spend") or "software")
    try:
        category = taxonomy().category_of(types.split()[0])
    except (KeyError, IndexError) as error:
        raise CatalogueError(f"{record.place}: the first technology type is unknown") from error
    product = CatalogueProduct(
        id=ident,
        name=name,
        vendor_id=ident if own else vendor_id,
        category=category,
        types=tuple(types.split()),
        capabilities=tuple(capabilities.split()),
        licence_metric=LicenceMetric(metric),
        spend_type=spend,
        site=site,
        domains=_domains(site, extras),
        past_names=extras.get("past", ()),
        acquired_from=extras.get("from", ()),
        billing_names=extras.get("bills", ()),
        resellers=extras.get("sold", ()),
        hints=extras.get("hint", ()),
        guards=extras.get("not", ()),
        weak="weak" in extras,
        strict="strict" in extras,
    )
    if not own:
        return product, None
    vendor = CatalogueVendor(
        id=ident,
        name=name,
        parent_id=_one(record, extras, "parent"),
        site=site,
        domains=product.domains,
        past_names=product.past_names,
        legal_entities=extras.get("legal", ()),
        billing_names=product.billing_names,
        guards=product.guards,
        spend_type=spend,
        weak=product.weak,
        strict=product.strict,
    )
    return product, vendor


def _product_files() -> list[str]:
    folder = files("mopsaudit.catalogue").joinpath("data").joinpath("products")
    return sorted(f"products/{entry.name}" for entry in folder.iterdir() if entry.name.endswith(".psv"))


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once per process. Raises CatalogueError (file and line) when a file is malformed."""
    vendors: list[CatalogueVendor] = []
    products: list[CatalogueProduct] = []
    record: Record | None = None
    try:
        for record in read_records("vendors.psv"):
            vendors.append(_vendor(record))
        for name in _product_files():
            for record in read_records(name):
                product, vendor = _product(record)
                products.append(product)
                if vendor is not None:
                    vendors.append(vendor)
        guards: list[Guard] = []
        for record in read_records("guards.psv"):
            if len(record.fields) != 3:
                raise CatalogueError(f"{record.place}: expected 'text | kind | reason'")
            text, kind, reason = record.fields
            guards.append(Guard(text=text, kind=GuardKind(kind), reason=reason))
    except CatalogueError:
        raise
    except ValueError as error:
        raise CatalogueError(f"{record.place if record else 'catalogue'}: {error}") from error
    return Catalogue(vendors=tuple(vendors), products=tuple(products), guards=tuple(guards))


@cache
def _products_by_id() -> dict[str, CatalogueProduct]:
    return {item.id: item for item in catalogue().products}


@cache
def _vendors_by_id() -> dict[str, CatalogueVendor]:
    return {item.id: item for item in catalogue().vendors}


@cache
def _products_by_vendor() -> dict[str, tuple[CatalogueProduct, ...]]:
    groups: dict[str, list[CatalogueProduct]] = {}
    for item in catalogue().products:
        groups.setdefault(item.vendor_id, []).append(item)
    return {key: tuple(items) for key, items in groups.items()}


def product(product_id: str) -> CatalogueProduct:
    """The product with this id. Raises KeyError when there is none."""
    return _products_by_id()[product_id]


def vendor(vendor_id: str) -> CatalogueVendor:
    """The vendor with this id. Raises KeyError when there is none."""
    return _vendors_by_id()[vendor_id]


def products_of_vendor(vendor_id: str) -> tuple[CatalogueProduct, ...]:
    """Products of a vendor in file order; empty when it has none or is unknown."""
    return _products_by_vendor().get(vendor_id, ())


def vendor_chain(vendor_id: str) -> tuple[CatalogueVendor, ...]:
    """The vendor, then its parent, up to the root. Raises KeyError when the first id is unknown."""
    chain = [_vendors_by_id()[vendor_id]]
    while (parent := chain[-1].parent_id) is not None and all(item.id != parent for item in chain):
        chain.append(_vendors_by_id()[parent])
    return tuple(chain)


@cache
def homes() -> dict[str, tuple[str, ...]]:
    """Towns in which vendors with a common word for a name sit, by the id of the vendor or product. Raises
    CatalogueError when the file is malformed.
    """
    found: dict[str, tuple[str, ...]] = {}
    for record in read_records("homes.psv"):
        if len(record.fields) != 2 or not record.fields[1] or record.fields[0] in found:
            raise CatalogueError(f"{record.place}: expected 'id | town; town', each id once")
        found[record.fields[0]] = tuple(town.strip() for town in record.fields[1].split(";"))
    return found


def search_products(text: str, limit: int = 20) -> tuple[CatalogueProduct, ...]:
    """Products whose name, past name or vendor holds `text` (case folded), those whose name starts with it first."""
    needle = " ".join(text.casefold().split())
    if not needle:
        return ()
    found: list[tuple[int, str, str, CatalogueProduct]] = []
    for item in catalogue().products:
        seller = _vendors_by_id()[item.vendor_id]
        name = item.name.casefold()
        around = [other.casefold() for other in (*item.past_names, seller.name, *seller.past_names)]
        if needle in name:
            rank = 0 if name == needle else 1 if name.startswith(needle) else 3
        elif any(needle in other for other in around):
            rank = 2 if any(other.startswith(needle) for other in around) else 4
        else:
            continue
        found.append((rank, name, item.id, item))
    return tuple(item for *_, item in sorted(found, key=lambda entry: entry[:3])[:limit])


def _repeated(values: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [value for value in values if value in seen or seen.add(value)]  # type: ignore[func-returns-value]


def validate() -> tuple[str, ...]:
    """Every problem of taxonomy and catalogue as a sentence; empty when all is well."""
    problems: list[str] = []
    tree = taxonomy()
    type_ids = {item.id: item.category for item in tree.types}
    role_ids = {item.id for item in tree.roles}
    capability_ids = {item.id for item in tree.capabilities}
    for label, ids in (
        ("category", [str(item.id) for item in tree.categories]),
        ("type", [item.id for item in tree.types]),
        ("capability", [item.id for item in tree.capabilities]),
        ("role", [item.id for item in tree.roles]),
    ):
        problems += [f"{label} {ident} is defined twice" for ident in _repeated(ids)]
    for entry in tree.capabilities:
        if entry.type_id not in type_ids:
            problems.append(f"capability {entry.id}: unknown type {entry.type_id}")
        problems += [
            f"capability {entry.id}: unknown role {role}" for role in entry.roles if role not in role_ids
        ]
        if not entry.roles:
            problems.append(f"capability {entry.id} serves no role")
    served = {entry.type_id for entry in tree.capabilities}
    problems += [f"type {ident} has no capability" for ident in type_ids if ident not in served]

    book = catalogue()
    vendor_ids = {item.id for item in book.vendors}
    problems += [f"vendor {ident} is defined twice" for ident in _repeated(item.id for item in book.vendors)]
    problems += [
        f"product {ident} is defined twice" for ident in _repeated(item.id for item in book.products)
    ]
    problems += [
        f"product name {name} is used twice"
        for name in _repeated(item.name.casefold() for item in book.products)
    ]
    for seller in book.vendors:
        if seller.parent_id is not None and seller.parent_id not in vendor_ids:
            problems.append(f"vendor {seller.id}: unknown parent {seller.parent_id}")
        elif len({item.id for item in vendor_chain(seller.id)}) > 1 and vendor_chain(seller.id)[-1].parent_id:
            problems.append(f"vendor {seller.id}: its parents form a circle")
    known = vendor_ids | {item.id for item in book.products}
    problems += [f"homes: unknown vendor or product {ident}" for ident in homes() if ident not in known]
    for item in book.products:
        problems += _product_problems(item, type_ids, capability_ids, vendor_ids)
    return tuple(problems)


def _product_problems(
    item: CatalogueProduct, type_ids: dict[str, Category], capability_ids: set[str], vendor_ids: set[str]
) -> list[str]:
    problems: list[str] = []
    if not item.id or item.id != item.id.lower() or not item.id.replace("-", "").isalnum():
        problems.append(f"product {item.id!r}: the id is not a slug")
    if item.vendor_id not in vendor_ids:
        problems.append(f"product {item.id}: unknown vendor {item.vendor_id}")
    problems += [f"product {item.id}: unknown type {name}" for name in item.types if name not in type_ids]
    problems += [
        f"product {item.id}: unknown capability {c}" for c in item.capabilities if c not in capability_ids
    ]
    problems += [
        f"product {item.id}: {c} is listed twice" for c in _repeated((*item.types, *item.capabilities))
    ]
    if not item.types or not item.capabilities:
        problems.append(f"product {item.id}: types and capabilities are required")
    if "." not in item.site or " " in item.site or item.site.startswith("http"):
        problems.append(f"product {item.id}: the site is not a bare host name or path")
    return problems
