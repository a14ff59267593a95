"""The queue of suppliers as a table: what searches, filters, sorts, counts and exports the cards of its page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from flask import request

from blueprints import tables
from mopsaudit.catalogue.products import products_of_vendor
from mopsaudit.intake import settling
from mopsaudit.intake.queue_groups import SupplierGroup
from mopsaudit.intake.suppliers import QueueRow
from mopsaudit.periods import month_start
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind, stated

#: Cards of a page.
PAGE: Final = 25
BANDS: Final = ("likely marketing", "possibly", "others")
MONEY: Final = Column(key="money", label="Money", kind=ValueKind.MONEY, summed=True)
LINES: Final = Column(key="lines", label="Lines", kind=ValueKind.NUMBER, summed=True)
COLUMNS: Final = (
    Column(key="name", label="Supplier", kind=ValueKind.REF, primary=True),
    Column(key="band", label="Band"),
    Column(key="vendor", label="Looks like"),
    Column(key="tool", label="Tool or product"),
    Column(key="score", label="Likeness (%)", kind=ValueKind.NUMBER),
    Column(key="sure", label="How sure", unbroken=True),
    MONEY,
    LINES,
    Column(key="first", label="First month", kind=ValueKind.DATE),
    Column(key="last", label="Last month", kind=ValueKind.DATE),
    Column(key="answer", label="Answer"),
    Column(key="later", label="Put off until", kind=ValueKind.DATE),
    Column(key="why", label="Why"),
    Column(key="spellings", label="As printed"),
)


def asks_spellings() -> bool:
    """Whether the address asks something of how suppliers are printed, which is read for few otherwise."""
    asked = request.args
    return any(asked.get(name) for name in ("q", "format", "f.spellings")) or "spellings" in asked.get(
        "sort", ""
    )


def table_of(groups: Sequence[SupplierGroup], currency: str, words: Mapping[str, str]) -> tables.Table:
    """The groups as rows, in the queue's own order unless the address asks for another. ``id``: the lead's."""
    return tables.of_rows(
        COLUMNS,
        [_row(group, currency, words) for group in groups],
        name="suppliers",
        noun="supplier",
        caption="Suppliers",
        size=PAGE,
    )


def _day(month: int | None) -> date | None:
    return None if month is None else month_start(month)


def _row(group: SupplierGroup, currency: str, words: Mapping[str, str]) -> Row:
    lead = group.lead
    return Row(
        id=str(lead.supplier_id),
        opens=Ref(kind="supplier", id=lead.supplier_id, label=lead.name),
        values={
            "name": Ref(kind="supplier", id=lead.supplier_id, label=lead.name),
            "band": BANDS[lead.band],
            "vendor": lead.proposal_vendor,
            "tool": lead.proposal_tool,
            "score": round(lead.score_mille / 10) if lead.proposal_vendor else None,
            "sure": None if not lead.proposal_vendor else "sure" if lead.sure else "perhaps",
            "money": Amount(currency=currency, minor=group.base_minor, origins=group.lines),
            "lines": group.lines,
            "first": stated(_day(group.first_month), _UNDATED),
            "last": stated(_day(group.last_month), _UNDATED),
            "answer": words.get(lead.settled, lead.settled),
            "later": lead.postponed_until,
            "why": lead.why or None,
            "spellings": ", ".join(group.spellings) or None,
        },
    )


_UNDATED: Final = "None of its lines has a date."
#: Before the id of a tool of ours in the list of what a vendor may have been paid for.
OUR_TOOL: Final = "tool:"


def choices_of(row: QueueRow) -> tuple[tuple[str, str], ...]:
    """What a vendor with several products may have been paid for: our tools of it first, the proposed one foremost,
    then the catalogue's other products, then all of it as one tool.
    """
    if not row.sure or row.proposal_tool_id is not None or row.proposal_vendor_id is None:
        return ()
    products = products_of_vendor(row.proposal_vendor_id)
    ours = [(f"{OUR_TOOL}{tool_id}", name) for tool_id, name in row.our_tools]
    if not products:
        return tuple(ours)
    have = {name.casefold() for _, name in row.our_tools}
    others = [(item.id, item.name) for item in products if item.name.casefold() not in have]
    whole = (f"{settling.WHOLE_VENDOR}{row.proposal_vendor_id}", f"{row.proposal_vendor}, as one tool")
    return (*ours, *others, whole)
