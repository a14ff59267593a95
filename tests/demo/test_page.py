"""The demo's files are listed for download where there are any, and nothing else of the folder is served."""

import json
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from tests.web.browser import Clock, sign_in


def test_the_files_can_be_downloaded(app: Flask, client: FlaskClient, now: datetime) -> None:
    assert client is not None  # its guard: no request may leave a changed session
    folder = app.config["MOPSAUDIT_DATA"] / "demo"
    folder.mkdir()
    (folder / "AP.csv").write_bytes(b"Date,Supplier,Amount\r\n")
    (folder / "other.csv").write_bytes(b"x")
    listed = [{"file": "AP.csv", "kind": "spend", "what": "Payables"}]
    (folder / "files.json").write_text(json.dumps({"as_of": "2026-09-30", "files": listed}))
    clock = Clock(now)
    app.config["MOPSAUDIT_CLOCK"] = clock
    tab = sign_in(app, clock, "finance")
    page = tab.get("/demo").get_data(as_text=True)
    assert "30 Sep 2026" in page
    assert "/demo/AP.csv" in page
    assert "Demo files" in tab.get("/imports").get_data(as_text=True)
    with tab.get("/demo/AP.csv") as response:
        assert response.data == b"Date,Supplier,Amount\r\n"
    for name in ("files.json", "other.csv", "..%2Fmopsaudit.sqlite3"):
        assert tab.get(f"/demo/{name}").status_code == 404
    viewer = sign_in(app, clock, "viewer")
    assert "/demo/AP.csv" not in viewer.get("/demo").get_data(as_text=True)
    assert viewer.get("/demo/AP.csv").status_code == 403


def test_an_ordinary_company_has_none(app: Flask, client: FlaskClient, now: datetime) -> None:
    assert client is not None
    clock = Clock(now)
    app.config["MOPSAUDIT_CLOCK"] = clock
    tab = sign_in(app, clock, "viewer")
    assert "not the demo company" in tab.get("/demo").get_data(as_text=True)
    assert "Demo files" not in tab.get("/imports").get_data(as_text=True)
