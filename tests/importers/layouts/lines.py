"""Lines of spend to be wrapped into files, how a cell of them is written, and what a file must read back to."""

import csv
import datetime as dt
import io
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

Rows = list[list[Any]]

SUPPLIERS = (
    "Acme Software Ltd",
    "TOTAL GAS & POWER LTD",
    "Total Mobile Limited",
    "REDACTED PERSONAL DATA",
    "HubSpot Ireland Limited",
    "O'Brien & Söhne GmbH",
    "Sum Up Payments Ltd",
    "Balance Yoga Studio CIC",
    "3M UK PLC",
    "Grand Central Hotel",
    "UK0479435601 : Prime Care",
    "Subtotal Systems Inc",
    "Mid-Shire Borough Council",
    "Société Générale d'Édition SA",
    "Net World Sports Ltd",
    "March Hare Events",
)
TEXTS = (
    "Software licences",
    "Professional fees",
    "Hosting for March",
    "Print, post & stationery",
    "Advertising and publicity",
    "Agency staff",
    "Total cost of ownership study",
)


@dataclass(frozen=True)
class Line:
    """One line of the oracle. ``number`` counts from 1."""

    number: int
    day: dt.date
    supplier: str
    text: str
    cents: int

    @property
    def amount(self) -> Decimal:
        """In units."""
        return Decimal(self.cents).scaleb(-2)

    @property
    def month(self) -> dt.date:
        """The first day of its month."""
        return self.day.replace(day=1)

    @property
    def reference(self) -> str:
        """A document number."""
        return f"INV-{70_000 + self.number * 7}"


def lines(
    seed: int, count: int = 24, *, credits: int = 2, year: int = 2026, whole: bool = False
) -> list[Line]:
    """``count`` lines of one year by date, ``credits`` of them negative; the same for the same seed."""
    chance = random.Random(seed)
    days = sorted(dt.date(year, 1, 1) + dt.timedelta(days=chance.randrange(360)) for _ in range(count))
    days[0], days[-1] = dt.date(year, 1, 17), dt.date(year, 12, 23)
    negative = set(chance.sample(range(2, count - 2), credits))
    made = []
    for index, day in enumerate(days):
        cents = chance.choice((1, 9, 250, 49_900, 120_000, 1_234_567, 98_765_432)) + chance.randrange(100_000)
        cents = cents // 100 * 100 + 500 if whole else cents
        made.append(
            Line(
                number=index + 1,
                day=day,
                supplier=chance.choice(SUPPLIERS),
                text=chance.choice(TEXTS),
                cents=-cents if index in negative else cents,
            )
        )
    return made


_GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_ITALIAN = (
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
)
_DUTCH = "januari februari maart april mei juni juli augustus september oktober november december".split()
_PORTUGUESE = (
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split()
)
MONTH_NAMES = {
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "nl": _DUTCH,
    "pt": _PORTUGUESE,
}


def named_day(day: dt.date, language: str) -> str:
    """``17. März 2026``, ``17 mars 2026``, ``17 de marzo de 2026``, as the language has it."""
    name = MONTH_NAMES[language][day.month - 1]
    match language:
        case "de":
            return f"{day.day}. {name} {day.year}"
        case "es" | "pt":
            return f"{day.day} de {name} de {day.year}"
        case _:
            return f"{day.day} {name} {day.year}"


def amount_text(cents: int, style: str) -> str:
    """An amount as a person or program writes it (``en de fr ch in paren trail pound euro eurode crdr plain``)."""
    english = f"{abs(cents) // 100:,}.{abs(cents) % 100:02}"
    minus = "-" if cents < 0 else ""
    match style:
        case "en":
            return minus + english
        case "de":
            return minus + english.replace(",", "_").replace(".", ",").replace("_", ".")
        case "fr":
            return minus + english.replace(",", "\u202f").replace(".", ",")
        case "nb":
            return minus + english.replace(",", "\u00a0").replace(".", ",")
        case "ch":
            return minus + english.replace(",", "'")
        case "paren":
            return f"({english})" if cents < 0 else english
        case "trail":
            return english + ("-" if cents < 0 else "")
        case "pound":
            return f"{minus}£{english}"
        case "dollar":
            return f"(${english})" if cents < 0 else f"${english}"
        case "euro":
            return minus + english.replace(",", "_").replace(".", ",").replace("_", ".") + " €"
        case "crdr":
            return f"{english} {'CR' if cents < 0 else 'DR'}"
        case "plain":
            return f"{minus}{abs(cents) // 100}.{abs(cents) % 100:02}"
        case "gbpafter":
            return f"{minus}{english} GBP"
        case "plus":
            return (minus or "+") + english.replace(",", "_").replace(".", ",").replace("_", ".")
        case "arabic":
            western = "0123456789,."
            return minus + english.translate(str.maketrans(western, "٠١٢٣٤٥٦٧٨٩٬٫"))
        case "comma":
            return f"{minus}{abs(cents) // 100},{abs(cents) % 100:02}"
    raise ValueError(style)


