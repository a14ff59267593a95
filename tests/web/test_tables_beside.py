"""A sheet with two tables side by side on the review page."""

import io
import re
from collections.abc import Callable
from contextvars import Context
from typing import Any

import openpyxl
import pytest
from flask import Flask

from mopsaudit import jobs
from mopsaudit.jobs.worker import run_one
from tests.web.browser import Tab

Sign = Callable[..., Tab]


def _workbook(rows: list[list[Any]], name: str = "AP") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """Does all the background work that waits."""

    def run() -> None:
        while Context().run(run_one, app, jobs.handlers, worker="test", clock=app.config["MOPSAUDIT_CLOCK"]):
            pass

    return run


def _upload(tab: Tab, data: bytes, name: str = "AP.xlsx", kind: str = "spend") -> str:
    tab.get("/imports")
    done = tab.post(
        "/imports", {"kind": kind, "files": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )
    assert done.status_code == 303
    return str(done.location)


def _text(tab: Tab, path: str) -> str:
    return tab.get(path).get_data(as_text=True)


def test_columns_of_a_table_beside_are_shown_as_those_they_follow(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    head = ["Vendor", "Date", "Amount"]
    names = [
        ("HubSpot", "Gong"),
        ("Canva", "Miro"),
        ("Semrush", "Figma"),
        ("Adobe", "Notion"),
        ("Hotjar", "Zoom"),
    ]
    rows = [
        [one, f"2026-0{i}-03", 10 * i, None, two, f"2026-0{i}-05", 7 * i]
        for i, (one, two) in enumerate(names, 1)
    ]
    page = _upload(tab, _workbook([["Marketing", *[None] * 3, "Sales"], [*head, None, *head], *rows]))
    work()
    text = _text(tab, page)
    assert re.findall(r'class="follows">([^<]*)<', text) == ["Supplier, as A", "Date, as B", "Amount, as C"]
    assert re.findall(r'name="edit.column.([A-Z])"', text) == ["A", "B", "C"]
    assert "255.00" in text
