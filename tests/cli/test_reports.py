"""``mopsaudit report``: text, JSON and CSV; an empty database is a good answer."""

import csv
import json
from datetime import date
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from mopsaudit.cli.reports import report_command
from mopsaudit.reports.registry import REPORTS
from tests import builders


def _run(runner: FlaskCliRunner, *given: str) -> str:
    result = runner.invoke(report_command, [*given, "--as-of", "2026-09-30"])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("name", REPORTS)
def test_an_empty_database_is_exit_0_with_empty_lists(runner: FlaskCliRunner, name: str) -> None:
    body = json.loads(_run(runner, name, "--format", "json"))
    assert set(body) >= {
        *("report", "as_of", "unit", "currency", "answer", "thresholds"),
        *("coverage", "figures", "rows", "findings"),
    }
    assert (body["report"], body["as_of"], body["rows"], body["findings"]) == (name, "2026-09-30", [], [])
    rows = list(csv.reader(StringIO(_run(runner, name, "--format", "csv"))))
    assert len(rows) == 1
    assert body["answer"] in _run(runner, name)


def test_a_unit_that_is_not_there_and_a_wrong_name(runner: FlaskCliRunner) -> None:
    assert runner.invoke(report_command, ["budget", "--unit", "Mars"]).exit_code != 0
    assert runner.invoke(report_command, ["weather"]).exit_code == 2


def test_money_dates_and_formulas_in_csv(app: Flask, session: Session, runner: FlaskCliRunner) -> None:
    vendor = builders.vendor(session, "=cmd()")
    tool = builders.tool(session, "Mailer", of=vendor)
    builders.contract(
        session, vendor, title="Deal", start_on=date(2026, 1, 20), initial_months=12, renewal_months=12,
        renewal_kind="automatic", notice_count=90, lines=[{"tool": tool, "amount_minor": 12_345_60}],
    )  # fmt: skip
    session.commit()
    table = list(csv.DictReader(StringIO(_run(runner, "renewals", "--format", "csv"))))
    assert table[0]["Tool"] == "Mailer"
    assert table[0]["Vendor"] == "'=cmd()"
    assert table[0]["Yearly cost (USD)"] == "12345.60"
    assert table[0]["Ends"] == "2027-01-20"
    body = json.loads(_run(runner, "renewals", "--format", "json"))
    assert body["rows"][0]["cost"] == {
        "amount": "12345.60",
        "currency": "USD",
        "origins": 1,
        "basis": "contract",
    }
    assert body["findings"][0]["due"] == "2026-10-15"
    text = _run(runner, "renewals")
    assert "12,346 USD" in text
    assert "Next:" in text


def test_the_basis_is_the_budgets_business(runner: FlaskCliRunner) -> None:
    body = json.loads(_run(runner, "budget", "--basis", "accrual", "--format", "json"))
    assert body["thresholds"]["basis"] == "accrual, spread by days"
    assert _run(runner, "renewals", "--basis", "accrual")
