"""The lists people choose from in forms."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from blueprints import identity, shell
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.inventory.listing import list_tools
from mopsaudit.inventory.people import list_people, person_names, unit_names
from mopsaudit.inventory.tools import get_tool
from mopsaudit.inventory.vendors import list_vendors
from mopsaudit.scope import Scope

NOBODY = ("", "nobody yet")


def optional_id(text: str | int | None) -> int | None:
    """A chosen record's id; an empty choice is None.

    Raises:
        ValueError: for text that is no id; WTForms turns it into a form error.
    """
    return None if text in (None, "", "None") else int(text)


def names() -> dict[str, str]:
    """Label by id of categories, technology types and capabilities."""
    tree = taxonomy()
    found = {category.id.value: category.name for category in tree.categories}
    found |= {each.id: each.name for each in tree.types}
    found |= {each.id: each.name for each in tree.capabilities}
    return found


def categories() -> list[tuple[str, str]]:
    """The four categories."""
    return [(category.id.value, category.name) for category in taxonomy().categories]


def types() -> dict[str, list[tuple[str, str]]]:
    """Technology types by category."""
    tree = taxonomy()
    labels = {category.id: category.name for category in tree.categories}
    grouped: dict[str, list[tuple[str, str]]] = {label: [] for label in labels.values()}
    for each in tree.types:
        grouped[labels[each.category]].append((each.id, each.name))
    return grouped


def capabilities() -> dict[str, list[tuple[str, str]]]:
    """Capabilities by technology type."""
    tree = taxonomy()
    labels = {each.id: each.name for each in tree.types}
    grouped: dict[str, list[tuple[str, str]]] = {}
    for each in tree.capabilities:
        grouped.setdefault(labels[each.type_id], []).append((each.id, each.name))
    return grouped


def vendors(session: Session) -> list[tuple[int | str, str]]:
    """Living vendors by name."""
    return [("", "not known"), *((row.id, row.name) for row in list_vendors(session))]


def tools(session: Session) -> list[tuple[int | str, str]]:
    """Living tools of the request's scope by name."""
    rows = list_tools(session, shell.scope(), include_retired=False)
    return [("", "choose a tool"), *((row.id, row.name) for row in rows)]


def vendor_of(session: Session, scope: Scope, tool_id: int | None) -> int | None:
    """The vendor of a tool the person may see, or None."""
    return None if tool_id is None else get_tool(session, scope, tool_id).vendor_id


def actor_names(session: Session, labels: Iterable[str]) -> dict[str, str]:
    """Names for the labels of those who acted: ``person:3`` → the person's name; others stand as they are."""
    ids = {int(label.removeprefix("person:")) for label in labels if label.startswith("person:")}
    return {f"person:{each}": name for each, name in person_names(session, ids).items()}


def me() -> int | None:
    """The signed-in person's id."""
    who = identity.current()
    return None if who is None else who.person_id


def units(session: Session) -> list[tuple[int, str]]:
    """The units in which the person may do what the route does, indented by depth."""
    return unit_names(session, identity.permitted_units())


def people(session: Session, on: date) -> list[tuple[int | str, str]]:
    """People who are with the company on a day, by name."""
    return [
        NOBODY,
        *((each.id, each.name or each.email or f"person {each.id}") for each in list_people(session, on)),
    ]
