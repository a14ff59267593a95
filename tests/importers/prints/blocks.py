"""Quarters side by side, a sheet per month or per currency, and the summaries that stand with them."""

import random
from pathlib import Path
from typing import Any

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


def _columns(chance: random.Random) -> list[str]:
    columns = chance.choice(
        (
            ["date", "supplier", "amount"],
            ["date", "supplier", "text", "amount"],
            ["supplier", "date", "amount"],
            ["date", "reference", "supplier", "amount"],
        )
    )
    return list(columns)


def _cells(tongue: Tongue, columns: list[str], line: Line, *, text: bool) -> Row:
    known: dict[str, Any] = {
        "date": tongue.day(line.day) if text else line.day,
        "supplier": line.supplier,
        "text": line.text,
        "reference": line.reference,
        "amount": tongue.amount(line.cents) if text else number(line.cents),
    }
    return [known[column] for column in columns]


def _sum(tongue: Tongue, columns: list[str], lines: list[Line], label: str | None, *, text: bool) -> Row:
    amount = tongue.amount(total(lines)) if text else number(total(lines))
    first = next(column for column in columns if column != "date") if columns[0] == "date" else columns[0]
    return [amount if column == "amount" else label if column == first else None for column in columns]


def side_by_side(chance: random.Random, folder: Path) -> Printed:
    """The quarters (halves, months) of a year in blocks beside each other, each under its name or summed below."""
    tongue = Tongue(chance)
    text = chance.random() < 0.25
    columns = _columns(chance)
    parts = chance.choice((4, 4, 2, 3))
    per = 12 // parts if parts != 3 else 1  # three blocks are the months of one quarter
    lines = draw_lines(chance, tongue, chance.randint(24, 40))
    if parts == 3:
        lines = [
            Line(
                line.day.replace(month=index % 3 + 1, day=line.day.day if line.day.day < 28 else 27),
                *(line.supplier, line.text, line.reference, line.cents, line.currency),
            )
            for index, line in enumerate(lines)
        ]
    groups = [[line for line in lines if (line.day.month - 1) // per == part] for part in range(parts)]
    evidence = chance.choice(("names", "names", "names and sums", "sums", "grand"))
    gap = chance.choice((1, 1, 2))
    names = []
    for part in range(parts):
        match parts:
            case 4:
                names.append(f"{tongue['quarter'].format(part + 1)} 2026")
            case 2:
                names.append(f"H{part + 1} 2026")
            case _:
                names.append(f"{tongue.words['months'][part]} 2026")
    head: Row = []
    upper: Row = []
    width = len(columns)
    for part in range(parts):
        upper += [names[part], *[None] * (width - 1), *[None] * gap]
        head += [*[tongue[column] for column in columns], *[None] * gap]
    rows: Rows = []
    if chance.random() < 0.4:
        rows += [["Payments 2026"], []]
    if "names" in evidence:
        rows.append(upper)
    rows.append(head)
    depth = max(len(group) for group in groups)
    columned = []
    for group in groups:
        block = [_cells(tongue, columns, line, text=text) for line in group]
        if "sums" in evidence:
            if chance.random() < 0.5:
                block += [[None] * width] * (depth - len(block))
            block.append(_sum(tongue, columns, group, tongue["total"], text=text))
        columned.append(block)
    for index in range(max(len(block) for block in columned)):
        row: Row = []
        for block in columned:
            row += [*(block[index] if index < len(block) else [None] * width), *[None] * gap]
        rows.append(row)
    if evidence == "grand":
        rows += [[], _sum(tongue, columns, lines, tongue["total"], text=text)]
    path = (
        save_text(folder, rows, delimiter=";" if tongue.mark == "," else ",")
        if text
        else save_book(folder, {"Sheet1": rows}, at=chance.choice(((0, 0), (0, 0), (1, 1))))
    )
    habits = {
        "family": "side by side",
        "language": tongue.name,
        "columns": columns,
        "parts": parts,
        "evidence": evidence,
        "gap": gap,
        "names": names,
        "text": text,
        "style": tongue.style,
    }
    return Printed(path=path, lines=lines, base=tongue.currency, habits=habits)


def sheet_per_month(chance: random.Random, folder: Path) -> Printed:
    """A sheet per month, dated or not, with sums, a summary, notes, a hidden older copy."""
    tongue = Tongue(chance)
    columns = _columns(chance)
    dated = chance.random() < 0.7
    if not dated:
        columns.remove("date")
    lines = draw_lines(chance, tongue, chance.randint(30, 60))
    style = chance.choice(("full year", "short yy", "full", "mm-yyyy", "short"))
    sums, summary = chance.random() < 0.5, chance.choice(("none", "months", "suppliers", "crosstab"))
    sheets: dict[str, Rows] = {}
    for month, group in by(lines, lambda line: line.month).items():
        short, full = tongue.words["short"][month.month - 1], tongue.words["months"][month.month - 1]
        name = {
            "full year": f"{full} {month.year}",
            "short yy": f"{short} {month:%y}",
            "full": full,
            "mm-yyyy": f"{month:%m-%Y}",
            "short": short,
        }[style]
        rows: Rows = [[f"{full} {month.year}"], []] if not dated or chance.random() < 0.3 else []
        rows.append([tongue[column] for column in columns])
        rows += [_cells(tongue, columns, line, text=False) for line in group]
        if sums:
            rows.append(_sum(tongue, columns, group, tongue["total"], text=False))
        sheets[name] = rows
    names = list(sheets)
    if summary != "none":
        by_month, by_name = by(lines, lambda line: line.month), by(lines, lambda line: line.supplier)
        if summary == "months":
            page: Rows = [[tongue["month"], tongue["amount"]]]
            page += [
                [sheet, number(total(group))] for sheet, group in zip(names, by_month.values(), strict=True)
            ]
        elif summary == "suppliers":
            page = [[tongue["supplier"], tongue["amount"]]]
            page += [[name, number(total(group))] for name, group in by_name.items()]
        else:
            page = [[tongue["supplier"], *names, tongue["total"]]]
            for name, group in by_name.items():
                each = by(group, lambda line: line.month)
                page.append([name, *[number(total(each.get(month, []))) for month in by_month]])
                page[-1].append(number(total(group)))
        page.append([tongue["total"], *([None] * (len(page[0]) - 2)), number(total(lines))])
        label = chance.choice(("Summary", "Overview", "Übersicht", "Total", "YTD"))
        sheets = {label: page, **sheets} if chance.random() < 0.5 else {**sheets, label: page}
    hidden: tuple[str, ...] = ()
    if chance.random() < 0.2:
        sheets["old"] = list(sheets[names[0]])
        hidden = ("old",)
    habits = {
        "family": "sheet per month",
        "language": tongue.name,
        "columns": columns,
        "style": style,
        "sums": sums,
        "summary": summary,
        "hidden": hidden,
        "sheets": list(sheets),
    }
    return Printed(
        path=save_book(folder, sheets, hidden=hidden),
        lines=lines,
        base=tongue.currency,
        dated="day" if dated else "month",
        habits=habits,
    )


def sheet_per_currency(chance: random.Random, folder: Path) -> Printed:
    """A sheet per currency, which its name, its heading or its title names."""
    tongue = Tongue(chance, chance.choice(("en", "de", "fr", "nl")))
    columns = _columns(chance)
    said = chance.choice(("sheet", "heading", "title"))
    currencies = ("GBP", "EUR", "USD") if chance.random() < 0.5 else ("EUR", "USD")
    lines = draw_lines(chance, tongue, chance.randint(24, 40))
    lines = [
        Line(
            *(line.day, line.supplier, line.text, line.reference, line.cents),
            currency=currencies[index % len(currencies)],
        )
        for index, line in enumerate(lines)
    ]
    sums = chance.random() < 0.5
    sheets: dict[str, Rows] = {}
    head: Row = []
    for place, currency in enumerate(currencies):
        group = [line for line in lines if line.currency == currency]
        head = [tongue[column] for column in columns]
        if said == "heading":
            head[columns.index("amount")] += f" ({currency})"
        rows: Rows = [[f"Payments in {currency}"], []] if said == "title" else []
        rows.append(head)
        rows += [_cells(tongue, columns, line, text=False) for line in group]
        if sums:
            rows.append(_sum(tongue, columns, group, tongue["total"], text=False))
        sheets[currency if said == "sheet" else f"Bank {place + 1}"] = rows
    habits = {
        "family": "sheet per currency",
        "language": tongue.name,
        "columns": columns,
        "said": said,
        "currencies": currencies,
        "sums": sums,
        "head": head,
    }
    if "€" in tongue["amount"] or "EUR" in tongue["amount"] or "£" in tongue["amount"]:
        return sheet_per_currency(chance, folder)  # the drawn heading names one currency for all
    return Printed(path=save_book(folder, sheets), lines=lines, base=currencies[0], habits=habits)
