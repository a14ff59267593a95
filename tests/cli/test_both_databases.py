"""The house-keeping commands on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from tests.cli.test_backup import company

pytestmark = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)


def test_upgrade_check_backup_restore_verify(
    app: Flask, session: Session, runner: FlaskCliRunner, data: Path, tmp_path: Path, database: str
) -> None:
    company(session, data)
    target = str(tmp_path / "b.zip")
    for arguments in (
        ["db", "upgrade"],
        ["db", "check"],
        ["trail", "verify"],
        ["settings"],
        ["db", "backup", target],
        ["db", "restore", target],
        ["db", "check"],
        ["trail", "verify"],
    ):
        done = runner.invoke(args=arguments)
        assert (done.exit_code, done.stderr) == (0, ""), arguments
    done = runner.invoke(
        args=["user", "add", "a@example.com", "--role", "admin"], input="four unrelated words 7"
    )
    assert (done.exit_code, done.stderr) == (0, "")
