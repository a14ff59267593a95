"""A payment to a card in one ledger and the card's own statement in another: the lines count, the payment does not.

*Certain* (:data:`pairs.BILL`) when the payee or text says card and the lines of the statement come to the very amount;
*probable*, so counted until somebody decides, when only one of the two holds or only the payment is seen on both sides.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import insert_rows, select_in
from mopsaudit.intake.duplicates import CARD_BILL, Pair
from mopsaudit.intake.pairs import BILL, recount
from mopsaudit.intake.restated import drop_pairs, is_restated
from mopsaudit.periods import month_of, month_text
from mopsaudit.store.ledger import LinePair, Sighting, SourceKind, SourceLedger, SpendLine, Supplier
from mopsaudit.words import SpendType

#: How the reason of such a pair begins, whatever its certainty.
REASON: Final = CARD_BILL
#: Lines a statement must have for its sum alone to speak; two of anything are soon equal by chance.
_SPEAKS: Final = 3
_ISSUER: Final = re.compile(
    r"\b(?:american express|amex|barclaycard|diners club|mastercard|airplus|capital one|"
    r"(?:credit|corporate|company|commercial|purchasing|procurement|charge|payment) ?cards?|p-?card|"
    r"card ?(?:member|holder|payments?|settlement|services?|repayment|bill|statement)|"
    r"visa (?:card|commercial|corporate)|"
    r"(?:visa|citi|citibank|chase|hsbc|lloyds|natwest|santander|bnp|wells fargo|us bank) (?:credit |corporate )?cards?|"
    r"kreditkarten?\w*|cartes? (?:bancaires?|de cr[eé]dit|affaires)|tarjetas? de cr[eé]dito|carte? di credito)\b"
)
_TRAVEL: Final = re.compile(r"\b(?:gbt|global business travel|travel)\b")


def names_a_card(*texts: str | None) -> bool:
    """Whether a payee or a description says that a card is paid."""
    text = " ".join(filter(None, texts)).casefold()
    return bool(_ISSUER.search(text)) and not _TRAVEL.search(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A line of another ledger that may pay a card; ``minor`` is the booked amount."""

    id: int
    day: date
    minor: int
    currency: str
    names_card: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """A line of a card's ledger; ``payment`` is one that pays the card; ``files`` are the imports it is seen in."""

    id: int
    source_id: int
    day: date
    minor: int
    currency: str
    payment: bool
    files: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bill:
    """Lines that may be one statement: a file's or a month's."""

    minor: int
    currency: str
    first: date
    last: date
    lines: int
    head: int
    what: str


