"""Statements of banks and cards, and reports of finance programs not met before."""

import datetime as dt
from dataclasses import replace
from typing import Any

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import grouped_by, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, cell, lines, table

USD: dict[str, Any] = {"currency": "USD", "base": "USD"}
EUR: dict[str, Any] = {"currency": "EUR", "base": "EUR"}


def banks() -> list[Case]:
    """What banks let their customers download."""
    made: list[Case] = []
    of = lines(5101, 26)
    head = ["Card", "Transaction Date", "Post Date", "Description", "Category", "Type", "Amount", "Memo"]
    rows: Rows = [head]
    for x in of:
        kind = "Return" if x.cents < 0 else "Sale"
        day = f"{x.day:%m/%d/%Y}"
        rows.append(["1234", day, day, x.supplier, "Shopping", kind, amount_text(-x.cents, "plain"), ""])
    rows.insert(
        8, ["1234", "04/02/2026", "04/02/2026", "Payment Thank You-Mobile", "", "Payment", "2500.00", ""]
    )
    made.append(text_case("chase-card", rows, of, **USD, not_spend=1, answers=(("G.sign", "-1"),)))

    rows = [["Status", "Date", "Description", "Debit", "Credit", "Member Name"]]
    for x in of:
        debit, credit = (
            ("", amount_text(x.cents, "plain")) if x.cents < 0 else (amount_text(x.cents, "plain"), "")
        )
        rows.append(["Cleared", f"{x.day:%m/%d/%Y}", x.supplier, debit, credit, "J DOE"])
    made.append(text_case("citi-negative-credits", rows, of, **USD))

    spent = [x for x in of if x.cents > 0]
    rows = [
        ["Description", "", "Summary Amt."],
        ["Beginning balance as of 01/01/2026", "", "250,000.00"],
        ["Total credits", "", "0.00"],
        ["Total debits", "", amount_text(-sum(x.cents for x in spent), "en")],
        ["Ending balance as of 12/31/2026", "", amount_text(25_000_000 - sum(x.cents for x in spent), "en")],
        [],
        ["Date", "Description", "Amount", "Running Bal."],
        ["01/01/2026", "Beginning balance as of 01/01/2026", "", "250,000.00"],
    ]
    balance = 25_000_000
    for x in spent:
        balance -= x.cents
        rows.append(
            [f"{x.day:%m/%d/%Y}", x.supplier, amount_text(-x.cents, "en"), amount_text(balance, "en")]
        )
    made.append(text_case("bank-of-america", rows, spent, **USD, answers=(("C.sign", "-1"),)))

    rows = [["Datum", "Bewegungstyp", "Avisierungstext", "Gutschrift in CHF", "Lastschrift in CHF", "Label"]]
    for x in of:
        gain, loss = (
            (amount_text(-x.cents, "plain"), "") if x.cents < 0 else ("", amount_text(-x.cents, "plain"))
        )
        rows.append([f"{x.day:%d.%m.%Y}", "Kauf", x.supplier, gain, loss, ""])
    above: Rows = [["Datum von:", "01.01.2026"], ["Konto:", "CH93 0076"], ["Währung:", "CHF"], []]
    below: Rows = [[], ["Disclaimer:"], ["Dies ist kein durch die Bank erstelltes Dokument."]]
    made.append(
        text_case("postfinance-sides", [*above, *rows, *below], of, delimiter=";", currency="CHF", base="CHF")
    )

    rows = []
    for x in of:
        rows.append([f"{x.day:%m/%d/%Y}", amount_text(-x.cents, "plain"), "*", "", x.supplier])
    made.append(text_case("wells-fargo-no-header", rows, of, **USD, answers=(("B.sign", "-1"),)))

    rows = [
        ["Statement of account", None, None, None],
        ["Account", "12-34-56 00112233", None, None],
        [],
        ["Date", "Details", "Paid out", "Paid in", "Balance"],
        [None, "BALANCE BROUGHT FORWARD", None, None, 90_000.0],
    ]
    balance, before = 9_000_000, None
    of = [replace(x, day=of[place // 3 * 3].day) for place, x in enumerate(of)]
    for x in of:  # the day is named once
        balance -= x.cents
        same = before == x.day
        rows.append([None if same else cell(x, "d"), x.supplier, cell(x, "dr"), cell(x, "cr"), balance / 100])
        before = x.day
    rows.append([None, "BALANCE CARRIED FORWARD", None, None, balance / 100])
    made.append(sheet_case("hsbc-paper-statement", rows, of))

    rows = [["Date", "Description", "Money In (£)", "Money Out (£)", "Balance (£)"]]
    balance = 9_000_000
    for x in reversed(of):
        rows.append(
            [
                f"{x.day:%d %b %Y}",
                x.supplier,
                cell(x, "cr:en"),
                cell(x, "dr:en"),
                "£" + amount_text(balance, "en"),
            ]
        )
        balance += x.cents
    made.append(text_case("newest-first-out-after-in", rows, of))

    rows = [["Date", "Reference", "Payee", "Amount in GBP", "Fee", "Status"]]
    for x in of:
        rows.append(
            [f"{x.day:%Y-%m-%d}", x.reference, x.supplier, amount_text(x.cents, "plain"), "0.00", "Completed"]
        )
    rows.insert(4, ["2026-02-11", "F-1", "3M UK PLC", "410.00", "0.00", "Failed"])
    made.append(text_case("payments-with-a-failed-one", rows, of, not_spend=1))

    rows = [["Employee", "J Smith"], ["Report", "March trip"], ["Submitted", "02/04/2026"], []]
    rows += table("Expense date=d | Vendor=s | Expense type=t | Amount=a", of)
    rows += [
        [],
        ["Less: cash advance", None, None, -500.0],
        ["Amount due to employee", None, None, units(of) - 500],
    ]
    made.append(sheet_case("claim-less-advance", rows, of, not_spend=1))
    return made


def reports() -> list[Case]:
    """Reports of finance programs not met before."""
    made: list[Case] = []
    of = lines(5301, 28)
    rows: Rows = [["Purchases by Vendor Detail"], ["Example LLC"], ["January - December 2026"], []]
    rows.append(
        [
            "",
            "Date",
            "Transaction Type",
            "Num",
            "Product/Service",
            "Memo/Description",
            "Qty",
            "Rate",
            "Amount",
            "Balance",
        ]
    )
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name])
        running = 0
        for x in group:
            running += x.cents
            rows.append(
                [
                    "",
                    f"{x.day:%m/%d/%Y}",
                    "Bill",
                    x.reference,
                    "Services",
                    x.text,
                    "1.00",
                    amount_text(x.cents, "plain"),
                    amount_text(x.cents, "plain"),
                    amount_text(running, "plain"),
                ]
            )
        rows.append(
            [
                f"Total for {name}",
                "",
                "",
                "",
                "",
                "",
                f"{len(group)}.00",
                "",
                amount_text(sum(x.cents for x in group), "dollar"),
                "",
            ]
        )
    rows.append(
        [
            "TOTAL",
            "",
            "",
            "",
            "",
            "",
            f"{len(of)}.00",
            "",
            amount_text(sum(x.cents for x in of), "dollar"),
            "",
        ]
    )
    made.append(text_case("quickbooks-purchases-detail", rows, of, **USD))

    rows = [
        ["Day Book"],
        ["1-Jan-26 to 31-Dec-26"],
        [],
        ["Date", "Particulars", "Vch Type", "Vch No.", "Debit Amount", "Credit Amount"],
    ]
    bought = [x for x in of if x.cents > 0]
    for x in bought:
        rows.append([cell(x, "d"), x.supplier, "Purchase", x.number, None, x.cents / 100])
    made.append(sheet_case("tally-day-book", rows, bought, currency="INR", base="INR"))

    rows = [["Vendor - Detail Trial Balance"], ["Period: 01/01/26..31/12/26"], []]
    rows.append(["Posting Date", "Doc. Type", "Document No.", "Description", "Amount (LCY)", "Balance (LCY)"])
    for number, (name, group) in enumerate(grouped_by(of, lambda line: line.supplier).items()):
        rows.append([f"V{number:05}", name])
        balance = 0
        for x in group:
            balance -= x.cents
            rows.append(
                [
                    cell(x, "d"),
                    "Credit Memo" if x.cents < 0 else "Invoice",
                    x.number,
                    x.text,
                    -x.cents / 100,
                    balance / 100,
                ]
            )
        rows.append([None, None, None, f"Total {name}", -units(group), balance / 100])
        rows.append([])
    made.append(sheet_case("business-central-trial", rows, of))

    rows = [["General ledger detail - account 6450 Marketing"], ["Company: Example BV"], []]
    rows.append(
        ["Periode", "Datum", "Dagboek", "Bkst.nr.", "Relatie", "Omschrijving", "Debet", "Credit", "Saldo"]
    )
    rows.append([None, None, None, None, None, "Beginsaldo", None, None, 1250.0])
    saldo = 125_000
    for x in of:
        saldo += x.cents
        rows.append(
            [
                x.day.month,
                cell(x, "d"),
                "Inkoop",
                x.number,
                x.supplier,
                x.text,
                cell(x, "dr"),
                cell(x, "cr"),
                saldo / 100,
            ]
        )
    debit, credit = (sum(abs(x.cents) for x in of if (x.cents > 0) is side) / 100 for side in (True, False))
    rows.append([None, None, None, None, None, "Totaal mutaties", debit, credit, None])
    rows.append([None, None, None, None, None, "Eindsaldo", None, None, saldo / 100])
    made.append(sheet_case("dutch-grootboekkaart", rows, of, **EUR))

    rows = [
        [
            "Supplier",
            "Invoice",
            "Invoice date",
            "Due date",
            "0-30 days",
            "31-60 days",
            "61-90 days",
            "Over 90 days",
            "Total outstanding",
        ]
    ]
    for x in of:
        ages = [x.cents / 100 if x.number % 4 == place else None for place in range(4)]
        rows.append([x.supplier, x.reference, cell(x, "d"), cell(x, "due"), *ages, x.cents / 100])
    rows.append(
        [
            "Total",
            None,
            None,
            None,
            *[units([x for x in of if x.number % 4 == p]) for p in range(4)],
            units(of),
        ]
    )
    made.append(sheet_case("aged-flat", rows, of))

    rows = [
        ["Período: 01/01/2026 a 31/12/2026"],
        ["RAZÃO ANALÍTICO"],
        ["Data", "Lote", "Histórico", "Contrapartida", "Débito", "Crédito", "Saldo", "D/C"],
    ]
    saldo = 0
    for x in of:
        saldo += x.cents
        rows.append(
            [
                f"{x.day:%d/%m/%Y}",
                x.number,
                x.supplier,
                21101,
                cell(x, "dr:de"),
                cell(x, "cr:de"),
                amount_text(abs(saldo), "de"),
                "D" if saldo >= 0 else "C",
            ]
        )
    rows.append(
        [
            "Total",
            "",
            "",
            "",
            amount_text(sum(x.cents for x in of if x.cents > 0), "de"),
            amount_text(-sum(x.cents for x in of if x.cents < 0), "de"),
            "",
            "",
        ]
    )
    made.append(
        text_case("brazilian-razao", rows, of, delimiter=";", encoding="cp1252", currency="BRL", base="BRL")
    )

    rows = [
        [
            "Period",
            "Date",
            "Type",
            "Document Number",
            "Name",
            "Account",
            "Amount (Net)",
            "Amount (Tax)",
            "Amount (Gross)",
        ]
    ]
    for x in of:
        rows.append(
            [
                f"{x.day:%b %Y}",
                f"{x.day:%d/%m/%Y}",
                "Bill Credit" if x.cents < 0 else "Bill",
                x.reference,
                x.supplier,
                "6100 Software",
                x.cents / 100,
                round(x.cents * 0.2) / 100,
                (x.cents + round(x.cents * 0.2)) / 100,
            ]
        )
    rows.append(
        [
            "Overall Total",
            "",
            "",
            "",
            "",
            "",
            units(of),
            sum(round(x.cents * 0.2) for x in of) / 100,
            sum(x.cents + round(x.cents * 0.2) for x in of) / 100,
        ]
    )
    made.append(text_case("netsuite-net-tax-gross", rows, of))

    rows = [
        [
            "Fiscal Year",
            "Department",
            "Supplier & Other Non-Supplier Payees",
            "Vouchers Paid",
            "Vouchers Pending",
            "Vouchers Pending Retainage",
        ]
    ]
    sums = [
        Line(number=n, day=dt.date(2026, 1, 1), supplier=name, text="", cents=sum(x.cents for x in group))
        for n, (name, group) in enumerate(grouped_by(of, lambda line: line.supplier).items(), 1)
    ]
    rows += [[2026, "Public Works", x.supplier, x.cents / 100, 25.5 * (x.number % 2), 0] for x in sums]
    made.append(text_case("san-francisco-vouchers", rows, sums, dated=None, **USD))

    rows = [["Exercício", "Favorecido", "Data Pagamento", "Valor Empenhado", "Valor Liquidado", "Valor Pago"]]
    for x in of:
        rows.append(
            [
                2026,
                x.supplier,
                f"{x.day:%d/%m/%Y}",
                amount_text(x.cents + (5_000 if x.number % 2 else 0), "de"),
                amount_text(x.cents + (300 if x.number % 5 == 0 else 0), "de"),
                amount_text(x.cents, "de"),
            ]
        )
    made.append(
        text_case(
            "brazil-empenhado-pago", rows, of, delimiter=";", encoding="cp1252", currency="BRL", base="BRL"
        )
    )

    rows = table("วันที่=d | ผู้ขาย=s | รายการ=t | จำนวนเงิน=a:en", of)
    for row, x in zip(rows[1:], of, strict=True):
        row[0] = f"{x.day:%d/%m}/{x.day.year + 543}"
    made.append(sheet_case("thai-buddhist-years", rows, of, currency="THB", base="THB"))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*banks(), *reports()]
