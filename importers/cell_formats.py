"""What number formats tell of the cells of ``.ods`` and ``.xls`` files, whose reader gives their values alone.

A share, a currency that stands in no text of the sheet, a formula that failed: each is told by the look of its cell.
"""

import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import msoffcrypto

from importers.currencies import CURRENCY_FORMAT, credit_format, written_units
from importers.package import unpacking

_OFFICE, _TABLE, _CALC = (
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
)
_CELLS = (f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell")
_TELLING = (b'"percentage"', b'"currency"', b'"error"', b'"collapse"', b'"filter"')
#: A number above nought whose text begins or ends in a minus or a bracket, or ends in letters that may be a unit.
_SHOWN_OTHERWISE = re.compile(
    rb'office:value="[0-9][^"]*"[^>]*><text:p>(?:\s*(?:-|\(|\xe2\x88\x92)|[^<]{,40}[0-9]\s?(?:-|\)|\xe2\x88\x92|[cCkKtTmMbBl][^<]*)</)'
)
_AROUND = re.compile(r"([^0-9]*)([0-9][0-9.,'’\s]*?)([^0-9]*)")
_WIDEST, _LONGEST = 1024, 1_048_576

_ROW, _COLUMNS, _ROW_HIDDEN = 0x0208, 0x007D, 0x20
_BOF, _EOF, _SHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
#: Records of one number: its row, its column, its style; and of a run of them.
_NUMBERS, _RUN = frozenset((0x0006, 0x0203, 0x027E)), 0x00BD


@dataclass(slots=True)
class Looks:
    """Of one sheet: the runs of telling formats in each column, as a grid keeps them, cells of errors, what it hides.

    Rows are 1-based, columns 0-based.
    """

    formats: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    errors: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def note(self, row: int, column: int, code: str) -> None:
        """A cell with a value has this telling format (``""`` for one that tells nothing); rows come in order."""
        runs = self.formats.get(column)
        if runs is None:
            if code:
                self.formats[column] = [(row, code)]
        elif runs[-1][1] != code and runs[-1][0] < row:
            runs.append((row, code))


def telling(code: str) -> str:
    """The format where it tells a currency, a share, a credit or a unit, else ``""``."""
    told = "%" in code or CURRENCY_FORMAT.search(code) or credit_format(code) or written_units(code) != 1
    return code if told else ""


def looks_of_ods(path: Path) -> Mapping[str, Looks]:
    """What the cells of an OpenDocument package that has passed its pre-scan look like, by the name of their sheet."""
    with unpacking(), zipfile.ZipFile(path) as archive:
        if "content.xml" not in archive.namelist():
            return {}
        content = archive.read("content.xml")
    shown = _SHOWN_OTHERWISE.search(content) is not None
    if not shown and not any(mark in content for mark in _TELLING):
        return {}
    sheets = _Sheets(shown=shown)
    with suppress(expat.ExpatError, LookupError, ValueError):  # the reader has the word on what is damaged
        sheets.parser.Parse(content, True)
    return sheets.found


class _Sheets:
    """Expat over the content of a document: every cell with a value, at its place."""

    def __init__(self, *, shown: bool) -> None:
        self.found: dict[str, Looks] = {}
        self.tables: list[str] = []
        #: Of the cell now read: what its end has to note, what it shows, how many notes of its margin are open.
        self.cell: tuple[int, range, str, str] | None = None
        self.text: list[str] = []
        self.margin = 0
        self.row = self.column = self.rows = self.columns = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        if shown:
            self.parser.buffer_text = True
            self.parser.CharacterDataHandler = self._shown

    def _shown(self, text: str) -> None:
        if self.cell is not None and not self.margin:
            self.text.append(text)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.partition(" ")
        if space != _TABLE:
            self.margin += name == "annotation"
            return
        if name == "table":
            self.tables.append(attributes.get(f"{_TABLE} name", ""))
            if len(self.tables) == 1:
                self.found[self.tables[0]] = Looks()
                self.row = self.rows = self.columns = 0
        elif len(self.tables) != 1:
            return  # a table within a cell or a drawing
        elif name == "table-row":
            self.row += self.rows
            self.rows, self.column = _repeated(attributes, "rows"), 0
            if attributes.get(f"{_TABLE} visibility", "visible") != "visible":
                first = self.row + 1
                self.found[self.tables[0]].hidden_rows.update(
                    range(first, min(first + self.rows, _LONGEST + 1))
                )
        elif name == "table-column":
            count = _repeated(attributes, "columns")
            if attributes.get(f"{_TABLE} visibility", "visible") != "visible":
                hidden = range(self.columns, min(self.columns + count, _WIDEST))
                self.found[self.tables[0]].hidden_columns.update(hidden)
            self.columns += count
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        count, kind = _repeated(attributes, "columns"), attributes.get(f"{_OFFICE} value-type")
        if kind is not None:
            looks, number = self.found[self.tables[0]], self.row + 1
            failed = attributes.get(f"{_CALC} value-type") == "error" and kind != "string"
            code = "0%" if kind == "percentage" else ""
            if kind == "currency":
                code = telling(f"[${attributes.get(f'{_OFFICE} currency', '')}]")
            columns = range(self.column, min(self.column + count, _WIDEST))
            if failed:
                looks.errors.extend((number, column) for column in columns)
            self.cell = (
                number,
                columns,
                code,
                attributes.get(f"{_OFFICE} value", "") if kind == "float" else "",
            )
            self.text.clear()
        self.column += count

    def _end(self, tag: str) -> None:
        if tag == f"{_OFFICE} annotation":
            self.margin -= 1
        elif self.cell is not None and tag in _CELLS:
            number, columns, code, value = self.cell
            code = code or (_format_of(value, "".join(self.text)) if self.text else "")
            for column in columns:
                self.found[self.tables[0]].note(number, column, code)
            self.cell = None
        elif tag == f"{_TABLE} table" and self.tables:
            self.tables.pop()


def _format_of(value: str, text: str) -> str:
    """A number format that shows what the cell shows, where that is another sign or unit than its value has."""
    around = _AROUND.fullmatch(text.strip())
    if around is None or not value or value.startswith("-") or not _same_digits(value, around.group(2)):
        return ""
    before, _, after = (part.strip() for part in around.groups())
    code = f'"{before}"0.00"{after}"'
    return code if '"' not in before + after and (credit_format(code) or written_units(code) != 1) else ""


def _same_digits(value: str, shown: str) -> bool:
    """Whether the digits shown are those of the value, rounded or not: what shows its thousands has others."""
    digits = "".join(sign for sign in shown if sign.isdecimal())
    try:
        return any(f"{float(value):.{places}f}".replace(".", "") == digits for places in range(5))
    except (ValueError, OverflowError):
        return False


def _repeated(attributes: Mapping[str, str], what: str) -> int:
    text = attributes.get(f"{_TABLE} number-{what}-repeated", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 8 else 1


def looks_of_xls(path: Path) -> Mapping[str, Looks]:
    """What the number cells of an ``.xls`` look like, by the name of their sheet; nothing of a damaged one."""
    try:
        with path.open("rb") as stream:
            data = msoffcrypto.OfficeFile(stream).ole.openstream("Workbook").read()
        return _looks_of_stream(data)
    except Exception:  # noqa: BLE001 - it raises what it likes on odd files; their reader has the word
        return {}


def _looks_of_stream(data: bytes) -> Mapping[str, Looks]:
    formats: dict[int, str] = dict.fromkeys((9, 10), "0%") | dict.fromkeys((5, 6, 7, 8, 42, 44), "$")
    styles: list[str] = []
    sheets: dict[int, str] = {}
    for kind, at, length in _records(data, 0):
        if kind == _FORMAT:
            (number,) = struct.unpack_from("<H", data, at)
            formats[number] = telling(_text(data, at + 2, 2))
        elif kind == _XF:
            styles.append(formats.get(struct.unpack_from("<H", data, at + 2)[0], ""))
        elif kind == _SHEET and length > 8:
            (place,) = struct.unpack_from("<L", data, at)
            sheets[place] = _text(data, at + 6, 1)
        elif kind == _EOF:
            break
    found: dict[str, Looks] = {}
    for place, name in sheets.items():
        looks = found.setdefault(name, Looks())
        for number, column, style in _numbers(data, place, looks):
            if style < len(styles):
                looks.note(number + 1, column, styles[style])
    return found


def _numbers(data: bytes, place: int, looks: Looks) -> Iterator[tuple[int, int, int]]:
    """Row, column and style (0-based) of the number cells of the sheet at a place of the stream.

    What the sheet hides is noted on the way.
    """
    depth = 0
    for kind, at, length in _records(data, place):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1 and kind in _NUMBERS and length >= 6:
            yield struct.unpack_from("<HHH", data, at)
        elif depth == 1 and kind == _ROW and length >= 16:
            if data[at + 12] & _ROW_HIDDEN:
                looks.hidden_rows.add(struct.unpack_from("<H", data, at)[0] + 1)
        elif depth == 1 and kind == _COLUMNS and length >= 10:
            if data[at + 8] & 1:
                first, last = struct.unpack_from("<HH", data, at)
                looks.hidden_columns.update(range(first, min(last, 255) + 1))
        elif depth == 1 and kind == _RUN and length >= 6:
            row, first = struct.unpack_from("<HH", data, at)
            for index in range((length - 6) // 6):
                yield row, first + index, struct.unpack_from("<H", data, at + 4 + 6 * index)[0]


def _records(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place of its bytes and their number of every record from a place on."""
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        at += 4
        if at + length > len(data):
            return
        yield kind, at, length
        at += length


def _text(data: bytes, at: int, size: int) -> str:
    """A text of the stream whose number of letters is kept in one or two bytes."""
    count = int.from_bytes(data[at : at + size], "little")
    wide, begin = data[at + size] & 1, at + size + 1
    return data[begin : begin + count * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
