"""Credits of consumption tools from a file: a row a reading, known ones set aside, a person's word, undo."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.view import import_json
from mopsaudit.inventory.credits import enter_reading, readings_of
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount
from mopsaudit.reports import underuse
from mopsaudit.store.inventory import Tool
from tests import builders
from tests.intake.files import enter, record_read, take_back

JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)


def row(on: date | None = JUNE, **values: Any) -> dict[str, Any]:
    return {"tool": "Clay", "date": on, "used": 400} | values


def kept(session: Session) -> list[tuple[date, int | None, int | None, str | None]]:
    """What stands by day, with the cell said last."""
    session.expire_all()
    (tool,) = session.scalars(select(Tool))
    return [
        (
            each.as_of,
            each.bought_micro,
            each.used_micro,
            each.source.label.split()[-1] if each.source else None,
        )
        for each in reversed(readings_of(session, tool.id))
    ]


def problems(session: Session, import_id: int) -> list[str]:
    return [each["message"] for each in import_json(session, import_id)["problems"]]


def lines(session: Session, import_id: int) -> dict[str, int]:
    found: dict[str, int] = import_json(session, import_id)["sheets"][0]["lines"]
    return found


def test_readings_reach_the_report_with_what_runs_short(session: Session, data: Path) -> None:
    """The example of the manual: 5 a day, 140 left, out on 28 October, 320 missing, 384 at the contract's price."""
    tool = builders.tool(session, "Clay", licence_metric="consumption")
    builders.contract(
        session,
        builders.vendor(session),
        start_on=date(2026, 1, 1),
        initial_months=12,
        end_on=date(2026, 12, 31),
        end_kind="last_day",
        lines=[{"tool": tool, "seats": 1000, "licence_metric": "consumption", "amount_minor": 1_200_00}],
    )
    record = enter(session, record_read(Kind.CREDITS, [row(bought=1000), row(SEPTEMBER, used=860)]), data)
    assert kept(session) == [
        (JUNE, 1_000_000_000, 400_000_000, "C2"),
        (SEPTEMBER, None, 860_000_000, "C3"),
    ]
    report = underuse.build(session, scope_for(session, as_of=SEPTEMBER, environ={}))
    (section,) = [each for each in report.sections if each.key == "consumption"]
    (values,) = [each.values for each in section.rows]
    assert (values["per_day"], values["left"], values["runs_out_on"]) == (5, 140, date(2026, 10, 28))
    assert values["overage"] == 320
    cost = values["overage_cost"]
    assert isinstance(cost, Amount)
    assert cost.minor == 384_00
    take_back(session, record.id)
    assert kept(session) == []


def test_the_next_export_brings_only_what_is_new(session: Session, data: Path) -> None:
    builders.tool(session, "Clay")
    enter(session, record_read(Kind.CREDITS, [row()]), data, name="june.xlsx")
    second = enter(
        session, record_read(Kind.CREDITS, [row(), row(SEPTEMBER, used=860)]), data, name="sept.xlsx"
    )
    assert (lines(session, second.id)["imported"], lines(session, second.id)["duplicate"]) == (1, 1)
    take_back(session, second.id)
    assert [each[0] for each in kept(session)] == [JUNE]


@pytest.mark.parametrize("first", [True, False])
def test_a_reading_two_files_carry_outlives_the_undo_of_either(
    session: Session, data: Path, first: bool
) -> None:
    builders.tool(session, "Clay")
    files = [
        enter(session, record_read(Kind.CREDITS, [row(), *more]), data, name=f"{number}.xlsx")
        for number, more in enumerate(([], [row(SEPTEMBER, used=860)]))
    ]
    take_back(session, files[0 if first else 1].id)
    assert [each[0] for each in kept(session)] == ([JUNE, SEPTEMBER] if first else [JUNE])
    take_back(session, files[1 if first else 0].id)
    assert kept(session) == []


def test_a_corrected_figure_replaces_and_undo_brings_the_former_back(session: Session, data: Path) -> None:
    builders.tool(session, "Clay")
    enter(session, record_read(Kind.CREDITS, [row(bought=1000)]), data, name="a.xlsx")
    second = enter(session, record_read(Kind.CREDITS, [row(used=410, bought=None)]), data, name="b.xlsx")
    assert kept(session)[0][1:3] == (1_000_000_000, 410_000_000)  # an empty cell takes nothing away
    take_back(session, second.id)
    assert kept(session)[0][1:3] == (1_000_000_000, 400_000_000)


def test_undo_keeps_what_a_person_entered_since(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Clay")
    record = enter(session, record_read(Kind.CREDITS, [row()]), data)
    enter_reading(session, tool.id, as_of=JUNE, bought=None, used=Decimal(405), expired=None, today=SEPTEMBER)
    undone = take_back(session, record.id)
    assert undone.to_json()["lines"] == {"reversed": 0, "kept": 1, "could_not": 0}
    assert kept(session) == [(JUNE, None, 405_000_000, None)]


@pytest.mark.parametrize(
    "values, says",
    [
        ({"used": -5}, "from 0 to"),
        ({"date": date(2027, 1, 1)}, "still to come"),
        ({"date": None}, "the day it was read on"),
        ({"used": None}, "could be read"),
        ({"tool": "Nobody knows this"}, "There is no tool called"),
        ({"tool": None}, "needs its tool"),
        ({"used": Decimal("0.0000001")}, "six digits"),
        ({"used": 401}, "two different readings of Clay on 30 Jun 2026"),
    ],
)
def test_a_row_that_cannot_be_is_a_problem_and_the_others_enter(
    session: Session, data: Path, values: dict[str, Any], says: str
) -> None:
    builders.tool(session, "Clay")
    record = enter(session, record_read(Kind.CREDITS, [row(), row() | values]), data)
    assert kept(session) == [(JUNE, None, 400_000_000, "C2")]
    (said,) = problems(session, record.id)
    assert says in said
    assert lines(session, record.id)["rejected"] == 1


def test_the_day_and_the_tool_may_come_with_the_file(session: Session, data: Path) -> None:
    builders.tool(session, "Clay")
    options = ImportOptions(tool="Clay", as_of=JUNE)
    enter(session, record_read(Kind.CREDITS, [row(None, tool=None)]), data, options=options)
    assert [each[0] for each in kept(session)] == [JUNE]
