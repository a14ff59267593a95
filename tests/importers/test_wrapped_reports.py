"""Lists the way programs and people wrap them: suppliers above their lines, counted months, signs beside amounts."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importers.builders import codes, read, text_file, workbook

DAYS = [dt.date(2026, 3, 2 + place) for place in range(12)]
SORTS = ["Software", "Events", "Marketing services", "Hosting"]


def grouped(heads: list[str], *, labels: bool = False, heading: str = "F. doc") -> list[list[Any]]:
    """Lines under the name of whom they were paid to, with a sum below them; nothing says which is which."""
    rows: list[list[Any]] = [["Libro"], [], [heading, "Nº", "Texto", "Importe"]]
    for place, head in enumerate(heads):
        rows.append([f"Acreedor: {head}" if labels else head])
        amounts = [100.25 + place, 50.5, 7.75 * (place + 1)]
        rows += [
            [DAYS[place * 2 + each], f"A{place}{each}", SORTS[(place + each) % 4], amount]
            for each, amount in enumerate(amounts)
        ]
        rows += [["Suma parcial", None, None, sum(amounts)], []]
    return rows


@pytest.mark.parametrize("labels", [False, True])
def test_a_total_below_each_name_proves_whose_the_lines_are(tmp_path: Path, labels: bool) -> None:
    heads = ["Suma Print", "Meta Platforms", "Razem Studio"]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"Libro": grouped(heads, labels=labels)}))
    assert [line.supplier for line in lines] == [head for head in heads for _ in range(3)]
    assert [line.date for line in lines] == [
        DAYS[place * 2 + each] for place in range(3) for each in range(3)
    ]


def test_departments_above_companies_stay_departments(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Datum", "Beleg", "Wer", "Betrag"]]
    names = [f"Firma {name} GmbH" for name in "ABCDEF"]
    for place, head in enumerate(["Vertrieb", "Einkauf"]):
        amounts = [100.25 + place, 50.5, 7.75]
        rows.append([head])
        rows += [
            [DAYS[place], f"R{place}{each}", names[place * 3 + each], x] for each, x in enumerate(amounts)
        ]
        rows.append(["Summe", None, None, sum(amounts)])
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [line.supplier for line in lines] == names


def test_a_label_with_its_value_above_the_header_is_no_line_of_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = []
    for place, head in enumerate(["Suma Print", "Razem Studio"]):
        rows += [[f"Proveedor: {head}"], ["F. pago", "Documento", "Descripción", "Importe"]]
        rows += [[DAYS[each], f"D{place}{each}", SORTS[each], 10.5 + each] for each in range(3)]
        rows += [["Subtotal", None, None, 34.5], []]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [(line.supplier, line.date) for line in lines] == [
        (head, DAYS[each]) for head in ("Suma Print", "Razem Studio") for each in range(3)
    ]


def counted(*, whole: bool) -> list[list[Any]]:
    rows: list[list[Any]] = [["Přehled 2025"], [], ["Dodavatel", 1, 2, 3, 4, "Celkem"]]
    for place in range(4):
        amounts = [10.5 + place, 20.25, None, 3.75]
        rows.append([f"Firma {place}", *amounts, sum(filter(None, amounts)) if whole else 9.99])
    return rows


def test_numbers_that_a_column_sums_up_are_months(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"S": counted(whole=True)}))
    assert not reading.questions
    assert len(lines) == 12
    assert {line.period for line in lines} == {dt.date(2025, month, 1) for month in (1, 2, 4)}


def test_numbers_nothing_sums_up_are_not(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"S": counted(whole=False)}))
    assert reading.questions or not lines or {line.period for line in lines} == {None}


def test_a_short_month_nobody_knows_is_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Supplier", "Jan-25", "Feb-25", "Xyz-25", "Total"]]
    rows += [[f"Shop {place} Ltd", 1.5, 2.5, 3.5, 7.5] for place in range(4)]
    reading, _ = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert "sheet.month_not_read" in codes(reading)


def signed(signs: list[str]) -> list[list[Any]]:
    rows: list[list[Any]] = [["Date", "Supplier", "+/-", "Amount"]]
    return rows + [
        [DAYS[place], f"Shop {place} Ltd", sign, 10.25 + place] for place, sign in enumerate(signs)
    ]


@pytest.mark.parametrize("minus", ["-", "\u2212"])
def test_a_minus_in_a_column_of_its_own_is_asked_about(tmp_path: Path, minus: str) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": signed(["+", "+", minus, "+", "+", minus])})
    (question,) = read(path)[0].questions
    assert question.key == "S!C.credits"
    lowered = read(path, answers=((question.key, "subtract"),))[1]
    assert [line.amount < 0 for line in lowered] == [False, False, True, False, False, True]
    kept, lines = read(path, answers=((question.key, "as_written"),))
    assert all(line.amount > 0 for line in lines)
    assert "columns.unread" in codes(kept)


def test_where_most_are_minus_it_is_told_alone(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": signed(["-", "-", "+", "-", "-"])})
    reading, _ = read(path)
    assert not reading.questions
    assert "columns.unread" in codes(reading)


@pytest.mark.parametrize("note", ["Kreditfaktura", "Dobropis", "Korekta"])
def test_credit_notes_are_heard_in_their_own_words(tmp_path: Path, note: str) -> None:
    rows: list[list[Any]] = [["Datum", "Leverantör", "Slag", "Belopp"]]
    kinds = ["Faktura", "Faktura", note, "Faktura", "Faktura", note, "Faktura"]
    rows += [[DAYS[place], f"Shop {place} AB", kind, 10.25 + place] for place, kind in enumerate(kinds)]
    reading, _ = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [question.key for question in reading.questions] == ["S!C.credits"]


@pytest.mark.parametrize("original", ["Original Amount", "Belopp valuta", "Bedrag VV", "Importo valuta"])
def test_an_amount_in_the_currency_of_the_bill_is_not_the_booked_one(tmp_path: Path, original: str) -> None:
    rows: list[list[Any]] = [["Date", "Supplier", "Dollars", original, "Orig. Ccy"]]
    rows += [
        [DAYS[place], f"Shop {place} Ltd", 10.25 + place, round(9.5 * (10.25 + place), 2), "SEK"]
        for place in range(6)
    ]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [line.amount for line in lines] == [Decimal("10.25") + place for place in range(6)]
    assert {line.currency for line in lines} == {"USD"}


def test_an_amount_in_local_currency_is(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Fecha", "Proveedor", "Importe en divisa local"]]
    rows += [[DAYS[place], f"Tienda {place} SL", 10.25 + place] for place in range(6)]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert lines[0].amount == Decimal("10.25")
    assert lines[0].original_amount is None


def test_charges_beside_credits_are_the_other_side(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Date", "Vendor", "Charges", "Credits"]]
    rows += [[DAYS[place], f"Shop {place} Inc", 10.25 + place, None] for place in range(6)]
    rows.append([DAYS[7], "Shop 2 Inc", None, 4.5])
    rows.append(["Total", None, sum(10.25 + place for place in range(6)), 4.5])
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert lines[-1].amount == Decimal("-4.5")
    assert len(lines) == 7


def test_an_amount_not_paid_is_no_credit(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Date", "Supplier", "Amount paid", "Amount not paid"]]
    rows += [[DAYS[place], f"Shop {place} Ltd", 10.25 + place, None] for place in range(6)]
    rows.append([DAYS[7], "Shop 2 Ltd", None, 4.5])
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert all(line.amount > 0 for line in lines)


def test_sorts_of_spend_are_not_taken_for_companies(tmp_path: Path) -> None:
    names = ["Suma Print", "Novák s.r.o.", "Meta Platforms", "Hotjar Ltd", "Kovács Bt.", "Razem Studio"]
    rows: list[list[Any]] = [
        [DAYS[place % 6], f"F{1000 + 7 * place}", names[place % 6], SORTS[place % 4], 10.25 + place]
        for place in range(18)
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    asked = [question.key for question in reading.questions]
    assert asked == ["S!supplier_column"] or {line.supplier for line in lines} == set(names)


def test_notes_beside_some_lines_do_not_hide_the_delimiter(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Datum", "Leverantör", "Belopp", "Text"]]
    rows += [["2026-03-02", f"Shop {place} AB", f"{place},25", "Hosting"] for place in range(10)]
    for place in range(1, 5):
        rows[place] += ["", "checked", ""]
    _, lines = read(text_file(tmp_path / "a.csv", rows, delimiter=";"))
    assert [line.amount for line in lines] == [Decimal(place) + Decimal("0.25") for place in range(10)]


def test_words_no_list_holds_describe_the_lines(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Dato", "Leverandør", "Hvad det drejer sig", "Fakturanummer", "Beløb"]]
    rows += [
        [DAYS[place], f"Shop {place} ApS", SORTS[place % 4], f"F{1000 + place}", 10.25] for place in range(6)
    ]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [line.description for line in lines] == [SORTS[place % 4] for place in range(6)]
    assert lines[0].reference == "F1000"


@pytest.mark.parametrize("heading", ["Ward", "Approved by", "Sector", "Region"])
def test_places_and_people_do_not(tmp_path: Path, heading: str) -> None:
    rows: list[list[Any]] = [["Date", "Supplier", heading, "Amount"]]
    rows += [[DAYS[place], f"Shop {place} Ltd", SORTS[place % 4], 10.25] for place in range(6)]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert not lines[0].description


@pytest.mark.parametrize("heading", ["Nettobetrag CHF exkl. MWST", "BETRAG INKL. MWST", "Betrag o. MWST"])
def test_a_tax_is_no_millions_of_samoa(tmp_path: Path, heading: str) -> None:
    rows: list[list[Any]] = [["Datum", "Kreditor", heading]]
    rows += [[DAYS[place], f"Firma {place} AG", 1200.5 + place] for place in range(4)]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [line.amount for line in lines] == [Decimal("1200.5") + place for place in range(4)]


def test_millions_of_kroner_stay_millions(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Dato", "Leverandør", "Beløb MNOK"]]
    rows += [[DAYS[place], f"Firma {place} AS", 1.5 + place] for place in range(4)]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert lines[0].amount == 1_500_000


@pytest.mark.parametrize("text", ["R 1 234,56", "R1,234.56", "R 1 234.56"])
def test_rand_stand_before_amounts_with_cents(tmp_path: Path, text: str) -> None:
    rows = [["Date Paid", "Service Provider", "Order No.", "Amount"]]
    rows += [[f"2025/03/{10 + place}", f"Shop {place} CC", f"R100{place}", text] for place in range(4)]
    _, lines = read(text_file(tmp_path / "a.csv", rows, delimiter=";"))
    assert [(line.amount, line.currency) for line in lines] == [(Decimal("1234.56"), "ZAR")] * 4
    assert lines[0].reference is None or lines[0].reference == ""


def test_a_currency_in_which_the_amounts_differ_is_the_bills(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Date", "Merchant", "Transaction Amt.", "Trx Currency", "Original Amount", "Original Currency"]
    ]
    for place in range(8):
        code, amount = ("USD", 137.0) if place % 3 == 0 else ("CAD", 100.0)
        rows.append([DAYS[place], f"Shop {place} Inc", amount, code, 100.0, code])
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert {line.currency for line in lines} == {"CAD"}
    assert {line.original_currency for line in lines} == {"CAD", "USD"}


@pytest.mark.parametrize("word", ["Subtotale", "Välisumma", "Mezisoučet", "Részösszeg", "Totaux"])
def test_sums_of_groups_in_more_languages_are_no_lines(tmp_path: Path, word: str) -> None:
    rows: list[list[Any]] = [["Supplier", "Date", "Amount"]]
    for name in ("Suma Print", "Razem Studio", "Meta Platforms"):
        rows += [[name, DAYS[0], 10.5], [None, DAYS[1], 20.25], [word, None, 30.75]]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [line.supplier for line in lines] == [
        name for name in ("Suma Print", "Razem Studio", "Meta Platforms") for _ in range(2)
    ]


def test_a_blank_and_a_euro_behind_amounts_are_no_chinese(tmp_path: Path) -> None:
    rows = [["Naam relatie", "Factuurdatum", "Bedrag"]]
    rows += [[f"Kovács {place} BV", f"2025-06-1{place}", f"1.{place}11,49\u00a0€"] for place in range(8)]
    path = text_file(tmp_path / "a.csv", rows, delimiter=";", encoding="cp1252")
    _, lines = read(path)
    assert [line.amount for line in lines] == [Decimal(f"1{place}11.49") for place in range(8)]
    assert {(line.currency, line.supplier[:6] if line.supplier else "") for line in lines} == {
        ("EUR", "Kovács")
    }


def test_yuan_behind_amounts_stay_chinese(tmp_path: Path) -> None:
    rows = [["日期", "供应商", "金额"]]
    rows += [[f"2025-06-1{place}", f"公司{place}", f"1{place}1.49元"] for place in range(8)]
    path = text_file(tmp_path / "a.csv", rows, encoding="gb18030")
    _, lines = read(path)
    assert [line.supplier for line in lines] == [f"公司{place}" for place in range(8)]


def test_counted_months_of_a_text_file_are_months(tmp_path: Path) -> None:
    rows = [["" if cell is None else cell for cell in row] for row in counted(whole=True)]
    _, lines = read(text_file(tmp_path / "a.csv", rows, delimiter=";"))
    assert {line.period for line in lines} == {dt.date(2025, month, 1) for month in (1, 2, 4)}
