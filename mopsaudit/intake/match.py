"""Supplier to tool: which vendor, and which of its products, a printed supplier name means. Pure, explained, fast.

Order: a person's past decision → exact alias → rule → strong fuzzy match → candidates for review → none. Precision comes
first: what surrounds a known name decides. Legal forms, places, billing words and references around it are neutral;
words of an event, a reseller, a user group or another trade make it a question for a person; a short or common word
(Drift, Notion, Monday) needs corroboration by a web domain, the description or the account.
"""

import fnmatch
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

import regex
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from mopsaudit.intake.normalise import (
    Reading,
    ReadingKind,
    SupplierName,
    clean,
    is_code,
    looks_random,
    normalise,
    read_supplier,
)
from mopsaudit.intake.supplier_words import (
    BILLING_WORDS,
    BLOCK_WORDS,
    CARD_PREFIXES,
    CITIES,
    COMMON_WORDS,
    COUNTRIES,
    LEGAL_FORMS,
    MERGED_PREFIXES,
    PROCESSORS,
    SOFT_WORDS,
    STATES,
)

SURE = 0.9
"""Score from which a match is made without asking."""

_NEUTRAL = LEGAL_FORMS | COUNTRIES | STATES | CITIES | BILLING_WORDS
_EVERYDAY = COMMON_WORDS | SOFT_WORDS | BLOCK_WORDS | BILLING_WORDS | CITIES | COUNTRIES
_MERGED_ENDS = _NEUTRAL | SOFT_WORDS | BLOCK_WORDS
_LONG_ENDS = ("international", "systems", "limited", "software", "technologies", "incorporated", "subscription")
_EVIDENCE = frozenset(
    """software saas subscription subscriptions licence licences license licenses platform crm seats users app apps
    api plugin chatbot analytics dashboard martech cms dam hosting webinar workspace""".split()
)


class AliasKind(StrEnum):
    """What an alias is to its vendor or tool."""

    NAME = "name"
    LEGAL = "legal entity"
    PAST = "past name"
    BILLING = "billing name"
    DOMAIN = "domain"
    HINT = "product word"
    OWN = "own alias"


class Decision(StrEnum):
    """What the matcher concludes for a name."""

    MATCH = "match"
    REVIEW = "review"
    NONE = "none"


class Method(StrEnum):
    """How the conclusion was reached."""

    DECISION = "decision"
    ALIAS = "alias"
    RULE = "rule"
    FUZZY = "fuzzy"
    NONE = "none"


class Outcome(StrEnum):
    """The three answers which settle a supplier."""

    TOOL = "tool"
    MARKETING = "marketing"
    NOT_MARKETING = "not_marketing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a supplier can be: a vendor, and one of its tools where known. `names` is the chain INTERFACES describes."""

    vendor_id: str
    vendor: str
    tool_id: str | None = None
    tool: str | None = None
    names: tuple[str, ...] = ()
    spend_type: str = "software"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A text that means a target. `weak`: no evidence by itself. A trailing `*` leaves the end open
    for a reference (`GOOGLE *ADS*`), `**` for anything (`FACEBK**`)."""

    text: str
    target: Target
    kind: AliasKind = AliasKind.NAME
    weak: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """A person's answer for a supplier key (`normalise`); `target` is set for a tool, optional otherwise."""

    key: str
    outcome: Outcome
    target: Target | None = None
    spend_type: str | None = None
    by: str | None = None


class PatternKind(StrEnum):
    """How a rule's pattern is written."""

    GLOB = "glob"
    REGEX = "regex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A company's own rule. Every condition that is set must hold; globs and expressions ignore case.

    `pattern` is tried on the supplier as printed; amounts are in the line's own currency, bounds inclusive.
    """

    id: str
    outcome: Outcome
    target: Target | None = None
    spend_type: str | None = None
    pattern: str | None = None
    kind: PatternKind = PatternKind.GLOB
    description: str | None = None
    cost_centre: str | None = None
    gl_account: str | None = None
    amount_min: Decimal | None = None
    amount_max: Decimal | None = None

    def holds(
        self, raw: str, description: str = "", gl_account: str = "", cost_centre: str = "", amount: Decimal | None = None
    ) -> bool:
        """True when every set condition holds. A pattern that runs longer than 50 ms does not hold."""
        wanted = (
            (self.pattern, raw),
            (self.description, description),
            (self.cost_centre, cost_centre),
            (self.gl_account, gl_account),
        )
        if all(pattern is None for pattern, _ in wanted) and self.amount_min is None and self.amount_max is None:
            return False
        if self.amount_min is not None and (amount is None or amount < self.amount_min):
            return False
        if self.amount_max is not None and (amount is None or amount > self.amount_max):
            return False
        return all(pattern is None or _pattern_holds(pattern, self.kind, text) for pattern, text in wanted)


@lru_cache(maxsize=1024)
def _compiled(pattern: str, kind: PatternKind) -> "regex.Pattern[str] | None":
    text = fnmatch.translate(pattern) if kind is PatternKind.GLOB else pattern
    try:
        return regex.compile(text, regex.IGNORECASE)
    except regex.error:
        return None


def _pattern_holds(pattern: str, kind: PatternKind, text: str) -> bool:
    compiled = _compiled(pattern, kind)
    if compiled is None:
        return False
    try:
        found = compiled.match(text, timeout=0.05) if kind is PatternKind.GLOB else compiled.search(text, timeout=0.05)
    except TimeoutError:
        return False
    return found is not None


def pattern_problem(pattern: str, kind: PatternKind) -> str | None:
    """A sentence saying what is wrong with a rule's pattern, or None when it can be used."""
    text = fnmatch.translate(pattern) if kind is PatternKind.GLOB else pattern
    if not pattern.strip():
        return "The pattern is empty."
    try:
        regex.compile(text, regex.IGNORECASE)
    except regex.error as error:
        return f"The pattern cannot be read: {error}."
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible target for review, with its score from 0 to 1."""

    vendor: str
    tool: str | None
    score: float
    vendor_id: str
    tool_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The matcher's answer for one printed name. `score` is 0..1; `reason` is a sentence for people."""

    input: str
    key: str
    decision: Decision
    method: Method
    score: float
    reason: str
    vendor: str | None = None
    tool: str | None = None
    vendor_id: str | None = None
    tool_id: str | None = None
    names: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    spend_type: str | None = None
    rule_id: str | None = None
    outcome: Outcome | None = None

    def to_json(self) -> dict[str, Any]:
        """The object of `match --json`."""
        return {
            "input": self.input,
            "vendor": self.vendor,
            "tool": self.tool,
            "names": list(self.names),
            "decision": str(self.decision),
            "score": round(self.score, 2),
            "method": str(self.method),
            "reason": self.reason,
            "candidates": [
                {"vendor": item.vendor, "tool": item.tool, "score": round(item.score, 2)} for item in self.candidates
            ],
        }


