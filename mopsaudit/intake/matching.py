"""The matcher over catalogue and inventory: a company's own tools, vendors and their names, and its past decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.match import (
    Alias,
    AliasKind,
    Decision,
    Match,
    Matcher,
    Method,
    Outcome,
    PastDecision,
    Target,
    catalogue_aliases,
    marketing_likelihood,
)
from mopsaudit.intake.match_catalogue import catalogue_index
from mopsaudit.intake.placing import Judge, Judgement
from mopsaudit.inventory.edits import fetch
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool, ToolName, Vendor, VendorName
from mopsaudit.store.ledger import Supplier

_TOOL, _VENDOR = "tool:", "vendor:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Our tools and vendors as matcher and queue need them. Merged ones stand for what they were merged into."""

    tools: dict[int, Tool]
    vendors: dict[int, Vendor]
    tool_of_catalogue: dict[str, int]
    vendor_of_catalogue: dict[str, int]
    tool_names: dict[int, list[str]]
    vendor_names: dict[int, list[str]]

    def tool_id(self, ident: str | None) -> int | None:
        """Our tool for an id of the matcher (a catalogue id or one of our own), or None."""
        if ident is None:
            return None
        if ident.startswith(_TOOL):
            return int(ident.removeprefix(_TOOL))
        return self.tool_of_catalogue.get(ident)

    def vendor_id(self, ident: str | None) -> int | None:
        """Our vendor for an id of the matcher, or None."""
        if ident is None:
            return None
        if ident.startswith(_VENDOR):
            return int(ident.removeprefix(_VENDOR))
        return self.vendor_of_catalogue.get(ident)


def inventory(session: Session) -> Inventory:
    """Everything of the inventory that has a name."""
    tools = {tool.id: tool for tool in session.scalars(select(Tool).order_by(Tool.id))}
    vendors = {vendor.id: vendor for vendor in session.scalars(select(Vendor).order_by(Vendor.id))}

    def head(record: Any, table: dict[int, Any]) -> int:
        while record.merged_into_id is not None:
            record = table[record.merged_into_id]
        return int(record.id)

    tool_names: dict[int, list[str]] = {}
    for tool in tools.values():
        tool_names.setdefault(head(tool, tools), []).append(tool.name)
    for name in session.scalars(select(ToolName).order_by(ToolName.id)):
        tool_names.setdefault(head(tools[name.tool_id], tools), []).append(name.name)
    vendor_names: dict[int, list[str]] = {}
    for vendor in vendors.values():
        vendor_names.setdefault(head(vendor, vendors), []).append(vendor.name)
    for other in session.scalars(select(VendorName).order_by(VendorName.id)):
        vendor_names.setdefault(head(vendors[other.vendor_id], vendors), []).append(other.name)
    return Inventory(
        tools=tools,
        vendors=vendors,
        tool_of_catalogue={t.catalogue_id: head(t, tools) for t in tools.values() if t.catalogue_id},
        vendor_of_catalogue={v.catalogue_id: head(v, vendors) for v in vendors.values() if v.catalogue_id},
        tool_names=tool_names,
        vendor_names=vendor_names,
    )


def matcher_for(session: Session, ours: Inventory | None = None) -> Matcher:
    """A matcher over the catalogue with our names, and what people settled, on top."""
    known = ours or inventory(session)
    return _built(tuple(_own_aliases(known)), tuple(_decisions(session, known)))


@lru_cache(maxsize=4)
def _built(aliases: tuple[Alias, ...], decisions: tuple[PastDecision, ...]) -> Matcher:
    """Building the index takes a while and the inventory changes seldom."""
    return Matcher.from_catalogue(aliases=aliases, decisions=decisions)


def prepare() -> None:
    """Build what the catalogue alone decides, once a process; a good use of the time while a file is read."""
    catalogue_index()
    _catalogue_vendors()


@cache
def _catalogue_vendors() -> tuple[dict[str, Target], frozenset[tuple[str, str]]]:
    """What the catalogue takes each vendor's name for, and all names it knows a vendor by."""
    aliases, _ = catalogue_aliases()
    targets: dict[str, Target] = {}
    for alias in aliases:
        targets.setdefault(alias.target.vendor_id, alias.target)
    return targets, frozenset((alias.target.vendor_id, alias.text.casefold()) for alias in aliases)


