"""One named test per problem code of reading, each on the narrowest file that has it."""

import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importers import codes as code_table
from mopsaudit.intake.contract import Kind, ReadingDecision
from mopsaudit.problems import CODES, Problem, ProblemCode, RefusedError
from tests.importers.builders import LINES as PACKAGE_LINES
from tests.importers.builders import package, read, total, workbook

D = datetime
HEAD = ["Invoice date", "Supplier", "Amount"]
GOOD: list[list[Any]] = [
    [D(2026, 1, 5), "ACME Ltd", 10.5],
    [D(2026, 1, 9), "Beta plc", 20],
    [D(2026, 1, 12), "Gamma", 30],
]


def problem(path: Path, code: str, kind: Kind = Kind.SPEND, **options: Any) -> Problem:
    """The one problem of that code; every problem of the file has a sentence and a declared code."""
    reading, _ = read(path, kind, **options)
    for each in reading.problems:
        assert each.code in CODES
        assert each.message.endswith(".")
        assert each.severity is CODES[each.code].severity
    found = [each for each in reading.problems if each.code == code]
    assert found, [each.code for each in reading.problems]
    return found[0]


def with_row(tmp_path: Path, *row: Any) -> Path:
    return workbook(tmp_path / "a.xlsx", [HEAD, *GOOD, list(row), [D(2026, 2, 1), "Last", 1]])


def with_cell(tmp_path: Path, cell: str) -> Path:
    """A sheet whose row 4 has that amount cell, and a good row after it."""
    row = (
        '<row r="4"><c r="A4" t="inlineStr"><is><t>2026-03-01</t></is></c>'
        f'<c r="B4" t="inlineStr"><is><t>Odd</t></is></c>{cell}</row>'
        '<row r="5"><c r="A5" t="inlineStr"><is><t>2026-03-02</t></is></c>'
        '<c r="B5" t="inlineStr"><is><t>After</t></is></c><c r="C5"><v>7</v></c></row>'
    )
    return package(tmp_path / "a.xlsx", sheet_data=PACKAGE_LINES + row)


def rejected(path: Path, code: str) -> Problem:
    """The rejected line of that code; the rows after it are read."""
    found = problem(path, code)
    assert found.rejected
    reading, lines = read(path)
    sheet = reading.sheets[0]
    assert sheet.lines_rejected == 1
    assert sheet.totals[0].unreadable == 1
    assert lines[-1].row > int("".join(sign for sign in found.cell or "0" if sign.isdigit()))
    return found


def test_a_journal_of_both_sides_is_told(tmp_path: Path) -> None:
    head = ["Date", "Supplier", "Account", "Debit", "Credit"]
    rows = []
    for day in (5, 9, 12):
        rows += [
            [D(2026, 1, day), "ACME Ltd", "6510", 10.5 * day, None],
            [D(2026, 1, day), "ACME Ltd", "4010", None, 10.5 * day],
        ]
    found = problem(workbook(tmp_path / "a.xlsx", [head, *rows]), "spend.both_sides")
    assert "6 lines" in found.message
    one = [*rows, [D(2026, 1, 20), "ACME Ltd", "6510", 1.0, None]]
    reading, _ = read(workbook(tmp_path / "b.xlsx", [head, *one]))
    assert "spend.both_sides" not in {each.code for each in reading.problems}


def test_spend_amount_unreadable(tmp_path: Path) -> None:
    found = rejected(with_row(tmp_path, D(2026, 1, 13), "Odd", "12 apples"), "spend.amount.unreadable")
    assert found.cell == "C5"
    assert "12 apples" in found.message


def test_spend_amount_missing(tmp_path: Path) -> None:
    assert rejected(with_row(tmp_path, D(2026, 1, 13), "Odd", None), "spend.amount.missing").cell == "C5"


def test_cell_formula_without_value(tmp_path: Path) -> None:
    found = rejected(with_cell(tmp_path, '<c r="C4"><f>1+1</f></c>'), "cell.formula_without_value")
    assert found.cell == "C4"
    rejected(with_cell(tmp_path, '<c r="C4"><f>1+1</f><v></v></c>'), "cell.formula_without_value")


