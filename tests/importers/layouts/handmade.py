"""Sheets as people keep them by hand: late headers, notes among lines, dates named once, copies that grow."""

import datetime as dt
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import grouped_by, row_of, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, book, cell, lines, table

FLAT = "Date=d | Supplier=s | Description=t | Amount=a"
EUR: dict[str, Any] = {"currency": "EUR", "base": "EUR"}


def headed() -> list[Case]:
    """What stands above and right below a header."""
    made: list[Case] = []
    of = lines(6101, 30)
    rows: Rows = [["Transparency publication"], []]
    rows += [
        [f"{n}. Payments over £500 made in the period are listed, 2026 figures, see note {n}."]
        for n in range(1, 37)
    ]
    rows += [[], *table(FLAT, of)]
    made.append(sheet_case("header-at-row-40", rows, of))

    rows = table("Sl. No.=n | Name of the party=s | Date of payment=d | Particulars=t | Amount (Rs.)=a", of)
    rows.insert(1, ["(1)", "(2)", "(3)", "(4)", "(5)"])
    made.append(sheet_case("column-numbers-under-header", rows, of, currency="INR"))

    rows = table("A=n | B=s | C=d | D=a", of)
    rows.insert(1, ["No", "Supplier", "Date", "Amount"])
    made.append(sheet_case("letters-above-header", rows, of))

    rows = table("Date=d | Supplier=s | Reference=r | Amount=a", of)
    rows.insert(1, [None, None, None, "GBP"])
    made.append(sheet_case("currency-under-header", rows, of))

    rows = [
        ["Dyddiad", "Cyflenwr", "Disgrifiad", "Swm"],
        *table("Date=d | Supplier=s | Description=t | Amount=a", of),
    ]
    made.append(sheet_case("welsh-above-english", rows, of))

    rows = [[None, "Total", None, units(of)], [], *table(FLAT, of)]
    made.append(sheet_case("total-above-header", rows, of))

    rows = table("Date=d | Supplier=s | Amount=a | Amount=fx | Currency=x:EUR", of)
    above: Rows = [[None, None, "GBP booked", "Original", None]]
    asked = (("amount_column", "C"),)
    made.append(sheet_case("amount-twice-booked-original", [*above, *rows], of, answers=asked))

    rows = table("Date=d | Supplier=s | Amount=a | VAT=vat | Amount=gross", of)
    made.append(sheet_case("amount-twice-net-gross", rows, of))

    head, *body = table(FLAT, of)
    made.append(sheet_case("header-again-at-the-end", [head, *body, head], of))

    rows = [
        ["Supplier spend 2026", None, None, None],
        ["", "", "", ""],
        ["Paid", "", "", ""],
        ["Date", "Supplier", "", "Amount"],
    ]
    rows += table(FLAT, of)[1:]
    made.append(sheet_case("heading-missing-in-the-middle", rows, of))
    return made


