"""A spend line's identity: what makes two printed lines the same line (PRODUCT.md §3.4). Pure.

Source ledger + date + supplier as printed (white space folded) + amount + currency + reference + description, each as
a typed value and an absent column as absent; + its ordinal among its equals. Layout, file and row never take part, so
the same line read from another file, at another place or through another layout is known again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat

_MOST_TEXTS = 20_000
_FIRST = (1).to_bytes(8, "big")
#: Parts of a digest joined at a time.
_AT_ONCE = 5_000


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


class _Texts(dict[str | None, str]):
    """Texts as an identity takes them; forgets when there are too many different ones."""

    def __missing__(self, text: str | None) -> str:
        if len(self) > _MOST_TEXTS:
            self.clear()
        typed = self[text] = _typed(folded(text))
        return typed


class _Days(dict[tuple[date | None, date | None], str]):
    """Day and stated month as an identity takes them."""

    def __missing__(self, when: tuple[date | None, date | None]) -> str:
        day, month = when
        typed = self[when] = _typed(day) if day is not None or month is None else f"m{month:%Y-%m}"
        return typed


class Identities:
    """Identities of many lines of one ledger: :func:`identity` of each, with what lines share worked out once."""

    def __init__(self, source_id: int) -> None:
        self._head = _typed(source_id)
        self._texts, self._days = _Texts(), _Days()

    def of(
        self,
        days: Iterable[date | None],
        months: Iterable[date | None],
        suppliers: Iterable[str | None],
        minors: Iterable[int],
        currencies: Iterable[str],
        references: Sequence[str | None],
        descriptions: Iterable[str | None],
    ) -> list[bytes]:
        """The identities of the lines with these values (see :class:`LineKey`), given column by column."""
        head, sha256, typed = self._head, hashlib.sha256, self._texts.__getitem__
        # Few lines share a reference: remembering it would push out what many share.
        own = (
            repeat("-")
            if references.count(None) == len(references)
            else ["-" if text is None else f"s{len(text)}:{text}" for text in map(folded, references)]
        )
        lines = zip(
            map(self._days.__getitem__, zip(days, months, strict=True)),
            map(typed, suppliers),
            minors,
            map(typed, currencies),
            own,
            map(typed, descriptions),
            strict=False,
        )
        return [
            sha256(
                f"{head}|{when}|{who}|i{minor}|{code}|{reference}|{what}".encode("utf-8", "surrogatepass")
            ).digest()
            for when, who, minor, code, reference, what in lines
        ]


class Ordinals:
    """:func:`ordinals` of lines that come in portions."""

    def __init__(self) -> None:
        self._different: set[bytes] = set()
        self._counts: dict[bytes, int] | None = None  # once two lines were equal

    def of(self, identities: Sequence[bytes]) -> list[int]:
        """The ordinals of the next lines."""
        if self._counts is None:
            alone = len(set(identities)) == len(identities)
            if alone and self._different.isdisjoint(identities):
                self._different.update(identities)
                return [1] * len(identities)
            self._counts = dict.fromkeys(self._different, 1)
            self._different.clear()
        counts, result = self._counts, []
        for value in identities:
            counts[value] = counts.get(value, 0) + 1
            result.append(counts[value])
        return result


def ordinals(identities: Iterable[bytes]) -> list[int]:
    """Ordinal of each line among its equals, from 1, in the order given: two honest equals stay two."""
    return Ordinals().of(list(identities))


def digest(lines: Iterable[tuple[bytes, int]]) -> str:
    """Digest of a set of lines by identity and ordinal, whatever their order: what the trail keeps of an import."""
    parts = [value + (_FIRST if ordinal == 1 else ordinal.to_bytes(8, "big")) for value, ordinal in lines]
    parts.sort()  # as the pairs would: identities are of one length, and the ordinal follows, big end first
    told = hashlib.sha256()
    for start in range(0, len(parts), _AT_ONCE):
        told.update(b"".join(parts[start : start + _AT_ONCE]))
    return told.hexdigest()
