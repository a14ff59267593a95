"""The audit report: its sheets, figures that lead to cells, saved values that recalculate, the same bytes twice."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.reporting import Amount, Row
from mopsaudit.reports import registry
from mopsaudit.reports.registry import REPORTS
from mopsaudit.reports.standing import standing
from mopsaudit.scope import Scope
from mopsaudit.workbook.audit import write_audit
from mopsaudit.workbook.roundtrip import write_inventory
from tests import builders

CREATED = datetime(2026, 9, 30, 12, tzinfo=UTC)


def company(session: Session) -> int:
    """Three tools of one vendor with spend, one of them under contract, and a line without a rate: the vendor's id."""
    adobe = builders.vendor(session, "Adobe")
    owner = builders.person(session, '=HYPERLINK("http://evil")')
    ledger = builders.source(session, "AP UK")
    march = builders.import_file(session, of=ledger)
    capabilities: dict[str, int | None] = {"email_campaigns": 2, "landing_pages": 2, "lead_scoring": 1}
    for number, name in enumerate(("Marketo", "Mailer", "Campaigner")):
        tool = builders.tool(session, name, of=adobe, capabilities=capabilities, business_owner=owner)
        for month in range(1, 9):
            builders.spend_line(
                session,
                10_000 * (number + 1),
                tool=tool,
                on=date(2026, month, 15),
                of=ledger,
                from_import=march,
            )
        if number == 0:
            builders.contract(
                session,
                adobe,
                title="Adobe ETLA",
                start_on=date(2024, 1, 1),
                initial_months=12,
                renewal_months=12,
                renewal_kind="automatic",
                notice_count=90,
                lines=[{"tool": tool, "seats": 100, "amount_minor": 1_200_000}],
            )
    builders.spend_line(session, 777, currency="CHF", converted=False, of=ledger, from_import=march)
    return adobe.id


def _write(session: Session, scope: Scope) -> bytes:
    target = BytesIO()
    write_audit(session, scope, target, created=CREATED, prepared_by="Ada Finance")
    return target.getvalue()


@pytest.fixture
def book(session: Session, scope: Scope) -> Any:
    company(session)
    return openpyxl.load_workbook(BytesIO(_write(session, scope)), data_only=True)


def test_it_has_a_sheet_per_report_in_the_order_of_the_pages(book: Any) -> None:
    titles = [room.title for room in REPORTS.values()]
    assert [name for name in book.sheetnames if not name.endswith(" details")] == [
        "Cover", "Summary", "Inventory", *titles, "Scenarios", "Decisions", "Savings", "Problems", "Sources", "Lines",
        "Definitions",
    ]  # fmt: skip
    for name in book.sheetnames:
        if name.endswith(" details"):
            assert book.sheetnames[book.sheetnames.index(name) - 1] == name.removesuffix(" details")


def test_every_report_sheet_opens_with_its_answer(book: Any, session: Session, scope: Scope) -> None:
    for room in REPORTS.values():
        assert book[room.title]["A2"].value == room.build(session, scope).answer


def test_money_on_the_sheets_equals_the_pages(book: Any, session: Session, scope: Scope) -> None:
    checked = 0
    for room in REPORTS.values():
        report = room.build(session, scope)
        sheet = book[room.title]
        numbers = {
            cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float))
        }
        for row in report.rows:
            for value in row.values.values():
                if isinstance(value, Amount) and value.minor is not None:
                    assert value.minor / 100 in numbers
                    checked += 1
    assert checked > 5


def test_a_figure_leads_to_its_row_of_sources_and_that_to_file_sheet_and_cells(book: Any) -> None:
    inventory, sources = book["Inventory"], book["Sources"]
    heads = [cell.value for cell in inventory[4]]
    column = next(i for i, head in enumerate(heads, start=1) if str(head).startswith("Yearly cost"))
    for row in range(5, 8):
        cell = inventory.cell(row=row, column=column)
        target = cell.hyperlink.location
        assert target.startswith(("'Sources'!A", "Sources!A"))
        figure = sources.cell(row=int(target.rpartition("A")[2]), column=1).value
        assert figure.startswith("Inventory · ")
        assert inventory.cell(row=row, column=1).value in figure
        back = sources.cell(row=int(target.rpartition("A")[2]), column=1).hyperlink.location
        assert book[back.partition("!")[0].strip("'")][back.partition("!")[2]].value == cell.value
    rows = [[cell.value for cell in row] for row in sources.iter_rows(min_row=5)]
    spend = [row for row in rows if row[2] == "spend lines"]
    assert spend
    assert all(row[4] and row[8] and row[9] and row[6] > 0 for row in spend)


def test_sources_of_a_spend_figure_sum_to_it(book: Any) -> None:
    inventory, sources = book["Inventory"], book["Sources"]
    heads = [cell.value for cell in inventory[4]]
    column = next(i for i, head in enumerate(heads, start=1) if str(head).startswith("Yearly cost"))
    by_figure: dict[str, float] = {}
    for row in sources.iter_rows(min_row=5, values_only=True):
        if row[2] == "spend lines":
            by_figure[row[0]] = by_figure.get(row[0], 0) + row[7]
    for row in range(5, 8):
        cell = inventory.cell(row=row, column=column)
        figure = sources.cell(row=int(cell.hyperlink.location.rpartition("A")[2]), column=1).value
        if figure in by_figure:
            assert by_figure[figure] == cell.value