@dataclass(slots=True)
class _Entry:
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
        return self.words == 1 and len(self.joined) <= 4


@dataclass(slots=True)
class _Found:
    """One way in which a reading meets an alias, before the best is chosen."""

    entry: _Entry
    score: float
    method: Method
    reason: str
    rest: tuple[str, ...] = ()
    span: int = 0


@dataclass(slots=True)
class _Context:
    """What else the line says."""

    description: str = ""
    gl_account: str = ""
    words: frozenset[str] = frozenset()
    tokens: tuple[str, ...] = ()
    joined: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardText:
    """A supplier name that is never the product; `reason` is a sentence for people."""

    text: str
    reason: str
    reseller: bool = False


def _join(tokens: Sequence[str]) -> str:
    return "".join(tokens)


def _trim_legal(tokens: tuple[str, ...]) -> tuple[str, ...]:
    while len(tokens) > 1 and tokens[-1] in LEGAL_FORMS:
        tokens = tokens[:-1]
    return tokens


class Matcher:
    """Matches printed supplier names against aliases. Build once, ask many times; asking changes nothing but caches."""

    def __init__(
        self,
        aliases: Iterable[Alias] = (),
        *,
        decisions: Iterable[PastDecision] = (),
        rules: Iterable[Rule] = (),
        guards: Iterable[GuardText] = (),
    ) -> None:
        """`rules` are tried in the order given. Of two aliases with the same text the company's own wins."""
        self._decisions = {decision.key: decision for decision in decisions}
        self._rules = tuple(rules)
        self._names: dict[str, list[_Entry]] = {}
        self._open: dict[str, _Entry] = {}
        self._domains: dict[str, _Entry] = {}
        self._hints: dict[str, dict[str, Target | None]] = {}
        self._guards: dict[str, GuardText] = {}
        for guard in guards:
            reading = read_supplier(guard.text).readings[0]
            self._guards[_join(_trim_legal(reading.tokens))] = guard
        for alias in aliases:
            self._add(alias)
        self._index()

    @classmethod
    def from_catalogue(
        cls,
        *,
        aliases: Iterable[Alias] = (),
        decisions: Iterable[PastDecision] = (),
        rules: Iterable[Rule] = (),
    ) -> "Matcher":
        """A matcher over the built-in catalogue, with a company's own aliases, past decisions and rules on top."""
        known, guards = catalogue_aliases()
        return cls((*known, *aliases), decisions=decisions, rules=rules, guards=guards)

    def _add(self, alias: Alias) -> None:
        if alias.kind is AliasKind.DOMAIN:
            host = alias.text.lower().removeprefix("www.").split("/")[0]
            if host not in self._domains:
                self._domains[host] = _Entry(host, host, alias.target, alias.kind, False, 1)
            elif self._domains[host].target.vendor_id != alias.target.vendor_id:
                return
            else:
                self._domains[host].target = _vendor_only(self._domains[host].target)
            return
        is_open = alias.text.endswith("*")
        # A name that stands behind a star or carries a domain is compared in the form in which lines carry it.
        tokens = _alias_tokens(alias.text.rstrip("*"))
        trimmed = tokens if is_open else _trim_legal(tokens)
        joined = _join(trimmed)
        if len(joined) < 2:
            return
        if alias.kind is AliasKind.HINT:
            hints = self._hints.setdefault(alias.target.vendor_id, {})
            known = hints.get(joined)
            hints[joined] = alias.target if known is None or known == alias.target else None
            return
        own = alias.kind is AliasKind.OWN
        weak = not own and (
            alias.weak or (len(trimmed) == 1 and (joined in _EVERYDAY or len(joined) <= 2))
        )
        entry = _Entry(
            alias.text.rstrip("*"),
            joined,
            alias.target,
            alias.kind,
            weak,
            len(trimmed),
            any_end=alias.text.endswith("**"),
            everyday=not own and all(token in _EVERYDAY or len(token) <= 2 for token in trimmed),
        )
        if is_open:
            self._open[joined] = entry
            return
        self._names.setdefault(joined, []).append(entry)

    def _index(self) -> None:
        self._best: dict[str, _Entry] = {}
        for joined, entries in self._names.items():
            self._best[joined] = _best_entry(entries)
        strong = sorted(joined for joined, entry in self._best.items() if not entry.weak)
        self._sorted = strong
        self._longest = max(map(len, self._best), default=0)
        self._open_lengths = sorted({len(joined) for joined in self._open}, reverse=True)
        self._by_letter: dict[tuple[str, int], list[str]] = {}
        for joined in strong:
            if len(joined) >= 8 and joined.isalnum():
                self._by_letter.setdefault((joined[0], len(joined)), []).append(joined)

    # --- asking

    def match(
        self,
        raw: str,
        *,
        description: str = "",
        gl_account: str = "",
        cost_centre: str = "",
        amount: Decimal | None = None,
    ) -> Match:
        """What this supplier is. Same arguments, same answer, whatever was asked before."""
        key = normalise(raw)
        decided = self._decisions.get(key)
        if decided is not None:
            return self._from_decision(raw, key, decided)
        name = read_supplier(raw)
        guard = self._guarded(name)
        context = _context(description, gl_account)
        found = None if guard else self._find(name, context)
        if found is not None and found.score >= SURE and found.method is Method.ALIAS:
            return self._answer(raw, key, found, context)
        for rule in self._rules:
            if rule.holds(raw, description, gl_account, cost_centre, amount):
                return _from_rule(raw, key, rule)
        if guard is not None:
            through = self._described(context) if guard.reseller and context.tokens else None
            if through is not None:
                return self._answer(raw, key, through, context)
            return Match(
                input=raw, key=key, decision=Decision.NONE, method=Method.NONE, score=0.0, reason=guard.reason
            )
        if found is None:
            found = self._fuzzy(name)
        if found is None and context.tokens:
            found = self._described(context)
        if found is None:
            return Match(
                input=raw,
                key=key,
                decision=Decision.NONE,
                method=Method.NONE,
                score=0.0,
                reason="No known vendor or tool is named here.",
            )
        return self._answer(raw, key, found, context)

    def match_many(self, names: Iterable[str]) -> list[Match]:
        """Answers for many names, in input order; each distinct name is worked out once."""
        known: dict[str, Match] = {}
        answers: list[Match] = []
        for raw in names:
            answer = known.get(raw)
            if answer is None:
                answer = known[raw] = self.match(raw)
            answers.append(answer)
        return answers

    def suggest(self, raw: str, limit: int = 5) -> tuple[Candidate, ...]:
        """The nearest known names for a person who settles a supplier by hand, best first; scores are likeness only."""
        key = normalise(raw)
        if not key:
            return ()
        found = process.extract(key, list(self._best), scorer=fuzz.WRatio, limit=limit * 4, score_cutoff=60)
        best: dict[tuple[str, str | None], Candidate] = {}
        for joined, score, _ in sorted(found, key=lambda item: (-item[1], item[0])):
            target = self._best[joined].target
            best.setdefault((target.vendor_id, target.tool_id), _candidate(target, score / 100 * 0.8))
        return tuple(best.values())[:limit]

    # --- steps

    def _from_decision(self, raw: str, key: str, decided: PastDecision) -> Match:
        by = f" by {decided.by}" if decided.by else ""
        match decided.outcome:
            case Outcome.TOOL:
                reason = f"Decided{by} for this supplier."
            case Outcome.MARKETING:
                reason = f"Decided{by}: marketing, but not a tool."
            case Outcome.NOT_MARKETING:
                reason = f"Decided{by}: not marketing."
        target = decided.target
        return Match(
            input=raw,
            key=key,
            decision=Decision.MATCH if decided.outcome is Outcome.TOOL else Decision.NONE,
            method=Method.DECISION,
            score=1.0,
            reason=reason,
            vendor=target.vendor if target else None,
            tool=target.tool if target else None,
            vendor_id=target.vendor_id if target else None,
            tool_id=target.tool_id if target else None,
            names=target.names if target else (),
            spend_type=decided.spend_type or (target.spend_type if target else None),
            outcome=decided.outcome,
        )

    def _guarded(self, name: SupplierName) -> GuardText | None:
        for reading in name.readings:
            tokens = reading.tokens
            for end in range(len(tokens), 0, -1):
                guard = self._guards.get(_join(tokens[:end]))
                if guard is None:
                    continue
                rest = tokens[end:]
                if _all_neutral(rest) or (not guard.reseller and end >= 2):
                    return guard
        return None

    def _find(self, name: SupplierName, context: _Context) -> _Found | None:
        best: _Found | None = None
        for reading in name.readings:
            found = self._find_in(reading, name, context)
            if found is None:
                continue
            if reading.kind in (ReadingKind.LEGAL, ReadingKind.FORMER, ReadingKind.BRACKETS):
                found.score = min(found.score, 0.93)
                found.reason = f"{found.reason} It stands as the {reading.kind}."
            if reading.kind is ReadingKind.BRACKETS and found.entry.short:
                continue
            if best is None or found.score > best.score:
                best = found
            if best.score >= 0.95:
                break
        return best

    def _find_in(self, reading: Reading, name: SupplierName, context: _Context) -> _Found | None:
        tokens = reading.tokens
        if not tokens:
            return None
        for domain in reading.domains:
            found = self._by_domain(domain, tokens)
            if found is not None:
                return found
        joined = _join(tokens)
        opened = self._by_open(reading, joined)
        if opened is not None:
            return opened
        best: _Found | None = None
        for start in range(len(tokens)):
            for variant in _variants(tokens, start):
                found = self._at(variant, reading, context, moved=len(tokens) - len(variant))
                if found is not None and (best is None or found.score > best.score):
                    best = found
            if best is not None and best.score >= SURE:
                break
            if not (tokens[start] in CARD_PREFIXES or tokens[start] in PROCESSORS or tokens[start].isdigit()):
                break
        if best is None or best.score < 0.6:
            inside = self._inside(tokens)
            if inside is not None and (best is None or inside.score > best.score):
                best = inside
        return best

    def _by_domain(self, domain: str, tokens: tuple[str, ...]) -> _Found | None:
        labels = domain.split(".")
        for at in range(len(labels) - 1):
            entry = self._domains.get(".".join(labels[at:]))
            if entry is not None:
                stem = labels[at]
                rest = tuple(token for token in tokens if token != stem and token not in labels)
                if any(token in BLOCK_WORDS for token in rest):
                    return _Found(entry, 0.6, Method.ALIAS, f"The web address {domain} is {entry.target.vendor}'s, but the other words may mean an event or a reseller.", rest, 1)
                return _Found(entry, 0.98, Method.ALIAS, f"The web address {domain} belongs to {entry.target.vendor}.", rest, 1)
        return None

    def _by_open(self, reading: Reading, joined: str) -> _Found | None:
        """Statement names with an open end, `GOOGLE *ADS*`: a reference, or anything behind a star, may follow."""
        ends = []
        length = 0
        for token in reading.tokens:
            length += len(token)
            ends.append(length)
        for length in self._open_lengths:
            entry = self._open.get(joined[:length]) if len(joined) >= length else None
            if entry is None:
                continue
            at = next(index for index, end in enumerate(ends) if end >= length)
            rest = reading.tokens[at + 1 :]
            run_on = joined[length : ends[at]]
            fits = (
                entry.any_end
                or (run_on and (entry.words > 1 or any(sign.isdigit() for sign in run_on) or looks_random(run_on)))
                or (not run_on and 0 < reading.before_star <= at + 1)
                or (not run_on and all(_is_neutral(token) or looks_random(token) for token in rest))
            )
            if fits and not any(token in BLOCK_WORDS for token in rest):
                reason = f"“{entry.text}” is how {entry.target.vendor} appears on statements."
                return _Found(entry, 0.97, Method.ALIAS, reason, (), 1)
        return None

    def _at(self, tokens: tuple[str, ...], reading: Reading, context: _Context, *, moved: int) -> _Found | None:
        """The best alias that starts with the first token."""
        if not tokens:
            return None
        best: _Found | None = None
        joined = ""
        exact = 0
        for end in range(1, len(tokens) + 1):
            joined += tokens[end - 1]
            if len(joined) > self._longest:
                break
            entry = self._best.get(joined)
            if entry is not None:
                found = self._judge(entry, tokens[end:], reading, context, covered=end + moved)
                if found is not None and (best is None or found.score >= best.score):
                    best = found
                exact = end
        if best is not None and best.score >= SURE:
            return best
        merged = self._merged(tokens, reading, context, exact)
        if merged is not None and (best is None or merged.score > best.score):
            best = merged
        cut = self._cut(tokens, reading)
        if cut is not None and (best is None or cut.score > best.score):
            best = cut
        return best

    def _judge(
        self, entry: _Entry, rest: tuple[str, ...], reading: Reading, context: _Context, *, covered: int
    ) -> _Found | None:
        """How much an alias with these words after it is worth."""
        target = entry.target
        words = rest if entry.weak else _without_place(rest)
        left = tuple(token for token in words if not _is_neutral(token))
        left = self._without_hints(left, target.vendor_id)
        if entry.weak:
            return self._judge_weak(entry, rest, left, context)
        blocked = tuple(token for token in left if token in BLOCK_WORDS)
        if not blocked and _USER_GROUP.search(" ".join(rest)):
            blocked = ("user group",)
            left = left or blocked
        detail = bool(reading.before_star) and covered >= reading.before_star
        if not left and not blocked:
            how = "exactly" if not rest else "with nothing but legal form, place, plan or reference after it"
            return _Found(entry, 0.99 if not rest else 0.98, Method.ALIAS, f"“{entry.text}” is a {entry.kind} of {target.vendor}, {how}.", rest, covered)
        if blocked:
            return _Found(entry, 0.55, Method.ALIAS, f"{target.vendor} is named, but “{' '.join(blocked)}” may mean an event, a reseller or another company.", rest, covered)
        if detail and not entry.short:
            return _Found(entry, 0.95, Method.ALIAS, f"“{entry.text}” stands before the star of a card line.", rest, covered)
        split = entry.words == 1 and reading.tokens[covered - 1 : covered] != (entry.joined,) and covered > 1
        soft = not (entry.everyday or split) and all(token in SOFT_WORDS or len(token) == 1 or looks_random(token) for token in left)
        if soft and not entry.short:
            return _Found(entry, 0.94, Method.ALIAS, f"“{entry.text}” is a {entry.kind} of {target.vendor}; the words after it fit.", rest, covered)
        return _Found(entry, 0.65 if not entry.short else 0.5, Method.ALIAS, f"The name begins like {target.vendor}, but “{' '.join(left)}” may mean another company.", rest, covered)

    def _judge_weak(
        self, entry: _Entry, rest: tuple[str, ...], left: tuple[str, ...], context: _Context
    ) -> _Found | None:
        target = entry.target
        if any(token not in SOFT_WORDS for token in left):
            return None
        evidence = self._corroboration(entry, context)
        if evidence:
            return _Found(entry, 0.92, Method.ALIAS, f"“{entry.text}” alone would be no evidence, but {evidence}.", rest, entry.words)
        return _Found(entry, 0.5, Method.ALIAS, f"“{entry.text}” is also a common word or name; nothing else on the line says it is {target.vendor}.", rest, entry.words)

    def _corroboration(self, entry: _Entry, context: _Context) -> str | None:
        if not context.joined:
            return None
        if context.words & BLOCK_WORDS:
            return None
        for host, known in self._domains.items():
            if known.target.vendor_id == entry.target.vendor_id and host in f"{context.description} {context.gl_account}":
                return f"the line names {host}"
        hint = self._hint(context.tokens, entry.target.vendor_id)
        if hint is not None and hint[0] != entry.joined:
            return f"the description names {hint[1].tool or hint[1].vendor}"
        words = sorted(context.words & _EVIDENCE)
        return f"description or account says “{words[0]}”" if words else None

    def _without_hints(self, tokens: tuple[str, ...], vendor_id: str) -> tuple[str, ...]:
        hints = self._hints.get(vendor_id)
        if not hints or not tokens:
            return tokens
        kept: list[str] = []
        at = 0
        while at < len(tokens):
            for end in range(min(len(tokens), at + 5), at, -1):
                if _join(tokens[at:end]) in hints:
                    at = end
                    break
            else:
                kept.append(tokens[at])
                at += 1
        return tuple(kept)

    def _hint(self, tokens: Sequence[str], vendor_id: str) -> tuple[str, Target] | None:
        """The longest product word of a vendor in these tokens, when it means one product."""
        hints = self._hints.get(vendor_id)
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

    def _merged(
        self, tokens: tuple[str, ...], reading: Reading, context: _Context, exact: int
    ) -> _Found | None:
        """A name run together with what follows it: `dropboxg812ffrq4l5v`, `texthelpltd`, `STKSHUTTERSTOCK`."""
        first = tokens[0]
        for prefix in MERGED_PREFIXES:
            if first.startswith(prefix) and len(first) - len(prefix) >= 5:
                found = self._at((first[len(prefix) :], *tokens[1:]), reading, context, moved=0)
                if found is not None and found.score >= SURE and not found.entry.weak:
                    return found
        if exact:
            return None
        for length in range(len(first) - 1, 5, -1):
            entry = self._best.get(first[:length])
            if entry is None or entry.weak:
                continue
            rest = first[length:]
            if not _is_merged_end(rest):
                continue
            tail = (rest, *tokens[1:]) if rest in _MERGED_ENDS else tokens[1:]
            found = self._judge(entry, tail, reading, context, covered=1)
            if found is not None:
                found.score = min(found.score, 0.95)
                found.reason = f"{found.reason} It is run together with “{rest}”."
            return found
        return None

    def _cut(self, tokens: tuple[str, ...], reading: Reading) -> _Found | None:
        """A name cut off by the ledger or the card network: `SURVEYMONK`, `ACCESS INTELLIGENCE MEDIA AND COMMUNICAT`."""
        core = tokens
        while len(core) > 1 and (is_code(core[-1]) or len(core[-1]) == 1):
            core = core[:-1]
        joined = _join(core)
        if len(joined) < 8 or reading.kind in (ReadingKind.BRACKETS, ReadingKind.FORMER):
            return None
        if all(token in _EVERYDAY for token in core) and len(joined) < 18:
            return None
        entries = self._starting_with(joined)
        if not entries or len({entry.target.vendor_id for entry in entries}) != 1:
            return None
        entry = entries[0]
        share = len(joined) / len(entry.joined)
        if entry.words == 1:
            enough = share >= 0.75
        else:
            enough = len(joined) >= 14 and (share >= 0.6 or len(joined) >= 18)
        score = 0.93 if enough else 0.6
        return _Found(entry, score, Method.ALIAS, f"“{entry.text}” ({entry.target.vendor}) begins with this name, which looks cut off.", (), len(core))

    def _starting_with(self, joined: str) -> list[_Entry]:
        found: list[_Entry] = []
        at = bisect_left(self._sorted, joined)
        while at < len(self._sorted) and self._sorted[at].startswith(joined):
            if self._sorted[at] != joined:
                found.append(self._best[self._sorted[at]])
            at += 1
            if len(found) > 40:
                break
        return found

    def _inside(self, tokens: tuple[str, ...]) -> _Found | None:
        """A distinctive name further inside: never a match, a question."""
        for start in range(1, len(tokens)):
            joined = ""
            for end in range(start, min(len(tokens), start + 4)):
                joined += tokens[end]
                entry = self._best.get(joined)
                if entry is not None and not entry.weak and len(joined) >= 6 and entry.kind is not AliasKind.BILLING:
                    return _Found(entry, 0.5, Method.ALIAS, f"{entry.target.vendor} is named inside a longer name.", (), 0)
        return None

    def _fuzzy(self, name: SupplierName) -> _Found | None:
        """A slip of the pen in a long, distinctive name: two letters swapped, one too many or one missing."""
        best: _Found | None = None
        for reading in name.readings:
            if reading.kind in (ReadingKind.BRACKETS, ReadingKind.FLAT, ReadingKind.FORMER):
                continue
            core = tuple(token for token in reading.tokens if not is_code(token))
            while len(core) > 1 and _is_neutral(core[-1]):
                core = core[:-1]
            joined = _join(core)
            if not 8 <= len(joined) <= 40 or joined in self._best or all(token in _EVERYDAY for token in core):
                continue
            choice = self._near(joined)
            if choice is None:
                continue
            entry = self._best[choice]
            slip = len(choice) != len(joined) or sorted(choice) == sorted(joined)
            tail = joined.startswith(choice) or choice.startswith(joined)
            sure = entry.words == 1 and len(choice) >= 9 and len(core) <= 2 and slip and not tail
            score = 0.91 if sure else 0.7
            if best is None or score > best.score:
                reason = f"“{' '.join(core)}” differs from “{entry.text}” by one letter."
                best = _Found(entry, score, Method.FUZZY, reason, (), 0)
        return best

    def _near(self, joined: str) -> str | None:
        """The only strong alias one letter away, with the same first letter; None when there is none or a choice."""
        found: list[str] = []
        for length in (len(joined) - 1, len(joined), len(joined) + 1):
            choices = self._by_letter.get((joined[0], length))
            if choices:
                near = process.extract(joined, choices, scorer=OSA.distance, score_cutoff=1, limit=2)
                found += [choice for choice, _, _ in near]
        return found[0] if len({self._best[choice].target.vendor_id for choice in found}) == 1 else None

    def _described(self, context: _Context) -> _Found | None:
        """A product named in the description of a line whose supplier is not its maker (a reseller, a processor)."""
        tokens = context.tokens
        for start in range(len(tokens)):
            joined = ""
            for end in range(start, min(len(tokens), start + 5)):
                joined += tokens[end]
                entry = self._best.get(joined)
                if entry is not None and not entry.weak and len(joined) >= 6:
                    return _Found(entry, 0.7, Method.ALIAS, f"The description names “{entry.text}”; the supplier may be a reseller.", (), 0)
        return None

    def _answer(self, raw: str, key: str, found: _Found, context: _Context) -> Match:
        target = found.entry.target
        reason = found.reason
        if target.tool_id is None:
            name = read_supplier(raw)
            texts = [reading.tokens for reading in name.readings]
            if found.score >= SURE:
                texts.append(context.tokens)
            for tokens in texts:
                hint = self._hint(tokens, target.vendor_id)
                if hint is not None:
                    target = hint[1]
                    reason = f"{reason} “{hint[0]}” says it is {target.tool}."
                    break
        sure = found.score >= SURE
        spend_type = target.spend_type
        names = target.names
        if found.entry.kind in (AliasKind.LEGAL, AliasKind.PAST) and found.entry.text not in names:
            names = (*names, found.entry.text)
        return Match(
            input=raw,
            key=key,
            decision=Decision.MATCH if sure else Decision.REVIEW,
            method=found.method,
            score=found.score,
            reason=reason,
            vendor=target.vendor if sure else None,
            tool=target.tool if sure else None,
            vendor_id=target.vendor_id if sure else None,
            tool_id=target.tool_id if sure else None,
            names=names if sure else (),
            candidates=(_candidate(target, found.score),),
            spend_type=spend_type,
            outcome=Outcome.TOOL if sure else None,
        )


