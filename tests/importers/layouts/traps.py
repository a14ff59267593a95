"""Traps: what reads well and is wrong, told apart by a second look, or asked about."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from tests.importers.layouts.cases import grouped_by, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, cell, lines, table, text

JAN = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - a sheet has no zone


def kinds() -> list[Case]:
    """Columns that say of a line whether it counts, and with which sign."""
    made: list[Case] = []
    of = lines(1101, 20, credits=4)
    head = ["Date", "Supplier", "Type", "Amount"]

    def kind(line: Line) -> str:
        return "Credit Note" if line.cents < 0 else "Invoice"

    positive: Rows = [head, *[[cell(x, "d"), x.supplier, kind(x), abs(x.cents) / 100] for x in of]]
    made.append(sheet_case("credit-notes-positive", positive, of, answers=(("C.credits", "subtract"),)))
    signed: Rows = [head, *[[cell(x, "d"), x.supplier, kind(x), x.cents / 100] for x in of]]
    made.append(sheet_case("credit-notes-negative", signed, of))
    rows: Rows = [["Date", "Supplier", "D/C", "Amount"]]
    rows += [[cell(x, "d"), x.supplier, "C" if x.cents < 0 else "D", x.cents / 100] for x in of]
    made.append(sheet_case("side-and-sign", rows, of))
    rows = [["Date", "Supplier", "Debit or credit", "Amount"]]
    rows += [[cell(x, "d"), x.supplier, "Credit" if x.cents < 0 else "Debit", abs(x.cents) / 100] for x in of]
    made.append(sheet_case("side-in-words", rows, of))
    paid = lines(1102, 20, credits=0)
    rows = [["Date", "Merchant", "Status", "Amount"]]
    rows += [[cell(x, "d"), x.supplier, "Completed", x.cents / 100] for x in paid]
    rows.insert(5, [JAN, "Acme Software Ltd", "Declined", 500.0])
    rows.insert(9, [JAN, "3M UK PLC", "Reverted", 70.0])
    rows.insert(12, [JAN, "3M UK PLC", "Cancelled", 71.0])
    made.append(sheet_case("declined-card-lines", rows, paid, not_spend=3))
    rows = table("Date=d | Supplier=s | Details=t | Amount=a", paid)
    rows.insert(7, [JAN, "Acme Software Ltd", "Duplicate posting", 812.4])
    rows.insert(12, [JAN, "Acme Software Ltd", "Reversal of duplicate posting", -812.4])
    made.append(sheet_case("reversal-and-its-posting", rows, paid, not_spend=2))
    return made


def doubled() -> list[Case]:
    """Sums that stand among the lines, beside or below them."""
    made: list[Case] = []
    of = lines(1201, 24)
    flat = table("Date=d | Supplier=s | Department=cc | Amount=a", of)
    by_centre = grouped_by(of, lambda line: f"CC{100 + line.number % 5}")
    below: Rows = [[], ["Summary by department"], [None, None, "Department", "Amount"]]
    below += [[None, None, name, units(group)] for name, group in by_centre.items()]
    below += [[None, None, "Total", units(of)]]
    made.append(sheet_case("summary-below", [*flat, *below], of))
    made.append(sheet_case("summary-below-a-total", [*flat, [None, "Total", None, units(of)], *below], of))
    by_month = grouped_by(of, lambda line: line.month)
    rows: Rows = [["Row Labels", "Sum of Amount"]]
    for name, group in grouped_by(of, lambda line: line.supplier).items():
        rows.append([name, units(group)])
        rows += [[f"{month:%b}", units(some)] for month, some in grouped_by(group, lambda x: x.month).items()]
    rows.append(["Grand Total", units(of)])
    sums = [
        Line(number=n, day=JAN.date(), supplier=name, text="", cents=sum(x.cents for x in group))
        for n, (name, group) in enumerate(grouped_by(of, lambda line: line.supplier).items(), start=1)
    ]
    made.append(sheet_case("pivot-months-under-suppliers", rows, sums, dated=None, refused=True))
    rows = [["Date", "Supplier", "Amount", "Cumulative"]]
    running = 0
    for line in of:
        running += line.cents
        rows.append([cell(line, "d"), line.supplier, line.cents / 100, running / 100])
    made.append(sheet_case("cumulative-beside", rows, of))
    rows = [["Month", "Supplier", "Amount"]]
    for month, group in by_month.items():
        rows += [[month, x.supplier, x.cents / 100] for x in group]
        rows.append([month, "All suppliers", units(group)])
    made.append(sheet_case("all-suppliers-rows", rows, of, dated="month"))
    return made


def across() -> list[Case]:
    """Months across, with more than the actuals in them."""
    made: list[Case] = []
    names = ("Acme Software Ltd", "3M UK PLC", "HubSpot Ireland Limited")
    of = [
        Line(number=n * 12 + m, day=dt.date(2026, m, 1), supplier=name, text="", cents=10_007 * m + 1_303 * n)
        for n, name in enumerate(names)
        for m in range(1, 5)
    ]
    months = [dt.datetime(2026, m, 1) for m in range(1, 5)]  # noqa: DTZ001
    rows: Rows = [
        [None, *[value for month in months for value in (f"{month:%b-%y}", None)]],
        ["Supplier", *["Budget", "Actual"] * 4],
    ]
    for name in names:
        mine = [line for line in of if line.supplier == name]
        rows.append([name, *[value for line in mine for value in (999.0, line.cents / 100)]])
    made.append(sheet_case("budget-and-actual-by-month", rows, of, dated="month"))
    rows = [["Supplier", *[f"{kind} {month:%b %Y}" for month in months for kind in ("Actual", "Plan")]]]
    for name in names:
        mine = [line for line in of if line.supplier == name]
        rows.append([name, *[value for line in mine for value in (line.cents / 100, 999.0)]])
    made.append(sheet_case("actual-and-plan-in-one-heading", rows, of, dated="month"))
    rows = [["Month", *names], *[[month] for month in months]]
    for index, month in enumerate(months):
        rows[index + 1] = [
            month,
            *[x.cents / 100 for name in names for x in of if x.supplier == name and x.month == month.date()],
        ]
    asked = (("suppliers_across", "yes"),)
    made.append(sheet_case("months-down-suppliers-across", rows, of, dated="month", answers=asked))
    return made


def split() -> list[Case]:
    """Text whose amounts were written without the quotes they need."""
    of = lines(1301, 16, credits=0)
    rows = ["Date,Supplier,Amount"]
    rows += [f"{x.day:%d/%m/%Y},{x.supplier.replace(',', '')},{amount_text(x.cents, 'en')}" for x in of]
    right = [line for line in of if line.cents < 100_000]

    def write(folder: Path) -> Path:
        path = folder / "unquoted.csv"
        path.write_text("\n".join(rows), "utf-8")
        return path

    made = [Case(name="unquoted-thousands", write=write, truth=right)]
    two = lines(1302, 12)

    def currencies(folder: Path) -> Path:
        content = table("Date=d:%d/%m/%Y | Supplier=s | Currency=x:GBP | Amount=a:en", two)
        content.append(["", "Total GBP", "GBP", amount_text(sum(x.cents for x in two), "en")])
        content.append(["12/12/2026", "Euro Ltd", "EUR", "10.00"])
        content.append(["", "Total EUR", "EUR", "10.00"])
        return text(folder / "a.csv", content)

    euro = (dt.date(2026, 12, 12), "Euro Ltd", Decimal("10.00"), "EUR")
    made.append(Case(name="total-per-currency", write=currencies, truth=two, others=(euro,)))
    return made


def cases() -> list[Case]:
    """Every trap."""
    return [*kinds(), *doubled(), *across(), *split()]
