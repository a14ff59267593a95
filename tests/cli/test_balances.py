"""``balances`` and ``imports compare``: what the pages do, for scripts; amounts exact, refusals in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from mopsaudit.store.ledger import LedgerBalance
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders
from tests.intake.files import NOW

HEAD = "Date,Supplier,Invoice number,Amount,Currency\n"
MARCH = HEAD + "2026-03-05,HUBSPOT INC.,INV-1,1200.50,GBP\n2026-03-06,ACME LTD,INV-2,80.00,GBP\n"
APRIL = HEAD + "2026-04-05,HUBSPOT INC.,INV-7,1300.50,GBP\n2026-04-06,MAILCHIMP,INV-8,99.50,GBP\n"


def _run(runner: FlaskCliRunner, *arguments: object, status: int = 0) -> Any:
    done = runner.invoke(args=[str(each) for each in arguments])
    assert done.exit_code == status, done.output + done.stderr
    if status:
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr
    return json.loads(done.stdout) if "--json" in arguments else done.stdout


@pytest.fixture
def files(runner: FlaskCliRunner, tmp_path: Path) -> None:
    """March and April of one ledger."""
    for name, text in (("march", MARCH), ("april", APRIL)):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        _run(runner, "import", "spend", path, "--source", "AP UK", "--json")


@pytest.mark.usefixtures("files")
def test_a_balance_is_typed_listed_and_signed_off(app: Flask, runner: FlaskCliRunner) -> None:
    typed = _run(runner, "balances", "type", "ap uk", "2026-03", "1285.50", "--currency", "gbp", "--json")
    assert (typed["ledger"], typed["month"], typed["currency"], typed["account"]) == (
        *("AP UK", "2026-03", "GBP"),
        None,
    )
    assert (typed["balance"], typed["balance_minor"]) == ("1285.50", 128550)
    assert (typed["lines_sum"], typed["lines_sum_minor"], typed["lines"]) == ("1280.50", 128050, 2)
    assert (typed["difference"], typed["difference_minor"], typed["state"]) == ("5.00", 500, "differs")
    listed = _run(runner, "balances", "list", "--json")
    assert listed["answer"].startswith("0 of 1 typed ledger balance")
    assert [(each["month"], each["state"]) for each in listed["balances"]] == [
        ("2026-04", "not typed"),
        ("2026-03", "differs"),
    ]
    assert listed["balances"][0]["balance_minor"] is None
    number = typed["balance_id"]
    assert "person" in _run(runner, "balances", "sign-off", number, "--reason", "accrual", status=2)
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        builders.person(session, name="Mia Marsh", email="mia@example.org")
    signed = _run(
        *(runner, "balances", "sign-off", number, "--reason", "accrual", "--by", "mia@example.org", "--json"),
    )
    assert (signed["state"], signed["signed_off_by"], signed["reason"]) == (
        *("signed off", "Mia Marsh"),
        "accrual",
    )
    assert "AP UK" in _run(runner, "balances", "list")
    assert "removed" in _run(runner, "balances", "remove", number)
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(LedgerBalance)) == 0


@pytest.mark.usefixtures("files")
def test_what_stands_there_is_replaced_only_when_asked(runner: FlaskCliRunner) -> None:
    first = ("balances", "type", "AP UK", "2026-03", "1280.50", "--currency", "GBP")
    assert _run(runner, *first, "--json")["state"] == "ties"
    assert _run(runner, *first, "--json")["state"] == "ties"  # the same again is no conflict
    other = ("balances", "type", "AP UK", "2026-03", "-1.00", "--currency", "GBP")
    assert "1280.50 GBP" in _run(runner, *other, status=2)
    assert _run(runner, *other, "--replace", "--json")["difference_minor"] == -128150


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "arguments, said",
    [
        (("AP DE", "2026-03", "1"), "“AP UK”"),
        (("AP UK", "03/2026", "1"), "2026-03"),
        (("AP UK", "2026-13", "1"), "2026-03"),
        (("AP UK", "2026-03", "1,5"), "1234.50"),
        (("AP UK", "2026-03", "NaN"), "1234.50"),
        (("AP UK", "2026-03", "1.005", "--currency", "GBP"), "fewer digits"),
        (("AP UK", "2026-03", "1", "--currency", "QQQ"), "currency"),
        (("AP UK", "2026-03", "1", "--account", "x" * 41), "40 characters"),
    ],
)
def test_what_cannot_be_is_refused(runner: FlaskCliRunner, arguments: tuple[str, ...], said: str) -> None:
    assert said in _run(runner, "balances", "type", *arguments, status=2)


@pytest.mark.usefixtures("files")
def test_two_files_are_compared(runner: FlaskCliRunner) -> None:
    found = _run(runner, "imports", "compare", 1, 2, "--json")
    assert (found["kind"], found["before"]["file"], found["after"]["file"]) == (
        *("spend", "march.csv"),
        "april.csv",
    )
    told = {(each["what"], each["name"]): each for each in found["differences"]}
    new = next(each for (what, name), each in told.items() if what == "new" and "MAILCHIMP" in name.upper())
    assert (new["before"], new["before_minor"], new["after"], new["after_minor"], new["currency"]) == (
        *(None, None, "99.50", 9950),
        "GBP",
    )
    gone = next(each for (what, _), each in told.items() if what == "gone")
    assert (gone["name"], gone["before_minor"], gone["after"]) == ("ACME LTD", 8000, None)
    text = _run(runner, "imports", "compare", 1, 2)
    assert "march.csv → april.csv" in text
    assert "– → 99.50 GBP" in text
    assert "no import" in _run(runner, "imports", "compare", 1, 99, status=2).lower()