def _candidate(target: Target, score: float) -> Candidate:
    return Candidate(
        vendor=target.vendor, tool=target.tool, score=round(score, 3), vendor_id=target.vendor_id, tool_id=target.tool_id
    )


def _vendor_only(target: Target) -> Target:
    return replace(target, tool_id=None, tool=None)


def _best_entry(entries: list[_Entry]) -> _Entry:
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
        named = [entry for entry in entries if entry.target.tool and _same_text(entry.target.tool, entry.joined)]
        chosen = next((entry for entry in named or entries if entry.target.tool_id is not None), first)
        target = chosen.target if named or len(tools) <= 1 else _vendor_only(chosen.target)
        names = [name for entry in (chosen, *entries) for name in entry.target.names]
        target = replace(target, names=tuple(dict.fromkeys(names)))
        weak = all(entry.weak for entry in entries)
        return _Entry(chosen.text, chosen.joined, target, chosen.kind, weak, chosen.words)
    # Two vendors claim one text: it is no evidence by itself.
    return _with_weak(first, True)


def _same_text(name: str, joined: str) -> bool:
    return _plain(name) == joined


def _with_weak(entry: _Entry, weak: bool) -> _Entry:
    """The entry with another weakness."""
    return _Entry(entry.text, entry.joined, entry.target, entry.kind, weak, entry.words)


