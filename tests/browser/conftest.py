"""A small company served on a port of this machine, and a browser signed in to it."""

import shutil
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from blueprints import credentials
from mopsaudit import organisation
from mopsaudit.organisation.views import save_view
from mopsaudit.store.session import SYSTEM, unit_of_work
from mopsaudit.upkeep.copies import make_copy
from tests.browser.pages import change_many
from tests.browser.site import Site, session_cookie
from tests.browser.walk import Walk, walking
from tests.browser_setup import DESKTOP
from tests.conftest import close_app, make_app
from tests.web.browser import PASSWORD


def serving(app: Flask, now: datetime) -> Iterator[str]:
    """The app on a free port with its clock stopped at ``now``: its address, until the iterator goes on."""
    app.config["MOPSAUDIT_CLOCK"] = lambda: now
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def served(app: Flask, now: datetime) -> Iterator[str]:
    """The app on a free port, its clock stopped at the tests' now."""
    yield from serving(app, now)


def opened(app: Flask, address: str, now: datetime) -> Site:
    """The filled company that answers at ``address``, with Ada as its admin."""
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        account = organisation.create_account(
            session,
            email="ada@example.com",
            name="Ada Lovelace",
            password_hash=credentials.hashed(PASSWORD),
            role="admin",
            now=now,
        )
        for role in ("ops", "finance", "procurement", "viewer"):
            organisation.grant_role(session, account, role=role, unit=organisation.root_unit(session))
        save_view(
            session,
            person_id=account.person_id,
            page="tools.index",
            name="Ownerless",
            query="f.owner=%28empty%29",
        )
        change_many(session, now)
        token = organisation.open_session(session, account.id, now=now)
    with app.app_context():
        make_copy(Path(app.config["MOPSAUDIT_DATA"]), now=now)
    return Site(app=app, address=address, cookie=session_cookie(app, token, now))


@pytest.fixture
def site(app: Flask, filled: None, served: str, now: datetime) -> Site:
    """The company of ``company.fill``, with Ada as its admin."""
    return opened(app, served, now)


@pytest.fixture(scope="module")
def kept_site(company_data: Path, tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Iterator[Site]:
    """The same for all tests of a module; they only look, please."""
    data = tmp_path_factory.mktemp("kept") / "var"
    shutil.copytree(company_data, data)
    app = make_app(data)
    for address in serving(app, now):
        yield opened(app, address, now)
    close_app(app)


@pytest.fixture(scope="module")
def walk(kept_site: Site, browser: Browser) -> Iterator[Walk]:
    """A window that goes over all pages."""
    with walking(kept_site, browser) as window:
        yield window


@pytest.fixture
def desktop(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """A signed-in window at desktop size, light."""
    context = site.context(browser, width=DESKTOP[0], height=DESKTOP[1], dark=False)
    yield context
    context.close()
