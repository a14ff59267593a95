"""A look at one XML part of a package as its bytes come, before or while a parser reads it.

Expat alone, without entities: how deep elements stand, how many there are, where relations point, which row and column
a cell claims to have. What no spreadsheet holds is refused with its sentence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from importers import codes
from importers.grid import column_index
from importers.refusals import refuse
from importers.table_room import TableRoom
from mopsaudit.intake.contract import Limits
from mopsaudit.problems import RefusedError

#: A document type in encodings the parser does not know: what it cannot read is looked at for these words.
_UNREAD_DOCTYPES = tuple(
    text.encode(encoding)
    for text in ("DOCTYPE", "ENTITY", "doctype", "entity")
    for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037")
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: How deep a row within a row stands; in a table of cells it is the third, in alternate content the fifth.
_WITHIN_A_ROW = 4
#: The name of a sheet's elements in the strict standard.
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


@dataclass(slots=True)
class SheetFacts:
    """What the pre-scan saw of one sheet part. Columns 0-based, rows 1-based."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    strict: bool = False


def carries_macro() -> RefusedError:
    """The refusal of a workbook that holds a macro under a name that says it holds none."""
    return refuse(
        codes.MACROS, "This .xlsx file carries a macro. Save it as .xlsx without macros and upload that."
    )


def too_long(limits: Limits) -> RefusedError:
    """The refusal of a cell longer than any sheet's."""
    return refuse(
        codes.TOO_LARGE,
        f"A cell of this file holds more than {limits.cell_text:,} characters, more than a sheet can.",
    )


def too_many() -> RefusedError:
    """The refusal of a part whose elements would cost more than the sheets."""
    return refuse(
        codes.TOO_LARGE,
        "A part of this file holds far more styles, texts or links than any table needs. Copy its values into a new "
        "workbook.",
    )


#: What the parser says of bytes that are no XML; the last two of an encoding nobody knows, or it cannot read.
_ILL_FORMED = (expat.ExpatError, LookupError, ValueError)
#: Elements of the parts that are held whole, by what the part's name has in it: ten times what a large workbook needs,
#: so many that holding them costs seconds and hundreds of MiB.
_MOST_ELEMENTS = (
    ("styles.xml", 1_000_000),
    ("sharedstrings.xml", 5_000_000),
    (".rels", 70_000),
    ("[content_types].xml", 10_000),
    ("workbook.xml", 100_000),
    ("docprops/", 100_000),
)
#: Elements of one shared text: 32,767 characters, each set in a way of its own.
_MOST_OF_A_TEXT = 200_000
#: Bytes of the longest tag: 64 attributes of 32,767 characters of one byte.
_LONGEST_TAG = 1 << 21
#: Bytes between two tags of a sheet or of the shared texts: more than 32,767 characters, each written as a reference.
_LONGEST_TEXT = 1 << 20