def _variants(tokens: tuple[str, ...], start: int) -> Iterable[tuple[str, ...]]:
    rest = tokens[start:]
    yield rest
    bare = rest[0].lstrip("0123456789")
    if bare != rest[0] and len(bare) >= 4:
        yield (bare, *rest[1:])


def _is_neutral(token: str) -> bool:
    return token in _NEUTRAL or is_code(token) or token.isdigit()


_FIRM_FORMS = frozenset("ltd limited inc llc gmbh plc sarl bv pty corp corporation sl srl ab oy aps".split())
_USER_GROUP = re.compile(r"\busers? (?:group|community|meet|day|forum)\b")


def _without_place(rest: tuple[str, ...]) -> tuple[str, ...]:
    """Without the one or two words after a legal form: card lines and ledgers put the town there."""
    for at, token in enumerate(rest):
        if token in _FIRM_FORMS:
            tail = rest[at + 1 :]
            if 1 <= len(tail) <= 2 and not any(word in BLOCK_WORDS for word in tail):
                return rest[: at + 1]
            break
        if not _is_neutral(token):
            break
    return rest


def _all_neutral(tokens: Sequence[str]) -> bool:
    return all(_is_neutral(token) for token in tokens)


def _is_merged_end(rest: str) -> bool:
    if rest in _MERGED_ENDS and len(rest) >= 2:
        return True
    if any(sign.isdigit() for sign in rest):
        return len(rest) >= 4
    if len(rest) >= 3 and any(end.startswith(rest) for end in _LONG_ENDS):
        return True
    return len(rest) >= 8 and looks_random(rest)


