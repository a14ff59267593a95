"""The demo company, loaded once for all tests that read it; a copy of it for those that write."""

import shutil
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mopsaudit.demo.load import Loaded, load_demo
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.session import db, reading
from wsgi import create_app

AS_OF = date(2026, 9, 30)
#: The last day of the year before: what was spent in its last weeks shows there.
YEAR_END = date(2025, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The loaded demo: its app, data folder and what was loaded."""

    app: Flask
    data: Path
    loaded: Loaded


def load_into(app: Flask, as_of: date = AS_OF) -> Loaded:
    """Load the demo company into the database of an app."""

    def load() -> Loaded:
        with app.app_context():
            return load_demo(
                as_of,
                reader=app.config["MOPSAUDIT_READER"],
                folder=Path(app.config["MOPSAUDIT_DATA"]),
            )

    return Context().run(load)


@pytest.fixture(scope="session")
def demo(empty_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo company on SQLite as of :data:`AS_OF`; read only, please."""
    data = tmp_path_factory.mktemp("demo") / "var"
    shutil.copytree(empty_data, data)
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": data})
    yield Demo(app=app, data=data, loaded=load_into(app))
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def company(demo: Demo) -> Iterator[Session]:
    """A session that reads the demo company."""
    with demo.app.app_context(), reading() as session:
        yield session


@pytest.fixture
def today(company: Session) -> Scope:
    """The whole company on :data:`AS_OF`."""
    return scope_for(company, as_of=AS_OF, environ={})


@pytest.fixture
def year_end(company: Session) -> Scope:
    """The whole company on :data:`YEAR_END`."""
    return scope_for(company, as_of=YEAR_END, environ={})
