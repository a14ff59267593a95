"""Exports of large ledgers and purchasing systems: SAP, DATEV, Dynamics, Oracle, NetSuite, Coupa, Ariba."""

import datetime as dt

from tests.importers.prints.drawn import Line, Printed, Rows, by, number, save_book, save_text, total
from tests.importers.prints.systems import Draw, comma, done, english


def sap_fbl1n(draw: Draw) -> Printed:
    """The vendor line items SAP saves unconverted: ruled, padded, a block per vendor, invoices as credits."""
    chance, folder, _, lines = draw
    width = (12, 12, 6, 12, 18, 5, 30)
    trailing = chance.random() < 0.7
    rule = "-" * (sum(width) + len(width) + 1)

    def ruled(cells: list[str]) -> str:
        padded = [
            each.rjust(size) if place == 4 else each.ljust(size)
            for place, (each, size) in enumerate(zip(cells, width, strict=True))
        ]
        return "|" + "|".join(each[:size] for each, size in zip(padded, width, strict=True)) + "|"

    def money(cents: int) -> str:
        return comma(abs(cents)) + ("-" if cents < 0 else "") if trailing else comma(cents)

    out: list[str] = []
    for number_, (name, group) in enumerate(by(lines, lambda line: line.supplier).items()):
        out += [f"Kreditor        {100_200 + number_}", "Buchungskreis   1000", f"Name            {name}", ""]
        out += [
            rule,
            ruled(["Belegnr", "Belegdatum", "Art", "Buch.dat.", "Betrag in HW", "HWähr", "Text"]),
            rule,
        ]
        for place, line in enumerate(group):
            out.append(
                ruled(
                    [
                        str(5_100_000 + place),
                        f"{line.day:%d.%m.%Y}",
                        "KR" if line.cents > 0 else "KG",
                        f"{line.day:%d.%m.%Y}",
                        money(-line.cents),
                        "EUR",
                        line.text,
                    ]
                )
            )
        out += [rule, ruled(["*", "", "", "", money(-total(group)), "EUR", ""]), rule, ""]
    path = folder / "print.txt"
    path.write_text("\n".join(out), encoding=chance.choice(("utf-8", "cp1252")))
    return done(path, lines, "EUR", "sap fbl1n", answers={"sign": "-1"})


def sap_list(draw: Draw) -> Printed:
    """FBL1N as a spreadsheet: technical headings, invoices as credits, a sum per account and a grand one."""
    _chance, folder, _, lines = draw
    head = [
        "Account",
        "Name 1",
        "Assignment",
        "Document Number",
        "Document Type",
        "Document Date",
        "Posting Key",
    ]
    head += ["Amount in local currency", "Local Currency", "Text"]
    rows: Rows = [head]
    for place, (name, group) in enumerate(by(lines, lambda line: line.supplier).items()):
        for at, line in enumerate(group):
            rows.append(
                [
                    *(
                        100_200 + place,
                        name,
                        line.reference,
                        5_100_000 + at,
                        "KR" if line.cents > 0 else "KG",
                    ),
                    *(line.day, 31 if line.cents > 0 else 21, number(-line.cents), "EUR", line.text),
                ]
            )
        rows.append([100_200 + place, None, None, None, None, None, None, number(-total(group)), "EUR", None])
    rows.append([None] * 7 + [number(-total(lines)), "EUR", None])
    return done(save_book(folder, {"Data": rows}), lines, "EUR", "sap list", answers={"sign": "-1"})


def datev_journal(draw: Draw) -> Printed:
    """A DATEV export of bookings with S/H marks and days without a year."""
    chance, folder, _, lines = draw
    rows: Rows = [
        [
            "Umsatz",
            "S/H",
            "WKZ",
            "Konto",
            "Gegenkonto",
            "Belegdatum",
            "Belegfeld 1",
            "Buchungstext",
            "Lieferant",
        ]
    ]
    full = chance.random() < 0.6
    for place, line in enumerate(lines):
        rows.append(
            [
                *(comma(abs(line.cents), grouped=False), "S" if line.cents > 0 else "H", "EUR"),
                *(
                    4400 + place % 5,
                    70_000 + place % 9,
                    f"{line.day:%d.%m.%Y}" if full else f"{line.day:%d.%m.}",
                ),
                *(line.reference, line.text, line.supplier),
            ]
        )
    if not full:
        rows = [["Buchungen Wirtschaftsjahr 2026"], [], *rows]
    path = save_text(
        folder,
        rows,
        delimiter=";",
        encoding="cp1252" if all(ord(c) < 255 for r in rows for v in r for c in str(v)) else "utf-8",
    )
    return done(path, lines, "EUR", "datev journal")


