"""Tables of one kind side by side: read as one list where the sheet says so, asked about where it does not."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.header_years import carry_years
from mopsaudit.intake.contract import SpendRow
from tests.importers.builders import codes, read, text_file, total, workbook

Rows = list[list[Any]]
HEAD = ["Date", "Supplier", "Amount"]
DEPTH = 5


def quarter(number: int, *, count: int = DEPTH, factor: int = 1) -> Rows:
    """Lines of one quarter: other days and suppliers than any other quarter's."""
    return [
        [
            dt.date(2026, number * 3 - 2 + line % 3, 11 + line),
            f"Shop {number}{line} Ltd",
            (number * 100.25 + line * 7) * factor,
        ]
        for line in range(count)
    ]


def abreast(tables: Sequence[Rows], *, gap: int = 1, above: Sequence[str] | None = None) -> Rows:
    """Tables beside each other, each with a header; ``above`` names each in a line over it."""
    width = len(tables[0][0])
    depth = max(len(table) for table in tables)
    rows: Rows = []
    if above is not None:
        rows.append([cell for name in above for cell in [name, *[None] * (width - 1 + gap)]])
    rows.append([cell for _ in tables for cell in [*HEAD[:width], *[None] * gap]])
    for index in range(depth):
        row: list[Any] = []
        for table in tables:
            row += [*(table[index] if index < len(table) else [None] * width), *[None] * gap]
        rows.append(row)
    return rows


QUARTERS = [quarter(number) for number in range(1, 5)]
NAMES = ["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"]
WHOLE = sum((Decimal(str(row[2])) for table in QUARTERS for row in table), Decimal(0))


def suppliers(lines: list[SpendRow]) -> set[str | None]:
    return {line.supplier for line in lines}


