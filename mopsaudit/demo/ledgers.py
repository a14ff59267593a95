"""What the demo company was charged in 24 months, and which of its ledgers shows it. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from mopsaudit.demo.stack import ACCOUNTS, MEDIA, NOISE, OPEN, OTHERS, TOOLS, UNITS, DemoTool
from mopsaudit.periods import add_months, month_end, month_of, month_start

MONTHS: Final = 24
US, DE, CARD = "ap-us", "ap-de", "card"
#: The supplier under which both ledgers of the head office book the company card's bill.
CARD_ISSUER: Final = "AMERICAN EXPRESS"
#: Month of the fiscal year in which what is left of the budget is spent.
RUSH_MONTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One line of a ledger; ``minor`` in minor units, credits negative."""

    ledger: str
    day: date
    supplier: str
    minor: int
    currency: str
    centre: str
    account: str
    text: str
    invoice: str
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days the demo covers: ``first`` is the first of a month, ``as_of`` its last day."""

    first: date
    as_of: date

    @property
    def months(self) -> tuple[int, ...]:
        """Month indices, the running month included."""
        return tuple(range(month_of(self.first), month_of(self.as_of) + 1))


def span(as_of: date) -> Span:
    """24 full months before the month of ``as_of``, and that month so far."""
    return Span(first=month_start(month_of(as_of) - MONTHS), as_of=as_of)


def term_ends(tool: DemoTool, as_of: date) -> date:
    """The day a tool's running term ends; tools without a contract have an arbitrary but fixed one."""
    days = tool.renewal.in_days if tool.renewal else 40 + sum(map(ord, tool.product)) % 300
    return as_of + timedelta(days=days)


def charges(seed: int, as_of: date) -> tuple[Charge, ...]:
    """Every charge of the period, by day."""
    days = span(as_of)
    numbers = _Numbers(random.Random(f"ledger {seed}"))  # noqa: S311  # a demo's figures, not a secret
    found: list[Charge] = []
    for tool in TOOLS:
        found += _card_of(tool, days) if tool.ledger == "card" else _invoices_of(tool, days, numbers)
    found += _media(days, numbers)
    found += _others(days, numbers)
    found += _rush(days, numbers)
    found += _oddities(days, found, numbers)
    found += _card_bills(days, found, numbers)
    return tuple(
        sorted(
            (charge for charge in found if days.first <= charge.day <= days.as_of),
            key=lambda each: (each.day, each.ledger, each.supplier, each.invoice, each.minor),
        )
    )


class _Numbers:
    """Invoice numbers as vendors write them, and small random movements."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._next: dict[str, int] = {}

    def invoice(self, supplier: str) -> str:
        """The supplier's next invoice number."""
        start = sum(map(ord, supplier)) * 7 % 90_000 + 10_000
        number = self._next.get(supplier, start)
        self._next[supplier] = number + self._rng.randrange(1, 40)
        prefix = "".join(word[0] for word in supplier.split()[:2])
        return f"{prefix}-{number}"

    def around(self, amount: int, percent: int) -> int:
        """An amount in whole units, up to ``percent`` above or below."""
        return amount * (1000 + self._rng.randrange(-10 * percent, 10 * percent + 1)) // 1000

    def cents(self) -> int:
        """Odd cents."""
        return self._rng.randrange(0, 100)

    def day(self, month: int, first: int = 3, last: int = 26) -> date:
        """A day of a month."""
        return month_start(month) + timedelta(days=self._rng.randrange(first, last) - 1)


def _ledger(unit: str) -> str:
    return DE if unit == "EMEA" else US


def _charge(unit: str, kind: str, **values: object) -> Charge:
    _, centre, currency = UNITS[unit]
    facts = {
        "ledger": _ledger(unit),
        "currency": currency,
        "centre": centre,
        "account": ACCOUNTS.get(kind, ACCOUNTS["other"]),
    }
    return Charge(**(facts | values))  # type: ignore[arg-type]


def _invoices_of(tool: DemoTool, days: Span, numbers: _Numbers) -> Iterator[Charge]:
    """Invoices in advance from each term's start, dearer by ``uplift`` percent in the running term."""
    end = term_ends(tool, days.as_of)
    for years in (3, 2, 1):
        start = add_months(end, -12 * years)
        yearly = tool.price * 100
        if years > 1:
            yearly = yearly * 100 // (100 + tool.uplift)
        count = 12 // tool.rhythm
        for part in range(count):
            due = add_months(start, part * tool.rhythm)
            share = yearly // count if part else yearly - yearly // count * (count - 1)
            yield _charge(
                tool.unit,
                "software",
                day=due,
                supplier=tool.biller,
                minor=share,
                text=f"{tool.text} {due:%m/%Y}",
                invoice=numbers.invoice(tool.biller),
                order=order_number(tool) if years == 1 and tool.rhythm == 12 and tool.price >= 30_000 else "",
            )


