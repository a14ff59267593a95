"""The addresses of lists: as views keep them, as they were left in this sign-in, and which view a bare page opens with.

What is remembered stands in the signed cookie: looking at a page writes nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from flask import Flask, current_app, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from blueprints import identity, links, permissions
from mopsaudit import organisation
from mopsaudit.errors import NotFoundError
from mopsaudit.inventory.people import unit_names
from mopsaudit.organisation import views as saved
from mopsaudit.store.session import reading

if TYPE_CHECKING:
    from blueprints.tables import Table

#: Parameters a view does not keep: the moment, the page, a file, the view itself.
_OWN: Final = frozenset({"as_of", "page", "format", "view"})
#: Parameters that are the scope and not the list: an address with nothing else is the bare page.
_SCOPE: Final = frozenset({"as_of", "unit"})
#: The view that is no view: everything, also where a page opens with another one.
ALL: Final = "all"
_LISTS: Final = "lists"
#: Lists remembered at once, and the letters of each: the cookie has room for few.
_REMEMBERED: Final = 8
_LONGEST: Final = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The views of the list shown: which there are, which is open, whether what is shown differs from it."""

    page: str
    views: tuple[saved.View, ...]
    open: saved.View | None
    changed: bool
    query: str
    units: tuple[tuple[int, str], ...]


def init_app(app: Flask) -> None:
    """Give the tables' template its menu."""
    app.jinja_env.globals["views_menu"] = menu


def page_key() -> str | None:
    """The list the request is for, as views know it; None for pages of one record, which have no views."""
    arguments = dict(request.view_args or {})
    slug = arguments.pop("slug", None)
    if arguments or request.endpoint is None or request.method != "GET":
        return None
    return f"{request.endpoint}:{slug}" if slug else request.endpoint


def address_of(page: str, query: str, **more: str) -> str | None:
    """The address of a list with a query, in the scope of the request; None for a page that is no more."""
    endpoint, _, slug = page.partition(":")
    if endpoint not in current_app.view_functions:
        return None
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=False):
        if name not in _OWN and not name.startswith("_"):
            given.setdefault(name, []).append(value)
    bare = url_for(endpoint, slug=slug or None)
    path, _, scope = bare.partition("?")
    kept = {name: value for name, value in parse_qsl(scope) if name not in given}
    text = urlencode([*kept.items(), *((name, v) for name, vs in given.items() for v in vs), *more.items()])
    return f"{path}?{text}" if text else path


def query_here(*, with_unit: bool = True) -> str:
    """The query of this page as a view keeps it, in one order whatever the address's."""
    pairs = [
        (name, value)
        for name, values in request.args.lists()
        for value in values
        if value and name not in _OWN and (with_unit or name != "unit") and not name.endswith(".page")
    ]
    return urlencode(sorted(pairs))


def menu(table: "Table") -> Menu | None:
    """The views of the page, for the head of its first table."""
    page = page_key()
    who = identity.current()
    if page is None or who is None or table.asked.prefix:
        return None
    with reading() as reader:
        found = saved.list_views(reader, person_id=who.person_id, reach=reach(), page=page)
        units = tuple(unit_names(reader, identity.permitted_units()))
    wanted = request.args.get("view", type=int)
    opened = next((each for each in found if each.id == wanted), None)
    here = query_here()
    return Menu(
        page=page,
        views=found,
        open=opened,
        changed=opened is not None and opened.query != here,
        query=here,
        units=units,
    )


def reach() -> frozenset[int]:
    """The units in which the person has any role."""
    return identity.person().units_for(permissions.EVERYONE)


def first_view() -> ResponseReturnValue | None:
    """Where the bare page leads: to the view the person chose it to open with; None where it stays as it is."""
    page = page_key()
    who = identity.current()
    if page is None or who is None or set(request.args) - _SCOPE:
        return None
    with reading() as reader:
        found = saved.list_views(reader, person_id=who.person_id, reach=reach(), page=page)
    chosen = next((each for each in found if each.default), None)
    address = address_of(page, within_reach(chosen)[0], view=str(chosen.id)) if chosen else None
    return redirect(address) if address else None


def gone(prefix: str, known: Collection[str]) -> tuple[str, ...]:
    """Columns the address names for a table that are not among its own."""
    start = len(prefix) + 2
    named = [
        name[start:].removesuffix(".from").removesuffix(".to")
        for name in request.args
        if name.startswith(prefix + "f.")
    ]
    named += request.args.getlist(prefix + "cols")
    named += [text.lstrip("-") for text in request.args.getlist(prefix + "sort")]
    return tuple(dict.fromkeys(name[:40] for name in named if name and name not in known))


def everything() -> str:
    """This page in its scope with nothing else asked, whatever view it opens with."""
    kept = {name: [text] for name in _SCOPE if (text := request.args.get(name))}
    return links.here({**dict(sorted(kept.items())), "view": [ALL]})


def with_filters(address: str, prefix: str) -> str:
    """Another address with a table's search, filters and scope, and that all rows found are meant."""
    wanted = [
        (name, value)
        for name, values in request.args.lists()
        for value in values
        if name in (prefix + "q", *_SCOPE) or name.startswith(prefix + "f.")
    ]
    return f"{address.partition('?')[0]}?{urlencode([*wanted, ('all', '1')])}"


def remember() -> None:
    """Keep in the cookie how this list is left."""
    page = page_key()
    if page is None or identity.current() is None:
        return
    kept: dict[str, str] = dict(cookie.get(_LISTS) or {})
    before = dict(kept)
    kept.pop(page, None)
    query = query_here(with_unit=False)
    if (view := request.args.get("view", "")) and (view == ALL or view.isdigit()):
        query = "&".join(part for part in (query, f"view={view}") if part)
    if query and len(query) <= _LONGEST:
        kept[page] = query
    kept = dict(list(kept.items())[-_REMEMBERED:])
    if kept != before:
        cookie[_LISTS] = kept


def left_at(endpoint: str, values: Mapping[str, str]) -> str | None:
    """The address of a list as it was left in this sign-in; None where it was left bare."""
    slug = values.get("slug")
    if set(values) - {"slug"}:
        return None
    page = f"{endpoint}:{slug}" if slug else endpoint
    query = (cookie.get(_LISTS) or {}).get(page)
    if not isinstance(query, str):
        return None
    view = next((value for name, value in parse_qsl(query) if name == "view"), None)
    return address_of(page, query, **({"view": view} if view else {}))


def within_reach(view: saved.View) -> tuple[str, str | None]:
    """A view's query without a unit the person may not ask about, and that unit."""
    pairs = parse_qsl(view.query)
    unit = next((value for name, value in pairs if name == "unit"), None)
    if unit is None:
        return view.query, None
    with reading() as reader:
        try:
            known = organisation.find_unit(reader, unit)
        except NotFoundError:
            known = None
    if known is not None and known.id in reach() and known.retired_on is None:
        return view.query, None
    return urlencode([(name, value) for name, value in pairs if name != "unit"]), unit


def cleaned(query: str) -> str:
    """A query as views keep it, whatever a form sent."""
    pairs = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=False)
        if name not in _OWN and not name.startswith("_")
    ]
    return urlencode(sorted(pairs))
