"""The left navigation: each page registers its entry; only pages that exist are listed, to those who may open them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from flask import Flask, current_app, request, url_for

from blueprints import identity, list_addresses, permissions

_KEY: Final = "mopsaudit.navigation"
#: Blueprints without an entry of their own → the one whose pages they go on from.
BELOW: Final = {
    "case_measures": "cases",
    "comparisons": "imports",
    "import_changes": "imports",
    "import_problems": "imports",
    "list_files": "tools",
    "review": "imports",
    "rules": "suppliers",
    "saving_proofs": "savings",
    "settlements": "findings",
    "splits": "suppliers",
    "tool_merges": "tools",
}


class Group(StrEnum):
    """The groups of the navigation, in their order."""

    TODAY = ""
    STACK = "Stack"
    MONEY = "Money"
    IMPORTS = "Imports"
    REPORTS = "Reports"
    DECISIONS = "Decisions"
    SCENARIOS = "Scenarios"
    ORGANISATION = "Organisation"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation. ``order`` sorts within the group; ``values`` are arguments of its address.

    ``when`` says whether it is listed at all (None: always).
    """

    endpoint: str
    label: str
    group: Group
    order: int = 50
    values: tuple[tuple[str, str], ...] = ()
    when: Callable[[], bool] | None = None

    @property
    def address(self) -> str:
        """Where it leads, in the scope of the request; a list as it was left."""
        values: dict[str, Any] = dict(self.values)
        return list_addresses.left_at(self.endpoint, values) or url_for(self.endpoint, **values)

    @property
    def current(self) -> bool:
        """Whether the request is for this page, or for one below its blueprint where no entry fits closer."""
        if request.endpoint == self.endpoint:
            view = request.view_args or {}
            return all(str(view.get(key)) == value for key, value in self.values)
        if request.blueprint == "shell":
            return False  # the frame's other pages belong to no entry
        here: dict[str, list[Entry]] = current_app.extensions[_KEY + ".blueprints"]
        name = request.blueprint or ""
        siblings = here.get(name) or here.get(BELOW.get(name, ""), [])
        fitting = [each for each in siblings if each.values and each.values == _values_of(each)]
        return (fitting or siblings) == [self]


def _values_of(entry: Entry) -> tuple[tuple[str, str], ...]:
    """The request's own values for the arguments of an entry."""
    view = request.view_args or {}
    return tuple((key, str(view.get(key))) for key, _ in entry.values)


def init_app(app: Flask, entries: Iterable[Entry]) -> None:
    """Keep the entries in their order on the app."""
    groups = list(Group)
    found = sorted(entries, key=lambda each: (groups.index(each.group), each.order, each.label))
    app.extensions[_KEY] = tuple(found)
    by_blueprint: dict[str, list[Entry]] = {}
    for each in found:
        by_blueprint.setdefault(each.endpoint.partition(".")[0], []).append(each)
    app.extensions[_KEY + ".blueprints"] = by_blueprint


def entries() -> tuple[Entry, ...]:
    """All entries, whoever asks."""
    found: tuple[Entry, ...] = current_app.extensions[_KEY]
    return found


def shown() -> tuple[tuple[Group, tuple[Entry, ...]], ...]:
    """The groups with the entries the signed-in person may open."""
    who = identity.current()
    if who is None:
        return ()
    allowed = [
        each
        for each in entries()
        if who.units_for(permissions.roles_for(each.endpoint, "GET")) and (each.when is None or each.when())
    ]
    return tuple(
        (group, tuple(each for each in allowed if each.group == group))
        for group in Group
        if any(each.group == group for each in allowed)
    )
