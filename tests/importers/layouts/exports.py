"""Exports of finance programs, card issuers and public bodies: decoy sums, own groupings, own signs."""

import datetime as dt
from pathlib import Path

from tests.importers.layouts.cases import grouped_by, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, cell, lines, table, text


def _file(name: str, rows: Rows, truth: list[Line], *, end: str = "csv", **extra: object) -> Case:
    options = {key: extra.pop(key) for key in ("delimiter", "encoding") if key in extra}
    return Case(
        name=name,
        write=lambda folder: text(folder / f"{name}.{end}", rows, **options),  # type: ignore[arg-type]
        truth=truth,
        **extra,  # type: ignore[arg-type]
    )


def public() -> list[Case]:
    """What public bodies publish."""
    of = lines(3001, 26)
    made = []
    spec = (
        "contract_transaction_unique_key=r | award_id_piid=po | modification_number=n | "
        "federal_action_obligation=a:plain | total_dollars_obligated=x:98765.00 | "
        "base_and_all_options_value=x:1234567.00 | action_date=d:%Y-%m-%d | action_date_fiscal_year=x:2026 | "
        "period_of_performance_start_date=x:2025-10-01 | awarding_agency_name=x:Department of Commerce | "
        "recipient_name=s | recipient_city_name=x:RESTON | transaction_description=t"
    )
    made.append(_file("usaspending-transactions", table(spec, of), of, currency="USD", base="USD"))
    spec = (
        "Agency=x:DOT | Vendor=s | Object of Expenditure=t | Check Date=d:%m/%d/%Y | Check No=doc | Amount=x:"
    )
    rows = table(spec, of)
    for row, line in zip(rows[1:], of, strict=True):
        plain = amount_text(abs(line.cents), "en")
        row[-1] = f"$({plain})" if line.cents < 0 else f"${plain}"
    made.append(_file("us-dollar-before-parenthesis", rows, of, currency="USD", base="USD"))
    rows = [["Payments over £500"], ["Financial year 2026/27, Period 9"], [], ["", "", "", "£", ""]]
    body = table("Date Paid=d | Supplier Name=s | Service=t | Net Value=a | Doc Ref=doc", of)
    rows = [*rows[:3], body[0], rows[3], *body[1:], [None, None, None, units(of), None]]
    made.append(sheet_case("uk-units-below-heading", rows, of))
    spec = "Payment Date=d:%d/%m/%Y | Merchant=s | Amount=x: | Currency=x:GBP | VAT Reclaimable=x:No"
    rows = table(spec, of)
    for row, line in zip(rows[1:], of, strict=True):
        row[2] = f"\u00a3\u00a0{amount_text(abs(line.cents), 'en')}{' CR' if line.cents < 0 else ''}"
    made.append(_file("uk-card-pound-space-cr", rows, of, encoding="utf-8"))
    spec = (
        "Faculty=pick:Arts/Science | Supplier=s | Invoice Date=d | Ledger Period=period:{first}{number:02} | "
    )
    spec += "Goods=a | VAT=vat | Total=gross | Paid?=x:Y"
    made.append(sheet_case("university-goods-vat-total", table(spec, of), of))
    return made


