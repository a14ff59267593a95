"""Text files whose rows are not parted alike: open quotes, another delimiter, another encoding; none lost unsaid."""

from decimal import Decimal
from pathlib import Path

import pytest

from importers.amounts import amount_text
from mopsaudit.intake.contract import Kind
from tests.importers.builders import codes, read, total

HEAD = "Invoice date,Supplier,Text,Amount GBP"
LINES = [f"2026-0{1 + n % 9}-{14 + n},Supplier {n},Work {n},{100 + n}.25" for n in range(12)]
SUM = sum((Decimal(100 + n) + Decimal("0.25") for n in range(12)), Decimal(0))


def written(folder: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path = folder / "a.csv"
    path.write_bytes("\r\n".join([HEAD, *lines, ""]).encode(encoding))
    return path


def with_line(index: int, text: str) -> list[str]:
    return [*LINES[:index], text, *LINES[index + 1 :]]


def test_a_quote_left_open_to_the_end_takes_no_line(tmp_path: Path) -> None:
    reading, lines = read(written(tmp_path, with_line(4, LINES[4].replace("Work", '"Work'))))
    assert total(lines) == SUM
    assert [line.row for line in lines] == list(range(2, 14))
    assert [(each.code, each.cell) for each in reading.problems] == [("text.quote_open", "C6")]
    assert "row 13" in reading.problems[0].message


def test_a_quote_closed_some_rows_later_takes_no_line(tmp_path: Path) -> None:
    lines_written = with_line(4, LINES[4].replace("Work", '"Work'))
    lines_written[7] = lines_written[7].replace("Work 7", 'Work 7"')
    reading, lines = read(written(tmp_path, lines_written))
    assert total(lines) == SUM
    assert codes(reading) == ["text.quote_open"]


def test_a_quote_that_ends_in_a_quoted_cell_holds_back_that_line_alone(tmp_path: Path) -> None:
    lines_written = with_line(4, LINES[4].replace("Work", '"Work'))
    lines_written[7] = '2026-05-21,"Supplier 7, Ltd",Work 7,107.25'
    reading, lines = read(written(tmp_path, lines_written))
    assert total(lines) == SUM - Decimal("107.25")
    assert {each.code for each in reading.problems if each.rejected} == {"text.quote_open"}
    assert {each.cell for each in reading.problems if each.rejected} == {"D9"}


@pytest.mark.parametrize(
    "text",
    [
        '"Work\r\nof two lines"',
        '"Work, on site,\r\nwith lunch"',
        '"First\nsecond, with a comma\nthird"',
        '"Work\r\n\r\n\r\nafter blank lines"',
    ],
)
def test_a_text_of_several_lines_is_one_text(tmp_path: Path, text: str) -> None:
    reading, lines = read(written(tmp_path, with_line(4, LINES[4].replace("Work 4", text))))
    assert total(lines) == SUM
    assert len(lines) == 12
    assert codes(reading) == []


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_rows_parted_by_another_delimiter_are_read_by_it(tmp_path: Path, delimiter: str) -> None:
    other = [line.replace(",", delimiter) for line in LINES[8:]]
    reading, lines = read(written(tmp_path, [*LINES[:8], *other]))
    assert total(lines) == SUM
    assert [(each.code, each.cell) for each in reading.problems] == [("text.delimiter_changes", "A10")]
    assert "4 rows" in reading.problems[0].message


def test_decimal_commas_behind_the_other_delimiter_are_read(tmp_path: Path) -> None:
    other = [line.replace(",", ";").replace(".25", ",25") for line in LINES[8:]]
    _, lines = read(written(tmp_path, [*LINES[:8], *other]))
    assert total(lines) == SUM


@pytest.mark.parametrize(
    "note",
    ["Printed by; A. Clerk; on; 2026-10-01", "one; two; three", "Carried; over; to; next page"],
)
def test_a_note_with_the_other_sign_in_it_is_no_row(tmp_path: Path, note: str) -> None:
    reading, lines = read(written(tmp_path, [*LINES, note]))
    assert total(lines) == SUM
    assert "text.delimiter_changes" not in codes(reading)


def test_lines_appended_in_another_encoding_are_read_by_it_and_told(tmp_path: Path) -> None:
    head = "\r\n".join([HEAD, *LINES[:6]]).replace("Supplier 3", "Café Ltd").encode()
    tail = "\r\n".join(["", *LINES[6:], ""]).replace("Supplier 9", "Müller GmbH").encode("cp1252")
    path = tmp_path / "a.csv"
    path.write_bytes(head + tail)
    reading, lines = read(path)
    assert {"Café Ltd", "Müller GmbH"} <= {line.supplier for line in lines}
    assert codes(reading) == ["text.encoding_changes"]
    assert "Line 11" in reading.problems[0].message


def test_a_bad_byte_behind_a_mark_of_utf_8_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = with_line(2, LINES[2].replace("Supplier 2", "Müller GmbH"))
    path.write_bytes(
        b"\xef\xbb\xbf"
        + "\r\n".join([HEAD, "2026-01-15,Café,x,1.00", *lines])
        .encode("utf-8")
        .replace(b"M\xc3\xbc", b"M\xfc")
    )
    reading, read_lines = read(path)
    assert {"Café", "Müller GmbH"} <= {line.supplier for line in read_lines}
    assert codes(reading) == ["text.encoding_changes"]


@pytest.mark.parametrize(
    "encoding, name",
    [
        ("cp1252", "Müller Großhandel"),
        ("gb18030", "北京广告有限公司"),
        ("cp932", "株式会社サンプル広告"),
        ("cp1251", "Ромашка"),
        ("cp949", "한국광고"),
    ],
)
def test_files_of_one_old_code_page_are_of_one(tmp_path: Path, encoding: str, name: str) -> None:
    lines_written = [line.replace("Supplier", name) for line in LINES]
    reading, lines = read(written(tmp_path, lines_written, encoding))
    assert total(lines) == SUM
    assert codes(reading) == []  # whichever page it is taken for, it is one


def test_signs_in_two_halves_are_put_together_and_half_a_sign_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    path.write_bytes(
        path.read_bytes()
        .replace(b"Supplier 1,", b"A\xed\xa0\xbd\xed\xb8\x80,")
        .replace(b"Supplier 2,", b"B\xed\xa0\xbd,")
    )
    _, lines = read(path)
    assert lines[1].supplier == "A\U0001f600"
    assert lines[2].supplier == "B\ufffd"


def test_decimal_commas_that_part_an_amount_are_told_with_both_its_halves(tmp_path: Path) -> None:
    reading, lines = read(written(tmp_path, [line.replace(".25", ",25") for line in LINES]))
    assert lines == []
    rejected = [each for each in reading.problems if each.rejected]
    assert [each.cell for each in rejected] == [f"D{row}" for row in range(2, 14)]
    assert "“100,25”" in rejected[0].message
    assert "text.more_fields" in codes(reading)


def test_one_decimal_comma_among_points_is_told(tmp_path: Path) -> None:
    reading, lines = read(written(tmp_path, with_line(3, LINES[3].replace(".25", ",25"))))
    assert len(lines) == 11
    assert [each.cell for each in reading.problems if each.rejected] == ["D5"]


def test_a_column_without_a_heading_parts_no_amount(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    whole = [line.replace(".25", "") for line in LINES]
    path.write_text("\n".join([HEAD + ",", *(f"{line},{10 + n}" for n, line in enumerate(whole)), ""]))
    reading, lines = read(path)
    assert len(lines) == 12
    assert "text.more_fields" not in codes(reading)


def test_a_comma_too_many_is_told_for_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Tool,Vendor,Status\nA,Acme, Inc,active\nB,Beta,active\nC,Gamma,active\n")
    reading, _ = read(path, Kind.INVENTORY)
    assert [(each.code, each.cell) for each in reading.problems if each.code.startswith("text.")] == [
        ("text.more_fields", "D2")
    ]


def test_headings_parted_by_another_delimiter_are_headings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEAD.replace(",", ";"), *LINES, ""]))
    reading, lines = read(path, base_currency="USD")
    assert {line.currency for line in lines} == {"GBP"}
    assert codes(reading) == ["text.delimiter_changes"]


