"""A spend line's identity: what makes two printed lines the same line (PRODUCT.md §3.4). Pure.

Source ledger + date + supplier as printed (white space folded) + amount + currency + reference + description, each as
a typed value and an absent column as absent; + its ordinal among its equals. Layout, file and row never take part, so
the same line read from another file, at another place or through another layout is known again.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_MOST_TEXTS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKey:
    """The values an identity is made of. ``minor`` is the booked amount in minor units of ``currency``.

    ``month`` is the first day of the stated month of a line without a date (a crosstab cell, a period column); it
    stands in the date's place, so that a month printed twice with one amount stays two lines. None of a text field
    means that the file has no such column, ``""`` that the cell is empty.
    """

    source_id: int
    day: date | None
    month: date | None
    supplier: str | None
    minor: int
    currency: str
    reference: str | None
    description: str | None


def folded(text: str | None) -> str | None:
    """``text`` with runs of white space as one blank and none at the ends; None stays None."""
    return None if text is None else " ".join(text.split())


def _typed(value: date | str | int | None) -> str:
    match value:
        case None:
            return "-"
        case str():
            return f"s{len(value)}:{value}"
        case date():
            return f"d{value.isoformat()}"
        case _:
            return f"i{value}"


def identity(key: LineKey) -> bytes:
    """The SHA-256 of the typed values. Lengths stand before texts, so no text can pretend to be two."""
    when = _typed(key.day) if key.day is not None or key.month is None else f"m{key.month:%Y-%m}"
    parts = (
        _typed(key.source_id),
        when,
        _typed(folded(key.supplier)),
        _typed(key.minor),
        _typed(key.currency),
        _typed(folded(key.reference)),
        _typed(folded(key.description)),
    )
    return hashlib.sha256("|".join(parts).encode("utf-8", "surrogatepass")).digest()


class Identities:
    """Identities of many lines of one ledger: :func:`identity` of each, with what lines share worked out once."""

    def __init__(self, source_id: int) -> None:
        self._head = _typed(source_id)
        self._texts: dict[str | None, str] = {}
        self._days: dict[tuple[date | None, date | None], str] = {}

    def of(
        self,
        day: date | None,
        month: date | None,
        supplier: str | None,
        minor: int,
        currency: str,
        reference: str | None,
        description: str | None,
    ) -> bytes:
        """The identity of the line with these values (see :class:`LineKey`)."""
        when = self._days.get((day, month))
        if when is None:
            when = _typed(day) if day is not None or month is None else f"m{month:%Y-%m}"
            self._days[day, month] = when
        known = self._texts
        who = known.get(supplier) or self._text(supplier)
        what = known.get(description) or self._text(description)
        code = known.get(currency) or self._text(currency)
        # Few lines share a reference: remembering it would push out what many share.
        parts = f"{self._head}|{when}|{who}|i{minor}|{code}|{_typed(folded(reference))}|{what}"
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()

    def _text(self, value: str | None) -> str:
        if len(self._texts) > _MOST_TEXTS:
            self._texts.clear()
        typed = self._texts[value] = _typed(folded(value))
        return typed


def ordinals(identities: Iterable[bytes]) -> list[int]:
    """Ordinal of each line among its equals, from 1, in the order given: two honest equals stay two."""
    seen: Counter[bytes] = Counter()
    result = []
    for value in identities:
        seen[value] += 1
        result.append(seen[value])
    return result


def digest(lines: Iterable[tuple[bytes, int]]) -> str:
    """Digest of a set of lines by identity and ordinal, whatever their order: what the trail keeps of an import."""
    total = hashlib.sha256()
    for value, ordinal in sorted(lines):
        total.update(value)
        total.update(ordinal.to_bytes(8, "big"))
    return total.hexdigest()
