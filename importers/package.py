"""A look into the zip package before any parser sees it: every refusal of SAFETY.md with its sentence.

The pre-scan inflates each part itself, counting bytes as they come, and walks XML parts with expat alone: no entity is
ever expanded, no relationship followed. It returns what openpyxl's read-only sheets do not know: merged ranges, hidden
rows and columns, the date system.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from xml.parsers import expat

from importers import codes
from importers.grid import column_index
from importers.table_room import TableRoom
from importers.zip_members import check_members
from mopsaudit.intake.contract import Limits
from mopsaudit.problems import RefusedError

_CHUNK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCTYPES = tuple(
    text.encode(encoding)
    for text in ("<!DOCTYPE", "<!ENTITY", "<!doctype", "<!entity")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
#: The same two words in encodings the parser does not know: what it cannot read is looked at for them.
_UNREAD_DOCTYPES = tuple(
    text.encode(encoding)
    for text in ("DOCTYPE", "ENTITY", "doctype", "entity")
    for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037")
)
_XML_ENDINGS = (".xml", ".rels")
_SHEET_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: How deep a row within a row stands; in a table of cells it is the third, in alternate content the fifth.
_WITHIN_A_ROW = 4
#: The name of a sheet's elements in the strict standard.
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_BINARY_TYPE = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_MACRO_TYPES = (_SHEET_TYPES[2].lower(), _SHEET_TYPES[3].lower())


def refuse(code: object, sentence: str) -> RefusedError:
    """The refusal of a whole file, ready to raise."""
    return RefusedError(sentence, code=getattr(code, "code", "file.refused"))


@dataclass(slots=True)
class SheetFacts:
    """What the pre-scan saw of one sheet part. Columns 0-based, rows 1-based."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    strict: bool = False


@dataclass(slots=True)
class Package:
    """What the pre-scan learnt: the facts of each sheet part by its name in the zip, and the bytes it inflated."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    inflated: int = 0
    has_macros: bool = False
    kind: str = "xlsx"
    #: Large sheet parts not looked at yet: whoever reads one looks at it meanwhile, or calls :func:`look_at` before.
    unseen: set[str] = field(default_factory=set)


def looks_like(path: Path) -> str:
    """What the first bytes say a file is: ``zip``, ``ole``, ``markup``, ``pdf``, ``gzip``, ``empty`` or ``text``."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        return "empty"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith((b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")):
        return "archive"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return "image"
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")[:200].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<body", b"mime-version:")):
        return "markup"
    return "text"


def scan(path: Path, ending: str, limits: Limits) -> Package:
    """Walk a zip package that claims to be a workbook of that ending (``.xlsx``, ``.xlsm``, ``.xlsb``, ``.ods`` …).

    Raises:
        RefusedError: for everything SAFETY.md refuses before a parser runs.
    """
    with unpacking(), zipfile.ZipFile(path) as archive:
        return _Scan(path, archive, ending, limits).run()


def look_at(path: Path, package: Package, limits: Limits, *, but: AbstractSet[str] = frozenset()) -> None:
    """Look at the sheet parts the pre-scan left to their reader, but for those named.

    Raises:
        RefusedError: as :func:`scan` does.
    """
    parts = sorted(package.unseen - but)
    if not parts:
        return
    with unpacking(), zipfile.ZipFile(path) as archive:
        look = _Scan(path, archive, "", limits)
        look.result = package
        for info in archive.infolist():
            part = info.filename.lstrip("/")
            if part in parts:
                package.inflated -= info.file_size  # counted again as it is unpacked
                look.part(info.filename.replace("\\", "/").casefold(), info)
                package.unseen.discard(part)


@contextmanager
def unpacking() -> Iterator[None]:
    """What the zip library makes of a damaged package becomes a refusal.

    Raises:
        RefusedError: in place of its errors.
    """
    try:
        yield
    except zipfile.BadZipFile as error:
        raise refuse(
            codes.BROKEN, "This file is damaged: its zip package cannot be read. Save it again in Excel."
        ) from error
    except (zlib.error, EOFError, struct.error, NotImplementedError, ValueError, OverflowError) as error:
        raise refuse(
            codes.BROKEN, "This file is damaged: a part of it cannot be unpacked. Save it again in Excel."
        ) from error


