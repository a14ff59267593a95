"""A list of tools as an ops lead keeps it: names without addresses, leavers, a company's own words for categories."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.labels import category_by_label, type_by_label
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.view import import_json
from mopsaudit.store.inventory import Tool, ToolPerson, ToolType
from mopsaudit.store.people import Person
from tests.intake.files import enter, record_read, take_back


def _problems(session: Session, import_id: int) -> list[tuple[str, str | None, bool]]:
    found = import_json(session, import_id)["problems"]
    return [(each["code"], each["cell"], each["rejected"]) for each in found]


def _owner(session: Session, tool: str) -> str | None:
    return session.scalars(
        select(Person.name)
        .join(ToolPerson, ToolPerson.person_id == Person.id)
        .join(Tool, Tool.id == ToolPerson.tool_id)
        .where(Tool.name == tool, ToolPerson.part == "business_owner")
    ).one_or_none()


def test_an_owner_without_an_address_is_entered_by_name(session: Session, data: Path) -> None:
    rows = [{"tool": "Canva", "owner": "Anna  Berg"}, {"tool": "Mailchimp", "owner": "anna berg"}]
    record = enter(session, record_read(Kind.INVENTORY, rows), data)
    assert session.execute(select(Person.name, Person.email)).all() == [("Anna Berg", None)]
    assert {_owner(session, name) for name in ("Canva", "Mailchimp")} == {"Anna Berg"}
    assert _problems(session, record.id) == [("person.entered", "B2", False)]


def test_a_name_with_capitals_beyond_ascii_is_found_again(session: Session, data: Path) -> None:
    enter(session, record_read(Kind.INVENTORY, [{"tool": "Canva", "owner": "Åsa Öberg"}]), data)
    row = {"tool": "Mailchimp", "owner": "Åsa Öberg"}
    again = enter(session, record_read(Kind.INVENTORY, [row]), data, name="b.xlsx")
    assert _problems(session, again.id) == []
    roster = [{"name": "Åsa Öberg", "email": "asa@example.org"}]
    enter(session, record_read(Kind.PEOPLE, roster), data, name="roster.xlsx")
    assert session.execute(select(Person.name, Person.email)).all() == [("Åsa Öberg", "asa@example.org")]


def test_a_roster_completes_who_was_entered_by_name_and_undo_tells_what_it_cannot_give_back(
    session: Session, data: Path
) -> None:
    enter(session, record_read(Kind.INVENTORY, [{"tool": "Canva", "owner": "Anna Berg"}]), data)
    roster = [
        {"name": "Anna Berg", "email": "anna@example.org", "employee_id": "7"},
        {"name": "Ben Okri", "email": "ben@example.org", "employee_id": "8"},
    ]
    record = enter(session, record_read(Kind.PEOPLE, roster), data, name="roster.xlsx")
    assert sorted(session.execute(select(Person.name, Person.email)).all()) == [
        ("Anna Berg", "anna@example.org"),
        ("Ben Okri", "ben@example.org"),
    ]
    assert _owner(session, "Canva") == "Anna Berg"
    undone = take_back(session, record.id)
    assert undone.counts == {"could_not": 1, "reversed": 1}  # earlier personal values are not kept anywhere
    assert _owner(session, "Canva") == "Anna Berg"


def test_two_of_one_name_in_a_roster_are_nobody_entered_before(session: Session, data: Path) -> None:
    enter(session, record_read(Kind.INVENTORY, [{"tool": "Canva", "owner": "John Smith"}]), data)
    roster = [{"name": "John Smith", "email": f"{each}@example.org"} for each in ("john", "js")]
    enter(session, record_read(Kind.PEOPLE, roster), data, name="roster.xlsx")
    assert len(session.scalars(select(Person)).all()) == 3
    row = {"tool": "Mailchimp", "owner": "John Smith"}
    again = enter(session, record_read(Kind.INVENTORY, [row]), data, name="c.xlsx")
    assert _problems(session, again.id) == [("row.name_unknown", "B2", False)]
    assert _owner(session, "Mailchimp") is None


def test_a_tool_of_somebody_who_left_enters_without_an_owner(session: Session, data: Path) -> None:
    session.add(Person(name="Ben", email="ben@x.org", email_key="ben@x.org", left_on=date(2020, 1, 1)))
    session.flush()
    record = enter(session, record_read(Kind.INVENTORY, [{"tool": "Canva", "owner": "BEN@x.org"}]), data)
    assert _owner(session, "Canva") is None
    assert _problems(session, record.id) == [("people.leaver_owns", "B2", False)]


def test_a_file_that_repeats_an_owner_who_has_left_since_is_no_news(session: Session, data: Path) -> None:
    row = {"tool": "Canva", "owner": "ben@x.org"}
    enter(session, record_read(Kind.INVENTORY, [row]), data)
    session.scalars(select(Person)).one().left_on = date(2020, 1, 1)
    session.flush()
    again = enter(
        session, record_read(Kind.INVENTORY, [row | {"site": "https://canva.com"}]), data, name="b.xlsx"
    )
    assert _problems(session, again.id) == []
    assert _owner(session, "Canva") == "ben"


@pytest.mark.parametrize(
    "said, name, category, type_id",
    [
        ("CRM", "Home-made CRM", "engagement", "crm"),
        ("Digital Asset Management", "Shelf of ours", "operations", "dam"),
        ("Reporting & dashboards", "Numbers of ours", "performance", "dashboards"),
        ("Engagement", "Letters of ours", "engagement", None),
        ("2. Customer Interaction and Engagement", "Post of ours", "engagement", None),
    ],
)
def test_a_companys_own_word_is_a_category(
    said: str, name: str, category: str, type_id: str | None, session: Session, data: Path
) -> None:
    record = enter(session, record_read(Kind.INVENTORY, [{"tool": name, "category": said}]), data)
    tool = session.scalars(select(Tool)).one()
    assert (tool.category, session.scalars(select(ToolType.type_id)).one_or_none()) == (category, type_id)
    assert _problems(session, record.id) == []


def test_a_word_nobody_knows_leaves_the_catalogue_to_say_it_and_is_shown(
    session: Session, data: Path
) -> None:
    rows: list[dict[str, Any]] = [{"tool": "Canva", "category": "Tier 1"}]
    record = enter(session, record_read(Kind.INVENTORY, rows), data)
    assert [tool.name for tool in session.scalars(select(Tool))] == ["Canva"]
    assert _problems(session, record.id) == [("row.name_unknown", "B2", False)]


def test_words_for_types_and_categories_do_not_contradict_each_other() -> None:
    assert type_by_label("e-Mail Marketing Tools") == "email_marketing"
    assert type_by_label("Tier 1") is None
    assert category_by_label("Market & Customer Intelligence and Insights") == "intelligence"
    assert category_by_label("Mark") is None
    assert category_by_label("") is None