@lru_cache(maxsize=4096)
def _context(description: str, gl_account: str) -> _Context:
    if not description and not gl_account:
        return _Context()
    described = read_supplier(description).readings
    tokens = tuple(token for reading in described[:1] for token in reading.tokens)
    account = tuple(token for reading in read_supplier(gl_account).readings[:1] for token in reading.tokens)
    return _Context(
        description=clean(description),
        gl_account=clean(gl_account),
        words=frozenset(tokens) | frozenset(account),
        tokens=tokens,
        joined=_join(tokens) + _join(account),
    )


def _from_rule(raw: str, key: str, rule: Rule) -> Match:
    target = rule.target
    return Match(
        input=raw,
        key=key,
        decision=Decision.MATCH if rule.outcome is Outcome.TOOL else Decision.NONE,
        method=Method.RULE,
        score=1.0,
        reason=f"Rule {rule.id} places it.",
        vendor=target.vendor if target else None,
        tool=target.tool if target else None,
        vendor_id=target.vendor_id if target else None,
        tool_id=target.tool_id if target else None,
        names=target.names if target else (),
        spend_type=rule.spend_type or (target.spend_type if target else None),
        rule_id=rule.id,
        outcome=rule.outcome,
    )


# --- the catalogue as aliases


@cache
def catalogue_aliases() -> tuple[tuple[Alias, ...], tuple[GuardText, ...]]:
    """Aliases and guards of the built-in catalogue, in file order."""
    from mopsaudit.catalogue.products import GuardKind, SpendType, catalogue, products_of_vendor, vendor_chain

    book = catalogue()
    aliases: list[Alias] = []
    faint = {_plain(item.name) for item in (*book.vendors, *book.products) if item.weak}
    guards = [
        GuardText(text=guard.text, reason=guard.reason, reseller=guard.kind is not GuardKind.LOOKALIKE)
        for guard in book.guards
    ]
    for seller in book.vendors:
        products = products_of_vendor(seller.id)
        chain: list[str] = []
        for link in vendor_chain(seller.id):
            chain += [link.name, *link.past_names]
        if not products and seller.spend_type is SpendType.SOFTWARE:
            continue  # a holding: it stands in the chain of names, nobody is billed by it for marketing
        main = next((item for item in products if item.name == seller.name), None)
        own_names = [seller.name, *seller.past_names]
        if main is not None and len(products) == 1:
            own_names += [main.name, *main.past_names, *main.acquired_from]
        target = Target(
            vendor_id=seller.id,
            vendor=seller.name,
            tool_id=main.id if main else None,
            tool=main.name if main else None,
            names=_names(own_names + chain),
            spend_type=str(seller.spend_type),
        )
        own_join = {_join(read_supplier(seller.name).readings[0].tokens)}
        for kind, texts in (
            (AliasKind.NAME, (seller.name,)),
            (AliasKind.LEGAL, seller.legal_entities),
            (AliasKind.PAST, seller.past_names),
            (AliasKind.BILLING, seller.billing_names),
            (AliasKind.DOMAIN, tuple(domain for domain in seller.domains if "." in domain)),
        ):
            for text in texts:
                joined = _plain(text)
                weak = kind is not AliasKind.DOMAIN and (
                    joined in faint or (len(joined) <= 3 and joined not in own_join)
                )
                aliases.append(Alias(text=text, target=target, kind=kind, weak=weak))
        guards += [
            GuardText(text=text, reason=f"“{text}” is not {seller.name}'s product.") for text in seller.guards
        ]
        alone = len(products) == 1 and products[0].id == seller.id and products[0].name == seller.name
        if products and not (alone and products[0].billing_names == seller.billing_names):
            aliases += _product_aliases(seller.id, seller.name, chain, own_join, faint)
    return tuple(aliases), tuple(guards)


