"""Every refusal before a parser runs, at its limit and one past it."""

import struct
import time
import tracemalloc
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mopsaudit.intake.contract import Kind, Limits, ReadOptions
from mopsaudit.problems import RefusedError
from tests.importers.builders import (
    CONTENT_TYPES,
    LINES,
    WORKBOOK,
    WORKBOOK_RELS,
    package,
    read,
    text_file,
    workbook,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refused(path: Path, **options: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read(path, **options)
    sentence = caught.value.sentence
    assert sentence.endswith((".", ")"))
    assert "Traceback" not in sentence
    assert 20 < len(sentence) < 400
    return caught.value


def test_the_minimal_package_is_read(tmp_path: Path) -> None:
    reading, lines = read(package(tmp_path / "a.xlsx"))
    assert [str(line.amount) for line in lines] == ["100.5", "200"]
    assert not reading.questions


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("empty.xlsx", b"", "file.empty"),
        ("empty.csv", b"  \r\n \r\n", "file.empty"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "file.not_a_workbook"),
        ("book.xlsx", b"%PDF-1.7 ...", "file.not_a_workbook"),
        ("book.xlsx", b"\x89PNG\r\n\x1a\n....", "file.not_a_workbook"),
        ("book.xlsx", b"\x1f\x8b\x08....", "file.not_a_workbook"),
        ("book.xlsx", b"date,supplier,amount\n2026-01-31,ACME,5\n", "file.extension"),
        ("book.xlsx", b"PK\x03\x04 and then nothing of a zip", "file.broken"),
        ("binary.csv", bytes(range(1, 32)) * 40, "file.not_a_workbook"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path).code == code


def test_a_package_named_csv_and_a_text_named_xls(tmp_path: Path) -> None:
    assert refused(package(tmp_path / "a.csv")).code == "file.extension"
    assert refused(package(tmp_path / "a.xls")).code == "file.extension"
    assert refused(package(tmp_path / "a.ods")).code == "file.extension"
    assert refused(package(tmp_path / "a.pdf")).code == "file.not_a_workbook"


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refused(path).code == "file.not_a_workbook"
    word = CONTENT_TYPES.replace("spreadsheetml.sheet.main", "wordprocessingml.document.main")
    assert "Word" in refused(package(tmp_path / "b.xlsx", {"[Content_Types].xml": word})).sentence


def test_a_password_is_told_apart_from_damage(tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 600
    )
    assert refused(path).code == "file.encrypted"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1200)
    assert refused(path).code == "file.not_a_workbook"


def test_macros(tmp_path: Path) -> None:
    parts: Mapping[str, bytes] = {"xl/vbaProject.bin": b"macro"}
    assert refused(package(tmp_path / "a.xlsx", parts)).code == "file.macros"
    macro_type = CONTENT_TYPES.replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    _, lines = read(package(tmp_path / "a.xlsm", {**parts, "[Content_Types].xml": macro_type}))
    assert len(lines) == 2


@pytest.mark.parametrize("name", ["/etc/passwd", "../evil.xml", "xl/../../evil.xml", "c:/evil.xml"])
def test_parts_that_lead_outside(tmp_path: Path, name: str) -> None:
    assert refused(package(tmp_path / "a.xlsx", {name: "x"})).code == "file.unsafe"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/Workbook.xml", WORKBOOK)
    assert refused(path).code == "file.unsafe"


def test_overlapping_parts(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    # The second directory entry is pointed at the first part's bytes.
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    struct.pack_into("<L", data, second + 42, struct.unpack_from("<L", data, first + 42)[0])
    path.write_bytes(bytes(data))
    assert refused(path).code in ("file.unsafe", "file.broken")


def test_links_and_odd_compression(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refused(path).code == "file.unsafe"
    path = package(tmp_path / "b.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/extra.xml", "<a/>", compress_type=zipfile.ZIP_BZIP2)
    assert refused(path).code == "file.unsafe"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "docProps/app.xml", "xl/media/note.vml"]
)
def test_document_types_and_entities_in_any_part_and_encoding(
    tmp_path: Path, encoding: str, part: str
) -> None:
    declared = encoding[:6] if encoding.startswith("utf-16") else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert refused(package(tmp_path / "a.xlsx", {part: mark + text.encode(encoding)})).code == "file.unsafe"


@pytest.mark.parametrize(
    "target", ["../../../etc/passwd", "file:///etc/passwd", "..\\..\\x.xml", "http://example.org/a.xml"]
)
def test_relationships_that_point_outside(tmp_path: Path, target: str) -> None:
    rels = WORKBOOK_RELS.replace(
        "</Relationships>", f'<Relationship Id="rId9" Type="t" Target="{target}"/></Relationships>'
    )
    assert refused(package(tmp_path / "a.xlsx", {"xl/_rels/workbook.xml.rels": rels})).code == "file.unsafe"


def test_external_links_are_never_followed(tmp_path: Path) -> None:
    rels = WORKBOOK_RELS.replace(
        "</Relationships>",
        '<Relationship Id="rId9" Type="t" Target="http://example.org/a.xlsx" TargetMode="External"/></Relationships>',
    )
    _, lines = read(package(tmp_path / "a.xlsx", {"xl/_rels/workbook.xml.rels": rels}))
    assert len(lines) == 2


def test_nesting_and_attributes_at_the_limit_and_past(tmp_path: Path) -> None:
    def nested(depth: int) -> str:
        return "<a>" * depth + "</a>" * depth

    read(package(tmp_path / "a.xlsx", {"docProps/custom.xml": nested(64)}))
    assert refused(package(tmp_path / "b.xlsx", {"docProps/custom.xml": nested(65)})).code == "file.unsafe"

    def wide(count: int) -> str:
        return "<a " + " ".join(f'b{n}="1"' for n in range(count)) + "/>"

    read(package(tmp_path / "c.xlsx", {"docProps/custom.xml": wide(64)}))
    assert refused(package(tmp_path / "d.xlsx", {"docProps/custom.xml": wide(65)})).code == "file.unsafe"


@pytest.mark.parametrize("row", ["0", "-3", "1048577", "99999999", "1e12", "x"])
def test_row_numbers_no_sheet_can_have(tmp_path: Path, row: str) -> None:
    odd = f'{LINES}<row r="{row}"><c r="C9"><v>1</v></c></row>'
    assert refused(package(tmp_path / "a.xlsx", sheet_data=odd)).code == "file.unsafe"


@pytest.mark.parametrize("cell", ["XFE9", "ZZZZ9", "A99999999"])
def test_cells_no_sheet_can_have(tmp_path: Path, cell: str) -> None:
    odd = f'{LINES}<row r="9"><c r="{cell}"><v>1</v></c></row>'
    assert refused(package(tmp_path / "a.xlsx", sheet_data=odd)).code == "file.unsafe"


def lines_of(count: int) -> str:
    return LINES + "".join(f'<row r="{n}"><c r="C{n}"><v>1</v></c></row>' for n in range(4, 4 + count))


def test_limits_are_counted_while_reading(tmp_path: Path) -> None:
    small = replace(Limits(), member_bytes=20_000, total_bytes=40_000)
    read(package(tmp_path / "a.xlsx"), limits=small)
    bomb = package(tmp_path / "b.xlsx", {"xl/media/zeros.bin": b"\0" * 20_001})
    assert refused(bomb, limits=small).code == "file.too_large"
    several = package(tmp_path / "c.xlsx", {f"xl/media/{n}.bin": b"\0" * 19_000 for n in range(3)})
    assert refused(several, limits=small).code == "file.too_large"


def test_a_member_that_lies_about_its_size(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", {"xl/media/zeros.bin": b"\0" * 500_000})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<L", 500_000), struct.pack("<L", 10)))
    assert refused(path).code in ("file.broken", "file.too_large", "file.unsafe")


