"""Sheets of unusual shape: headers of three rows, sums without a word, blocks side by side, copies beside the data."""

import datetime as dt
from dataclasses import replace

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import grouped_by, sheet_case, units
from tests.importers.layouts.lines import MONTH_NAMES, Case, Line, Rows, amount_text, cell, lines, table

_MONTHS = {
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień".split(),
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
    "cs": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec".split(),
    "fi": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu "
    "joulukuu".split(),
    "pt": [name.upper()[:3] for name in MONTH_NAMES["pt"]],
    "nl": MONTH_NAMES["nl"],
    "tr": "OCAK ŞUBAT MART NİSAN MAYIS HAZİRAN TEMMUZ AĞUSTOS EYLÜL EKİM KASIM ARALIK".split(),
    "ja": [f"{number}月" for number in range(1, 13)],
}


def headed() -> list[Case]:
    """Headers of three rows, or split over two."""
    made: list[Case] = []
    of = lines(5401, 26)
    rows: Rows = [
        ["Transaction", None, "Payee", None, "Value"],
        ["Posting", "Internal", "Supplier", "Supplier", "Net of"],
        ["date", "reference", "number", "name", "VAT (£)"],
        *[[cell(x, "d"), x.reference, 7000 + x.number, x.supplier, x.cents / 100] for x in of],
        ["Total", None, None, None, units(of)],
    ]
    made.append(sheet_case("header-of-three-rows", rows, of))

    rows = [
        ["", "", "Invoice", "Amount", "Amount"],
        ["Supplier", "Invoice", "date", "ex VAT", "inc VAT"],
        ["name", "number", "(dd/mm/yyyy)", "(£)", "(£)"],
    ]
    rows += [
        [
            x.supplier,
            x.reference,
            f"{x.day:%d/%m/%Y}",
            amount_text(x.cents, "en"),
            amount_text(x.cents + round(x.cents * 0.2), "en"),
        ]
        for x in of
    ]
    made.append(text_case("ex-and-inc-under-amount", rows, of))

    rows = [["Date", "Supplier", "Amount", None], [None, None, "£", "p"]]
    paid = [x for x in of if x.cents > 0]
    rows += [[cell(x, "d"), x.supplier, x.cents // 100, x.cents % 100] for x in paid]
    made.append(sheet_case("pounds-and-pence", rows, paid))
    return made


def summed() -> list[Case]:
    """Subtotals that no word names."""
    made: list[Case] = []
    of = lines(5501, 30)
    rows: Rows = [["Supplier", "Date", "Reference", "Amount", ""]]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows += [[name, cell(x, "d"), x.reference, x.cents / 100, None] for x in group]
        rows.append([None, None, None, units(group), "*"])
    rows.append([None, None, None, units(of), "**"])
    made.append(sheet_case("asterisk-behind", rows, of))

    rows = [["Supplier", "Date", "Reference", "Amount"]]
    bold: list[int] = []
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows += [[name, cell(x, "d"), x.reference, x.cents / 100] for x in group]
        rows.append([name, None, None, units(group)])
        bold.append(len(rows))

    def strong(made_: openpyxl.Workbook) -> None:
        for number in bold:
            for column in range(1, 5):
                made_["Report"].cell(number, column).font = Font(bold=True)

    made.append(sheet_case("bold-name-again", rows, of, finish=strong))

    rows = [["Date", "Supplier", "Category", "Amount"]]
    for month, group in grouped_by(of, lambda line: line.month).items():
        rows += [[cell(x, "d"), x.supplier, x.text, x.cents / 100] for x in group]
        rows.append([dt.datetime(month.year, month.month, 28), None, None, units(group)])  # noqa: DTZ001
    made.append(sheet_case("month-sums-dated-without-supplier", rows, of))

    rows = [["Supplier", "Date", "Reference", "Amount"], ["All suppliers", None, None, units(of)]]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name, None, f"{len(group)} items", units(group)])
        rows += [[name, cell(x, "d"), x.reference, x.cents / 100] for x in group]
    made.append(sheet_case("sums-above-with-names", rows, of))
    return made


