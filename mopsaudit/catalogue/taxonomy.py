"""The taxonomy: four categories, technology types below them, capabilities below those, and the ten value roles.

Overlap is judged on capabilities, never on categories. The words are data (`data/types.psv`, `data/capabilities.psv`,
`data/roles.psv`); ids are stable and stored, names may be reworded.
"""

from dataclasses import dataclass
from functools import cache

from mopsaudit.catalogue.records import CatalogueError, read_records
from mopsaudit.words import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCategory:
    """One of the four categories, with its exact name."""

    id: Category
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRole:
    """One of the ten ways in which marketing operations creates value."""

    id: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnologyType:
    """A kind of tool within one category."""

    id: str
    name: str
    category: Category
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """Something a tool can do; belongs to one technology type and serves one or more value roles."""

    id: str
    name: str
    type_id: str
    roles: tuple[str, ...]
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """The whole taxonomy, each part in the order of its file."""

    categories: tuple[NamedCategory, ...]
    types: tuple[TechnologyType, ...]
    capabilities: tuple[Capability, ...]
    roles: tuple[ValueRole, ...]

    def category_of(self, type_id: str) -> Category:
        """Category of a technology type. Raises KeyError for an unknown id."""
        return _types_by_id()[type_id].category


@cache
def taxonomy() -> Taxonomy:
    """The taxonomy, read once per process. Raises CatalogueError naming file and line when a file is malformed."""
    categories: list[NamedCategory] = []
    types: list[TechnologyType] = []
    for record in read_records("types.psv"):
        if len(record.fields) == 1 and record.fields[0].startswith("["):
            ident, _, name = record.fields[0][1:].partition("]")
            categories.append(NamedCategory(id=Category(ident), name=name.strip()))
        elif len(record.fields) == 3 and categories:
            type_id, name, definition = record.fields
            category = categories[-1].id
            types.append(TechnologyType(id=type_id, name=name, category=category, definition=definition))
        else:
            raise CatalogueError(f"{record.place}: expected 'id | name | definition' below a category")
    roles: list[ValueRole] = []
    for record in read_records("roles.psv"):
        if len(record.fields) != 3:
            raise CatalogueError(f"{record.place}: expected 'id | name | definition'")
        roles.append(ValueRole(id=record.fields[0], name=record.fields[1], definition=record.fields[2]))
    capabilities: list[Capability] = []
    for record in read_records("capabilities.psv"):
        if len(record.fields) != 5:
            raise CatalogueError(f"{record.place}: expected 'id | name | type | value roles | definition'")
        ident, name, type_id, role_words, definition = record.fields
        capabilities.append(
            Capability(
                id=ident, name=name, type_id=type_id, roles=tuple(role_words.split()), definition=definition
            )
        )
    return Taxonomy(
        categories=tuple(categories), types=tuple(types), capabilities=tuple(capabilities), roles=tuple(roles)
    )


@cache
def _types_by_id() -> dict[str, TechnologyType]:
    return {item.id: item for item in taxonomy().types}


@cache
def _capabilities_by_id() -> dict[str, Capability]:
    return {item.id: item for item in taxonomy().capabilities}


@cache
def _roles_by_id() -> dict[str, ValueRole]:
    return {item.id: item for item in taxonomy().roles}


def technology_type(type_id: str) -> TechnologyType:
    """The technology type with this id. Raises KeyError when there is none."""
    return _types_by_id()[type_id]


def capability(capability_id: str) -> Capability:
    """The capability with this id. Raises KeyError when there is none."""
    return _capabilities_by_id()[capability_id]


def value_role(role_id: str) -> ValueRole:
    """The value role with this id. Raises KeyError when there is none."""
    return _roles_by_id()[role_id]


def category(category_id: str) -> NamedCategory:
    """The category with this id. Raises KeyError when there is none."""
    for item in taxonomy().categories:
        if item.id == category_id:
            return item
    raise KeyError(category_id)


def capabilities_of_type(type_id: str) -> tuple[Capability, ...]:
    """Capabilities that belong to a technology type, in file order; empty for an unknown type."""
    return tuple(item for item in taxonomy().capabilities if item.type_id == type_id)


def types_of_category(category_id: str) -> tuple[TechnologyType, ...]:
    """Technology types of a category, in file order; empty for an unknown category."""
    return tuple(item for item in taxonomy().types if item.category == category_id)
