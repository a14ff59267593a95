"""What is not known is – with its reason, what does not apply is n/a: in lists, reports and small tables."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask, get_template_attribute
from sqlalchemy import select

from mopsaudit.reporting import Column, Missing, Row, ValueKind
from mopsaudit.reports import registry
from mopsaudit.store.models import Contract, Saving, Scenario
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders
from tests.scenarios.company import MAIL
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


@pytest.fixture
def sparse(app: Flask, clock: Clock) -> None:
    """A company of which hardly a day is stated."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        vendor = builders.vendor(session)
        tool = builders.tool(session, "Quiet", of=vendor, capabilities={MAIL: 2})
        builders.contract(
            session,
            vendor,
            title="Silent",
            renewal_kind="unknown",
            start_on=date(2026, 1, 1),
            initial_months=12,
            lines=[
                {"tool": tool, "amount_minor": 1_200_00, "licence_metric": "named_seat"},
                {"tool": tool, "amount_minor": 100_00, "licence_metric": "flat"},
            ],
        )
        builders.spend_line(session, 5_00, on=None, tool=tool)
        builders.decision(session, tool)
        builders.entity(session)
        builders.case(session, status="draft")
        builders.person(session, "Still Here")
        session.add(
            Saving(
                title="Some", currency="USD", annual_minor=1, tool_id=tool.id, identified_on=date(2026, 9, 1)
            )
        )
        session.add(Scenario(name="What if", as_of=date(2026, 9, 1), changes=[], notes=""))


@pytest.mark.usefixtures("sparse")
@pytest.mark.parametrize(
    "path, why",
    [
        ("/lines", "The file gives no date."),
        ("/decisions", "No date is set."),
        ("/cases", "No review is planned."),
        ("/settings/entities", "Nothing of it is closed."),
        ("/savings?cols=title&cols=effective", "No day on which it takes effect is stated."),
        ("/scenarios", "It was not looked through yet."),
        ("/reports/stack?cols=tool&cols=send_by", "no contract of it says by when notice must be given"),
        ("/reports/coverage", "no contract of it says when a term ends"),
        ("/reports/quality?cols=tool&cols=usage_age", "no usage of it is on record"),
        ("/reports/renewals?cols=tool&cols=seats", "the quantity is not stated"),
    ],
)
def test_a_day_or_number_nobody_stated_is_a_dash_with_its_reason(sign_in: Sign, path: str, why: str) -> None:
    page = sign_in("admin").get(path).get_data(as_text=True)
    assert f'<span class="unknown" tabindex="0" title="{why}">–' in page, path


@pytest.mark.usefixtures("sparse")
def test_what_does_not_apply_is_told_apart(sign_in: Sign) -> None:
    tab = sign_in("admin")
    people = tab.get("/people").get_data(as_text=True)
    assert re.search(r'data-label="Left on"><span><span class="muted">n/a', people)
    renewals = tab.get("/reports/renewals?cols=tool&cols=seats").get_data(as_text=True)
    assert renewals.count("the quantity is not stated</span>") == 1  # of the seats, not of the flat fee
    assert '<span class="muted">n/a</span>' in renewals


def test_small_tables_of_a_page_tell_them_apart_too(app: Flask) -> None:
    columns = (
        Column(key="name", label="Name"),
        Column(key="day", label="Day", kind=ValueKind.DATE),
        Column(key="number", label="Number", kind=ValueKind.NUMBER),
    )
    rows = [Row(id="1", values={"name": None, "day": Missing("nobody said"), "number": None})]
    with app.test_request_context("/"):
        table = str(get_template_attribute("macros/tables.html", "plain_table")(columns, rows))
    name, day, number = re.findall(r"<td[^>]*>(.*?)</td>", table)
    assert name == '<span class="muted">–</span>'
    assert 'title="nobody said">–' in day
    assert number == '<span class="muted">n/a</span>'


@pytest.mark.usefixtures("sparse")
def test_a_contract_silent_on_renewal_says_so_on_its_page_and_in_the_report(
    app: Flask, sign_in: Sign
) -> None:
    ops = sign_in("ops")
    with app.app_context(), reading() as session:
        number = session.scalars(select(Contract.id)).one()
    page = ops.get(f"/contracts/{number}").get_data(as_text=True)
    assert "Nothing says whether it renews by itself, so neither is assumed" in page
    assert f'href="/contracts/{number}/edit">Say what the contract says' in page
    viewer = sign_in("viewer", email="v@example.com").get(f"/contracts/{number}").get_data(as_text=True)
    assert "neither is assumed" in viewer
    assert "Say what the contract says" not in viewer
    report = ops.get("/reports/renewals").get_data(as_text=True)
    assert "1 contract of which nothing says whether it renews by itself" in report


def test_a_contract_form_that_says_nothing_of_renewal_leaves_it_open(
    app: Flask, sign_in: Sign, clock: Clock
) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        vendor = builders.vendor(session).id
    ops = sign_in("ops")
    page = ops.get("/contracts/new").get_data(as_text=True)
    kinds = page.partition('id="renewal_kind"')[2].partition("</select>")[0]
    assert re.findall(r'<option[^>]*selected[^>]*value="(\w+)"', kinds) == ["unknown"]
    sent = {"title": "Bare", "vendor_id": str(vendor), "currency": "USD", "renewal_kind": "unknown"}
    kinds_left = {"end_kind": "unknown", "notice_unit": "days", "escalator_kind": "unknown"}
    made = ops.post("/contracts/new", {**sent, **kinds_left})
    assert made.status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(Contract.renewal_kind)).one() == "unknown"


def test_every_reports_columns_of_days_and_numbers_say_why_they_are_empty(app: Flask, sparse: None) -> None:
    """A day or number of a report that is None does not apply; these may, and no others."""
    assert sparse is None
    found = set()
    with app.app_context(), reading() as session:
        from mopsaudit.organisation import scope_for

        scope = scope_for(session, as_of=date(2026, 9, 30))
        for slug, room in registry.REPORTS.items():
            report = room.build(session, scope)
            parts = [(report.columns, report.rows), *((each.columns, each.rows) for each in report.sections)]
            for columns, rows in parts:
                for column in columns:
                    if column.kind in (ValueKind.DATE, ValueKind.NUMBER):
                        found |= {
                            f"{slug}.{column.key}" for row in rows if row.values.get(column.key) is None
                        }
    assert found <= {
        "cases.approved_on",  # of a draft
        "quality.lines",  # of money without a rate, which is told by currency
        "renewals.gate",  # no gate is reached yet
        "renewals.seats",  # of a flat fee
        "renewals.first",  # of what is locked in, or free
    }, found