class Watch:
    """Expat over one XML part: depth, attributes, DOCTYPE, relationship targets, row and column numbers, counts."""

    def __init__(self, name: str, limits: Limits, *, no_macros: bool = False) -> None:
        self.name, self.limits, self.no_macros = name, limits, no_macros
        self.depth = 0
        self.strings = 0
        self.styles = 0
        self.sheets = 0
        self.elements = 0
        self.most = next((most for part, most in _MOST_ELEMENTS if part in name), None)
        #: Elements seen when the text now read began.
        self.before_text = 0
        #: Of a sheet: the prefix of its elements, how many tables of cells it holds, whether one is open.
        self.prefix, self.tables, self.in_table = "", 0, False
        #: Of a part of relations: the names under which it points to others.
        self.places: set[str] = set()
        self.facts: SheetFacts | None = None
        parser = expat.ParserCreate()
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.buffer_text = True
        parser.ordered_attributes = False
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        handler: Callable[[str, dict[str, str]], None] = self._start
        if "/worksheets/" in name and not name.endswith(".rels"):
            self.facts = SheetFacts()
        elif name.endswith(".rels"):
            handler = self._start_relation
        elif name.endswith("sharedstrings.xml"):
            handler = self._start_string
        elif name.endswith("styles.xml"):
            handler = self._start_style
        elif name.endswith("workbook.xml"):
            handler = self._start_workbook
        elif name == "content.xml":
            handler = TableRoom(limits, self._start).start
        parser.StartElementHandler = handler
        parser.EndElementHandler = self._end
        self.parser = parser
        if self.facts is not None:
            self._watch_cells()
        self.broken = False
        self.fed = b""
        self.open = 0
        #: Of a part whose texts are cells: bytes since the last tag began.
        self.silent = 0
        self.of_cells = "/worksheets/" in name or name.endswith(("sharedstrings.xml", "content.xml"))
        self.pieces = 0

    def another(self) -> "Watch":
        """A fresh watch over the same kind of part."""
        return Watch(self.name, self.limits)

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes.

        Raises:
            RefusedError: for what the part may not hold.
        """
        if not self.broken:
            self._measure(chunk)
            try:
                self.parser.Parse(chunk, False)
            except _ILL_FORMED as error:
                self._fail(error)
        if self.broken:
            window = self.fed + chunk
            if any(mark in window for mark in _UNREAD_DOCTYPES):
                self._doctype()
            self.fed = chunk[-32:]

    def _measure(self, chunk: bytes) -> None:
        """Refuse a tag that does not end, and a text no cell can hold: the parser, or whoever reads the part, would
        hold all of it before anybody could count it.
        """
        begun = chunk.rfind(b"<")
        self.silent = len(chunk) - begun if begun >= 0 else self.silent + len(chunk)
        if self.of_cells and self.silent > _LONGEST_TEXT:
            raise too_long(self.limits)
        if chunk.rfind(b">") > begun:
            self.open = 0
        elif begun >= 0:
            self.open = len(chunk) - begun
        elif self.open:
            self.open += len(chunk)
        if self.open > _LONGEST_TAG:
            raise self._deep()

    def close(self) -> None:
        """Look at the end.

        Raises:
            RefusedError: when the part ends too early.
        """
        if not self.broken:
            try:
                self.parser.Parse(b"", True)
            except _ILL_FORMED as error:
                self._fail(error)

    def _fail(self, error: Exception) -> None:
        needed = (
            "worksheets/",
            "workbook.xml",
            "sharedstrings.xml",
            "styles.xml",
            "[content_types].xml",
            ".rels",
        )
        if any(part in self.name for part in needed):
            raise refuse(
                codes.BROKEN,
                "This file is damaged: one of its parts is not well-formed. Open it in Excel and save it again.",
            ) from error
        self.broken = True

    def _doctype(self, *_: object) -> None:
        raise refuse(
            codes.UNSAFE, "A part of this file declares a document type or entities. Save it again in Excel."
        )

    def _deep(self) -> RefusedError:
        return refuse(
            codes.UNSAFE, "A part of this file is nested deeper than any spreadsheet. Save it again in Excel."
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and tag.rpartition(":")[2] == "worksheet" and self.facts is None:
            # A sheet is a sheet wherever in the package it stands.
            self.facts, self.of_cells = SheetFacts(), True
            self.prefix = tag.rpartition(":")[0]
            self._watch_cells()
        if self.depth > self.limits.nesting or len(attributes) > self.limits.attributes:
            raise self._deep()
        self.elements += 1
        if self.most is not None and self.elements > self.most:
            raise too_many()

    def _end(self, _tag: str) -> None:
        self.depth -= 1

    def _watch_cells(self) -> None:
        """Look at a sheet's elements, millions in a large one: what each costs is kept to a comparison or two."""
        depth, deepest, most = self.depth, self.limits.nesting, self.limits.attributes

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > deepest or len(attributes) > most:
                raise self._deep()
            if tag in {"v", "t"}:
                return
            if tag == "c" or tag.endswith(":c"):
                reference = attributes.get("r")
                if reference and (len(reference) > 7 or reference[2:3].isalpha()):
                    self._reference(reference)
                return
            self._start_other(tag, attributes, depth)

        def end(_tag: str) -> None:
            nonlocal depth
            depth -= 1

        self.parser.StartElementHandler, self.parser.EndElementHandler = start, end

    def _start_other(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        """Whatever a sheet holds beside its cells."""
        local = tag.rpartition(":")[2]
        facts = self.facts
        assert facts is not None
        prefix = tag.rpartition(":")[0]
        if depth == 1:
            self.prefix = prefix
            facts.strict = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns") == STRICT
        elif depth == 2:
            self.in_table = local == "sheetData"
        if local in ("sheetData", "row"):
            name = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", _MAIN)
            if prefix == self.prefix and name not in (_MAIN, STRICT):
                raise self._beside_table()  # under another name a reader takes it for nothing
        if local == "sheetData" and prefix == self.prefix:
            self.tables += 1
            if self.tables > 1:
                raise self._beside_table()
        elif local == "row":
            if prefix == self.prefix and (not self.in_table or depth == _WITHIN_A_ROW):
                raise self._beside_table()
            text = attributes.get("r")
            number = 0
            if text is not None:
                try:
                    number = int(float(text)) if len(text) < 20 else 10**9
                except ValueError:
                    number = 0
                if not 1 <= number <= self.limits.sheet_rows:
                    raise refuse(
                        codes.UNSAFE, f"This file holds a row numbered {text[:20]}, which no sheet can have."
                    )
            if attributes.get("hidden") in ("1", "true"):
                facts.hidden_rows.add(number)
        elif local == "col":
            if attributes.get("hidden") in ("1", "true"):
                first, last = _integer(attributes.get("min")), _integer(attributes.get("max"))
                facts.hidden_columns.update(range(max(first, 1) - 1, min(last, self.limits.sheet_columns)))
        elif local == "mergeCell" and len(facts.merged) < 100_000:
            area = _area(attributes.get("ref", ""))
            if area is not None:
                facts.merged.append(area)

    def _beside_table(self) -> RefusedError:
        return refuse(
            codes.BROKEN,
            "This workbook is damaged: a sheet of it holds rows outside of its table of cells, so some of its lines "
            "would be lost or counted wrongly. Open it in Excel and save it again.",
        )

    def _reference(self, reference: str) -> None:
        match = re.fullmatch(r"\$?([A-Za-z]+)\$?([0-9]+)", reference)
        if match is None:
            raise refuse(
                codes.BROKEN, "This file names a cell in a way that cannot be read. Save it again in Excel."
            )
        text, number = match.group(1), match.group(2)
        far = len(text) > 3 or column_index(text) >= self.limits.sheet_columns
        if far or len(number) > 7 or not 1 <= int(number) <= self.limits.sheet_rows:
            raise refuse(codes.UNSAFE, f"This file holds a cell {reference[:20]}, which no sheet can have.")

    def _start_relation(self, tag: str, attributes: dict[str, str]) -> None:
        self._start(tag, attributes)
        if self.no_macros and attributes.get("Type", "").lower().endswith(("/vbaproject", "/xlmacrosheet")):
            raise carries_macro()
        target, place = attributes.get("Target"), attributes.get("Id")
        if place is not None and place in self.places:
            raise refuse(
                codes.UNSAFE,
                "This file names two of its parts alike, so which is meant is not told. Save it again.",
            )
        self.places.add(place or "")
        if target is None or attributes.get("TargetMode", "").lower() == "external":
            return  # external targets are never followed by any reader here
        base = self.name.rpartition("_rels/")[0].strip("/")
        if "://" in target or "\\" in target or "%2e" in target.lower():
            raise refuse(codes.UNSAFE, "A part of this file points outside of it. Save it again in Excel.")
        depth = 0 if target.startswith("/") else len([step for step in base.split("/") if step])
        for step in target.split("#")[0].strip("/").split("/"):
            depth += -1 if step == ".." else 0 if step in ("", ".") else 1
            if depth < 0:
                raise refuse(
                    codes.UNSAFE, "A part of this file points outside of it. Save it again in Excel."
                )

    def _start_string(self, tag: str, attributes: dict[str, str]) -> None:
        self._start(tag, attributes)
        if tag == "si" or tag.endswith(":si"):
            if self.depth != 2:
                raise refuse(
                    codes.BROKEN,
                    "This workbook is damaged: one of its texts stands within another, so its cells would show wrong "
                    "ones. Open it in Excel and save it again.",
                )
            self.strings += 1
            self.before_text, self.pieces = self.elements, 0
            if self.strings > self.limits.shared_strings:
                raise refuse(
                    codes.TOO_LARGE,
                    f"This file holds more than {self.limits.shared_strings:,} different texts. "
                    "Split it, one month per file.",
                )
            return
        self.pieces += tag == "t" or tag.endswith(":t")
        if self.pieces > self.limits.cell_text:
            raise too_long(self.limits)
        if self.elements - self.before_text > _MOST_OF_A_TEXT:
            raise too_many()

    def _start_style(self, tag: str, attributes: dict[str, str]) -> None:
        self._start(tag, attributes)
        if self.depth == 2:
            self.styles = 0  # fonts, fills, number formats, cell styles: of each as many as of another
        elif self.depth == 3:
            self.styles += 1
            if self.styles > self.limits.cell_styles:
                raise refuse(
                    codes.TOO_LARGE,
                    f"This file holds more than {self.limits.cell_styles:,} cell styles. Copy its "
                    "values into a new workbook.",
                )

    def _start_workbook(self, tag: str, attributes: dict[str, str]) -> None:
        self._start(tag, attributes)
        if tag == "sheet" or tag.endswith(":sheet"):
            self.sheets += 1
            if self.sheets > self.limits.sheets:
                raise refuse(
                    codes.TOO_LARGE,
                    f"This file holds more than {self.limits.sheets} sheets. Split it into several files.",
                )


def _integer(text: str | None) -> int:
    try:
        return int(text or "0")
    except ValueError:
        return 0


def _area(text: str) -> tuple[int, int, int, int] | None:
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", text)
    if match is None:
        return None
    first_letters, first_row, last_letters, last_row = match.groups()
    return int(first_row), column_index(first_letters), int(last_row), column_index(last_letters)
