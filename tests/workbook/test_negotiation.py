"""The negotiation pack: companies, lines, price history and first quotes, invoiced, alternatives, sources."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import NotFoundError
from mopsaudit.reporting import Amount
from mopsaudit.reports import registry
from mopsaudit.reports.standing import standing, tools_of_vendor
from mopsaudit.scope import Scope
from mopsaudit.store.models import Contract, TermHistory, VendorName
from mopsaudit.workbook.negotiation import gather_pack, write_pack
from tests import builders
from tests.workbook.test_audit import CREATED, company


@pytest.fixture
def adobe(session: Session) -> int:
    vendor_id = company(session)
    other = builders.vendor(session, "Other")
    builders.tool(session, "Rival", of=other, capabilities={"email_campaigns": 2, "landing_pages": 2})
    session.add(VendorName(vendor_id=vendor_id, name="Adobe Systems Software Ireland Ltd", kind="legal"))
    contract = session.query(Contract).one()
    for start, price, quote in ((2024, 1_000_000, 1_250_000), (2025, 1_200_000, 1_100_000)):
        session.add(
            TermHistory(
                contract_id=contract.id,
                term_start=date(start, 1, 1),
                term_end=date(start, 12, 31),
                amount_minor=price,
                seats=100,
                first_quote_minor=quote,
                quoted_on=date(start - 1, 10, 1),
                outcome="three year price lock",
            )
        )
    session.flush()
    return vendor_id


def _pack(session: Session, scope: Scope, vendor_id: int) -> bytes:
    target = BytesIO()
    write_pack(session, scope, target, vendor_id=vendor_id, created=CREATED, prepared_by="Ada")
    return target.getvalue()


def _rows(book: Any, name: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_it_holds_every_chapter_in_order_and_the_same_bytes_twice(
    session: Session, scope: Scope, adobe: int
) -> None:
    body = _pack(session, scope, adobe)
    book = openpyxl.load_workbook(BytesIO(body), data_only=True)
    assert [name for name in book.sheetnames if not name.endswith(" details")] == [
        "Cover", "Summary", "Companies", "Terms and dates", "Contract lines", "Price history", "Invoiced",
        "Seats and use", "Open commitments", "Alternatives we own", "Sources", "Lines", "Definitions",
    ]  # fmt: skip
    assert body == _pack(session, scope, adobe)


def test_its_figures_are_those_of_the_vendors_page(session: Session, scope: Scope, adobe: int) -> None:
    dossier, _ = gather_pack(session, scope, vendor_id=adobe, created=CREATED, prepared_by="Ada")
    reports = {slug: room.build(session, scope) for slug, room in registry.REPORTS.items()}
    page = standing(
        reports, registry.all_findings(session, scope, reports), "Adobe", tools_of_vendor(reports, {adobe})
    )
    assert dossier.answer == page.answer
    assert dossier.figures == page.figures
    assert [each.id for each in dossier.findings] == [each.id for each in page.findings]


def test_names_prices_and_first_quotes_are_told(session: Session, scope: Scope, adobe: int) -> None:
    book = openpyxl.load_workbook(BytesIO(_pack(session, scope, adobe)), data_only=True)
    names = {row[0]: row[1] for row in _rows(book, "Companies")}
    assert names["Adobe"] == "vendor"
    assert names["Adobe Systems Software Ireland Ltd"] == "legal entity"
    terms = [row for row in _rows(book, "Price history") if row[0] == "Adobe ETLA"]
    assert [(row[3], row[7]) for row in terms] == [(10_000, 12_500), (12_000, 11_000)]
    assert [row[5] for row in terms] == [None, 0.2]  # 12,000 after 10,000
    assert [round(row[9], 4) for row in terms] == [0.2, -0.0909]  # 2,500 below 12,500; 1,000 above 11,000
    (line,) = [row for row in _rows(book, "Contract lines") if row[0] == "Adobe ETLA"]
    assert (line[4], line[5], line[6]) == (100, 12_000, 120)  # 12,000 a year on 100 seats


def test_what_was_invoiced_leads_to_its_lines_and_sums_to_them(
    session: Session, scope: Scope, adobe: int
) -> None:
    dossier, _ = gather_pack(session, scope, vendor_id=adobe, created=CREATED, prepared_by="Ada")
    invoiced = next(each for each in dossier.chapters if each.name == "paid")
    total = sum(value.minor or 0 for row in invoiced.rows if isinstance(value := row.values["paid"], Amount))
    assert total == 8 * (10_000 + 20_000 + 30_000)
    book = openpyxl.load_workbook(BytesIO(_pack(session, scope, adobe)), data_only=True)
    sums = [
        row[7] for row in _rows(book, "Sources") if row[0] == "Invoiced · FY2026 to date · Invoiced (USD)"
    ]
    assert sum(sums) == total / 100
    lines = [row for row in _rows(book, "Lines")[4:] if row[1]]
    assert sum(row[7] for row in lines) == total / 100


def test_alternatives_are_tools_of_others_that_do_the_same(
    session: Session, scope: Scope, adobe: int
) -> None:
    dossier, subject = gather_pack(session, scope, vendor_id=adobe, created=CREATED, prepared_by="Ada")
    chapter = next(each for each in dossier.chapters if each.name == "alternatives")
    named = {str(getattr(row.values["ours"], "label", "")) for row in chapter.rows}
    assert named == {"Rival"}
    assert all(getattr(row.values["theirs"], "id", None) in subject.tool_ids for row in chapter.rows)
    cover: Any = chapter.rows[0].values["cover"]
    assert (cover.numerator, cover.denominator) == (2, 3)


def test_a_vendor_that_is_not_the_scopes_has_no_pack(session: Session, scope: Scope, adobe: int) -> None:
    stranger = builders.vendor(session, "Stranger")
    for vendor_id in (stranger.id, 4711):
        with pytest.raises(NotFoundError):
            _pack(session, scope, vendor_id)
    assert adobe
