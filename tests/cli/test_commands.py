"""The console script: exit statuses, sentences without tracebacks, people and settings without the browser."""

import json
import logging
import sys
from datetime import datetime
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mopsaudit import logs
from mopsaudit.cli.running import guarded
from mopsaudit.cli.serving import answered_hosts, first_run_line
from mopsaudit.errors import InvalidError
from mopsaudit.organisation import accounts_exist, create_unit, find_account, save_setting
from mopsaudit.settings import KEYS
from mopsaudit.store.guards import remove_guards
from mopsaudit.store.keys import Keyring, WeakKeyError, check_key
from mopsaudit.store.models import Account, Supplier, TrailEntry
from mopsaudit.store.session import db
from tests import builders
from wsgi import create_app, main

GOOD = "four unrelated words 7"


def test_every_command_of_the_system_is_there(app: Flask) -> None:
    commands = app.cli.commands
    assert {"serve", "worker", "db", "user", "trail", "settings"} <= set(commands)
    group = commands["db"]
    assert isinstance(group, click.Group)
    assert {"upgrade", "check", "backup", "restore"} <= set(group.commands)
    assert not {"users", "roles"} & set(commands)


def test_a_person_is_added_from_one_line_of_input(runner: FlaskCliRunner, session: Session) -> None:
    create_unit(session, code="EMEA", name="Europe")
    session.commit()
    arguments = ["user", "add", "Ada@Example.com", "--role", "finance", "--unit", "europe", "--name", "Ada"]
    done = runner.invoke(args=arguments, input=f"{GOOD}\n")
    assert (done.exit_code, done.stderr) == (0, "")
    session.rollback()
    found = find_account(session, "ada@example.com")
    assert found is not None
    assert [each.role for each in found.memberships] == ["finance"]
    assert found.password is not None
    assert found.password.startswith("$argon2id$")
    assert accounts_exist(session)
    entry = session.scalars(select(TrailEntry).where(TrailEntry.subject == "account")).one()
    assert entry.actor.startswith("cli:")
    assert GOOD not in str(entry.after)


@pytest.mark.parametrize(
    "password, email, sentence",
    [
        ("short", "ada@example.com", "12 characters"),
        ("passwordpassword", "ada@example.com", "easy to guess"),
        (GOOD, "nobody", "not an email address"),
        (None, "ada@example.com", "standard input"),
    ],
)
def test_a_person_is_refused_with_a_sentence(
    runner: FlaskCliRunner, session: Session, password: str | None, email: str, sentence: str
) -> None:
    session.commit()
    done = runner.invoke(args=["user", "add", email, "--role", "ops"], input=password and f"{password}\n")
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.output
    assert session.scalars(select(Account)).all() == []


