"""Backup and restore: one zip file with every table, every original and the keys, the same for both databases.

A backup reads one snapshot while others write; a restore replaces everything in one transaction while others read, so
that a kill at any instant leaves the state before or the state after. Both are safe while serving. A backup of an
older version is brought up on the way; one of SQLite can be restored into PostgreSQL and back.
"""

import base64
import fcntl
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    create_engine,
    func,
    insert,
    select,
    text,
    update,
)

from mopsaudit.errors import MopsauditError
from mopsaudit.store.chain import Change, append
from mopsaudit.store.erasure import erase_rows, erased_people
from mopsaudit.store.guards import ensure_guards, remove_guards
from mopsaudit.store.keys import Head, Keyring
from mopsaudit.store.migrations import current_revision, head_revision, known_revisions, upgrade
from mopsaudit.store.session import WRITES, close_gate, prepare_engine

FORMAT: Final = 1
#: Folder of kept backups inside the data folder.
BACKUPS: Final = "backups"
#: Keys a running application holds from its start: with others than its own, sign-ins would fail until it restarts.
STARTED_WITH: Final = ("secret", "password", "totp")
MANIFEST: Final = "manifest.json"
_UPLOAD: Final = re.compile(r"uploads/[A-Za-z0-9._-]{1,80}")
_KEY: Final = re.compile(r"keys/[a-z]+\.(key|head)")
_VERSION_TABLE: Final = "alembic_version"
_MARK: Final = "restored_backup"
_ASIDE: Final = ".before-restore"
_BATCH: Final = 2000
#: Jobs that act on the whole: one that a backup caught unfinished must never run again out of the restored rows.
_OWN_JOBS: Final = ("backup", "prove", "restore")

#: Told how far it is: done, of how many.
Progress = Callable[[int, int | None], None]
#: Who restores and why, as an entry of the trail, found in the rows restored just now.
Note = Callable[[Connection, "Backup"], Change]


class BackupError(MopsauditError):
    """No backup of ours, damaged, made by a newer version, or one that cannot be made where it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds: rows of all tables, files, and the moment (aware UTC) it was made.

    ``missing`` are originals that should have been in it and were not in the data folder.
    """

    rows: int
    files: int
    at: datetime
    missing: tuple[str, ...] = ()


def kept_backups(folder: Path) -> Path:
    """The folder of kept backups, made when missing, readable by nobody else."""
    place = folder / BACKUPS
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def free_name(folder: Path, kind: str, now: datetime) -> Path:
    """Where a backup of that kind and moment is kept: a name no other one has."""
    stem = f"{kind}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    place = kept_backups(folder)
    names = (f"{stem}.zip", *(f"{stem}-{number}.zip" for number in range(2, 1000)))
    return next(place / name for name in names if not (place / name).exists())


def write_backup(
    engine: Engine, folder: Path, target: Path, *, now: datetime, progress: Progress | None = None
) -> Backup:
    """Write everything as of one committed moment to ``target`` (0600; replaced whole if it exists).

    ``folder`` is the data folder. The file holds the keys: whoever has it can sign in as anybody. ``progress`` hears
    rows and originals written, of how many.

    Raises:
        BackupError: when the database has no tables yet, or the target's folder cannot be written.
    """
    revision = current_revision(engine)
    if revision is None:
        raise BackupError("The database is empty; there is nothing to back up.")
    head = _head(folder)  # before the snapshot: it may lag behind the entries, never be ahead of them
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror or error}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            made = _fill(file, engine, folder, revision=revision, head=head, now=now, progress=progress)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return made


def _head(folder: Path) -> bytes | None:
    path = folder / "keys" / "trail.head"
    return path.read_bytes() if path.exists() else None


