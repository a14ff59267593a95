"""The export page: a file is asked for, made in the background, fetched by its person alone, cancelled."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from flask import Flask

from mopsaudit import jobs
from mopsaudit.jobs.worker import run_one
from mopsaudit.organisation import scope_for
from mopsaudit.store.models import Job
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from mopsaudit.workbook import deliveries
from tests import builders
from tests.web.browser import Clock, Sign, Tab


@pytest.fixture
def work(app: Flask, clock: Clock) -> Callable[[], None]:
    """A worker that does what waits."""

    def run() -> None:
        while run_one(app, deliveries.HANDLERS, worker="test", clock=clock):
            pass

    return run


@pytest.fixture
def vendor(app: Flask, clock: Clock) -> int:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        acme = builders.vendor(session, "Acme")
        tool = builders.tool(session, "Mailer", of=acme, capabilities={"email_campaigns": 2})
        builders.spend_line(session, 10_000, tool=tool, on=date(2026, 3, 1))
        return acme.id


def _job(app: Flask) -> Job:
    with app.app_context(), reading() as session:
        job = session.query(Job).order_by(Job.id.desc()).first()
        assert job is not None
        session.expunge(job)
        return job


def _ask(tab: Tab, **data: str) -> int:
    tab.get("/audit?as_of=2026-09-30")
    return tab.post(
        "/audit/orders?as_of=2026-09-30", {"what": "audit", "about": "", "format": "xlsx"} | data
    ).status_code


@pytest.mark.usefixtures("vendor")
def test_a_workbook_is_made_in_the_background_and_fetched_by_its_person_alone(
    app: Flask, sign_in: Sign, work: Callable[[], None]
) -> None:
    tab, other = sign_in("finance"), sign_in("ops")
    assert _ask(tab) == 303
    state = tab.client.get("/audit/state").get_json()
    assert not state["finished"]
    assert state["total"] == len(deliveries.step_names({"what": "audit", "format": "xlsx"}))
    assert "Waiting for the worker" in tab.get("/audit").get_data(as_text=True)
    work()
    page = tab.get("/audit").get_data(as_text=True)
    assert "martech-audit-2026-09-30.xlsx" in page
    address = f"/audit/files/{_job(app).id}"
    with tab.client.get(address) as answer:
        assert answer.status_code == 200
        assert "martech-audit-2026-09-30.xlsx" in answer.headers["Content-Disposition"]
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        assert book.sheetnames[0] == "Cover"
    assert other.client.get(address).status_code == 404
    assert other.client.get("/audit/files/4711").status_code == 404
    assert "martech-audit" not in other.get("/audit").get_data(as_text=True)


def test_a_pack_and_a_pdf_are_made_of_the_vendor_asked_for(
    app: Flask, sign_in: Sign, work: Callable[[], None], vendor: int
) -> None:
    tab = sign_in("procurement")
    page = tab.get(f"/vendors/{vendor}").get_data(as_text=True)
    assert "Negotiation pack" in page
    assert f'<option selected value="vendor:{vendor}">' in tab.get(
        f"/audit?what=negotiation&about=vendor:{vendor}"
    ).get_data(as_text=True)
    assert _ask(tab, what="negotiation", about=f"vendor:{vendor}", format="pdf") == 303
    work()
    with tab.client.get(f"/audit/files/{_job(app).id}") as answer:
        assert answer.data.startswith(b"%PDF-")
        assert answer.mimetype == "application/pdf"


def test_a_pack_without_a_vendor_and_a_forged_subject_are_refused(
    app: Flask, sign_in: Sign, vendor: int
) -> None:
    tab = sign_in("finance")
    assert _ask(tab, what="negotiation") == 422
    assert _ask(tab, about="vendor:4711") == 422
    assert _ask(tab, format="exe") == 422
    assert vendor
    with app.app_context(), reading() as session:
        assert session.query(Job).count() == 0


@pytest.mark.usefixtures("vendor")
def test_it_can_be_cancelled_and_one_at_a_time_is_made(
    app: Flask, sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    assert _ask(tab) == 303
    with app.app_context(), unit_of_work(SYSTEM, now=tab.clock.now) as session:
        waiting = jobs.waiting_and_running(session, deliveries.DELIVERY_JOB)
        assert len(waiting) == 1
    tab.get("/audit")
    assert tab.post("/audit/cancel").status_code == 303
    work()
    assert _job(app).status == "cancelled"
    folder = app.config["MOPSAUDIT_DATA"] / "exports"
    assert not folder.exists() or not list(folder.iterdir())
    assert _ask(tab) == 303
    work()
    assert _job(app).status == "done"


@pytest.mark.usefixtures("vendor")
def test_stopped_midway_nothing_is_left(app: Flask, sign_in: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = sign_in("finance")
    assert _ask(tab) == 303

    def stop(_run: jobs.JobRun, *, last: bool = False) -> None:
        if last:
            raise jobs.JobCancelledError("Cancelled.")

    monkeypatch.setattr(jobs.JobRun, "check_cancelled", stop)
    assert run_one(app, deliveries.HANDLERS, worker="test", clock=tab.clock)
    assert _job(app).status == "cancelled"
    assert not list((app.config["MOPSAUDIT_DATA"] / "exports").iterdir())


@pytest.mark.usefixtures("units", "vendor")
def test_a_unit_gets_its_own_part(app: Flask, sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance", unit="UK")
    assert _ask(tab) == 303
    work()
    with tab.client.get(f"/audit/files/{_job(app).id}") as answer:
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book["Inventory"]["A2"].value == "The inventory is empty."
    with app.app_context(), reading() as session:
        assert scope_for(session, as_of=date(2026, 9, 30)).whole


def test_a_viewer_gets_no_file(sign_in: Sign) -> None:
    tab = sign_in("viewer")
    assert tab.client.get("/audit").status_code == 403