def bill_pairs(payments: Iterable[Payment], lines: Sequence[CardLine], window_days: int) -> list[Pair]:
    """The payments whose statement stands in ``lines``: ``kept`` is a line of it, ``other`` the payment. Pure.

    A bill is paid at most once, the nearest payment first; it ends before the payment and at most ``window_days`` so.
    """
    bills: dict[tuple[int, str], list[_Bill]] = defaultdict(list)
    for each in _bills(lines):
        bills[each.minor, each.currency].append(each)
    own: dict[tuple[int, str], list[CardLine]] = defaultdict(list)
    charges: dict[str, list[CardLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda each: (each.day, each.id)):
        if not line.payment:
            charges[line.currency].append(line)
        elif line.minor < 0:
            own[-line.minor, line.currency].append(line)
    wanted: list[tuple[int, int, int, Pair, object]] = []
    for payment in payments:
        amount = (payment.minor, payment.currency)
        of_currency = charges.get(payment.currency, ())
        echo = _echo(payment, own.get(amount, ()), window_days)
        match = _bill_of(payment, bills.get(amount, ()), window_days)
        if match is not None and (payment.names_card or match.lines >= _SPEAKS):
            certain = payment.names_card
            reason = f"{REASON}: the {match.lines} lines of {match.what} come to the same amount"
            rank = 0 if certain else 1
            pair = Pair(kept=match.head, other=payment.id, certain=certain, reason=reason)
            wanted.append((rank, (payment.day - match.last).days, payment.id, pair, match))
        elif echo is not None and _before(payment, of_currency, window_days):
            reason = f"{REASON}: the card shows the same payment, its lines come to another amount"
            pair = Pair(kept=echo.id, other=payment.id, certain=False, reason=reason)
            wanted.append((2, abs((payment.day - echo.day).days), payment.id, pair, echo.id))
        elif payment.names_card and (near := _before(payment, of_currency, window_days)) is not None:
            reason = (
                f"{REASON}: a card with lines of that time is imported too, its lines come to another amount"
            )
            pair = Pair(kept=near.id, other=payment.id, certain=False, reason=reason)
            wanted.append((3, 0, payment.id, pair, payment.id))
    taken: set[object] = set()
    found = []
    for _, _, _, pair, bill in sorted(wanted, key=lambda item: item[:3]):
        if bill in taken:
            continue
        taken.add(bill)
        found.append(pair)
    return sorted(found, key=lambda pair: (pair.kept, pair.other))


def _bills(lines: Sequence[CardLine]) -> list[_Bill]:
    groups: dict[tuple[object, ...], list[CardLine]] = defaultdict(list)
    for line in lines:
        if line.payment:
            continue
        groups["month", line.source_id, line.currency, month_of(line.day)].append(line)
        for file in line.files:
            groups["file", line.source_id, line.currency, file].append(line)
    bills: dict[tuple[int, ...], _Bill] = {}
    for (kind, *_, last), group in groups.items():
        month = isinstance(last, int) and kind == "month"
        ids = tuple(sorted(line.id for line in group))
        bills.setdefault(
            ids,
            _Bill(
                minor=sum(line.minor for line in group),
                currency=group[0].currency,
                first=min(line.day for line in group),
                last=max(line.day for line in group),
                lines=len(group),
                head=min(group, key=lambda line: (-line.minor, line.day, line.id)).id,
                what=f"the card in {month_text(month_of(group[0].day))}" if month else "the statement",
            ),
        )
    return [bill for bill in bills.values() if bill.minor > 0]


def _bill_of(payment: Payment, bills: Sequence[_Bill], window_days: int) -> _Bill | None:
    """Of the bills over the payment's amount the nearest that ends before it."""
    fitting = [
        bill
        for bill in bills
        if bill.first <= payment.day and -5 <= (payment.day - bill.last).days <= window_days
    ]
    return min(fitting, key=lambda bill: (abs((payment.day - bill.last).days), bill.head), default=None)


def _echo(payment: Payment, own: Sequence[CardLine], window_days: int) -> CardLine | None:
    """The same payment as the card shows it; ``own`` are payments of its amount."""
    near = [line for line in own if abs((payment.day - line.day).days) <= window_days]
    return min(near, key=lambda line: (abs((payment.day - line.day).days), line.id), default=None)


def _before(payment: Payment, charges: Sequence[CardLine], window_days: int) -> CardLine | None:
    """The last of the charges, by day and id, within the window before the payment."""
    place = bisect_right(charges, payment.day, key=lambda line: line.day) - 1
    if place < 0 or (payment.day - charges[place].day).days > window_days:
        return None
    return charges[place]


def pair_card_bills(session: Session, import_id: int, window_days: int) -> None:
    """Bring the pairs of card payments up to date: certain ones do not count, open ones stay counted and are listed.

    What a person settled stays settled. ``import_id`` is the import being applied or undone.
    """
    cards = session.scalars(
        select(SourceLedger.id).where(SourceLedger.kind_of_source == SourceKind.CARD.value)
    ).all()
    if not cards:
        return
    lines = _card_lines(session, cards)
    stored = {
        pair.id: pair
        for pair in session.execute(
            select(
                LinePair.id,
                LinePair.kept_line_id,
                LinePair.other_line_id,
                LinePair.certainty,
                LinePair.settled,
            ).where(or_(LinePair.certainty == BILL, LinePair.reason.startswith(REASON)))
        )
    }
    if not lines and not stored:
        return
    living = {line.id for line in lines}
    decided = {
        pair.other_line_id
        for pair in stored.values()
        if pair.settled != "open" and pair.kept_line_id in living
    }
    payments = [each for each in _payments(session, cards, lines) if each.id not in decided]
    wanted = {(pair.kept, pair.other): pair for pair in bill_pairs(payments, lines, window_days)}
    known = {}
    stale = []
    for pair in stored.values():
        key = (pair.kept_line_id, pair.other_line_id)
        same = key in wanted and (pair.certainty == BILL) == wanted[key].certain
        if same or pair.settled != "open":
            known[key] = pair
        else:
            stale.append(pair)
    drop_pairs(session, [pair.id for pair in stale])
    fresh = [pair for key, pair in sorted(wanted.items()) if key not in known]
    table: Any = LinePair.__table__
    columns = ("kept_line_id", "other_line_id", "certainty", "reason", "settled", "import_id")
    insert_rows(
        session,
        table,
        columns,
        (
            (
                pair.kept,
                pair.other,
                BILL if pair.certain else "probable",
                pair.reason[:200],
                "open",
                import_id,
            )
            for pair in fresh
        ),
    )
    session.expire_all()
    touched = {pair.other_line_id for pair in stored.values()} | {pair.other for pair in fresh}
    recount(session, sorted(touched))


def _spendable() -> ColumnElement[bool]:
    return SpendLine.living.is_(True) & SpendLine.booked_on.is_not(None) & ~is_restated(SpendLine.id)


def _card_lines(session: Session, cards: Sequence[int]) -> list[CardLine]:
    rows = session.execute(
        select(
            SpendLine.id,
            SpendLine.source_id,
            SpendLine.booked_on,
            SpendLine.booked_minor,
            SpendLine.currency,
            SpendLine.spend_type,
            Sighting.import_id,
        )
        .join(Sighting, (Sighting.line_id == SpendLine.id) & Sighting.living.is_(True))
        .where(SpendLine.source_id.in_(cards), _spendable())
        .order_by(SpendLine.id, Sighting.import_id)
    ).all()
    files: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        files[row.id].append(row.import_id)
    seen = {row.id: row for row in rows}
    return [
        CardLine(
            id=line_id,
            source_id=row.source_id,
            day=row.booked_on,
            minor=row.booked_minor,
            currency=row.currency,
            payment=row.spend_type == SpendType.NOT_SPEND.value,
            files=tuple(files[line_id]),
        )
        for line_id, row in seen.items()
    ]


def _payments(session: Session, cards: Sequence[int], lines: Sequence[CardLine]) -> list[Payment]:
    """Charges of other ledgers to a payee that is a card, or of an amount the cards' lines come to."""
    issuers = [
        supplier_id
        for supplier_id, name in session.execute(select(Supplier.id, Supplier.name).order_by(Supplier.id))
        if names_a_card(name)
    ]
    amounts = sorted(
        {bill.minor for bill in _bills(lines)}
        | {-line.minor for line in lines if line.payment and line.minor < 0}
    )
    query = (
        select(
            SpendLine.id,
            SpendLine.booked_on,
            SpendLine.booked_minor,
            SpendLine.currency,
            SpendLine.description,
            func.coalesce(Supplier.name, SpendLine.supplier_text),
        )
        .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
        .where(
            _spendable(),
            SpendLine.source_id.not_in(cards),
            SpendLine.booked_minor > 0,
            SpendLine.out_of_scope.is_(False),
            or_(SpendLine.spend_type.is_(None), SpendLine.spend_type != SpendType.NOT_SPEND.value),
        )
        .order_by(SpendLine.id)
    )
    found = {}
    for column, values in ((SpendLine.supplier_id, issuers), (SpendLine.booked_minor, amounts)):
        for line_id, day, minor, currency, description, name in select_in(session, query, column, values):
            found[line_id] = Payment(
                id=line_id,
                day=day,
                minor=minor,
                currency=currency,
                names_card=names_a_card(name, description),
            )
    return [found[line_id] for line_id in sorted(found)]
