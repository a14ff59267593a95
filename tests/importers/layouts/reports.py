"""Reports: lines under headings of supplier, month or account, between totals, on printed pages."""

import datetime as dt

from tests.importers.layouts.cases import grouped_by, row_of, sheet_case, units
from tests.importers.layouts.lines import Case, Rows, lines, table


def grouped() -> list[Case]:
    """Suppliers, months, accounts and cost centres as headings over their lines."""
    made: list[Case] = []
    of = lines(101, 30)
    rows: Rows = [
        ["Expenses by Vendor Detail"],
        ["All dates"],
        [],
        [None, "Date", "Type", "Num", "Memo", "Amount"],
    ]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name])
        rows += [[None, *row_of("A=d | B=x:Bill | C=r | D=t | E=a", line)] for line in group]
        rows.append([f"Total for {name}", None, None, None, None, units(group)])
    rows.append(["TOTAL", None, None, None, None, units(of)])
    made.append(sheet_case("grouped-vendor-detail", rows, of))

    rows = [["Supplier", "Invoice", "Date", "Description", "Net"]]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        for index, line in enumerate(group):
            rows.append([name if not index else None, *row_of("A=r | B=d | C=t | D=a", line)])
        rows.append([f"{name} Total", None, None, None, units(group)])
    rows.append(["Grand Total", None, None, None, units(of)])
    made.append(sheet_case("grouped-first-line", rows, of))

    rows = [["Date", "Supplier", "Description", "Amount"]]
    for month, group in grouped_by(of, lambda line: line.month).items():
        rows.append([f"{month:%B %Y}"])
        rows += [row_of("A=d | B=s | C=t | D=a", line) for line in group]
        rows.append([None, None, f"Total {month:%B %Y}", units(group)])
        rows.append([])
    rows.append([None, None, "Total for the year", units(of)])
    made.append(sheet_case("grouped-by-month", rows, of))

    rows = [["General ledger detail"], [], ["Date", "Journal", "Payee", "Memo", "Debit", "Credit", "Balance"]]
    running = 0.0
    for account, group in grouped_by(of, lambda line: 4400 + line.number % 3).items():
        rows.append([f"Account: {account} Marketing software"])
        rows.append(["Opening balance", None, None, None, None, None, 0])
        running = 0.0
        for line in group:
            running += line.cents / 100
            rows.append([*row_of("A=d | B=doc | C=s | D=t | E=dr | F=cr", line), round(running, 2)])
        debit = sum(line.cents for line in group if line.cents > 0) / 100
        credit = -sum(line.cents for line in group if line.cents < 0) / 100
        rows.append(
            [f"Total {account} Marketing software", None, None, None, debit, credit, round(running, 2)]
        )
        rows.append([])
    made.append(sheet_case("ledger-by-account", rows, of))

    rows = [["Kreditor", "Beleg", "Datum", "Text", "Betrag EUR"]]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([f"Kreditor: {name}"])
        rows += [[None, *row_of("A=doc | B=d | C=t | D=a:de", line)] for line in group]
        rows.append([None, None, None, "Zwischensumme", units(group)])
    rows.append([None, None, None, "Gesamtsumme", units(of)])
    made.append(sheet_case("grouped-german", rows, of, currency="EUR"))

    rows = [["Cost centre", "Date", "Supplier", "Description", "Amount"]]
    for centre, group in grouped_by(of, lambda line: f"CC{line.number % 3} Brand").items():
        for index, line in enumerate(group):
            rows.append([centre if not index else None, *row_of("A=d | B=s | C=t | D=a", line)])
        rows.append([f"{centre} total", None, None, None, units(group)])
    rows.append(["Report total", None, None, None, units(of)])
    made.append(sheet_case("grouped-by-centre", rows, of))

    rows = [["Supplier", "Date", "Reference", "Amount"]]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name, None, None, units(group)])
        if len(group) > 1:
            rows += [[None, *row_of("A=d | B=r | C=a", line)] for line in group]
    several = [line for name, group in grouped_by(of, lambda line: line.supplier).items() for line in group]
    multi = grouped_by(of, lambda line: line.supplier)
    if all(len(group) > 1 for group in multi.values()):
        made.append(sheet_case("outline-sums-above", rows, several))

    rows = [["Vendor", "Date", "Invoice", "Amount"]]
    for group in grouped_by(of, lambda line: line.supplier).values():
        rows += [row_of("A=s | B=d | C=r | D=a", line) for line in group]
        rows.append([None, None, None, units(group)])
    rows.append([None, None, None, units(of)])
    made.append(sheet_case("unlabelled-subtotals", rows, of))

    rows = [["Name", "Doc", "Posting date", "Amount in LC"]]
    for group in grouped_by(of, lambda line: line.supplier).values():
        rows += [row_of("A=s | B=doc | C=d | D=a", line) for line in group]
        rows.append(["*", None, None, units(group)])
    rows.append(["**", None, None, units(of)])
    made.append(sheet_case("sap-star-totals", rows, of))
    return made


