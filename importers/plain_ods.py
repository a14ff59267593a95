"""An OpenDocument sheet without what its reader takes for text of a cell: drawings, how words are read, lost tabs."""

import io
import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from importers.package import unpacking

#: What stands in a cell and is not its text: a drawing over it with a text of its own, how a word is read aloud.
_NAMES = rb"table:shapes|draw:frame|draw:custom-shape|draw:rect|draw:g|draw:caption|text:ruby-text"
_BESIDE = re.compile(rb"<(" + _NAMES + rb")(?=[\s>])[^>]*(?<!/)>.*?</\1>", re.DOTALL)
_GAPS = re.compile(rb"<text:(?:tab|line-break)(?:\s[^>]*)?(?:/>|>\s*</text:(?:tab|line-break)>)")
_TELLING = (b"<table:shapes", b"<draw:", b"<text:ruby-text", b"<text:tab", b"<text:line-break")


def plain_ods(path: Path) -> io.BytesIO:
    """The bytes of an OpenDocument package that has passed its pre-scan, its content as its reader needs it.

    Raises:
        RefusedError: when a part cannot be unpacked.
    """
    with unpacking(), zipfile.ZipFile(path) as archive:
        name = next((each for each in archive.namelist() if each == "content.xml"), None)
        content = archive.read(name) if name is not None else b""
        if not any(mark in content for mark in _TELLING):
            return io.BytesIO(path.read_bytes())
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for info in archive.infolist():
                if info.filename == "content.xml":
                    copy.writestr("content.xml", _plain(content))
                elif info.filename in ("mimetype", "META-INF/manifest.xml", "styles.xml"):
                    copy.writestr(info.filename, archive.read(info))
    stream.seek(0)
    return stream


def _plain(content: bytes) -> bytes:
    """The content without what is no text of a cell; with it where it cannot be told where that ends."""
    if b"<!" in content or not _well_formed(content):
        return content
    content = _GAPS.sub(b"<text:s/>", content)
    without = _BESIDE.sub(b"", content)
    return without if _well_formed(without) else content


def _well_formed(content: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError):
        return False
    return True
