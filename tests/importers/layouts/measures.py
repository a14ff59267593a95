"""Lists with more than one column of money: ordered and invoiced, without and with tax, month and year so far."""

import datetime as dt
from typing import Any

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import grouped_by, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, cell, lines


def _other(line: Line, step: int = 3) -> float:
    """An amount that is the line's in most rows and another in each ``step``-th."""
    return (line.cents + (12_300 if line.number % step == 0 else 0)) / 100


def ordered() -> list[Case]:
    """What was ordered, encumbered, budgeted or contracted beside what was spent."""
    made: list[Case] = []
    of = lines(5101, 26)
    rows: Rows = [["PO Number", "PO Date", "Supplier", "Ordered Amount", "Invoiced Amount", "Invoice Date"]]
    rows += [
        [f"PO{x.number}", x.day - dt.timedelta(days=20), x.supplier, _other(x), x.cents / 100, cell(x, "d")]
        for x in of
    ]
    made.append(sheet_case("ordered-and-invoiced", rows, of))

    rows = [["Vendor", "Department", "Encumbered Amount", "Expended Amount", "Payment Date"]]
    rows += [[x.supplier, "Streets", _other(x, 2), x.cents / 100, f"{x.day:%m/%d/%Y}"] for x in of]
    made.append(text_case("city-encumbered", rows, of, currency="USD", base="USD"))

    rows = [["Posting Date", "Vendor Name", "G/L Account", "Budget", "Actual", "Variance", "Variance %"]]
    for x in of:
        plan = round(abs(x.cents) * 1.1) / 100
        rows.append(
            [cell(x, "d"), x.supplier, 440_000, plan, x.cents / 100, round(plan - x.cents / 100, 2), 0.1]
        )
    plan = round(sum(row[3] for row in rows[1:]), 2)
    rows.append(["Total", None, None, plan, units(of), round(plan - units(of), 2), None])
    made.append(sheet_case("ledger-budget-actual-variance", rows, of))

    rows = [["Check Date", "Check Number", "Check Amount", "Vendor", "Invoice Number", "Invoice Line Amount"]]
    for start in range(0, len(of), 3):
        check = of[start : start + 3]
        rows += [
            [
                f"{check[0].day:%m/%d/%Y}",
                9000 + start,
                units(check),
                check[0].supplier,
                x.reference,
                x.cents / 100,
            ]
            for x in check
        ]
    checked = [
        Line(x.number, of[i - i % 3].day, of[i - i % 3].supplier, x.text, x.cents) for i, x in enumerate(of)
    ]
    made.append(sheet_case("check-register-by-line", rows, checked, currency="USD", base="USD"))

    rows = [["Supplier", "Contract Value (AUD)", "Amount Paid (AUD)", "Date Paid", "Description"]]
    rows += [[x.supplier, 5_000_000, x.cents / 100, cell(x, "d"), x.text] for x in of]
    made.append(sheet_case("contract-value-and-paid", rows, of, currency="AUD", base="AUD"))

    rows = [["Expense Date", "Merchant", "Claimed Amount", "Approved Amount", "Category"]]
    rows += [[cell(x, "d"), x.supplier, _other(x, 5), x.cents / 100, x.text] for x in of]
    made.append(sheet_case("claimed-and-approved", rows, of))
    return made


