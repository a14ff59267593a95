"""What the look of a cell tells where the reader gives values alone: shares, currencies, errors, what is hidden."""

import struct
from decimal import Decimal
from pathlib import Path

from importers.cell_formats import _looks_of_stream
from mopsaudit.money import keeps_cents
from tests.importers.builders import codes, read
from tests.importers.test_room import number, row, spreadsheet, text

HEAD = row(text("Invoice date"), text("Supplier"), text("Amount"))
SHARE = '<table:table-cell office:value-type="percentage" office:value="0.2"><text:p>20%</text:p></table:table-cell>'
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def money(value: str, currency: str) -> str:
    cell = f'office:value-type="currency" office:currency="{currency}" office:value="{value}"'
    return f"<table:table-cell {cell}><text:p>{value}</text:p></table:table-cell>"


def line(index: int, cell: str, more: str = "") -> str:
    return row(text(f"2026-0{1 + index}-14"), text(f"Supplier {index} Ltd"), cell, more=more)


def lines(*cells: str) -> str:
    return HEAD + "".join(line(index, cell) for index, cell in enumerate(cells))


def test_the_currency_of_the_cells_of_an_ods_is_theirs(tmp_path: Path) -> None:
    cells = [money(f"{10 + n}.25", "EUR") for n in range(6)]
    reading, read_lines = read(spreadsheet(tmp_path / "a.ods", lines(*cells)))
    assert {each.currency for each in read_lines} == {"EUR"}
    assert "currency.assumed" not in codes(reading)


def test_each_cell_of_an_ods_keeps_its_own_currency(tmp_path: Path) -> None:
    cells = [money(f"{10 + n}.25", "EUR" if n % 2 else "SEK") for n in range(6)]
    _, read_lines = read(spreadsheet(tmp_path / "a.ods", lines(*cells)))
    assert [each.currency for each in read_lines] == ["SEK", "EUR"] * 3


def test_a_share_and_an_error_among_the_amounts_of_an_ods_are_told(tmp_path: Path) -> None:
    error = number("0", f' xmlns:calcext="{CALC}" calcext:value-type="error"')
    reading, read_lines = read(
        spreadsheet(
            tmp_path / "a.ods", lines(number("10.25"), SHARE, number("12.25"), error, number("14.25"))
        )
    )
    assert [each.amount for each in read_lines] == [Decimal("10.25"), Decimal("12.25"), Decimal("14.25")]
    assert [(each.code, each.cell) for each in reading.problems if each.rejected] == [
        ("cell.percent", "C3"),
        ("cell.error", "C5"),
    ]


def test_hidden_rows_of_an_ods_are_told(tmp_path: Path) -> None:
    hidden = ' table:visibility="filter"'
    rows = HEAD + "".join(line(n, number(f"{10 + n}.25"), hidden if n in (1, 3) else "") for n in range(6))
    reading, read_lines = read(spreadsheet(tmp_path / "a.ods", rows))
    assert len(read_lines) == 6
    told = next(each for each in reading.problems if each.code == "sheet.hidden_rows")
    assert "2 lines" in told.message
    assert "24.50" in told.message


