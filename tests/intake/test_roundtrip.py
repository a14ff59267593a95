"""The inventory out, edited, and in again: nothing moves that was not edited, and nobody's change is undone."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers.fields import FIELDS
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.view import import_json
from mopsaudit.inventory.tools import OWNER, edit_tool, set_person
from mopsaudit.organisation import scope_for
from mopsaudit.store.models import ImportProblem, Person, Tool, ToolCapability, ToolPerson, ToolUnit
from mopsaudit.workbook.roundtrip import HEADS, write_inventory
from tests import builders
from tests.intake.files import NOW, TODAY, enter, record_read


def _exported(session: Session) -> list[dict[str, Any]]:
    """The rows of an export by the fields of its import, as a spreadsheet holds them."""
    target = BytesIO()
    write_inventory(session, scope_for(session, as_of=TODAY, environ={}), target, created=NOW)
    keys = {spec.label: spec.key for spec in FIELDS[Kind.INVENTORY]}
    sheet = openpyxl.load_workbook(target)["Inventory"]
    names = [keys[str(cell.value)] for cell in sheet[1]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _enter(
    session: Session, rows: Sequence[dict[str, Any]], data: Path, name: str = "back.xlsx"
) -> dict[str, int]:
    record = enter(session, record_read(Kind.INVENTORY, rows), data, name=name)
    lines: dict[str, int] = import_json(session, record.id)["sheets"][0]["lines"]
    return lines


def _company(session: Session) -> dict[str, Tool]:
    unit = builders.unit(session, "Sales, EMEA")
    ann = builders.person(session, "Ann", email="ann@example.org")
    acme = builders.vendor(session, "Acme")
    mailer = builders.tool(
        session,
        "Mailer",
        of=acme,
        types=(taxonomy().types[0].id,),
        capabilities={"email_campaigns": 2, "landing_pages": 1},
        units=(unit,),
        business_owner=ann,
        site="https://mailer.example",
    )
    return {"mailer": mailer, "other": builders.tool(session, "Other", of=acme, category="operations")}


def test_an_export_that_nobody_edited_changes_nothing_whatever_the_order_of_its_rows(
    session: Session, data: Path
) -> None:
    tools = _company(session)
    ann = session.get_one(Person, session.scalars(select(ToolPerson.person_id)).one())
    ann.left_on = date(2026, 1, 31)  # a leaver still stands there until somebody is chosen
    session.flush()
    rows = _exported(session)
    assert _enter(session, rows[::-1], data)["duplicate"] == 2
    kept = session.scalars(select(ToolCapability).where(ToolCapability.tool_id == tools["mailer"].id)).all()
    assert {each.capability_id: each.used_halves for each in kept} == {
        "email_campaigns": 2,
        "landing_pages": 1,
    }
    assert len(session.scalars(select(ToolUnit)).all()) == 1
    assert [each.message for each in session.scalars(select(ImportProblem))] == []


def test_a_deleted_column_is_untouched_an_emptied_cell_clears_and_a_missing_row_stays(
    session: Session, data: Path
) -> None:
    tools = _company(session)
    row = next(row for row in _exported(session) if row["tool"] == "Mailer")
    for gone in ("site", "capabilities", "unit"):
        del row[gone]
    row |= {"vendor": None, "types": None, "owner": None}
    assert _enter(session, [row], data)["imported"] == 1
    mailer = tools["mailer"]
    assert (mailer.vendor_id, mailer.site) == (None, "https://mailer.example")
    (after,) = [each for each in _exported(session) if each["tool"] == "Mailer"]
    assert (after["types"] or "", after["owner"]) == ("", None)
    assert after["capabilities"]
    assert after["unit"].casefold() == "sales, emea"
    assert tools["other"].vendor_id is not None


def test_one_capability_more_leaves_the_use_of_the_others(session: Session, data: Path) -> None:
    _company(session)
    row = next(row for row in _exported(session) if row["tool"] == "Mailer")
    row["capabilities"] += "; Lead scoring"
    assert _enter(session, [row], data)["imported"] == 1
    held = session.scalars(select(ToolCapability).where(ToolCapability.valid_until.is_(None))).all()
    assert {each.capability_id: each.used_halves for each in held} == {
        "email_campaigns": 2,
        "landing_pages": 1,
        "lead_scoring": None,
    }


def test_a_name_with_a_comma_is_one_name_and_an_unknown_one_loses_nothing(
    session: Session, data: Path
) -> None:
    tools = _company(session)
    row = next(row for row in _exported(session) if row["tool"] == "Other")
    row["capabilities"] = "Video, TV and audio advertising; Email campaigns"
    assert _enter(session, [row], data, "a.xlsx")["imported"] == 1
    held = session.scalars(
        select(ToolCapability.capability_id).where(ToolCapability.tool_id == tools["other"].id)
    )
    assert len(held.all()) == 2
    row["capabilities"] = "Email campaigns; Reading minds"
    row["seen"] = None
    _enter(session, [row], data, "b.xlsx")
    assert [each.message for each in session.scalars(select(ImportProblem))] == [
        "There is no capability “Reading minds”."
    ]
    held = session.scalars(
        select(ToolCapability.capability_id).where(
            ToolCapability.tool_id == tools["other"].id, ToolCapability.valid_until.is_(None)
        )
    )
    assert len(held.all()) == 2


def test_a_tool_changed_meanwhile_is_not_overwritten_unless_the_cell_says_so(
    session: Session, data: Path
) -> None:
    tools = _company(session)
    rows = _exported(session)
    mailer = tools["mailer"]
    edit_tool(session, mailer.id, mailer.version, {"site": "https://changed.example"})
    bob = builders.person(session, "Bob")
    set_person(session, tools["other"].id, OWNER, bob.id, on=TODAY)
    session.flush()
    for row in rows:
        row["description"] = "typed offline"
    assert _enter(session, rows, data, "a.xlsx")["rejected"] == 2
    assert (mailer.description, mailer.site) == ("", "https://changed.example")
    said = session.scalars(select(ImportProblem)).all()
    assert all("was changed here after this file was exported" in each.message for each in said)
    for row in rows:
        row |= {"seen": None, "site": mailer.site if row["tool"] == "Mailer" else None}
    assert _enter(session, rows, data, "b.xlsx")["rejected"] == 0
    assert mailer.description == "typed offline"


def test_an_unchanged_row_of_a_tool_changed_meanwhile_is_no_conflict(session: Session, data: Path) -> None:
    tools = _company(session)
    rows = [{"id": row["id"], "tool": row["tool"], "seen": row["seen"]} for row in _exported(session)]
    edit_tool(session, tools["mailer"].id, tools["mailer"].version, {"site": "https://changed.example"})
    assert _enter(session, rows, data)["duplicate"] == 2
    assert tools["mailer"].site == "https://changed.example"


def test_every_heading_of_the_export_is_known_to_the_import() -> None:
    assert set(HEADS) <= {spec.label for spec in FIELDS[Kind.INVENTORY]}