class _Scan:
    def __init__(self, path: Path, archive: zipfile.ZipFile, ending: str, limits: Limits) -> None:
        self.path, self.archive, self.ending, self.limits = path, archive, ending, limits
        self.result = Package()
        self.names: dict[str, zipfile.ZipInfo] = {}
        self.no_macros = False

    def run(self) -> Package:
        with self.path.open("rb") as stream:
            if stream.read(4) != b"PK\x03\x04":
                raise refuse(
                    codes.NOT_A_WORKBOOK, "This is not a workbook: a workbook starts with its zip header."
                )
        self._members()
        self._kind()
        for name, info in self.names.items():
            if info.is_dir():
                continue
            if self._waits(name, info):
                self.result.unseen.add(info.filename.lstrip("/"))
                self.result.inflated += info.file_size
                if self.result.inflated > self.limits.total_bytes:
                    raise self._too_large()
            else:
                self.part(name, info)
        return self.result

    def _waits(self, name: str, info: zipfile.ZipInfo) -> bool:
        """Whether this is a sheet so large that looking at it and reading it are one pass.

        The zip library never unpacks more than the size its directory states, so counting that size is enough.
        """
        return (
            self.result.kind == "xlsx"
            and "/worksheets/" in name
            and name.endswith(".xml")
            and self.limits.shapes_from <= info.file_size <= self.limits.member_bytes
        )

    def _members(self) -> None:
        infos = self.archive.infolist()
        if len(infos) > self.limits.members:
            raise refuse(
                codes.TOO_LARGE,
                f"This file holds {len(infos):,} parts; at most {self.limits.members:,} are read.",
            )
        spans: list[tuple[int, int]] = []
        for info in infos:
            name = info.orig_filename
            folded = info.filename.replace("\\", "/").casefold()
            if folded in self.names:
                raise refuse(
                    codes.UNSAFE, "This file holds the same part twice, which no spreadsheet program writes."
                )
            parts = folded.split("/")
            if not name.strip("/\\ "):
                raise refuse(codes.UNSAFE, "This file holds a part without a name. Save it again in Excel.")
            if folded.startswith("/") or ".." in parts or "\0" in name or re.match(r"^[a-z]:", folded):
                raise refuse(
                    codes.UNSAFE,
                    "This file holds a part whose name leads outside of it. Save it again in Excel.",
                )
            if (info.external_attr >> 16) & 0o170000 == 0o120000:
                raise refuse(
                    codes.UNSAFE, "This file holds a link instead of a part. Save it again in Excel."
                )
            if info.flag_bits & 0x1:
                raise refuse(
                    codes.ENCRYPTED,
                    "This file is protected by a password. Remove it in Excel and save again.",
                )
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise refuse(
                    codes.UNSAFE,
                    "This file is packed in a way no spreadsheet program uses. Save it again in Excel.",
                )
            self.names[folded] = info
            spans.append(
                (
                    info.header_offset,
                    info.header_offset + 30 + len(info.filename.encode()) + info.compress_size,
                )
            )
        spans.sort()
        for (_, end), (start, _) in pairwise(spans):
            # The local header's own name and extra field may be longer than the directory says, never shorter.
            if start < end - 1:
                raise refuse(codes.UNSAFE, "Parts of this file overlap, which no spreadsheet program writes.")
        if not infos:
            raise refuse(codes.EMPTY, "This file is an empty package: it holds no sheet.")
        check_members(self.path, infos)

    def _kind(self) -> None:
        names = self.names
        if "mimetype" in names and "[content_types].xml" not in names:
            kind = self._read(names["mimetype"], 200).strip().decode("ascii", "replace")
            if not kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
                raise refuse(codes.NOT_A_WORKBOOK, "This is an OpenDocument file, but not a spreadsheet.")
            if self.ending not in (".ods", ".ots"):
                raise refuse(
                    codes.EXTENSION, f"This is an OpenDocument spreadsheet named {self.ending}; name it .ods."
                )
            manifest = self.names.get("meta-inf/manifest.xml")
            if manifest is not None and b"encryption-data" in self._read(manifest, self.limits.member_bytes):
                raise refuse(
                    codes.ENCRYPTED,
                    "This file is protected by a password. Remove it and save the file again.",
                )
            self.result.kind = "ods"
            return
        if "[content_types].xml" not in names:
            if "encryptedpackage" in names:
                raise refuse(
                    codes.ENCRYPTED,
                    "This file is protected by a password. Remove it in Excel and save again.",
                )
            raise refuse(
                codes.NOT_A_WORKBOOK, "This is a zip file, but not a workbook. Upload the workbook inside it."
            )
        listed = names["[content_types].xml"]
        if listed.file_size > _MOST_OF_TYPES:
            raise _too_many()
        types = self._read(listed, _MOST_OF_TYPES)
        lowered = _decoded(types).lower()
        if _BINARY_TYPE.lower() in lowered:
            if self.ending != ".xlsb":
                raise refuse(
                    codes.EXTENSION, f"This is a binary workbook named {self.ending}; name it .xlsb."
                )
            self.result.kind = "xlsb"
            return
        if not any(kind.lower() in lowered for kind in _SHEET_TYPES):
            what = (
                "a Word document"
                if "wordprocessingml" in lowered
                else "a presentation"
                if "presentationml" in lowered
                else ""
            )
            raise refuse(
                codes.NOT_A_WORKBOOK,
                f"This is {what or 'an Office package'}, not a workbook. Upload the .xlsx file.",
            )
        if self.ending == ".xlsb" or self.ending in (".ods", ".ots", ".xls"):
            raise refuse(codes.EXTENSION, f"This is an .xlsx workbook named {self.ending}; name it .xlsx.")
        macro_type = any(kind in lowered for kind in _MACRO_TYPES)
        self.result.has_macros = (
            any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names)
            or "vbaproject" in lowered
            or "macrosheet+xml" in lowered
        )
        macro_name = self.ending in (".xlsm", ".xltm")
        if not macro_name and (self.result.has_macros or macro_type):
            raise _carries_macro()
        self.no_macros = not macro_name

    def _read(self, info: zipfile.ZipInfo, most: int) -> bytes:
        with self.archive.open(info) as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise self._too_large()
        return data

    def _too_large(self) -> RefusedError:
        mebibytes = self.limits.total_bytes // (1024 * 1024)
        return refuse(
            codes.TOO_LARGE,
            f"This file unpacks to more than {mebibytes} MiB (or one sheet to more than "
            f"{self.limits.member_bytes // (1024 * 1024)} MiB). Split it: one month, or one cost centre, per file.",
        )

    def part(self, name: str, info: zipfile.ZipInfo) -> None:
        """Unpack one part, counting, and look at it.

        Raises:
            RefusedError: for what it may not hold.
        """
        if info.file_size > self.limits.member_bytes:
            raise self._too_large()
        watch: Watch | None = None
        if name.endswith(_XML_ENDINGS):
            watch = Watch(name, self.limits, no_macros=self.no_macros)
        size = 0
        tail = b""
        with self.archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                if not size and watch is None and _is_markup(chunk):
                    watch = Watch(name, self.limits, no_macros=self.no_macros)  # whatever its name says
                size += len(chunk)
                self.result.inflated += len(chunk)
                if size > self.limits.member_bytes or self.result.inflated > self.limits.total_bytes:
                    raise self._too_large()
                if watch is not None:
                    watch.feed(chunk)
                elif not name.endswith((".bin", ".png", ".jpeg", ".jpg", ".emf", ".wmf", ".gif")):
                    window = tail + chunk
                    if any(mark in window for mark in _DOCTYPES):
                        raise refuse(
                            codes.UNSAFE, "A part of this file declares entities. Save it again in Excel."
                        )
                    tail = chunk[-32:]
        if watch is not None:
            watch.close()
            if watch.facts is not None:
                self.result.sheets[info.filename.lstrip("/")] = watch.facts


