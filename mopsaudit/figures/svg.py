"""The one post-process of a matplotlib SVG: no style attribute, no style element, no id that could clash.

A strict content security policy blocks inline styles, and a picture with them turns black. Each style property
becomes a presentation attribute; each colour of the palette also becomes a class (``f-ink``, ``s-accent``) by which the
page's theme recolours it. Text stays text. What says nothing (groups of their own, a font named on each label, digits
nobody can see) is left out: a chart of many labels is half as large.
"""

import re
import xml.etree.ElementTree as ET  # parses only what matplotlib wrote a moment before
from typing import Final

from mopsaudit.figures.tokens import BY_COLOUR

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_FONT_SIZE: Final = re.compile(r"([\d.]+)px")
_USED_ID: Final = re.compile(r"url\(#([^)]+)\)")
_DIGITS: Final = re.compile(r"-?\d+\.\d{3,}")
_TEXT_TAG: Final = f"{{{_SVG}}}text"
#: Elements whose blanks are read.
_WORDS: Final = frozenset(f"{{{_SVG}}}{name}" for name in ("text", "tspan", "title", "desc"))
#: Attributes that hold places: a hundredth of a unit is less than anybody sees.
_PLACES: Final = frozenset(
    {"d", "points", "transform", *"xy", "cx", "cy", "x1", "x2", "y1", "y2", "width", "height"}
)


def themed(source: str, *, key: str, title: str, description: str) -> str:
    """``source`` cleaned, with ``title`` and ``description`` for those who do not see it.

    ``key`` prefixes the ids that remain (clip paths, markers), so that several pictures can stand on one page.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(source)  # noqa: S314  # see above
    used = {
        match
        for element in root.iter()
        for value in element.attrib.values()
        for match in _USED_ID.findall(value)
    }
    used |= {
        value[1:]
        for element in root.iter()
        for name, value in element.attrib.items()
        if name.endswith("href") and value.startswith("#")
    }
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}style", f"{{{_SVG}}}metadata"):
                parent.remove(child)
    for element in root.iter():
        _clean(element, used, key)
    _lighten(root)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("class", "figure")
    root.set("stroke-linejoin", "round")
    root.set("aria-labelledby", f"{key}-title {key}-desc")
    for tag, text in (("desc", description), ("title", title)):
        node = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{key}-{tag}"})
        node.text = text
        root.insert(0, node)
    return ET.tostring(root, encoding="unicode")


def _lighten(root: ET.Element) -> None:
    """Take out groups that only hold, the one font of all labels, blanks between elements and invisible digits."""
    for parent in list(root.iter()):
        children: list[ET.Element] = []
        for child in parent:
            _unwrap(child, children)
        parent[:] = children
    fonts = {each.get("font-family") for each in root.iter(_TEXT_TAG)}
    if len(fonts) == 1 and (family := fonts.pop()) is not None:
        root.set("font-family", family)
        for each in root.iter(_TEXT_TAG):
            del each.attrib["font-family"]
    for element in root.iter():
        if element.tag not in _WORDS:
            element.text = None
            for child in element:
                child.tail = None
        for name in sorted(_PLACES & set(element.attrib)):
            element.set(name, _DIGITS.sub(_rounded, element.attrib[name]))


def _unwrap(element: ET.Element, into: list[ET.Element]) -> None:
    """The element itself, or what a group without a property of its own holds."""
    if element.tag != f"{{{_SVG}}}g" or element.attrib:
        into.append(element)
        return
    for child in element:
        _unwrap(child, into)


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _clean(element: ET.Element, used: set[str], key: str) -> None:
    classes: list[str] = []
    style = element.attrib.pop("style", "")
    for part in style.split(";"):
        name, _, value = part.partition(":")
        name, value = name.strip(), value.strip()
        if not name:
            continue
        if name == "font":
            size = _FONT_SIZE.search(value)
            if size:
                element.set("font-size", size.group(1))
            if "bold" in value or "600" in value:
                element.set("font-weight", "600")
            element.set("font-family", _FONT)
        else:
            element.set(name, value)
    for name, prefix in (("fill", "f"), ("stroke", "s")):
        token = BY_COLOUR.get(element.get(name, ""))
        if token:
            classes.append(f"{prefix}-{token}")
    if element.tag == f"{{{_SVG}}}text" and element.get("fill") is None:
        element.set("fill", "#1d2430")
        classes.append("f-ink")
    if classes:
        element.set("class", " ".join(classes))
    own = element.get("id")
    if own is not None:
        if own in used:
            element.set("id", f"{key}-{own}")
        else:
            del element.attrib["id"]
    for name, value in list(element.attrib.items()):
        if name.endswith("href") and value.startswith("#"):
            element.set(name, f"#{key}-{value[1:]}")
        elif "url(#" in value:
            element.set(name, _USED_ID.sub(lambda match: f"url(#{key}-{match.group(1)})", value))
