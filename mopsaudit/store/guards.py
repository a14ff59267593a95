"""Triggers that keep the trail append-only. A migration that rebuilds a table drops them; they are put back after."""

from typing import Final

from sqlalchemy import Connection, event, text

from mopsaudit.store.system import TrailEntry

_SENTENCE: Final = "the trail is append-only"

_SQLITE: Final = {
    f"trail_entry_no_{verb}": (
        f"CREATE TRIGGER IF NOT EXISTS trail_entry_no_{verb} BEFORE {verb.upper()} ON trail_entry "
        f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END"
    )
    for verb in ("update", "delete")
}
_FUNCTION: Final = (
    "CREATE OR REPLACE FUNCTION trail_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$"
)
_POSTGRESQL: Final = {
    "trail_entry_no_change": (
        "CREATE OR REPLACE TRIGGER trail_entry_no_change BEFORE UPDATE OR DELETE ON trail_entry "
        "FOR EACH ROW EXECUTE FUNCTION trail_entry_refuse()"
    ),
    "trail_entry_no_truncate": (
        "CREATE OR REPLACE TRIGGER trail_entry_no_truncate BEFORE TRUNCATE ON trail_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_entry_refuse()"
    ),
}


def ensure_guards(connection: Connection) -> None:
    """Create the triggers that are missing. Needs the table ``trail_entry``."""
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE.values():
            connection.execute(text(statement))
        return
    connection.execute(text(_FUNCTION))
    for statement in _POSTGRESQL.values():
        connection.execute(text(statement))


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """Names of triggers that should exist and do not, or are switched off."""
    if connection.dialect.name == "sqlite":
        wanted = _SQLITE
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail_entry'"
    else:
        wanted = _POSTGRESQL
        statement = (
            "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass('trail_entry') AND tgenabled <> 'D'"
        )
    found = set(connection.scalars(text(statement)))
    return tuple(sorted(set(wanted) - found))


def remove_guards(connection: Connection) -> None:
    """Take the triggers away, for the migration that drops the table."""
    for name in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        on = "" if connection.dialect.name == "sqlite" else " ON trail_entry"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))
    if connection.dialect.name != "sqlite":
        connection.execute(text("DROP FUNCTION IF EXISTS trail_entry_refuse()"))


@event.listens_for(TrailEntry.__table__, "after_create")
def _after_create(_table: object, connection: Connection, **_options: object) -> None:
    ensure_guards(connection)