_TAIL_WORDS = frozenset(
    """CMS CRM DAM Suite Media Group Cloud Software Digital Analytics Solutions Platform Research Agency Communications
    Interactive Corporation Groupe Forms Hosting Studio Labs AI Technologies Online Inc iCM DXP Xperience""".split()
)
_NAME_ENDS = (".com", ".io", ".ai", ".co", ".so", ".me", ".org", ".net")


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """The names with their everyday short forms: `Bauer Media` → `Bauer`, `Customer.io` → `Customer`."""
    found: dict[str, None] = {}
    for name in names:
        found[name] = None
        base, _, inner = name.partition(" (")
        if inner:
            found[base] = None
            found[inner.split(")")[0]] = None
        words = base.split()
        while len(words) > 1 and words[-1] in _TAIL_WORDS:
            words = words[:-1]
            found[" ".join(words)] = None
        for end in _NAME_ENDS:
            if base.endswith(end) and len(base) > len(end) + 2:
                found[base.removesuffix(end)] = None
        if base.startswith("The "):
            found[base[4:]] = None
    return tuple(found)


def _plain(text: str) -> str:
    """The form in which an alias is compared: tokens without legal form, joined."""
    return _join(_trim_legal(_alias_tokens(text)))


def _alias_tokens(text: str) -> tuple[str, ...]:
    """Tokens of an alias; words in brackets belong to it (`SAP (UK) Limited`)."""
    name = read_supplier(text)
    flat = next((reading for reading in name.readings if reading.kind is ReadingKind.FLAT), name.readings[0])
    return flat.tokens


