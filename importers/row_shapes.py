"""Large sheets whose rows repeat one shape, read by a pattern compiled from the rows themselves.

A program that writes 100,000 rows writes the same cells into each: same references, same styles, same types; only the
values differ. The first row of a shape is read by openpyxl's parser like any other; from it a pattern is made that
matches rows of exactly that shape and nothing else, so that a match proves the row well-formed and harmless and hands
over its values at the speed of the regular-expression engine. A row that does not match is read by the parser and its
cells are added to the pattern; a sheet where that does not pay off is given back to openpyxl. Values become cells by
the same rules as there, which a differential test holds both to.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from typing import Any, Final
from xml.etree.ElementTree import (  # the watch has refused every document type and entity
    ParseError,
    fromstring,
)

from importers.cell_columns import OwnTexts, SharedTexts, Texts, numbers_of
from importers.grid import Bad, Cell, column_index
from importers.part_watch import Watch
from importers.sheet_cells import Progress, SheetCells

_MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_HEAD: Final = 1 << 18
#: How often the pattern may grow, how many rows may go without it (plus one in ten), how many texts are remembered.
_MOST_GROWTH: Final = 120
_MOST_SINGLE: Final = 500
_FLUSH: Final = 4_000
_PROGRESS: Final = 2_000

_CONTROL: Final = bytes(code for code in range(32) if code not in (9, 10))
_ROW: Final = re.compile(r'\s*+<row r="([0-9]{1,7})"((?:[^<>/]|/(?!>))*+)(?:/>|>(.*?)</row>)', re.DOTALL)
_ATTRIBUTES: Final = r'((?: [A-Za-z0-9:]{1,24}="[^"<>&]{0,64}"){0,24}+)'
_CELL: Final = re.compile(r'<c((?: [A-Za-z:]{1,24}="[^"<>&]{0,32}"){1,8})(?:/>|>(.*?)</c>)', re.DOTALL)
_ATTRIBUTE: Final = re.compile(r' ([A-Za-z:]+)="([^"]*)"')
_BLANK: Final = re.compile(r"\s*")
_OTHER_ROW: Final = re.compile(rb"<(?:[A-Za-z0-9_]+:)?row[\s/>]")

_TEXT: Final = r"[^<&]*+(?:&(?:amp|lt|gt|quot|apos);[^<&]*+)*+"
_NUMBER: Final = r"-?[0-9]{1,15}+(?:\.[0-9]{1,24}+)?+(?:[eE][-+]?[0-9]{1,2}+)?+"
_FORMULA: Final = (
    r'<f(?: t="[A-Za-z]{1,12}")?+(?: ref="[A-Z0-9:$]{1,24}")?+(?: ca="1")?+(?: si="[0-9]{1,7}")?+'
    rf"(?:/>|>{_TEXT}</f>)"
)
_BODY: Final = {
    name: re.compile(pattern, re.DOTALL)
    for name, pattern in (
        ("value", rf"(<f.*>)?<v>({_TEXT})</v>"),
        ("formula", r"<f.*>(?:<v></v>|<v/>)?"),
        ("inline", rf"<is><t( xml:space=\"preserve\")?>({_TEXT})</t></is>"),
    )
}


class OddSheetError(Exception):
    """This sheet has no repeating shape, or is written in a way only the parser understands."""


class _Variant:
    """One way a cell of a column is written: its pattern (with one group where it has a value) and its cast."""

    def __init__(self, pattern: str, kind: str, style: int) -> None:
        self.pattern, self.kind, self.style = pattern, kind, style


class SheetShapes:
    """Reads the rows of one sheet part into a :class:`Grid`."""

    def __init__(self, cells: SheetCells, watch: Watch) -> None:
        self.cells, self.grid, self.limits, self.watch = cells, cells.grid, cells.limits, watch
        self.columns: dict[int, list[_Variant]] = {}
        self.attributes: dict[str, bool] = {}  # what may stand in a row's head, and whether it hides the row
        self.hidden: set[int] = set()
        self.pattern: re.Pattern[str] | None = None
        self.groups: list[tuple[int, _Variant, Callable[[Any], Any]]] = []
        self.grown = self.single = self.done = 0
        self.last_row = 0
        self.numbers: list[int] = []
        self.values: list[tuple[str | None, ...]] = []
        self.wrap = ("", "")
        self.strings: list[str | None] = []  # shared strings as cells, where a column has many different ones
        self.decoder = getincrementaldecoder("utf-8")()

    def read(self, chunks: Iterator[bytes], progress: Progress) -> None:
        """Read the whole part from its chunks; the watch then knows what it knows of any sheet.

        Raises:
            OddSheetError: when the parser has to read it; the grid is then of no use.
            RefusedError: for what the pre-scan refuses, and over a limit.
        """
        self.progress = progress
        head, rest = self._head(chunks)
        self.watch.feed(head)
        text = self._decode(rest)
        tail: bytes | None = None
        for chunk in chunks:
            text = self._rows(text) + self._decode(chunk)
            if self._at_end(text):
                tail = text.encode()
                break
        if tail is None:
            text = self._rows(text)
            if not self._at_end(text):
                raise OddSheetError
            tail = text.encode()
        self._flush()
        while tail is not None:
            if _OTHER_ROW.search(tail):
                raise OddSheetError
            self.watch.feed(tail)
            tail = next(chunks, None)
        self.watch.close()
        if self.watch.facts is not None:
            self.watch.facts.hidden_rows.update(self.hidden)

    def _head(self, chunks: Iterator[bytes]) -> tuple[bytes, bytes]:
        head = b""
        for chunk in chunks:
            head += chunk
            if b"<sheetData>" in head:
                break
            if len(head) > _HEAD:
                raise OddSheetError
        start, mark, rest = head.partition(b"<sheetData>")
        if not mark or b"<!" in start or b"\0" in start:
            raise OddSheetError
        root = re.fullmatch(
            r'(?:<\?xml(?: version="1\.0")?(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="[a-z]+")?\s*\?>)?\s*'
            r"(<worksheet(?:\s[^<>]*)?>).*",
            start.decode("utf-8-sig", "replace"),
            re.DOTALL,
        )
        if root is None or _MAIN not in root.group(1):
            raise OddSheetError
        self.wrap = (f"{root.group(1)}<sheetData>", "</sheetData></worksheet>")
        return start + mark, rest

    def _decode(self, chunk: bytes) -> str:
        """The text of a chunk, whole characters only; what a well-formed sheet cannot hold sends it to the parser."""
        try:
            text = self.decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise OddSheetError from error
        if (
            len(chunk.translate(None, _CONTROL)) != len(chunk)
            or "]]>" in text
            or "\ufffe" in text
            or "\uffff" in text
        ):
            raise OddSheetError
        return text

    @staticmethod
    def _at_end(text: str) -> bool:
        return text.startswith("</sheetData>", _blank_end(text))

    # -- rows ------------------------------------------------------------------------------------------------------

    def _rows(self, text: str) -> str:
        """Take every complete row at the start of ``text``; what is left of it."""
        position = 0
        while True:
            position = self._alike(text, position)
            after = self._odd_row(text, position)
            if after is None:
                return text[position:]
            position = after

    def _alike(self, text: str, position: int) -> int:
        """Take rows of the known shapes as far as they go; where they end."""
        if self.pattern is None:
            return position
        take = self.pattern.match
        attributes, hidden = self.attributes, self.hidden
        last, most = self.last_row, self.limits.sheet_rows
        numbers, values = self.numbers, self.values
        while (match := take(text, position)) is not None:
            found = match.groups()
            number = int(found[0])
            hides = attributes.get(found[1])
            if not last < number <= most or hides is None:
                break
            if hides:
                hidden.add(number)
            last = number
            numbers.append(number)
            values.append(found)
            position = match.end()
            if len(values) >= _FLUSH:
                self._flush()
                numbers, values = self.numbers, self.values
        self.last_row = last
        return position

    def _odd_row(self, text: str, position: int) -> int | None:
        """Read the row at ``position`` by the parser and learn its shape; None when it is not complete here."""
        match = _ROW.match(text, position)
        if match is None:
            rest = len(text) - position
            begun = text.startswith("<row", _blank_end(text, position))
            if rest > (self.limits.columns * (self.limits.cell_text + 4096) if begun else 64) and not (
                self._at_end(text[position : position + 4096])
            ):
                raise OddSheetError
            return None
        number, said, inner = int(match.group(1)), match.group(2), match.group(3) or ""
        if number <= self.last_row or "<!" in inner or "<?" in inner or "<row" in inner:
            raise OddSheetError
        self._flush()
        self.last_row = number
        wrapped = f"{self.wrap[0]}{match.group()}{self.wrap[1]}"
        watch = self.watch.another()
        watch.feed(wrapped.encode())
        watch.close()
        hides = watch.facts is not None and bool(watch.facts.hidden_rows)
        if hides:
            self.hidden.add(number)
        try:
            element = fromstring(wrapped)[0][0]  # noqa: S314 - no document type gets past the head
        except (ParseError, IndexError) as error:
            raise OddSheetError from error
        _, cells = self.cells.row(element, {})
        self._keep([number], [cells])
        if re.fullmatch(_ATTRIBUTES, said) is None or not self._learn(inner, match.group(1)):
            self.single += 1
            if self.single > _MOST_SINGLE and self.single * 10 > self.done:
                raise OddSheetError
        else:
            self.attributes[said] = hides
        return match.end()

    def _learn(self, inner: str, name: str) -> bool:
        """Add the cells of a row to the pattern; False when they cannot be put into one."""
        found: dict[int, _Variant] = {}
        end, before = 0, -1
        for match in _CELL.finditer(inner):
            variant = self._variant(match, name) if match.start() == end else None
            if variant is None or variant[0] <= before:
                return False
            before = variant[0]
            found[before] = variant[1]
            end = match.end()
        if end != len(inner):
            return False
        new = self.pattern is None
        for column, entry in found.items():
            variants = self.columns.setdefault(column, [])
            if all(entry.pattern != each.pattern for each in variants):
                variants.append(entry)
                new = True
        if new:
            self.grown += 1
            if self.grown > _MOST_GROWTH:
                raise OddSheetError
            self._compile()
        return True

    def _variant(self, match: re.Match[str], name: str) -> tuple[int, _Variant] | None:
        attributes = dict(_ATTRIBUTE.findall(match.group(1)))
        reference = attributes.get("r", "")
        letters = reference.removesuffix(name)
        if not letters.isalpha() or letters + name != reference or letters != letters.upper():
            return None
        column = column_index(letters)
        style = attributes.get("s", "0")
        if column >= self.limits.columns or not style.isdigit() or int(style) in self.cells.struck_styles:
            return None
        at = match.group(1).index(f'"{reference}"')
        head = (
            "<c"
            + re.escape(match.group(1)[:at] + f'"{letters}')
            + r"\1"
            + re.escape(match.group(1)[at + len(reference) + 1 :])
        )
        kind, body = attributes.get("t", "n"), match.group(2)
        if not body:
            return column, _Variant(rf"{head}(?:/>|></c>)", "empty", int(style))
        pattern: str | None = None
        if (given := _BODY["value"].fullmatch(body)) is not None:
            formula = ""
            if given.group(1):
                formula = _FORMULA
                if re.fullmatch(_FORMULA, given.group(1)) is None:
                    return None
            value = {
                "n": f"({_NUMBER})",
                "s": "([0-9]{1,7}+)",
                "str": f"({_TEXT})",
                "b": "([01])",
                "e": "([^<&]{1,40}+)",
            }.get(kind)
            if value is None or re.fullmatch(value, given.group(2)) is None:
                return None
            pattern = f"{head}>{formula}<v>{value}</v></c>"
        elif kind == "inlineStr" and (given := _BODY["inline"].fullmatch(body)) is not None:
            pattern = f"{head}><is><t{given.group(1) or ''}>({_TEXT})</t></is></c>"
        elif kind in ("n", "b", "e") and _BODY["formula"].fullmatch(body) is not None:
            if re.fullmatch(_FORMULA + r"(?:<v></v>|<v/>)?+", body) is None:
                return None
            pattern, kind = f"{head}>{_FORMULA}(?:<v></v>|<v/>)?+()</c>", "formula"
        return None if pattern is None else (column, _Variant(pattern, kind, int(style)))

    def _compile(self) -> None:
        self._flush()
        cells = []
        self.groups = []
        for column, variants in sorted(self.columns.items()):
            cells.append(f"(?>{'|'.join(entry.pattern for entry in variants)})?+")
            self.groups.extend(
                (column, entry, self._cast(entry)) for entry in variants if entry.kind != "empty"
            )
        self.pattern = re.compile(rf'\s*+<row r="([0-9]{{1,7}})"{_ATTRIBUTES}(?:/>|>{"".join(cells)}</row>)')

    # -- values ----------------------------------------------------------------------------------------------------

    def _cast(self, variant: _Variant) -> Callable[[Any], Any]:
        """Column of texts → column of cells for one variant."""
        cells, style = self.cells, variant.style
        if variant.kind in ("str", "inlineStr"):
            return OwnTexts(cells.string, self.limits.cell_text).column
        if variant.kind == "n":
            if style in cells.date_formats:
                dates = Texts(lambda text: cells.number(text, style))
                return lambda column: map(dates.__getitem__, column)
            return lambda column: numbers_of(column, lambda text: cells.number(text, style))
        if variant.kind == "s":
            return SharedTexts(cells.strings, self.strings).column
        constant: dict[str | None, Cell] = {"0": False, "1": True, None: None}
        if variant.kind == "b":
            return lambda column: map(constant.__getitem__, column)
        if variant.kind == "e":
            return lambda column: [None if text is None else Bad("error", text) for text in column]
        return lambda column: [None if text is None else Bad("formula", "") for text in column]

    def _flush(self) -> None:
        """Turn the gathered texts into rows of the grid."""
        if not self.values:
            return
        numbers, groups = self.numbers, list(zip(*self.values, strict=True))[2:]
        self.numbers, self.values = [], []
        size = len(numbers)
        columns: dict[int, list[Cell]] = {}
        formats: dict[int, list[tuple[str, list[Cell]]]] = {}
        for (column, entry, cells_of), texts in zip(self.groups, groups, strict=True):
            values = list(cells_of(texts))
            telling = self.cells.style_formats.get(entry.style)
            if telling is not None:
                formats.setdefault(column, []).append((telling, values))
            known = columns.get(column)
            columns[column] = (
                values
                if known is None
                else [old if old is not None else new for old, new in zip(known, values, strict=True)]
            )
        for column, told in formats.items():
            self._note_formats(column, told, numbers)
        blank: list[Cell] = [None] * size
        width = max(columns, default=0) + 1
        rows = zip(*(columns.get(column, blank) for column in range(width)), strict=True)
        self._keep(numbers, list(map(list, rows)), full=None not in columns.get(width - 1, blank))

    def _note_formats(self, column: int, told: list[tuple[str, list[Cell]]], numbers: list[int]) -> None:
        """Note where the telling number format of a column changes, in the order of the rows."""
        last = self.cells.last_format
        if all(telling == last.get(column, "") for telling, _ in told):
            return
        runs = [
            (number, telling)
            for telling, values in told
            for number, value in zip(numbers, values, strict=True)
            if value is not None
        ]
        for number, telling in sorted(runs):
            if last.get(column, "") != telling:
                last[column] = telling
                self.grid.formats.setdefault(column, []).append((number, telling))

    def _keep(self, numbers: list[int], rows: list[list[Cell]], *, full: bool = False) -> None:
        """Add rows to the grid, those without a value left out; ``full`` says that none ends with an empty cell."""
        grid = self.grid
        before = self.done // _PROGRESS
        if full:
            grid.numbers += numbers
            grid.rows += rows
        else:
            for number, row in zip(numbers, rows, strict=True):
                while row and row[-1] is None:
                    row.pop()
                if row:
                    grid.numbers.append(number)
                    grid.rows.append(row)
        self.done += len(numbers)
        if len(grid.rows) > self.limits.rows:
            raise self.cells.too_many_rows()
        if self.done // _PROGRESS > before:
            self.progress(self.done)


def _blank_end(text: str, position: int = 0) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match is not None else position
