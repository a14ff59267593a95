"""The index of aliases that the matcher looks into: names, open ends, domains, product words, guards. Pure."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mopsaudit.intake.match_values import Alias, AliasKind, GuardText, Method, Target
from mopsaudit.intake.normalise import ReadingKind, read_supplier
from mopsaudit.intake.supplier_words import (
    BILLING_WORDS,
    BLOCK_WORDS,
    CITIES,
    COMMON_WORDS,
    COUNTRIES,
    LEGAL_FORMS,
    SOFT_WORDS,
)

EVERYDAY = COMMON_WORDS | SOFT_WORDS | BLOCK_WORDS | BILLING_WORDS | CITIES | COUNTRIES
"""Words that are no name by themselves, also where a product is called so."""


@dataclass(slots=True)
class Entry:
    """An alias as the index holds it."""

    text: str
    joined: str
    target: Target
    kind: AliasKind
    weak: bool
    words: int
    any_end: bool = False
    everyday: bool = False

    @property
    def short(self) -> bool:
        """One word of four letters or fewer, which many others may carry too."""
        return self.words == 1 and len(self.joined) <= 4


@dataclass(slots=True)
class Found:
    """One way in which a reading meets an alias, before the best is chosen."""

    entry: Entry
    score: float
    method: Method
    reason: str
    rest: tuple[str, ...] = ()
    span: int = 0


def join(tokens: Sequence[str]) -> str:
    """The form that is compared: blanks do not count."""
    return "".join(tokens)


def trim_legal(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Without the legal forms at the end; one token always stays."""
    while len(tokens) > 1 and tokens[-1] in LEGAL_FORMS:
        tokens = tokens[:-1]
    return tokens