def test_who_acts_is_named_or_refused(
    runner: FlaskCliRunner, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = builders.person(session, email="ada@example.com")
    session.commit()
    done = runner.invoke(
        args=["user", "add", "b@example.com", "--role", "ops", "--by", "ADA+x@example.com"], input=GOOD
    )
    assert done.exit_code == 0
    monkeypatch.setenv("MOPSAUDIT_USER", "nobody@example.com")
    done = runner.invoke(args=["user", "add", "c@example.com", "--role", "ops"], input=GOOD)
    assert (done.exit_code, "nobody@example.com" in done.stderr) == (2, True)
    session.rollback()
    entry = session.scalars(select(TrailEntry).where(TrailEntry.subject == "account")).one()
    assert entry.actor == f"person:{who.id}"


def test_settings_tell_value_and_source(
    runner: FlaskCliRunner, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_setting(session, "company_name", "Acme")
    session.commit()
    monkeypatch.setenv("MOPSAUDIT_BASE_CURRENCY", "EUR")
    lines = runner.invoke(args=["settings"]).stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(KEYS)
    assert lines[0].split(None, 1)[1] == "Acme  (database)"
    listed = {each["key"]: each for each in json.loads(runner.invoke(args=["settings", "--json"]).stdout)}
    assert listed["base_currency"]["value"] == "EUR"
    assert listed["base_currency"]["source"] == "environment (MOPSAUDIT_BASE_CURRENCY)"
    assert listed["gates_days"]["value"] == [120, 90, 60, 30]
    monkeypatch.setenv("MOPSAUDIT_FISCAL_START", "13")
    done = runner.invoke(args=["settings"])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "MOPSAUDIT_FISCAL_START" in done.stderr


def test_the_trail_is_verified(runner: FlaskCliRunner, session: Session) -> None:
    builders.vendor(session)
    session.commit()
    done = runner.invoke(args=["trail", "verify"])
    assert (done.exit_code, done.stdout) == (0, "The trail holds: 2 entries.\n")
    remove_guards(session.connection())
    session.connection().exec_driver_sql("UPDATE trail_entry SET actor = 'x' WHERE id = 2")
    session.commit()
    done = runner.invoke(args=["trail", "verify"])
    assert done.exit_code == 4
    assert "Entry 2" in done.stderr
    assert "trigger" in done.stderr
    document = json.loads(runner.invoke(args=["trail", "verify", "--json"]).stdout)
    assert document["holds"] is False


def test_upgrade_says_what_it_did(tmp_path: Path) -> None:
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": tmp_path})
    runner = app.test_cli_runner()
    assert "now" in runner.invoke(args=["db", "upgrade"]).stdout
    assert "already" in runner.invoke(args=["db", "upgrade"]).stdout
    with app.app_context():
        db.engine.dispose()


def test_upgrade_puts_suppliers_under_the_keys_of_this_version(
    session: Session, runner: FlaskCliRunner
) -> None:
    builders.supplier(session, "Quibbleton Ltd")
    session.commit()
    said = runner.invoke(args=["db", "upgrade"]).stdout
    assert "This version reads supplier names otherwise: 1 supplier is found by another key" in said
    assert session.scalars(select(Supplier.key)).one() == "quibbleton"
    session.rollback()
    assert "otherwise" not in runner.invoke(args=["db", "upgrade"]).stdout


def test_any_command_makes_a_fresh_database_ready(tmp_path: Path) -> None:
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": tmp_path})
    done = app.test_cli_runner().invoke(args=["db", "check"])
    assert (done.exit_code, done.stderr) == (0, "")
    with app.app_context():
        db.engine.dispose()


def test_an_older_schema_waits_for_db_upgrade(app: Flask, session: Session, runner: FlaskCliRunner) -> None:
    session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    session.commit()
    done = runner.invoke(args=["settings"])
    assert done.exit_code == 2
    assert "mopsaudit db upgrade" in done.stderr


@pytest.mark.parametrize(
    "error, status, sentence",
    [
        (InvalidError("Say which sheet."), 2, "Say which sheet."),
        (ZeroDivisionError("secret"), 1, "Reference"),
        (OperationalError("SELECT x", {}, Exception("disk full")), 1, "disk is full"),
    ],
)
def test_faults_are_sentences_and_statuses(
    app: Flask, runner: FlaskCliRunner, error: Exception, status: int, sentence: str
) -> None:
    @click.command("break")
    def command() -> None:
        raise error

    app.cli.add_command(guarded(command))
    done = runner.invoke(args=["break"])
    assert done.exit_code == status
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


def test_a_misspelt_option_is_refused_input(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["db", "check", "--nosuch"]).exit_code == 2
    assert runner.invoke(args=["nosuch"]).exit_code == 2


def test_a_weak_key_refuses_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys"
    Keyring(keys).key("secret")
    (keys / "secret.key").write_text("changeme")
    monkeypatch.setenv("MOPSAUDIT_DATA", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["mopsaudit", "settings"])
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        root.handlers[:], root.level = before
    assert ended.value.code == 2
    assert "secret.key is too short or well known" in capsys.readouterr().err


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 64, "abc" * 20, "secret" * 10, "change-me-" * 5, "CHANGEME" * 4]
)
def test_keys_somebody_could_guess_are_refused(key: str) -> None:
    with pytest.raises(WeakKeyError):
        check_key(key, "x.key")


def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    keys = Keyring(tmp_path / "keys")
    keys.key("secret")
    path = tmp_path / "keys" / "secret.key"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(WeakKeyError, match="chmod 600"):
        keys.key("secret")


def test_a_log_line_is_one_line_without_secrets(now: datetime) -> None:
    record = logging.LogRecord(
        "mopsaudit",
        logging.ERROR,
        __file__,
        1,
        'password=hunter2 %s\r\n{"level": "forged"}',
        ("token: abc123",),
        None,
    )
    record.reference = "1a2b"
    line = logs.JsonLines().format(record)
    assert "\n" not in line
    assert "\r" not in line
    told = json.loads(line)
    assert told["level"] == "error"
    assert told["reference"] == "1a2b"
    assert told["at"].endswith("+00:00")
    assert not {"hunter2", "abc123"} & set(told["message"].replace("=", " ").split())
    assert "pw@" not in logs.without_secrets("postgresql://user:pw@host/db")


@pytest.mark.parametrize(
    "host, more, answered",
    [
        ("127.0.0.1", "", "127.0.0.1 localhost [::1]"),
        (
            "0.0.0.0",
            "tools.example.com, audit.example.com",
            "127.0.0.1 localhost [::1] tools.example.com audit.example.com",
        ),
        ("192.168.1.5", "", "127.0.0.1 localhost [::1] 192.168.1.5"),
        ("fd00::5", "", "127.0.0.1 localhost [::1] [fd00::5]"),
    ],
)
def test_a_server_answers_to_the_names_it_was_given(host: str, more: str, answered: str) -> None:
    assert answered_hosts(host, more) == answered


def test_the_first_run_line_opens_from_this_machine(app: Flask, now: datetime) -> None:
    with app.app_context():
        line = first_run_line("0.0.0.0", 8000, now=now)
        assert line is not None
        assert line.startswith("First run: http://127.0.0.1:8000/first-run?token=")
        assert str(first_run_line("fd00::5", 8000, now=now)).startswith("First run: http://[fd00::5]:8000/")