def dynamics(draw: Draw) -> Printed:
    """Business Central vendor ledger entries: invoices negative in LCY, remaining amounts beside."""
    _chance, folder, _, lines = draw
    head = [
        "Posting Date",
        "Document Type",
        "Document No.",
        "External Document No.",
        "Vendor No.",
        "Vendor Name",
        "Description",
        "Currency Code",
        "Original Amount (LCY)",
        "Amount (LCY)",
        "Remaining Amt. (LCY)",
        "Due Date",
        "Open",
    ]
    rows: Rows = [head]
    for place, line in enumerate(lines):
        rows.append(
            [
                *(line.day, "Invoice" if line.cents > 0 else "Credit Memo", f"PI{place:05}", line.reference),
                *(
                    f"V{place % 9:04}",
                    line.supplier,
                    line.text,
                    None,
                    number(-line.cents),
                    number(-line.cents),
                ),
                *(
                    0 if place % 3 else number(-line.cents),
                    line.day + dt.timedelta(days=30),
                    "No" if place % 3 else "Yes",
                ),
            ]
        )
    return done(
        save_book(folder, {"Vendor Ledger Entries": rows}), lines, "GBP", "dynamics", answers={"sign": "-1"}
    )


def oracle(draw: Draw) -> Printed:
    """Oracle payables: capital headings, days in capitals, distribution and invoice amounts beside each other."""
    chance, folder, _, lines = draw
    head = [
        "VENDOR_NAME",
        "VENDOR_SITE_CODE",
        "INVOICE_NUM",
        "INVOICE_DATE",
        "INVOICE_CURRENCY_CODE",
        "INVOICE_AMOUNT",
        "DESCRIPTION",
        "GL_DATE",
        "PAYMENT_STATUS_FLAG",
    ]
    rows: Rows = [head]
    for line in lines:
        rows.append(
            [
                *(line.supplier, "MAIN", line.reference, f"{line.day:%d-%b-%y}".upper(), "GBP"),
                *(f"{line.cents / 100:.2f}", line.text, f"{line.day:%d-%b-%y}".upper(), "Y"),
            ]
        )
    return done(save_text(folder, rows, delimiter=chance.choice((",", "\t", "|"))), lines, "GBP", "oracle")


def netsuite(draw: Draw) -> Printed:
    """A NetSuite saved search of bills: main line, foreign amounts, a subsidiary."""
    _chance, folder, _, lines = draw
    head = [
        "Internal ID",
        "*",
        "Date",
        "Period",
        "Type",
        "Document Number",
        "Name",
        "Account",
        "Memo",
        "Amount",
        "Amount (Foreign Currency)",
        "Currency",
        "Subsidiary",
    ]
    rows: Rows = [head]
    for place, line in enumerate(lines):
        rows.append(
            [
                *(
                    90_000 + place,
                    "*",
                    f"{line.day:%d/%m/%Y}",
                    f"{line.day:%b %Y}",
                    "Bill" if line.cents > 0 else "Bill Credit",
                ),
                *(
                    line.reference,
                    line.supplier,
                    "6000 Software",
                    line.text,
                ),
                *(english(line.cents), english(line.cents * 2), "US Dollar", "Parent : UK"),
            ]
        )
    return done(save_text(folder, rows, delimiter=","), lines, "GBP", "netsuite")


def coupa(draw: Draw) -> Printed:
    """Coupa invoice lines: header total repeated on each line beside the line's own."""
    _chance, folder, _, lines = draw
    head = [
        "Invoice #",
        "Invoice Date",
        "Supplier",
        "Line #",
        "Description",
        "Quantity",
        "Price",
        "Line Total",
        "Invoice Total",
        "Currency",
        "Commodity",
        "Status",
        "Created Date",
    ]
    rows: Rows = [head]
    invoices = [lines[at : at + 3] for at in range(0, len(lines), 3)]
    truth: list[Line] = []
    for group in invoices:
        first = group[0]
        for place, line in enumerate(group):
            mine = Line(first.day, first.supplier, line.text, first.reference, line.cents, line.currency)
            truth.append(mine)
            rows.append(
                [
                    *(
                        mine.reference,
                        f"{mine.day:%m/%d/%y}",
                        mine.supplier,
                        place + 1,
                        mine.text,
                        1,
                        english(mine.cents),
                    ),
                    *(
                        english(mine.cents),
                        english(total(group)),
                        "USD",
                        "Software",
                        "Approved",
                        f"{mine.day + dt.timedelta(days=2):%m/%d/%y}",
                    ),
                ]
            )
    truth = [Line(x.day, x.supplier, x.text, x.reference, x.cents, "USD") for x in truth]
    return done(save_text(folder, rows, delimiter=","), truth, "USD", "coupa")


def ariba(draw: Draw) -> Printed:
    """SAP Ariba spend report: hierarchical headings of two rows, sums of suppliers below, USD in the heading."""
    _chance, folder, _, lines = draw
    rows: Rows = [["Invoice Spend"], ["Filter: Fiscal Year 2026"], []]
    rows += [["Supplier", "Invoice", None, None, "Spend"], ["Name", "Id", "Date", "Commodity", "USD"]]
    for name, group in by(lines, lambda line: line.supplier).items():
        for place, line in enumerate(group):
            rows.append(
                [name if not place else None, line.reference, line.day, line.text, number(line.cents)]
            )
        rows.append([f"{name} - Total", None, None, None, number(total(group))])
    rows.append(["Total", None, None, None, number(total(lines))])
    return done(
        save_book(folder, {"Report": rows}),
        [Line(x.day, x.supplier, x.text, x.reference, x.cents, "USD") for x in lines],
        "USD",
        "ariba",
    )
