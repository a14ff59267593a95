"""Quick search finds every kind of record the person may see and no other; the manual forgives slips of the pen."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from blueprints.help import pages
from blueprints.manual_index import anchor_of, search, stem
from mopsaudit.governance.objectives import write_objective
from mopsaudit.organisation import find_unit
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


@pytest.fixture
def zebras(app: Flask, filled: None, clock: Clock) -> None:
    """The small company, and a record of each further kind that speaks of zebras."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        uk, de = find_unit(session, "UK"), find_unit(session, "DE")
        ledger = builders.source(session, "Card")
        for name, unit in (("Zebra_UK.xlsx", uk), ("Zebra_DE.xlsx", de)):
            came = builders.import_file(session, name, of=ledger)
            came.unit_id = unit.id
            builders.spend_line(
                session,
                12_00,
                on=date(2026, 9, 1),
                supplied_by=builders.supplier(session, f"ZEBRA {unit.code} LTD"),
                of=ledger,
                from_import=came,
                reference=f"ZEB-{unit.code}-1",
                unit=unit,
            )
        tool = builders.tool(session, "Zebra Mail", of=builders.vendor(session, "Zebra"))
        builders.person(session, "Zebedee Zebra")
        builders.decision(session, tool, "retire", reason="Nobody rides it.")
        builders.case(session, "Zebras for all", tool_id=tool.id)
        write_objective(session, title="More zebras")


def _text(tab: Tab, query: str) -> str:
    return tab.get(f"/search?q={query}").get_data(as_text=True)


@pytest.mark.usefixtures("zebras")
def test_every_kind_is_found_from_one_field(sign_in: Sign) -> None:
    text = _text(sign_in("admin"), "zebra")
    for heading in (
        *("Tools", "Vendors", "Suppliers", "People", "Files", "Spend lines", "Decisions"),
        *("Business cases", "Objectives"),
    ):
        assert f">{heading}</h2>" in text, heading
    for label in (
        "Zebra Mail",
        "ZEBRA UK LTD",
        "Zebedee Zebra",
        "Zebra_UK.xlsx",
        "Zebras for all",
        "More zebras",
    ):
        assert f">{label}" in text, label


@pytest.mark.usefixtures("zebras")
def test_words_stand_in_any_order_and_all_have_to_occur(sign_in: Sign) -> None:
    tab = sign_in("viewer")
    assert "Zebra Mail</a>" in _text(tab, "mail+zebra")
    assert "Zebra Mail</a>" not in _text(tab, "mail+giraffe")


@pytest.mark.usefixtures("zebras")
def test_what_belongs_to_another_unit_is_not_found(sign_in: Sign) -> None:
    text = _text(sign_in("finance", unit="UK"), "zebra")
    assert "Zebra_UK.xlsx" in text
    assert "ZEBRA UK LTD" in text
    assert "Zebra_DE.xlsx" not in text
    assert "ZEBRA DE LTD" not in text
    assert "ZEB-DE-1" not in _text(sign_in("viewer", unit="UK"), "ZEB-")


@pytest.mark.usefixtures("zebras")
def test_people_are_for_those_who_edit_the_inventory(sign_in: Sign) -> None:
    assert "Zebedee" in _text(sign_in("ops"), "zebedee")
    assert "Zebedee Zebra" not in _text(sign_in("viewer"), "zebedee")


@pytest.mark.usefixtures("zebras")
def test_lines_are_found_by_the_beginning_of_their_reference(sign_in: Sign) -> None:
    tab = sign_in("viewer")
    text = _text(tab, "zeb-uk")
    assert "ZEB-UK-1, " in text
    assert "12.00 USD" in text
    assert "ZEB-UK-1, " not in _text(tab, "uk-1"), "a part in the middle is the page of lines' business"
    assert 'href="/lines?q=uk-1"' in _text(tab, "uk-1")


def test_nothing_found_says_what_to_do(sign_in: Sign) -> None:
    text = _text(sign_in("viewer"), "qqqqzzzz")
    assert "Nothing is called" in text
    assert "All spend lines that hold" in text


@pytest.mark.parametrize(
    "typed, slug",
    [
        ("renewal", "renewals"),
        ("renewel", "renewals"),
        ("reconciling", "reconciliation"),
        ("reconcilation", "reconciliation"),
        ("duplicate payment", "spend"),
        ("backup", "upkeep"),
        ("shortcut", "profile"),
        ("overlaping tools", "overlap"),
        ("time zone", "profile"),
    ],
)
def test_the_manual_is_found_by_stems_and_in_spite_of_slips(typed: str, slug: str) -> None:
    found = [each.section.slug for each in search(pages(), typed)]
    assert slug in found[:4], found[:6]


def test_a_heading_outranks_a_mention() -> None:
    first = search(pages(), "erasing a person")[0]
    assert (first.section.slug, first.section.heading) == ("upkeep", "Erasing a person")
    assert first.section.anchor == "erasing-a-person"


def test_gibberish_finds_nothing() -> None:
    assert search(pages(), "qqqqzzzz") == ()
    assert search(pages(), "!!") == ()


def test_every_anchor_stands_on_its_page() -> None:
    for page in pages():
        anchors = [anchor_of(each) for each in page.headings]
        assert len(set(anchors)) == len(anchors), page.slug
        for anchor in anchors:
            assert f'id="{anchor}"' in page.body, f"{page.slug}#{anchor}"


def test_stems_join_what_belongs_together() -> None:
    assert len({stem(word) for word in ("reconciling", "reconciliation", "reconciled", "reconcile")}) == 1
    assert stem("notice") != stem("note")
