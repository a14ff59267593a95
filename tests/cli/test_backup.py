"""A backup brings everything back, on either database, whole or not at all."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mopsaudit import backup, checks
from mopsaudit.backup import BackupError, restore_backup, settle_keys, write_backup
from mopsaudit.store import migrations
from mopsaudit.store.models import BusinessUnit, SpendLine, Vendor
from mopsaudit.store.session import SYSTEM, db, keyring, reading, unit_of_work
from mopsaudit.store.stamps import STAMPS
from tests import builders
from tests.cli.test_checks import ledger
from tests.store.test_migrations import NEXT, later
from tests.store.test_migrations import dump as dump_all
from wsgi import create_app

__all__ = ["later"]
BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


def dump(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row but the stamps: a restore renews them, so that no process keeps an answer from before it."""
    rows = dump_all(engine)
    assert rows.pop(STAMPS)
    return rows


def company(session: Session, data: Path) -> None:
    """Something of each kind of value: money past 32 bits, bytes, dates, JSON, links within a table."""
    ledger(session, data)
    parent = builders.vendor(session, "Parent ☃")
    child = builders.vendor(session, "Child", parent_id=parent.id)
    parent.parent_id = None
    child.merged_into_id = parent.id
    builders.unit(session, "EMEA")
    builders.budget(session, lines=[{"cost_centre": "1", "monthly": 99_999_999_999_999_99}])
    session.commit()


def holds(app: Flask, session: Session) -> list[str]:
    report = checks.check_all(session, folder=app.config["MOPSAUDIT_DATA"], keyring=keyring())
    return [each for check in report.checks for each in check.differences]


@BOTH
def test_a_backup_brings_everything_back(
    app: Flask, session: Session, data: Path, tmp_path: Path, now: datetime, database: str
) -> None:
    company(session, data)
    before = dump(db.engine)
    made = write_backup(db.engine, data, tmp_path / "b.zip", now=now)
    assert made.files == 1
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    builders.vendor(session, "Later")
    session.get_one(BusinessUnit, 1).name = "Changed"
    session.commit()
    next((data / "uploads").iterdir()).unlink()
    restored = restore_backup(db.engine, data, tmp_path / "b.zip", now=now)
    assert (restored.rows, restored.at) == (made.rows, now)
    assert dump(db.engine) == before
    session.rollback()
    assert holds(app, session) == []
    builders.vendor(session, "After")
    session.commit()
    assert holds(app, session) == []


def test_what_was_there_is_kept(
    app: Flask, session: Session, data: Path, tmp_path: Path, now: datetime
) -> None:
    company(session, data)
    write_backup(db.engine, data, tmp_path / "old.zip", now=now)
    builders.vendor(session, "Later")
    session.commit()
    restore_backup(db.engine, data, tmp_path / "old.zip", now=now)
    (kept,) = (data / "backups").glob("before-restore-*.zip")
    restore_backup(db.engine, data, kept, now=now)
    session.rollback()
    assert session.scalar(select(func.count()).where(Vendor.name == "Later")) == 1


@pytest.mark.postgres
def test_sqlite_moves_to_postgresql(
    app: Flask, session: Session, data: Path, tmp_path: Path, now: datetime, empty_data: Path
) -> None:
    other = create_app({"TESTING": True, "MOPSAUDIT_DATA": tmp_path / "sqlite"})
    with other.app_context():
        migrations.upgrade(db.engine)
        with unit_of_work(SYSTEM, now=now) as inner:
            company(inner, tmp_path / "sqlite")
        write_backup(db.engine, tmp_path / "sqlite", tmp_path / "b.zip", now=now)
        before = dump(db.engine)
        db.engine.dispose()
    session.commit()
    restore_backup(db.engine, data, tmp_path / "b.zip", now=now)
    assert dump(db.engine) == before
    assert holds(app, session) == []


def test_another_installation_gets_the_keys_too(
    app: Flask, session: Session, data: Path, tmp_path: Path, now: datetime
) -> None:
    company(session, data)
    write_backup(db.engine, data, tmp_path / "b.zip", now=now)
    place = tmp_path / "other"
    other = create_app({"TESTING": True, "MOPSAUDIT_DATA": place})
    with other.app_context():
        assert keyring().key("trail") != (data / "keys" / "trail.key").read_bytes()
        restore_backup(db.engine, place, tmp_path / "b.zip", now=now)
        assert keyring().key("trail") == (data / "keys" / "trail.key").read_bytes()
        with reading() as found:
            assert holds(other, found) == []
        with unit_of_work(SYSTEM, now=now) as writer:
            builders.vendor(writer, "After")
        with reading() as found:
            assert holds(other, found) == []
        db.engine.dispose()
    assert not list(place.rglob("before-restore-*"))


