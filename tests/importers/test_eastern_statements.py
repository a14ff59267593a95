"""Statements in scripts and words nobody listed: what balances, letters, periods and states prove, and what not."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from importers.amounts import amount_text, amount_value
from importers.calendars import persian_day, plain_date
from importers.dates import date_readings
from importers.not_spend import declined, taken_back
from mopsaudit.intake.contract import Reading, SpendRow
from tests.importers.builders import read


def _read(
    folder: Path, text: str, encoding: str = "utf-8", **options: object
) -> tuple[Reading, list[SpendRow]]:
    path = folder / "file.csv"
    path.write_bytes(text.strip("\n").encode(encoding))
    return read(path, **options)  # type: ignore[arg-type]


def _amounts(lines: list[SpendRow]) -> list[str]:
    return [str(line.amount) for line in lines]


#: Words of no language, as far as the reader knows.
_UNKNOWN = """
Zorp,Blim,Kvad,Mest,Rond
2026-03-02,Ora Books Ltd,120.50,,9879.50
2026-03-05,Client North,,700.00,10579.50
2026-03-19,Vey Media Ltd,1300.00,,9279.50
2026-03-23,Sill Hosting,45.25,,9234.25
2026-03-30,Ora Books Ltd,60.00,,9174.25
"""


def test_a_balance_proves_the_sides_and_a_person_says_which_are_costs(tmp_path: Path) -> None:
    reading, lines = _read(tmp_path, _UNKNOWN)
    assert [question.key for question in reading.questions] == ["D.sign"]
    assert not lines
    assert any("lowers the balance" in reason for reason in reading.decision.sheets[0].reasons)
    _, lines = _read(tmp_path, _UNKNOWN, answers=(("D.sign", "1"),))
    assert _amounts(lines) == ["120.50", "-700.00", "1300.00", "45.25", "60.00"]
    _, lines = _read(tmp_path, _UNKNOWN, answers=(("D.sign", "-1"),))
    assert _amounts(lines) == ["-120.50", "700.00", "-1300.00", "-45.25", "-60.00"]


def test_one_side_that_is_named_names_the_other(tmp_path: Path) -> None:
    reading, lines = _read(tmp_path, _UNKNOWN.replace("Mest", "Deposit Amount(INR)"))
    assert not reading.questions
    assert _amounts(lines) == ["120.50", "-700.00", "1300.00", "45.25", "60.00"]


def test_in_an_account_of_costs_what_raises_the_balance_is_debited(tmp_path: Path) -> None:
    text = _UNKNOWN.replace("Kvad", "Debit").replace("Mest", "Plim")
    turned = "\n".join(
        [text.strip().splitlines()[0]]
        + [
            f"2026-03-{day:02},{name},{cost},{back},{balance}"
            for day, name, cost, back, balance in (
                (2, "Ora Books Ltd", "120.50", "", "1120.50"),
                (5, "Vey Media Ltd", "300.00", "", "1420.50"),
                (9, "Vey Media Ltd", "", "50.00", "1370.50"),
                (11, "Sill Hosting", "45.25", "", "1415.75"),
                (30, "Ora Books Ltd", "60.00", "", "1475.75"),
            )
        ]
    )
    reading, lines = _read(tmp_path, turned)
    assert not reading.questions
    assert _amounts(lines) == ["120.50", "300.00", "-50.00", "45.25", "60.00"]


def test_a_balance_nobody_named_is_no_amount(tmp_path: Path) -> None:
    text = """
Zorp;Blim;Kvad;Rond
02.03.2026;Ora Books Ltd;120,50;9.879,50
05.03.2026;Vey Media Ltd;700,00;9.179,50
19.03.2026;Sill Hosting;1.300,00;7.879,50
30.03.2026;Ora Books Ltd;60,00;7.819,50
31.03.2026;Vey Media Ltd;19,00;7.800,50
"""
    reading, lines = _read(tmp_path, text)
    assert [question.key for question in reading.questions] == ["reading"]
    _, lines = _read(tmp_path, text, answers=(("reading", "yes"),))
    assert _amounts(lines) == ["120.50", "700.00", "1300.00", "60.00", "19.00"]


def test_a_total_beside_what_it_changed_by_stays_the_amount(tmp_path: Path) -> None:
    text = """
