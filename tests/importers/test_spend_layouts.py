"""Spend sheets as finance wraps them: where the header is, which column is what, what is a total, a note, a line."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from mopsaudit.intake.contract import Layout, ReadingDecision, RowMark, Tax
from mopsaudit.problems import RefusedError
from tests.importers.builders import codes, package, read, text_file, total, workbook

D = datetime
HEAD = ["Invoice date", "Supplier", "Description", "Amount"]
LINES: list[list[Any]] = [
    [D(2026, 1, 5), "ACME Ltd", "Hosting", 1200.1],
    [D(2026, 1, 9), "Beta plc", "Licences", 300],
    [D(2026, 2, 3), "ACME Ltd", "Hosting", -200.05],
    [D(2026, 2, 14), "TOTAL GAS & POWER LTD", "Gas", 75.25],
    [D(2026, 2, 20), "Gamma SA", "Events", 99.9],
    [D(2026, 3, 1), "Total Mobile Limited", "Phones", 10],
]
SUM = Decimal("1485.20")


def used(reading: Any) -> Any:
    return next(sheet for sheet in reading.sheets if sheet.decision.used)


def columns(reading: Any) -> dict[str, str]:
    return {choice.field: choice.letters for choice in used(reading).decision.columns}


def test_a_plain_table(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", [HEAD, *LINES]))
    sheet = used(reading)
    assert columns(reading) == {"date": "A", "supplier": "B", "description": "C", "amount": "D"}
    assert (sheet.decision.header_rows, sheet.first_data_row, sheet.last_data_row) == ((1,), 2, 7)
    assert total(lines) == SUM
    assert lines[0].cell == "D2"
    assert lines[0].date == date(2026, 1, 5)
    assert lines[3].supplier == "TOTAL GAS & POWER LTD"
    assert sheet.totals[0].data == SUM
    assert sheet.totals[0].foots is None
    assert sheet.decision.confidence > 0.9


def test_title_rows_and_a_decoy_above_the_header(tmp_path: Path) -> None:
    rows = [
        ["AP Ledger extract"],
        ["Run by: AP_BATCH, amount >= 0, supplier all"],
        [],
        ["select amount", "from ledger"],
        ["Period", "January to March"],
        [],
        HEAD,
        *LINES,
        [None, "Total", None, 1485.2],
        ["Prepared by finance, subject to audit."],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    sheet = used(reading)
    assert sheet.decision.header_rows == (7,)
    assert total(lines) == SUM
    assert (sheet.total_rows, sheet.note_rows) == (1, 1)
    assert sheet.totals[0].foots is True
    assert sheet.totals[0].sheet_total == SUM


def test_a_total_that_does_not_foot_is_said_and_never_added(tmp_path: Path) -> None:
    rows = [HEAD, *LINES, [None, "Grand total", None, 9999]]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == SUM
    assert used(reading).totals[0].foots is False
    problem = next(problem for problem in reading.problems if problem.code == "sheet.total.differs")
    assert problem.cell == "D8"
    assert "a difference of 8,513.80 GBP" in problem.message


def test_an_unlabelled_grand_total(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", [HEAD, *LINES, [], [None, None, None, 1485.2]]))
    assert total(lines) == SUM
    assert used(reading).totals[0].foots is True


def test_subtotals_by_word_and_by_group_name(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [D(2026, 1, 5), "ACME", "a", 10],
        [D(2026, 1, 6), "ACME", "b", 20],
        [None, "ACME Total", None, 30],
        [D(2026, 1, 7), "Beta", "c", 5],
        [None, "Beta Total", None, 5],
        [None, "Grand Total", None, 35],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == 35
    assert used(reading).total_rows == 3
    assert [control.grand for control in used(reading).controls] == [False, False, True]
    assert all(control.agrees for control in used(reading).controls)


def test_a_subtotal_that_differs_is_named(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [D(2026, 1, 5), "ACME", "a", 10],
        [D(2026, 1, 6), "ACME", "b", 20],
        [None, "Subtotal", None, 31],
        [D(2026, 1, 7), "Beta", "c", 5],
        [None, "Subtotal", None, 5],
        [None, "Grand Total", None, 35],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == 35
    assert "sheet.subtotal.differs" in codes(reading)


def test_page_headers_and_page_totals(tmp_path: Path) -> None:
    rows: list[list[Any]] = []
    for page in range(3):
        rows += [[f"Page {page + 1}"], HEAD, *LINES, [None, "Page total", None, 1485.2]]
    rows.append([None, "Report total", None, 4455.6])
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == SUM * 3
    assert len(lines) == 18
    assert used(reading).repeated_headers == 2
    assert used(reading).totals[0].foots is True


def test_two_line_merged_headers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Invoice", None, "Payee", None, "Net value £"])
    sheet.append(["Date", "Number", "Name", "Purpose", None])
    for row in LINES:
        sheet.append([row[0], "I-1", row[1], row[2], row[3]])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:D1")
    path = tmp_path / "a.xlsx"
    book.save(path)
    reading, lines = read(path, base_currency="EUR")
    assert columns(reading) == {
        "date": "A",
        "reference": "B",
        "supplier": "C",
        "description": "D",
        "amount": "E",
    }
    assert total(lines) == SUM
    assert {line.currency for line in lines} == {"GBP"}


@pytest.mark.parametrize(
    "head",
    [
        ["Datum", "Kreditor", "Buchungstext", "Betrag"],
        ["Date facture", "Fournisseur", "Libellé", "Montant"],
        ["Fecha", "Proveedor", "Concepto", "Importe"],
        ["Invoce date", "Suppklier", "Descripton", " Amount "],
        ["InvoiceDate", "SupplierName", "LineDescription", "NetAmount"],
        ["FIN.POSTING DATE", "MCH.MERCHANT NAME", "FIN.DESCRIPTION", "FIN.TRANSACTION AMOUNT"],
    ],
)
def test_foreign_misspelt_and_glued_headers(tmp_path: Path, head: list[str]) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", [head, *LINES]))
    assert columns(reading) == {"date": "A", "supplier": "B", "description": "C", "amount": "D"}
    assert total(lines) == SUM
    assert not reading.questions


def test_no_header_at_all(tmp_path: Path) -> None:
    rows = [[row[0], row[1], row[3]] for row in LINES]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert used(reading).decision.header_rows == ()
    assert total(lines) == SUM
    assert columns(reading) == {"date": "A", "supplier": "B", "amount": "C"}


def test_a_table_at_c7_with_notes_beside_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[] for _ in range(6)]
    rows.append([None, None, *HEAD, None, None, "Notes"])
    for index, row in enumerate(LINES):
        rows.append([None, None, *row, None, None, ["1234.5", "Total 99,000.00", "VAT excluded"][index % 3]])
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == SUM
    assert columns(reading)["amount"] == "F"


def test_debit_credit_and_balance(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Date", "Vendor", "Narrative", "Debit", "Credit", "Balance"]]
    balance = 0.0
    for row in LINES:
        value = row[3]
        balance = round(balance + value, 2)
        rows.append([*row[:3], value if value > 0 else None, -value if value < 0 else None, balance])
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == SUM
    assert columns(reading)["debit"] == "D"
    assert columns(reading)["credit"] == "E"
    assert lines[2].cell == "E4"
    assert lines[2].amount == Decimal("-200.05")


def test_net_tax_and_gross(tmp_path: Path) -> None:
    rows = [["Date", "Supplier", "Net", "VAT", "Gross"]]
    rows += [[row[0], row[1], row[3], round(row[3] * 0.2, 2), round(row[3] * 1.2, 2)] for row in LINES]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == SUM
    assert used(reading).decision.tax is Tax.NET
    assert lines[1].tax == 60
    reading, lines = read(workbook(tmp_path / "b.xlsx", [[row[0], row[1], row[4]] for row in rows]))
    assert used(reading).decision.tax is Tax.GROSS


def test_an_amount_beside_its_tax(tmp_path: Path) -> None:
    gross = [["Date", "Supplier", "Amount", "VAT"], *[[row[0], row[1], 120, 20] for row in LINES]]
    reading, _ = read(workbook(tmp_path / "a.xlsx", gross))
    assert used(reading).decision.tax is Tax.GROSS_WITH_TAX
    unclear = [["Date", "Supplier", "Amount", "VAT"], *[[row[0], row[1], 100, 3.7] for row in LINES]]
    reading, lines = read(workbook(tmp_path / "b.xlsx", unclear))
    assert [question.key for question in reading.questions] == ["Spend!C.tax"]
    assert not lines
    reading, lines = read(tmp_path / "b.xlsx", answers=(("Spend!C.tax", "gross"),))
    assert used(reading).decision.tax is Tax.GROSS_WITH_TAX
    assert len(lines) == 6


def test_original_and_booked_amounts_with_the_same_heading(tmp_path: Path) -> None:
    rows = [["Date", "Merchant", "Amount", "Currency", "Amount", "Currency"]]
    rows += [
        [row[0], row[1], abs(row[3]) * 1.1, ["USD", "EUR"][index % 2], row[3], "GBP"]
        for index, row in enumerate(LINES)
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows), base_currency="USD")
    assert columns(reading)["amount"] == "E"
    assert {line.currency for line in lines} == {"GBP"}
    assert {line.original_currency for line in lines} == {"USD", "EUR"}
    assert total(lines) == SUM


def test_grouped_by_supplier(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Invoice date", "Description", "Amount"],
        ["ACME Ltd"],
        [None, D(2026, 1, 5), "Hosting", 10],
        [None, D(2026, 1, 6), "Hosting", 20],
        [None, None, "Total for vendor", 30],
        ["TOTAL GAS & POWER LTD"],
        [None, D(2026, 1, 7), "Gas", 5],
        [None, None, "Total for vendor", 5],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert used(reading).decision.layout is Layout.GROUPED
    assert [(line.supplier, line.amount) for line in lines] == [
        ("ACME Ltd", 10),
        ("ACME Ltd", 20),
        ("TOTAL GAS & POWER LTD", 5),
    ]
    assert used(reading).total_rows == 2


def test_the_supplier_only_in_the_first_line_of_its_group(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [D(2026, 1, 5), "ACME Ltd", "a", 10],
        [D(2026, 1, 6), None, "b", 20],
        [D(2026, 1, 7), None, "c", 20],
        [D(2026, 1, 8), "Beta", "d", 5],
        [D(2026, 1, 9), None, "e", 5],
    ]
    _, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert [line.supplier for line in lines] == ["ACME Ltd"] * 3 + ["Beta"] * 2


def test_a_crosstab_of_suppliers_and_months(tmp_path: Path) -> None:
    rows = [
        ["Marketing software by supplier, £"],
        [],
        ["Supplier", "Jan-26", "Feb-26", "Mar-26", "Total"],
        ["ACME", 10, 20, None, 30],
        ["TOTAL GAS LTD", None, 5, 5.5, 10.5],
        ["Total", 10, 25, 5.5, 40.5],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert used(reading).decision.layout is Layout.CROSSTAB
    assert columns(reading)["amount"] == "B:D"
    assert [(line.supplier, line.period, line.cell) for line in lines] == [
        ("ACME", date(2026, 1, 1), "B4"),
        ("ACME", date(2026, 2, 1), "C4"),
        ("TOTAL GAS LTD", date(2026, 2, 1), "C5"),
        ("TOTAL GAS LTD", date(2026, 3, 1), "D5"),
    ]
    assert total(lines) == Decimal("40.5")
    assert used(reading).totals[0].foots is True


def test_which_sheets_are_used(tmp_path: Path) -> None:
    sheets = {
        "Read me": [["This workbook holds the payments."], ["Amount", "in pounds"]],
        "Summary": [
            ["Row Labels", "Sum of Amount"],
            ["ACME Ltd", 1000.05],
            ["Others", 485.15],
            ["Grand Total", 1485.2],
        ],
        "Extract": [HEAD, *LINES],
        "Lookup": [["Code", "Name"], [4410, "Digital"]],
    }
    reading, lines = read(workbook(tmp_path / "a.xlsx", sheets))
    assert [sheet.decision.name for sheet in reading.sheets if sheet.decision.used] == ["Extract"]
    assert total(lines) == SUM
    assert all(sheet.decision.why for sheet in reading.sheets if not sheet.decision.used)
    reading, lines = read(tmp_path / "a.xlsx", sheets=("extract",))
    assert total(lines) == SUM
    with pytest.raises(RefusedError, match="Nope"):
        read(tmp_path / "a.xlsx", sheets=("Nope",))


def test_one_sheet_per_month_and_their_sum(tmp_path: Path) -> None:
    sheets = {"Jan": [HEAD, *LINES[:3]], "Feb": [HEAD, *LINES[3:]], "All": [HEAD, *LINES]}
    reading, lines = read(workbook(tmp_path / "a.xlsx", sheets))
    assert total(lines) == SUM
    reading, lines = read(workbook(tmp_path / "b.xlsx", {"Jan": sheets["Jan"], "Feb": sheets["Feb"]}))
    assert total(lines) == SUM
    assert sum(sheet.decision.used for sheet in reading.sheets) == 2


def test_hidden_sheets_rows_and_columns(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Spend": [HEAD, *LINES], "Old": [HEAD, *LINES]})
    book = openpyxl.load_workbook(path)
    book["Old"].sheet_state = "hidden"
    book["Spend"].row_dimensions[3].hidden = True
    book["Spend"].column_dimensions["B"].hidden = True
    book.save(path)
    reading, lines = read(path)
    assert total(lines) == SUM
    assert [sheet.decision.used for sheet in reading.sheets] == [True, False]
    note = next(problem for problem in reading.problems if problem.code == "sheet.hidden_rows")
    assert "300" in note.message
    assert "sheet.hidden_columns" in codes(reading)
    book = openpyxl.load_workbook(path)
    del book["Spend"]
    book.create_sheet("Empty")
    book.save(path)
    reading, lines = read(path)
    assert total(lines) == SUM
    assert "sheet.hidden" in codes(reading)


def test_charges_listed_as_negative_are_asked_about_once(tmp_path: Path) -> None:
    rows = [HEAD, *[[*row[:3], -row[3]] for row in LINES]]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert [question.key for question in reading.questions] == ["Spend!D.sign"]
    assert not lines
    reading, lines = read(tmp_path / "a.xlsx", answers=(("Spend!D.sign", "-1"),))
    assert total(lines) == SUM
    assert used(reading).decision.sign == -1
    profile = reading.decision.to_json()["sheets"][0]
    reading, lines = read(tmp_path / "a.xlsx", profiles=((profile["fingerprint"], profile),))
    assert total(lines) == SUM
    assert not reading.questions


def test_a_decimal_mark_nobody_can_tell_is_asked_about(tmp_path: Path) -> None:
    rows = [HEAD, *[[D(2026, 1, 5), "ACME Ltd", "x", text] for text in ("1.234", "2.500", "12.750")]]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert [question.key for question in reading.questions] == ["Spend!D.decimal_mark"]
    assert {choice.value for choice in reading.questions[0].choices} == {".", ","}
    assert not lines
    key = "Spend!D.decimal_mark"
    assert total(read(tmp_path / "a.xlsx", answers=((key, "."),))[1]) == Decimal("16.484")
    assert total(read(tmp_path / "a.xlsx", answers=((key, ","),))[1]) == 16484


def test_a_date_order_nobody_can_tell_is_asked_about(tmp_path: Path) -> None:
    rows = [HEAD, *[[text, "ACME Ltd", "x", 5.5] for text in ("03/04/2026", "05/06/2026")]]
    path = text_file(tmp_path / "a.csv", rows)
    reading, lines = read(path)
    assert [question.key for question in reading.questions] == ["A.date_order"]
    assert reading.questions[0].to_json()["sheet"] is None
    assert not lines
    assert read(path, answers=(("A.date_order", "dmy"),))[1][0].date == date(2026, 4, 3)
    assert read(path, answers=(("A.date_order", "mdy"),))[1][0].date == date(2026, 3, 4)


def test_the_1904_date_system(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    for row in LINES:
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    _, lines = read(path)
    assert [line.date for line in lines] == [row[0].date() for row in LINES]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp437"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_files(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [HEAD, *[[f"{row[0]:%d/%m/%Y}", f"Café {row[1]}", row[2], f"£{row[3]:,.2f}"] for row in LINES]]
    reading, lines = read(
        text_file(tmp_path / "a.csv", rows, encoding=encoding, delimiter=delimiter), base_currency="USD"
    )
    assert total(lines) == SUM
    assert lines[0].supplier == "Café ACME Ltd"
    assert {line.currency for line in lines} == {"GBP"}
    assert reading.sheets[0].decision.name is None


def test_currency_by_column_format_heading_option_and_base(tmp_path: Path) -> None:
    rows = [[*HEAD, "Currency"], *[[*row, ["EUR", "USD"][index % 2]] for index, row in enumerate(LINES)]]
    _, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert {line.currency for line in lines} == {"EUR", "USD"}
    _, lines = read(workbook(tmp_path / "b.xlsx", [[*HEAD[:3], "Amount (CHF)"], *LINES]))
    assert {line.currency for line in lines} == {"CHF"}
    path = workbook(tmp_path / "c.xlsx", [HEAD, *LINES])
    assert {line.currency for line in read(path, currency="SEK")[1]} == {"SEK"}
    reading, lines = read(path, base_currency="NOK")
    assert {line.currency for line in lines} == {"NOK"}
    assert "currency.assumed" in codes(reading)
    book = openpyxl.load_workbook(path)
    for row in range(2, 8):
        book["Spend"].cell(row, 4).number_format = "[$€-407] #,##0.00" if row % 2 else '"£"#,##0.00'
    book.save(path)
    reading, lines = read(path)
    assert [line.currency for line in lines[:2]] == ["GBP", "EUR"]
    assert "currency.assumed" not in codes(reading)


def test_two_currencies_and_no_line_says_which(tmp_path: Path) -> None:
    rows = [["Date", "Supplier", "Amount £"], *[[row[0], row[1], f"{row[3]:.2f} €"] for row in LINES]]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert [question.key for question in reading.questions] == ["Spend!currency"]
    _, lines = read(tmp_path / "a.xlsx", currency="EUR")
    assert len(lines) == 6


def test_maps_by_heading_and_by_letter(tmp_path: Path) -> None:
    rows = [["When", "Whom", "A", "B"], *[[row[0], row[1], 7, row[3]] for row in LINES]]
    path = workbook(tmp_path / "a.xlsx", rows)
    _, lines = read(path, maps=(("amount", "B"), ("supplier", "Whom"), ("date", "A:")))
    assert total(lines) == SUM
    assert lines[0].supplier == "ACME Ltd"
    with pytest.raises(RefusedError, match="amount=Nope"):
        read(path, maps=(("amount", "Nope"),))


def test_an_edited_decision_is_obeyed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *LINES])
    reading, _ = read(path)
    sheet = reading.decision.sheets[0].with_mark(3, RowMark.IGNORE).without_column("C")
    decision = ReadingDecision.from_json(reading.decision.with_sheet(sheet).to_json())
    again, lines = read(path, decision=decision)
    assert len(lines) == 5
    assert total(lines) == SUM - 300
    assert lines[0].description is None
    assert again.decision.sheets[0] == sheet


def test_a_corrected_layout_is_known_next_time(tmp_path: Path) -> None:
    head = ["Booked", "Who", "Cost", "Recharge"]
    path = workbook(tmp_path / "a.xlsx", [head, *[[row[0], row[1], 1.5, row[3]] for row in LINES]])
    reading, lines = read(path, maps=(("amount", "Recharge"), ("supplier", "Who")))
    assert total(lines) == SUM
    profile = reading.decision.to_json()["sheets"][0]
    moved = workbook(
        tmp_path / "b.xlsx", [["Report"], [], head, *[[row[0], row[1], 1.5, row[3]] for row in LINES]]
    )
    reading, lines = read(moved, profiles=((profile["fingerprint"], profile),))
    assert total(lines) == SUM
    assert used(reading).decision.header_rows == (3,)


def test_payments_to_the_card_are_no_spend(tmp_path: Path) -> None:
    rows = [["Transaction date", "Merchant", "Amount"], *[[row[0], row[1], abs(row[3])] for row in LINES]]
    rows.append([D(2026, 3, 2), "PAYMENT RECEIVED - THANK YOU", -5000])
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert [line.not_spend for line in lines[-2:]] == [None, "card payment"]
    assert "spend.not_spend" in codes(reading)
    assert "spend.sum_negative" not in codes(reading)  # the charges are positive, whatever was paid


def test_another_little_table_below_the_grand_total_is_left_out(tmp_path: Path) -> None:
    rows = [
        HEAD,
        *LINES,
        [None, "Grand total", None, 1485.2],
        [],
        [None, None, "VAT at 20 %", 297.04],
        [None, None, "To pay", 1782.24],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == SUM
    assert "sheet.after_total" in codes(reading)


def test_a_fifteen_digit_number_and_one_longer_as_text(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [D(2026, 1, 1), "A", "x", 999999999999.99],
        [D(2026, 1, 1), "B", "y", "99,999,999,999,999.99"],
    ]
    _, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert [str(line.amount) for line in lines] == ["999999999999.99", "99999999999999.99"]


def test_float_noise_is_what_the_sheet_shows(tmp_path: Path) -> None:
    _, lines = read(
        workbook(tmp_path / "a.xlsx", [HEAD, [D(2026, 1, 1), "A", "x", 8744.359999999999], *LINES])
    )
    assert lines[0].amount == Decimal("8744.36")


def test_the_same_file_reads_the_same_twice(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *LINES])
    assert read(path) == read(path)


def test_shared_strings_escapes_and_missing_references(tmp_path: Path) -> None:
    data = (
        "<row><c t='inlineStr'><is><t>Invoice date</t></is></c><c t='inlineStr'><is><t>Supplier</t></is></c>"
        "<c t='inlineStr'><is><t>Amount</t></is></c></row>"
        "<row><c t='inlineStr'><is><t>2026-01-31</t></is></c><c "
        "t='inlineStr'><is><t>A_x000D_B</t></is></c><c><v>5</v></c></row>"
    )
    _, lines = read(package(tmp_path / "a.xlsx", sheet_data=data))
    assert [(line.supplier, line.amount) for line in lines] == [("A B", 5)]


def test_an_outline_whose_supplier_row_carries_the_sum(tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Invoice date", "Description", "Amount"],
        ["ACME Ltd", None, None, 30],
        [None, D(2026, 1, 5), "a", 10],
        [None, D(2026, 1, 6), "b", 20],
        ["Beta plc", None, None, 12.5],
        [None, D(2026, 1, 7), "c", 12],
        [None, D(2026, 1, 8), "d", 0.5],
        ["Grand total", None, None, 42.5],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert [(line.supplier, line.amount) for line in lines] == [
        ("ACME Ltd", 10),
        ("ACME Ltd", 20),
        ("Beta plc", 12),
        ("Beta plc", Decimal("0.5")),
    ]
    assert used(reading).total_rows == 3


def test_months_without_a_year_take_it_from_the_line_above_or_the_title(tmp_path: Path) -> None:
    rows = [
        [None, "2025", None, "2026"],
        ["Supplier", "Nov", "Dec", "Jan"],
        ["ACME", 1, 2, 3],
        ["Beta", 4, None, 5],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(path)
    book["Spend"].merge_cells("B1:C1")
    book.save(path)
    reading, lines = read(path)
    assert not reading.questions
    assert [line.period for line in lines[:3]] == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    rows = [
        ["Software spend FY2026"],
        ["Supplier", "Jan", "Feb", "Mar", "Total"],
        ["ACME", 1, 2, 3, 6],
        ["Total", 1, 2, 3, 6],
    ]
    reading, lines = read(workbook(tmp_path / "b.xlsx", rows))
    assert [line.period for line in lines] == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    reading, lines = read(workbook(tmp_path / "c.xlsx", rows[1:]))
    assert [question.key for question in reading.questions] == ["Spend!fiscal_year"]
    _, lines = read(tmp_path / "c.xlsx", answers=(("Spend!fiscal_year", "2024"),))
    assert lines[0].period == date(2024, 1, 1)


def test_cells_merged_downwards_say_the_same_for_each_row(tmp_path: Path) -> None:
    rows = [
        HEAD,
        *[[row[0], None if index == 1 else row[1], row[2], row[3]] for index, row in enumerate(LINES)],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(path)
    book["Spend"].merge_cells("B2:B3")
    book.save(path)
    _, lines = read(path)
    assert [line.supplier for line in lines[:2]] == ["ACME Ltd", "ACME Ltd"]
    assert total(lines) == SUM


def test_credits_by_an_indicator_column(tmp_path: Path) -> None:
    rows = [
        ["Date", "Supplier", "Amount", "DR/CR"],
        *[[row[0], row[1], abs(row[3]), "CR" if row[3] < 0 else "DR"] for row in LINES],
    ]
    _, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert total(lines) == SUM


def test_an_edited_decision_keeps_its_answers_and_needs_an_amount(tmp_path: Path) -> None:
    rows = [HEAD, *[[text, "ACME Ltd", "x", 5.5] for text in ("03/04/2026", "05/06/2026")]]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading, _ = read(path)
    decision = reading.decision.with_answer("Spend!A.date_order", "dmy")
    assert read(path, decision=decision)[1][0].date == date(2026, 4, 3)
    bare = decision.with_sheet(decision.sheets[0].without_column("D"))
    with pytest.raises(RefusedError, match="amount"):
        read(path, decision=bare)


def test_a_total_of_the_charges_alone_is_no_charge(tmp_path: Path) -> None:
    """A card statement: payments and refunds stand in the credit column, the total is of the debit column only."""
    rows: list[list[Any]] = [
        ["CORPORATE CARD STATEMENT"],
        [],
        ["Trans date", "Merchant", "Description", "Debit", "Credit", "Balance"],
        [D(2026, 3, 3), "PAYPAL *CANVA", "Canva Pro", 109.99, None, 2420.39],
        [D(2026, 3, 5), "LINKEDIN ADS", "campaign", 1500, None, 3920.39],
        [D(2026, 3, 8), "PAYMENT RECEIVED - THANK YOU", None, None, 2310.4, 1609.99],
        [D(2026, 3, 14), "ZOOM.US", None, 149.9, None, 1759.89],
        [D(2026, 3, 25), "CANVA REFUND", "refund", None, 109.99, 1649.9],
        [None, "Total new charges", None, 1759.89],
        [None, "Total payments and credits", None, None, 2420.39],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert [line.supplier for line in lines] == [row[1] for row in rows[3:8]]
    assert total(lines) == Decimal("-660.50")
    controls = used(reading).controls
    assert [(each.row, each.agrees, each.grand) for each in controls] == [(9, True, False), (10, True, False)]
    assert used(reading).totals[0].foots is None


def test_suppliers_named_with_a_label_over_the_date_column_and_totals_of_pages(tmp_path: Path) -> None:
    """The report of an older ledger: `Vendor: NAME` above its lines, page totals that run across vendors."""
    head = ["Date", "Doc no", "Text", "Amount", "Curr"]
    rows: list[list[Any]] = [
        ["VENDOR ACTIVITY REPORT"],
        [],
        head,
        ["Vendor: HUBSPOT IRELAND LTD"],
        ["04.03.2026", "5101", "Seats", 723.42, "EUR"],
        ["05.03.2026", "5102", "Onboarding", 100, "EUR"],
        [None, None, "Total HUBSPOT IRELAND LTD", 823.42],
        ["Vendor: MAILCHIMP"],
        ["06.03.2026", "5103", "Plan", 50.5, "EUR"],
        [None, None, "Page total", 873.92],
        ["Page 2"],
        head,
        ["07.03.2026", "5104", "Plan", 60, "EUR"],
        [None, None, "Total MAILCHIMP", 110.5],
        ["Vendor: ZOOM.US"],
        ["08.03.2026", "5105", "Licence", 20, "EUR"],
        ["19.03.2026", "5106", "Licence", 20, "EUR"],
        [None, None, "Total ZOOM.US", 40],
        [None, None, "Page total", 100],
        [None, None, "Grand total", 973.92],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert used(reading).decision.layout is Layout.GROUPED
    named = ["HUBSPOT IRELAND LTD"] * 2 + ["MAILCHIMP"] * 2 + ["ZOOM.US"] * 2
    assert [line.supplier for line in lines] == named
    assert [line.description for line in lines][:2] == ["Seats", "Onboarding"]
    assert total(lines) == Decimal("973.92")
    assert all(each.agrees for each in used(reading).controls)
    assert used(reading).totals[0].foots is True


def _account(closing: float) -> list[list[object]]:
    """An account of a ledger between its balances."""
    return [
        ["Date", "Description", "Debit", "Credit"],
        [None, "Opening balance", 1000.0, None],
        ["2026-03-02", "Shop A Ltd", 250.5, None],
        ["2026-03-09", "Shop B Ltd", 120.25, None],
        ["2026-03-16", "Shop A Ltd", None, 50.0],
        ["2026-03-23", "Shop C Ltd", 99.99, None],
        [None, "Closing balance", closing, None],
    ]


def test_a_closing_balance_proves_the_lines_above_it(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", _account(1420.74)))
    assert sum(line.amount for line in lines) == Decimal("420.74")
    assert [control.agrees for control in reading.sheets[0].controls] == [True, True]
    assert reading.sheets[0].controls[-1].first_row == 3
    assert set(codes(reading)) - {"currency.assumed"} == set()


def test_a_closing_balance_that_is_not_the_opening_one_with_its_lines_is_told(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", _account(1520.74)))
    assert len(lines) == 4
    assert [control.agrees for control in reading.sheets[0].controls] == [True, False]
    assert set(codes(reading)) - {"currency.assumed"} == {"sheet.closing.differs"}


def test_a_closing_balance_without_an_opening_one_says_nothing(tmp_path: Path) -> None:
    rows = [row for row in _account(9999.0) if row[1] != "Opening balance"]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert len(lines) == 4
    assert set(codes(reading)) - {"currency.assumed"} == set()