def beside() -> list[Case]:
    """Several tables on one sheet."""
    made: list[Case] = []
    of = lines(5601, 32)
    flat = table("Supplier=s | Date=d | Amount=a", of)
    by_name = grouped_by(of, lambda line: line.supplier)
    rows: Rows = [["Summary"], ["Supplier", "Date", "Amount"]]
    rows += [[name, None, units(group)] for name, group in by_name.items()]
    rows += [["Total", None, units(of)], [], ["Detail"], *flat]
    made.append(sheet_case("detail-under-its-summary", rows, of))

    rows = [list(row) for row in flat]
    pivot = [
        ["Row Labels", "Sum of Amount"],
        *[[n, units(g)] for n, g in by_name.items()],
        ["Grand Total", units(of)],
    ]
    for index, extra in enumerate(pivot):
        rows[index] += [None, *extra]
    made.append(sheet_case("pivot-beside", rows, of))

    spec = "Date=d | Supplier=s | Description=t | Amount=a"
    places = ("England", "Wales", "Scotland")
    parts = {place: [x for x in of if x.number % 3 == n] for n, place in enumerate(places)}
    summed_: Rows = [["Supplier", "Date", "Amount"]]
    summed_ += [[name, dt.datetime(2026, 12, 31), units(group)] for name, group in by_name.items()]  # noqa: DTZ001
    sheets = {"UK": summed_, **{place: table(spec, part) for place, part in parts.items()}}
    made.append(sheet_case("sheet-of-sums-dated", [], of, sheets=sheets))

    stale = [replace(x, cents=x.cents + 100 * (x.number % 5 == 0)) for x in of[:20]]

    def hide(made_: openpyxl.Workbook) -> None:
        made_["Data (old)"].sheet_state = "hidden"

    sheets = {"Data": table(spec, of), "Data (old)": table(spec, stale)}
    made.append(sheet_case("hidden-older-copy", [], of, sheets=sheets, finish=hide))

    def hide_raw(made_: openpyxl.Workbook) -> None:
        made_["Raw"].sheet_state = "hidden"

    sheets = {"Pivot": pivot, "Raw": table(spec, of)}
    made.append(sheet_case("hidden-data-behind-a-pivot", [], of, sheets=sheets, finish=hide_raw))
    return made


