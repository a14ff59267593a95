"""Rows read column by column end as the same lines, problems and sums as rows read cell by cell."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from importers import sheet_words, spend, spend_plain, spend_sections
from importers.grid import Bad, Cell, Grid
from importers.not_spend import says_reversal
from importers.sheet_words import SheetWords
from importers.spend_book import read_spend
from importers.spend_sections import carry_down
from importers.texts import fold
from importers.total_words import Says, says_total, shape
from mopsaudit.intake.contract import (
    ColumnChoice,
    Kind,
    Layout,
    Reading,
    ReadOptions,
    SheetDecision,
    SpendRow,
)

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
@pytest.mark.parametrize("at_once", [2000, 20])
def test_both_ways_end_alike(
    seed: int, currency: bool, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of twenty rows many hold nothing odd at all, which are read by still shorter ways.
    monkeypatch.setattr(spend, "AT_ONCE", at_once)
    monkeypatch.setattr(spend_plain, "AT_ONCE", at_once)
    monkeypatch.setattr(spend, "FEW", 1 + seed % 3 * 10)  # handed on as columns, or gathered with the others

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


TEXTS = (
    *("INV-1", "INV 22", "Total", " Total", "TOTAL GAS & POWER LTD", "Supplier", "supplier ", "SUPPLIER"),
    *(
        "a  b",
        "a\tb",
        "a\nTotal",
        "Total\n",
        "\x00",
        "x\x00y",
        "",
        " ",
        "\x1f",
        "Rückbuchung 7",
        "Summe 2025",
        "é",
    ),
    *("Reversal of INV-1", "Balance c/f", "Subtotal 12", "Übertrag", "12", "Net amount", "\x7f"),
)


@pytest.mark.parametrize("seed", range(20))
def test_texts_looked_at_together_say_what_each_says(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_words, "_PORTION", 1 + seed % 4)
    chance = random.Random(seed)
    texts = {f"{chance.choice(TEXTS)}{chance.choice(('', '', ' ', '7', ' x'))}" for _ in range(40)}
    rows: list[list[Cell]] = [[text, 1, None] for text in sorted(texts)]
    headings = ["Supplier", "Net amount", ""]
    words = SheetWords(rows, headings)
    assert words.folded == {text: fold(text) for text in texts}
    claims = {text: says_total(text) for text in texts}
    assert words.claiming == {text for text, said in claims.items() if said}
    assert words.outright == {text for text, said in claims.items() if said >= Says.OUTRIGHT}
    assert words.headings == {text for text in texts if fold(text).casefold() in ("supplier", "net amount")}
    assert words.reversals == {text for text in texts if says_reversal(shape(fold(text)))}


@pytest.mark.parametrize("seed", range(30))
def test_a_sheet_given_up_early_names_no_date_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether dates are carried down is decided alike when every line is looked at."""
    chance = random.Random(seed)
    share = chance.random()
    decision = SheetDecision(
        name="L",
        used=True,
        layout=Layout.FLAT,
        header_rows=(1,),
        first_row=2,
        columns=tuple(
            ColumnChoice(field=name, letters=letter, header=name)
            for name, letter in (("date", "A"), ("supplier", "B"), ("amount", "C"))
        ),
    )
    rows: list[list[Cell]] = [["date", "supplier", "amount"]]
    day = datetime(2025, 1, 1)  # noqa: DTZ001  # a cell's date knows no zone
    for number in range(chance.randrange(2, 40)):
        dated = number == 0 or chance.random() < share
        rows.append([day + timedelta(days=number) if dated else None, f"S{number % 5}", number + 0.5])

    def carried() -> list[list[Cell]]:
        grid = Grid(name="L", numbers=list(range(1, len(rows) + 1)), rows=[list(row) for row in rows])
        carry_down(grid, decision)
        return grid.rows

    quick = carried()
    monkeypatch.setattr(spend_sections, "_too_few_undated", lambda *_: False)
    assert quick == carried()
