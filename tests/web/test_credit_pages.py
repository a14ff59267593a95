"""Readings of a consumption tool: a file by browser or command line, a typed one beside it, each with its source."""

import io
import json
import re
from collections.abc import Callable
from contextvars import Context
from pathlib import Path

from flask import Flask
from flask.testing import FlaskCliRunner

from mopsaudit import jobs
from mopsaudit.jobs.worker import run_one
from tests.web.browser import Tab

Sign = Callable[..., Tab]

JUNE = "Tool,Read on,Bought,Used\nClay,2026-06-30,1000,400\n"
SEPTEMBER = JUNE + "Clay,2026-09-30,1000,860\n"


def _work(app: Flask) -> None:
    while Context().run(run_one, app, jobs.handlers, worker="test", clock=app.config["MOPSAUDIT_CLOCK"]):
        pass


def _tool(tab: Tab) -> str:
    made = tab.send("/tools/new", {"name": "Clay", "category": "intelligence"})
    assert made.status_code == 303, made.get_data(as_text=True)
    return str(made.location)


def test_a_file_is_reviewed_and_entered_and_its_readings_name_their_cell(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("finance")
    page = _tool(tab) + "/credits"
    tab.get("/imports")
    sent = tab.post(
        "/imports",
        {"kind": "credits", "files": (io.BytesIO(SEPTEMBER.encode()), "Credits.csv")},
        content_type="multipart/form-data",
    )
    _work(app)
    review = tab.get(str(sent.location)).get_data(as_text=True)
    assert "Import 2 rows" in review
    assert tab.post(f"{sent.location}/apply").status_code == 303
    _work(app)
    text = tab.get(page).get_data(as_text=True)
    assert "Credits.csv D2" in text
    assert "Credits.csv D3" in text
    tab.post(page, {"as_of": "2026-06-30", "used": "405"})
    text = tab.get(page).get_data(as_text=True)
    assert "Credits.csv D2" not in text
    assert "entered here" in text
    assert re.search(r"405\b", text)


def test_the_same_from_the_command_line_with_duplicates_and_undo(
    app: Flask, sign_in: Sign, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    tab = sign_in("finance")
    page = _tool(tab) + "/credits"
    found = []
    for name, text in (("june.csv", JUNE), ("sept.csv", SEPTEMBER)):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        done = runner.invoke(args=["import", "credits", str(path), "--json"])
        assert done.exit_code == 0, done.output
        found.append(json.loads(done.stdout))
    assert [each["sheets"][0]["lines"]["imported"] for each in found] == [1, 1]
    assert [each["sheets"][0]["lines"]["duplicate"] for each in found] == [0, 1]
    undone = runner.invoke(args=["imports", "undo", str(found[0]["import_id"]), "--json"])
    assert json.loads(undone.stdout)["lines"] == {"reversed": 1, "kept": 0, "could_not": 0}
    text = tab.get(page).get_data(as_text=True)
    assert "sept.csv D3" in text
    assert "sept.csv D2" in text, "the reading lives on: the second file carries it too"
    assert "june.csv" not in text
