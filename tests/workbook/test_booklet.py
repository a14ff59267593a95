"""The audit and the negotiation pack as PDF: what it says, title and language, outline and links, the same bytes."""

import re
import zlib
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.reporting import Amount, Column, Ratio, Row, ValueKind
from mopsaudit.reports.registry import REPORTS
from mopsaudit.scope import Scope
from mopsaudit.workbook.audit import write_audit_pdf
from mopsaudit.workbook.booklet import FIRST_ROWS, by_money, text_of
from mopsaudit.workbook.negotiation import write_pack_pdf
from mopsaudit.workbook.paper import Paper, scripts_of
from tests import builders
from tests.workbook.test_audit import CREATED, company


def _pdf(session: Session, scope: Scope) -> bytes:
    target = BytesIO()
    write_audit_pdf(session, scope, target, created=CREATED, prepared_by="Ada Finance")
    return target.getvalue()


def _streams(body: bytes) -> bytes:
    found = b""
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL):
        try:
            found += zlib.decompress(match[1])
        except zlib.error:
            found += match[1]
    return found


def test_it_has_a_title_a_language_an_outline_and_links_and_the_same_bytes_twice(
    session: Session, scope: Scope
) -> None:
    company(session)
    body = _pdf(session, scope)
    assert body.startswith(b"%PDF-")
    assert b"/Lang (en)" in body
    assert b"/DisplayDocTitle true" in body
    assert b"/Type /Outlines" in body
    assert body.count(b"/Subtype /Link") >= len(REPORTS) + 3
    assert b"/FontFile2" in body  # the type is embedded
    assert body == _pdf(session, scope)


def test_every_report_has_its_page(session: Session, scope: Scope) -> None:
    company(session)
    body = _pdf(session, scope)
    outline = [bytes(match[1]) for match in re.finditer(rb"/Title \((.*?)\)", body)]
    titles = [
        title.decode("utf-16") if title.startswith(b"\xfe\xff") else title.decode("latin-1")
        for title in outline
    ]
    for room in REPORTS.values():
        assert room.title in titles
    assert {"Cover", "Summary", "Inventory", "Sources", "Definitions"} <= set(titles)


def test_an_empty_company_gets_its_pdf(session: Session, scope: Scope) -> None:
    assert _pdf(session, scope).startswith(b"%PDF-")


def test_a_pack_is_written_for_a_vendor(session: Session, scope: Scope) -> None:
    adobe = company(session)
    target = BytesIO()
    pages = write_pack_pdf(session, scope, target, vendor_id=adobe, created=CREATED, prepared_by="Ada")
    assert pages >= 5
    assert b"/Type /Outlines" in target.getvalue()
    assert _streams(target.getvalue())


@pytest.mark.parametrize(
    "value, shown",
    [
        (Amount(currency="USD", minor=-123_456_50), "−123,456"),
        (Amount(currency="JPY", minor=1_000), "1,000"),
        (Amount(currency="USD", minor=None, why="no contract"), "–"),
        (Ratio(numerator=1, denominator=25), "4 %"),
        (date(2026, 6, 30), "30 Jun 2026"),
        (-3, "−3"),
        (True, "yes"),
        (None, "–"),
    ],
)
def test_values_are_written_as_the_pages_write_them(value: object, shown: str) -> None:
    assert text_of(value) == shown  # type: ignore[arg-type]


def test_a_long_table_shows_its_dearest_rows_and_a_short_one_keeps_its_order() -> None:
    columns = (
        Column(key="name", label="Name"),
        Column(key="cost", label="Cost", kind=ValueKind.MONEY, summed=True),
    )
    rows = [
        Row(id=str(n), values={"name": str(n), "cost": Amount(currency="USD", minor=n if n % 7 else None)})
        for n in range(1, 41)
    ]
    assert [row.id for row in by_money(columns, rows)][:4] == ["40", "39", "38", "37"]
    assert len(by_money(columns, rows)) == FIRST_ROWS
    assert [row.id for row in by_money(columns, rows[:5])] == ["1", "2", "3", "4", "5"]


@pytest.fixture
def bare_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without a font of many scripts."""
    monkeypatch.setattr("mopsaudit.workbook.paper.fallback_fonts", tuple)


@pytest.mark.usefixtures("bare_system")
def test_letters_the_type_does_not_have_are_said_and_never_a_silent_box() -> None:
    with Paper(title="T", subject="S", author="A", created=CREATED, foot="F") as paper:
        paper.add_page()
        paper.type(9)
        assert paper.normalize_text("Łódź Ελλάδα") == "Łódź Ελλάδα"
        assert paper.normalize_text("東京 Ltd\u200d") == "\ufffd\ufffd Ltd\u200d"
        paper.rows(["Name"], [["한국 GmbH"]], [1.0], [False])
        assert scripts_of(paper.unshown) == ("CJK", "Hangul")


@pytest.mark.usefixtures("bare_system")
@pytest.mark.parametrize(
    "name, script", [("東京 Mailer", "(CJK)"), ("한국 Mailer", "(Hangul)"), ("ไทย Mailer", "(Thai)")]
)
def test_a_name_in_another_script_is_told_at_the_end(
    name: str, script: str, session: Session, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    write = Paper.text_block

    def kept(paper: Paper, text: str, *args: Any, **kwargs: Any) -> None:
        said.append(text)
        write(paper, text, *args, **kwargs)

    monkeypatch.setattr(Paper, "text_block", kept)
    company(session)
    _pdf(session, scope)
    assert "Letters this file does not have" not in said
    builders.tool(session, name)
    _pdf(session, scope)
    assert said[-2] == "Letters this file does not have"
    assert script in said[-1]
