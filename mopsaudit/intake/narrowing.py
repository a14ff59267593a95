"""What of a company-wide ledger is in scope: cost centres and accounts, kept with the ledger, widened at any time.

One narrowing holds for all lines of a ledger, past and future. What it leaves out stays in it as *out of scope*: in no
figure, counted in the reconciliation of its file and beside totals. Changing it moves lines, kept summaries,
reconciliations and pairs together, so that widening brings back exactly what narrowing left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from mopsaudit.intake.options import ImportOptions
from mopsaudit.store.ledger import SourceLedger

#: In a list: everything, and lines without a value. An item that ends with ``*`` stands for all that begin so.
ALL: Final = "*"
NO_VALUE: Final = "(none)"
#: Values a list offers per dimension, the largest first; the rest is typed.
OFFERED: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Only these cost centres and accounts are in scope; an empty list does not restrict. Case does not count."""

    cost_centres: tuple[str, ...] = ()
    gl_accounts: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.cost_centres or self.gl_accounts)

    def holds(self, cost_centre: str | None, gl_account: str | None) -> bool:
        """Whether a line with these is in scope."""
        return _among(cost_centre, self.cost_centres) and _among(gl_account, self.gl_accounts)

    def to_json(self) -> dict[str, Any]:
        """As kept with the ledger."""
        return {"cost_centres": list(self.cost_centres), "gl_accounts": list(self.gl_accounts)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self:
        """The inverse; None is everything."""
        kept = data or {}
        return cls(
            cost_centres=tuple(kept.get("cost_centres", ())), gl_accounts=tuple(kept.get("gl_accounts", ()))
        )

    @classmethod
    def of(cls, cost_centres: Iterable[str], gl_accounts: Iterable[str]) -> Self:
        """From what a person chose or typed: folded, each once; a ``*`` is everything."""
        return cls(cost_centres=_folded(cost_centres), gl_accounts=_folded(gl_accounts))


def _folded(values: Iterable[str]) -> tuple[str, ...]:
    found = dict.fromkeys(" ".join(value.split()) for value in values)
    found.pop("", None)
    return () if ALL in found else tuple(sorted(found, key=str.casefold))


def _among(value: str | None, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    text = " ".join((value or "").split()).casefold()
    for item in wanted:
        folded = item.casefold()
        if folded == NO_VALUE:
            if not text:
                return True
        elif folded.endswith("*"):
            if text.startswith(folded[:-1]):
                return True
        elif text == folded:
            return True
    return False


def narrowing_of(source: SourceLedger | None) -> Narrowing:
    """What the ledger keeps; everything where nothing was said."""
    return Narrowing.from_json(source.narrowing if source else None)


def wanted_narrowing(options: ImportOptions, source: SourceLedger | None) -> Narrowing:
    """What a file is narrowed to: as its options say, else as its ledger keeps, each dimension apart."""
    kept = narrowing_of(source)
    return Narrowing.of(options.cost_centres or kept.cost_centres, options.gl_accounts or kept.gl_accounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A cost centre or account of a ledger or file: its lines and sums by currency (minor units), in scope or not."""

    value: str
    lines: int
    sums: tuple[tuple[str, int], ...]
    chosen: bool = False

    def to_json(self) -> list[Any]:
        """As kept with a staged file."""
        return [self.value, self.lines, [list(each) for each in self.sums]]


def file_parts(
    rows: Sequence[tuple[str | None, str | None, str, int]],
    source: SourceLedger | None,
    narrowing: Narrowing,
) -> dict[str, Any]:
    """What a staged file keeps for choosing its scope, from (cost centre, account, currency, minor) of its lines."""
    centres = parts_of(((centre, code, minor, 1) for centre, _, code, minor in rows), ())
    accounts = parts_of(((account, code, minor, 1) for _, account, code, minor in rows), ())
    return {
        "ledger": source.id if source else None,
        "narrowing": narrowing.to_json(),
        "cost_centre": [part.to_json() for part in centres[:OFFERED]],
        "gl_account": [part.to_json() for part in accounts[:OFFERED]],
    }


def kept_parts(parts: Mapping[str, Any]) -> tuple[tuple[Part, ...], tuple[Part, ...], Narrowing]:
    """What a staged file kept of its parts: cost centres, accounts, and what it is narrowed to."""
    narrowing = Narrowing.from_json(parts.get("narrowing"))
    found = []
    for key, wanted in (("cost_centre", narrowing.cost_centres), ("gl_account", narrowing.gl_accounts)):
        found.append(
            tuple(
                Part(
                    value=value,
                    lines=lines,
                    sums=tuple((code, minor) for code, minor in sums),
                    chosen=bool(wanted) and _among("" if value == NO_VALUE else value, wanted),
                )
                for value, lines, sums in parts.get(key, ())
            )
        )
    return found[0], found[1], narrowing


def parts_of(rows: Iterable[tuple[str | None, str, int, int]], wanted: Sequence[str]) -> tuple[Part, ...]:
    """Parts from (value, currency, sum, lines), the most lines first; empty where no line has a value at all."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    lines: dict[str, int] = defaultdict(int)
    names: dict[str, str] = {}
    for value, currency, minor, count in rows:
        spelled = " ".join((value or "").split()) or NO_VALUE
        name = names.setdefault(spelled.casefold(), spelled)
        sums[name][currency] += minor
        lines[name] += count
    if set(lines) <= {NO_VALUE}:
        return ()
    return tuple(
        Part(
            value=name,
            lines=lines[name],
            sums=tuple(sorted(sums[name].items())),
            chosen=bool(wanted) and _among("" if name == NO_VALUE else name, wanted),
        )
        for name in sorted(lines, key=lambda each: (-lines[each], each.casefold()))
    )