def taxed() -> list[Case]:
    """With tax and without, in other languages and orders."""
    made: list[Case] = []
    of = lines(5201, 26)
    kroner: dict[str, Any] = {"currency": "DKK", "base": "DKK"}
    head = ["Leverandør", "Fakturadato", "Tekst", "Beløb ekskl. moms", "Beløb inkl. moms"]
    rows: Rows = [head]
    rows += [
        [
            x.supplier,
            f"{x.day:%d-%m-%Y}",
            x.text,
            amount_text(x.cents, "de"),
            amount_text(round(x.cents * 1.25), "de"),
        ]
        for x in of
    ]
    made.append(text_case("danish-without-and-with", rows, of, delimiter=";", encoding="cp1252", **kroner))

    rows = [["Leverantör", "Bokföringsdatum", "Belopp inkl moms", "Moms", "Belopp exkl moms", "Konto"]]
    rows += [
        [
            x.supplier,
            f"{x.day:%Y-%m-%d}",
            (x.cents + round(x.cents * 0.25)) / 100,
            round(x.cents * 0.25) / 100,
            x.cents / 100,
            5420,
        ]
        for x in of
    ]
    made.append(sheet_case("swedish-with-first", rows, of, currency="SEK", base="SEK"))

    rows = [["Datum", "Dodavatel", "Popis", "Částka bez DPH", "DPH", "Částka s DPH", "Měna"]]
    rows += [
        [
            f"{x.day.day}.{x.day.month}.{x.day.year}",
            x.supplier,
            x.text,
            x.cents / 100,
            round(x.cents * 0.21) / 100,
            (x.cents + round(x.cents * 0.21)) / 100,
            "CZK",
        ]
        for x in of
    ]
    made.append(sheet_case("czech-without-and-with", rows, of, currency="CZK", base="CZK"))

    def lakh(cents: int) -> str:
        whole, rest = str(abs(cents) // 100), f"{abs(cents) % 100:02}"
        head_, tail = whole[:-3], whole[-3:]
        while head_:
            tail = f"{head_[-2:]},{tail}"
            head_ = head_[:-2]
        return f"{'-' if cents < 0 else ''}{tail}.{rest}"

    rows = [["Invoice Date", "Vendor", "GSTIN", "Taxable Value", "CGST", "SGST", "Invoice Value"]]
    for x in of:
        part = round(x.cents * 0.09)
        rows.append(
            [
                f"{x.day:%d-%b-%Y}",
                x.supplier,
                "29ABCDE1234F1Z5",
                lakh(x.cents),
                lakh(part),
                lakh(part),
                lakh(x.cents + 2 * part),
            ]
        )
    made.append(text_case("indian-purchase-register", rows, of, currency="INR", base="INR"))

    rows = [["Supplier", "Payment", None, None, None], ["", "Date", "Excl VAT", "VAT", "Incl VAT"]]
    rows += [
        [
            x.supplier,
            cell(x, "d"),
            x.cents / 100,
            round(x.cents * 0.15) / 100,
            (x.cents + round(x.cents * 0.15)) / 100,
        ]
        for x in of
    ]
    made.append(sheet_case("south-african-two-rows", rows, of, currency="ZAR", base="ZAR"))

    rows = [
        [
            "Order No",
            "Supplier",
            "Order Net",
            "Order VAT",
            "Invoice Net",
            "Invoice VAT",
            "Invoice Gross",
            "Tax Point",
        ]
    ]
    for x in of:
        net = _other(x, 4)
        rows.append(
            [
                x.number,
                x.supplier,
                net,
                round(net * 0.2, 2),
                x.cents / 100,
                round(x.cents * 0.2) / 100,
                (x.cents + round(x.cents * 0.2)) / 100,
                cell(x, "d"),
            ]
        )
    made.append(sheet_case("school-order-and-invoice", rows, of))

    rows = [["Vendor / Fournisseur", "Date", "Description", "Amount / Montant", "GST/HST / TPS/TVH", "Total"]]
    rows += [
        [
            x.supplier,
            cell(x, "d"),
            x.text,
            x.cents / 100,
            round(x.cents * 0.13) / 100,
            (x.cents + round(x.cents * 0.13)) / 100,
        ]
        for x in of
    ]
    made.append(sheet_case("canadian-two-languages", rows, of, currency="CAD", base="CAD"))
    return made


def running() -> list[Case]:
    """Sums of the year so far and balances beside or among the lines."""
    made: list[Case] = []
    of = lines(5301, 30)
    rows: Rows = [["Period", "Vendor", "Cumulative YTD", "Period amount"]]
    sums: dict[str, int] = {}
    for x in of:
        sums[x.supplier] = sums.get(x.supplier, 0) + x.cents
        rows.append([f"{x.day:%Y.%m}", x.supplier, sums[x.supplier] / 100, x.cents / 100])
    made.append(sheet_case("year-to-date-per-vendor-first", rows, of, dated="month"))

    rows = [["Invoice Date", "Supplier", "Total Order Value", "Value This Invoice", "Value To Date"]]
    sums = {}
    for x in of:
        sums[x.supplier] = sums.get(x.supplier, 0) + x.cents
        rows.append([cell(x, "d"), x.supplier, 5_000_000.0, x.cents / 100, sums[x.supplier] / 100])
    made.append(sheet_case("this-invoice-and-to-date", rows, of))

    rows = [["Period", "Account", "Vendor", "MTD Actual", "YTD Actual", "MTD Budget"]]
    rows += [[f"{x.day:%b-%y}", 6000, x.supplier, x.cents / 100, x.cents / 100 * 3, 5.0] for x in of]
    made.append(sheet_case("actual-of-month-and-year", rows, of, dated="month"))

    rows = [["Vendor", "Date", "Gross Amt", "Disc", "Net Paid"]]
    rows += [[x.supplier, f"{x.day:%m/%d/%y}", (x.cents + 500) / 100, 5.0, x.cents / 100] for x in of]
    made.append(sheet_case("gross-discount-net-paid", rows, of, currency="USD", base="USD"))

    rows = [["Balance", "Date", "Payee", "Paid out", "Paid in"]]
    balance = 900_000_000
    for x in of:
        balance -= x.cents
        rows.append(
            [
                amount_text(balance, "en"),
                f"{x.day:%d %b %Y}",
                x.supplier,
                amount_text(x.cents, "en") if x.cents > 0 else "",
                amount_text(-x.cents, "en") if x.cents < 0 else "",
            ]
        )
    rows.insert(1, ["9,000,000.00", "", "Opening balance", "", ""])
    rows.append([amount_text(balance, "en"), "", "Closing balance", "", ""])
    made.append(text_case("balance-first", rows, of))

    rows = [["Supplier Account Activity"], [], ["Date", "Reference", "Details", "Debit", "Credit", "Balance"]]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        opening = 10_000
        rows.append([name])
        rows.append([dt.datetime(2026, 1, 1), None, "Opening balance", None, 100.0, 100.0])  # noqa: DTZ001
        balance = opening
        for x in group:
            balance += x.cents
            rows.append([cell(x, "d"), x.reference, x.text, cell(x, "cr"), cell(x, "dr"), balance / 100])
        debit = sum(-x.cents for x in group if x.cents < 0) / 100
        credit = sum(x.cents for x in group if x.cents > 0) / 100
        rows.append([None, None, "Movement", debit, credit, None])
        rows.append([dt.datetime(2026, 12, 31), None, "Closing balance", None, balance / 100, balance / 100])  # noqa: DTZ001
        rows.append([])
    made.append(sheet_case("supplier-ledger-opening-closing", rows, of, answers=(("E.sign", "-1"),)))

    rows = [["Bilagsdato", "Leverandør", "Bilagsnr", "Tekst", "Debet", "Kredit", "Saldo"]]
    balance = 0
    for x in of:
        balance -= x.cents
        rows.append(
            [f"{x.day:%d.%m.%Y}", x.supplier, x.number, x.text, cell(x, "cr"), cell(x, "dr"), balance / 100]
        )
    made.append(
        sheet_case(
            "norwegian-supplier-ledger", rows, of, currency="NOK", base="NOK", answers=(("F.sign", "-1"),)
        )
    )

    rows = [["Account", "Date", "Description", "Source", "Debit", "Credit", "Net movement", "Balance"]]
    balance = 55_000
    rows.append(["7602 Software", None, "Balance brought forward", None, None, None, None, balance / 100])
    for x in of:
        balance += x.cents
        rows.append(
            [
                "7602 Software",
                cell(x, "d"),
                x.supplier,
                "AP",
                cell(x, "dr"),
                cell(x, "cr"),
                x.cents / 100,
                balance / 100,
            ]
        )
    debit = sum(x.cents for x in of if x.cents > 0) / 100
    credit = sum(-x.cents for x in of if x.cents < 0) / 100
    rows.append(["Total 7602 Software", None, None, None, debit, credit, units(of), balance / 100])
    made.append(sheet_case("ledger-net-movement", rows, of))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*ordered(), *taxed(), *running()]
