"""Credits as vendors' consoles and people's own lists print them: columns, days, numbers, and what is never guessed."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind
from mopsaudit.problems import RefusedError
from tests.importers.builders import read, workbook

D = datetime


def found(path: Path, **options: Any) -> list[dict[str, Any]]:
    reading, rows = read(path, Kind.CREDITS, **options)
    assert not reading.questions, reading.questions
    return [dict(row.values) for row in rows]


def test_a_messy_list_with_a_title_text_numbers_and_a_note(tmp_path: Path) -> None:
    rows = [
        ["Credit consumption, FY 2026"],
        [],
        ["Product", "As of date", "Entitlement", "Consumed", "Remaining", "Forfeited", "% used"],
        ["Clay", D(2026, 6, 30), 1000, 400, 600, None, "40 %"],
        ["Clay", "30 Sep 2026", "1,000.00", "860.5", 139.5, 0, "86 %"],
        ["Twilio", D(2026, 9, 30), None, "1,250,000", None, None, None],
        ["Figures are cumulative since the start of the term, as the consoles print them at month end."],
    ]
    first, second, third = found(workbook(tmp_path / "a.xlsx", rows))
    assert (first["tool"], first["date"], first["bought"], first["used"]) == (
        "Clay",
        date(2026, 6, 30),
        1000,
        400,
    )
    assert (second["date"], second["used"], second["expired"]) == (date(2026, 9, 30), Decimal("860.5"), 0)
    assert (third["bought"], third["used"]) == (None, 1_250_000)


def test_readings_that_add_up_are_no_total(tmp_path: Path) -> None:
    """A counter grows: 300 after 100 and 200 is a reading, not the sum of the rows above it."""
    rows = [
        ["Tool", "Read on", "Used"],
        *(["Clay", D(2026, month, 28), used] for month, used in ((1, 100), (2, 200), (3, 300), (4, 600))),
    ]
    assert [row["used"] for row in found(workbook(tmp_path / "a.xlsx", rows))] == [100, 200, 300, 600]


@pytest.mark.parametrize(
    "rows, options, key",
    [
        ([["Tool", "Read on", "Used"], ["Clay", D(2026, 6, 30), "12.000"]], {}, "Spend!C.decimal_mark"),
        ([["Tool", "Read on", "Used"], ["Clay", "03/04/2026", 5]], {}, "Spend!B.date_order"),
        ([["Read on", "Used"], [D(2026, 6, 30), 5]], {"known_tools": ("Clay",)}, "tool"),
    ],
    ids=["mark", "order", "tool"],
)
def test_what_the_cells_leave_open_is_asked(
    tmp_path: Path, rows: list[list[Any]], options: dict[str, Any], key: str
) -> None:
    reading, _ = read(workbook(tmp_path / "a.xlsx", rows), Kind.CREDITS, **options)
    assert [each.key for each in reading.questions] == [key]


def test_a_list_of_one_tool_takes_it_from_the_option(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Read on", "Used"], [D(2026, 6, 30), 5]])
    assert found(path, tool="Clay")[0]["tool"] == "Clay"


def test_use_of_a_month_is_not_taken_for_use_to_date(tmp_path: Path) -> None:
    """A sum of one month under a heading that says so is no counter; taken for one it would understate what is used."""
    path = workbook(tmp_path / "a.xlsx", [["Tool", "Date", "Used this month"], ["Clay", D(2026, 6, 30), 5]])
    with pytest.raises(RefusedError):
        read(path, Kind.CREDITS)