def test_what_goes_on_behind_a_closing_quote_is_no_part_of_an_amount(tmp_path: Path) -> None:
    reading, lines = read(written(tmp_path, with_line(4, LINES[4].replace("104.25", '"104.25"99'))))
    assert total(lines) == SUM - Decimal("104.25")
    assert [(each.code, each.cell) for each in reading.problems] == [("spend.amount.unreadable", "D6")]
    reading, lines = read(written(tmp_path, with_line(4, LINES[4].replace("Supplier 4", '"Supplier" 4 A'))))
    assert total(lines) == SUM
    assert lines[4].supplier == '"Supplier" 4 A'
    assert not reading.problems


def test_quotes_behind_blanks_are_quotes(tmp_path: Path) -> None:
    apart = [
        ", ".join(f'"{part}, Ltd"' if at == 1 else part for at, part in enumerate(line.split(",")))
        for line in LINES
    ]
    reading, lines = read(written(tmp_path, apart))
    assert total(lines) == SUM
    assert lines[0].supplier == "Supplier 0, Ltd"
    assert not reading.problems


@pytest.mark.parametrize("lost", [b"\xed\xa0\xbd", "\ufffd".encode()])
def test_letters_that_are_lost_are_told(tmp_path: Path, lost: bytes) -> None:
    path = written(tmp_path, with_line(4, LINES[4].replace("Supplier", "@")))
    path.write_bytes(path.read_bytes().replace(b"@", lost))
    reading, lines = read(path)
    assert total(lines) == SUM
    assert codes(reading) == ["text.letters_lost"]
    assert "Line 6 " in reading.problems[0].message


