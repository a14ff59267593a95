"""Commitments of contracts and orders, and which invoice settles which (PRODUCT.md §4.4). Pure.

A commitment is a contract instalment or an order line; an order linked to a contract is that contract's commitment.
What a contract's rows do not say is derived from its price, its billing rhythm and its terms. An automatic renewal is
*expected* until its notice date has passed, *committed* after, unless notice was served.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import itemgetter
from typing import Final, NamedTuple

from mopsaudit.facts.terms import Standing, TermState
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, add_months, month_of

_MILLION: Final = 1_000_000
#: Letters and digits a contract reference needs to be looked for in texts.
REFERENCE: Final = 4
_MONTHS_AHEAD: Final = 600
#: An invoice's day and id, taken in C: a ledger has a million of them.
_BY_DAY: Final = itemgetter(4, 0)
_DAY: Final = itemgetter(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Something owed at a date. ``minor`` is in ``currency``, ``base_minor`` in the base currency (None: no rate).

    ``expected``: an automatic renewal whose notice date has not passed. ``closed``: an order closed, nothing of it
    stays open. ``orders`` are order numbers and ``reference`` the contract's, by which invoices are allocated to it.
    ``rhythm_known`` is false for a price of a whole term whose instalments nobody entered.
    """

    key: str
    minor: int
    currency: str
    base_minor: int | None
    due_on: date | None
    service: Period | None = None
    expected: bool = False
    closed: bool = False
    rhythm_known: bool = True
    tool_id: int | None = None
    vendor_id: int | None = None
    contract_id: int | None = None
    contract_line_id: int | None = None
    instalment_id: int | None = None
    order_id: int | None = None
    order_line_id: int | None = None
    orders: tuple[str, ...] = ()
    reference: str | None = None
    unit_id: int | None = None
    entity_id: int | None = None
    cost_centre: str | None = None
    gl_account: str | None = None
    spend_type: str | None = None
    label: str = ""


class Invoice(NamedTuple):
    """A spend line (``line_id``) or one part of it that may settle a commitment. ``day`` None is undated.

    ``id`` is the line's id, or the negated id of the part of a split line; ``spread``: it names its service period;
    ``accrued``: its ledger is accrued already. A tuple, because a ledger has ten thousands of them.
    """

    id: int
    minor: int
    currency: str
    base_minor: int | None
    day: date | None
    line_id: int = 0
    month: int | None = None
    tool_id: int | None = None
    vendor_id: int | None = None
    order: str | None = None
    reference: str | None = None
    description: str | None = None
    unit_id: int | None = None
    entity_id: int | None = None
    cost_centre: str | None = None
    gl_account: str | None = None
    spend_type: str | None = None
    spread: bool = False
    accrued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """``minor`` (of the commitment's currency) of an invoice put on a commitment.

    ``how``: order, contract, near, term, person.
    """

    invoice_id: int
    key: str
    minor: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """All allocations, their sums by commitment (its currency), and the invoices that settle something."""

    allocations: tuple[Allocation, ...]
    sums: Mapping[str, int]
    settling: tuple[Invoice, ...]

    def open_minor(self, commitment: Commitment) -> int:
        """max(0, commitment − invoices and credits allocated to it), in its currency; 0 once closed."""
        if commitment.closed:
            return 0
        return max(0, commitment.minor - self.sums.get(commitment.key, 0))


def plain(text: str | None) -> str:
    """An order number or reference without case, spaces and punctuation, for comparing."""
    return "".join(ch for ch in (text or "").casefold() if ch.isalnum())


def worth(invoice: Invoice, commitment: Commitment) -> int | None:
    """The invoice in the commitment's currency: its own amount, else through both base amounts; None without a rate."""
    if invoice.currency == commitment.currency:
        return invoice.minor
    if invoice.base_minor is None or not commitment.base_minor:
        return None
    return ratio_half_even(invoice.base_minor, commitment.minor, commitment.base_minor)