class AliasIndex:
    """Every alias by the forms in which lines carry it. Of two aliases with one text the company's own wins."""

    def __init__(
        self, aliases: Iterable[Alias], guards: Iterable[GuardText] = (), base: "AliasIndex | None" = None
    ) -> None:
        """Built once, not changed afterwards. With `base`, its aliases and guards count too and it stays as it is."""
        self.names: dict[str, list[Entry]] = dict(base.names) if base else {}
        self.open: dict[str, Entry] = dict(base.open) if base else {}
        self.domains: dict[str, Entry] = dict(base.domains) if base else {}
        self.hints: dict[str, dict[str, Target | None]] = (
            {vendor_id: dict(hints) for vendor_id, hints in base.hints.items()} if base else {}
        )
        self.guards: dict[str, GuardText] = dict(base.guards) if base else {}
        self.forms: dict[str, frozenset[str]] = dict(base.forms) if base else {}
        self.homes: dict[str, frozenset[str]] = dict(base.homes) if base else {}
        for guard in guards:
            reading = read_supplier(guard.text).readings[0]
            self.guards[join(trim_legal(reading.tokens))] = guard
        self._named: dict[str, None] = {}  # what was added under a name, in order
        for alias in aliases:
            self._add(alias)
        self._index(base)

    def _add(self, alias: Alias) -> None:
        if alias.kind is AliasKind.DOMAIN:
            self._add_domain(alias)
            return
        if alias.kind is AliasKind.HOME:
            ident = alias.target.tool_id or alias.target.vendor_id
            self.homes[ident] = self.homes.get(ident, frozenset()) | {join(alias_tokens(alias.text))}
            return
        is_open = alias.text.endswith("*")
        # A name that stands behind a star or carries a domain is compared in the form in which lines carry it.
        tokens = alias_tokens(alias.text.rstrip("*"))
        domains = read_supplier(alias.text).readings[0].domains
        if len(tokens) == 1 and domains and not is_open and alias.kind is not AliasKind.HINT:
            self._add_domain(replace(alias, text=domains[0]))
        trimmed = tokens if is_open else trim_legal(tokens)
        joined = join(trimmed)
        if len(joined) < 2:
            return
        if alias.kind is AliasKind.HINT:
            hints = self.hints.setdefault(alias.target.vendor_id, {})
            known = hints.get(joined)
            hints[joined] = alias.target if known is None or known == alias.target else None
            return
        if alias.kind in (AliasKind.LEGAL, AliasKind.BILLING) and len(tokens) > len(trimmed):
            self.forms[joined] = self.forms.get(joined, frozenset()) | set(tokens[len(trimmed) :])
        own = alias.kind is AliasKind.OWN
        weak = not own and (alias.weak or (len(trimmed) == 1 and (joined in EVERYDAY or len(joined) <= 2)))
        entry = Entry(
            alias.text.rstrip("*"),
            joined,
            alias.target,
            alias.kind,
            weak,
            len(trimmed),
            any_end=alias.text.endswith("**"),
            everyday=not own
            and (alias.strict or all(token in EVERYDAY or len(token) <= 2 for token in trimmed)),
        )
        if is_open:
            self.open[joined] = entry
            return
        self.names[joined] = [*self.names.get(joined, ()), entry]
        self._named[joined] = None

    def _add_domain(self, alias: Alias) -> None:
        host = alias.text.lower().removeprefix("www.").partition("/")[0]
        known = self.domains.get(host)
        if known is None or (alias.kind is AliasKind.OWN and known.kind is not AliasKind.OWN):
            self.domains[host] = Entry(host, host, alias.target, alias.kind, weak=False, words=1)
        elif known.target.vendor_id == alias.target.vendor_id and known.target != alias.target:
            self.domains[host] = replace(known, target=_vendor_only(known.target))

    def _index(self, base: "AliasIndex | None") -> None:
        """What is looked up by name. With ``base`` only what was added is worked out: a company adds few to 20,000."""
        self.best: dict[str, Entry] = dict(base.best) if base else {}
        self.sorted: list[str] = []
        self.by_letter: dict[tuple[str, int], list[str]] = {}
        turned: list[str] = []  # names that became strong, or are so no longer
        for joined in self._named:
            known = self.best.get(joined)
            entry = self.best[joined] = _best_entry(self.names[joined])
            if (known is None or known.weak) != entry.weak:
                turned.append(joined)
        if base is not None:
            self._turn(base, turned)
        else:
            self.sorted = sorted(turned)
            for joined in self.sorted:
                if len(joined) >= 8 and joined.isalnum():
                    self.by_letter.setdefault((joined[0], len(joined)), []).append(joined)
        self.longest: int = max([len(joined) for joined in self._named] + [base.longest if base else 0])
        self.open_lengths = sorted({len(joined) for joined in self.open}, reverse=True)
        self._named.clear()

    def _turn(self, base: "AliasIndex", turned: Iterable[str]) -> None:
        """The lists of strong names of ``base`` with these taken in, or out where they are weak now, in order."""
        self.sorted, self.by_letter = list(base.sorted), dict(base.by_letter)
        for joined in turned:
            lists = [self.sorted]
            if len(joined) >= 8 and joined.isalnum():
                key = (joined[0], len(joined))
                alike = self.by_letter[key] = list(self.by_letter.get(key, ()))
                lists.append(alike)
            for names in lists:
                if self.best[joined].weak:
                    names.remove(joined)
                else:
                    insort(names, joined)

    def legal_forms(self, joined: str) -> frozenset[str]:
        """The legal forms under which a company of this name is known; empty for none."""
        return self.forms.get(joined, frozenset())

    def home(self, target: Target, words: Sequence[str]) -> str | None:
        """The home town of a target's company where these words print it, also without its blanks; else None."""
        homes = self.homes.get(target.tool_id or "", frozenset()) | self.homes.get(
            target.vendor_id, frozenset()
        )
        for start in range(len(words) if homes else 0):
            for end in range(start + 1, min(len(words), start + 3) + 1):
                if join(words[start:end]) in homes:
                    return " ".join(words[start:end])
        return None

    def same_house(self, words: Sequence[str], target: Target, *, beside: Entry) -> Entry | None:
        """The name among these words, first word on, under which the same vendor or its family is known too.

        Beside another name of the family even a common word is one, when nothing else follows: `DEMIO BANZAI`.
        """
        words = [word for word in words if len(word) > 1]
        joined = join([word for word in words if word not in SOFT_WORDS]) or join(words)
        if len(joined) >= 5 and joined not in beside.joined:
            alike = (name for name in target.names if name[:1].casefold() == joined[0])
            owner = next((name for name in alike if plain(name) == joined), None)
            if owner is not None:
                return replace(beside, text=owner, joined=joined)
        for end in range(min(len(words), 5), 0, -1):
            entry = self.best.get(join(words[:end]))
            enough = 4 if end == len(words) else 5
            if entry is None or len(entry.joined) < enough:
                continue
            if entry.weak and (
                end != len(words) or beside.joined in entry.joined or len(beside.joined + entry.joined) < 9
            ):
                continue
            other = entry.target
            family = (
                other.vendor_id == target.vendor_id
                or other.vendor in target.names
                or target.vendor in other.names
            )
            if family and all(word in SOFT_WORDS or len(word) <= 2 for word in words[end:]):
                return entry
        return None

    def starting_with(self, joined: str) -> list[Entry]:
        """Strong aliases of which `joined` is a true beginning; at most forty."""
        found: list[Entry] = []
        at = bisect_left(self.sorted, joined)
        while at < len(self.sorted) and self.sorted[at].startswith(joined):
            if self.sorted[at] != joined:
                found.append(self.best[self.sorted[at]])
            at += 1
            if len(found) > 40:
                break
        return found

    def near(self, joined: str) -> str | None:
        """The only strong alias one letter away, with the same first letter; None when there is none or a choice."""
        found: list[str] = []
        for length in (len(joined) - 1, len(joined), len(joined) + 1):
            choices = self.by_letter.get((joined[0], length))
            if choices:
                near = process.extract(joined, choices, scorer=OSA.distance, score_cutoff=1, limit=2)
                found += [choice for choice, _, _ in near]
        return found[0] if len({self.best[choice].target.vendor_id for choice in found}) == 1 else None

    def without_hints(self, tokens: tuple[str, ...], vendor_id: str) -> tuple[str, ...]:
        """The tokens without those that name one of the vendor's products."""
        hints = self.hints.get(vendor_id)
        if not hints or not tokens:
            return tokens
        kept: list[str] = []
        at = 0
        while at < len(tokens):
            for end in range(min(len(tokens), at + 5), at, -1):
                if join(tokens[at:end]) in hints:
                    at = end
                    break
            else:
                kept.append(tokens[at])
                at += 1
        return tuple(kept)

    def hint(self, tokens: Sequence[str], vendor_id: str) -> tuple[str, Target] | None:
        """The longest product word of a vendor in these tokens, when it means one product."""
        hints = self.hints.get(vendor_id)
        if not hints:
            return None
        best: tuple[str, Target] | None = None
        for at in range(len(tokens)):
            joined = ""
            for end in range(at, min(len(tokens), at + 5)):
                joined += tokens[end]
                target = hints.get(joined)
                if target is not None and (best is None or len(joined) > len(best[0])):
                    best = (joined, target)
        return best


