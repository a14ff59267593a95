"""Fixtures of all tests that need a database or the web.

``app`` is a whole application on a SQLite file of its own with the root unit in it; a test (or module) marked
``postgres`` gets a PostgreSQL database instead. ``session`` writes; commit it before using ``client`` or ``runner``,
which work on sessions of their own.
"""

import os
import shutil
from collections.abc import Iterator
from contextvars import Context
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from psycopg import sql
from sqlalchemy.orm import Session

from mopsaudit.organisation import ensure_root, scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.migrations import compare, upgrade
from mopsaudit.store.session import SYSTEM, db, unit_of_work
from tests.compiled_once import compile_once, share_statements
from tests.postgres import PostgresServer
from wsgi import create_app

compile_once()


@pytest.fixture(scope="session")
def now() -> datetime:
    """The clock of the tests."""
    return datetime(2026, 9, 30, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def as_of() -> date:
    """The day the tests ask about."""
    return date(2026, 9, 30)


def _fill(app: Flask, now: datetime) -> None:
    """Tables and the root unit in an empty database."""
    with app.app_context():
        upgrade(db.engine)
        with db.engine.connect() as connection:
            if compare(connection):
                pytest.exit("The models changed: run `python -m tests.store.renew_migration`.", returncode=1)
        with unit_of_work(SYSTEM, now=now) as session:
            ensure_root(session)


def make_app(data: Path, **config: object) -> Flask:
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": data, **config})
    with app.app_context():
        share_statements(db.engine)
    return app


def close_app(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def empty_data(tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Path:
    """A data folder with an empty database, made once and copied for each test."""
    data = tmp_path_factory.mktemp("empty") / "var"
    app = make_app(data)
    _fill(app, now)
    close_app(app)
    return data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of the test's app."""
    return tmp_path / "var"


@pytest.fixture(scope="session")
def empty_postgres(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory, now: datetime
) -> tuple[str, Path]:
    """The same on PostgreSQL: the name of a database to copy, and its data folder."""
    data = tmp_path_factory.mktemp("empty-postgres") / "var"
    name = f"empty{os.getpid()}"
    postgres_server.create(name)
    app = make_app(data, SQLALCHEMY_DATABASE_URI=postgres_server.url(name))
    _fill(app, now)
    close_app(app)
    return name, data


_numbers = count(1)


@pytest.fixture
def app(request: pytest.FixtureRequest, data: Path) -> Iterator[Flask]:
    """The application on an empty database with the root unit."""
    if request.node.get_closest_marker("postgres"):
        server: PostgresServer = request.getfixturevalue("postgres_server")
        template, folder = request.getfixturevalue("empty_postgres")
        name = f"a{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        shutil.copytree(folder, data)
        app = make_app(data, SQLALCHEMY_DATABASE_URI=server.url(name))
        yield app
        close_app(app)
        server.drop(name)
    else:
        shutil.copytree(request.getfixturevalue("empty_data"), data)
        app = make_app(data)
        yield app
        close_app(app)


@pytest.fixture(scope="session")
def company_data(empty_data: Path, tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Path:
    """A data folder with the small company, made once and copied for each test that looks at it."""
    from tests.browser import company

    data = tmp_path_factory.mktemp("company") / "var"
    shutil.copytree(empty_data, data)
    app = make_app(data)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        company.fill(session)
    close_app(app)
    return data


@pytest.fixture
def filled(app: Flask, data: Path, company_data: Path) -> None:
    """The small company of ``tests/browser/company.py`` instead of an empty database."""
    close_app(app)
    shutil.copytree(company_data, data, dirs_exist_ok=True)


@pytest.fixture
def session(app: Flask, now: datetime) -> Iterator[Session]:
    """A session that may write. What is flushed is seen by it alone; ``commit()`` shows it to ``client``.

    Code under test that opens ``unit_of_work`` joins it.
    """
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        yield session
        session.rollback()


class FreshClient(FlaskClient):
    """A client whose requests never share the test's own app context, so neither its session."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """As the base class, in an empty context; a large body's temporary file ends with its request."""
        done: Any = Context().run(super().open, *args, **kwargs)
        for response in (*done.history, done):
            response.request.environ["wsgi.input"].close()
        return done


class FreshRunner(FlaskCliRunner):
    """A runner whose commands never share the test's own app context."""

    def invoke(self, *args: Any, **kwargs: Any) -> Any:
        """As the base class, in an empty context."""
        return Context().run(super().invoke, *args, **kwargs)


def _no_changes_left(error: BaseException | None) -> None:
    """Fails a request that changed records and committed nothing."""
    session = db.session()
    if error is None and (session.new or session.dirty or session.deleted):
        raise AssertionError("the request left changes in the session")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts."""
    app.test_client_class = FreshClient
    app.teardown_request(_no_changes_left)
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command line."""
    app.test_cli_runner_class = FreshRunner
    return app.test_cli_runner()


@pytest.fixture
def scope(session: Session, as_of: date) -> Scope:
    """The whole company on the day of the tests, settings from the database only."""
    return scope_for(session, as_of=as_of, environ={})
