"""Exports of smaller companies' books: Sage, Xero, QuickBooks, Lexware, Fortnox, e-conomic, Exact, Odoo."""

import datetime as dt

from tests.importers.prints.drawn import Line, Printed, Rows, by, number, save_book, save_text, total
from tests.importers.prints.systems import Draw, comma, done


def sage_audit(draw: Draw) -> Printed:
    """Sage 50 audit trail: PI and PC, net and tax, no minus on credits."""
    _chance, folder, _, lines = draw
    rows: Rows = [
        ["Audit Trail (Detailed)"],
        [],
        ["No", "Type", "A/C", "N/C", "Dept", "Ref", "Name", "Date", "Details", "Net", "Tax", "T/C", "Pd"],
    ]
    for place, line in enumerate(lines):
        rows.append(
            [
                *(4000 + place, "PI" if line.cents > 0 else "PC", f"AB{place % 9:03}", 5000 + place % 7, 0),
                *(line.reference, line.supplier, f"{line.day:%d/%m/%Y}", line.text),
                *(number(abs(line.cents)), number(abs(line.cents) // 5), "T1", "N"),
            ]
        )
    return done(
        save_book(folder, {"Audit Trail": rows}),
        lines,
        "GBP",
        "sage audit",
        answers={"credits": "subtract"} if any(line.cents < 0 for line in lines) else {},
    )


def xero_bills(draw: Draw) -> Printed:
    """Xero's payable invoice detail: a group per contact or flat, net, tax, gross, totals."""
    _chance, folder, _, lines = draw
    rows: Rows = [["Payable Invoice Detail"], ["Example Ltd"], ["For the year ended 31 December 2026"], []]
    head = ["Invoice Number", "Invoice Date", "Source", "Reference", "Description", "Net", "VAT", "Gross"]
    rows.append(head)
    for name, group in by(lines, lambda line: line.supplier).items():
        rows.append([name])
        for line in group:
            tax = line.cents // 5
            rows.append(
                [
                    *(
                        line.reference,
                        line.day,
                        "Bill" if line.cents > 0 else "Bill Credit Note",
                        None,
                        line.text,
                    ),
                    *(number(line.cents), number(tax), number(line.cents + tax)),
                ]
            )
        taxes = sum(line.cents // 5 for line in group)
        rows.append(
            [
                f"Total {name}",
                None,
                None,
                None,
                None,
                number(total(group)),
                number(taxes),
                number(total(group) + taxes),
            ]
        )
        rows.append([])
    taxes = sum(line.cents // 5 for line in lines)
    rows.append(
        ["Total", None, None, None, None, number(total(lines)), number(taxes), number(total(lines) + taxes)]
    )
    return done(save_book(folder, {"Payable Invoice Detail": rows}), lines, "GBP", "xero bills")


def quickbooks(draw: Draw) -> Printed:
    """QuickBooks transaction detail by account: accounts with sums, a running balance, vendors in a column."""
    chance, folder, _, lines = draw
    rows: Rows = [["Example Inc."], ["Transaction Detail by Account"], ["January - December 2026"], []]
    rows.append(
        [None, "Date", "Transaction Type", "Num", "Name", "Memo/Description", "Split", "Amount", "Balance"]
    )
    for name, group in by(lines, lambda line: f"{60 + len(line.text) % 3}00 Marketing:{line.text}").items():
        rows.append([name])
        ran = 0
        for line in group:
            ran += line.cents
            rows.append(
                [
                    *(
                        None,
                        f"{line.day:%m/%d/%Y}",
                        "Bill" if line.cents > 0 else "Vendor Credit",
                        line.reference,
                    ),
                    *(line.supplier, line.text, "Accounts Payable (A/P)", number(line.cents), number(ran)),
                ]
            )
        rows.append([f"Total for {name}", *[None] * 6, number(ran), None])
    if chance.random() < 0.5:
        rows.append(["TOTAL", *[None] * 6, number(total(lines)), None])
    rows += [[], [], ["Accrual Basis Monday, January 04, 2027 10:00 AM GMT"]]
    return done(save_book(folder, {"Transaction Detail by Account": rows}), lines, "USD", "quickbooks")


def lexware(draw: Draw) -> Printed:
    """Lexware's journal of vouchers: gross, net and tax rate, type of voucher."""
    _chance, folder, _, lines = draw
    head = [
        "Belegdatum",
        "Belegnummer",
        "Typ",
        "Kontakt",
        "Kategorie",
        "Betrag (brutto)",
        "Betrag (netto)",
        "USt. %",
        "Währung",
        "Status",
    ]
    rows: Rows = [head]
    for line in lines:
        gross = line.cents + line.cents * 19 // 100
        rows.append(
            [
                *(
                    f"{line.day:%d.%m.%Y}",
                    line.reference,
                    "Ausgabe" if line.cents > 0 else "Ausgabenminderung",
                ),
                *(
                    line.supplier,
                    line.text,
                    comma(gross, grouped=False),
                    comma(line.cents, grouped=False),
                    "19",
                    "EUR",
                    "bezahlt",
                ),
            ]
        )
    return done(save_text(folder, rows, delimiter=";"), lines, "EUR", "lexware")


def fortnox(draw: Draw) -> Printed:
    """Fortnox supplier invoices with sums: SEK, ISO days, tax beside the whole."""
    _chance, folder, _tongue, lines = draw
    head = [
        "Löpnr",
        "Fakturanr",
        "Leverantörsnr",
        "Leverantör",
        "Fakturadatum",
        "Förfallodatum",
        "Valuta",
        "Exkl. moms",
        "Moms",
        "Belopp",
        "Slutbetald",
    ]
    rows: Rows = [["Leverantörsfakturor"], ["Example AB"], [], head]
    for place, line in enumerate(lines):
        tax = line.cents // 4
        rows.append(
            [
                *(place + 1, line.reference, 100 + place % 9, line.supplier, f"{line.day:%Y-%m-%d}"),
                *(
                    f"{line.day + dt.timedelta(days=30):%Y-%m-%d}",
                    "SEK",
                    number(line.cents),
                    number(tax),
                    number(line.cents + tax),
                    "Ja",
                ),
            ]
        )
    tax = sum(line.cents // 4 for line in lines)
    rows.append(["Summa", *[None] * 6, number(total(lines)), number(tax), number(total(lines) + tax), None])
    return done(
        save_book(folder, {"Blad1": rows}),
        [Line(x.day, x.supplier, x.text, x.reference, x.cents, "SEK") for x in lines],
        "SEK",
        "fortnox",
    )


def economic(draw: Draw) -> Printed:
    """e-conomic entries of an account: opening, running balance, sums, Danish."""
    _chance, folder, _, lines = draw
    rows: Rows = [
        ["Kontokort"],
        ["Konto 2800 Software"],
        [],
        ["Dato", "Bilag", "Type", "Leverandør", "Tekst", "Beløb", "Saldo"],
    ]
    ran = 250_000
    rows.append([None, None, None, None, "Primosaldo", None, number(ran)])
    for place, line in enumerate(lines):
        ran += line.cents
        rows.append(
            [
                f"{line.day:%d-%m-%Y}",
                500 + place,
                "Leverandørfaktura" if line.cents > 0 else "Leverandørkreditnota",
                line.supplier,
                line.text,
                number(line.cents),
                number(ran),
            ]
        )
    rows.append([None, None, None, None, "I alt", number(total(lines)), None])
    rows.append([None, None, None, None, "Ultimosaldo", None, number(ran)])
    return done(
        save_book(folder, {"Ark1": rows}),
        [Line(x.day, x.supplier, x.text, x.reference, x.cents, "DKK") for x in lines],
        "DKK",
        "e-conomic",
    )


def exact(draw: Draw) -> Printed:
    """Exact Online: purchase journal with debit and credit, period as 2026 / 3."""
    chance, folder, _, lines = draw
    head = [
        "Dagboek",
        "Boekstuknr.",
        "Periode",
        "Datum",
        "Relatie",
        "Omschrijving",
        "Ons ref.",
        "Debet",
        "Credit",
    ]
    rows: Rows = [["Mutaties 4400 Software"], [], head]
    for place, line in enumerate(lines):
        rows.append(
            [
                *(
                    "70 - Inkoop",
                    26_700_000 + place,
                    f"2026 / {line.day.month}",
                    line.day,
                    line.supplier,
                    line.text,
                    line.reference,
                ),
                *(
                    number(line.cents) if line.cents > 0 else None,
                    number(-line.cents) if line.cents < 0 else None,
                ),
            ]
        )
    rows.append(
        [
            None,
            None,
            None,
            None,
            None,
            "Totaal",
            None,
            number(sum(x.cents for x in lines if x.cents > 0)),
            number(-sum(x.cents for x in lines if x.cents < 0)),
        ]
    )
    if chance.random() < 0.5:
        rows.append([None, None, None, None, None, "Saldo", None, number(total(lines)), None])
    return done(save_book(folder, {"Mutaties": rows}), lines, "EUR", "exact")


def odoo(draw: Draw) -> Printed:
    """Odoo vendor bills grouped by partner: the group's count and sum stand above its lines."""
    chance, folder, _, lines = draw
    head = [
        "Number",
        "Partner",
        "Bill Date",
        "Due Date",
        "Untaxed Amount Signed",
        "Tax Signed",
        "Total Signed",
        "Status",
    ]
    rows: Rows = [head]
    grouped = chance.random() < 0.5
    for name, group in by(lines, lambda line: line.supplier).items():
        taxes = sum(line.cents // 5 for line in group)
        if grouped:
            rows.append(
                [
                    f"{name} ({len(group)})",
                    None,
                    None,
                    None,
                    number(total(group)),
                    number(taxes),
                    number(total(group) + taxes),
                    None,
                ]
            )
        for line in group:
            tax = line.cents // 5
            rows.append(
                [
                    f"BILL/2026/{line.reference}",
                    name,
                    line.day,
                    line.day + dt.timedelta(days=30),
                    number(line.cents),
                    number(tax),
                    number(line.cents + tax),
                    "Posted",
                ]
            )
    return done(save_book(folder, {"Sheet1": rows}), lines, "EUR", "odoo")
