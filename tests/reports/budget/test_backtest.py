"""The forecast's methods tried on the data's own past: the manual's example, and what cannot be tried."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Report, Section
from mopsaudit.reports.budget import build
from mopsaudit.reports.budget.arithmetic import settle
from mopsaudit.reports.budget.backtest import tried_on_last_year
from mopsaudit.reports.budget.query import gather
from mopsaudit.store.models import Tool
from tests import builders

SEPTEMBER = date(2026, 9, 30)


def year_of(
    session: Session, tool: Tool, year: int, last_quarter: int, months: int = 12, first: int = 1
) -> None:
    """100 a month through September, then ``last_quarter`` a month."""
    for month in range(first, months + 1):
        minor = 100_00 if month < 10 else last_quarter
        builders.spend_line(session, minor, on=date(year, month, 5), tool=tool)


def shown(report: Report) -> Section | None:
    return next((each for each in report.sections if each.key == "tested"), None)


def amounts(section: Section) -> list[int | None]:
    (row,) = section.rows
    return [each.minor for each in row.values.values() if isinstance(each, Amount)]


@pytest.fixture
def tool(session: Session) -> Tool:
    builders.entity(session, "UK", closed_through=SEPTEMBER)
    found = builders.tool(session)
    builders.budget(session, lines=[{"tool_id": found.id, "monthly": 100_00}])
    year_of(session, found, 2026, 0, months=9)
    return found


def report(session: Session) -> Report:
    return build(session, scope_for(session, as_of=SEPTEMBER, environ={}))


def test_a_run_rate_misses_a_dear_last_quarter(session: Session, tool: Tool) -> None:
    year_of(session, tool, 2025, 200_00)
    found = report(session)
    section = shown(found)
    assert section is not None
    assert amounts(section) == [1_200_00, 1_500_00, -300_00]
    assert found.rows[0].values["method"] == "last year's shape"
    assert found.rows[0].values["tested"] == "run rate of 9 closed months: 20 % too low"
    assert section.sentence.endswith(
        "1,200 USD of spend that no contract names; 1,500 USD came: 300 USD, 20 % too low."
    )


def test_the_shape_is_tried_with_the_year_before_last(session: Session, tool: Tool) -> None:
    year_of(session, tool, 2025, 200_00)
    year_of(session, tool, 2024, 200_00)
    section = shown(report(session))
    assert section is not None
    assert amounts(section) == [1_500_00, 1_500_00, 0]
    assert section.rows[0].values["method"] == "last year's shape"
    assert "came: exactly that" in section.sentence


@pytest.mark.parametrize("first, foreseen", [(1, 1_500_00), (2, 1_200_00)])
def test_a_year_before_last_without_its_first_month_gives_no_shape(
    session: Session, tool: Tool, first: int, foreseen: int
) -> None:
    """Eleven months of the year before last are enough months with spend, but not the whole of that year."""
    year_of(session, tool, 2025, 200_00)
    year_of(session, tool, 2024, 200_00, first=first)
    section = shown(report(session))
    assert section is not None
    assert amounts(section) == [foreseen, 1_500_00, foreseen - 1_500_00]


def test_lines_of_a_year_the_ledger_does_not_hold_whole_make_no_shape(session: Session, tool: Tool) -> None:
    """The analysis itself asks, whatever lines it was given."""
    year_of(session, tool, 2025, 200_00)
    year_of(session, tool, 2024, 200_00)
    facts = gather(session, scope_for(session, as_of=SEPTEMBER, environ={}))
    (line,) = settle(facts)
    for since, foreseen in ((date(2024, 1, 1), 1_500_00), (date(2024, 2, 1), 1_200_00)):
        tried = tried_on_last_year(replace(facts, ledger_from=month_of(since)), line)
        assert tried is not None
        assert (tried.forecast, tried.came) == (foreseen, 1_500_00)
    assert tried_on_last_year(replace(facts, ledger_from=month_of(date(2025, 2, 1))), line) is None


def test_without_last_year_nothing_is_tried(session: Session, tool: Tool) -> None:
    found = report(session)
    assert shown(found) is None
    assert found.rows[0].values["tested"] == ""


def test_half_a_year_is_no_year(session: Session, tool: Tool) -> None:
    for month in range(7, 13):
        builders.spend_line(session, 100_00, on=date(2025, month, 5), tool=tool)
    assert shown(report(session)) is None
