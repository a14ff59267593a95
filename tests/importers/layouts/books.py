"""Books: a sheet per month, summaries, statements of cards, files that cannot decide, odd text files."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.importers.layouts.cases import grouped_by, sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, cell, lines, table, text


def sheeted() -> list[Case]:
    """A sheet per month, summaries, look-ups, pivots, one sheet per unit."""
    made: list[Case] = []
    of = lines(707, 60)
    spec = "Date=d | Supplier=s | Description=t | Amount=a"
    months = grouped_by(of, lambda line: line.month)
    monthly = {
        f"{month:%b %y}": [
            [f"Spend {month:%B %Y}"],
            [],
            *table(spec, group),
            [None, "Total", None, units(group)],
        ]
        for month, group in months.items()
    }
    summary: Rows = [
        ["Month", "Amount"],
        *[[f"{month:%b %y}", units(group)] for month, group in months.items()],
    ]
    summary.append(["Total", units(of)])
    made.append(sheet_case("sheet-per-month", [], of, sheets=monthly))
    made.append(sheet_case("sheet-per-month-summary", [], of, sheets={"Summary": summary, **monthly}))
    notes: Rows = [["Read me"], ["Extracted by finance."], ["Contact", "finance@example.org"]]
    lookup: Rows = [["Code", "Name", "Rate"], *[[4400 + n, f"Account {n}", n / 10] for n in range(12)]]
    by_supplier = grouped_by(of, lambda line: line.supplier)
    pivot: Rows = [
        ["Row Labels", "Sum of Amount"],
        *[[name, units(group)] for name, group in by_supplier.items()],
    ]
    pivot.append(["Grand Total", units(of)])
    made.append(
        sheet_case(
            "pivot-lookup-notes",
            [],
            of,
            sheets={"Notes": notes, "Pivot": pivot, "Data": table(spec, of), "Accounts": lookup},
        )
    )
    half = len(of) // 2
    made.append(
        sheet_case(
            "sheet-per-unit", [], of, sheets={"UK": table(spec, of[:half]), "Ireland": table(spec, of[half:])}
        )
    )
    extract: Rows = table(spec, of[:10])
    made.append(
        sheet_case("top-ten-beside", [], of, sheets={"Top 10": extract, "All payments": table(spec, of)})
    )

    def hide(book_: openpyxl.Workbook) -> None:
        book_["Old"].sheet_state = "hidden"

    made.append(
        sheet_case(
            "hidden-old", [], of, sheets={"Old": table(spec, of[:9]), "Now": table(spec, of)}, finish=hide
        )
    )
    quarter: Rows = [
        ["Category", "Q1", "Q2", "Q3", "Q4"],
        *[[f"Cat {n}", 1.5, 2.5, 3.5, 4.5] for n in range(4)],
    ]
    made.append(sheet_case("chart-data-sheet", [], of, sheets={"Chart": quarter, "Lines": table(spec, of)}))
    return made


def statements() -> list[Case]:
    """Cards and banks: payments to the card, charges as negative, refunds, transfers."""
    made: list[Case] = []
    of = lines(808, 20)
    pays = [
        "PAYMENT RECEIVED - THANK YOU",
        "DIRECT DEBIT PAYMENT - THANK YOU",
        "AUTOPAY PAYMENT",
        "ONLINE PAYMENT, THANK YOU",
        "Zahlung erhalten - Vielen Dank",
        "PRÉLÈVEMENT AUTOMATIQUE - MERCI",
        "ONLINE TRANSFER TO SAVINGS",
    ]
    for place, words in enumerate(pays):
        rows = table("Date=d | Description=s | Amount=a", of)
        rows.insert(8, [dt.datetime(2026, 6, 1), words, -4321.0])  # noqa: DTZ001
        made.append(sheet_case(f"card-payment-{place}", rows, of, not_spend=1))
    rows = table("Transaction date=d | Merchant=s | Amount=neg", of)
    made.append(sheet_case("charges-negative", rows, of, answers=(("C.sign", "-1"),)))
    rows = table("Date=d | Payee=s | Type=x:Bill | Amount=a", of)
    for number, word in ((5, "Bill Payment (Check)"), (9, "Payment")):
        rows.insert(number, [dt.datetime(2026, 5, 1), "Acme Software Ltd", word, -100.0])  # noqa: DTZ001
    made.append(sheet_case("vendor-ledger-with-payments", rows, of, not_spend=2))
    return made


def undecidable() -> list[Case]:
    """Files that cannot say by themselves; each must ask, and read right with the answer."""
    made: list[Case] = []
    low = [
        Line(
            number=n,
            day=dt.date(2026, n % 12 + 1, (n * 3) % 12 + 1),
            supplier=f"Shop {n}",
            text="",
            cents=n * 1111,
        )
        for n in range(1, 20)
    ]
    low = [line for line in low if line.day.day != line.day.month]
    rows = table("Date=d:%d/%m/%Y | Supplier=s | Amount=a", low)
    made.append(sheet_case("day-or-month", rows, low, answers=(("A.date_order", "dmy"),)))
    rows = table("Date=d:%m/%d/%Y | Supplier=s | Amount=a", low)
    made.append(sheet_case("month-or-day", rows, low, answers=(("A.date_order", "mdy"),)))
    thousands = [
        Line(
            number=n,
            day=dt.date(2026, n % 12 + 1, 20),
            supplier=f"Shop {n}",
            text="",
            cents=(1000 + n * 37) * 100,
        )
        for n in range(1, 9)
    ]
    rows = [["Date", "Supplier", "Amount"]]
    rows += [
        [cell(line, "d"), line.supplier, f"{line.cents // 100:,}".replace(",", ".")] for line in thousands
    ]
    made.append(sheet_case("thousands-or-decimals", rows, thousands, answers=(("C.decimal_mark", ","),)))
    return made


def texts() -> list[Case]:
    """Delimited text in the odd ways programs write it."""
    of = lines(909, 22)
    spec = "Date=d:%d/%m/%Y | Supplier=s | Details=t | Amount=a:en"
    rows = table(spec, of)
    made: list[Case] = []

    def add(name: str, content: Rows, truth: Sequence[Line] = of, **options: Any) -> None:
        case = {key: options.pop(key) for key in ("currency", "base", "dated", "answers") if key in options}

        def write(folder: Path) -> Path:
            return text(folder / f"{name}.csv", content, **options)

        made.append(Case(name=name, write=write, truth=truth, **case))

    add("csv-total-row", [*rows, ["Total", "", "", f"{units(of):,.2f}"]])
    add(
        "csv-preamble", [["Report: payments, suppliers, and more"], ["Run; by; KJ"], [], *rows], delimiter=";"
    )
    add("csv-sep", [["sep=;"], *rows], delimiter=";")
    add("csv-utf16", rows, delimiter="\t", encoding="utf-16")
    add("csv-cp1252", rows, encoding="cp1252")
    add("csv-unix", rows, end="\n", encoding="utf-8")
    add(
        "csv-quoted-newlines",
        [rows[0], *[[row[0], row[1], f"line one\nline two, {row[2]}", row[3]] for row in rows[1:]]],
    )
    add("csv-form-feed", [*rows[:12], ["\x0c"], rows[0], *rows[12:]])
    add("csv-ragged", [[*row, *[""] * (index % 3)] for index, row in enumerate(rows)])
    add(
        "csv-comma-decimals",
        table("Date=d:%d.%m.%Y | Lieferant=s | Text=t | Betrag=a:de", of),
        currency="EUR",
        base="EUR",
    )
    add("csv-padded", [[f" {value} " for value in row] for row in rows])
    add(
        "csv-rule-lines",
        [rows[0], ["-" * 10] * 4, *rows[1:], ["=" * 10] * 4, ["", "Total", "", f"{units(of):,.2f}"]],
    )
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*sheeted(), *statements(), *undecidable(), *texts()]
