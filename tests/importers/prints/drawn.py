"""What every print shares: the truth of a file, a language with its dates and amounts, lines, how files are written."""

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
from openpyxl.workbook import Workbook

from tests.importers.layouts.lines import SUPPLIERS, TEXTS

Row = list[Any]
Rows = list[Row]
Wanted = tuple[dt.date | None, str | None, Decimal, str]

WORDS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Line:
    """One line of the truth, in hundredths of its currency."""

    day: dt.date
    supplier: str
    text: str
    reference: str
    cents: int
    currency: str

    @property
    def month(self) -> dt.date:
        return self.day.replace(day=1)


@dataclass
class Printed:
    """A file with its truth; ``answers`` by the end of a question's key are what it rightly asks."""

    path: Path
    lines: list[Line]
    base: str
    dated: str | None = "day"
    named: bool = True
    answers: dict[str, str] = field(default_factory=dict)
    not_spend: int = 0
    habits: dict[str, Any] = field(default_factory=dict)

    @property
    def wanted(self) -> Counter[Wanted]:
        """The multiset of lines the file must read to."""
        return Counter(
            (
                None if self.dated is None else line.month if self.dated == "month" else line.day,
                line.supplier if self.named else None,
                Decimal(line.cents).scaleb(-2),
                line.currency,
            )
            for line in self.lines
        )


class Tongue:
    """A language, with one choice of each of its words, and how it writes days and amounts."""

    def __init__(self, chance: random.Random, language: str | None = None) -> None:
        self.chance = chance
        self.name = language or chance.choice(tuple(WORDS))
        words = WORDS[self.name]
        self.words: dict[str, Any] = {
            key: chance.choice(value)
            if isinstance(value, list) and key not in ("months", "short", "weekdays", "of", "dates")
            else value
            for key, value in words.items()
        }
        self.currency: str = words["currency"]
        self.mark: str = words["mark"]
        self.whole = self.currency == "JPY"
        self.style: str = chance.choice(words["dates"])
        self.space = self.name in ("fr", "sv", "no", "fi", "pl", "cs") and chance.random() < 0.7
        self.grouping = chance.random() < 0.7

    def __getitem__(self, key: str) -> str:
        return str(self.words[key])

    def day(self, day: dt.date) -> str:
        """A day as this print writes it."""
        words = self.words
        if "{" not in self.style:
            moment = dt.datetime(day.year, day.month, day.day, 9, 30)  # noqa: DTZ001 - a sheet has no zone
            if "%b" in self.style:
                return moment.strftime(self.style.replace("%b", words["short"][day.month - 1]))
            return moment.strftime(self.style)
        return day.strftime(self.style).format(
            d=day.day,
            m=day.month,
            y=day.year,
            month=words["months"][day.month - 1],
            of=words.get("of", words["months"])[day.month - 1],
            short=words["short"][day.month - 1],
            weekday=words["weekdays"][day.weekday()],
        )

    def amount(self, cents: int) -> str:
        """An amount as text, with a minus in front."""
        units = f"{abs(cents) // 100:,}" if self.grouping else str(abs(cents) // 100)
        rest = "" if self.whole else f"{self.mark}{abs(cents) % 100:02}"
        group = "\u00a0" if self.space else "." if self.mark == "," else ","
        return ("-" if cents < 0 else "") + units.replace(",", group) + rest


def number(cents: int) -> float | int:
    """An amount as a sheet stores it."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def draw_lines(
    chance: random.Random, tongue: Tongue, count: int, *, year: int = 2026, credits: float = 0.06
) -> list[Line]:
    """Lines of one year by day, a few credits; the first days decide the order of day and month."""
    names = chance.sample(SUPPLIERS, chance.randint(4, 9))
    days = [dt.date(year, 1, 1) + dt.timedelta(days=chance.randrange(360)) for _ in range(count - 2)]
    days = sorted([*days, dt.date(year, 1, 17), dt.date(year, 12, 23)])
    made = []
    for index, day in enumerate(days):
        cents = round(10 ** chance.uniform(3, 7)) + chance.randrange(100)
        if index in (1, 4):
            cents = 123_456_789 + index * 1_001
        elif chance.random() < credits and 1 < index < count - 2:
            cents = -cents // 3
        if tongue.whole:
            cents = cents // 100 * 100
        made.append(
            Line(
                day=day,
                supplier=names[index] if index < len(names) else chance.choice(names),
                text=chance.choice(TEXTS),
                reference=f"{chance.choice(('INV-', 'R', ''))}{60_000 + index * 11}",
                cents=cents or 100,
                currency=tongue.currency,
            )
        )
    return made


def total(lines: list[Line]) -> int:
    """Their sum in hundredths."""
    return sum(line.cents for line in lines)


def by(lines: list[Line], key: Any) -> dict[Any, list[Line]]:
    """Lines by a key, sorted by it."""
    groups: dict[Any, list[Line]] = {}
    for line in sorted(lines, key=lambda line: str(key(line))):
        groups.setdefault(key(line), []).append(line)
    return groups


def save_book(
    folder: Path, sheets: dict[str, Rows], *, at: tuple[int, int] = (0, 0), hidden: tuple[str, ...] = ()
) -> Path:
    """A workbook of sheets whose rows start ``at`` rows down and columns right."""
    book: Workbook = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for index, row in enumerate(rows):
            for place, value in enumerate(row):
                if value is not None:
                    cell = sheet.cell(1 + at[0] + index, 1 + at[1] + place, value)
                    if cell.data_type == "f":
                        cell.data_type = "s"
        if name in hidden:
            sheet.sheet_state = "hidden"
    path = folder / "print.xlsx"
    book.save(path)
    return path


def save_text(folder: Path, rows: Rows, *, delimiter: str, encoding: str = "utf-8-sig") -> Path:
    """Delimited text; a day is written as ISO."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(
        [value.isoformat() if isinstance(value, dt.date) else value for value in row] for row in rows
    )
    path = folder / "print.csv"
    path.write_bytes(stream.getvalue().encode(encoding))
    return path