def _own_aliases(ours: Inventory) -> list[Alias]:
    aliases = []
    targets, texts = _catalogue_vendors()
    tools_of: dict[int, list[Tool]] = {}
    for tool in ours.tools.values():
        if tool.vendor_id is not None and tool.merged_into_id is None:
            tools_of.setdefault(tool.vendor_id, []).append(tool)
    for vendor_id, names in ours.vendor_names.items():
        vendor = ours.vendors[vendor_id]
        known = targets.get(vendor.catalogue_id) if vendor.catalogue_id else None
        only = tools_of.get(vendor_id, [])
        target = known or Target(
            vendor_id=vendor.catalogue_id or f"{_VENDOR}{vendor_id}",
            vendor=vendor.name,
            tool_id=(only[0].catalogue_id or f"{_TOOL}{only[0].id}") if len(only) == 1 else None,
            tool=only[0].name if len(only) == 1 else None,
            names=tuple(dict.fromkeys(names)),
        )
        # What the catalogue knows it also knows the worth of: a common word stays weak.
        fresh = [name for name in dict.fromkeys(names) if (target.vendor_id, name.casefold()) not in texts]
        aliases += [Alias(text=name, target=target, kind=AliasKind.OWN) for name in fresh]
    for tool_id, names in ours.tool_names.items():
        tool = ours.tools[tool_id]
        if tool.catalogue_id and len(set(names)) == 1:
            continue
        seller = ours.vendors.get(tool.vendor_id) if tool.vendor_id else None
        target = Target(
            vendor_id=(seller.catalogue_id or f"{_VENDOR}{seller.id}") if seller else f"{_TOOL}{tool_id}",
            vendor=seller.name if seller else tool.name,
            tool_id=tool.catalogue_id or f"{_TOOL}{tool_id}",
            tool=tool.name,
            names=tuple(dict.fromkeys([*names, *(ours.vendor_names.get(seller.id, ()) if seller else ())])),
        )
        aliases += [Alias(text=name, target=target, kind=AliasKind.OWN) for name in dict.fromkeys(names)]
    return aliases


def _decisions(session: Session, ours: Inventory) -> list[PastDecision]:
    decisions = []
    for supplier in session.scalars(select(Supplier).where(Supplier.settled != "open").order_by(Supplier.id)):
        outcome = {"tool": Outcome.TOOL, "not_marketing": Outcome.NOT_MARKETING}.get(
            supplier.settled, Outcome.MARKETING
        )
        target = None
        tool = ours.tools.get(supplier.tool_id) if supplier.tool_id else None
        while tool is not None and tool.merged_into_id is not None:
            tool = ours.tools[tool.merged_into_id]
        vendor = ours.vendors.get(supplier.vendor_id) if supplier.vendor_id else None
        if vendor is None and tool is not None and tool.vendor_id is not None:
            vendor = ours.vendors[tool.vendor_id]
        if tool is not None or vendor is not None:
            name = vendor.name if vendor else tool.name if tool else supplier.name
            target = Target(
                vendor_id=f"{_VENDOR}{vendor.id}" if vendor else f"{_TOOL}{tool.id if tool else 0}",
                vendor=name,
                tool_id=f"{_TOOL}{tool.id}" if tool else None,
                tool=tool.name if tool else None,
                names=tuple(
                    dict.fromkeys(
                        [
                            *(ours.tool_names.get(tool.id, ()) if tool else ()),
                            *(ours.vendor_names.get(vendor.id, ()) if vendor else ()),
                            name,
                        ]
                    )
                ),
            )
        if outcome is Outcome.TOOL and target is None:
            continue
        decisions.append(
            PastDecision(key=supplier.key, outcome=outcome, target=target, spend_type=supplier.spend_type)
        )
    return decisions


def suggestions(session: Session, supplier_id: int, limit: int = 5) -> tuple[Mapping[str, Any], ...]:
    """The nearest known names for a person who settles by hand: vendor, tool, score and whether we own the tool."""
    supplier = fetch(session, Supplier, supplier_id, "supplier")
    ours = inventory(session)
    found = matcher_for(session, ours).suggest(supplier.name, limit)
    return tuple(
        {
            "vendor": item.vendor,
            "tool": item.tool,
            "score": item.score,
            "product_id": item.tool_id if item.tool_id and ":" not in item.tool_id else None,
            "owned_tool_id": ours.tool_id(item.tool_id),
        }
        for item in found
    )


def judge_for(session: Session, settings: Settings) -> Judge:
    """Asks the matcher; built on the first question, so that a file of known suppliers never builds it."""
    built: list[tuple[Matcher, Inventory]] = []

    def judge(raws: Sequence[str]) -> list[Judgement]:
        if not raws:
            return []
        if not built:
            ours = inventory(session)
            built.append((_built(tuple(_own_aliases(ours)), ()), ours))
        matcher, ours = built[0]
        return [judgement(match, ours, settings) for match in matcher.match_many(raws)]

    return judge


def judgement(match: Match, ours: Inventory, settings: Settings) -> Judgement:
    """A match in the terms of the ledger: ids of our inventory where we have the tool, else a proposal."""
    mille = round(match.score * 1000)
    sure = match.decision is Decision.MATCH and mille >= settings.match_sure_mille
    best = match.candidates[0] if match.candidates else None
    vendor = match.vendor_id or (best.vendor_id if best else None)
    tool = match.tool_id or (best.tool_id if best else None)
    likely = max(mille if vendor else 0, round(marketing_likelihood(match.input) * 1000))
    return Judgement(
        sure=sure,
        method=str(match.method) if match.method is not Method.DECISION else "alias",
        score_mille=mille,
        reason=match.reason,
        vendor_id=ours.vendor_id(vendor),
        tool_id=ours.tool_id(tool),
        spend_type=match.spend_type,
        likely_mille=likely,
        proposal={
            "vendor": vendor,
            "vendor_name": match.vendor or (best.vendor if best else None),
            "tool": tool,
            "tool_name": match.tool or (best.tool if best else None),
            "spend_type": match.spend_type,
            "candidates": [
                {
                    "vendor": item.vendor,
                    "tool": item.tool,
                    "score": item.score,
                    "vendor_id": item.vendor_id,
                    "tool_id": item.tool_id,
                }
                for item in match.candidates
            ],
        },
    )
