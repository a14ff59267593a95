"""Habits: figures under a list, ledgers headed by number and name, sheets without dates, sections, page footers."""

import datetime as dt

import openpyxl

from tests.importers.layouts.cases import grouped_by, row_of, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, cell, lines, table


def beside_and_below() -> list[Case]:
    """What stands around the lines of a list."""
    made: list[Case] = []
    of = lines(2001, 30)
    rows: Rows = [["Vendor Ledger"], [], ["Date", "Doc", "Text", "Amount"]]
    for i, (n, g) in enumerate(grouped_by(of, lambda line: line.supplier).items()):
        rows.append([f"Vendor: {10000 + i} {n}"])
        rows += [row_of("A=d | B=doc | C=t | D=a", line) for line in g]
        rows.append([None, None, "Balance", units(g)])
    made.append(sheet_case("vendor-colon-number", rows, of, named=False))
    rows = table("Date=d | Supplier=s | Ccy=x:EUR | Amount=a:de | Exchange rate=x:1,17 | Amount GBP=a", of)
    made.append(sheet_case("rate-beside", rows, of))
    m = grouped_by(of, lambda line: line.month)
    sheets = {f"{k:%B %Y}": table("Supplier=s | Amount=a", g) for k, g in m.items()}
    made.append(sheet_case("undated-monthly", [], of, sheets=sheets, dated="month"))
    rows = [[f"SELECT col{n}, amount FROM ap WHERE x = {n}"] for n in range(30)]
    rows += table("Paid date=d | Payee=s | Amount=a", of)
    made.append(sheet_case("script-above", rows, of))
    rows = [
        *table("Date=d | Supplier=s | Amount=a", of),
        ["Count", len(of), None],
        ["Average", None, units(of) / len(of)],
        ["Max", None, max(line.cents for line in of) / 100],
        ["Total", None, units(of)],
    ]
    made.append(sheet_case("statistics-below", rows, of))
    rows = [["Date", "Supplier", "Amount"]]
    for line in of:
        rows.append(
            [
                f"{line.day:%d/%m/%Y}" if line.number % 2 else f"{line.day:%d-%b-%Y}",
                line.supplier,
                line.cents / 100,
            ]
        )
    made.append(sheet_case("mixed-date-texts", rows, of))
    rows = [["Posting timestamp", "Supplier", "Amount"]] + [
        [
            dt.datetime(line.day.year, line.day.month, line.day.day, 23, 59, 59),  # noqa: DTZ001
            line.supplier,
            line.cents / 100,
        ]
        for line in of
    ]
    made.append(sheet_case("timestamps", rows, of))
    rows = table("Supplier=doc | =s | Inv. Date=d | Net Amt=a", of)
    made.append(sheet_case("supplier-id-and-unnamed-name", rows, of))

    def fin(b: openpyxl.Workbook) -> None:
        for r in range(2, 32):
            b["Report"].cell(r, 3).number_format = "#,##0.00;[Red](#,##0.00)"

    made.append(sheet_case("paren-format", table("Date=d | Supplier=s | Amount=a", of), of, finish=fin))
    sums = [
        Line(number=n, day=dt.date(2026, 3, 1), supplier=k, text="", cents=sum(x.cents for x in g))
        for n, (k, g) in enumerate(grouped_by(of, lambda line: line.supplier).items(), 1)
    ]
    rows = [["Spend March 2026"], ["Supplier", "This month", "YTD"]] + [
        [line.supplier, line.cents / 100, line.cents / 100 * 3] for line in sums
    ]
    made.append(sheet_case("month-and-ytd", rows, sums, dated="month"))
    rows = [["Supplier", "2025", "2026"]] + [[line.supplier, 5.0, line.cents / 100] for line in sums]
    made.append(sheet_case("two-years", rows, sums, dated=None))
    rows = table("Invoice date=d | Supplier=s | Invoice amount=a | Paid amount=x: | Outstanding=a", of)
    made.append(sheet_case("outstanding", rows, of))
    return made


def between() -> list[Case]:
    """What stands between the lines of a list."""
    made: list[Case] = []
    of = lines(2001, 30)
    rows = table("Date=d | Supplier=s | Net=a | VAT %=x:20% | VAT=vat | Total=gross | Paid=x:Y", of)
    made.append(sheet_case("vat-rate", rows, of))
    rows = [["Date ", "  Supplier  ", " Amount\n(GBP) "]] + [
        [f" {line.day:%d/%m/%Y} ", f"\u00a0{line.supplier}  ", f" {amount_text(line.cents, 'en')} "]
        for line in of
    ]
    made.append(sheet_case("padded-cells", rows, of))
    rows = [["#", "Supplier", "Date", "Amount"]]
    for place, line in enumerate(of):
        if place % 10 == 0:
            rows.append([f"Section {place // 10 + 1}: Software"])
        rows.append([place + 1, line.supplier, cell(line, "d"), line.cents / 100])
    rows.append([None, "Total", None, units(of)])
    made.append(sheet_case("sections", rows, of))
    rows = [["Date", "Supplier", "Amount"]]
    for place, line in enumerate(of):
        rows.append(row_of("A=d | B=s | C=a", line))
        if place % 10 == 9:
            rows += [[None, None, None], ["Page", place // 10 + 1, None], ["Printed 01/02/2027 10:00"]]
    made.append(sheet_case("page-footers", rows, of))
    rows = [["Date", "Supplier", "Amount", "Subtotal"]]
    g = 0
    for place, line in enumerate(of):
        g += line.cents
        rows.append([*row_of("A=d | B=s | C=a", line), g / 100 if place % 5 == 4 else None])
    made.append(sheet_case("subtotal-column", rows, of))
    z = [
        Line(number=i, day=dt.date(2026, 1, 5), supplier="Same Ltd", text="x", cents=1000 if i % 3 else 0)
        for i in range(1, 15)
    ]
    made.append(sheet_case("zeros-and-equals", table("Date=d | Supplier=s | Text=t | Amount=a", z), z))
    rows = []
    for q in range(4):
        part = [line for line in of if (line.day.month - 1) // 3 == q]
        rows += [
            [f"Quarter {q + 1}"],
            ["Date", "Supplier", "Amount"],
            *[row_of("A=d | B=s | C=a", line) for line in part],
            [None, f"Total Q{q + 1}", units(part)],
            [],
            [],
        ]
    rows.append([None, "Year total", units(of)])
    made.append(sheet_case("quarter-blocks", rows, of))
    return made


def cases() -> list[Case]:
    """Every habit."""
    return [*beside_and_below(), *between()]