def test_cell_error(tmp_path: Path) -> None:
    found = rejected(with_cell(tmp_path, '<c r="C4" t="e"><f>A1/0</f><v>#DIV/0!</v></c>'), "cell.error")
    assert "#DIV/0!" in found.message
    rejected(with_row(tmp_path, D(2026, 1, 13), "Odd", "#REF!"), "cell.error")


def test_cell_hashes(tmp_path: Path) -> None:
    rejected(with_row(tmp_path, D(2026, 1, 13), "Odd", "########"), "cell.hashes")


@pytest.mark.parametrize("value", ["NaN", "INF", "1e999", "9" * 10_000, "1_000", "٣", "0x10", "twelve"])
def test_cell_number_unreadable(tmp_path: Path, value: str) -> None:
    rejected(with_cell(tmp_path, f'<c r="C4"><v>{value}</v></c>'), "cell.number_unreadable")


def test_a_shared_string_that_is_not_there(tmp_path: Path) -> None:
    rejected(with_cell(tmp_path, '<c r="C4" t="s"><v>99</v></c>'), "cell.number_unreadable")
    rejected(with_cell(tmp_path, '<c r="C4" t="s"><v>-1</v></c>'), "cell.number_unreadable")


def test_cell_repeated(tmp_path: Path) -> None:
    rejected(with_cell(tmp_path, '<c r="C4"><v>1</v></c><c r="C4"><v>2</v></c>'), "cell.repeated")
    rejected(with_cell(tmp_path, '<c r="C9"><v>1</v></c>'), "cell.repeated")


def test_rows_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    first, second, third = (part + "</row>" for part in PACKAGE_LINES.split("</row>")[:3])
    _, lines = read(package(tmp_path / "a.xlsx", sheet_data=first + third + second))
    assert [line.row for line in lines] == [2, 3]
    assert total(lines) == Decimal("300.5")


def test_booleans_and_times_are_no_amounts(tmp_path: Path) -> None:
    rejected(with_cell(tmp_path, '<c r="C4" t="b"><v>1</v></c>'), "cell.boolean")


def test_spend_date_unreadable(tmp_path: Path) -> None:
    path = with_row(tmp_path, "99/9999999", "Odd", 5)
    found = problem(path, "spend.date.unreadable")
    assert (found.cell, found.rejected) == ("A5", False)
    assert total(read(path)[1]) == Decimal("66.5")


def test_a_month_thirteen_and_a_serial_outside_the_calendar(tmp_path: Path) -> None:
    problem(with_row(tmp_path, "2026-13-01", "Odd", 5), "spend.date.unreadable")
    problem(with_row(tmp_path, 99_999_999, "Odd", 5), "spend.date.unreadable")


def test_spend_date_missing(tmp_path: Path) -> None:
    path = with_row(tmp_path, None, "Odd", 5)
    assert problem(path, "spend.date.missing").cell == "A5"
    assert read(path)[1][3].date is None


def test_spend_date_mixed(tmp_path: Path) -> None:
    rows = [[D(2026, 1, n), "ACME", 1.5] for n in range(1, 6)]
    rows += [[f"{n}/01/2026", "ACME", 1.5] for n in range(13, 18)]
    assert problem(workbook(tmp_path / "a.xlsx", [HEAD, *rows]), "spend.date.mixed").cell == "A2"


def test_spend_supplier_missing(tmp_path: Path) -> None:
    path = with_row(tmp_path, D(2026, 1, 13), None, 5)
    assert problem(path, "spend.supplier.missing").cell == "B5"
    assert read(path)[1][3].supplier == ""


def test_spend_currency_unreadable(tmp_path: Path) -> None:
    rows = [[*HEAD, "Currency"], *[[*row, "EUR"] for row in GOOD], [D(2026, 1, 13), "Odd", 5, "Taler"]]
    assert problem(workbook(tmp_path / "a.xlsx", rows), "spend.currency.unreadable").cell == "D5"


def test_spend_amount_finer_than_minor(tmp_path: Path) -> None:
    path = with_row(tmp_path, D(2026, 1, 13), "Odd", 5.005)
    problem(path, "spend.amount.finer_than_minor")
    assert total(read(path)[1]) == Decimal("66.505")