def _vendor_only(target: Target) -> Target:
    return replace(target, tool_id=None, tool=None)


def _best_entry(entries: list[Entry]) -> Entry:
    """Of the aliases that share a text: the company's own, else the only one, else what they have in common."""
    own = [entry for entry in entries if entry.kind is AliasKind.OWN]
    if own:
        return own[-1]
    first = entries[0]
    if len(entries) == 1:
        return first
    tools = {entry.target.tool_id for entry in entries if entry.target.tool_id is not None}
    vendors = {entry.target.vendor_id for entry in entries}
    if len(vendors) == 1:
        named = [
            entry for entry in entries if entry.target.tool and _same_text(entry.target.tool, entry.joined)
        ]
        chosen = next((entry for entry in named or entries if entry.target.tool_id is not None), first)
        target = chosen.target if named or len(tools) <= 1 else _vendor_only(chosen.target)
        names = [name for entry in (chosen, *entries) for name in entry.target.names]
        target = replace(target, names=tuple(dict.fromkeys(names)))
        weak = all(entry.weak for entry in entries)
        everyday = any(entry.everyday for entry in entries)
        # Where one of them is written in several words, a blank between them is no accident.
        words = max(entry.words for entry in entries)
        return replace(chosen, target=target, weak=weak, everyday=everyday, words=words)
    # Two vendors claim one text: it is no evidence by itself.
    return _with_weak(first, weak=True)


def _same_text(name: str, joined: str) -> bool:
    return plain(name) == joined


def _with_weak(entry: Entry, *, weak: bool) -> Entry:
    """The entry with another weakness."""
    return replace(entry, weak=weak)


def plain(text: str) -> str:
    """The form in which an alias is compared: tokens without legal form, joined."""
    return join(trim_legal(alias_tokens(text)))


def alias_tokens(text: str) -> tuple[str, ...]:
    """Tokens of an alias; words in brackets belong to it (`SAP (UK) Limited`)."""
    name = read_supplier(text)
    flat = next((reading for reading in name.readings if reading.kind is ReadingKind.FLAT), name.readings[0])
    return flat.tokens
