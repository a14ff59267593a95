"""Who may sign in: first account, invitations, roles by unit, sessions, throttle, one-time forms."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from mopsaudit import organisation
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.store.models import Account, SignInAttempt, Vendor, WebSession
from mopsaudit.store.session import SYSTEM, Actor, reading, unit_of_work
from tests import builders

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


def account(session: Session, now: datetime, email: str = "ada@example.com", role: str = "ops") -> Account:
    return organisation.create_account(
        session, email=email, name="Ada Byron", password_hash="hash", role=role, now=now
    )


def test_an_account_is_found_whatever_the_case_and_its_person_is_kept(
    session: Session, now: datetime
) -> None:
    known = builders.person(session, "Ada", email="ada@example.com")
    made = account(session, now, "Ada@Example.com")
    assert made.person_id == known.id
    assert organisation.find_account(session, " ADA@EXAMPLE.COM ") is made
    assert organisation.find_account(session, "bob@example.com") is None
    with pytest.raises(InvalidError, match="already"):
        account(session, now, "ADA@example.com")
    with pytest.raises(InvalidError, match="another spelling"):
        account(session, now, "ada+x@example.com")


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@x.com", "a b@x.com", "ada@localhost", "a@x.com\r\nBcc: y"]
)
def test_what_is_no_address_is_refused(session: Session, now: datetime, email: str) -> None:
    with pytest.raises(InvalidError):
        account(session, now, email)


def test_an_unknown_role_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(InvalidError, match="not a role"):
        account(session, now, role="root")


def test_roles_hold_in_a_unit_and_its_sub_tree(session: Session, now: datetime) -> None:
    emea = builders.unit(session, "EMEA")
    uk = builders.unit(session, "UK", parent=emea)
    made = account(session, now)
    organisation.grant_role(session, made, role="finance", unit=emea)
    organisation.grant_role(session, made, role="finance", unit=emea)
    grants = organisation.memberships_of(session, made.id)
    root = organisation.root_unit(session).id
    assert [(each.role, set(each.unit_ids)) for each in grants] == [
        ("ops", {root, emea.id, uk.id}),
        ("finance", {emea.id, uk.id}),
    ]
    organisation.withdraw_role(session, made, role="finance", unit=emea)
    assert len(organisation.memberships_of(session, made.id)) == 1
    with pytest.raises(NotFoundError):
        organisation.withdraw_role(session, made, role="finance", unit=emea)


def test_the_last_admin_stays(session: Session, now: datetime) -> None:
    root = organisation.root_unit(session)
    first = account(session, now, role="admin")
    with pytest.raises(InvalidError, match="last admin"):
        organisation.deactivate_account(session, first, now=now)
    with pytest.raises(InvalidError, match="last admin"):
        organisation.withdraw_role(session, first, role="admin", unit=root)
    account(session, now, "bob@example.com", role="admin")
    organisation.deactivate_account(session, first, now=now)
    assert not first.active


def test_the_first_run_token_works_once_and_only_while_nobody_can_sign_in(
    session: Session, now: datetime
) -> None:
    old = organisation.create_setup_token(session, now=now)
    token = organisation.create_setup_token(session, now=now)
    assert not organisation.verify_setup_token(session, old, now=now)
    assert not organisation.verify_setup_token(session, "guess", now=now)
    assert organisation.verify_setup_token(session, token, now=now)
    assert not organisation.verify_setup_token(session, token, now=now + timedelta(days=31))
    assert organisation.find_invitation(session, token, now=now) is None
    made = organisation.create_first_account(
        session, token, email="ada@example.com", name="Ada", password_hash="h", now=now
    )
    assert [each.role for each in made.memberships] == ["admin"]
    assert not organisation.verify_setup_token(session, token, now=now)
    with pytest.raises(NotFoundError):
        organisation.create_first_account(
            session, token, email="eve@example.com", name="Eve", password_hash="h", now=now
        )
    with pytest.raises(InvalidError, match="closed"):
        organisation.create_setup_token(session, now=now)


@BOTH
def test_of_many_first_admins_at_once_one_is_made(app: Flask, now: datetime, database: str) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        token = organisation.create_setup_token(session, now=now)
    refused: list[Exception] = []

    def make(number: int) -> None:
        try:
            with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
                organisation.create_first_account(
                    session, token, email=f"p{number}@example.com", name="P", password_hash="h", now=now
                )
        except NotFoundError as error:
            refused.append(error)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1
    assert len(refused) == 5


def test_an_invitation_makes_one_account_in_its_unit(session: Session, now: datetime) -> None:
    emea = builders.unit(session, "EMEA")
    made, token = organisation.create_invitation(
        session, email="Bob@example.com", role="finance", unit=emea, now=now
    )
    assert token not in {made.token_hash, made.email}
    assert organisation.open_invitations(session, now=now) == (made,)
    joined = organisation.accept_invitation(session, token, name="Bob", password_hash="h", now=now)
    assert [(each.role, each.unit_id) for each in joined.memberships] == [("finance", emea.id)]
    for late in (now, now + timedelta(days=8)):
        with pytest.raises(NotFoundError):
            organisation.accept_invitation(session, token, name="Bob", password_hash="h", now=late)
    assert organisation.open_invitations(session, now=now) == ()


def test_an_invitation_expires_and_can_be_withdrawn(session: Session, now: datetime) -> None:
    made, token = organisation.create_invitation(session, email="bob@example.com", role="ops", now=now)
    assert organisation.find_invitation(session, token, now=now + timedelta(days=7)) is None
    organisation.withdraw_invitation(session, made.id, now=now)
    assert organisation.find_invitation(session, token, now=now) is None


def test_a_session_ends_by_its_row_whatever_the_cookie_says(session: Session, now: datetime) -> None:
    made = account(session, now)
    token = organisation.open_session(session, made.id, now=now, agent="x" * 500)
    other = organisation.open_session(session, made.id, now=now)
    assert session.scalars(select(WebSession.token_hash).where(WebSession.token_hash == token)).all() == []
    assert organisation.find_session(session, token, now=now) is made
    assert organisation.find_session(session, token, now=now + timedelta(hours=12)) is None
    organisation.revoke_session(session, token, now=now)
    assert organisation.find_session(session, token, now=now) is None
    third = organisation.open_session(session, made.id, now=now)
    organisation.revoke_sessions(session, made.id, now=now, but=third)
    assert organisation.find_session(session, other, now=now) is None
    assert organisation.find_session(session, third, now=now) is made
    organisation.set_password(session, made, "new", now=now)
    assert organisation.find_session(session, third, now=now) is None


def test_an_account_that_is_switched_off_is_signed_out(session: Session, now: datetime) -> None:
    account(session, now, "root@example.com", role="admin")
    made = account(session, now)
    token = organisation.open_session(session, made.id, now=now)
    organisation.deactivate_account(session, made, now=now)
    organisation.activate_account(session, made)
    assert organisation.find_session(session, token, now=now) is None


def test_sign_ins_are_throttled_for_a_while(session: Session, now: datetime) -> None:
    keys = ("pair:1.2.3.4|ada@example.com", "address:1.2.3.4")
    for number in range(5):
        assert not organisation.is_throttled(session, keys, now=now + timedelta(minutes=number))
        organisation.note_failed_sign_in(session, keys, now=now + timedelta(minutes=number))
    assert organisation.is_throttled(session, keys, now=now + timedelta(minutes=5))
    assert not organisation.is_throttled(session, keys[1:], now=now + timedelta(minutes=5))
    assert not organisation.is_throttled(session, keys, now=now + timedelta(minutes=15))
    organisation.forget_failed_sign_ins(session, keys[:1])
    assert not organisation.is_throttled(session, keys, now=now + timedelta(minutes=5))
    assert all("ada" not in key for key in session.scalars(select(SignInAttempt.key)))


@BOTH
def test_a_form_sent_twenty_times_at_once_has_one_effect(app: Flask, now: datetime, database: str) -> None:
    places: list[str | None] = []

    def send() -> None:
        with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
            earlier = organisation.claim_form_token(session, "ops|tools.new|abc", now=now)
            if earlier is None:
                session.add(Vendor(name="Adobe"))
                session.flush()
                organisation.keep_form_location(session, "ops|tools.new|abc", "/vendors/1")
            places.append(earlier)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(places, key=str) == ["/vendors/1"] * 19 + [None]
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Vendor)) == 1


def test_history_tells_names_and_hides_the_erased(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        ada = builders.person(session, "Ada Byron")
        who = Actor.person(ada.id)
    with app.app_context(), unit_of_work(who, now=now, reason="new name") as session:
        vendor = builders.vendor(session, "Adobe")
        vendor_id = vendor.id
    with app.app_context(), unit_of_work(who, now=now) as session:
        session.get_one(Vendor, vendor_id).name = "Adobe Inc."
    with app.app_context(), reading() as session:
        newest, oldest = organisation.history(session, "vendor", vendor_id)
    assert (newest.who, newest.action) == ("Ada Byron", "update")
    assert [(each.field, each.before, each.after) for each in newest.changes] == [
        ("name", "Adobe", "Adobe Inc.")
    ]
    assert oldest.reason == "new name"


def test_tokens_of_invitations_are_not_kept(session: Session, now: datetime) -> None:
    _, token = organisation.create_invitation(session, email="bob@example.com", role="ops", now=now)
    assert token not in str(session.execute(text("SELECT * FROM invitation")).all())
