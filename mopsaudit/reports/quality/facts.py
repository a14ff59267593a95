"""What the quality report rests on: which facts each running tool has, and what the ledger's money is known to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mopsaudit.facts.values import LedgerCoverage, ToolFact, YearlyCost
from mopsaudit.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Running tools of a scope; ``usage_on`` is the day of the newest usage file of each tool that has one."""

    scope: Scope
    tools: tuple[ToolFact, ...]
    costs: Mapping[int, YearlyCost]
    contracted: frozenset[int]
    capable: frozenset[int]
    with_case: frozenset[int]
    usage_on: Mapping[int, date]
    #: People who left by the scope's day or were erased: a tool of theirs wants a new owner.
    gone: frozenset[int]
    ledger: LedgerCoverage
