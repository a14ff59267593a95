"""A file that was refused: its sheets are shown, a person says where the table is, or what kind of file it is."""

import re
from collections.abc import Callable
from typing import Any

from tests.web.browser import Tab
from tests.web.uploads import upload, workbook

Sign = Callable[..., Tab]

PLAN: list[list[Any]] = [["Alpha", "Beta", "Gamma"], ["Search", 1250, "2026-03"], ["Events", 750, "2026-04"]]
SPEND: list[list[Any]] = [["Date", "Supplier", "Amount"], ["2026-03-02", "HUBSPOT INC.", 10.0]]


def _text(tab: Tab, path: str) -> str:
    return tab.get(path).get_data(as_text=True)


def _point(tab: Tab, page: str, sheet: str = "Plan", **said: str) -> None:
    version = re.findall(r'name="version" value="(\d+)"', _text(tab, page))[0]
    form = {"version": version, "sheet": "0", "sheet_name": sheet, "has_name": "1"}
    for where, what in said.items():
        kind, target = ("row", where.removeprefix("row")) if where.startswith("row") else ("column", where)
        form |= {f"was.{kind}.{target}": "", f"edit.{kind}.{target}": what}
    assert tab.post(f"{page}/read", form).status_code == 303


def test_a_person_points_at_the_table_and_the_next_file_is_read_so(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(PLAN, "Plan"), "plan.xlsx", "budget")
    work()
    refused = _text(tab, page)
    assert "no table with amount was found" in refused
    assert "mark the row of its headings" in refused
    assert "/imports/templates/budget.xlsx" in refused
    assert "Do not import" not in refused
    _point(tab, page, A="programme", B="amount", C="month", row1="header")
    work()
    assert "Import 2 rows, 2,000.00 USD" in _text(tab, page)
    tab.get(page)
    tab.post(f"{page}/apply")
    work()
    assert "2 rows of plan.xlsx count" in _text(tab, page)
    later = upload(tab, workbook([*PLAN, ["Fairs", 40, "2026-05"]], "Plan"), "later.xlsx", "budget")
    work()
    assert "Import 3 rows" in _text(tab, later)


def test_who_points_at_too_little_is_told_and_keeps_what_was_said(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(PLAN, "Plan"), "plan.xlsx", "budget")
    work()
    _point(tab, page, A="programme", row1="header")
    work()
    again = _text(tab, page)
    assert "no table with amount was found" in again
    assert re.search(r'name="was\.column\.A" value="programme"', again)
    _point(tab, page, B="amount")
    work()
    read = _text(tab, page)
    assert "Import 2 rows, 2,000.00 USD" in read
    assert '<a href="#column-C">Month from C</a>' in read  # what a person leaves open is found as ever


def test_a_file_of_another_kind_is_read_again_as_that(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(SPEND), "ap.xlsx", "budget")
    work()
    assert "Read it as" in _text(tab, page)
    done = tab.post(f"{page}/kind", {"kind": "spend"})
    assert done.status_code == 303
    other = str(done.location)
    assert other != page
    work()
    assert "Import 1 line, 10.00 USD" in _text(tab, other)
    # What waits there is given up when it is read as a third kind; the first stays refused.
    tab.get(other)
    third = str(tab.post(f"{other}/kind", {"kind": "orders"}).location)
    assert third not in (page, other)
    assert "cancelled" in _text(tab, other)
    work()
    tab.get(page)
    assert str(tab.post(f"{page}/kind", {"kind": "budget"}).location) == page
    assert "already" in _text(tab, page)
    assert tab.post(f"{page}/kind", {"kind": "poems"}).status_code == 303


def test_what_counts_is_not_read_as_another_kind(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(SPEND), "ap.xlsx")
    work()
    tab.get(page)
    tab.post(f"{page}/apply")
    work()
    assert "Read it as" not in _text(tab, page)
    assert str(tab.post(f"{page}/kind", {"kind": "budget"}).location) == page
    assert "not in the ledger" in _text(tab, page)


def test_who_may_not_see_people_does_not_see_them_as_another_kind(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    admin = sign_in("admin", email="admin@example.com")
    rows: list[list[Any]] = [
        ["Tool", "Email", "Last activity"],
        ["HubSpot", "ada.lovelace@example.com", "2026-09-01"],
    ]
    page = upload(admin, workbook(rows), "users.xlsx", "usage")
    work()
    other = sign_in("procurement", email="buyer@example.com")
    other.get("/imports")
    assert other.post(f"{page}/kind", {"kind": "spend"}).status_code == 403


def test_a_file_that_is_no_workbook_offers_no_sheet(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = upload(tab, b"%PDF-1.4 nothing of ours", "invoice.xlsx")
    work()
    text = _text(tab, page)
    assert "mark the row" not in text
    assert "Read it as" in text
