"""The spend of the demo company as finance keeps it: two payables ledgers, a general ledger, a card statement.

They overlap as real ones do: each ledger's second file repeats the last month of its first, the general ledger carries
the invoices of the payables ledger, and both carry the bill of the card whose statement lists its charges.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from mopsaudit.demo.ledgers import CARD, CARD_ISSUER, DE, US, Charge, span
from mopsaudit.demo.sheets import DemoFile, Layout, write_text, write_workbook
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.money import from_minor
from mopsaudit.periods import month_end, month_of, month_start
from mopsaudit.workbook.cells import Money

#: Months of the first file of each ledger; the second starts with the last of them.
FIRST_PART: Final = 13
#: Full months the general ledger goes back.
LEDGER_MONTHS: Final = 12


def write_spend(folder: Path, as_of: date, charges: Sequence[Charge]) -> list[DemoFile]:
    """All spend files, in the order finance would upload them."""
    first = month_of(span(as_of).first)
    middle = month_start(first + FIRST_PART - 1)
    early, late = month_end(first + FIRST_PART - 1), as_of
    spans = ((span(as_of).first, early), (middle, late))
    files: list[DemoFile] = []
    for start, end in spans:
        of_us = [each for each in charges if each.ledger == US and start <= each.day <= end]
        files.append(_payables_us(folder, as_of, of_us, start, end))
    for start, end in spans:
        of_de = [each for each in charges if each.ledger == DE and start <= each.day <= end]
        files.append(_payables_de(folder, of_de, start, end))
    for start, end in spans:
        on_card = [each for each in charges if each.ledger == CARD and start <= each.day <= end]
        bills = [each for each in charges if each.supplier == CARD_ISSUER and start <= each.day <= end]
        files.append(_card(folder, as_of, on_card, bills, start, end))
    since = month_start(month_of(as_of) - LEDGER_MONTHS)
    booked = [each for each in charges if each.ledger == US and each.day >= since]
    files.append(_general(folder, as_of, booked, since))
    return files


def _name(stem: str, start: date, end: date, suffix: str) -> str:
    return f"{stem}_{start:%Y-%m}_to_{end:%Y-%m}.{suffix}"


def _payables_us(folder: Path, as_of: date, charges: Sequence[Charge], start: date, end: date) -> DemoFile:
    rows = [
        (
            each.day,
            each.invoice,
            each.supplier,
            each.text,
            each.order or None,
            each.centre,
            each.account,
            Money(minor=each.minor, currency="USD"),
            "USD",
        )
        for each in charges
    ]
    total = Money(minor=sum(each.minor for each in charges), currency="USD")
    path = write_workbook(
        folder / _name("AP_Ledger_US", start, end, "xlsx"),
        as_of,
        Layout(
            sheet="AP Ledger",
            above=(
                "Brightwater Inc.",
                "Accounts payable - invoices by posting date",
                f"Period: {start:%b %d, %Y} - {end:%b %d, %Y}",
                f"Run on {as_of:%m/%d/%Y} by finance reporting",
            ),
            total=("Grand total", None, None, None, None, None, None, total, None),
            below=("Figures are net of recoverable sales tax. Confidential - internal use only.",),
            notes=(
                "AP extract",
                "Sheet 'AP Ledger' holds one row per invoice. Credit notes are negative.",
                "Questions: finance@brightwater.example",
            ),
        ),
        (
            "Posting date",
            "Invoice number",
            "Vendor name",
            "Description",
            "PO number",
            "Cost center",
            "GL account",
            "Net amount",
            "Currency",
        ),
        rows,
    )
    return DemoFile(
        kind=Kind.SPEND,
        path=path,
        what="Accounts payable of Brightwater Inc.: title rows, header in row 6, a grand total",
        options=ImportOptions(source="AP Brightwater Inc.", kind_of_source="ap", entity="BW-US"),
    )


def _continental(minor: int) -> str:
    """``-1.234,56`` of minor units with two digits."""
    return f"{from_minor(minor, 'EUR'):,.2f}".translate(str.maketrans(",.", ".,"))


def _payables_de(folder: Path, charges: Sequence[Charge], start: date, end: date) -> DemoFile:
    rows = [
        (
            f"{each.day:%d.%m.%Y}",
            each.invoice,
            each.supplier,
            each.text,
            each.centre,
            each.account,
            _continental(each.minor),
            "EUR",
        )
        for each in charges
    ]
    path = write_text(
        folder / _name("Kreditoren_DE", start, end, "csv"),
        (
            "Buchungsdatum",
            "Rechnungsnummer",
            "Lieferant",
            "Buchungstext",
            "Kostenstelle",
            "Sachkonto",
            "Betrag",
            "Währung",
        ),
        rows,
        delimiter=";",
        encoding="cp1252",
    )
    return DemoFile(
        kind=Kind.SPEND,
        path=path,
        what="Payables of Brightwater Europe GmbH: text file with semicolons, dates and amounts the continental way",
        options=ImportOptions(source="AP Brightwater Europe", kind_of_source="ap", entity="BW-DE"),
    )


def _card(
    folder: Path, as_of: date, charges: Sequence[Charge], bills: Sequence[Charge], start: date, end: date
) -> DemoFile:
    lines = [(each.day, each.supplier, each.minor, each.centre, each.account) for each in charges]
    lines += [(each.day, "PAYMENT RECEIVED - THANK YOU", -each.minor, "", "") for each in bills]
    lines.sort(key=lambda line: (line[0], line[1], line[2]))
    rows = [
        (f"{day:%m/%d/%Y}", merchant, f"{from_minor(minor, 'USD'):,.2f}", centre, account)
        for day, merchant, minor, centre, account in lines
    ]
    path = write_workbook(
        folder / _name("Card_Statement_Digital", start, end, "xlsx"),
        as_of,
        Layout(
            sheet="Transactions",
            above=(
                "Corporate card - statement of account",
                "Card ending 1007 - Brightwater Inc. / Digital Commerce",
            ),
            below=("Amounts in US dollars.",),
        ),
        ("Transaction Date", "Merchant Name", "Amount (USD)", "Cost Center", "GL Account"),
        rows,
    )
    return DemoFile(
        kind=Kind.SPEND,
        path=path,
        what="Company card of Digital Commerce: dates and amounts as text, payments to the card between the charges",
        options=ImportOptions(source="Card Digital", kind_of_source="card", entity="BW-US", currency="USD"),
    )


def _general(folder: Path, as_of: date, charges: Sequence[Charge], since: date) -> DemoFile:
    rows = [
        (
            f"{each.day:%Y-%m}",
            each.day,
            f"JE{70_000 + number}",
            each.account,
            each.centre,
            each.supplier,
            each.invoice,
            each.text,
            Money(minor=each.minor, currency="USD") if each.minor > 0 else None,
            Money(minor=-each.minor, currency="USD") if each.minor < 0 else None,
        )
        for number, each in enumerate(charges)
    ]
    debit = Money(minor=sum(each.minor for each in charges if each.minor > 0), currency="USD")
    credit = Money(minor=-sum(each.minor for each in charges if each.minor < 0), currency="USD")
    path = write_workbook(
        folder / _name("GL_Export_62xx-64xx", since, as_of, "xlsx"),
        as_of,
        Layout(
            sheet="GL detail",
            above=("General ledger detail - expense accounts 6200 to 6499", "Company code 1000"),
            total=("Total", None, None, None, None, None, None, None, debit, credit),
        ),
        (
            "Period",
            "Posting date",
            "Journal ID",
            "GL account",
            "Cost center",
            "Vendor name",
            "Invoice number",
            "Line description",
            "Debit",
            "Credit",
        ),
        rows,
    )
    return DemoFile(
        kind=Kind.SPEND,
        path=path,
        what="General ledger of Brightwater Inc.: the same invoices again, in debit and credit columns",
        options=ImportOptions(
            source="GL Brightwater Inc.", kind_of_source="gl", entity="BW-US", currency="USD"
        ),
    )