def programs() -> list[Case]:
    """What ledgers and accounting programs print."""
    of = lines(3002, 28)
    made = []
    head = [None, "Date", "Transaction Type", "Num", "Posting", "Memo/Description", "Account", "Amount"]
    rows: Rows = [["Example Inc."], ["Transaction List by Vendor"], ["January - December 2026"], [], head]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name])
        rows += [
            [
                *(None, f"{x.day:%m/%d/%Y}", "Bill" if x.cents > 0 else "Vendor Credit", x.reference),
                *("Yes", x.text, "Accounts Payable", x.cents / 100),
            ]
            for x in group
        ]
        rows.append([f"Total for {name}", *[None] * 6, units(group)])
    made.append(sheet_case("quickbooks-list-by-vendor", rows, of, currency="USD", base="USD"))
    sums = [
        Line(number=n, day=dt.date(2026, 1, 1), supplier=name, text="", cents=sum(x.cents for x in group))
        for n, (name, group) in enumerate(grouped_by(of, lambda line: line.supplier).items(), 1)
    ]
    rows = [
        ["Example Inc."],
        ["Expenses by Vendor Summary"],
        ["January - December 2026"],
        [],
        [None, "Total"],
    ]
    rows += [[x.supplier, x.cents / 100] for x in sums]
    rows += [["TOTAL", units(sums)], [], ["Accrual Basis  Friday, January 15, 2027 09:12 AM GMT+00:00"]]
    made.append(sheet_case("quickbooks-vendor-summary", rows, sums, dated=None, currency="USD", base="USD"))
    rows = [
        ["General Ledger Detail"],
        ["Example Ltd"],
        ["For the period 1 January 2026 to 31 December 2026"],
        [],
    ]
    rows += [["Date", "Source", "Description", "Reference", "Debit", "Credit", "Running Balance"]]
    for name, group in grouped_by(
        of, lambda line: f"4{line.number % 3}0 - Marketing {line.number % 3}"
    ).items():
        rows += [[name], ["Opening Balance", None, None, None, 100.0, None, 100.0]]
        running = 100.0
        for x in group:
            running += x.cents / 100
            rows.append(
                [cell(x, "d"), "Payable Invoice", x.supplier, x.reference, cell(x, "dr"), cell(x, "cr")]
            )
            rows[-1].append(running)
        debit, credit = (
            sum(abs(x.cents) for x in group if (x.cents > 0) is side) / 100 for side in (True, False)
        )
        rows.append([f"Total {name}", None, None, None, debit, credit, None])
        rows.append(["Net movement", None, None, None, units(group), None, None])
        rows.append(["Closing Balance", None, None, None, running, None, running])
    made.append(sheet_case("xero-ledger-detail", rows, of, named=False))
    spec = "Invoice Number=r | Contact=s | Invoice Date=d | Due Date=due | Invoice Total=a | Paid=x:0.00 | "
    spec += "Credited=x:0.00 | Due=a | Status=x:Awaiting payment"
    rows = [["Payable Invoice Summary"], ["Example Ltd"], ["For the year ended 31 December 2026"], []]
    rows += [*table(spec, of), ["Total", None, None, None, units(of), None, None, units(of), None]]
    made.append(sheet_case("xero-invoice-summary", rows, of))
    spec = "Posted dt.=d:%m/%d/%Y | Doc dt.=d:%m/%d/%Y | Doc=doc | Memo/Description=t | Department=cc | Vendor=s | "
    spec += "JNL=x:APJ | Debit=dr:en | Credit=cr:en | Balance=x:"
    rows = table(spec, of)
    balance = 0
    for row, line in zip(rows[1:], of, strict=True):
        balance += line.cents
        row[-1] = amount_text(balance, "en")
    rows = [["Example Inc"], ["General Ledger report"], [], rows[0], *rows[1:]]
    rows.append([None] * 7 + [amount_text(sum(x.cents for x in of if x.cents > 0), "en")])
    rows[-1] += [amount_text(-sum(x.cents for x in of if x.cents < 0), "en"), amount_text(balance, "en")]
    made.append(sheet_case("intacct-ledger", rows, of, currency="USD", base="USD"))
    spec = "Company Code=x:1000 | Supplier=doc | Supplier Name=s | Journal Entry=doc | Posting Date=d | "
    spec += (
        "Net Due Date=due | Amount (CC Crcy)=neg | Company Code Currency=x:GBP | Clearing Journal Entry=x:"
    )
    answers = (("G.sign", "-1"),)
    made.append(sheet_case("s4-supplier-items", table(spec, of), of, answers=answers))
    rows = [["-" * 70], ["|  Pstng Date|Vendor name|  DocumentNo|Text|  Amount in LC|Curr.|"], ["-" * 70]]
    rows += [
        [
            f"|  {x.day:%d.%m.%Y}|{x.supplier}|{5_100_000 + x.number}|{x.text}|{amount_text(x.cents, 'de'):>16}|GBP|"
        ]
        for x in of
    ]
    rows += [
        ["-" * 70],
        [f"|*           |||| {amount_text(sum(x.cents for x in of), 'de')}|GBP|"],
        ["-" * 70],
    ]

    def unconverted(folder: Path) -> Path:
        path = folder / "sap-unconverted.txt"
        path.write_text("\n".join(row[0] for row in rows), encoding="utf-8")
        return path

    made.append(Case(name="sap-unconverted", write=unconverted, truth=of))
    spec = "Umsatz (ohne Soll/Haben-Kz)=abs:comma | Soll/Haben-Kennzeichen=side:S,H | WKZ Umsatz=x:EUR | Kurs=x: | "
    spec += "Konto=gl | Gegenkonto (ohne BU-Schlüssel)=doc | BU-Schlüssel=x:9 | Belegdatum=d:%d%m | Belegfeld 1=r | "
    spec += "Buchungstext=s"
    stamp = [
        "EXTF",
        "700",
        "21",
        "Buchungsstapel",
        "13",
        "20270104120000",
        "",
        "RE",
        "",
        "",
        "29098",
        "55003",
    ]
    stamp += ["20260101", "4", "20260101", "20261231", "Rechnungen 2026", "", "1", "0", "0", "EUR"]
    made.append(
        _file(
            "datev-extf",
            [stamp, *table(spec, of)],
            of,
            delimiter=";",
            encoding="cp1252",
            currency="EUR",
            base="EUR",
            named=False,
        )
    )
    spec = "Internal ID=doc | Type=x:Bill | Date=d:%d/%m/%Y | Document Number=r | Name=s | Memo=t | "
    spec += "Amount (Foreign Currency)=fx | Currency=x:Euro | Exchange Rate=x:0.85 | Amount=a"
    made.append(sheet_case("netsuite-foreign", table(spec, of), of))
    return made