def _product_aliases(
    vendor_id: str, vendor_name: str, chain: list[str], own_join: set[str], faint: set[str]
) -> list[Alias]:
    from mopsaudit.catalogue.products import products_of_vendor, vendor

    aliases: list[Alias] = []
    vendor_domains = set(vendor(vendor_id).domains)
    for item in products_of_vendor(vendor_id):
        target = Target(
            vendor_id=vendor_id,
            vendor=vendor_name,
            tool_id=item.id,
            tool=item.name,
            names=_names([item.name, *item.past_names, *item.acquired_from, *chain]),
            spend_type=str(item.spend_type),
        )
        own_name = _plain(item.name)
        for kind, texts in (
            (AliasKind.NAME, (item.name,)),
            (AliasKind.PAST, item.past_names),
            (AliasKind.BILLING, item.billing_names),
        ):
            for text in texts:
                joined = _plain(text)
                if joined in own_join and item.name != vendor_name:
                    continue
                weak = joined in faint or (len(joined) <= 3 and joined != own_name)
                aliases.append(Alias(text=text, target=target, kind=kind, weak=weak))
        aliases += [
            Alias(text=domain, target=target, kind=AliasKind.DOMAIN)
            for domain in item.domains
            if domain not in vendor_domains
        ]
        words = [*item.hints, item.name, *item.past_names]
        lead = vendor_name.split(" (", maxsplit=1)[0].casefold() + " "
        words += [word[len(lead) :] for word in words if word.casefold().startswith(lead) and len(word) > len(lead) + 2]
        for text in dict.fromkeys(words):
            if _join(read_supplier(text).readings[0].tokens) not in own_join:
                aliases.append(Alias(text=text, target=target, kind=AliasKind.HINT))
    return aliases


