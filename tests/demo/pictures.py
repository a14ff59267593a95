"""The manual's pictures: which page each shows, and what of a page makes an older picture of it stale."""

import hashlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[2] / "mopsaudit" / "docs" / "manual" / "pictures"
#: Picture → the page of the demo company it shows, as of the day the demo company is loaded for tests.
PICTURES: Final = {
    "audit": "/audit",
    "budget": "/reports/budget",
    "cases": "/reports/cases",
    "coverage": "/reports/coverage",
    "dashboard": "/",
    "findings": "/findings",
    "gaps": "/stack/gaps",
    "imports": "/imports",
    "overlap": "/reports/overlap",
    "quality": "/reports/quality",
    "renewals": "/reports/renewals",
    "stack": "/reports/stack",
    "suppliers": "/suppliers?band=all",
    "underuse": "/reports/underuse",
}
#: Where the digest of each page stands as it was when its picture was taken.
TAKEN: Final = FOLDER / "taken.json"
SIZE: Final = (1280, 900)
WIDTH: Final = 800


class _Outline(HTMLParser):
    """The words that stay while figures change: title, headings of parts and of columns, labels of figures."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.kept: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens: inside ``main`` its words may count."""
        values = dict(attrs)
        if tag == "main":
            self.inside = True
        if tag in ("br", "img", "input", "hr", "meta", "link", "path", "rect", "use"):
            return
        wanted = tag in ("h1", "h2") or (tag == "th" and values.get("scope") == "col")
        wanted = wanted or (tag == "span" and values.get("class") == "label")
        self._open.append(wanted)
        if wanted and self.inside:
            self.kept.append("")

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag == "main":
            self.inside = False
        if self._open and tag not in ("br", "img", "input", "hr", "meta", "link", "path", "rect", "use"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Words, of which those of the outline are kept."""
        if self.inside and any(self._open) and self.kept:
            self.kept[-1] += data


def outline(html: str) -> list[str]:
    """What a page is made of, in words that do not change with its figures."""
    parser = _Outline()
    parser.feed(html)
    return [" ".join(each.split()) for each in parser.kept]


def digest(html: str) -> str:
    """The digest of a page's outline."""
    return hashlib.sha256("\n".join(outline(html)).encode()).hexdigest()[:16]
