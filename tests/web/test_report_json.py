"""`report --format json` carries what the page shows: every number of the page is looked up in the object."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from blueprints import filters
from mopsaudit.money import to_minor
from mopsaudit.reports.registry import REPORTS
from tests.web.browser import Tab

Sign = Callable[..., Tab]
AS_OF = date(2026, 9, 30)
#: What a page says about itself, not about the company: forms, menus, ways elsewhere, the method and the trust line.
APART = {"form", "nav", "script", "style", "select", "svg", "thead", "caption", "button"}
APART_CLASSES = {"method", "menu", "pick", "pager", "table-tools", "visually-hidden"}
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


class Shown(HTMLParser):
    """The texts of the page's body that say something about the company."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self.main = True
        if tag in {"br", "img", "input", "meta", "link", "hr", "use", "path", "rect", "col", "wbr"}:
            return
        classes = set((dict(attrs).get("class") or "").split())
        apart = tag in APART or bool(classes & APART_CLASSES)
        self.open.append((tag, apart or (bool(self.open) and self.open[-1][1])))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.main = False
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.main and self.open and not self.open[-1][1] and data.strip():
            self.texts.append(data.strip())


def leaves(found: Any, currency: str) -> Iterator[str]:
    """Every leaf of the object, in each way a page may write it."""
    if isinstance(found, dict):
        if "amount" in found and "currency" in found and isinstance(found["amount"], str):
            yield from money(found["amount"], found["currency"])
        if {"numerator", "denominator", "percent"} <= set(found):
            yield from rounded(Decimal(found["percent"]))
        for key, each in found.items():
            if key == "values" and found.keys() >= {"label", "values"}:
                for one in each:
                    if isinstance(one, str):
                        yield from money(one, currency)
            yield from leaves(each, currency)
    elif isinstance(found, list):
        yield f"{len(found)}"
        for each in found:
            yield from leaves(each, currency)
    elif isinstance(found, bool) or found is None:
        return
    elif isinstance(found, int):
        yield from (f"{found}", f"{found:,}")
    else:
        text = str(found)
        yield text
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = date.fromisoformat(text)
            yield filters.day_text(day)
            yield f"{abs((day - AS_OF).days)}"
        if re.fullmatch(r"-?\d+\.\d+", text):
            yield from rounded(Decimal(text))


def money(text: str, currency: str) -> Iterator[str]:
    minor, _ = to_minor(Decimal(text), currency)
    yield filters.exact_text(minor, currency)
    yield filters.whole(minor, currency)
    yield filters.shortened(minor, currency)
    yield from rounded(Decimal(text))


def rounded(number: Decimal) -> Iterator[str]:
    for places in ("1", "0.1", "0.01"):
        for how in (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN):
            yield f"{abs(number).quantize(Decimal(places), how):,}"


def numbers(texts: Iterator[str] | list[str]) -> set[str]:
    return {token.rstrip(".,") for text in texts for token in NUMBER.findall(text)}


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("slug", list(REPORTS))
def test_every_number_of_the_page_stands_in_the_object(app: Flask, sign_in: Sign, slug: str) -> None:
    tab = sign_in("finance")
    page = Shown()
    page.feed(tab.get(f"/reports/{slug}").get_data(as_text=True))
    answer = json.loads(tab.get(f"/reports/{slug}?format=json").get_data(as_text=True))
    assert len(page.texts) > 10
    # The map's list of types nobody has a tool for is the catalogue's; the coverage report's rows say it by type.
    page.texts = [text for text in page.texts if "technology types without a tool" not in text]
    with app.app_context():
        known = numbers(list(leaves(answer, answer["currency"])))
    missing = {
        token: next(text for text in page.texts if token in text)
        for token in sorted(numbers(page.texts) - known)
    }
    assert not missing, missing
    said = " ".join(page.texts)
    for section in answer["sections"].values():
        assert section["title"] in said
    for plot in answer["plots"]:
        assert plot["labels"]
        assert all(len(each["values"]) == len(plot["labels"]) for each in plot["series"])
