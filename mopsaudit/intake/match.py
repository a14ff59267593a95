"""Supplier to tool: which vendor, and which of its products, a printed supplier name means. Pure, explained, fast.

Order: a person's past decision → exact alias → rule → strong fuzzy match → candidates for review → none. Precision
comes first: what surrounds a known name decides. Legal forms, places, billing words and references around it are
neutral; words of an event, a reseller, a user group or another trade make it a question for a person; a short or
common word (Drift, Notion, Monday) needs corroboration by a web domain, the description or the account.
"""

from collections.abc import Iterable
from decimal import Decimal

from rapidfuzz import fuzz, process

from mopsaudit.intake.likelihood import marketing_likelihood
from mopsaudit.intake.match_catalogue import catalogue_aliases, catalogue_index, everyday_names
from mopsaudit.intake.match_evidence import SURE
from mopsaudit.intake.match_finding import Finder
from mopsaudit.intake.match_index import AliasIndex, Found
from mopsaudit.intake.match_values import (
    Alias,
    AliasKind,
    Candidate,
    Decision,
    GuardText,
    Match,
    Method,
    Outcome,
    PastDecision,
    PatternKind,
    Rule,
    Target,
    pattern_problem,
)
from mopsaudit.intake.normalise import normalise, read_supplier
from mopsaudit.intake.surroundings import Context, context_of

__all__ = [
    "SURE",
    "Alias",
    "AliasKind",
    "Candidate",
    "Decision",
    "GuardText",
    "Match",
    "Matcher",
    "Method",
    "Outcome",
    "PastDecision",
    "PatternKind",
    "Rule",
    "Target",
    "catalogue_aliases",
    "marketing_likelihood",
    "normalise",
    "pattern_problem",
]


class Matcher:
    """Matches printed supplier names against aliases. Build once, ask many times; asking changes nothing but caches."""

    def __init__(
        self,
        aliases: Iterable[Alias] = (),
        *,
        decisions: Iterable[PastDecision] = (),
        rules: Iterable[Rule] = (),
        guards: Iterable[GuardText] = (),
        base: AliasIndex | None = None,
    ) -> None:
        """`base` is an index to build on; `rules` are tried in order; of two equal aliases the company's own wins."""
        self._decisions = {decision.key: decision for decision in decisions}
        self._rules = tuple(rules)
        self._index = AliasIndex(aliases, guards, base)
        self._finder = Finder(self._index)

    @classmethod
    def from_catalogue(
        cls,
        *,
        aliases: Iterable[Alias] = (),
        decisions: Iterable[PastDecision] = (),
        rules: Iterable[Rule] = (),
    ) -> "Matcher":
        """A matcher over the built-in catalogue, with a company's own aliases, past decisions and rules on top."""
        return cls(aliases, decisions=decisions, rules=rules, base=catalogue_index())

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
        guard = self._finder.guarded(name)
        context = context_of(description, gl_account)
        found = self._finder.find(name, context)
        if guard is not None and (found is None or found.entry.kind is not AliasKind.OWN):
            found = None
        elif found is not None and found.entry.kind is AliasKind.OWN:
            guard = None
        if found is not None and found.score >= SURE and found.method is Method.ALIAS:
            return self._answer(raw, key, found, context)
        for rule in self._rules:
            if rule.holds(raw, description, gl_account, cost_centre, amount):
                return _from_rule(raw, key, rule)
        if guard is not None:
            through = self._finder.described(context) if guard.reseller and context.tokens else None
            if through is not None:
                return self._answer(raw, key, through, context)
            return Match(
                input=raw, key=key, decision=Decision.NONE, method=Method.NONE, score=0.0, reason=guard.reason
            )
        if found is None:
            found = self._finder.fuzzy(name)
        if found is None and context.tokens:
            found = self._finder.described(context)
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
        # Names of two or three letters are found inside any other; near is only the very same.
        names = [joined for joined in self._index.best if len(joined) > 3 or joined == key]
        found = process.extract(key, names, scorer=fuzz.WRatio, limit=limit * 4, score_cutoff=60)
        best: dict[tuple[str, str | None], Candidate] = {}
        for joined, score, _ in sorted(found, key=lambda item: (-item[1], item[0])):
            target = self._index.best[joined].target
            best.setdefault((target.vendor_id, target.tool_id), _candidate(target, score / 100 * 0.8))
        return tuple(best.values())[:limit]

    # --- steps

    def _from_decision(self, raw: str, key: str, decided: PastDecision) -> Match:
        by = f" by {decided.by}" if decided.by else ""
        said = {
            Outcome.TOOL: " for this supplier.",
            Outcome.MARKETING: ": marketing, but not a tool.",
            Outcome.NOT_MARKETING: ": not marketing.",
        }
        reason = f"Decided{by}{said[decided.outcome]}"
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

    def _answer(self, raw: str, key: str, found: Found, context: Context) -> Match:
        target = found.entry.target
        reason = found.reason
        # A vendor's main product carries the vendor's name: only another product named beside it in the supplier's
        # own name is closer; the line's description may speak of anything.
        main = target.tool is not None and target.tool == target.vendor
        if target.tool_id is None or main:
            name = read_supplier(raw)
            texts = [found.rest] if main else [reading.tokens for reading in name.readings]
            if found.score >= SURE and not main:
                texts.append(context.tokens)
            for tokens in texts:
                hint = self._index.hint(tokens, target.vendor_id)
                if hint is not None and hint[1] != target:
                    target = hint[1]
                    reason = f"{reason} “{hint[0]}” says it is {target.tool}."
                    break
        sure = found.score >= SURE
        spend_type = target.spend_type
        names = target.names
        if found.entry.kind in (AliasKind.LEGAL, AliasKind.PAST, AliasKind.BILLING):
            names = tuple(dict.fromkeys((*names, found.entry.text, *everyday_names([found.entry.text]))))
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
        vendor=target.vendor,
        tool=target.tool,
        score=round(score, 3),
        vendor_id=target.vendor_id,
        tool_id=target.tool_id,
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