def among() -> list[Case]:
    """What stands among the lines."""
    made: list[Case] = []
    of = lines(6201, 30)
    rows: Rows = table(FLAT, of)
    rows.insert(6, ["* restated after review by the auditor, see note 3"])
    rows.insert(15, [None, "Note: the following were paid late", None, None])
    rows.insert(22, [None, None, None, "see e-mail"])
    made.append(sheet_case("footnotes-in-the-middle", rows, of))

    rows = [["Date", "Supplier", "Description", "Amount"]]
    for place, x in enumerate(of):
        rows.append(row_of("A=d | B=s | C=t | D=a", x))
        if place % 5 == 4:
            rows += [[], []]
    made.append(sheet_case("blank-every-five", rows, of))

    rows = [["Date", "Supplier", "Description", "Amount"]]
    day = None
    for x in of:
        rows.append([None if x.month == day else cell(x, "d"), x.supplier, x.text, x.cents / 100])
        day = x.month
    monthly = [
        Line(
            number=x.number,
            day=next(y.day for y in of if y.month == x.month),
            supplier=x.supplier,
            text=x.text,
            cents=x.cents,
        )
        for x in of
    ]
    made.append(sheet_case("date-named-once", rows, monthly))

    rows = [["Date", "Supplier", "Amount"]]
    months = grouped_by(of, lambda line: line.month)
    at: list[tuple[int, int]] = []
    for month, group in months.items():
        at.append((len(rows) + 1, len(rows) + len(group)))
        rows += [[month if not place else None, x.supplier, x.cents / 100] for place, x in enumerate(group)]

    def merge(book_: openpyxl.Workbook) -> None:
        for first, last in at:
            if last > first:
                book_["Report"].merge_cells(start_row=first, end_row=last, start_column=1, end_column=1)

    made.append(sheet_case("month-merged-over-lines", rows, of, dated="month", finish=merge))

    plus = [x for x in of if x.cents > 0]
    minus = [x for x in of if x.cents < 0]
    head = ["Date", "Supplier", "Amount"]
    rows = [
        head,
        *[[cell(x, "d"), x.supplier, x.cents / 100] for x in plus],
        [None, "Total invoices", units(plus)],
        [],
    ]
    rows += [["Credit notes received"], *[[cell(x, "d"), x.supplier, -x.cents / 100] for x in minus]]
    rows += [[None, "Total credit notes", -units(minus)], [], [None, "Net spend", units(of)]]
    made.append(sheet_case("credit-section-positive", rows, of))

    rows = [
        head,
        *[[cell(x, "d"), x.supplier, x.cents / 100] for x in plus],
        [None, "Total invoices", units(plus)],
        [],
    ]
    rows += [["Credit notes received"], *[[cell(x, "d"), x.supplier, x.cents / 100] for x in minus]]
    rows += [[None, "Total credit notes", units(minus)], [], [None, "Net spend", units(of)]]
    made.append(sheet_case("credit-section-negative", rows, of))

    euro = lines(6202, 12, credits=0)
    rows = [["Date", "Supplier", "Amount"], ["Currency: GBP"]]
    rows += [row_of("A=d | B=s | C=a", x) for x in of]
    rows += [
        [None, "Total GBP", units(of)],
        ["Currency: EUR"],
        *[row_of("A=d | B=s | C=a", x) for x in euro],
        [None, "Total EUR", units(euro)],
    ]
    other = tuple((x.day, x.supplier, x.amount, "EUR") for x in euro)
    made.append(sheet_case("section-per-currency", rows, of, others=other))

    rows = table("Date=d:%d.%m.%Y | Supplier=s | Amount=a:de", of)
    for row, x in list(zip(rows[1:], of, strict=True))[::3]:
        row[2] = amount_text(x.cents, "en")
    big = [x for x in of if abs(x.cents) >= 100_000]
    made.append(
        sheet_case(
            "both-locales-told-apart",
            [rows[0], *[r for r, x in zip(rows[1:], of, strict=True) if x in big]],
            big,
            **EUR,
        )
    )

    rows = table("Date=d | Supplier=s | Amount=a:nb", of)
    for row in rows[1:]:
        row[2] = f"\u00a0{row[2]}\u00a0€\u200b"
    made.append(sheet_case("nbsp-and-zero-width", rows, of, **EUR))

    rows = table("Invoice Date=d:%d/%m/%y | Supplier=s | Amount=a:en", of)
    made.append(sheet_case("two-digit-years", rows, of))

    rows = table("Period=serial | Supplier=s | Amount=a", of)
    for row in rows[1:]:
        row[0] = f"{row[0]}.0"
    made.append(sheet_case("serials-as-text-with-point", rows, of, dated="month"))

    rows = table("Day=month:%d | Month=month:%b | Year=month:%Y | Supplier=s | Amount=a", of)
    made.append(sheet_case("day-month-year-apart", rows, of))

    rows = table("Year=month:%Y | Month=month:%B | Supplier=s | Amount=a", of)
    for row in rows[1:]:
        row[0] = int(row[0])
    made.append(sheet_case("year-and-named-month", rows, of, dated="month"))

    rows = [["Payments made in 2026"], [], *table("When=d:%d %b | Supplier=s | Amount=a", of)]
    made.append(sheet_case("year-in-the-title", rows, of))

    rows = table("Date=d | Supplier=s | Amount=a", of)
    zero = {3: "nil", 8: "-", 12: "Nil", 17: " - "}
    kept = []
    for place, x in enumerate(of):
        if place in zero:
            rows[place + 1][2] = zero[place]
        kept.append(replace(x, cents=0) if place in zero else x)
    made.append(sheet_case("words-for-nothing", rows, kept))

    rows = table("Date=d | Supplier=s | Amount=a", of)
    for row, x in zip(rows[1:], of, strict=True):
        row[2] = "'" + amount_text(x.cents, "en")
    made.append(text_case("apostrophe-before-number", rows, of))

    rows = table("Date=d | Supplier=s | Amount=a", of)
    rows += [
        [],
        [None, None, units(of)],
        [None, "Control total per ledger", units(of)],
        [None, "Difference", 0.0],
    ]
    made.append(sheet_case("control-and-difference", rows, of))

    rows = table("Date=d | Supplier=s | Amount=a | Comment=x:", of)
    rows.append([None, None, units(of), "Grand total"])
    made.append(sheet_case("total-label-behind", rows, of))

    rows = table("Date=d | Supplier=s | Description=t | Amount=a | Approved=x:Y", of)
    rows.append([None, None, None, "Total:", units(of)])
    made.append(sheet_case("total-one-column-over", rows, of))
    return made


