"""What the review says where nothing can be imported, nothing is new, or several sheets have the same problem."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl

from tests.web.browser import Tab
from tests.web.uploads import upload, workbook

Sign = Callable[..., Tab]


def test_a_file_none_of_whose_rows_can_be_read_offers_no_import(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    rows: list[list[Any]] = [
        ["Date", "Supplier", "Amount"],
        ["2026-03-02", "HUBSPOT INC.", "#REF!"],
        ["2026-03-03", "SLACK", "#N/A"],
    ]
    page = upload(tab, workbook(rows), "broken.xlsx", "spend")
    work()
    shown = tab.get(page).get_data(as_text=True)
    assert "None of its 2 rows can be imported." in shown
    assert "btn-import" not in shown
    assert "Do not import" in shown


def test_a_file_of_known_lines_alone_says_that_nothing_is_new(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    rows: list[list[Any]] = [
        ["Date", "Supplier", "Amount"],
        ["2026-03-02", "HUBSPOT INC.", 10.5],
        ["2026-03-03", "SLACK", 20.25],
    ]
    page = upload(tab, workbook(rows), "first.xlsx", "spend")
    work()
    tab.post(f"{page}/apply")
    work()
    again = upload(tab, workbook(rows[:2]), "again.xlsx", "spend")
    work()
    assert "Note 1 known line as seen again; nothing new" in tab.get(again).get_data(as_text=True)


def test_a_problem_of_several_sheets_names_them(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    rows: list[list[Any]] = [
        ["Date", "Supplier", "Amount"],
        ["2026-03-02", "HUBSPOT INC.", 10.5],
        ["2026-03-03", "SLACK", "about 7"],
    ]
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows, "Mar")))
    other = book.copy_worksheet(book["Mar"])
    other.title, other["C2"] = "Apr", 12.25
    held = io.BytesIO()
    book.save(held)
    page = upload(tab, held.getvalue(), "months.xlsx", "spend")
    work()
    shown = tab.get(page).get_data(as_text=True)
    assert "(Mar!C3, Apr!C3)" in shown
    assert "()" not in shown, "a problem without a cell has no place to show"