def _apart(invoice: Invoice, commitment: Commitment) -> int:
    """Days between; an invoice before its date weighs fourfold, so that a late payer's January stays January's."""
    if invoice.day is None or commitment.due_on is None:
        return 10_000
    days = (invoice.day - commitment.due_on).days
    return days if days >= 0 else -4 * days


@dataclass(slots=True)
class _Book:
    sums: dict[str, int] = field(default_factory=dict)
    made: list[Allocation] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def put(self, invoice: Invoice, commitment: Commitment, minor: int, how: str) -> None:
        self.sums[commitment.key] = self.sums.get(commitment.key, 0) + minor
        self.made.append(Allocation(invoice_id=invoice.id, key=commitment.key, minor=minor, how=how))
        self.used.add(invoice.id)

    def left(self, commitment: Commitment) -> int:
        return commitment.minor - self.sums.get(commitment.key, 0)


def allocate(
    commitments: Sequence[Commitment],
    invoices: Sequence[Invoice],
    *,
    by_person: Iterable[Allocation] = (),
    amount_percent: int,
    window_days: int,
) -> Allocated:
    """Put invoices on commitments: by a person's word, by order number, by contract reference, else same tool, amount
    within ``amount_percent`` and date within ``window_days``.

    The same arguments in any order give the same result.
    """
    ordered = sorted(commitments, key=lambda each: (each.due_on or date.max, each.key))
    queue = sorted((each for each in invoices if each.day is not None), key=_BY_DAY)
    queue += sorted((each for each in invoices if each.day is None), key=lambda each: each.id)
    by_key = {each.key: each for each in ordered}
    book = _Book()
    spoken = sorted(by_person, key=lambda each: (each.invoice_id, each.key))
    meant = {each.invoice_id for each in spoken}
    by_id = {each.id: each for each in queue if each.id in meant} if meant else {}
    for said in spoken:
        invoice = by_id.get(said.invoice_id)
        if invoice is not None and said.key in by_key:
            book.put(invoice, by_key[said.key], said.minor, "person")
    orders: dict[str, list[Commitment]] = defaultdict(list)
    references: dict[str, list[Commitment]] = defaultdict(list)
    tools: dict[int, list[Commitment]] = defaultdict(list)
    for each in ordered:
        for number in each.orders:
            orders[plain(number)].append(each)
        if each.reference and len(plain(each.reference)) >= REFERENCE:
            references[plain(each.reference)].append(each)
        if each.tool_id is not None:
            tools[each.tool_id].append(each)
    grouped: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
    for invoice in queue if orders or references else ():
        if invoice.id in book.used:
            continue
        number = plain(invoice.order)
        if number and number in orders:
            grouped["order", number].append(invoice)
            continue
        named = _named(invoice, references) if references else None
        if named:
            grouped["contract", named].append(invoice)
    for (how, name), found in grouped.items():
        _fill(book, found, (orders if how == "order" else references)[name], how, amount_percent)
    by_tool: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in queue:
        if invoice.tool_id in tools and invoice.id not in book.used:
            by_tool[invoice.tool_id].append(invoice)
    for tool_id, found in sorted(by_tool.items()):
        _near(book, found, tools[tool_id], amount_percent, window_days)
        _over_term(book, found, tools[tool_id], window_days)
    used = book.used
    return Allocated(
        allocations=tuple(book.made),
        sums=book.sums,
        settling=tuple(invoice for invoice in queue if invoice.id in used),
    )


def _named(invoice: Invoice, references: Container[str]) -> str | None:
    """The contract reference an invoice's reference is, or its reference or description holds as a whole word."""
    for text in (invoice.reference, invoice.description):
        if text and (found := names_one(text, references)) is not None:
            return found
    return None


def names_one(text: str, references: Container[str]) -> str | None:
    """The one of some plain references a text is, or holds as a whole word."""
    if (whole := plain(text)) in references:
        return whole
    for word in text.replace(",", " ").replace(";", " ").split():
        if (bare := plain(word)) in references:
            return bare
    return None


def _alike(worth_minor: int, minor: int, percent: int) -> bool:
    return abs(worth_minor - minor) * 100 <= abs(minor) * percent


