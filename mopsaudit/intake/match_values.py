"""What the matcher is asked with and answers: aliases, decisions, rules, matches. Pure values."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mopsaudit.intake.patterns import PatternError, compiled


class AliasKind(StrEnum):
    """What an alias is to its vendor or tool."""

    NAME = "name"
    LEGAL = "legal entity"
    PAST = "past name"
    BILLING = "billing name"
    DOMAIN = "domain"
    HINT = "product word"
    HOME = "home town"
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
    """A text that means a target. `weak`: no evidence by itself; `strict`: only
    neutral words may stand after it. A trailing `*` leaves the end open
    for a reference (`GOOGLE *ADS*`), `**` for anything (`FACEBK**`).
    """

    text: str
    target: Target
    kind: AliasKind = AliasKind.NAME
    weak: bool = False
    strict: bool = False


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
        self,
        raw: str,
        description: str = "",
        gl_account: str = "",
        cost_centre: str = "",
        amount: Decimal | None = None,
    ) -> bool:
        """True when every set condition holds. Cost centre and account are globs whatever the kind: 41 is not 4100."""
        wanted = (
            (self.pattern, raw, self.kind),
            (self.description, description, self.kind),
            (self.cost_centre, cost_centre, PatternKind.GLOB),
            (self.gl_account, gl_account, PatternKind.GLOB),
        )
        if (
            all(pattern is None for pattern, _, _ in wanted)
            and self.amount_min is None
            and self.amount_max is None
        ):
            return False
        if self.amount_min is not None and (amount is None or amount < self.amount_min):
            return False
        if self.amount_max is not None and (amount is None or amount > self.amount_max):
            return False
        return all(pattern is None or _pattern_holds(pattern, kind, text) for pattern, text, kind in wanted)


def _pattern_holds(pattern: str, kind: PatternKind, text: str) -> bool:
    try:
        return compiled(pattern, glob=kind is PatternKind.GLOB).holds(text)
    except PatternError:
        return False


def pattern_problem(pattern: str, kind: PatternKind) -> str | None:
    """A sentence saying what is wrong with a rule's pattern, or None when it can be used."""
    try:
        compiled(pattern, glob=kind is PatternKind.GLOB)
    except PatternError as error:
        return str(error)
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
                {"vendor": item.vendor, "tool": item.tool, "score": round(item.score, 2)}
                for item in self.candidates
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardText:
    """A supplier name that is never the product; `reason` is a sentence for people."""

    text: str
    reason: str
    reseller: bool = False
