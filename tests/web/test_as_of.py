"""As of a day means the end of that day: the dashboard, the budget and the lines behind them agree."""

import json
import re
from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from mopsaudit.facts.lines import lines_of
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, LineFilter
from mopsaudit.reports.cases import build
from mopsaudit.store.session import SYSTEM, unit_of_work
from mopsaudit.words import SpendType
from tests import builders
from tests.web.browser import Clock, Tab


def _company(session: Session) -> None:
    tool = builders.tool(session, "Mailer")
    builders.spend_line(session, 100_00, on=date(2026, 5, 10), tool=tool)
    builders.spend_line(session, 20_00, on=date(2026, 6, 10), tool=tool)
    builders.spend_line(session, 3_00, on=date(2026, 6, 20), tool=tool)
    builders.spend_line(session, -50_00, on=date(2026, 5, 11), spend_type=SpendType.NOT_SPEND)
    builders.spend_line(session, 7_00, on=date(2026, 5, 12), spend_type=SpendType.NOT_MARKETING)
    # With a contract the dashboard shows its own figures, no longer only what one spend file says.
    builders.contract(session, builders.vendor(session), start_on=date(2026, 1, 1), initial_months=12)


def test_what_was_booked_later_and_what_is_no_marketing_spend_is_not_invoiced(
    app: Flask, clock: Clock, sign_in: Callable[..., Tab]
) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        _company(session)
    tab = sign_in("finance")
    for day, amount, count in (("2026-06-15", "120.00", 2), ("2026-06-30", "123.00", 3)):
        budget = json.loads(tab.get(f"/reports/budget?format=json&as_of={day}").data)
        assert budget["figures"]["actual"]["amount"] == amount
        page = tab.get(f"/?as_of={day}").get_data(as_text=True)
        (link,) = re.findall(r'class="key-figure" href="(/lines\?[^"]*spend_types[^"]*)"', page)
        lines = tab.get(link.replace("&amp;", "&")).get_data(as_text=True)
        assert f"{count} spend lines, {amount} USD" in lines


def test_the_cases_report_counts_nothing_booked_later(session: Session) -> None:
    tool = builders.tool(session, "Mailer")
    for day, minor in ((10, 20_00), (20, 3_00)):
        builders.spend_line(session, minor, on=date(2026, 6, day), tool=tool)
    other = builders.tool(session, "Late")
    builders.spend_line(session, 9_00, on=date(2026, 6, 30), tool=other)
    for day, minor in ((15, 20_00), (20, 23_00), (30, 32_00)):
        scope = scope_for(session, as_of=date(2026, 6, day), environ={})
        uncovered = {each.key: each.value for each in build(session, scope).headlines}["uncovered"]
        assert isinstance(uncovered, Amount)
        assert uncovered.minor == minor


def test_lines_asked_for_by_number_are_shown_whatever_their_day(session: Session) -> None:
    line = builders.spend_line(session, 3_00, on=date(2026, 6, 20))
    scope = scope_for(session, as_of=date(2026, 6, 15), environ={})
    assert lines_of(session, scope, LineFilter()).count == 0
    assert lines_of(session, scope, LineFilter(line_ids=(line.id,))).count == 1
    assert lines_of(session, scope, LineFilter(import_ids=(line.first_import_id,))).count == 1


def test_a_line_without_a_day_counts_with_its_month_and_one_without_either_always(session: Session) -> None:
    builders.spend_line(session, 3_00, on=None)
    for month in (2026 * 12 + 5, 2026 * 12 + 6):
        builders.spend_line(session, 5_00, on=None, month=month)
    scope = scope_for(session, as_of=date(2026, 6, 15), environ={})
    assert lines_of(session, scope, LineFilter()).base_minor == 8_00
