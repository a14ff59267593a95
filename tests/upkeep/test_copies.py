"""Kept backups: made, proven and brought back by the worker while others write, whole or not at all."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit import jobs, organisation
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake.supplier_keys import keys_are_current
from mopsaudit.jobs.worker import run_one
from mopsaudit.organisation import create_account, open_session
from mopsaudit.store import migrations
from mopsaudit.store.ledger import Supplier
from mopsaudit.store.models import Job, Person, TrailEntry, Vendor
from mopsaudit.store.session import SYSTEM, Actor, db, reading, unit_of_work
from mopsaudit.store.system import Setting
from mopsaudit.upkeep import copies, storage, work
from tests import builders
from tests.cli.test_backup import company, holds
from wsgi import create_app

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


def fill(app: Flask, data: Path, now: datetime) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        company(session, data)


def work_off(app: Flask) -> int:
    """Do every job that waits; how many."""
    count = 0
    while run_one(app, jobs.handlers, worker="w"):
        count += 1
    return count


def make(app: Flask, now: datetime, actor: Actor = SYSTEM) -> str:
    with app.app_context(), unit_of_work(actor, now=now) as session:
        work.ask_backup(session, actor=actor, now=now)
    assert work_off(app) == 1
    return copies.list_copies(Path(app.config["MOPSAUDIT_DATA"]))[0].name


def vendors(app: Flask, name: str) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).where(Vendor.name == name)) or 0


def add_vendor(app: Flask, now: datetime, name: str) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        builders.vendor(session, name)


def restore(app: Flask, data: Path, now: datetime, name: str, actor: Actor = SYSTEM) -> None:
    with app.app_context(), unit_of_work(actor, now=now) as session:
        work.ask_restore(session, data, name, actor=actor, now=now)
    assert work_off(app) == 1


@BOTH
def test_a_backup_is_made_by_the_worker_and_proven(
    app: Flask, data: Path, now: datetime, database: str
) -> None:
    fill(app, data, now)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        first = work.ask_backup(session, actor=SYSTEM, now=now).id
        assert work.ask_backup(session, actor=SYSTEM, now=now).id == first, "pressed twice it is one"
    assert work_off(app) == 1
    (copy,) = copies.list_copies(data)
    assert (copy.whole, copy.differences, copy.fits, copy.fault) == (True, (), True, None)
    assert copy.rows > 50
    assert copy.files == 1
    with app.app_context(), reading() as session:
        job = session.scalars(select(Job)).one()
        assert (job.status, job.progress_done) == ("done", job.progress_total)
        assert job.progress_total == copy.rows + copy.files
    assert not list(data.glob(".restore-*"))


@BOTH
def test_a_backup_comes_back_while_the_worker_runs(
    app: Flask, data: Path, now: datetime, database: str
) -> None:
    """Everybody is signed out, the person is named in the trail, and what was there is kept."""
    fill(app, data, now)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        account = create_account(
            session, email="ann@example.com", name="Ann", password_hash="!", role="admin", now=now
        )
        ann, token = account.person_id, open_session(session, account.id, now=now)
    name = make(app, now, Actor.person(ann))
    add_vendor(app, now, "Later")
    restore(app, data, now, name, Actor.person(ann))
    assert vendors(app, "Later") == 0
    with app.app_context(), reading() as session:
        assert organisation.find_session(session, token, now=now) is None
        told = session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()
        assert (told.action, told.subject, told.actor) == ("restore", "database", f"person:{ann}")
        assert holds(app, session) == []
    kept = next(each for each in copies.list_copies(data) if each.name.startswith("before-restore-"))
    restore(app, data, now, kept.name, Actor.person(ann))
    assert vendors(app, "Later") == 1


@BOTH
def test_suppliers_of_an_older_backup_are_found_by_the_rules_of_this_version(
    app: Flask, data: Path, now: datetime, database: str
) -> None:
    """Restored while serving: the next import must not make a second supplier of a name that is known."""
    fill(app, data, now)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        builders.supplier(session, "Zorblax Sp. z o.o.")
        session.add(Setting(key="supplier_keys", value={"value": "an older release"}))
    name = make(app, now)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        session.delete(session.scalars(select(Setting).where(Setting.key == "supplier_keys")).one())
        session.delete(session.scalars(select(Supplier).where(Supplier.name == "Zorblax Sp. z o.o.")).one())
    restore(app, data, now, name)
    with app.app_context(), reading() as session:
        assert keys_are_current(session)
        known = session.scalars(select(Supplier).where(Supplier.name == "Zorblax Sp. z o.o.")).one()
        assert known.key == "zorblax"
        assert holds(app, session) == []


@BOTH
def test_no_job_of_the_past_runs_again(app: Flask, data: Path, now: datetime, database: str) -> None:
    """A backup holds its own job as running; brought back, nobody takes it up again."""
    fill(app, data, now)
    restore(app, data, now, make(app, now))
    later = datetime.now(UTC) + timedelta(hours=1)
    assert not run_one(app, jobs.handlers, worker="other", clock=lambda: later)
    with app.app_context(), reading() as session:
        assert session.scalars(select(Job.status)).all() == ["cancelled"]


def test_a_person_of_after_the_backup_is_not_named_by_a_number(app: Flask, data: Path, now: datetime) -> None:
    """The next person to be entered may get that number: nothing of before the restore may be theirs."""
    fill(app, data, now)
    name = make(app, now)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        late = builders.person(session, "Late", email="late@example.com").id
    restore(app, data, now, name, Actor.person(late))
    with app.app_context(), reading() as session:
        told = work.last_restore(session)
        assert told is not None
        assert told.actor == "system"


@BOTH
def test_who_was_erased_since_is_erased_again(app: Flask, data: Path, now: datetime, database: str) -> None:
    from mopsaudit.inventory.erasure import erase_person

    fill(app, data, now)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        person_id = builders.person(session, "Bob Stone", email="bob@example.com").id
    name = make(app, now)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        erase_person(session, person_id, now=now, today=now.date(), by_person_id=None)
    restore(app, data, now, name)
    with app.app_context(), reading() as session:
        found = session.get_one(Person, person_id)
        assert (found.name, found.email, found.erased_at) == (f"former person {person_id}", None, now)
        again = session.scalars(
            select(TrailEntry).where(TrailEntry.subject == "person", TrailEntry.action == "erase")
        ).one()
        assert again.reason == "Erased before the backup was restored."
        assert holds(app, session) == []


def test_another_installations_backup_is_not_restored_under_a_running_application(
    app: Flask, data: Path, tmp_path: Path, now: datetime
) -> None:
    other = tmp_path / "other"
    with create_app({"TESTING": True, "MOPSAUDIT_DATA": other}).app_context():
        migrations.upgrade(db.engine)
        with unit_of_work(SYSTEM, now=now) as session:
            company(session, other)
        theirs = copies.make_copy(other, now=now)
        db.engine.dispose()
    with (other / "backups" / theirs.name).open("rb") as stream:
        received = copies.receive_copy(data, stream, now=now)
    assert not received.fits
    with (
        app.app_context(),
        unit_of_work(SYSTEM, now=now) as session,
        pytest.raises(InvalidError, match="mopsaudit db restore"),
    ):
        work.ask_restore(session, data, received.name, actor=SYSTEM, now=now)


def test_a_damaged_backup_is_told_and_changes_nothing(app: Flask, data: Path, now: datetime) -> None:
    fill(app, data, now)
    name = make(app, now)
    path = data / "backups" / name
    with zipfile.ZipFile(path) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    members["tables/vendor.jsonl"] = members["tables/vendor.jsonl"].replace(b"Parent", b"Barent")
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    found = copies.find_copy(data, name)
    assert found.whole is None, "the note of other bytes says nothing"
    add_vendor(app, now, "Later")
    restore(app, data, now, name)
    with app.app_context(), reading() as session:
        failed = work.last_failure(session)
        assert failed is not None
        assert "damaged" in str(failed.message)
    with app.app_context():
        assert copies.prove_copy(data, name, now=now).differences[0].startswith("The backup is damaged")
    assert vendors(app, "Later") == 1


def test_what_is_no_backup_is_refused_and_not_kept(
    data: Path, app: Flask, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(b"hello")
    with (
        (tmp_path / "x").open("rb") as stream,
        pytest.raises(InvalidError, match=r"^The file is not a backup"),
    ):
        copies.receive_copy(data, stream, now=now)
    assert not list((data / "backups").iterdir())


@pytest.mark.parametrize(
    "name", ["../mopsaudit.sqlite3", "..zip", ".hidden.zip", "a/b.zip", "none.zip", "x.json"]
)
def test_a_name_leads_nowhere_else(app: Flask, data: Path, name: str) -> None:
    (data / "backups").mkdir()
    (data / "backups" / "x.json").write_text(json.dumps({}))
    with pytest.raises(NotFoundError):
        copies.copy_path(data, name)


def test_half_written_files_are_cleared_and_notes_without_a_backup(
    app: Flask, data: Path, now: datetime
) -> None:
    fill(app, data, now)
    name = make(app, now)
    old = data / "backups" / ".old.zip.1234"
    old.write_bytes(b"x")
    os.utime(old, (0, 0))
    (data / "backups" / "gone.json").write_text("{}")
    assert copies.tidy_copies(data, now=now) == 2
    copies.remove_copy(data, name)
    assert not list((data / "backups").iterdir())


@BOTH
def test_storage_adds_up(app: Flask, data: Path, now: datetime, database: str) -> None:
    fill(app, data, now)
    make(app, now)
    with app.app_context(), reading() as session:
        parts = {part.label: part for part in storage.storage_used(session, data)}
    assert parts["Originals"].files == 1
    assert parts["Originals"].bytes == sum(each.stat().st_size for each in (data / "uploads").iterdir())
    assert parts["Backups"].files == 2, "the backup and its note"
    assert parts["Database"].bytes > 100_000
    assert parts["Everything else"].bytes > 0, "the keys"


KILLED = """
import sys
from pathlib import Path
from mopsaudit import jobs
from mopsaudit.jobs.worker import run_one
from wsgi import create_app
app = create_app({"MOPSAUDIT_DATA": Path(sys.argv[1])})
print("ready", flush=True)
run_one(app, jobs.handlers, worker="killed")
"""


def _kill(app: Flask, data: Path, now: datetime, *, kills: int) -> None:
    from mopsaudit.backup import settle_keys

    fill(app, data, now)
    name = make(app, now)
    seeded = random.Random(11)
    for number in range(kills):
        add_vendor(app, now, f"Later {number}")
        with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
            work.ask_restore(session, data, name, actor=SYSTEM, now=now)
        with subprocess.Popen([sys.executable, "-c", KILLED, str(data)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(seeded.random() * 1.5)
            os.kill(process.pid, signal.SIGKILL)
        with app.app_context():
            settle_keys(db.engine, data)
            with reading() as session:
                assert holds(app, session) == []
        before = vendors(app, f"Later {number}") == 1
        waiting = run_one(
            app, jobs.handlers, worker="next", clock=lambda: datetime.now(UTC) + timedelta(minutes=5)
        )
        assert waiting is before, "before: the next worker takes it up; after: nothing is left to do"
        assert vendors(app, f"Later {number}") == 0
        with app.app_context(), reading() as session:
            assert holds(app, session) == []


def test_a_killed_worker_leaves_before_or_after_and_the_next_one_ends_it(
    app: Flask, data: Path, now: datetime
) -> None:
    _kill(app, data, now, kills=2)


@pytest.mark.soak
@pytest.mark.alone
def test_many_killed_workers(app: Flask, data: Path, now: datetime) -> None:
    _kill(app, data, now, kills=60)


def test_reading_session_is_untouched(session: Session) -> None:
    """Nothing is queued by looking."""
    assert work.underway(session) is None
    assert work.last_failure(session) is None
    assert work.last_restore(session) is None
