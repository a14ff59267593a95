"""Statements of cards and banks, and expense claims."""

import datetime as dt

from tests.importers.prints.drawn import Printed, Rows, number, save_book, save_text, total
from tests.importers.prints.systems import Draw, done, english


def concur(draw: Draw) -> Printed:
    """Concur expense entries: report totals beside entry amounts, personal ones at nil."""
    chance, folder, _, lines = draw
    head = [
        "Employee",
        "Report Name",
        "Report ID",
        "Transaction Date",
        "Expense Type",
        "Vendor",
        "City",
        "Transaction Amount",
        "Transaction Currency",
        "Approved Amount (rpt)",
        "Reimbursement Currency",
        "Payment Type",
    ]
    rows: Rows = [["Expense Entry Analysis"], [], head]
    for place, line in enumerate(lines):
        rows.append(
            [
                *(
                    ("Ann Lee", "Bo Ek")[place % 2],
                    f"Trip {place // 5}",
                    f"R{place // 5:04}",
                    line.day,
                    line.text,
                ),
                *(
                    line.supplier,
                    "London",
                    number(round(line.cents * 1.17)),
                    "EUR",
                    number(line.cents),
                    "GBP",
                    "Cash",
                ),
            ]
        )
    if chance.random() < 0.5:
        rows.append(["Overall - Summary", *[None] * 8, number(total(lines)), None, None])
    return done(save_book(folder, {"Page1": rows}), lines, "GBP", "concur")


def amex(draw: Draw) -> Printed:
    """An Amex business statement: members in groups, a payment received, charges positive."""
    chance, folder, _, lines = draw
    rows: Rows = [["American Express Corporate Card", None, None, None], ["Statement period", "2026"], []]
    rows.append(
        [
            "Date",
            "Date Processed",
            "Description",
            "Cardmember",
            "Amount",
            "Foreign Spend Amount",
            "Exchange Rate",
        ]
    )
    for place, line in enumerate(lines):
        foreign = place % 6 == 0
        rows.append(
            [
                *(f"{line.day:%d/%m/%Y}", f"{line.day + dt.timedelta(days=1):%d/%m/%Y}", line.supplier),
                *(("MS A LEE", "MR B EK")[place % 2], english(line.cents)),
                *((f"{english(line.cents * 2)} US Dollars", "2.0000") if foreign else (None, None)),
            ]
        )
    rows.insert(
        12, ["02/05/2026", "02/05/2026", "PAYMENT RECEIVED - THANK YOU", "MS A LEE", "-5,000.00", None, None]
    )
    path = (
        save_text(folder, rows, delimiter=",")
        if chance.random() < 0.5
        else save_book(folder, {"Transaction Details": rows})
    )
    return done(path, lines, "GBP", "amex", not_spend=1)


def visa(draw: Draw) -> Printed:
    """A commercial Visa statement: tran and post day, MCC, original amount, DR/CR behind the amount."""
    _chance, folder, _, lines = draw
    rows: Rows = [
        ["Account 4715 XXXX XXXX 1234"],
        [
            "Tran Date",
            "Post Date",
            "Merchant Name",
            "MCC",
            "Orig Curr",
            "Orig Amount",
            "Billing Amount",
            "DR/CR",
        ],
    ]
    for line in lines:
        rows.append(
            [
                *(f"{line.day:%d %b %Y}", f"{line.day + dt.timedelta(days=2):%d %b %Y}", line.supplier, 7372),
                *(
                    "EUR",
                    number(abs(line.cents) * 2),
                    number(abs(line.cents)),
                    "CR" if line.cents < 0 else "DR",
                ),
            ]
        )
    return done(save_book(folder, {"Statement": rows}), lines, "GBP", "visa")


def freeagent(draw: Draw) -> Printed:
    """A bank feed with money out and money in, a running balance from a later day to an earlier."""
    chance, folder, _, lines = draw
    rows: Rows = [["Date", "Type", "Description", "Money out", "Money in", "Balance"]]
    ran = 90_000_000
    body: Rows = []
    for line in lines:
        ran -= line.cents
        body.append(
            [
                *(f"{line.day:%d %b %Y}", "DD" if line.cents > 0 else "REF", line.supplier),
                *(
                    english(line.cents) if line.cents > 0 else "",
                    english(-line.cents) if line.cents < 0 else "",
                    english(ran),
                ),
            ]
        )
    rows += list(reversed(body)) if chance.random() < 0.6 else body
    return done(save_text(folder, rows, delimiter=","), lines, "GBP", "bank feed")
