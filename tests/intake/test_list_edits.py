"""Lists out, edited in a spreadsheet, in again through the real reader: what was edited changes, nothing else."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers.doubt_codes import CONTRACT_DAYS
from importers.reader import read_file
from mopsaudit.intake.cell_changes import cell_changes_of, counted
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.spool import ReadFile, collect
from mopsaudit.intake.stage import read_options, settings_of
from mopsaudit.intake.view import import_json
from mopsaudit.inventory.contracts import edit_contract
from mopsaudit.inventory.exported import Cells, contract_cells, says, tool_cells
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.models import Contract, ContractLine, ImportProblem, Person, Tool
from mopsaudit.workbook.roundtrip import CONTRACT_HEADS, write_contracts, write_inventory
from tests import builders
from tests.importers.builders import Collected
from tests.intake.files import NOW, TODAY, enter, stage

Edits = Mapping[tuple[int, str], Any]
"""(row of the sheet, heading) → what somebody types."""


def everything(session: Session) -> Scope:
    return scope_for(session, as_of=TODAY, environ={})


def export(
    session: Session, kind: Kind, folder: Path, edits: Edits | None = None, *, without: Sequence[str] = ()
) -> Path:
    """An export as a spreadsheet saves it, with some cells edited and some columns deleted."""
    path = folder / f"{kind.value}.xlsx"
    write: Callable[..., int] = write_contracts if kind is Kind.CONTRACTS else write_inventory
    write(session, everything(session), path, created=NOW)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    heads = [str(cell.value) for cell in sheet[1]]
    for (row, head), value in (edits or {}).items():
        sheet.cell(row=row, column=heads.index(head) + 1).value = value
    for head in without:
        heads = [str(cell.value) for cell in sheet[1]]
        sheet.delete_cols(heads.index(head) + 1)
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
        cell.data_type = "s"  # text that starts with an equals sign stays text, as in a spreadsheet
    book.save(path)
    return path


def read(session: Session, kind: Kind, path: Path) -> ReadFile:
    """The file as the real reader reads it."""
    sink = Collected()
    options = read_options(session, kind, ImportOptions(), settings_of(session, {}), today=TODAY)
    reading = read_file(path, path.name, options, sink)
    assert not reading.questions, reading.questions
    return collect(reading, sink.batches)


def lines(session: Session, kind: Kind, path: Path, data: Path) -> dict[str, int]:
    record = enter(session, read(session, kind, path), data, name=path.name)
    session.flush()
    return dict(import_json(session, record.id)["sheets"][0]["lines"])


def texts(cells: Mapping[Any, Cells]) -> dict[tuple[Any, str], str]:
    return {(key, name): says(value) for key, each in cells.items() for name, value in each.items()}


def company(session: Session, seed: int = 0) -> None:
    """Contracts of every shape: with and without lines, ends, notices, increases, in currencies without cents."""
    chance = Random(seed)
    unit = builders.unit(session, "Sales, EMEA")
    entity = builders.entity(session, "UK")
    ann = builders.person(session, "Ann", email="ann@example.org")
    for number in range(6):
        vendor = builders.vendor(session, f"Vendor {number}")
        tool = builders.tool(session, f"Tool {number}", of=vendor)
        increases: list[dict[str, Any]] = [
            {},
            {"escalator_kind": "fixed", "escalator_ppm": 47_500},
            {"escalator_kind": "cap", "escalator_ppm": 30_000},
            {"escalator_kind": "list"},
            {"escalator_kind": "index", "escalator_index": "cpi + 2 %", "escalator_margin_ppm": 20_000},
        ]
        start = chance.choice([None, date(2025, chance.randint(1, 12), 5)])
        builders.contract(
            session,
            vendor,
            reference=chance.choice([None, f"MSA-{number}"]),
            currency=chance.choice(["USD", "JPY", "KWD"]),
            start_on=start,
            end_on=chance.choice([None, date(2027, 3, 31)]),
            end_kind=chance.choice(["last_day", "renewal_date", "unknown"]),
            initial_months=chance.choice([None, 12, 36]),
            renewal_months=chance.choice([None, 12]),
            renewal_kind=chance.choice(["automatic", "express"]),
            notice_count=chance.choice([None, 0, 3, 90]),
            notice_unit=chance.choice(["days", "months"]),
            delivery_days=chance.choice([None, 7]),
            billing_months=chance.choice([None, 1, 3, 6, 12, 5]),
            owner_id=chance.choice([None, ann.id]),
            unit_id=chance.choice([None, unit.id]),
            entity_id=chance.choice([None, entity.id]),
            notes=chance.choice(["", "=1+1 is no formula", "Two\nlines"]),
            lines=[
                {
                    "tool": chance.choice([None, tool]),
                    "seats": chance.choice([None, 0, 250]),
                    "amount_minor": chance.choice([None, 0, 12_345_67]),
                    "amount_months": chance.choice([12, 36, 1]),
                    "sku": chance.choice([None, "007"]),
                    "licence_metric": chance.choice([None, "named_seat", "unlimited", "flat"]),
                    "pack_size": chance.choice([None, 25]),
                    "minimum": chance.choice([None, 50]),
                    "reducible": chance.choice([True, False]),
                }
                for _ in range(chance.choice([0, 1, 2]))
            ],
            **chance.choice(increases),
        )


@pytest.mark.parametrize("seed", range(8))
def test_contracts_nobody_edited_come_back_as_they_went(
    session: Session, data: Path, tmp_path: Path, seed: int
) -> None:
    company(session, seed)
    before = texts(contract_cells(session, everything(session)))
    counts = lines(session, Kind.CONTRACTS, export(session, Kind.CONTRACTS, tmp_path), data)
    # The terms of a company drawn by lot may be longer than its contracts run, and the list says so.
    told = [each for each in session.scalars(select(ImportProblem)) if each.code != CONTRACT_DAYS.code]
    assert [each.message for each in told] == []
    assert (counts["imported"], counts["rejected"]) == (0, 0)
    assert texts(contract_cells(session, everything(session))) == before


CONTRACT_EDITS = {
    "Quantity": (777, "quantity", "777"),
    "Amount": (4321, "amount", "4321"),
    "End": (date(2028, 2, 29), "end", "2028-02-29"),
    "End means": ("last day", "end_kind", "last day"),
    "Notice period": ("45 days", "notice", "45 days"),
    "Renews by itself": ("no", "auto_renew", "no"),
    "Price increase": ("6.5 %", "escalator", "6.5 %"),
    "Billing": ("quarterly", "billing", "quarterly"),
    "Owner": ("ann@example.org", "owner", "ann@example.org"),
    "Notes": ("typed offline", "notes", "typed offline"),
    "Minimum": (11, "minimum", "11"),
    "Amount covers (months)": (24, "amount_months", "24"),
}


@pytest.mark.parametrize("seed", range(6))
def test_edits_of_some_cells_are_exactly_those_changes(
    session: Session, data: Path, tmp_path: Path, seed: int
) -> None:
    company(session, seed)
    places = [place for place in contract_cells(session, everything(session)) if place[1] is not None]
    before = contract_cells(session, everything(session))
    order = list(before)
    single = [place for place in places if sum(each[0] == place[0] for each in order) == 1]
    chance = Random(100 + seed)
    edits: dict[tuple[int, str], Any] = {}
    wanted = texts(before)
    for head in chance.sample(sorted(CONTRACT_EDITS), 5):
        if not single:
            break
        place = chance.choice(single)
        typed, name, said = CONTRACT_EDITS[head]
        edits[order.index(place) + 2, head] = typed
        wanted[place, name] = said
    changed = {key for key, text in wanted.items() if texts(before)[key] != text}
    path = export(session, Kind.CONTRACTS, tmp_path, edits)
    import_id = stage(session, read(session, Kind.CONTRACTS, path), data, name="staged.xlsx")
    told = cell_changes_of(session, import_id)
    assert len(told) == len(changed), [each.message for each in session.scalars(select(ImportProblem))]
    lines(session, Kind.CONTRACTS, path, data)
    assert [each.message for each in session.scalars(select(ImportProblem)) if each.rejected] == []
    assert texts(contract_cells(session, everything(session))) == wanted


def test_an_emptied_cell_clears_and_a_deleted_column_or_row_is_untouched(
    session: Session, data: Path, tmp_path: Path
) -> None:
    vendor = builders.vendor(session, "Acme")
    contract = builders.contract(
        session, vendor, reference="MSA-1", notice_count=90, billing_months=12, notes="old", end_on=date(2027, 1, 1),
        lines=[{"seats": 10}, {"seats": 20, "sku": "B"}],
    )  # fmt: skip
    edits = {(2, head): None for head in ("Notice period", "Billing", "Quantity", "End")}
    path = export(
        session, Kind.CONTRACTS, tmp_path, {**edits, (3, "Vendor"): "Acme"}, without=("Notes", "SKU")
    )
    counts = lines(session, Kind.CONTRACTS, path, data)
    assert counts["imported"] == 1
    assert (contract.notice_count, contract.billing_months, contract.end_on) == (None, None, None)
    assert (contract.notes, contract.reference) == ("old", "MSA-1")
    held = session.scalars(select(ContractLine).order_by(ContractLine.id)).all()
    assert [(each.quantity_micro, each.sku) for each in held] == [(None, None), (20_000_000, "B")]


def test_two_rows_that_disagree_about_one_contract_are_told_apart(
    session: Session, data: Path, tmp_path: Path
) -> None:
    contract = builders.contract(
        session, builders.vendor(session, "Acme"), lines=[{"seats": 1}, {"seats": 2}]
    )
    path = export(session, Kind.CONTRACTS, tmp_path, {(2, "Notice period"): 30, (3, "Notice period"): 60})
    counts = lines(session, Kind.CONTRACTS, path, data)
    assert (counts["imported"], counts["rejected"]) == (1, 1)
    assert contract.notice_count == 30
    (said,) = session.scalars(select(ImportProblem))
    assert "Another row says something else" in said.message


def test_a_contract_changed_meanwhile_is_told_per_row(session: Session, data: Path, tmp_path: Path) -> None:
    contract = builders.contract(
        session, builders.vendor(session, "Acme"), lines=[{"seats": 1}, {"seats": 2}]
    )
    path = export(session, Kind.CONTRACTS, tmp_path, {(2, "Quantity"): 5})
    edit_contract(session, contract.id, contract.version, {"notice_count": 90})
    counts = lines(session, Kind.CONTRACTS, path, data)
    assert (counts["imported"], counts["rejected"]) == (0, 2), "the second row would take back the notice"
    assert contract.notice_count == 90
    said = session.scalars(select(ImportProblem)).all()
    assert all("was changed here after the file was exported" in each.message for each in said)
    assert {each.cell for each in said} == {"AB2", "AB3"}


@pytest.mark.parametrize("typed", ["C999-L1", "12/34", "C1-L999"])
def test_a_record_that_is_not_there_is_refused_with_its_cell(
    session: Session, data: Path, tmp_path: Path, typed: str
) -> None:
    builders.contract(session, builders.vendor(session, "Acme"), lines=[{"seats": 1}])
    path = export(session, Kind.CONTRACTS, tmp_path, {(2, "Our record"): typed, (2, "Quantity"): 9})
    assert lines(session, Kind.CONTRACTS, path, data)["rejected"] == 1
    (said,) = session.scalars(select(ImportProblem))
    assert "There is no contract line" in said.message
    assert session.scalars(select(ContractLine.quantity_micro)).one() == 1_000_000


def test_a_row_of_another_unit_answers_like_a_missing_one(
    session: Session, data: Path, tmp_path: Path
) -> None:
    mine, theirs = builders.unit(session, "Mine"), builders.unit(session, "Theirs")
    vendor = builders.vendor(session, "Acme")
    builders.contract(session, vendor, unit_id=theirs.id, lines=[{"seats": 1}])
    path = export(session, Kind.CONTRACTS, tmp_path, {(2, "Quantity"): 9})
    found = read(session, Kind.CONTRACTS, path)
    record = enter(session, found, data, options=ImportOptions(unit=mine.code), name="x.xlsx")
    (said,) = session.scalars(select(ImportProblem).where(ImportProblem.import_id == record.id))
    assert "There is no contract line" in said.message


def test_the_preview_says_what_is_created_changed_and_cleared_and_writes_nothing(
    session: Session, data: Path, tmp_path: Path
) -> None:
    ann = builders.person(session, "Ann", email="ann@example.org")
    tool = builders.tool(
        session, "Mailer", of=builders.vendor(session, "Acme"), site="https://a.example", business_owner=ann
    )
    builders.tool(session, "Other", category="operations")
    path = export(
        session,
        Kind.INVENTORY,
        tmp_path,
        {
            (2, "Web site"): None,
            (2, "Business owner"): "new@example.org",
            (3, "Description"): "typed",
            (4, "Tool"): "Brand new",
            (4, "Category"): "Performance Management",
        },
    )
    import_id = stage(session, read(session, Kind.INVENTORY, path), data, name="staged.xlsx")
    told = cell_changes_of(session, import_id)
    shown = {(each.record, each.field): (each.does, each.old, each.new) for each in told}
    assert shown["Mailer", "site"] == ("clear", "https://a.example", None)
    assert shown["Mailer", "owner"] == ("change", "Ann", "a person entered by this file")
    assert shown["Other", "description"] == ("change", None, "typed")
    assert shown["Brand new", "category"] == ("create", None, "Performance Management")
    assert {(each.row, each.cell) for each in told if each.field == "site"} == {(2, "L2")}
    assert tool.site == "https://a.example"
    assert session.scalars(select(Person.email)).all() == ["ann@example.org"]
    assert len(session.scalars(select(Tool)).all()) == 2
    counts = counted(told)
    assert (counts.created, counts.edited, counts.changed_cells, counts.cleared_cells) == (1, 2, 2, 1)


@pytest.mark.parametrize("seed", range(3))
def test_tools_edited_in_some_cells_change_in_those_alone(
    session: Session, data: Path, tmp_path: Path, seed: int
) -> None:
    for number in range(4):
        builders.tool(
            session,
            f"Tool {number}",
            of=builders.vendor(session, f"V{number}"),
            capabilities={"email_campaigns": 2},
        )
    before = tool_cells(session, everything(session))
    order = list(before)
    typed = {
        "Description": ("x", "description"),
        "Web site": ("https://b.example", "site"),
        "Capabilities": ("Email campaigns; Lead scoring", "capabilities"),
        "Status": ("sunset", "status"),
        "Notes": ("n", "notes"),
    }
    wanted = texts(before)
    edits = {}
    chance = Random(seed)
    for head in chance.sample(sorted(typed), 3):
        ident = chance.choice(order)
        edits[order.index(ident) + 2, head] = typed[head][0]
        wanted[ident, typed[head][1]] = typed[head][0].casefold()
    path = export(session, Kind.INVENTORY, tmp_path, edits)
    lines(session, Kind.INVENTORY, path, data)
    assert texts(tool_cells(session, everything(session))) == wanted


def test_every_heading_of_the_export_of_contracts_is_read(
    session: Session, data: Path, tmp_path: Path
) -> None:
    builders.contract(session, builders.vendor(session, "Acme"), lines=[{"seats": 1}])
    found = read(session, Kind.CONTRACTS, export(session, Kind.CONTRACTS, tmp_path))
    (sheet,) = [each for each in found.reading.decision.sheets if each.used]
    assert len(sheet.columns) == len(CONTRACT_HEADS)
    assert session.scalars(select(Contract.id)).one()
