"""What a script gets wrong is refused input (exit status 2, one sentence), never a fault of ours."""

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from mopsaudit.reports.registry import NAMES
from tests import builders

pytestmark = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)


def _refused(runner: FlaskCliRunner, *arguments: str) -> str:
    done = runner.invoke(args=list(arguments))
    assert (done.exit_code, done.stdout) == (2, ""), (arguments, done.output)
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_day_no_calendar_reaches_is_refused(
    runner: FlaskCliRunner, session: Session, tmp_path: Path, database: str
) -> None:
    session.commit()
    for day in ("0001-01-01", "9999-12-31"):
        for name in NAMES:
            assert "between" in _refused(runner, "report", name, "--as-of", day)
        assert "between" in _refused(runner, "export", "audit", str(tmp_path / "a.xlsx"), "--as-of", day)
    assert list(tmp_path.glob("*a.xlsx*")) == []


def test_a_folder_that_is_not_there_is_named(
    runner: FlaskCliRunner, session: Session, tmp_path: Path, database: str
) -> None:
    builders.vendor(session)
    session.commit()
    target = str(tmp_path / "nowhere" / "out")
    for arguments in (
        ["export", "audit", f"{target}.xlsx"],
        ["export", "inventory", f"{target}.xlsx"],
        ["db", "backup", target],
    ):
        assert "cannot be written" in _refused(runner, *arguments)


def test_a_number_no_import_can_have_is_not_there(
    runner: FlaskCliRunner, session: Session, database: str
) -> None:
    session.commit()
    for number in ("99", "0", str(2**31), str(2**70)):
        for command in ("show", "undo", "certificate"):
            assert f"no import {number}" in _refused(runner, "imports", command, number)


AMBIGUOUS = "Date,Supplier,Amount\n03/04/2026,HubSpot,10.00\n04/05/2026,Mailchimp,20.00\n"


def test_a_map_to_a_field_that_is_not_there_is_refused(
    runner: FlaskCliRunner, session: Session, tmp_path: Path, database: str
) -> None:
    """It used to take the column's own meaning away without a word."""
    session.commit()
    file = tmp_path / "spend.csv"
    file.write_text(AMBIGUOUS, encoding="utf-8")
    assert "no field “datum”" in _refused(runner, "import", "spend", str(file), "--map", "datum=A:")


def test_an_answer_that_is_none_of_the_choices_is_refused(
    runner: FlaskCliRunner, session: Session, tmp_path: Path, database: str
) -> None:
    session.commit()
    file = tmp_path / "spend.csv"
    file.write_text(AMBIGUOUS, encoding="utf-8")
    said = _refused(runner, "import", "spend", str(file), "--answer", "A.date_order=american")
    assert "“dmy”, “mdy”" in said
    done = runner.invoke(args=["import", "spend", str(file), "--answer", "A.date_order=mdy"])
    assert done.exit_code == 0, done.output


def test_a_text_file_has_no_sheet_to_name(
    runner: FlaskCliRunner, session: Session, tmp_path: Path, database: str
) -> None:
    """Named sheets tell two imports of the same bytes apart: a made-up name would let the file in twice."""
    session.commit()
    file = tmp_path / "spend.csv"
    file.write_text(AMBIGUOUS.replace("03/04/2026", "2026-04-03"), encoding="utf-8")
    assert "no sheets" in _refused(runner, "import", "spend", str(file), "--sheet", "March")


def test_a_heading_names_its_currency_once(runner: FlaskCliRunner, session: Session, database: str) -> None:
    session.commit()
    for name in NAMES:
        heading = runner.invoke(args=["report", name, "--format", "csv"]).stdout.splitlines()[0]
        assert "(USD) (USD)" not in heading