# --- likely marketing

_LIKELY = {
    0.9: "advertising adverts adtech martech seo ppc adwords marketing newsletter influencer webinar crm surveymonkey",
    0.7: "media digital creative brand branding social design agency campaign software analytics pr publicity exhibition "
    "exhibitions print printing printers survey research insight insights radio newspaper newspapers magazine billboard "
    "outdoor sponsorship photography photographer video film animation copywriting web website hosting domain email "
    "subscription saas licence license cloud content promotion promotions merchandise leaflet leaflets signage",
    0.4: "communications data technologies technology studio studios productions publishing press events event online "
    "internet app platform systems labs interactive",
}
_WEIGHTS = {word: weight for weight, words in _LIKELY.items() for word in words.split()}
_UNLIKELY = BLOCK_WORDS - {"event", "events", "printing", "printers", "exhibition", "expo", "conference", "agency"}


def marketing_likelihood(raw: str, description: str = "", account: str = "") -> float:
    """How likely an unmatched supplier is a marketing tool or service, 0..1; orders the review queue, decides nothing."""
    own = {token for reading in read_supplier(raw).readings for token in reading.tokens}
    context = _context(description, account).words
    score = max((_WEIGHTS.get(token, 0.0) for token in own), default=0.0)
    around = max((_WEIGHTS.get(token, 0.0) for token in context), default=0.0)
    if any(reading.domains for reading in read_supplier(raw).readings):
        score = max(score, 0.45)
    combined = 1 - (1 - score) * (1 - 0.8 * around)
    if own & _UNLIKELY:
        combined *= 0.35
    return round(min(combined, 0.99), 3)
