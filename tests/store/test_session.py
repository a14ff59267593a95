"""Units of work write, reading cannot, on both databases."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from mopsaudit.store.models import BusinessUnit, Vendor
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


def vendors(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(Vendor)) or 0


@BOTH
def test_a_unit_of_work_commits_at_its_end(app: Flask, now: datetime, database: str) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        session.add(Vendor(name="Adobe"))
    assert vendors(app) == 1


@BOTH
def test_a_unit_of_work_that_fails_leaves_nothing(app: Flask, now: datetime, database: str) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), unit_of_work(SYSTEM, now=now) as session:
        session.add(Vendor(name="Adobe"))
        session.flush()
        raise ZeroDivisionError
    assert vendors(app) == 0


@BOTH
def test_an_inner_unit_joins_the_outer_one(app: Flask, now: datetime, database: str) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), unit_of_work(SYSTEM, now=now):
        with unit_of_work(SYSTEM, now=now) as inner:
            inner.add(Vendor(name="Adobe"))
        raise ZeroDivisionError
    assert vendors(app) == 0


@BOTH
def test_the_database_refuses_to_write_outside_a_unit_of_work(app: Flask, database: str) -> None:
    with app.app_context():
        with pytest.raises(DBAPIError, match=r"read.?only"), reading() as session:
            session.execute(text("INSERT INTO role (name) VALUES ('x')"))
        db.session.rollback()


def test_reading_code_that_changes_a_record_fails(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="changed a record"), reading() as session:
        unit = session.scalars(select(BusinessUnit)).one()
        unit.name = "Other"


def test_changes_before_a_unit_of_work_are_refused(app: Flask, now: datetime) -> None:
    with app.app_context():
        db.session.add(Vendor(name="Adobe"))
        with pytest.raises(RuntimeError, match="outside a unit of work"), unit_of_work(SYSTEM, now=now):
            pass


@BOTH
def test_foreign_keys_hold(session: Session, database: str) -> None:
    session.add(Vendor(name="Adobe", parent_id=999))
    with pytest.raises(IntegrityError):
        session.flush()


def test_sqlite_is_set_up_for_money(session: Session) -> None:
    found = {
        name: session.scalar(text(f"PRAGMA {name}"))
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