def _pairs(
    book: _Book,
    invoices: Sequence[Invoice],
    commitments: Sequence[Commitment],
    percent: int,
    window: int | None,
) -> Iterator[tuple[Invoice, Commitment, int]]:
    """Pairs alike in amount, nearest date first, each invoice and each commitment at most once."""
    found = []
    span = None if window is None else timedelta(days=window)
    for invoice in invoices:
        for commitment in commitments:
            if span is not None:
                if invoice.day is None or commitment.due_on is None:
                    continue
                if not -span <= invoice.day - commitment.due_on <= span:
                    continue
            value = worth(invoice, commitment)
            if value is not None and value > 0 and _alike(value, commitment.minor, percent):
                found.append(
                    (_apart(invoice, commitment), abs(value - commitment.minor), invoice, commitment, value)
                )
    found.sort(key=lambda each: (each[0], each[1], each[3].due_on or date.max, each[3].key, each[2].id))
    taken: set[str] = set()
    for _, _, invoice, commitment, value in found:
        free = commitment.key not in taken and commitment.key not in book.sums
        if invoice.id not in book.used and free:
            taken.add(commitment.key)
            yield invoice, commitment, value


def _fill(
    book: _Book, invoices: Sequence[Invoice], commitments: Sequence[Commitment], how: str, percent: int
) -> None:
    """Invoices that name the order or contract: alike ones first, the rest into what is open, nearest date first."""
    for invoice, commitment, value in _pairs(book, invoices, commitments, percent, None):
        book.put(invoice, commitment, value, how)
    for invoice in invoices:
        if invoice.id in book.used:
            continue
        near = sorted(commitments, key=lambda each: (_apart(invoice, each), each.key))
        _pour(book, invoice, near, how)


def _pour(book: _Book, invoice: Invoice, near: Sequence[Commitment], how: str) -> None:
    first = next((each for each in near if worth(invoice, each) is not None), None)
    if first is None:
        return
    rest = worth(invoice, first) or 0
    if rest < 0:  # a credit lowers what was invoiced on the nearest commitment that has an invoice
        target = next((each for each in near if book.sums.get(each.key, 0) > 0), first)
        book.put(invoice, target, worth(invoice, target) or rest, how)
        return
    for commitment in near:
        if commitment.currency != first.currency or rest <= 0:
            continue
        part = min(rest, max(0, book.left(commitment)))
        if part:
            book.put(invoice, commitment, part, how)
            rest -= part
    if rest or invoice.id not in book.used:
        book.put(invoice, first, rest, how)


def _near(
    book: _Book, invoices: Sequence[Invoice], commitments: Sequence[Commitment], percent: int, window: int
) -> None:
    """``invoices`` by day, undated ones last."""
    days = sorted(
        ((each.due_on, each) for each in commitments if each.due_on), key=lambda p: (p[0], p[1].key)
    )
    if not days:
        return
    low = days[0][0] - timedelta(days=window)
    high = days[-1][0] + timedelta(days=window)
    dated = len(invoices)
    while dated and invoices[dated - 1].day is None:
        dated -= 1
    first = bisect_left(invoices, low, hi=dated, key=_DAY)
    inside = invoices[first : bisect_right(invoices, high, lo=first, hi=dated, key=_DAY)]
    for invoice, commitment, value in _pairs(book, inside, [each for _, each in days], percent, window):
        book.put(invoice, commitment, value, "near")


def _over_term(
    book: _Book, invoices: Sequence[Invoice], commitments: Sequence[Commitment], window: int
) -> None:
    """A term's price whose instalments nobody entered is filled by the tool's invoices in the term, oldest first."""
    early = timedelta(days=window)
    terms = [
        (each, each.service.start - early, each.service.end)
        for each in commitments
        if not each.rhythm_known and each.service is not None
    ]
    terms = [each for each in terms if book.left(each[0]) > 0]
    for invoice in invoices if terms else ():
        if invoice.day is None or invoice.id in book.used:
            continue
        for place, (term, since, until) in enumerate(terms):
            if not since <= invoice.day < until:
                continue
            value = worth(invoice, term)
            alike = invoice.spend_type is None or invoice.spend_type == term.spend_type
            if value is None or value <= 0 or not alike:
                continue
            book.put(invoice, term, min(value, book.left(term)), "term")
            if book.left(term) <= 0:
                del terms[place]
            break
        if not terms:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """What a contract line says about its payments: the total over ``amount_months`` and when it is billed."""

    id: int
    amount_minor: int
    amount_months: int
    billing_months: int | None
    one_off: bool
    starts_on: date | None
    ends_on: date | None
    escalator_kind: str = "unknown"
    escalator_ppm: int | None = None


