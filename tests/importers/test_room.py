"""Binary and OpenDocument sheets: no cell is lost to another of its place, and a stray makes no room for millions."""

import struct
import zipfile
from pathlib import Path

import pytest

from importers.xls_cells import _places, refuse_far
from mopsaudit.problems import RefusedError
from tests.importers.builders import read, total
from tests.importers.hostile import binaries

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)

MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def text(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def number(value: str, more: str = "") -> str:
    shown = f"<text:p>{value}</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="float" office:value="{value}"{more}>{shown}'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


LINES = (
    row(text("Invoice date"), text("Supplier"), text("Amount"))
    + row(text("2026-01-31"), text("ACME Ltd"), number("100.5"))
    + row(text("2026-02-28"), text("Beta Ltd"), number("200"))
)


def spreadsheet(path: Path, rows: str) -> Path:
    content = (
        f"<?xml version='1.0'?><office:document-content {NAMES}><office:body><office:spreadsheet>"
        f'<table:table table:name="Spend">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    return path


@pytest.mark.parametrize(
    "rows, sentence",
    [
        (
            row(text("2026-03-31"), text("C"), number("1"), more=' table:number-rows-repeated="1000000000"'),
            "200,000 rows",
        ),
        (
            row(text("2026-03-31"), number("1", ' table:number-columns-repeated="1000000000"')),
            "256 columns wide",
        ),
        (
            row("<table:table-cell/>", more=' table:number-rows-repeated="1048000"')
            + row('<table:table-cell table:number-columns-repeated="16383"/>', number("1")),
            "XFD1048004",
        ),
    ],
)
def test_a_few_bytes_that_repeat_for_ever_are_refused_before_they_are_unrolled(
    tmp_path: Path, rows: str, sentence: str
) -> None:
    with pytest.raises(RefusedError, match=sentence):
        read(spreadsheet(tmp_path / "a.ods", LINES + rows))


@pytest.mark.parametrize(
    "rows",
    [
        row(
            '<table:table-cell table:number-columns-repeated="16384"/>',
            more=' table:number-rows-repeated="1048573"',
        ),
        row("<table:table-cell/>", more=' table:number-rows-repeated="1000000000"') * 20,
        row(text("Note"), more=' table:number-rows-repeated="0"'),
    ],
)
def test_blank_rows_repeat_as_they_like(tmp_path: Path, rows: str) -> None:
    _, lines = read(spreadsheet(tmp_path / "a.ods", LINES + rows))
    assert str(total(lines)) == "300.5"


def test_rows_that_repeat_a_few_times_are_lines(tmp_path: Path) -> None:
    more = row(text("2026-03-31"), text("C"), number("1"), more=' table:number-rows-repeated="3"')
    _, lines = read(spreadsheet(tmp_path / "a.ods", LINES + more))
    assert str(total(lines)) == "303.5"


def test_a_stray_of_a_binary_workbook_is_named(tmp_path: Path) -> None:
    far = binaries.row(1_048_575) + binaries.number(16_383, 1.0)
    with pytest.raises(RefusedError, match="XFD1048576"):
        read(binaries.book(binaries.sheet(binaries.LINES + far))(tmp_path))
    refuse_far(65_535, 20, 65_536 * 15)
    refuse_far(1_000, 255, 3)


def stream(*cells: tuple[int, bytes]) -> bytes:
    records = [(0x0809, struct.pack("<HHL", 0x600, 0x10, 0) + bytes(8)), *cells, (0x000A, b"")]
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)


def test_the_places_of_an_old_workbook_are_found_in_every_kind_of_record() -> None:
    cells = stream(
        (0x0203, struct.pack("<HHHd", 3, 4, 0, 12.5)),
        (0x0201, struct.pack("<HHH", 3, 4, 0)),  # a blank takes no place
        (0x00BD, struct.pack("<HHHLHLH", 5, 1, 0, 8, 0, 12, 2)),
        (0x00FD, struct.pack("<HHHL", 6, 0, 0, 1)),
    )
    assert list(_places(cells)) == [None, (3, 4), (5, 1), (5, 2), (6, 0)]
    assert list(_places(cells[:-8])) == [None, (3, 4), (5, 1), (5, 2)]
    chart = struct.pack("<HHHH", 0x0809, 4, 0x600, 0x20) + cells[20:]
    assert list(_places(chart)) == []


@pytest.mark.parametrize(
    "inner",
    [
        "ACME<text:tab/>Ltd",
        "ACME<text:line-break/>Ltd",
        "ACME<text:s/>Ltd",
        "<text:ruby><text:ruby-base>ACME Ltd</text:ruby-base><text:ruby-text>READ ALOUD</text:ruby-text></text:ruby>",
        "ACME Ltd</text:p><draw:frame><draw:text-box><text:p>NOTE</text:p></draw:text-box></draw:frame><text:p>",
    ],
)
def test_only_the_text_of_a_cell_is_its_text(tmp_path: Path, inner: str) -> None:
    names = ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    rows = LINES.replace("ACME Ltd", inner.replace("<draw:frame", f"<draw:frame{names}"))
    path = spreadsheet(tmp_path / "a.ods", rows)
    _, lines = read(path)
    assert [line.supplier for line in lines] == ["ACME Ltd", "Beta Ltd"]


def test_grouped_drawings_refuse_nothing(tmp_path: Path) -> None:
    names = ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    shapes = f"<table:shapes><draw:g{names}><draw:g><draw:g/></draw:g></draw:g></table:shapes>"
    inside = f"<text:p>Beta Ltd</text:p><draw:g{names}><draw:g><draw:rect/></draw:g><draw:rect/></draw:g>"
    rows = shapes + LINES.replace("<text:p>Beta Ltd</text:p>", inside)
    _, lines = read(spreadsheet(tmp_path / "a.ods", rows))
    assert [line.supplier for line in lines] == ["ACME Ltd", "Beta Ltd"]


@pytest.mark.parametrize("size", [32_768, 3_000_000])
def test_a_text_no_cell_can_hold_is_refused_before_it_is_read_for_a_heading(
    tmp_path: Path, size: int
) -> None:
    """One of 90 MiB cost a minute and was stopped by its limit."""
    with pytest.raises(RefusedError, match="32,767 characters"):
        read(spreadsheet(tmp_path / "a.ods", LINES.replace("Beta Ltd", "x" * size)))
    _, lines = read(spreadsheet(tmp_path / "b.ods", LINES.replace("Beta Ltd", "x" * 32_767)))
    assert len(lines) == 2
