"""Stamps: every way of changing a table or a column renews theirs, and nothing else does."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text, update
from sqlalchemy.orm import Session

import mopsaudit
from mopsaudit.intake.bulk import insert_rows, update_rows
from mopsaudit.store.base import Base
from mopsaudit.store.models import SpendLine, Tool, ToolCapability, ToolType
from mopsaudit.store.session import WRITES, db
from mopsaudit.store.stamps import changed_by, listening, read_by, read_stamps
from tests import builders
from tests.bench.company import table_of

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


def _now(app: Flask) -> dict[str, int]:
    with app.app_context(), db.engine.connect() as connection:
        return read_stamps(connection)


def _renewed(app: Flask, session: Session, change: Callable[[], object]) -> set[str]:
    before = _now(app)
    change()
    session.commit()
    after = _now(app)
    return {name for name in after if after[name] != before.get(name)}


@pytest.mark.parametrize(
    "statement, names",
    [
        ("INSERT INTO tool (name) VALUES (?)", {"tool"}),
        ('INSERT OR REPLACE INTO "tool" (name) VALUES (?)', {"tool"}),
        ("INSERT INTO tool (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.name", {"tool"}),
        ('UPDATE "tool" SET "name" = ?, notes=? WHERE id = ?', {"tool.name", "tool.notes"}),
        ("UPDATE tool SET (name, notes) = (SELECT 'a', 'b')", {"tool"}),
        ("WITH a AS (SELECT 1) UPDATE tool SET name = 'x'", {"tool.name"}),
        ("SELECT name FROM tool", set()),
        ("DELETE FROM setting WHERE id = 1", {"setting"}),
    ],
)
def test_what_a_statement_changes(statement: str, names: set[str]) -> None:
    assert changed_by(statement) == names


def test_rows_that_go_take_rows_and_links_of_other_tables_along() -> None:
    emptied = changed_by("DELETE FROM tool WHERE id = 1")
    cascades = {
        table.name
        for table in Tool.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "tool" and key.ondelete == "CASCADE"
    }
    assert {"tool", *cascades} <= emptied


def test_what_a_statement_reads() -> None:
    joined = "SELECT tool.name FROM tool JOIN vendor ON vendor.id = tool.vendor_id"
    assert read_by(joined) == {"tool", "tool.name", "tool.vendor_id", "vendor", "vendor.id"}
    assert "tool.notes" in read_by("SELECT * FROM tool")
    assert "tool.notes" in read_by("SELECT tool.* FROM tool")
    assert read_by("SELECT count(*) FROM tool") == {"tool"}


@BOTH
def test_each_way_of_writing_renews_what_it_changes(database: str, request: pytest.FixtureRequest) -> None:
    session: Session = request.getfixturevalue("session")
    app: Flask = request.getfixturevalue("app")
    tool = builders.tool(session, "One", types=("crm",))
    line = builders.spend_line(session, 500, tool=tool)
    session.commit()

    def rename() -> None:
        tool.name = "Two"

    def in_bulk() -> None:
        update_rows(session, table_of(SpendLine), ("tool_id",), [(None, line.id)])

    def by_statement() -> None:
        session.execute(update(SpendLine).where(SpendLine.id == line.id).values(spend_type="data"))

    def new_rows() -> None:
        insert_rows(
            session, table_of(ToolCapability), ("tool_id", "capability_id", "weight"), [(tool.id, "x", 1)]
        )

    def gone() -> None:
        for each in session.scalars(select(ToolType).order_by(ToolType.id)):
            session.delete(each)

    assert {"tool.name"} <= _renewed(app, session, rename) <= {"tool.name", "tool.version", "trail_entry"}
    assert _renewed(app, session, in_bulk) == {"spend_line.tool_id"}
    assert _renewed(app, session, by_statement) == {"spend_line.spend_type"}
    assert _renewed(app, session, new_rows) == {"tool_capability"}
    assert {"tool_type"} <= _renewed(app, session, gone) <= {"tool_type", "trail_entry"}
    assert _renewed(app, session, lambda: None) == set()


def test_what_is_taken_back_renews_nothing(app: Flask, session: Session) -> None:
    builders.tool(session, "One")
    session.commit()
    before = _now(app)
    builders.tool(session, "Two")
    session.rollback()
    session.commit()
    assert _now(app) == before


def test_a_library_that_commits_by_itself_renews_too(app: Flask) -> None:
    before = _now(app)
    with (
        app.app_context(),
        db.engine.execution_options(**{WRITES: True}).connect() as connection,
        connection.begin(),
    ):
        _write(connection)
    after = _now(app)
    assert after["setting"] != before.get("setting")


def _write(connection: Connection) -> None:
    connection.execute(text("INSERT INTO setting (key, value) VALUES ('x', '{}')"))


def test_reading_is_heard_through_blocks_within_blocks(app: Flask, session: Session) -> None:
    with listening() as outer:
        with listening() as inner:
            session.execute(select(Tool.name)).all()
        assert "tool.name" in inner
    assert outer == inner


@pytest.mark.parametrize(
    "statement, read",
    [
        ("SELECT business_case.version, tool.name FROM business_case JOIN tool ON 1", False),
        ('SELECT "business_case"."version" FROM "business_case" JOIN "tool" ON 1', False),
        ("SELECT tool.version FROM tool", True),
        ("SELECT version FROM tool", True),
        ("SELECT t.version FROM tool t JOIN business_case b ON 1", True),
        ("SELECT tool_1.version FROM tool AS tool_1", True),
        ("SELECT public.tool.version FROM public.tool", True),
        ("SELECT business_case.version AS version FROM business_case JOIN tool ON 1", True),
        ("SELECT business_case.*, tool.id FROM business_case JOIN tool ON 1", True),
    ],
)
def test_a_column_named_with_its_table_is_that_tables_alone(statement: str, read: bool) -> None:
    """What stands by itself, or behind a name that may be an alias, counts for each table that has it."""
    assert ("tool.version" in read_by(statement)) is read
    assert "tool" in read_by(statement)


def test_no_part_of_a_statement_is_named_like_a_table() -> None:
    """A column behind a table's name is taken for the table's: no alias may have one."""
    named = re.compile(r"(?:\.cte|\.subquery|\.alias)\(\s*\"(\w+)\"|aliased\([^)]*name=\"(\w+)\"")
    root = Path(mopsaudit.__file__).parent.parent
    found = {
        name
        for folder in ("mopsaudit", "blueprints")
        for path in (root / folder).rglob("*.py")
        for pair in named.findall(path.read_text(encoding="utf-8"))
        for name in pair
        if name
    }
    assert "merged_away" in found
    assert not found & set(Base.metadata.tables)
