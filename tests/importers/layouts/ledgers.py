"""Reports of finance programs: items by vendor, trial balances, ledger cards, purchase registers."""

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import grouped_by, sheet_case, units
from tests.importers.layouts.lines import Case, Rows, amount_text, cell, lines, table


def german() -> list[Case]:
    """SAP and DATEV lists."""
    made: list[Case] = []
    of = lines(4301, 28)
    euro: dict[str, Any] = {"currency": "EUR", "base": "EUR"}
    rows: Rows = [["OPOS-Liste Kreditoren"], ["Mandant 12345  Muster GmbH"], ["Stichtag: 31.12.2026"], []]
    rows += table(
        "Konto=doc | Name=s | Rechnungsnr.=r | Datum=d:%d.%m.%Y | Fälligkeit=x:31.12.2026 | "
        "Buchungstext=t | Soll=cr:de | Haben=dr:de",
        of,
    )
    made.append(
        text_case(
            "datev-open-items",
            rows,
            of,
            delimiter=";",
            encoding="cp1252",
            **euro,
            answers=(("H.sign", "-1"),),
        )
    )

    rows = [["Buchungskreis", "1000"], ["Kreditorenposten: Einzelpostenliste"], []]
    head = ["St", "Zuordnung", "Belegnr", "Art", "Belegdatum", "Fä", "Betr. in HW", "HWähr", "Text"]
    for number, (name, group) in enumerate(grouped_by(of, lambda line: line.supplier).items()):
        rows += [[f"Kreditor   {100_200 + number}"], [f"Name       {name}"], ["Ort        Bonn"], [], head]
        rows += [
            [
                "@5B@",
                x.reference,
                5_100_000 + x.number,
                "KG" if x.cents < 0 else "KR",
                f"{x.day:%d.%m.%Y}",
                "@5B@",
                amount_text(-x.cents, "de").lstrip("-") + ("-" if x.cents > 0 else ""),
                "EUR",
                x.text,
            ]
            for x in group
        ]
        total = -sum(x.cents for x in group)
        rows += [
            [
                "*",
                None,
                None,
                None,
                None,
                None,
                amount_text(abs(total), "de") + ("-" if total < 0 else ""),
                "EUR",
            ]
        ]
        rows += [
            [
                f"** Konto {100_200 + number}",
                None,
                None,
                None,
                None,
                None,
                amount_text(abs(total), "de") + ("-" if total < 0 else ""),
                "EUR",
            ],
            [],
        ]
    made.append(sheet_case("fbl1n-by-vendor", rows, of, **euro))

    rows = table(
        "Kostenart=gl | Kostenartenbezeichn.=t | Buch.dat.=d | Name des Gegenkontos=s | "
        "Wert/BWähr=a | BWähr=x:EUR | Menge erf.=x:",
        of,
    )
    rows.append(["*", None, None, None, units(of), "EUR", None])
    made.append(
        sheet_case("kob1-cost-items", [["Kostenstellen Einzelposten Istkosten"], [], *rows], of, **euro)
    )

    rows = table(
        "Buchungsdatum=d:%d.%m.%Y | Lieferant=s | Betrag=abs:de | Soll/Haben-Kennz.=side:S,H | Belegfeld 1=r",
        of,
    )
    made.append(text_case("sh-mark-german", rows, of, delimiter=";", encoding="cp1252", **euro))

    rows = table(
        "Belegdatum=d:%d.%m.%y | Kreditorname=s | Bezeichnung=t | Nettobetrag=a:de | USt-Betrag=vat | "
        "Bruttobetrag=gross | Kst=cc",
        of,
    )
    rows = [
        [
            amount_text(round(v * 100), "de") if i in (4, 5) and isinstance(v, float) else v
            for i, v in enumerate(r)
        ]
        for r in rows
    ]
    rows.append(["Summe", "", "", amount_text(sum(x.cents for x in of), "de"), "", "", ""])
    made.append(text_case("rechnungsbuch", rows, of, delimiter=";", encoding="cp1252", **euro))
    return made