@pytest.mark.parametrize(
    "limits, good, bad",
    [
        (Limits(rows=5), lines_of(2), lines_of(3)),
        (
            Limits(columns=4),
            LINES.replace('<c r="C2">', '<c r="D2"><v>5</v></c><c r="C2">'),
            LINES.replace('<c r="C2">', '<c r="E2"><v>5</v></c><c r="C2">'),
        ),
    ],
)
def test_rows_and_columns_at_the_limit_and_past(tmp_path: Path, limits: Limits, good: str, bad: str) -> None:
    read(package(tmp_path / "a.xlsx", sheet_data=good), limits=limits)
    assert refused(package(tmp_path / "b.xlsx", sheet_data=bad), limits=limits).code == "file.too_large"


def test_sheets_styles_strings_members_and_text_at_the_limit_and_past(tmp_path: Path) -> None:
    def sheets(count: int) -> Path:
        head = [["Invoice date", "Supplier", "Amount"], ["2026-01-31", "ACME", 5]]
        return workbook(
            tmp_path / f"s{count}.xlsx", {"A": head, **{f"n{n}": [["note"]] for n in range(count - 1)}}
        )

    read(sheets(3), limits=Limits(sheets=3))
    assert refused(sheets(4), limits=Limits(sheets=3)).code == "file.too_large"

    def strings(count: int) -> dict[str, str]:
        body = "".join(f"<si><t>{n}</t></si>" for n in range(count))
        return {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{body}</sst>'}

    read(package(tmp_path / "a.xlsx", strings(7)), limits=Limits(shared_strings=7))
    assert (
        refused(package(tmp_path / "b.xlsx", strings(8)), limits=Limits(shared_strings=7)).code
        == "file.too_large"
    )

    def styles(count: int) -> dict[str, str]:
        return {
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * count}</cellXfs></styleSheet>'
        }

    read(package(tmp_path / "c.xlsx", styles(7)), limits=Limits(cell_styles=7))
    assert (
        refused(package(tmp_path / "d.xlsx", styles(8)), limits=Limits(cell_styles=7)).code
        == "file.too_large"
    )
    read(package(tmp_path / "e.xlsx"), limits=Limits(members=5))
    assert (
        refused(package(tmp_path / "f.xlsx", {"x.xml": "<a/>"}), limits=Limits(members=5)).code
        == "file.too_large"
    )
    long = LINES.replace("ACME Ltd", "x" * 101)
    read(package(tmp_path / "g.xlsx", sheet_data=long), limits=Limits(cell_text=101))
    assert (
        refused(package(tmp_path / "h.xlsx", sheet_data=long), limits=Limits(cell_text=100)).code
        == "file.too_large"
    )
    csv = text_file(tmp_path / "a.csv", [["Date", "Supplier", "Amount"], ["2026-01-31", "x" * 101, "5.00"]])
    assert refused(csv, limits=Limits(cell_text=100)).code == "file.too_large"
    assert refused(csv, limits=Limits(body=10)).code == "file.too_large"


