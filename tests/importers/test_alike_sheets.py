"""What several sheets of one layout leave open alike is asked once; each keeps its own evidence and its own answer."""

from datetime import date
from pathlib import Path

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
