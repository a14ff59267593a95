# ruff: noqa: DTZ001 - a spreadsheet's dates and times carry no zone
"""Sheets read by the shapes of their rows: the same cells as openpyxl's parser, the same refusals, or given back."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from importers import cell_columns, row_shapes, workbook
from importers.cell_columns import numbers_of
from importers.package import scan
from mopsaudit.intake.contract import Limits
from mopsaudit.problems import RefusedError
from tests.bench.ledgers import write_ledger
from tests.importers.builders import package
from tests.shared_data import SHARED, requires_shared

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PARSER = replace(Limits(), shapes_from=1 << 40)
SHAPES = replace(Limits(), shapes_from=0)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For every sheet tried by shapes: whether it was read to its end."""
    tries: list[bool] = []
    read = row_shapes.SheetShapes.read

    def watched(self: row_shapes.SheetShapes, *arguments: Any) -> None:
        try:
            read(self, *arguments)
        except row_shapes.OddSheetError:
            tries.append(False)
            raise
        tries.append(True)

    monkeypatch.setattr(row_shapes.SheetShapes, "read", watched)
    return tries


def grids(path: Path, limits: Limits) -> Any:
    """Everything a reader says of a workbook, types included; or the sentence of its refusal."""
    try:
        known = scan(path, path.suffix.lower(), limits)
        if known.kind != "xlsx":
            return known.kind
        return [
            (
                *(grid.name, grid.numbers, grid.hidden, grid.hidden_rows, grid.hidden_columns),
                *(grid.merged, grid.formats, grid.strays, grid.date_1904),
                [[(type(cell), cell) for cell in row] for row in grid.rows],
            )
            for grid in workbook.open_workbook(path, known, limits, lambda _done: None)
        ]
    except RefusedError as error:
        return error.sentence
    except workbook.UnreadableError:
        return "unreadable"


def same(path: Path) -> Any:
    """What the shapes say of a workbook, which is what the parser says."""
    by_shapes = grids(path, SHAPES)
    assert by_shapes == grids(path, PARSER)
    return by_shapes


def published() -> list[Any]:
    """The published workbooks; those beyond a seeded sample only under ``make soak``."""
    found = sorted(
        path
        for folder in ("robust", "spend", "messy")
        for path in (SHARED / folder).rglob("*.xls[xm]")
        if SHARED.exists()
    )
    chosen = set(random.Random(7).sample(found, min(60, len(found))))
    return [
        pytest.param(path, id=path.name, marks=() if path in chosen else pytest.mark.soak) for path in found
    ]


@requires_shared
@pytest.mark.parametrize("path", published())
def test_published_files_come_to_the_same_cells(path: Path) -> None:
    same(path)


def test_a_long_ledger_comes_to_the_same_cells(tmp_path: Path, served: list[bool]) -> None:
    path = tmp_path / "ledger.xlsx"
    write_ledger(path, 3_000)
    ((name, numbers, *_, rows),) = same(path)
    assert (name, len(numbers), rows[5][0]) == (
        "AP Ledger",
        3_004,
        (dt.datetime, dt.datetime(2025, 1, 1)),
    )
    assert served == [True]


VALUES: tuple[Any, ...] = (
    *(
        None,
        None,
        "ACME & Sons <Ltd>",
        " two  blanks ",
        "Ünïcode – ✓ 日本",
        "_x0041_ and _x000D_",
        "line\nbreak",
    ),
    *(0, -5, 12345678901234567, 0.1, -1234.56, 1e-7, 1.5e20, 999999999999.99, True, False),
    *(dt.datetime(2026, 2, 28), dt.datetime(2026, 2, 28, 13, 45, 10), dt.date(2025, 12, 31), dt.time(9, 30)),
    *("#REF!", "=A1+1", "2026-01-31", "1.234,56", "x" * 300),
)


