"""What the coverage report rests on: the taxonomy's words and which running tools own, use or may use what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mopsaudit.facts.values import CapabilityFact, ToolFact, YearlyCost
from mopsaudit.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityWord:
    """A capability: its name, type, category and value roles (ids); all empty for one the taxonomy does not know."""

    id: str
    name: str
    type_id: str
    category: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Running tools of a scope and the whole taxonomy in its order: (id, name) of categories and roles,
    (id, name, category) of types.
    """

    scope: Scope
    tools: tuple[ToolFact, ...]
    owned: tuple[CapabilityFact, ...]
    capabilities: tuple[CapabilityWord, ...]
    categories: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str, str], ...]
    roles: tuple[tuple[str, str], ...]
    costs: Mapping[int, YearlyCost]
    renews_on: Mapping[int, date]
