"""This quarter's file against the last: new, gone and renamed suppliers, restated months, drifted prices per seat."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.comparing import compare_imports
from mopsaudit.intake.contract import Kind, RecordRow
from mopsaudit.intake.differences import FileLine, record_differences, spend_differences
from mopsaudit.intake.options import ImportOptions
from tests import builders
from tests.intake.files import NOW, Line, enter, record_read, spend_read
from tests.intake.test_records import user

JAN, FEB, MAR = 24312, 24313, 24314


def line(
    supplier: int | None,
    name: str,
    month: int | None,
    minor: int,
    tool: int | None = None,
    currency: str = "GBP",
) -> FileLine:
    return FileLine(
        supplier_id=supplier,
        supplier=name,
        tool_id=tool,
        tool=f"Tool {tool}" if tool else None,
        month=month,
        minor=minor,
        currency=currency,
    )


def test_new_gone_renamed_and_restated_in_one_pass() -> None:
    before = [
        line(1, "ACME LTD", JAN, 100),
        line(1, "ACME LTD", FEB, 100),
        line(2, "OLDNAME SOFTWARE LIMITED", FEB, 50),
        line(3, "GONE GMBH", FEB, 7),
    ]
    after = [
        line(1, "ACME LTD", FEB, 130),
        line(1, "ACME LTD", MAR, 100),
        line(4, "OLDNAME SOFTWARE LTD", FEB, 50),
        line(5, "ZETA", MAR, 9),
    ]
    found = spend_differences(before, after, {})
    assert {(each.what, each.name) for each in found} == {
        ("renamed", "OLDNAME SOFTWARE LTD"),
        ("new", "ZETA"),
        ("gone", "GONE GMBH"),
        ("month restated", "ACME LTD"),
    }
    acme = next(each for each in found if each.name == "ACME LTD")
    assert (acme.month, acme.before, acme.after) == (FEB, 100, 130)


def test_one_tool_under_another_name_is_renamed_each_supplier_once() -> None:
    before = [line(1, "PULSE INC", JAN, 10, tool=7), line(2, "PULSE EU", JAN, 10, tool=7)]
    after = [line(3, "Quite different plc", FEB, 10, tool=7)]
    kinds = sorted(each.what for each in spend_differences(before, after, {}))
    assert kinds == ["gone", "renamed"]
    (renamed,) = (each for each in spend_differences(before, after, {}) if each.what == "renamed")
    assert renamed.note.endswith("both are Tool 7")


def test_the_price_per_seat_drifts_from_one_per_cent_on() -> None:
    before = [line(1, "PULSE", JAN, 10_000, tool=7), line(1, "PULSE", FEB, 10_000, tool=7)]
    after = [line(1, "PULSE", MAR, 12_000, tool=7)]
    (price,) = spend_differences(before, after, {7: (100, 100)})
    assert (price.what, price.before, price.after) == ("price per seat", 100, 120)
    assert spend_differences(before, after, {7: (100, 120)}) == []  # more money, more seats
    assert spend_differences(before, after, {7: (None, 120)}) == []
    assert spend_differences(before, after, {}) == []


def test_equal_files_undated_lines_and_currencies_apart_give_nothing() -> None:
    lines = [line(None, "x", None, 5), line(1, "A", JAN, 5), line(1, "A", JAN, 5, currency="EUR")]
    assert spend_differences(lines, list(reversed(lines)), {}) == []
    assert spend_differences([], [], {}) == []


def rows(*values: dict[str, Any]) -> list[RecordRow]:
    return [RecordRow(number, each, {}) for number, each in enumerate(values, 2)]


CONTRACT = {
    "reference": "C-1",
    "tool": "Pulse",
    "quantity": Decimal(10),
    "amount": Decimal(1000),
    "notice": 30,
}


def test_contracts_differ_by_field_and_by_what_a_seat_costs() -> None:
    found = record_differences(
        Kind.CONTRACTS,
        rows(CONTRACT, {**CONTRACT, "reference": "C-2"}),
        rows({**CONTRACT, "amount": Decimal(1200), "notice": 90}, {**CONTRACT, "reference": "C-3"}),
    )
    assert [(each.what, each.name, each.field, each.before, each.after) for each in found[2:]] == [
        ("changed", "c-1 · pulse", "amount", "1000", "1200"),
        ("changed", "c-1 · pulse", "notice", "30", "90"),
        ("price per seat", "c-1 · pulse", None, "100.00", "120.00"),
    ]
    assert [(each.what, each.name) for each in found[:2]] == [("new", "c-3 · pulse"), ("gone", "c-2 · pulse")]


def test_rows_of_one_key_are_numbered_and_case_never_matters() -> None:
    one = {"user_email": "Ann@Example.org", "tool": "Pulse", "status": "active"}
    two = {**one, "user_email": "ann@example.org"}
    assert record_differences(Kind.USAGE, rows(one, one), rows(two, two)) == []
    (extra,) = record_differences(Kind.USAGE, rows(one), rows(two, {**two, "status": "suspended"}))
    assert extra.what == "new"


def test_two_imports_are_compared_from_the_ledger_with_their_seats(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Pulse")
    old = [Line(amount="100", supplier="PULSE", reference="P-100", day=date(2026, 3, 5))]
    new = [Line(amount="150", supplier="PULSE", reference="P-101", day=date(2026, 6, 5))]
    for day, count in ((date(2026, 3, 31), 4), (date(2026, 6, 30), 5)):
        people = [user(f"u{number}@example.org", event="assignment") for number in range(count)]
        options = ImportOptions(tool="Pulse", as_of=day)
        enter(session, record_read(Kind.USAGE, people), data, options=options, name=f"u{count}.csv")
    one = enter(session, spend_read(old), data, name="q1.xlsx")
    two = enter(session, spend_read(new), data, name="q2.xlsx")
    (price,) = compare_imports(one.id, two.id, reader="none:none", folder=data, now=NOW)
    assert (price.what, price.name, price.before, price.after) == ("price per seat", tool.name, 2_500, 3_000)
    with pytest.raises(InvalidError, match="two kinds"):
        compare_imports(1, one.id, reader="none:none", folder=data, now=NOW)