@BOTH
def test_a_backup_of_an_older_schema_is_brought_up(
    app: Flask,
    session: Session,
    data: Path,
    tmp_path: Path,
    now: datetime,
    database: str,
    request: pytest.FixtureRequest,
) -> None:
    company(session, data)
    before = dump(db.engine)
    write_backup(db.engine, data, tmp_path / "b.zip", now=now)
    request.getfixturevalue("later")
    restore_backup(db.engine, data, tmp_path / "b.zip", now=now)
    assert migrations.current_revision(db.engine) == NEXT
    after = dump(db.engine)
    assert [row[:-1] for row in after["spend_line"]] == before["spend_line"]
    assert after["vendor"] == before["vendor"]


def test_what_is_no_backup_is_refused_and_changes_nothing(
    app: Flask, session: Session, data: Path, tmp_path: Path, now: datetime
) -> None:
    company(session, data)
    before = dump(db.engine)
    good = tmp_path / "b.zip"
    write_backup(db.engine, data, good, now=now)
    bad = {"text": b"hello", "empty": b"", "cut": good.read_bytes()[:-300]}
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BackupError, match="not a backup"):
            restore_backup(db.engine, data, tmp_path / name, now=now)
    with zipfile.ZipFile(good) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])

    def rewritten(**changed: bytes | None) -> Path:
        target = tmp_path / "changed.zip"
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in members.items():
                new = changed.get(name.replace("/", "__").replace(".", "_"), content)
                if new is not None:
                    archive.writestr(name, new)
        return target

    for changed, sentence in (
        ({"tables__vendor_jsonl": members["tables/vendor.jsonl"].replace(b"Parent", b"Barent")}, "damaged"),
        ({"tables__vendor_jsonl": None}, "damaged"),
        ({"manifest_json": json.dumps({**manifest, "revision": "9999"}).encode()}, "newer version"),
        ({"manifest_json": b"[]"}, "not a backup"),
    ):
        with pytest.raises(BackupError, match=sentence):
            restore_backup(db.engine, data, rewritten(**changed), now=now)
    assert dump(db.engine) == before
    assert holds(app, session) == []


def test_a_name_that_climbs_is_not_unpacked(
    app: Flask, session: Session, data: Path, tmp_path: Path, now: datetime
) -> None:
    company(session, data)
    write_backup(db.engine, data, tmp_path / "b.zip", now=now)
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as archive:
        archive.writestr("uploads/../../evil", "x")
        archive.writestr("keys/../evil.key", "x")
        archive.writestr("/evil", "x")
    restore_backup(db.engine, data, tmp_path / "b.zip", now=now)
    assert not list(tmp_path.rglob("evil*"))


