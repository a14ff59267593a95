"""Who may sign in: people, accounts, roles by unit, invitations, and the first account of all.

Tokens are made here, returned once, and kept as SHA-256 only. Passwords arrive hashed (argon2id); their rules stand
with the pages that ask for them.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.organisation.sessions import revoke_sessions
from mopsaudit.organisation.units import ensure_root, unit_tree
from mopsaudit.store.models import Account, BusinessUnit, Invitation, Membership, Person
from mopsaudit.store.people import RoleName

INVITED_FOR: Final = timedelta(days=7)
SETUP_FOR: Final = timedelta(days=30)
_SETUP_NOTE: Final = "first run"


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def email_key(email: str) -> str:
    """The one spelling by which a person is known: case-folded, without a plus-tag."""
    local, at, domain = email.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _checked_email(email: str) -> str:
    text = email.strip()
    local, at, domain = text.rpartition("@")
    if not (local and at and "." in domain) or any(each.isspace() for each in text) or len(text) > 320:
        raise InvalidError(f"“{text[:80]}” is not an email address.", "email")
    return text


def _checked_role(role: str) -> str:
    if role not in tuple(RoleName):
        raise InvalidError(f"“{role[:40]}” is not a role; choose one of {', '.join(RoleName)}.", "role")
    return role


def accounts_exist(session: Session) -> bool:
    """Whether anybody can sign in; while nobody can, the first-run page is open to whoever has its token."""
    return session.scalar(select(Account.id).limit(1)) is not None


def find_account(session: Session, email: str) -> Account | None:
    """The account of an address, upper and lower case alike; None where there is none."""
    return session.scalars(
        select(Account).where(Account.email == email.strip().casefold()).order_by(Account.id).limit(1)
    ).one_or_none()


def get_account(session: Session, account_id: int) -> Account:
    """An account by id.

    Raises:
        NotFoundError: when there is none.
    """
    found = session.get(Account, account_id)
    if found is None:
        raise NotFoundError("There is no such account.")
    return found


def find_person(session: Session, email: str) -> Person | None:
    """The person of an address (case and plus-tags aside); None where nobody has it."""
    return session.scalars(select(Person).where(Person.email_key == email_key(email))).one_or_none()


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: str,
    role: str,
    now: datetime,
    unit: BusinessUnit | None = None,
) -> Account:
    """A new account with one role in ``unit`` and its sub-tree (default: the root). A known person keeps their row.

    Raises:
        InvalidError: for an address that is none or is taken, an empty name, or an unknown role.
    """
    address = _checked_email(email)
    _checked_role(role)
    if find_account(session, address) is not None:
        raise InvalidError("There is an account with this email already.", "email")
    who = find_person(session, address)
    if who is None:
        who = Person(email=address, email_key=email_key(address))
        session.add(who)
    elif session.scalar(select(Account.id).where(Account.person_id == who.id)) is not None:
        raise InvalidError(
            "This person has an account already, under another spelling of the email.", "email"
        )
    if name.strip():
        who.name = name.strip()[:200]
    if not who.name:
        raise InvalidError("Give the person a name.", "name")
    session.flush()
    made = Account(
        person_id=who.id,
        email=address.casefold(),
        password=password_hash,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
    )
    made.memberships = [Membership(role=role, unit_id=(unit or ensure_root(session)).id)]
    session.add(made)
    session.flush()
    return made


def set_password(session: Session, account: Account, password_hash: str, *, now: datetime) -> None:
    """Change a password; every browser signed in as this account is signed out."""
    account.password = password_hash
    revoke_sessions(session, account.id, now=now)
    session.flush()


def deactivate_account(session: Session, account: Account, *, now: datetime) -> None:
    """Take away the sign-in, at once and everywhere.

    Raises:
        InvalidError: for the last active admin.
    """
    _keep_an_admin(session, without_account=account.id)
    account.active = False
    revoke_sessions(session, account.id, now=now)
    session.flush()


def activate_account(session: Session, account: Account) -> None:
    """Give the sign-in back."""
    account.active = True
    session.flush()


def grant_role(session: Session, account: Account, *, role: str, unit: BusinessUnit) -> None:
    """Give a role in a unit and its sub-tree; one held already changes nothing.

    Raises:
        InvalidError: for an unknown role.
    """
    _checked_role(role)
    if all((each.role, each.unit_id) != (role, unit.id) for each in account.memberships):
        account.memberships.append(Membership(role=role, unit_id=unit.id))
        session.flush()


def withdraw_role(session: Session, account: Account, *, role: str, unit: BusinessUnit) -> None:
    """Take a role in a unit away.

    Raises:
        NotFoundError: when it is not held.
        InvalidError: for the last active admin's.
    """
    held = next((each for each in account.memberships if (each.role, each.unit_id) == (role, unit.id)), None)
    if held is None:
        raise NotFoundError("This role is not held.")
    if role == RoleName.ADMIN and unit.parent_id is None:
        _keep_an_admin(session, without_account=account.id)
    account.memberships.remove(held)
    session.flush()


def _keep_an_admin(session: Session, *, without_account: int) -> None:
    left = session.scalar(
        select(func.count())
        .select_from(Account)
        .join(Membership, Membership.account_id == Account.id)
        .join(BusinessUnit, BusinessUnit.id == Membership.unit_id)
        .where(
            Account.active,
            Account.id != without_account,
            Membership.role == RoleName.ADMIN,
            BusinessUnit.parent_id.is_(None),
        )
    )
    if not left and _is_admin(session, without_account):
        raise InvalidError("This is the last admin; make somebody else admin first.")


def _is_admin(session: Session, account_id: int) -> bool:
    return (
        session.scalar(
            select(Membership.id)
            .where(Membership.account_id == account_id, Membership.role == RoleName.ADMIN)
            .limit(1)
        )
        is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role with every unit it counts in: its unit and the sub-tree."""

    role: str
    unit_id: int
    unit_ids: frozenset[int]


