"""A look into the zip package before any parser sees it: every refusal of SAFETY.md with its sentence.

The pre-scan inflates each part itself, counting bytes as they come, and walks XML parts with expat alone: no entity is
ever expanded, no relationship followed. It returns what openpyxl's read-only sheets do not know: merged ranges, hidden
rows and columns, the date system.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from importers import codes
from importers.part_watch import SheetFacts, Watch, carries_macro, too_many
from importers.refusals import refuse
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
_XML_ENDINGS = (".xml", ".rels")
_SHEET_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
)
#: Bytes of the list of parts: 2,000 parts take a tenth of it.
_MOST_OF_TYPES = 1 << 22
_BINARY_TYPE = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_MACRO_TYPES = (_SHEET_TYPES[2].lower(), _SHEET_TYPES[3].lower())


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
            raise too_many()
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
            raise carries_macro()
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


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:64]:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    return data.decode("utf-8", "replace")
