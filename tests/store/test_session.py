"""Units of work write, reading cannot, on both databases."""

import threading
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

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


@pytest.mark.parametrize("goes_on", [True, False])
def test_nothing_is_committed_after_sqlite_rolled_back_by_itself(
    app: Flask, now: datetime, goes_on: bool
) -> None:
    """As it does when the disk is full: code that swallows the error must not commit the other half."""

    def half_done() -> None:
        with unit_of_work(SYSTEM, now=now) as session:
            session.add(Vendor(name="First half"))
            session.flush()
            driver: Any = session.connection().connection.driver_connection
            driver.execute("ROLLBACK")
            if goes_on:
                session.add(Vendor(name="Second half"))
                session.flush()

    with app.app_context(), pytest.raises(OperationalError, match="rolled the transaction back"):
        half_done()
    assert vendors(app) == 0


def test_a_full_disk_leaves_nothing_and_works_again_after(app: Flask, now: datetime) -> None:
    with app.app_context():
        with pytest.raises(OperationalError, match="full"), unit_of_work(SYSTEM, now=now) as session:
            pages = session.scalar(text("PRAGMA page_count")) or 0
            session.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
            session.add_all(Vendor(name=f"V{number}", notes="x" * 1000) for number in range(500))
        with unit_of_work(SYSTEM, now=now) as session:
            session.execute(text("PRAGMA max_page_count = 1000000"))
    assert vendors(app) == 0
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        session.add(Vendor(name="Adobe"))
    assert vendors(app) == 1


@BOTH
def test_eight_writers_that_read_and_then_write_lose_nothing(
    app: Flask, now: datetime, database: str
) -> None:
    """The record is read first in each unit of work; SQLite orders them from the start, versions do on PostgreSQL."""
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        session.add(Vendor(name="Adobe", notes="0"))

    def add_one() -> bool:
        try:
            with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
                found = session.scalars(select(Vendor)).one()
                found.notes = str(int(found.notes) + 1)
        except StaleDataError:
            return False
        return True

    def work() -> None:
        done = 0
        while done < 10:
            done += add_one()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with app.app_context(), reading() as session:
        assert session.scalars(select(Vendor.notes)).one() == "80"