def test_currency_assumed(tmp_path: Path) -> None:
    problem(workbook(tmp_path / "a.xlsx", [HEAD, *GOOD]), "currency.assumed")


def test_spend_not_spend_and_sum_negative(tmp_path: Path) -> None:
    path = with_row(tmp_path, D(2026, 1, 13), "PAYMENT RECEIVED THANK YOU", -5000)
    assert problem(path, "spend.not_spend").cell == "C5"
    # A payment to the card says nothing of the sign of charges; a credit larger than all charges may.
    problem(with_row(tmp_path, D(2026, 1, 13), "ACME Ltd", -5000), "spend.sum_negative")


def test_a_sign_said_of_an_earlier_file_that_makes_charges_credits_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *GOOD])
    (sheet,) = read(path)[0].decision.sheets
    turned = ReadingDecision(kind=Kind.SPEND, sheets=(replace(sheet, sign=-1),))
    found = problem(path, "spend.sum_negative", decision=turned)
    assert "-60.50" in found.message.replace("−", "-")


def test_sheet_total_and_subtotal_differ(tmp_path: Path) -> None:
    problem(workbook(tmp_path / "a.xlsx", [HEAD, *GOOD, [None, "Total", 61]]), "sheet.total.differs")
    rows = [HEAD, *GOOD, [None, "Subtotal", 61], *GOOD, [None, "Subtotal", 60.5], [None, "Grand total", 121]]
    problem(workbook(tmp_path / "b.xlsx", rows), "sheet.subtotal.differs")


def test_sheet_after_total(tmp_path: Path) -> None:
    rows = [HEAD, *GOOD, [None, "Grand total", 60.5], [], [None, None, 12.1]]
    problem(workbook(tmp_path / "a.xlsx", rows), "sheet.after_total")


def test_sheet_month_not_read(tmp_path: Path) -> None:
    heads = ["Supplier", "Jan 2026", "Feb 2026", "Mrch-ish", "Apr 2026", "May 2026"]
    rows: list[list[Any]] = [heads, *[[f"Shop {each} Ltd", 1.5, 2.5, 3.5, 4.5, 5.5] for each in range(6)]]
    found = problem(workbook(tmp_path / "a.xlsx", rows), "sheet.month_not_read")
    assert found.cell == "D1"
    rows = [[*row[:3], *row[4:]] for row in rows]
    reading, _ = read(workbook(tmp_path / "b.xlsx", rows))
    assert "sheet.month_not_read" not in {each.code for each in reading.problems}


def test_sheet_table_beside(tmp_path: Path) -> None:
    rows = [[*row, None, *row] for row in [HEAD, *GOOD]]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading, lines = read(path)
    (question,) = reading.questions
    assert not lines
    assert [choice.value for choice in question.choices] == ["C", "G", "all"]
    reading, lines = read(path, answers=((question.key, "all"),))
    assert not reading.questions
    assert len(lines) == 2 * len(GOOD)
    reading, lines = read(path, answers=((question.key, question.choices[0].value),))
    assert len(lines) == len(GOOD)
    assert [problem.code for problem in reading.problems if problem.code == "sheet.table_beside"]


def test_sheet_hidden_rows_columns_and_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *GOOD])
    book = openpyxl.load_workbook(path)
    book["Spend"].row_dimensions[2].hidden = True
    book["Spend"].column_dimensions["C"].hidden = True
    book.create_sheet("Notes")
    book["Spend"].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    for code in ("sheet.hidden_rows", "sheet.hidden_columns", "sheet.hidden"):
        problem(path, code)


@pytest.mark.parametrize(
    "area, cell", [("C2:C3", "C3"), ("B2:B4", "B3"), ("A1:C1", None), ("A3:B3", "B3"), ("E2:E9", None)]
)
def test_sheet_values_under_merged_cells(tmp_path: Path, area: str, cell: str | None) -> None:
    """Another program than Excel leaves them there; Excel shows the first alone."""
    written = workbook(tmp_path / "b.xlsx", [HEAD, *GOOD])
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            merged = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
            new.writestr(name, old.read(name).replace(b"</sheetData>", merged))
    reading, lines = read(path)
    assert total(lines) == total(read(written)[1])
    told = [each.cell for each in reading.problems if each.code == "sheet.covered_cells"]
    assert told == ([cell] if cell else [])


