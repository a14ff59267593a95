"""Uploads that mean harm, or are merely odd: each ends in a review or a sentence; never in a fault."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
from flask import Flask
from msoffcrypto.format.ooxml import OOXMLFile

from tests.web.browser import Tab

Sign = Callable[..., Tab]
ROWS: list[list[Any]] = [
    ["Invoice date", "Supplier", "Description", "Invoice no", "Amount"],
    ["2026-03-02", "HUBSPOT IRELAND LTD", "Marketing Hub", "H-1", 1200.5],
    ["2026-03-09", "Mailchimp", "Monthly plan", "M-7", 99.99],
]


def _workbook(title: str = "AP") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in ROWS:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _repacked(change: Callable[[bytes], bytes] = bytes, extra: str | None = None) -> bytes:
    """The workbook with its sheet changed, or with one more member."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_workbook())) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member.filename, change(data) if member.filename.endswith("sheet1.xml") else data)
        if extra:
            new.writestr(extra, b"x")
    return target.getvalue()


def _encrypted() -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(_workbook())).encrypt("secret", target)
    return target.getvalue()


#: Bytes, name, what the page says.
HOSTILE: tuple[tuple[Callable[[], bytes], str, str], ...] = (
    (lambda: b"", "a.xlsx", "it holds no bytes"),
    (lambda: b"just some words", "a.xlsx", "not a workbook"),
    (lambda: bytes(range(256)) * 99, "a.csv", "binary data"),
    (lambda: _workbook()[:3000], "a.xlsx", "damaged"),
    (lambda: b"PK\x03\x04", "a.xlsx", "damaged"),
    (lambda: b"PK\x05\x06" + bytes(18), "a.xlsx", "not a workbook"),
    (lambda: _repacked(lambda data: data + b" " * (101 << 20)), "a.xlsx", "unpacks to more than"),
    (lambda: _repacked(lambda data: b'<!DOCTYPE x [<!ENTITY a "b">]>' + data), "a.xlsx", "document type"),
    (lambda: _repacked(extra="xl/vbaProject.bin"), "a.xlsx", "carries a macro"),
    (lambda: _repacked(extra="../../evil.xml"), "a.xlsx", "leads outside"),
    (_encrypted, "a.xlsx", "protected by a password"),
    (lambda: b"<html><body>Sign in</body></html>", "a.xls", "web page"),
    (
        lambda: b'Date,Supplier,Amount\n2026-01-01,"A,1\n' + b"x" * 200_000,
        "a.csv",
        "a quote that is never closed",
    ),
    (lambda: b"Date,Supplier,Amount\n2026-01-01,A\x00B,1.00\n", "a.csv", "Nothing counts before"),
    (lambda: b"Date,Supplier,Amount\n2026-01-01,A,1.00" + b"," * 70_000, "a.csv", "Nothing counts before"),
)


def _send(tab: Tab, data: bytes, name: str) -> Any:
    tab.get("/imports")
    return tab.post(
        "/imports", {"kind": "spend", "files": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )


def test_every_hostile_file_ends_in_a_sentence(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    for make, name, sentence in HOSTILE:
        done = _send(tab, make(), name)
        assert done.status_code == 303, sentence
        work()
        page = tab.get(done.location)
        assert (page.status_code, sentence in page.get_data(as_text=True)) == (200, True), sentence
    assert "0 spend lines" in tab.get("/lines").get_data(as_text=True)


def test_names_are_text_and_never_a_path(sign_in: Sign, work: Callable[[], None], app: Flask) -> None:
    tab = sign_in("finance")
    folder = app.config["MOPSAUDIT_DATA"]
    before = {path for path in folder.parent.rglob("*") if path.parent.name != "uploads"}
    for number, (name, shown) in enumerate(
        (
            ("../../x.xlsx", "x.xlsx"),
            ("<img src=x>.xlsx", "&lt;img src=x&gt;.xlsx"),
            ("n" * 300 + ".xlsx", "n" * 195 + ".xlsx"),
            ("Отчёт за март.xlsx", "Отчёт за март.xlsx"),
            ("{{7*7}}.xlsx", "{{7*7}}.xlsx"),
            ("\u202ex.xlsx", "x.xlsx"),
        )
    ):
        done = _send(tab, _workbook(f"AP{number}"), name)
        work()
        assert shown in tab.get(done.location).get_data(as_text=True)
        with tab.client.get(f"{done.location}/original") as back:
            assert back.headers["Content-Disposition"].startswith("attachment;")
            assert "\n" not in back.headers["Content-Disposition"]
    made = {path for path in folder.parent.rglob("*") if path.parent.name != "uploads"} - before
    assert [path for path in made if path.suffix == ".xlsx"] == []


def test_a_body_past_the_limit_is_413_with_what_to_do(sign_in: Sign) -> None:
    done = _send(sign_in("finance"), b"x" * (21 << 20), "a.csv")
    done.request.input_stream.close()  # the test client's own spooled body
    assert done.status_code == 413
    assert "one month" in done.get_data(as_text=True)
    assert "frame-ancestors 'none'" in done.headers["Content-Security-Policy"]


def test_the_same_bytes_twice_before_either_is_read_count_once(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    pages = [_send(tab, _workbook(), name).location for name in ("a.xlsx", "b.xlsx")]
    work()
    for page in pages:
        tab.get(page)
        assert tab.post(f"{page}/apply").status_code in (303, 422)
    work()
    assert "2 spend lines" in tab.get("/lines").get_data(as_text=True)
    assert "1,300.49" in tab.get("/lines").get_data(as_text=True)