Month,Supplier,Total cost,Up,Down
2026-01-31,Ora Books Ltd,100.00,,5.00
2026-02-28,Ora Books Ltd,120.00,20.00,
2026-03-31,Ora Books Ltd,110.00,,10.00
2026-04-30,Ora Books Ltd,140.00,30.00,
2026-05-31,Ora Books Ltd,145.00,5.00,
"""
    _, lines = _read(tmp_path, text)
    assert _amounts(lines) == ["100.00", "120.00", "110.00", "140.00", "145.00"]


def test_debits_with_a_minus_and_noughts_for_the_other_side(tmp_path: Path) -> None:
    text = """
Date,Details,Paid In,Withdrawn,Balance
2026-09-14,Vey Media Ltd,0.00,-2000.00,9000.00
2026-09-15,Client North,1740.00,0.00,10740.00
2026-09-16,Sill Hosting,0.00,-1500.00,9240.00
2026-09-18,Charge,0.00,-23.00,9217.00
"""
    _, lines = _read(tmp_path, text)
    assert _amounts(lines) == ["2000.00", "-1740.00", "1500.00", "23.00"]


@pytest.mark.parametrize(
    "text,day",
    [
        ("1403/05/20", date(2024, 8, 10)),
        ("۱۴۰۳/۱۲/۳۰", date(2025, 3, 20)),
        ("12 مرداد 1403", date(2024, 8, 2)),
        ("15 ม.ค. 2568", date(2025, 1, 15)),
        ("3 ก.พ. 68", date(2025, 2, 3)),
        ("३१/०१/२०२६", date(2026, 1, 31)),
        ("31 जनवरी 2026", date(2026, 1, 31)),
        ("ngày 12 tháng 8 năm 2026", date(2026, 8, 12)),
        ("5 كانون الثاني 2026", date(2026, 1, 5)),
        ("17. avgust 2026", date(2026, 8, 17)),
        ("17 серпня 2026", date(2026, 8, 17)),
    ],
)
def test_dates_of_more_calendars_and_languages(text: str, day: date) -> None:
    assert set(date_readings(text).values()) == {day}


def test_what_is_no_day_of_those_calendars_is_none() -> None:
    assert date_readings("1404/12/30") == {}  # no leap year
    assert date_readings("1447/02/03") == {}  # lunar years are not turned
    assert persian_day(1403, 7, 31) is None
    assert plain_date("INV-12") == "INV-12"


_PERIOD = """
Periode : 05/12/2025 - 04/01/2026
Tanggal,Keterangan,Jumlah,Saldo
'08/12,VEY MEDIA,"1,000.00 DB","9,000.00"
'09/12,CLIENT NORTH,"250.00 CR","9,250.00"
'28/12,SILL HOSTING,"45.00 DB","9,205.00"
'03/01,BIAYA ADM,"17.00 DB","9,188.00"
"""


def test_bare_days_take_the_year_of_the_period_above(tmp_path: Path) -> None:
    _, lines = _read(tmp_path, _PERIOD)
    assert [line.date for line in lines] == [
        date(2025, 12, 8),
        date(2025, 12, 9),
        date(2025, 12, 28),
        date(2026, 1, 3),
    ]
    assert _amounts(lines) == ["1000.00", "-250.00", "45.00", "17.00"]


def test_days_that_fit_the_period_in_two_orders_stay_as_they_are(tmp_path: Path) -> None:
    text = _PERIOD.replace("05/12/2025 - 04/01/2026", "01/01/2026 - 31/03/2026")
    for one, two in (("'08/12", "'01/03"), ("'09/12", "'02/03"), ("'28/12", "'03/02"), ("'03/01", "'02/01")):
        text = text.replace(one, two)
    _, lines = _read(tmp_path, text)
    assert not any(line.date for line in lines)


def test_instalments_below_a_period_are_no_days(tmp_path: Path) -> None:
    text = """
Statement 01/06/2026 - 30/06/2026
Date,Merchant,Reference,Amount
2026-06-02,Ora Books Ltd,1/3,20.00
2026-06-05,Vey Media Ltd,2/3,30.00
2026-06-09,Sill Hosting,1/12,40.00
2026-06-30,Ora Books Ltd,3/3,50.00
"""
    _, lines = _read(tmp_path, text)
    assert [line.reference for line in lines] == ["1/3", "2/3", "1/12", "3/3"]


def test_sides_told_by_a_letter_and_cells_kept_as_text(tmp_path: Path) -> None:
    text = """