def kept() -> list[Case]:
    """Several sheets, hidden parts, wrong sizes."""
    made: list[Case] = []
    of = lines(6301, 40)
    quarters = [[x for x in of if (x.day.month - 1) // 3 <= n] for n in range(4)]
    sheets = {
        name: table(FLAT, part)
        for name, part in zip(("Q1", "Q1-Q2", "Q1-Q3", "Q1-Q4"), quarters, strict=True)
    }
    made.append(sheet_case("each-quarter-to-date", [], of, sheets=sheets))

    fix = [
        Line(number=101, day=dt.date(2026, 12, 30), supplier="3M UK PLC", text="Correction", cents=-123_456),
        Line(number=102, day=dt.date(2026, 12, 30), supplier="3M UK PLC", text="Correction", cents=120_000),
    ]
    sheets = {"Ledger": table(FLAT, of), "Corrections": table(FLAT, fix)}
    made.append(sheet_case("corrections-on-a-sheet", [], [*of, *fix], sheets=sheets))

    halves = of[::2], of[1::2]
    sheets = {
        "Acme UK Ltd": table("Date=d | Supplier=s | Amount=a", halves[0]),
        "Acme GmbH": table("Belegdatum=d:%d.%m.%Y | Lieferant=s | Betrag=a:de | Währung=x:EUR", halves[1]),
    }
    other = tuple((x.day, x.supplier, x.amount, "EUR") for x in halves[1])
    made.append(sheet_case("entity-per-sheet-own-language", [], halves[0], sheets=sheets, others=other))

    rows = table("Date=d | Supplier=s | Budget=x: | Amount=a", of)
    for row in rows[1:]:
        row[2] = 1000.0

    def hide(book_: openpyxl.Workbook) -> None:
        sheet = book_["Report"]
        sheet.column_dimensions["C"].hidden = True
        for row in range(5, 20):
            sheet.row_dimensions[row].hidden = True
        sheet.auto_filter.ref = f"A1:D{len(rows)}"

    made.append(sheet_case("filtered-with-hidden-budget", rows, of, finish=hide))

    def narrow(folder: Path) -> Path:
        path = book(folder / "narrow.xlsx", {"Data": table(FLAT, of)})
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        name = "xl/worksheets/sheet1.xml"
        parts[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', parts[name])
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for part, content in parts.items():
                new.writestr(part, content)
        return path

    made.append(Case(name="used-range-too-small", write=narrow, truth=of))

    rows = table(FLAT, of)
    rows += [[], [], ["Prepaid at year end"], ["Supplier", "Contract", "From", "To", "Prepaid amount"]]
    rows += [
        [f"Vendor {n} Ltd", f"C-{n}", dt.date(2026, 6, 1), dt.date(2027, 5, 31), 500.0 + n] for n in range(6)
    ]
    made.append(sheet_case("prepaid-list-below", rows, of))

    rows = [
        [
            "Supplier",
            "Annual total",
            *[f"{dt.date(2026, m, 1):%b}" for m in range(1, 13)],
            "Monthly average",
            "% of spend",
        ]
    ]
    names = ("Acme Software Ltd", "3M UK PLC", "HubSpot Ireland Limited", "TOTAL GAS & POWER LTD")
    cells = [
        Line(
            number=n * 12 + m,
            day=dt.date(2026, m, 1),
            supplier=name,
            text="",
            cents=9_901 * m + 733 * n + 100_000,
        )
        for n, name in enumerate(names)
        for m in range(1, 13)
    ]
    for name in names:
        mine = [x for x in cells if x.supplier == name]
        rows.append([name, units(mine), *[x.cents / 100 for x in mine], round(units(mine) / 12, 2), 0.25])
    rows.append(
        [
            "Total",
            units(cells),
            *[units([x for x in cells if x.day.month == m]) for m in range(1, 13)],
            round(units(cells) / 12, 2),
            1,
        ]
    )
    made.append(
        sheet_case("annual-total-average-share", [["Software spend 2026"], *rows], cells, dated="month")
    )

    wide: list[Any] = []
    body: Rows = [[name] for name in names]
    for quarter in range(4):
        part = [x for x in cells if (x.day.month - 1) // 3 == quarter]
        wide += [
            *[f"{dt.date(2026, m, 1):%b %y}" for m in range(quarter * 3 + 1, quarter * 3 + 4)],
            f"Q{quarter + 1} 2026",
        ]
        for row, name in zip(body, names, strict=True):
            mine = [x for x in part if x.supplier == name]
            row += [*[x.cents / 100 for x in mine], units(mine)]
    made.append(sheet_case("quarter-sums-in-between", [["Vendor", *wide], *body], cells, dated="month"))

    rows = [["Month", "Supplier", "Net", "VAT", "Gross"]]
    for month in range(1, 5):
        mine = [x for x in cells if x.day.month == month]
        for x in mine:
            rows.append(
                [
                    f"{x.day:%B %Y}" if x is mine[0] else None,
                    x.supplier,
                    x.cents / 100,
                    round(x.cents * 0.2) / 100,
                    (x.cents + round(x.cents * 0.2)) / 100,
                ]
            )
        rows.append(
            [
                f"{mine[0].day:%B} total",
                None,
                units(mine),
                sum(round(x.cents * 0.2) for x in mine) / 100,
                sum(x.cents + round(x.cents * 0.2) for x in mine) / 100,
            ]
        )
    part = [x for x in cells if x.day.month < 5]
    made.append(sheet_case("month-named-once-net-and-gross", rows, part, dated="month"))

    quarterly = [
        Line(
            number=n * 4 + q,
            day=dt.date(2026, 1 + 3 * q, 1),
            supplier=name,
            text="",
            cents=50_003 * (q + 1) + 711 * n,
        )
        for n, name in enumerate(names)
        for q in range(4)
    ]
    rows = [["Supplier", "Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026", "FY 2026"]]
    for name in names:
        mine = [x for x in quarterly if x.supplier == name]
        rows.append([name, *[x.cents / 100 for x in mine], units(mine)])
    made.append(sheet_case("quarters-across", rows, quarterly, dated="month"))

    rows = [
        ["Name", *names],
        ["Date", *["2026-03-01"] * 4],
        ["Amount", *[100.0 + n for n in range(4)]],
        ["Invoice", "A1", "A2", "A3", "A4"],
    ]
    made.append(sheet_case("records-side-by-side", rows, [], refused=True))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*headed(), *among(), *kept()]