def test_sheet_stray_cell(tmp_path: Path) -> None:
    path = package(
        tmp_path / "a.xlsx", sheet_data=f'{PACKAGE_LINES}<row r="9"><c r="XFD9"><v>1</v></c></row>'
    )
    assert problem(path, "sheet.stray_cell").cell == "XFD9"


def test_value_unreadable_and_missing(tmp_path: Path) -> None:
    head = ["Tool", "Vendor", "Seats", "Status"]
    path = workbook(
        tmp_path / "a.xlsx", [head, ["CRM", "ACME", "many", "active"], [None, "Beta", 5, "active"]]
    )
    assert problem(path, "value.unreadable", Kind.INVENTORY).cell == "C2"
    assert problem(path, "value.missing", Kind.INVENTORY).cell == "A3"


def test_usage_assignment_only(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Name", "Email", "Licence"], ["Ann", "ann@example.org", "Pro"]])
    problem(path, "usage.assignment_only", Kind.USAGE, tool="CRM")


def test_sheet_missing_map_unknown_and_no_data(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *GOOD])
    for options, code in (({"sheets": ("x",)}, "sheet.missing"), ({"maps": (("date", "x"),)}, "map.unknown")):
        with pytest.raises(RefusedError) as caught:
            read(path, **options)
        assert caught.value.code == code
    with pytest.raises(RefusedError) as caught:
        read(workbook(tmp_path / "b.xlsx", [["hello"], ["world"]]))
    assert caught.value.code == "file.no_data"


def test_every_code_has_a_title_and_says_what_to_do() -> None:
    for entry in vars(code_table).values():
        if isinstance(entry, ProblemCode):
            assert entry.title
            assert entry.what_to_do.endswith(".")


@pytest.mark.parametrize(
    "value, code",
    [
        (True, "cell.boolean"),
        ("FALSE", "cell.boolean"),
        (D(2026, 1, 1, 10, 30), "cell.time"),
        (D(2026, 1, 1, 10, 30).time(), "cell.time"),
        ("12 %", "cell.percent"),
        ("7.5%", "cell.percent"),
    ],
)
def test_what_is_no_amount_has_a_code_of_its_own(tmp_path: Path, value: Any, code: str) -> None:
    rejected(with_row(tmp_path, D(2026, 1, 31), "Odd", value), code)


def test_a_number_formatted_as_a_percentage(tmp_path: Path) -> None:
    path = with_row(tmp_path, D(2026, 1, 31), "Odd", 0.5)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C5"].number_format = "0.0%"
    book.save(path)
    assert "50" in rejected(path, "cell.percent").message


@pytest.mark.parametrize("text", ["5,-", "5.–", "5.-- €", "€ 5,-"])
def test_a_dash_after_the_mark_is_no_minus(tmp_path: Path, text: str) -> None:
    _, lines = read(with_row(tmp_path, D(2026, 1, 31), "Odd", text))
    assert next(line.amount for line in lines if line.supplier == "Odd") == 5


def test_two_minuses_are_not_guessed_at(tmp_path: Path) -> None:
    rejected(with_row(tmp_path, D(2026, 1, 31), "Odd", "--5"), "spend.amount.unreadable")


def test_spend_date_carried(tmp_path: Path) -> None:
    days = [D(2026, 1, 12), None, None, D(2026, 2, 3), None]
    rows = [HEAD, *[[day, f"Shop {place} Ltd", 10.5 + place] for place, day in enumerate(days)]]
    path = workbook(tmp_path / "a.xlsx", rows)
    assert problem(path, "spend.date.carried").cell == "A3"
    _, lines = read(path)
    assert [line.date.day for line in lines] == [12, 12, 12, 3, 3]
    # Dates that stand twice are not named once: a missing one is missing.
    rows = [HEAD, *[[day, f"Shop {place} Ltd", 10.5 + place] for place, day in enumerate([*days, days[3]])]]
    path = workbook(tmp_path / "b.xlsx", rows)
    problem(path, "spend.date.missing")
    assert sum(line.date is None for line in read(path)[1]) == 3


