"""What several sheets of one layout leave open alike is asked once; each keeps its own evidence and its own answer."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mopsaudit.intake.contract import Kind, ReadingDecision
from mopsaudit.problems import RefusedError
from tests.importers.builders import read, workbook

HEAD = ["Invoice date", "Supplier", "Amount"]


def sheet(*days: str) -> list[list[object]]:
    return [list(HEAD), *[[day, f"Shop {n} Ltd", int(day[:2]) * 7.5 + n] for n, day in enumerate(days)]]


def book(tmp_path: Path) -> Path:
    return workbook(
        tmp_path / "a.xlsx",
        {
            "North": sheet("03/04/2026", "05/06/2026", "07/08/2026"),
            "South": sheet("02/03/2026", "04/05/2026", "06/07/2026"),
            "East": sheet("01/02/2026", "03/05/2026", "09/10/2026"),
            "West": sheet("13/02/2026", "03/05/2026", "09/10/2026"),
        },
    )


def test_an_open_date_order_is_asked_once_and_the_answer_holds_for_all(tmp_path: Path) -> None:
    path = book(tmp_path)
    reading, lines = read(path)
    (question,) = reading.questions
    assert question.key == "North!A.date_order"
    assert question.asks.endswith("too: “South”, “East”.")
    assert not lines
    reading, lines = read(path, answers=(("North!A.date_order", "mdy"),))
    assert not reading.questions
    assert [line.date for line in lines[::3]] == [
        date(2026, 3, 4),
        date(2026, 2, 3),
        date(2026, 1, 2),
        date(2026, 2, 13),  # its own cells decide
    ]


def test_a_sheet_may_have_an_answer_of_its_own(tmp_path: Path) -> None:
    path = book(tmp_path)
    reading, lines = read(path, answers=(("North!A.date_order", "mdy"), ("East!A.date_order", "dmy")))
    assert not reading.questions
    assert [line.date for line in lines[::3]][1:3] == [date(2026, 2, 3), date(2026, 2, 1)]


def test_the_answer_to_a_later_sheet_alone_leaves_the_first_open(tmp_path: Path) -> None:
    reading, _ = read(book(tmp_path), answers=(("East!A.date_order", "dmy"),))
    assert [question.key for question in reading.questions] == ["North!A.date_order"]
    assert reading.questions[0].asks.endswith("too: “South”.")


def test_sheets_of_other_layouts_are_asked_each(tmp_path: Path) -> None:
    other: list[list[object]] = [["Posting date", "Vendor", "Text", "Amount"]]
    other += [[f"0{n}/0{n + 1}/2026", f"Shop {n}", "x", 5.5 + n] for n in range(1, 5)]
    path = workbook(
        tmp_path / "a.xlsx", {"North": sheet("03/04/2026", "05/06/2026", "07/08/2026"), "Other": other}
    )
    reading, _ = read(path, answers=(("sheets", "all"),))
    assert {question.key for question in reading.questions} == {"North!A.date_order", "Other!A.date_order"}


def two_amounts(first: float) -> list[list[object]]:
    """Two columns headed alike, of which nothing says which is booked."""
    rows: list[list[object]] = [["Invoice date", "Supplier", "Amount", "Amount"]]
    return rows + [[f"2026-0{n}-15", f"Shop {n} Ltd", first + n, first + n * 3.5] for n in range(1, 6)]


def test_which_column_is_the_amount_is_asked_once(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"North": two_amounts(10.25), "South": two_amounts(20.75)})
    reading, lines = read(path)
    (question,) = reading.questions
    assert question.key == "North!amount_column"
    assert question.asks.endswith("“South”.")
    assert not lines
    reading, lines = read(path, answers=(("North!amount_column", "D"),))
    assert not reading.questions
    assert [float(line.amount) for line in lines[::5]] == [13.75, 24.25]
    reading, lines = read(path, answers=(("North!amount_column", "D"), ("South!amount_column", "C")))
    assert not reading.questions
    assert [float(line.amount) for line in lines[::5]] == [13.75, 21.75]


def months(first: float) -> list[list[object]]:
    head: list[object] = ["Supplier", "Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    return [head, *[[f"Shop {n} Ltd", *[first + n * m for m in range(1, 7)]] for n in range(1, 5)]]


@pytest.mark.parametrize("kind", [Kind.SPEND, Kind.BUDGET])
def test_the_year_of_bare_months_is_asked_once(tmp_path: Path, kind: Kind) -> None:
    path = workbook(
        tmp_path / "a.xlsx", {"North": months(10.5), "South": months(200.5), "FY2024": months(3.5)}
    )
    reading, _ = read(path, kind, as_of=date(2026, 3, 1))
    (question,) = reading.questions
    assert question.key == "North!fiscal_year"
    assert question.asks.endswith("“South”.")  # the third sheet is named after its year
    told = (("North!fiscal_year", "2025"),)
    reading, lines = read(path, kind, as_of=date(2026, 3, 1), answers=told)
    assert not reading.questions
    days = [line.period if kind is Kind.SPEND else line.values["month"] for line in lines]
    assert {day.year for day in days[:48]} == {2025}
    assert {day.year for day in days[48:]} == {2024}
    again = ReadingDecision.from_json(reading.decision.to_json())
    _, obeyed = read(path, kind, as_of=date(2026, 3, 1), answers=told, decision=again)
    assert obeyed == lines


def doubtful(first: float) -> list[list[object]]:
    return [["Thing", "Figure"], *[[f"Thing {n}", first + n] for n in range(1, 6)]]


def test_whether_doubtful_sheets_are_spend_is_asked_once(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"North": doubtful(10.25), "South": doubtful(20.75)})
    (question,) = read(path)[0].questions
    assert question.key == "North!reading"
    assert question.asks.endswith("“South”.")
    reading, lines = read(path, answers=(("North!reading", "yes"),))
    assert not reading.questions
    assert len(lines) == 10
    with pytest.raises(RefusedError, match="a person said it holds no spend"):
        read(path, answers=(("North!reading", "no"),))
    reading, lines = read(path, answers=(("North!reading", "no"), ("South!reading", "yes")))
    assert not reading.questions
    assert [line.amount for line in lines[:1]] == [Decimal("21.75")]


def test_different_answers_of_one_layout_hold_each_for_its_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"North": months(10.5), "South": months(200.5)})
    told = (("North!fiscal_year", "2025"), ("South!fiscal_year", "2026"))
    reading, lines = read(path, Kind.BUDGET, as_of=date(2026, 3, 1), answers=told)
    assert not reading.questions
    assert [line.values["month"].year for line in lines[::24]] == [2025, 2026]