def test_what_a_person_typed_never_becomes_a_formula(session: Session, scope: Scope) -> None:
    company(session)
    formulas = openpyxl.load_workbook(BytesIO(_write(session, scope)))
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert str(cell.value).startswith("=SUBTOTAL(109,")


def test_the_same_data_gives_the_same_bytes(session: Session, scope: Scope) -> None:
    company(session)
    assert _write(session, scope) == _write(session, scope)


@pytest.mark.parametrize("kind", ["tool", "vendor", "category"])
def test_an_audit_cut_to_a_subject_sums_to_what_its_pages_show(
    session: Session, scope: Scope, kind: str
) -> None:
    company(session)
    other = builders.tool(session, "Elsewhere", of=builders.vendor(session, "Other"), category="operations")
    builders.spend_line(
        session, 99_900, tool=other, on=date(2026, 3, 15), of=builders.source(session, "AP DE")
    )
    reports = {slug: room.build(session, scope) for slug, room in REPORTS.items()}
    stack: list[tuple[Any, Row]] = [(row.values["tool"], row) for row in reports["stack"].rows]
    row = next(row for tool, row in stack if tool.label == "Marketo")
    vendor: Any = row.values["vendor"]
    key = {"tool": next(tool.id for tool, each in stack if each is row), "vendor": vendor.id}.get(
        kind, row.category
    )
    target = BytesIO()
    write_audit(session, scope, target, created=CREATED, prepared_by="Ada", about=(kind, str(key)))
    cut = openpyxl.load_workbook(target, data_only=True)
    names = [cell.value for cell in cut["Stack"]["A"]]
    assert "Elsewhere" not in names
    assert ("Mailer" in names) == (kind != "tool")
    tools = {tool.id for tool, _ in stack if tool.label in names}
    known = standing(reports, registry.all_findings(session, scope, reports), "it", tools)
    figure = known.figures[0].value
    assert isinstance(figure, Amount)
    assert figure.minor is not None
    assert cut["Summary"]["A5"].value == figure.minor / 100
    assert all(cell.value != "Elsewhere" for cell in cut["Lines"]["D"])


def test_a_subject_that_is_not_there_is_refused(session: Session, scope: Scope) -> None:
    company(session)
    for about in (("tool", "4711"), ("vendor", "4711"), ("category", "catering"), ("tool", "x")):
        with pytest.raises(NotFoundError):
            write_audit(session, scope, BytesIO(), created=CREATED, prepared_by="Ada", about=about)
    with pytest.raises(InvalidError):
        write_audit(session, scope, BytesIO(), created=CREATED, prepared_by="Ada", about=("person", "1"))


def test_what_prints_is_wide_enough_to_read_and_begins_with_the_answer(book: Any) -> None:
    for room in REPORTS.values():
        sheet = book[room.title]
        assert sheet.page_setup.orientation == "landscape"
        area = sheet.print_area.replace("$", "").rpartition("!")[2]
        last = int(range_boundaries(area)[2] or 0)
        width = sum(sheet.column_dimensions[get_column_letter(c)].width or 9 for c in range(1, last + 1))
        assert width < 200, (room.title, width)
        assert sheet.oddFooter.right.text == "Page &P of &N"
        assert "as of" in sheet.oddFooter.left.text


def test_details_print_wide_enough_to_read_too(book: Any) -> None:
    found = [book[name] for name in book.sheetnames if name.endswith(" details")]
    assert found
    for sheet in found:
        last = int(range_boundaries(sheet.print_area.replace("$", "").rpartition("!")[2])[2] or 0)
        width = sum(sheet.column_dimensions[get_column_letter(c)].width or 9 for c in range(1, last + 1))
        assert width < 240, (sheet.title, width)


def test_an_empty_company_still_gets_its_report(session: Session, scope: Scope) -> None:
    empty = openpyxl.load_workbook(BytesIO(_write(session, scope)))
    assert empty["Lines"]["A2"].value == "No spend has been imported yet."


@pytest.mark.libreoffice
@pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")  # LibreOffice's own data bars
def test_libreoffice_opens_it_and_recalculates_to_the_saved_values(
    session: Session, scope: Scope, tmp_path: Path, convert: Any
) -> None:
    company(session)
    original = tmp_path / "audit.xlsx"
    original.write_bytes(_write(session, scope))
    again = openpyxl.load_workbook(convert(original, "xlsx"), data_only=True)
    saved = openpyxl.load_workbook(original, data_only=True)
    formulas = openpyxl.load_workbook(original)
    checked = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = again[sheet.title][cell.coordinate].value
                    assert value == pytest.approx(saved[sheet.title][cell.coordinate].value, abs=1e-9)
                    checked += 1
    assert checked


def test_the_inventory_is_written_with_the_headings_its_import_knows(session: Session, scope: Scope) -> None:
    from importers.fields import FIELDS
    from mopsaudit.intake.contract import Kind

    company(session)
    target = BytesIO()
    assert write_inventory(session, scope, target, created=CREATED) == 3
    sheet = openpyxl.load_workbook(target)["Inventory"]
    known = {spec.label for spec in FIELDS[Kind.INVENTORY]}
    assert {cell.value for cell in sheet[1]} <= known