def is_expected(stands: Standing, *, automatic: bool | None, due: date) -> bool | None:
    """Whether a payment due then is only expected (True), committed (False), or not owed at all (None).

    ``automatic`` None: nobody says whether it renews. While its term runs, what comes after is expected; once it is
    over, nothing more is expected of it.
    """
    if stands.state is TermState.NOTICE_SERVED and stands.over_on is not None and due >= stands.over_on:
        return None
    if stands.state in (TermState.ENDED, TermState.OUT_OF_CONTRACT):
        return False if stands.over_on is None or due < stands.over_on else None
    if stands.state is TermState.UNKNOWN:
        return None if automatic is None and stands.over_on is not None and due >= stands.over_on else True
    locked = stands.free_from or stands.over_on
    if locked is None or due < locked:
        return False
    return None if automatic is False and stands.state is not TermState.MONTH_TO_MONTH else True


def billed(
    line: PricedLine, stands: Standing, *, automatic: bool | None, since: date, until: date
) -> Iterator[tuple[date, date, int, bool]]:
    """Payments a line's price gives with due dates in ``since <= day < until``: (due, service until, minor, expected).

    Billed in advance every ``billing_months`` (else every ``amount_months``, at most a year). Payments of one span of
    ``amount_months`` sum to the total exactly. The price is that of the present term; a fixed escalator raises it for
    later terms and lowers it for earlier ones, once a year. ``line.starts_on`` is the anchor (the line's, else the
    contract's start).
    """
    start = line.starts_on
    if start is None:  # counted back from the end, a year at a time
        if stands.over_on is None:
            return
        years = max(0, -(-(month_of(stands.over_on) - month_of(since)) // 12)) + 1
        start = add_months(stands.over_on, -12 * years)
    step = line.amount_months if line.one_off else line.billing_months or min(12, line.amount_months)
    index = 0 if line.one_off else max(0, (month_of(since) - month_of(start)) // step - 1)
    for number in range(index, index + _MONTHS_AHEAD):
        due = add_months(start, number * step)
        if due >= until or (line.one_off and number) or (line.ends_on is not None and due > line.ends_on):
            return
        if due < since:
            continue
        expected = is_expected(stands, automatic=automatic, due=due)
        if expected is None:
            return
        minor = line.amount_minor if line.one_off else _part(line, number * step, step)
        yield due, add_months(start, (number + 1) * step), _escalated(line, minor, stands, due), expected


def _part(line: PricedLine, first: int, step: int) -> int:
    """The share of months ``first … first + step`` of the repeating total, so that a whole span sums to it."""
    months, total = line.amount_months, line.amount_minor

    def until(month: int) -> int:
        whole, rest = divmod(month, months)
        return whole * total + ratio_half_even(total, rest, months)

    return until(first + step) - until(first)


def _escalated(line: PricedLine, minor: int, stands: Standing, due: date) -> int:
    """The price of the present term moved to the term of ``due`` by a fixed yearly rise, forward or back."""
    if line.escalator_kind != "fixed" or not line.escalator_ppm or stands.over_on is None or line.one_off:
        return minor
    begun = stands.term_start or add_months(stands.over_on, -12)
    if begun <= due < stands.over_on:
        return minor
    years = (month_of(due) - month_of(begun)) // 12
    years = max(1, years) if due >= stands.over_on else min(-1, years)
    for _ in range(abs(years)):
        up, down = _MILLION + line.escalator_ppm, _MILLION
        minor = ratio_half_even(minor, up, down) if years > 0 else ratio_half_even(minor, down, up)
    return minor