def book_of(chance: random.Random, path: Path) -> Path:
    """A workbook as a program writes it: columns of one kind, with blanks, odd cells, hidden rows, merges, formats."""
    strings = {} if chance.random() < 0.5 else {"constant_memory": True}
    book = xlsxwriter.Workbook(
        path, {**strings, "strings_to_formulas": False, "date_1904": chance.random() < 0.2}
    )
    formats = [
        book.add_format({"num_format": code})
        for code in ("General", "yyyy-mm-dd", "[h]:mm", "hh:mm", "£#,##0.00", '#,##0.00 "€"', "0.0%", "0.00")
    ]
    for _ in range(chance.randrange(1, 3)):
        sheet = book.add_worksheet()
        columns = chance.randrange(1, 9)
        kinds = [(chance.choice(VALUES[2:]), chance.choice(formats)) for _ in range(columns)]
        for row in range(chance.choice((3, 40, 400))):
            if chance.random() < 0.05:
                sheet.set_row(row, None, None, {"hidden": True})
            for column, (usual, style) in enumerate(kinds):
                value = usual if chance.random() < 0.8 else chance.choice(VALUES)
                shown = style if chance.random() < 0.9 else chance.choice(formats)
                if isinstance(value, float) and chance.random() < 0.5:
                    value += chance.randrange(10_000) / 100
                if isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(row, column, value, shown, chance.choice(("", 3.5, "words", True)))
                elif isinstance(value, dt.datetime | dt.date | dt.time):
                    sheet.write_datetime(row, column, value, chance.choice(formats[1:4]))
                elif value is None:
                    sheet.write_blank(row, column, None, shown)
                else:
                    sheet.write(row, column, value, shown)
        if chance.random() < 0.5:
            sheet.merge_range(500, 0, 501, 2, "together")
            sheet.set_column(1, 1, 12, None, {"hidden": True})
            sheet.autofilter(0, 0, 10, columns)
    book.close()
    return path


