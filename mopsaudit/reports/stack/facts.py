"""What the stack map rests on: tools at a date with their yearly cost, the words of the taxonomy, the dates due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mopsaudit.facts.values import ToolFact, YearlyCost
from mopsaudit.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Tools of the scope that are not retired at its date; names of categories and types in the taxonomy's order.

    ``alone`` holds the tools that are the only one to serve some capability, with how many; ``send_by`` the earliest
    notice to send of each tool.
    """

    scope: Scope
    tools: tuple[ToolFact, ...]
    retired: int
    costs: Mapping[int, YearlyCost]
    categories: Mapping[str, str]
    types: Mapping[str, tuple[str, str]]
    units: Mapping[int, str]
    send_by: Mapping[int, date]
    alone: Mapping[int, int]