def memberships_of(session: Session, account_id: int) -> tuple[Grant, ...]:
    """The roles of an account, in the order they were given."""
    rows = session.execute(
        select(Membership.role, BusinessUnit)
        .join(BusinessUnit, BusinessUnit.id == Membership.unit_id)
        .where(Membership.account_id == account_id)
        .order_by(Membership.id)
    ).all()
    trees = {unit.id: frozenset(unit_tree(session, unit)) for _, unit in rows}
    return tuple(Grant(role=role, unit_id=unit.id, unit_ids=trees[unit.id]) for role, unit in rows)


def list_accounts(session: Session) -> tuple[Account, ...]:
    """All accounts by name."""
    statement = select(Account).join(Person, Person.id == Account.person_id).order_by(Person.name, Account.id)
    return tuple(session.scalars(statement).unique())


# ── Invitations ───────────────────────────────────────────────────────────────────────────────────


def admin_names(session: Session, *, most: int = 5) -> tuple[str, ...]:
    """Whom to ask for a role: names of active accounts with the role admin in any unit, at most ``most``."""
    rows = session.execute(
        select(Person.name, Account.email)
        .join(Account, Account.person_id == Person.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(Account.active, Membership.role == RoleName.ADMIN)
        .distinct()
        .order_by(Person.name, Account.email)
        .limit(most)
    ).all()
    return tuple(name or email for name, email in rows)


def create_invitation(
    session: Session,
    *,
    email: str,
    role: str,
    now: datetime,
    unit: BusinessUnit | None = None,
    created_by_id: int | None = None,
    note: str | None = None,
) -> tuple[Invitation, str]:
    """An invitation for one address, role and unit, valid for seven days, and its token (shown once, kept as hash).

    Raises:
        InvalidError: for an address that is none or has an account, or an unknown role.
    """
    address = _checked_email(email)
    _checked_role(role)
    if find_account(session, address) is not None:
        raise InvalidError("There is an account with this email already.", "email")
    return _invite(
        session,
        email=address,
        role=role,
        unit=unit or ensure_root(session),
        created_by_id=created_by_id,
        now=now,
        until=now + INVITED_FOR,
        note=note,
    )


def _invite(
    session: Session,
    *,
    email: str,
    role: str,
    unit: BusinessUnit,
    created_by_id: int | None,
    now: datetime,
    until: datetime,
    note: str | None,
) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    made = Invitation(
        token_hash=token_hash(token),
        email=email,
        role=role,
        unit_id=unit.id,
        created_by_id=created_by_id,
        created_at=now,
        expires_at=until,
        note=note,
    )
    session.add(made)
    session.flush()
    return made, token


def find_invitation(session: Session, token: str, *, now: datetime) -> Invitation | None:
    """The open invitation of a token; None for a wrong, used or expired one."""
    return session.scalars(
        select(Invitation).where(
            Invitation.token_hash == token_hash(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Invitation.email != "",
        )
    ).one_or_none()


def open_invitations(session: Session, *, now: datetime) -> tuple[Invitation, ...]:
    """Invitations that still can be used, newest first."""
    statement = (
        select(Invitation)
        .where(Invitation.used_at.is_(None), Invitation.expires_at > now, Invitation.email != "")
        .order_by(Invitation.id.desc())
    )
    return tuple(session.scalars(statement))


def accept_invitation(
    session: Session, token: str, *, name: str, password_hash: str, now: datetime
) -> Account:
    """Make the account an invitation is for; the invitation is used up.

    Raises:
        NotFoundError: for a wrong, used or expired token.
        InvalidError: for an empty name, or when the address got an account meanwhile.
    """
    found = find_invitation(session, token, now=now)
    if found is None:
        raise NotFoundError("This invitation is not valid any more; ask for a new one.")
    _use(session, found, now=now)
    return create_account(
        session,
        email=found.email,
        name=name,
        password_hash=password_hash,
        role=found.role,
        unit=session.get(BusinessUnit, found.unit_id),
        now=now,
    )


def withdraw_invitation(session: Session, invitation_id: int, *, now: datetime) -> None:
    """End an invitation before it is used.

    Raises:
        NotFoundError: when it is not open.
    """
    found = session.get(Invitation, invitation_id)
    if found is None or found.used_at is not None:
        raise NotFoundError("There is no such open invitation.")
    found.expires_at = now
    session.flush()


def _use(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """Use it up; of two at the same time one fails."""
    session.refresh(invitation, with_for_update=True)
    if invitation.used_at is not None:
        raise NotFoundError("This invitation is not valid any more; ask for a new one.")
    invitation.used_at = now
    session.flush()


# ── The first account of all ──────────────────────────────────────────────────────────────────────


def create_setup_token(session: Session, *, now: datetime) -> str:
    """A new one-time token for the first-run page; an earlier one stops working.

    Raises:
        InvalidError: when somebody can sign in already.
    """
    if accounts_exist(session):
        raise InvalidError("Somebody can sign in already; the first-run page is closed.")
    for earlier in session.scalars(
        select(Invitation).where(Invitation.email == "", Invitation.used_at.is_(None)).order_by(Invitation.id)
    ):
        earlier.used_at = now
    _, token = _invite(
        session,
        email="",
        role=RoleName.ADMIN,
        unit=ensure_root(session),
        created_by_id=None,
        now=now,
        until=now + SETUP_FOR,
        note=_SETUP_NOTE,
    )
    return token


def _setup_invitation(session: Session, token: str, now: datetime) -> Invitation | None:
    return session.scalars(
        select(Invitation).where(
            Invitation.token_hash == token_hash(token),
            Invitation.email == "",
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
    ).one_or_none()


def verify_setup_token(session: Session, token: str, *, now: datetime) -> bool:
    """Whether the first-run page opens with this token: it is the newest, unused, and nobody can sign in yet."""
    return not accounts_exist(session) and _setup_invitation(session, token, now) is not None


def create_first_account(
    session: Session, token: str, *, email: str, name: str, password_hash: str, now: datetime
) -> Account:
    """Make the first admin and close the first-run page.

    Raises:
        NotFoundError: when the token is not valid, or somebody can sign in already.
        InvalidError: for an address that is none or an empty name.
    """
    found = _setup_invitation(session, token, now)
    if found is None:
        raise NotFoundError("This first-run link is not valid any more; restart the server for a new one.")
    _use(session, found, now=now)
    if accounts_exist(session):
        raise NotFoundError("This first-run link is not valid any more; somebody can sign in already.")
    return create_account(
        session, email=email, name=name, password_hash=password_hash, role=RoleName.ADMIN, now=now
    )
