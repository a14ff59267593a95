"""Files as a browser sends them."""

import io
from typing import Any

import openpyxl

from tests.web.browser import Tab


def workbook(rows: list[list[Any]], name: str = "AP") -> bytes:
    """A workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(tab: Tab, data: bytes, name: str = "AP.xlsx", kind: str = "spend") -> str:
    """The page of a file that was dropped there."""
    tab.get("/imports")
    done = tab.post(
        "/imports", {"kind": kind, "files": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )
    assert done.status_code == 303
    return str(done.location)
