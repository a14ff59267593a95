"""Rows read column by column end as the same lines, problems and sums as rows read cell by cell."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from importers import spend, spend_plain
from importers.grid import Bad, Cell, Grid
from importers.spend_book import read_spend
from mopsaudit.intake.contract import Kind, Reading, ReadOptions, SpendRow

HEADINGS: list[Cell] = [
    *("Posting date", "Supplier", "Description", "Net amount", "Tax", "Currency", "Invoice number"),
    *("Cost centre", "GL account", "Original amount", "Original currency"),
]
SUPPLIERS: tuple[Cell, ...] = (
    *(
        "Hartley Print Ltd",
        "TOTAL GAS & POWER LTD",
        " Orion\u00a0 Catering ",
        "",
        None,
        4410,
        "Total",
        "Balance Ltd",
    ),
    *("AMEX PAYMENT", "Direct debit received", "Subtotal Software GmbH"),
)

ACCOUNTS: tuple[Cell, ...] = (4410, "4410", True)


class Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.lines: list[tuple[str | None, SpendRow]] = []

    def rows(self, sheet: str | None, batch: Any) -> None:
        self.lines.extend((sheet, row) for row in batch)

    def progress(self, done: int, total: int | None) -> None:
        pass


def ledger(seed: int, lines: int = 1500) -> Grid:
    """A ledger with whatever makes a row less than plain, in the order a seed decides."""
    chance = random.Random(seed)
    rows: list[list[Cell]] = [list(HEADINGS)]
    day = datetime(2025, 1, 1)  # noqa: DTZ001  # a cell's date knows no zone
    total = 0
    for number in range(lines):
        odd = chance.random()
        cents = chance.randrange(-30_000, 900_000)
        amount: Cell = cents / 100 if odd > 0.03 else cents
        when: Cell = day + timedelta(days=number // 8)
        if chance.random() < 0.1:
            when = chance.choice(
                [f"{day.year}-03-{number % 28 + 1:02}", None, "n/a", date(2025, 3, 4), 45_700]
            )
        supplier: Cell = f"Supplier {number % 40}"
        if chance.random() < 0.1:
            supplier = chance.choice(SUPPLIERS)
        if chance.random() < 0.02:
            amount = chance.choice(
                [None, "12,50", "1.234,5", Bad("error", "#REF!"), True, float("nan"), 0.1234567]
            )
        total += cents if isinstance(amount, float) else 0
        row: list[Cell] = [when, supplier, f"order {number % 90}", amount]
        row += [
            chance.choice([cents / 500, "n/a", None, 3]),
            chance.choice(["GBP", "GBP", "EUR", None, "??", 1]),
        ]
        row += [f"INV-{number}", chance.choice(["CC1", 100, None, 7.0]), chance.choice(ACCOUNTS)]
        row += [chance.choice([None, 12.5, "9,99"]), chance.choice([None, "USD", "$"])]
        while row and row[-1] is None:
            row.pop()
        rows.append(row)
        if chance.random() < 0.01:
            rows.append(list(HEADINGS))
        if chance.random() < 0.01:
            rows.append([None, "a note between the lines"])
    rows.append([None, "Total", None, total / 100])
    return Grid(
        name="Ledger",
        numbers=[2 * place + 3 for place in range(len(rows))],
        rows=rows,
        hidden_rows=frozenset(range(101, 140)) if seed % 2 else frozenset(),
        formats={3: [(5, "£#,##0.00"), (700, '#,##0.00 "EUR"')]} if seed % 3 else {},
    )


def read(grid: Grid) -> tuple[Reading, list[tuple[str | None, SpendRow]]]:
    """What reading a sheet gives."""
    sink = Kept()
    options = ReadOptions(kind=Kind.SPEND, as_of=date(2025, 12, 31), answers=answers_of(grid))
    return read_spend([grid], options, sink), sink.lines


def answers_of(grid: Grid) -> tuple[tuple[str, str], ...]:
    """Answers to what these ledgers leave open."""
    sink = Kept()
    reading = read_spend([grid], ReadOptions(kind=Kind.SPEND, as_of=date(2025, 12, 31)), sink)
    return tuple((question.key, question.choices[0].value) for question in reading.questions)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("currency", [True, False])
def test_both_ways_end_alike(seed: int, currency: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def made() -> Grid:
        grid = ledger(seed)
        if not currency:
            for row in grid.rows:
                if len(row) > 5:
                    row[5] = None
        return grid

    used = []
    whole = spend_plain.plain_rows

    def counting(*arguments: Any) -> Any:
        found = whole(*arguments)
        used.append(found)
        return found

    monkeypatch.setattr(spend, "plain_rows", counting)
    quick, quick_lines = read(made())
    assert used
    assert used[-1] is not None
    monkeypatch.setattr(spend, "plain_rows", lambda *_: None)
    slow, slow_lines = read(made())
    assert len(quick_lines) > 1000
    assert list(map(repr, quick_lines)) == list(map(repr, slow_lines))
    assert repr(quick) == repr(slow)
