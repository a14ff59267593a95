"""The person's own workbook back: cells marked, values and formats theirs, the list apart where it must be."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText
from openpyxl.comments import Comment
from openpyxl.styles import Font

from mopsaudit.intake.child import run_marker
from mopsaudit.intake.contract import Limits, Marked, MarkOrder
from mopsaudit.problems import Problem, Severity
from mopsaudit.workbook.annotate import annotate, why_apart

HELD = Problem(
    code="spend.amount.unreadable",
    severity=Severity.ROW,
    message="=1+1 is no amount",
    sheet="AP",
    cell="B3",
    rejected=True,
)
UNDATED = Problem(code="spend.date.missing", severity=Severity.ROW, message="No date.", sheet="AP", cell="A4")
NOTE = Problem(code="sheet.hidden_rows", severity=Severity.NOTE, message="Two hidden rows.", sheet="AP")


class Quiet:
    def rows(self, sheet: str | None, batch: Sequence[Any]) -> None:
        raise AssertionError("a marker gives no rows")

    def progress(self, done: int, total: int | None) -> None:
        raise AssertionError("a marker gives no progress")


def book(path: Path) -> Path:
    """Formats, a formula with its saved result, a rich text, a date, an odd number, a comment, a merged cell."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "AP"
    sheet.append(["Date", "Amount", "Supplier"])
    sheet.append([date(2026, 3, 2), 0.1, "ACME"])
    sheet.append(
        [
            datetime(2026, 3, 2, 13, 45, 7),  # noqa: DTZ001  # a cell knows no zone
            "twelve",
            "'quoted",
        ]
    )
    sheet.append([None, 12.5, "ÜBER ☃ GmbH"])
    sheet.append([None, "=SUM(B2:B4)", None])
    sheet["D2"] = ""
    sheet["D3"].value, sheet["D3"].data_type = "=1+1", "s"
    sheet["B2"].number_format = "#,##0.00 [$€-407]"
    sheet["C2"].font = Font(bold=True, color="FF0000")
    sheet["B3"].comment = Comment("Asked Jim", "Ann")
    sheet.merge_cells("A4:A5")
    sheet["C5"] = CellRichText("plain ", "rich")
    sheet.column_dimensions["C"].width = 33
    made.create_sheet("Problems")["A1"] = "theirs"
    raw = path.with_suffix(".raw")
    made.save(raw)
    # The saved result of the formula, and a number printed as no library prints it.
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = re.sub(
                    rb"(SUM\(B2:B4\)</f>)<v ?/>|(SUM\(B2:B4\)</f>)<v></v>", rb"\1\2<v>12.6</v>", data
                )
                data = re.sub(rb'<c r="D2"[^>]*/>', b'<c r="D2" t="inlineStr"><is><t></t></is></c>', data)
                data = data.replace(b"<v>0.1</v>", b"<v>1.0000000000000001E-1</v>")
                assert data.count(b"<v>12.6</v>") == data.count(b"E-1</v>") == 1
            new.writestr(name, data)
    raw.unlink()
    return path


def marked(source: Path, name: str = "AP.xlsx", problems: tuple[Problem, ...] = (HELD, UNDATED, NOTE)) -> Any:
    target = source.with_name("out.xlsx")
    advice = {HELD.code: "@Type it as a plain number."}
    return annotate(source, name, MarkOrder(problems=problems, target=target, advice=advice), Quiet()), target