Κινήσεις;Λογαριασμού
Προηγούμενο Υπόλοιπο:; 1000,00 Π;

Ημερομηνία;Αιτιολογία;Αρ. συναλλαγής;Ποσό;Πρόσημο ποσού;
14/07/2026;="ΠΕΛΑΤΗΣ ΒΟΡΡΑΣ";="0071";45,00;Π;
02/07/2026;="VEY MEDIA";="0072";1.089,92;Χ;
16/07/2026;="SILL HOSTING";="0073";12,00;Χ;
"""
    reading, lines = _read(tmp_path, text, "cp1253")
    assert not reading.questions
    assert _amounts(lines) == ["-45.00", "1089.92", "12.00"]
    assert [line.supplier for line in lines] == ["ΠΕΛΑΤΗΣ ΒΟΡΡΑΣ", "VEY MEDIA", "SILL HOSTING"]
    assert lines[0].reference == "0071"
    assert reading.decision.sheets[0].header_rows == (4,)


def test_an_amount_with_its_side_cut_short() -> None:
    parts = amount_text("125,501,327.00 DB")
    assert parts is not None
    assert amount_value(parts, ".") == Decimal("125501327.00")
    assert amount_text("DB") is None
    crowns = amount_text("1 250 kr")
    assert crowns is not None
    assert not crowns.negative


def test_a_title_is_no_first_line_of_the_header(tmp_path: Path) -> None:
    text = """
Izvod prometa po računu za period od 01.05.2026. do 31.05.2026. Valuta EUR
Redni broj;Datum izvršenja;Primatelj;Isplate;Uplate;Stanje
1;01.05.2026;KNJIŽARA ORA;23,49;;3.450,26
2;04.05.2026;KUPAC SJEVER;;3.177,94;6.628,20
3;18.05.2026;VEY MEDIA;1.560,00;;5.068,20
4;31.05.2026;SILL HOSTING;4,50;;5.063,70
"""
    reading, lines = _read(tmp_path, text, "cp1250")
    assert reading.decision.sheets[0].header_rows == (2,)
    assert reading.decision.sheets[0].column("period") is None
    assert _amounts(lines) == ["23.49", "-3177.94", "1560.00", "4.50"]
    assert {line.currency for line in lines} == {"EUR"}


_CARD = """
이용일자,가맹점명,이용금액,취소여부
2026.09.05,오라서점,"65,000",
2026.09.06,베이미디어,"12,000",
2026.09.07,베이미디어,"12,000",취소
2026.09.08,실호스팅,"6,500",
"""


def test_a_line_taken_back_is_no_spend_and_its_counterpart_a_credit(tmp_path: Path) -> None:
    reading, lines = _read(tmp_path, _CARD)
    assert not reading.questions  # who writes so groups thousands by commas
    assert [line.not_spend for line in lines] == [None, None, "declined", None]
    _, lines = _read(tmp_path, _CARD.replace('"12,000",취소', '"-12,000",취소'))
    assert [line.not_spend for line in lines] == [None] * 4
    assert sum(line.amount for line in lines) == Decimal(71_500)
    assert declined("交易关闭")
    assert declined("отклонен")
    assert taken_back("취소")
    assert not declined("交易成功")


def test_thousands_under_english_headings_are_still_asked(tmp_path: Path) -> None:
    text = _CARD.replace("이용일자,가맹점명,이용금액,취소여부", "Date,Merchant,Amount,Remark")
    reading, _ = _read(tmp_path, text)
    assert [question.key for question in reading.questions] == ["C.decimal_mark"]


_TWO_TABLES = """
Date,Merchant,Amount,Note
2026-09-02,Ora Books Ltd,212.40,a
2026-09-05,Vey Media Ltd,250.00,b
2026-09-07,Sill Hosting,54.90,c
Date,Merchant,Currency,Amount
2026-09-03,Nord Cloud,USD,92.75
2026-09-12,Vey Media Ltd,EUR,741.60
"""


def test_another_table_below_is_told(tmp_path: Path) -> None:
    reading, _ = _read(tmp_path, _TWO_TABLES)
    told = [problem for problem in reading.problems if problem.code == "sheet.other_header"]
    assert [problem.cell for problem in told] == ["C5"]
    repeated = _TWO_TABLES.replace("Date,Merchant,Currency,Amount", "Date,Merchant,Amount,Note")
    reading, _ = _read(tmp_path, repeated)
    assert "sheet.other_header" not in {problem.code for problem in reading.problems}


def test_who_was_paid_is_not_carried_down_where_money_goes_out_and_in(tmp_path: Path) -> None:
    text = """