def american() -> list[Case]:
    """NetSuite and QuickBooks."""
    made: list[Case] = []
    of = lines(4302, 30)
    dollars: dict[str, Any] = {"currency": "USD", "base": "USD"}
    rows: Rows = [
        ["Example Holdings, Inc."],
        ["Parent Company"],
        ["Transaction Detail by Vendor"],
        ["From Jan 2026 to Dec 2026"],
        [],
    ]
    rows.append(["Vendor", "Type", "Date", "Document Number", "Memo", "Amount"])
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name, "", "", "", "", ""])
        rows += [
            [
                "",
                "Bill" if x.cents > 0 else "Bill Credit",
                f"{x.day:%m/%d/%Y}",
                x.reference,
                x.text,
                amount_text(x.cents, "dollar"),
            ]
            for x in group
        ]
        rows.append([f"Total - {name}", "", "", "", "", amount_text(sum(x.cents for x in group), "dollar")])
    rows.append(["Total", "", "", "", "", amount_text(sum(x.cents for x in of), "dollar")])
    made.append(text_case("netsuite-by-vendor", rows, of, **dollars))

    head = [
        None,
        None,
        None,
        "Type",
        None,
        "Date",
        None,
        "Num",
        None,
        "Name",
        None,
        "Memo",
        None,
        "Amount",
        None,
        "Balance",
    ]
    rows = [head]
    everything = 0.0
    for account, group in grouped_by(
        of, lambda line: f"{6000 + line.number % 3 * 10} · Software {line.number % 3}"
    ).items():
        rows.append([None, account])
        running = 0.0
        for x in group:
            running += x.cents / 100
            rows.append(
                [
                    None,
                    None,
                    None,
                    "Bill",
                    None,
                    cell(x, "d"),
                    None,
                    x.reference,
                    None,
                    x.supplier,
                    None,
                    x.text,
                    None,
                    x.cents / 100,
                    None,
                    round(running, 2),
                ]
            )
        rows.append([None, f"Total {account}", *[None] * 11, units(group), None, round(running, 2)])
        everything += running
    rows.append(["TOTAL", *[None] * 12, units(of), None, round(everything, 2)])
    made.append(sheet_case("quickbooks-desktop-account", rows, of, **dollars))

    rows = [
        ["Expenses by Vendor Detail"],
        ["Example LLC"],
        ["January-December, 2026"],
        [],
        [None, "Transaction date", "Transaction type", "Num", "Line description", "Amount", "Balance"],
    ]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name])
        running = 0
        for x in group:
            running += x.cents
            rows.append(
                [None, f"{x.day:%m/%d/%Y}", "Bill", x.reference, x.text, x.cents / 100, running / 100]
            )
        rows.append([f"Total for {name}", None, None, None, None, f"${units(group):,.2f}", None])
    rows += [
        ["Total", None, None, None, None, f"${units(of):,.2f}", None],
        [],
        ["Cash basis | Sunday, January 10, 2027 09:00 AM GMTZ"],
    ]
    made.append(sheet_case("quickbooks-detail-with-balance", rows, of, **dollars))

    return made


