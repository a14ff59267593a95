"""Spend sheets put together from habits drawn one by one: words, order, noise, dates, amounts, sums, notes, pages.

A layout of the catalogue beside this file is one publisher's; here every habit meets every other. What is drawn is
always decidable: a day after the 12th where days and months are digits, more charges than credits, a header.
"""

import csv
import datetime as dt
import io
import random
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import openpyxl

from tests.importers.layouts.lines import SUPPLIERS, TEXTS

Row = list[Any]

#: Language → field → headings publishers use.
WORDS: Final[dict[str, dict[str, list[str]]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
CURRENCY: Final = {"en": "GBP", "de": "EUR", "fr": "EUR", "es": "EUR", "nl": "EUR"}
TITLES: Final = (
    "Payments to suppliers over £500",
    "Spend report",
    "Run by: j.smith   Run date: 14/01/2026",
    "Financial year 2025/26",
    "Company: 100 Example Holdings plc",
    "Period 1 to 12",
    "Confidential",
)
NOTES: Final = (
    "Source: purchase ledger",
    "* amounts exclude recoverable VAT",
    "End of report",
    "Prepared by finance; queries to 020 7946 0018",
)
DATES: Final = ("cell", "iso", "dmy/", "dmy.", "dmy-", "d mon y", "dd-mon-yy", "compact", "mdy/")
AMOUNTS: Final = ("number", "text", "symbol", "paren", "trailing", "crdr")
SHAPES: Final = ("one", "one", "one", "sides", "taxed", "negative")
NOISE: Final = (
    "row number|cost centre|gl|company number|postcode|rate|year|period|quantity|percent|empty|running|department|"
    "paid later|currency|type|contract|phone|code name"
).split("|")
#: What is no field, and what it is headed; an empty column has no heading.
NOISE_HEADINGS: Final = {
    **{each: each.capitalize() for each in NOISE if each != "empty"},
    "row number": "No.",
    "gl": "GL account",
    "company number": "Company No",
    "rate": "VAT rate",
    "percent": "% of total",
    "running": "Running total",
    "paid later": "Due date",
    "contract": "Contract ref",
    "code name": "Account",
}


@dataclass(frozen=True)
class Line:
    """One line of the oracle."""

    day: dt.date
    supplier: str
    text: str
    reference: str
    cents: int

    @property
    def amount(self) -> Decimal:
        return Decimal(self.cents).scaleb(-2)


@dataclass
class Composed:
    """A file with its truth and the habits that made it."""

    path: Path
    lines: list[Line]
    currency: str
    habits: dict[str, Any] = field(default_factory=dict)

    @property
    def wanted(self) -> Counter[tuple[Any, ...]]:
        """Day, supplier and amount of each line."""
        return Counter((line.day, line.supplier, line.amount) for line in self.lines)


def draw_lines(chance: random.Random, count: int) -> list[Line]:
    """Lines of one year; a few credits, a zero now and then, a line said twice."""
    names = chance.sample(SUPPLIERS, chance.randint(3, len(SUPPLIERS)))
    start = dt.date(chance.choice((2023, 2024, 2025)), chance.choice((1, 4, 7)), 1)
    days = sorted(start + dt.timedelta(days=chance.randrange(360)) for _ in range(count))
    days[0], days[-1] = start + dt.timedelta(days=16), days[-1].replace(day=23)
    days.sort()
    made = []
    for index, day in enumerate(days):
        cents = round(10 ** chance.uniform(2, 7)) + chance.randrange(100)
        if chance.random() < 0.07 and 1 < index < count - 2:
            cents = -cents // 3
        made.append(
            Line(
                day=day,
                supplier=chance.choice(names),
                text=chance.choice(TEXTS),
                reference=f"{chance.choice(('INV-', 'PI', ''))}{50_000 + index * 13}",
                cents=cents,
            )
        )
    if chance.random() < 0.3:
        made.append(made[-1])
    return made


class Sheet:
    """One sheet being written: how its cells look, and its columns in their order."""

    def __init__(self, chance: random.Random, *, text_only: bool) -> None:
        self.chance = chance
        self.language = chance.choice(tuple(WORDS))
        words = WORDS[self.language]
        self.words = {key: chance.choice(words[key]) for key in words}
        self.mark = "." if self.language == "en" else ","
        self.currency = CURRENCY[self.language]
        self.dates = chance.choice([each for each in DATES if not (text_only and each == "cell")])
        if self.dates == "mdy/" and self.language != "en":
            self.dates = "dmy/"
        self.amounts = chance.choice([each for each in AMOUNTS if not (text_only and each == "number")])
        self.shape = chance.choice(SHAPES)
        if self.shape != "one" and self.amounts in ("crdr", "trailing"):
            self.amounts = "text" if text_only else "number"
        self.grouping = chance.random() < 0.7
        self.columns = ["date", "supplier"]
        self.columns += {"sides": ["debit", "credit"], "taxed": ["net", "tax", "gross"]}.get(
            self.shape, ["amount"]
        )
        if chance.random() < 0.8:
            self.columns.append("text")
        if chance.random() < 0.7:
            self.columns.append("reference")
        noise = chance.sample(NOISE, chance.randint(0, 6))
        if self.shape in ("sides", "taxed"):
            noise = [each for each in noise if each != "running"]
        self.columns += noise
        if chance.random() < 0.7:
            pairs = [each for each in self.columns if each not in ("debit", "credit", "net", "tax", "gross")]
            chance.shuffle(pairs)
            money = [each for each in ("debit", "credit", "net", "tax", "gross") if each in self.columns]
            at = chance.randint(0, len(pairs))
            self.columns = pairs[:at] + money + pairs[at:]
        self.ran = 0

    def heading(self, column: str) -> Any:
        return NOISE_HEADINGS.get(column) if column in NOISE else self.words[column]

    def day(self, day: dt.date) -> Any:
        match self.dates:
            case "cell":
                return day
            case "iso":
                return day.isoformat()
            case "dmy/":
                return f"{day:%d/%m/%Y}"
            case "mdy/":
                return f"{day:%m/%d/%Y}"
            case "dmy.":
                return f"{day:%d.%m.%Y}"
            case "dmy-":
                return f"{day:%d-%m-%Y}"
            case "d mon y":
                return f"{day.day} {day:%B %Y}"
            case "dd-mon-yy":
                return f"{day:%d-%b-%y}"
            case _:
                return f"{day:%Y%m%d}"

    def money(self, cents: int) -> Any:
        if self.amounts == "number":
            return cents / 100
        text = f"{abs(cents) / 100:,.2f}" if self.grouping else f"{abs(cents) / 100:.2f}"
        if self.mark == ",":
            text = text.translate(str.maketrans(",.", ".,"))
        sign = "-" if cents < 0 else ""
        symbol = "£" if self.currency == "GBP" else ""
        tail = " €" if self.currency == "EUR" else ""
        match self.amounts:
            case "symbol":
                return f"{sign}{symbol}{text}{tail}"
            case "paren":
                return f"({text})" if cents < 0 else text
            case "trailing":
                return f"{text}-" if cents < 0 else text
            case "crdr":
                return f"{text} CR" if cents < 0 else text
            case _:
                return sign + text

    def cells(self, line: Line, number: int, total: int) -> dict[str, Any]:
        chance, cents = self.chance, line.cents
        self.ran += cents
        side = -cents if self.shape == "negative" else cents
        tax = cents // 5
        known = {
            "date": self.day(line.day),
            "supplier": line.supplier,
            "text": line.text,
            "reference": line.reference,
            "amount": self.money(side),
            "debit": self.money(cents) if cents >= 0 else None,
            "credit": self.money(-cents) if cents < 0 else None,
            "net": self.money(cents),
            "tax": self.money(tax),
            "gross": self.money(cents + tax),
            "row number": number,
            "cost centre": 100_000 + hash_of(line.supplier) % 40,
            "gl": 4000 + hash_of(line.text) % 30,
            "company number": f"{3_000_000 + hash_of(line.supplier) * 17:08d}",
            "postcode": chance.choice(("SW1A 1AA", "M1 2AB", "LS11 5QT")),
            "rate": chance.choice(("20%", "5%")),
            "year": line.day.year,
            "period": line.day.month,
            "quantity": chance.randint(1, 12),
            "percent": f"{cents * 100 / max(total, 1):.1f}%",
            "empty": None,
            "running": self.money(self.ran),
            "department": chance.choice(("Marketing", "Sales", "IT")),
            "paid later": self.day(line.day + dt.timedelta(days=30)),
            "currency": self.currency,
            "type": "Credit note" if cents < 0 else "Invoice",
            "contract": f"C{hash_of(line.supplier) % 90 + 10}",
            "phone": f"020 7946 {hash_of(line.supplier) % 9000 + 1000:04d}",
            "code name": f"{4000 + hash_of(line.text) % 30} {line.text}",
        }
        return {column: known[column] for column in self.columns}

    def sums(self, lines: list[Line], label: str | None, where: str) -> Row:
        cents = sum(line.cents for line in lines)
        out: Row = []
        for column in self.columns:
            match column:
                case "amount":
                    out.append(self.money(-cents if self.shape == "negative" else cents))
                case "debit":
                    out.append(self.money(sum(line.cents for line in lines if line.cents >= 0)))
                case "credit":
                    out.append(self.money(-sum(line.cents for line in lines if line.cents < 0)))
                case "net":
                    out.append(self.money(cents))
                case "tax":
                    out.append(self.money(sum(line.cents // 5 for line in lines)))
                case "gross":
                    out.append(self.money(cents + sum(line.cents // 5 for line in lines)))
                case _:
                    out.append(label if column == where else None)
        return out


def hash_of(text: str) -> int:
    """A number that does not change between runs."""
    return sum(ord(each) * (index + 1) for index, each in enumerate(text)) % 997


def compose(seed: int, folder: Path) -> Composed:
    """A file from habits drawn by ``seed``."""
    chance = random.Random(seed)
    text_only = chance.random() < 0.3
    sheet = Sheet(chance, text_only=text_only)
    lines = draw_lines(chance, chance.randint(8, 40))
    total = sum(line.cents for line in lines)
    labels = [
        each
        for each in sheet.columns
        if each in ("supplier", "text", "reference", "date", "row number", "department")
    ]
    where = chance.choice(labels)
    arrangement = chance.choice(("flat", "flat", "flat", "by supplier", "headed", "pages", "once named"))
    if arrangement in ("by supplier", "headed", "once named"):
        lines = sorted(lines, key=lambda each: each.supplier)
    rows: list[Row] = []
    head = [sheet.heading(each) for each in sheet.columns]
    if arrangement == "headed":
        place = sheet.columns.index("supplier")
        if place:  # the name of the group stands first
            sheet.columns.insert(0, sheet.columns.pop(place))
            head = [sheet.heading(each) for each in sheet.columns]
    width = len(sheet.columns)
    for title in chance.sample(TITLES, chance.randint(0, 4)):
        rows.append([title])
    if rows and chance.random() < 0.6:
        rows.append([])
    rows.append(head)
    sub = chance.choice(("word", "none", "none"))
    number = 0

    def put(line: Line, *, named: bool = True) -> None:
        nonlocal number
        number += 1
        cells = sheet.cells(line, number, total)
        if not named:
            cells["supplier"] = None
        rows.append(list(cells.values()))

    if arrangement in ("by supplier", "headed", "once named"):
        for name in sorted({line.supplier for line in lines}):
            mine = [line for line in lines if line.supplier == name]
            if arrangement == "headed":
                rows.append([name] + [None] * (width - 1))
            for index, line in enumerate(mine):
                put(line, named=arrangement == "by supplier" or (arrangement == "once named" and index == 0))
            if sub == "word" or arrangement == "headed":
                rows.append(
                    sheet.sums(
                        mine,
                        sheet.words["subtotal"].format(name),
                        where if arrangement != "headed" else "supplier",
                    )
                )
                if chance.random() < 0.3:
                    rows.append([])
    elif arrangement == "pages":
        size = chance.randint(5, 9)
        for at in range(0, len(lines), size):
            mine = lines[at : at + size]
            if at:
                rows.append(head)
            for line in mine:
                put(line)
            if sub == "word":
                rows.append(sheet.sums(mine, sheet.words["page"], where))
            rows.append([])
    else:
        gaps = chance.random() < 0.15
        for line in lines:
            put(line)
            if gaps and chance.random() < 0.2:
                rows.append([])
    end = chance.choice(("word", "bare", "none", "none"))
    if end != "none":
        if chance.random() < 0.4:
            rows.append([])
        rows.append(sheet.sums(lines, sheet.words["total"] if end == "word" else None, where))
    for note in chance.sample(NOTES, chance.choice((0, 0, 1, 2))):
        if chance.random() < 0.5:
            rows.append([])
        rows.append([note])
    habits = {
        "seed": seed,
        "language": sheet.language,
        "dates": sheet.dates,
        "amounts": sheet.amounts,
        "shape": sheet.shape,
        "columns": sheet.columns,
        "arrangement": arrangement,
        "sub": sub,
        "end": end,
        "where": where,
        "heads": head,
    }
    if text_only:
        delimiter = chance.choice((";", "\t") if sheet.mark == "," else (",", ";", "\t", "|"))
        encoding = chance.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16"))
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=delimiter).writerows(rows)
        path = folder / "spend.csv"
        path.write_bytes(stream.getvalue().encode(encoding))
        habits |= {"delimiter": delimiter, "encoding": encoding}
    else:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        page.title = "Data"
        left, top = chance.choice((0, 0, 0, 1, 2)), chance.choice((0, 0, 0, 2))
        for index, row in enumerate(rows):
            for place, value in enumerate(row):
                if value is not None:
                    cell = page.cell(1 + top + index, 1 + left + place, value)
                    if cell.data_type == "f":
                        cell.data_type = "s"
        beside = chance.choice(("none", "none", "summary", "notes", "codes"))
        if beside != "none":
            other = book.create_sheet(
                {"summary": "Summary", "notes": "Read me", "codes": "Lookup"}[beside], chance.choice((0, 1))
            )
            if beside == "summary":
                other.append([sheet.words["supplier"], sheet.words["amount"]])
                for name in sorted({line.supplier for line in lines}):
                    other.append([name, sum(line.cents for line in lines if line.supplier == name) / 100])
                other.append([sheet.words["total"], total / 100])
            elif beside == "notes":
                for note in NOTES:
                    other.append([note])
            else:
                other.append(["Code", "Name"])
                for code in range(4000, 4012):
                    other.append([code, f"Account {code}"])
        path = folder / "spend.xlsx"
        book.save(path)
        habits |= {"left": left, "top": top, "beside": beside}
    return Composed(path=path, lines=lines, currency=sheet.currency, habits=habits)