Date;Counterparty;Amount;Currency
03.06.2026;North Client;20000,00;CZK
08.06.2026;;-1612,33;CZK
12.06.2026;Vey Media;-48400,00;CZK
30.06.2026;;-99,00;CZK
"""
    _, lines = _read(tmp_path, text, answers=(("C.sign", "-1"),))
    assert [line.supplier for line in lines] == ["North Client", "", "Vey Media", ""]


def test_what_was_bought_in_a_period_is_no_period(tmp_path: Path) -> None:
    text = """
İşlem Tarihi;Dönem İçi İşlemler;Borç Tutarı (TL)
10/06/2026;ORA KİTAP;514,99
12/06/2026;VEY MEDYA;3.250,00
13/06/2026;SILL BARINDIRMA;1.100,50
"""
    reading, lines = _read(tmp_path, text, "cp1254")
    assert reading.decision.sheets[0].column("period") is None
    assert [line.supplier for line in lines] == ["ORA KİTAP", "VEY MEDYA", "SILL BARINDIRMA"]


def test_two_digits_of_a_year_of_the_buddha(tmp_path: Path) -> None:
    text = """
วันที่,รายการ,ถอน,ฝาก,คงเหลือ
05-02-69,ค่าไฟ,"1,200.50",,"49,049.50"
16-02-69,รับโอน,,250.00,"49,299.50"
20-02-69,โฆษณา,"8,000.00",,"41,299.50"
"""
    _, lines = _read(tmp_path, text)
    assert [line.date for line in lines] == [date(2026, 2, 5), date(2026, 2, 16), date(2026, 2, 20)]
    _, lines = _read(tmp_path, text.replace("-69,", "-26,"))
    assert [line.date for line in lines] == [date(2026, 2, 5), date(2026, 2, 16), date(2026, 2, 20)]


def test_a_japanese_card_is_not_taken_for_chinese(tmp_path: Path) -> None:
    text = """
確定情報,お支払日,ご利用店名,ご利用日,支払回数,ご利用金額,現地通貨額,通貨略称
確定,2026/09/10,ＯＲＡ　ＢＯＯＫＳ,2026/08/02,１回,3480,,
確定,2026/09/10,ベイメディア,2026/08/09,１回,55000,,
確定,2026/09/10,SILL INC,2026/08/15,１回,2310,15.00,USD
"""
    reading, lines = _read(tmp_path, text, "cp932")
    assert not reading.questions
    assert _amounts(lines) == ["3480", "55000", "2310"]
    assert [line.supplier for line in lines] == ["ＯＲＡ ＢＯＯＫＳ", "ベイメディア", "SILL INC"]
    assert lines[2].original_currency == "USD"


def test_a_figure_above_the_table_is_no_part_of_its_header(tmp_path: Path) -> None:
    text = """
Wallet,Cash
Closing,3120000
No,Date,Details,Amount
1,5/10/2026,Ora Books Ltd,450000
2,13/10/2026,Vey Media Ltd,1200000
"""
    reading, _ = _read(tmp_path, text)
    assert reading.decision.sheets[0].header_rows == (3,)


def test_the_day_of_a_transaction_goes_before_its_value_date_whatever_notes_stand_below(
    tmp_path: Path,
) -> None:
    text = """
Txn Date,Value Date,Description,Debit,Credit
21 Apr 2024,22 Apr 2024,Ora Books Ltd,50.00,
5 Jun 2024,6 Jun 2024,Vey Media Ltd,175.00,
3 Oct 2024,4 Oct 2024,Client North,,1234.00
Generated by the bank and not signed
"""
    _, lines = _read(tmp_path, text)
    assert [line.date for line in lines] == [date(2024, 4, 21), date(2024, 6, 5), date(2024, 10, 3)]


def test_amounts_in_more_currencies_signs(tmp_path: Path) -> None:
    text = """
