"""``import``, ``imports`` and ``match`` to the letter of INTERFACES.md, through the real reader."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from mopsaudit.intake.summaries import difference
from mopsaudit.store.ledger import Import, SpendLine
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders
from tests.intake.files import NOW

SPEND = "Date,Supplier,Description,Invoice number,Amount,Currency\n"
GOOD = SPEND + (
    "2026-03-05,HUBSPOT INC.,seats,INV-1,1200.50,GBP\n"
    "2026-03-06,ACME LTD,paper,INV-2,80.00,GBP\n"
    "2026-03-07,ACME LTD,credit,INV-3,-10.00,GBP\n"
)
#: Which of the two dates comes first cannot be told from these.
UNDECIDED = SPEND + "".join(
    f"0{day}/0{day + 1}/2026,ACME LTD,x,INV-{day},{day}.00,GBP\n" for day in range(1, 6)
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "spend.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def run(runner: FlaskCliRunner, *arguments: object, stdin: str | None = None) -> Result:
    return runner.invoke(args=[str(each) for each in arguments], input=stdin)


def document(result: Result, status: int = 0) -> Any:
    assert result.exit_code == status, result.output + result.stderr
    return json.loads(result.stdout)


def test_an_import_applies_at_once_and_says_what_it_did(runner: FlaskCliRunner, file: Path) -> None:
    found = document(run(runner, "import", "spend", file, "--json"))
    assert list(found) == [
        *("import_id", "kind", "file", "sha256", "status", "reason", "first_import_id", "questions"),
        *("sheets", "totals", "matched", "problems"),
    ]
    assert (found["status"], found["file"]) == ("imported", "spend.csv")
    assert found["totals"] == [{"currency": "GBP", "imported": "1270.50"}]
    (sheet,) = found["sheets"]
    assert sheet["name"] is None
    assert sheet["lines"] == {"read": 3, "imported": 3, "duplicate": 0, "out_of_scope": 0, "rejected": 0}
    assert sheet["columns"]["amount"] == "E"
    assert sheet["totals"][0]["balanced"] is True
    assert found["matched"]["suppliers"] == 1
    assert found["matched"]["amount"] == [{"currency": "GBP", "amount": "1200.50"}]
    assert document(run(runner, "imports", "show", found["import_id"], "--json")) == found


def test_the_same_bytes_again_point_to_the_first_import(runner: FlaskCliRunner, file: Path) -> None:
    first = document(run(runner, "import", "spend", file, "--json"))
    again = document(run(runner, "import", "spend", file, "--json"))
    assert (again["status"], again["first_import_id"], again["import_id"]) == (
        "duplicate-file",
        first["import_id"],
        None,
    )
    undone = document(run(runner, "imports", "undo", first["import_id"], "--json"))
    assert undone == {
        "import_id": first["import_id"],
        "status": "undone",
        "lines": {"reversed": 3, "kept": 0, "could_not": 0},
        "items": [],
    }
    assert document(run(runner, "import", "spend", file, "--json"))["status"] == "imported"


def test_a_dry_run_stores_nothing(app: Flask, runner: FlaskCliRunner, file: Path, data: Path) -> None:
    found = document(run(runner, "import", "spend", file, "--dry-run", "--json"))
    assert (found["status"], found["import_id"]) == ("dry-run", None)
    assert found["totals"] == [{"currency": "GBP", "imported": "1270.50"}]
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Import)) == 0
    uploads = data / "uploads"
    assert not uploads.exists() or not list(uploads.iterdir())


def test_a_question_stages_the_file_and_the_answer_continues_it(
    runner: FlaskCliRunner, app: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "dates.csv"
    path.write_text(UNDECIDED, encoding="utf-8")
    asked = document(run(runner, "import", "spend", path, "--json"), 3)
    assert asked["status"] == "needs-answer"
    (question,) = asked["questions"]
    assert {choice["value"] for choice in question["choices"]} == {"dmy", "mdy"}
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(SpendLine)) == 0
    dry = document(run(runner, "import", "spend", path, "--dry-run", "--json"), 3)
    assert (dry["status"], dry["import_id"]) == ("needs-answer", None)
    done = document(run(runner, "import", "spend", path, "--json", "--answer", f"{question['key']}=dmy"))
    assert (done["status"], done["import_id"]) == ("imported", asked["import_id"])
    with app.app_context(), reading() as session:
        first = session.scalars(select(SpendLine.booked_on).order_by(SpendLine.id)).first()
        assert first is not None
        assert (first.day, first.month) == (1, 2)


def test_a_refused_file_is_one_sentence_and_status_2(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "no.xlsx"
    path.write_bytes(b"this is no workbook")
    result = run(runner, "import", "spend", path, "--json")
    found = document(result, 2)
    assert found["status"] == "refused"
    assert found["reason"]
    assert result.stderr.strip() == f"no.xlsx: {found['reason']}"
    assert document(run(runner, "import", "spend", tmp_path / "missing.csv", "--json"), 2)["reason"]


def test_several_files_give_one_document_and_the_worst_status(
    runner: FlaskCliRunner, file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"\x00\x01")
    found = document(run(runner, "import", "spend", file, bad, "--json"), 2)
    assert [each["status"] for each in found["imports"]] == ["imported", "refused"]


def test_every_field_of_a_kind_is_listed(runner: FlaskCliRunner) -> None:
    found = document(run(runner, "import", "spend", "--fields", "--json"))
    keys = {each["field"] for each in found["fields"]}
    wanted = (
        "date supplier amount debit credit net tax gross currency original_amount original_currency description "
        "reference cost_centre unit gl_account purchase_order period entity"
    )
    assert set(wanted.split()) <= keys
    usage = {
        each["field"] for each in document(run(runner, "import", "usage", "--fields", "--json"))["fields"]
    }
    assert {"tool", "user_email", "last_activity", "active_count", "account_kind"} <= usage


def test_a_sign_off_needs_a_person(runner: FlaskCliRunner, app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "holes.csv"
    path.write_text(GOOD + "2026-03-08,ACME LTD,?,INV-4,#REF!,GBP\n", encoding="utf-8")
    found = document(run(runner, "import", "spend", path, "--json"))
    (total,) = found["sheets"][0]["totals"]
    assert (total["unreadable"], total["balanced"]) == (1, False)
    assert [each["rejected"] for each in found["problems"] if each["severity"] == "row"] == [True]
    number = found["import_id"]
    assert run(runner, "imports", "sign-off", number, "--reason", "seen").exit_code == 2
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        builders.person(session, "Ada", email="ada@example.org")
    signed = document(
        run(runner, "imports", "sign-off", number, "--by", "Ada@example.org", "--reason", "seen", "--json")
    )
    assert signed["balanced"] is True
    (total,) = signed["sheets"][0]["totals"]
    assert total["signed_off_by"] == "ada@example.org"
    assert document(run(runner, "imports", "certificate", number, "--json"))["balanced"] is True


def test_imports_are_listed_newest_first(runner: FlaskCliRunner, file: Path, tmp_path: Path) -> None:
    document(run(runner, "import", "spend", file, "--json"))
    other = tmp_path / "other.csv"
    other.write_text(GOOD.replace("INV-", "X-"), encoding="utf-8")
    document(run(runner, "import", "spend", other, "--json"))
    found = document(run(runner, "imports", "list", "--json"))["imports"]
    assert [each["file"] for each in found] == ["other.csv", "spend.csv"]
    assert "spend.csv" in run(runner, "imports", "list").stdout


def test_a_person_reads_the_same_on_a_terminal(runner: FlaskCliRunner, file: Path) -> None:
    said = run(runner, "import", "spend", file).stdout
    assert "spend.csv: imported (import 1)" in said
    assert "GBP 1270.50 imported; balanced" in said
    assert "INV" not in said


def test_an_overlapping_export_from_the_command_line(
    runner: FlaskCliRunner, app: Flask, file: Path, tmp_path: Path
) -> None:
    document(run(runner, "import", "spend", file, "--json"))
    longer = tmp_path / "april.csv"
    longer.write_text(GOOD + "2026-04-01,ACME LTD,new,INV-9,1.00,GBP\n", encoding="utf-8")
    found = document(run(runner, "import", "spend", longer, "--json"))
    assert found["sheets"][0]["lines"]["duplicate"] == 3
    with app.app_context(), reading() as session:
        assert not difference(session)


def test_matching_prints_one_object_a_line_in_input_order(runner: FlaskCliRunner) -> None:
    result = run(runner, "match", "--json", stdin="SFDC*SALESFORCE.COM 8005 CA\n\nINTUITIVE SURGICAL\n")
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["input"] for row in rows] == ["SFDC*SALESFORCE.COM 8005 CA", "", "INTUITIVE SURGICAL"]
    assert list(rows[0]) == [
        "input",
        "vendor",
        "tool",
        "names",
        "decision",
        "score",
        "method",
        "reason",
        "candidates",
    ]
    assert (rows[0]["vendor"], rows[0]["decision"]) == ("Salesforce", "match")
    assert rows[2]["decision"] != "match"


def test_an_unknown_person_or_unit_is_told_in_a_sentence(runner: FlaskCliRunner, file: Path) -> None:
    result = run(runner, "import", "spend", file, "--by", "nobody@example.org")
    assert result.exit_code == 2
    assert result.stderr.strip() == "Nobody here has the address nobody@example.org."
    assert (
        document(run(runner, "import", "spend", file, "--unit", "NOPE", "--json"), 2)["status"] == "refused"
    )


def test_the_problems_of_an_import_and_the_list_where_the_file_cannot_be_marked(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    path = tmp_path / "spend.csv"
    path.write_text(GOOD + "2026-03-08,ACME LTD,=cmd,INV-4,twelve,GBP\n", encoding="utf-8")
    found = document(run(runner, "import", "spend", path, "--json"))
    target = tmp_path / "back.xlsx"
    said = document(run(runner, "imports", "problems", found["import_id"], "--workbook", target, "--json"))
    assert said["problems"] == found["problems"]
    assert said["workbook"] == {
        "path": str(target),
        "marked": False,
        "cells": 0,
        "why_apart": "a text file holds no colours and notes",
    }
    sheet = openpyxl.load_workbook(target)["Problems"]
    assert sheet["A5"].value == found["problems"][0]["cell"]
    text = run(runner, "imports", "problems", found["import_id"], "--workbook", target)
    assert "The file itself is not marked: a text file" in text.stderr
    nowhere = run(runner, "imports", "problems", found["import_id"], "--workbook", tmp_path / "no" / "x.xlsx")
    assert nowhere.exit_code == 2
    assert run(runner, "imports", "problems", "999").exit_code == 2