def test_cells_are_coloured_and_commented_and_values_are_theirs(tmp_path: Path) -> None:
    source = book(tmp_path / "AP.xlsx")
    done, target = marked(source)
    assert done == Marked(cells=2, why_apart=None)
    for data_only in (True, False):
        before = openpyxl.load_workbook(source, data_only=data_only, rich_text=True)
        after = openpyxl.load_workbook(target, data_only=data_only, rich_text=True)
        assert after.sheetnames == ["AP", "Problems", "Problems 2"]
        for name in before.sheetnames:
            for row in before[name].iter_rows():
                for cell in row:
                    there = after[name][cell.coordinate]
                    assert there.value == cell.value, cell.coordinate
                    assert there.number_format == cell.number_format
                    if cell.coordinate not in ("B3", "A4"):
                        assert repr((there.font, there.fill)) == repr((cell.font, cell.fill))
    after = openpyxl.load_workbook(target, rich_text=True)
    assert after["AP"].column_dimensions["C"].width == 33
    held, undated = after["AP"]["B3"], after["AP"]["A4"]
    assert held.fill.start_color.rgb != undated.fill.start_color.rgb != "00000000"
    assert held.comment.text.startswith("Asked Jim\n\n=1+1 is no amount\nThis line was held back.")
    assert undated.comment.text == "No date."
    assert (after["AP"]["D2"].value, after["AP"]["D3"].data_type) == ("", "s")
    printed = zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml")
    assert b"<v>1.0000000000000001E-1</v>" in printed


def test_the_list_links_to_its_cells_and_holds_no_formula(tmp_path: Path) -> None:
    _, target = marked(book(tmp_path / "AP.xlsx"))
    sheet = openpyxl.load_workbook(target)["Problems 2"]
    assert sheet["A1"].value == ("3 problems were found in AP.xlsx; 1 line was held back.")
    assert [cell.value for cell in sheet[5]][:3] == ["B3", "AP", "=1+1 is no amount"]
    assert sheet["A5"].hyperlink.location == "'AP'!B3"
    assert sheet["A7"].hyperlink is None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert sheet["C5"].quotePrefix is True
    assert sheet["D5"].value == "@Type it as a plain number."


@pytest.mark.parametrize(
    "part, word",
    [
        ("xl/charts/chart1.xml", "charts"),
        ("xl/pivotTables/pivotTable1.xml", "pivot tables"),
        ("xl/media/image1.png", "images"),
        ("xl/slicers/slicer1.xml", "slicers"),
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other workbooks"),
        ("xl/ctrlProps/ctrlProp1.xml", "form controls"),
        ("xl/threadedComments/threadedComment1.xml", "threaded comments"),
        ("xl/connections.xml", "data connections"),
        ("docMetadata/LabelInfo.xml", "a sensitivity label"),
    ],
)
def test_what_would_be_lost_keeps_the_file_as_it_is(tmp_path: Path, part: str, word: str) -> None:
    source = book(tmp_path / "AP.xlsx")
    assert why_apart(source, "AP.xlsx") is None
    with zipfile.ZipFile(source, "a") as package:
        package.writestr(part, b"x")
    done, target = marked(source)
    assert done.cells == 0
    assert word in (done.why_apart or "")
    sheet = openpyxl.load_workbook(target)
    assert sheet.sheetnames == ["Problems"]
    assert word in sheet["Problems"]["A2"].value
    assert sheet["Problems"]["A5"].hyperlink is None


@pytest.mark.parametrize("mark", [b"<x14:sparklineGroups/>", b"<x14:conditionalFormattings/>"])
def test_extensions_of_a_sheet_are_seen(tmp_path: Path, mark: bytes) -> None:
    source = book(tmp_path / "AP.xlsx")
    other = tmp_path / "ext.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</worksheet>", b"<extLst>" + mark + b"</extLst></worksheet>")
            new.writestr(name, data)
    assert why_apart(other, "AP.xlsx") is not None


def test_a_text_file_comes_back_as_a_list_that_says_why(tmp_path: Path) -> None:
    source = tmp_path / "AP.csv"
    source.write_text("Date,Amount\n2026-01-01,x\n", encoding="utf-8")
    problem = Problem(code="c", severity=Severity.ROW, message="x", sheet=None, cell="B2", rejected=True)
    done, target = marked(source, "AP.csv", (problem,))
    assert done.why_apart == "a text file holds no colours and notes"
    sheet = openpyxl.load_workbook(target)["Problems"]
    assert [cell.value for cell in sheet[5]][:3] == ["B2", None, "x"]


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flipped(data: bytes) -> bytes:
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 0x40]) + data[place + 1 :]