def order_number(tool: DemoTool) -> str:
    """The purchase order of a tool's running term."""
    return f"PO-{48_000 + [each.product for each in TOOLS].index(tool.product)}"


def _card_of(tool: DemoTool, days: Span) -> Iterator[Charge]:
    """A charge a month on the company card; the merchant's text carries a running number as card texts do."""
    day = 2 + sum(map(ord, tool.product)) % 25
    monthly = tool.price * 100 // 12
    for month in days.months:
        yield _charge(
            "DIGI",
            "software",
            ledger=CARD,
            day=month_start(month) + timedelta(days=day - 1),
            supplier=tool.biller,
            minor=monthly,
            text="",
            invoice="",
        )


def _media(days: Span, numbers: _Numbers) -> Iterator[Charge]:
    for _, unit, monthly, biller, text in MEDIA:
        for month in days.months:
            yield _charge(
                unit,
                "media",
                day=month_end(month) - timedelta(days=1),
                supplier=biller,
                minor=numbers.around(monthly, 9) * 100 + numbers.cents(),
                text=f"{text} {month_start(month):%b %Y}",
                invoice=numbers.invoice(biller),
            )


def _others(days: Span, numbers: _Numbers) -> Iterator[Charge]:
    for biller, unit, kind, rhythm, amount, text in OTHERS:
        for index, month in enumerate(days.months):
            if index % rhythm == 0:
                yield _charge(
                    unit,
                    kind,
                    day=numbers.day(month),
                    supplier=biller,
                    minor=numbers.around(amount, 6) * 100,
                    text=f"{text} {month_start(month):%m/%Y}",
                    invoice=numbers.invoice(biller),
                )
    for biller, unit, kind, amount, text in (*NOISE, *OPEN):
        for index, month in enumerate(days.months):
            if biller in {each[0] for each in OPEN} and index % 3:
                continue
            card = unit == "DIGI"
            yield _charge(
                unit,
                kind,
                day=numbers.day(month),
                supplier=biller,
                minor=numbers.around(amount, 12) * 100 + numbers.cents(),
                text="" if card else text,
                invoice="" if card else numbers.invoice(biller),
                **({"ledger": CARD} if card else {}),
            )


def _rush(days: Span, numbers: _Numbers) -> Iterator[Charge]:
    """What was left of last year's budget, spent in its last weeks."""
    december = month_of(date(days.as_of.year - 1, RUSH_MONTH, 1))
    for unit, kind, biller, amount, text in (
        ("AMER", "agency", "BRIGHTSIDE CREATIVE LLC", 96_000, "Brand film, invoiced in advance"),
        ("AMER", "media", "HARBOR & PINE MEDIA", 64_000, "Media credit for next year"),
        ("EMEA", "agency", "AGENTUR WEITBLICK GMBH", 72_000, "Kampagnenentwicklung, Vorauszahlung"),
        ("DIGI", "agency", "PIXELFORGE STUDIOS", 41_000, "Content library, prepaid"),
    ):
        yield _charge(
            unit,
            kind,
            day=month_start(december) + timedelta(days=13 + len(biller) % 10),
            supplier=biller,
            minor=amount * 100,
            text=text,
            invoice=numbers.invoice(biller),
        )


def _oddities(days: Span, known: list[Charge], numbers: _Numbers) -> Iterator[Charge]:
    """An invoice paid twice, and credit notes that name what they credit."""
    by_supplier: dict[str, list[Charge]] = {}
    for charge in sorted(known, key=lambda each: each.day):
        if days.first <= charge.day <= days.as_of - timedelta(days=20):
            by_supplier.setdefault(charge.supplier, []).append(charge)
    paid = by_supplier["CVENT INC"][-1]
    yield replace(paid, day=paid.day + timedelta(days=17))
    for supplier, percent in (("BYNDER LLC", 10), ("BRIGHTSIDE CREATIVE LLC", 25), ("WRIKE INC", 12)):
        credited = by_supplier[supplier][-1]
        yield replace(
            credited,
            day=credited.day + timedelta(days=12),
            minor=-(credited.minor * percent // 100),
            text=f"Credit note for {credited.invoice}",
            invoice=numbers.invoice(supplier),
            order="",
        )


def _card_bills(days: Span, known: list[Charge], numbers: _Numbers) -> Iterator[Charge]:
    """The card's monthly bill as the head office pays it: the statement's lines count, this does not."""
    for month in days.months[:-1]:
        total = sum(each.minor for each in known if each.ledger == CARD and month_of(each.day) == month)
        yield _charge(
            "DIGI",
            "other",
            day=month_start(month + 1) + timedelta(days=9),
            supplier=CARD_ISSUER,
            minor=total,
            text=f"Card payment statement {month_start(month):%m/%Y}",
            invoice=numbers.invoice(CARD_ISSUER),
        )
