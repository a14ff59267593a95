"""What a negotiation pack says besides the reports: names, contract lines, prices, what was paid, alternatives."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.facts.wording import count, listed, money
from mopsaudit.inventory.listing import list_tools
from mopsaudit.reporting import (
    Amount,
    Column,
    Coverage,
    Headline,
    Plot,
    Ratio,
    Ref,
    Report,
    Row,
    ValueKind,
)
from mopsaudit.scope import Scope
from mopsaudit.store.models import Supplier, Vendor, VendorName

#: Alternatives shown for each of the vendor's tools.
ALTERNATIVES: Final = 5
#: A tool counts as an alternative from this share of capabilities on, in percent.
LEAST_COVER: Final = 25


def chapter(
    scope: Scope,
    name: str,
    title: str,
    answer: str,
    columns: tuple[Column, ...],
    rows: list[Row],
    *,
    headlines: tuple[Headline, ...] = (),
    plots: tuple[Plot, ...] = (),
    trust: str = "",
    empty: str,
) -> Report:
    """A chapter of the pack in the form every report has."""
    return Report(
        name=name,
        title=title,
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=answer,
        headlines=headlines,
        columns=columns,
        rows=tuple(rows),
        plots=plots,
        coverage=Coverage(sentence=trust),
        empty=empty,
    )


def companies(session: Session, scope: Scope, vendor_ids: Collection[int], name: str) -> Report:
    """The vendor, the companies that belong to it, their names, and what ledgers call them."""
    rows = []
    vendors = {
        vendor.id: vendor
        for vendor in session.scalars(
            select(Vendor).where(Vendor.id.in_(sorted(vendor_ids))).order_by(Vendor.id)
        )
    }
    kinds = {
        "legal": "legal entity",
        "trading": "trading name",
        "past": "past name",
        "billing": "billing name",
    }
    for vendor in vendors.values():
        parent = vendors.get(vendor.parent_id or 0)
        what = f"belongs to {parent.name}" if parent else "vendor"
        rows.append(_company(f"vendor-{vendor.id}", vendor.name, what, vendor.name, vendor.country))
    for each in session.scalars(
        select(VendorName)
        .where(VendorName.vendor_id.in_(sorted(vendors)))
        .order_by(VendorName.vendor_id, VendorName.kind, VendorName.name, VendorName.id)
    ):
        of = vendors[each.vendor_id]
        rows.append(
            _company(f"name-{each.id}", each.name, kinds.get(each.kind, each.kind), of.name, of.country)
        )
    for supplier in session.scalars(
        select(Supplier).where(Supplier.vendor_id.in_(sorted(vendors))).order_by(Supplier.name, Supplier.id)
    ):
        vendor_id = supplier.vendor_id or 0
        rows.append(
            _company(
                f"supplier-{supplier.id}",
                supplier.name,
                "as printed in ledgers",
                vendors[vendor_id].name,
                None,
            )
        )
    legal = len(vendors) + sum(1 for row in rows if row.values["kind"] == "legal entity")
    return chapter(
        scope,
        "companies",
        "Companies",
        f"{name} stands under {count(len(rows), 'name')}, {count(legal, 'company', 'companies')} among them.",
        (
            Column(key="name", label="Name", primary=True),
            Column(key="kind", label="What it is"),
            Column(key="of", label="Company"),
            Column(key="country", label="Country"),
        ),
        rows,
        empty="No name is known.",
    )


def _company(row_id: str, name: str, kind: str, of: str, country: str | None) -> Row:
    return Row(id=row_id, values={"name": name, "kind": kind, "of": of, "country": country})


def alternatives(
    session: Session, scope: Scope, reports: Mapping[str, Report], tool_ids: Collection[int], name: str
) -> Report:
    """What we own elsewhere that can do the same: share of capabilities, free seats, yearly cost."""
    tools = [tool for tool in list_tools(session, scope, include_retired=False) if tool.status != "retired"]
    capability = {each.id: each.name for each in taxonomy().capabilities}
    costs = {
        ref.id: row.values["yearly_cost"]
        for row in reports["stack"].rows
        if isinstance(ref := row.values["tool"], Ref)
    }
    free = {
        ref.id: row.values["unassigned"]
        for row in reports["underuse"].rows
        if isinstance(ref := row.values["tool"], Ref)
    }
    rows = []
    covered = set()
    mine = [tool for tool in tools if tool.id in tool_ids and tool.capabilities]
    for theirs in mine:
        needed = set(theirs.capabilities)
        found = []
        for other in tools:
            shared = needed & set(other.capabilities)
            if other.id not in tool_ids and shared and len(shared) * 100 >= LEAST_COVER * len(needed):
                found.append((-len(shared), other.name, other.id, other, shared))
        for _, _, _, other, shared in sorted(found, key=lambda each: each[:3])[:ALTERNATIVES]:
            covered.add(theirs.id)
            rows.append(
                Row(
                    id=f"pair-{theirs.id}-{other.id}",
                    opens=Ref(kind="tool", id=other.id, label=other.name),
                    category=other.category,
                    values={
                        "theirs": Ref(kind="tool", id=theirs.id, label=theirs.name),
                        "ours": Ref(kind="tool", id=other.id, label=other.name),
                        "vendor": other.vendor,
                        "cover": Ratio(numerator=len(shared), denominator=len(needed)),
                        "shared": listed(sorted(capability.get(each, each) for each in shared), 4),
                        "free": free.get(other.id),
                        "cost": costs.get(other.id),
                    },
                )
            )
    if rows:
        answer = (
            f"{len(covered)} of {count(len(mine), 'tool')} of {name} could lean on something we own already."
        )
    elif mine:
        answer = f"Nothing else we own does a quarter of what the tools of {name} do."
    else:
        answer = f"No capabilities of the tools of {name} are recorded, so alternatives are not known."
    return chapter(
        scope,
        "alternatives",
        "Alternatives we own",
        answer,
        (
            Column(key="theirs", label="Their tool", kind=ValueKind.REF, primary=True),
            Column(key="ours", label="We own", kind=ValueKind.REF),
            Column(key="vendor", label="Vendor"),
            Column(key="cover", label="Of its capabilities", kind=ValueKind.RATIO),
            Column(key="shared", label="Which"),
            Column(key="free", label="Unassigned seats", kind=ValueKind.NUMBER),
            Column(key="cost", label=f"Yearly cost ({scope.currency})", kind=ValueKind.MONEY),
        ),
        rows,
        trust=f"Tools in use that own at least {LEAST_COVER} % of the capabilities, the nearest {ALTERNATIVES} each.",
        empty="Record which capabilities each tool has.",
    )


def open_commitments(scope: Scope, budget: Report, name: str) -> Report:
    """The commitments with the vendor that are not invoiced yet, out of the budget report narrowed to it."""
    section = next((each for each in budget.sections if each.key == "commitments"), None)
    rows = list(section.rows) if section is not None else []
    key = "open"
    if section is not None:
        money_columns = [column.key for column in section.columns if column.kind is ValueKind.MONEY]
        key = money_columns[-1] if money_columns else key
    known = [
        value for row in rows if isinstance(value := row.values.get(key), Amount) and value.minor is not None
    ]
    total = sum(value.minor or 0 for value in known)
    columns = (
        section.columns
        if section is not None
        else (Column(key="what", label="Contract or order", primary=True),)
    )
    return chapter(
        scope,
        "commitments",
        "Open commitments",
        f"{money(total, scope.currency)} in {count(len(rows), 'payment')} of this fiscal year is still to come."
        if rows
        else f"Nothing is committed with {name} for the rest of this fiscal year.",
        columns,
        rows,
        empty="Every instalment and order of this fiscal year is invoiced, or none is on record.",
    )