def _malformed(data: bytes) -> bytes:
    return data.replace(b"</row>", b"</rov>", 1)


@pytest.mark.parametrize("harm", ["crc", "flip", "malformed", "cut"])
def test_a_damaged_workbook_comes_back_as_a_list_that_says_so(tmp_path: Path, harm: str) -> None:
    whole, path = book(tmp_path / "whole.xlsx"), tmp_path / "AP.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            broken = harm in ("malformed", "cut") and name == "xl/worksheets/sheet1.xml"
            new.writestr(name, (_malformed if harm == "malformed" else _cut)(data) if broken else data)
    if harm in ("crc", "flip"):
        with zipfile.ZipFile(path) as package:
            info = package.getinfo("xl/worksheets/sheet1.xml")
        data = path.read_bytes()
        start = info.header_offset + 30 + len(info.filename)
        part = data[start : start + info.compress_size]
        if harm == "flip":
            path.write_bytes(data[:start] + _flipped(part) + data[start + len(part) :])
        else:
            wrong = (info.CRC ^ 1).to_bytes(4, "little")
            path.write_bytes(data.replace(info.CRC.to_bytes(4, "little"), wrong))
    made = annotate(path, "AP.xlsx", MarkOrder(target=tmp_path / "out.xlsx", problems=(HELD,)), Quiet())
    assert made.cells == 0
    assert made.why_apart == "it is damaged, or holds more than a workbook may"
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["Problems"]


@pytest.mark.filterwarnings("ignore:File contains an invalid specification")
def test_sheets_the_library_does_not_know_are_not_left_out_of_the_copy(tmp_path: Path) -> None:
    """A workbook in the strict standard: read by another reader, and to the library one without sheets."""
    whole, path = book(tmp_path / "whole.xlsx"), tmp_path / "AP.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            for area, strict in (
                (b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml/spreadsheetml"),
                (
                    b"schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            ):
                data = data.replace(area, strict)
            new.writestr(name, data)
    done, target = marked(path)
    assert done.cells == 0
    assert done.why_apart
    assert openpyxl.load_workbook(target).sheetnames == ["Problems"]


def test_a_file_without_problems_says_so(tmp_path: Path) -> None:
    done, target = marked(book(tmp_path / "AP.xlsx"), problems=())
    assert done == Marked(cells=0)
    assert openpyxl.load_workbook(target)["Problems 2"]["A1"].value == "No problem was found in AP.xlsx."


def test_a_problem_in_a_cell_that_was_empty_or_far_away_is_marked_all_the_same(tmp_path: Path) -> None:
    far = Problem(code="c", severity=Severity.NOTE, message="far", sheet="AP", cell="ZZ900")
    odd = Problem(code="c", severity=Severity.ROW, message="odd", sheet="AP", cell="F:F")
    gone = Problem(code="c", severity=Severity.ROW, message="gone", sheet="No such", cell="A1")
    done, target = marked(book(tmp_path / "AP.xlsx"), problems=(far, odd, gone))
    assert done.cells == 1
    assert openpyxl.load_workbook(target)["AP"]["ZZ900"].comment.text == "far"


def test_it_runs_in_the_limited_child_process(tmp_path: Path) -> None:
    source = book(tmp_path / "AP.xlsx").rename(tmp_path / "0f1e2d")  # originals are kept without an ending
    order = MarkOrder(problems=(HELD,), target=tmp_path / "out.xlsx")
    done = run_marker(
        "mopsaudit.workbook.annotate:annotate", source, "AP.xlsx", order, limits=Limits(), folder=tmp_path
    )
    assert done == Marked(cells=1)
    assert openpyxl.load_workbook(io.BytesIO((tmp_path / "out.xlsx").read_bytes()))["AP"]["B3"].comment
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0f1e2d", "out.xlsx"]
