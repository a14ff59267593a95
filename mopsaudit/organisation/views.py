"""Saved views: the address of a list under a name, private or shared with a unit, and the one a page opens with.

A view is the query of an address and nothing else. Whoever opens it asks that question in their own scope, so a shared
view never shows more than its reader may see anyway.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session, aliased

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.organisation.edits import apply_edit
from mopsaudit.store.people import BusinessUnit, Person
from mopsaudit.store.system import DefaultView, SavedView

#: The longest address a view keeps, in letters.
LONGEST_QUERY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view as a person sees it: their own, or one shared with theirs. ``unit`` is whom it is shared with."""

    id: int
    page: str
    name: str
    query: str
    own: bool
    by: str
    unit_id: int | None
    unit: str | None
    version: int
    default: bool


def _seen(person_id: int, reach: Collection[int]) -> ColumnElement[bool]:
    """The condition that a person sees a view: it is theirs, or shared with a unit of theirs, above or below."""
    theirs, shared = aliased(BusinessUnit), aliased(BusinessUnit)
    related = (
        select(shared.id)
        .join(
            theirs,
            or_(theirs.path.startswith(shared.path), shared.path.startswith(theirs.path)),
        )
        .where(theirs.id.in_(reach))
    )
    return or_(
        SavedView.person_id == person_id,
        and_(SavedView.shared.is_(True), SavedView.unit_id.in_(related)),
    )


def list_views(
    session: Session, *, person_id: int, reach: Collection[int], page: str | None = None
) -> tuple[View, ...]:
    """The views a person sees (of one page, or of all), their own first, by name.

    ``reach`` are the units in which the person has a role.
    """
    query = (
        select(SavedView, Person.name, BusinessUnit.name, DefaultView.id)
        .join(Person, Person.id == SavedView.person_id)
        .outerjoin(BusinessUnit, BusinessUnit.id == SavedView.unit_id)
        .outerjoin(
            DefaultView,
            and_(DefaultView.view_id == SavedView.id, DefaultView.person_id == person_id),
        )
        .where(_seen(person_id, reach))
    )
    if page is not None:
        query = query.where(SavedView.page == page)
    found = [
        View(
            id=view.id,
            page=view.page,
            name=view.name,
            query=view.query,
            own=view.person_id == person_id,
            by=by,
            unit_id=view.unit_id,
            unit=unit,
            version=view.version,
            default=default is not None,
        )
        for view, by, unit, default in session.execute(query.order_by(SavedView.id)).all()
    ]
    return tuple(sorted(found, key=lambda each: (not each.own, each.page, each.name.casefold(), each.id)))


def get_view(session: Session, view_id: int, *, person_id: int, reach: Collection[int]) -> View:
    """A view the person sees.

    Raises:
        NotFoundError: missing or not for them: both answer alike.
    """
    found = next(
        (each for each in list_views(session, person_id=person_id, reach=reach) if each.id == view_id), None
    )
    if found is None:
        raise NotFoundError("There is no such view.")
    return found


def save_view(
    session: Session, *, person_id: int, page: str, name: str, query: str, unit_id: int | None = None
) -> SavedView:
    """Keep an address under a name; ``unit_id`` shares it with that unit's people.

    Raises:
        InvalidError: no name, a name the person uses on this page already, or an address that is too long.
    """
    _check_query(query)
    view = SavedView(
        person_id=person_id,
        page=page,
        name=_clean(session, name, person_id, page),
        query=query,
        shared=unit_id is not None,
        unit_id=unit_id,
    )
    session.add(view)
    session.flush()
    return view


def change_view(
    session: Session,
    view_id: int,
    version: int,
    *,
    person_id: int,
    name: str | None = None,
    query: str | None = None,
    unit_id: int | bool | None = False,
) -> SavedView:
    """Rename a view of one's own, give it another address, share it (``unit_id``) or not (None; False leaves it).

    Raises:
        ConflictError: stale version.
        InvalidError: a name in use, or an address that is too long.
        NotFoundError: somebody else's view, or none.
    """
    view = _own(session, view_id, person_id)
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = _clean(session, name, person_id, view.page, but=view.id)
    if query is not None:
        _check_query(query)
        changes["query"] = query
    if unit_id is not False:
        changes |= {"unit_id": unit_id, "shared": unit_id is not None}
    apply_edit(view, version, changes, "view")
    if view.unit_id is None:  # nobody else's page opens with what they no longer see
        session.execute(
            delete(DefaultView).where(DefaultView.view_id == view.id, DefaultView.person_id != person_id)
        )
    session.flush()
    return view


def delete_view(session: Session, view_id: int, *, person_id: int) -> str:
    """Remove a view of one's own, and it from every page that opens with it; its name.

    Raises:
        NotFoundError: somebody else's view, or none.
    """
    view = _own(session, view_id, person_id)
    session.execute(delete(DefaultView).where(DefaultView.view_id == view.id))
    name = view.name
    session.delete(view)
    session.flush()
    return name


def choose_default(session: Session, *, person_id: int, page: str, view: View | None) -> None:
    """The view a page opens with for a person; None: all of it.

    Raises:
        InvalidError: a view of another page.
    """
    if view is not None and view.page != page:
        raise InvalidError("This view belongs to another page.")
    session.execute(delete(DefaultView).where(DefaultView.person_id == person_id, DefaultView.page == page))
    if view is not None:
        session.add(DefaultView(person_id=person_id, page=page, view_id=view.id))
    session.flush()


def _own(session: Session, view_id: int, person_id: int) -> SavedView:
    view = session.get(SavedView, view_id, with_for_update=True)
    if view is None or view.person_id != person_id:
        raise NotFoundError("There is no such view.")
    return view


def _clean(session: Session, name: str, person_id: int, page: str, *, but: int | None = None) -> str:
    text = " ".join(name.split())
    if not text or len(text) > 80:
        raise InvalidError("Give the view a name of 1 to 80 letters.", "name")
    taken = session.scalars(
        select(SavedView).where(SavedView.person_id == person_id, SavedView.page == page)
    ).all()
    if any(each.name.casefold() == text.casefold() and each.id != but for each in taken):
        raise InvalidError(f"You have a view called {text} here already.", "name")
    return text


def _check_query(query: str) -> None:
    if len(query) > LONGEST_QUERY:
        raise InvalidError("This view filters by too much to be kept; choose fewer values.")
