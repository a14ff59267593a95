"""Published figures: only beside ours, every value of a measure, with its year, sample and window."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mopsaudit.facts.published import FEATURE_USE, ONE_YEAR, UNUSED_30, beside, share_of
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Ratio, Section
from mopsaudit.reports import renewals, underuse
from tests import builders

DAY = date(2026, 9, 30)


def published(sections: tuple[Section, ...]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for section in sections:
        for row in section.rows if section.key == "published" else ():
            said = (f"{row.values['published']}", f"{row.values['year']}")
            found.setdefault(row.id.partition(":")[0], []).append(said)
    return found


def test_nothing_stands_beside_nothing() -> None:
    assert beside({}) == ()
    assert beside({ONE_YEAR: share_of([])}) == ()


def test_conflicting_values_stand_side_by_side() -> None:
    ours = Ratio(numerator=1, denominator=2)
    (section,) = beside({FEATURE_USE: ours})
    assert published((section,)) == {
        FEATURE_USE: [("58", "2020"), ("42", "2022"), ("33", "2023"), ("49", "2025")]
    }
    assert [row.values["sample"] for row in section.rows] == [
        "not stated",
        "not stated",
        "n = 405",
        "not stated",
    ]
    assert all(row.values["ours"] == ours for row in section.rows)


def test_a_ninety_day_figure_is_not_their_thirty_day_one(session: Session) -> None:
    vendor, scope = builders.vendor(session), scope_for(session, as_of=DAY, environ={})
    terms: dict[str, Any] = {"start_on": date(2026, 1, 1), "initial_months": 12}
    slow = builders.tool(session, "Slow")
    builders.contract(session, vendor, lines=[{"tool": slow, "seats": 10}], **terms)
    builders.usage(session, slow, users=[{"key": "a", "last_activity": DAY}])
    assert UNUSED_30 not in published(underuse.build(session, scope).sections)
    for name, seats, active in (("One", 100, 60), ("Two", 50, 45)):  # the manual's example
        tool = builders.tool(session, name, daily_use=True)
        builders.contract(session, vendor, lines=[{"tool": tool, "seats": seats}], **terms)
        users = [{"key": f"{name}{number}", "last_activity": DAY} for number in range(active)]
        builders.usage(session, tool, users=users)
    report = underuse.build(session, scope)
    assert published(report.sections)[UNUSED_30] == [("44", "2023"), ("53", "2025")]
    section = next(each for each in report.sections if each.key == "published")
    assert {row.values["ours"] for row in section.rows} == {Ratio(numerator=45, denominator=150)}


def test_the_share_of_one_year_contracts(session: Session) -> None:
    vendor, scope = builders.vendor(session), scope_for(session, as_of=DAY, environ={})
    for months in (12, 12, 36):
        builders.contract(
            session, vendor, title=f"{months}", start_on=date(2026, 1, 1), initial_months=months
        )
    builders.contract(session, vendor, title="unknown", end_on=date(2026, 12, 31))
    report = renewals.build(session, scope)
    (section,) = [each for each in report.sections if each.key == "published"]
    assert section.rows[0].values["ours"] == Ratio(numerator=2, denominator=3)
