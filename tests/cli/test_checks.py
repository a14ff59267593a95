"""`db check` finds each kind of damage, and nothing in a sound ledger."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from mopsaudit import checks
from mopsaudit.report_totals import check_totals
from mopsaudit.store.guards import remove_guards
from mopsaudit.store.models import ImportTotal, LinePart, SpendLine
from mopsaudit.store.session import keyring
from tests import builders

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
CONTENT = b"date,supplier,amount\n"


def ledger(session: Session, data: Path) -> dict[str, int]:
    """Two lines and a split one of one file, with its certificate and its original on disk."""
    marketo = builders.tool(session)
    (data / "uploads").mkdir(exist_ok=True)
    made = builders.import_file(session, content=CONTENT)
    stored = hashlib.sha256(CONTENT).hexdigest()[:32]
    (data / "uploads" / stored).write_bytes(CONTENT)
    first = builders.spend_line(session, 100, tool=marketo, from_import=made)
    builders.spend_line(session, -30, on=None, currency="EUR", converted=False, from_import=made)
    session.add(
        ImportTotal(
            import_id=made.id,
            sheet_id=builders.sheet_of(session, made).id,
            currency="USD",
            data="2.005",
            imported_minor=100,
            duplicate_minor=0,
            out_of_scope_minor=0,
            rejected="1.00",
            rounding="0.005",
            unreadable=0,
            sheet_total="2.005",
        )
    )
    session.add(
        ImportTotal(
            import_id=made.id,
            sheet_id=builders.sheet_of(session, made).id,
            currency="EUR",
            data="-0.30",
            imported_minor=-30,
            duplicate_minor=0,
            out_of_scope_minor=0,
            rejected="0",
            rounding="0.000",
            unreadable=0,
        )
    )
    session.flush()
    return {"import": made.id, "line": first.id, "tool": marketo.id}


def run(session: Session, app: Flask) -> checks.CheckReport:
    session.commit()
    return checks.check_all(session, folder=app.config["MOPSAUDIT_DATA"], keyring=keyring())


@BOTH
def test_a_sound_ledger_holds(app: Flask, session: Session, data: Path, database: str) -> None:
    ledger(session, data)
    report = run(session, app)
    assert [each for check in report.checks for each in check.differences] == []
    assert report.holds
    counted = {check.name: check.checked for check in report.checks}
    assert counted == {
        "reconciliations": 2,
        "splits": 0,
        "origins": 2,
        "originals": 1,
        "summaries": 2,
        "report totals": counted["report totals"],
        "signed savings": 0,
        "kept forecasts": 0,
        "trail": counted["trail"],
    }
    assert counted["trail"] > 5


DAMAGES: dict[str, tuple[str, str]] = {
    "a certificate that does not balance": ("UPDATE import_total SET data = '3.00'", "does not balance"),
    "a certificate that is not its lines": (
        "UPDATE import_total SET imported_minor = imported_minor + 1, data = '2.015' WHERE currency = 'USD'",
        "its lines sum to",
    ),
    "lines without a certificate": ("DELETE FROM import_total WHERE currency = 'EUR'", "no reconciliation"),
    "a line without an origin": ("UPDATE sighting SET living = (1 = 0)", "without an origin"),
    "a line that should live": ("UPDATE spend_line SET living = (1 = 0)", "does not live"),
    "an undone import that still counts": ("UPDATE import_file SET status = 'undone'", "lives, import"),
    "a summary that is off": (
        "UPDATE ledger_summary SET amount_minor = amount_minor + 1 WHERE currency = 'USD'",
        "kept",
    ),
    "a summary that is gone": ("DELETE FROM ledger_summary WHERE currency = 'USD'", "nothing kept"),
    "a summary too many": (
        (
            "INSERT INTO ledger_summary (key, source_id, currency, amount_minor, base_minor, unconverted_minor, lines) "
            "VALUES ('x', 1, 'GBP', 1, 1, 0, 1)"
        ),
        "the lines say nothing",
    ),
    "a split without parts": ("UPDATE spend_line SET split = (1 = 1)", "sum to 0"),
    "another file than imported": ("UPDATE import_file SET sha256 = 'x'", "another SHA-256"),
}


@BOTH
@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_found(app: Flask, session: Session, data: Path, database: str, what: str) -> None:
    ledger(session, data)
    statement, sentence = DAMAGES[what]
    session.connection().exec_driver_sql(statement)
    report = run(session, app)
    assert not report.holds
    assert any(sentence in each for check in report.checks for each in check.differences)


def test_a_split_line_is_its_parts(app: Flask, session: Session, data: Path) -> None:
    ids = ledger(session, data)
    line = session.get_one(SpendLine, ids["line"])
    session.execute(text("DELETE FROM ledger_summary WHERE currency = 'USD'"))
    line.split, line.tool_id, line.spend_type = True, None, None
    for minor in (60, 40):
        session.add(
            LinePart(
                line_id=line.id,
                tool_id=ids["tool"],
                spend_type="software",
                amount_minor=minor,
                base_minor=minor,
            )
        )
    session.flush()
    columns = (
        "key, tool_id, source_id, month, currency, spend_type, amount_minor, base_minor, unconverted_minor"
    )
    session.execute(
        text(
            f"INSERT INTO ledger_summary ({columns}, lines) "
            f"VALUES ('k', {ids['tool']}, {line.source_id}, {line.month}, 'USD', 'software', 100, 100, 0, 2)"
        )
    )
    assert run(session, app).holds
    session.execute(text("UPDATE line_part SET amount_minor = 41 WHERE amount_minor = 40"))
    found = [each for check in run(session, app).checks for each in check.differences]
    assert any("sum to 101" in each for each in found)


def damage_missing(data: Path) -> None:
    next((data / "uploads").iterdir()).unlink()


def damage_changed(data: Path) -> None:
    next((data / "uploads").iterdir()).write_bytes(b"other")


@pytest.mark.parametrize("damage, sentence", [(damage_missing, "is missing"), (damage_changed, "differs")])
def test_the_originals_are_read(
    app: Flask, session: Session, data: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    ledger(session, data)
    damage(data)
    found = [each for check in run(session, app).checks for each in check.differences]
    assert any(sentence in each for each in found)


def test_what_does_not_foot_is_a_warning(app: Flask, session: Session, data: Path) -> None:
    ledger(session, data)
    session.execute(text("UPDATE import_total SET sheet_total = '9.99' WHERE currency = 'USD'"))
    session.execute(text("UPDATE import_total SET unreadable = 2 WHERE currency = 'EUR'"))
    report = run(session, app)
    assert report.holds
    warnings = [each for check in report.checks for each in check.warnings]
    assert len(warnings) == 2
    assert "does not foot" in warnings[0]


def test_the_trail_is_part_of_it(app: Flask, session: Session, data: Path) -> None:
    ledger(session, data)
    remove_guards(session.connection())
    report = run(session, app)
    assert "trigger" in report.checks[-1].differences[0]


@BOTH
def test_a_figure_of_a_report_is_the_sum_of_its_lines(
    app: Flask, session: Session, as_of: date, database: str
) -> None:
    """A report reads the kept summaries; one that is off shows in the figures of the tool it belongs to."""
    marketo = builders.tool(session, of=builders.vendor(session))
    other = builders.tool(session, "Other")
    for month in (1, 2, 3):
        builders.spend_line(session, 10_000 + month, on=date(2026, month, 10), tool=marketo)
        builders.spend_line(
            session, 5_000, on=date(2026, month, 10), tool=other, currency="EUR", base_minor=5_500
        )
    check = check_totals(session, as_of=as_of)
    assert (check.wrong, check.differences) == (0, [])
    assert check.checked >= 2
    session.connection().exec_driver_sql(
        f"UPDATE ledger_summary SET base_minor = base_minor + 1 WHERE tool_id = {marketo.id} AND month = 24312"
    )
    check = check_totals(session, as_of=as_of)
    assert check.wrong
    assert any("says 30007 minor units of USD, its lines sum to 30006" in each for each in check.differences)


def test_the_command_says_it_and_exits_4(
    app: Flask, session: Session, data: Path, runner: FlaskCliRunner, now: datetime
) -> None:
    ledger(session, data)
    session.commit()
    done = runner.invoke(args=["db", "check"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "summaries: 2 checked, 0 wrong" in done.stdout
    session.execute(text("UPDATE ledger_summary SET lines = 7"))
    session.commit()
    done = runner.invoke(args=["db", "check"])
    assert done.exit_code == 4
    assert "summaries: " in done.stderr
    assert '"holds": false' in runner.invoke(args=["db", "check", "--json"]).stdout
