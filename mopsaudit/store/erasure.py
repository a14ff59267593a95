"""What of a person leaves the rows when they are erased; figures, counts and references stay.

Statements on a connection, so that a restore can erase again, in its own transaction, whoever was erased before it.
The trail holds references to the person's row where personal values were, so its chain stays as it is; the caller
notes the erasure there.
"""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, or_, select, update

from mopsaudit.store.models import (
    Account,
    CalendarFeed,
    DashboardVisit,
    DefaultView,
    Invitation,
    Membership,
    Notice,
    Person,
    ReportSubscription,
    SavedView,
    ToolUser,
    WaitingUser,
    WebSession,
)

#: What stands in a usage record's key in place of the address or number; the row's own id keeps keys apart.
ERASED_KEY: Final = "erased:"


def erased_people(connection: Connection) -> dict[int, datetime]:
    """Ids of erased people with the moment (aware UTC) they were erased."""
    rows = connection.execute(
        select(Person.id, Person.erased_at).where(Person.erased_at.is_not(None)).order_by(Person.id)
    )
    return {person_id: at.astimezone(UTC) for person_id, at in rows if at is not None}


def named_users(person_id: int, email_key: str | None, external_id: str | None) -> ColumnElement[bool]:
    """The condition that a usage record's user is the person: placed on them, or keyed by their address or number."""
    keys = [key for key in (email_key, external_id) if key]
    placed = ToolUser.person_id == person_id
    return or_(placed, and_(ToolUser.person_id.is_(None), ToolUser.user_key.in_(keys))) if keys else placed


def waiting_users(email_key: str | None, external_id: str | None) -> ColumnElement[bool]:
    """The condition that a user of an application that waits for its tool is the person of this address or number."""
    keys = [key for key in (email_key, external_id) if key]
    return or_(WaitingUser.user_key.in_(keys), WaitingUser.external_id.in_(keys)) if keys else false()


def erase_rows(connection: Connection, person_id: int, *, now: datetime) -> dict[str, int] | None:
    """Empty a person's row and take their sign-in and identity out of all others; counts of rows by kind.

    None when there is no such person.
    """
    found = connection.execute(
        select(Person.email, Person.email_key, Person.external_id).where(Person.id == person_id)
    ).one_or_none()
    if found is None:
        return None
    counts: dict[str, int] = {}

    def note(name: str, done: int) -> None:
        if done:
            counts[name] = done

    users = named_users(person_id, found.email_key, found.external_id)
    ids = connection.scalars(select(ToolUser.id).where(users).order_by(ToolUser.id)).all()
    for user_id in ids:
        connection.execute(
            update(ToolUser)
            .where(ToolUser.id == user_id)
            .values(user_key=f"{ERASED_KEY}{user_id}", person_id=person_id)
        )
    note("usage_users", len(ids))
    waits = waiting_users(found.email_key, found.external_id)
    waiting = connection.scalars(select(WaitingUser.id).where(waits).order_by(WaitingUser.id)).all()
    for user_id in waiting:
        connection.execute(
            update(WaitingUser)
            .where(WaitingUser.id == user_id)
            .values(user_key=f"{ERASED_KEY}w{user_id}", external_id=None)
        )
    note("waiting_users", len(waiting))
    accounts = connection.execute(
        select(Account.id, Account.email).where(Account.person_id == person_id).order_by(Account.id)
    ).all()
    addresses = {address.lower() for address in (found.email, *(each.email for each in accounts)) if address}
    if addresses:
        gone = connection.execute(
            delete(Invitation).where(func.lower(Invitation.email).in_(sorted(addresses)))
        )
        note("invitations", gone.rowcount)
    own = [each.id for each in accounts]
    if own:
        connection.execute(delete(WebSession).where(WebSession.account_id.in_(own)))
        connection.execute(delete(DashboardVisit).where(DashboardVisit.account_id.in_(own)))
        roles = connection.execute(delete(Membership).where(Membership.account_id.in_(own)))
        note("roles", roles.rowcount)
        note("sign_ins", connection.execute(delete(Account).where(Account.id.in_(own))).rowcount)
    for name, model in (
        ("calendar_feeds", CalendarFeed),
        ("notices", Notice),
        ("default_views", DefaultView),
        ("saved_views", SavedView),
        ("subscriptions", ReportSubscription),
    ):
        note(name, connection.execute(delete(model).where(model.person_id == person_id)).rowcount)
    connection.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            name=f"former person {person_id}",
            email=None,
            email_key=None,
            external_id=None,
            department=None,
            erased_at=now,
            version=Person.version + 1,
        )
    )
    return counts
