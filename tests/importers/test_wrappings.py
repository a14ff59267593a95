"""Property: any table of lines, in any supported wrapping, reads back to its exact multiset of lines."""

import datetime as dt
import tempfile
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers.builders import read, text_file, workbook

NAMES = (
    "ACME Ltd",
    "TOTAL GAS & POWER LTD",
    "Total Mobile Limited",
    "Beta plc",
    "Grand Hotel",
    "Sum Up Payments",
    "Balance Yoga Studio",
    "O'Brien & Söhne GmbH",
    "=cmd|' /C calc'!A0",
    "Subtotal Software Inc",
)


@dataclass(frozen=True)
class Line:
    """One line of the oracle."""

    day: dt.date
    supplier: str
    text: str
    cents: int

    @property
    def amount(self) -> Decimal:
        return Decimal(self.cents).scaleb(-2)


lines_of = st.lists(
    st.builds(
        Line,
        day=st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 28)),
        supplier=st.sampled_from(NAMES),
        text=st.sampled_from(("Hosting", "Events in March", "Licences", "Print & post")),
        cents=st.one_of(st.integers(1, 10**9), st.integers(-(10**6), -1)),
    ),
    min_size=4,
    max_size=30,
).filter(lambda lines: sum(line.cents > 0 for line in lines) * 2 > len(lines))

wrappings = st.sampled_from(
    (
        "plain",
        "titled",
        "offset",
        "totalled",
        "unlabelled",
        "debit-credit",
        "grouped",
        "text-point",
        "text-comma",
        "paren",
        "csv",
        "semicolon",
    )
)


def amount_text(cents: int, mark: str, *, paren: bool = False) -> str:
    """The amount with two decimals and grouped thousands, in a locale."""
    text = f"{abs(cents) / 100:,.2f}"
    if mark == ",":
        text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
    if cents >= 0:
        return text
    return f"({text})" if paren else f"-{text}"


def number(cents: int) -> float:
    """What a spreadsheet stores."""
    return cents / 100


def wrap(lines: list[Line], wrapping: str, folder: Path) -> Path:
    """Write the lines in a wrapping."""
    head = ["Invoice date", "Supplier", "Description", "Amount"]
    total = sum(line.cents for line in lines)
    rows: list[list[Any]] = [[line.day, line.supplier, line.text, number(line.cents)] for line in lines]
    match wrapping:
        case "titled":
            return workbook(
                folder / "a.xlsx",
                [
                    ["Spend report"],
                    ["Period", "2025 to 2026"],
                    [],
                    head,
                    *rows,
                    [],
                    ["End of report, thank you."],
                ],
            )
        case "offset":
            return workbook(folder / "a.xlsx", [[], [], [], *[[None, None, *row] for row in [head, *rows]]])
        case "totalled":
            return workbook(folder / "a.xlsx", [head, *rows, [None, "Total", None, number(total)]])
        case "unlabelled":
            return workbook(folder / "a.xlsx", [head, *rows, [], [None, None, None, number(total)]])
        case "debit-credit":
            sides = [
                [
                    *row[:3],
                    number(line.cents) if line.cents > 0 else None,
                    number(-line.cents) if line.cents < 0 else None,
                ]
                for row, line in zip(rows, lines, strict=True)
            ]
            return workbook(folder / "a.xlsx", [["Date", "Vendor", "Narrative", "Debit", "Credit"], *sides])
        case "grouped":
            grouped: list[list[Any]] = [["Vendor", "Invoice date", "Description", "Amount"]]
            for name in sorted({line.supplier for line in lines}):
                mine = [line for line in lines if line.supplier == name]
                grouped.append([name])
                grouped += [[None, line.day, line.text, number(line.cents)] for line in mine]
                grouped.append([None, None, "Total for vendor", number(sum(line.cents for line in mine))])
            return workbook(folder / "a.xlsx", grouped)
        case "text-point" | "text-comma" | "paren":
            mark = "," if wrapping == "text-comma" else "."
            texts = [
                [
                    f"{line.day:%d %b %Y}",
                    line.supplier,
                    line.text,
                    amount_text(line.cents, mark, paren=wrapping == "paren"),
                ]
                for line in lines
            ]
            return workbook(folder / "a.xlsx", [head, *texts])
        case "csv" | "semicolon":
            mark = "," if wrapping == "semicolon" else "."
            texts = [
                [line.day.isoformat(), line.supplier, line.text, amount_text(line.cents, mark)]
                for line in lines
            ]
            return text_file(
                folder / "a.csv", [head, *texts], delimiter=";" if wrapping == "semicolon" else ","
            )
        case _:
            return workbook(folder / "a.xlsx", [head, *rows])


@given(lines=lines_of, wrapping=wrappings)
@settings(max_examples=60)
def test_any_wrapping_reads_back_to_the_same_lines(lines: list[Line], wrapping: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reading, found = read(wrap(lines, wrapping, Path(folder)))
    assert not reading.questions
    expected = Counter((line.day, line.supplier, line.text, line.amount) for line in lines)
    assert Counter((line.date, line.supplier, line.description, line.amount) for line in found) == expected
    used = next(sheet for sheet in reading.sheets if sheet.decision.used)
    assert used.totals[0].data == sum((line.amount for line in lines), Decimal(0))
    assert used.totals[0].unreadable == 0
    assert used.totals[0].foots is not False