def programs_more() -> list[Case]:
    """Registers, bills with credits of their own type, worktags."""
    of = lines(3003, 28)
    made = []
    rows: Rows = [
        ["Payables Invoice Register"],
        ["Report Date 04-JAN-2027", None, None, None, "Page 1 of 9"],
        [],
    ]
    head = ["Invoice Date", "Invoice Number", "Description", "Entered Amount", "Amount Remaining"]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows += [["Supplier Name:", name], ["Site:", "MAIN"], head]
        rows += [[f"{x.day:%d-%b-%Y}".upper(), x.reference, x.text, x.cents / 100, 0] for x in group]
        rows.append([None, None, "Total for Supplier", units(group), 0])
    rows.append([None, None, "Report Total", units(of), 0])
    made.append(sheet_case("oracle-register", rows, of))
    spec = "Supplier=s | Supplier Invoice=r | Invoice Date=d:%m/%d/%Y | Extended Amount=a | Currency=x:GBP | "
    spec += "Spend Category=t | Worktags=x:Cost Center: 4410 Brand\nLocation: London"
    made.append(sheet_case("workday-worktags", table(spec, of), of))
    rows = table("Type=pick:Bill/Bill | No.=r | Vendor=s | Date=d:%d %b %Y | Category=t | Total=abs", of)
    for row, line in zip(rows[1:], of, strict=True):
        row[0] = "Bill" if line.cents > 0 else "Bill Credit"
    made.append(sheet_case("bill-credit-type", rows, of, answers=(("A.credits", "subtract"),)))
    spec = "Trans Date=d:%d/%m/%y | Trans Type=side:PI,PC | A/C=doc | Supplier=s | Inv Ref=r | Details=t | "
    spec += "Net=abs | Tax=x:0.00 | T/C=x:T9"
    made.append(_file("sage-pi-pc", table(spec, of), of, answers=(("B.credits", "subtract"),)))
    spec = (
        "Buchungsdatum=d:%d.%m.%Y | Kreditor=s | Belegnummer=doc | Text=t | Betrag=a:de | S/H=x: | Whg=x:EUR"
    )
    rows = table(spec, of)
    for row, line in zip(rows[1:], of, strict=True):
        row[4], row[5] = amount_text(abs(line.cents), "de"), "H" if line.cents < 0 else "S"
    rows.append([None, None, None, "Saldo", amount_text(sum(x.cents for x in of), "de"), "S", "EUR"])
    made.append(sheet_case("german-saldo-sh", rows, of, currency="EUR", base="EUR"))
    spec = "Date opération=d:%d/%m/%Y | Date valeur=d:%d/%m/%Y | Libellé=s | Débit euros=dr:comma | "
    spec += "Crédit euros=cr:comma"
    rows = [
        ["Compte n° 30004 01234", "", "", "", ""],
        ["Solde au 31/12/2026 : 12 345,67 EUR", "", "", "", ""],
    ]
    rows += table(spec, of)
    made.append(_file("french-bank", rows, of, delimiter=";", encoding="cp1252", currency="EUR", base="EUR"))
    rows = [["Spend by vendor", None, None], [None, "FY26 Actual", "FY26 Budget"], ["Vendor", "USD", "USD"]]
    sums = [
        Line(number=n, day=dt.date(2026, 1, 1), supplier=name, text="", cents=sum(x.cents for x in group))
        for n, (name, group) in enumerate(grouped_by(of, lambda line: line.supplier).items(), 1)
    ]
    rows += [[x.supplier, x.cents / 100, x.cents / 100 + 50] for x in sums]
    rows.append(["Total", units(sums), units(sums) + 50 * len(sums)])
    made.append(sheet_case("actual-beside-budget", rows, sums, dated=None, currency="USD"))
    return made


