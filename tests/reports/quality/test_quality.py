"""Completeness worst first, and every bucket of money opens to the lines that make it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mopsaudit.facts.lines import lines_of
from mopsaudit.reporting import Ratio, Report
from mopsaudit.reports.quality import build
from mopsaudit.scope import Scope
from mopsaudit.store.models import LinePair
from tests import builders as build_

DAY = date(2026, 9, 30)


def section(report: Report, key: str) -> Any:
    return next(each for each in report.sections if each.key == key)


def test_worst_first_and_complete_last(session: Session, scope: Scope) -> None:
    ada = build_.person(session)
    full = build_.tool(session, "Full", capabilities=["sentiment"], business_owner=ada, budget_holder=ada)
    stale = build_.tool(session, "Stale", business_owner=ada)
    bare = build_.tool(session, "Bare")
    dear = build_.tool(session, "Dear and bare")
    build_.contract(
        session, build_.vendor(session), start_on=date(2026, 1, 1), initial_months=12, lines=[{"tool": full}]
    )
    build_.usage(session, full, as_of=DAY - timedelta(days=89), active_count=1)
    build_.usage(session, stale, as_of=DAY - timedelta(days=90), active_count=1)
    build_.case(session, tool_id=full.id)
    build_.case(session, tool_id=bare.id, status="draft")
    build_.spend_line(session, 100, tool=dear)
    report = build(session, scope)
    assert [row.id for row in report.rows] == [f"t{each.id}" for each in (dear, bare, stale, full)]
    assert report.rows[-1].state == "complete"
    assert report.rows[-1].values["usage"] is True
    assert (report.rows[2].values["usage"], report.rows[2].values["usage_age"]) == (False, 90)
    complete = report.headlines[0].value
    assert isinstance(complete, Ratio)
    assert (complete.numerator, complete.denominator) == (6 + 1, 4 * 6)
    assert "usage is stale for 1 and missing for 2" in section(report, "gaps").sentence
    assert "29 % complete" in report.answer


def test_two_tools_of_which_one_has_all_six_facts(session: Session, scope: Scope) -> None:
    """The manual's example: 7 of 12, 58 %."""
    ada = build_.person(session)
    full = build_.tool(session, "Full", capabilities=["sentiment"], business_owner=ada, budget_holder=ada)
    build_.tool(session, "Owned", business_owner=ada)
    terms: dict[str, Any] = {"start_on": date(2026, 1, 1), "initial_months": 12}
    build_.contract(session, build_.vendor(session), lines=[{"tool": full}], **terms)
    build_.usage(session, full, as_of=DAY, active_count=1)
    build_.case(session, tool_id=full.id)
    report = build(session, scope)
    assert report.headlines[0].value == Ratio(numerator=7, denominator=12)
    assert "58 % complete" in report.answer


def test_money_by_what_is_known_of_it(session: Session, scope: Scope) -> None:
    tool = build_.tool(session)
    build_.spend_line(session, 900, tool=tool)
    build_.spend_line(session, 50, spend_type="agency")
    open_line = build_.spend_line(session, 50)
    twin = build_.spend_line(session, 25)
    build_.spend_line(session, 7, spend_type="not_marketing")
    build_.spend_line(session, 3, on=None)
    build_.spend_line(session, 11, currency="EUR", converted=False)
    build_.spend_line(session, 1_000_000, on=date(2020, 1, 1))
    build_.spend_line(session, 5, living=False)
    session.add(
        LinePair(
            kept_line_id=open_line.id,
            other_line_id=twin.id,
            certainty="probable",
            reason="same amount",
            import_id=twin.first_import_id,
        )
    )
    session.flush()
    report = build(session, scope)
    rows = {row.id: row for row in section(report, "money").rows}
    found = {key: row.values["amount"].minor for key, row in rows.items()}
    assert found == {
        "on_tools": 900,
        "other_marketing": 50,
        "open": 75,
        "outside": 7,
        "unconverted": None,
        "undated": 3,
        "possibly_twice": 25,
    }
    assert rows["unconverted"].values["unconverted"] == "0.11 EUR"
    for key, row in rows.items():
        amount = row.values["amount"]
        page = lines_of(session, scope, amount.trace.lines)
        if key == "unconverted":
            assert page.unconverted == (("EUR", 11),)
        else:
            assert (page.base_minor, page.count) == (amount.minor, amount.origins), key
    placed = report.headlines[1].value
    assert isinstance(placed, Ratio)
    assert placed.to_json() == {"numerator": 950, "denominator": 1025, "percent": "92.68"}


def test_credits_above_charges_give_no_share(session: Session, scope: Scope) -> None:
    build_.spend_line(session, -900)
    report = build(session, scope)
    placed = report.headlines[1].value
    assert isinstance(placed, Ratio)
    assert placed.to_json() is None
    assert report.rows == ()
