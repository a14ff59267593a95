"""Files as other publishers and programs lay them out: each reads to its exact lines, or asks and then does."""

import random
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mopsaudit.intake.contract import Reading, SpendRow, Tax
from mopsaudit.problems import RefusedError
from tests.importers.builders import read, workbook
from tests.importers.layouts import (
    abroad,
    accounts,
    bills,
    bodies,
    books,
    cards,
    entries,
    exports,
    flat,
    habits,
    handmade,
    ledgers,
    measures,
    movements,
    purchases,
    reports,
    shapes,
    statements,
    tables,
    traps,
)
from tests.importers.layouts.lines import Case, Wanted

CASES = [*flat.cases(), *reports.cases(), *tables.cases(), *books.cases(), *traps.cases(), *habits.cases()]
NEWER = [
    *exports.cases(),
    *bodies.cases(),
    *ledgers.cases(),
    *cards.cases(),
    *abroad.cases(),
    *measures.cases(),
    *shapes.cases(),
    *flat.later(),
    *statements.cases(),
    *bills.cases(),
    *handmade.cases(),
    *accounts.cases(),
    *movements.cases(),
    *entries.cases(),
    *purchases.cases(),
]
#: Those beyond a seeded sample run under ``make soak``.
SAMPLE = set(random.Random(20261121).sample(range(len(CASES)), 120))


def as_wanted(lines: list[SpendRow], case: Case) -> Counter[Wanted]:
    """What was read, told as the truth is."""
    found: Counter[Wanted] = Counter()
    for line in lines:
        if line.not_spend:
            continue
        month = line.period or (line.date and line.date.replace(day=1))
        found[
            (
                None if case.dated is None else month if case.dated == "month" else line.date,
                line.supplier if case.named else None,
                line.amount,
                line.currency,
            )
        ] += 1
    return found


def answered(path: Path, case: Case) -> tuple[Reading, list[SpendRow]]:
    """The reading, once what the file leaves open was asked and answered."""
    reading, lines = read(path, base_currency=case.base)
    asked = [question.key for question in reading.questions]
    assert sorted(key.rpartition("!")[2] for key in asked) == sorted(key for key, _ in case.answers)
    if asked:
        assert not lines
        answers = dict(case.answers)
        given = tuple((key, answers[key.rpartition("!")[2]]) for key in asked)
        reading, lines = read(path, base_currency=case.base, answers=given)
        assert not reading.questions
    return reading, lines


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=() if index in SAMPLE else (pytest.mark.soak,))
        for index, case in enumerate(CASES)
    ]
    + [pytest.param(case, id=case.name) for case in NEWER],
)
def test_a_file_reads_to_its_exact_lines(tmp_path: Path, case: Case) -> None:
    if case.refused:
        with pytest.raises(RefusedError):
            read(case.write(tmp_path))
        return
    reading, lines = answered(case.write(tmp_path), case)
    assert as_wanted(lines, case) == case.wanted()
    assert sum(line.not_spend is not None for line in lines) == case.not_spend
    totals = [total for sheet in reading.sheets for total in sheet.totals]
    assert all(total.foots is not False for total in totals)
    assert sum((total.data for total in totals), Decimal(0)) == sum(
        (line.amount for line in lines), Decimal(0)
    )


def test_a_tax_that_repeats_the_whole_invoices_on_each_line_is_no_lines_tax(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Invoice", "Date", "Supplier", "Amount", "Subtotal", "Tax amount", "Total"]]
    for number in range(1, 7):
        parts = [100.0 * number + part for part in range(1 + number % 3)]
        tax = round(sum(parts) * 0.21, 2)
        for part in parts:
            day = f"2026-0{number}-15"
            rows.append([f"INV-{number}", day, f"Shop {number} Ltd", part, sum(parts), tax, sum(parts) + tax])
    _, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert {line.tax for line in lines} == {None}
    each = [[*row[:5], round(float(str(row[3])) * 0.21, 2), row[6]] for row in rows[1:]]
    _, lines = read(workbook(tmp_path / "b.xlsx", [rows[0], *each]))
    assert all(line.tax == round(line.amount * Decimal("0.21"), 2) for line in lines)


def test_taxes_of_several_names_add_up_to_the_tax_of_a_line(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Date", "Party", "Invoice Total", "CGST", "SGST", "IGST"]]
    for number in range(1, 9):
        net = 1000 * number
        local = number % 2
        taxes = [net * 0.09, net * 0.09, 0] if local else [0, 0, net * 0.18]
        rows.append([f"2026-0{number}-15", f"Shop {number} Ltd", net * 1.18, *taxes])
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert not reading.questions
    assert reading.decision.sheets[0].tax is Tax.GROSS_WITH_TAX
    assert [line.tax for line in lines] == [Decimal(180 * number) for number in range(1, 9)]


def test_a_block_of_other_columns_below_is_told_and_never_left_out(tmp_path: Path) -> None:
    rows = [
        ["Date", "Supplier", "Amount"],
        *[[f"2026-01-{day:02}", f"Shop {day} Ltd", 10.5 * day] for day in range(1, 13)],
        [],
        ["Date", "Supplier", "Reference", "Amount"],
        *[[f"2026-02-{day:02}", f"Shop {day} Ltd", f"INV-{day}", 10.5 * day] for day in range(1, 13)],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows))
    assert len(lines) == 12
    assert reading.sheets[0].totals[0].unreadable == 13
    assert sum(problem.rejected for problem in reading.problems) == 13


def test_a_remembered_layout_takes_the_month_of_its_own_sheet(tmp_path: Path) -> None:
    head = ["Whom", "Cost", "Recharge"]
    january = {"January 2026": [head, ["ACME Ltd", 1.5, 10.25], ["Beta Ltd", 1.5, 20.5]]}
    february = {"February 2026": [head, ["ACME Ltd", 1.5, 30.25], ["Beta Ltd", 1.5, 40.5]]}
    maps = (("amount", "Recharge"), ("supplier", "Whom"))
    reading, lines = read(workbook(tmp_path / "a.xlsx", january), maps=maps)
    assert {line.period for line in lines} == {date(2026, 1, 1)}
    profile = reading.decision.to_json()["sheets"][0]
    _, lines = read(workbook(tmp_path / "b.xlsx", february), profiles=((profile["fingerprint"], profile),))
    assert {line.period for line in lines} == {date(2026, 2, 1)}
    assert sum(line.amount for line in lines) == Decimal("70.75")