def cards() -> list[Case]:
    """Card statements and expense claims."""
    of = lines(3004, 26)
    made = []
    spec = "Date=d:%m/%d/%Y | Description=s | Card Member=x:J DOE | Account #=x:-61002 | Amount=a:plain | "
    spec += "Extended Details=t | Appears On Your Statement As=s | City/State=x:AUSTIN\nTX | Reference=doc | Category=t"
    rows = table(spec, of)
    thanks = "AUTOPAY PAYMENT - THANK YOU"
    paid = ["02/14/2026", thanks, "J DOE", "-61002", "-4321.00", "", thanks, "", "320260451", ""]
    rows.insert(8, paid)
    made.append(_file("amex-us-activity", rows, of, currency="USD", base="USD", not_spend=1))
    spec = (
        "Posting Date=d:%d/%m/%Y | Transaction Date=d:%d/%m/%Y | Cardholder=x:Jo Smith | Merchant Name=s | "
    )
    spec += "Original Amount=fx | Original Currency=x:EUR | Billing Amount=a | Billing Currency=x:GBP | MCC=x:7372 | "
    spec += "Debit/Credit=side:Debit,Credit"
    made.append(_file("barclaycard-billing", table(spec, of), of))
    spec = (
        "Vendor name=s | Invoice number=r | Invoice date=d:%Y-%m-%d | Due date=due | Bill amount=a:plain | "
    )
    spec += "Bill currency=x:USD | Payment amount=a:plain | Payment status=x:Paid | Memo=t"
    made.append(_file("ramp-bill-pay", table(spec, of), of, currency="USD", base="USD"))
    rows = [["Expense Accrual Report"], [], ["Employee", "Report Name", "Transaction Date", "Vendor"]]
    rows[-1] += [
        "Expense Type",
        "Transaction Amount",
        "Transaction Currency",
        "Approved Amount",
        "Reimb. Currency",
    ]
    for name, group in grouped_by(of, lambda line: ("Ann Lee", "Bo Ek", "Cy Ray")[line.number % 3]).items():
        for place, x in enumerate(group):
            rows.append(
                [name if not place else None, "Trip" if not place else None, cell(x, "d"), x.supplier]
            )
            rows[-1] += [x.text, cell(x, "fx"), "EUR", x.cents / 100, "GBP"]
        rows.append([f"{name} Total", None, None, None, None, None, None, units(group), "GBP"])
    rows.append(["Grand Total", None, None, None, None, None, None, units(of), "GBP"])
    made.append(sheet_case("concur-accrual", rows, of))
    spec = "Timestamp=d:%Y-%m-%d %H:%M | Merchant=s | Amount=a | MCC= | Category=t | Tag=cc | Reimbursable=x:no | "
    spec += "Original Currency=x:GBP | Original Amount=a | Receipt=x:https://example.com/r"
    made.append(_file("expensify-timestamp", table(spec, of), of))
    spec = "Datum=d:%d.%m.%Y | Händler=s | Kategorie=t | Betrag Fremdwährung=fx | Währung=x:USD | Betrag (CHF)=a:ch"
    made.append(sheet_case("swiss-card", table(spec, of), of, currency="CHF", base="CHF"))
    return made


def cases() -> list[Case]:
    """All of them."""
    return [*public(), *programs(), *programs_more(), *cards()]
