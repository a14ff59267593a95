"""A spend workbook of any length for benchmarks: an AP ledger as a finance system prints it, the same every time."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import xlsxwriter

HEADER_ROW: Final = 5
"""1-based row of the header; a title block stands above it."""
HEADINGS: Final = (
    *("Posting date", "Supplier", "Description", "Net amount", "Tax", "Gross amount"),
    *("Currency", "Invoice number", "Purchase order", "Cost centre", "GL account", "Business unit"),
)
_SUPPLIERS: Final = (
    *("SFDC*SALESFORCE.COM 8005 CA", "HUBSPOT INC.", "ADOBE SYSTEMS SOFTWARE IRELAND LTD", "PAYPAL *CANVA"),
    *("Google Ireland Limited (ADS)", "ATLASSIAN PTY LTD", "SLACK TECHNOLOGIES", "ZOOM.US 888-799-9666"),
    *("Orion Catering Ltd", "TOTAL GAS & POWER LTD", "North Street Taxis", "Hartley Print Services"),
)


def write_ledger(path: Path, lines: int, *, seed: int = 1) -> int:
    """Writes `lines` spend lines of 12 columns and their total row; returns the net total in cents."""
    chance = random.Random(seed)
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("AP Ledger")
    sheet.write_row(0, 0, ["Example plc", "Accounts payable ledger"])
    sheet.write_row(1, 0, ["Period", "01/2025 to 12/2025"])
    sheet.write_row(HEADER_ROW - 1, 0, HEADINGS)
    total = 0
    others = [f"Supplier {number:04d} Ltd" for number in range(400)]
    for number in range(lines):
        cents = chance.randrange(-20_000, 900_000)
        total += cents
        tax = cents // 5
        row = HEADER_ROW + number
        sheet.write_datetime(row, 0, date(2025, 1, 1) + timedelta(days=number * 365 // lines))
        sheet.write_string(row, 1, chance.choice(_SUPPLIERS if chance.random() < 0.3 else others))
        sheet.write_string(row, 2, f"Charges for order {number % 997}")
        for column, value in ((3, cents), (4, tax), (5, cents + tax)):
            sheet.write_number(row, column, value / 100)
        sheet.write_string(row, 6, "GBP")
        sheet.write_string(row, 7, f"INV-{number:07d}")
        sheet.write_string(row, 8, f"PO{number % 5000:05d}")
        sheet.write_string(row, 9, f"CC{number % 40:03d}")
        sheet.write_number(row, 10, 600_000 + number % 60)
        sheet.write_string(row, 11, chance.choice(("Marketing UK", "Marketing EU", "Brand")))
    sheet.write_string(HEADER_ROW + lines, 1, "Total")
    sheet.write_number(HEADER_ROW + lines, 3, total / 100)
    book.close()
    return total