def test_sheet_quarters(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Supplier", "Q1 2026", "Q2 2026", "FY 2026"]]
    rows += [[f"Shop {each} Ltd", 1.5, 2.5, 4.0] for each in range(6)]
    path = workbook(tmp_path / "a.xlsx", rows)
    assert problem(path, "sheet.quarters").cell == "B1"
    _, lines = read(path)
    assert sorted({line.period.month for line in lines}) == [1, 4]
    assert sum(line.amount for line in lines) == 24


def test_spend_credit_section(tmp_path: Path) -> None:
    lines = [[D(2026, 1, each), f"Shop {each} Ltd", 100.5] for each in range(1, 5)]
    credit: list[list[Any]] = [
        ["Credit notes"],
        [D(2026, 2, 1), "Shop 1 Ltd", 20.5],
        [None, "Total credit notes", 20.5],
    ]
    net = [[None, "Net spend", 381.5]]
    path = workbook(tmp_path / "a.xlsx", [HEAD, *lines, [None, "Total", 402], *credit, *net])
    assert problem(path, "spend.credit.section").cell == "C8"
    reading, found = read(path)
    assert sum(line.amount for line in found) == Decimal("381.5")
    assert reading.sheets[0].totals[0].foots
    # Without a sum of both nothing says whether they are costs: asked, and read as answered.
    path = workbook(tmp_path / "b.xlsx", [HEAD, *lines, *credit])
    (question,) = read(path)[0].questions
    for answer, wanted in (("subtract", "381.5"), ("as_written", "422.5")):
        _, found = read(path, answers=((question.key, answer),))
        assert sum(line.amount for line in found) == Decimal(wanted)
    # A credit section written with its minus says so itself.
    credit[1][2], credit[2][2] = -20.5, -20.5
    reading, found = read(workbook(tmp_path / "c.xlsx", [HEAD, *lines, *credit]))
    assert not reading.questions
    assert sum(line.amount for line in found) == Decimal("381.5")


def test_a_period_that_names_no_month_is_told(tmp_path: Path) -> None:
    rows = [["Period", "Supplier", "Amount"], *[["Jan 2026", f"Shop {each} Ltd", 10.5] for each in range(5)]]
    rows.append(["later", "Shop 9 Ltd", 1.5])
    assert problem(workbook(tmp_path / "a.xlsx", rows), "spend.date.unreadable").cell == "A7"


def test_what_is_left_out_is_told_of_edited_and_remembered_layouts_too(tmp_path: Path) -> None:
    heads = ["Supplier", "Jan 2026", "Feb 2026", "Mrch-ish", "Apr 2026", "May 2026"]
    across: list[list[Any]] = [heads, *[[f"Shop {each} Ltd", 1.5, 2.5, 3.5, 4.5, 5.5] for each in range(6)]]
    path = workbook(tmp_path / "a.xlsx", across)
    beside = workbook(tmp_path / "b.xlsx", [[*row, None, *row] for row in [HEAD, *GOOD]])
    (question,) = read(beside)[0].questions
    given = ((question.key, "G"),)
    for file, answers, code, cell in (
        (path, (), "sheet.month_not_read", "D1"),
        (beside, given, "sheet.table_beside", "A1"),
    ):
        first = read(file, answers=answers)[0]
        profile = first.decision.to_json()["sheets"][0]
        edited = read(file, decision=first.decision)[0]
        remembered = read(file, profiles=((profile["fingerprint"], profile),))[0]
        for reading in (first, edited, remembered):
            assert [each.cell for each in reading.problems if each.code == code] == [cell]


def test_crowns_are_the_companys_own_or_asked(tmp_path: Path) -> None:
    texts = workbook(tmp_path / "a.xlsx", [HEAD, *[[day, name, f"{value} kr"] for day, name, value in GOOD]])
    headed = workbook(tmp_path / "b.xlsx", [[*HEAD[:2], "Amount (kr)"], *GOOD])
    for path in (texts, headed):
        assert {line.currency for line in read(path, base_currency="NOK")[1]} == {"NOK"}
        reading, lines = read(path)
        (question,) = reading.questions
        assert not lines
        assert [choice.value for choice in question.choices] == ["SEK", "NOK", "DKK"]
        assert {line.currency for line in read(path, answers=((question.key, "DKK"),))[1]} == {"DKK"}
