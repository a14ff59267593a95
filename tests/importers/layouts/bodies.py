"""Spend lists of councils and health bodies: titles, merged headings, totals among suppliers, redactions."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import openpyxl

from tests.importers.layouts.cases import grouped_by, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, cell, lines, table, text


def text_case(name: str, rows: Rows, truth: list[Line], *, end: str = "csv", **extra: object) -> Case:
    """A delimited file with its truth; ``delimiter`` and ``encoding`` as :func:`text` takes them."""
    options = {key: extra.pop(key) for key in ("delimiter", "encoding") if key in extra}
    return Case(
        name=name,
        write=lambda folder: text(folder / f"{name}.{end}", rows, **options),  # type: ignore[arg-type]
        truth=truth,
        **extra,  # type: ignore[arg-type]
    )


def titled() -> list[Case]:
    """What stands above and below the lines."""
    made: list[Case] = []
    of = lines(4101, 26)
    head = "Entity=x:Mid-Shire ICB | Date=d | Expense Type=t | Expense Area=cc | Supplier=s | "
    head += "Purchase Invoice Number=r | AP Amount (£)=a | VAT Registration Number=x:"
    rows: Rows = [["NHS MID-SHIRE INTEGRATED CARE BOARD"], ["Spend over £25,000: December 2026"], []]
    rows += table(head, of)
    rows.append([None, None, None, None, "Total", None, units(of), None])

    def merged(book_: openpyxl.Workbook) -> None:
        book_["Report"].merge_cells("A1:H1")
        book_["Report"].merge_cells("A2:H2")

    made.append(sheet_case("nhs-total-among-suppliers", rows, of, finish=merged))

    rows = [
        ["Mid-Shire District Council", None, None, "Number of transactions:", len(of)],
        [
            "Payments to suppliers over £500",
            None,
            None,
            "Total value:",
            amount_text(sum(x.cents for x in of), "pound"),
        ],
        ["1 January 2026 to 31 December 2026"],
        [],
        *table("Trans. No=doc | Pay Date=d:%d/%m/%Y | Paid To=s | Purpose=t | £=a:en", of),
    ]
    made.append(sheet_case("council-sums-in-the-title", rows, of))

    rows = [
        ["Supplier", None, "Payment", None, None],
        ["Name", "Number", "Date", "Reference", "Amount £"],
        *[[x.supplier, 5_100_000 + x.number, cell(x, "d"), x.reference, x.cents / 100] for x in of],
        ["Total", None, None, None, units(of)],
    ]

    def two(book_: openpyxl.Workbook) -> None:
        book_["Report"].merge_cells("A1:B1")
        book_["Report"].merge_cells("C1:E1")

    made.append(sheet_case("merged-supplier-payment", rows, of, finish=two))

    redacted = [
        replace(
            x, supplier=("REDACTED", "Redacted - Personal Data", "[redacted]", "Name withheld")[x.number % 4]
        )
        if x.number % 3
        else x
        for x in of
    ]
    made.append(
        sheet_case(
            "mostly-redacted",
            table("Payment Date=d | Beneficiary=s | Category=t | Sum of Net Amount=a", redacted),
            redacted,
        )
    )

    rows = [["Month", "Directorate", "Supplier", "Amount"]]
    for month, group in grouped_by(of, lambda line: line.month).items():
        rows += [[f"{month:%b %Y}", "Place", x.supplier, x.cents / 100] for x in group]
        rows.append([None, None, f"{month:%B} Total", units(group)])
    rows.append([None, None, "Grand Total", units(of)])
    made.append(sheet_case("month-totals-among-suppliers", rows, of, dated="month"))

    spec = "Directorate=pick:Adults/Place | Date=d | Supplier=s | Doc=doc | Type=x: | Amount=a:trail"
    rows = table(spec, of)
    for row, line in zip(rows[1:], of, strict=True):
        row[4] = "CRN" if line.cents < 0 else "INV"
        row[5] = "£" + row[5]
    made.append(text_case("pound-and-trailing-minus", rows, of, encoding="cp1252"))

    rows = table("Date=d:%d/%m/%Y | Supplier=s | Description=t | Amount=a:plain", of)
    rows = [[*row, "", "", ""] for row in rows]
    rows += [[""] * 7 for _ in range(300)]
    rows += [["Published under the Local Government Transparency Code 2015", *[""] * 6]]
    made.append(text_case("empty-columns-and-rows-below", rows, of))

    head_row, *body = table("Date=d:%d/%m/%Y | Supplier=s | Description=t | Amount=a:plain", of)
    made.append(
        text_case(
            "months-glued-together", [head_row, *body[:9], head_row, *body[9:18], head_row, *body[18:]], of
        )
    )

    rows = table(
        "Line=n | Invoice Total=x: | Supplier=s | Date=d | Total Amount=a | Balance Outstanding=x:", of
    )
    for row in rows[1:]:
        row[1], row[5] = None, 0
    made.append(sheet_case("total-amount-is-the-line", rows, of))

    spec = (
        "Transaction Date=d | Merchant=s | Transaction Amount=fx | Transaction Currency=pick:USD/EUR/GBP | "
    )
    spec += "Conversion Rate=x:1.17 | Billing Amount=a | Billing Currency=x:GBP | MCC Description=t"
    made.append(sheet_case("transaction-and-billing", table(spec, of), of))

    rows = table("Payment Date=d | Creditor=s | Amount (pence)=a", of)
    for row, line in zip(rows[1:], of, strict=True):
        row[2] = line.cents
    made.append(sheet_case("amount-in-pence", rows, of))

    rows = table("Date=d | Supplier=s | Details=t | Gross=gross | VAT=vat | Net=a | Fund=x:Revenue", of)
    rows.insert(0, [None, None, None, "=SUM(D3:D99)", "=SUM(E3:E99)", "=SUM(F3:F99)", None])
    made.append(sheet_case("formula-sums-above", rows, of))

    rows = table("Date=d | Supplier=s | Details=t | Amount=a", of)
    rows.append(["Total", None, None, f"=SUBTOTAL(109,D2:D{len(of) + 1})"])
    made.append(sheet_case("formula-total-row", rows, of))

    # lines that belong to the supplier named once, with a sum beside the name
    rows = [["Supplier", "Supplier total", "Date", "Reference", "Amount"]]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        for index, x in enumerate(group):
            first = (name, units(group)) if not index else (None, None)
            rows.append([*first, cell(x, "d"), x.reference, x.cents / 100])
    made.append(sheet_case("supplier-total-beside", rows, of))

    rows = table(
        "Effective Date=d:%d-%b-%Y | Supplier ID=doc | Beneficiary=s | Amount=a:en | Merchant Category=t", of
    )
    rows = [[f'="{value}"' if index == 1 else value for index, value in enumerate(row)] for row in rows]
    made.append(text_case("numbers-as-text-formulas", rows, of))
    return made


def booked() -> list[Case]:
    """Several sheets: months in other orders, all lines again, summaries that double."""
    made: list[Case] = []
    of = lines(4201, 36)
    specs = (
        "Date=d | Supplier=s | Description=t | Amount=a",
        "Supplier=s | Amount=a | Date=d | Description=t",
        "Ref=r | Date=d | Supplier=s | Amount=a",
    )
    sheets: dict[str, Rows] = {}
    for number, (month, group) in enumerate(grouped_by(of, lambda line: line.month).items()):
        sheets[f"{month:%b %y}"] = [[f"Payments in {month:%B %Y}"], [], *table(specs[number % 3], group)]
    made.append(sheet_case("months-in-other-orders", [], of, sheets=sheets))

    spec = "Date=d | Supplier=s | Description=t | Amount=a"
    quarters = {
        f"Q{n}": [*table(spec, part), [None, "Total", None, units(part)]]
        for n in range(1, 5)
        if (part := [x for x in of if (x.day.month - 1) // 3 == n - 1])
    }
    made.append(
        sheet_case("quarters-and-the-year", [], of, sheets={**quarters, "Full Year": table(spec, of)})
    )

    by_name = grouped_by(of, lambda line: line.supplier)
    by_month = grouped_by(of, lambda line: line.month)
    sheets = {
        "Cover": [
            ["Marketing spend"],
            ["Prepared by", "Finance"],
            ["Version", 3],
            ["Date", dt.date(2027, 1, 9)],
        ],
        "By supplier": [
            ["Supplier", "Spend", "Share"],
            *[[name, units(group), 0.1] for name, group in by_name.items()],
            ["Total", units(of), 1],
        ],
        "By month": [
            ["Month", "Spend"],
            *[[month, units(group)] for month, group in by_month.items()],
            ["Total", units(of)],
        ],
        "Data": table(spec, of),
        "Lookup": [["Code", "Name"], *[[440_000 + n, f"Account {n}"] for n in range(6)]],
    }
    made.append(sheet_case("summaries-before-data", [], of, sheets=sheets))

    sheets = {}
    for number, (centre, group) in enumerate(grouped_by(of, lambda line: f"CC{line.number % 3}").items()):
        sheets[centre] = [
            *[[f"Cost centre {centre}"], ["Owner: A. Person"]][: number + 1],
            [],
            *table(spec, group),
            [],
            [None, None, "Total", units(group)],
        ]
    made.append(sheet_case("sheet-per-centre", [], of, sheets=sheets))

    # the same lines once as they came and once sorted, under another heading
    backwards = list(reversed(of))
    sheets = {
        "Raw": table("Posting date=d | Vendor=s | Text=t | Amount=a", of),
        "Sorted": table("Vendor=s | Posting date=d | Amount=a", backwards),
    }
    made.append(sheet_case("raw-and-sorted", [], of, sheets=sheets))

    def titles(folder: Path) -> Path:
        path = folder / "wide-title.xlsx"
        made_ = openpyxl.Workbook()
        sheet = made_.active
        assert sheet is not None
        sheet["B2"] = "Expenditure over £500"
        sheet.merge_cells("B2:F3")
        for index, row in enumerate(table("Body=x:MSDC | Date=d | Supplier=s | Purpose=t | Value=a", of), 5):
            for column, value in enumerate(row, 2):
                sheet.cell(index, column, value)
        sheet.cell(len(of) + 7, 4, "TOTAL")
        sheet.cell(len(of) + 7, 6, units(of))
        made_.save(path)
        return path

    made.append(Case(name="wide-title-from-b5", write=titles, truth=of))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*titled(), *booked()]
