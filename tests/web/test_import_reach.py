"""A file is its unit's: people of other units neither see it nor act on it, and it answers like a missing one."""

import io
import re
from collections.abc import Callable
from contextvars import Context
from pathlib import Path

from flask import Flask

from mopsaudit import jobs
from mopsaudit.jobs.worker import run_one
from tests.web.browser import Tab

ROWS = b"Date,Supplier,Amount\n2026-03-02,HUBSPOT INC.,10.00\n"


USERS = b"Tool,Email,Last activity\nHubSpot,ada.lovelace@example.com,2026-09-01\n"


def _upload(tab: Tab, rows: bytes, kind: str = "spend") -> str:
    tab.get("/imports")
    done = tab.post(
        "/imports",
        {"kind": kind, "files": (io.BytesIO(rows), "AP.csv")},
        content_type="multipart/form-data",
    )
    assert done.status_code == 303
    return str(done.location)


def test_a_file_of_the_whole_company_is_not_a_unit_s(
    app: Flask, sign_in: Callable[..., Tab], units: None
) -> None:
    company = sign_in("finance")
    theirs = _upload(company, ROWS)
    while Context().run(run_one, app, jobs.handlers, worker="t", clock=app.config["MOPSAUDIT_CLOCK"]):
        pass
    other = sign_in("finance", unit="UK", email="uk@example.com")
    own = _upload(other, ROWS + b"2026-03-03,Canva,5.00\n")
    for page in ("", "/state", "/problems", "/original", "/undo", "/sign-off"):
        assert other.client.get(theirs + page).status_code == 404, page
    other.get("/imports")
    for button in ("cancel", "apply", "undo", "sign-off", "pairs", "read"):
        assert other.post(f"{theirs}/{button}", {"reason": "x"}).status_code == 404, button
    listed = re.findall(r'href="(/imports/\d+)', other.get("/imports").get_data(as_text=True))
    assert set(listed) == {own}
    assert other.client.get(own).status_code == 200
    assert company.client.get(own).status_code == 200
    assert Path(theirs).name != Path(own).name


def test_a_file_of_people_shows_its_rows_to_who_acts_on_them(app: Flask, sign_in: Callable[..., Tab]) -> None:
    page = _upload(sign_in("ops"), USERS, "usage")
    while Context().run(run_one, app, jobs.handlers, worker="t", clock=app.config["MOPSAUDIT_CLOCK"]):
        pass
    seen = {}
    for role in ("admin", "finance", "procurement", "approver", "viewer"):
        tab = sign_in(role)
        review = tab.client.get(page)
        with tab.client.get(f"{page}/original") as original:
            seen[role] = (review.status_code, original.status_code)
        assert (b"ada.lovelace" in review.data) == (review.status_code == 200)
    assert seen == {
        "admin": (200, 200),
        "finance": (200, 403),
        "procurement": (403, 403),
        "approver": (403, 403),
        "viewer": (403, 403),
    }
