"""Narrowing a company-wide ledger in the browser: on the review of its file, later as a setting of the ledger."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mopsaudit import jobs
from mopsaudit.intake import relations, scope_changes
from mopsaudit.jobs import worker
from mopsaudit.store.session import reading
from tests.web.browser import Tab
from tests.web.uploads import upload, workbook

Sign = Callable[..., Tab]

ROWS: list[list[Any]] = [
    ["Invoice date", "Supplier", "Invoice no", "Cost centre", "Amount"],
    ["2026-03-02", "HUBSPOT IRELAND LTD", "H-1", "4100", 1200.5],
    ["2026-03-09", "Mailchimp", "M-7", "4100", 99.5],
    ["2026-03-15", "Corner Bakery", "B-3", "9000", 45],
]
LATER: list[list[Any]] = [
    ROWS[0],
    ["2026-04-02", "Corner Bakery", "B-4", "9000", 55],
    ["2026-04-09", "Mailchimp", "M-8", "4100", 99.5],
]
KEEP = {"narrow.cost_centres": "1", "only.cost_centres": "4100"}


def text(tab: Tab, path: str) -> str:
    return tab.get(path).get_data(as_text=True)


def imported(tab: Tab, work: Callable[[], None], rows: list[list[Any]], name: str = "AP.xlsx") -> str:
    page = upload(tab, workbook(rows), name)
    work()
    tab.get(page)
    assert tab.post(f"{page}/apply").status_code == 303
    work()
    return page


def test_a_file_is_narrowed_on_its_review_and_its_ledger_remembers(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(ROWS))
    work()
    review = text(tab, page)
    assert "Only a part of this ledger" in review
    assert "2 lines, 1,300.00 USD" in review
    tab.get(page)
    assert tab.post(f"{page}/read", KEEP).status_code == 303
    work()
    review = text(tab, page)
    assert "Import 2 lines, 1,300.00 USD" in review
    assert "Out of scope" in review
    assert re.search(r'value="4100" checked', review)
    tab.get(page)
    tab.post(f"{page}/apply")
    work()
    assert "45.00" in text(tab, page)
    again = upload(tab, workbook(LATER), "April.xlsx")
    work()
    review = text(tab, again)
    assert "Import 1 line, 99.50 USD" in review
    assert "This is what its ledger keeps" in review
    tab.get(again)
    everything = {"narrow.cost_centres": "1", "was.cost_centres": "4100"}
    assert tab.post(f"{again}/read", everything).status_code == 303
    work()
    assert "Import 2 lines, 154.50 USD" in text(tab, again)


def test_a_ledger_is_widened_again_and_its_lines_come_back(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = imported(tab, work, ROWS)
    assert "3 spend lines, 1,345.00 USD" in text(tab, "/lines")
    ledger = text(tab, "/ledgers")
    assert "every line is in scope" in ledger
    assert "/ledgers/1" in ledger
    assert tab.send("/ledgers/1", KEEP).status_code == 303
    shown = text(tab, "/ledgers/1")
    assert "1 line is out of scope now." in shown
    assert "only cost centres 4100" in shown
    assert "2 lines in scope; 1 out of scope (45.00 USD), in no figure." in shown
    assert "2 spend lines, 1,300.00 USD; 1 line out of scope (45.00 USD) stands beside it." in text(
        tab, "/lines"
    )
    assert "45.00" in text(tab, page)
    assert "Out of scope, because a ledger is narrowed: 1 line, 45 USD." in text(tab, "/spend")
    assert "1 line out of scope" in text(tab, "/")
    assert tab.send("/ledgers/1", {"narrow.cost_centres": "1"}).status_code == 303
    assert "1 line is back in scope." in text(tab, "/ledgers/1")
    assert "3 spend lines, 1,345.00 USD." in text(tab, "/lines")


def test_two_people_narrow_at_once(sign_in: Sign, work: Callable[[], None]) -> None:
    one, two = sign_in("finance"), sign_in("admin")
    imported(one, work, ROWS)
    one.get("/ledgers/1")
    two.get("/ledgers/1")
    assert one.post("/ledgers/1", KEEP).status_code == 303
    refused = two.post("/ledgers/1", {**KEEP, "only.cost_centres": "9000"})
    assert refused.status_code == 422
    assert "Somebody changed what is in scope" in refused.get_data(as_text=True)


@pytest.mark.usefixtures("units")
def test_a_ledger_is_the_whole_companys(sign_in: Sign, work: Callable[[], None]) -> None:
    imported(sign_in("finance"), work, ROWS)
    elsewhere = sign_in("finance", unit="DE", email="de@example.com")
    assert elsewhere.get("/ledgers").status_code == 404
    assert elsewhere.get("/ledgers/1").status_code == 404
    assert elsewhere.get("/ledgers/99").status_code == 404
    assert sign_in("ops").get("/ledgers").status_code == 403
    assert sign_in("finance", email="f2@example.com").get("/ledgers/99").status_code == 404


def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ledger is one that is changed in the background."""
    monkeypatch.setattr(scope_changes, "AT_ONCE", 0)


