"""The schema's versions: bring a database to one, on SQLite and PostgreSQL, in one transaction each time.

SQLite rebuilds a table to change it (batch mode) and drops its triggers on the way; the trail's are put back after
every step, and the foreign keys, switched off meanwhile, are checked before the commit.

Every command asks which version the database has; that needs one row and the names of our files. Alembic, and the
steps themselves, are loaded by who changes the schema.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from mopsaudit.errors import MopsauditError
from mopsaudit.store.base import Base
from mopsaudit.store.guards import ensure_guards
from mopsaudit.store.session import WRITES

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER: Final = Path(__file__).resolve().parent
#: The PostgreSQL advisory lock of whoever migrates.
_LOCK: Final = 0x6D6F7074


#: Where Alembic notes the version of a database.
_VERSION: Final = table("alembic_version", column("version_num"))


class SchemaError(MopsauditError):
    """The database's schema is not one this version of the application knows."""


def configuration() -> "Config":
    """Alembic's configuration; there is no ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def head_revision() -> str:
    """The newest revision this version of the application brings."""
    if not (known := known_revisions()):
        raise SchemaError("The application was packaged without its migrations.")
    return max(known)


def known_revisions() -> frozenset[str]:
    """All revisions this version of the application brings: the numbers of their files, in a row without a fork."""
    return frozenset(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def current_revision(engine: Engine) -> str | None:
    """The revision the database is at; None for one without our tables."""
    with engine.connect() as connection:
        return _revision_of(connection)


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest revision."""
    return current_revision(engine) == head_revision()


def upgrade(engine: Engine, revision: str = "head") -> bool:
    """Bring the database up to ``revision``. Whether anything was to do. Several may call it at once: one works.

    Raises:
        SchemaError: when the database is at a revision this version does not know (a newer version wrote it).
    """
    return _run(engine, revision, up=True)


def downgrade(engine: Engine, revision: str) -> bool:
    """Bring the database down to ``revision`` (``-1``: one step, ``base``: no tables). Whether anything was to do."""
    return _run(engine, revision, up=False)


def _run(engine: Engine, revision: str, *, up: bool) -> bool:
    from alembic import command

    config = configuration()
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                before = _known_revision(connection)
                config.attributes["connection"] = connection
                (command.upgrade if up else command.downgrade)(config, revision)
                if inspect(connection).has_table("trail_entry"):
                    ensure_guards(connection)
                if sqlite:
                    _check_foreign_keys(connection)
                return before != _revision_of(connection)
        finally:
            if sqlite:
                _foreign_keys(connection, on=True)


def _known_revision(connection: Connection) -> str | None:
    revision = _revision_of(connection)
    if revision is not None and revision not in known_revisions():
        raise SchemaError(
            "A newer version of mopsaudit has upgraded this database; install that version, or restore a backup."
        )
    return revision


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Outside any transaction, where the pragma has an effect."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise SchemaError(
            f"The migration would leave a row of {broken[0]} pointing nowhere; nothing was changed."
        )


def compare(connection: Connection) -> list[Any]:
    """Differences between the database and the models, as Alembic tells them; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
    return list(compare_metadata(context, Base.metadata))


def renew(engine: Engine, message: str, revision: str) -> Path:
    """Write the migration that brings the (upgraded) database to the models; for developers.

    While nothing is released there is one, the initial one: remove it and write it anew from an empty database.
    """
    from alembic import command

    config = configuration()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        made: Any = command.revision(config, message=message, autogenerate=True, rev_id=revision)
    return Path(made.path)
