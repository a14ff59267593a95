"""The schema's versions: models and migrations agree, data and triggers survive each step, on both databases."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Engine, MetaData, create_engine, inspect, select
from sqlalchemy.orm import Session

from mopsaudit.store import migrations
from mopsaudit.store.guards import missing_guards
from mopsaudit.store.migrations import (
    SchemaError,
    compare,
    current_revision,
    downgrade,
    head_revision,
    is_current,
    known_revisions,
    upgrade,
)
from mopsaudit.store.models import Role, metadata
from mopsaudit.store.people import RoleName
from mopsaudit.store.session import WRITES, db, prepare_engine
from tests import builders

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])

#: The newest revision there is, and one as a later version may bring it.
HEAD = migrations.head_revision()
NEXT = "9999"
STEP = "9999_later.py"

#: That step: it rebuilds the trail's table (dropping its triggers) and a money table.
LATER = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    how = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    for table in ("trail_entry", "spend_line"):
        with op.batch_alter_table(table, recreate=how) as batch:
            batch.add_column(sa.Column("later", sa.String(10)))


def downgrade() -> None:
    for table in ("trail_entry", "spend_line"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("later")
"""


@pytest.fixture
def engine(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[Engine]:
    url = (
        request.getfixturevalue("postgres_url")
        if database == "postgres"
        else f"sqlite:///{tmp_path}/m.sqlite3"
    )
    engine = create_engine(url)
    prepare_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations with one more step."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / STEP).write_text(LATER, encoding="utf-8")
    monkeypatch.setattr(migrations, "FOLDER", folder)


def dump(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database, read without the models."""
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in found.sorted_tables
        }


@BOTH
def test_models_and_migrations_agree(engine: Engine, database: str) -> None:
    assert current_revision(engine) is None
    assert not is_current(engine)
    assert upgrade(engine)
    assert not upgrade(engine)
    assert is_current(engine)
    with engine.connect() as connection:
        assert compare(connection) == []
        assert missing_guards(connection) == ()


@BOTH
def test_every_check_of_the_models_is_in_the_database(engine: Engine, database: str) -> None:
    """Alembic's comparison does not see CHECK constraints."""
    upgrade(engine)
    inspector = inspect(engine)
    for table in metadata.sorted_tables:
        wanted = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        found = {each["name"] for each in inspector.get_check_constraints(table.name)}
        assert wanted == found, table.name


@BOTH
def test_the_six_roles_are_there(engine: Engine, database: str) -> None:
    upgrade(engine)
    with Session(engine) as session:
        assert tuple(session.scalars(select(Role.name).order_by(Role.id))) == tuple(RoleName)


@BOTH
def test_down_leaves_nothing_and_up_again_works(engine: Engine, database: str) -> None:
    upgrade(engine)
    assert downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    assert upgrade(engine)
    assert is_current(engine)


@BOTH
def test_data_and_triggers_survive_up_down_up(
    app: Flask, session: Session, database: str, later: None
) -> None:
    marketo = builders.tool(session)
    builders.spend_line(session, 99_999_999_999_999_99, tool=marketo)
    builders.usage(session, marketo, users=[{"key": "ä@example.com"}])
    session.commit()
    before = dump(db.engine)
    for move, revision in ((upgrade, "+1"), (downgrade, "-1"), (upgrade, "head"), (downgrade, HEAD)):
        assert move(db.engine, revision)
        with db.engine.connect() as connection:
            assert missing_guards(connection) == ()
    assert dump(db.engine) == before
    with db.engine.connect() as connection:
        assert compare(connection) == []


@BOTH
def test_a_step_that_fails_changes_nothing(app: Flask, session: Session, database: str, later: None) -> None:
    session.commit()
    before = dump(db.engine)
    step = migrations.FOLDER / "versions" / STEP
    step.write_text(LATER.replace("def downgrade", "    raise ZeroDivisionError\n\n\ndef downgrade"))
    with pytest.raises(ZeroDivisionError):
        upgrade(db.engine)
    assert dump(db.engine) == before
    with db.engine.connect() as connection:
        assert missing_guards(connection) == ()


@BOTH
def test_a_database_of_a_newer_version_is_refused(engine: Engine, database: str) -> None:
    upgrade(engine)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not is_current(engine)
    with pytest.raises(SchemaError, match="newer version"):
        upgrade(engine)


def test_a_row_left_pointing_nowhere_stops_the_step(app: Flask, session: Session, later: None) -> None:
    session.commit()
    step = migrations.FOLDER / "versions" / STEP
    step.write_text(
        LATER.replace(
            "def downgrade",
            "    op.execute(\"INSERT INTO tool_name (tool_id, name) VALUES (77, 'x')\")\n\n\ndef downgrade",
        )
    )
    with pytest.raises(SchemaError, match="tool_name"):
        upgrade(db.engine)
    assert current_revision(db.engine) == HEAD


@pytest.mark.postgres
def test_two_that_upgrade_at_once_do_it_once(postgres_url: str, tmp_path: Path) -> None:
    """Two web processes start at the same moment: in processes of their own, as Alembic keeps global state."""
    code = (
        "import sys; from sqlalchemy import create_engine; from mopsaudit.store.session import prepare_engine; "
        "from mopsaudit.store.migrations import upgrade; engine = create_engine(sys.argv[1]); "
        "prepare_engine(engine); print(upgrade(engine))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, postgres_url], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted(process.communicate(timeout=60)[0].strip() for process in processes)
    assert said == ["False", "True"]


def test_the_numbers_of_the_files_are_the_chain_alembic_walks() -> None:
    chain = ScriptDirectory.from_config(migrations.configuration())
    assert head_revision() == chain.get_current_head()
    walked = [script.revision for script in chain.walk_revisions()]
    assert walked == sorted(known_revisions(), reverse=True)


def test_a_command_loads_no_alembic() -> None:
    code = "import sys, mopsaudit.cli.running; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
