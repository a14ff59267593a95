"""Every figure of the dashboard, and every one of a report that opens to a list, is the sum of what it opens to."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest

from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.session import db
from tests.demo.conftest import AS_OF, Demo
from tests.web.browser import Clock, Tab, sign_in
from wsgi import create_app

_FIGURE = re.compile(r'<a class="key-figure" href="(?P<href>[^"]*)">(?P<inner>.*?)</a>', re.DOTALL)
_LABEL = re.compile(r'<span class="label">(.*?)</span>')
_EXACT = re.compile(r'<span class="value[^"]*">.*?(?:title="(?P<exact>[^"]*)")', re.DOTALL)
_SCOPE = f"as_of={AS_OF.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A figure as a page shows it: its label, the exact amount behind the short one, and where it opens."""

    label: str
    exact: Decimal
    href: str


@pytest.fixture(scope="module")
def tab(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A finance person of a copy of the demo company."""
    data = tmp_path_factory.mktemp("figures") / "var"
    shutil.copytree(demo.data, data)
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": data})
    clock = Clock(datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC))
    app.config["MOPSAUDIT_CLOCK"] = clock
    yield Context().run(sign_in, app, clock, "finance")
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _money(text: str) -> Decimal:
    """``409,459.00 USD`` as a number; a true minus sign counts."""
    found = re.search(r"[-\u2212]?[\d,]+(?:\.\d+)?", text)
    assert found, text
    return Decimal(found[0].replace(",", "").replace("\u2212", "-"))


def _figures(page: str) -> list[Shown]:
    found = []
    for each in _FIGURE.finditer(page):
        label, exact = _LABEL.search(each["inner"]), _EXACT.search(each["inner"])
        if label and exact:
            found.append(
                Shown(
                    label=unescape(label[1]),
                    exact=_money(unescape(exact["exact"])),
                    href=unescape(each["href"]),
                )
            )
    return found


def _opened(tab: Tab, shown: Shown) -> Decimal:
    """The sum of all rows of the list the figure opens to, from the export of what that list shows."""
    column = {
        "/lines": "In base currency",
        "/findings": "Left" if shown.label.startswith("Left") else "Counted",
    }
    path, _, query = shown.href.partition("?")
    response = tab.get(f"{path}?{query}&format=csv")
    assert response.status_code == 200, shown
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    place = next(number for number, name in enumerate(rows[0]) if name.startswith(column[path]))
    return sum((Decimal(row[place]) for row in rows[1:] if row[place]), Decimal(0))


def test_every_figure_of_the_dashboard_is_the_sum_of_what_it_opens_to(tab: Tab) -> None:
    figures = _figures(tab.get(f"/?{_SCOPE}").get_data(as_text=True))
    assert [each.label for each in figures] == [
        "At stake a year",
        "Left this fiscal year",
        "Overdue or within 30 days",
        "Invoiced this fiscal year",
    ]
    for each in figures:
        assert each.exact > 0, each
        assert _opened(tab, each) == each.exact, each


@pytest.mark.parametrize("slug", list(REPORTS))
def test_every_figure_of_a_report_that_opens_to_lines_is_their_sum(tab: Tab, slug: str) -> None:
    figures = _figures(tab.get(f"/reports/{slug}?{_SCOPE}").get_data(as_text=True))
    summed = [each for each in figures if each.href.startswith("/lines")]
    assert summed or slug not in ("budget", "cases"), "what is invoiced or uncovered is a sum of lines"
    for each in summed:
        assert _opened(tab, each) == each.exact, each


def test_every_answer_of_the_dashboard_opens(tab: Tab) -> None:
    page = tab.get(f"/?{_SCOPE}").get_data(as_text=True)
    part = page[page.index('id="questions"') :]
    links = [unescape(href) for href in re.findall(r'<p><a href="([^"]+)">', part)][:5]
    assert len(links) == 5
    for href in links:
        assert tab.get(href).status_code == 200, href