def paged() -> list[Case]:
    """Reports printed in pages, statements with balances, parameters above, signatures below."""
    made: list[Case] = []
    of = lines(202, 40)
    head = ["Date", "Voucher", "Supplier", "Details", "Amount"]
    spec = "A=d:%d/%m/%Y | B=doc | C=s | D=t | E=a"
    rows: Rows = []
    carried = 0.0
    for page in range(4):
        group = of[page * 10 : page * 10 + 10]
        rows += [["MID-SHIRE LTD", None, None, None, f"Page {page + 1} of 4"], ["Purchase day book"], head]
        if page:
            rows.append([None, None, None, "Brought forward", round(carried, 2)])
        rows += [row_of(spec, line) for line in group]
        carried += units(group)
        rows.append([None, None, None, "Carried forward", round(carried, 2)])
        rows.append([])
    rows.append([None, None, None, "Report total", units(of)])
    made.append(sheet_case("pages-carried-forward", rows, of))

    rows = []
    for page in range(4):
        group = of[page * 10 : page * 10 + 10]
        rows += [
            head,
            *[row_of(spec, line) for line in group],
            [None, None, None, "Page total", units(group)],
            [],
        ]
    made.append(sheet_case("pages-page-total", rows, of))

    rows = [["Account activity"], [], ["Date", "Description", "Debit", "Credit", "Balance"]]
    rows.append([None, "Opening balance", None, None, 1000.0])
    balance = 1000.0
    for line in of:
        balance += line.cents / 100
        rows.append([*row_of("A=d | B=s | C=dr | D=cr", line), round(balance, 2)])
    rows.append([None, "Closing balance", None, None, round(balance, 2)])
    made.append(sheet_case("statement-running-balance", rows, of))

    rows = [
        ["Company:", "Mid-Shire Ltd", None, "Printed:", dt.datetime(2026, 12, 31, 10, 5)],  # noqa: DTZ001
        ["Date range:", "01/01/2026 - 31/12/2026", None, "User:", "KJ"],
        ["Currency:", "EUR"],
        ["Amount from:", 0, "Amount to:", 999999999],
        [],
        ["Invoice date", "Vendor", "Invoice no.", "Comment", "Amount"],
        *[row_of("A=d | B=s | C=r | D=t | E=a", line) for line in of],
        ["Number of invoices:", len(of)],
        ["*** END OF REPORT ***"],
    ]
    made.append(sheet_case("parameters-above", rows, of, currency="EUR"))

    rows = [["Supplier", "Invoice", "Date", "Current", "30 days", "60 days", "90+ days", "Total"]]
    for line in of:
        bucket = line.number % 4
        ages = [line.cents / 100 if bucket == place else None for place in range(4)]
        rows.append([*row_of("A=s | B=r | C=d", line), *ages, line.cents / 100])
    rows.append(
        ["Total", None, None, *[units([x for x in of if x.number % 4 == p]) for p in range(4)], units(of)]
    )
    made.append(sheet_case("aged-payables", rows, of))

    rows = [
        ["Total paid", None, None, units(of)],
        [],
        ["Pay date", "Payee", "Reference", "Amount"],
        *[row_of("A=d | B=s | C=r | D=a", line) for line in of],
    ]
    made.append(sheet_case("total-above-the-header", rows, of))

    rows = [
        ["Pay date", "Payee", "Reference", "Amount"],
        ["Total", None, None, units(of)],
        *[row_of("A=d | B=s | C=r | D=a", line) for line in of],
    ]
    made.append(sheet_case("total-first", rows, of))

    rows = [["Date", "Supplier", "Description", "Amount"]]
    for line in of:
        rows.append(row_of("A=d | B=s | C=t | D=a", line))
        if not line.number % 3:
            rows.append([None, None, "continued: see the attached schedule for details", None])
    rows.append(["Prepared by: K Jones"])
    rows.append(["Approved by:", None, None, None])
    made.append(sheet_case("continued-descriptions", rows, of))

    rows = [["Datum", "Lieferant", "Beleg", "Betrag"]]
    for line in of:
        rows.append(row_of("A=d:%d.%m.%Y | B=s | C=r | D=a:de", line))
        rows.append([])
    made.append(sheet_case("blank-rows-between", rows, of, currency="EUR", base="EUR"))
    return made


TOTAL_WORDS = (
    "Total | TOTAL: | Grand total | Sum | Summe | Gesamt | Gesamtsumme: | Total général | Somme | "
    "Montant total | Suma | Total general | Totale | Totale complessivo | Totaal | "
    "Eindtotaal | Soma | Total geral | Razem | Suma końcowa | "
    "Celkem | Totalt | I alt | Sum total | Yhteensä | Összesen | Toplam | Итого | Σύνολο | 合計 | "
    "总计 | Overall total | Total amount | Total (GBP) | Total £ | Report Total | Net total | "
    "Total expenditure | Total 24 invoices"
).split(" | ")


def totalled() -> list[Case]:
    """A total in many words and languages, once right and once off by a little."""
    made: list[Case] = []
    for place, word in enumerate(TOTAL_WORDS):
        of = lines(300 + place, 12)
        rows = table("Date=d | Supplier=s | Ref=r | Amount=a", of)
        made.append(sheet_case(f"total-word-{place}", [*rows, [None, word, None, units(of)]], of))
        made.append(sheet_case(f"total-left-{place}", [*rows, [], [word, None, None, units(of)]], of))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*grouped(), *paged(), *totalled()]