def _fill(
    file: IO[bytes],
    engine: Engine,
    folder: Path,
    *,
    revision: str,
    head: bytes | None,
    now: datetime,
    progress: Progress | None,
) -> Backup:
    tables: dict[str, dict[str, Any]] = {}
    names: list[str] = []
    steps = _Steps(progress)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        with engine.connect() as connection, connection.begin():
            found = _tables(connection)
            statement = text("SELECT stored_name FROM stored_file ORDER BY id")
            names.extend(connection.scalars(statement))
            steps.total = len(names) + sum(
                connection.scalar(select(func.count()).select_from(table)) or 0 for table in found
            )
            for table in found:
                rows, digest = _dump(archive, connection, table, steps)
                tables[table.name] = {"rows": rows, "sha256": digest}
        missing: list[str] = []
        for name in names:
            path = folder / "uploads" / name
            if path.is_file():
                archive.write(path, f"uploads/{name}", zipfile.ZIP_STORED)
            else:
                missing.append(name)
            steps.on()
        for path in sorted((folder / "keys").glob("*.key")):
            archive.write(path, f"keys/{path.name}")
        if head is not None:
            archive.writestr("keys/trail.head", head)
        manifest = {
            "format": FORMAT,
            "at": now.astimezone(UTC).isoformat(),
            "revision": revision,
            "tables": tables,
            "files": len(names) - len(missing),
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    rows = sum(each["rows"] for each in tables.values())
    return Backup(rows=rows, files=len(names) - len(missing), at=now, missing=tuple(missing))


class _Steps:
    """Counts what is done and tells it now and then."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.done = 0
        self.total: int | None = None

    def on(self, by: int = 1) -> None:
        """So much more is done."""
        self.done += by
        if self._progress is not None:
            self._progress(self.done, self.total)


def _tables(connection: Connection) -> list[Table]:
    """Our tables as they are in the database, parents before children."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _VERSION_TABLE]


def _dump(archive: zipfile.ZipFile, connection: Connection, table: Table, steps: _Steps) -> tuple[int, str]:
    digest = hashlib.sha256()
    count = 0
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:

        def put(value: object) -> None:
            line = json.dumps(value, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            member.write(line)

        put([column.name for column in table.columns])
        statement = select(table).order_by(*table.primary_key.columns)
        for row in connection.execute(statement.execution_options(yield_per=_BATCH)):
            put([_packed(value) for value in row])
            count += 1
            if count % _BATCH == 0:
                steps.on(_BATCH)
    steps.on(count % _BATCH)
    return count, digest.hexdigest()


def _packed(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    return value


def _unpacked(value: Any, column: Any) -> Any:
    if value is None:
        return None
    match column.type:
        case LargeBinary():
            return base64.b64decode(value)
        case DateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case _:
            return value


def restore_backup(
    engine: Engine, folder: Path, source: Path, *, now: datetime, note: Note | None = None
) -> Backup:
    """Replace database, originals and keys by those of a backup, whole or not at all.

    Brings the database up to this version's schema first. What is there before, if anything, is written to
    ``backups/before-restore-….zip`` in the data folder. In the same step everybody is signed out, people this
    installation erased since the backup was made are erased again, and ``note`` is written to the trail.

    Raises:
        BackupError: when the file is no backup of ours, is damaged, or was made by a newer version.
    """
    with _opened(source) as (archive, manifest):
        if manifest["revision"] != head_revision():
            return _restore_older(engine, folder, archive, manifest, now=now, note=note)
        _verify(archive, manifest)
        upgrade(engine)
        _keep_present(engine, folder, now)
        _unpack_uploads(archive, folder)
        mark = secrets.token_hex(16)
        told = _told(manifest)
        noted: Head | None = None
        with _restoring(folder):
            try:
                with engine.execution_options(**{WRITES: True}).connect() as connection, connection.begin():
                    own = _same_keys(archive, folder, ("trail",))
                    erased = erased_people(connection) if own else {}
                    _replace_rows(connection, archive, manifest)
                    connection.execute(
                        text("INSERT INTO setting (key, value) VALUES (:key, :value)"),
                        {"key": _MARK, "value": json.dumps({"value": mark})},
                    )
                    _end_what_ran(connection, now)
                    changes = _erase_again(connection, erased, now)
                    if note is not None:
                        changes.append(note(connection, told))
                    _swap_keys(archive, folder, mark)
                    if changes:
                        noted = append(connection, Keyring(folder / "keys"), changes)
            finally:
                _settle(engine, folder)
        if noted is not None:
            Keyring(folder / "keys").advance(noted)
        return told


def _told(manifest: dict[str, Any]) -> Backup:
    return Backup(
        rows=sum(each["rows"] for each in manifest["tables"].values()),
        files=manifest["files"],
        at=datetime.fromisoformat(manifest["at"]),
    )


def read_manifest(source: Path) -> Backup:
    """What a backup says it holds; its content is looked at when it is restored or proven.

    Raises:
        BackupError: when the file is no backup of ours or was made by a newer version.
    """
    with _opened(source) as (_, manifest):
        return _told(manifest)


def fits_running(source: Path, folder: Path) -> bool:
    """Whether a running application can go on with this backup: it holds the keys the application started with.

    Raises:
        BackupError: as :func:`read_manifest`.
    """
    with _opened(source) as (archive, _):
        return _same_keys(archive, folder, STARTED_WITH)


def _same_keys(archive: zipfile.ZipFile, folder: Path, names: tuple[str, ...]) -> bool:
    there = set(archive.namelist())
    for name in names:
        member, path = f"keys/{name}.key", folder / "keys" / f"{name}.key"
        packed = archive.read(member) if member in there else None
        if packed != (path.read_bytes() if path.exists() else None):
            return False
    return True


@contextmanager
def passing_copy(source: Path, folder: Path) -> Iterator[tuple[Engine, Path]]:
    """A backup brought to life in a passing SQLite database below ``folder``: its engine and its data folder.

    Raises:
        BackupError: when the file is no backup of ours, is damaged, or was made by a newer version.
    """
    with _opened(source) as (archive, manifest), _passing(archive, manifest, folder) as (engine, place):
        yield engine, place


def _end_what_ran(connection: Connection, now: datetime) -> None:
    """Nobody is signed in by a row of the past, which may have been revoked since; no such job runs once more."""
    moment = now.astimezone(UTC).replace(tzinfo=None)
    tables = {table.name: table for table in _tables(connection)}
    browsers, jobs = tables["web_session"], tables["job"]
    connection.execute(update(browsers).where(browsers.c.revoked_at.is_(None)).values(revoked_at=moment))
    connection.execute(
        update(jobs)
        .where(jobs.c.kind.in_(_OWN_JOBS), jobs.c.status.in_(("queued", "running")))
        .values(
            status="cancelled",
            finished_at=moment,
            lease_until=None,
            message="A backup was restored meanwhile.",
        )
    )


def _erase_again(connection: Connection, erased: dict[int, datetime], now: datetime) -> list[Change]:
    changes: list[Change] = []
    for person_id in sorted(set(erased) - set(erased_people(connection))):
        counts = erase_rows(connection, person_id, now=erased[person_id])
        if counts is not None:
            changes.append(
                Change(
                    actor="system",
                    at=now,
                    action="erase",
                    subject="person",
                    record_id=person_id,
                    before=None,
                    after=counts,
                    reason="Erased before the backup was restored.",
                )
            )
    return changes


@contextmanager
def _opened(source: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """The archive and its manifest."""
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{source} is not a backup made by `mopsaudit db backup`.") from error
    with archive:
        try:
            manifest = json.loads(archive.read(MANIFEST))
            form, revision = manifest["format"], manifest["revision"]
        except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
            raise BackupError(f"{source} is not a backup made by `mopsaudit db backup`.") from error
        if form != FORMAT or revision not in known_revisions():
            raise BackupError(f"{source} was made by a newer version of mopsaudit.")
        yield archive, manifest


def _restore_older(
    engine: Engine,
    folder: Path,
    archive: zipfile.ZipFile,
    manifest: dict[str, Any],
    *,
    now: datetime,
    note: Note | None,
) -> Backup:
    """Bring an older backup up in a passing database, and restore what comes out of that."""
    with _passing(archive, manifest, folder) as (passing, place):
        write_backup(passing, place, place / "newer.zip", now=datetime.fromisoformat(manifest["at"]))
        return restore_backup(engine, folder, place / "newer.zip", now=now, note=note)


@contextmanager
def _passing(
    archive: zipfile.ZipFile, manifest: dict[str, Any], folder: Path
) -> Iterator[tuple[Engine, Path]]:
    """The backup in a passing SQLite database of this version's schema, with its originals and keys beside it."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder) as name:
        place = Path(name)
        passing = create_engine(f"sqlite:///{place / 'passing.sqlite3'}")
        prepare_engine(passing)
        try:
            _verify(archive, manifest)
            upgrade(passing, manifest["revision"])
            with passing.execution_options(**{WRITES: True}).begin() as connection:
                _replace_rows(connection, archive, manifest)
            upgrade(passing)
            _unpack_uploads(archive, place)
            (place / "keys").mkdir(mode=0o700)
            for member in _members(archive, _KEY):
                (place / member).write_bytes(archive.read(member))
                (place / member).chmod(0o600)
            yield passing, place
        finally:
            passing.dispose()


def _members(archive: zipfile.ZipFile, pattern: re.Pattern[str]) -> list[str]:
    return sorted(name for name in archive.namelist() if pattern.fullmatch(name))


def _verify(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Every byte of every member, before anything is changed."""
    try:
        for name, told in manifest["tables"].items():
            with archive.open(f"tables/{name}.jsonl") as member:
                stream: Any = member
                if hashlib.file_digest(stream, "sha256").hexdigest() != told["sha256"]:
                    raise BackupError(f"The backup is damaged: the table {name} is not what was written.")
        if archive.testzip() is not None:
            raise BackupError("The backup is damaged: a file in it is not what was written.")
    except (KeyError, OSError, zipfile.BadZipFile, ValueError) as error:
        raise BackupError("The backup is damaged; use another copy of it.") from error


def _keep_present(engine: Engine, folder: Path, now: datetime) -> None:
    """Write what is there now beside the data, unless it is nothing anybody entered."""
    with engine.connect() as connection:
        kept = [
            connection.scalar(text(f"SELECT 1 FROM {table} LIMIT 1"))  # noqa: S608  # our own tables
            for table in ("account", "import_file", "tool", "vendor", "person")
        ]
    if any(kept):
        write_backup(engine, folder, free_name(folder, "before-restore", now), now=now)


def _unpack_uploads(archive: zipfile.ZipFile, folder: Path) -> None:
    """Originals have names of their own: putting them there changes nothing until rows speak of them."""
    place = folder / "uploads"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for member in _members(archive, _UPLOAD):
        path = folder / member
        if path.exists() and path.stat().st_size == archive.getinfo(member).file_size:
            continue
        temporary = place / f".{secrets.token_hex(8)}"
        with archive.open(member) as packed, temporary.open("xb") as file:
            temporary.chmod(0o600)
            shutil.copyfileobj(packed, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def _replace_rows(connection: Connection, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """All rows out, those of the backup in. Rows of one table may point at each other: such columns are set last."""
    tables = _tables(connection)
    missing = {table.name for table in tables} ^ set(manifest["tables"])
    if missing:
        raise BackupError(
            f"The backup does not fit this version: it differs in {', '.join(sorted(missing))}."
        )
    close_gate(connection)
    remove_guards(connection)
    for table in reversed(tables):
        for column in _own_references(table):
            connection.execute(update(table).where(column.is_not(None)).values({column.name: None}))
        connection.execute(table.delete())
    for table in tables:
        own = {column.name for column in _own_references(table)}
        later: list[dict[str, Any]] = []
        for batch in _batches(archive, table):
            for row in batch:
                links = {name: row[name] for name in sorted(own) if row[name] is not None}
                if links:
                    later.append({"own_id": row["id"], **links, **{n: row[n] for n in own}})
                    row.update(dict.fromkeys(own))
            connection.execute(insert(table), batch)
        if later:
            values: dict[str, Any] = {name: bindparam(name) for name in sorted(own)}
            connection.execute(update(table).where(table.c.id == bindparam("own_id")).values(values), later)
        if connection.dialect.name == "postgresql" and "id" in table.c:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "  # noqa: S608  # our own tables
                    f'GREATEST((SELECT COALESCE(MAX(id), 1) FROM "{table.name}"), 1))'
                )
            )
    connection.execute(text("DELETE FROM setting WHERE key = :key"), {"key": _MARK})
    ensure_guards(connection)


def _own_references(table: Table) -> list[Any]:
    return sorted(
        (key.parent for key in table.foreign_keys if key.column.table is table),
        key=lambda column: column.name,
    )


def _batches(archive: zipfile.ZipFile, table: Table) -> Iterator[list[dict[str, Any]]]:
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True)
    with archive.open(f"tables/{table.name}.jsonl") as member:
        lines = io.TextIOWrapper(member, encoding="utf-8", newline="\n")
        names: list[str] = json.loads(next(lines))
        columns = [table.c[name] for name in names]
        batch: list[dict[str, Any]] = []
        for line in lines:
            values = json.loads(line)
            batch.append(
                {
                    name: _unpacked(value, column)
                    for name, column, value in zip(names, columns, values, strict=True)
                }
            )
            if len(batch) >= _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


# ── Keys: files that must change together with a transaction ──────────────────────────────────────


def _swap_keys(archive: zipfile.ZipFile, folder: Path, mark: str) -> None:
    """Put the backup's keys in place, the present ones aside, just before the commit.

    Writers wait for the transaction meanwhile, so none signs an entry with the wrong key. :func:`settle_keys` then
    drops the old ones or puts them back, by whether the database carries ``mark``.
    """
    keys = Keyring(folder / "keys")
    aside = keys.folder / _ASIDE
    with keys.locked():
        shutil.rmtree(aside, ignore_errors=True)
        staged = keys.folder / f"{_ASIDE}.{mark}"
        staged.mkdir(mode=0o700)
        (staged / "mark").write_text(mark, encoding="utf-8")
        for path in _key_files(keys.folder):
            shutil.copy2(path, staged / path.name)
        _sync(staged)
        staged.rename(aside)
        _sync(keys.folder)
        wanted = {Path(name).name: archive.read(name) for name in _members(archive, _KEY)}
        head = (
            Head.from_json(wanted["trail.head"].decode()) if "trail.head" in wanted else Head(count=0, mac="")
        )
        wanted["trail.head"] = replace(head, line=mark).to_json().encode()
        _install(keys.folder, wanted)


def settle_keys(engine: Engine, folder: Path) -> None:
    """Finish what a killed restore began: keys and database belong together afterwards. Waits for a running one."""
    if (folder / "keys" / _ASIDE).is_dir():
        with _restoring(folder):
            _settle(engine, folder)


@contextmanager
def _restoring(folder: Path) -> Iterator[None]:
    """One restore at a time; ends with the process that holds it."""
    place = folder / "keys"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(place / ".restore.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _settle(engine: Engine, folder: Path) -> None:
    keys = folder / "keys"
    aside = keys / _ASIDE
    if not aside.is_dir():
        return
    mark = (aside / "mark").read_text(encoding="utf-8")
    with engine.connect() as connection:
        stored = connection.scalar(text("SELECT value FROM setting WHERE key = :key"), {"key": _MARK})
    found = json.loads(stored) if isinstance(stored, str) else stored
    with Keyring(keys).locked():
        if found != {"value": mark}:
            _install(keys, {path.name: path.read_bytes() for path in _key_files(aside)})
        shutil.rmtree(aside)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("DELETE FROM setting WHERE key = :key"), {"key": _MARK})


def _key_files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.key"), *folder.glob("*.head")])


def _install(folder: Path, wanted: dict[str, bytes]) -> None:
    for path in _key_files(folder):
        if path.name not in wanted:
            path.unlink()
    for name, content in sorted(wanted.items()):
        temporary = folder / f".{name}.{secrets.token_hex(4)}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / name)
    _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
