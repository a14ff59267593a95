"""Dated facts: what is taken back on the day it was changed leaves one span, not two."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.inventory.tools import OWNER, set_capabilities, set_person
from mopsaudit.store.models import Person, ToolCapability, ToolPerson
from tests import builders

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def _spans(session: Session) -> list[tuple[str, date | None, date | None]]:
    rows = session.scalars(select(ToolPerson).order_by(ToolPerson.id))
    return [(session.get_one(Person, row.person_id).name, row.valid_from, row.valid_until) for row in rows]


def test_a_change_taken_back_joins_the_span_before(session: Session) -> None:
    ann, bob = builders.person(session, "Ann"), builders.person(session, "Bob")
    tool = builders.tool(session, business_owner=ann)
    set_person(session, tool.id, OWNER, bob.id, on=MARCH)
    assert _spans(session) == [("Ann", None, MARCH), ("Bob", MARCH, None)]
    set_person(session, tool.id, OWNER, ann.id, on=MARCH)
    assert _spans(session) == [("Ann", None, None)]


def test_who_comes_back_later_has_a_span_of_their_own(session: Session) -> None:
    ann, bob = builders.person(session, "Ann"), builders.person(session, "Bob")
    tool = builders.tool(session, business_owner=ann)
    set_person(session, tool.id, OWNER, bob.id, on=MARCH)
    set_person(session, tool.id, OWNER, ann.id, on=APRIL)
    assert _spans(session) == [("Ann", None, MARCH), ("Bob", MARCH, APRIL), ("Ann", APRIL, None)]


def test_a_fact_that_says_something_else_is_not_joined(session: Session) -> None:
    tool = builders.tool(session, capabilities={"email_campaigns": 2})
    set_capabilities(session, tool.id, {}, on=MARCH)
    set_capabilities(session, tool.id, {"email_campaigns": 1}, on=MARCH)
    rows = session.scalars(select(ToolCapability).order_by(ToolCapability.id)).all()
    assert [(row.used_halves, row.valid_until) for row in rows] == [(2, MARCH), (1, None)]
