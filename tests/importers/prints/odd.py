"""Rarer shapes: blocks without a gap or by company, quarters over years, address blocks above, other groupings."""

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl

from tests.importers.layouts.lines import SUPPLIERS
from tests.importers.prints.drawn import (
    Line,
    Printed,
    Row,
    Rows,
    Tongue,
    by,
    draw_lines,
    number,
    save_book,
    save_text,
    total,
)


def companies_abreast(chance: random.Random, folder: Path) -> Printed:
    """A block per company or bank beside each other, with or without a column between, some summed."""
    tongue = Tongue(chance)
    names = chance.sample(("Example UK", "Example Ireland", "Example US", "Holding", "Lloyds", "Barclays"), 3)
    lines = draw_lines(chance, tongue, chance.randint(18, 36))
    columns = chance.choice((["date", "supplier", "amount"], ["supplier", "date", "text", "amount"]))
    gap = chance.choice((0, 1))
    summed = chance.random() < 0.5
    groups = [[line for index, line in enumerate(lines) if index % 3 == part] for part in range(3)]
    blocks: list[Rows] = []
    for name, group in zip(names, groups, strict=True):
        block: Rows = [[name, *[None] * (len(columns) - 1)], [tongue[column] for column in columns]]
        for line in group:
            known: dict[str, Any] = {
                "date": line.day,
                "supplier": line.supplier,
                "text": line.text,
                "amount": number(line.cents),
            }
            block.append([known[column] for column in columns])
        if summed:
            sums: Row = [None] * len(columns)
            sums[columns.index("supplier")], sums[-1] = tongue["total"], number(total(group))
            block.append(sums)
        blocks.append(block)
    width = len(columns)
    rows: Rows = []
    for index in range(max(map(len, blocks))):
        row: Row = []
        for block in blocks:
            row += [*(block[index] if index < len(block) else [None] * width), *[None] * gap]
        rows.append(row)
    habits = {"family": "companies abreast", "language": tongue.name, "gap": gap, "summed": summed}
    return Printed(path=save_book(folder, {"Sheet1": rows}), lines=lines, base=tongue.currency, habits=habits)


def quarters_of_years(chance: random.Random, folder: Path) -> Printed:
    """Suppliers by quarter, the year merged over its four quarters, with the year's sum beside them."""
    tongue = Tongue(chance, chance.choice(("en", "de", "fr", "nl", "es", "fi")))
    names = chance.sample(SUPPLIERS, chance.randint(4, 7))
    yearly = chance.random() < 0.5
    head: Row = [tongue["supplier"]]
    upper: Row = [None]
    for year in (2025, 2026):
        for quarter in range(1, 5):
            head.append(f"Q{quarter} {year}")
            upper.append(None)
        if yearly:
            head.append(f"{tongue['total']} {year}")
    lines: list[Line] = []
    rows: Rows = [head]
    for name in names:
        row: Row = [name]
        for year in (2025, 2026):
            mine = [
                Line(
                    dt.date(year, q * 3 - 2, 1),
                    name,
                    "",
                    "",
                    chance.randint(9_999, 9_999_999),
                    tongue.currency,
                )
                for q in range(1, 5)
            ]
            row += [number(line.cents) for line in mine]
            if yearly:
                row.append(number(total(mine)))
            lines += mine
        rows.append(row)
    if chance.random() < 0.5:
        rows.append([tongue["total"], *[sum(row[c] for row in rows[1:]) for c in range(1, len(head))]])
    habits = {"family": "quarters of years", "language": tongue.name, "yearly": yearly}
    path = save_book(folder, {"Sheet1": rows})
    return Printed(path=path, lines=lines, base=tongue.currency, dated="month", habits=habits)


def months_under_quarters(chance: random.Random, folder: Path) -> Printed:
    """Months under merged quarters, the year in the title, a column of sums after every quarter."""
    tongue = Tongue(chance, chance.choice(("en", "de", "fr", "it", "nl", "pl", "cs", "sv")))
    names = chance.sample(SUPPLIERS, chance.randint(4, 7))
    sums = chance.random() < 0.5
    upper: Row = [None]
    head: Row = [tongue["supplier"]]
    spans: list[tuple[int, int]] = []
    for quarter in range(4):
        first = len(head)
        head += tongue.words["short"][quarter * 3 : quarter * 3 + 3]
        upper += [f"Q{quarter + 1}", None, None]
        if sums:
            head.append(tongue["total"])
            upper.append(None)
        spans.append((first, len(head) - 1))
    head.append(f"{tongue['total']} 2026")
    rows: Rows = [[f"{tongue['supplier']} 2026"], [], upper, head]
    lines: list[Line] = []
    for name in names:
        row: Row = [name]
        everything = 0
        for quarter in range(4):
            mine = [
                Line(
                    dt.date(2026, quarter * 3 + m + 1, 1),
                    name,
                    "",
                    "",
                    chance.randint(999, 9_999_999),
                    tongue.currency,
                )
                for m in range(3)
            ]
            row += [number(line.cents) for line in mine]
            everything += total(mine)
            if sums:
                row.append(number(total(mine)))
            lines += mine
        rows.append([*row, number(everything)])
    path = save_book(folder, {"Sheet1": rows})
    book = openpyxl.load_workbook(path)
    for first, last in spans:
        book["Sheet1"].merge_cells(start_row=3, end_row=3, start_column=first + 1, end_column=last + 1)
    book.save(path)
    habits = {"family": "months under quarters", "language": tongue.name, "sums": sums}
    return Printed(path=path, lines=lines, base=tongue.currency, dated="month", habits=habits)


def addressed(chance: random.Random, folder: Path) -> Printed:
    """A statement below an address block and its own particulars, in the groupings of India, Switzerland and Brazil."""
    kind = chance.choice(("lakh", "swiss", "brazil", "iso after", "iso before"))
    tongue = Tongue(chance, "de" if kind == "swiss" else "pt" if kind == "brazil" else "en")
    currency = {"lakh": "INR", "swiss": "CHF", "brazil": "BRL"}.get(kind, "GBP")
    lines = [replace(line, currency=currency) for line in draw_lines(chance, tongue, chance.randint(14, 30))]

    def shown(cents: int) -> str:
        minus, whole, rest = "-" if cents < 0 else "", str(abs(cents) // 100), f"{abs(cents) % 100:02}"
        if kind == "lakh":
            head, tail = whole[:-3], whole[-3:]
            while len(head) > 2:
                tail, head = f"{head[-2:]},{tail}", head[:-2]
            return f"{minus}{head + ',' if head else ''}{tail}.{rest}"
        grouped = f"{abs(cents) // 100:,}"
        if kind == "swiss":
            return f"{minus}{grouped.replace(',', '’')}.{rest}"
        if kind == "brazil":
            return f"R$ {minus}{grouped.replace(',', '.')},{rest}"
        return f"{minus}{grouped}.{rest} GBP" if kind == "iso after" else f"GBP {minus}{grouped}.{rest}"

    rows: Rows = [
        ["Example Ltd"],
        ["12 High Street"],
        ["London"],
        [],
        ["Statement of payments", None, "Page 1"],
    ]
    rows += [["Account", "12345678"], ["Period", "01/01/2026 - 31/12/2026"], ["Currency", currency], []]
    columns = ["date", "reference", "supplier", "amount"]
    rows.append([tongue[column].split(" (")[0].removesuffix(" in EUR") for column in columns])
    rows += [[tongue.day(line.day), line.reference, line.supplier, shown(line.cents)] for line in lines]
    if chance.random() < 0.5:
        rows.append([None, None, tongue["total"], shown(total(lines))])
    text = chance.random() < 0.5
    path = save_text(folder, rows, delimiter=";") if text else save_book(folder, {"Sheet1": rows})
    habits = {"family": "addressed", "kind": kind, "style": tongue.style, "text": text, "head": rows[9]}
    return Printed(path=path, lines=lines, base=currency, habits=habits)


def outline(chance: random.Random, folder: Path) -> Printed:
    """Cost centres over suppliers over lines: two levels of groups, each with its sum, indented by column."""
    tongue = Tongue(chance)
    lines = draw_lines(chance, tongue, chance.randint(20, 40))
    centres = {
        line.supplier: f"{4100 + len(line.supplier) % 3 * 10} Team {len(line.supplier) % 3}" for line in lines
    }
    rows: Rows = [["Team", tongue["supplier"], tongue["date"], tongue["reference"], tongue["amount"]]]
    for centre, group in by(lines, lambda line: centres[line.supplier]).items():
        first = True
        for name, part in by(group, lambda line: line.supplier).items():
            for place, line in enumerate(part):
                rows.append([centre if first else None, name if not place else None, line.day])
                rows[-1] += [line.reference, number(line.cents)]
                first = False
            rows.append([None, f"{tongue['total']} {name}", None, None, number(total(part))])
        rows.append([f"{tongue['total']} {centre}", None, None, None, number(total(group))])
    rows.append([tongue["total"], None, None, None, number(total(lines))])
    habits = {"family": "outline", "language": tongue.name, "head": rows[0]}
    return Printed(path=save_book(folder, {"Sheet1": rows}), lines=lines, base=tongue.currency, habits=habits)


def three_dates(chance: random.Random, folder: Path) -> Printed:
    """Invoice, due and paid day beside each other, in any order, with blank lines and empty columns between."""
    tongue = Tongue(chance, chance.choice(("en", "de", "fr", "nl")))
    words = {
        "en": ("Invoice date", "Due date", "Paid on"),
        "de": ("Rechnungsdatum", "Fällig am", "Bezahlt am"),
        "fr": ("Date de facture", "Date d'échéance", "Payé le"),
        "nl": ("Factuurdatum", "Vervaldatum", "Betaald op"),
    }[tongue.name]
    lines = draw_lines(chance, tongue, chance.randint(14, 30))
    order = [0, 1, 2] if chance.random() < 0.5 else [1, 0, 2]
    spaced = chance.random() < 0.4
    rows: Rows = [
        [tongue["supplier"], *[words[place] for place in order], tongue["reference"], tongue["amount"]]
    ]
    for line in lines:
        days = (line.day, line.day + dt.timedelta(days=30), line.day + dt.timedelta(days=33))
        rows.append([line.supplier, *[tongue.day(days[place]) for place in order], line.reference])
        rows[-1].append(number(line.cents))
        if spaced:
            rows.append([])
    habits = {"family": "three dates", "language": tongue.name, "order": order, "style": tongue.style}
    return Printed(path=save_book(folder, {"Sheet1": rows}), lines=lines, base=tongue.currency, habits=habits)


ODD = (companies_abreast, quarters_of_years, months_under_quarters, addressed, outline, three_dates)
