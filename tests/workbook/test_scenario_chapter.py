"""Saved scenarios in the audit: the manual's example by hand, the page's figures, origins, other units, cuts."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from mopsaudit.governance.scenarios import edit_scenario, look_through, put_aside, save_scenario
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Missing, Report
from mopsaudit.reports.registry import REPORTS
from mopsaudit.scenarios.changes import Change, Kind
from mopsaudit.scenarios.outcome import work_out_scenario
from mopsaudit.scenarios.scenario_tables import scenario_json
from mopsaudit.scenarios.today import scenario_facts
from mopsaudit.scope import Scope
from mopsaudit.store.models import ContractLine, Tool
from mopsaudit.workbook.audit import write_audit
from mopsaudit.workbook.scenario_chapter import scenario_chapter
from tests.scenarios.company import DAY, Company, three_tools
from tests.workbook.test_audit import CREATED

NEW_YEAR = date(2027, 1, 1)


def _chapter(session: Session, scope: Scope) -> Report:
    names = {tool.id: tool.name for tool in session.query(Tool)}
    return scenario_chapter(session, scope, budget=REPORTS["budget"].build(session, scope), names=names)


def _alpha_goes(session: Session, scope: Scope, company: Company) -> int:
    change = Change(
        kind=Kind.OFF,
        tool_id=company.alpha.id,
        into_ids=(company.beta.id,),
        on=NEW_YEAR,
        once_minor=1_500_00,
    )
    return save_scenario(session, scope, name="Alpha goes", changes=(change,), by_id=None).id


@pytest.fixture
def whole(session: Session) -> tuple[Scope, Company]:
    company = three_tools(session)
    return scope_for(session, as_of=DAY, environ={}), company


def test_the_manuals_example_by_hand(session: Session, whole: tuple[Scope, Company]) -> None:
    """12,000 + 6,000 + 3,000 a year; without Alpha 20 of its people buy a seat on Beta at 200 each."""
    scope, company = whole
    _alpha_goes(session, scope, company)
    (row,) = _chapter(session, scope).rows
    money = {key: value.minor for key, value in row.values.items() if isinstance(value, Amount)}
    assert money == {
        "today": 21_000_00,
        "then": 13_000_00,
        "annual": 8_000_00,
        "year": 0,
        "once": 1_500_00,
    }
    assert row.values["what"] == "Alpha is switched off; Beta takes over"
    assert row.values["binds"] == "Required, one supplier left: Mention tracking and Sentiment analysis."
    assert row.values["people"] == 30
    assert row.values["looked"] == Missing("Nobody has looked it through yet.")


def test_it_says_what_the_page_says(session: Session, whole: tuple[Scope, Company]) -> None:
    scope, company = whole
    _alpha_goes(session, scope, company)
    save_scenario(
        session,
        scope,
        name="Gamma goes",
        changes=(Change(kind=Kind.OFF, tool_id=company.gamma.id, on=DAY),),
        by_id=None,
    )
    save_scenario(session, scope, name="As it is", by_id=None)
    chapter = _chapter(session, scope)
    assert [row.values["scenario"] for row in chapter.rows] == ["Alpha goes", "Gamma goes", "As it is"]
    assert "the most of 3 scenarios" in chapter.answer
    facts = scenario_facts(session, scope)
    page: dict[str, Any] = {}
    for row in chapter.rows:
        changes = (
            (Change(kind=Kind.OFF, tool_id=company.gamma.id, on=DAY),)
            if row.values["scenario"] == "Gamma goes"
            else ()
        )
        if row.values["scenario"] != "Alpha goes":
            page = scenario_json(facts, "", work_out_scenario(facts, changes), least=5)
            last = page["years"][-1]
            for key, expected in (("today", last["today"]), ("then", last["scenario"])):
                value = row.values[key]
                assert isinstance(value, Amount)
                assert value.to_json()["amount"] == expected["amount"]
    lost = next(row for row in chapter.rows if row.values["scenario"] == "Gamma goes")
    assert "Required, no supplier left: Trend discovery." in str(lost.values["binds"])
    calm = next(row for row in chapter.rows if row.values["scenario"] == "As it is")
    assert calm.values["what"] == "nothing yet"
    assert calm.values["binds"] is None


def test_this_years_cost_is_the_budgets_forecast_with_its_origins(
    session: Session, whole: tuple[Scope, Company]
) -> None:
    scope, company = whole
    _alpha_goes(session, scope, company)
    budget = REPORTS["budget"].build(session, scope)
    forecast = next(each.value for each in budget.headlines if each.key == "forecast")
    years = next(each for each in _chapter(session, scope).sections if each.key == "years")
    assert years.rows[0].values["today"] == forecast
    later = years.rows[2].values["today"]
    assert isinstance(later, Amount)
    assert later.trace is not None
    assert set(later.trace.contract_lines) == {line.id for line in session.query(ContractLine)}


def test_a_saving_opens_to_the_lines_that_stop_and_those_that_grow(
    session: Session, whole: tuple[Scope, Company]
) -> None:
    scope, company = whole
    _alpha_goes(session, scope, company)
    (row,) = _chapter(session, scope).rows
    saves = row.values["annual"]
    assert isinstance(saves, Amount)
    assert saves.trace is not None
    touched = session.query(ContractLine.id).filter(
        ContractLine.tool_id.in_([company.alpha.id, company.beta.id])
    )
    assert set(saves.trace.contract_lines) == {each.id for each in touched}
    assert saves.trace.lines is None  # nothing is paid beside the contracts


def test_a_scenario_of_a_unit_is_worked_out_for_it(session: Session, whole: tuple[Scope, Company]) -> None:
    scope, company = whole
    unit = scope_for(session, as_of=DAY, unit=company.unit.id, environ={})
    _alpha_goes(session, unit, company)
    (row,) = _chapter(session, scope).rows
    (own,) = _chapter(session, unit).rows
    assert row.values["unit"] == own.values["unit"] == "United Kingdom"
    for key in ("today", "then", "annual"):
        mine, of_whole = own.values[key], row.values[key]
        assert isinstance(mine, Amount)
        assert isinstance(of_whole, Amount)
        assert mine.minor == of_whole.minor
    assert not _chapter(session, scope).plots  # a chart of one unit is not the company's


def test_small_groups_are_hidden_and_what_is_put_aside_is_left_out(
    session: Session, whole: tuple[Scope, Company]
) -> None:
    scope, company = whole
    number = _alpha_goes(session, scope, company)
    careful = replace(scope, settings=replace(scope.settings, group_minimum=31))
    chapter = _chapter(session, careful)
    assert chapter.rows[0].values["people"] == Missing("A small group, hidden.")
    assert chapter.sections[0].rows[0].values["people"] == Missing("A small group, hidden.")
    put_aside(session, scope, number, 1, on=DAY)
    assert _chapter(session, scope).rows == ()


def test_what_changed_since_somebody_looked_is_told(session: Session, whole: tuple[Scope, Company]) -> None:
    scope, company = whole
    number = _alpha_goes(session, scope, company)
    assert "1 scenario was never looked through" in _chapter(session, scope).coverage.sentence
    facts = scenario_facts(session, scope)
    changes = (Change(kind=Kind.OFF, tool_id=company.gamma.id, on=NEW_YEAR),)
    edited = edit_scenario(session, scope, number, 1, changes=changes)
    look_through(session, scope, number, edited.version, work_out_scenario(facts, changes))
    assert "never" not in _chapter(session, scope).coverage.sentence
    line = session.query(ContractLine).filter(ContractLine.tool_id == company.gamma.id).one()
    line.amount_minor = 3_600_00
    session.flush()
    chapter = _chapter(scope=scope, session=session)
    assert "price" in str(chapter.rows[0].values["changed"])
    assert "What 1 scenario rests on changed since somebody looked." in chapter.coverage.sentence


def test_the_sheet_leads_to_sources_and_a_cut_keeps_what_names_its_tools(
    session: Session, whole: tuple[Scope, Company]
) -> None:
    scope, company = whole
    _alpha_goes(session, scope, company)
    target = BytesIO()
    write_audit(session, scope, target, created=CREATED, prepared_by="Ada")
    book = openpyxl.load_workbook(target, data_only=True)
    sheet = book["Scenarios"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Scenario")
    place = next(at for at, cell in enumerate(head) if str(cell.value).startswith("Saves a year"))
    cell: Any = next(sheet.iter_rows(min_row=(head[0].row or 0) + 1))[place]
    assert cell.value == 8_000
    source = book["Sources"].cell(row=int(cell.hyperlink.location.rpartition("A")[2]), column=3)
    assert source.value == "contract line"
    for tool, there in ((company.alpha, True), (company.gamma, False)):
        part = BytesIO()
        about = ("tool", str(tool.id))
        write_audit(session, scope, part, created=CREATED, prepared_by="Ada", about=about)
        names = [each.value for each in openpyxl.load_workbook(part)["Scenarios"]["A"]]
        assert ("Alpha goes" in names) is there


def test_without_scenarios_the_sheet_says_so(session: Session, scope: Scope) -> None:
    chapter = _chapter(session, scope)
    assert (chapter.answer, chapter.rows, chapter.sections) == ("No scenario is saved.", (), ())