def test_quarters_under_their_names_are_one_list(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", abreast(QUARTERS, above=NAMES)))
    assert not reading.questions
    assert (len(lines), total(lines)) == (4 * DEPTH, WHOLE)
    assert {line.cell[0] for line in lines} == {"C", "G", "K", "O"}
    (sheet,) = reading.sheets
    assert dict(sheet.decision.extra)["beside"] == ["A:C", "E:G", "I:K", "M:O"]
    assert sheet.lines_read == 4 * DEPTH
    assert sheet.totals[0].data == WHOLE
    assert (sheet.first_data_row, sheet.last_data_row) == (3, 2 + DEPTH)
    assert codes(reading).count("sheet.side_by_side") == 1


@pytest.mark.parametrize(
    "above",
    [
        ["Actual", "Budget"],
        ["2026", "Prior year"],
        ["GBP", "EUR"],
        ["Draft", "Final"],
    ],
)
def test_versions_of_one_list_are_asked_about(tmp_path: Path, above: list[str]) -> None:
    reading, lines = read(
        workbook(tmp_path / "a.xlsx", abreast([quarter(1), quarter(1, factor=2)], above=above))
    )
    assert [question.key for question in reading.questions] == ["Spend!amount_column"]
    assert not lines


def test_the_same_days_and_suppliers_under_other_names_are_asked_about(tmp_path: Path) -> None:
    twice = [quarter(1), quarter(1, factor=3)]
    reading, _ = read(workbook(tmp_path / "a.xlsx", abreast(twice, above=["London", "Leeds"])))
    (question,) = reading.questions
    assert [choice.value for choice in question.choices] == ["C", "G", "all"]
    _, lines = read(tmp_path / "a.xlsx", answers=((question.key, "all"),))
    assert len(lines) == 2 * DEPTH
    _, lines = read(tmp_path / "a.xlsx", answers=((question.key, "G"),))
    assert {line.cell[0] for line in lines} == {"G"}


def test_days_that_run_on_say_that_tables_are_parts(tmp_path: Path) -> None:
    first, second = quarter(1), quarter(2)
    reading, lines = read(workbook(tmp_path / "a.xlsx", abreast([first, second])))
    assert not reading.questions
    assert len(lines) == 2 * DEPTH
    for row in second:
        row[0] = row[0].replace(month=1)  # both of January: nothing tells them from two versions
    reading, lines = read(workbook(tmp_path / "b.xlsx", abreast([first, second])))
    assert [question.key for question in reading.questions] == ["Spend!amount_column"]


def test_one_sum_below_covers_all_of_them(tmp_path: Path) -> None:
    rows = abreast(QUARTERS)
    for row in rows[1:]:
        for place in (0, 4, 8, 12):
            row[place] = dt.date(2026, 1, 11)  # the days say nothing
    rows += [[], [None, "Total", float(WHOLE)]]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert not reading.questions
    assert total(lines) == WHOLE
    (sheet,) = reading.sheets
    assert sheet.totals[0].foots
    assert sheet.totals[0].sheet_total == WHOLE
    assert [(each.row, each.cell, each.agrees, each.grand) for each in sheet.controls] == [
        (DEPTH + 3, f"C{DEPTH + 3}", True, True)
    ]
    rows[-1][2] = float(WHOLE) + 1  # a sum that is wrong decides nothing
    reading, _ = read(workbook(tmp_path / "b.xlsx", rows))
    assert reading.questions


def test_a_sum_below_each_that_is_wrong_is_told(tmp_path: Path) -> None:
    tables = []
    for table in QUARTERS:
        tables.append([*table, [None, "Total", sum(row[2] for row in table)]])
    reading, lines = read(workbook(tmp_path / "a.xlsx", abreast(tables, above=NAMES)))
    assert not reading.questions
    assert total(lines) == WHOLE
    assert reading.sheets[0].totals[0].foots
    assert reading.sheets[0].totals[0].sheet_total == WHOLE
    tables[2][-1][2] += 5
    reading, lines = read(workbook(tmp_path / "b.xlsx", abreast(tables, above=NAMES)))
    assert total(lines) == WHOLE
    assert reading.sheets[0].totals[0].foots is False
    assert [problem.cell for problem in reading.problems if problem.code == "sheet.total.differs"] == ["K8"]


def test_no_column_between_them(tmp_path: Path) -> None:
    _, lines = read(workbook(tmp_path / "a.xlsx", abreast(QUARTERS, gap=0, above=NAMES)))
    assert (len(lines), total(lines)) == (4 * DEPTH, WHOLE)


def test_a_table_without_days_is_dated_by_its_name(tmp_path: Path) -> None:
    months = [[[row[1], row[2]] for row in quarter(number)] for number in (1, 2, 3)]
    rows = abreast(months, above=["January 2026", "February 2026", "March 2026"])
    rows[1] = ["Supplier", "Amount", None] * 3
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert not reading.questions
    assert {(line.period, line.cell[0]) for line in lines} == {
        (dt.date(2026, 1, 1), "B"),
        (dt.date(2026, 2, 1), "E"),
        (dt.date(2026, 3, 1), "H"),
    }


def test_all_tables_decide_the_marks_and_the_order_of_days(tmp_path: Path) -> None:
    """The first quarter alone decides neither: its days and its amounts read two ways."""
    tables: list[Rows] = [
        [[f"0{line + 2}/01/2026", f"Shop {line} Ltd", f"1.{line}00"] for line in range(5)],
        [[f"{line + 20}/04/2026", f"Place {line} Ltd", f"2.{line}00,50"] for line in range(5)],
    ]
    path = text_file(tmp_path / "a.csv", abreast(tables, above=NAMES[:2]), delimiter=";")
    reading, lines = read(path)
    assert not reading.questions
    assert min(line.date for line in lines) == dt.date(2026, 1, 2)
    assert min(line.amount for line in lines) == 1000


def test_a_decision_and_a_remembered_layout_read_all_tables_again(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", abreast(QUARTERS, above=NAMES))
    first, lines = read(path)
    _, again = read(path, decision=first.decision)
    assert again == lines
    profile = first.decision.to_json()["sheets"][0]
    remembered = ((profile["fingerprint"], profile),)
    fewer = workbook(tmp_path / "b.xlsx", abreast(QUARTERS[:3], above=NAMES[:3]))
    reading, lines = read(fewer, profiles=remembered)
    assert len(lines) == 3 * DEPTH
    assert dict(reading.sheets[0].decision.extra)["beside"] == ["A:C", "E:G", "I:K"]


def test_columns_of_several_tables_chosen_by_a_person_are_read_alone(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", abreast(QUARTERS, above=NAMES))
    first = read(path)[0].decision
    sheet = first.sheets[0]
    for letters, cells in (("G", {"G"}), ("C", {"C", "G", "K", "O"})):
        columns = tuple(
            replace(choice, letters=letters, by_person=True) if choice.field == "amount" else choice
            for choice in sheet.columns
        )
        edited = replace(first, sheets=(replace(sheet, columns=columns),))
        _, lines = read(path, decision=edited)
        assert {line.cell[0] for line in lines} == cells


def test_lines_in_the_column_of_their_currency(tmp_path: Path) -> None:
    rows: Rows = [["Date", "Supplier", "Amount GBP", "Amount EUR"]]
    rows += [
        [dt.date(2026, 1, 1 + line), f"Shop {line} Ltd", *((10.5, None) if line % 2 else (None, 20.25))]
        for line in range(8)
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", [*rows, [None, "Total", 42, 81]]))
    assert not reading.questions
    assert {(line.currency, line.cell[0], line.amount) for line in lines} == {
        ("GBP", "C", Decimal("10.5")),
        ("EUR", "D", Decimal("20.25")),
    }
    assert len(lines) == 8
    missing = [*rows, [dt.date(2026, 2, 1), "Shop 9 Ltd", None, None]]
    reading, lines = read(workbook(tmp_path / "b.xlsx", missing))
    assert [problem.cell for problem in reading.problems if problem.rejected] == ["C10"]
    both = [[*row[:2], row[2] or 12.5, row[3] or 14.5] for row in rows]
    reading, lines = read(workbook(tmp_path / "c.xlsx", both))
    assert {line.currency for line in lines} <= {"GBP"}  # one amount told twice, not two lines
    assert len(lines) in (0, 8)


@pytest.mark.parametrize(
    "upper, last, carried",
    [
        ([None, 2025, None, None], ["Supplier", "Jan", "Feb", "Total"], [None, "2025", "2025", None]),
        (
            [None, "2025", None, 2026, None],
            ["Supplier", "Nov", "Dec", "Jan", "Feb"],
            [None, "2025", "2025", "2026", "2026"],
        ),
        ([None, 2025, None, None], ["Supplier", "Nov", "Dec", "Jan"], [None, 2025, None, None]),
        ([None, 2025, None, 2025], ["Supplier", "Jan", "Feb", "Mar"], [None, 2025, None, 2025]),
        ([None, "Plan", None], ["Supplier", "Jan", "Feb"], [None, "Plan", None]),
    ],
)
def test_a_year_over_the_first_of_its_months(upper: Any, last: Any, carried: Any) -> None:
    carry_years(upper, last)
    assert upper == carried


def test_a_year_that_does_not_say_whose_it_is_is_told(tmp_path: Path) -> None:
    rows: Rows = [
        [None, 2025, None, None, None, 2026],
        ["Supplier", "Oct", "Nov", "Dec", "Jan", "Feb"],
        *[[f"Shop {line} Ltd", 1.5, 2.5, 3.5, 4.5, 5.5] for line in range(4)],
    ]
    reading, _ = read(workbook(tmp_path / "a.xlsx", rows))
    told = [problem.cell for problem in reading.problems if problem.code == "sheet.month_not_read"]
    assert told == ["C2", "D2", "E2"]


def test_serial_numbers_as_text_are_days(tmp_path: Path) -> None:
    rows = [
        ["Invoice date", "Supplier", "Amount"],
        ["46039", "ACME Ltd", "10.50"],
        ["46054", "Beta Ltd", "20.00"],
    ]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert [line.date for line in lines] == [dt.date(2026, 1, 17), dt.date(2026, 2, 1)]


def test_rules_between_a_supplier_and_its_lines_name_nobody(tmp_path: Path) -> None:
    rule = ["-" * 40]
    rows: Rows = []
    for name in ("ACME Ltd", "Beta Ltd"):
        rows += [[f"Name            {name}"], rule, ["Belegdatum", "Text", "Betrag"], rule]
        rows += [[f"{day:02}.03.2026", "Lizenz", f"{day},50"] for day in (14, 15, 16)]
        rows += [rule, []]
    _, lines = read(text_file(tmp_path / "a.csv", rows, delimiter=";"))
    assert [line.supplier for line in lines] == ["ACME Ltd"] * 3 + ["Beta Ltd"] * 3
