"""What a process keeps: answers hold until what they read changes, and the least asked for leave first."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import answer, once, shelf_of
from mopsaudit.facts.shelf import Kept, Shelf, weight
from mopsaudit.facts.tools import tools_at
from mopsaudit.organisation import scope_for
from mopsaudit.store.models import Tool
from mopsaudit.store.session import db
from tests import builders
from tests.facts.company import DAY
from tests.facts.test_company import as_read


def test_an_answer_made_of_answers_holds_as_long_as_each_of_them(app: Flask, session: Session) -> None:
    tool = builders.tool(session, "First")
    session.commit()
    made: list[str] = []

    @once
    def names(reader: Session) -> tuple[str, ...]:
        made.append("names")
        return tuple(each.name for each in tools_at(reader, scope_for(reader, as_of=DAY, environ={})))

    def look(reader: Session) -> tuple[str, ...]:
        return answer(reader, "twice", lambda: names(reader) * 2)

    assert as_read(app, look) == ("First", "First")
    tool.notes = "Not read."
    session.commit()
    assert as_read(app, look) == ("First", "First")
    assert made == ["names"]
    session.get_one(Tool, tool.id).name = "Other"
    session.commit()
    assert as_read(app, look) == ("Other", "Other"), "an answer kept must not outlive what it was made of"
    assert made == ["names", "names"]


def test_a_session_that_writes_is_answered_from_what_it_wrote(app: Flask, session: Session) -> None:
    as_read(app, lambda reader: answer(reader, "count", lambda: 1))
    assert answer(session, "count", lambda: 2) == 2
    assert as_read(app, lambda reader: answer(reader, "count", lambda: 3)) == 1


def test_what_is_kept_is_bounded_by_size() -> None:
    shelf = Shelf(most=9_000)
    for number in range(12):
        shelf.keep(number, Kept(value="x" * 2_000, stamps={}))
        shelf.find(0, {})
    assert 0 in shelf.questions(), "what is asked for stays"
    assert len(shelf.questions()) == 4
    assert shelf.bytes <= 9_000
    shelf.keep("large", Kept(value="x" * 4_000, stamps={}))
    assert "large" not in shelf.questions()


def test_an_answer_whose_stamps_moved_is_not_given() -> None:
    shelf = Shelf()
    shelf.keep("q", Kept(value=1, stamps={"tool": 7, "vendor": 0}))
    assert shelf.find("q", {"tool": 7, "unit": 1}) is not None
    assert shelf.find("q", {"tool": 8}) is None
    assert shelf.find("q", {"tool": 7, "vendor": 1}) is None


@dataclass(frozen=True, slots=True)
class _Pair:
    name: str
    of: tuple[str, ...]


def test_the_size_of_many_is_told_by_some() -> None:
    one = weight(_Pair("a" * 1_000, ("b" * 1_000,)))
    many = weight(tuple(_Pair(f"{number:01000}", (f"{number:02000}",)) for number in range(1_000)))
    assert 2_000 < one < 2_500
    assert 2_700_000 < many < 4_000_000
    shared = "c" * 1_000
    assert weight(tuple(_Pair(shared, ()) for _ in range(1_000))) < 400_000


def test_each_database_has_a_shelf_of_its_own(app: Flask) -> None:
    with app.app_context():
        assert shelf_of(db.engine) is shelf_of(db.engine)