def test_a_repeated_header_whose_columns_moved_is_told(tmp_path: Path) -> None:
    moved = ["Invoice date,Text,Supplier,Amount GBP", *LINES[6:]]
    reading, lines = read(written(tmp_path, [*LINES[:6], *moved]))
    assert total(lines) == SUM
    assert ("sheet.other_header", "B8") in [(each.code, each.cell) for each in reading.problems]
    same = [HEAD, *LINES[6:]]
    assert not read(written(tmp_path, [*LINES[:6], *same]))[0].problems


@pytest.mark.parametrize(
    "text, value",
    [("8.99E+01", None), ("1.25E+03", None), ("8.994E+01", "89.94"), ("1.5E1", "15"), ("1.25E2", "125")],
)
def test_an_amount_a_format_rounded_is_none(text: str, value: str | None) -> None:
    parts = amount_text(text)
    assert value == (None if parts is None else parts.body)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#NAME?"])
def test_an_error_a_spreadsheet_saved_as_text_is_no_name_and_no_amount(tmp_path: Path, error: str) -> None:
    reading, lines = read(written(tmp_path, with_line(3, f"2026-04-17,{error},Work 3,103.25")))
    assert total(lines) == SUM
    assert not lines[3].supplier
    assert "spend.supplier.missing" in codes(reading)
    reading, lines = read(written(tmp_path, with_line(3, f"2026-04-17,Supplier 3,Work 3,{error}")))
    assert total(lines) == SUM - Decimal("103.25")
    assert "cell.error" in codes(reading)
    reading, lines = read(written(tmp_path, with_line(3, "2026-04-17,#N/A Media Ltd,Work 3,103.25")))
    assert lines[3].supplier == "#N/A Media Ltd"
