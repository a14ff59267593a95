"""A slip in the key of an answer is told in one sentence with the keys still open; the exit stays as it was."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mopsaudit.cli.imports import EXITS
from mopsaudit.intake import run
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.store.session import SYSTEM
from tests.importers.builders import workbook
from tests.intake.files import NOW

LINES = [
    ["Invoice date", "Supplier", "Amount"],
    ["03/04/2026", "ACME Ltd", "1,234"],
    ["05/06/2026", "Beta plc", "2,345"],
    ["07/08/2026", "Gamma GmbH", "3,456"],
]
ORDER, MARK = "Spend!A.date_order", "Spend!C.decimal_mark"


def bring(
    app: Flask, data: Path, *given: tuple[str, str], dry_run: bool = False, kind: Kind = Kind.SPEND
) -> dict[str, Any]:
    path = workbook(data / "ledger.xlsx", LINES)
    with app.app_context():
        return run.import_file(
            kind,
            path,
            ImportOptions(answers=given),
            reader="importers.reader:read_file",
            folder=data,
            actor=SYSTEM,
            now=NOW,
            dry_run=dry_run,
        )


def told(result: dict[str, Any]) -> list[str]:
    return [each["message"] for each in result["problems"] if each["code"] == "answer.unasked"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_slip_in_a_key_is_told_with_the_keys_still_open(app: Flask, data: Path, dry_run: bool) -> None:
    result = bring(app, data, ("Spned!A.date_order", "dmy"), (MARK, "."), dry_run=dry_run)
    assert told(result) == [f"“Spned!A.date_order” answers no question of this file; open is “{ORDER}”."]
    assert EXITS[result["status"]] == 3
    result = bring(app, data, ("Spend!B.date_order", "dmy"), ("A.sgn", "1"), dry_run=True)
    assert told(result)[0].startswith("“A.sgn”, “Spend!B.date_order” answer no question of this file; open ")
    assert ORDER in told(result)[0]


def test_an_answer_that_was_used_is_no_slip_and_one_too_many_is_told(app: Flask, data: Path) -> None:
    assert told(bring(app, data, (ORDER, "dmy"), (MARK, "."), dry_run=True)) == []
    result = bring(app, data, (ORDER, "dmy"), (MARK, "."), ("Spend!into", "USD"))
    assert result["status"] == "imported"
    assert told(result) == ["“Spend!into” answers no question of this file; none is open."]
