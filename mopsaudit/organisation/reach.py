"""How far a person reaches now: the units of all their roles, for what acts in their name without them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation.accounts import memberships_of
from mopsaudit.store.people import Account


def reach_of_person(session: Session, person_id: int) -> frozenset[int]:
    """Every unit id in which the person's active sign-in has a role; empty without one."""
    account = session.scalars(
        select(Account).where(Account.person_id == person_id, Account.active.is_(True))
    ).first()
    if account is None:
        return frozenset()
    return frozenset(unit for grant in memberships_of(session, account.id) for unit in grant.unit_ids)