Tarikh,Butiran,Wang Keluar,Wang Masuk,Baki
15/03/2026,ORA BOOKS,RM 4500.00,,RM 15500.00
18/03/2026,CLIENT NORTH,,RM 8200.00,RM 23700.00
31/03/2026,CAJ PERKHIDMATAN,RM 10.60,,RM 23689.40
"""
    reading, lines = _read(tmp_path, text)
    assert not reading.questions
    assert _amounts(lines) == ["4500.00", "-8200.00", "10.60"]
    assert {line.currency for line in lines} == {"MYR"}
    tenge = amount_text("- 48 250,50 ₸")
    assert tenge is not None
    assert (tenge.negative, tenge.currency) == (True, "KZT")
    assert amount_text("RMA 12") is None


_BESIDE = """
Date;Booked;Text;Amount;Balance
02.03.2026;02.03.2026;Ora Books Ltd;-250.000;1.750.000
09.03.2026;10.03.2026;Client North;600.000;2.350.000
08.03.2026;19.03.2026;Vey Media Ltd;-84.500;2.265.500
"""


def test_columns_beside_tell_the_mark_and_the_order_of_days(tmp_path: Path) -> None:
    reading, _ = _read(tmp_path, _BESIDE)
    assert [question.key for question in reading.questions] == ["D.sign"]
    _, lines = _read(tmp_path, _BESIDE, answers=(("D.sign", "-1"),))
    assert _amounts(lines) == ["250000", "-600000", "84500"]
    slashes = _BESIDE.replace(".03.2026", "/03/2026")
    reading, _ = _read(tmp_path, slashes)
    assert [question.key for question in reading.questions] == ["D.sign"]
    assert reading.decision.sheets[0].column("date").date_order == "dmy"  # type: ignore[union-attr]


def test_columns_beside_that_show_nothing_leave_the_question(tmp_path: Path) -> None:
    text = _BESIDE.replace(".03.2026", "/03/2026").replace("19/03", "11/03")
    text = (
        text.replace("1.750.000", "750.000").replace("2.350.000", "350.000").replace("2.265.500", "265.500")
    )
    reading, _ = _read(tmp_path, text)
    assert {"A.date_order", "D.decimal_mark"} <= {question.key for question in reading.questions}


def test_the_account_currency_is_booked_not_that_of_the_operation(tmp_path: Path) -> None:
    text = """
Data transakcji;Nazwa odbiorcy;Kwota operacji;Waluta operacji;Kwota w walucie rachunku;Waluta rachunku
13-10-2026;ORA BOOKS;-6200,00;PLN;-6200,00;PLN
14-10-2026;SILL INC;-15,00;USD;-58,09;PLN
15-10-2026;VEY MEDIA;-1520,40;PLN;-1520,40;PLN
"""
    _, lines = _read(tmp_path, text, answers=(("E.sign", "-1"),))
    assert _amounts(lines) == ["6200.00", "58.09", "1520.40"]
    assert {line.currency for line in lines} == {"PLN"}


def test_what_another_table_holds_says_nothing_of_the_first(tmp_path: Path) -> None:
    text = """
תאריך עסקה,שם בית העסק,סכום עסקה,סכום חיוב,פירוט נוסף
02/09/2026,ORA BOOKS,212.40,212.40,
20/09/2026,SILL,1200.00,400.00,1/3
24/09/2026,VEY MEDIA,54.90,54.90,
תאריך עסקה,שם בית העסק,סכום מקורי,מטבע,סכום חיוב
03/09/2026,NORD CLOUD,25.00,USD,92.75
12/09/2026,NORD CLOUD,180.00,EUR,741.60
15/09/2026,VEY MEDIA,19.00,USD,70.49
"""
    reading, lines = _read(tmp_path, text)
    assert _amounts(lines) == ["212.40", "400.00", "54.90"]
    assert {"sheet.other_header", "spend.amount.unreadable"} <= {each.code for each in reading.problems}
