"""The manual's examples of tables: a filter of several columns, many tools at once, all that a filter leaves."""

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web import test_bulk_records, test_bulk_tools
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


@pytest.fixture
def tools(app: Flask, clock: Clock) -> None:
    """Tools by status and yearly cost, some of them nobody's."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        ada, vendor = builders.person(session), builders.vendor(session)
        for name, status, cost, owner in (
            ("Active", "active", 10_000_00, ada),
            ("Orphan", "active", 25_000_00, None),
            ("Trial", "trial", 12_000_00, ada),
            ("Cheap", "active", 9_999_99, None),
            ("Fading", "sunset", 50_000_00, None),
            ("Unknown", "trial", None, None),
        ):
            tool = builders.tool(session, name, status=status, business_owner=owner)
            if cost is not None:
                builders.contract(
                    session,
                    vendor,
                    title=name,
                    start_on=date(2026, 1, 1),
                    initial_months=12,
                    lines=[{"tool": tool, "amount_minor": cost}],
                )


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize(
    "more, names", [("", ["Active", "Orphan", "Trial"]), ("&f.owner=(empty)", ["Orphan"])]
)
def test_active_or_on_trial_and_dear(sign_in: Sign, more: str, names: list[str]) -> None:
    asked = f"/tools?f.status==active&f.status==trial&f.cost.from=10000{more}&format=csv"
    rows = csv.reader(io.StringIO(sign_in("ops").get(asked).get_data(as_text=True).lstrip("\ufeff")))
    assert sorted(row[0] for row in list(rows)[1:]) == names


def test_twelve_tools_of_which_three_are_his_already(sign_in: Sign) -> None:
    tab = sign_in("ops")
    bob, eve = test_bulk_tools._person(tab, "Bob Owner"), test_bulk_tools._person(tab, "Eve Owner")
    his: dict[str, object] = {"owner_id": bob}
    ids = [
        test_bulk_tools._tool(tab, f"Tool {number:02}", **(his if number < 3 else {})) for number in range(12)
    ]
    page, form = test_bulk_tools._preview(tab, ids, "owner", value=str(bob), on="2026-10-01")
    assert "9 would change, 3 are so already" in page
    done = tab.post("/tools/bulk", form)
    assert done.status_code == 303
    changed = [tab.get(f"/tools/{each}").get_data(as_text=True).count("Reorganised") > 0 for each in ids]
    assert changed == [False] * 3 + [True] * 9, "the history of each of the nine says why"
    made = str(tab.get(str(done.location)).location)
    _, form = test_bulk_tools._preview(tab, ids[-1:], "owner", value=str(eve), on="2026-10-01")
    assert tab.post("/tools/bulk", form).status_code == 303
    assert "8 tools would be set back" in html.unescape(tab.get(made).get_data(as_text=True))


def test_five_contracts_of_unknown_notice(sign_in: Sign) -> None:
    tab = sign_in("ops")
    terms: dict[str, object] = {"start_on": "2026-01-01", "initial_months": "12", "renewal_months": "12"}
    vendor = test_bulk_records._vendor(tab, "Acme")
    for number in range(5):
        test_bulk_records._contract(tab, vendor, f"Open {number}", **terms)
    test_bulk_records._contract(tab, vendor, "Known", notice_count="30", **terms)

    def without_a_day() -> int:
        rows = tab.get("/reports/renewals?format=json").get_json()["rows"]
        assert len(rows) == 6
        return sum(row["send_by"] is None for row in rows)

    assert without_a_day() == 5
    listed = html.unescape(tab.get("/contracts?f.notice=(empty)").get_data(as_text=True))
    assert "Change all 5 found" in listed
    (address,) = set(re.findall(r'href="(/contracts/bulk\?[^"]*all=1)"', listed))
    chosen = re.findall(r'name="id" value="(\d+)"', tab.get(address).get_data(as_text=True))
    assert len(chosen) == 5
    page, form = test_bulk_records._preview(
        tab, "/contracts/bulk", [int(each) for each in chosen], "notice", value="90", unit="days"
    )
    assert "5 would change" in page
    assert tab.post("/contracts/bulk", form).status_code == 303
    assert without_a_day() == 0


def test_an_owner_from_a_later_day_stays_when_a_change_of_many_is_taken_back(sign_in: Sign) -> None:
    tab = sign_in("ops")
    bob, eve = test_bulk_tools._person(tab, "Bob Owner"), test_bulk_tools._person(tab, "Eve Owner")
    ids = [test_bulk_tools._tool(tab, f"Tool {number}") for number in range(2)]
    _, form = test_bulk_tools._preview(tab, ids, "owner", value=str(bob), on="2026-10-01")
    done = tab.post("/tools/bulk", form)
    made = str(tab.get(str(done.location)).location)
    _, form = test_bulk_tools._preview(tab, ids[-1:], "owner", value=str(eve), on="2026-10-08")
    assert tab.post("/tools/bulk", form).status_code == 303
    page = html.unescape(tab.get(made).get_data(as_text=True))
    assert "1 tool would be set back" in page
    assert "Changed again since; it stays as it is." in page
