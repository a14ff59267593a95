"""Lists and ledgers of lines in fifteen languages: dates, signs, currencies, balances, pages, notes beside."""

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl

from tests.importers.prints.drawn import (
    Line,
    Printed,
    Row,
    Rows,
    Tongue,
    draw_lines,
    number,
    save_book,
    save_text,
    total,
)

SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
MONEY = {
    "amount",
    "debit",
    "credit",
    "net",
    "tax",
    "gross",
    "balance",
    *(f"in {each}" for each in ("GBP", "EUR", "USD")),
}


class _List:
    """One list being written."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.money = chance.choice(
            (
                *("plain", "plain", "sides", "sides", "taxed", "taxed", "crdr", "trailing", "paren"),
                *("currency column", "currency columns", "currency signs", "negative", "marks"),
            )
        )
        foreign = self.money.startswith("currency")
        self.tongue = Tongue(chance, chance.choice(("en", "de", "nl", "fr", "it")) if foreign else None)
        self.text_only = chance.random() < 0.3
        self.balance = self.money in ("plain", "sides") and chance.random() < 0.45
        self.days = chance.choice(
            ("cell", "written", "written", "written", "serial text", "month")
            if not self.text_only
            else ("written", "written", "written", "serial text")
        )
        if self.balance and self.days == "month":
            self.days = "written"
        count = chance.randint(16, 40)
        self.lines = draw_lines(chance, self.tongue, count)
        if self.days == "month":
            self.lines = [replace(line, day=line.month) for line in self.lines]
        if foreign:
            currencies = chance.choice((("GBP", "EUR"), ("EUR", "USD"), ("GBP", "EUR", "USD")))
            self.lines = [
                replace(line, currency=currencies[index % len(currencies)])
                for index, line in enumerate(self.lines)
            ]
            self.currencies: tuple[str, ...] = currencies
        else:
            self.currencies = (self.tongue.currency,)
        self.base = self.tongue.currency if not foreign else self.currencies[0]
        self.columns = ["date", "supplier"]
        if chance.random() < 0.7:
            self.columns.insert(chance.randint(0, 2), "reference")
        if chance.random() < 0.6:
            self.columns.append("text")
        self.columns += {
            "sides": ["debit", "credit"],
            "taxed": chance.choice((["net", "tax", "gross"], ["gross", "tax", "net"])),
            "currency columns": [f"in {each}" for each in self.currencies],
            "marks": ["amount", "mark"],
            "currency column": chance.choice((["currency", "amount"], ["amount", "currency"])),
        }.get(self.money, ["amount"])
        if self.balance:
            self.columns.append("balance")
        self.numbers = not self.text_only and self.money not in (
            "crdr",
            "trailing",
            "paren",
            "currency signs",
        )
        self.opening = 1_000_000
        self.ran = self.opening
        self.merged = self.money in ("taxed", "sides") and not self.text_only and chance.random() < 0.4

    def head(self) -> Row:
        tongue = self.tongue
        out: Row = []
        for column in self.columns:
            if column.startswith("in "):
                out.append(f"{tongue['amount'].split(' (')[0].removesuffix(' in EUR')} {column[3:]}")
            elif column == "mark":
                out.append("D/C")
            elif column == "currency":
                out.append(
                    {"en": "Currency", "de": "Währung", "nl": "Valuta", "fr": "Devise"}.get(
                        tongue.name, "Valuta"
                    )
                )
            elif column == "amount" and self.money.startswith("currency"):
                out.append(tongue["amount"].split(" (")[0].removesuffix(" in EUR"))
            elif column == "date" and self.days == "month":
                out.append(tongue["month"])
            else:
                out.append(tongue[column])
        return out

    def shown(self, cents: int | None, currency: str = "") -> Any:
        """An amount as this list shows it."""
        if cents is None:
            return None
        if self.numbers:
            return number(cents)
        tongue, text = self.tongue, self.tongue.amount(abs(cents))
        minus = "-" if cents < 0 else ""
        match self.money:
            case "crdr":
                return f"{text} CR" if cents < 0 else f"{text} DR"
            case "trailing":
                return text + minus
            case "paren":
                return f"({text})" if cents < 0 else text
            case "currency signs":
                sign = SIGNS[currency]
                return f"{minus}{text} {sign}" if tongue.mark == "," else f"{minus}{sign}{text}"
        return minus + text

    def day(self, day: dt.date) -> Any:
        match self.days:
            case "cell":
                return day
            case "serial text":
                return str((day - dt.date(1899, 12, 30)).days)
            case "month":
                months = self.tongue.words["months"]
                if self.tongue.name == "ja":
                    return f"{day.year}年{day.month}月"
                return f"{months[day.month - 1]} {day.year}"
        return self.tongue.day(day)

    def row(self, line: Line) -> Row:
        cents = line.cents
        self.ran += cents
        tax = cents // 5 // 100 * 100 if self.tongue.whole else cents // 5
        out: Row = []
        for column in self.columns:
            match column:
                case "date":
                    out.append(self.day(line.day))
                case "supplier" | "text" | "reference" | "currency":
                    out.append(getattr(line, column))
                case "amount":
                    side = (
                        -cents if self.money == "negative" else abs(cents) if self.money == "marks" else cents
                    )
                    out.append(self.shown(side, line.currency))
                case "mark":
                    out.append("C" if cents < 0 else "D")
                case "debit":
                    out.append(self.shown(cents) if cents > 0 else None)
                case "credit":
                    out.append(self.shown(-cents) if cents < 0 else None)
                case "net":
                    out.append(self.shown(cents))
                case "tax":
                    out.append(self.shown(tax))
                case "gross":
                    out.append(self.shown(cents + tax))
                case "balance":
                    out.append(self.shown(self.ran))
                case _:
                    out.append(self.shown(cents) if column == f"in {line.currency}" else None)
        return out

    def label_row(self, label: str, **money: int | None) -> Row:
        """A row of sums: a label in the supplier's or the text's column, and amounts by column."""
        at = "text" if "text" in self.columns and self.chance.random() < 0.5 else "supplier"
        return [
            self.shown(money.get(column)) if column in MONEY else label if column == at else None
            for column in self.columns
        ]

    def sums(self, lines: list[Line]) -> dict[str, int | None]:
        """What each money column comes to."""
        step = 100 if self.tongue.whole else 1
        taxes = sum(line.cents // 5 // step * step for line in lines)
        net = total(lines)
        known: dict[str, int | None] = {
            "amount": -net if self.money == "negative" else net,
            "debit": sum(line.cents for line in lines if line.cents > 0),
            "credit": -sum(line.cents for line in lines if line.cents < 0),
            "net": net,
            "tax": taxes,
            "gross": net + taxes,
        }
        for currency in self.currencies:
            known[f"in {currency}"] = sum(line.cents for line in lines if line.currency == currency)
        return {column: value for column, value in known.items() if column in self.columns}


def listed(chance: random.Random, folder: Path) -> Printed:
    """One list, on pages or not, with opening and closing rows, sums, notes below and beside."""
    made = _List(chance)
    tongue, lines = made.tongue, made.lines
    head = made.head()
    summed = made.money not in ("marks", "currency column", "currency signs")
    pages = summed and chance.random() < 0.35
    carry = pages and chance.random() < 0.6
    opening = made.balance and chance.random() < 0.7
    closing = made.balance and chance.random() < 0.7
    ended = summed and chance.random() < 0.5
    rows: Rows = []
    for title in chance.sample(
        ("Example Holdings", "Supplier payments 2026", "Run 05.01.2027 08:12"), chance.randint(0, 2)
    ):
        rows.append([title])
    if rows and chance.random() < 0.5:
        rows.append([])
    merge_row = first = 0
    if made.merged:
        first = next(i for i, c in enumerate(made.columns) if c in MONEY)
        upper: Row = [None] * len(made.columns)
        upper[0], upper[first] = "Document", {"taxed": "Amount", "sides": "Movement"}[made.money]
        rows.append(upper)
        merge_row = len(rows)
    start = len(rows)
    rows.append(head)
    if opening:
        rows.append(made.label_row(tongue["opening"], balance=made.opening))
    size = chance.randint(6, 11) if pages else len(lines)
    parts = [lines[place : place + size] for place in range(0, len(lines), size)]
    for place, part in enumerate(parts):
        if place:
            rows.append([])
            if chance.random() < 0.5:
                rows.append([tongue["page"].format(place + 1, len(parts))])
            rows.append(head)
            if carry:
                sums = made.sums(lines[: place * size])
                rows.append(made.label_row(tongue["brought"], **sums))
        rows += [made.row(line) for line in part]
        if carry and place < len(parts) - 1:
            rows.append(made.label_row(tongue["carried"], **made.sums(lines[: (place + 1) * size])))
    if closing and chance.random() < 0.5:
        rows.append(made.label_row(tongue["closing"], balance=made.ran))
        closing = False
    if ended:
        rows.append(made.label_row(tongue["total"], **made.sums(lines)))
    if closing:
        rows.append(made.label_row(tongue["closing"], balance=made.ran))
    beside = not made.text_only and chance.random() < 0.25
    if beside:
        width = len(head)
        for line, note in enumerate(("Notes", "Checked by JS", "See ledger 4400", "Approved 12.01.2027")):
            index = start + 1 + line
            if index < len(rows):
                rows[index] = [*rows[index], *[None] * (width + 1 - len(rows[index])), note]
    if chance.random() < 0.3:
        rows += [[], [chance.choice(("End of report", "Source: ledger", "* provisional"))]]
    at = (0, 0)
    hidden: tuple[str, ...] = ()
    if made.text_only:
        encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16"))
        delimiter = chance.choice((";", "\t") if tongue.mark == "," else (",", ";", "\t"))
        path = save_text(folder, rows, delimiter=delimiter, encoding=encoding)
    else:
        at = chance.choice(((0, 0), (0, 0), (0, 0), (6, 2)))  # C7
        sheets = {"Sheet1": rows}
        if chance.random() < 0.2:
            stale = [list(row) for row in rows[: len(rows) // 2]]
            sheets["Copy"], hidden = stale, ("Copy",)
        path = save_book(folder, sheets, at=at, hidden=hidden)
        if made.merged:
            book = openpyxl.load_workbook(path)
            sheet = book["Sheet1"]
            row, left = at[0] + merge_row, at[1] + 1
            last = max(i for i, c in enumerate(made.columns) if c in MONEY and c != "balance")
            if first > 1:
                sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=left + first - 1)
            sheet.merge_cells(start_row=row, end_row=row, start_column=left + first, end_column=left + last)
            book.save(path)
    habits = {
        "family": "list",
        "language": tongue.name,
        "money": made.money,
        "days": made.days,
        "style": tongue.style,
        "columns": made.columns,
        "head": head,
        "pages": pages,
        "carry": carry,
        "opening": opening,
        "closing": closing,
        "ended": ended,
        "balance": made.balance,
        "merged": made.merged,
        "beside": beside,
        "text": made.text_only,
        "at": at,
        "hidden": hidden,
    }
    return Printed(
        path=path,
        lines=lines,
        base=made.base,
        dated="month" if made.days == "month" else "day",
        answers={"sign": "-1"} if made.money == "negative" else {},
        habits=habits,
    )
