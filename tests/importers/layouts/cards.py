"""Statements and exports of cards: sides by letter, charges as negative, loads and payments among the charges."""

import datetime as dt

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import sheet_case
from tests.importers.layouts.lines import Case, Rows, amount_text, cell, lines, table


def issued() -> list[Case]:
    """What card companies send."""
    made: list[Case] = []
    of = lines(4401, 28)
    rows = table(
        "Date=d:%m/%d/%Y | Description=s | Card Member=x:J SMITH | Account #=x:-31004 | Amount=a:plain | "
        "Extended Details=t | Appears On Your Statement As=s | City/State=x:NEW YORK | "
        "Zip Code=x:10001 | Country=x:UNITED STATES | Reference=doc | Category=t",
        of,
    )
    for row in rows[1:]:
        row[5], row[7], row[10] = f"{row[5]}\nPROCESSED BY X", "NEW YORK\nNY", f"'{row[10]}'"
    rows.insert(
        9,
        [
            "05/28/2026",
            "AUTOPAY PAYMENT - THANK YOU",
            "J SMITH",
            "-31004",
            "-9876.54",
            "AUTOPAY",
            "AUTOPAY PAYMENT - THANK YOU",
            "",
            "",
            "",
            "'1'",
            "",
        ],
    )
    made.append(text_case("amex-activity-us", rows, of, not_spend=1, currency="USD", base="USD"))

    rows = table(
        "Posting Date=due | Transaction Date=d | Merchant Name=s | Original Amount=fx | "
        "Original Currency=pick:USD/EUR | "
        "Billing Amount=abs | Debit/Credit Flag=side:D,C | Cardholder=x:J Smith",
        of,
    )
    made.append(sheet_case("barclaycard-commercial", rows, of))

    head = [
        "Date started (UTC)",
        "Date completed (UTC)",
        "ID",
        "Type",
        "State",
        "Description",
        "Payer",
        "Card number",
        "Orig currency",
        "Orig amount",
        "Payment currency",
        "Amount",
        "Fee",
        "Balance",
    ]
    body: Rows = []
    balance = 9_000_000
    for x in of:
        balance -= x.cents
        body.append(
            [
                f"{x.day:%Y-%m-%d}",
                f"{x.day:%Y-%m-%d}",
                f"6f-{x.number}",
                "CARD_PAYMENT" if x.cents > 0 else "CARD_REFUND",
                "COMPLETED",
                x.supplier,
                "J Smith",
                "4165**1",
                "USD",
                f"{-x.cents / 90:.2f}",
                "GBP",
                amount_text(-x.cents, "plain"),
                "0.00",
                amount_text(balance, "plain"),
            ]
        )
    top = [
        "2026-06-01",
        "2026-06-01",
        "6f-t",
        "TOPUP",
        "COMPLETED",
        "Payment from Example Ltd",
        "",
        "",
        "GBP",
        "5000.00",
        "GBP",
        "5000.00",
        "0.00",
        "1.00",
    ]
    reverted = [
        "2026-06-02",
        "",
        "6f-r",
        "CARD_PAYMENT",
        "REVERTED",
        "3M UK PLC",
        "J Smith",
        "4165**1",
        "GBP",
        "-12.00",
        "GBP",
        "-12.00",
        "0.00",
        "",
    ]
    made.append(
        text_case(
            "revolut-statement",
            [head, *body[:9], top, reverted, *body[9:]],
            of,
            not_spend=2,
            answers=(("L.sign", "-1"),),
        )
    )

    rows = table(
        "Date=d:%Y-%m-%d | Text=s | Amount=neg:comma | Currency=x:EUR | "
        "Type=x:Card purchase | Category=t | Note=x:",
        of,
    )
    rows.insert(5, ["2026-02-02", "Wallet load", "10000,00", "EUR", "Wallet load", "", ""])
    made.append(
        text_case(
            "pleo-with-loads",
            rows,
            of,
            delimiter=";",
            currency="EUR",
            base="EUR",
            not_spend=1,
            answers=(("C.sign", "-1"),),
        )
    )

    rows = table(
        "Payment date=d:%d/%m/%Y | Month=month:%m/%Y | Supplier=s | Description=t | "
        "Amount (EUR)=a:comma | VAT (EUR)=x:0 | "
        "Currency=x:USD | Local amount=fx | Type=x:Card payment | State=x:settled",
        of,
    )
    rows.insert(
        7,
        [
            "03/03/2026",
            "03/2026",
            "",
            "Load of the account",
            "-20000,00",
            "0",
            "EUR",
            -20000.0,
            "Load",
            "settled",
        ],
    )
    made.append(
        text_case("spendesk-with-load", rows, of, delimiter=";", currency="EUR", base="EUR", not_spend=1)
    )

    rows = table(
        "Transaction Time=d:%Y-%m-%dT09:30:00Z | Merchant Name=s | Amount=x: | Currency=x:USD | "
        "Original Transaction Amount=fx | Original Transaction Currency=pick:EUR/GBP | "
        "Memo=t | Accounting Category=t",
        of,
    )
    for row, x in zip(rows[1:], of, strict=True):
        row[2] = f"{'-' if x.cents < 0 else ''}${amount_text(abs(x.cents), 'en')}"
        row[6] = "for Q3\nsee ticket, line 2"
    made.append(text_case("ramp-transactions", rows, of, currency="USD", base="USD"))

    rows = table(
        "Initiated=d:%m/%d/%Y | Posted=d:%m/%d/%Y | To/From=s | Type=x:Card expense | "
        "Amount=neg:en | Memo=t | Status=x:Settled",
        of,
    )
    rows.insert(
        8,
        [
            "04/01/2026",
            "04/01/2026",
            "Brex card",
            "Card collection",
            "12,345.67",
            "Statement payment",
            "Settled",
        ],
    )
    made.append(
        text_case(
            "brex-collections", rows, of, currency="USD", base="USD", not_spend=1, answers=(("E.sign", "-1"),)
        )
    )

    rows = table("Date=d:%d %b %y | Details=s | Amount=x:", of)
    for row, x in zip(rows[1:], of, strict=True):
        row[2] = amount_text(abs(x.cents), "en") + ("CR" if x.cents < 0 else "")
    rows.insert(6, ["14 Feb 26", "PAYMENT RECEIVED THANK YOU", "4,000.00CR"])
    made.append(text_case("cr-on-credits-alone", rows, of, not_spend=1))

    rows = table(
        "Abrechnungsdatum=x:31.12.2026 | Kaufdatum=d:%d.%m.%Y | Leistungserbringer=s | "
        "VK-Betrag=fx | VK-Währung=x:USD | "
        "Abrechnungsbetrag=abs:de | Abrechnungswährung=x:EUR | S/H=side:S,H",
        of,
    )
    rows = [
        [amount_text(round(v * 100), "de") if i == 3 and isinstance(v, float) else v for i, v in enumerate(r)]
        for r in rows
    ]
    made.append(
        text_case("airplus-german", rows, of, delimiter=";", encoding="cp1252", currency="EUR", base="EUR")
    )

    rows = table(
        "Posted Date=due | Purchase Date=d | TXN No.=doc | Cardholder=x:Lee | Vendor=s | Purchase Amount=a | "
        "Allocated Amount=a | Tax=x: | Status=x:Closed",
        of,
    )
    for row in rows[1:]:
        row[7] = 0
    made.append(sheet_case("works-allocated", rows, of, currency="USD", base="USD"))

    rows = table(
        "id=r | created=d:%Y-%m-%d | merchant=s | amount_cents=x: | currency=x:usd | status=x:captured", of
    )
    for row, x in zip(rows[1:], of, strict=True):
        row[3] = x.cents
    made.append(text_case("amount-cents", rows, of, currency="USD", base="USD"))

    rows = [["Account: 12345678"], [], ["Date", "Narrative", "Money out", "Money in", "Balance"]]
    balance = 4_000_000
    for x in of:
        balance -= x.cents
        rows.append(
            [
                f"{x.day:%d/%m/%Y}",
                x.supplier,
                cell(x, "dr:pound"),
                cell(x, "cr:pound"),
                amount_text(balance, "pound"),
            ]
        )
    made.append(sheet_case("bank-out-and-in", rows, of))

    rows = table("Transaction date=d | Merchant=s | Net=a | VAT=vat | Gross=gross | Card=x:**1", of)
    rows.insert(4, [dt.datetime(2026, 2, 3), "Card payment - Thank you", -5000.0, 0, -5000.0, None])  # noqa: DTZ001
    made.append(sheet_case("payment-with-net-and-gross", rows, of, not_spend=1))

    rows = [["Card ending 1234", None, "J Smith"], ["Date", "Merchant", "GBP"]]
    first, second = of[:14], of[14:]
    rows += [[cell(x, "d"), x.supplier, x.cents / 100] for x in first]
    rows += [["Total for card ending 1234", None, sum(x.cents for x in first) / 100], []]
    rows += [["Card ending 9876", None, "K Jones"], ["Date", "Merchant", "GBP"]]
    rows += [[cell(x, "d"), x.supplier, x.cents / 100] for x in second]
    rows += [["Total for card ending 9876", None, sum(x.cents for x in second) / 100]]
    rows += [["Statement total", None, sum(x.cents for x in of) / 100]]
    made.append(sheet_case("cards-one-below-the-other", rows, of))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return issued()
