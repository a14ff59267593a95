"""Columns and rows of spend as other public bodies publish it, in made-up lists: a number, a name, a page's head."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importers.builders import codes, read, text_file, total, workbook

NAMES = [
    "Harbour Print Ltd",
    "Quill & Sons",
    "Lumen Cloud Inc",
    "Northwind Media",
    "Pine Studio",
    "Vela Data",
]


def columns(reading: Any) -> dict[str, str]:
    """Field → heading of the sheet that is read."""
    used = next(sheet for sheet in reading.sheets if sheet.decision.used)
    return {choice.field: choice.header for choice in used.decision.columns}


def listed(headings: list[str], *cells: Any, lines: int = 24) -> list[list[Any]]:
    """A list with a day, a name and an amount in its first columns, and cells by their place in those after them."""
    rows: list[list[Any]] = [["Paid on", "Supplier", "Amount", *headings]]
    for place in range(lines):
        rest = [cell(place) if callable(cell) else cell for cell in cells]
        rows.append([f"2026-03-{place + 1:02}", NAMES[place % 6], f"{100 + place}.25", *rest])
    return rows


@pytest.mark.parametrize(
    "heading, tax",
    [
        ("Total (excludes VAT)", "net"),
        ("Value, VAT excluded", "net"),
        ("Amount exclusive of VAT", "net"),
        ("Total (includes VAT)", "gross"),
        ("Amount inclusive of GST", "gross"),
    ],
)
def test_an_amount_with_or_without_its_tax(tmp_path: Path, heading: str, tax: str) -> None:
    rows = listed([])
    rows[0][2] = heading
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert total(lines) == sum(Decimal(100 + place) + Decimal("0.25") for place in range(24))
    assert next(sheet for sheet in reading.sheets if sheet.decision.used).decision.tax.value == tax


def test_names_under_a_heading_of_numbers_are_who_was_paid(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Group(T)", "Sort(T)", "TransNo", "Supplier ID(T)", "Amount", "Paid"]]
    rows += [
        [
            "Resources",
            ["Transport", "Supplies"][place % 2],
            4000 + place,
            NAMES[place % 6],
            10 + place,
            f"{place + 1:02}/05/2026",
        ]
        for place in range(20)
    ]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert [line.supplier for line in lines] == [NAMES[place % 6] for place in range(20)]


@pytest.mark.parametrize("number", ["C0{}", "{}17996", "ACME-{}"])
def test_numbers_under_it_stay_numbers(tmp_path: Path, number: str) -> None:
    rows = listed(["Supplier ID"], lambda place: number.format(place % 6))
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    assert columns(reading)["supplier"] == "Supplier"
    rows = [[day, code, amount] for day, _, amount, code in rows]
    _, lines = read(text_file(tmp_path / "b.csv", rows))
    assert lines[1].supplier in (number.format(1), None)


def test_sorts_of_supplier_are_no_names(tmp_path: Path) -> None:
    rows = listed(["Supplier type code"], lambda place: ["Local Authority", "Private Company"][place % 2])
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    assert columns(reading)["supplier"] == "Supplier"


def test_codes_that_happen_to_be_currencies(tmp_path: Path) -> None:
    reading, lines = read(text_file(tmp_path / "a.csv", listed(["disclosure_group"], "SLE")))
    assert {line.currency for line in lines} == {"GBP"}
    assert "currency.assumed" in codes(reading)


@pytest.mark.parametrize("heading, code", [("disclosure_group", "EUR"), ("Devise fact.", "SLE"), ("", "SLE")])
def test_codes_of_currencies_stay_currencies(tmp_path: Path, heading: str, code: str) -> None:
    _, lines = read(text_file(tmp_path / "a.csv", listed([heading], code)))
    assert {line.currency for line in lines} == {code}


def test_a_number_of_the_row_is_no_reference_beside_one(tmp_path: Path) -> None:
    rows = listed(
        ["Reference No", "Transaction number"], lambda place: place + 2, lambda place: 21000 + 7 * place
    )
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    assert columns(reading)["reference"] == "Transaction number"
    reading, _ = read(text_file(tmp_path / "b.csv", [row[:4] for row in rows]))
    assert columns(reading)["reference"] == "Reference No"


def test_numbers_that_go_on_from_another_list_stay_references(tmp_path: Path) -> None:
    rows = listed(
        ["Reference No", "Transaction number"], lambda place: 511 + place, lambda place: 21000 + 7 * place
    )
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    assert columns(reading)["reference"] == "Reference No"


def test_addresses_codes_of_tax_and_codes_all_lines_share(tmp_path: Path) -> None:
    rows = listed(
        ["Body", "Organisation Name", "TRANS VAT DESC", "TRANS CAC CODE 1", "TRANS CAC DESC 1"],
        "http://example.org/id/E07",
        "Borough of Elm",
        lambda place: ["VR", "VZ"][place % 2],
        "K020",
        lambda place: ["Books", "Equip Operational", "Hospitality"][place % 3],
    )
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    found = columns(reading)
    assert found["entity"] == "Organisation Name"
    assert found["description"] == "TRANS CAC DESC 1"
    assert "reference" not in found


@pytest.mark.parametrize(
    "heading, cell, read_as",
    [
        ("Category Family", ["Track", "Signalling"], "Category Family"),
        ("Procurement activity", ["Roads", "Parks"], "Procurement activity"),
        ("SME category", ["Yes it is", "No"], None),
        ("Colour", ["Red", "Blue"], None),
        ("Category Family", ["Track", "Track"], None),
    ],
)
def test_what_a_line_was_for_under_a_heading_of_sorts(
    tmp_path: Path, heading: str, cell: list[str], read_as: str | None
) -> None:
    reading, _ = read(text_file(tmp_path / "a.csv", listed([heading], lambda place: cell[place % 2])))
    assert columns(reading).get("description") == read_as


def pages(numbers: bool) -> list[list[Any]]:
    """Three pages of a print, each with its title, the number of the page over the amounts, and a page total."""
    rows: list[list[Any]] = []
    for page in range(1, 4):
        rows += [["Elm County", None, "Page" if numbers else None, page if numbers else f"Page {page} of 3"]]
        rows += [["Payments over 500", None, None, "Printed 03/08/2026"], [None] * 4]
        rows += [["Supplier", "Invoice no.", "Payment date", "Amount"]]
        rows += [
            [NAMES[place], f"A{page}{place}", date(2026, 7, page * 6 + place), 100 * page + place]
            for place in range(6)
        ]
        rows += [[None, None, "Page total", 600 * page + 15]]
    return rows


@pytest.mark.parametrize("numbers", [False, True])
def test_the_head_of_a_page_is_no_line(tmp_path: Path, numbers: bool) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Report": pages(numbers)}))
    assert len(lines) == 18
    assert total(lines) == 3645
    assert not {"spend.amount.unreadable", "spend.date.missing"} & set(codes(reading))


def test_a_line_like_a_title_stays_a_line(tmp_path: Path) -> None:
    rows = pages(numbers=True)[:10]
    rows.append(["Elm County", None, "Page", 7])  # no header below it: money paid to the county itself
    _, lines = read(workbook(tmp_path / "a.xlsx", {"Report": rows}))
    assert len(lines) == 7


def sections(heads: list[str], title: str = "Disclosure") -> list[list[Any]]:
    """Lines under headings in rows of their own, without a column of suppliers."""
    rows: list[list[Any]] = [[title], ["Date", "Cost", "Purpose of trip", "Location"]]
    for number, head in enumerate(heads):
        rows.append([head])
        rows += [[date(2026, number + 1, day), 10.5 * day, "Meeting", "Elm"] for day in range(1, 7)]
    return rows


def test_headings_that_may_be_parts_of_a_list_are_told(tmp_path: Path) -> None:
    heads = ["International travel", "Domestic travel", "Hospitality"]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Expenses": sections(heads)}))
    assert len(lines) == 18
    (note,) = [problem for problem in reading.problems if problem.code == "spend.sections"]
    assert "“International travel”, “Domestic travel”, “Hospitality”" in note.message
    assert note.cell == "A3"


@pytest.mark.parametrize(
    "heads, title",
    [
        (["Harbour Print Ltd", "Quill & Sons", "Lumen Cloud Inc"], "Disclosure"),
        (["Harbour", "Quill", "Lumen"], "Payments by supplier"),
        (["Supplier: Harbour", "Supplier: Quill", "Supplier: Lumen"], "Disclosure"),
    ],
)
def test_headings_proven_to_be_suppliers_are_not(tmp_path: Path, heads: list[str], title: str) -> None:
    reading, _ = read(workbook(tmp_path / "a.xlsx", {"Expenses": sections(heads, title)}))
    assert "spend.sections" not in codes(reading)


def whole(heading: str, amounts: list[str], **more: str) -> list[list[Any]]:
    """A list of awards whose amounts are texts without cents."""
    rows: list[list[Any]] = [["Awarded to", "Award date", heading, *more]]
    rows += [
        [NAMES[place % 6], f"2026-03-{place + 1:02}", text, *more.values()]
        for place, text in enumerate(amounts)
    ]
    return rows


WHOLE = ["12,345", "8,712", "45,003", "1,250", "33,219", "2,500", "7,777", "19,861", "5,432"]


@pytest.mark.parametrize(
    "heading, sign, more",
    [
        ("Amount awarded", "£", {}),
        ("Expenditure 2025-26 (excl. GST) $", "", {}),
        ("Amount awarded", "", {"Currency": "GBP"}),
    ],
)
def test_commas_that_would_leave_thousandths_of_a_penny(
    tmp_path: Path, heading: str, sign: str, more: dict[str, str]
) -> None:
    reading, lines = read(
        text_file(tmp_path / "a.csv", whole(heading, [sign + text for text in WHOLE], **more))
    )
    assert not reading.questions
    assert total(lines) == sum(int(text.replace(",", "")) for text in WHOLE)


@pytest.mark.parametrize(
    "heading, amounts, more",
    [
        ("Amount awarded", WHOLE, {}),  # nothing says the currency
        ("Amount awarded", [f"£{text}" for text in WHOLE[:7]], {}),  # too few
        ("Amount awarded", [f"£{text[:-1]}0" for text in WHOLE], {}),  # 12.340 is 12.34 with a nought
        (
            "Amount awarded",
            [f"£{text.replace(',', '.')}" for text in WHOLE],
            {},
        ),  # £1.234 may be a price of fuel
        ("Betrag", WHOLE, {"Währung": "GBP"}),  # whoever writes so sets decimal commas
        ("Amount awarded", [f"{text} €" for text in WHOLE], {}),
        ("Amount awarded", [f"{text} KWD" for text in WHOLE], {}),  # a thousand fils to the dinar
    ],
)
def test_commas_that_may_be_decimal_marks_are_asked_about(
    tmp_path: Path, heading: str, amounts: list[str], more: dict[str, str]
) -> None:
    reading, _ = read(text_file(tmp_path / "a.csv", whole(heading, amounts, **more)))
    assert [question.key for question in reading.questions] == ["C.decimal_mark"]


def test_days_written_as_one_number_are_days_whatever_heads_them(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Beneficiary", "Purpose", "Paid", "Amount"]]
    rows += [[NAMES[place % 6], "Fees", f"202603{place + 1:02}", f"{place}0.25"] for place in range(1, 20)]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert [line.date for line in lines] == [date(2026, 3, place + 1) for place in range(1, 20)]
    rows = [["Beneficiary", "Invoice date", "Invoiced", "Paid"]]
    rows += [
        [NAMES[place % 6], f"2026-03-{place + 1:02}", 7.5, 20260000 + place * 7919] for place in range(20)
    ]
    _, lines = read(text_file(tmp_path / "b.csv", rows))
    assert {line.date.month for line in lines if line.date} == {3}


def test_a_number_in_each_line_is_no_company_of_ours(tmp_path: Path) -> None:
    rows = listed(
        ["N° mandat", "Objet"], lambda place: 1000 + 3 * place, lambda place: ["Eau", "Gaz"][place % 2]
    )
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    found = columns(reading)
    assert found["reference"] == "N° mandat"
    assert "entity" not in found


@pytest.mark.parametrize(
    "heading, numbered",
    [
        ("Nº Registro", True),
        ("Arve nr", True),
        ("Charity number", False),
        ("Number of invoices", False),
        ("Phone number", False),
    ],
)
def test_numbers_no_field_claims_are_references(tmp_path: Path, heading: str, numbered: bool) -> None:
    reading, _ = read(text_file(tmp_path / "a.csv", listed([heading], lambda place: f"{7000 + 11 * place}")))
    assert (columns(reading).get("reference") == heading) == numbered


def test_numbers_of_documents_name_nobody(tmp_path: Path) -> None:
    names = ["Advania Elm", "Origo", "Pine and Co", "Landsnet", "Vela Data"]
    rows: list[list[Any]] = [["Kaupandi", "Birgi", "Dags.greiðslu", "Númer reiknings", "Upphæð línu"]]
    rows += [
        ["Elm Borough", names[place % 5], f"2026-03-{place + 1:02}", f"R{place:05}", 100 + place]
        for place in range(20)
    ]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert [line.supplier for line in lines] == [names[place % 5] for place in range(20)]


def bills(line: str, whole: str, repeated: bool = True) -> list[list[Any]]:
    """Bills of one to three lines, each line with an amount of its own and the bill's."""
    rows: list[list[Any]] = [["Supplier", "Paid on", line, whole]]
    for place in range(12):
        parts = [100.25 * (place + 1) + part for part in range(1 + place % 3)]
        total_of = sum(parts) if repeated else 7.5 * place
        rows += [[NAMES[place % 6], f"2026-03-{place + 1:02}", part, total_of] for part in parts]
    return rows