def british() -> list[Case]:
    """Xero, Sage, Dynamics."""
    made: list[Case] = []
    of = lines(4303, 26)
    rows: Rows = [
        ["Account Transactions"],
        ["Example Ltd"],
        ["For the period 1 January 2026 to 31 December 2026"],
        [],
        [
            "Date",
            "Source",
            "Contact",
            "Description",
            "Reference",
            "Debit",
            "Credit",
            "Running Balance",
            "Gross",
            "VAT",
        ],
    ]
    for account, group in grouped_by(of, lambda line: f"Advertising {line.number % 3}").items():
        rows.append([account])
        running = 0.0
        for x in group:
            running += x.cents / 100
            gross = x.cents + round(x.cents * 0.2)
            rows.append(
                [
                    cell(x, "d"),
                    "Payable Invoice",
                    x.supplier,
                    x.text,
                    x.reference,
                    x.cents / 100 if x.cents > 0 else 0,
                    -x.cents / 100 if x.cents < 0 else 0,
                    round(running, 2),
                    gross / 100,
                    round(x.cents * 0.2) / 100,
                ]
            )
        debit, credit = (
            sum(abs(x.cents) for x in group if (x.cents > 0) is side) / 100 for side in (True, False)
        )
        rows.append(
            [f"Total {account}", None, None, None, None, debit, credit, round(running, 2), None, None]
        )
        rows.append([])
    debit, credit = (sum(abs(x.cents) for x in of if (x.cents > 0) is side) / 100 for side in (True, False))
    rows.append(["Total", None, None, None, None, debit, credit, units(of), None, None])
    made.append(sheet_case("xero-account-contact", rows, of))

    rows = [
        ["Example Ltd"],
        ["Supplier Activity (Detailed)"],
        ["Date From: 01/01/2026", None, None, "Date To: 31/12/2026"],
        [],
    ]
    for number, (name, group) in enumerate(grouped_by(of, lambda line: line.supplier).items()):
        rows += [
            ["A/C:", f"SUP{number:03}", "Name:", name, None, "Contact:", "J Smith", "Tel:", "01234 567890"],
            [],
            ["No", "Type", "Date", "Ref", "N/C", "Details", "Dept", "T/C", "Value"],
        ]
        rows += [
            [
                x.number,
                "PC" if x.cents < 0 else "PI",
                f"{x.day:%d/%m/%Y}",
                x.reference,
                6201,
                x.text,
                0,
                "T1",
                x.cents / 100,
            ]
            for x in group
        ]
        rows += [[None, None, None, None, None, None, None, "Totals:", units(group)], []]
    made.append(sheet_case("sage-supplier-activity", rows, of))

    rows = table(
        "Posting Date=d | Document Type=x:Invoice | Document No.=doc | Vendor No.=cc | Vendor Name=s | "
        "Description=t | Original Amount=neg | Amount=neg | Remaining Amount=x:",
        of,
    )
    for row, x in zip(rows[1:], of, strict=True):
        row[1] = "Credit Memo" if x.cents < 0 else "Invoice"
        row[8] = 0
    rows.insert(6, [dt.datetime(2026, 3, 1), "Payment", 999, "V1", "3M UK PLC", "BACS", 500.0, 500.0, 0])  # noqa: DTZ001
    made.append(sheet_case("dynamics-vendor-ledger", rows, of, not_spend=1))

    rows = [
        ["Purchase Day Book", None, None, None, "Page: 1"],
        [],
        [
            "Tran No.",
            "Items",
            "Type",
            "Date",
            "A/C Ref",
            "Name",
            "Inv. Ref",
            "Details",
            "Net Amount",
            "Tax Amount",
            "Gross Amount",
        ],
    ]
    for x in of:
        rows.append(
            [
                x.number,
                1,
                "PI" if x.cents > 0 else "PC",
                cell(x, "d"),
                "ACC",
                x.supplier,
                x.reference,
                x.text,
                x.cents / 100,
                round(x.cents * 0.2) / 100,
                (x.cents + round(x.cents * 0.2)) / 100,
            ]
        )
    rows += [
        [],
        [None] * 7
        + [
            "Totals:",
            units(of),
            sum(round(x.cents * 0.2) for x in of) / 100,
            sum(x.cents + round(x.cents * 0.2) for x in of) / 100,
        ],
    ]
    made.append(sheet_case("sage-day-book", rows, of))

    # the side stands in the number format alone, as one Indian program writes it
    def formatted(folder: Path) -> Path:
        path = folder / "side-by-format.xlsx"
        made_ = openpyxl.Workbook()
        sheet = made_.active
        assert sheet is not None
        for row in table("Date=d | Particulars=s | Vch Type=x:Purchase | Vch No.=n | Amount=abs", of):
            sheet.append(row)
        for index, x in enumerate(of, 2):
            sheet.cell(index, 5).number_format = '#,##0.00" Cr"' if x.cents < 0 else '#,##0.00" Dr"'
        made_.save(path)
        return path

    made.append(Case(name="side-by-number-format", write=formatted, truth=of))

    rows = [
        ["Aged Creditors Detail"],
        ["As at 31/12/2026"],
        [],
        ["Supplier", "Invoice date", "Invoice no", "Current", "1 month", "2 months", "3+ months", "Balance"],
    ]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name])
        for x in group:
            ages = [x.cents / 100 if x.number % 4 == place else 0 for place in range(4)]
            rows.append([None, cell(x, "d"), x.reference, *ages, x.cents / 100])
        rows.append(
            [
                f"Total {name}",
                None,
                None,
                *[units([x for x in group if x.number % 4 == p]) for p in range(4)],
                units(group),
            ]
        )
    rows.append(
        ["Total", None, None, *[units([x for x in of if x.number % 4 == p]) for p in range(4)], units(of)]
    )
    made.append(sheet_case("aged-by-supplier", rows, of))

    rows = [
        ["Nominal activity"],
        ["N/C:", 7100, "Name:", "Software"],
        [],
        ["No", "Type", "Date", "Account", "Supplier", "Details", "Debit", "Credit", "Balance"],
        [None, None, None, None, None, "Brought forward", 250.0, None, 250.0],
    ]
    running = 25_000
    for x in of:
        running += x.cents
        rows.append(
            [
                x.number,
                "PI",
                cell(x, "d"),
                "ACC",
                x.supplier,
                x.text,
                cell(x, "dr"),
                cell(x, "cr"),
                running / 100,
            ]
        )
    rows.append([None, None, None, None, None, "Carried forward", None, None, running / 100])
    made.append(sheet_case("nominal-brought-forward", rows, of))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*german(), *american(), *british()]