@BOTH
def test_a_backup_while_writing_is_one_committed_moment(
    app: Flask, data: Path, tmp_path: Path, now: datetime, database: str
) -> None:
    """Each writer adds a line with its sighting, summary and trail at once; a copy never shows half of one."""
    stop = threading.Event()
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        ledger(session, data)

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
                for _ in range(3):
                    builders.vendor(session, f"V{number}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(2):
            with app.app_context():
                write_backup(db.engine, data, tmp_path / f"{number}.zip", now=now)
    finally:
        stop.set()
        writer.join()
    for number in range(2):
        place = tmp_path / f"restored{number}"
        other = create_app(
            {
                "TESTING": True,
                "MOPSAUDIT_DATA": place,
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{place}/m.sqlite3",
            }
        )
        with other.app_context():
            restore_backup(db.engine, place, tmp_path / f"{number}.zip", now=now)
            with reading() as found:
                assert holds(other, found) == []
                assert (found.scalar(select(func.count()).select_from(Vendor)) or 0) % 3 == 0
            db.engine.dispose()


@BOTH
@pytest.mark.parametrize("own", [True, False])
def test_a_restore_while_others_write_is_one_step(
    app: Flask, data: Path, tmp_path: Path, now: datetime, database: str, own: bool
) -> None:
    """Of this installation's own backup, and of another's with other keys: the trail goes on unbroken."""
    with app.app_context():
        with unit_of_work(SYSTEM, now=now) as session:
            company(session, data)
        if own:
            write_backup(db.engine, data, tmp_path / "b.zip", now=now)
    if not own:
        other = tmp_path / "other"
        with create_app({"TESTING": True, "MOPSAUDIT_DATA": other}).app_context():
            migrations.upgrade(db.engine)
            with unit_of_work(SYSTEM, now=now) as session:
                company(session, other)
            write_backup(db.engine, other, tmp_path / "b.zip", now=now)
            db.engine.dispose()
    stop = threading.Event()
    faults: list[BaseException] = []

    def write() -> None:
        while not stop.is_set():
            try:
                with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
                    builders.vendor(session, "During")
            except SQLAlchemyError as error:
                faults.append(error)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for each in writers:
        each.start()
    try:
        with app.app_context():
            restore_backup(db.engine, data, tmp_path / "b.zip", now=now)
    finally:
        time.sleep(0.3)
        stop.set()
        for each in writers:
            each.join()
    assert faults == []
    with app.app_context(), reading() as found:
        assert holds(app, found) == []
        assert (found.scalar(select(func.count()).where(Vendor.name == "During")) or 0) > 0


def test_a_head_of_before_a_restore_is_left(app: Flask, data: Path, tmp_path: Path, now: datetime) -> None:
    with app.app_context():
        with unit_of_work(SYSTEM, now=now) as session:
            company(session, data)
        write_backup(db.engine, data, tmp_path / "b.zip", now=now)
        late = keyring().head()
        restore_backup(db.engine, data, tmp_path / "b.zip", now=now)
        restored = keyring().head()
        keyring().advance(replace(late, count=late.count + 20))
        assert keyring().head() == restored


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from mopsaudit.backup import restore_backup
from mopsaudit.store.session import db
from wsgi import create_app
app = create_app({"MOPSAUDIT_DATA": Path(sys.argv[1])})
with app.app_context():
    print("ready", flush=True)
    restore_backup(db.engine, Path(sys.argv[1]), Path(sys.argv[2]), now=datetime.now(UTC))
"""


def _kill_restores(app: Flask, data: Path, tmp_path: Path, now: datetime, *, kills: int) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        company(session, data)
        for number in range(200):
            builders.vendor(session, f"V{number}")
    other = tmp_path / "other"
    with create_app({"TESTING": True, "MOPSAUDIT_DATA": other}).app_context():
        migrations.upgrade(db.engine)
        with unit_of_work(SYSTEM, now=now) as session:
            company(session, other)
        write_backup(db.engine, other, tmp_path / "b.zip", now=now)
        db.engine.dispose()
    seeded = random.Random(7)
    states: set[int] = set()
    for _ in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(data), str(tmp_path / "b.zip")], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(seeded.random() * 1.2)
            os.kill(process.pid, signal.SIGKILL)
        with app.app_context():
            settle_keys(db.engine, data)
            with reading() as found:
                assert holds(app, found) == []
                states.add(found.scalar(select(func.count()).select_from(Vendor)) or 0)
                assert found.scalar(select(func.count()).select_from(SpendLine)) == 2
    assert states <= {2, 202}


def test_a_killed_restore_leaves_before_or_after(
    app: Flask, data: Path, tmp_path: Path, now: datetime
) -> None:
    _kill_restores(app, data, tmp_path, now, kills=3)


@pytest.mark.soak
@pytest.mark.alone
def test_many_killed_restores(app: Flask, data: Path, tmp_path: Path, now: datetime) -> None:
    _kill_restores(app, data, tmp_path, now, kills=200)


@pytest.mark.parametrize("committed", [True, False])
def test_keys_follow_the_database_after_a_kill_between_them(
    app: Flask,
    session: Session,
    data: Path,
    tmp_path: Path,
    now: datetime,
    committed: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The kill falls after the keys were swapped: before the commit they go back, after it they stay."""
    company(session, data)
    own = (data / "keys" / "trail.key").read_bytes()
    other = tmp_path / "other"
    with create_app({"TESTING": True, "MOPSAUDIT_DATA": other}).app_context():
        migrations.upgrade(db.engine)
        with unit_of_work(SYSTEM, now=now) as inner:
            company(inner, other)
        write_backup(db.engine, other, tmp_path / "b.zip", now=now)
        theirs = keyring().key("trail")
        db.engine.dispose()

    swap = backup._swap_keys

    def killed(*args: object) -> None:
        swap(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_settle", lambda *_: None)  # the kill
        if not committed:
            patched.setattr(backup, "_swap_keys", killed)
            with pytest.raises(KeyboardInterrupt):
                restore_backup(db.engine, data, tmp_path / "b.zip", now=now)
        else:
            restore_backup(db.engine, data, tmp_path / "b.zip", now=now)
    settle_keys(db.engine, data)
    session.rollback()
    assert keyring().key("trail") == (theirs if committed else own)
    assert holds(app, session) == []


def test_the_commands(
    app: Flask, session: Session, data: Path, tmp_path: Path, runner: FlaskCliRunner
) -> None:
    company(session, data)
    target = str(tmp_path / "b.zip")
    assert runner.invoke(args=["db", "backup", target]).exit_code == 0
    builders.vendor(session, "Later")
    session.commit()
    done = runner.invoke(args=["db", "restore", target])
    assert (done.exit_code, done.stderr) == (0, "")
    session.rollback()
    assert session.scalar(select(func.count()).where(Vendor.name == "Later")) == 0
    assert runner.invoke(args=["db", "check"]).exit_code == 0
    (tmp_path / "x").write_text("x")
    done = runner.invoke(args=["db", "restore", str(tmp_path / "x")])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert runner.invoke(args=["db", "restore", str(tmp_path / "absent")]).exit_code == 2
