"""Text of any script for a page that has no shaping of its own: joined Arabic letters, right-to-left text, other fonts.

Hebrew and Arabic are laid out as they are seen (the Unicode bidirectional algorithm of the PDF library), Arabic letters
in the forms they take beside others, which Unicode has as characters of their own. Letters the document's type lacks
come from a font of the system where it has one.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from fpdf.bidi import BidiParagraph

#: Where systems keep their fonts, and the files that hold what the type of a document lacks, the widest first.
FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_FILES: Final = (
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "NotoSansSC-Regular.ttf",
    "NotoSansJP-Regular.ttf",
    "NotoSansKR-Regular.ttf",
    "unifont.ttf",
)
#: The presentation forms of Arabic letters.
_FORMS: Final = (*range(0xFB50, 0xFC00), *range(0xFE70, 0xFEFD))
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_TATWEEL: Final = "\u0640"
_MIRRORED: Final = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Letter, or two letters that are written as one → form (isolated, initial, medial, final) → its character."""
    found: dict[str, dict[str, str]] = {}
    for code in _FORMS:
        kind, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if kind in ("<isolated>", "<initial>", "<medial>", "<final>"):
            text = "".join(chr(int(each, 16)) for each in letters.split())
            if not text.startswith(" "):  # a mark on its own
                found.setdefault(text, {})[kind.strip("<>")] = chr(code)
    return found


def shaped(text: str) -> str:
    """The text with each Arabic letter in the form it has between its neighbours, lam and alef as one."""
    forms = _forms()
    units: list[str] = []
    for letter in text:
        if units and units[-1] + letter in forms:
            units[-1] += letter
        else:
            units.append(letter)
    joining = [each for each, unit in enumerate(units) if unicodedata.category(unit[0]) != "Mn"]
    shown = dict(enumerate(units))
    for number, at in enumerate(joining):
        own = forms.get(units[at])
        if own is None:
            continue
        before = units[joining[number - 1]] if number else ""
        after = units[joining[number + 1]] if number + 1 < len(joining) else ""
        joined_before = "final" in own and (before == _TATWEEL or "initial" in forms.get(before, {}))
        joined_after = "initial" in own and (after == _TATWEEL or "final" in forms.get(after, {}))
        kind = (
            ("medial" if joined_after else "final")
            if joined_before
            else ("initial" if joined_after else "isolated")
        )
        shown[at] = own.get(kind, units[at])
    return "".join(shown.values())


def as_seen(text: str) -> str:
    """The text in the order it is seen from left to right; text without right-to-left letters as it is."""
    if not any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return text
    seen = BidiParagraph(text=shaped(text)).reorder_resolved_levels()
    # A bracket that runs from right to left opens the other way.
    return "".join(
        _MIRRORED.get(each.character, each.character) if each.embedding_level % 2 else each.character
        for each in seen
    )


@cache
def fallback_fonts() -> tuple[Path, ...]:
    """Fonts of this system that hold letters of many scripts, in the order they are asked; none where it has none."""
    there = {path.name: path for folder in FOLDERS if folder.is_dir() for path in folder.rglob("*.ttf")}
    return tuple(there[name] for name in _FILES if name in there)