def test_a_large_ledger_is_narrowed_in_the_background_and_tells_what_moved(
    sign_in: Sign, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = sign_in("finance")
    imported(tab, work, ROWS)
    _large(monkeypatch)
    assert tab.send("/ledgers/1", KEEP).status_code == 303
    waiting = text(tab, "/ledgers/1")
    assert "Waiting for the worker" in waiting
    assert "All 3 lines of this ledger are in scope" in waiting
    assert "Change what is in scope" not in waiting
    assert not tab.client.get("/ledgers/1/state").get_json()["finished"]
    assert "3 spend lines, 1,345.00 USD" in text(tab, "/lines")
    work()
    assert tab.client.get("/ledgers/1/state").get_json()["finished"]
    shown = text(tab, "/ledgers/1")
    assert "1 line is out of scope now." in shown
    assert "2 lines in scope; 1 out of scope (45.00 USD), in no figure." in shown
    assert "2 spend lines, 1,300.00 USD; 1 line out of scope" in text(tab, "/lines")


def test_a_change_in_the_background_is_stopped_and_nothing_moved(
    sign_in: Sign, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = sign_in("finance")
    imported(tab, work, ROWS)
    _large(monkeypatch)
    tab.send("/ledgers/1", KEEP)
    tab.get("/ledgers/1")
    assert tab.post("/ledgers/1/cancel").status_code == 303
    work()
    shown = text(tab, "/ledgers/1")
    assert "was stopped; no line has moved" in shown
    assert "All 3 lines of this ledger are in scope" in shown
    assert tab.client.get("/ledgers/99/state").status_code == 404
    tab.get("/ledgers/1")
    assert tab.post("/ledgers/99/cancel").status_code == 404


def test_a_change_asked_to_stop_while_it_moves_lines_moves_none(
    app: Flask, sign_in: Sign, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person presses Stop when the lines have moved already and the commit is still to come."""
    tab = sign_in("finance")
    imported(tab, work, ROWS)
    _large(monkeypatch)
    tab.send("/ledgers/1", KEEP)
    moved = relations.relate_narrowed

    def stopped(*arguments: Any) -> None:
        moved(*arguments)
        monkeypatch.setattr(worker, "cancel_asked", lambda *_: True)

    monkeypatch.setattr("mopsaudit.intake.ledgers.relate_narrowed", stopped)
    work()
    assert "was stopped; no line has moved" in text(tab, "/ledgers/1")
    assert "3 spend lines, 1,345.00 USD" in text(tab, "/lines")


def test_stop_is_heard_while_the_job_holds_the_one_write_transaction(
    app: Flask, sign_in: Sign, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database cannot take the wish then: SQLite has one writer, and it is the job."""
    tab = sign_in("finance")
    imported(tab, work, ROWS)
    _large(monkeypatch)
    tab.send("/ledgers/1", KEEP)
    data = Path(app.config["MOPSAUDIT_DATA"])
    moved = relations.relate_narrowed

    def stopped(*arguments: Any) -> None:
        moved(*arguments)
        with app.app_context(), reading() as session:
            job = scope_changes.under_way(session, 1)
            assert job is not None
            jobs.ask_stop(data, job.id)

    monkeypatch.setattr("mopsaudit.intake.ledgers.relate_narrowed", stopped)
    work()
    assert "was stopped; no line has moved" in text(tab, "/ledgers/1")
    assert "3 spend lines, 1,345.00 USD" in text(tab, "/lines")
    assert list((data / "stops").iterdir()) == []
    monkeypatch.setattr("mopsaudit.intake.ledgers.relate_narrowed", moved)
    tab.send("/ledgers/1", KEEP)
    work()
    assert "1 line is out of scope now." in text(tab, "/ledgers/1")


def test_a_second_change_waits_for_the_first(
    sign_in: Sign, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, other = sign_in("finance"), sign_in("admin")
    imported(tab, work, ROWS)
    other.get("/ledgers/1")
    _large(monkeypatch)
    tab.send("/ledgers/1", KEEP)
    refused = other.post("/ledgers/1", {**KEEP, "only.cost_centres": "9000"})
    assert refused.status_code == 422
    assert "is being changed just now" in refused.get_data(as_text=True)
    work()
    assert "only cost centres 4100" in text(tab, "/ledgers/1")
