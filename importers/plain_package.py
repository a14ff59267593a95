"""A workbook package written anew from its sheets, texts and number formats alone, where openpyxl refuses it whole.

A program that writes one font, theme or name wrongly makes openpyxl refuse the workbook, though every cell can be read.
Its cells are then read from a copy without what is wrong, by the same parser and the same rules. Sheets of the strict
standard, which differ in the name of their elements only, are copied under the usual name.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring  # no document type passes the pre-scan

from importers.package import Package, unpacking
from importers.part_watch import STRICT

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_CHUNK: Final = 1 << 18
_HEAD: Final = 4096


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One worksheet: its name as it stands, whether it shows, and its part."""

    name: str
    state: str
    part: str


def plain_copy(path: Path, package: Package) -> io.BytesIO | None:
    """The copy of a package that has passed its pre-scan, or None where it does not name its sheets.

    ``package`` then knows the sheets by the names of the copy's parts.

    Raises:
        RefusedError: when a part cannot be unpacked.
    """
    with unpacking(), zipfile.ZipFile(path) as archive:
        members = {
            info.filename.replace("\\", "/").lstrip("/").casefold(): info.filename
            for info in archive.infolist()
            if not info.is_dir()
        }
        try:
            return _Copy(archive, members, package).write()
        except (ParseError, KeyError, LookupError, ValueError):
            return None


class _Copy:
    def __init__(self, archive: zipfile.ZipFile, members: dict[str, str], package: Package) -> None:
        self.archive, self.members, self.package = archive, members, package

    def write(self) -> io.BytesIO:
        """The copy's bytes.

        Raises:
            KeyError: when a part is missing.
            ParseError: when one that names others is no XML.
        """
        workbook = next(
            (target for kind, target in self._relations("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        root = self._parsed(workbook)
        relations = self._relations(workbook)
        sheets = list(self._sheets(root, relations))
        others = {kind: target for kind, target in relations.values() if target in self.members}
        texts = others.get("sharedStrings")
        dated = any(
            element.get("date1904") in ("1", "true", "on")
            for element in root.iter()
            if _local(element) == "workbookPr"
        )
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            copy.writestr("[Content_Types].xml", _types(sheets, texts is not None))
            copy.writestr("_rels/.rels", _relation_part([("rId1", "officeDocument", "/xl/workbook.xml")]))
            copy.writestr("xl/workbook.xml", _workbook(sheets, dated=dated))
            named = [(f"rId{place}", "worksheet", f"/{sheet.part}") for place, sheet in enumerate(sheets, 1)]
            named.append(("rIdStyles", "styles", "/xl/styles.xml"))
            if texts is not None:
                named.append(("rIdTexts", "sharedStrings", "/xl/sharedStrings.xml"))
                self._part(copy, texts, "xl/sharedStrings.xml")
            copy.writestr("xl/_rels/workbook.xml.rels", _relation_part(named))
            copy.writestr("xl/styles.xml", self._styles(others.get("styles")))
            for part in dict.fromkeys(sheet.part for sheet in sheets):
                self._part(copy, part, part)
                self._known_as(part)
        stream.seek(0)
        return stream

    def _parsed(self, name: str) -> Element:
        return fromstring(self.archive.read(self.members[name.casefold()]))  # noqa: S314 - see the import

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part (``""`` for the package) points to: id → kind and name of the part."""
        folder, _, name = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels.casefold() not in self.members:
            return {}
        found = {}
        for element in self._parsed(rels):
            target = element.get("Target", "")
            if element.get("TargetMode", "").lower() != "external":
                place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = element.get("Type", "").rpartition("/")[2]
                found[element.get("Id", "")] = (kind, posixpath.normpath(place).casefold())
        return found

    def _sheets(self, root: Element, relations: dict[str, tuple[str, str]]) -> Iterator[_Sheet]:
        for element in root.iter():
            if _local(element) != "sheet":
                continue
            place = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            kind, part = relations[place]
            if kind == "worksheet":
                if part not in self.members:
                    raise KeyError(part)
                yield _Sheet(element.get("name", ""), element.get("state", "visible"), part)

    def _known_as(self, part: str) -> None:
        """Let what the pre-scan saw of a sheet be found under its name in the copy."""
        before = self.members[part].lstrip("/")
        if before != part:
            if before in self.package.sheets:
                self.package.sheets[part] = self.package.sheets[before]
            if before in self.package.unseen:
                self.package.unseen.add(part)

    def _part(self, copy: zipfile.ZipFile, name: str, target: str) -> None:
        """Copy a part, the strict name of its elements turned into the usual one."""
        with self.archive.open(self.members[name]) as source, copy.open(target, "w") as stream:
            stream.write(source.read(_HEAD).replace(STRICT.encode(), _MAIN.encode()))
            while chunk := source.read(_CHUNK):
                stream.write(chunk)

    def _styles(self, name: str | None) -> str:
        """Which number format each style has, and no more; nothing where the part cannot be read."""
        codes: list[tuple[int, str]] = []
        formats: list[int] = []
        try:
            root = self._parsed(name) if name is not None else None
        except ParseError:
            root = None
        for element in root if root is not None else ():
            if _local(element) == "numFmts":
                codes = [(_number(each, "numFmtId"), each.get("formatCode", "")) for each in element]
            elif _local(element) == "cellXfs":
                formats = [_number(each, "numFmtId") for each in element]
        told = "".join(
            f'<numFmt numFmtId="{number}" formatCode={_quoted(code)}/>'
            for number, code in codes
            if number >= 164
        )
        known = {number for number, _ in codes} | set(range(164))
        styles = "".join(f'<xf numFmtId="{number if number in known else 0}"/>' for number in formats or [0])
        return (
            f'<styleSheet xmlns="{_MAIN}"><numFmts>{told}</numFmts><fonts><font/></fonts>'
            '<fills><fill><patternFill patternType="none"/></fill></fills><borders><border/></borders>'
            f"<cellStyleXfs><xf/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>"
        )


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'


def _number(element: Element, name: str) -> int:
    text = element.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _workbook(sheets: list[_Sheet], *, dated: bool) -> str:
    listed = "".join(
        f'<sheet name={_quoted(sheet.name)} sheetId="{place}" '
        f'state="{sheet.state if sheet.state in ("hidden", "veryHidden") else "visible"}" r:id="rId{place}"/>'
        for place, sheet in enumerate(sheets, 1)
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(dated)}"/>'
        f"<sheets>{listed}</sheets></workbook>"
    )


def _relation_part(relations: list[tuple[str, str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{place}" Type="{_OFFICE}/{kind}" Target={_quoted(target)}/>'
        for place, kind, target in relations
    )
    return f'<Relationships xmlns="{_RELS}">{listed}</Relationships>'


def _types(sheets: list[_Sheet], texts: bool) -> str:  # noqa: FBT001 - one of two parts
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/{part}", "worksheet") for part in dict.fromkeys(sheet.part for sheet in sheets)]
    if texts:
        parts.append(("/xl/sharedStrings.xml", "sharedStrings"))
    listed = "".join(
        f'<Override PartName={_quoted(part)} ContentType="{_SHEET_TYPE}{kind}+xml"/>' for part, kind in parts
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )
