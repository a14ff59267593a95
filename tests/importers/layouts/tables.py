"""Tables: suppliers by month, beside others, away from A1, under merged headings, in thousands."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.importers.layouts.cases import grouped_by, row_of, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, cell, lines, table

MONTHS = [dt.datetime(2026, month, 1) for month in range(1, 13)]  # noqa: DTZ001 - a sheet has no zone


def _cells(seed: int, suppliers: Sequence[str]) -> list[Line]:
    """One line per supplier and month, some left out."""
    source = lines(seed, len(suppliers) * 12, credits=3)
    made = []
    for index, line in enumerate(source):
        if index % 7 == 3:
            continue
        made.append(
            Line(
                number=line.number,
                day=dt.date(2026, index % 12 + 1, 1),
                supplier=suppliers[index // 12],
                text=line.text,
                cents=line.cents,
            )
        )
    return made


def _grid(of: Sequence[Line], months: Sequence[int] = range(1, 13)) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = {}
    for line in of:
        row = found.setdefault(line.supplier, [None] * len(months))
        if line.day.month in months:
            row[list(months).index(line.day.month)] = line.cents / 100
    return found


def _sum(values: Sequence[float | None]) -> float:
    return round(sum(value or 0.0 for value in values), 2)


def crosstabs() -> list[Case]:
    """Suppliers down, months across."""
    names = (
        "Acme Software Ltd",
        "TOTAL GAS & POWER LTD",
        "HubSpot Ireland Limited",
        "Sum Up Payments Ltd",
        "3M UK PLC",
    )
    of = _cells(404, names)
    cells = _grid(of)
    columns = [_sum([cells[name][m] for name in names]) for m in range(12)]
    made: list[Case] = []
    month_names = [f"{month:%b-%y}" for month in MONTHS]

    rows: Rows = [
        ["Software spend by supplier, FY2026"],
        [],
        ["Supplier", "Category", *month_names, "FY Total"],
        *[[name, "SaaS", *cells[name], _sum(cells[name])] for name in names],
        ["Total", None, *columns, _sum(columns)],
    ]
    made.append(sheet_case("crosstab-fy-total", rows, of, dated="month"))

    head: list[Any] = ["Vendor"]
    lined: Rows = []
    for quarter in range(4):
        head += [*MONTHS[quarter * 3 : quarter * 3 + 3], f"Q{quarter + 1} Total"]
    head.append("Total")
    for name in names:
        row: list[Any] = [name]
        for quarter in range(4):
            part = cells[name][quarter * 3 : quarter * 3 + 3]
            row += [*part, _sum(part)]
        lined.append([*row, _sum(cells[name])])
    made.append(sheet_case("crosstab-quarter-totals", [head, *lined], of, dated="month"))

    rows = [
        ["Supplier", *[f"{month:%B}" for month in MONTHS], "YTD"],
        *[[name, *cells[name], _sum(cells[name])] for name in names],
    ]
    made.append(sheet_case("crosstab-bare-months", [["Year: 2026"], *rows], of, dated="month"))
    made.append(sheet_case("crosstab-no-year", rows, of, dated="month", answers=(("fiscal_year", "2026"),)))
    german = "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez".split()
    rows = [
        ["Lieferant", "Kostenstelle", *[f"{name} 26" for name in german], "Summe 2026"],
        *[[name, "4711", *cells[name], _sum(cells[name])] for name in names],
        ["Summe", None, *columns, _sum(columns)],
    ]
    made.append(sheet_case("crosstab-german", rows, of, dated="month", currency="EUR", base="EUR"))

    rows = [
        [None, None, *["2026"] * 12],
        ["Supplier", "Contract", *[f"{month:%b}" for month in MONTHS]],
        *[[name, "C-1", *cells[name]] for name in names],
    ]

    def merge(book_: openpyxl.Workbook) -> None:
        for column in range(4, 15):
            book_["Report"].cell(1, column).value = None
        book_["Report"].merge_cells("C1:N1")

    made.append(sheet_case("crosstab-year-above", rows, of, finish=merge, dated="month"))

    rows = [["Supplier", *month_names]]
    for group in (names[:2], names[2:]):
        rows.append([f"{'Group A' if group == names[:2] else 'Group B'}"])
        rows += [[name, *cells[name]] for name in group]
        rows.append(["Subtotal", *[_sum([cells[name][m] for name in group]) for m in range(12)]])
    rows.append(["Grand total", *columns])
    made.append(sheet_case("crosstab-grouped", rows, of, dated="month"))

    rows = [
        ["Vendor", "Currency", *[f"2026-{m:02}" for m in range(1, 13)]],
        *[[name, "USD", *cells[name]] for name in names],
    ]
    made.append(sheet_case("crosstab-iso-months", rows, of, dated="month", currency="USD"))

    rows = [
        ["Supplier", *[f"P{m:02}" for m in range(1, 13)], "Total"],
        *[[name, *cells[name], _sum(cells[name])] for name in names],
    ]
    made.append(sheet_case("crosstab-periods", [["Actuals FY2026"], *rows], of, dated="month"))
    return made


def around() -> list[Case]:
    """Tables away from A1, beside others, under merged or two-line headings, with hidden parts."""
    made: list[Case] = []
    of = lines(505, 26)
    spec = "Invoice date=d | Supplier=s | Description=t | Amount=a"
    flat = table(spec, of)

    rows: Rows = [[] for _ in range(6)]
    rows += [[None, None, *row] for row in flat]
    rows[2] = ["Spend on software"]
    rows[8] += [None, "Note: check with legal"]
    rows[12] += [None, "KJ 12/3: disputed 450.00"]
    made.append(sheet_case("at-c7-notes-beside", rows, of))

    other: Rows = [
        ["Budget holder", "Budget"],
        *[[f"Holder {n}", 1000.0 * n] for n in range(1, 9)],
        ["Total", 36000.0],
    ]
    rows = [
        [*row, None, None, *(other[index] if index < len(other) else [])] for index, row in enumerate(flat)
    ]
    made.append(sheet_case("two-tables-side-by-side", rows, of))

    card: Rows = [["Card", "Merchant", "Charge"], *[["x1", f"Shop {n}", 10.0 * n] for n in range(1, 6)]]
    rows = [
        [*(card[index] if index < len(card) else [None] * 3), None, *row] for index, row in enumerate(flat)
    ]
    made.append(sheet_case("little-table-on-the-left", rows, of))

    rows = [["Invoice", None, "Supplier", None, "Amount"], ["Date", "Number", "Name", "Code", "GBP"]]
    rows += [row_of("A=d | B=r | C=s | D=doc | E=a", line) for line in of]

    def merged(book_: openpyxl.Workbook) -> None:
        book_["Report"].merge_cells("A1:B1")
        book_["Report"].merge_cells("C1:D1")

    made.append(sheet_case("two-line-header", rows, of, finish=merged))

    rows = [["Date of", "Name of", "Invoice", "Amount"], ["payment", "supplier", "number", "(£)"]]
    rows += [row_of("A=d | B=s | C=r | D=a", line) for line in of]
    made.append(sheet_case("wrapped-header", rows, of))

    rows = [["Date", "Supplier", "Ref", "Net", "VAT", "Gross"], ["dd/mm/yyyy", None, None, "£", "£", "£"]]
    rows += [row_of("A=d | B=s | C=r | D=a | E=vat | F=gross", line) for line in of]
    made.append(sheet_case("units-under-the-header", rows, of))

    def hide(book_: openpyxl.Workbook) -> None:
        sheet = book_["Report"]
        sheet.row_dimensions[5].hidden = sheet.row_dimensions[6].hidden = True
        sheet.column_dimensions["C"].hidden = True

    made.append(sheet_case("hidden-rows", flat, of, finish=hide))

    rows = [
        *flat,
        [],
        ["* amounts include credit notes received after the year end"],
        ["1) Suppliers marked REDACTED are natural persons."],
        ["Source: ledger, run 5 January 2027, 1,204.50 unallocated"],
    ]
    made.append(sheet_case("footnotes", rows, of))

    def mac(book_: openpyxl.Workbook) -> None:
        book_.epoch = CALENDAR_MAC_1904

    made.append(sheet_case("date-1904", flat, of, finish=mac))

    budget: Rows = [["Supplier", "Budget", "Actual", "Variance", "% used"]]
    groups = grouped_by(of, lambda line: line.supplier)
    sums = [
        Line(number=n, day=dt.date(2026, 1, 1), supplier=name, text="", cents=sum(x.cents for x in group))
        for n, (name, group) in enumerate(groups.items(), start=1)
    ]
    for line in sums:
        budget.append(
            [line.supplier, 5000.0, line.cents / 100, 5000 - line.cents / 100, line.cents / 500_000]
        )
    budget.append(["Total", 5000.0 * len(sums), units(sums), 5000 * len(sums) - units(sums), None])
    made.append(sheet_case("budget-and-actual", budget, sums, dated=None))

    rows = [
        ["Invoice no", "Supplier", "Invoice date", "Invoice total", "Line", "Distribution amount", "Account"]
    ]
    for line in of:
        rows.append(
            [line.reference, line.supplier, cell(line, "d"), 9999.99, line.number, line.cents / 100, 4400]
        )
    made.append(sheet_case("line-and-invoice-total", rows, of))

    rows = [["Bill date", "Vendor", "Bill no", "Original amount", "Amount paid", "Amount due"]]
    for line in of:
        rows.append([cell(line, "d"), line.supplier, line.reference, line.cents / 100, line.cents / 100, 0])
    made.append(sheet_case("original-paid-due", rows, of))

    rows = [["Date", "Supplier", "Item", "Qty", "Unit price", "Line total"]]
    for line in of:
        rows.append([cell(line, "d"), line.supplier, line.text, 2, line.cents / 200, line.cents / 100])
    made.append(sheet_case("quantity-and-price", rows, of))

    shares = [line.cents / 1_000_000_00 for line in of]
    rows = [["Date", "Supplier", "Spend", "% of total"]]
    rows += [
        [cell(line, "d"), line.supplier, line.cents / 100, share]
        for line, share in zip(of, shares, strict=True)
    ]
    made.append(sheet_case("percent-beside", rows, of))

    def drop(book_: openpyxl.Workbook) -> None:
        sheet = book_["Report"]
        row = 2
        for group in grouped_by(of, lambda line: line.supplier).values():
            if len(group) > 1:
                sheet.merge_cells(start_row=row, end_row=row + len(group) - 1, start_column=1, end_column=1)
            row += len(group)

    rows = [["Supplier", "Date", "Ref", "Amount"]]
    for group in grouped_by(of, lambda line: line.supplier).values():
        rows += [row_of("A=s | B=d | C=r | D=a", line) for line in group]
    made.append(sheet_case("supplier-merged-down", rows, of, finish=drop))

    rows = [[None, *row, None] for row in table("=x:1 | Date=d | =x: | Supplier=s | =x: | Amount=a", of)]
    made.append(sheet_case("empty-columns-between", rows, of))
    rows = [row_of("A=d | B=s | C=t | D=a", line) for line in of]
    made.append(sheet_case("no-header", rows, of))
    return made


def scaled() -> list[Case]:
    """Amounts kept in thousands or millions, said in a title or heading."""
    made: list[Case] = []
    for place, (title, heading, divisor, currency) in enumerate(
        (
            ("All figures in £'000", "Amount", 1000, "GBP"),
            ("Spend by supplier (£000s)", "Spend", 1000, "GBP"),
            (None, "Betrag in k€", 1000, "EUR"),
            (None, "Betrag (TEUR)", 1000, "EUR"),
            ("Amounts in thousands of US dollars", "Amount", 1000, "USD"),
            ("Montants en milliers d'euros", "Montant", 1000, "EUR"),
            (None, "Spend £k", 1000, "GBP"),
            ("Angaben in Mio. €", "Betrag", 1_000_000, "EUR"),
            (None, "Amount ($m)", 1_000_000, "USD"),
            ("in thousands", "Amount (EUR)", 1000, "EUR"),
        )
    ):
        of = lines(600 + place, 14)
        rows: Rows = [[title], []] if title else []
        rows.append(["Date", "Supplier", heading])
        rows += [[cell(line, "d"), line.supplier, line.cents / 100 / divisor] for line in of]
        made.append(
            sheet_case(
                f"scaled-{place}", rows, of, currency=currency, base="GBP" if currency == "GBP" else "CHF"
            )
        )
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*crosstabs(), *around(), *scaled()]