def spelled() -> list[Case]:
    """Amounts, names and months as people spell them."""
    made: list[Case] = []
    of = lines(5701, 26)
    rows: Rows = [["Mid-Shire Council"], ["Expenditure exceeding £250"], ["Generated: 05/01/2027 09:12"], []]
    rows += table(
        "Body Name=x:Mid-Shire | Date=d:%d/%m/%Y | Transaction Number=doc | Amount=a:en | Supplier Name=s", of
    )
    rows += [[], ["Record count:", len(of)]]
    made.append(text_case("preamble-and-count", rows, of))

    hidden = [replace(x, supplier="") if x.number % 4 == 0 else x for x in of]
    rows = table("Date=d | Beneficiary=s | Purpose=t | Amount (£)=a", hidden)
    for row, x in zip(rows[1:], hidden, strict=True):
        row[1] = x.supplier or None
        row.append("Redacted under s.40" if not x.supplier else None)
    rows[0].append("Note")
    made.append(sheet_case("names-left-empty", rows, hidden))

    words = ("Euro", "EUR", "euros", "€")
    rows = [["Data", "Fornitore", "Importo"]]
    rows += [
        [f"{x.day:%d/%m/%Y}", x.supplier, f"{amount_text(x.cents, 'de')} {words[x.number % 4]}"] for x in of
    ]
    made.append(text_case("euro-in-words", rows, of, delimiter=";", currency="EUR", base="EUR"))

    for base in ("DKK", "NOK", "SEK"):
        signs = ("kr", "kr.", "Kr")
        rows = [["Dato", "Leverandør", "Beløb"]]
        rows += [
            [f"{x.day:%d-%m-%Y}", x.supplier, f"{amount_text(x.cents, 'de')} {signs[x.number % 3]}"]
            for x in of
        ]
        made.append(text_case(f"kroner-of-{base.lower()}", rows, of, delimiter=";", currency=base, base=base))

    rows = [["Date", "Vendor", "Amount"]]
    rows += [[cell(x, "d"), x.supplier, f"{amount_text(x.cents, 'en')} USD"] for x in of]
    made.append(sheet_case("dollars-named-in-canada", rows, of, currency="USD", base="CAD"))

    rows = table("PO Number=po | Supplier=s | PO Date=d | PO Amount=a | Amount Remaining=x:5.00", of)
    made.append(sheet_case("orders-and-what-remains", rows, of))

    even = [replace(x, cents=x.cents // 100 * 100) for x in of]
    rows = [["Date", "Supplier", "Amount", "P"]]
    rows += [[cell(x, "d"), x.supplier, x.cents // 100, x.day.month] for x in even]
    made.append(sheet_case("period-beside-whole-amounts", rows, even))

    styles = ("ch", "fr", "plain")
    rows = [["Datum", "Lieferant", "Betrag CHF"]]
    for x in of:
        value = amount_text(x.cents, styles[x.number % 3]).replace(",", ".")
        rows.append([f"{x.day:%d.%m.%Y}", x.supplier, value])
    made.append(text_case("thousands-three-ways", rows, of, delimiter=";", currency="CHF", base="CHF"))

    rows = [["Datum", "Lieferant", "Betrag"]]
    for x in of:
        value = f"{abs(x.cents) // 100:,}".replace(",", "’")
        end = f"{abs(x.cents) % 100:02}" if abs(x.cents) % 100 else "–"
        rows.append([f"{x.day:%d.%m.%Y}", x.supplier, f"{'-' if x.cents < 0 else ''}Fr. {value}.{end}"])
    made.append(text_case("swiss-dash-for-cents", rows, of, currency="CHF", base="CHF"))

    rows = [["Päivämäärä", "Toimittaja", "Y-tunnus", "Selite", "Summa"]]
    rows += [
        [
            f"{x.day.day}.{x.day.month}.{x.day.year}",
            x.supplier,
            "1234567-8",
            x.text,
            amount_text(x.cents, "comma"),
        ]
        for x in of
    ]
    made.append(
        text_case(
            "finnish-purchases", rows, of, delimiter=";", encoding="latin-1", currency="EUR", base="EUR"
        )
    )

    rows = [["Ημερομηνία", "Προμηθευτής", "Περιγραφή", "Ποσό"]]
    rows += [
        [
            f"{x.day:%d/%m/%Y}",
            x.supplier.encode("ascii", "ignore").decode(),
            x.text,
            amount_text(x.cents, "de"),
        ]
        for x in of
    ]
    plain = [replace(x, supplier=x.supplier.encode("ascii", "ignore").decode()) for x in of]
    made.append(
        text_case("greek-payments", rows, plain, delimiter=";", encoding="cp1253", currency="EUR", base="EUR")
    )

    rows = table(
        "Datum=d:%d-%m-%Y | Dagboek=x:Inkoop | Boekstuk=doc | Relatie=s | Omschrijving=t | Bedrag=a", of
    )
    balance = 0
    rows[0].append("Saldo")
    for row, x in zip(rows[1:], of, strict=True):
        balance += x.cents
        row.append(balance / 100)
    made.append(sheet_case("exact-dagboek", rows, of, currency="EUR", base="EUR"))
    return made


def months() -> list[Case]:
    """Months across in other languages."""
    made: list[Case] = []
    names = (
        "Acme Software Ltd",
        "3M UK PLC",
        "HubSpot Ireland Limited",
        "March Hare Events",
        "Total Mobile Limited",
    )
    of = [
        Line(number=n * 12 + m, day=dt.date(2026, m, 1), supplier=name, text="", cents=10_007 * m + 1_303 * n)
        for n, name in enumerate(names)
        for m in range(1, 13)
    ]
    kinds = {
        "pl": ("Wydatki 2026", "Dostawca", "Razem", "PLN"),
        "sv": ("Kostnader 2026", "Leverantör", "Summa", "SEK"),
        "cs": ("Náklady 2026", "Dodavatel", "Celkem", "CZK"),
        "fi": ("Kulut 2026", "Toimittaja", "Yhteensä", "EUR"),
        "pt": ("Despesas 2026", "Fornecedor", "Total", "EUR"),
        "nl": ("Uitgaven 2026", "Leverancier", "Totaal", "EUR"),
        "tr": ("Giderler 2026", "Tedarikçi", "Toplam", "TRY"),
        "ja": ("2026年", "取引先", "合計", "JPY"),
    }
    for language, (title, supplier, total, currency) in kinds.items():
        rows: Rows = [[title], [], [supplier, *_MONTHS[language], total]]
        for name in names:
            mine = [x for x in of if x.supplier == name]
            rows.append([name, *[x.cents / 100 for x in mine], units(mine)])
        rows.append([total, *[units([x for x in of if x.day.month == m]) for m in range(1, 13)], units(of)])
        made.append(
            sheet_case(f"months-across-{language}", rows, of, dated="month", currency=currency, base=currency)
        )

    rows = [["Supplier", *[dt.datetime(2026, m, 1) for m in range(1, 13)]]]  # noqa: DTZ001
    for name in names:
        rows.append([name, *[x.cents / 100 for x in of if x.supplier == name]])

    def old(made_: openpyxl.Workbook) -> None:
        made_.epoch = CALENDAR_MAC_1904

    made.append(sheet_case("months-across-1904", rows, of, dated="month", finish=old))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*headed(), *summed(), *beside(), *spelled(), *months()]