def _is_markup(chunk: bytes) -> bool:
    return chunk[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _carries_macro() -> RefusedError:
    return refuse(
        codes.MACROS, "This .xlsx file carries a macro. Save it as .xlsx without macros and upload that."
    )


def _too_many() -> RefusedError:
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
    ("workbook.xml", 300_000),
    ("docprops/", 100_000),
)
#: Elements of one shared text: 32,767 characters, each set in a way of its own.
_MOST_OF_A_TEXT = 200_000
#: Bytes of the list of parts: 2,000 parts take a tenth of it.
_MOST_OF_TYPES = 1 << 22
#: Bytes of the longest tag: 64 attributes of 32,767 characters of one byte.
_LONGEST_TAG = 1 << 21


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
        """Refuse a tag that does not end: the parser would hold all its attributes before anybody could count them."""
        begun = chunk.rfind(b"<")
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
            self.facts = SheetFacts()
            self.prefix = tag.rpartition(":")[0]
            self._watch_cells()
        if self.depth > self.limits.nesting or len(attributes) > self.limits.attributes:
            raise self._deep()
        self.elements += 1
        if self.most is not None and self.elements > self.most:
            raise _too_many()

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
            raise _carries_macro()
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
            self.before_text = self.elements
            if self.strings > self.limits.shared_strings:
                raise refuse(
                    codes.TOO_LARGE,
                    f"This file holds more than {self.limits.shared_strings:,} different texts. "
                    "Split it, one month per file.",
                )
        elif self.elements - self.before_text > _MOST_OF_A_TEXT:
            raise _too_many()

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


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:64]:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    return data.decode("utf-8", "replace")
