"""Spend as public bodies publish it, in made-up lists: units, ids, the day of the file, one amount twice."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.amounts import amount_text, amount_value
from importers.currencies import currency_in_heading
from importers.scales import scaled_text
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
    """Field → letters of the sheet that is read."""
    used = next(sheet for sheet in reading.sheets if sheet.decision.used)
    return {choice.field: choice.letters for choice in used.decision.columns}


@pytest.mark.parametrize(
    "text, scale",
    [
        ("Amount (Rs. in Lakhs)", 10**5),
        ("₹ Lakhs", 10**5),
        ("Value (₹ Cr)", 10**7),
        ("Amount in crores", 10**7),
        ("KShs Million", 10**6),
        ("Importe (millones de pesos)", 10**6),
        ("MNOK", 10**6),
        ("млн грн", 10**6),
        ("bedragen x € 1.000", 1000),
        ("R$ mil", 1000),
        ("тыс. руб.", 1000),
        ("Beløb (1.000 kr.)", 1000),
        ("万元", 10**4),
        ("億円", 10**8),
        ("Mrd. EUR", 10**9),
        ("en miles de millones de euros", 10**9),
        # The same words where they say nothing of the amounts below them.
        ("Rs. 5 lakh and above", None),
        ("Payments above Rs. 1 crore", None),
        ("Contracts over R 1 million", None),
        ("Uitgaven boven € 1.000", None),
        ("Amount CR", None),
        ("Cr", None),
        ("Amount RM", None),
        ("Million Dollar Round Table", None),
        ("Cheque /EFT No", None),
        ("AMOUNTS MILLIONS ALL", None),
    ],
)
def test_units_are_known_by_their_words_beside_a_currency(text: str, scale: int | None) -> None:
    assert scaled_text(text) == scale


def test_lakhs_are_a_hundred_thousand_each_and_said(tmp_path: Path) -> None:
    rows = [["Vendor", "Date of payment", "Amount (Rs. in Lakhs)"]]
    rows += [[name, f"1{place}.02.2026", f"{place + 1}.25"] for place, name in enumerate(NAMES)]
    rows.append(["Total", "", "22.50"])
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert (total(lines), len(lines), lines[0].currency) == (Decimal(2_250_000), 6, "INR")
    assert not reading.questions
    assert "spend.amount.scaled" in codes(reading)


@pytest.mark.parametrize(
    "text, value", [("5,000/=", "5000"), ("1,234.50/=", "1234.50"), ("Rs. 500/-", "500"), ("(750/=)", "-750")]
)
def test_shillings_and_rupees_end_in_a_stroke(text: str, value: str) -> None:
    parts = amount_text(text)
    assert parts is not None
    assert amount_value(parts, ".") == Decimal(value)


def test_a_stroke_within_a_text_is_no_amount() -> None:
    assert amount_text("12/-5") is None
    assert amount_text("A/=") is None


@pytest.mark.parametrize(
    "id_of, name_of",
    [
        ("idBeneficiaire", "nomBeneficiaire"),
        ("NIF ADJUDICATARIO", "RAZÓN SOCIAL ADJUDICATARIO"),
        ("Recipient account", "Recipient"),
        ("TipoDocProveedor", "Proveedor Adjudicado"),
        ("provider-org", "receiver-org"),
    ],
)
def test_a_number_of_somebody_is_not_their_name(tmp_path: Path, id_of: str, name_of: str) -> None:
    rows = [["Date", id_of, name_of, "Amount"]]
    rows += [
        [f"2026-03-{place + 1:02}", f"B{place}31,2E+1{place}", name, "10.50"]
        for place, name in enumerate(NAMES)
    ]
    _, lines = read(text_file(tmp_path / "a.csv", rows, delimiter=";"))
    assert [line.supplier for line in lines] == NAMES


def test_a_number_stands_for_somebody_where_no_name_does(tmp_path: Path) -> None:
    rows = [["Date", "Beneficiary code", "Amount"]]
    rows += [[f"2026-03-{place + 1:02}", f"BEN{place}", "10.50"] for place in range(6)]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert lines[2].supplier == "BEN2"


def test_the_day_a_list_was_loaded_is_no_day_of_its_lines(tmp_path: Path) -> None:
    moment = "2026/11/03 02:10:11 PM"
    head = ["Fiscal year", "Vendor", "Vouchers paid", "Vouchers pending", "data_as_of", "data_loaded_at"]
    rows = [["2026", name, f"{place}20.50", "0.00", moment, moment] for place, name in enumerate(NAMES, 1)]
    rows.insert(0, head)
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert all(line.date is None and line.reference is None for line in lines)
    assert total(lines) == Decimal("2223.00")
    assert "columns.unread" in codes(reading)  # the pending money, which was taken for a reference


def test_a_report_date_of_each_line_dates_it_where_no_other_does(tmp_path: Path) -> None:
    rows = [["Vendor", "Report date", "Amount"]]
    rows += [[name, f"2026-03-0{place}", "10.50"] for place, name in enumerate(NAMES, 1)]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert lines[1].date == date(2026, 3, 2)


def test_a_day_of_signature_goes_before_the_day_a_contract_ends(tmp_path: Path) -> None:
    rows = [["Proveedor", "Fecha de fin del contrato", "Fecha de firma del contrato", "Importe"]]
    rows += [[name, "31/12/2026", f"1{place}/03/2026", "10,50"] for place, name in enumerate(NAMES)]
    _, lines = read(text_file(tmp_path / "a.csv", rows, delimiter=";"))
    assert lines[3].date == date(2026, 3, 13)


def test_one_number_in_all_lines_is_no_date(tmp_path: Path) -> None:
    rows = [["Vendor", "Budget line", "Amount"]]
    rows += [[name, "20 02 06", "10.50"] for name in NAMES * 2]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert all(line.date is None for line in lines)


def test_days_under_a_heading_of_periods_date_the_lines(tmp_path: Path) -> None:
    rows = [["nomBeneficiaire", "montant", "datesPeriodeVersement"]]
    rows += [
        [NAMES[place % 6], f"{place}0.50", f"{place + 8:02}/0{place % 4 + 1}/2026"] for place in range(16)
    ]
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert lines[9].date == date(2026, 2, 17)
    assert "spend.date.unreadable" not in codes(reading)


def test_months_under_a_heading_of_periods_stay_periods(tmp_path: Path) -> None:
    rows = [["Supplier", "Amount", "Period"], *([name, "10.50", "03/2026"] for name in NAMES)]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert (lines[0].date, lines[0].period) == (None, date(2026, 3, 1))


def test_another_price_with_vat_is_no_tax(tmp_path: Path) -> None:
    rows = [["Proveedor", "Importe licitación IVA inc.", "Importe adjudicación IVA inc.", "Fecha"]]
    rows += [
        [name, f"{place}10,00", f"{place}00,00", f"1{place}/03/2026"] for place, name in enumerate(NAMES, 1)
    ]
    reading, _ = read(text_file(tmp_path / "a.csv", rows, delimiter=";"))
    assert [question.key for question in reading.questions] in ([], ["amount_column"])
    assert "tax" not in columns(reading)


@pytest.mark.parametrize("gross", [True, False])
def test_a_sales_tax_of_one_odd_rate_says_whether_it_is_within(tmp_path: Path, *, gross: bool) -> None:
    rows: list[list[Any]] = [["Vendor", "Date", "Amount", "Sales tax"]]
    for place, name in enumerate(NAMES * 2):
        net = Decimal(1234 + 977 * place) + Decimal("0.37")
        tax = (net * Decimal("0.09375")).quantize(Decimal("0.01"))
        rows.append([name, f"2026-03-{place + 1:02}", str(net + tax if gross else net), str(tax)])
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert not reading.questions
    assert next(sheet.decision.tax.value for sheet in reading.sheets) == (
        "gross_with_tax" if gross else "net"
    )
    assert len(lines) == 12


def test_taxes_of_several_rates_stay_asked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Vendor", "Date", "Amount", "Sales tax"]]
    for place, name in enumerate(NAMES * 2):
        rows.append([name, f"2026-03-{place + 1:02}", f"{1000 + 100 * place}.00", f"{31 + 7 * place}.13"])
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    assert [question.key for question in reading.questions] == ["C.tax"]


@pytest.mark.parametrize(
    "second, asked",
    [
        pytest.param(lambda amount: f"{amount:.2f}", False, id="the same again"),
        pytest.param(lambda amount: "0.00", False, id="nought throughout"),
        pytest.param(lambda amount: f"{amount * 100:.0f}", False, id="in hundredths"),
        pytest.param(lambda amount: f"{amount * 2:.2f}", True, id="something else"),
    ],
)
def test_two_amounts_are_asked_about_only_where_it_matters(
    tmp_path: Path, second: Any, *, asked: bool
) -> None:
    rows: list[list[Any]] = [["Vendor", "Date", "Amount one", "Amount two"]]
    for place, name in enumerate(NAMES):
        amount = Decimal("120.25") * (place + 1)
        rows.append([name, f"2026-03-{place + 1:02}", f"{amount:.2f}", second(amount)])
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert [question.key for question in reading.questions] == (["amount_column"] if asked else [])
    assert total(lines) == (0 if asked else Decimal("120.25") * 21)


@pytest.mark.parametrize("off", [0, 1])
def test_totals_of_the_groups_prove_whose_the_lines_below_a_name_are(tmp_path: Path, off: int) -> None:
    rows: list[list[Any]] = [["Naziv primatelja", "Iznos", "Vrsta rashoda"]]
    for place, name in enumerate(reversed(NAMES)):
        rows.append([name, 10.5 + place, "3231 Usluge"])
        if place == 2:
            rows += [[None, 20.25, "3221 Materijal"], [None, 30.75, "3223 Energija"]]
        rows.append(["Ukupno:", (61.5 + 2 if place == 2 else 10.5 + place) + off * (place == 2), None])
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Objava": rows}))
    named = [line.supplier for line in lines if line.amount in (Decimal("20.25"), Decimal("30.75"))]
    assert (named == [NAMES[3]] * 2) == (not off)
    assert ("spend.supplier.missing" in codes(reading)) == bool(off)


def test_sorts_and_places_are_not_who_was_paid(tmp_path: Path) -> None:
    rows = [["Date", "Cost ($NZ) (exc GST)", "Type of expense", "Location(s)"]]
    rows += [
        [f"2026-03-{place + 1:02}", f"{place}5.50", "Airfare" if place % 2 else "Taxi", "Sydney"]
        for place in range(9)
    ]
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert {line.supplier for line in lines} == {None}
    assert {line.description for line in lines} == {"Airfare", "Taxi"}
    assert "spend.no_supplier" in codes(reading)
    assert lines[0].currency == "NZD"


def test_what_a_statement_says_still_names_who_was_paid(tmp_path: Path) -> None:
    rows = [
        ["Date", "Details", "Amount"],
        *([f"2026-03-{place:02}", name, "10.50"] for place, name in enumerate(NAMES, 1)),
    ]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert [line.supplier for line in lines] == NAMES


@pytest.mark.parametrize(
    "heading, code",
    [
        ("Contract sum (KShs.)", "KES"),
        ("Contract cost (Php)", "PHP"),
        ("Cost ($NZ)", "NZD"),
        ("Paid ($US)", "USD"),
    ],
)
def test_a_heading_names_its_currency(heading: str, code: str) -> None:
    assert currency_in_heading(heading, "EUR") == code


@pytest.mark.parametrize("off", ["0.00", "0.01"])
def test_bills_below_a_payment_that_is_their_sum_are_no_lines_without_an_amount(
    tmp_path: Path, off: str
) -> None:
    rows: list[list[str]] = [["Cheque/EFT no", "Date", "Name", "Description", "INV amount", "Amount"]]
    for place, name in enumerate(NAMES, 1):
        whole = Decimal("150.75") * place + (Decimal(off) if place == 4 else 0)
        rows.append([f"EFT{place}", f"2026-03-{place:02}", name, "Payment", "", f"{whole:.2f}"])
        rows.append(
            [f"INV{place}a", f"2026-02-{place:02}", name, "bill", f"{Decimal('100.50') * place:.2f}", ""]
        )
        rows.append(
            [f"INV{place}b", f"2026-02-{place:02}", name, "bill", f"{Decimal('50.25') * place:.2f}", ""]
        )
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert (len(lines), total(lines)) == (6, Decimal("150.75") * 21 + Decimal(off))
    assert ("spend.amount.missing" in codes(reading)) == (off != "0.00")
    assert "columns.unread" in codes(reading)
