"""The same cost in two ledgers, and the same invoice paid twice (PRODUCT.md §3.3, §3.4). Pure.

Lines of one supplier with one invoice number whose sums agree between two ledgers are *certain* to be one cost; lines
with the same amount and the same supplier or tool, at most so many days apart, *probably* are. Nothing here changes an
amount: a pair says which of two lines counts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

#: Which ledger's lines count when two carry one cost: the one nearest to the invoice first.
PRECEDENCE = {"ap": 0, "expense": 1, "card": 2, "gl": 3}
#: How the reason of a pair begins that is a payment and the card bill it pays, not two lines of one cost.
CARD_BILL = "Payment of a card bill"

_PUNCTUATION = re.compile(r"[^0-9a-z]+")
_DIGIT = re.compile(r"[0-9]")
#: What becomes of each ASCII character in an invoice number: a small letter, a digit, or nothing.
_ASCII = {code: _PUNCTUATION.sub("", chr(code).casefold()) or None for code in range(128)}
#: The same of many numbers, one on each line.
_LINES = _ASCII | {ord("\n"): "\n"}


class PairLine(NamedTuple):
    """What is compared of a line: ``party`` is its own supplier, ``tool_id`` its own tool, ``kind`` its ledger's."""

    id: int
    source_id: int
    kind: str
    party: int | None
    tool_id: int | None
    day: date | None
    month: int | None
    minor: int
    currency: str
    #: The invoice number, else the ledger's own reference.
    reference: str | None

    @property
    def rank(self) -> tuple[int, int, int]:
        """The lower of two counts."""
        return (PRECEDENCE.get(self.kind, 9), self.source_id, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two lines that carry the same cost: ``kept`` counts, ``other`` lends its detail. ``reason`` is in words."""

    kept: int
    other: int
    certain: bool
    reason: str


def invoice_key(reference: str | None) -> str | None:
    """An invoice number as two ledgers would agree on it: case, blanks and punctuation folded, leading zeros dropped.

    None for what identifies nothing: no digit, or shorter than three characters.
    """
    if not reference:
        return None
    if reference.isascii():  # as nearly always, and several times as fast
        key = reference.translate(_ASCII).lstrip("0")
    else:
        key = _PUNCTUATION.sub("", reference.casefold()).lstrip("0")
    return key if len(key) >= 3 and _DIGIT.search(key) else None


def invoice_keys(references: Sequence[str | None]) -> list[str | None]:
    """:func:`invoice_key` of each, at a fifth of the time where all are of ASCII."""
    joined = "\n".join([reference or "" for reference in references])
    if joined.isascii():
        keys = joined.translate(_LINES).split("\n")
        if len(keys) == len(references):  # none holds a line break of its own
            bare = [key.lstrip("0") for key in keys]
            return [key if len(key) >= 3 and not key.isalpha() else None for key in bare]
    return [invoice_key(reference) for reference in references]


def certain_pairs(lines: Iterable[PairLine]) -> list[Pair]:
    """Pairs of lines of different sources with the same supplier and invoice number whose sums agree.

    Sums are compared per source, so an invoice that one ledger books in three lines and the other in one is still one
    cost; where they differ nothing is certain and nothing is taken out.
    """
    groups: dict[tuple[int, str, str], dict[int, list[PairLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        key = invoice_key(line.reference)
        if key is not None and line.party is not None:
            groups[line.party, key, line.currency][line.source_id].append(line)
    pairs: list[Pair] = []
    for group in groups.values():
        if len(group) < 2:
            continue
        ledgers = [sorted(found, key=lambda line: line.rank) for found in group.values()]
        ledgers.sort(key=lambda found: found[0].rank)
        kept = ledgers[0]
        for others in ledgers[1:]:
            if sum(line.minor for line in others) != sum(line.minor for line in kept):
                continue
            for partner, other in _partners(kept, others):
                reason = f"Same supplier and invoice number {other.reference} in two ledgers"
                pairs.append(Pair(kept=partner.id, other=other.id, certain=True, reason=reason))
    return sorted(pairs, key=lambda pair: (pair.kept, pair.other))


def _partners(kept: Sequence[PairLine], others: Sequence[PairLine]) -> list[tuple[PairLine, PairLine]]:
    """Which lines of an invoice in two ledgers belong together: equal amounts first, then what is left in order of
    amount; every line has a partner. By what the lines say, not by when they entered.
    """
    if len(kept) == len(others) == 1:
        return [(kept[0], others[0])]
    ones, twos = sorted(kept, key=_said), sorted(others, key=_said)
    by_amount: dict[int, list[PairLine]] = defaultdict(list)
    for line in reversed(ones):
        by_amount[line.minor].append(line)
    found, left = [], []
    for other in twos:
        if by_amount[other.minor]:
            found.append((by_amount[other.minor].pop(), other))
        else:
            left.append(other)
    free = sorted((line for lines in by_amount.values() for line in lines), key=_said)
    if left or free:
        some, more = free or ones[:1], left or twos[:1]
        for index in range(max(len(some), len(more))):
            found.append((some[min(index, len(some) - 1)], more[min(index, len(more) - 1)]))
    return found


def _said(line: PairLine) -> tuple[int, date, str, int]:
    return (line.minor, line.day or date.min, line.reference or "", line.id)


def probable_pairs(new: Sequence[PairLine], known: Sequence[PairLine], window_days: int) -> list[Pair]:
    """Pairs of a new line and one of another source: same amount, same supplier or tool, dates within the window.

    Where one of them names no supplier the same invoice number says as much.

    Each line stands in one pair at most, nearest dates first. Undated lines and lines of zero pair with nothing.
    """
    by_amount: dict[tuple[int, str], list[PairLine]] = defaultdict(list)
    for line in known:
        if line.day is not None and line.minor:
            by_amount[line.minor, line.currency].append(line)
    near: list[tuple[int, int, int, PairLine, PairLine]] = []
    for line in new:
        if line.day is None or not line.minor:
            continue
        for other in by_amount.get((line.minor, line.currency), ()):
            if other.source_id == line.source_id or other.day is None:
                continue
            if _shared(line, other) is None:
                continue
            days = abs((line.day - other.day).days)
            if days <= window_days:
                near.append((days, line.id, other.id, line, other))
    taken: set[int] = set()
    pairs = []
    for days, _, _, line, other in sorted(near, key=lambda item: item[:3]):
        if line.id in taken or other.id in taken:
            continue
        taken.update((line.id, other.id))
        kept, second = sorted((line, other), key=lambda item: item.rank)
        what = _shared(line, other)
        apart = "on the same day" if days == 0 else f"{days} day{'s' if days > 1 else ''} apart"
        reason = f"Same amount and {what}, {apart}"
        pairs.append(Pair(kept=kept.id, other=second.id, certain=False, reason=reason))
    return sorted(pairs, key=lambda pair: (pair.kept, pair.other))


def _shared(line: PairLine, other: PairLine) -> str | None:
    """What two lines of one amount share that makes them probably one cost; None where nothing does."""
    if line.party is not None and line.party == other.party:
        return "supplier"
    if line.tool_id is not None and line.tool_id == other.tool_id:
        return "tool"
    if line.party is None or other.party is None:
        key = invoice_key(line.reference)
        if key is not None and key == invoice_key(other.reference):
            return f"invoice number {line.reference}"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidTwice:
    """One invoice that one ledger holds more than once with the same amount; ``minor`` is what was paid too much."""

    party: int
    reference: str
    currency: str
    minor: int
    lines: tuple[int, ...]


def paid_twice(lines: Iterable[PairLine]) -> list[PaidTwice]:
    """Invoices with the same supplier, number and amount on more than one day of one ledger, less what was credited.

    Lines of one day are the positions of one invoice, not two payments.
    """
    groups: dict[tuple[int, int, str, str, int], list[PairLine]] = defaultdict(list)
    for line in lines:
        key = invoice_key(line.reference)
        if key is not None and line.party is not None and line.day is not None and line.minor:
            groups[line.source_id, line.party, key, line.currency, abs(line.minor)].append(line)
    found = []
    for (_, party, _, currency, size), group in groups.items():
        charges = [line for line in group if line.minor > 0]
        days = {line.day for line in charges}
        too_many = len(days) - 1 - sum(1 for line in group if line.minor < 0)
        if len(days) > 1 and too_many > 0:
            found.append(
                PaidTwice(
                    party=party,
                    reference=charges[0].reference or "",
                    currency=currency,
                    minor=size * too_many,
                    lines=tuple(sorted(line.id for line in charges)),
                )
            )
    return sorted(found, key=lambda item: (-item.minor, item.party, item.reference))
