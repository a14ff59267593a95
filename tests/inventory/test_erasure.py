"""Erasing a person: nothing names them any more, figures and the trail stay, what they own is handed over or not."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from mopsaudit import organisation
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.inventory.erasure import erase_person, traces_of
from mopsaudit.organisation import create_account, find_person, history, open_session
from mopsaudit.store import chain
from mopsaudit.store.models import Account, Import, ImportProblem, Person, ToolPerson, ToolUser, UsageRecord
from mopsaudit.store.session import SYSTEM, db, keyring, unit_of_work
from tests import builders
from tests.store.test_migrations import dump

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
MARK = "zacharias"


def admin(session: Session, now: datetime) -> int:
    return create_account(
        session, email="boss@example.com", name="Boss", password_hash="!", role="admin", now=now
    ).person_id


def known(session: Session, now: datetime) -> int:
    """Somebody with a sign-in, a tool, a contract, usage under two spellings and a problem that quotes the address."""
    account = create_account(
        session,
        email=f"{MARK}@example.com",
        name=f"{MARK.capitalize()} Quill",
        password_hash="!",
        role="ops",
        now=now,
    )
    person = account.person
    person.external_id, person.department = f"E-{MARK}", "Field marketing"
    open_session(session, account.id, now=now, agent="browser")
    tool = builders.tool(session, "Pulse", business_owner=person)
    builders.contract(session, builders.vendor(session), owner_id=person.id, lines=[{"tool": tool}])
    users = [
        {"key": f"{MARK}@example.com", "last_activity": now.date()},
        {"key": "else@example.com", "never": True},
    ]
    builders.usage(session, tool, users=users)
    other = builders.tool(session, "Second")
    builders.usage(session, other, users=[{"key": f"E-{MARK}", "never": True}])
    session.flush()
    first = session.scalars(select(Import.id).order_by(Import.id)).first()
    session.add(
        ImportProblem(
            import_id=first,
            code="row.refused",
            severity="row",
            rejected=True,
            message=f"Row 7: {MARK.upper()}@example.com left twice.",
        )
    )
    session.flush()
    return person.id


@BOTH
def test_nothing_names_them_and_the_trail_holds(app: Flask, now: datetime, database: str) -> None:
    with app.app_context():
        with unit_of_work(SYSTEM, now=now) as session:
            boss = admin(session, now)
            person_id = known(session, now)
        with unit_of_work(SYSTEM, now=now) as session:
            found = traces_of(session, person_id, on=now.date())
            assert (found.usage_users, len(found.tools), found.contracts, found.signs_in) == (2, 1, 1, True)
            assert len(found.imports) == 2
            counts = erase_person(session, person_id, now=now, today=now.date(), by_person_id=boss)
        assert counts == {"usage_users": 2, "roles": 1, "sign_ins": 1}
        everything = json.dumps(dump(db.engine), default=str).casefold()
        assert MARK not in everything
        with unit_of_work(SYSTEM, now=now) as session:
            person = session.get_one(Person, person_id)
            assert (person.name, person.erased_at) == (f"former person {person_id}", now)
            assert chain.verify(session, keyring()).faults == ()
            assert session.query(UsageRecord).count() == 3, "usage keeps its rows and figures"
            keys = session.scalars(select(ToolUser.user_key).order_by(ToolUser.id)).all()
            assert [key.startswith("erased:") for key in keys] == [True, False, True]
            assert history(session, "person", person_id)[0].action == "erase"
            owner = session.scalars(select(ToolPerson.person_id)).one()
            assert owner == person_id, "left as former person n"
            with pytest.raises(NotFoundError):
                erase_person(session, person_id, now=now, today=now.date(), by_person_id=boss)


def test_what_they_own_goes_to_a_successor_from_today(session: Session, now: datetime) -> None:
    boss, person_id = admin(session, now), known(session, now)
    ann = builders.person(session, "Ann", email="ann@example.com")
    erase_person(session, person_id, now=now, today=now.date(), by_person_id=boss, successor_id=ann.id)
    facts = session.execute(
        select(ToolPerson.person_id, ToolPerson.valid_until).order_by(ToolPerson.id)
    ).all()
    assert facts[-1] == (ann.id, None)
    assert session.scalar(text("SELECT owner_id FROM contract")) == ann.id


@pytest.mark.parametrize("gone", ["self", "left", "nobody"])
def test_a_successor_must_be_there(session: Session, now: datetime, gone: str) -> None:
    person_id = known(session, now)
    left = builders.person(session, "Left", email="left@example.com", left_on=now.date())
    successor = {"self": person_id, "left": left.id, "nobody": 999_999}[gone]
    with pytest.raises(InvalidError, match="still with the company"):
        erase_person(session, person_id, now=now, today=now.date(), by_person_id=None, successor_id=successor)


def test_neither_oneself_nor_the_last_admin(session: Session, now: datetime) -> None:
    boss = admin(session, now)
    with pytest.raises(InvalidError, match="cannot erase yourself"):
        erase_person(session, boss, now=now, today=now.date(), by_person_id=boss)
    with pytest.raises(InvalidError, match="last admin"):
        erase_person(session, boss, now=now, today=now.date(), by_person_id=None)
    assert session.scalars(select(Account.active)).all() == [True]


def test_the_address_is_free_again(session: Session, now: datetime) -> None:
    admin(session, now)
    person_id = known(session, now)
    erase_person(session, person_id, now=now, today=now.date(), by_person_id=None)
    again = create_account(
        session, email=f"{MARK}@example.com", name="Another", password_hash="!", role="viewer", now=now
    )
    assert again.person_id != person_id
    assert organisation.find_account(session, f"{MARK}@example.com") is again


def test_the_command_wants_the_address_twice(
    app: Flask, session: Session, data: Path, now: datetime, runner: FlaskCliRunner
) -> None:
    admin(session, now)
    person_id = known(session, now)
    session.commit()
    kept = data / "spool" / "a.rows"
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(MARK.encode())
    refused = runner.invoke(args=["user", "erase", f"{MARK}@example.com"])
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert kept.exists()
    assert (
        runner.invoke(args=["user", "erase", "none@example.com", "--confirm", "none@example.com"]).exit_code
        == 2
    )
    done = runner.invoke(args=["user", "erase", f"{MARK}@example.com", "--confirm", f"{MARK}@example.com"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"former person {person_id}" in done.stdout
    assert "still names them" in done.stdout
    assert not kept.exists()
    session.rollback()
    assert find_person(session, f"{MARK}@example.com") is None
    assert runner.invoke(args=["trail", "verify"]).exit_code == 0
