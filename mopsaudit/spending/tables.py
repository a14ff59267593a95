"""The tables of what the spend says: likely marketing suppliers, likely duplicate payments. Pure."""

from typing import Final

from mopsaudit.facts.rhythm import Cadence, change_short, change_words
from mopsaudit.facts.wording import day, listed
from mopsaudit.facts.wording import month as month_words
from mopsaudit.reporting import Amount, Column, LineFilter, Ref, Row, ValueKind
from mopsaudit.spending.values import Duplicate, Judged, SpendSaid

COLUMNS: Final = (
    Column(key="supplier", label="Supplier", kind=ValueKind.REF, primary=True),
    Column(
        key="tool", label="Likely tool", what="From the built-in catalogue, or the tool a person settled."
    ),
    Column(
        key="cost",
        label="Twelve months",
        kind=ValueKind.MONEY,
        summed=True,
        what="Net of twelve full months, credit notes taken off.",
    ),
    Column(key="rhythm", label="Rhythm", what="How often it bills, and how sure that is."),
    Column(
        key="renewal", label="Likely renewal", what="From the rhythm of invoices, grade D; never a firm date."
    ),
    Column(key="change", label="Last price change", what="Between comparable invoices; price or volume."),
    Column(key="state", label="State"),
    Column(key="category", label="Category", wide=True),
    Column(key="type", label="Spend type", wide=True),
    Column(key="evidence", label="Evidence", wide=True),
)
DUPLICATE_COLUMNS: Final = (
    Column(key="supplier", label="Supplier", kind=ValueKind.REF, primary=True),
    Column(key="reference", label="Invoice number"),
    Column(key="paid", label="Paid on"),
    Column(key="amount", label="Paid too much", kind=ValueKind.MONEY),
    Column(key="base", label="In base currency", kind=ValueKind.MONEY, summed=True),
    Column(key="likely", label="Likely marketing", kind=ValueKind.FLAG),
)


def supplier_rows(said: SpendSaid) -> tuple[Row, ...]:
    """The suppliers somebody settled or the matcher is sure of, the largest run rate first."""
    return tuple(_row(each) for each in said.judged if each.known)


def perhaps_rows(said: SpendSaid) -> tuple[Row, ...]:
    """The suppliers that only their name or an uncertain match makes likely, the largest first."""
    return tuple(_row(each) for each in said.judged if not each.known)


def duplicate_rows(said: SpendSaid, *, every: bool) -> tuple[Row, ...]:
    """Likely duplicate payments as rows; ``every`` adds those of suppliers that look like no marketing."""
    found = [(each, True) for each in said.duplicates]
    found += [(each, False) for each in said.other_duplicates if every]
    return tuple(_duplicate_row(each, said.facts.currency, likely=likely) for each, likely in found)


CATEGORY_WORDS: Final = {
    "intelligence": "Intelligence",
    "engagement": "Engagement",
    "operations": "Operations",
    "performance": "Performance",
}


def _row(each: Judged) -> Row:
    tool = each.tool or (f"{each.vendor} (tool open)" if each.vendor else None)
    kind = each.spend_type.replace("_", " ") if each.spend_type else None
    return Row(
        id=str(each.facts.id),
        values={
            "supplier": Ref(kind="supplier", id=each.facts.id, label=each.facts.name),
            "tool": tool,
            "category": CATEGORY_WORDS.get(each.category or ""),
            "type": kind,
            "cost": each.cost,
            "rhythm": _rhythm(each),
            "renewal": f"{month_words(each.renewal.month)} (D)" if each.renewal.month is not None else None,
            "change": change_short(each.change) if each.change else None,
            "state": "by name only" if not each.known and not tool else each.state,
            "evidence": _evidence(each),
        },
        opens=Ref(kind="supplier", id=each.facts.id, label=each.facts.name),
        category=each.category,
        state=each.state,
        detail={"lines": each.facts.window.trace.lines if each.facts.window.trace else None},
    )


def _evidence(each: Judged) -> str:
    text = f"{each.rhythm.evidence} {each.renewal.why}"
    if each.change is not None:
        text += f" Price {change_words(each.change, each.currency)}."
    return text


def _rhythm(each: Judged) -> str:
    if len(each.rhythm.charges) == 1 and each.rhythm.cadence is Cadence.IRREGULAR:
        return "one invoice"
    sure = {"high": "sure", "medium": "likely", "low": "perhaps"}[each.rhythm.sure.value]
    return f"{each.rhythm.cadence.value}, {sure}"


def _duplicate_row(each: Duplicate, base: str, *, likely: bool) -> Row:
    return Row(
        id=f"{each.supplier_id}-{'-'.join(str(line) for line in each.lines)}",
        values={
            "supplier": Ref(kind="supplier", id=each.supplier_id, label=each.supplier),
            "reference": each.reference,
            "paid": listed([day(one) for one in each.days], 4),
            "amount": Amount(currency=each.currency, minor=each.minor, origins=len(each.lines)),
            "base": Amount(currency=base, minor=each.base_minor, why="no rate for this currency and day"),
            "likely": likely,
        },
        opens=Ref(kind="supplier", id=each.supplier_id, label=each.supplier),
        detail={"lines": LineFilter(line_ids=each.lines)},
    )
