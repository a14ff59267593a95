"""Numbers and moments in a person's own style: on pages, tables, sentences and charts; never in what is exported."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from blueprints import filters
from mopsaudit.organisation.profile import NUMBER_STYLES
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]
NARROW_SPACE = "\u202f"


def _prefer(tab: Tab, **values: str) -> None:
    data = {"theme": "auto", "shortcuts": "y", "number_style": NUMBER_STYLES[0], "time_zone": ""} | values
    assert tab.send("/profile", data).status_code == 303


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "style, cost",
    [("1.234,56", "198.000"), ("1 234,56", f"198{NARROW_SPACE}000"), ("1'234.56", "198\u2019000")],
)
def test_tables_sentences_and_charts_follow(sign_in: Sign, style: str, cost: str) -> None:
    tab = sign_in("finance")
    before = tab.get("/reports/stack").get_data(as_text=True)
    assert "198,000" in before
    _prefer(tab, number_style=style)
    text = tab.get("/reports/stack").get_data(as_text=True)
    assert cost in text
    assert "198,000" not in text, "no figure keeps the other style"
    answer = tab.get("/").get_data(as_text=True).partition('class="answer"')[2].partition("</p>")[0]
    assert "," not in answer.replace(", ", " ") or style.endswith(",56")


@pytest.mark.usefixtures("filled")
def test_a_chart_speaks_the_style_too(sign_in: Sign) -> None:
    tab = sign_in("finance")
    labels = re.compile(r">(\d+[.,]\d) k<")
    before = labels.findall(tab.get("/reports/overlap").get_data(as_text=True))
    assert before
    _prefer(tab, number_style="1.234,56")
    after = labels.findall(tab.get("/reports/overlap").get_data(as_text=True))
    assert after == [each.replace(".", ",") for each in before]


@pytest.mark.usefixtures("filled")
def test_exports_are_the_same_for_everybody(sign_in: Sign) -> None:
    tab = sign_in("finance")
    paths = (
        "/tools?format=csv",
        "/reports/stack?format=csv",
        "/reports/budget?format=json",
        "/lines?format=csv",
    )
    before = [tab.get(path).data for path in paths]
    _prefer(tab, number_style="1.234,56", time_zone="Asia/Tokyo")
    assert [tab.get(path).data for path in paths] == before


@pytest.mark.usefixtures("filled")
def test_forms_still_show_what_they_read(sign_in: Sign) -> None:
    tab = sign_in("finance")
    _prefer(tab, number_style="1.234,56")
    text = tab.get("/contracts/1/lines/1").get_data(as_text=True)
    assert 'value="84000.00"' in text


def test_moments_are_in_ones_own_zone_and_days_are_not(sign_in: Sign, clock: Clock) -> None:
    clock.now = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
    tab = sign_in("admin")
    tab.send("/settings/values/company_name", {"value": "Example Ltd"})
    assert "30 Sep 2026 22:30" in tab.get("/settings").get_data(as_text=True)
    _prefer(tab, time_zone="Asia/Tokyo")
    text = tab.get("/settings").get_data(as_text=True)
    assert "1 Oct 2026 07:30" in text
    assert 'value="2026-09-30"' in tab.get("/tools").get_data(as_text=True), "the day is the organisation's"


@pytest.mark.parametrize("field, value", [("number_style", "1_234"), ("time_zone", "Mars/Olympus")])
def test_what_is_not_offered_is_refused(sign_in: Sign, field: str, value: str) -> None:
    data = {"theme": "auto", "number_style": NUMBER_STYLES[0], "time_zone": "", field: value}
    assert sign_in("viewer").send("/profile", data).status_code == 422


@pytest.mark.parametrize(
    "text, said",
    [
        ("lands at 3,585,807 USD, 4.1 % over", "lands at 3.585.807 USD, 4,1 % over"),
        ("1,234.50 EUR on 30 Jun 2026; 2.9 m", "1.234,50 EUR on 30 Jun 2026; 2,9 m"),
        ("version 2.0 and cell A1,200 stay", "version 2.0 and cell A1,200 stay"),
        ("a list 1, 2, 3 stays", "a list 1, 2, 3 stays"),
    ],
)
def test_only_numbers_change_in_a_sentence(text: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "marks", lambda: (".", ","))
    assert filters.said(text) == said


@pytest.mark.parametrize("path", ["/", "/findings"])
@pytest.mark.usefixtures("filled")
def test_no_number_is_turned_twice(sign_in: Sign, path: str) -> None:
    tab = sign_in("finance")
    _prefer(tab, number_style="1.234,56")
    page = tab.get(path).get_data(as_text=True).partition("<main")[2].partition('class="method"')[0]
    text = re.sub(r"<[^>]+>", " ", page)
    assert re.search(r"\d\.\d{3} USD", text), "there are thousands to look at"
    assert not re.findall(r"\d,\d{3}(?!\d).{0,12}", text), "409,624 USD would read as a thousandth"