def fiscal_period(day: dt.date, start: int = 4) -> tuple[int, int]:
    """First calendar year of the fiscal year and the number of the period, 1–12."""
    year = day.year if day.month >= start else day.year - 1
    return year, (day.month - start) % 12 + 1


def cell(line: Line, code: str) -> Any:
    """One cell of a line by a short code (see :func:`table`)."""
    kind, _, style = code.partition(":")
    match kind:
        case "d":
            if not style:
                return dt.datetime(line.day.year, line.day.month, line.day.day)  # noqa: DTZ001 - a sheet has no zone
            if style in MONTH_NAMES:
                return named_day(line.day, style)
            return f"{line.day:{style}}"
        case "serial":
            return (line.day - dt.date(1899, 12, 30)).days
        case "due":
            return line.day + dt.timedelta(days=30)
        case "month":
            return f"{line.day:{style}}"
        case "period":
            year, number = fiscal_period(line.day)
            return style.format(first=year, second=(year + 1) % 100, number=number)
        case "s":
            return line.supplier
        case "t":
            return line.text
        case "r":
            return line.reference
        case "n":
            return line.number
        case "doc":
            return 5_100_000 + line.number
        case "cc":
            return f"CC{100 + line.number % 5}"
        case "gl":
            return 440_000 + line.number % 7 * 10
        case "po":
            return f"PO{9_000 + line.number}"
        case "a":
            return amount_text(line.cents, style) if style else line.cents / 100
        case "neg":
            return amount_text(-line.cents, style) if style else -line.cents / 100
        case "abs":
            return amount_text(abs(line.cents), style) if style else abs(line.cents) / 100
        case "dr":
            value = line.cents if line.cents > 0 else None
            return value if value is None else amount_text(value, style) if style else value / 100
        case "cr":
            value = -line.cents if line.cents < 0 else None
            return value if value is None else amount_text(value, style) if style else value / 100
        case "side":
            debit, _, credit = style.partition(",")
            return credit if line.cents < 0 else debit
        case "vat":
            return round(line.cents * 0.2) / 100
        case "gross":
            return (line.cents + round(line.cents * 0.2)) / 100
        case "fx":
            return round(line.cents * 1.17 + 3) / 100
        case "pick":
            options = style.split("/")
            return options[line.number % len(options)]
        case "":
            return None
        case "x":
            return style
    raise ValueError(code)


def table(spec: str, of: Sequence[Line]) -> Rows:
    """Header and rows of ``Heading=code | …``: ``x:`` a constant, ``a:de`` an amount as text, ``d`` a date."""
    columns = [part.strip().rpartition("=") for part in spec.split(" | ")]
    return [
        [heading for heading, _, _ in columns],
        *[[cell(line, code) for _, _, code in columns] for line in of],
    ]


Wanted = tuple[dt.date | None, str | None, Decimal, str]


@dataclass(frozen=True)
class Case:
    """One file and its truth.

    ``answers`` are what a file that cannot decide by itself is asked (key without its sheet → value); then it
    must read to the truth; ``refused`` is one no reading is right for.
    ``dated``: ``day``, ``month`` or None where the file holds no date.
    """

    name: str
    write: Callable[[Path], Path]
    truth: Sequence[Line]
    currency: str = "GBP"
    answers: tuple[tuple[str, str], ...] = ()
    dated: str | None = "day"
    named: bool = True
    base: str = "GBP"
    not_spend: int = 0
    others: tuple[Wanted, ...] = ()
    refused: bool = False

    def wanted(self) -> Counter[Wanted]:
        """The multiset of lines the file must read to."""
        return Counter(
            (
                None if self.dated is None else line.month if self.dated == "month" else line.day,
                " ".join(line.supplier.split()) if self.named else None,
                line.amount,
                self.currency,
            )
            for line in self.truth
        ) + Counter(self.others)


def book(
    path: Path, sheets: dict[str, Rows], finish: Callable[[openpyxl.Workbook], None] | None = None
) -> Path:
    """A workbook of sheets of rows; ``finish`` may merge, hide and format."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if finish is not None:
        finish(made)
    made.save(path)
    return path


def text(
    path: Path,
    rows: Iterable[Sequence[Any]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    end: str = "\r\n",
) -> Path:
    """Delimited text; dates that are no text are written as ISO."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    for row in rows:
        writer.writerow([f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else value for value in row])
    path.write_bytes(stream.getvalue().encode(encoding, "replace"))
    return path
