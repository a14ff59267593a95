"""The review queue as a person meets it: one group per vendor and tool, marketing tools before everything else. Pure.

A vendor is printed in many ways (`TEXTHELP LTD`, `TEXTHELP SYSTEMS LTD`), each a supplier of its own; where the matcher
is sure that they are one vendor's and proposes the same tool for them, one decision settles them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from mopsaudit.catalogue.products import catalogue, product, products_of_vendor, vendor
from mopsaudit.words import SpendType

if TYPE_CHECKING:
    from mopsaudit.intake.suppliers import QueueRow

#: Types of tools that companies buy for everybody: they come after what marketing alone buys.
GENERAL_TYPES: Final = frozenset(
    """access_security business_intelligence collaboration data_platform documents_signature hosting_domains
    integration project_management""".split()
)
#: Types whose suppliers are marketing money but seldom a tool somebody signs in to: they come after the tools.
STUDY_TYPES: Final = frozenset({"market_research"})
#: Where a supplier stands in its band: surely a marketing tool, perhaps one, marketing but no tool, unknown, general.
SURE_TOOL, PERHAPS_TOOL, NO_TOOL, UNKNOWN, GENERAL = range(5)
_TOOL_MONEY: Final = frozenset({SpendType.SOFTWARE, SpendType.USAGE, SpendType.DATA})


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierGroup:
    """Suppliers that one decision settles, the largest first. Money in minor units of the base currency; months are
    indices, both included, None where every line is undated.
    """

    rows: tuple["QueueRow", ...]

    @property
    def lead(self) -> "QueueRow":
        """The supplier with the most money: it names the group."""
        return self.rows[0]

    @property
    def base_minor(self) -> int:
        """Money of all its lines that count."""
        return sum(row.amounts.base_minor for row in self.rows)

    @property
    def lines(self) -> int:
        """Lines that count."""
        return sum(row.amounts.lines for row in self.rows)

    @property
    def first_month(self) -> int | None:
        """The month of its first dated line."""
        months = [row.amounts.first_month for row in self.rows if row.amounts.first_month is not None]
        return min(months, default=None)

    @property
    def last_month(self) -> int | None:
        """The month of its last dated line."""
        months = [row.amounts.last_month for row in self.rows if row.amounts.last_month is not None]
        return max(months, default=None)

    @property
    def unconverted(self) -> tuple[str, ...]:
        """Currencies in which it has money without a rate."""
        return tuple(sorted({currency for row in self.rows for currency, _ in row.amounts.unconverted}))

    @property
    def spellings(self) -> tuple[str, ...]:
        """As the files print it, the group's own name first."""
        found = [text for row in self.rows for text in (row.name, *row.spellings)]
        return tuple(dict.fromkeys(found))


def grouped(rows: Iterable["QueueRow"]) -> tuple[SupplierGroup, ...]:
    """The rows in groups, kept in the order of their bands; within a band by rank, then the largest money together."""
    together: dict[Any, list[QueueRow]] = {}
    for row in rows:
        sure = row.sure and row.settled == "open" and row.proposal_vendor_id is not None
        key = (row.proposal_vendor_id, row.proposal_tool_id, row.band, row.rank) if sure else row.supplier_id
        together.setdefault(key, []).append(row)
    groups = [
        SupplierGroup(
            rows=tuple(sorted(each, key=lambda row: (-abs(row.amounts.base_minor), row.supplier_id)))
        )
        for each in together.values()
    ]
    return tuple(
        sorted(
            groups,
            key=lambda group: (
                group.lead.band,
                group.lead.rank,
                -abs(group.base_minor),
                group.lead.name.casefold(),
                group.lead.supplier_id,
            ),
        )
    )


def rank_of(proposal: Mapping[str, Any] | None, *, sure: bool) -> int:
    """Where a supplier with this proposal of the matcher stands in its band (see the constants)."""
    vendor_id = (proposal or {}).get("vendor")
    if not vendor_id:
        return UNKNOWN
    place = _rank(vendor_id, (proposal or {}).get("tool"))
    return place if sure or place != SURE_TOOL else PERHAPS_TOOL


@lru_cache(maxsize=8192)
def _rank(vendor_id: str, tool_id: str | None) -> int:
    """The rank of a sure match on these ids of the matcher: the catalogue's, or the inventory's own."""
    if tool_id is not None and tool_id in _product_ids():
        item = product(tool_id)
        if item.spend_type not in _TOOL_MONEY or item.types[0] in STUDY_TYPES:
            return NO_TOOL
        return GENERAL if item.types[0] in GENERAL_TYPES else SURE_TOOL
    if vendor_id not in _vendor_ids():
        return SURE_TOOL  # a vendor or tool of the company's own inventory
    seller = vendor(vendor_id)
    if seller.broad:
        return GENERAL
    if seller.spend_type not in _TOOL_MONEY:
        return NO_TOOL
    items = products_of_vendor(vendor_id)
    if not any(item.types[0] not in STUDY_TYPES for item in items):
        return NO_TOOL
    general = sum(item.types[0] in GENERAL_TYPES for item in items)
    return GENERAL if general * 2 > len(items) else SURE_TOOL


@lru_cache(maxsize=1)
def _product_ids() -> frozenset[str]:
    return frozenset(item.id for item in catalogue().products)


@lru_cache(maxsize=1)
def _vendor_ids() -> frozenset[str]:
    return frozenset(item.id for item in catalogue().vendors)