def test_a_share_of_tax_beside_the_amounts_of_an_ods_is_none_of_them(tmp_path: Path) -> None:
    head = row(text("Invoice date"), text("Supplier"), text("Amount"), text("VAT %"))
    rows = head + "".join(
        row(text(f"2026-0{1 + n}-14"), text(f"Supplier {n} Ltd"), number(f"{10 + n}.25"), SHARE)
        for n in range(6)
    )
    reading, read_lines = read(spreadsheet(tmp_path / "a.ods", rows))
    assert len(read_lines) == 6
    assert not [each for each in reading.problems if each.rejected]


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def stream() -> bytes:
    """Two sheets of an old workbook: a share, a run of two numbers in euro, a plain one; a hidden row and column."""
    euro = "[$€-407] 0.00"
    formats = record(0x041E, struct.pack("<HHB", 164, len(euro), 1) + euro.encode("utf-16-le"))
    styles = b"".join(record(0x00E0, struct.pack("<HH", 0, code) + bytes(16)) for code in (0, 10, 164))
    cells = (
        record(0x0809, bytes(16))
        + record(0x007D, struct.pack("<HHHHH", 5, 6, 0, 0, 1) + bytes(2))
        + record(0x0208, struct.pack("<H", 2) + bytes(10) + bytes((0x20, 1, 0, 0)))
        + record(0x0203, struct.pack("<HHHd", 1, 2, 1, 0.2))
        + record(0x00BD, struct.pack("<HHHLHLH", 2, 2, 2, 0, 2, 0, 3))
        + record(0x027E, struct.pack("<HHHL", 3, 2, 0, 0))
        + record(0x000A)
    )
    other = record(0x0809, bytes(16)) + record(0x0203, struct.pack("<HHHd", 0, 0, 0, 1.0)) + record(0x000A)
    names = (b"Spend", b"Notes")
    size = sum(len(record(0x0085, bytes(8) + name)) for name in names)
    begin = len(record(0x0809, bytes(16)) + formats + styles + record(0x000A)) + size
    places = (begin, begin + len(cells))
    sheets = b"".join(
        record(0x0085, struct.pack("<LHBB", place, 0, len(name), 0) + name)
        for place, name in zip(places, names, strict=True)
    )
    return record(0x0809, bytes(16)) + formats + styles + sheets + record(0x000A) + cells + other


def test_the_number_formats_of_an_xls_tell_of_its_cells() -> None:
    looks = _looks_of_stream(stream())
    assert looks["Spend"].formats == {
        2: [(2, "0%"), (3, "[$€-407] 0.00"), (4, "")],
        3: [(3, "[$€-407] 0.00")],
    }
    assert looks["Spend"].hidden_rows == {3}
    assert looks["Spend"].hidden_columns == {5, 6}
    assert looks["Notes"].formats == {}


def test_a_number_of_a_quadrillion_and_more_keeps_no_cents() -> None:
    assert keeps_cents(999_999_999_999.99)
    assert not keeps_cents(1e308)
    assert not keeps_cents(-1e15)


def shown(value: str, printed: str) -> str:
    kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}><text:p>{printed}</text:p></table:table-cell>"


def test_a_minus_that_an_ods_shows_and_the_value_has_not_is_read_as_shown_and_told(tmp_path: Path) -> None:
    cells = [shown(f"{10 + n}.25", f"{10 + n}.25") for n in range(5)]
    for printed in ("-99.50", "(99.50)", "99.50-", "−99,50"):
        reading, read_lines = read(spreadsheet(tmp_path / "a.ods", lines(*cells, shown("99.5", printed))))
        assert read_lines[5].amount == Decimal("-99.5")
        assert codes(reading).count("cell.sign_of_format") == 1
    note = shown("99.5", "99.50").replace(
        "<text:p>", "<office:annotation><text:p>-99.50</text:p></office:annotation><text:p>", 1
    )
    for cell in (shown("-99.5", "-99.50"), shown("99.5", "99.50"), note):
        reading, _ = read(spreadsheet(tmp_path / "b.ods", lines(*cells, cell)))
        assert "cell.sign_of_format" not in codes(reading)


def test_units_that_an_ods_shows_and_the_values_have_not_are_asked_about_or_told(tmp_path: Path) -> None:
    cells = [shown(f"{10 + n}.25", f"{10 + n}.25 k") for n in range(6)]
    reading, _ = read(spreadsheet(tmp_path / "a.ods", lines(*cells)))
    assert [each.key for each in reading.questions] == ["Spend!C.scale"]
    one = [*(shown(f"{10 + n}.25", f"{10 + n}.25") for n in range(5)), shown("1.5", "1.5 Mio.")]
    reading, read_lines = read(spreadsheet(tmp_path / "b.ods", lines(*one)))
    assert "cell.units_of_format" in codes(reading)
    assert read_lines[5].amount == Decimal("1.5")
    scaled = [shown(f"{10 + n}250", f"{10 + n}.25 k") for n in range(6)]
    reading, read_lines = read(spreadsheet(tmp_path / "c.ods", lines(*scaled)))
    assert not reading.questions
    assert "cell.units_of_format" not in codes(reading)
    assert read_lines[0].amount == 10_250
