"""Browsers signed in as each role, on an app whose clock the test moves."""

from collections.abc import Callable
from contextvars import Context
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mopsaudit import jobs
from mopsaudit.jobs.worker import run_one
from tests.web import browser
from tests.web.browser import Clock, Tab


@pytest.fixture
def clock(app: Flask, client: FlaskClient, now: datetime) -> Clock:
    """The app's clock; ``client`` sets the app's guard against sessions left changed."""
    made = Clock(now)
    app.config["MOPSAUDIT_CLOCK"] = made
    return made


@pytest.fixture
def tab(app: Flask, clock: Clock, client: FlaskClient) -> Tab:
    """A stranger's browser."""
    return Tab(app=app, client=client, clock=clock)


@pytest.fixture
def sign_in(app: Flask, clock: Clock) -> Callable[..., Tab]:
    """``sign_in(role, unit=…, email=…)``: a browser of a new person with that role."""

    def make(role: str, **kwargs: str) -> Tab:
        return browser.sign_in(app, clock, role, **kwargs)

    return make


@pytest.fixture
def units(app: Flask, clock: Clock) -> None:
    """UK with LON below it, and DE."""
    browser.units(app, clock)


@pytest.fixture
def work(app: Flask, clock: Clock) -> Callable[[], None]:
    """Does all the background work that waits."""

    def run() -> None:
        while Context().run(run_one, app, jobs.handlers, worker="test", clock=app.config["MOPSAUDIT_CLOCK"]):
            pass

    return run