@pytest.mark.parametrize(
    "seed", [*range(25), *(pytest.param(n, marks=pytest.mark.soak) for n in range(25, 400))]
)
def test_generated_books_come_to_the_same_cells(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    same(book_of(chance, tmp_path / "book.xlsx"))


@pytest.mark.parametrize("seed", range(25))
def test_columns_that_hardly_repeat_a_text_come_to_the_same_cells(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_shapes, "_FLUSH", 10)
    monkeypatch.setattr(cell_columns, "FEW", 5)
    chance = random.Random(seed)
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": seed % 2 == 0})
    sheet = book.add_worksheet()
    odd = (None, *VALUES[2:9], 7, -0.5, "0007", "&", "_x0041_", "y" * 40_000)
    for row in range(300):
        sheet.write_string(row, 0, f"INV-{row}")
        sheet.write_number(row, 1, chance.choice((row, row / 7, -row, row * 1e9, row * 1e-9)))
        for column in (2, 3):
            value = chance.choice(odd) if chance.random() < 0.1 else f"{column}-{row}"
            if value is not None and (len(str(value)) < 33_000 or seed == 3):
                sheet.write(row, column, value)
        if chance.random() < 0.5:
            sheet.write_number(row, 4, row)
    book.close()
    same(path)


def test_numbers_are_read_as_the_parser_reads_them() -> None:
    def one(text: str) -> Any:
        return float(text) if set(text) & set(".eE") else int(text)

    for texts in (["1", "-2", "3.5"], ["007", "1"], ["-0", "1e5", "2E-3", "1.0"], ["1", None, "2.25"], []):
        told = numbers_of(texts, one)
        assert list(map(repr, told)) == [repr(None if text is None else one(text)) for text in texts]


def test_books_of_openpyxl_are_served(tmp_path: Path, served: list[bool]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number in range(300):
        sheet.append(
            [dt.date(2026, 1, 1), f"Supplier {number % 7}", number / 4, None if number % 3 else "note"]
        )
    sheet["C300"].number_format = "$#,##0.00"
    sheet.row_dimensions[17].hidden = True
    book.save(tmp_path / "book.xlsx")
    ((*_, formats, _strays, _old, _rows),) = same(tmp_path / "book.xlsx")
    assert formats == {2: [(300, "$#,##0.00")]}
    assert served == [True]


def rows(count: int = 20, cell: str = '<c r="A{n}"><v>{n}</v></c>') -> str:
    """Plain rows numbered from 1."""
    return "".join(f'<row r="{n}">{cell.replace("{n}", str(n))}</row>' for n in range(1, count + 1))


def sheet(data: str, *, head: str = "", tail: str = "", root: str = "") -> dict[str, str]:
    return {
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}{root}>{head}<sheetData>{data}</sheetData>{tail}</worksheet>"
    }


ODD: dict[str, dict[str, str]] = {
    "a comment": sheet(rows() + '<!-- <row r="21"><c r="A21"><v>1</v></c></row> -->'),
    "a comment in a cell": sheet(rows(cell='<c r="A{n}"><v>4<!-- 2 -->2</v></c>')),
    "characters as they stand": sheet(rows(cell='<c r="A{n}" t="str"><v><![CDATA[a<b]]></v></c>')),
    "an instruction": sheet(rows() + "<?odd thing?>"),
    "rows twice": sheet(rows() + rows()),
    "rows backwards": sheet(
        "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(20, 0, -1))
    ),
    "cells backwards": sheet(rows(cell='<c r="B{n}"><v>1</v></c><c r="A{n}"><v>2</v></c>')),
    "a cell twice": sheet(rows(cell='<c r="A{n}"><v>1</v></c><c r="A{n}"><v>2</v></c>')),
    "cells of another row": sheet(rows(cell='<c r="A7"><v>{n}</v></c>')),
    "cells without a reference": sheet(rows(cell="<c><v>{n}</v></c>")),
    "rows without a number": sheet("<row><c><v>1</v></c></row>" * 20),
    "a number of another kind": sheet(rows(cell='<c r="A{n}"><v>NaN</v></c>')),
    "very long numbers": sheet(rows(cell='<c r="A{n}"><v>' + "9" * 400 + "</v></c>")),
    "a string there is none": sheet(rows(cell='<c r="A{n}" t="s"><v>77</v></c>')),
    "a formula without a value": sheet(rows(cell='<c r="A{n}"><f>1+1</f></c><c r="B{n}"><v>3</v></c>')),
    "a formula with an empty value": sheet(rows(cell='<c r="A{n}"><f>1+1</f><v></v></c>')),
    "a text formula": sheet(rows(cell='<c r="A{n}" t="str"><f>B1&amp;"x"</f><v>a&amp;b</v></c>')),
    "a shared formula": sheet(rows(cell='<c r="A{n}"><f t="shared" ref="A1:A9" si="0">1</f><v>1</v></c>')),
    "errors": sheet(rows(cell='<c r="A{n}" t="e"><v>#DIV/0!</v></c>')),
    "dates as text": sheet(rows(cell='<c r="A{n}" t="d"><v>2026-01-31</v></c>')),
    "runs of text": sheet(rows(cell='<c r="A{n}" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>')),
    "sounds of text": sheet(rows(cell='<c r="A{n}" t="inlineStr"><is><t>a</t><rPh><t>b</t></rPh></is></c>')),
    "lines between": sheet("\n" + rows().replace("</row>", "</row>\n  ")),
    "lines within": sheet(rows(cell='\n<c r="A{n}">\n<v>{n}</v>\n</c>\n')),
    "returns": sheet("\r\n" + rows(cell='<c r="A{n}" t="str"><v>a\r\nb</v></c>')),
    "empty rows": sheet(
        '<row r="1"/><row r="2" spans="1:3"></row>'
        + rows(30).partition('<row r="3"')[1]
        + rows(30).partition('<row r="3"')[2]
    ),
    "no data": {"xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData/></worksheet>"},
    "names with a prefix": {
        "xl/worksheets/sheet1.xml": f"<x:worksheet {MAIN.replace('xmlns', 'xmlns:x')}><x:sheetData>"
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    },
    "a strict sheet": {
        "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main">'
        f"<sheetData>{rows()}</sheetData></worksheet>"
    },
    "a byte order mark": {"xl/worksheets/sheet1.xml": "\ufeff" + sheet(rows())["xl/worksheets/sheet1.xml"]},
    "columns beyond": sheet(rows(cell='<c r="A{n}"><v>1</v></c><c r="ZZ{n}"><v>2</v></c>')),
    "an escape": sheet(rows(cell='<c r="A{n}" t="str"><v>a_x000D_b &#65; &lt;</v></c>')),
}
HOSTILE: dict[str, dict[str, str]] = {
    "a row after the data": sheet(
        rows(), tail='<sheetData><row r="99"><c r="A99"><v>1</v></c></row></sheetData>'
    ),
    "a document type": {
        "xl/worksheets/sheet1.xml": f"<!DOCTYPE x><worksheet {MAIN}><sheetData>{rows()}</sheetData></worksheet>"
    },
    "an entity": sheet(rows(cell='<c r="A{n}" t="str"><v>&boom;</v></c>')),
    "nesting": sheet(rows() + '<row r="21"><c r="A21">' + "<x>" * 70 + "</x>" * 70 + "</c></row>"),
    "nesting after": sheet(rows(), tail="<x>" * 70 + "</x>" * 70),
    "attributes": sheet(rows() + '<row r="21" ' + " ".join(f'a{n}="1"' for n in range(70)) + "/>"),
    "an attribute twice": sheet(rows() + '<row r="21" s="1" s="1"><c r="A21"><v>1</v></c></row>'),
    "row nought": sheet('<row r="0"><c r="A0"><v>1</v></c></row>' + rows()),
    "a row beyond": sheet(rows() + '<row r="1048577"><c r="A1048577"><v>1</v></c></row>'),
    "a column beyond": sheet(rows(cell='<c r="A{n}"><v>1</v></c><c r="XFE{n}"><v>2</v></c>')),
    "an open end": {"xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{rows()}"},
    "an open cell": sheet(rows() + '<row r="21"><c r="A21"><v>1</c></row>'),
    "a stray bracket": sheet(rows(cell='<c r="A{n}" t="str"><v>a ]]> b</v></c>')),
    "a control character": sheet(rows(cell='<c r="A{n}" t="str"><v>a\x01</v></c>')),
    "a loose ampersand": sheet(rows(cell='<c r="A{n}" t="str"><v>a & b</v></c>')),
    "something after the end": {
        "xl/worksheets/sheet1.xml": sheet(rows())["xl/worksheets/sheet1.xml"] + "<more/>"
    },
    "a text too long": sheet(rows() + f'<row r="21"><c r="A21" t="str"><v>{"x" * 32_768}</v></c></row>'),
    "an endless row": sheet(rows() + '<row r="21">' + '<c r="A21"><v>1</v></c>' * 50),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_sheets_come_to_the_same_cells(tmp_path: Path, name: str) -> None:
    found = same(package(tmp_path / "a.xlsx", ODD[name]))
    assert not isinstance(found, str)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sheets_are_refused_alike(tmp_path: Path, name: str) -> None:
    found = same(package(tmp_path / "a.xlsx", HOSTILE[name]))
    assert isinstance(found, str)
    assert found.endswith(".")


def test_too_many_rows_are_refused_alike(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", sheet_data=rows(51))
    for limits in (SHAPES, PARSER):
        assert not isinstance(grids(path, replace(limits, rows=51)), str)
        assert "more than 50 rows" in grids(path, replace(limits, rows=50))


def test_a_sheet_nobody_reads_is_looked_at_all_the_same(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", {"xl/worksheets/sheet7.xml": f"<!DOCTYPE x><worksheet {MAIN}/>"})
    assert "document type" in grids(path, SHAPES)


def test_sheets_left_to_their_reader_count_towards_the_limit(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", {"xl/worksheets/sheet7.xml": " " * 4_000}, sheet_data=rows(100))
    assert "unpacks to more than" in grids(path, replace(SHAPES, total_bytes=6_000))


def mutated(chance: random.Random, text: str) -> Iterator[str]:
    """A sheet with bytes dropped, doubled or swapped for others that mean something to a parser."""
    for _ in range(6):
        at = chance.randrange(len(text))
        some = chance.choice(("", "<", ">", "&", '"', "/", "0", "<row", "</c>", " ", "\n", "v", "\x02", "é"))
        text = text[:at] + some + text[at + chance.randrange(3) :]
        yield text


@pytest.mark.parametrize(
    "seed", [*range(10), *(pytest.param(n, marks=pytest.mark.soak) for n in range(10, 300))]
)
def test_damaged_sheets_are_read_or_refused_alike(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    whole = sheet(
        rows(40, '<c r="A{n}" s="0"><v>{n}.5</v></c><c r="B{n}" t="inlineStr"><is><t>a&amp;b</t></is></c>'),
        tail='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    )["xl/worksheets/sheet1.xml"]
    for text in mutated(chance, whole):
        same(package(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": text}))
