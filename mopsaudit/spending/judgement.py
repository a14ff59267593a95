"""One supplier judged: what the catalogue takes it for, its yearly cost, its rhythm, its last price change. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from mopsaudit.catalogue.products import CatalogueProduct, catalogue
from mopsaudit.facts.rhythm import MonthSum, price_changes, renewal_of, rhythm_of
from mopsaudit.facts.spending import SpendFacts, SupplierSpend
from mopsaudit.facts.values import Bucket
from mopsaudit.facts.wording import listed, money
from mopsaudit.reporting import Amount
from mopsaudit.spending.values import PERHAPS, Duplicate, Judged
from mopsaudit.words import TOOL_COST, LicenceMetric

#: From this score (of 1000) on an uncertain match is worth naming.
_NEAR: Final = 750
_SEATS: Final = (LicenceMetric.NAMED_SEAT, LicenceMetric.CONCURRENT)


@cache
def _products() -> Mapping[str, CatalogueProduct]:
    return {each.id: each for each in catalogue().products}


@cache
def _vendor_categories() -> Mapping[str, str | None]:
    """The category of a vendor's products where they agree."""
    found: dict[str, set[str]] = {}
    for each in catalogue().products:
        found.setdefault(each.vendor_id, set()).add(each.category.value)
    return {vendor: next(iter(names)) if len(names) == 1 else None for vendor, names in found.items()}


@cache
def _vendor_types() -> Mapping[str, frozenset[str]]:
    """The spend types of each vendor's products."""
    found: dict[str, set[str]] = {}
    for each in catalogue().products:
        found.setdefault(each.vendor_id, set()).add(each.spend_type.value)
    return {vendor: frozenset(kinds) for vendor, kinds in found.items()}


def judge(each: SupplierSpend, facts: SpendFacts, twice: Sequence[Duplicate] = ()) -> Judged:
    """One supplier: what it likely is, what it costs a year, its rhythm, likely renewal and last price change.

    ``twice`` are its likely duplicate payments: they stay in its cost until they are credited, but make no rhythm.
    """
    proposal = each.proposal
    product = _products().get(proposal.get("tool") or "")
    tool, vendor, category = each.tool, each.vendor, each.tool_category
    if each.settled in ("open", "tool") and tool is None:
        near = each.sure or each.score_mille >= _NEAR
        tool = proposal.get("tool_name") if near else None
        vendor = proposal.get("vendor_name") if near else None
        category = None
        if near:
            vendors = _vendor_categories()
            category = product.category.value if product else vendors.get(proposal.get("vendor") or "")
    if each.settled != "open":
        state = "settled"
    elif each.tool_id is not None:
        state = "placed"
    else:
        state = "proposed" if each.sure else PERHAPS
    currency, sums = max(
        each.months or ((facts.currency, ()),),
        key=lambda found: (sum(one.lines for one in found[1]), found[0] == facts.currency, found[0]),
    )
    last = facts.held[-1] if facts.held else facts.from_month - 1
    first = facts.held[0] if facts.held else last
    rhythm = rhythm_of(
        _without(sums, currency, twice),
        ledger_months=last - first + 1,
        last_month=last,
        yearly_words=each.yearly_words,
    )
    changes = price_changes(rhythm)
    return Judged(
        facts=each,
        state=state,
        tool=tool,
        vendor=vendor,
        category=category,
        spend_type=_spend_type(each, tool),
        by_seat=product is not None and product.licence_metric in _SEATS,
        cost=cost_of(each.window, facts.currency),
        rhythm=rhythm,
        renewal=renewal_of(rhythm, from_month=facts.from_month, last_month=last),
        change=changes[-1] if changes else None,
        currency=currency,
    )


def _without(sums: Sequence[MonthSum], currency: str, twice: Sequence[Duplicate]) -> tuple[MonthSum, ...]:
    """The months less what was likely paid a second time in them."""
    off: dict[int, int] = {}
    for each in twice:
        if each.currency == currency:
            for month, minor in each.extra:
                off[month] = off.get(month, 0) + minor
    return tuple(replace(each, minor=each.minor - off.get(each.month, 0)) for each in sums)


def _spend_type(each: SupplierSpend, tool: str | None) -> str | None:
    """The spend type as settled or proposed; of a vendor that sells media too, and of which no tool is known, both."""
    kind = each.spend_type or each.proposal.get("spend_type")
    kind = None if kind is None else str(kind)
    if each.settled != "open" or tool is not None or kind is None:
        return kind
    sold = _vendor_types().get(each.proposal.get("vendor") or "", frozenset())
    other = sorted(str(one) for one in sold if one not in TOOL_COST)
    return f"{kind} or {other[0]}" if other and kind in TOOL_COST else kind


def cost_of(bucket: Bucket, currency: str) -> Amount:
    """A bucket of twelve months as a figure; unknown where nothing is in it, or nothing of it has a rate."""
    if not bucket.lines:
        return Amount(currency=currency, minor=None, why="Nothing in these twelve months.")
    missing = listed([money(minor, code) for code, minor in bucket.unconverted])
    if missing and not bucket.minor:
        return Amount(currency=currency, minor=None, why=f"{missing} without an exchange rate.")
    return Amount(
        currency=currency,
        minor=bucket.minor,
        origins=bucket.lines,
        basis="last 12 months" + (f", {missing} without a rate beside it" if missing else ""),
        trace=bucket.trace,
    )
