"""Whether a file ties to what a person typed of its ledger: on the list, on its page, for a script."""

import json
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskCliRunner

from tests.web.browser import Sign, Tab
from tests.web.test_ledger_pages import LATER, ROWS, imported, text
from tests.web.uploads import upload, workbook

MARCH, APRIL = 2026 * 12 + 2, 2026 * 12 + 3


def _type(tab: Tab, month: int, amount: str) -> None:
    data = {"source_id": 1, "month": month, "currency": "USD", "gl_account": "", "amount": amount}
    assert tab.send("/balances/new", data).status_code == 303


def test_a_file_says_whether_it_ties_and_by_how_much_it_does_not(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    page = imported(tab, work, ROWS)
    assert "not compared" in text(tab, "/imports")
    shown = text(tab, page)
    assert "nobody typed its balance for Mar 2026" in shown
    assert f"/balances/new?source=1&amp;month={MARCH}&amp;currency=USD" in shown
    _type(tab, MARCH, "1400.00")
    assert "does not tie, +55.00 USD" in text(tab, "/imports")
    shown = text(tab, page)
    assert "Does not tie to the ledger. Mar 2026: the ledger says 55.00 USD more than our lines." in shown
    tab.send("/balances/1/edit", {"amount": "1345.00", "seen": "140000"})
    listed = text(tab, "/imports")
    assert "does not tie" not in listed
    assert "Ties to the ledger: its balance for Mar 2026 equals our lines." in text(tab, page)


def test_each_file_is_held_against_its_own_months(sign_in: Sign, work: Callable[[], None]) -> None:
    """April holds a line of March too, which is known: only its own month is compared with the ledger."""
    tab = sign_in("finance")
    march = imported(tab, work, ROWS)
    april = imported(tab, work, [*LATER, ROWS[1]], "April.xlsx")
    _type(tab, MARCH, "1345.00")
    _type(tab, APRIL, "100.00")
    assert "Ties to the ledger: its balance for Mar 2026" in text(tab, march)
    assert "Apr 2026: the ledger says 54.50 USD less than our lines" in text(tab, april)
    tab.get("/balances/2/sign-off")
    done = tab.send("/balances/2/sign-off", {"reason": "Booked in May", "difference": "-5450"})
    assert done.status_code == 303
    shown = text(tab, april)
    assert "Differs from the ledger, signed off. Apr 2026" in shown
    assert "signed off, −54.50 USD" in text(tab, "/imports")


def test_an_undone_file_is_compared_with_nothing(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = imported(tab, work, ROWS)
    _type(tab, MARCH, "1345.00")
    assert tab.send(f"{page}/undo", {"reason": ""}).status_code == 303
    assert "Ties to the ledger:" not in text(tab, page)


def test_people_of_a_unit_see_no_column_for_it(sign_in: Sign, units: None, work: Callable[[], None]) -> None:
    whole, part = sign_in("admin"), sign_in("finance", unit="UK")
    imported(whole, work, ROWS)
    page = upload(part, workbook(LATER), "UK.xlsx")
    assert "Ties to the ledger" in text(whole, "/imports")
    listed = text(part, "/imports")
    assert page in listed
    assert "Ties to the ledger" not in listed


def test_a_script_reads_the_state_with_its_difference(
    app: Flask, sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    imported(tab, work, ROWS)
    _type(tab, MARCH, "1400.00")
    runner: FlaskCliRunner = app.test_cli_runner()
    (listed,) = json.loads(runner.invoke(args=["imports", "list", "--json"]).stdout)["imports"]
    assert listed["tie"] == {
        "state": "does not tie",
        "months": 1,
        "compared": 1,
        "differences": [{"currency": "USD", "amount": "55.00", "amount_minor": 5500}],
    }
