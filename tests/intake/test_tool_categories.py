"""Category words of an inventory list that nothing places: asked once each, remembered with the layout, never lost."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mopsaudit.intake import run
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.edits import Edit, EditKind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.receive import receive
from mopsaudit.intake.stage import edit_decision
from mopsaudit.intake.view import review
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders
from tests.intake.files import NOW
from tests.intake.test_walk import work_off

READER = "importers.reader:read_file"
LIST = """Tool,Category,Technology types
Zorblax Pro,Funnel stuff,
Zorblax Mini,FUNNEL  stuff,
Quuxmail,Post room,
Canva,Funnel stuff,
Wibble Sender,Funnel stuff,Email marketing
Gromble,CRM,
"""
WORDS = ("category.funnel stuff", "category.post room")


def bring(
    app: Flask,
    data: Path,
    text: str = LIST,
    *,
    dry_run: bool = False,
    name: str = "tools.csv",
    given: tuple[tuple[str, str], ...] = (),
    **answers: str,
) -> dict[str, Any]:
    path = data / name
    path.write_text(text)
    given += tuple((WORDS[int(key[-1])], value) for key, value in sorted(answers.items()))
    with app.app_context():
        return run.import_file(
            Kind.INVENTORY,
            path,
            ImportOptions(answers=given),
            reader=READER,
            folder=data,
            actor=SYSTEM,
            now=NOW,
            dry_run=dry_run,
        )


def tools(app: Flask) -> dict[str, str]:
    with app.app_context(), reading() as session:
        return {tool.name: tool.category for tool in session.scalars(select(Tool))}


def asked(result: dict[str, Any]) -> list[str]:
    return [each["key"] for each in result["questions"]]


@pytest.mark.parametrize("dry_run", [True, False])
def test_each_word_that_nothing_places_is_asked_once(app: Flask, data: Path, dry_run: bool) -> None:
    result = bring(app, data, dry_run=dry_run)
    assert result["status"] == "needs-answer"
    assert asked(result) == list(WORDS)
    first = result["questions"][0]
    assert "Zorblax Pro, Zorblax Mini." in first["asks"]  # neither Canva nor what its type tells
    assert len(first["choices"]) == 4
    assert tools(app) == {}


def test_answers_let_every_row_in_and_only_where_nothing_else_tells(app: Flask, data: Path) -> None:
    bring(app, data)
    partly = bring(app, data, a0="performance")
    assert (partly["status"], asked(partly)) == ("needs-answer", [WORDS[1]])
    done = bring(app, data, a1="operations")
    assert done["status"] == "imported"
    found = tools(app)
    assert len(found) == 6
    assert {found["Zorblax Pro"], found["Zorblax Mini"]} == {"performance"}
    assert found["Quuxmail"] == "operations"
    assert found["Wibble Sender"] == "engagement"
    assert found["Canva"] != "performance"
    assert "row.refused" not in [each["code"] for each in done["problems"]]


@pytest.mark.parametrize(
    "key, value, told",
    [
        (
            WORDS[0],
            "everything",
            (
                "“everything” does not answer category.funnel stuff; choose one of “intelligence”, “engagement”, "
                "“operations”, “performance”."
            ),
        ),
        (
            "category.funel stuff",
            "operations",
            (
                "“category.funel stuff” asks nothing of this list: it holds no such word or tool. "
                "Did you mean “category.funnel stuff”?"
            ),
        ),
        (
            "category_of.Xyz",
            "operations",
            "“category_of.Xyz” asks nothing of this list: it holds no such word or tool.",
        ),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_slip_in_an_answer_is_named_and_nothing_is_kept_of_it(
    app: Flask, data: Path, key: str, value: str, told: str, dry_run: bool
) -> None:
    result = bring(app, data, dry_run=dry_run, given=((key, value), (WORDS[1], "operations")))
    assert (result["status"], result["reason"]) == ("refused", told)
    after = bring(app, data)
    assert asked(after) == list(WORDS)


BARE = """Tool,Category
Zorblax Pro,
Quuxmail,
Canva,
"""


def test_a_tool_without_a_category_that_nothing_places_is_asked_by_name(app: Flask, data: Path) -> None:
    result = bring(app, data, BARE)
    assert result["status"] == "needs-answer"
    assert asked(result) == ["category_of.zorblax pro", "category_of.quuxmail"]
    assert tools(app) == {}
    done = bring(
        app,
        data,
        BARE,
        given=(("category_of.zorblax pro", "performance"), ("category_of.", "operations")),
    )
    assert done["status"] == "imported"
    found = tools(app)
    assert (found["Zorblax Pro"], found["Quuxmail"]) == ("performance", "operations")
    assert len(found) == 3
    assert done["sheets"][0]["lines"]["rejected"] == 0
    assert bring(app, data, BARE + "Zorblax Pro,\n", name="again.csv")["status"] == "imported"


def test_many_tools_without_a_category_are_asked_about_at_once(app: Flask, data: Path) -> None:
    text = "Tool\n" + "".join(f"Zorblax {number}\n" for number in range(21))
    result = bring(app, data, text)
    assert asked(result) == ["category_of."]
    assert "21 tools the catalogue does not know" in result["questions"][0]["asks"]
    done = bring(app, data, text, given=(("category_of.", "engagement"),))
    assert done["status"] == "imported"
    assert set(tools(app).values()) == {"engagement"}


def test_the_next_list_of_the_layout_is_not_asked_again(app: Flask, data: Path) -> None:
    bring(app, data, a0="performance", a1="operations")
    more = LIST.splitlines()[0] + "\nBlimp Nine,funnel stuff,\nZorblax Pro,Funnel stuff,\n"
    result = bring(app, data, more, name="more.csv")
    assert result["status"] == "imported"
    assert tools(app)["Blimp Nine"] == "performance"
    assert result["problems"] == []  # the tool that stands has the category the word stands for
    other = bring(app, data, more.replace("Blimp Nine,funnel stuff", "Blimp Ten,Gizmos"), name="other.csv")
    assert asked(other) == ["category.gizmos"]


def test_a_tool_that_stands_keeps_its_category_and_asks_nothing(app: Flask, data: Path) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        builders.tool(session, "Quuxmail", category="intelligence")
    result = bring(app, data, "Tool,Category\nQuuxmail,Post room\n")
    assert result["status"] == "imported"
    assert tools(app) == {"Quuxmail": "intelligence"}


def test_in_the_browser_the_answer_is_given_on_the_review_page(app: Flask, data: Path) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        number = receive(
            session,
            kind=Kind.INVENTORY,
            file_name="tools.csv",
            stream=io.BytesIO(LIST.encode()),
            options=ImportOptions(),
            folder=data,
            settings=Settings(),
            actor=SYSTEM,
            now=NOW,
            queue=True,
        ).import_id
    assert number is not None
    work_off(app)
    with app.app_context(), reading() as session:
        found = review(session, number)
        assert [each["key"] for each in found.questions] == list(WORDS)
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        edits = [Edit(kind=EditKind.ANSWER, value="engagement", target=word) for word in WORDS]
        edit_decision(session, number, None, edits, actor=SYSTEM, now=NOW)
    work_off(app)
    with app.app_context():
        done = run.apply_read(number, reader=READER, folder=data, actor=SYSTEM, now=NOW)
    assert done["status"] == "imported"
    assert tools(app)["Quuxmail"] == "engagement"
