"""Tools and contracts out of the browser, edited, in again: the review says cell by cell what would change."""

import io
from collections.abc import Callable
from contextvars import Context
from datetime import UTC, datetime

import openpyxl
import pytest
from flask import Flask

from mopsaudit import jobs
from mopsaudit.jobs.worker import run_one
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web.browser import Tab

Sign = Callable[..., Tab]


@pytest.fixture
def company(app: Flask) -> None:
    """A tool with a contract line of ten seats."""
    with app.app_context(), unit_of_work(SYSTEM, now=datetime(2026, 1, 5, tzinfo=UTC)) as session:
        vendor = builders.vendor(session, "Acme")
        tool = builders.tool(session, "Mailer", of=vendor, site="https://a.example")
        builders.contract(
            session, vendor, reference="MSA-1", notice_count=90, lines=[{"tool": tool, "seats": 10}]
        )


def _edited(tab: Tab, path: str, edits: dict[str, object]) -> bytes:
    """The file of a page with cells of its first row edited, by heading."""
    answer = tab.get(path)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.active
    assert sheet is not None
    heads = [str(cell.value) for cell in sheet[1]]
    for head, value in edits.items():
        sheet.cell(row=2, column=heads.index(head) + 1).value = value  # type: ignore[assignment]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.usefixtures("company")
def test_contracts_are_edited_previewed_imported_and_told(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("finance")
    data = _edited(tab, "/contracts/to-edit.xlsx", {"Quantity": 25, "Notice period": None})
    tab.get("/imports")
    sent = tab.post(
        "/imports",
        {"kind": "contracts", "files": (io.BytesIO(data), "contracts.xlsx")},
        content_type="multipart/form-data",
    )
    page = str(sent.location)

    def work() -> None:
        while Context().run(run_one, app, jobs.handlers, worker="test", clock=app.config["MOPSAUDIT_CLOCK"]):
            pass

    work()
    review = tab.get(page).get_data(as_text=True)
    assert "1 row changes one: 1 cell changed, 1 cleared." in review
    told = tab.get(f"{page}/changes").get_data(as_text=True)
    assert "1 row would change a record (1 cell changed, 1 cell cleared)" in told
    assert all(text in told for text in ("Quantity", "90 days", "is cleared", "<span>25</span>"))
    listed = tab.get(f"{page}/changes?format=csv").get_data(as_text=True)
    assert "Acme,changes,Quantity,10,25,2,G2" in listed
    assert tab.get("/contracts/1").get_data(as_text=True).count("90 days") >= 1, "a preview writes nothing"
    tab.get(page)
    tab.post(f"{page}/apply")
    work()
    assert "1 row changed a record" in tab.get(f"{page}/changes").get_data(as_text=True)
    assert "Nobody" not in tab.get(page).get_data(as_text=True)


@pytest.mark.usefixtures("company")
def test_both_lists_offer_their_file_to_those_who_may_export(sign_in: Sign) -> None:
    assert "/tools/to-edit.xlsx" in sign_in("ops").get("/tools").get_data(as_text=True)
    viewer = sign_in("viewer", email="v@example.com")
    assert "to-edit.xlsx" not in viewer.get("/contracts").get_data(as_text=True)
    assert viewer.get("/contracts/to-edit.xlsx").status_code == 403
