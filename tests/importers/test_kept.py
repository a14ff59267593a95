"""Lists of every kind as people keep them read to just what they say, or are refused with a sentence."""

from collections import Counter
from pathlib import Path

import pytest

from mopsaudit.intake.contract import Kind, RecordRow
from mopsaudit.problems import RefusedError
from tests.importers.builders import read, workbook
from tests.importers.layouts import kept_lists, kept_plans
from tests.importers.layouts.kept import Kept

CASES = [
    *kept_lists.inventories(),
    *kept_lists.contracts(),
    *kept_lists.usages(),
    *kept_plans.people(),
    *kept_plans.budgets(),
    *kept_plans.orders(),
    *kept_plans.benefits(),
    *kept_plans.rates(),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}-{case.name}")
def test_a_list_reads_to_what_it_says(tmp_path: Path, case: Kept) -> None:
    path = workbook(tmp_path / f"{case.name}.xlsx", case.sheets)
    if case.refused:
        with pytest.raises(RefusedError, match="Check the kind, or start from the empty template"):
            read(path, case.kind)
    reading, rows = read(path, case.kind, **case.options)
    assert not reading.questions
    # Records without a currency of their own are in their sheet's.
    currency = next(sheet.decision.currency for sheet in reading.sheets if sheet.decision.used)

    def said(row: RecordRow, name: str) -> object:
        value = row.values.get(name)
        return (currency if name == "currency" else None) if value in (None, "") else value

    found = Counter(tuple(said(row, name) for name in case.fields) for row in rows)
    assert found == Counter(case.says)
    assert not [problem for problem in reading.problems if problem.rejected]


def test_a_quarters_sum_beside_it_counts_once(tmp_path: Path) -> None:
    """Quarters with their year between the halves they add up to."""
    rows = [
        ["Tool", "Q1 2026", "Q2 2026", "H1 2026", "Q3 2026", "Q4 2026", "2. Halbjahr 2026"],
        ["CRM", 3, 6, 9, 30, 60, 90],
    ]
    _, found = read(workbook(tmp_path / "a.xlsx", rows), Kind.BUDGET)
    assert [int(row.values["amount"]) for row in found] == [1] * 3 + [2] * 3 + [10] * 3 + [20] * 3


@pytest.mark.parametrize(
    "title, unit", [("Plan 2026 in T€", 1000), ("Orders above 5 T€", 1), ("Plan 2026 (k€)", 1000)]
)
def test_a_year_before_the_unit_is_no_amount(tmp_path: Path, title: str, unit: int) -> None:
    rows = [[title], ["Tool", "Jan 2026", "Feb 2026"], ["CRM", 1, 2], ["Ads", 3, 4]]
    _, found = read(workbook(tmp_path / "a.xlsx", rows), Kind.BUDGET)
    assert [row.values["amount"] / unit for row in found] == [1, 2, 3, 4]


@pytest.mark.parametrize("kind", [Kind.INVENTORY, Kind.CONTRACTS, Kind.ORDERS, Kind.BENEFITS])
def test_an_amount_that_names_its_currency_is_in_it(tmp_path: Path, kind: Kind) -> None:
    """Where no column, heading or format says it: an amount in euros is none in the company's dollars."""
    head = {
        Kind.INVENTORY: ["Tool", "Yearly cost"],
        Kind.CONTRACTS: ["Vendor", "Amount", "End date"],
        Kind.ORDERS: ["PO number", "Amount", "Supplier"],
        Kind.BENEFITS: ["Case", "Actual", "Month"],
    }[kind]
    more = ["2026-12-31"] if kind in (Kind.CONTRACTS, Kind.BENEFITS) else []
    rows = [
        head,
        ["One", "€ 4,800.50", *more],
        ["Two", "300.25 GBP", *more],
        ["Three", "USD 12.75", *more],
    ]
    reading, found = read(workbook(tmp_path / "a.xlsx", rows), kind)
    assert [row.values.get("currency") for row in found] == ["EUR", "GBP", "USD"]
    assert "currency.assumed" not in [problem.code for problem in reading.problems]
    reading, found = read(workbook(tmp_path / "b.xlsx", [*rows, ["Four", 7.5, *more]]), kind)
    assert "currency.assumed" in [problem.code for problem in reading.problems]