def test_lines_beside_the_sum_of_their_bill_need_no_question(tmp_path: Path) -> None:
    rows = bills("Invoice Line Amount", "Invoice Amount")
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert not reading.questions
    assert [float(line.amount) for line in lines] == [row[2] for row in rows[1:]]
    reading, _ = read(text_file(tmp_path / "b.csv", [[row[0], row[1], row[3], row[2]] for row in rows]))
    assert columns(reading)["amount"] == "Invoice Line Amount"


def test_two_amounts_that_prove_nothing_are_asked_about(tmp_path: Path) -> None:
    rows = bills("Invoice Line Amount", "Invoice Amount", repeated=False)
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    assert [question.key for question in reading.questions] == ["amount_column"]


def periods(heading: str, **more: list[Any]) -> list[list[Any]]:
    rows: list[list[Any]] = [[heading, "Period", "Supplier", "Amount", *more]]
    rows += [
        [2024, place % 12 + 1, NAMES[place % 6], f"{place}0.25", *(each[place] for each in more.values())]
        for place in range(1, 25)
    ]
    return rows


def test_periods_of_a_year_named_by_its_end_ask_for_its_first_month(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", periods("Financial_Year_Ending"))
    reading, _ = read(path)
    (question,) = reading.questions
    assert question.key == "B.fiscal_start"
    assert {choice.value: choice.reads for choice in question.choices}["4"] == "Period 2 of 2024 is May 2023"
    _, lines = read(path, answers=(("B.fiscal_start", "4"),))
    assert [str(line.period) for line in lines[:2]] == ["2023-05-01", "2023-06-01"]
    _, lines = read(path, answers=(("B.fiscal_start", "1"),))
    assert [str(line.period) for line in lines[:2]] == ["2024-02-01", "2024-03-01"]
    _, lines = read(path, fiscal_start=7)
    assert str(lines[0].period) == "2023-08-01"


def test_periods_of_another_year_or_beside_days_are_not_asked_about(tmp_path: Path) -> None:
    reading, lines = read(text_file(tmp_path / "a.csv", periods("Year")))
    assert not reading.questions
    assert str(lines[0].period) == "2024-02-01"
    days = {"Paid on": [f"2026-03-{place + 1:02}" for place in range(25)]}
    reading, _ = read(text_file(tmp_path / "b.csv", periods("Financial_Year_Ending", **days)))
    assert not reading.questions


def test_lines_nothing_dates_are_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Payment Date", "Supplier", "Amount"]]
    rows += [[9222 + place, NAMES[place % 6], 10.25 + place] for place in range(20)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert {line.date for line in lines} == {None}
    (note,) = [problem for problem in reading.problems if problem.code == "spend.undated"]
    assert "column A “Payment Date” are no days" in note.message
    reading, _ = read(workbook(tmp_path / "b.xlsx", {"Paid": [row[1:] for row in rows]}))
    assert "spend.undated" in codes(reading)


def test_lines_a_month_dates_are_not(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Payments in March 2026"], ["Supplier", "Amount"]]
    rows += [[NAMES[place % 6], 10.25 + place] for place in range(20)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert {str(line.period) for line in lines} == {"2026-03-01"}
    assert "spend.undated" not in codes(reading)
    reading, _ = read(
        workbook(tmp_path / "b.xlsx", {"Paid": [["Supplier", "Jan 2026", "Feb 2026"], ["Elm", 1.5, 2.5]]})
    )
    assert "spend.undated" not in codes(reading)


def test_a_directorate_is_no_description(tmp_path: Path) -> None:
    rows = listed(["DIRECTORATE_DESCRIPTION"], lambda place: ["Place", "People"][place % 2])
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    assert columns(reading).get("unit") == "DIRECTORATE_DESCRIPTION"