def test_the_body_limit(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx")
    size = path.stat().st_size
    read(path, limits=Limits(body=size))
    assert "larger than" in refused(path, limits=Limits(body=size - 1)).sentence


def test_ill_formed_parts(tmp_path: Path) -> None:
    assert (
        refused(package(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"})).code
        == "file.broken"
    )
    for encoding in ("UT-8", "shift_jis"):  # one nobody knows, one the parser cannot read
        sheet = f'<?xml version="1.0" encoding="{encoding}"?><worksheet><sheetData/></worksheet>'
        assert (
            refused(package(tmp_path / "d.xlsx", {"xl/worksheets/sheet1.xml": sheet})).code == "file.broken"
        )
    cut = tmp_path / "b.xlsx"
    cut.write_bytes(package(tmp_path / "c.xlsx").read_bytes()[:700])
    assert refused(cut).code == "file.broken"


def test_a_workbook_that_never_ends(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Invoice date", "Supplier", "Amount"])
    sheet.append(["2026-01-31", "ACME", 5])
    sheet["XFD1048576"] = "lone"
    path = tmp_path / "far.xlsx"
    book.save(path)
    reading, lines = read(path)
    assert len(lines) == 1
    stray = next(problem for problem in reading.problems if problem.code == "sheet.stray_cell")
    assert stray.cell == "XFD1048576"


def test_ten_thousand_merely_formatted_rows(tmp_path: Path) -> None:
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="C{n}"/></row>' for n in range(4, 10_004))
    _, lines = read(package(tmp_path / "a.xlsx", sheet_data=LINES + blank))
    assert len(lines) == 2


def test_options_have_their_limits_shown() -> None:
    assert ReadOptions(kind=Kind.SPEND).limits.body == 20 * 1024 * 1024


def test_a_tag_that_does_not_end_is_refused_before_it_is_held(tmp_path: Path) -> None:
    """A million attributes would be held by the parser before anybody could count them."""
    endless = "<a " + " ".join(f'b{n}="1"' for n in range(400_000)) + "/>"
    path = package(tmp_path / "a.xlsx", {"docProps/custom.xml": endless})
    tracemalloc.start()
    assert refused(path).code == "file.unsafe"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
    long = '<a b="' + "x" * 1_000_000 + '">' + "y" * 3_000_000 + "</a>"
    read(package(tmp_path / "b.xlsx", {"docProps/custom.xml": long}))


@pytest.mark.parametrize(
    "part, text",
    [
        (
            "[Content_Types].xml",
            CONTENT_TYPES.replace(
                "</Types>", '<Default Extension="a" ContentType="b/c"/>' * 10_001 + "</Types>"
            ),
        ),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            "<Relationships>" + "<Relationship/>" * 70_001 + "</Relationships>",
        ),
        ("xl/workbook.xml", WORKBOOK.replace("</workbook>", "<a/>" * 300_001 + "</workbook>")),
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si>' + "<r><t>x</t></r>" * 100_001 + "</si></sst>"),
        ("docProps/custom.xml", "<Properties>" + "<property/>" * 100_001 + "</Properties>"),
        (
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><fonts>' + "<font/>" * 65_491 + "</fonts></styleSheet>",
        ),
        (
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><numFmts>' + "<numFmt/>" * 65_491 + "</numFmts></styleSheet>",
        ),
    ],
)
def test_a_part_of_more_elements_than_any_table_needs_is_refused(
    tmp_path: Path, part: str, text: str
) -> None:
    """Held whole by whoever opens the workbook, they would cost seconds and hundreds of MiB."""
    assert refused(package(tmp_path / "a.xlsx", {part: text})).code == "file.too_large"


def test_as_many_elements_as_a_large_workbook_has_are_no_reason(tmp_path: Path) -> None:
    links = "".join(
        f'<Relationship Id="l{n}" Type="hyperlink" TargetMode="External" Target="https://a.example/{n}"/>'
        for n in range(65_530)
    )
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": f"<Relationships>{links}</Relationships>",
        "docProps/custom.xml": "<Properties>" + "<property/>" * 50_000 + "</Properties>",
    }
    assert len(read(package(tmp_path / "a.xlsx", parts))[1]) == 2


def test_a_wide_table_of_numbers_is_soon_told_to_hold_no_amount(tmp_path: Path) -> None:
    """Which of 200 columns carries another on, or is the sum of the rest, is not tried for each pair of them."""
    rows = "\r\n".join(",".join(f"{n * 7 % 97}.5" for n in range(k, k + 200)) for k in range(300))
    path = text_file(tmp_path / "a.csv", ",".join(f"c{n}" for n in range(200)) + "\r\n" + rows)
    began = time.process_time()
    with suppress(RefusedError):
        read(path)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "text",
    [
        "<si><t>" + "x" * 20_000_000 + "</t></si>",
        "<si>" + "<r><t>x</t></r>" * 32_768 + "</si>",
    ],
    ids=["one", "pieces"],
)
def test_a_text_no_cell_can_hold_is_refused_before_it_is_held(tmp_path: Path, text: str) -> None:
    """A few kilobytes unpack to it; whoever read the texts first would hold all of it."""
    path = package(tmp_path / "a.xlsx", {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{text}</sst>'})
    tracemalloc.start()
    assert "32,767 characters" in refused(path).sentence
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
    long = (
        f'<sst xmlns="{MAIN}"><si>{"<r><t>x</t></r>" * 32_767}</si><si><t>{"&#120;" * 32_767}</t></si></sst>'
    )
    assert len(read(package(tmp_path / "b.xlsx", {"xl/sharedStrings.xml": long}))[1]) == 2
