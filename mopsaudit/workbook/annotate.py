"""A person's own workbook back: a copy with the doubtful cells coloured and commented, and a sheet that lists them.

Runs in the limited child process. Values are the person's own to the last digit: what the library would convert (dates,
numbers, the saved results of formulas) is put back as the file printed it. Where the library cannot keep a part of the
file, nothing is marked and the list stands in a workbook of its own, saying why.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from mopsaudit.intake.contract import Marked, MarkOrder, Sink
from mopsaudit.problems import Problem, Severity

#: Inflated bytes of all sheets that are still marked; beyond, writing them takes more memory than a file may.
LARGEST: Final = 24 * 1024 * 1024
#: Cells that get a note; the others are coloured and listed. No program opens a hundred thousand notes.
NOTES: Final = 5_000
#: Name of the sheet that lists the problems, and of the author of the notes.
LIST, AUTHOR = "Problems", "mopsaudit"

#: Beginning of a part's name → what it is, where writing the file anew would lose it.
_PARTS: Final = (
    ("xl/charts/", "charts"),
    ("xl/chartsheets/", "charts"),
    ("xl/pivot", "pivot tables"),
    ("xl/slicer", "slicers"),
    ("xl/timeline", "timelines"),
    ("xl/media/", "images"),
    ("xl/drawings/drawing", "drawings"),
    ("xl/diagrams/", "drawings"),
    ("xl/vbaproject", "macros"),
    ("xl/externallinks/", "links to other workbooks"),
    ("xl/ctrlprops/", "form controls"),
    ("xl/activex/", "form controls"),
    ("xl/embeddings/", "embedded files"),
    ("xl/threadedcomments/", "threaded comments"),
    ("xl/connections", "data connections"),
    ("xl/querytables/", "data connections"),
    ("xl/model/", "a data model"),
    ("xl/richdata/", "linked data types"),
    ("xl/metadata", "dynamic arrays"),
    ("docmetadata/labelinfo", "a sensitivity label"),
    ("_xmlsignatures/", "a digital signature"),
)
#: What stands in a sheet's own part when the library would drop it.
_MARKS: Final = (
    (b"sparklineGroup", "sparklines"),
    (b"x14:conditionalFormatting", "newer conditional formats"),
    (b"x14:dataValidation", "newer drop-down lists"),
    (b"<oleObjects", "embedded files"),
    (b"<customSheetViews", "custom views"),
)
_ENDINGS: Final = {
    ".csv": "a text file holds no colours and notes",
    ".tsv": "a text file holds no colours and notes",
    ".txt": "a text file holds no colours and notes",
    ".xls": "the old .xls format cannot be written",
    ".xlsb": "the binary .xlsb format cannot be written",
    ".ods": "the .ods format cannot be written without loss",
}
_UNWRITABLE: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError, InvalidFileException)
#: What the zip library and the parser make of a file that was refused for its damage.
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, SyntaxError, NotImplementedError, RuntimeError)
_IS_DAMAGED: Final = "it is damaged, or holds more than a workbook may"
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SHEET_PART: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_SHEET: Final = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?sheet\s")
_HELD, _DOUBT, _NOTE = "F4B6AE", "FBDD9C", "CFE0EE"
_HEADINGS: Final = (
    ("Cell", 14),
    ("Sheet", 22),
    ("What was found", 70),
    ("What to do", 50),
    ("Line held back", 15),
    ("Reaches", 10),
    ("Code", 28),
)


def annotate(source: Path, file_name: str, order: MarkOrder, _sink: Sink) -> Marked:
    """Write the marked copy of ``source`` (named ``file_name`` by the person), or the list alone, to the target."""
    try:
        why = order.apart or why_apart(source, file_name)
    except (*_DAMAGED, ValueError):
        why = _IS_DAMAGED
    if why is None:
        with source.open("rb") as stream:
            reader = ExcelReader(stream, rich_text=True)
            try:
                reader.read()
            except _DAMAGED:
                why = _IS_DAMAGED
            except _UNWRITABLE as error:
                # The reader of record read the cells; the writing half of the library wants more of a file than that.
                why = f"the file can be read, but not written anew ({type(error).__name__})"
            else:
                parts = [str(relation.target).lstrip("/") for _, relation in reader.parser.find_sheets()]
                if len(reader.wb.worksheets) == _sheets_of(source):
                    return _marked(reader.wb, source, parts, file_name, order)
                why = "not all of its sheets can be written anew"
    book = Workbook()
    _list(book.worksheets[0], file_name, order, links=frozenset(), why=why)
    book.save(order.target)
    return Marked(cells=0, why_apart=why)


def why_apart(source: Path, file_name: str) -> str | None:
    """Why a file cannot be marked without losing something, in words; None when it can."""
    ending = Path(file_name).suffix.casefold()
    if not zipfile.is_zipfile(source):
        return _ENDINGS.get(ending, "its format cannot be written")
    with zipfile.ZipFile(source) as package:
        names = {info.filename.casefold(): info for info in package.infolist()}
        if "xl/workbook.xml" not in names:
            return _ENDINGS.get(ending, "its format cannot be written without loss")
        lost = {what for name in names for begin, what in _PARTS if name.startswith(begin)}
        sheets = [info for name, info in names.items() if _SHEET_PART.fullmatch(name)]
        if sum(info.file_size for info in sheets) > LARGEST:
            return f"its sheets are larger than {LARGEST // (1024 * 1024)} MiB when unpacked"
        for info in sheets:
            lost.update(_found(package, info))
    if not lost:
        return None
    words = sorted(lost)
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"it holds {listed}, which writing the file anew would lose"


def _sheets_of(source: Path) -> int:
    """How many sheets the workbook itself lists, whatever the library knows of them."""
    with zipfile.ZipFile(source) as package:
        name = next(name for name in package.namelist() if name.casefold() == "xl/workbook.xml")
        return len(_SHEET.findall(package.read(name)))


def _found(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> set[str]:
    lost: set[str] = set()
    rest = b""
    with package.open(info) as part:
        while chunk := part.read(1 << 20):
            text = rest + chunk
            lost.update(what for mark, what in _MARKS if mark in text)
            rest = chunk[-64:]
    return lost


def _marked(book: Workbook, source: Path, parts: Sequence[str], file_name: str, order: MarkOrder) -> Marked:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    by_cell: dict[tuple[str, str], list[Problem]] = {}
    for problem in order.problems:
        if problem.sheet in sheets and problem.cell and _ADDRESS.fullmatch(problem.cell):
            by_cell.setdefault((problem.sheet or "", problem.cell), []).append(problem)
    for number, ((name, address), found) in enumerate(by_cell.items()):
        _mark(sheets[name], address, found, noted=number < NOTES)
    marked_in = len(book.worksheets)
    own = book.create_sheet(_free_name(set(book.sheetnames)))
    _list(own, file_name, order, links=frozenset(by_cell))
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = False  # two selected sheets would be edited as one
    book.active = own
    blank = [
        {cell.coordinate for row in sheet for cell in row if cell.value == ""} for sheet in book.worksheets
    ]
    raw = order.target.with_suffix(".raw")
    try:
        book.save(raw)
        _put_values_back(source, parts[:marked_in], blank, raw, order.target)
    finally:
        raw.unlink(missing_ok=True)
    return Marked(cells=len(by_cell))


def _mark(sheet: Worksheet, address: str, problems: Sequence[Problem], *, noted: bool) -> None:
    cell: Any = sheet[address]
    if isinstance(cell, MergedCell):
        inside = next(area for area in sheet.merged_cells.ranges if address in area)
        cell = sheet.cell(inside.min_row, inside.min_col)
    held = any(problem.rejected for problem in problems)
    note = all(problem.severity is Severity.NOTE for problem in problems)
    colour = _HELD if held else _NOTE if note else _DOUBT
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    if not noted:
        return
    lines = [_clean(problem.message) for problem in problems]
    if held:
        lines.append("This line was held back.")
    if cell.comment is not None:
        lines.insert(0, f"{cell.comment.text}\n")
    text = "\n".join(lines)[:32_000]
    cell.comment = Comment(text, AUTHOR, height=min(400, 40 + 18 * (len(text) // 45 + len(lines))), width=340)


def _free_name(taken: set[str]) -> str:
    known = {name.casefold() for name in taken}
    number = 1
    name = LIST
    while name.casefold() in known:
        number += 1
        name = f"{LIST} {number}"
    return name


def _list(
    sheet: Worksheet,
    file_name: str,
    order: MarkOrder,
    *,
    links: frozenset[tuple[str, str]],
    why: str | None = None,
) -> None:
    """The sheet that lists the problems. Texts stay texts, whatever they begin with; cells in ``links`` are links."""
    problems = order.problems
    sheet.title = sheet.title if why is None else LIST
    held = sum(problem.rejected for problem in problems)
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}" if problems else "No problem"
    was = "were" if len(problems) > 1 else "was"
    answer = f"{count} {was} found in {_clean(file_name)}"
    if held:
        answer += f"; {held} line{' was' if held == 1 else 's were'} held back"
    _text(sheet, 1, 1, f"{answer}.").font = Font(bold=True, size=13)
    if why is None:
        said = (
            "This is a copy of your file with its values as they were. Red cells hold a line back, amber ones entered "
            "as unknown, blue ones are only worth a look; each carries a note."
        )
        if len(links) > NOTES:
            said += f" The first {NOTES:,} cells carry it; all are listed here."
    else:
        said = f"Your file itself is not marked: {why}. The cells to look at are listed here."
    _text(sheet, 2, 1, said)
    for column, (heading, width) in enumerate(_HEADINGS, 1):
        cell = _text(sheet, 4, column, heading)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="E9EDF2", end_color="E9EDF2")
        sheet.column_dimensions[cell.column_letter].width = width
    for row, problem in enumerate(problems, 5):
        texts = (
            problem.cell or "",
            problem.sheet or "",
            problem.message,
            order.advice.get(problem.code, ""),
            "yes" if problem.rejected else "no",
            problem.severity.value,
            problem.code,
        )
        for column, text in enumerate(texts, 1):
            cell = _text(sheet, row, column, text)
            cell.alignment = Alignment(vertical="top", wrap_text=column in (3, 4))
        if (problem.sheet, problem.cell) in links:
            cell = sheet.cell(row, 1)
            quoted = (problem.sheet or "").replace("'", "''")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{problem.cell}")
            cell.font = Font(color="0B5C6B", underline="single")
    sheet.freeze_panes = "A5"
    if problems:
        sheet.auto_filter.ref = f"A4:G{4 + len(problems)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "4:4"


def _text(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    """A cell that is text, also where it begins like a formula."""
    cell: Any = sheet.cell(row, column)
    clean = _clean(text)
    cell.value = clean
    cell.data_type = "s"
    if clean[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True
    return cell


def _clean(text: str) -> str:
    printable = text.encode("utf-8", "replace").decode("utf-8")
    return str(ILLEGAL_CHARACTERS_RE.sub("", printable))[:32_000]


# --- the person's values, as the file printed them

#: Address → type and printed value of a cell that holds no shared text.
Printed = Mapping[str, tuple[str | None, str]]
_CELL: Final = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"((?: [a-z]+="[^"]*")*) ?(?:/>|>(<f[^>]*>[^<]*</f>|<f[^>]*/>)?'
    rb"(?:<v ?/>|<v>([^<]*)</v>)?</c>)"
)
_TYPE: Final = re.compile(rb' t="[^"]*"')
_ESCAPES: Final = ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"))


def _put_values_back(
    source: Path, parts: Sequence[str], blank: Sequence[set[str]], raw: Path, target: Path
) -> None:
    """Copy ``raw`` to ``target`` with the numbers, dates and results of formulas as ``source`` printed them.

    ``parts`` are the sheets' parts in ``source`` in order, ``blank`` the cells of each that hold an empty text.
    """
    with (
        zipfile.ZipFile(source) as before,
        zipfile.ZipFile(raw) as written,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        printed = {f"xl/worksheets/sheet{number}.xml": number - 1 for number in range(1, len(parts) + 1)}
        for info in written.infolist():
            data = written.read(info)
            number = printed.get(info.filename)
            if number is not None:
                data = _with_values(data, _printed(before.read(parts[number])), blank[number])
            after.writestr(info.filename, data)


def _with_values(data: bytes, printed: Printed, blank: set[str]) -> bytes:
    def put(match: re.Match[bytes]) -> bytes:
        address, attributes, formula, _value = match.groups()
        known = printed.get(address.decode("ascii"))
        if known is None:
            if address.decode("ascii") not in blank:
                return match.group()
            bare = _TYPE.sub(b"", attributes)
            return b'<c r="%s"%s t="inlineStr"><is><t></t></is></c>' % (address, bare)
        kind, text = known
        value = text.encode("utf-8")
        for plain, escaped in _ESCAPES:
            value = value.replace(plain, escaped)
        typed = b"" if kind is None else b' t="' + kind.encode("ascii") + b'"'
        bare = _TYPE.sub(b"", attributes)
        return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (address, bare, typed, formula or b"", value)

    return _CELL.sub(put, data)


def _printed(data: bytes) -> dict[str, tuple[str | None, str]]:
    return dict(_walk(data))


def _walk(data: bytes) -> Iterator[tuple[str, tuple[str | None, str]]]:
    """Address, type and value of every cell of a sheet's part that holds a value and no shared or inline text."""
    found: list[tuple[str, tuple[str | None, str]]] = []
    state: dict[str, Any] = {"r": None, "t": None, "v": None}

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            state.update(r=attributes.get("r"), t=attributes.get("t"), v=None)
        elif name == "v":
            state["v"] = []

    def text(piece: str) -> None:
        if state["v"] is not None and isinstance(state["v"], list):
            state["v"].append(piece)

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v" and isinstance(state["v"], list):
            state["v"] = "".join(state["v"])
        elif name == "c":
            if state["r"] and isinstance(state["v"], str) and state["t"] not in ("s", "inlineStr"):
                found.append((state["r"], (state["t"], state["v"])))
            state["v"] = None

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(data, True)
    yield from found
